//! Reads a sheet of a workbook (.xlsx or .ods) as records of CSV, row by row. Everything is bounded while it is
//! unpacked, since a small archive can hold any amount. Libraries for workbooks keep whole sheets in memory, and drop
//! the formats of cells, without which 20% is 0.2; so only the archive and the XML are read by libraries. Does not
//! belong here: what the cells mean.

mod archive;
mod format;
mod ods;
mod row;
mod strings;
mod xlsx;
mod xml;

use tokio::sync::mpsc;

use self::archive::Archive;
use self::ods::Ods;
pub(super) use self::row::CellOptions;
use self::row::{Row, RowWriter};
use self::xlsx::Xlsx;
use super::split::RawRecord;
use crate::input::{ValidationCode, ValidationError, text};

/// Maximum size of a file, which is kept in memory.
pub(super) const MAX_FILE_BYTES: usize = 16 * 1024 * 1024;
/// Rows that wait to be written.
const QUEUED_ROWS: usize = 16;
/// Number of sheets that a message names.
const NAMED_SHEETS: usize = 10;

/// Why a formula has no text.
const WITHOUT_RESULT: &str = "holds a formula without its result: open and save the file in a spreadsheet program";

/// What a sheet is read as.
pub(super) enum SheetEvent {
    /// A row.
    Row(RawRecord),
    /// The end. Without it, the rows are not complete.
    End,
    /// The rows end on this line, because of this error.
    Failure(u64, ValidationError),
}

/// Why a sheet is not read any further.
#[derive(Debug)]
enum SheetError {
    /// Something is wrong with the file.
    File(String),
    /// There is no telling which sheet is meant.
    Choice(String),
    /// Nobody takes the rows.
    Closed,
}

/// Sheet of a workbook.
struct SheetInfo {
    name: String,
    is_hidden: bool,
    has_rows: bool,
}

/// Reads the rows of a sheet on a thread of its own, while they are taken. Needs the runtime.
pub(super) fn rows(
    file: Vec<u8>,
    sheet: Option<String>,
    skip_rows: u32,
    options: CellOptions,
) -> mpsc::Receiver<SheetEvent> {
    let (rows, taken) = mpsc::channel(QUEUED_ROWS);
    tokio::task::spawn_blocking(move || {
        let mut writer = RowWriter::new(rows.clone(), skip_rows, options.max_record);
        let error = |field: &str, rule: String| ValidationError::of(field, ValidationCode::Invalid, rule);
        let last = match read(file, sheet.as_deref(), options, &mut writer) {
            Ok(()) => SheetEvent::End,
            Err(SheetError::File(rule)) => SheetEvent::Failure(writer.line, error("file", rule)),
            Err(SheetError::Choice(rule)) => SheetEvent::Failure(writer.line, error("sheet", rule)),
            Err(SheetError::Closed) => return,
        };
        // If nobody takes it, nobody waits for it either.
        _ = rows.blocking_send(last);
    });
    taken
}

fn read(file: Vec<u8>, sheet: Option<&str>, options: CellOptions, writer: &mut RowWriter) -> Result<(), SheetError> {
    let archive = Archive::open(file)?;
    let mut write = |row: &Row| writer.write(row);
    if archive.has("content.xml") {
        let mut workbook = Ods::open(archive, options)?;
        let index = choose(workbook.sheets()?, sheet)?;
        workbook.visit(index, &mut write)
    } else {
        let mut workbook = Xlsx::open(archive, options)?;
        let index = choose(workbook.sheets()?, sheet)?;
        workbook.visit(index, &mut write)
    }
}

/// Position of the sheet with this name, or else of the only visible one with rows.
fn choose(sheets: Vec<SheetInfo>, name: Option<&str>) -> Result<usize, SheetError> {
    if let Some(name) = name {
        let all: Vec<&SheetInfo> = sheets.iter().collect();
        let found = sheets.iter().position(|sheet| sheet.name.trim() == name.trim());
        return found.ok_or_else(|| {
            let name = text::truncate(name, 40);
            SheetError::Choice(format!("the file has no sheet {name}; it has {}", names(&all)))
        });
    }
    let found: Vec<(usize, &SheetInfo)> =
        sheets.iter().enumerate().filter(|(_, sheet)| sheet.has_rows && !sheet.is_hidden).collect();
    match found.as_slice() {
        [] => Err(SheetError::Choice("no visible sheet of the file has rows".to_owned())),
        [(index, _)] => Ok(*index),
        several => {
            let several: Vec<&SheetInfo> = several.iter().map(|(_, sheet)| *sheet).collect();
            Err(SheetError::Choice(format!("several sheets of the file have rows: {}. Name one", names(&several))))
        }
    }
}

fn names(sheets: &[&SheetInfo]) -> String {
    let more = if sheets.len() > NAMED_SHEETS { ", …" } else { "" };
    let names = sheets.iter().take(NAMED_SHEETS).map(|sheet| text::truncate(&sheet.name, 40));
    format!("{}{more}", names.collect::<Vec<_>>().join(", "))
}
