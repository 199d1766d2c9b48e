//! How large the catalogue is, and how its courses and reviews are shared out: a few providers and courses have many, most
//! have few. Worked out from numbers alone, so that any part can be made without the others.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};

use crate::error::{AppError, Result};

/// The first id: far above what is counted by hand, far below what is made from the time.
pub(super) const FIRST_ID: i64 = 1_000_000_000_000;
/// Courses of a provider, on average.
const COURSES_PER_PROVIDER: u64 = 50;
/// Providers, which are kept in memory by every process.
const MAX_PROVIDERS: u64 = 2_000;
/// Reviews of a learner, on average.
const REVIEWS_PER_ACCOUNT: u64 = 20;
/// A prime above every number of courses.
const STRIDE: u64 = 2_147_483_647;
/// Courses and reviews that there may be: ids and strides hold more, patience does not.
const MAX_COURSES: u64 = 1_000_000_000;

/// A catalogue that is to be made. Equal plans make equal catalogues.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Courses.
    pub courses: u64,
    /// Reviews.
    pub reviews: u64,
    /// Learners who write them.
    pub accounts: u64,
    /// What everything is drawn by.
    pub seed: u64,
    /// The day that dates are counted from: courses were published before it, and offerings start after it.
    pub day: NaiveDate,
}

impl Plan {
    /// Looks whether it can be made; without a number of accounts, finds one.
    pub fn new(courses: u64, reviews: u64, accounts: Option<u64>, seed: u64, day: NaiveDate) -> Result<Self> {
        if !(1..=MAX_COURSES).contains(&courses) || reviews > MAX_COURSES {
            return Err(AppError::input(
                "--courses",
                format!("must be 1 to {MAX_COURSES}, and --reviews at most as many"),
            ));
        }
        let mut plan = Self { courses, reviews, accounts: 0, seed, day };
        // Nobody reviews a course twice, so that the most reviewed one says how many learners there must be.
        let most = plan.reviews_at(0);
        let least = (most.end - most.start).max(1);
        plan.accounts = accounts.unwrap_or_else(|| least.max(reviews / REVIEWS_PER_ACCOUNT));
        if plan.accounts < least {
            let rule = format!("must be {least} or more: nobody reviews the most reviewed course twice");
            return Err(AppError::input("--accounts", rule));
        }
        Ok(plan)
    }

    /// What the first provider's note says, by which a catalogue that was begun is known again.
    pub(super) fn note(&self) -> String {
        let Self { courses, reviews, accounts, seed, day } = self;
        format!(
            "Synthetic: made by lectern demo --courses {courses} --reviews {reviews} --accounts {accounts} --seed {seed} --on {day}. \
             No such school exists."
        )
    }

    /// How many providers there are.
    pub fn providers(&self) -> u64 {
        (self.courses / COURSES_PER_PROVIDER).clamp(1, MAX_PROVIDERS)
    }

    /// The courses of a provider, by number.
    pub(super) fn courses_of(&self, provider: u64) -> std::ops::Range<u64> {
        share(self.courses, self.providers(), provider)
    }

    /// The reviews of a course, by number. Which courses have many is spread over all providers.
    pub(super) fn reviews_of(&self, course: u64) -> std::ops::Range<u64> {
        let rank = u128::from(course) * u128::from(STRIDE) % u128::from(self.courses);
        self.reviews_at(rank as u64)
    }

    /// The reviews of the course of this rank. The last quarter has none.
    fn reviews_at(&self, rank: u64) -> std::ops::Range<u64> {
        let reviewed = (self.courses - self.courses / 4).max(1);
        share(self.reviews, reviewed, rank)
    }

    /// Midnight of the day.
    pub(super) fn now(&self) -> DateTime<Utc> {
        self.day.and_time(NaiveTime::MIN).and_utc()
    }
}

/// The part at a place when things are shared out: up to each place as the square root of how far it is. Nothing behind
/// the last place.
fn share(things: u64, parts: u64, index: u64) -> std::ops::Range<u64> {
    let up_to = |index: u64| {
        let fraction = (index.min(parts) as f64 / parts as f64).sqrt();
        (things as f64 * fraction).floor() as u64
    };
    up_to(index)..up_to(index + 1)
}

/// The id of the thing of this number.
pub(super) fn id(number: u64) -> i64 {
    FIRST_ID + i64::try_from(number).unwrap_or(i64::MAX - FIRST_ID)
}
