//! Sheets of .ods: one part holds all of them.

use std::collections::HashSet;

use super::archive::Archive;
use super::format::surround;
use super::row::{CellOptions, Row};
use super::xml::{Node, Tag, Xml, append};
use super::{SheetError, SheetInfo, WITHOUT_RESULT};
use crate::import::number::of_spreadsheet;
use crate::input::text;

/// Maximum number of sheets, and of styles of sheets.
const MAX_ENTRIES: usize = 10_000;

/// Workbook.
pub(super) struct Ods {
    archive: Archive,
    options: CellOptions,
}

impl Ods {
    pub(super) fn open(archive: Archive, options: CellOptions) -> Result<Self, SheetError> {
        Ok(Self { archive, options })
    }

    /// All sheets, in their order.
    pub(super) fn sheets(&mut self) -> Result<Vec<SheetInfo>, SheetError> {
        let mut all: Vec<SheetInfo> = Vec::new();
        let (mut hidden, mut style) = (HashSet::new(), None);
        let mut xml = self.archive.xml("content.xml")?;
        loop {
            match xml.next()? {
                Node::Start(tag) if tag.is("style") => style = tag.attribute("name"),
                Node::Start(tag) if tag.is("table-properties") && hidden.len() < MAX_ENTRIES => {
                    let is_hidden = tag.attribute("display").is_some_and(|display| display == "false");
                    hidden.extend(style.clone().filter(|_| is_hidden));
                }
                Node::Start(tag) if tag.is("table") && all.len() < MAX_ENTRIES => {
                    let is_hidden = tag.attribute("style-name").is_some_and(|name| hidden.contains(&name));
                    let mut has_rows = false;
                    let mut visit = |row: &Row| {
                        has_rows |= !row.is_empty();
                        Ok(())
                    };
                    rows(&mut xml, self.options, false, &mut visit)?;
                    all.push(SheetInfo { name: tag.attribute("name").unwrap_or_default(), is_hidden, has_rows });
                }
                Node::End(name) if name == "document-content" => return Ok(all),
                Node::Start(_) | Node::End(_) | Node::Text(_) | Node::Other => {}
            }
        }
    }

    /// Reads the rows of a sheet.
    pub(super) fn visit(
        &mut self,
        index: usize,
        visit: &mut dyn FnMut(&Row) -> Result<(), SheetError>,
    ) -> Result<(), SheetError> {
        let mut xml = self.archive.xml("content.xml")?;
        let mut next = 0;
        loop {
            match xml.next()? {
                Node::Start(tag) if tag.is("table") && next == index => {
                    return rows(&mut xml, self.options, true, visit);
                }
                Node::Start(tag) if tag.is("table") => {
                    rows(&mut xml, self.options, false, &mut |_| Ok(()))?;
                    next += 1;
                }
                Node::End(name) if name == "document-content" => return Ok(()),
                Node::Start(_) | Node::End(_) | Node::Text(_) | Node::Other => {}
            }
        }
    }
}

/// Reads the rows of a table until its end. A row that is repeated comes once, unless `repeats`.
fn rows(
    xml: &mut Xml<'_>,
    options: CellOptions,
    repeats: bool,
    visit: &mut dyn FnMut(&Row) -> Result<(), SheetError>,
) -> Result<(), SheetError> {
    let (mut row, mut count, mut column) = (Row::new(1), 1_u64, 0_u64);
    loop {
        match xml.next()? {
            Node::Start(tag) if tag.is("table-row") => {
                count = tag.number("number-rows-repeated").unwrap_or(1).max(1);
                column = 0;
            }
            Node::Start(tag) if tag.is("table-cell") || tag.is("covered-table-cell") => {
                let repeated = tag.number("number-columns-repeated").unwrap_or(1).max(1);
                let cell = cell(xml, &tag, options)?;
                let has_text = cell.as_ref().map_or(true, |text| !text.trim().is_empty());
                // An empty cell is repeated up to the last column that a sheet can have.
                for position in (column..column.saturating_add(repeated)).take_while(|_| has_text) {
                    row.set(usize::try_from(position).unwrap_or(usize::MAX - 1), cell.clone())?;
                }
                column = column.saturating_add(repeated);
            }
            Node::End(name) if name == "table-row" => {
                visit(&row)?;
                let next = row.line.saturating_add(count);
                while repeats && !row.is_empty() && row.line + 1 < next {
                    row.line += 1;
                    visit(&row)?;
                }
                row = Row::new(next);
            }
            Node::End(name) if name == "table" => return Ok(()),
            Node::Start(_) | Node::End(_) | Node::Text(_) | Node::Other => {}
        }
    }
}

/// Text of a cell, or why there is none.
fn cell(xml: &mut Xml<'_>, tag: &Tag, options: CellOptions) -> Result<Result<String, String>, SheetError> {
    let shown = shown_text(xml)?;
    let attribute = |name: &str| tag.attribute(name).unwrap_or_default();
    let number = |factor: f64| {
        let number =
            attribute("value").parse().ok().and_then(|number: f64| of_spreadsheet(number * factor, options.decimal));
        number.ok_or_else(|| "holds no number".to_owned())
    };
    // Programs tell errors by an attribute of the same name in a namespace of their own.
    if tag.attributes("value-type").any(|kind| kind == "error") {
        return Ok(Err(format!("holds the error {}", text::truncate(&shown, 20))));
    }
    Ok(match attribute("value-type").as_str() {
        "float" => number(1.0).map(|number| {
            let (before, after) = around(&shown);
            surround(before, &number, after, options)
        }),
        "currency" => number(1.0).map(|number| surround("", &number, &attribute("currency"), options)),
        "percentage" => number(100.0).map(|number| format!("{number}%")),
        "date" => Ok(attribute("date-value").trim_end_matches("T00:00:00").to_owned()),
        "time" => Ok(shown),
        "boolean" => Ok(attribute("boolean-value").to_uppercase()),
        "" if tag.attribute("formula").is_some() && shown.is_empty() => Err(WITHOUT_RESULT.to_owned()),
        _ => Ok(tag.attribute("string-value").unwrap_or(shown)),
    })
}

/// What stands before and after the digits of a shown number.
fn around(shown: &str) -> (&str, &str) {
    let digit = |c: char| c.is_ascii_digit();
    match (shown.find(digit), shown.rfind(digit)) {
        (Some(first), Some(last)) => {
            (shown.get(..first).unwrap_or_default(), shown.get(last + 1..).unwrap_or_default())
        }
        _ => ("", ""),
    }
}

/// Text that a cell shows, one paragraph per line. Comments are no part of it.
fn shown_text(xml: &mut Xml<'_>) -> Result<String, SheetError> {
    let (mut text, mut paragraphs, mut comments, mut is_inside) = (String::new(), 0, 0_u32, false);
    loop {
        match xml.next()? {
            Node::Start(tag) if tag.is("annotation") => comments += 1,
            Node::End(name) if name == "annotation" => comments = comments.saturating_sub(1),
            Node::Start(tag) if tag.is("p") && comments == 0 => {
                append(&mut text, if paragraphs > 0 { "\n" } else { "" })?;
                (paragraphs, is_inside) = (paragraphs + 1, true);
            }
            Node::End(name) if name == "p" && comments == 0 => is_inside = false,
            Node::Start(tag) if tag.is("s") && is_inside => {
                let count = tag.number("c").unwrap_or(1).min(1_000);
                append(&mut text, &" ".repeat(usize::try_from(count).unwrap_or(1)))?;
            }
            Node::Start(tag) if tag.is("tab") && is_inside => append(&mut text, "\t")?,
            Node::Start(tag) if tag.is("line-break") && is_inside => append(&mut text, "\n")?,
            Node::Text(more) if is_inside && comments == 0 => append(&mut text, &more)?,
            Node::End(name) if name == "table-cell" || name == "covered-table-cell" => return Ok(text),
            Node::Start(_) | Node::End(_) | Node::Text(_) | Node::Other => {}
        }
    }
}
