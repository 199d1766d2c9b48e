//! Import of the documents that facts are taken from.

use chrono::NaiveDate;
use entity::source;

use super::state::{ImportEffect, ImportedItem, TaxonomyImport};
use crate::error::Result;
use crate::input::text::{MAX_NAME_CHARS, MAX_SUMMARY_CHARS, line, slug};
use crate::input::value::{date, web_address, whole};
use crate::input::{InputReader, Patch};
use crate::write::{Mentions, References, Target, rows, save};

/// Checked source.
pub(super) struct SourceItem {
    at: Vec<String>,
    key: String,
    subject: String,
    publisher: Patch<String>,
    url: Patch<String>,
    year: Patch<i32>,
    retrieved_on: Patch<NaiveDate>,
}

/// Reads one item of the section.
pub(super) fn read(reader: &mut InputReader<'_>) -> Option<SourceItem> {
    let (key, subject) = (reader.required("key", slug), reader.required("subject", line(MAX_SUMMARY_CHARS)));
    let publisher = reader.nullable("publisher", line(MAX_NAME_CHARS));
    let url = reader.nullable("url", web_address);
    let year = reader.nullable("year", whole(1900..=2200));
    let retrieved_on = reader.nullable("retrievedOn", date);
    Some(SourceItem { at: reader.path(), key: key?, subject: subject?, publisher, url, year, retrieved_on })
}

/// Writes all items of the section.
pub(super) async fn write(import: &mut TaxonomyImport<'_>, items: Vec<SourceItem>) -> Result<()> {
    let mentions = Mentions::of(Target::Source, items.iter().map(|item| &item.key));
    let mut known = References::load(import.db, mentions).await?;
    let mut before = rows::<source::Entity>(import.db, known.ids(Target::Source)).await?;
    let mut changed = Vec::new();
    for item in items {
        let Some(id) = import.assign_id(&mut known, Target::Source, &item.at, &item.key) else { continue };
        let before = before.remove(&id);
        let row = item.apply_to(id, before.as_ref());
        let differs = before.as_ref() != Some(&row);
        import.count_item(ImportedItem {
            target: Target::Source,
            id,
            slug: &row.key,
            effect: ImportEffect::of(before.as_ref(), differs),
        });
        changed.extend(differs.then_some(row));
    }
    save::<source::Entity>(import.db, changed).await
}

impl SourceItem {
    fn apply_to(self, id: i64, before: Option<&source::Model>) -> source::Model {
        source::Model {
            id,
            key: self.key,
            subject: self.subject,
            publisher: self.publisher.apply_to(before.and_then(|row| row.publisher.clone())),
            url: self.url.apply_to(before.and_then(|row| row.url.clone())),
            year: self.year.apply_to(before.and_then(|row| row.year)),
            retrieved_on: self.retrieved_on.apply_to(before.and_then(|row| row.retrieved_on)),
        }
    }
}
