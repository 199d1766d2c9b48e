//! The offerings of the courses of a batch. A nightly file says the same dates again with fewer seats: an offering is
//! known again by when, where and how it is held, and so keeps its id and counts its versions.

use std::collections::HashMap;

use entity::offering;
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder};

use crate::clock::Ids;
use crate::course::draft::Offering;
use crate::database::in_ids;
use crate::dictionary::grouped;
use crate::error::Result;
use crate::write::save;

/// The offerings of some courses: as they are, and as they are to be.
pub(super) struct Offerings {
    before: HashMap<i64, Vec<offering::Model>>,
    wanted: HashMap<i64, Vec<offering::Model>>,
    changed: Vec<offering::Model>,
    gone: Vec<i64>,
}

impl Offerings {
    /// Reads those of these courses.
    pub(super) async fn load(db: &DatabaseTransaction, courses: &[i64]) -> Result<Self> {
        let mut before = HashMap::new();
        if !courses.is_empty() {
            let owned = in_ids(db, offering::Column::CourseId.as_column_ref(), courses.iter().copied());
            let rows = offering::Entity::find().filter(owned).order_by_asc(offering::Column::Id).all(db).await?;
            before = grouped(rows.into_iter().map(|row| (row.course_id, row)));
        }
        Ok(Self { before, wanted: HashMap::new(), changed: Vec::new(), gone: Vec::new() })
    }

    /// Says what a course's offerings are to be; whether that is a change.
    pub(super) fn want(&mut self, course: i64, drafts: Vec<Offering>, ids: &Ids) -> bool {
        let mut left = self.before.get(&course).cloned().unwrap_or_default();
        let (mut wanted, written) = (Vec::new(), self.changed.len());
        for draft in drafts {
            let row = draft.row(0, course);
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

    /// Where a course's offerings change: before and after.
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
        save::<offering::Entity>(db, self.changed).await
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
