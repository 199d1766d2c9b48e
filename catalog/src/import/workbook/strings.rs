//! The texts that the cells of a sheet of .xlsx share.

use super::SheetError;
use super::xml::{Node, Xml};

/// Maximum number of texts.
const MAX_STRINGS: usize = 2_000_000;
/// Maximum bytes of all texts.
const MAX_BYTES: usize = 64 * 1024 * 1024;

/// Shared texts, one after the other.
#[derive(Default)]
pub(super) struct Strings {
    text: String,
    ends: Vec<usize>,
}

impl Strings {
    pub(super) fn read(mut xml: Xml<'_>) -> Result<Self, SheetError> {
        let mut strings = Self::default();
        loop {
            match xml.next()? {
                Node::Start(tag) if tag.is("si") => strings.add(&unescape(&xml.text_within("si", "rPh")?))?,
                Node::End(name) if name == "sst" => return Ok(strings),
                Node::Start(_) | Node::End(_) | Node::Text(_) | Node::Other => {}
            }
        }
    }

    fn add(&mut self, text: &str) -> Result<(), SheetError> {
        self.text.push_str(text);
        self.ends.push(self.text.len());
        if self.text.len() > MAX_BYTES || self.ends.len() > MAX_STRINGS {
            return Err(SheetError::File("has too many texts: send it as CSV".to_owned()));
        }
        Ok(())
    }

    pub(super) fn get(&self, index: usize) -> Option<&str> {
        let start = if index == 0 { Some(0) } else { self.ends.get(index - 1).copied() };
        self.text.get(start?..*self.ends.get(index)?)
    }
}

/// Replaces the escapes that .xlsx has for characters that XML does not have, e.g. `_x000D_`.
pub(super) fn unescape(text: &str) -> String {
    let (mut plain, mut rest) = (String::with_capacity(text.len()), text);
    while let Some((before, after)) = rest.split_once("_x") {
        let code = after.get(..4).filter(|_| after.get(4..5) == Some("_"));
        let character = code.and_then(|code| u32::from_str_radix(code, 16).ok()).and_then(char::from_u32);
        plain.push_str(before);
        match character {
            Some(character) => plain.push(character),
            None => plain.push_str("_x"),
        }
        rest = if character.is_some() { after.get(5..).unwrap_or_default() } else { after };
    }
    plain.push_str(rest);
    plain
}
