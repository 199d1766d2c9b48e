//! Tells HTML from a text that speaks of it, such as "the `<b>` tag", or that only has angle brackets.

use super::tag::{Tag, has_entity, tags};

/// Elements that are often not closed, or never.
const OPEN_ELEMENTS: [&str; 14] =
    ["br", "dd", "dt", "hr", "img", "input", "li", "option", "p", "tbody", "td", "th", "tr", "wbr"];

/// Punctuation before a tag that is a word of a sentence.
const OPENING: &str = "([\"'`“„‘«「/";
/// Punctuation after it.
const CLOSING: &str = ")]\"'`”“’»」/.,;:!?-";
/// Number of characters of a line that are searched for words.
const MAX_LINE_CHARS: usize = 200;

/// Whether a text holds entities or tags of HTML that are meant as such.
pub(in crate::import) fn is_html(text: &str) -> bool {
    has_entity(text) || has_markup(text)
}

fn has_markup(text: &str) -> bool {
    // Start tags that wait for their ends. A sentence may name some: "<ul> or </ul>".
    let mut open: Vec<(String, Neighbours<'_>)> = Vec::new();
    for (tag, at, length) in tags(text) {
        let around = Neighbours::of(text, at, length);
        if tag.is_end {
            let start = open.iter().rfind(|(name, _)| *name == tag.name).map(|(_, start)| start);
            let names_both = |start: &Neighbours<'_>| {
                start.is_word() && around.is_word() && (start.has_words_before() || around.has_words_after())
            };
            if start.is_some_and(|start| !names_both(start)) {
                return true;
            }
        } else if tag.attributes.contains('=') || stands_open(&tag, &around) {
            return true;
        } else if open.iter().all(|(name, _)| *name != tag.name) {
            open.push((tag.name, around));
        }
    }
    false
}

/// Whether a tag without an end does what it stands for: it is neither named, nor a parameter of a type, `Vec<p>`.
fn stands_open(tag: &Tag<'_>, around: &Neighbours<'_>) -> bool {
    let is_parameter = around.before.ends_with(char::is_alphanumeric)
        && !around.after.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '<' | '\n' | '\r'));
    let is_break = matches!(tag.name.as_str(), "br" | "hr");
    let is_named = around.is_word() && (around.has_words_before() || around.has_words_after());
    OPEN_ELEMENTS.contains(&tag.name.as_str()) && !is_named && (is_break || !is_parameter)
}

/// What stands around a tag.
struct Neighbours<'a> {
    before: &'a str,
    after: &'a str,
}

impl<'a> Neighbours<'a> {
    fn of(text: &'a str, at: usize, length: usize) -> Self {
        Self { before: text.get(..at).unwrap_or_default(), after: text.get(at + length..).unwrap_or_default() }
    }

    /// Whether the tag touches nothing but punctuation, like a word of a sentence.
    fn is_word(&self) -> bool {
        let (before, after) = (self.before.chars().next_back(), self.after.chars().next());
        before.is_none_or(|c| c.is_whitespace() || OPENING.contains(c))
            && after.is_none_or(|c| c.is_whitespace() || CLOSING.contains(c))
    }

    fn has_words_before(&self) -> bool {
        has_words(self.before.chars().rev())
    }

    fn has_words_after(&self) -> bool {
        has_words(self.after.chars())
    }
}

/// Whether there are words until the line ends.
fn has_words(line: impl Iterator<Item = char>) -> bool {
    line.take(MAX_LINE_CHARS).take_while(|c| !matches!(c, '\n' | '\r')).any(char::is_alphanumeric)
}
