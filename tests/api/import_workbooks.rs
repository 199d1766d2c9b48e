//! Workbooks as feeds: the text of each cell, the choice of the sheet, and files that are damaged or made to do harm.

use serde_json::{Value, json};

use crate::support::feed::{FeedProvider, counts};
use crate::support::workbook::{archive, ods, row, xlsx};
use crate::support::{App, Program, Stage};

const PROVIDERS: &str = r#"{"providers": [{"slug": "school", "name": "School", "kind": "BOOTCAMP"}]}"#;
const HEADER: [&str; 3] = ["externalKey", "title", "kind"];
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
const ODS: &str = "application/vnd.oasis.opendocument.spreadsheet";

fn import(stage: &Stage, name: &str, content: impl AsRef<[u8]>, arguments: &str) -> (Option<i32>, String) {
    let program = Program::on(stage);
    assert_eq!(program.file("providers.json", PROVIDERS).run("import --taxonomy providers.json").code, Some(0));
    let ended = program.file(name, content).run(&format!("import --provider school {arguments} {name}"));
    (ended.code, ended.out.rsplit_once(';').map_or(ended.error, |(report, _)| report.to_owned()))
}

async fn courses(stage: &Stage) -> Value {
    let data = stage
        .ask(
            "{ courses(orderBy: {field: TITLE, direction: ASC}) { nodes { title summary jobGuarantee duration { weeks }
        price { amount currency } offerings(upcoming: false) { nodes { startsOn } } } } }",
        )
        .await;
    data["courses"]["nodes"].clone()
}

async fn send(app: &App, school: &FeedProvider, more: &str, media_type: &str, body: Vec<u8>) -> Vec<Value> {
    let address = format!("{}/import?provider={}{more}", app.address, school.slug);
    let request = app.client.post(address).header("content-type", media_type).bearer_auth(&school.token);
    let text = request.body(body).send().await.unwrap().text().await.unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Own columns, with a cell of each kind.
fn full_sheet() -> String {
    let header = row(
        3,
        &[
            "externalKey",
            "title",
            "kind",
            "summary",
            "jobGuarantee",
            "duration.weeks",
            "pricing.category",
            "pricing.amount.amount",
            "pricing.amount.currency",
            "offerings.format",
            "offerings.startsOn",
            "",
        ],
    );
    // Row 5 is missing, and the last one holds nothing but formats.
    format!(
        "{}<row r=\"2\"><c r=\"B2\" s=\"1\"/></row>{header}\
        <row r=\"4\"><c r=\"A4\"><v>13</v></c><c r=\"B4\" t=\"s\"><v>0</v></c><c r=\"C4\" t=\"str\"><f>UPPER(\"course\")</f><v>COURSE</v></c>\
        <c r=\"D4\" s=\"2\"><v>0.20000000000000001</v></c><c r=\"E4\" t=\"b\"><v>1</v></c><c r=\"F4\"><f>2*3</f><v>6</v></c>\
        <c r=\"G4\" t=\"inlineStr\"><is><t>PAID</t></is></c><c r=\"H4\" s=\"3\"><v>499.90000000000003</v></c><c r=\"I4\" t=\"inlineStr\"><is><t>EUR</t></is></c>\
        <c r=\"J4\" t=\"inlineStr\"><is><t>IN_PERSON</t></is></c><c r=\"K4\" s=\"1\"><v>48000</v></c></row>\
        <row r=\"6\"><c r=\"A6\" t=\"inlineStr\"><is><t>b</t></is></c><c r=\"B6\" t=\"s\"><v>1</v></c><c r=\"C6\" t=\"inlineStr\"><is><t>COURSE</t></is></c>\
        <c r=\"D6\" s=\"5\"><v>48000.5</v></c><c r=\"E6\" t=\"b\"><v>0</v></c></row>\
        <row r=\"1048576\"><c r=\"XFD1048576\" s=\"3\"/></row>",
        row(1, &["Our courses"])
    )
}

on_both! {
    #![empty]

    async fn a_cell_of_xlsx_is_its_text(stage: Stage) {
        let (code, report) = import(&stage, "a.xlsx", xlsx(&[("Courses", &full_sheet())]), "--skip-lines 2");
        assert_eq!((code, report.as_str()), (Some(0), "2 rows: 2 created, 0 updated, 0 unchanged, 0 refused"));
        assert_eq!(courses(&stage).await, json!([
            {"title": "Rich text", "summary": "2031-06-01T12:00:00", "jobGuarantee": false, "duration": null, "price": null, "offerings": {"nodes": []}},
            {"title": "Shared & sound", "summary": "20%", "jobGuarantee": true, "duration": {"weeks": 6},
             "price": {"amount": "499.90", "currency": "EUR"}, "offerings": {"nodes": [{"startsOn": "2031-06-01"}]}},
        ]));
        let wrong = "<row r=\"9\"><c r=\"A9\" t=\"inlineStr\"><is><t>x</t></is></c><c r=\"B9\" t=\"e\"><v>#N/A</v></c></row>\
            <row r=\"10\"><c r=\"A10\" t=\"inlineStr\"><is><t>w</t></is></c><c r=\"B10\"><f>1+1</f><v></v></c></row>\
            <row r=\"11\"><c r=\"A11\" t=\"inlineStr\"><is><t>y</t></is></c><c r=\"B11\"><f>A1</f></c></row>\
            <row r=\"12\"><c r=\"A12\" t=\"inlineStr\"><is><t>z</t></is></c><c r=\"D12\" t=\"inlineStr\"><is><t>stray</t></is></c></row>";
        let (_, report) = import(&stage, "b.xlsx", xlsx(&[("Courses", &(row(1, &HEADER) + wrong))]), "");
        let faults: Vec<&str> = report.lines().collect();
        assert_eq!(faults[0], "line 9: record: INVALID: cell B9 holds the error #N/A");
        assert!(report.contains("line 10: record: INVALID: cell B10 holds a formula without its result"), "{report}");
        assert!(faults[2].starts_with("line 11: record: INVALID: cell B11 holds a formula without its result"), "{report}");
        assert!(faults[3].starts_with("line 12: record: INVALID: has \"stray\" in column 4, which has no heading"), "{report}");
    }

    async fn a_cell_of_ods_is_its_text(stage: Stage) {
        let text = |text: &str| format!("<table:table-cell office:value-type=\"string\"><text:p>{text}</text:p></table:table-cell>");
        let header: String = ["externalKey", "title", "kind", "summary", "jobGuarantee", "duration.weeks", "pricing.category", "pricing.amount.amount",
            "pricing.amount.currency", "offerings.format", "offerings.startsOn"].map(text).concat();
        let tables = format!("<table:table table:name=\"Old\" table:style-name=\"h\"><table:table-row>{}</table:table-row></table:table>\
            <table:table table:name=\"Courses\"><table:table-row table:number-rows-repeated=\"2\"><table:table-cell table:number-columns-repeated=\"16384\"/></table:table-row>\
            <table:table-row>{header}<table:table-cell table:number-columns-repeated=\"16373\"/></table:table-row>\
            <table:table-row><table:table-cell office:value-type=\"float\" office:value=\"13\"><text:p>13,00</text:p></table:table-cell>\
            <table:table-cell office:value-type=\"string\"><office:annotation><text:p>Comment</text:p></office:annotation><text:p>Glass<text:s text:c=\"2\"/>&amp; Sand</text:p></table:table-cell>{}\
            <table:table-cell office:value-type=\"percentage\" office:value=\"0.2\"><text:p>20,00%</text:p></table:table-cell>\
            <table:table-cell office:value-type=\"boolean\" office:boolean-value=\"true\"><text:p>WAHR</text:p></table:table-cell>\
            <table:table-cell table:formula=\"of:=2*3\" office:value-type=\"float\" office:value=\"6\"><text:p>6</text:p></table:table-cell>{}\
            <table:table-cell office:value-type=\"currency\" office:currency=\"EUR\" office:value=\"499.9\"><text:p>499,90 €</text:p></table:table-cell>{}{}\
            <table:table-cell office:value-type=\"date\" office:date-value=\"2031-06-01\"><text:p>01.06.31</text:p></table:table-cell></table:table-row>\
            <table:table-row table:number-rows-repeated=\"1048570\"><table:table-cell table:number-columns-repeated=\"16384\"/></table:table-row></table:table>",
            text("junk"), text("COURSE"), text("PAID"), text("EUR"), text("IN_PERSON"));
        let (code, report) = import(&stage, "a.ods", ods(&tables), "");
        assert_eq!((code, report.as_str()), (Some(0), "1 rows: 1 created, 0 updated, 0 unchanged, 0 refused"));
        assert_eq!(courses(&stage).await, json!([{"title": "Glass  & Sand", "summary": "20%", "jobGuarantee": true, "duration": {"weeks": 6},
            "price": {"amount": "499.90", "currency": "EUR"}, "offerings": {"nodes": [{"startsOn": "2031-06-01"}]}}]));
        let error = format!("<table:table table:name=\"E\"><table:table-row>{}</table:table-row><table:table-row>{}<table:table-cell office:value-type=\"string\" \
            office:string-value=\"\" calcext:value-type=\"error\"><text:p>#N/A</text:p></table:table-cell></table:table-row></table:table>",
            ["externalKey", "title", "kind"].map(text).concat(), text("x"));
        let (_, report) = import(&stage, "c.ods", ods(&error), "");
        assert!(report.starts_with("line 2: record: INVALID: cell B2 holds the error #N/A"), "{report}");
        let (code, report) = import(&stage, "b.ods", ods(&tables), "--sheet Old");
        assert!(code == Some(1) && report.contains("column junk") || report.contains("junk"), "{report}");
    }

    async fn a_format_does_not_make_another_figure(stage: Stage) {
        let mapping = "decimal = \",\"\n[fields.externalKey]\nfrom = \"Key\"\n[fields.title]\nfrom = \"Name\"\n[fields.kind]\nconstant = \"COURSE\"\n\
            [fields.\"duration.weeks\"]\nfrom = \"Length\"\nread = \"number\"\n[fields.\"pricing.category\"]\nconstant = \"PAID\"\n\
            [fields.\"pricing.amount\"]\nfrom = \"Price\"\nread = \"money\"\ncurrency = \"USD\"\n";
        Program::on(&stage).file("map.toml", mapping);
        let cells = |number: usize, length: &str, price: &str| format!(
            "<row r=\"{number}\"><c t=\"inlineStr\"><is><t>k{number}</t></is></c><c t=\"inlineStr\"><is><t>T</t></is></c><c {length}</c><c {price}</c></row>");
        let rows = row(1, &["Key", "Name", "Length", "Price"]) + &cells(2, "><v>6</v>", "><v>1.125</v>") + &cells(3, "s=\"4\"><v>6</v>", "><v>5</v>")
            + &cells(4, "s=\"2\"><v>6</v>", "><v>5</v>") + &cells(5, "><v>6</v>", "s=\"3\"><v>1249.5</v>") + &cells(6, "><v>1E+1</v>", "><v>49.9</v>");
        let (_, report) = import(&stage, "a.xlsx", xlsx(&[("A", &rows)]), "--mapping map.toml");
        let faults: Vec<&str> = report.lines().collect();
        assert!(faults[0].starts_with("line 2: pricing.amount"), "1.125 is no 1125: {report}");
        assert!(faults[1].starts_with("line 3: duration.weeks: INVALID: \"6 months\""), "{report}");
        assert!(faults[2].starts_with("line 4: duration.weeks: INVALID: \"600%\""), "{report}");
        assert!(report.contains("5 rows: 2 created"), "{report}");
        let data = courses(&stage).await;
        let mut prices: Vec<&str> = data.as_array().unwrap().iter().map(|node| node["price"]["currency"].as_str().unwrap()).collect();
        prices.sort_unstable();
        assert_eq!(prices, ["EUR", "USD"], "the currency of the format counts");
    }

    async fn the_sheet_is_named_or_the_only_one_with_rows(stage: Stage) {
        let sheet = |key: &str| row(1, &HEADER) + &row(2, &[key, "T", "COURSE"]);
        let (a, b, c) = (sheet("a"), sheet("b"), sheet("c"));
        let blank = "<row r=\"1\"><c r=\"A1\" s=\"1\"/></row>";
        let book = xlsx(&[("Sheet1", blank), ("Courses &amp; more", &a), ("(hidden)", &b), ("Sheet3", "")]);
        assert_eq!(import(&stage, "a.xlsx", &book, "").1, "1 rows: 1 created, 0 updated, 0 unchanged, 0 refused");
        assert_eq!(import(&stage, "a.xlsx", &book, "--sheet (hidden)").1, "1 rows: 1 created, 0 updated, 0 unchanged, 0 refused");
        let book = xlsx(&[("One", &a), ("Two", &c)]);
        let (code, report) = import(&stage, "b.xlsx", &book, "");
        assert!(code == Some(1) && report.contains("sheet: several sheets of the file have rows: One, Two. Name one"), "{report}");
        let (code, report) = import(&stage, "b.xlsx", &book, "--sheet Three");
        assert!(code == Some(1) && report.contains("sheet: the file has no sheet Three; it has One, Two"), "{report}");
        Program::on(&stage).file("map.toml", "sheet = \"Two\"\n[fields.externalKey]\nfrom = \"externalKey\"\n[fields.title]\nfrom = \"title\"\n[fields.kind]\nfrom = \"kind\"\n");
        assert_eq!(import(&stage, "b.xlsx", &book, "--mapping map.toml").1, "1 rows: 1 created, 0 updated, 0 unchanged, 0 refused");
        let (code, report) = import(&stage, "c.xlsx", xlsx(&[("One", blank)]), "");
        assert!(code == Some(1) && report.contains("sheet: no visible sheet of the file has rows"), "{report}");
    }

    async fn files_that_are_damaged_or_do_harm_are_refused(stage: Stage) {
        let good = xlsx(&[("A", &(row(1, &HEADER) + &row(2, &["a", "A", "COURSE"])))]);
        let bomb = " ".repeat(40_000_000);
        let deep = "<a>".repeat(100_000);
        let long = format!("<row r=\"2\"><c t=\"inlineStr\"><is><t>{}</t></is></c></row>", "ab&amp;".repeat(400_000));
        for (file, fault) in [
            (b"externalKey,title\n".to_vec(), "is no workbook"),
            (Vec::new(), "is no workbook"),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec(), "is protected by a password, or in an old format"),
            (good[..good.len() / 2].to_vec(), "is no workbook"),
            (archive(&[("a.txt", "x")]), "is no workbook"),
            (archive(&[("_rels/.rels", "<Relationships/>")]), "is no workbook"),
            (archive(&[("_rels/.rels", "<Relationships>")]), "is damaged"),
            (archive(&[("content.xml", "<office:document-content>")]), "is damaged"),
            (ods("<table:table table:name=\"A\"><table:table-row><table:table-cell table:number-columns-repeated=\"9999999999\" \
                office:value-type=\"string\"><text:p>x</text:p></table:table-cell></table:table-row></table:table>"), "has a cell in column AMK"),
            (xlsx(&[("A", "<row r=\"1\"><c r=\"ZZZZ1\"><v>1</v></c></row>")]), "has a cell in column ZZZZ; at most 1024 columns are read"),
            (xlsx(&[("A", &(row(1, &HEADER) + &bomb))]), "unpacks to more than a sheet of courses can have"),
            (xlsx(&[("A", &deep)]), "is damaged"),
            (xlsx(&[("A", &(row(1, &HEADER) + "<row r=\"2\"><c t=\"s\"><v>99</v></c></row>"))]), "refers to a text that the file does not have"),
            (xlsx(&[("A", &(row(1, &HEADER) + &long))]), "has a cell with more than a megabyte of text"),
        ] {
            let (code, report) = import(&stage, "a.xlsx", &file, "");
            assert!(code != Some(0) && report.contains(fault), "{fault}: {report}");
        }
        let (code, report) = import(&stage, "b.xlsx", xlsx(&[("A", &(row(1, &HEADER) + &row(2, &["a", "A", "COURSE"]) + "<row r=\"3\"><c t=\"inlineStr\"><is><t>b</"))]), "");
        assert_eq!(code, Some(3));
        assert!(report.starts_with("line 2: file: INVALID: is damaged") && report.ends_with("2 rows: 1 created, 0 updated, 0 unchanged, 1 refused"), "{report}");
    }

    async fn a_workbook_goes_over_the_network(app: App) {
        let school = FeedProvider::of(&app).await;
        let sheet = |key: &str| row(1, &HEADER) + &row(3, &[key, "T", "COURSE"]);
        let answer = send(&app, &school, "", XLSX, xlsx(&[("A", &sheet("a"))])).await;
        assert_eq!((&answer[0]["line"], counts(&answer[1])), (&json!(3), [1, 0, 0, 0, 0]), "{answer:?}");
        let book = xlsx(&[("A", &sheet("a")), ("B", &sheet("b"))]);
        let answer = send(&app, &school, "", XLSX, book.clone()).await;
        assert_eq!((&answer[0]["done"], &answer[0]["errors"][0]["code"]), (&json!(false), &json!("BAD_USER_INPUT")), "{answer:?}");
        let answer = send(&app, &school, "&sheet=B&format=xlsx", "application/octet-stream", book).await;
        assert_eq!(counts(&answer[1]), [1, 0, 0, 0, 0], "{answer:?}");
        let answer = send(&app, &school, "", ODS, b"PK".to_vec()).await;
        assert!(answer[0]["errors"][0]["message"].as_str().unwrap().contains("file"), "{answer:?}");
        let answer = send(&app, &school, "", XLSX, vec![b'x'; 17 * 1024 * 1024]).await;
        assert!(answer[0]["errors"][0]["message"].as_str().unwrap().contains("has more than 16 MiB"), "{answer:?}");
    }
}
