//! Cached answers: for how long, and for whom.

use entity::course;
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};

use crate::support::{App, Catalogue, People};

const TITLE: &str = "{ course(by: {slug: \"kept\"}) { title } }";

/// A course whose title can be changed without the log: whoever still sees the old title sees a cached answer.
async fn kept(app: &App) -> (Catalogue, i64) {
    let catalogue = Catalogue::of(app).await;
    let provider = catalogue.provider("School").await;
    let course = catalogue.course_with(provider, "Kept", &[], |row| row.slug = Set("kept".to_owned())).await;
    app.reached(catalogue.position().await).await;
    assert_eq!(title(app).await, "Kept");
    retitle(&catalogue, course, "Changed").await;
    (catalogue, course)
}

async fn retitle(catalogue: &Catalogue, id: i64, title: &str) {
    let change = course::Entity::update_many().col_expr(course::Column::Title, Expr::value(title));
    change.filter(course::Column::Id.eq(id)).exec(&catalogue.db).await.unwrap();
}

async fn title(app: &App) -> Value {
    app.data(TITLE).await["course"]["title"].clone()
}

on_sqlite! {
    settings("cache_mb = 8\nseed = 'none'")
    async fn an_answer_is_kept_until_the_catalogue_changes(app: App) {
        let (catalogue, course) = kept(&app).await;
        assert_eq!(title(&app).await, "Kept");
        app.reached(catalogue.update_course(course, |row| row.summary = Set(Some("Summary".to_owned()))).await).await;
        assert_eq!(title(&app).await, "Changed");
    }

    settings("cache_mb = 8\nseed = 'none'")
    async fn an_answer_is_kept_until_the_day_changes(app: App) {
        kept(&app).await;
        app.clock.set("2026-06-01T23:59:59Z");
        assert_eq!(title(&app).await, "Kept");
        app.clock.set("2026-06-02T00:00:00Z");
        assert_eq!(title(&app).await, "Changed");
    }

    settings("cache_mb = 8\nseed = 'none'")
    async fn an_answer_is_kept_for_the_same_request_only_and_for_nobody_who_signs_in(app: App) {
        kept(&app).await;
        let ann = People::of(&app).await.person("ann@example.org").await;
        let url = format!("{}/graphql", app.address);
        let body = json!({ "query": TITLE, "variables": {} });
        let asked = |request: reqwest::RequestBuilder| async move {
            request.send().await.unwrap().json::<Value>().await.unwrap()["data"]["course"]["title"].clone()
        };
        assert_eq!(asked(app.client.post(&url).json(&body)).await, "Kept");
        assert_eq!(asked(app.client.post(&url).json(&json!({ "query": TITLE }))).await, "Changed");
        assert_eq!(asked(app.client.post(&url).json(&body).bearer_auth(&ann.token)).await, "Changed");
        let other = app.client.post(&url).json(&body).header("accept", "application/graphql-response+json");
        assert_eq!(asked(other).await, "Changed");
    }

    settings("cache_mb = 8\nseed = 'none'")
    async fn an_answer_with_an_error_is_never_kept(app: App) {
        let catalogue = Catalogue::of(&app).await;
        let provider = catalogue.provider("School").await;
        let course = catalogue.course_with(provider, "Kept", &[], |row| row.slug = Set("kept".to_owned())).await;
        app.reached(catalogue.position().await).await;
        let query = "{ course(by: {slug: \"kept\"}) { title } node(id: \"x\") { id } }";
        for title in ["Kept", "Changed"] {
            let answer = app.ask(query, json!({})).await;
            assert_eq!((&answer["data"]["course"]["title"], answer["errors"].is_array()), (&title.into(), true));
            retitle(&catalogue, course, "Changed").await;
        }
    }

    settings("cache_mb = 8\nseed = 'none'")
    async fn an_answer_by_get_is_not_sent_to_who_has_it(app: App) {
        let (catalogue, course) = kept(&app).await;
        let url = format!("{}/graphql?query={}", app.address, TITLE.replace(' ', "+").replace('"', "%22"));
        let first = app.client.get(&url).send().await.unwrap();
        let header = |answer: &reqwest::Response, name: &str| answer.headers()[name].to_str().unwrap().to_owned();
        assert_eq!(header(&first, "cache-control"), "public, max-age=10, must-revalidate");
        assert_eq!(header(&first, "vary"), "Accept, Authorization");
        let tag = header(&first, "etag");
        let again = || app.client.get(&url).header("if-none-match", &tag).send();
        let same = again().await.unwrap();
        assert_eq!((same.status().as_u16(), header(&same, "etag")), (304, tag.clone()));
        assert_eq!(same.text().await.unwrap(), "");
        app.reached(catalogue.update_course(course, |row| row.title = Set("New".to_owned())).await).await;
        let changed = again().await.unwrap();
        assert_eq!(changed.status(), 200);
        assert_ne!(header(&changed, "etag"), tag);
        let wrong = app.get("/graphql?query={nosuch}").await;
        assert!(!wrong.headers().contains_key("etag") && !wrong.headers().contains_key("cache-control"));
        let post = app.client.post(format!("{}/graphql", app.address)).json(&json!({ "query": TITLE })).send().await.unwrap();
        assert!(!post.headers().contains_key("etag") && !post.headers().contains_key("cache-control"));
    }
}
