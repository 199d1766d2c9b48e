//! Builds the documents of the index from rows: what the public can find and nothing else. Does not belong here: how
//! documents are searched.
//!
//! The documents of one course form a block: the course, directly followed by its offerings. They must be added in one
//! batch, so that they stay together in one segment. The course of an offering is then the last course before it, and a
//! condition on offerings needs no join.

mod course;
mod names;
mod rows;

use sea_orm::ConnectionTrait;
use search::Fields;
use search::TantivyDocument;

use crate::dictionary::{Dictionary, Provider};
use crate::error::Result;

pub use names::names;

/// Loads the documents of each of these courses with a few statements for all of them, so at most a few thousand IDs at
/// a time. The list is empty for a course that is not public: unpublished, deleted, or of a provider that is not
/// listed.
#[tracing::instrument(level = "debug", skip_all)]
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
