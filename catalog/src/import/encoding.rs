//! Encodings of feeds. A byte order mark, or zero bytes between ASCII characters, tell UTF-16 with certainty. Any other
//! encoding must be declared: a guess would turn names into others in silence.

use std::borrow::Cow;

use encoding_rs::{DecoderResult, Encoding, UTF_8, UTF_16BE, UTF_16LE};

/// Bytes by which an encoding is found.
const HEAD_BYTES: usize = 4;
/// Bytes decoded at a time.
const CHUNK_BYTES: usize = 16 * 1024;
/// Stands for bytes that are none of the encoding. It is never valid in UTF-8, so the record is refused.
const INVALID_BYTE: u8 = 0xff;

/// Encoding with this name, e.g. `windows-1252`.
pub fn by_name(name: &str) -> Option<&'static Encoding> {
    // The label `replacement` stands for encodings that nobody may use.
    Encoding::for_label_no_replacement(name.as_bytes())
}

/// Turns the bytes of a feed into UTF-8 while they arrive.
pub(super) struct Transcoder {
    declared: Option<&'static Encoding>,
    state: State,
}

enum State {
    /// The first bytes of the feed, too few to tell its encoding.
    Start(Vec<u8>),
    /// The feed is in UTF-8.
    Plain,
    Decoding(Box<encoding_rs::Decoder>),
}

impl Transcoder {
    /// Creates a transcoder. A mark in the feed itself prevails over the declared encoding.
    pub(super) fn new(declared: Option<&'static Encoding>) -> Self {
        Self { declared, state: State::Start(Vec::new()) }
    }

    /// Converts bytes. None follow if `is_last`.
    pub(super) fn convert<'a>(&mut self, bytes: &'a [u8], is_last: bool) -> Cow<'a, [u8]> {
        let State::Start(head) = &mut self.state else { return self.decode(bytes.into(), is_last) };
        if head.is_empty() && bytes.len() >= HEAD_BYTES {
            self.begin(bytes);
            return self.decode(bytes.into(), is_last);
        }
        head.extend_from_slice(bytes);
        if head.len() < HEAD_BYTES && !is_last {
            return Cow::Owned(Vec::new());
        }
        let head = std::mem::take(head);
        self.begin(&head);
        self.decode(head.into(), is_last)
    }

    fn begin(&mut self, head: &[u8]) {
        let by_mark = Encoding::for_bom(head).map(|(encoding, _)| encoding);
        let encoding = by_mark.or_else(|| wide(head)).or(self.declared).unwrap_or(UTF_8);
        self.state = if encoding == UTF_8 {
            State::Plain
        } else {
            State::Decoding(Box::new(encoding.new_decoder_with_bom_removal()))
        };
    }

    fn decode<'a>(&mut self, bytes: Cow<'a, [u8]>, is_last: bool) -> Cow<'a, [u8]> {
        let State::Decoding(decoder) = &mut self.state else { return bytes };
        let (mut decoded, mut chunk, mut rest) = (Vec::new(), vec![0; CHUNK_BYTES], bytes.as_ref());
        loop {
            let (result, read, written) = decoder.decode_to_utf8_without_replacement(rest, &mut chunk, is_last);
            decoded.extend_from_slice(chunk.get(..written).unwrap_or_default());
            rest = rest.get(read..).unwrap_or_default();
            match result {
                DecoderResult::InputEmpty => return Cow::Owned(decoded),
                DecoderResult::OutputFull => {}
                DecoderResult::Malformed(_, _) => decoded.push(INVALID_BYTE),
            }
        }
    }
}

/// UTF-16 without a mark: its first two characters are ASCII, with a zero byte each.
fn wide(head: &[u8]) -> Option<&'static Encoding> {
    match head {
        [1..=127, 0, 1..=127, 0, ..] => Some(UTF_16LE),
        [0, 1..=127, 0, 1..=127, ..] => Some(UTF_16BE),
        _ => None,
    }
}
