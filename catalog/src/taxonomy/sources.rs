//! Import of the documents that facts are taken from.

use chrono::NaiveDate;
use entity::source;

use super::section::{Item, LoggedItem, Section};
use super::state::TaxonomyImport;
use crate::error::Result;
use crate::input::text::{MAX_NAME_CHARS, MAX_SUMMARY_CHARS, line};
use crate::input::value::{date, web_address, whole};
use crate::input::{InputReader, Patch};
use crate::write::{Mentions, Target};

/// Fields of a source.
pub(super) struct SourceFields {
    subject: String,
    publisher: Patch<String>,
    url: Patch<String>,
    year: Patch<i32>,
    retrieved_on: Patch<NaiveDate>,
}

/// Reads one item of the section.
pub(super) fn read(reader: &mut InputReader<'_>) -> Option<Item<SourceFields>> {
    Item::read(reader, "key", &[], |reader| {
        let subject = reader.required("subject", line(MAX_SUMMARY_CHARS));
        Some(SourceFields {
            publisher: reader.nullable("publisher", line(MAX_NAME_CHARS)),
            url: reader.nullable("url", web_address),
            year: reader.nullable("year", whole(1900..=2200)),
            retrieved_on: reader.nullable("retrievedOn", date),
            subject: subject?,
        })
    })
}

/// Writes all items of the section.
pub(super) async fn write(import: &mut TaxonomyImport<'_>, items: Vec<Item<SourceFields>>) -> Result<()> {
    let mentions = Mentions::default();
    let mut section = Section::<source::Entity>::load(import, Target::Source, &[], &items, mentions).await?;
    for item in items {
        let Some(id) = section.assign_id(import, &item) else { continue };
        let (fields, before) = (item.fields, section.before(id));
        let row = source::Model {
            id,
            key: item.slug.clone(),
            subject: fields.subject,
            publisher: fields.publisher.apply_to(before.and_then(|row| row.publisher.clone())),
            url: fields.url.apply_to(before.and_then(|row| row.url.clone())),
            year: fields.year.apply_to(before.and_then(|row| row.year)),
            retrieved_on: fields.retrieved_on.apply_to(before.and_then(|row| row.retrieved_on)),
        };
        section.set(import, LoggedItem::internal(id, item.slug), row, false);
    }
    section.write(import).await.map(drop)
}
