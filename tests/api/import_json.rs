//! `lectern import` of JSON: rows in a field of an object, mappings with paths, and documents of any shape.

use serde_json::{Value, json};

use crate::support::feed::{FeedProvider, counts};
use crate::support::{App, Program, Stage};

const TAXONOMY: &str = r#"{"providers": [{"slug": "school", "name": "School", "kind": "BOOTCAMP"}],
    "skills": [{"slug": "sql", "name": "SQL", "kind": "LANGUAGE"}, {"slug": "python", "name": "Python", "kind": "LANGUAGE"}]}"#;

const MAPPING: &str = r#"
rows = "data.items"
only = { kind = ["course"] }
offerings = "runs"
decimal = ","
[fields.externalKey]
from = "id"
[fields.title]
from = ["name.de", "name"]
first = true
[fields.kind]
constant = "COURSE"
[fields.summary]
from = ["teachers.*.name", "motto"]
join = ", "
[fields.languages]
from = "languages"
read = "language"
[fields.skills]
from = "skills.*.name"
drop_unknown = true
[fields."pricing.category"]
constant = "PAID"
[fields."pricing.amount"]
from = ["offers.0.price", "offers.0.priceCurrency"]
read = "money"
[fields."duration.weeks"]
from = "weeks"
read = "number"
[fields.awards]
from = "awards"
read = "json"
[fields."offerings.format"]
from = "mode"
values = { onsite = "IN_PERSON", online = [] }
[fields."offerings.startsOn"]
from = "start"
read = "date"
[fields."offerings.location.city"]
from = "place.city"
"#;

fn prepared(stage: &Stage) -> Program<'_> {
    let program = Program::on(stage);
    assert_eq!(program.file("taxonomy.json", TAXONOMY).run("import --taxonomy taxonomy.json").code, Some(0));
    program
}

fn import(program: &Program<'_>, content: impl AsRef<[u8]>, arguments: &str) -> (Option<i32>, String) {
    program.file("feed.json", content);
    let ended = program.run(&format!("import --provider school {arguments} feed.json"));
    (ended.code, ended.out.rsplit_once(';').map_or(ended.error, |(report, _)| report.to_owned()))
}

fn mapped(program: &Program<'_>, content: &Value) -> (Option<i32>, String) {
    import(program.file("map.toml", MAPPING), content.to_string(), "--mapping map.toml")
}

on_both! {
    #![empty]

    async fn rows_in_a_field_of_an_object_are_found(stage: Stage) {
        let program = prepared(&stage);
        let courses = "[\n{\"externalKey\": 7, \"title\": \"A ]}\", \"kind\": \"COURSE\", \"summary\": \" \", \"skills\": [\"\", \"sql\"],\n\
            \"pricing\": {\"category\": \"\", \"amount\": \"\"}}, {\"externalKey\": \"b\", \"title\": \"B\", \"kind\": \"COURSE\"}]";
        for document in [
            format!("\u{feff}{{\"count\": 2, \"next\": null, \"tags\": [\"a\", [{{}}]], \"none\": [],\n \"courses\": {courses},\n\"meta\": {{\"a\": [{{\"b\": [1]}}]}}\n}}"),
            format!("{{\"title\": \"All \\\"courses\\\" [\", \"courses\": {courses}}}").replace('\n', " "),
            courses.to_owned(),
        ] {
            let (code, report) = import(&program, &document, "");
            assert_eq!(code, Some(0), "{document}\n{report}");
            assert!(report.starts_with("2 rows: ") && report.ends_with(" 0 refused"), "{report}");
        }
        let data = stage.ask("{ courses(orderBy: {field: TITLE, direction: ASC}) { nodes { title summary pricing { category } skills { slug } } } }").await;
        assert_eq!(data["courses"]["nodes"], json!([{"title": "A ]}", "summary": null, "pricing": null, "skills": [{"slug": "sql"}]},
            {"title": "B", "summary": null, "pricing": null, "skills": []}]));
        let page = |key: &str| format!("{{\"page\": 1, \"courses\": [{{\"externalKey\": \"{key}\", \"title\": \"P\", \"kind\": \"COURSE\"}}]}}\n");
        let (_, report) = import(&program, format!("{}{}", page("p"), page("q")), "");
        assert_eq!(report, "2 rows: 2 created, 0 updated, 0 unchanged, 0 refused", "page after page");
        let (code, report) = import(&program, "{\n  \"externalKey\": \"b\",\n  \"offerings\": [{\"format\": \"SELF_PACED\"}]\n}\n", "");
        assert_eq!((code, report.as_str()), (Some(0), "1 rows: 0 created, 1 updated, 0 unchanged, 0 refused"), "an object alone");
    }

    async fn a_document_that_could_mean_several_things_is_refused(stage: Stage) {
        let program = prepared(&stage);
        let row = |key: &str| format!("{{\"externalKey\": \"{key}\", \"title\": \"T\", \"kind\": \"COURSE\"}}");
        let (code, report) = import(&program, format!("{{\"old\": [{}],\n\"new\": [{}]}}", row("a"), row("b")), "");
        assert_eq!(code, Some(3));
        assert!(report.starts_with("line 2: file: INVALID: has lists of records in old and new: "), "{report}");
        let (_, report) = import(&program, format!("{{\"courses\": [{}]", row("a")), "");
        assert!(report.starts_with("line 1: file: INVALID: the object around its records is never closed"), "{report}");
        let (_, report) = import(&program, format!("{{\"courses\": [{}", row("a")), "");
        assert!(report.starts_with("line 1: record: INVALID: ") || report.contains("file: INVALID: the array that begins in line 1 is never closed"), "{report}");
        let (_, report) = import(&program, format!("{{\"externalKey\": \"hal\n{}\n{{\"a\": 1\n{}\n", row("a"), row("c")), "");
        assert!(report.starts_with("line 1: record: INVALID: is not JSON: "), "{report}");
        assert!(report.contains("line 3: record: INVALID: ") && report.ends_with("4 rows: 1 created, 0 updated, 1 unchanged, 2 refused"), "{report}");
        let (_, report) = import(&program, format!("{{\"a\": 1,\n{}\n", row("a")), "");
        assert!(report.starts_with("line 1: record: INVALID: ") && report.ends_with("1 unchanged, 1 refused"), "{report}");
    }

    async fn no_depth_of_json_takes_the_process_down(stage: Stage) {
        let program = prepared(&stage);
        let deep = |levels: usize| "[".repeat(levels) + &"]".repeat(levels);
        let (_, report) = import(&program, format!("{{\"externalKey\": \"a\", \"awards\": {}}}", deep(120)), "");
        assert!(report.starts_with("line 1: record: INVALID: is nested more than 100 levels deep"), "{report}");
        for document in [format!("{{\"x\": {}, \"courses\": []}}", deep(500_000)), "{\"x\":".repeat(500_000), deep(500_000)] {
            let (code, report) = import(&program, document, "");
            assert_eq!(code, Some(3), "{report}");
        }
    }

    async fn a_mapping_takes_paths(stage: Stage) {
        let program = prepared(&stage);
        let feed = json!({"data": {"total": 3, "items": [
            {"id": 12, "kind": "course", "name": {"de": "Äpfel", "en": "Apples"}, "languages": ["Deutsch", "en", "English"], "weeks": 6,
             "skills": [{"name": "SQL"}, {"name": "Juggling"}, {"name": "Python"}], "teachers": [{"name": "Ann"}, {"name": ""}, {"name": "Bo"}],
             "offers": {"price": 49.5, "priceCurrency": "EUR"}, "motto": "", "awards": [{"title": "T", "awardedBy": "B"}],
             "runs": [{"mode": "onsite", "start": "2031-01-02", "place": {"city": "Bonn"}}, {"mode": "online", "start": "soon"}, {"mode": "onsite", "start": null, "place": {"city": "Köln"}}]},
            {"id": "x", "kind": "event", "name": 5},
            {"id": "b", "kind": ["course", "product"], "name": "Birnen", "languages": "de", "offers": [{"price": "1.249,00", "priceCurrency": "EUR"}]},
        ]}});
        let (code, report) = mapped(&program, &feed);
        assert_eq!((code, report.as_str()), (Some(0), "2 rows: 2 created, 0 updated, 0 unchanged, 0 refused"));
        assert_eq!(mapped(&program, &feed).1, "2 rows: 0 created, 0 updated, 2 unchanged, 0 refused");
        let data = stage.ask("{ courses(orderBy: {field: TITLE, direction: ASC}) { nodes { title summary languages skills { slug } price { amount currency }
            duration { weeks } awards { title } offerings(upcoming: false) { nodes { startsOn location { city } } } } } }").await;
        let nodes = &data["courses"]["nodes"];
        let apples = nodes.as_array().unwrap().iter().find(|node| node["title"] == "Äpfel").unwrap();
        let mut cities: Vec<&str> = apples["offerings"]["nodes"].as_array().unwrap().iter().map(|node| node["location"]["city"].as_str().unwrap()).collect();
        cities.sort_unstable();
        assert_eq!(cities, ["Bonn", "Köln"]);
        assert_eq!((&apples["summary"], &apples["languages"], &apples["duration"]), (&json!("Ann, Bo"), &json!(["de", "en"]), &json!({"weeks": 6})));
        assert_eq!((&apples["price"], &apples["awards"]), (&json!({"amount": "49.50", "currency": "EUR"}), &json!([{"title": "T"}])));
        let mut skills: Vec<&str> = apples["skills"].as_array().unwrap().iter().map(|skill| skill["slug"].as_str().unwrap()).collect();
        skills.sort_unstable();
        assert_eq!(skills, ["python", "sql"]);
        let pears = nodes.as_array().unwrap().iter().find(|node| node["title"] == "Birnen").unwrap();
        assert_eq!(pears["price"]["amount"], "1249.00");
    }

    async fn a_path_that_does_not_fit_a_record_is_a_fault_of_the_record(stage: Stage) {
        let program = prepared(&stage);
        let with = |fields: Value| {
            let mut row = json!({"id": "a", "kind": "course", "name": "N", "offers": {"price": 5, "priceCurrency": "EUR"}});
            row.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
            mapped(&program, &json!({"data": {"items": [row]}})).1
        };
        for (fields, fault) in [
            (json!({"name": {"en": "N"}}), "title: INVALID: {\"en\":\"N\"} is an object: go on with the path"),
            (json!({"name": ["N", "M"]}), "title: INVALID: [\"N\",\"M\"] is a list: end its path with .* or .0"),
            (json!({"skills": ["SQL"]}), "skills: INVALID: skills.*.name leads through a text or number"),
            (json!({"offers": {"price": "1.249", "priceCurrency": "USD"}, "weeks": "six"}), "duration.weeks: INVALID: "),
            (json!({"runs": [{"mode": "onsite"}, {"mode": "both", "start": "2031-01-01"}]}), "offerings.1.format: INVALID: \"both\" is none of the values"),
            (json!({"runs": [{"mode": "onsite", "start": "2031-01-01"}, {"mode": "onsite", "start": "May"}]}), "offerings.1.startsOn: INVALID: \"May\" is no date"),
        ] {
            let report = with(fields);
            assert!(report.starts_with(&format!("line 1: {fault}")), "{fault}\n{report}");
        }
        let (code, report) = mapped(&program, &json!({"items": [{"id": 1}]}));
        assert_eq!(code, Some(3));
        assert!(report.starts_with("line 1: file: INVALID: has no list of records in data.items"), "{report}");
        let (code, report) = import(&program, "id\n", "--mapping map.toml --format csv");
        assert!(code == Some(1) && report.contains("rows, item and offerings are for JSON"), "{report}");
        program.file("bad.toml", "[fields.externalKey]\nfrom = \"id\"\n[fields.colour]\nfrom = \"x\"\n");
        let (code, report) = import(&program, "{}", "--mapping bad.toml");
        assert!(code == Some(1) && report.contains("field colour: a course has no such field"), "{report}");
    }

    async fn a_feed_over_the_network_has_rows_in_a_field_too(app: App) {
        let school = FeedProvider::of(&app).await;
        let body = "{\"count\": 1, \"courses\": [{\"externalKey\": \"a\", \"title\": \"A\", \"kind\": \"COURSE\"}]}";
        let (_, answer) = school.send(&app, "", "application/x-ndjson", body).await;
        assert_eq!(counts(&answer[1]), [1, 0, 0, 0, 0], "{answer:?}");
        let (_, answer) = school.send(&app, "&format=json", "application/json", body).await;
        assert_eq!(counts(&answer[1]), [0, 0, 1, 0, 0], "{answer:?}");
    }
}
