//! Selects the courses that a better path than the known one could contain: usually a few hundred out of a hundred
//! thousand. Does not belong here: which of them the path takes.

use super::learner_view::{LearnerView, basics};
use super::number_set::NumberSet;

/// Maximum number of courses for the exact search; more would take too long.
const MAX_CANDIDATES: usize = 4_000;

/// Returns the courses that a path to these skills with a cost below `limit` can contain; `None` if there are too many.
///
/// A path that contains a course costs at least that course plus, for each goal that the course does not teach, the
/// lowest share any course charges for that goal. Among the courses left, only those that teach a goal are chosen, then
/// those that provide what the chosen ones need, and so on.
pub(super) fn select_candidates(view: &LearnerView<'_>, goals: &[usize], limit: u64) -> Option<Vec<usize>> {
    let shares = shares(view, goals);
    let all: u64 = goals.iter().filter_map(|goal| shares.get(*goal)).sum();
    let can = |course: &usize| {
        let given: u64 = view.course_columns.taught_skills(*course).filter_map(|skill| shares.get(skill)).sum();
        view.cost(*course).saturating_add(all - given) < limit
    };
    let mut left: Vec<usize> = (0..view.course_columns.count()).filter(can).collect();
    let (mut chosen, mut wanted): (Vec<usize>, NumberSet) =
        (Vec::new(), goals.iter().map(|goal| basics(*goal)).collect());
    loop {
        let (useful, rest): (Vec<usize>, Vec<usize>) =
            left.into_iter().partition(|course| view.provides(*course).any(|fact| wanted.has(fact)));
        if useful.is_empty() {
            chosen.sort_unstable();
            return Some(chosen);
        }
        useful.iter().flat_map(|course| view.needs(*course)).for_each(|fact| wanted.add(fact));
        chosen.extend(useful);
        left = rest;
        if chosen.len() > MAX_CANDIDATES {
            return None;
        }
    }
}

/// Lowest share of any course for each goal, where the cost of a course is split evenly among the goals it teaches; 0
/// for other skills.
fn shares(view: &LearnerView<'_>, goals: &[usize]) -> Vec<u64> {
    let is_goal: NumberSet = goals.iter().copied().collect();
    let unasked = |skill| if is_goal.has(skill) { u64::MAX } else { 0 };
    let mut shares: Vec<u64> = (0..view.course_columns.skills()).map(unasked).collect();
    for course in 0..view.course_columns.count() {
        let given = || view.course_columns.taught_skills(course).filter(|skill| is_goal.has(*skill));
        let each = view.cost(course) / (given().count() as u64).max(1);
        for goal in given() {
            if let Some(share) = shares.get_mut(goal) {
                *share = each.min(*share);
            }
        }
    }
    shares
}
