//! The history of a listing: who changed what and when, before and after.

use sea_orm::ConnectionTrait;
use serde_json::{Value, json};

use crate::support::provider::ProviderWithEditor;
use crate::support::{App, Catalogue, People};

const HISTORY: &str =
    "query($id: ID!, $first: Int, $after: String) { course(by: {id: $id}) { history(first: $first, after: $after) {
    totalCount pageInfo { hasNextPage endCursor } nodes { at by action changes { field before after } } } } }";

async fn history(school: &ProviderWithEditor<'_>, course: &Value) -> Value {
    school.data(HISTORY, json!({ "id": course["id"] })).await["course"]["history"].take()
}

on_both! {
    #![empty]

    async fn every_write_is_told_newest_first_with_what_was_and_what_is(app: App) {
        let school = ProviderWithEditor::open(&app).await;
        let course = school.course("Falconry").await;
        app.clock.set("2026-06-01T12:05:00Z");
        let patch = json!({ "title": "Hawking", "level": "BEGINNER", "pricing": { "category": "PAID", "amount": { "amount": "10.00", "currency": "USD" } } });
        let course = school.update(&course, patch).await["course"].take();
        app.clock.set("2026-06-01T12:10:00Z");
        let course = school.turn("publishCourse", &course, "").await["course"].take();
        school.turn("retireCourse", &course, ", reason: \"No hawks left.\"").await;
        let history = history(&school, &course).await;
        assert_eq!(history["totalCount"], 4);
        let nodes = history["nodes"].as_array().unwrap();
        let actions: Vec<&Value> = nodes.iter().map(|node| &node["action"]).collect();
        assert_eq!(actions, ["course.retire", "course.publish", "course.update", "course.create"]);
        assert!(nodes.iter().all(|node| node["by"].as_str().unwrap().starts_with("member")));
        assert_eq!(nodes[0]["changes"], json!([
            { "field": "status", "before": "PUBLISHED", "after": "RETIRED" },
            { "field": "retireReason", "before": null, "after": "No hawks left." },
        ]));
        assert_eq!(nodes[1]["at"], "2026-06-01T12:10:00Z");
        assert_eq!(nodes[2], json!({ "at": "2026-06-01T12:05:00Z", "by": nodes[0]["by"], "action": "course.update", "changes": [
            { "field": "title", "before": "Falconry", "after": "Hawking" },
            { "field": "level", "before": null, "after": "BEGINNER" },
            { "field": "pricing", "before": null, "after": { "category": "PAID", "amount": { "amount": "10.00", "currency": "USD" } } },
        ] }));
        assert_eq!(nodes[3]["changes"], json!([]));
    }

    async fn a_class_size_is_told_with_what_it_was(app: App) {
        let school = ProviderWithEditor::open(&app).await;
        let course = school.course("Falconry").await;
        let course = school.update(&course, json!({ "maxClassSize": 12 })).await["course"].take();
        school.update(&course, json!({ "maxClassSize": null })).await;
        let history = history(&school, &course).await;
        assert_eq!(history["nodes"][1]["changes"], json!([{ "field": "maxClassSize", "before": null, "after": 12 }]));
        assert_eq!(history["nodes"][0]["changes"], json!([{ "field": "maxClassSize", "before": 12, "after": null }]));
    }

    async fn what_was_scheduled_and_called_off_is_told(app: App) {
        let school = ProviderWithEditor::open(&app).await;
        let course = school.course("Falconry").await;
        let course = school.turn("publishCourse", &course, ", at: \"2026-07-01T00:00:00Z\"").await["course"].take();
        school.turn("unpublishCourse", &course, "").await;
        let history = history(&school, &course).await;
        assert_eq!(history["nodes"][0]["action"], "course.unschedule");
        assert_eq!(history["nodes"][1]["action"], "course.schedule");
        assert_eq!(history["nodes"][1]["changes"], json!([{ "field": "scheduledFor", "before": null, "after": "2026-07-01T00:00:00Z" }]));
    }

    async fn of_many_offerings_only_the_one_that_changed_is_told(app: App) {
        let school = ProviderWithEditor::open(&app).await;
        let offerings = json!([{ "format": "HYBRID", "capacity": 1 }, { "format": "HYBRID", "capacity": 2 }]);
        let course = school.create(json!({ "title": "Falconry", "kind": "COURSE", "offerings": offerings })).await["course"].take();
        let query = "mutation($c: ID!) { saveOffering(course: $c, input: {format: IN_PERSON}) { userErrors { code } } }";
        school.data(query, json!({ "c": course["id"] })).await;
        let history = history(&school, &course).await;
        assert_eq!(history["nodes"][0]["changes"], json!([{ "field": "offerings", "before": [], "after": [{ "format": "IN_PERSON" }] }]));
    }

    async fn people_systems_and_commands_are_told_by_their_names(app: App) {
        let school = ProviderWithEditor::open(&app).await;
        let course = school.course("Falconry").await;
        let query = "mutation($id: ID!, $v: Int!, $t: String) { updateCourse(id: $id, expectedVersion: $v, input: {title: $t}) { userErrors { code } } }";
        let people = People::of(&app).await;
        let system = people.service_token(school.row).await;
        let staff = people.staff().await;
        for (token, version) in [(&system, 1), (&staff.token, 2)] {
            let answer = app.ask_as(token, query, json!({ "id": course["id"], "v": version, "t": format!("Title {version}") })).await;
            assert_eq!(answer["data"]["updateCourse"]["userErrors"], json!([]), "{answer}");
        }
        let db = Catalogue::of(&app).await.db;
        db.execute_unprepared("update change set actor = 'import' where action = 'course.create'").await.unwrap();
        db.execute_unprepared(&format!("delete from account where id = {}", staff.account)).await.unwrap();
        let by: Vec<Value> = history(&school, &course).await["nodes"].as_array().unwrap().iter().map(|node| node["by"].clone()).collect();
        assert_eq!(by, ["somebody whose account is deleted", "nightly sync", "the catalogue's operators (import)"]);
    }

    async fn a_history_is_paged_and_goes_on_where_it_ended(app: App) {
        let school = ProviderWithEditor::open(&app).await;
        let mut course = school.course("Falconry").await;
        for number in 0..4 {
            course = school.update(&course, json!({ "summary": format!("{number}") })).await["course"].take();
        }
        let (mut seen, mut after) = (Vec::new(), Value::Null);
        for page in 0..3 {
            let data = school.data(HISTORY, json!({ "id": course["id"], "first": 2, "after": after })).await;
            let history = &data["course"]["history"];
            assert_eq!((&history["totalCount"], &history["pageInfo"]["hasNextPage"]), (&json!(5 + page), &json!(page < 2)));
            seen.extend(history["nodes"].as_array().unwrap().iter().map(|node| node["changes"][0]["after"].clone()));
            after = history["pageInfo"]["endCursor"].clone();
            // A change that is added meanwhile does not shift the pages.
            course = school.update(&course, json!({ "summary": format!("new {page}") })).await["course"].take();
        }
        assert_eq!(seen, [json!("3"), json!("2"), json!("1"), json!("0"), Value::Null]);
    }

    async fn histories_of_many_courses_cost_as_many_statements_as_one(app: App) {
        let school = ProviderWithEditor::open(&app).await;
        let query = "query($id: ID!, $first: Int) { provider(by: {id: $id}) { listings(first: $first) { nodes { history(first: 2) { totalCount nodes { by } } completeness { score missing { field } } } } } }";
        for number in 0..10 {
            school.published(&format!("Course {number}")).await;
        }
        let mut caused = Vec::new();
        for first in [2, 10] {
            let before = statements(&app).await;
            school.data(query, json!({ "id": school.id, "first": first })).await;
            caused.push(statements(&app).await - before);
        }
        assert_eq!(caused[0], caused[1]);
    }
}

async fn statements(app: &App) -> u64 {
    let text = app.get("/metrics").await.text().await.unwrap();
    let line = text.lines().find(|line| line.starts_with("lectern_read_statements_total")).unwrap();
    line.rsplit(' ').next().unwrap().parse().unwrap()
}
