//! Finds a path quickly: repeatedly takes the course with the lowest cost per newly taught goal, including the cost of
//! what must be learned before it. Without prerequisites this is the greedy set cover, which costs at most 1 + 1/2 + …
//! + 1/n times the best path to n skills.

use super::cheapest_routes::CheapestRoutes;
use super::learner_view::{LearnerView, MAX_STEPS};
use super::number_set::NumberSet;

/// Returns a path to as many of these skills as it can reach.
pub(super) fn greedy(view: &LearnerView<'_>, routes: &CheapestRoutes<'_>, goals: &[usize]) -> Vec<usize> {
    let (mut path, mut has) = (Vec::new(), NumberSet::default());
    let mut open: NumberSet = goals.iter().copied().collect();
    let mut rest: Vec<usize> = (0..view.course_columns.count()).collect();
    let mut crowded = false;
    while path.len() < MAX_STEPS {
        let Some(best) = best(&mut rest, view, routes, &open, &has, crowded) else { break };
        let plan = routes.plan(best, &has);
        // Once a plan does not fit, there is little room left, so only courses whose requirements are met are
        // considered.
        if path.len() + plan.len() > MAX_STEPS {
            crowded = true;
            continue;
        }
        plan.iter().flat_map(|course| view.provides(*course)).for_each(|fact| has.add(fact));
        plan.iter().flat_map(|course| view.course_columns.taught_skills(*course)).for_each(|skill| open.remove(skill));
        path.extend(plan);
    }
    path
}

/// Course with the lowest cost per open goal that it teaches, the first one among equals. Courses that teach no open
/// goal are removed from `rest`.
fn best(
    rest: &mut Vec<usize>,
    view: &LearnerView<'_>,
    routes: &CheapestRoutes<'_>,
    open: &NumberSet,
    has: &NumberSet,
    alone: bool,
) -> Option<usize> {
    let mut best: Option<(u128, u128, usize)> = None;
    rest.retain(|course| {
        let gain = view.course_columns.taught_skills(*course).filter(|skill| open.has(*skill)).count() as u128;
        if gain > 0 && !(alone && view.needs(*course).any(|fact| !has.has(fact))) {
            let cost = routes.cost(*course, has).map(u128::from);
            if let Some(cost) = cost.filter(|cost| best.is_none_or(|(least, most, _)| cost * most < least * gain)) {
                best = Some((cost, gain, *course));
            }
        }
        gain > 0
    });
    best.map(|(_, _, course)| course)
}
