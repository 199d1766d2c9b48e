//! Import of skills and the aliases by which they are found.

use entity::{SkillKind, skill, skill_alias};

use super::state::{ImportEffect, ImportedItem, TaxonomyImport};
use crate::error::Result;
use crate::input::text::{MAX_NAME_CHARS, line, slug};
use crate::input::value::member;
use crate::input::{InputReader, Patch};
use crate::write::{Child, Children, Mentions, References, Target, rows, save};

/// Checked skill.
pub(super) struct SkillItem {
    at: Vec<String>,
    slug: String,
    name: String,
    kind: SkillKind,
    aliases: Patch<Vec<String>>,
}

impl Child for skill_alias::Entity {
    const OWNER: skill_alias::Column = skill_alias::Column::SkillId;

    fn owner(row: &skill_alias::Model) -> i64 {
        row.skill_id
    }
}

/// Reads one item of the section.
pub(super) fn read(reader: &mut InputReader<'_>) -> Option<SkillItem> {
    let (slug, name) = (reader.required("slug", slug), reader.required("name", line(MAX_NAME_CHARS)));
    let kind = reader.required("kind", member);
    let aliases = reader.list("aliases", 50, line(MAX_NAME_CHARS));
    Some(SkillItem { at: reader.path(), slug: slug?, name: name?, kind: kind?, aliases })
}

/// Writes all items of the section.
pub(super) async fn write(import: &mut TaxonomyImport<'_>, items: Vec<SkillItem>) -> Result<()> {
    let mentions = Mentions::of(Target::Skill, items.iter().map(|item| &item.slug));
    let mut known = References::load(import.db, mentions).await?;
    let there = known.ids(Target::Skill);
    let before = rows::<skill::Entity>(import.db, there.clone()).await?;
    let mut aliases = Children::<skill_alias::Entity>::load(import.db, &there).await?;
    let mut changed = Vec::new();
    for item in items {
        let Some(id) = import.assign_id(&mut known, Target::Skill, &item.at, &item.slug) else { continue };
        let row = skill::Model { id, slug: item.slug, name: item.name, kind: item.kind };
        let renamed = item.aliases.value().is_some_and(|names| aliases.set(id, others(id, names)));
        let differs = before.get(&id) != Some(&row) || renamed;
        import.count_item(ImportedItem {
            target: Target::Skill,
            id,
            slug: &row.slug,
            effect: ImportEffect::of(before.get(&id), differs),
        });
        changed.extend(differs.then_some(row));
    }
    save::<skill::Entity>(import.db, changed).await?;
    aliases.write(import.db).await
}

/// Builds the alias rows. Aliases are a set, so duplicates count once.
fn others(skill_id: i64, mut names: Vec<String>) -> Vec<skill_alias::Model> {
    names.sort();
    names.dedup();
    names.into_iter().map(|alias| skill_alias::Model { skill_id, alias }).collect()
}
