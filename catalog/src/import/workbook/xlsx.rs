//! Sheets of .xlsx: a part for each sheet, and parts for what they share.

use std::collections::HashMap;

use super::archive::Archive;
use super::format::NumberFormat;
use super::row::{CellOptions, Row, column_of};
use super::strings::{Strings, unescape};
use super::xml::{Node, Tag, Xml};
use super::{SheetError, SheetInfo, WITHOUT_RESULT};

/// Maximum number of sheets, relations and formats.
const MAX_ENTRIES: usize = 10_000;

/// Workbook.
pub(super) struct Xlsx {
    archive: Archive,
    sheets: Vec<SheetPart>,
    context: Context,
}

/// Sheet as the workbook names it.
struct SheetPart {
    name: String,
    is_hidden: bool,
    /// ID of the relation to its part, and then the name of the part.
    part: String,
}

/// What the cells of all sheets share.
struct Context {
    strings: Strings,
    formats: Vec<NumberFormat>,
    is_1904: bool,
    options: CellOptions,
}

/// Relation of a part to another one.
struct Relation {
    id: String,
    kind: String,
    part: String,
}

impl Xlsx {
    pub(super) fn open(mut archive: Archive, options: CellOptions) -> Result<Self, SheetError> {
        let not_a_workbook = || SheetError::File("is no workbook: it must be .xlsx or .ods".to_owned());
        if !archive.has("_rels/.rels") {
            return Err(not_a_workbook());
        }
        let roots = relations(&mut archive, "")?;
        let root = roots.into_iter().find(|relation| relation.kind == "officeDocument").ok_or_else(not_a_workbook)?;
        let relations = relations(&mut archive, &root.part)?;
        let part = |kind: &str| relations.iter().find(|relation| relation.kind == kind).map(|found| &found.part);
        let strings = match part("sharedStrings") {
            Some(part) => Strings::read(archive.xml(part)?)?,
            None => Strings::default(),
        };
        let formats = match part("styles") {
            Some(part) => formats(archive.xml(part)?)?,
            None => Vec::new(),
        };
        let (named, is_1904) = sheets(archive.xml(&root.part)?)?;
        let sheets = named.into_iter().filter_map(|sheet| {
            let relation =
                relations.iter().find(|relation| relation.id == sheet.part && relation.kind == "worksheet")?;
            Some(SheetPart { part: relation.part.clone(), ..sheet })
        });
        let sheets = sheets.collect();
        Ok(Self { archive, sheets, context: Context { strings, formats, is_1904, options } })
    }

    /// All sheets, in their order.
    pub(super) fn sheets(&mut self) -> Result<Vec<SheetInfo>, SheetError> {
        let mut all = Vec::new();
        for index in 0..self.sheets.len() {
            let seen = self.visit(index, &mut |row| if row.is_empty() { Ok(()) } else { Err(SheetError::Closed) });
            let has_rows = match seen {
                Ok(()) => false,
                Err(SheetError::Closed) => true,
                Err(error) => return Err(error),
            };
            if let Some(sheet) = self.sheets.get(index) {
                all.push(SheetInfo { name: sheet.name.clone(), is_hidden: sheet.is_hidden, has_rows });
            }
        }
        Ok(all)
    }

    /// Reads the rows of a sheet.
    pub(super) fn visit(
        &mut self,
        index: usize,
        visit: &mut dyn FnMut(&Row) -> Result<(), SheetError>,
    ) -> Result<(), SheetError> {
        let Some(sheet) = self.sheets.get(index) else { return Ok(()) };
        let mut xml = self.archive.xml(&sheet.part)?;
        let (mut row, mut column) = (Row::new(0), 0);
        loop {
            match xml.next()? {
                Node::Start(tag) if tag.is("row") => {
                    row = Row::new(tag.number("r").unwrap_or(row.line + 1));
                    column = 0;
                }
                Node::Start(tag) if tag.is("c") => {
                    column = tag.attribute("r").as_deref().and_then(column_of).unwrap_or(column);
                    row.set(column, self.context.cell(&mut xml, &tag)?)?;
                    column += 1;
                }
                Node::End(name) if name == "row" => visit(&row)?,
                Node::End(name) if name == "sheetData" || name == "worksheet" => return Ok(()),
                Node::Start(_) | Node::End(_) | Node::Text(_) | Node::Other => {}
            }
        }
    }
}

impl Context {
    /// Text of a cell, or why there is none.
    fn cell(&self, xml: &mut Xml<'_>, tag: &Tag) -> Result<Result<String, String>, SheetError> {
        let (mut value, mut has_formula) = (None, false);
        loop {
            match xml.next()? {
                Node::Start(inner) if inner.is("v") => value = Some(xml.text_within("v", "")?),
                Node::Start(inner) if inner.is("is") => value = Some(unescape(&xml.text_within("is", "rPh")?)),
                Node::Start(inner) if inner.is("f") => has_formula = true,
                Node::End(name) if name == "c" => break,
                Node::Start(_) | Node::End(_) | Node::Text(_) | Node::Other => {}
            }
        }
        let kind = tag.attribute("t").unwrap_or_default();
        // Only a formula whose result is a text can have an empty one.
        if has_formula && kind != "str" && value.as_ref().is_none_or(String::is_empty) {
            return Ok(Err(WITHOUT_RESULT.to_owned()));
        }
        let format = tag.number("s").and_then(|index| usize::try_from(index).ok());
        Ok(value.map_or(Ok(String::new()), |value| self.text(&kind, format, value)))
    }

    fn text(&self, kind: &str, format: Option<usize>, value: String) -> Result<String, String> {
        match kind {
            "s" => {
                let text = value.trim().parse().ok().and_then(|index| self.strings.get(index));
                text.map(str::to_owned).ok_or_else(|| "refers to a text that the file does not have".to_owned())
            }
            "str" => Ok(unescape(&value)),
            "inlineStr" => Ok(value),
            "b" => Ok(if value.trim() == "1" { "TRUE" } else { "FALSE" }.to_owned()),
            "e" => Err(format!("holds the error {}", crate::input::text::truncate(&value, 20))),
            "d" => Ok(value.trim().trim_end_matches("T00:00:00").to_owned()),
            _ if value.trim().is_empty() => Ok(String::new()),
            _ => {
                let number: f64 = value.trim().parse().map_err(|_| "holds no number".to_owned())?;
                let format = format.and_then(|index| self.formats.get(index)).cloned().unwrap_or_default();
                format.show(number, self.is_1904, self.options)
            }
        }
    }
}

/// Relations of a part, or of the archive itself.
fn relations(archive: &mut Archive, part: &str) -> Result<Vec<Relation>, SheetError> {
    let (folder, file) = part.rsplit_once('/').unwrap_or(("", part));
    let name = format!("{folder}/_rels/{file}.rels");
    let mut xml = archive.xml(name.trim_start_matches('/'))?;
    let mut found = Vec::new();
    loop {
        match xml.next()? {
            Node::Start(tag) if tag.is("Relationship") && found.len() < MAX_ENTRIES => {
                let attribute = |name| tag.attribute(name).unwrap_or_default();
                let kind = attribute("Type").rsplit('/').next().unwrap_or_default().to_owned();
                found.push(Relation { id: attribute("Id"), kind, part: resolve(folder, &attribute("Target")) });
            }
            Node::End(name) if name == "Relationships" => return Ok(found),
            Node::Start(_) | Node::End(_) | Node::Text(_) | Node::Other => {}
        }
    }
}

/// Name of a part that another one in this folder refers to.
fn resolve(folder: &str, target: &str) -> String {
    let base = if target.starts_with('/') { "" } else { folder };
    let mut steps: Vec<&str> = Vec::new();
    for step in base.split('/').chain(target.split('/')) {
        match step {
            "" | "." => {}
            ".." => _ = steps.pop(),
            step => steps.push(step),
        }
    }
    steps.join("/")
}

/// Sheets of the workbook, and whether days count from 1904.
fn sheets(mut xml: Xml<'_>) -> Result<(Vec<SheetPart>, bool), SheetError> {
    let (mut found, mut is_1904) = (Vec::new(), false);
    loop {
        match xml.next()? {
            Node::Start(tag) if tag.is("sheet") && found.len() < MAX_ENTRIES => {
                let is_hidden = tag.attribute("state").is_some_and(|state| state != "visible");
                let attribute = |name| tag.attribute(name).unwrap_or_default();
                found.push(SheetPart { name: attribute("name"), is_hidden, part: attribute("id") });
            }
            Node::Start(tag) if tag.is("workbookPr") => {
                is_1904 = matches!(tag.attribute("date1904").as_deref(), Some("1" | "true"));
            }
            Node::End(name) if name == "workbook" => return Ok((found, is_1904)),
            Node::Start(_) | Node::End(_) | Node::Text(_) | Node::Other => {}
        }
    }
}

/// Formats of the cells, by the number that a cell has.
fn formats(mut xml: Xml<'_>) -> Result<Vec<NumberFormat>, SheetError> {
    let (mut own, mut found, mut is_of_cells) = (HashMap::new(), Vec::new(), false);
    loop {
        match xml.next()? {
            Node::Start(tag) if tag.is("numFmt") && own.len() < MAX_ENTRIES => {
                let code = tag.attribute("formatCode").unwrap_or_default();
                own.insert(tag.number("numFmtId").unwrap_or_default(), NumberFormat::parse(&code));
            }
            Node::Start(tag) if tag.is("cellXfs") => is_of_cells = true,
            Node::Start(tag) if tag.is("xf") && is_of_cells && found.len() < MAX_ENTRIES * 10 => {
                let id = tag.number("numFmtId").unwrap_or_default();
                found.push(own.get(&id).cloned().unwrap_or_else(|| NumberFormat::built_in(id)));
            }
            Node::End(name) if name == "cellXfs" => is_of_cells = false,
            Node::End(name) if name == "styleSheet" => return Ok(found),
            Node::Start(_) | Node::End(_) | Node::Text(_) | Node::Other => {}
        }
    }
}
