//! Finds the cheapest path, if that is possible within a fixed effort: branch and bound over the missing facts. The
//! effort is counted in search steps rather than time, so that the same question always has the same answer.

use super::facts::Set;
use super::field::MOST_STEPS;
use super::graph::{Candidate, Graph, Run};

/// Maximum number of search steps. After that the best path so far is kept.
const EFFORT: usize = 10_000;

/// Finds the cheapest path to all goals with a cost below `limit`. The flag says whether it is proven that there is no
/// cheaper one.
pub(super) fn cheapest(graph: &Graph, limit: u64) -> (Option<Vec<&Candidate>>, bool) {
    let shares = (0..graph.facts()).map(|fact| share(graph, fact)).collect();
    let mut search = Search { graph, shares, best: None, least: limit, tried: Set::default(), left: EFFORT };
    search.go_on(&mut Vec::new(), 0);
    (search.best, search.left > 0)
}

/// Lowest cost per provided fact, among the courses that provide this fact.
fn share(graph: &Graph, fact: usize) -> u64 {
    graph.givers(fact).map(|giver| giver.cost / (giver.gives.len() as u64).max(1)).min().unwrap_or_default()
}

struct Search<'a> {
    graph: &'a Graph,
    shares: Vec<u64>,
    best: Option<Vec<&'a Candidate>>,
    least: u64,
    /// Candidates whose branches are explored completely.
    tried: Set,
    left: usize,
}

impl<'a> Search<'a> {
    /// Explores all paths that start with the taken courses.
    fn go_on(&mut self, taken: &mut Vec<&'a Candidate>, cost: u64) {
        self.left = self.left.saturating_sub(1);
        if self.left == 0 {
            return;
        }
        let run = self.graph.run(taken.iter().copied());
        let Some(open) = Open::of(&run, &self.graph.goals) else {
            // Cheaper than the best so far: no branch is entered whose cost reaches that of the best.
            (self.best, self.least) = (Some(taken.clone()), cost);
            return;
        };
        if taken.len() == MOST_STEPS || cost.saturating_add(self.bound(&open)) >= self.least {
            return;
        }
        let mut tried = Vec::new();
        for giver in self.givers(&open) {
            if cost.saturating_add(giver.cost) >= self.least {
                break;
            }
            if self.tried.has(giver.place) || taken.iter().any(|it| it.place == giver.place) {
                continue;
            }
            taken.push(giver);
            self.go_on(taken, cost + giver.cost);
            taken.pop();
            self.tried.add(giver.place);
            tried.push(giver.place);
        }
        tried.into_iter().for_each(|place| self.tried.remove(place));
    }

    /// Lower bound for the rest of a path: the larger of the most expensive missing fact at its cheapest provider, and
    /// the sum of the shares of all missing facts.
    fn bound(&self, open: &Open) -> u64 {
        let Open::New(facts) = open else { return 0 };
        let cheapest = |fact: &usize| self.graph.givers(*fact).next().map_or(u64::MAX, |giver| giver.cost);
        let shares = facts.iter().filter_map(|fact| self.shares.get(*fact));
        facts.iter().map(cheapest).max().unwrap_or_default().max(shares.sum())
    }

    /// Candidates of which every continuation must take at least one, cheapest first.
    fn givers(&self, open: &Open) -> Vec<&'a Candidate> {
        let graph = self.graph;
        match open {
            // Any of the facts is a valid choice; the one with the fewest providers branches least.
            Open::New(facts) => {
                let fewest = facts.iter().min_by_key(|fact| graph.givers(**fact).count());
                fewest.into_iter().flat_map(|fact| graph.givers(*fact)).collect()
            }
            Open::Circle(facts) => {
                let mut givers: Vec<&Candidate> = facts.iter().flat_map(|fact| graph.givers(*fact)).collect();
                givers.sort_by_key(|giver| (giver.cost, giver.place));
                givers.dedup_by_key(|giver| giver.place);
                givers
            }
        }
    }
}

/// Facts that are missing after the taken courses.
enum Open {
    /// Facts that only courses outside the taken ones provide.
    New(Vec<usize>),
    /// The taken courses wait for each other: at least one of these facts must come from another course.
    Circle(Vec<usize>),
}

impl Open {
    /// Returns `None` if nothing is missing.
    fn of(run: &Run<'_>, goals: &[usize]) -> Option<Self> {
        let needs = run.stuck.iter().flat_map(|candidate| &candidate.needs);
        let mut missing: Vec<usize> = goals.iter().chain(needs).copied().filter(|fact| !run.has.has(*fact)).collect();
        missing.sort_unstable();
        missing.dedup();
        let given = |fact: &usize| run.stuck.iter().any(|candidate| candidate.gives.contains(fact));
        let new: Vec<usize> = missing.iter().copied().filter(|fact| !given(fact)).collect();
        match (missing.is_empty(), new.is_empty()) {
            (true, _) => None,
            (false, false) => Some(Open::New(new)),
            (false, true) => Some(Open::Circle(missing)),
        }
    }
}
