//! The documents of the index, made of rows: what the public may find and nothing else. What must not go in: how the
//! documents are looked up.
//!
//! The documents of one course are one block: the course first, its offerings right after it. They must be added in
//! one batch, so that they stay neighbours in one segment: an offering's course is then the last course before it,
//! and a condition on offerings needs no join.

mod builder;
mod course;
mod names;
mod rows;

use sea_orm::ConnectionTrait;
use tantivy::TantivyDocument;

use super::Fields;
use crate::dictionary::{Dictionary, Provider};
use crate::error::Result;

pub use course::days;
pub use names::names;

/// The documents of each of these courses, in one handful of statements for all of them, so at most a few thousand
/// ids at a time; an empty list where the public finds none of it: not published, gone, or of a provider that is not
/// listed.
pub async fn load(
    db: &impl ConnectionTrait,
    dictionary: &Dictionary,
    fields: &Fields,
    ids: &[i64],
) -> Result<Vec<(i64, Vec<TantivyDocument>)>> {
    let mut rows = rows::BatchRows::load(db, ids).await?;
    let documents = ids.iter().map(|id| {
        let rows = rows.take(*id).filter(|rows| listed(dictionary, rows.course.provider_id).is_some());
        (*id, rows.map(|rows| course::documents(dictionary, fields, &rows)).unwrap_or_default())
    });
    Ok(documents.collect())
}

fn listed(dictionary: &Dictionary, provider: i64) -> Option<&Provider> {
    dictionary.providers.get(provider).map(|provider| &**provider).filter(|provider| provider.is_listed())
}
