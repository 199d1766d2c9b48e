//! A document, and how it is made safe to embed in a page, so that no text in it can end the surrounding tag. The
//! contents of documents do not belong here.

use serde_json::Value;

/// A JSON-LD document.
pub struct Document(pub(super) Value);

impl Document {
    /// Converts the document to a value of the API. Inserts a space between `<` and any character that would make it a
    /// tag. This protects clients that write the document into a page with a JSON serializer that knows nothing of HTML,
    /// as most do.
    pub fn value(self) -> Value {
        escape_tags(self.0)
    }

    /// Serializes the document as text that can be placed inside `<script>` as it is. Characters with a meaning in HTML
    /// or JavaScript become Unicode escapes, so a JSON parser reads the same document.
    pub fn script(&self) -> String {
        let text = self.0.to_string();
        let mut safe = String::with_capacity(text.len());
        for character in text.chars() {
            match character {
                '<' => safe.push_str("\\u003c"),
                '>' => safe.push_str("\\u003e"),
                '&' => safe.push_str("\\u0026"),
                '\u{2028}' => safe.push_str("\\u2028"),
                '\u{2029}' => safe.push_str("\\u2029"),
                other => safe.push(other),
            }
        }
        safe
    }
}

fn escape_tags(document: Value) -> Value {
    match document {
        Value::String(text) => Value::String(escape_tags_in_text(&text)),
        Value::Array(items) => items.into_iter().map(escape_tags).collect(),
        Value::Object(fields) => fields.into_iter().map(|(name, value)| (name, escape_tags(value))).collect(),
        other @ (Value::Null | Value::Bool(_) | Value::Number(_)) => other,
    }
}

fn escape_tags_in_text(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        safe.push(character);
        let begins = |next: &char| next.is_ascii_alphabetic() || matches!(next, '/' | '!' | '?');
        if character == '<' && characters.peek().is_some_and(begins) {
            safe.push(' ');
        }
    }
    safe
}
