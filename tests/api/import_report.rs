//! What an import reports: one line for each kind of fault, with its rows and a remedy, and the same as JSON.

use serde_json::{Value, json};

use crate::support::feed::{FeedProvider, JSONL, public, row};
use crate::support::{App, Program, Stage};

const PROVIDERS: &str = r#"{"providers": [{"slug": "school", "name": "The School", "kind": "BOOTCAMP"}]}"#;
const FIELDS: &str =
    "[fields.externalKey]\nfrom = \"id\"\n[fields.title]\nfrom = \"id\"\n[fields.kind]\nconstant = \"COURSE\"\n";

fn prepared(stage: &Stage) -> Program<'_> {
    let program = Program::on(stage);
    assert_eq!(program.file("providers.json", PROVIDERS).run("import --taxonomy providers.json").code, Some(0));
    program
}

/// Imports a file for the school, and returns the exit code and the lines of the report.
fn import(program: &Program<'_>, file: &str, content: impl AsRef<[u8]>, arguments: &str) -> (Option<i32>, Vec<String>) {
    let ended = program.file(file, content).run(&format!("import --provider school {arguments} {file}"));
    (ended.code, ended.out.lines().map(str::to_owned).collect())
}

/// Imports a file for the school, and returns the exit code and the only line, which is JSON.
fn import_json(program: &Program<'_>, file: &str, content: impl AsRef<[u8]>, arguments: &str) -> (Option<i32>, Value) {
    let (code, lines) = import(program, file, content, &format!("--report json {arguments}"));
    assert_eq!(lines.len(), 1, "{lines:?}");
    (code, serde_json::from_str(&lines[0]).unwrap())
}

/// A fault of a kind.
fn fault<'a>(report: &'a Value, field: &str) -> &'a Value {
    let faults = report["faults"].as_array().unwrap();
    faults.iter().find(|fault| fault["field"] == field).unwrap_or_else(|| panic!("{field}: {report:#}"))
}

/// A file with twelve rows of one kind of fault, and two of others.
fn faulty() -> String {
    let kinds = (1..=12).map(|row| format!("k{row},K,{},8\n", if row % 2 == 0 { "LESSON" } else { "Lesson" }));
    format!("externalKey,title,kind,maxClassSize\n{}a,A,COURSE,0\n,B,COURSE,8\n", kinds.collect::<String>())
}

on_both! {
    #![empty]

    async fn each_kind_of_fault_is_one_line_with_its_rows_its_texts_and_a_remedy(stage: Stage) {
        let program = prepared(&stage);
        let (code, lines) = import(&program, "a.csv", faulty(), "");
        assert_eq!((code, lines.len()), (Some(3), 10 + 2 + 3 + 1), "{lines:#?}");
        for (index, line) in lines[..10].iter().enumerate() {
            assert!(line.starts_with(&format!("line {}: kind: INVALID: must be one of ", index + 2)), "{line}");
        }
        assert!(lines[12].starts_with("12 rows, first in lines 2, 3, 4: kind: INVALID: must be one of COURSE, "), "{}", lines[12]);
        assert!(lines[12].ends_with("; found: \"Lesson\", \"LESSON\"; remedy: write one of these names"), "{}", lines[12]);
        assert_eq!(lines[13], "1 row, in line 14: maxClassSize: OUT_OF_RANGE: must be 1 to 10000; found: \"0\"; \
                               remedy: correct the number, or leave it out");
        assert_eq!(lines[14], "1 row, in line 15: externalKey: REQUIRED: must not be null; \
                               remedy: give each row the key of the course in your own system");
        let (_, lines) = import(&program, "a.csv", faulty(), "--report rows");
        assert_eq!((lines.len(), lines.iter().filter(|line| line.starts_with("line ")).count()), (18, 14), "{lines:#?}");
    }

    async fn the_report_is_one_json_document_on_request(stage: Stage) {
        let program = prepared(&stage);
        let (code, report) = import_json(&program, "a.csv", faulty(), "");
        assert_eq!((code, &report["done"], &report["created"], &report["rejected"]), (Some(3), &json!(true), &json!(0), &json!(14)));
        assert_eq!((report["faults"].as_array().unwrap().len(), &report["moreFaults"]), (3, &json!(0)));
        let kind = fault(&report, "kind");
        assert_eq!((&kind["code"], &kind["rows"]), (&json!("INVALID"), &json!(12)));
        assert_eq!(kind["lines"], json!([2, 3, 4, 5, 6, 7, 8, 9, 10, 11]));
        assert_eq!((&kind["texts"], &kind["remedy"]), (&json!(["Lesson", "LESSON"]), &json!("write one of these names")));
        let (code, report) = import_json(&program, "b.csv", "externalKey,titel\n", "");
        let message = "field titel: a course has no such field";
        assert_eq!((code, report), (Some(1), json!({"done": false, "errors": [{"code": "BAD_USER_INPUT", "message": message, "path": []}]})));
        let (code, report) = import_json(&program, "c.jsonl", "", "");
        assert_eq!((code, &report["faults"], report.get("changes")), (Some(0), &json!([]), None));
    }

    async fn a_report_is_bounded_whatever_the_feed_is(stage: Stage) {
        let program = prepared(&stage);
        let row = |index: usize| {
            let mut row = row(index);
            row[format!("unknown{}", "x".repeat(index))] = json!("y".repeat(5_000));
            format!("{row}\n")
        };
        let (code, report) = import_json(&program, "a.jsonl", (0..150).map(row).collect::<String>(), "");
        assert_eq!((code, &report["rejected"], &report["moreFaults"]), (Some(3), &json!(150), &json!(50)));
        let faults = report["faults"].as_array().unwrap();
        assert_eq!((faults.len(), faults[7]["texts"][0].as_str().unwrap().chars().count()), (100, 60));
        let (_, lines) = import(&program, "a.jsonl", (0..150).map(row).collect::<String>(), "");
        assert_eq!((lines.len(), lines[200].as_str()), (202, "50 faults of more kinds"));
    }

    async fn a_text_that_a_mapping_cannot_read_has_a_remedy_for_the_mapping(stage: Stage) {
        let program = prepared(&stage);
        for (field, keys, text, remedy) in [
            ("level", "values = { Easy = \"BEGINNER\" }", "Hard", "values = { \"Hard\" = \"…\" }"),
            ("level", "", "Hard \"as\" nails", "values = { \"Hard \\\"as\\\" nails\" = \"…\" }"),
            ("maxClassSize", "", "8 people", "set read = \"number\""),
            ("maxClassSize", "read = \"number\"", "many", "values = { \"many\" = \"…\" }"),
            ("maxClassSize", "read = \"number\"", "8.5", "set round"),
            ("maxClassSize", "read = \"number\"", "1.500", "write it without separator"),
            ("maxClassSize", "read = \"number\"", "8 to 12", "takes read = \"range\""),
            ("maxClassSize", "read = \"number\"", "up to 8", "values = { \"up to 8\" = \"…\" }"),
            ("duration.weeks", "read = \"number\"", "6 months", "map the field duration instead, with read = \"duration\""),
            ("duration", "read = \"duration\"", "1 month", "set round"),
            ("duration", "read = \"duration\"", "long", "values = { \"long\" = \"…\" }"),
            ("pricing.amount", "read = \"money\"", "499", "set currency if all amounts are in the same one"),
            ("pricing.amount", "read = \"money\"", "$499", "set currency, e.g. currency = \"USD\""),
            ("pricing.amount", "read = \"money\"\ncurrency = \"USD\"", "499,90", "set decimal"),
            ("pricing.amount", "read = \"money\"\ncurrency = \"USD\"", "TOP 10", "set currency"),
            ("portfolio", "", "yes", "set read = \"boolean\""),
            ("portfolio", "read = \"boolean\"", "maybe", "values = { \"maybe\" = \"…\" }"),
            ("languages", "split = \",\"", "English", "set read = \"language\""),
            ("languages", "read = \"language\"", "Elvish", "values = { \"Elvish\" = \"…\" }"),
            ("skills", "split = \",\"", "Juggling", "values = { \"Juggling\" = \"…\" }"),
            ("awards", "read = \"json\"", "first prize", "values = { \"first prize\" = [] }"),
            ("summary", "required = true", "", "fill the column"),
            ("summary", "", &"long ".repeat(101), "set truncate = true"),
            ("url", "", "n/a", "values = { \"n/a\" = [] }"),
            ("offerings.startsOn", "read = \"date\"", "1 May", "add its format"),
        ] {
            let mapping = format!("{FIELDS}[fields.\"pricing.category\"]\nconstant = \"PAID\"\n[fields.\"{field}\"]\nfrom = \"is\"\n{keys}\n");
            program.file("map.toml", mapping);
            let text = format!("\"{}\"", text.replace('"', "\"\""));
            let (code, report) = import_json(&program, "a.csv", format!("id,is\na,{text}\nb,{text}\n"), "--mapping map.toml");
            assert_eq!(code, Some(3), "{field} {text}: {report:#}");
            let fault = fault(&report, field);
            assert_eq!((&fault["rows"], &fault["lines"]), (&json!(2), &json!([2, 3])), "{field} {text}: {report:#}");
            let told = fault["remedy"].as_str().unwrap_or_default();
            assert!(told.contains(remedy), "{field} {text}: {remedy}: {report:#}");
        }
    }

    async fn a_fault_of_the_mapping_is_one_document_too(stage: Stage) {
        let program = prepared(&stage);
        program.file("map.toml", format!("{FIELDS}[fields.languages]\nconstant = \"en\"\n"));
        let (code, report) = import_json(&program, "a.csv", "id\na\nb\n", "--mapping map.toml");
        let message = report["errors"][0]["message"].as_str().unwrap();
        assert!(code == Some(1) && message.starts_with("field languages: constant must be a list"), "{report:#}");
    }

    async fn a_second_row_with_a_key_names_the_line_of_the_first(stage: Stage) {
        let program = prepared(&stage);
        let rows: Vec<Value> = [0, 1, 0].into_iter().chain(2..600).chain([5, 1]).map(row).collect();
        let text: String = rows.iter().map(|row| format!("{row}\n")).collect();
        let (code, lines) = import(&program, "a.jsonl", &text, "");
        assert_eq!(code, Some(3));
        for (line, earlier) in [(3, 1), (602, 7), (603, 2)] {
            let told = format!("line {line}: externalKey: DUPLICATE: another row before it has this key (line {earlier})");
            assert!(lines.contains(&told), "{told}\n{lines:#?}");
        }
        let kind = lines.iter().find(|line| line.starts_with("3 rows")).unwrap();
        assert!(kind.starts_with("3 rows, first in lines 3, 602, 603: externalKey: DUPLICATE: another row before it has this key; \
                                  found: \"0\", \"5\", \"1\"; remedy: "), "{kind}");
        let (_, report) = import_json(&program, "a.jsonl", &text, "");
        assert_eq!(fault(&report, "externalKey")["earlierLines"], json!([1, 7, 2]));
    }
}

on_both! {
    #![empty]

    async fn a_feed_is_answered_with_the_report_alone_on_request(app: App) {
        let school = FeedProvider::of(&app).await;
        let rows = [public("a"), json!({"externalKey": "b"}), public("a"), json!({"externalKey": "c"})];
        let body: String = rows.iter().map(|row| format!("{row}\n")).collect();
        let address = format!("{}/import?provider={}&results=summary", app.address, school.slug);
        let request = app.client.post(address).bearer_auth(&school.token).header("content-type", JSONL);
        let answer = request.body(body).send().await.unwrap();
        assert_eq!((answer.status().as_u16(), answer.headers()["content-type"].to_str().unwrap()), (200, "application/json"));
        let report: Value = serde_json::from_str(&answer.text().await.unwrap()).unwrap();
        assert_eq!((&report["done"], &report["created"], &report["rejected"]), (&json!(true), &json!(1), &json!(3)));
        assert_eq!(report["position"], school.catalogue.position().await);
        let title = json!({"field": "title", "code": "REQUIRED", "rule": "must be given for a new course", "rows": 2, "lines": [2, 4],
            "texts": [], "remedy": "fill it in; what belongs to an object is given with it, or the whole object is left out"});
        assert_eq!(fault(&report, "title"), &title);
        let key = fault(&report, "externalKey");
        assert_eq!((&key["texts"], &key["earlierLines"]), (&json!(["a"]), &json!([1])));
        let (status, answer) = school.send(&app, "&results=summary", "text/csv", "externalKey,colour\n").await;
        assert_eq!((status, answer.len(), &answer[0]["done"]), (200, 1, &json!(false)));
        let (_, answer) = school.send(&app, "&results=summary", JSONL, "{}\n{\"externalKey\":").await;
        assert_eq!((answer.len(), &answer[0]["rejected"], answer[0]["faults"].as_array().unwrap().len()), (1, &json!(2), 4), "{answer:#?}");
    }
}
