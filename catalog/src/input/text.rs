//! Texts: single lines and prose, trimmed and in Unicode normalization form C, so that texts that look equal are equal.

use serde_json::Value;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

use super::error::{ValidationCode, Violation};

/// Maximum length of a name or title in characters.
pub const MAX_NAME_CHARS: usize = 200;
/// Maximum length of a summary in characters.
pub const MAX_SUMMARY_CHARS: usize = 500;
/// Maximum length of a description in characters.
pub const MAX_DESCRIPTION_CHARS: usize = 20_000;
/// Maximum length of a note in characters.
pub const MAX_NOTE_CHARS: usize = 2_000;
/// Maximum length of a slug, or of the key of a source or statistic, in characters.
pub const MAX_SLUG_CHARS: usize = 120;

/// Reads a text of one line.
pub fn line(max: usize) -> impl Fn(&Value) -> Result<String, Violation> {
    let refused = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}');
    move |value| text(value, max, refused, "must be one line without control characters")
}

/// Reads a text of any number of lines. Line endings become single line feeds.
pub fn prose(max: usize) -> impl Fn(&Value) -> Result<String, Violation> {
    move |value| text(value, max, |c| c.is_control() && c != '\n' && c != '\t', "must not hold control characters")
}

fn text(value: &Value, max: usize, refused: impl Fn(char) -> bool, rule: &str) -> Result<String, Violation> {
    let Value::String(text) = value else { return Err(Violation::invalid("must be a text")) };
    let text = normalize(text.replace("\r\n", "\n").trim());
    if text.chars().all(|c| c.is_whitespace() || is_invisible(c)) {
        return Err(Violation { code: ValidationCode::TooShort, text: "must not be empty".into() });
    }
    if text.chars().any(refused) {
        return Err(Violation::invalid(rule));
    }
    if text.chars().any(is_direction_override) {
        return Err(Violation::invalid("must not hold characters that override the direction of writing"));
    }
    if text.chars().any(is_noncharacter) {
        return Err(Violation::invalid("must not hold characters that are none of any writing"));
    }
    let length = text.chars().count();
    if length > max {
        let text = format!("must have at most {max} characters, and has {length}");
        return Err(Violation { code: ValidationCode::TooLong, text });
    }
    Ok(text)
}

/// The text in normalization form C. Most texts are in it, which is found several times faster than it is made.
fn normalize(text: &str) -> String {
    match is_nfc_quick(text.chars()) {
        IsNormalized::Yes => text.to_owned(),
        IsNormalized::No | IsNormalized::Maybe => text.nfc().collect(),
    }
}

/// Explicit embeddings, overrides and isolates, which can make a text read as another one.
fn is_direction_override(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Characters that are invisible, although they can occur next to letters: joiners, direction marks, soft hyphens,
/// fillers, blanks.
fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
    ) || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}')
        || matches!(c, '\u{feff}' | '\u{ffa0}' | '\u{e0000}'..='\u{e0fff}')
}

/// Unicode noncharacters, and the byte order mark, which is a mistake inside a text.
fn is_noncharacter(c: char) -> bool {
    matches!(u32::from(c) & 0xffff, 0xfffe | 0xffff) || matches!(c, '\u{fdd0}'..='\u{fdef}' | '\u{feff}')
}

/// Reads a slug: lower-case ASCII letters, digits, and single hyphens between them.
pub fn slug(value: &Value) -> Result<String, Violation> {
    let text = line(MAX_SLUG_CHARS)(value)?;
    let word = |word: &str| !word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit());
    if text.split('-').all(word) {
        return Ok(text);
    }
    Err(Violation::invalid("must be lower-case letters a to z and digits, with single hyphens between them"))
}

/// Shortens a text to at most `max` characters, between words if possible, and adds an ellipsis.
pub fn truncate(text: &str, max: usize) -> String {
    let text: String = text.trim().nfc().collect();
    let Some((end, _)) = text.char_indices().nth(max) else { return text };
    let room = text.get(..end).unwrap_or_default();
    let room = room.char_indices().next_back().map_or(room, |(last, _)| room.get(..last).unwrap_or_default());
    let words = room.rfind(char::is_whitespace).filter(|place| *place * 2 > room.len());
    format!("{}…", words.and_then(|place| room.get(..place)).unwrap_or(room).trim_end())
}
