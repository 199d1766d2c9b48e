//! Putting a document into the text of a page without anything in it ending the tag that it stands in. What must not go
//! in: what documents say.

use serde_json::Value;

/// A document as text that may stand inside `<script>` as it is: the characters that mean something to a reader of HTML
/// or of JavaScript are written as JSON writes them by number, so that a reader of JSON gets the same document.
pub(super) fn script(document: &Value) -> String {
    let text = document.to_string();
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

/// A document in whose texts no tag begins: a space comes between `<` and what would make it one. For those who write it
/// into a page with a writer of JSON that knows nothing of HTML, as most are.
pub(super) fn tame(document: Value) -> Value {
    match document {
        Value::String(text) => Value::String(tamed(&text)),
        Value::Array(items) => items.into_iter().map(tame).collect(),
        Value::Object(fields) => fields.into_iter().map(|(name, value)| (name, tame(value))).collect(),
        other @ (Value::Null | Value::Bool(_) | Value::Number(_)) => other,
    }
}

fn tamed(text: &str) -> String {
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
