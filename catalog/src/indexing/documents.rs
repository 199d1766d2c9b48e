//! Builds the documents of the index from rows: what the public can find and nothing else. Does not belong here: how
//! documents are searched.
//!
//! The documents of one course form a block: the course, directly followed by its offerings. They must be added in one
//! batch, so that they stay together in one segment. The course of an offering is then the last course before it, and a
//! condition on offerings needs no join.

mod course;
mod rows;

use sea_orm::ConnectionTrait;
use search::document_builder::DocumentBuilder;
use search::folding::fold;
use search::{DocKind, Fields, TantivyDocument};

use crate::dictionary::{Dictionary, Provider};
use crate::error::Result;

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

/// Documents of listed providers, certifications of listed issuers, careers, skills and subjects. They have no `owner`:
/// they are few, and replaced all at once by kind.
pub fn names(dictionary: &Dictionary, fields: &Fields) -> Vec<TantivyDocument> {
    let mut documents = Vec::new();
    for (_, row) in dictionary.providers.in_order().iter().filter(|(_, row)| row.is_listed()) {
        documents.push(provider(fields, row));
    }
    let mut add = |kind, id, names: &[&str], description: Option<&str>| {
        documents.push(document(fields, kind, id, names, description));
    };
    for (_, row) in dictionary.certifications.in_order() {
        if row.is_listed(dictionary) {
            add(DocKind::Certification, row.row.id, &[&row.row.name], row.row.description.as_deref());
        }
    }
    for (_, row) in dictionary.careers.in_order() {
        add(DocKind::Career, row.row.id, &[&row.row.title], row.row.description.as_deref());
    }
    for (_, row) in dictionary.skills.in_order() {
        add(DocKind::Skill, row.row.id, &row.names(), None);
    }
    for (_, row) in dictionary.subjects.in_order() {
        add(DocKind::Subject, row.id, &[&row.name], None);
    }
    documents
}

fn provider(fields: &Fields, row: &Provider) -> TantivyDocument {
    let (id, description) = (row.row.id, row.row.description.as_deref());
    let mut document = document(fields, DocKind::Provider, id, &[&row.row.name], description);
    // A search text may name a city without offerings of its own.
    let cities = row.locations.iter().filter_map(|location| location.city.as_deref());
    cities.for_each(|city| document.add_text(fields.city, fold(city)));
    document
}

/// The first name is the one that is shown and sorted by.
fn document(fields: &Fields, kind: DocKind, id: i64, names: &[&str], description: Option<&str>) -> TantivyDocument {
    let mut builder = DocumentBuilder::new(fields, kind, id);
    builder.texts(fields.title, names);
    builder.texts(fields.prefixes, names);
    builder.texts(fields.name_key, names.first().map(|name| fold(name)));
    builder.texts(fields.shown_title, names.first());
    if kind == DocKind::Skill {
        builder.texts(fields.names, names);
    }
    builder.texts(fields.description, description);
    builder.document
}
