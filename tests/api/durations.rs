//! The total length of a course, in hours or exactly in minutes.

use serde_json::{Value, json};

use crate::support::provider::{ProviderWithEditor, user_errors};
use crate::support::{App, Program, Stage};

const SHOWN: &str = "duration { hours minutes estimatedHours } jsonLd";

on_both! {
    #![empty]

    async fn a_total_is_kept_to_the_minute(app: App) {
        let school = ProviderWithEditor::open(&app).await;
        let (bare, mut course) = (school.published("Bare").await, school.published("Chords").await);
        let cases = [
            (json!({"minutes": 90}), [Value::Null, json!(90), json!(2)], "PT1H30M", "1.5"),
            (json!({"minutes": 89}), [Value::Null, json!(89), json!(1)], "PT1H29M", "1.48"),
            (json!({"minutes": 30}), [Value::Null, json!(30), json!(1)], "PT30M", "0.5"),
            (json!({"minutes": 29}), [Value::Null, json!(29), json!(1)], "PT29M", "0.48"),
            (json!({"minutes": 1, "weeks": 3}), [Value::Null, json!(1), json!(1)], "PT1M", "0.02"),
            (json!({"minutes": 120}), [json!(2), Value::Null, json!(2)], "PT2H", "2"),
            (json!({"minutes": 180}), [json!(3), Value::Null, json!(3)], "PT3H", "3"),
            (json!({"minutes": 6_000_000}), [json!(100_000), Value::Null, json!(100_000)], "PT100000H", "100000"),
            (json!({"minutes": 5_999_999}), [Value::Null, json!(5_999_999), json!(100_000)], "PT99999H59M", "99999.98"),
        ];
        for (duration, [hours, minutes, estimated], workload, compared) in cases {
            let payload = school.update(&course, json!({"duration": duration, "formats": ["SELF_PACED"]})).await;
            assert_eq!(user_errors(&payload), [""; 0], "{duration}");
            course = payload["course"].clone();
            let query = format!("query($id: ID!, $bare: ID!) {{ course(by: {{id: $id}}) {{ {SHOWN} }} compareCourses(ids: [$id, $bare]) {{ rows {{ criterion unit values }} }} }}");
            let mut data = school.data(&query, json!({"id": course["id"], "bare": bare["id"]})).await;
            let shown = json!({"hours": hours, "minutes": minutes, "estimatedHours": estimated});
            assert_eq!(data["course"]["duration"], shown, "{duration}");
            assert_eq!(data["course"]["jsonLd"]["hasCourseInstance"][0]["courseWorkload"], workload);
            let rows = data["compareCourses"]["rows"].take();
            let row = rows.as_array().unwrap().iter().find(|row| row["criterion"] == "DURATION").unwrap();
            assert_eq!((&row["unit"], &row["values"]), (&json!("hours"), &json!([compared, null])));
            let found = app.data(&format!("{{ courses(filter: {{hours: {{gte: {estimated}, lte: {estimated}}}}}) {{ totalCount }} }}")).await;
            assert_eq!(found["courses"]["totalCount"], 1, "{duration}");
        }
        let history = school.data("query($id: ID!) { course(by: {id: $id}) { history(first: 2) { nodes { changes { before after } } } } }", json!({"id": course["id"]})).await;
        let nodes = &history["course"]["history"]["nodes"];
        assert_eq!(nodes[0]["changes"], json!([{"before": {"hours": 100_000}, "after": {"minutes": 5_999_999}}]));
        assert_eq!(nodes[1]["changes"], json!([{"before": {"hours": 3}, "after": {"hours": 100_000}}]));
    }

    async fn a_total_is_in_hours_or_in_minutes(app: App) {
        let school = ProviderWithEditor::open(&app).await;
        let course = school.course("Chords").await;
        for (duration, wrong) in [
            (json!({"minutes": 90, "hours": 1}), "INVALID input.duration.hours"),
            (json!({"minutes": 29, "hours": 1}), "INVALID input.duration.hours"),
            (json!({"minutes": 120, "hours": 3}), "INVALID input.duration.hours"),
            (json!({"minutes": 0}), "OUT_OF_RANGE input.duration.minutes"),
            (json!({"minutes": 6_000_001}), "OUT_OF_RANGE input.duration.minutes"),
        ] {
            let payload = school.update(&course, json!({"duration": duration})).await;
            assert_eq!(user_errors(&payload), [wrong], "{duration}");
        }
    }

    async fn what_is_exported_is_imported_again_as_it_was(stage: Stage) {
        let program = Program::on(&stage);
        program.file("providers.json", r#"{"providers": [{"slug": "school", "name": "School", "kind": "BOOTCAMP"}]}"#);
        assert_eq!(program.run("import --taxonomy providers.json").code, Some(0));
        let file = "externalKey,title,kind,duration.hours,duration.minutes\na,A,COURSE,,90\nb,B,COURSE,,120\nc,C,COURSE,,20\nd,D,COURSE,1,90\n";
        let ended = program.file("own.csv", file).run("import --provider school own.csv");
        let refused = "line 5: duration.hours: INVALID: must be left out where the total is stated in minutes\n4 rows: 3 created";
        assert!(ended.rows_and_totals().starts_with(refused), "{}", ended.out);
        for format in ["csv", "jsonl"] {
            let exported = program.run(&format!("export --provider school --format {format}"));
            assert_eq!(exported.code, Some(0), "{}", exported.error);
            let ended = program.file(&format!("again.{format}"), &exported.out).run(&format!("import --provider school again.{format}"));
            assert!(ended.out.starts_with("3 rows: 0 created, 0 updated, 3 unchanged, 0 refused"), "{}", ended.out);
        }
        let data = stage.ask("{ courses(orderBy: {field: TITLE, direction: ASC}) { nodes { duration { hours minutes } } } }").await;
        let wanted = [(Value::Null, json!(90)), (json!(2), Value::Null), (Value::Null, json!(20))];
        let wanted = wanted.map(|(hours, minutes)| json!({"duration": {"hours": hours, "minutes": minutes}}));
        assert_eq!(data["courses"]["nodes"], json!(wanted));
    }

    async fn the_demo_states_minutes_too(stage: Stage) {
        assert_eq!(Program::on(&stage).run("demo --courses 100 --reviews 100 --seed 7 --on 2026-05-01").code, Some(0));
        let data = stage.ask("{ courses(first: 100) { nodes { duration { hours minutes } } } }").await;
        let nodes = data["courses"]["nodes"].as_array().unwrap();
        let exact: Vec<i64> = nodes.iter().filter_map(|node| node["duration"]["minutes"].as_i64()).collect();
        assert!(!exact.is_empty() && exact.iter().all(|minutes| minutes % 60 == 30), "{exact:?}");
    }
}
