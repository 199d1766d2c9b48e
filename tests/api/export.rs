//! Exports in the form of an import: importing them again changes nothing, and importing an edited one changes what was
//! edited.

use std::collections::BTreeSet;

use entity::{ProviderStatus, change, course};
use sea_orm::ActiveValue::Set;
use sea_orm::{EntityTrait, QueryOrder};
use serde_json::{Value, json};

use crate::courses_write::{everything, taxonomy};
use crate::support::feed::{FeedProvider, JSONL, counts, public, row};
use crate::support::provider::ProviderWithEditor;
use crate::support::{App, Catalogue, Program};

/// What courses of the tests refer to beside the taxonomy.
pub const REFERENCES: &str = r#"{
    "sources": [{"key": "press", "subject": "Falcons", "publisher": "The press", "url": "https://example.org/press"}],
    "providers": [{"slug": "partner", "name": "Partner", "kind": "UNIVERSITY"}],
    "certifications": [{"slug": "falconer-1", "name": "Falconer I", "kind": "INDUSTRY", "issuer": "partner"}]
}"#;

/// Texts that a spreadsheet would run, or that look like texts that are guarded against it.
const FORMULAS: [&str; 10] =
    ["=1+1", "+1", "-1", "@SUM(A1)", "'=x", "''=x", "'plain", "＝x", "\"=x\"", "=HYPERLINK(\"http://x\",\"y\")"];

/// The export of a provider over HTTP.
async fn export(app: &App, school: &FeedProvider, format: &str) -> (Option<String>, String) {
    let path = format!("{}/export?provider={}&format={format}", app.address, school.slug);
    let answer = app.client.get(path).bearer_auth(&school.token).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    let left_out = answer.headers().get("lectern-left-out").map(|value| value.to_str().unwrap().to_owned());
    (left_out, answer.text().await.unwrap())
}

/// Asserts that both formats change nothing when they are imported again.
async fn assert_unchanged(app: &App, school: &FeedProvider, courses: u64) {
    let before = school.catalogue.position().await;
    for (format, media_type) in [("csv", "text/csv"), ("jsonl", JSONL)] {
        let (_, text) = export(app, school, format).await;
        let (status, answer) = school.send(app, "", media_type, text.clone()).await;
        assert_eq!(status, 200, "{answer:?}");
        assert_eq!(counts(answer.last().unwrap()), [0, 0, courses, 0, 0], "{format}\n{text}\n{answer:#?}");
    }
    assert_eq!(school.catalogue.position().await, before);
}

/// A provider with a course that states every field, and more that try the format.
pub async fn school_with_everything(app: &App) -> FeedProvider {
    taxonomy(app).await;
    Program::beside(app).file("references.json", REFERENCES);
    let imported = app.command("import --taxonomy references.json").await;
    assert_eq!(imported.code, Some(0), "{}", imported.out);
    let school = FeedProvider::of(app).await;
    let mut whole = everything();
    for (field, value) in [
        ("publish", json!(true)),
        ("partners", json!(["partner"])),
        ("units", json!(["unit"])),
        ("prerequisiteCourses", json!(["first", "unit"])),
        ("certifications", json!(["falconer-1"])),
        ("sources", json!(["press"])),
        ("description", json!("= \"quoted\", | \n\ntwo\tand\r\nlines; 'single'")),
    ] {
        whole[field] = value;
    }
    // Digits that the usual parser of JSON reads as the number beside it, and offerings that differ in the price only.
    let mut offering = whole["offerings"][0].clone();
    offering["location"]["latitude"] = json!("0.30000000000000004");
    offering["location"]["longitude"] = json!("-5.9604644775390625e-8");
    let mut dearer = offering.clone();
    dearer["price"]["amount"] = json!("1900.00");
    whole["offerings"] = json!([offering, dearer, { "format": "SELF_PACED" }]);
    let mut rows = vec![row("first"), public("unit"), whole];
    (rows[0]["slug"], rows[1]["slug"]) = (json!("first"), json!("unit"));
    for (index, text) in FORMULAS.iter().enumerate() {
        let mut row = row(text);
        (row["title"], row["summary"]) = (json!(text), json!(format!("{text}\nand more")));
        row["slug"] = format!("formula-{index}").into();
        rows.push(row);
    }
    let answer = school.feed(app, "&results=refused", &rows).await;
    assert_eq!(counts(answer.last().unwrap()), [rows.len() as u64, 0, 0, 0, 0], "{answer:#?}");
    school
}

on_both! {
    async fn the_starter_catalogue_comes_back_unchanged(app: App) {
        let before = Catalogue::of(&app).await.position().await;
        for (provider, courses) in
            [("noble-desktop", 8), ("coursera", 5), ("general-assembly", 1), ("betamore", 1), ("udacity", 1)]
        {
            for file in ["courses.csv", "courses.jsonl"] {
                let exported = app.command(&format!("export --provider {provider} {file}")).await;
                let report = format!("{courses} courses at position {before}\n");
                assert_eq!((exported.code, exported.out), (Some(0), report), "{}", exported.error);
                let imported = app.command(&format!("import --provider {provider} {file}")).await;
                let report = format!("{courses} rows: 0 created, 0 updated, {courses} unchanged, 0 refused;");
                assert_eq!(imported.code, Some(0), "{}", imported.out);
                assert!(imported.out.starts_with(&report), "{}", imported.out);
            }
        }
        assert_eq!(Catalogue::of(&app).await.position().await, before);
    }
}

on_both! {
    #![empty]

    async fn a_course_with_everything_comes_back_unchanged(app: App) {
        let school = school_with_everything(&app).await;
        assert_unchanged(&app, &school, 13).await;
        let (left_out, text) = export(&app, &school, "jsonl").await;
        assert_eq!(left_out.as_deref(), Some("0"));
        let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let course = &lines[2];
        let query = "{ __type(name: \"CourseRow\") { inputFields { name } } }";
        let fields = app.data(query).await["__type"]["inputFields"].take();
        let fields = fields.as_array().unwrap().iter().map(|field| field["name"].as_str().unwrap());
        let fields: BTreeSet<&str> = fields.chain(["sources"]).collect();
        assert_eq!(course.as_object().unwrap().keys().map(String::as_str).collect::<BTreeSet<_>>(), fields);
        let unstated: Vec<_> = fields.iter().filter(|field| course[**field].is_null()).collect();
        assert!(unstated.is_empty(), "{unstated:?}");
        assert_eq!(course["units"], json!(["unit"]));
        assert_eq!(course["duration"], everything()["duration"]);
        assert_eq!(course["financing"], everything()["financing"]);
        assert_eq!(course["offerings"][1]["price"], json!({ "amount": "1900.00", "currency": "EUR" }));
    }

    async fn editing_one_cell_changes_exactly_that(app: App) {
        let school = school_with_everything(&app).await;
        let (_, text) = export(&app, &school, "csv").await;
        for (before, after, field) in [
            ("Falconry  for beginners", "Hawking", json!({"field": "title", "before": "Falconry  for beginners", "after": "Hawking"})),
            (",1999.50,USD,", ",2099.50,USD,", json!({"field": "pricing"})),
            (",hawking|knots,", ",knots,", json!({"field": "skills", "before": ["hawking", "knots"], "after": ["knots"]})),
            (",A glove.,", ",,", json!({"field": "prerequisiteNote", "before": "A glove.", "after": null})),
            ("'=1+1\nand more", "'=2+2\nand more", json!({"field": "summary", "before": "=1+1\nand more", "after": "=2+2\nand more"})),
        ] {
            let (_, text) = export(&app, &school, "csv").await;
            assert_eq!(text.matches(before).count(), 1, "{before}\n{text}");
            let (_, answer) = school.send(&app, "", "text/csv", text.replace(before, after)).await;
            assert_eq!(counts(answer.last().unwrap()), [0, 1, 12, 0, 0], "{before}\n{answer:#?}");
            let last = change::Entity::find().order_by_desc(change::Column::Position).one(&school.catalogue.db).await;
            let fields = last.unwrap().unwrap().fields.unwrap();
            assert_eq!(fields.as_array().unwrap().len(), 1, "{fields}");
            for (name, value) in field.as_object().unwrap() {
                assert_eq!(fields[0][name], *value, "{fields}");
            }
        }
        let (status, answer) = school.send(&app, "", "text/csv", text).await;
        assert_eq!((status, counts(answer.last().unwrap())), (200, [0, 2, 11, 0, 0]), "the first export takes all back");
    }

    async fn no_cell_runs_in_a_spreadsheet(app: App) {
        let school = school_with_everything(&app).await;
        let (_, text) = export(&app, &school, "csv").await;
        assert!(text.starts_with("\u{feff}externalKey,title,kind,"), "{text}");
        let mut cells = 0;
        // A cell begins after a comma, a line break or an opening quote. A quote inside quotes is doubled.
        for cell in text.split("\"\"").collect::<Vec<_>>().join("\u{1}").split([',', '\n']) {
            let cell = cell.strip_prefix('"').unwrap_or(cell);
            assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r', '＝']), "{cell}\n{text}");
            cells += 1;
        }
        assert!(cells > 500, "{cells}");
        for text in FORMULAS.iter().filter(|text| text.trim_start_matches('\'') != "plain" && !text.starts_with('"')) {
            let written = format!("'{}", text.replace('"', "\"\""));
            assert!(export(&app, &school, "csv").await.1.contains(&written), "{written}");
        }
    }

    async fn every_status_stays_as_it_is_and_courses_without_a_key_are_counted(app: App) {
        let school = ProviderWithEditor::open(&app).await;
        for key in ["draft", "scheduled", "published", "retired"] {
            let input = json!({ "title": key, "kind": "COURSE", "externalKey": key });
            let course = school.create(input).await["course"].take();
            match key {
                "scheduled" => drop(school.turn("publishCourse", &course, ", at: \"2026-07-01T00:00:00Z\"").await),
                "published" => drop(school.turn("publishCourse", &course, "").await),
                "retired" => {
                    let published = school.turn("publishCourse", &course, "").await["course"].take();
                    school.turn("retireCourse", &published, "").await;
                }
                _ => {}
            }
        }
        school.course("Keyless").await;
        let catalogue = Catalogue::of(&app).await;
        let statuses = async || {
            let rows = course::Entity::find().order_by_asc(course::Column::Id).all(&catalogue.db).await.unwrap();
            rows.into_iter().map(|row| (row.title, row.status, row.scheduled_for)).collect::<Vec<_>>()
        };
        let before = statuses().await;
        assert_eq!(before.len(), 5);
        let (id, slug, token) = (school.row, format!("school-{}", school.row), school.token.clone());
        let feed = FeedProvider { catalogue: Catalogue::of(&app).await, id, slug: slug.clone(), token };
        assert_eq!(export(&app, &feed, "csv").await.0.as_deref(), Some("1"));
        for status in [ProviderStatus::Active, ProviderStatus::Paused] {
            catalogue.update_provider(school.row, |row| row.status = Set(status)).await;
            assert_unchanged(&app, &feed, 4).await;
        }
        assert_eq!(statuses().await, before);
        let exported = app.command(&format!("export --provider {slug} --format csv")).await;
        assert_eq!((exported.code, exported.out.lines().count()), (Some(0), 5), "{}", exported.error);
        assert!(exported.error.ends_with("; 1 without externalKey left out\n"), "{}", exported.error);
    }

    async fn a_command_that_cannot_export_says_why_and_leaves_no_file(app: App) {
        let school = FeedProvider::of(&app).await;
        for (arguments, said) in [
            ("export --provider nobody courses.csv", "--provider nobody: there is no such provider"),
            ("export --provider nobody courses.xls", "--format: must be given"),
            ("export courses.csv", "--format: the public catalogue is JSON Lines"),
            ("export --after nonsense", "--after: is not an id of this API"),
            ("export --provider SCHOOL nowhere/courses.csv", "nowhere/courses.csv: cannot be written"),
        ] {
            let ended = app.command(&arguments.replace("SCHOOL", &school.slug)).await;
            assert_eq!(ended.code, Some(1), "{arguments}: {}", ended.out);
            assert!(ended.error.contains(said), "{arguments}: {}", ended.error);
        }
        let files: Vec<_> = std::fs::read_dir(&app.folder).unwrap().map(|file| file.unwrap().file_name()).collect();
        assert!(files.iter().all(|file| !file.to_str().unwrap().starts_with("courses")), "{files:?}");
    }
}
