//! Reviews, and the rating summaries of published ones.

use chrono::Duration;
use entity::*;

use super::plan::{Plan, id};
use super::random::Random;
use super::words::{OPINIONS, REVIEW_MARK};

/// Separates the random numbers of reviews from those of other objects.
const KIND: u64 = 3;
/// Frequency of each number of stars, from one up, for three classes of courses.
const STARS: [[u64; 5]; 3] = [[3, 4, 10, 28, 55], [8, 10, 20, 32, 30], [25, 20, 25, 20, 10]];
/// Frequency of each class.
const SORTS: [u64; 3] = [60, 30, 10];

/// Returns the reviews of the course with this number.
pub(super) fn reviews(plan: &Plan, course: &course::Model, number: u64) -> impl Iterator<Item = review::Model> {
    let mut random = Random::of(plan.seed, KIND, number);
    let stars = STARS.get(random.weighed(&SORTS)).copied().unwrap_or_default();
    let (first, plan, course_id, since) = (random.below(plan.accounts), *plan, course.id, course.created_at);
    plan.reviews_of(number).zip(first..).map(move |(review, account)| {
        let rating = random.weighed(&stars) as i32 + 1;
        let part = |random: &mut Random| random.maybe(60, |random| (rating + random.between(-1, 1)).clamp(1, 5));
        let relation = [ReviewerRelation::Student, ReviewerRelation::Graduate, ReviewerRelation::Applicant]
            .get(random.weighed(&[30, 65, 5]));
        let verification = [ReviewVerification::None, ReviewVerification::Email].get(random.weighed(&[40, 60]));
        let minutes = (plan.now() - since).num_minutes().max(1).unsigned_abs();
        let created_at = since + Duration::minutes(random.below(minutes) as i64);
        let opinions = OPINIONS.get(rating as usize - 1).copied().unwrap_or_default();
        review::Model {
            id: id(review),
            course_id,
            account_id: Some(id(account % plan.accounts)),
            rating,
            curriculum: part(&mut random),
            instructors: part(&mut random),
            job_support: part(&mut random),
            body: format!("{REVIEW_MARK} {} {}", random.word(&opinions), random.word(&opinions)),
            relation: relation.copied().unwrap_or(ReviewerRelation::Graduate),
            incentive: random.percent(5),
            verification: verification.copied().unwrap_or(ReviewVerification::None),
            status: if random.percent(98) { ReviewStatus::Published } else { ReviewStatus::Pending },
            version: 1,
            created_at,
            updated_at: created_at,
            ..Default::default()
        }
    })
}
