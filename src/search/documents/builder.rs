//! A document while it is written: values that are not stated are left out.

use tantivy::TantivyDocument;
use tantivy::schema::Field;

use crate::search::{DocKind, Fields};

/// A document and the fields it is written in.
pub(super) struct DocumentBuilder<'a> {
    pub(super) fields: &'a Fields,
    pub(super) document: TantivyDocument,
}

impl<'a> DocumentBuilder<'a> {
    /// A document of this kind for the row of this id.
    pub(super) fn new(fields: &'a Fields, kind: DocKind, id: i64) -> Self {
        let mut builder = Self { fields, document: TantivyDocument::default() };
        builder.numbers(fields.doc_kind, [kind as i64]);
        builder.numbers(fields.id, [id]);
        builder
    }

    /// Whole numbers: any number of them, so an `Option` too.
    pub(super) fn numbers<N: Into<i64>>(&mut self, field: Field, numbers: impl IntoIterator<Item = N>) {
        numbers.into_iter().for_each(|number| self.document.add_i64(field, number.into()));
    }

    /// The places of members of a closed list in it.
    pub(super) fn members(&mut self, field: Field, mask: i32) {
        self.numbers(field, (0..i32::BITS as i32).filter(|place| mask & (1 << place) != 0));
    }

    /// Fractions.
    pub(super) fn fractions(&mut self, field: Field, numbers: impl IntoIterator<Item = f64>) {
        numbers.into_iter().for_each(|number| self.document.add_f64(field, number));
    }

    /// Texts.
    pub(super) fn texts<T: AsRef<str>>(&mut self, field: Field, texts: impl IntoIterator<Item = T>) {
        texts.into_iter().for_each(|text| self.document.add_text(field, text));
    }
}
