//! Import of careers, with their levels, skills and related careers.

mod levels;

use entity::{career, career_slug};

use self::levels::Levels;
use super::state::{ImportEffect, ImportedItem, TaxonomyImport};
use crate::error::Result;
use crate::input::text::{MAX_DESCRIPTION_CHARS, MAX_NAME_CHARS, line, prose, slug};
use crate::input::{InputReader, Patch};
use crate::write::{LinkSet, LinkTable, Mentions, NamedLinks, References, Target, insert, rows, save};

const LINKS: [LinkTable; 3] = [
    LinkTable::new("skills", "career_skill", "career_id", "skill_id", Target::Skill),
    LinkTable::new("related", "career_related", "career_id", "related_id", Target::Career),
    LinkTable::citations("career_id"),
];

/// Checked career.
pub(super) struct CareerItem {
    at: Vec<String>,
    slug: String,
    title: String,
    description: Patch<String>,
    levels: Patch<Vec<levels::LevelItem>>,
    links: NamedLinks,
}

/// Reads one item of the section.
pub(super) fn read(reader: &mut InputReader<'_>) -> Option<CareerItem> {
    let (slug, title) = (reader.required("slug", slug), reader.required("title", line(MAX_NAME_CHARS)));
    let description = reader.nullable("description", prose(MAX_DESCRIPTION_CHARS));
    let levels = reader.objects("levels", 3, levels::read);
    let links = NamedLinks::read(reader, &LINKS);
    Some(CareerItem { at: reader.path(), slug: slug?, title: title?, description, levels, links })
}

/// Writes all items of the section. Careers refer to each other, so all of them get their IDs first.
pub(super) async fn write(import: &mut TaxonomyImport<'_>, items: Vec<CareerItem>) -> Result<()> {
    let mut known = References::load(import.db, mentions(&items)).await?;
    let own: Vec<i64> = items.iter().filter_map(|item| known.id(Target::Career, &item.slug)).collect();
    let before = rows::<career::Entity>(import.db, own.clone()).await?;
    let mut links = LinkSet::load(import.db, Target::Career, &LINKS, &own).await?;
    let mut levels = Levels::load(import.db, &own).await?;
    let placed = items.into_iter().filter_map(|item| {
        let id = import.assign_id(&mut known, Target::Career, &item.at, &item.slug)?;
        Some((id, item))
    });
    let (mut changed, mut slugs) = (Vec::new(), Vec::new());
    for (id, item) in placed.collect::<Vec<_>>() {
        let before = before.get(&id);
        let row = item.row(id, before);
        let mut differs = before != Some(&row);
        let found = links.resolve(id, &item.links, &known, &item.at, &mut import.errors);
        differs |= links.set(id, found);
        differs |= item.levels.value().is_some_and(|items| levels.set(import, &known, id, items));
        if before.is_none() {
            slugs.push(career_slug::Model { slug: row.slug.clone(), career_id: id });
        }
        import.count_listing(
            ImportedItem { target: Target::Career, id, slug: &row.slug, effect: ImportEffect::of(before, differs) },
            None,
            true,
        );
        changed.extend(differs.then_some(row));
    }
    save::<career::Entity>(import.db, changed).await?;
    insert::<career_slug::Entity>(import.db, slugs).await?;
    links.write(import.db, &import.writer.ids).await?;
    levels.write(import.db, &import.writer.ids).await
}

fn mentions(items: &[CareerItem]) -> Mentions {
    let mut mentions = Mentions::of(Target::Career, items.iter().map(|item| &item.slug));
    for item in items {
        item.links.mention(&mut mentions);
        item.levels.as_ref().into_iter().flatten().for_each(|level| level.links.mention(&mut mentions));
    }
    mentions
}

impl CareerItem {
    fn row(&self, id: i64, before: Option<&career::Model>) -> career::Model {
        career::Model {
            id,
            slug: before.map_or_else(|| self.slug.clone(), |row| row.slug.clone()),
            title: self.title.clone(),
            description: self.description.clone().apply_to(before.and_then(|row| row.description.clone())),
        }
    }
}
