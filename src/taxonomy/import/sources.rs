//! Import of the documents that facts are taken from.

use chrono::NaiveDate;
use entity::source;

use super::work::{Done, Mark, Work};
use crate::error::Result;
use crate::input::text::{NAME, SUMMARY, line, slug};
use crate::input::value::{date, web_address, whole};
use crate::input::{InputReader, Patch};
use crate::write::{Mentions, References, Target, rows, save};

/// Checked source.
pub(super) struct Draft {
    at: Vec<String>,
    key: String,
    subject: String,
    publisher: Patch<String>,
    url: Patch<String>,
    year: Patch<i32>,
    retrieved_on: Patch<NaiveDate>,
}

/// Reads one item of the section.
pub(super) fn read(reader: &mut InputReader<'_>) -> Option<Draft> {
    let (key, subject) = (reader.required("key", slug), reader.required("subject", line(SUMMARY)));
    let publisher = reader.nullable("publisher", line(NAME));
    let url = reader.nullable("url", web_address);
    let year = reader.nullable("year", whole(1900..=2200));
    let retrieved_on = reader.nullable("retrievedOn", date);
    Some(Draft { at: reader.path(), key: key?, subject: subject?, publisher, url, year, retrieved_on })
}

/// Writes all items of the section.
pub(super) async fn write(work: &mut Work<'_>, drafts: Vec<Draft>) -> Result<()> {
    let mentions = Mentions::of(Target::Source, drafts.iter().map(|draft| &draft.key));
    let mut known = References::load(work.db, mentions).await?;
    let mut before = rows::<source::Entity>(work.db, known.ids(Target::Source)).await?;
    let mut changed = Vec::new();
    for draft in drafts {
        let Some(id) = work.place(&mut known, Target::Source, &draft.at, &draft.key) else { continue };
        let before = before.remove(&id);
        let row = draft.over(id, before.as_ref());
        let differs = before.as_ref() != Some(&row);
        work.done(Done { target: Target::Source, id, slug: &row.key, mark: Mark::of(before.as_ref(), differs) });
        changed.extend(differs.then_some(row));
    }
    save::<source::Entity>(work.db, changed).await
}

impl Draft {
    fn over(self, id: i64, before: Option<&source::Model>) -> source::Model {
        source::Model {
            id,
            key: self.key,
            subject: self.subject,
            publisher: self.publisher.over(before.and_then(|row| row.publisher.clone())),
            url: self.url.over(before.and_then(|row| row.url.clone())),
            year: self.year.over(before.and_then(|row| row.year)),
            retrieved_on: self.retrieved_on.over(before.and_then(|row| row.retrieved_on)),
        }
    }
}
