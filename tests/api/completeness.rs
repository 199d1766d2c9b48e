//! The facts that a listing does not state, and its completeness score.

use entity::ProviderStatus;
use serde_json::{Value, json};

use crate::support::App;
use crate::support::provider::{ProviderWithEditor, user_errors};

async fn completeness(school: &ProviderWithEditor<'_>, course: &Value) -> Value {
    let query = "query($id: ID!) { course(by: {id: $id}) { completeness { score missing { field filterable required hint } } } }";
    school.data(query, json!({ "id": course["id"] })).await["course"]["completeness"].take()
}

fn missing(completeness: &Value) -> Vec<&str> {
    completeness["missing"].as_array().unwrap().iter().map(|fact| fact["field"].as_str().unwrap()).collect()
}

on_both! {
    #![empty]

    async fn a_bare_listing_is_told_what_learners_filter_by_and_it_leaves_open(app: App) {
        let school = ProviderWithEditor::open(&app).await;
        let course = school.course("Falconry").await;
        let found = completeness(&school, &course).await;
        assert_eq!(missing(&found), [
            "level", "formats", "schedules", "languages", "duration", "pricing", "price", "financing", "skills", "subjects", "careers",
            "nextOffering", "location", "certificateOfCompletion", "freeRetakeWithinMonths", "mentoringSessions", "maxClassSize",
            "jobPreparation",
            "jobGuarantee", "portfolio", "prerequisites", "summary", "description", "url",
        ]);
        // Three required facts of weight 3, twenty-one that learners filter by of weight 2, three others of weight 1.
        assert_eq!(found["score"], json!(9.0 / 54.0));
        let level = &found["missing"][0];
        assert_eq!((&level["filterable"], &level["required"]), (&json!(true), &json!(false)));
        assert!(found["missing"].as_array().unwrap().iter().all(|fact| !fact["hint"].as_str().unwrap().is_empty()));
    }

    async fn what_is_stated_is_missing_no_longer(app: App) {
        let school = ProviderWithEditor::open(&app).await;
        let course = school.course("Falconry").await;
        let patch = json!({
            "level": "ALL_LEVELS", "formats": ["SELF_PACED"], "schedules": ["FLEXIBLE"], "languages": ["en"], "duration": { "hours": 3 },
            "pricing": { "category": "FREE" }, "certificateOfCompletion": false, "freeRetakeWithinMonths": 0, "mentoringSessions": 0,
            "jobPreparation": false, "jobGuarantee": false, "portfolio": false, "noPrerequisites": true, "summary": "Hawks.",
            "description": "More hawks.", "url": "https://example.org"
        });
        let payload = school.update(&course, patch).await;
        assert_eq!(user_errors(&payload), [""; 0]);
        let query = "mutation($c: ID!) { saveOffering(course: $c, input: {format: SELF_PACED}) { userErrors { code } } }";
        school.data(query, json!({ "c": course["id"] })).await;
        let found = completeness(&school, &course).await;
        // For a free self-paced course, price, financing, place and class size do not apply.
        assert_eq!(missing(&found), ["skills", "subjects", "careers"]);
        assert_eq!(found["score"], json!(48.0 / 54.0));
    }

    async fn a_provider_that_is_not_active_stands_in_the_way_of_publishing(app: App) {
        let school = ProviderWithEditor::with_status(&app, ProviderStatus::Pending).await;
        let course = school.course("Falconry").await;
        let found = completeness(&school, &course).await;
        let first = &found["missing"][0];
        assert_eq!((&first["field"], &first["required"], &first["filterable"]), (&json!("provider"), &json!(true), &json!(false)));
    }
}
