//! The courses that may matter for a goal, as a graph of facts: a fact is a skill at a level, or a course taken. Each
//! course needs facts and gives facts, none of which is ever lost. What must not go in: which courses are taken.
//!
//! Built backwards from the goal, through the index: courses that teach what is wanted, then those that teach what they
//! ask for, until nothing new is asked for. So a goal of three skills looks at the courses that teach them and not at
//! the whole catalogue.

use std::collections::hash_map::Entry;
use std::mem::take;

use entity::SkillLevel;
use rustc_hash::FxHashMap;

use super::facts::Set;
use crate::error::Result;
use crate::search::{Lesson, Lessons};

/// Courses of a path.
pub(super) const MOST_STEPS: usize = 20;
/// Above what any course takes, and low enough that a path of such courses can be summed up.
const MOST_FIGURE: i64 = 1 << 44;

/// What a learner knows from the start.
pub type Known = FxHashMap<i64, SkillLevel>;

/// A course that may be taken.
#[derive(Debug)]
pub(super) struct Candidate {
    pub(super) lesson: Lesson,
    /// Its place in the graph.
    pub(super) place: usize,
    /// The facts that it gives and the learner does not have from the start.
    pub(super) gives: Vec<usize>,
    /// The facts that it needs and the learner does not have from the start.
    pub(super) needs: Vec<usize>,
    pub(super) cost: u64,
}

/// The graph.
#[derive(Debug, Default)]
pub(super) struct Graph {
    /// By the ids of the courses; of those that need and give the same only the cheapest.
    pub(super) candidates: Vec<Candidate>,
    /// The fact of each skill that is wanted, in the order of the goal.
    pub(super) wanted: Vec<usize>,
    held: Set,
    /// The candidates that give a fact, the cheapest first.
    givers: Vec<Vec<usize>>,
    skills: FxHashMap<i64, [Option<usize>; 3]>,
    courses: FxHashMap<i64, usize>,
    count: usize,
}

/// What comes of taking some courses.
pub(super) struct Run<'a> {
    /// Those that can be taken, in an order in which they can.
    pub(super) order: Vec<&'a Candidate>,
    /// Those that cannot.
    pub(super) stuck: Vec<&'a Candidate>,
    /// The facts that the learner has then.
    pub(super) has: Set,
}

/// What has to be looked up in the index.
#[derive(Default)]
struct Open {
    skills: Vec<i64>,
    courses: Vec<i64>,
}

impl Graph {
    /// Builds the graph of a goal.
    pub(super) fn new(lessons: &mut Lessons<'_>, known: &Known, wanted: &[i64]) -> Result<Self> {
        let (mut graph, mut open) = (Self::default(), Open::default());
        graph.wanted = wanted.iter().map(|skill| graph.skill(*skill, SkillLevel::Basic, known, &mut open)).collect();
        let mut read = Vec::new();
        while !open.skills.is_empty() || !open.courses.is_empty() {
            let found = lessons.read(take(&mut open.skills), take(&mut open.courses))?;
            for lesson in &found {
                for (skill, level) in &lesson.needs {
                    graph.skill(*skill, *level, known, &mut open);
                }
                lesson.after.iter().for_each(|course| graph.course(*course, &mut open));
            }
            read.extend(found);
        }
        graph.fill(read, known);
        Ok(graph)
    }

    /// The number of the fact that a skill is held at a level.
    fn skill(&mut self, skill: i64, level: SkillLevel, known: &Known, open: &mut Open) -> usize {
        let next = self.count;
        let levels = self.skills.entry(skill).or_default();
        let Some(place) = levels.get_mut(level as usize) else { return next };
        if let Some(fact) = place {
            return *fact;
        }
        *place = Some(next);
        self.count += 1;
        if knows(known, skill, level) {
            self.held.add(next);
        } else {
            open.skills.push(skill);
        }
        next
    }

    /// Gives a number to the fact that a course has been taken.
    fn course(&mut self, course: i64, open: &mut Open) {
        if !self.courses.contains_key(&course) {
            self.courses.insert(course, self.count);
            self.count += 1;
            open.courses.push(course);
        }
    }

    fn fill(&mut self, mut read: Vec<Lesson>, known: &Known) {
        // The order of the index changes with its merges; the answer must not.
        read.sort_unstable_by_key(|lesson| lesson.id);
        for lesson in read.iter().filter(|lesson| masters(known, lesson)) {
            if let Some(fact) = self.courses.get(&lesson.id) {
                self.held.add(*fact);
            }
        }
        let worst = read.iter().filter_map(|lesson| lesson.figure).max().unwrap_or_default();
        let mut kept: FxHashMap<(Vec<usize>, Vec<usize>), (u64, Lesson)> = FxHashMap::default();
        for lesson in read {
            let (gives, cost) = (self.gives(&lesson), cost(lesson.figure, worst));
            match kept.entry((gives, self.needs(&lesson))) {
                Entry::Occupied(mut same) if cost < same.get().0 => _ = same.insert((cost, lesson)),
                Entry::Occupied(_) => {}
                Entry::Vacant(new) => _ = new.insert((cost, lesson)),
            }
        }
        self.keep(kept.into_iter().filter(|((gives, _), _)| !gives.is_empty()));
    }

    fn keep(&mut self, kept: impl Iterator<Item = ((Vec<usize>, Vec<usize>), (u64, Lesson))>) {
        let candidate = |((gives, needs), (cost, lesson))| Candidate { lesson, place: 0, gives, needs, cost };
        self.candidates = kept.map(candidate).collect();
        self.candidates.sort_unstable_by_key(|candidate| candidate.lesson.id);
        self.candidates.iter_mut().enumerate().for_each(|(place, candidate)| candidate.place = place);
        let mut cheapest: Vec<&Candidate> = self.candidates.iter().collect();
        cheapest.sort_by_key(|candidate| candidate.cost);
        self.givers = vec![Vec::new(); self.count];
        for (fact, candidate) in cheapest.into_iter().flat_map(|it| it.gives.iter().map(move |fact| (*fact, it))) {
            if let Some(givers) = self.givers.get_mut(fact) {
                givers.push(candidate.place);
            }
        }
    }

    fn gives(&self, lesson: &Lesson) -> Vec<usize> {
        let levels = |skill: &i64| self.skills.get(skill).into_iter().flatten().take(lesson.to as usize + 1);
        let skills = lesson.teaches.iter().flat_map(levels).flatten();
        let mut facts: Vec<usize> = skills.chain(self.courses.get(&lesson.id)).copied().collect();
        facts.retain(|fact| !self.held.has(*fact));
        facts.sort_unstable();
        facts
    }

    fn needs(&self, lesson: &Lesson) -> Vec<usize> {
        let skill = |(skill, level): &(i64, SkillLevel)| self.skills.get(skill)?.get(*level as usize).copied()?;
        let skills = lesson.needs.iter().filter_map(skill);
        let courses = lesson.after.iter().filter_map(|course| self.courses.get(course).copied());
        let mut facts: Vec<usize> = skills.chain(courses).filter(|fact| !self.held.has(*fact)).collect();
        facts.sort_unstable();
        facts
    }

    /// The candidates that give a fact, the cheapest first.
    pub(super) fn givers(&self, fact: usize) -> impl Iterator<Item = &Candidate> + Clone {
        self.givers.get(fact).into_iter().flatten().filter_map(|place| self.candidates.get(*place))
    }

    /// What a learner has from the start.
    pub(super) fn held(&self) -> &Set {
        &self.held
    }

    /// How many facts there are.
    pub(super) fn count(&self) -> usize {
        self.count
    }

    /// Takes each of these courses as soon as it can be taken.
    pub(super) fn run<'a>(&self, courses: impl IntoIterator<Item = &'a Candidate>) -> Run<'a> {
        let (mut order, mut has) = (Vec::new(), self.held.clone());
        let mut stuck: Vec<&Candidate> = courses.into_iter().collect();
        loop {
            let before = order.len();
            stuck.retain(|candidate| {
                let ready = candidate.needs.iter().all(|fact| has.has(*fact));
                if ready {
                    candidate.gives.iter().for_each(|fact| has.add(*fact));
                    order.push(*candidate);
                }
                !ready
            });
            if order.len() == before || stuck.is_empty() {
                return Run { order, stuck, has };
            }
        }
    }
}

/// Whether somebody knows all that a course teaches, as well as it teaches it.
fn masters(known: &Known, lesson: &Lesson) -> bool {
    !lesson.teaches.is_empty() && lesson.teaches.iter().all(|skill| knows(known, *skill, lesson.to))
}

fn knows(known: &Known, skill: i64, level: SkillLevel) -> bool {
    known.get(&skill).is_some_and(|held| *held >= level)
}

/// What a course costs a path: its figure, and among equal sums the path of fewer courses. A course that states no
/// figure costs more than any path of courses that do, so that it is taken only where no others lead to the goal.
fn cost(figure: Option<i64>, worst: i64) -> u64 {
    let steps = MOST_STEPS as u64;
    let bounded = |figure: i64| figure.clamp(0, MOST_FIGURE).unsigned_abs();
    let figure = figure.map_or_else(|| bounded(worst) * steps + 1, bounded);
    figure * (steps + 1) + 1
}
