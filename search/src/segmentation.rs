//! Takes apart what is written without spaces in a query: where the script changes, around phrases that state facts, and
//! around words that say nothing about the subject. Does not belong here: texts of listings, in which any two adjacent
//! letters are a word.

use super::fact_phrases::{FactPhrases, fact_phrases};
use super::scripts::{is_katakana, is_unspaced, pieces};
use super::stop_words::{are_stop_words, beginning_length, ending_length};
use super::tokenizer::words;
use crate::error::Result;

/// Prefixes of politeness, which belong to the next letter.
const POLITE: [&str; 2] = ["お", "ご"];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Script {
    Hiragana,
    Katakana,
    Ideographs,
    Other,
}

/// Segments of a text without spaces, in its order. A text in another script is one segment.
pub(super) fn segments(text: &str) -> Result<Vec<&str>> {
    if !text.contains(is_unspaced) {
        return Ok(vec![text]);
    }
    let phrases = fact_phrases()?;
    let mut found = Vec::new();
    let mut is_unit = false;
    for (_, piece) in pieces(text) {
        if piece.starts_with(is_unspaced) {
            add_piece(phrases, piece, is_unit, &mut found);
        } else {
            found.push(piece);
        }
        is_unit = piece.ends_with(|c: char| c.is_ascii_digit());
    }
    Ok(found)
}

fn add_piece<'t>(phrases: &FactPhrases, piece: &'t str, is_unit: bool, found: &mut Vec<&'t str>) {
    let (mut from, mut at) = (0, 0);
    let mut is_unit = is_unit;
    while let Some(rest) = piece.get(at..).filter(|rest| !rest.is_empty()) {
        match phrases.unspaced_length(rest, is_unit).filter(|length| is_apart(piece, at, at + length)) {
            Some(length) => {
                add_rest(piece.get(from..at).unwrap_or_default(), found);
                found.extend(rest.get(..length));
                at += length;
                from = at;
            }
            None => {
                is_unit = false;
                at += rest.chars().next().map_or(rest.len(), char::len_utf8);
            }
        }
    }
    add_rest(piece.get(from..).unwrap_or_default(), found);
}

/// Whether a part of a text may be a word of its own. A part of a word in katakana is none (`インド` in `マインド`), and a
/// Korean one begins at the beginning.
fn is_apart(text: &str, from: usize, to: usize) -> bool {
    let (before, rest) = text.split_at_checked(from).unwrap_or_default();
    let after = text.get(to..).unwrap_or_default();
    let part = rest.get(..to - from).unwrap_or_default();
    let continues = |one: &str, other: &str| one.ends_with(is_katakana) && other.starts_with(is_katakana);
    let is_inner = before.ends_with(is_hangul) && part.starts_with(is_hangul);
    !(is_inner || continues(before, part) || continues(part, after))
}

fn is_hangul(c: char) -> bool {
    matches!(c, '\u{1100}'..='\u{11FF}' | '\u{AC00}'..='\u{D7A3}')
}

/// Adds a text without facts.
fn add_rest<'t>(text: &'t str, found: &mut Vec<&'t str>) {
    let mut text = text;
    let mut ends = Vec::new();
    while let Some((rest, end)) = text.split_at_checked(text.len() - ending_length(text))
        && !rest.is_empty()
        && !end.is_empty()
    {
        ends.push(end);
        text = rest;
    }
    while let Some((start, rest)) = text.split_at_checked(beginning_length(text))
        && !rest.is_empty()
        && !start.is_empty()
    {
        found.push(start);
        text = rest;
    }
    add_scripts(text, found);
    found.extend(ends.into_iter().rev());
}

/// Adds the parts of a text in one script each. Endings in hiragana belong to the ideographs before them, particles do
/// not.
fn add_scripts<'t>(text: &'t str, found: &mut Vec<&'t str>) {
    let mut from = 0;
    let mut before = None;
    for (at, script) in text.char_indices().filter_map(|(at, c)| Some((at, script(c)?))) {
        let part = text.get(from..at).unwrap_or_default();
        let joins = match (before, script) {
            (None, _) => true,
            (Some(Script::Ideographs), Script::Hiragana) => !is_particle(hiragana(text.get(at..).unwrap_or_default())),
            (Some(Script::Hiragana), Script::Ideographs) => POLITE.contains(&part),
            (Some(before), script) => before == script,
        };
        if !joins {
            found.push(part);
            from = at;
        }
        before = Some(script);
    }
    found.extend(text.get(from..).filter(|part| !part.is_empty()));
}

fn is_particle(text: &str) -> bool {
    are_stop_words(&words(text))
}

/// Hiragana at the beginning of a text.
fn hiragana(text: &str) -> &str {
    let end = text.find(|c| script(c).is_some_and(|script| script != Script::Hiragana));
    text.get(..end.unwrap_or(text.len())).unwrap_or_default()
}

/// Script of a letter; `None` for marks, which belong to the letter before them.
fn script(c: char) -> Option<Script> {
    match c {
        'ー' | '々' => None,
        '\u{3041}'..='\u{3096}' => Some(Script::Hiragana),
        _ if is_katakana(c) => Some(Script::Katakana),
        '\u{3400}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}' => Some(Script::Ideographs),
        _ if c.is_alphanumeric() => Some(Script::Other),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_without_spaces_are_taken_apart() {
        for (text, parts) in [
            ("無料の初心者向けPython講座", "無料 の 初心者向け Python 講座"),
            ("東京のデザイン講座", "東京 の デザイン 講座"),
            ("プロジェクト管理", "プロジェクト 管理"),
            ("写真を学びたい", "写真 を 学びたい"),
            ("お菓子作り", "お菓子作り"),
            ("機械学習", "機械学習"),
            ("机器学习", "机器学习"),
            ("免费编程课程", "免费 编程 课程"),
            ("学习商务英语", "学习 商务 英语"),
            ("5000円以下", "5000 円 以下"),
            ("사진강의", "사진 강의"),
            ("Node.js入門", "Node.js 入門"),
            ("full-stack", "full-stack"),
        ] {
            assert_eq!(segments(text).unwrap().join(" "), parts, "{text}");
        }
    }
}
