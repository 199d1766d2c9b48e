//! A subset of courses with the facts that matter among them, renumbered so that sets are small: the exact search goes
//! through them thousands of times. Does not belong here: the search itself.

use std::collections::hash_map::Entry;

use rustc_hash::FxHashMap;

use super::learner_view::{LearnerView, basics};
use super::number_set::NumberSet;

/// Course that a path may take.
#[derive(Debug)]
pub(super) struct Candidate {
    /// Position of the course among all courses.
    pub(super) course: usize,
    /// Position of the candidate in the graph.
    pub(super) index: usize,
    pub(super) provides: Vec<usize>,
    pub(super) needs: Vec<usize>,
    pub(super) cost: u64,
}

/// Candidates ordered by course. Of courses that require and provide the same facts, only the cheapest is kept.
#[derive(Debug, Default)]
pub(super) struct Graph {
    pub(super) candidates: Vec<Candidate>,
    /// Facts to reach.
    pub(super) goals: Vec<usize>,
    /// Positions of the candidates that provide a fact, cheapest first.
    suppliers: Vec<Vec<usize>>,
}

/// Result of taking a set of courses.
pub(super) struct Simulation<'a> {
    /// Courses that can be taken, in a valid order.
    pub(super) order: Vec<&'a Candidate>,
    /// Courses whose requirements stay unmet.
    pub(super) stuck: Vec<&'a Candidate>,
    /// Facts that the learner has afterwards.
    pub(super) has: NumberSet,
}

impl Graph {
    /// Builds the graph of these courses, with these skills as goals.
    pub(super) fn new(view: &LearnerView<'_>, courses: &[usize], goals: &[usize]) -> Self {
        let mut facts: FxHashMap<usize, usize> = FxHashMap::default();
        let goals: Vec<usize> = goals.iter().map(|skill| basics(*skill)).collect();
        let needs = courses.iter().flat_map(|course| view.needs(*course));
        for fact in goals.iter().copied().chain(needs) {
            let next = facts.len();
            facts.entry(fact).or_insert(next);
        }
        let numbered = |list: &mut dyn Iterator<Item = usize>| {
            let mut list: Vec<usize> = list.filter_map(|fact| facts.get(&fact).copied()).collect();
            list.sort_unstable();
            list
        };
        let mut cheapest: FxHashMap<(Vec<usize>, Vec<usize>), (u64, usize)> = FxHashMap::default();
        for course in courses {
            let key = (numbered(&mut view.provides(*course)), numbered(&mut view.needs(*course)));
            let value = (view.cost(*course), *course);
            match cheapest.entry(key) {
                Entry::Occupied(mut same) => *same.get_mut() = value.min(*same.get()),
                Entry::Vacant(new) => _ = new.insert(value),
            }
        }
        let candidate = |((provides, needs), (cost, course))| Candidate { course, index: 0, provides, needs, cost };
        let candidates: Vec<Candidate> = cheapest.into_iter().map(candidate).collect();
        Self { goals: numbered(&mut goals.iter().copied()), ..Self::of(candidates, facts.len()) }
    }

    fn of(mut candidates: Vec<Candidate>, facts: usize) -> Self {
        candidates.sort_unstable_by_key(|candidate| candidate.course);
        candidates.iter_mut().enumerate().for_each(|(index, candidate)| candidate.index = index);
        let mut cheapest: Vec<&Candidate> = candidates.iter().collect();
        cheapest.sort_by_key(|candidate| candidate.cost);
        let mut suppliers = vec![Vec::new(); facts];
        for (fact, candidate) in cheapest.into_iter().flat_map(|it| it.provides.iter().map(move |fact| (*fact, it))) {
            if let Some(suppliers) = suppliers.get_mut(fact) {
                suppliers.push(candidate.index);
            }
        }
        Self { candidates, goals: Vec::new(), suppliers }
    }

    /// Candidates that provide a fact, cheapest first.
    pub(super) fn suppliers(&self, fact: usize) -> impl Iterator<Item = &Candidate> + Clone {
        self.suppliers.get(fact).into_iter().flatten().filter_map(|index| self.candidates.get(*index))
    }

    /// Number of facts.
    pub(super) fn facts(&self) -> usize {
        self.suppliers.len()
    }

    /// Takes each of these courses as soon as its requirements are met.
    pub(super) fn simulate<'a>(&self, courses: impl IntoIterator<Item = &'a Candidate>) -> Simulation<'a> {
        let (mut order, mut has) = (Vec::new(), NumberSet::default());
        let mut stuck: Vec<&Candidate> = courses.into_iter().collect();
        loop {
            let before = order.len();
            stuck.retain(|candidate| {
                let ready = candidate.needs.iter().all(|fact| has.has(*fact));
                if ready {
                    candidate.provides.iter().for_each(|fact| has.add(*fact));
                    order.push(*candidate);
                }
                !ready
            });
            if order.len() == before || stuck.is_empty() {
                return Simulation { order, stuck, has };
            }
        }
    }

    /// All courses minus those that the goals do not need, because later courses may have made earlier ones
    /// superfluous. The most expensive are dropped first.
    pub(super) fn without_superfluous(&self) -> Vec<&Candidate> {
        let mut path: Vec<&Candidate> = self.candidates.iter().collect();
        let reached = |path: &[&Candidate]| {
            let simulation = self.simulate(path.iter().copied());
            simulation.stuck.is_empty().then(|| self.goals.iter().filter(|goal| simulation.has.has(**goal)).count())
        };
        let all = reached(&path);
        let mut dearest = path.clone();
        dearest.sort_by_key(|candidate| std::cmp::Reverse(candidate.cost));
        for candidate in dearest {
            let without: Vec<&Candidate> = path.iter().copied().filter(|it| it.index != candidate.index).collect();
            if reached(&without) == all {
                path = without;
            }
        }
        path
    }
}
