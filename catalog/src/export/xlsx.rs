//! Courses as a workbook of spreadsheets (XLSX), in the columns of CSV. The format cannot be sent as it is made, so the
//! rows go to temporary files without names: memory use does not grow with them, and the system removes them.

use std::fs::File;
use std::io::{BufWriter, Seek, Write};
use std::path::{Path, PathBuf};

use rust_xlsxwriter::{Format, Workbook, Worksheet, XlsxError};
use tokio::task::spawn_blocking;

use super::table::{Cell, cells, columns};
use super::{Export, ExportedCourse};
use crate::error::{AppError, Result};

/// Maximum number of rows of a worksheet, with the header.
const MAX_ROWS: u32 = 1_048_576;
/// Maximum length of a cell in units of UTF-16.
const MAX_CELL_UNITS: usize = 32_767;

/// Writes all courses to a temporary file in a folder, and returns it with their number. `check` runs before each page;
/// an error from it ends the export.
pub async fn workbook(
    export: &mut Export,
    folder: &Path,
    mut check: impl AsyncFnMut() -> Result<()>,
) -> Result<(File, u64)> {
    let folder = folder.to_owned();
    // On threads of their own, because they compress and write to disk.
    let mut sheet = in_background(move || Sheet::create(folder)).await?;
    loop {
        check().await?;
        let page = export.next_page().await?;
        if page.is_empty() {
            break;
        }
        sheet = in_background(move || sheet.with(&page)).await?;
    }
    let count = u64::from(sheet.rows - 1);
    Ok((in_background(move || sheet.finish()).await?, count))
}

async fn in_background<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    spawn_blocking(work).await.map_err(AppError::internal)?
}

/// A worksheet in progress.
struct Sheet {
    workbook: Workbook,
    folder: PathBuf,
    /// Number of rows so far.
    rows: u32,
    /// Format with which a spreadsheet leaves what people type as it is.
    text: Format,
}

impl Sheet {
    fn create(folder: PathBuf) -> Result<Self> {
        let mut workbook = Workbook::new();
        workbook.set_tempdir(&folder).map_err(AppError::internal)?;
        let text = Format::new().set_num_format("@");
        let sheet = workbook.add_worksheet_with_constant_memory().map_err(AppError::internal)?;
        write_header(sheet, &text).map_err(AppError::internal)?;
        Ok(Self { workbook, folder, rows: 1, text })
    }

    fn with(mut self, courses: &[ExportedCourse]) -> Result<Self> {
        let sheet = self.workbook.worksheet_from_index(0).map_err(AppError::internal)?;
        for course in courses {
            if self.rows == MAX_ROWS {
                return Err(unfit("has more courses than a worksheet may have rows; CSV and JSON Lines have no limit"));
            }
            for ((name, cell), column) in cells(course).zip(0..) {
                match cell {
                    Cell::Empty => {}
                    Cell::Text(text) if text.encode_utf16().count() > MAX_CELL_UNITS => {
                        let key = course.row.external_key.as_deref().unwrap_or_default();
                        let rule = format!(
                            "cannot hold {name} of the course {key}: it is longer than a cell may be ({MAX_CELL_UNITS} \
                             characters); CSV and JSON Lines have no limit"
                        );
                        return Err(unfit(&rule));
                    }
                    Cell::Text(text) => {
                        sheet
                            .write_string_with_format(self.rows, column, text, &self.text)
                            .map_err(AppError::internal)?;
                    }
                    Cell::Number(number, decimals) => {
                        let format = Format::new().set_num_format(number_format(decimals));
                        sheet
                            .write_number_with_format(self.rows, column, number, &format)
                            .map_err(AppError::internal)?;
                    }
                }
            }
            self.rows += 1;
        }
        Ok(self)
    }

    /// The complete file, to be read from its beginning.
    fn finish(mut self) -> Result<File> {
        let mut file = BufWriter::new(tempfile::tempfile_in(&self.folder).map_err(AppError::internal)?);
        self.workbook.save_to_writer(&mut file).map_err(AppError::internal)?;
        file.flush().map_err(AppError::internal)?;
        let mut file = file.into_inner().map_err(AppError::internal)?;
        file.rewind().map_err(AppError::internal)?;
        Ok(file)
    }
}

/// Writes the names of the columns, which stay in view. A column of texts takes what people type as text, too.
fn write_header(sheet: &mut Worksheet, text: &Format) -> Result<(), XlsxError> {
    let bold = Format::new().set_bold();
    for ((name, is_number), column) in columns().zip(0..) {
        if !is_number {
            sheet.set_column_format(column, text)?;
        }
        sheet.write_string_with_format(0, column, name, &bold)?;
    }
    sheet.set_freeze_panes(1, 0).map(|_| ())
}

/// Format of a number with these decimals, e.g. `0.00`.
fn number_format(decimals: usize) -> String {
    if decimals == 0 { "0".to_owned() } else { format!("0.{}", "0".repeat(decimals)) }
}

fn unfit(rule: &str) -> AppError {
    AppError::input("xlsx", rule)
}
