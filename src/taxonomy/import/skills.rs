//! Import of skills and the aliases by which they are found.

use entity::{SkillKind, skill, skill_alias};

use super::work::{Done, Mark, Work};
use crate::error::Result;
use crate::input::text::{NAME, line, slug};
use crate::input::value::member;
use crate::input::{InputReader, Patch};
use crate::write::{Child, Children, Mentions, References, Target, rows, save};

/// Checked skill.
pub(super) struct Draft {
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
pub(super) fn read(reader: &mut InputReader<'_>) -> Option<Draft> {
    let (slug, name) = (reader.required("slug", slug), reader.required("name", line(NAME)));
    let kind = reader.required("kind", member);
    let aliases = reader.list("aliases", 50, line(NAME));
    Some(Draft { at: reader.path(), slug: slug?, name: name?, kind: kind?, aliases })
}

/// Writes all items of the section.
pub(super) async fn write(work: &mut Work<'_>, drafts: Vec<Draft>) -> Result<()> {
    let mentions = Mentions::of(Target::Skill, drafts.iter().map(|draft| &draft.slug));
    let mut known = References::load(work.db, mentions).await?;
    let there = known.ids(Target::Skill);
    let before = rows::<skill::Entity>(work.db, there.clone()).await?;
    let mut aliases = Children::<skill_alias::Entity>::load(work.db, &there).await?;
    let mut changed = Vec::new();
    for draft in drafts {
        let Some(id) = work.place(&mut known, Target::Skill, &draft.at, &draft.slug) else { continue };
        let row = skill::Model { id, slug: draft.slug, name: draft.name, kind: draft.kind };
        let renamed = draft.aliases.value().is_some_and(|names| aliases.want(id, others(id, names)));
        let differs = before.get(&id) != Some(&row) || renamed;
        work.done(Done { target: Target::Skill, id, slug: &row.slug, mark: Mark::of(before.get(&id), differs) });
        changed.extend(differs.then_some(row));
    }
    save::<skill::Entity>(work.db, changed).await?;
    aliases.write(work.db).await
}

/// Builds the alias rows. Aliases are a set, so duplicates count once.
fn others(skill_id: i64, mut names: Vec<String>) -> Vec<skill_alias::Model> {
    names.sort();
    names.dedup();
    names.into_iter().map(|alias| skill_alias::Model { skill_id, alias }).collect()
}
