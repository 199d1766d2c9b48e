//! Offerings of the courses in a batch. A nightly feed sends the same dates again with fewer free places. An offering
//! is therefore recognised by format, schedule, start, city, country and language, and keeps its ID and version.

use std::collections::HashMap;

use entity::offering;
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder};

use crate::clock::Ids;
use crate::course::validation::ValidatedOffering;
use crate::database::in_ids;
use crate::dictionary::grouped;
use crate::error::Result;
use crate::input::{ValidationCode, ValidationError};
use crate::write::{check_version, save_next};

/// Maximum number of offerings of a course.
const MOST: usize = 200;

/// A change to a single offering of a course.
#[derive(Clone, Debug)]
pub(in crate::course) enum OfferingChange {
    /// Creates the offering with this ID, or updates it if it still has the given version.
    Save(i64, Option<i32>, Box<ValidatedOffering>),
    /// Removes the offering if it still has the given version.
    Remove(i64, i32),
}

impl OfferingChange {
    /// ID of the offering, and the version that the writer has read. A new offering has none.
    fn target(&self) -> (i64, Option<i32>) {
        match self {
            OfferingChange::Save(id, version, _) => (*id, *version),
            OfferingChange::Remove(id, version) => (*id, Some(*version)),
        }
    }
}

/// Stored and requested offerings of the courses in a batch.
pub(super) struct Offerings {
    before: HashMap<i64, Vec<offering::Model>>,
    wanted: HashMap<i64, Vec<offering::Model>>,
    changed: Vec<offering::Model>,
    gone: Vec<i64>,
}

impl Offerings {
    /// Loads the offerings of the courses.
    pub(super) async fn load(db: &DatabaseTransaction, courses: &[i64]) -> Result<Self> {
        let mut before = HashMap::new();
        if !courses.is_empty() {
            let owned = in_ids(db, offering::Column::CourseId.as_column_ref(), courses.iter().copied());
            let rows = offering::Entity::find().filter(owned).order_by_asc(offering::Column::Id).all(db).await?;
            before = grouped(rows.into_iter().map(|row| (row.course_id, row)));
        }
        Ok(Self { before, wanted: HashMap::new(), changed: Vec::new(), gone: Vec::new() })
    }

    /// Replaces the offerings of a course. Returns whether anything changes.
    pub(super) fn want(&mut self, course: i64, drafts: Vec<ValidatedOffering>, ids: &Ids) -> bool {
        let mut left = self.before.get(&course).cloned().unwrap_or_default();
        let (mut wanted, written) = (Vec::new(), self.changed.len());
        for values in drafts {
            let row = values.row(0, course);
            let known = left.iter().position(|there| is_same(there, &row)).map(|index| left.remove(index));
            let row = offering::Model {
                id: known.as_ref().map_or_else(|| ids.next(), |there| there.id),
                version: known.as_ref().map_or(1, |there| there.version),
                ..row
            };
            let differs = known.as_ref() != Some(&row);
            let version = row.version + i32::from(differs && known.is_some());
            wanted.push(offering::Model { version, ..row });
            self.changed.extend(wanted.last().filter(|_| differs).cloned());
        }
        let changed = self.changed.len() > written || !left.is_empty();
        self.gone.extend(left.into_iter().map(|row| row.id));
        if changed {
            self.wanted.insert(course, wanted);
        }
        changed
    }

    /// Returns the error that prevents a step, if there is one.
    pub(super) fn refusal(&self, course: i64, change: &OfferingChange) -> Option<ValidationError> {
        let before = self.before.get(&course).map_or(&[][..], Vec::as_slice);
        let (id, read) = change.target();
        let now = before.iter().find(|row| row.id == id).map(|row| row.version);
        match (read, now) {
            (Some(read), now) => check_version(read, now.unwrap_or_default()),
            (None, None) if before.len() >= MOST => Some(ValidationError::of(
                "input",
                ValidationCode::Limit,
                format!("a course has at most {MOST} offerings"),
            )),
            (None, _) => None,
        }
    }

    /// Applies a step. Returns whether anything changes.
    pub(super) fn apply(&mut self, course: i64, change: OfferingChange) -> bool {
        let mut wanted = self.before.get(&course).cloned().unwrap_or_default();
        let place = wanted.iter().position(|row| row.id == change.target().0);
        match (change, place) {
            (OfferingChange::Save(id, _, values), None) => {
                let row = values.row(id, course);
                self.changed.push(row.clone());
                wanted.push(row);
            }
            (OfferingChange::Save(id, _, values), Some(place)) => {
                let Some(there) = wanted.get_mut(place) else { return false };
                let row = offering::Model { version: there.version, ..values.row(id, course) };
                if *there == row {
                    return false;
                }
                *there = offering::Model { version: row.version + 1, ..row };
                self.changed.push(there.clone());
            }
            (OfferingChange::Remove(id, _), Some(place)) => {
                wanted.remove(place);
                self.gone.push(id);
            }
            (OfferingChange::Remove(_, _), None) => return false,
        }
        self.wanted.insert(course, wanted);
        true
    }

    /// Offerings of a course before and after. `None` if they do not change.
    pub(super) fn changes(&self, course: i64) -> Option<(&[offering::Model], &[offering::Model])> {
        let before = self.before.get(&course).map_or(&[][..], Vec::as_slice);
        self.wanted.get(&course).map(|wanted| (before, wanted.as_slice()))
    }

    /// Writes the changes.
    pub(super) async fn write(self, db: &DatabaseTransaction) -> Result<()> {
        if !self.gone.is_empty() {
            let gone = in_ids(db, offering::Column::Id.as_column_ref(), self.gone);
            offering::Entity::delete_many().filter(gone).exec(db).await?;
        }
        save_next::<offering::Entity>(db, self.changed).await
    }
}

fn is_same(one: &offering::Model, other: &offering::Model) -> bool {
    one.format == other.format
        && one.schedule == other.schedule
        && one.starts_on == other.starts_on
        && one.city == other.city
        && one.country == other.country
        && one.language == other.language
}
