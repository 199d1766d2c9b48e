//! Feeds as spreadsheets and databases write them: delimiters, encodings, lines and columns that say nothing, arrays.

use serde_json::{Value, json};

use crate::support::feed::{FeedProvider, counts};
use crate::support::{App, Program, Stage};

const PROVIDERS: &str = r#"{"providers": [{"slug": "school", "name": "School", "kind": "BOOTCAMP"}]}"#;

fn import(stage: &Stage, name: &str, content: impl AsRef<[u8]>, arguments: &str) -> (Option<i32>, String) {
    let program = Program::on(stage);
    assert_eq!(program.file("providers.json", PROVIDERS).run("import --taxonomy providers.json").code, Some(0));
    let ended = program.file(name, content).run(&format!("import --provider school {arguments} {name}"));
    (ended.code, ended.rows_and_totals())
}

async fn titles(stage: &Stage) -> Vec<String> {
    let data = stage.ask("{ courses(first: 100, orderBy: {field: TITLE, direction: ASC}) { nodes { title } } }").await;
    let titles =
        data["courses"]["nodes"].as_array().unwrap().iter().map(|node| node["title"].as_str().unwrap().to_owned());
    titles.collect()
}

const CREATED: &str = "2 rows: 2 created, 0 updated, 0 unchanged, 0 refused";

fn utf_16(text: &str, to_bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(to_bytes).collect()
}

on_both! {
    #![empty]

    async fn the_delimiter_is_found_in_the_header(stage: Stage) {
        for (name, file) in [
            ("a.csv", "externalKey;title;kind\na;\"Glass; Cutting\";COURSE\nb;\"B, \"\"b\"\"\";COURSE\n"),
            ("b.tsv", "externalKey\ttitle\tkind\na\tGlass; Cutting\tCOURSE\nb\t\"B, \"\"b\"\"\"\tCOURSE\n"),
            ("c.csv", "sep=|\r\nexternalKey|title|kind\r\na|Glass; Cutting|COURSE\r\nb|\"B, \"\"b\"\"\"|COURSE\r\n"),
            ("d.csv", "\"externalKey\",\"title\",\"kind\"\na,Glass; Cutting,COURSE\nb,\"B, \"\"b\"\"\",COURSE\n"),
        ] {
            let (_, report) = import(&stage, name, file, "");
            assert!(report.starts_with("2 rows: ") && report.ends_with(" 0 refused"), "{name}: {report}");
            assert_eq!(titles(&stage).await, ["B, \"b\"", "Glass; Cutting"], "{name}");
        }
        let (code, report) = import(&stage, "e.csv", "externalKey^title^kind\nc^C^COURSE\n", "--delimiter ^");
        assert_eq!((code, report.as_str()), (Some(0), "1 rows: 1 created, 0 updated, 0 unchanged, 0 refused"));
        assert_eq!(import(&stage, "f.csv", "externalKey\n", "--delimiter ab").0, Some(2));
    }

    async fn utf_16_is_found_and_other_encodings_are_declared(stage: Stage) {
        let text = "externalKey,title,kind\r\na,Käse 𝄞,COURSE\r\nb,日本,COURSE\r\n";
        let files = [utf_16(&format!("\u{feff}{text}"), u16::to_le_bytes), utf_16(&format!("\u{feff}{text}"), u16::to_be_bytes),
            utf_16(text, u16::to_le_bytes)];
        for file in files {
            let (code, report) = import(&stage, "a.csv", file, "");
            assert_eq!(code, Some(0), "{report}");
            assert_eq!(titles(&stage).await, ["Käse 𝄞", "日本"]);
        }
        let latin = b"externalKey,title,kind\nc,Caf\xe9 \x80,COURSE\n";
        let (_, report) = import(&stage, "b.csv", latin, "");
        assert!(report.starts_with("line 2: record: INVALID: title has a byte of another encoding after \"Caf\": save the file as UTF-8, or declare its encoding\n"), "{report}");
        assert_eq!(import(&stage, "b.csv", latin, "--encoding windows-1252").0, Some(0));
        assert_eq!(titles(&stage).await, ["Café €", "Käse 𝄞", "日本"]);
        let (code, report) = import(&stage, "b.csv", latin, "--encoding klingon");
        assert_eq!(code, Some(1));
        assert!(report.contains("--encoding: must be the name of an encoding"), "{report}");
        let mut broken = utf_16("\u{feff}externalKey,title,kind\nd,D", u16::to_le_bytes);
        broken.extend(b"\x00\xd8,\0K\0\n\0");
        assert!(import(&stage, "c.csv", broken, "").1.contains("line 2: record: INVALID: "));
    }

    async fn lines_and_columns_that_say_nothing_are_passed_over(stage: Stage) {
        let file = "externalKey,title,kind,,\na,A,COURSE,,\n,,,,\nb,B,COURSE,,,,\n , \n";
        let (code, report) = import(&stage, "a.csv", file, "");
        assert_eq!((code, report.as_str()), (Some(0), CREATED));
        let (code, report) = import(&stage, "b.csv", "externalKey,title,kind,,\nc,C,COURSE,stray,\n", "");
        assert_eq!(code, Some(3));
        assert!(report.starts_with("line 2: record: INVALID: has \"stray\" in column 4, which has no heading"), "{report}");
        let (code, report) = import(&stage, "c.csv", "Courses 2027,,\n\"Of \"\"us\"\n,,\nexternalKey,title,kind\nd,D\n", "--skip-lines 3");
        assert_eq!(code, Some(3));
        assert!(report.starts_with("line 5: record: INVALID: has 2 fields, and the header has 3"), "{report}");
    }

    async fn the_mapping_declares_what_cannot_be_found(stage: Stage) {
        let mapping = "delimiter = \"^\"\nencoding = \"windows-1252\"\nskip = 1\n[fields.externalKey]\nfrom = \"Schlüssel\"\n\
            [fields.title]\nfrom = \"Titel\"\n[fields.kind]\nconstant = \"COURSE\"\n";
        Program::on(&stage).file("map.toml", mapping);
        let (code, report) = import(&stage, "a.csv", b"Unsere Kurse\nSchl\xfcssel^Titel\na^K\xe4se\n", "--mapping map.toml");
        assert_eq!(code, Some(0), "{report}");
        assert_eq!(titles(&stage).await, ["Käse"]);
        for (wrong, wanted) in [("delimiter = \"ab\"\n", "delimiter must be one sign"), ("encoding = \"x\"\n", "encoding must be the name"),
                                ("decimal = \"_\"\n", "decimal must be")] {
            Program::on(&stage).file("map.toml", format!("{wrong}[fields.externalKey]\nfrom = \"K\"\n"));
            let (code, report) = import(&stage, "a.csv", "K\n", "--mapping map.toml");
            assert!(code == Some(1) && report.contains(wanted), "{report}");
        }
    }

    async fn an_array_of_json_is_read_item_by_item(stage: Stage) {
        let file = "\u{feff}\n[\n  {\"externalKey\": 13, \"title\": \"A ]},[ \\\" \\\\\", \"kind\": \"COURSE\"}, {\"externalKey\": \"b\",\n\
            \"title\": \"B\", \"kind\": \"COURSE\", \"pricing\": {\"category\": \"PAID\", \"amount\": {\"amount\": 49.5, \"currency\": \"EUR\"}}}\n]\n";
        let (code, report) = import(&stage, "a.json", file, "");
        assert_eq!((code, report.as_str()), (Some(0), CREATED));
        let data = stage.ask("{ courses(orderBy: {field: TITLE, direction: ASC}) { nodes { title price { amount } } } }").await;
        assert_eq!(data["courses"]["nodes"], json!([{"title": "A ]},[ \" \\", "price": null}, {"title": "B", "price": {"amount": "49.50"}}]));
        let (code, report) = import(&stage, "b.json", "[{\"externalKey\": \"b\"},\n7,\n{\"externalKey\": \"b\"", "");
        let wanted = "line 2: record: INVALID: is not a JSON object\n\
            line 3: file: INVALID: the array that begins in line 1 is never closed\n\
            3 rows: 0 created, 0 updated, 1 unchanged, 2 refused";
        assert_eq!((code, report.as_str()), (Some(3), wanted));
        let (_, report) = import(&stage, "c.json", "[]\n[]", "");
        assert!(report.starts_with("line 2: file: INVALID: goes on after its array"), "{report}");
    }

    async fn a_feed_over_the_network_has_the_same_layouts(app: App) {
        let school = FeedProvider::of(&app).await;
        let (_, answer) = school.send(&app, "", "text/csv", "externalKey;title;kind\na;A;COURSE\n").await;
        assert_eq!(counts(&answer[1]), [1, 0, 0, 0, 0]);
        let body = "Courses\nexternalKey^title^kind\nb^R&amp;D^COURSE\n";
        let (_, answer) = school.send(&app, "&delimiter=%5E&skipLines=1", "text/csv", body).await;
        assert_eq!(counts(&answer[1]), [1, 0, 0, 0, 0], "{answer:?}");
        let warnings: &Value = &answer[1]["warnings"];
        assert!(warnings[0].as_str().unwrap().starts_with("title: HTML is taken as text in 1 rows, from line 3 on"), "{warnings}");
        let (_, answer) = school.send(&app, "", "application/x-ndjson", "[{\"externalKey\":\"a\"},{\"externalKey\":\"b\"}]").await;
        assert_eq!(counts(&answer[2]), [0, 0, 2, 0, 0], "{answer:?}");
        for wrong in ["&delimiter=ab", "&encoding=klingon", "&skipLines=-1"] {
            assert_eq!(school.send(&app, wrong, "text/csv", "").await.0, 400, "{wrong}");
        }
    }
}
