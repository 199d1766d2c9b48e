//! Cached answers: for how long, and for whom.

use entity::course;
use futures_util::future::join_all;
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
    settings("cache_mb = 8\ncache_staleness_ms = 0\nseed = 'none'")
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
    async fn after_a_change_an_answer_is_kept_for_a_moment_but_not_for_who_has_seen_more(app: App) {
        let (catalogue, course) = kept(&app).await;
        let before = catalogue.position().await;
        let after = catalogue.update_course(course, |row| row.summary = Set(Some("Summary".to_owned()))).await;
        app.reached(after).await;
        let url = format!("{}/graphql", app.address);
        let body = json!({ "query": TITLE, "variables": {} });
        let asked = async |position: Option<i64>| {
            let request = app.client.post(&url).json(&body);
            let request = position.into_iter().fold(request, |request, at| request.header("lectern-position", at));
            let answer = request.send().await.unwrap();
            let at: i64 = answer.headers()["lectern-position"].to_str().unwrap().parse().unwrap();
            (answer.json::<Value>().await.unwrap()["data"]["course"]["title"].clone(), at)
        };
        assert_eq!(asked(None).await, ("Kept".into(), before), "it says how far behind it is");
        assert_eq!(asked(Some(before)).await, ("Kept".into(), before));
        assert_eq!(asked(Some(after)).await, ("Changed".into(), after));
        assert_eq!(asked(None).await, ("Changed".into(), after), "the newer answer replaces it");
        retitle(&catalogue, course, "Later").await;
        let last = catalogue.update_course(course, |row| row.summary = Set(None)).await;
        app.reached(last).await;
        app.clock.set("2026-06-01T12:00:00.999Z");
        assert_eq!(asked(None).await, ("Changed".into(), after));
        app.clock.set("2026-06-01T12:00:01Z");
        assert_eq!(asked(None).await, ("Later".into(), last));
    }

    settings("cache_mb = 8")
    async fn equal_requests_at_the_same_time_are_answered_by_one_computation(app: App) {
        let query = "{ courses(first: 20) { nodes { title description reviews(first: 3) { nodes { body } } } } }";
        let before = app.statements().await;
        let first = app.data(query).await;
        let statements = app.statements().await - before;
        assert!(statements > 0);
        let other = "{ courses(first: 20) { nodes { title description reviews(first: 3) { nodes { body } } } }  }";
        let answers = join_all((0..16).map(|_| app.data(other))).await;
        assert!(answers.iter().all(|answer| *answer == first));
        assert_eq!(app.statements().await - before, 2 * statements);
    }

    settings("cache_mb = 8\ncache_staleness_ms = 0\nseed = 'none'")
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
