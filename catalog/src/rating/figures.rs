//! What a review adds to the rating of its course and its provider. Ratings are stored as sums, so a change of a review
//! is a difference that the database itself adds: nobody reads a sum to write it back, and concurrent writers cannot
//! lose each other's updates.

use entity::{ReviewStatus, ReviewVerification, review};
use sea_orm::{ConnectionTrait, Statement, Value};

use crate::error::Result;

/// Columns of a rating, in the order of the array in `Figures`.
pub(super) const COLUMNS: [&str; 13] = [
    "count",
    "stars1",
    "stars2",
    "stars3",
    "stars4",
    "stars5",
    "curriculum_count",
    "curriculum_sum",
    "instructors_count",
    "instructors_sum",
    "job_support_count",
    "job_support_sum",
    "verified_count",
];

/// Table of ratings, with the column that identifies the owner.
pub(super) struct Table {
    pub(super) name: &'static str,
    pub(super) owner: &'static str,
}

pub(super) const COURSES: Table = Table { name: "course_rating", owner: "course_id" };
pub(super) const PROVIDERS: Table = Table { name: "provider_rating", owner: "provider_id" };

/// Sums over reviews, or a difference between such sums.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Figures([i32; COLUMNS.len()]);

impl Figures {
    /// What a review adds to the sums: nothing unless it is published and was written here.
    pub fn of(review: &review::Model) -> Self {
        if review.status != ReviewStatus::Published || review.source_key.is_some() {
            return Self::default();
        }
        let gave = |stars: i32| i32::from(review.rating == stars);
        let rated = |part: Option<i32>| i32::from(part.is_some());
        Self([
            1,
            gave(1),
            gave(2),
            gave(3),
            gave(4),
            gave(5),
            rated(review.curriculum),
            review.curriculum.unwrap_or(0),
            rated(review.instructors),
            review.instructors.unwrap_or(0),
            rated(review.job_support),
            review.job_support.unwrap_or(0),
            i32::from(review.verification != ReviewVerification::None),
        ])
    }

    /// Difference that replaces `before` by `self` in the sums.
    pub fn since(self, before: Self) -> Self {
        Self(std::array::from_fn(|column| self.0[column] - before.0[column]))
    }

    /// Adds two sets of sums.
    pub fn and(self, others: Self) -> Self {
        Self(std::array::from_fn(|column| self.0[column] + others.0[column]))
    }

    /// The sums in the order of the table's columns.
    pub fn columns(self) -> [i32; COLUMNS.len()] {
        self.0
    }

    /// Whether adding this changes nothing.
    pub fn is_nothing(&self) -> bool {
        *self == Self::default()
    }
}

/// Adds a difference to the ratings of a course and of its provider, always in this order, so that concurrent writers
/// cannot deadlock.
pub async fn add(tx: &impl ConnectionTrait, course: i64, provider: i64, difference: Figures) -> Result<()> {
    for (table, owner) in [(COURSES, course), (PROVIDERS, provider)] {
        tx.execute_raw(addition(tx, &table, owner, difference)).await?;
    }
    Ok(())
}

/// Builds the upsert. Even when the row exists, the inserted values must satisfy the check constraints of the table; a
/// difference that adds no review may be negative, so zeros are inserted then, and the row is known to exist.
fn addition(db: &impl ConnectionTrait, table: &Table, owner: i64, difference: Figures) -> Statement {
    let Table { name, owner: key } = table;
    let [reviews, ..] = difference.0;
    let new = if reviews > 0 { difference } else { Figures::default() };
    let parameters = |from: usize| (from..from + COLUMNS.len()).map(|parameter| format!("${parameter}"));
    let added = COLUMNS.iter().zip(parameters(2 + COLUMNS.len()));
    let added: Vec<String> =
        added.map(|(column, parameter)| format!("{column} = {name}.{column} + {parameter}")).collect();
    let sql = format!(
        "insert into {name} ({key}, {}) values ($1, {}) on conflict ({key}) do update set {}",
        COLUMNS.join(", "),
        parameters(2).collect::<Vec<_>>().join(", "),
        added.join(", "),
    );
    let values = new.0.into_iter().chain(difference.0).map(Value::from);
    Statement::from_sql_and_values(db.get_database_backend(), sql, std::iter::once(Value::from(owner)).chain(values))
}
