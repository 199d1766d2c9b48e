//! The status transitions of a course: draft, published, retired, and back, at once or scheduled.

use entity::ProviderStatus;
use serde_json::{Value, json};

use crate::support::App;
use crate::support::provider::{ProviderWithEditor, user_errors};

/// Whether everyone finds a course by its slug, and whether lists show it.
async fn seen(app: &App, course: &Value) -> (bool, bool) {
    let slug = course["slug"].as_str().unwrap();
    let data = app.data(&format!("{{ course(by: {{slug: \"{slug}\"}}) {{ id }} courses {{ nodes {{ id }} }} }}")).await;
    let listed = data["courses"]["nodes"].as_array().unwrap().iter().any(|node| node["id"] == course["id"]);
    (data["course"]["id"] == course["id"], listed)
}

/// The changes that the public log reports, in order.
async fn told(app: &App) -> Vec<String> {
    let data = app.data("{ changes(types: [COURSE]) { nodes { kind } } }").await;
    let kinds = data["changes"]["nodes"].as_array().unwrap().iter();
    kinds.map(|node| node["kind"].as_str().unwrap().to_owned()).collect()
}

on_both! {
    #![empty]

    async fn a_course_goes_from_draft_to_published_to_retired_and_back(app: App) {
        let school = ProviderWithEditor::open(&app).await;
        let mut course = school.course("Falconry").await;
        assert_eq!(seen(&app, &course).await, (false, false));
        for (mutation, more, status, expected) in [
            ("publishCourse", "", "PUBLISHED", (true, true)),
            ("retireCourse", ", reason: \"The hawk has flown.\"", "RETIRED", (true, false)),
            ("unpublishCourse", "", "DRAFT", (false, false)),
            ("publishCourse", "", "PUBLISHED", (true, true)),
            ("unpublishCourse", "", "DRAFT", (false, false)),
            ("retireCourse", "", "RETIRED", (true, false)),
        ] {
            let version = course["version"].as_i64().unwrap();
            let mut payload = school.turn(mutation, &course, more).await;
            assert_eq!(user_errors(&payload), [""; 0], "{mutation}");
            course = payload["course"].take();
            assert_eq!((&course["status"], &course["version"]), (&json!(status), &json!(version + 1)), "{mutation}");
            assert_eq!(seen(&app, &course).await, expected, "{mutation}");
        }
        assert_eq!(told(&app).await, ["PUBLISHED", "RETIRED", "WITHDRAWN", "PUBLISHED", "WITHDRAWN", "RETIRED"]);
        assert_eq!(course["publishedAt"], "2026-06-01T12:00:00Z");
    }

    async fn a_turn_that_was_taken_changes_nothing(app: App) {
        let school = ProviderWithEditor::open(&app).await;
        let draft = school.course("Falconry").await;
        assert_eq!(school.turn("unpublishCourse", &draft, "").await["course"], draft);
        let published = school.published("Hawking").await;
        assert_eq!(school.turn("publishCourse", &published, "").await["course"], published);
        let retired = school.turn("retireCourse", &published, ", reason: \"Old\"").await["course"].take();
        assert_eq!(school.turn("retireCourse", &retired, "").await["course"], retired);
    }

    async fn only_courses_of_an_active_provider_are_published(app: App) {
        for status in [ProviderStatus::Pending, ProviderStatus::Paused, ProviderStatus::Closed] {
            let school = ProviderWithEditor::with_status(&app, status).await;
            let course = school.course("Falconry").await;
            for more in ["", ", at: \"2026-07-01T00:00:00Z\""] {
                let payload = school.turn("publishCourse", &course, more).await;
                assert_eq!(user_errors(&payload), ["NOT_ALLOWED id"], "{status:?}");
                assert_eq!(payload["course"], course);
            }
        }
    }

    async fn a_retired_course_is_restored_before_it_is_published(app: App) {
        let school = ProviderWithEditor::open(&app).await;
        let course = school.published("Falconry").await;
        let retired = school.turn("retireCourse", &course, "").await["course"].take();
        assert_eq!(user_errors(&school.turn("publishCourse", &retired, "").await), ["NOT_ALLOWED id"]);
    }

    async fn what_was_never_published_cannot_be_retired(app: App) {
        let school = ProviderWithEditor::open(&app).await;
        let course = school.course("Falconry").await;
        assert_eq!(user_errors(&school.turn("retireCourse", &course, "").await), ["NOT_ALLOWED id"]);
    }

    async fn a_publishing_is_scheduled_and_called_off(app: App) {
        let school = ProviderWithEditor::open(&app).await;
        let course = school.course("Falconry").await;
        let scheduled = school.turn("publishCourse", &course, ", at: \"2026-07-01T09:00:00+02:00\"").await["course"].take();
        assert_eq!((&scheduled["status"], &scheduled["scheduledFor"]), (&json!("DRAFT"), &json!("2026-07-01T07:00:00Z")));
        let query = "query($id: ID!) { node(id: $id) { ... on Course { scheduledFor externalKey } } }";
        assert_eq!(app.ask(query, json!({ "id": course["id"] })).await["data"]["node"], Value::Null);
        let off = school.turn("unpublishCourse", &scheduled, "").await["course"].take();
        assert_eq!((&off["status"], &off["scheduledFor"], &off["version"]), (&json!("DRAFT"), &Value::Null, &json!(3)));
        let now = school.turn("publishCourse", &off, ", at: \"2026-06-01T12:00:00Z\"").await["course"].take();
        assert_eq!((&now["status"], &now["scheduledFor"]), (&json!("PUBLISHED"), &Value::Null));
        let again = school.turn("publishCourse", &now, ", at: \"2026-07-01T00:00:00Z\"").await;
        assert_eq!(user_errors(&again), ["NOT_ALLOWED id"]);
    }

    async fn a_publishing_is_scheduled_for_the_next_two_years(app: App) {
        let school = ProviderWithEditor::open(&app).await;
        let course = school.course("Falconry").await;
        let payload = school.turn("publishCourse", &course, ", at: \"2028-06-01T12:00:01Z\"").await;
        assert_eq!(user_errors(&payload), ["OUT_OF_RANGE at"]);
        let payload = school.turn("publishCourse", &course, ", at: \"2028-06-01T12:00:00Z\"").await;
        assert_eq!(payload["course"]["scheduledFor"], "2028-06-01T12:00:00Z");
    }

    async fn a_reason_is_a_text_of_at_most_two_thousand_characters(app: App) {
        let school = ProviderWithEditor::open(&app).await;
        let course = school.published("Falconry").await;
        for (reason, expected) in [("x".repeat(2_001), "TOO_LONG reason"), (" ".to_owned(), "TOO_SHORT reason"), ("\\u0000".to_owned(), "INVALID reason")] {
            let payload = school.turn("retireCourse", &course, &format!(", reason: \"{reason}\"")).await;
            assert_eq!(user_errors(&payload), [expected]);
        }
        assert_eq!(seen(&app, &course).await, (true, true));
    }
}
