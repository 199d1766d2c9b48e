//! Documents of the small tables, which are searched by name.

use search::TantivyDocument;
use search::document_builder::DocumentBuilder;
use search::folding::fold;
use search::{DocKind, Fields};

use crate::dictionary::Dictionary;

/// Documents of listed providers, certifications of listed issuers, careers, skills and subjects. They have no `owner`:
/// they are few, and replaced all at once by kind.
pub fn names(dictionary: &Dictionary, fields: &Fields) -> Vec<TantivyDocument> {
    let mut documents = Vec::new();
    let mut add = |kind, id, names: &[&str], description: Option<&str>| {
        documents.push(document(fields, kind, id, names, description));
    };
    for (_, row) in dictionary.providers.in_order().iter().filter(|(_, row)| row.is_listed()) {
        add(DocKind::Provider, row.row.id, &[&row.row.name], row.row.description.as_deref());
    }
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
