//! Workbooks, made part by part, so that tests also have what no program writes.

use std::io::{Cursor, Write};

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

const RELATIONS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/// An archive of these parts.
pub fn archive(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(content.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// A workbook in .xlsx of sheets with these rows. A name that begins with a bracket is hidden.
pub fn xlsx(sheets: &[(&str, &str)]) -> Vec<u8> {
    let mut parts = vec![(
        "_rels/.rels".to_owned(),
        format!(
            "<Relationships><Relationship Id=\"r\" Type=\"{RELATIONS}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
        ),
    )];
    let (mut list, mut relations) = (String::new(), String::new());
    for (index, (name, rows)) in sheets.iter().enumerate() {
        let state = if name.starts_with('(') { " state=\"hidden\"" } else { "" };
        list += &format!("<sheet name=\"{name}\" sheetId=\"{index}\" r:id=\"s{index}\"{state}/>");
        relations += &format!(
            "<Relationship Id=\"s{index}\" Type=\"{RELATIONS}/worksheet\" Target=\"/xl/worksheets/{index}.xml\"/>"
        );
        let sheet = format!(
            "<?xml version=\"1.0\"?>\n<worksheet><dimension ref=\"A1:XFD1048576\"/><sheetData>{rows}</sheetData></worksheet>"
        );
        parts.push((format!("xl/worksheets/{index}.xml"), sheet));
    }
    for kind in ["styles", "sharedStrings"] {
        relations += &format!("<Relationship Id=\"{kind}\" Type=\"{RELATIONS}/{kind}\" Target=\"{kind}.xml\"/>");
    }
    let relations = format!("<Relationships>{relations}</Relationships>");
    let list = format!("<workbook xmlns:r=\"{RELATIONS}\"><workbookPr/><sheets>{list}</sheets></workbook>");
    // 1 is a date, 2 a percentage, 3 to 5 have formats of their own.
    let styles = "<styleSheet><numFmts><numFmt numFmtId=\"164\" formatCode=\"#,##0.00\\ [$€-407]\"/>\
        <numFmt numFmtId=\"165\" formatCode=\"0 &quot;months&quot;\"/><numFmt numFmtId=\"166\" formatCode=\"yyyy\\-mm\\-dd hh:mm;@\"/></numFmts>\
        <cellStyleXfs><xf numFmtId=\"9\"/></cellStyleXfs><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/><xf numFmtId=\"10\"/>\
        <xf numFmtId=\"164\"/><xf numFmtId=\"165\"/><xf numFmtId=\"166\"/></cellXfs></styleSheet>";
    let strings = "<sst><si><t>Shared &amp; sound</t></si><si><r><t>Rich </t></r><r><t xml:space=\"preserve\">text</t></r><rPh><t>x</t></rPh></si></sst>";
    parts.push(("xl/_rels/workbook.xml.rels".to_owned(), relations));
    parts.push(("xl/workbook.xml".to_owned(), list));
    parts.push(("xl/styles.xml".to_owned(), styles.to_owned()));
    parts.push(("xl/sharedStrings.xml".to_owned(), strings.to_owned()));
    archive(&parts.iter().map(|(name, content)| (name.as_str(), content.as_str())).collect::<Vec<_>>())
}

/// A row of .xlsx with these texts.
pub fn row(number: usize, cells: &[&str]) -> String {
    let cells: String = cells.iter().map(|cell| format!("<c t=\"inlineStr\"><is><t>{cell}</t></is></c>")).collect();
    format!("<row r=\"{number}\">{cells}</row>")
}

/// A workbook in .ods with these tables.
pub fn ods(tables: &str) -> Vec<u8> {
    let content = format!(
        "<?xml version=\"1.0\"?><office:document-content><office:automatic-styles><style:style style:name=\"h\"><style:table-properties \
         table:display=\"false\"/></style:style></office:automatic-styles><office:body><office:spreadsheet>{tables}\
         </office:spreadsheet></office:body></office:document-content>"
    );
    archive(&[("mimetype", "application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", &content)])
}
