//! Builds a document, omitting values that are not stated.

use tantivy::TantivyDocument;
use tantivy::schema::Field;

use crate::fields::{DocKind, Fields};

/// Document with the fields it is built of.
pub struct DocumentBuilder<'a> {
    /// Fields of the index.
    pub fields: &'a Fields,
    /// Document so far.
    pub document: TantivyDocument,
}

impl<'a> DocumentBuilder<'a> {
    /// Starts a document of this kind for the row with this ID.
    pub fn new(fields: &'a Fields, kind: DocKind, id: i64) -> Self {
        let mut builder = Self { fields, document: TantivyDocument::default() };
        builder.numbers(fields.doc_kind, [kind as i64]);
        builder.numbers(fields.id, [id]);
        builder
    }

    /// Adds any number of integers, including an `Option`.
    pub fn numbers<N: Into<i64>>(&mut self, field: Field, numbers: impl IntoIterator<Item = N>) {
        numbers.into_iter().for_each(|number| self.document.add_i64(field, number.into()));
    }

    /// Adds the indexes of the members of a set.
    pub fn members(&mut self, field: Field, mask: i32) {
        self.numbers(field, (0..i32::BITS as i32).filter(|place| mask & (1 << place) != 0));
    }

    /// Adds floats.
    pub fn fractions(&mut self, field: Field, numbers: impl IntoIterator<Item = f64>) {
        numbers.into_iter().for_each(|number| self.document.add_f64(field, number));
    }

    /// Adds texts.
    pub fn texts<T: AsRef<str>>(&mut self, field: Field, texts: impl IntoIterator<Item = T>) {
        texts.into_iter().for_each(|text| self.document.add_text(field, text));
    }
}
