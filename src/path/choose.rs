//! Selects the courses that a better path than the known one could contain: usually a few hundred out of a hundred
//! thousand. Does not belong here: which of them the path takes.

use super::facts::Set;
use super::field::{Field, basics};

/// Maximum number of courses for the exact search; more would take too long.
const MOST: usize = 4_000;

/// Returns the courses that a path to these skills with a cost below `limit` can contain; `None` if there are too many.
///
/// A path that contains a course costs at least that course plus, for each goal that the course does not teach, the
/// lowest share any course charges for that goal. Among the courses left, only those that teach a goal are kept, then
/// those that provide what the kept ones need, and so on.
pub(super) fn choose(field: &Field<'_>, goals: &[usize], limit: u64) -> Option<Vec<usize>> {
    let shares = shares(field, goals);
    let all: u64 = goals.iter().filter_map(|goal| shares.get(*goal)).sum();
    let can = |course: &usize| {
        let given: u64 = field.course_columns.teaches(*course).filter_map(|skill| shares.get(skill)).sum();
        field.cost(*course).saturating_add(all - given) < limit
    };
    let mut left: Vec<usize> = (0..field.course_columns.count()).filter(can).collect();
    let (mut kept, mut wanted): (Vec<usize>, Set) = (Vec::new(), goals.iter().map(|goal| basics(*goal)).collect());
    loop {
        let (useful, rest): (Vec<usize>, Vec<usize>) =
            left.into_iter().partition(|course| field.gives(*course).any(|fact| wanted.has(fact)));
        if useful.is_empty() {
            kept.sort_unstable();
            return Some(kept);
        }
        useful.iter().flat_map(|course| field.needs(*course)).for_each(|fact| wanted.add(fact));
        kept.extend(useful);
        left = rest;
        if kept.len() > MOST {
            return None;
        }
    }
}

/// Lowest share of any course for each goal, where the cost of a course is split evenly among the goals it teaches; 0
/// for other skills.
fn shares(field: &Field<'_>, goals: &[usize]) -> Vec<u64> {
    let is_goal: Set = goals.iter().copied().collect();
    let unasked = |skill| if is_goal.has(skill) { u64::MAX } else { 0 };
    let mut shares: Vec<u64> = (0..field.course_columns.skills()).map(unasked).collect();
    for course in 0..field.course_columns.count() {
        let given = || field.course_columns.teaches(course).filter(|skill| is_goal.has(*skill));
        let each = field.cost(course) / (given().count() as u64).max(1);
        for goal in given() {
            if let Some(share) = shares.get_mut(goal) {
                *share = each.min(*share);
            }
        }
    }
    shares
}
