//! Import of the levels of a career. A career has each level at most once, with its own job titles and sources.

use std::collections::HashMap;

use entity::{CareerLevelName, career_level, career_level_title};
use sea_orm::{ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter};

use super::super::state::TaxonomyImport;
use crate::clock::Ids;
use crate::database::in_ids;
use crate::error::Result;
use crate::input::text::{MAX_NAME_CHARS, line};
use crate::input::value::{Ends, member, range, whole};
use crate::input::{InputReader, ValidationCode};
use crate::write::{Child, Children, LinkSet, LinkTable, NamedLinks, References, Target, save};

const LINKS: [LinkTable; 1] = [LinkTable::citations("career_level_id")];

/// Checked level.
pub(super) struct LevelItem {
    at: Vec<String>,
    level: CareerLevelName,
    titles: Vec<String>,
    years: Ends<i32>,
    pub links: NamedLinks,
}

impl Child for career_level_title::Entity {
    const OWNER: career_level_title::Column = career_level_title::Column::CareerLevelId;

    fn owner(row: &career_level_title::Model) -> i64 {
        row.career_level_id
    }
}

/// Reads one level.
pub(super) fn read(reader: &mut InputReader<'_>) -> Option<LevelItem> {
    let level = reader.required("level", member);
    let titles = reader.list("titles", 50, line(MAX_NAME_CHARS)).value().unwrap_or_default();
    let years = reader.object("typicalYears", |reader| range(reader, whole(0..=100))).value().unwrap_or_default();
    let links = NamedLinks::read(reader, &LINKS);
    Some(LevelItem { at: reader.path(), level: level?, titles, years, links })
}

/// Levels of some careers: the stored rows, and the rows that replace them.
pub(super) struct Levels {
    before: HashMap<(i64, CareerLevelName), career_level::Model>,
    titles: Children<career_level_title::Entity>,
    links: LinkSet,
    changed: Vec<career_level::Model>,
    gone: Vec<i64>,
}

impl Levels {
    /// Loads the stored levels of these careers.
    pub(super) async fn load(db: &impl ConnectionTrait, careers: &[i64]) -> Result<Self> {
        let condition = in_ids(db, career_level::Column::CareerId.as_column_ref(), careers.iter().copied());
        let rows = career_level::Entity::find().filter(condition).all(db).await?;
        let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
        Ok(Self {
            before: rows.into_iter().map(|row| ((row.career_id, row.level), row)).collect(),
            titles: Children::load(db, &ids).await?,
            links: LinkSet::load(db, Target::Career, &LINKS, &ids).await?,
            changed: Vec::new(),
            gone: Vec::new(),
        })
    }

    /// Sets what the levels of a career should be. Returns whether that is a change.
    pub(super) fn set(
        &mut self,
        import: &mut TaxonomyImport<'_>,
        known: &References,
        career: i64,
        items: Vec<LevelItem>,
    ) -> bool {
        let mut named: Vec<CareerLevelName> = Vec::new();
        let mut changed = false;
        for item in items {
            if named.contains(&item.level) {
                import.add_error(&item.at, None, ValidationCode::Duplicate, "the career has this level already");
                continue;
            }
            named.push(item.level);
            changed |= self.set_one(import, known, career, item);
        }
        let gone = self.before.values().filter(|row| row.career_id == career && !named.contains(&row.level));
        let gone: Vec<i64> = gone.map(|row| row.id).collect();
        changed |= !gone.is_empty();
        self.gone.extend(gone);
        changed
    }

    fn set_one(
        &mut self,
        import: &mut TaxonomyImport<'_>,
        known: &References,
        career_id: i64,
        item: LevelItem,
    ) -> bool {
        let before = self.before.get(&(career_id, item.level));
        let id = before.map_or_else(|| import.writer.ids.next(), |row| row.id);
        let (years_min, years_max) = item.years;
        let row = career_level::Model { id, career_id, level: item.level, years_min, years_max };
        let differs = before != Some(&row);
        self.changed.extend(differs.then_some(row));
        let titles = item.titles.into_iter().zip(0..);
        let titles = titles.map(|(title, position)| career_level_title::Model { career_level_id: id, position, title });
        let renamed = self.titles.set(id, titles.collect());
        let found = self.links.resolve(id, &item.links, known, &item.at, &mut import.errors);
        self.links.set(id, found) || differs || renamed
    }

    /// Writes the changes.
    pub(super) async fn write(self, db: &DatabaseTransaction, ids: &Ids) -> Result<()> {
        if !self.gone.is_empty() {
            let gone = in_ids(db, career_level::Column::Id.as_column_ref(), self.gone);
            career_level::Entity::delete_many().filter(gone).exec(db).await?;
        }
        save::<career_level::Entity>(db, self.changed).await?;
        self.titles.write(db).await?;
        self.links.write(db, ids).await
    }
}
