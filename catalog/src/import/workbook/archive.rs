//! The archive of a workbook. The sizes that its directory announces count for nothing: what is unpacked is counted.

use std::cell::Cell;
use std::io::{self, Cursor, Read};
use std::rc::Rc;

use zip::ZipArchive;
use zip::read::ZipFile;

use super::SheetError;
use super::xml::Xml;

/// Maximum number of parts.
const MAX_PARTS: usize = 10_000;
/// Maximum bytes that all reading of a workbook unpacks.
const MAX_UNPACKED_BYTES: u64 = 512 * 1024 * 1024;
/// Maximum ratio of the unpacked bytes of a part to its packed ones. Rows that repeat each other stay below a hundred.
const MAX_RATIO: u64 = 250;
/// Unpacked bytes of a part up to which its ratio is no matter.
const FREE_BYTES: u64 = 1024 * 1024;
/// Maximum bytes of a single tag or text of a part, which is kept in memory.
const MAX_PIECE_BYTES: u64 = 8 * 1024 * 1024;
/// First bytes of the binary formats that came before .xlsx, and of workbooks with a password.
const OLD_FORMAT: &[u8] = b"\xd0\xcf\x11\xe0";
/// First bytes of an entry of the directory.
const ENTRY: &[u8] = b"PK\x01\x02";

/// Archive of a workbook.
pub(super) struct Archive {
    zip: ZipArchive<Cursor<Vec<u8>>>,
    file_bytes: u64,
    unpacked: Rc<Unpacked>,
}

/// What has been unpacked so far.
#[derive(Default)]
struct Unpacked {
    bytes: Cell<u64>,
    is_too_much: Cell<bool>,
}

/// A part that is being unpacked.
pub(super) struct ArchivePart<'a> {
    file: ZipFile<'a, Cursor<Vec<u8>>>,
    packed: u64,
    bytes: u64,
    piece: u64,
    unpacked: Rc<Unpacked>,
}

impl Archive {
    pub(super) fn open(file: Vec<u8>) -> Result<Self, SheetError> {
        if file.starts_with(OLD_FORMAT) {
            let rule = "is protected by a password, or in an old format: save it as .xlsx without a password";
            return Err(SheetError::File(rule.to_owned()));
        }
        // The library keeps the whole directory in memory.
        if file.windows(ENTRY.len()).filter(|bytes| *bytes == ENTRY).count() > MAX_PARTS {
            return Err(SheetError::File("has too many parts".to_owned()));
        }
        let file_bytes = file.len() as u64;
        let broken = |_| SheetError::File("is no workbook (.xlsx or .ods), or is damaged".to_owned());
        let zip = ZipArchive::new(Cursor::new(file)).map_err(broken)?;
        Ok(Self { zip, file_bytes, unpacked: Rc::default() })
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.zip.index_for_name(name).is_some()
    }

    /// Opens a part that is XML.
    pub(super) fn xml(&mut self, name: &str) -> Result<Xml<'_>, SheetError> {
        let missing = |_| SheetError::File("is damaged: a part of it is missing or cannot be unpacked".to_owned());
        let file = self.zip.by_name(name).map_err(missing)?;
        let packed = file.compressed_size().min(self.file_bytes);
        Ok(Xml::new(ArchivePart { file, packed, bytes: 0, piece: 0, unpacked: self.unpacked.clone() }))
    }
}

impl ArchivePart<'_> {
    /// Begins another tag or text.
    pub(super) fn begin_piece(&mut self) {
        self.piece = 0;
    }

    /// Why the part cannot be read.
    pub(super) fn fault(&self) -> SheetError {
        SheetError::File(if self.unpacked.is_too_much.get() {
            "unpacks to more than a sheet of courses can have: send it as CSV".to_owned()
        } else {
            "is damaged, or protected by a password".to_owned()
        })
    }
}

impl Read for ArchivePart<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.file.read(buffer)?;
        let added = count as u64;
        (self.bytes, self.piece) = (self.bytes + added, self.piece + added);
        self.unpacked.bytes.set(self.unpacked.bytes.get() + added);
        let is_bomb = self.bytes > FREE_BYTES && self.bytes > self.packed.saturating_mul(MAX_RATIO);
        if is_bomb || self.piece > MAX_PIECE_BYTES || self.unpacked.bytes.get() > MAX_UNPACKED_BYTES {
            self.unpacked.is_too_much.set(true);
            return Err(io::Error::other("too much is unpacked"));
        }
        Ok(count)
    }
}
