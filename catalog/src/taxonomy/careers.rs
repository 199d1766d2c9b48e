//! Import of careers, with their levels, skills and related careers.

mod levels;

use entity::{career, career_slug};

use self::levels::Levels;
use super::section::{Item, LoggedItem, Section};
use super::state::TaxonomyImport;
use crate::error::Result;
use crate::input::text::{MAX_DESCRIPTION_CHARS, MAX_NAME_CHARS, line, prose};
use crate::input::{InputReader, Patch};
use crate::write::{LinkTable, Mentions, Target, insert};

const LINKS: [LinkTable; 3] = [
    LinkTable::new("skills", "career_skill", "career_id", "skill_id", Target::Skill),
    LinkTable::new("related", "career_related", "career_id", "related_id", Target::Career),
    LinkTable::citations("career_id"),
];

/// Fields of a career.
pub(super) struct CareerFields {
    title: String,
    description: Patch<String>,
    levels: Patch<Vec<levels::LevelItem>>,
}

/// Reads one item of the section.
pub(super) fn read(reader: &mut InputReader<'_>) -> Option<Item<CareerFields>> {
    Item::read(reader, "slug", &LINKS, |reader| {
        let title = reader.required("title", line(MAX_NAME_CHARS));
        let description = reader.nullable("description", prose(MAX_DESCRIPTION_CHARS));
        let levels = reader.objects("levels", 3, levels::read);
        Some(CareerFields { title: title?, description, levels })
    })
}

/// Writes all items of the section. Careers refer to each other, so all of them get their IDs first.
pub(super) async fn write(import: &mut TaxonomyImport<'_>, items: Vec<Item<CareerFields>>) -> Result<()> {
    let mut mentions = Mentions::default();
    let levels = items.iter().filter_map(|item| item.fields.levels.as_ref()).flatten();
    levels.for_each(|level| level.links.mention(&mut mentions));
    let mut section = Section::<career::Entity>::load(import, Target::Career, &LINKS, &items, mentions).await?;
    let mut all_levels = Levels::load(import.db, &section.own).await?;
    let placed = items.into_iter().filter_map(|item| Some((section.assign_id(import, &item)?, item)));
    for (id, item) in placed.collect::<Vec<_>>() {
        let linked = section.link(import, id, &item);
        let CareerFields { title, description, levels } = item.fields;
        let leveled = levels.value().is_some_and(|levels| all_levels.set(import, &section.known, id, levels));
        let before = section.before(id);
        let slug = before.map_or(item.slug, |row| row.slug.clone());
        let description = description.apply_to(before.and_then(|row| row.description.clone()));
        let row = career::Model { id, slug: slug.clone(), title, description };
        section.set(import, LoggedItem { id, slug, provider_id: None, is_public: true }, row, linked || leveled);
    }
    let created = section.write(import).await?;
    let slugs = created.into_iter().map(|(career_id, slug)| career_slug::Model { slug, career_id });
    insert::<career_slug::Entity>(import.db, slugs.collect()).await?;
    all_levels.write(import.db, &import.writer.ids).await
}
