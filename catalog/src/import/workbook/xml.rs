//! The XML of a part, one tag or text after the other.

use std::io::BufReader;

use quick_xml::XmlVersion;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::reader::Reader;

use super::SheetError;
use super::archive::ArchivePart;

/// Maximum bytes of the text of an element.
const MAX_TEXT_BYTES: usize = 1024 * 1024;
/// Maximum depth of elements, whose names the library keeps.
const MAX_DEPTH: u32 = 256;

/// Tag or text. Names have no prefix.
pub(super) enum Node {
    Start(Tag),
    End(String),
    Text(String),
    /// Anything else, e.g. a comment.
    Other,
}

/// Tag that opens an element. An element without content is closed at once.
pub(super) struct Tag(BytesStart<'static>);

impl Tag {
    pub(super) fn is(&self, name: &str) -> bool {
        self.0.local_name().as_ref() == name
    }

    /// Value of the first attribute with this name, whatever its prefix. `None` if it is absent or broken.
    pub(super) fn attribute(&self, name: &str) -> Option<String> {
        self.attributes(name).next()
    }

    /// Values of all attributes with this name, each with a prefix of its own.
    pub(super) fn attributes(&self, name: &str) -> impl Iterator<Item = String> {
        let mut all = self.0.attributes();
        all.with_checks(false);
        let named = all.flatten().filter(move |found| found.key.local_name().as_ref() == name);
        named.filter_map(|found| Some(found.normalized_value(XmlVersion::Implicit1_0).ok()?.into_owned()))
    }

    /// Value of the attribute as a whole number.
    pub(super) fn number(&self, name: &str) -> Option<u64> {
        self.attribute(name)?.parse().ok()
    }
}

/// Reader of a part.
pub(super) struct Xml<'a> {
    reader: Reader<BufReader<ArchivePart<'a>>>,
    buffer: Vec<u8>,
    depth: u32,
}

impl<'a> Xml<'a> {
    pub(super) fn new(part: ArchivePart<'a>) -> Self {
        let mut reader = Reader::from_reader(BufReader::new(part));
        reader.config_mut().expand_empty_elements = true;
        Self { reader, buffer: Vec::new(), depth: 0 }
    }

    /// Reads the next tag or text. Fails at the end of the part: callers stop at the end of an element before it.
    pub(super) fn next(&mut self) -> Result<Node, SheetError> {
        self.reader.get_mut().get_mut().begin_piece();
        self.buffer.clear();
        let event = self.reader.read_event_into(&mut self.buffer);
        let node = event.ok().and_then(node_of);
        self.depth = match &node {
            Some(Node::Start(_)) => self.depth + 1,
            Some(Node::End(_)) => self.depth.saturating_sub(1),
            Some(Node::Text(_) | Node::Other) | None => self.depth,
        };
        node.filter(|_| self.depth <= MAX_DEPTH).ok_or_else(|| self.reader.get_ref().get_ref().fault())
    }

    /// Text until the end of an element, without that of the elements named `except`.
    pub(super) fn text_within(&mut self, element: &str, except: &str) -> Result<String, SheetError> {
        let (mut text, mut depth) = (String::new(), 0_u32);
        loop {
            match self.next()? {
                Node::Start(tag) if tag.is(except) => depth += 1,
                Node::End(name) if name == except => depth = depth.saturating_sub(1),
                Node::End(name) if name == element => return Ok(text),
                Node::Text(more) if depth == 0 => append(&mut text, &more)?,
                Node::Start(_) | Node::End(_) | Node::Text(_) | Node::Other => {}
            }
        }
    }
}

/// `None` at the end of the part, and for entities that XML itself does not know.
fn node_of(event: Event<'_>) -> Option<Node> {
    Some(match event {
        Event::Start(tag) | Event::Empty(tag) => Node::Start(Tag(tag.into_owned())),
        Event::End(tag) => Node::End(tag.local_name().as_ref().to_owned()),
        Event::Text(text) => Node::Text(text.xml10_content().into_owned()),
        Event::CData(text) => Node::Text(text.xml10_content().into_owned()),
        Event::GeneralRef(reference) => Node::Text(resolve(&reference)?),
        Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => Node::Other,
        Event::Eof => return None,
    })
}

fn resolve(reference: &BytesRef<'_>) -> Option<String> {
    match reference.resolve_char_ref().ok()? {
        Some(character) => Some(character.to_string()),
        None => resolve_predefined_entity(&reference.xml10_content()).map(str::to_owned),
    }
}

/// Appends to a text, which must not grow without limit.
pub(super) fn append(text: &mut String, more: &str) -> Result<(), SheetError> {
    if text.len() + more.len() > MAX_TEXT_BYTES {
        return Err(SheetError::File("has a cell with more than a megabyte of text".to_owned()));
    }
    text.push_str(more);
    Ok(())
}
