//! Import of subjects.

use entity::subject;

use super::work::{Done, Mark, Work};
use crate::error::Result;
use crate::input::InputReader;
use crate::input::text::{NAME, line, slug};
use crate::write::{Mentions, References, Target, rows, save};

/// Checked subject.
pub(super) struct Draft {
    at: Vec<String>,
    slug: String,
    name: String,
}

/// Reads one item of the section.
pub(super) fn read(reader: &mut InputReader<'_>) -> Option<Draft> {
    let (slug, name) = (reader.required("slug", slug), reader.required("name", line(NAME)));
    Some(Draft { at: reader.path(), slug: slug?, name: name? })
}

/// Writes all items of the section.
pub(super) async fn write(work: &mut Work<'_>, drafts: Vec<Draft>) -> Result<()> {
    let mentions = Mentions::of(Target::Subject, drafts.iter().map(|draft| &draft.slug));
    let mut known = References::load(work.db, mentions).await?;
    let before = rows::<subject::Entity>(work.db, known.ids(Target::Subject)).await?;
    let mut changed = Vec::new();
    for draft in drafts {
        let Some(id) = work.place(&mut known, Target::Subject, &draft.at, &draft.slug) else { continue };
        let row = subject::Model { id, slug: draft.slug, name: draft.name };
        let differs = before.get(&id) != Some(&row);
        work.done(Done { target: Target::Subject, id, slug: &row.slug, mark: Mark::of(before.get(&id), differs) });
        changed.extend(differs.then_some(row));
    }
    save::<subject::Entity>(work.db, changed).await
}
