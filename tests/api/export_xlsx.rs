//! Exports as a workbook: the columns and cells of CSV, with numbers as numbers.

use std::io::{Cursor, Read};

use serde_json::json;

use crate::export::school_with_everything;
use crate::support::feed::{FeedProvider, counts, row};
use crate::support::{App, People};

/// Content of a cell.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Cell {
    #[default]
    Empty,
    Text(String),
    Number(f64),
}

/// The XML of the only sheet of a workbook.
fn sheet(workbook: Vec<u8>) -> String {
    let mut archive = zip::ZipArchive::new(Cursor::new(workbook)).unwrap();
    assert_eq!(
        archive.file_names().filter(|name| name.as_ref().unwrap().starts_with("xl/worksheets/sheet")).count(),
        1
    );
    let mut xml = String::new();
    archive.by_name("xl/worksheets/sheet1.xml").unwrap().read_to_string(&mut xml).unwrap();
    xml
}

/// The cells of a sheet, row by row.
fn rows(xml: &str) -> Vec<Vec<Cell>> {
    let between = |text: &str, start: &str, end: &str| {
        text.split_once(start).and_then(|(_, rest)| rest.split_once(end)).map(|(found, _)| found.to_owned())
    };
    let unescaped = |text: &str| {
        text.replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&quot;", "\"")
            .replace("_x005F_", "_")
            .replace("&amp;", "&")
    };
    let mut rows = Vec::new();
    for row in xml.split("<row ").skip(1) {
        let mut cells: Vec<Cell> = Vec::new();
        for cell in row.split("<c ").skip(1) {
            let name = between(cell, "r=\"", "\"").unwrap();
            let letters = name.bytes().take_while(u8::is_ascii_uppercase);
            let column = letters.fold(0, |number, letter| number * 26 + usize::from(letter - b'A') + 1) - 1;
            cells.resize(cells.len().max(column + 1), Cell::Empty);
            cells[column] = match (between(cell, "<v>", "</v>"), between(cell, "<is><t", "</t>")) {
                (Some(number), None) => Cell::Number(number.parse().unwrap()),
                (None, Some(text)) => Cell::Text(unescaped(text.split_once('>').unwrap().1)),
                (None, None) => Cell::Empty,
                other => panic!("{other:?}"),
            };
        }
        rows.push(cells);
    }
    rows
}

async fn export(app: &App, school: &FeedProvider, format: &str) -> Vec<u8> {
    let path = format!("{}/export?provider={}&format={format}", app.address, school.slug);
    let answer = app.client.get(path).bearer_auth(&school.token).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    answer.bytes().await.unwrap().to_vec()
}

on_both! {
    #![empty]

    async fn a_workbook_has_the_columns_and_the_cells_of_csv(app: App) {
        let school = school_with_everything(&app).await;
        let xml = sheet(export(&app, &school, "xlsx").await);
        assert!(xml.contains("<pane ySplit=\"1\" topLeftCell=\"A2\" activePane=\"bottomLeft\" state=\"frozen\"/>"), "{}", &xml[..800]);
        assert!(!xml.contains("<f>"), "no cell is a formula");
        let text = String::from_utf8(export(&app, &school, "csv").await).unwrap();
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.trim_start_matches('\u{feff}').as_bytes());
        let records: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
        let rows = rows(&xml);
        assert_eq!((rows.len(), records.len()), (14, 14));
        let (mut numbers, mut texts) = (0, 0);
        for (row, record) in rows.iter().zip(&records) {
            for (column, text) in record.iter().enumerate() {
                match row.get(column).cloned().unwrap_or_default() {
                    Cell::Empty => assert_eq!(text, ""),
                    Cell::Text(cell) => {
                        assert_eq!(cell, text);
                        texts += 1;
                    }
                    Cell::Number(number) => {
                        assert_eq!(Ok(number), text.parse::<f64>(), "{}", &records[0][column]);
                        numbers += 1;
                    }
                }
            }
        }
        assert!(numbers == 10 && texts > 100, "{numbers} {texts}");
        let column = |name: &str| records[0].iter().position(|column| column == name).unwrap();
        assert_eq!(rows[3][column("pricing.amount.amount")], Cell::Number(1999.5));
        assert_eq!(rows[3][column("duration.days.max")], Cell::Number(12.0));
        assert_eq!(rows[3][column("portfolio")], Cell::Text("true".to_owned()));
        assert_eq!(rows[4][0], Cell::Text("'=1+1".to_owned()));
    }

    async fn what_is_read_from_the_cells_changes_nothing(app: App) {
        let school = school_with_everything(&app).await;
        let mut csv = csv::Writer::from_writer(Vec::new());
        let rows = rows(&sheet(export(&app, &school, "xlsx").await));
        let width = rows[0].len();
        for mut row in rows {
            row.resize(width, Cell::Empty);
            csv.write_record(row.into_iter().map(|cell| match cell {
                Cell::Empty => String::new(),
                Cell::Text(text) => text,
                Cell::Number(number) => number.to_string(),
            }))
            .unwrap();
        }
        let text = String::from_utf8(csv.into_inner().unwrap()).unwrap();
        let (_, answer) = school.send(&app, "", "text/csv", text).await;
        assert_eq!(counts(answer.last().unwrap()), [0, 0, 13, 0, 0], "{answer:#?}");
    }

    async fn a_workbook_comes_by_command_and_over_http(app: App) {
        let school = FeedProvider::of(&app).await;
        let body: String = (0..250).map(|key| format!("{key},Course {key},COURSE\n")).collect();
        school.send(&app, "&results=refused", "text/csv", format!("externalKey,title,kind\n{body}")).await;
        let before = std::fs::read_dir(&app.folder).unwrap().count();
        let path = format!("{}/export?provider={}&format=xlsx", app.address, school.slug);
        let answer = app.client.get(path).bearer_auth(&school.token).send().await.unwrap();
        let header = |name: &str| answer.headers()[name].to_str().unwrap().to_owned();
        assert_eq!(header("content-type"), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");
        assert_eq!(header("content-disposition"), format!("attachment; filename=\"{}.xlsx\"", school.slug));
        assert_eq!((header("lectern-left-out"), header("lectern-position")), ("0".to_owned(), school.catalogue.position().await.to_string()));
        assert_eq!(rows(&sheet(answer.bytes().await.unwrap().to_vec())).len(), 251);
        assert_eq!(std::fs::read_dir(&app.folder).unwrap().count(), before, "temporary files are gone");
        let ended = app.command(&format!("export --provider {} courses.xlsx", school.slug)).await;
        assert_eq!((ended.code, ended.out.starts_with("250 courses at position ")), (Some(0), true), "{}", ended.error);
        let cells = rows(&sheet(std::fs::read(app.folder.join("courses.xlsx")).unwrap()));
        assert_eq!((cells.len(), &cells[250][0]), (251, &Cell::Text("249".to_owned())));
        assert_eq!(std::fs::read_dir(&app.folder).unwrap().count(), before + 1);
    }

    async fn what_no_workbook_can_hold_is_refused(app: App) {
        let school = FeedProvider::of(&app).await;
        let offering = |day: usize| json!({"format": "IN_PERSON", "startsOn": format!("2027-{:02}-{:02}", 1 + day / 28, 1 + day % 28),
            "url": format!("https://example.org/{}", "x".repeat(300))});
        let mut long = row("long");
        long["offerings"] = (0..100).map(offering).collect();
        school.feed(&app, "", &[row("short"), long]).await;
        let path = format!("{}/export?provider={}&format=xlsx", app.address, school.slug);
        let answer = app.client.get(&path).bearer_auth(&school.token).send().await.unwrap();
        let (status, text) = (answer.status().as_u16(), answer.text().await.unwrap());
        let rule = "xlsx: cannot hold offerings of the course long: it is longer than a cell may be";
        assert!(status == 400 && text.contains("BAD_USER_INPUT") && text.contains(rule), "{status} {text}");
        let ended = app.command(&format!("export --provider {} courses.xlsx", school.slug)).await;
        assert!(ended.code == Some(1) && ended.error.contains(rule), "{}", ended.error);
        assert!(!app.folder.join("courses.xlsx").exists() && !app.folder.join("courses.xlsx.part").exists());
        let ended = app.command("export courses.xlsx").await;
        assert!(ended.error.contains("--format: the public catalogue is JSON Lines"), "{}", ended.error);
        for (query, token, wanted) in [("?format=xlsx", &school.token, 400), (path.rsplit_once('/').unwrap().1, &People::of(&app).await.person("ann@example.org").await.token, 403)] {
            let query = query.trim_start_matches("export");
            let answer = app.client.get(format!("{}/export{query}", app.address)).bearer_auth(token).send().await.unwrap();
            assert_eq!(answer.status().as_u16(), wanted, "{query}");
        }
    }
}
