//! A path quickly: again and again the course that costs least for each wanted skill that it newly gives, what must be
//! learned before it counted in. Where nothing has to be learned before, this is the greedy cover, which costs at most
//! 1 + 1/2 + … + 1/n times the best path to n skills.

use super::facts::Set;
use super::graph::{Candidate, Graph, MOST_STEPS};

/// A path to as many of the goals as it can reach.
pub(super) fn greedy<'a>(graph: &'a Graph, goals: &[usize]) -> Vec<&'a Candidate> {
    let goals: Set = goals.iter().copied().collect();
    let (mut path, mut has) = (Vec::new(), graph.held().clone());
    let mut rest: Vec<&Candidate> = graph.candidates.iter().collect();
    loop {
        rest.retain(|candidate| candidate.gives.iter().any(|fact| !has.has(*fact)));
        let ways = Ways::find(graph, &rest, &has);
        let Some(best) = best(&rest, &ways, &goals, &has) else { return trimmed(graph, &goals, path) };
        let plan = ways.plan(best, &has);
        if path.len() + plan.len() > MOST_STEPS {
            rest.retain(|candidate| candidate.place != best.place);
            continue;
        }
        plan.iter().flat_map(|candidate| &candidate.gives).for_each(|fact| has.add(*fact));
        path.extend(plan);
    }
}

/// The path without what it does not need: later courses may have made earlier ones superfluous. The dearest go first.
fn trimmed<'a>(graph: &'a Graph, goals: &Set, mut path: Vec<&'a Candidate>) -> Vec<&'a Candidate> {
    let reached = |path: &[&Candidate]| {
        let run = graph.run(path.iter().copied());
        run.stuck
            .is_empty()
            .then(|| graph.wanted.iter().filter(|fact| goals.has(**fact) && run.has.has(**fact)).count())
    };
    let all = reached(&path);
    let mut dearest = path.clone();
    dearest.sort_by_key(|candidate| std::cmp::Reverse(candidate.cost));
    for candidate in dearest {
        let without: Vec<&Candidate> = path.iter().copied().filter(|it| it.place != candidate.place).collect();
        if reached(&without) == all {
            path = without;
        }
    }
    path
}

/// The course that costs least for each goal that it gives; of equal ones the first.
fn best<'a>(rest: &[&'a Candidate], ways: &Ways<'_>, goals: &Set, has: &Set) -> Option<&'a Candidate> {
    let mut best: Option<(u128, u128, &Candidate)> = None;
    for candidate in rest {
        let gain = candidate.gives.iter().filter(|fact| goals.has(**fact) && !has.has(**fact)).count() as u128;
        let Some(cost) = ways.cost(candidate, has).map(u128::from).filter(|_| gain > 0) else { continue };
        if best.is_none_or(|(least, most, _)| cost * most < least * gain) {
            best = Some((cost, gain, candidate));
        }
    }
    best.map(|(_, _, candidate)| candidate)
}

/// For each fact the course that leads to it most cheaply, and what it costs with all that must be learned before it.
/// What two needs have in common counts twice: an estimate that is never too low.
struct Ways<'a>(Vec<Option<(u64, &'a Candidate)>>);

impl<'a> Ways<'a> {
    fn find(graph: &Graph, rest: &[&'a Candidate], has: &Set) -> Self {
        let mut ways = Ways(vec![None; graph.count()]);
        let ready = |candidate: &&Candidate| candidate.needs.iter().all(|fact| has.has(*fact));
        let (ready, waiting): (Vec<&Candidate>, Vec<&Candidate>) = rest.iter().copied().partition(ready);
        ready.into_iter().for_each(|candidate| _ = ways.improve(candidate, has));
        while waiting.iter().filter(|candidate| ways.improve(candidate, has)).count() > 0 {}
        ways
    }

    /// Takes a course into account and says whether anything has become cheaper by it.
    fn improve(&mut self, candidate: &'a Candidate, has: &Set) -> bool {
        let Some(cost) = self.cost(candidate, has) else { return false };
        let mut changed = false;
        for fact in candidate.gives.iter().filter(|fact| !has.has(**fact)) {
            let Some(way) = self.0.get_mut(*fact) else { continue };
            if way.is_none_or(|(least, _)| cost < least) {
                *way = Some((cost, candidate));
                changed = true;
            }
        }
        changed
    }

    fn way(&self, fact: usize) -> Option<(u64, &'a Candidate)> {
        self.0.get(fact).copied().flatten()
    }

    /// What a course costs with all that must be learned before it; `None` where that cannot be learned.
    fn cost(&self, candidate: &Candidate, has: &Set) -> Option<u64> {
        let mut needs = candidate.needs.iter().filter(|fact| !has.has(**fact));
        needs.try_fold(candidate.cost, |sum, fact| Some(sum.saturating_add(self.way(*fact)?.0)))
    }

    /// A course after all that must be learned before it.
    fn plan(&self, candidate: &'a Candidate, has: &Set) -> Vec<&'a Candidate> {
        let mut plan = Vec::new();
        self.add(candidate, has, &mut plan);
        plan
    }

    /// Ends, since a course costs more than the ways to what it needs.
    fn add(&self, candidate: &'a Candidate, has: &Set, plan: &mut Vec<&'a Candidate>) {
        for fact in candidate.needs.iter().filter(|fact| !has.has(**fact)) {
            let Some((_, giver)) = self.way(*fact) else { continue };
            if !plan.iter().any(|planned| planned.place == giver.place) {
                self.add(giver, has, plan);
            }
        }
        plan.push(candidate);
    }
}
