//! Finds the cheapest path, if that is possible within a fixed effort: branch and bound over the missing facts. The
//! effort is counted in search steps rather than time, so that the same question always has the same answer.

use super::graph::{Candidate, Graph, Simulation};
use super::learner_view::MAX_STEPS;
use super::number_set::NumberSet;

/// Maximum number of search steps. After that the best path so far is kept.
const MAX_SEARCH_STEPS: usize = 10_000;

/// Finds the cheapest path to all goals with a cost below `limit`. The flag says whether it is proven that there is no
/// cheaper one.
pub(super) fn cheapest(graph: &Graph, limit: u64) -> (Option<Vec<&Candidate>>, bool) {
    let shares = (0..graph.facts()).map(|fact| share(graph, fact)).collect();
    let mut search = BranchAndBound {
        graph,
        shares,
        best: None,
        best_cost: limit,
        explored: NumberSet::default(),
        left: MAX_SEARCH_STEPS,
    };
    search.explore(&mut Vec::new(), 0);
    (search.best, search.left > 0)
}

/// Lowest cost per provided fact, among the courses that provide this fact.
fn share(graph: &Graph, fact: usize) -> u64 {
    graph
        .suppliers(fact)
        .map(|supplier| supplier.cost / (supplier.provides.len() as u64).max(1))
        .min()
        .unwrap_or_default()
}

struct BranchAndBound<'a> {
    graph: &'a Graph,
    shares: Vec<u64>,
    best: Option<Vec<&'a Candidate>>,
    best_cost: u64,
    /// Candidates whose branches are explored completely.
    explored: NumberSet,
    left: usize,
}

impl<'a> BranchAndBound<'a> {
    /// Explores all paths that start with the taken courses.
    fn explore(&mut self, taken: &mut Vec<&'a Candidate>, cost: u64) {
        self.left = self.left.saturating_sub(1);
        if self.left == 0 {
            return;
        }
        let simulation = self.graph.simulate(taken.iter().copied());
        let Some(open) = MissingFacts::of(&simulation, &self.graph.goals) else {
            // Cheaper than the best so far: no branch is entered whose cost reaches that of the best.
            (self.best, self.best_cost) = (Some(taken.clone()), cost);
            return;
        };
        if taken.len() == MAX_STEPS || cost.saturating_add(self.bound(&open)) >= self.best_cost {
            return;
        }
        let mut explored = Vec::new();
        for supplier in self.suppliers(&open) {
            if cost.saturating_add(supplier.cost) >= self.best_cost {
                break;
            }
            if self.explored.has(supplier.index) || taken.iter().any(|it| it.index == supplier.index) {
                continue;
            }
            taken.push(supplier);
            self.explore(taken, cost + supplier.cost);
            taken.pop();
            self.explored.add(supplier.index);
            explored.push(supplier.index);
        }
        explored.into_iter().for_each(|index| self.explored.remove(index));
    }

    /// Lower bound for the rest of a path: the larger of the most expensive missing fact at its cheapest provider, and
    /// the sum of the shares of all missing facts.
    fn bound(&self, open: &MissingFacts) -> u64 {
        let MissingFacts::New(facts) = open else { return 0 };
        let cheapest = |fact: &usize| self.graph.suppliers(*fact).next().map_or(u64::MAX, |supplier| supplier.cost);
        let shares = facts.iter().filter_map(|fact| self.shares.get(*fact));
        facts.iter().map(cheapest).max().unwrap_or_default().max(shares.sum())
    }

    /// Candidates of which every continuation must take at least one, cheapest first.
    fn suppliers(&self, open: &MissingFacts) -> Vec<&'a Candidate> {
        let graph = self.graph;
        match open {
            // Any of the facts is a valid choice; the one with the fewest providers branches least.
            MissingFacts::New(facts) => {
                let fewest = facts.iter().min_by_key(|fact| graph.suppliers(**fact).count());
                fewest.into_iter().flat_map(|fact| graph.suppliers(*fact)).collect()
            }
            MissingFacts::Circle(facts) => {
                let mut suppliers: Vec<&Candidate> = facts.iter().flat_map(|fact| graph.suppliers(*fact)).collect();
                suppliers.sort_by_key(|supplier| (supplier.cost, supplier.index));
                suppliers.dedup_by_key(|supplier| supplier.index);
                suppliers
            }
        }
    }
}

/// Facts that are missing after the taken courses.
enum MissingFacts {
    /// Facts that only courses outside the taken ones provide.
    New(Vec<usize>),
    /// The taken courses wait for each other: at least one of these facts must come from another course.
    Circle(Vec<usize>),
}

impl MissingFacts {
    /// Returns `None` if nothing is missing.
    fn of(simulation: &Simulation<'_>, goals: &[usize]) -> Option<Self> {
        let needs = simulation.stuck.iter().flat_map(|candidate| &candidate.needs);
        let mut missing: Vec<usize> =
            goals.iter().chain(needs).copied().filter(|fact| !simulation.has.has(*fact)).collect();
        missing.sort_unstable();
        missing.dedup();
        let given = |fact: &usize| simulation.stuck.iter().any(|candidate| candidate.provides.contains(fact));
        let new: Vec<usize> = missing.iter().copied().filter(|fact| !given(fact)).collect();
        match (missing.is_empty(), new.is_empty()) {
            (true, _) => None,
            (false, false) => Some(MissingFacts::New(new)),
            (false, true) => Some(MissingFacts::Circle(missing)),
        }
    }
}
