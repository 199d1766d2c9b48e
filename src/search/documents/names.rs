//! The documents of the small tables: what is searched by name beside courses.

use tantivy::TantivyDocument;

use super::draft::Draft;
use crate::dictionary::Dictionary;
use crate::search::{DocKind, Fields};
use crate::text::fold;

/// Listed providers, the certifications of listed issuers, careers, skills and subjects. They carry no `owner`: they
/// are few, and are replaced all at once by their kind.
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

/// The first of the names is the one that is shown and sorted by.
fn document(fields: &Fields, kind: DocKind, id: i64, names: &[&str], description: Option<&str>) -> TantivyDocument {
    let mut draft = Draft::new(fields, kind, id);
    draft.texts(fields.title, names);
    draft.texts(fields.prefixes, names);
    draft.texts(fields.name_key, names.first().map(|name| fold(name)));
    draft.texts(fields.shown_title, names.first());
    if kind == DocKind::Skill {
        draft.texts(fields.names, names);
    }
    draft.texts(fields.description, description);
    draft.document
}
