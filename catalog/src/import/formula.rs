//! Cells that a spreadsheet would take for a formula. An exported text could otherwise run on the computer of whoever
//! opens the file. An apostrophe before the text prevents that, and is removed when the cell is read again.

use std::borrow::Cow;

/// Sign that makes a spreadsheet take a cell for text.
const GUARD: char = '\'';

/// Whether a cell begins like a formula. Some spreadsheets also take the full-width forms for operators.
fn is_formula(cell: &str) -> bool {
    cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'])
}

/// Whether a cell is a formula once all of its guards are removed. Such a cell gets one more guard, so that removing
/// one restores exactly what was there.
fn needs_guard(cell: &str) -> bool {
    is_formula(cell.trim_start_matches(GUARD))
}

/// The cell to write for a text.
pub fn guard(text: &str) -> Cow<'_, str> {
    if needs_guard(text) { format!("{GUARD}{text}").into() } else { text.into() }
}

/// The text that a cell was written for.
pub(super) fn unguard(cell: &str) -> &str {
    cell.strip_prefix(GUARD).filter(|text| needs_guard(text)).unwrap_or(cell)
}
