//! Which providers and courses are visible: by id and slug, in lists, or not at all.

use entity::{ListingStatus, ProviderStatus};
use sea_orm::ActiveValue::Set;
use serde_json::{Value, json};

use crate::support::{App, Catalogue, global_id};

/// Whether a course is found by its slug, and whether lists show it.
async fn seen(app: &App, id: i64) -> (bool, bool) {
    let global = global_id("Course", id);
    let query =
        "query($id: ID!) { course(by: {id: $id}) { slug } node(id: $id) { id } courses(first: 100) { nodes { id } } }";
    let answer = app.ask(query, json!({ "id": global })).await;
    let data = &answer["data"];
    let in_list = |list: &Value| list["nodes"].as_array().unwrap().iter().any(|node| node["id"] == global);
    let by_slug = match data["course"]["slug"].as_str() {
        Some(slug) => {
            app.data(&format!("{{ course(by: {{slug: \"{slug}\"}}) {{ id }} }}")).await["course"]["id"] == global
        }
        None => false,
    };
    assert_eq!(by_slug, data["node"]["id"] == global, "{answer}");
    (by_slug, in_list(&data["courses"]))
}

on_both! {
    async fn a_course_is_seen_as_its_status_says(app: App) {
        let catalogue = Catalogue::of(&app).await;
        let provider = catalogue.provider("School").await;
        for (status, expected) in [
            (ListingStatus::Draft, (false, false)),
            (ListingStatus::Published, (true, true)),
            (ListingStatus::Retired, (true, false)),
        ] {
            let course = catalogue.course_with(provider, "Course", &[], |row| row.status = Set(status)).await;
            app.reached(catalogue.position().await).await;
            assert_eq!(seen(&app, course).await, expected, "{status:?}");
        }
    }

    async fn a_course_is_seen_as_its_providers_status_says(app: App) {
        let catalogue = Catalogue::of(&app).await;
        let provider = catalogue.provider("School").await;
        let course = catalogue.course(provider, "Course").await;
        for (status, expected) in [
            (ProviderStatus::Active, (true, true)),
            (ProviderStatus::Paused, (true, false)),
            (ProviderStatus::Closed, (true, false)),
            (ProviderStatus::Pending, (false, false)),
            (ProviderStatus::Rejected, (false, false)),
            (ProviderStatus::Active, (true, true)),
        ] {
            let position = catalogue.update_provider(provider, |row| row.status = Set(status)).await;
            app.reached(position).await;
            assert_eq!(seen(&app, course).await, expected, "{status:?}");
        }
    }

    async fn a_provider_is_seen_as_its_status_says(app: App) {
        let catalogue = Catalogue::of(&app).await;
        let provider = catalogue.provider_with("School", |row| row.slug = Set("school".to_owned())).await;
        for (status, by_slug, in_list) in [
            (ProviderStatus::Active, true, true),
            (ProviderStatus::Paused, true, false),
            (ProviderStatus::Closed, true, false),
            (ProviderStatus::Pending, false, false),
            (ProviderStatus::Rejected, false, false),
        ] {
            app.reached(catalogue.update_provider(provider, |row| row.status = Set(status)).await).await;
            let data = app.data("{ provider(by: {slug: \"school\"}) { status } providers(query: \"school\") { totalCount } }").await;
            assert_eq!(data["provider"].is_object(), by_slug, "{status:?}: {data}");
            assert_eq!(data["providers"]["totalCount"] == 1, in_list, "{status:?}: {data}");
        }
    }

    async fn what_is_seen_nowhere_is_counted_nowhere(app: App) {
        let catalogue = Catalogue::of(&app).await;
        let skill = catalogue.skill("Falconry", &[]).await;
        let provider = catalogue.provider("School").await;
        let hidden = |row: &mut entity::course::ActiveModel| row.status = Set(ListingStatus::Draft);
        catalogue.course_with(provider, "Quokka", &[skill], hidden).await;
        catalogue.course_with(provider, "Public", &[skill], |_| {}).await;
        app.reached(catalogue.position().await).await;
        let data = app.data("{ skills(query: \"falconry\") { nodes { courseCount } } courses(query: \"falconry\") { totalCount facets { skills { value { name } count } } } suggestions(text: \"quok\") { text } }").await;
        assert_eq!(data["skills"]["nodes"], json!([{ "courseCount": 1 }]));
        assert_eq!(data["courses"]["totalCount"], 1);
        assert_eq!(data["courses"]["facets"]["skills"], json!([{ "value": { "name": "Falconry" }, "count": 1 }]));
        assert_eq!(data["suggestions"], json!([]));
    }

    async fn a_slug_that_a_listing_had_goes_on_resolving(app: App) {
        let catalogue = Catalogue::of(&app).await;
        let provider = catalogue.provider("School").await;
        let course = catalogue.course_with(provider, "Course", &[], |row| row.slug = Set("new-slug".to_owned())).await;
        let old = entity::course_slug::ActiveModel { slug: Set("old-slug".to_owned()), course_id: Set(course) };
        sea_orm::EntityTrait::insert(old).exec(&catalogue.db).await.unwrap();
        app.reached(catalogue.position().await).await;
        let data = app.data("{ course(by: {slug: \"old-slug\"}) { slug } }").await;
        assert_eq!(data["course"]["slug"], "new-slug");
    }
}
