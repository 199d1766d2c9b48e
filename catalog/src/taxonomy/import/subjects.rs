//! Import of subjects.

use entity::subject;

use super::state::{ImportEffect, ImportedItem, TaxonomyImport};
use crate::error::Result;
use crate::input::InputReader;
use crate::input::text::{MAX_NAME_CHARS, line, slug};
use crate::write::{Mentions, References, Target, rows, save};

/// Checked subject.
pub(super) struct SubjectItem {
    at: Vec<String>,
    slug: String,
    name: String,
}

/// Reads one item of the section.
pub(super) fn read(reader: &mut InputReader<'_>) -> Option<SubjectItem> {
    let (slug, name) = (reader.required("slug", slug), reader.required("name", line(MAX_NAME_CHARS)));
    Some(SubjectItem { at: reader.path(), slug: slug?, name: name? })
}

/// Writes all items of the section.
pub(super) async fn write(import: &mut TaxonomyImport<'_>, items: Vec<SubjectItem>) -> Result<()> {
    let mentions = Mentions::of(Target::Subject, items.iter().map(|item| &item.slug));
    let mut known = References::load(import.db, mentions).await?;
    let before = rows::<subject::Entity>(import.db, known.ids(Target::Subject)).await?;
    let mut changed = Vec::new();
    for item in items {
        let Some(id) = import.assign_id(&mut known, Target::Subject, &item.at, &item.slug) else { continue };
        let row = subject::Model { id, slug: item.slug, name: item.name };
        let differs = before.get(&id) != Some(&row);
        import.count_item(ImportedItem {
            target: Target::Subject,
            id,
            slug: &row.slug,
            effect: ImportEffect::of(before.get(&id), differs),
        });
        changed.extend(differs.then_some(row));
    }
    save::<subject::Entity>(import.db, changed).await
}
