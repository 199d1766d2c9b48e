//! Size of the catalogue, and the distribution of courses and reviews: a few providers and courses have many, most have
//! few. Computed from numbers alone, so that any part can be generated without the others.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};

use crate::error::{AppError, Result};

/// First ID: far above sequential IDs, far below IDs made from the time.
pub(super) const FIRST_ID: i64 = 1_000_000_000_000;
/// Average number of courses per provider.
const COURSES_PER_PROVIDER: u64 = 50;
/// Maximum number of providers, which every process keeps in memory.
const MAX_PROVIDERS: u64 = 2_000;
/// Average number of reviews per learner.
const REVIEWS_PER_ACCOUNT: u64 = 20;
/// A prime above every number of courses.
const STRIDE: u64 = 2_147_483_647;
/// Maximum number of courses and of reviews. IDs and strides would allow more, but it would take too long.
const MAX_COURSES: u64 = 1_000_000_000;

/// Plan of a catalogue. Equal plans give equal catalogues.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Number of courses.
    pub courses: u64,
    /// Number of reviews.
    pub reviews: u64,
    /// Number of learners who write them.
    pub accounts: u64,
    /// Seed of all random numbers.
    pub seed: u64,
    /// Reference day: courses were published before it, and offerings start after it.
    pub day: NaiveDate,
}

impl Plan {
    /// Validates a plan. Chooses the number of accounts if it is not given.
    pub fn new(courses: u64, reviews: u64, accounts: Option<u64>, seed: u64, day: NaiveDate) -> Result<Self> {
        if !(1..=MAX_COURSES).contains(&courses) || reviews > MAX_COURSES {
            return Err(AppError::input(
                "--courses",
                format!("must be 1 to {MAX_COURSES}, and --reviews at most as many"),
            ));
        }
        let mut plan = Self { courses, reviews, accounts: 0, seed, day };
        // Nobody reviews a course twice, so the course with the most reviews determines the minimum number of learners.
        let most = plan.reviews_at(0);
        let least = (most.end - most.start).max(1);
        plan.accounts = accounts.unwrap_or_else(|| least.max(reviews / REVIEWS_PER_ACCOUNT));
        if plan.accounts < least {
            let rule = format!("must be {least} or more: nobody reviews the most reviewed course twice");
            return Err(AppError::input("--accounts", rule));
        }
        Ok(plan)
    }

    /// Note of the first provider, which identifies an unfinished catalogue.
    pub(super) fn note(&self) -> String {
        let Self { courses, reviews, accounts, seed, day } = self;
        format!(
            "Synthetic: made by lectern demo --courses {courses} --reviews {reviews} --accounts {accounts} --seed {seed} --on {day}. \
             No such school exists."
        )
    }

    /// Number of providers.
    pub fn providers(&self) -> u64 {
        (self.courses / COURSES_PER_PROVIDER).clamp(1, MAX_PROVIDERS)
    }

    /// Courses of a provider, by number.
    pub(super) fn courses_of(&self, provider: u64) -> std::ops::Range<u64> {
        share(self.courses, self.providers(), provider)
    }

    /// Reviews of a course, by number. Popular courses are spread over all providers.
    pub(super) fn reviews_of(&self, course: u64) -> std::ops::Range<u64> {
        let rank = u128::from(course) * u128::from(STRIDE) % u128::from(self.courses);
        self.reviews_at(rank as u64)
    }

    /// Reviews of the course with this rank. The last quarter has none.
    fn reviews_at(&self, rank: u64) -> std::ops::Range<u64> {
        let reviewed = (self.courses - self.courses / 4).max(1);
        share(self.reviews, reviewed, rank)
    }

    /// Midnight of the reference day.
    pub(super) fn now(&self) -> DateTime<Utc> {
        self.day.and_time(NaiveTime::MIN).and_utc()
    }
}

/// Range of the part at an index when things are distributed: the share up to each index grows with the square root of
/// the index. Empty beyond the last index.
fn share(things: u64, parts: u64, index: u64) -> std::ops::Range<u64> {
    let up_to = |index: u64| {
        let fraction = (index.min(parts) as f64 / parts as f64).sqrt();
        (things as f64 * fraction).floor() as u64
    };
    up_to(index)..up_to(index + 1)
}

/// ID of the object with this number.
pub(super) fn id(number: u64) -> i64 {
    FIRST_ID + i64::try_from(number).unwrap_or(i64::MAX - FIRST_ID)
}
