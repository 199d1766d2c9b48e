//! The reviews, and the figures that follow from those that are shown.

use chrono::Duration;
use entity::*;

use super::chance::Chance;
use super::plan::{Plan, id};
use super::words::{OPINIONS, REVIEW_MARK};

/// Tells the chance of reviews from that of other things.
const KIND: u64 = 3;
/// How often each number of stars is given, from one up, to courses of three sorts.
const STARS: [[u64; 5]; 3] = [[3, 4, 10, 28, 55], [8, 10, 20, 32, 30], [25, 20, 25, 20, 10]];
/// How many courses are of each sort.
const SORTS: [u64; 3] = [60, 30, 10];

/// The reviews of the course of this number.
pub(super) fn reviews(plan: &Plan, course: &course::Model, number: u64) -> impl Iterator<Item = review::Model> {
    let mut chance = Chance::of(plan.seed, KIND, number);
    let stars = STARS.get(chance.weighed(&SORTS)).copied().unwrap_or_default();
    let (first, plan, course_id, since) = (chance.below(plan.accounts), *plan, course.id, course.created_at);
    plan.reviews_of(number).zip(first..).map(move |(review, account)| {
        let rating = chance.weighed(&stars) as i32 + 1;
        let part = |chance: &mut Chance| chance.maybe(60, |chance| (rating + chance.between(-1, 1)).clamp(1, 5));
        let relation = [ReviewerRelation::Student, ReviewerRelation::Graduate, ReviewerRelation::Applicant]
            .get(chance.weighed(&[30, 65, 5]));
        let verification = [ReviewVerification::None, ReviewVerification::Email].get(chance.weighed(&[40, 60]));
        let minutes = (plan.now() - since).num_minutes().max(1).unsigned_abs();
        let created_at = since + Duration::minutes(chance.below(minutes) as i64);
        let opinions = OPINIONS.get(rating as usize - 1).copied().unwrap_or_default();
        review::Model {
            id: id(review),
            course_id,
            account_id: Some(id(account % plan.accounts)),
            rating,
            curriculum: part(&mut chance),
            instructors: part(&mut chance),
            job_support: part(&mut chance),
            title: None,
            body: format!("{REVIEW_MARK} {} {}", chance.word(&opinions), chance.word(&opinions)),
            relation: relation.copied().unwrap_or(ReviewerRelation::Graduate),
            incentive: chance.percent(5),
            completed_on: None,
            verification: verification.copied().unwrap_or(ReviewVerification::None),
            status: if chance.percent(98) { ReviewStatus::Published } else { ReviewStatus::Pending },
            helpful_count: 0,
            version: 1,
            created_at,
            updated_at: created_at,
        }
    })
}
