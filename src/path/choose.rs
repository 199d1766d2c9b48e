//! Which courses a better path than one that is known can hold: of a hundred thousand mostly a few hundred. What must not go
//! in: which of them it does.

use super::facts::Set;
use super::field::{Field, basics};

/// Courses that are searched; more would take too long.
const MOST: usize = 4_000;

/// The courses that a path to these skills below a limit can hold; `None` where they are too many.
///
/// A path with a course in it costs at least that course and, for each goal that it does not give, the least that anybody
/// charges for that goal. Of what is left, only courses that give a goal, or what such a course needs, and so on.
pub(super) fn choose(field: &Field<'_>, goals: &[usize], limit: u64) -> Option<Vec<usize>> {
    let shares = shares(field, goals);
    let all: u64 = goals.iter().filter_map(|goal| shares.get(*goal)).sum();
    let can = |course: &usize| {
        let given: u64 = field.lessons.teaches(*course).filter_map(|skill| shares.get(skill)).sum();
        field.cost(*course).saturating_add(all - given) < limit
    };
    let mut left: Vec<usize> = (0..field.lessons.count()).filter(can).collect();
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

/// The least that a course charges for each goal, its cost split evenly among all that it gives; 0 for other skills.
fn shares(field: &Field<'_>, goals: &[usize]) -> Vec<u64> {
    let is_goal: Set = goals.iter().copied().collect();
    let unasked = |skill| if is_goal.has(skill) { u64::MAX } else { 0 };
    let mut shares: Vec<u64> = (0..field.lessons.skills()).map(unasked).collect();
    for course in 0..field.lessons.count() {
        let given = || field.lessons.teaches(course).filter(|skill| is_goal.has(*skill));
        let each = field.cost(course) / (given().count() as u64).max(1);
        for goal in given() {
            if let Some(share) = shares.get_mut(goal) {
                *share = each.min(*share);
            }
        }
    }
    shares
}
