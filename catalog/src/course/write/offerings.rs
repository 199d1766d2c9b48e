//! Offerings of the courses in a batch. A nightly feed sends the same dates again with fewer free places. An offering
//! is therefore recognised by format, schedule, start, city, country and language, and keeps its ID and version.

use std::collections::HashMap;

use entity::offering;
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder};

use crate::clock::Ids;
use crate::course::offering::MAX_OFFERINGS;
use crate::database::in_ids;
use crate::dictionary::grouped;
use crate::error::Result;
use crate::input::{ValidationCode, ValidationError};
use crate::write::{check_version, save_next};

/// A change to a single offering of a course.
#[derive(Clone, Debug)]
pub enum OfferingChange {
    /// Creates the offering with this ID, or updates it if it still has the given version.
    Save(i64, Option<i32>, Box<offering::Model>),
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
    after: HashMap<i64, Vec<offering::Model>>,
    changed: Vec<offering::Model>,
    removed: Vec<i64>,
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
        Ok(Self { before, after: HashMap::new(), changed: Vec::new(), removed: Vec::new() })
    }

    /// Replaces the offerings of a course. Returns whether anything changes.
    pub(super) fn set(&mut self, course: i64, stated: Vec<offering::Model>, ids: &Ids) -> bool {
        let mut left = self.before.get(&course).cloned().unwrap_or_default();
        let (mut after, written) = (Vec::new(), self.changed.len());
        for values in stated {
            let known = left.iter().position(|stored| is_same(stored, &values)).map(|index| left.remove(index));
            let row = offering::Model {
                id: known.as_ref().map_or_else(|| ids.next(), |stored| stored.id),
                course_id: course,
                version: known.as_ref().map_or(1, |stored| stored.version),
                ..values
            };
            let differs = known.as_ref() != Some(&row);
            let version = row.version + i32::from(differs && known.is_some());
            after.push(offering::Model { version, ..row });
            self.changed.extend(after.last().filter(|_| differs).cloned());
        }
        let changed = self.changed.len() > written || !left.is_empty();
        self.removed.extend(left.into_iter().map(|row| row.id));
        if changed {
            self.after.insert(course, after);
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
            (None, None) if before.len() >= MAX_OFFERINGS => Some(ValidationError::of(
                "input",
                ValidationCode::Limit,
                format!("a course has at most {MAX_OFFERINGS} offerings"),
            )),
            (None, _) => None,
        }
    }

    /// Applies a step. Returns whether anything changes.
    pub(super) fn apply(&mut self, course: i64, change: OfferingChange) -> bool {
        let mut after = self.before.get(&course).cloned().unwrap_or_default();
        let index = after.iter().position(|row| row.id == change.target().0);
        match (change, index) {
            (OfferingChange::Save(id, _, values), None) => {
                let row = offering::Model { id, course_id: course, version: 1, ..*values };
                self.changed.push(row.clone());
                after.push(row);
            }
            (OfferingChange::Save(id, _, values), Some(index)) => {
                let Some(stored) = after.get_mut(index) else { return false };
                let row = offering::Model { id, course_id: course, version: stored.version, ..*values };
                if *stored == row {
                    return false;
                }
                *stored = offering::Model { version: row.version + 1, ..row };
                self.changed.push(stored.clone());
            }
            (OfferingChange::Remove(id, _), Some(index)) => {
                after.remove(index);
                self.removed.push(id);
            }
            (OfferingChange::Remove(_, _), None) => return false,
        }
        self.after.insert(course, after);
        true
    }

    /// Offerings of a course before and after. `None` if they do not change.
    pub(super) fn changes(&self, course: i64) -> Option<(&[offering::Model], &[offering::Model])> {
        let before = self.before.get(&course).map_or(&[][..], Vec::as_slice);
        self.after.get(&course).map(|after| (before, after.as_slice()))
    }

    /// Writes the changes.
    pub(super) async fn write(self, db: &DatabaseTransaction) -> Result<()> {
        if !self.removed.is_empty() {
            let removed = in_ids(db, offering::Column::Id.as_column_ref(), self.removed);
            offering::Entity::delete_many().filter(removed).exec(db).await?;
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
