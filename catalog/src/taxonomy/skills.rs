//! Import of skills and the aliases by which they are found.

use entity::{SkillKind, skill, skill_alias};

use super::section::{Item, LoggedItem, Section};
use super::state::TaxonomyImport;
use crate::error::Result;
use crate::input::text::{MAX_NAME_CHARS, line};
use crate::input::value::member;
use crate::input::{InputReader, Patch};
use crate::write::{Child, Children, Mentions, Target};

/// Fields of a skill.
pub(super) struct SkillFields {
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
pub(super) fn read(reader: &mut InputReader<'_>) -> Option<Item<SkillFields>> {
    Item::read(reader, "slug", &[], |reader| {
        let (name, kind) = (reader.required("name", line(MAX_NAME_CHARS)), reader.required("kind", member));
        let aliases = reader.list("aliases", 50, line(MAX_NAME_CHARS));
        Some(SkillFields { name: name?, kind: kind?, aliases })
    })
}

/// Writes all items of the section.
pub(super) async fn write(import: &mut TaxonomyImport<'_>, items: Vec<Item<SkillFields>>) -> Result<()> {
    let mentions = Mentions::default();
    let mut section = Section::<skill::Entity>::load(import, Target::Skill, &[], &items, mentions).await?;
    let mut aliases = Children::<skill_alias::Entity>::load(import.db, &section.own).await?;
    for item in items {
        let Some(id) = section.assign_id(import, &item) else { continue };
        let SkillFields { name, kind, aliases: names } = item.fields;
        let row = skill::Model { id, slug: item.slug.clone(), name, kind };
        let renamed = names.value().is_some_and(|names| aliases.set(id, others(id, names)));
        section.set(import, LoggedItem::internal(id, item.slug), row, renamed);
    }
    section.write(import).await?;
    aliases.write(import.db).await
}

/// Builds the alias rows. Aliases are a set, so duplicates count once.
fn others(skill_id: i64, mut names: Vec<String>) -> Vec<skill_alias::Model> {
    names.sort();
    names.dedup();
    names.into_iter().map(|alias| skill_alias::Model { skill_id, alias }).collect()
}
