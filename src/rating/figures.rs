//! What reviews add to the figures of their course and its provider. The figures are sums, so a change of a review is
//! the difference that it makes, added by the database itself: nobody reads a figure to write it back, and so no two
//! writers can lose each other's.

use entity::{ReviewStatus, ReviewVerification, review};
use sea_orm::{ConnectionTrait, Statement, Value};

use crate::error::Result;

/// The columns of a figure, in the order in which `Figures` holds them.
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

/// A table of figures, and the column that says whose they are.
pub(super) struct Table {
    pub(super) name: &'static str,
    pub(super) owner: &'static str,
}

/// The figures of courses.
pub(super) const COURSES: Table = Table { name: "course_rating", owner: "course_id" };
/// The figures of providers.
pub(super) const PROVIDERS: Table = Table { name: "provider_rating", owner: "provider_id" };

/// Figures, or a difference between figures.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Figures([i32; COLUMNS.len()]);

impl Figures {
    /// What a review adds to the figures: nothing unless it is published.
    pub fn of(review: &review::Model) -> Self {
        if review.status != ReviewStatus::Published {
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

    /// What has to be added to figures for these to take the place of others in them.
    pub fn since(self, before: Self) -> Self {
        let mut difference = self;
        difference.0.iter_mut().zip(before.0).for_each(|(now, before)| *now -= before);
        difference
    }

    /// These and others.
    pub fn and(self, others: Self) -> Self {
        let mut sum = self;
        sum.0.iter_mut().zip(others.0).for_each(|(sum, more)| *sum += more);
        sum
    }

    /// Each figure, in the order of the table's columns.
    pub fn columns(self) -> [i32; COLUMNS.len()] {
        self.0
    }

    /// Whether adding it changes nothing.
    pub fn is_nothing(&self) -> bool {
        *self == Self::default()
    }
}

/// Adds to the figures of a course and of its provider, always in this order, so that no two writers wait for each other.
pub async fn add(tx: &impl ConnectionTrait, course: i64, provider: i64, difference: Figures) -> Result<()> {
    for (table, owner) in [(COURSES, course), (PROVIDERS, provider)] {
        tx.execute_raw(addition(tx, &table, owner, difference)).await?;
    }
    Ok(())
}

/// One statement that makes the row or adds to it. The row that is put in has to keep the rules of the table even where
/// there is one already: a difference that is no whole review more puts in zeros, for the row is there then.
fn addition(db: &impl ConnectionTrait, table: &Table, owner: i64, difference: Figures) -> Statement {
    let Table { name, owner: key } = table;
    let [reviews, ..] = difference.0;
    let new = if reviews > 0 { difference } else { Figures::default() };
    let places = |from: usize| (from..from + COLUMNS.len()).map(|place| format!("${place}"));
    let added = COLUMNS.iter().zip(places(2 + COLUMNS.len()));
    let added: Vec<String> = added.map(|(column, place)| format!("{column} = {name}.{column} + {place}")).collect();
    let sql = format!(
        "insert into {name} ({key}, {}) values ($1, {}) on conflict ({key}) do update set {}",
        COLUMNS.join(", "),
        places(2).collect::<Vec<_>>().join(", "),
        added.join(", "),
    );
    let values = new.0.into_iter().chain(difference.0).map(Value::from);
    Statement::from_sql_and_values(db.get_database_backend(), sql, std::iter::once(Value::from(owner)).chain(values))
}
