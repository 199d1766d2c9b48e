//! Import of careers, with their levels, skills and related careers.

mod levels;

use entity::{career, career_slug};

use self::levels::Levels;
use super::work::{Done, Mark, Work};
use crate::error::Result;
use crate::input::text::{DESCRIPTION, NAME, line, prose, slug};
use crate::input::{InputReader, Patch};
use crate::write::{LinkSet, LinkTable, Mentions, NamedLinks, References, Target, insert, rows, save};

const LINKS: [LinkTable; 3] = [
    LinkTable::new("skills", "career_skill", "career_id", "skill_id", Target::Skill),
    LinkTable::new("related", "career_related", "career_id", "related_id", Target::Career),
    LinkTable::citations("career_id"),
];

/// Checked career.
pub(super) struct Draft {
    at: Vec<String>,
    slug: String,
    title: String,
    description: Patch<String>,
    levels: Patch<Vec<levels::Draft>>,
    links: NamedLinks,
}

/// Reads one item of the section.
pub(super) fn read(reader: &mut InputReader<'_>) -> Option<Draft> {
    let (slug, title) = (reader.required("slug", slug), reader.required("title", line(NAME)));
    let description = reader.nullable("description", prose(DESCRIPTION));
    let levels = reader.objects("levels", 3, levels::read);
    let links = NamedLinks::read(reader, &LINKS);
    Some(Draft { at: reader.path(), slug: slug?, title: title?, description, levels, links })
}

/// Writes all items of the section. Careers refer to each other, so all of them get their IDs first.
pub(super) async fn write(work: &mut Work<'_>, drafts: Vec<Draft>) -> Result<()> {
    let mut known = References::load(work.db, mentions(&drafts)).await?;
    let own: Vec<i64> = drafts.iter().filter_map(|draft| known.id(Target::Career, &draft.slug)).collect();
    let before = rows::<career::Entity>(work.db, own.clone()).await?;
    let mut links = LinkSet::load(work.db, Target::Career, &LINKS, &own).await?;
    let mut levels = Levels::load(work.db, &own).await?;
    let placed = drafts.into_iter().filter_map(|draft| {
        let id = work.place(&mut known, Target::Career, &draft.at, &draft.slug)?;
        Some((id, draft))
    });
    let (mut changed, mut slugs) = (Vec::new(), Vec::new());
    for (id, draft) in placed.collect::<Vec<_>>() {
        let before = before.get(&id);
        let row = draft.row(id, before);
        let mut differs = before != Some(&row);
        let found = links.resolve(id, &draft.links, &known, &draft.at, &mut work.errors);
        differs |= links.want(id, found);
        differs |= draft.levels.value().is_some_and(|drafts| levels.want(work, &known, id, drafts));
        if before.is_none() {
            slugs.push(career_slug::Model { slug: row.slug.clone(), career_id: id });
        }
        work.listed(Done { target: Target::Career, id, slug: &row.slug, mark: Mark::of(before, differs) }, None, true);
        changed.extend(differs.then_some(row));
    }
    save::<career::Entity>(work.db, changed).await?;
    insert::<career_slug::Entity>(work.db, slugs).await?;
    links.write(work.db, &work.writer.ids).await?;
    levels.write(work.db, &work.writer.ids).await
}

fn mentions(drafts: &[Draft]) -> Mentions {
    let mut mentions = Mentions::of(Target::Career, drafts.iter().map(|draft| &draft.slug));
    for draft in drafts {
        draft.links.mention(&mut mentions);
        draft.levels.as_ref().into_iter().flatten().for_each(|level| level.links.mention(&mut mentions));
    }
    mentions
}

impl Draft {
    fn row(&self, id: i64, before: Option<&career::Model>) -> career::Model {
        career::Model {
            id,
            slug: before.map_or_else(|| self.slug.clone(), |row| row.slug.clone()),
            title: self.title.clone(),
            description: self.description.clone().over(before.and_then(|row| row.description.clone())),
        }
    }
}
