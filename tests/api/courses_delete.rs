//! Drafts that were never public can be deleted.

use entity::{change, course, course_slug};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::{Value, json};

use crate::support::people::row;
use crate::support::provider::{ProviderWithEditor, user_errors};
use crate::support::{App, Catalogue};

on_both! {
    #![empty]

    async fn a_draft_is_deleted_with_all_that_hangs_on_it(app: App) {
        let school = ProviderWithEditor::open(&app).await;
        let made = school.create(json!({
            "title": "Draft", "kind": "COURSE", "description": "Text.", "awards": [{ "title": "Best", "awardedBy": "Us" }],
            "offerings": [{ "format": "SELF_PACED" }], "prerequisiteCourses": [],
        })).await;
        let draft = made["course"].clone();
        let whole = school.create(json!({ "title": "Whole", "kind": "DEGREE", "units": ["draft"], "prerequisiteCourses": ["draft"] })).await;
        let gone = school.turn("deleteCourse", &draft, "").await;
        assert_eq!(gone, json!({ "course": null, "userErrors": [] }));
        let db = Catalogue::of(&app).await.db;
        let id = row(draft["id"].as_str().unwrap());
        assert!(course::Entity::find_by_id(id).one(&db).await.unwrap().is_none());
        assert_eq!(course_slug::Entity::find().filter(course_slug::Column::CourseId.eq(id)).count(&db).await.unwrap(), 0);
        let actions = change::Entity::find().filter(change::Column::ListingId.eq(id)).all(&db).await.unwrap();
        assert_eq!(actions.iter().map(|row| row.action.as_str()).collect::<Vec<_>>(), ["course.create", "course.delete"]);
        let read = school.data(
            "query($id: ID!, $whole: ID!) { node(id: $id) { id } course(by: {slug: \"draft\"}) { id } whole: course(by: {id: $whole}) \
             { version units { slug } history(first: 1) { nodes { action changes { field before after } } } } }",
            json!({ "id": draft["id"], "whole": whole["course"]["id"] }),
        ).await;
        assert_eq!((&read["node"], &read["course"]), (&Value::Null, &Value::Null));
        assert_eq!(read["whole"], json!({ "version": 2, "units": [], "history": { "nodes": [{ "action": "course.update", "changes": [
            { "field": "prerequisiteCourses", "before": ["draft"], "after": [] },
            { "field": "units", "before": ["draft"], "after": [] },
        ] }] } }));
        assert_eq!(app.data("{ changes(types: [COURSE]) { nodes { slug } } }").await["changes"]["nodes"], json!([]), "nobody ever saw it");
        assert_eq!(school.create(json!({ "title": "Draft", "kind": "COURSE" })).await["course"]["slug"], "draft", "its slug is free");
    }

    async fn what_was_public_once_and_what_has_changed_meanwhile_stays(app: App) {
        let school = ProviderWithEditor::open(&app).await;
        let published = school.published("Published").await;
        assert_eq!(user_errors(&school.turn("deleteCourse", &published, "").await), ["NOT_ALLOWED id"]);
        let withdrawn = school.turn("unpublishCourse", &published, "").await["course"].clone();
        let refused = school.turn("deleteCourse", &withdrawn, "").await;
        assert_eq!((user_errors(&refused), &refused["course"]["slug"]), (vec!["NOT_ALLOWED id".to_owned()], &json!("published")));
        let draft = school.course("Draft").await;
        school.update(&draft, json!({ "title": "Changed" })).await;
        assert_eq!(user_errors(&school.turn("deleteCourse", &draft, "").await), ["STALE expectedVersion"]);
    }

    async fn a_deletion_that_is_sent_again_answers_the_same(app: App) {
        let school = ProviderWithEditor::open(&app).await;
        let draft = school.course("Draft").await;
        let query = format!("mutation {{ deleteCourse(id: {}, expectedVersion: 1) {{ course {{ id }} userErrors {{ code }} }} }}", draft["id"]);
        let mut answers = Vec::new();
        for _ in 0..2 {
            let request = app.client.post(format!("{}/graphql", app.address)).bearer_auth(&school.token).header("Idempotency-Key", "gone");
            answers.push(request.json(&json!({ "query": query })).send().await.unwrap().json::<Value>().await.unwrap());
        }
        assert_eq!(answers[0]["data"]["deleteCourse"], json!({ "course": null, "userErrors": [] }));
        assert_eq!(answers[0], answers[1]);
        let again = app.ask_as(&school.token, &query, json!({})).await;
        assert_eq!(again["errors"][0]["extensions"]["code"], "NOT_FOUND");
    }
}
