//! How the text of a feed is laid out: its encoding, its delimiter, the lines before its header. What is not declared is
//! found, where that is possible with certainty.

use encoding_rs::Encoding;

use super::encoding::by_name;

/// Delimiters that are found in a header.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// Layout of a feed.
#[derive(Clone, Debug, Default)]
pub struct Layout {
    /// Delimiter between the columns of CSV. By default, it is found in the header.
    pub delimiter: Option<u8>,
    /// Encoding of the text. UTF-8 by default; UTF-16 is found.
    pub encoding: Option<&'static Encoding>,
    /// Number of lines before the header of CSV or of a sheet.
    pub skip_lines: u32,
    /// Name of the sheet of a workbook. By default, the only one with rows.
    pub sheet: Option<String>,
}

impl Layout {
    /// Parses a delimiter: one ASCII sign, or `tab`.
    pub fn parse_delimiter(text: &str) -> Result<u8, &'static str> {
        match text.as_bytes() {
            b"tab" | b"\\t" => Ok(b'\t'),
            [sign]
                if !sign.is_ascii_alphanumeric() && !matches!(sign, b'"' | b'\r' | b'\n' | b' ') && sign.is_ascii() =>
            {
                Ok(*sign)
            }
            _ => Err("must be one sign, e.g. ; or tab"),
        }
    }

    /// Parses the name of an encoding.
    pub fn parse_encoding(name: &str) -> Result<&'static Encoding, &'static str> {
        by_name(name).ok_or("must be the name of an encoding, e.g. utf-8, utf-16le or windows-1252")
    }

    /// What this layout leaves open, another one declares.
    pub(super) fn or(self, other: Self) -> Self {
        Self {
            delimiter: self.delimiter.or(other.delimiter),
            encoding: self.encoding.or(other.encoding),
            skip_lines: if self.skip_lines > 0 { self.skip_lines } else { other.skip_lines },
            sheet: self.sheet.or(other.sheet),
        }
    }
}

/// Whether a byte may be a delimiter, where it is not known yet.
pub(super) fn may_delimit(byte: u8) -> bool {
    DELIMITERS.contains(&byte)
}

/// Delimiter that a first line declares, as spreadsheets do: `sep=;`.
pub(super) fn declared_delimiter(line: &[u8]) -> Option<u8> {
    match line {
        [b's' | b'S', b'e' | b'E', b'p' | b'P', b'=', delimiter] if may_delimit(*delimiter) => Some(*delimiter),
        _ => None,
    }
}

/// The most frequent delimiter of a header, outside of quotes. A wrong one cannot go unnoticed, since the columns would
/// not be those of a course or of the mapping.
pub(super) fn find_delimiter(header: &[u8]) -> u8 {
    let mut counts = [0_usize; DELIMITERS.len()];
    let mut is_quoted = false;
    for byte in header {
        is_quoted ^= *byte == b'"';
        let count = counts.iter_mut().zip(DELIMITERS).find(|(_, delimiter)| delimiter == byte && !is_quoted);
        count.into_iter().for_each(|(count, _)| *count += 1);
    }
    // The last of equal ones wins, which is the comma.
    let best = counts.into_iter().zip(DELIMITERS).rev().max_by_key(|(count, _)| *count);
    best.map_or(b',', |(_, delimiter)| delimiter)
}
