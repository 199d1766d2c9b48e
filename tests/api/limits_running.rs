//! The limits that apply while a request runs: work, time, and the actual size of the answer.

use entity::course_unit;
use futures_util::future::join_all;
use sea_orm::ActiveValue::Set;
use sea_orm::EntityTrait;
use sea_orm::sqlx::postgres::PgConnection;
use sea_orm::sqlx::{AssertSqlSafe, Connection, Executor};
use serde_json::{Value, json};

use crate::support::{App, Backend, Catalogue, waiting};

/// The extensions of the only error of an answer without data.
fn refused(answer: &Value) -> &Value {
    assert_eq!(answer["errors"].as_array().map(Vec::len), Some(1), "{answer:#}");
    assert!(answer.get("data").is_none(), "{answer:#}");
    &answer["errors"][0]["extensions"]
}

/// Asserts that a request was stopped at this limit, and that the process goes on.
async fn assert_stopped(app: &App, query: &str, what: &str, limit: u64) {
    let answer = app.ask(query, json!({})).await;
    let error = refused(&answer);
    assert_eq!((&error["code"], &error["what"]), (&json!("QUERY_TOO_COMPLEX"), &json!(what)), "{answer:#}");
    assert_eq!(error["limit"], limit, "{answer:#}");
    assert!(error["figure"].as_u64().unwrap() > limit, "{answer:#}");
    assert_eq!(app.get("/health/live").await.status(), 200);
    assert_eq!(app.ask("{ __typename }", json!({})).await["data"]["__typename"], "Query");
}

/// A programme with so many units: every level of `units` and `partOf` contains all of them again.
async fn programme(app: &App, units: i64) -> String {
    let catalogue = Catalogue::of(app).await;
    let provider = catalogue.provider("Star").await;
    let programme = catalogue.course(provider, "Programme").await;
    for position in 0..units {
        let unit = catalogue.course(provider, &format!("Unit {position}")).await;
        let position = i32::try_from(position).unwrap();
        let row = course_unit::ActiveModel { course_id: Set(programme), unit_id: Set(unit), position: Set(position) };
        course_unit::Entity::insert(row).exec_without_returning(&catalogue.db).await.unwrap();
    }
    app.reached(catalogue.position().await).await;
    crate::support::global_id("Course", programme)
}

on_both! {
    @with "request_work = 1000";

    async fn more_work_than_a_request_may_do_is_stopped(app: App) {
        for query in [
            "{ courses(query: \"python data\") { totalCount } }",
            "{ courses { facets { kinds { count } levels { count } } } }",
            "{ learningPath(from: [], to: {career: \"back-end-developer\"}) { best } }",
            "{ courses(first: 100) { nodes { title skills { name } } } }",
        ] {
            assert_stopped(&app, query, "units of work", 1_000).await;
        }
    }
}

on_both! {
    @with "request_seconds = 0";

    async fn a_request_past_its_deadline_is_stopped_while_it_searches(app: App) {
        for query in ["{ courses { totalCount } }", "{ courses(first: 100) { nodes { title skills { name } } } }"] {
            let body = json!({ "query": query });
            let answer = app.client.post(format!("{}/graphql", app.address)).json(&body).send().await.unwrap();
            assert_eq!((answer.status().as_u16(), answer.headers().contains_key("retry-after")), (503, true), "{query}");
            let answer: Value = answer.json().await.unwrap();
            assert_eq!(refused(&answer)["code"], "TIMEOUT", "{answer:#}");
        }
        assert_eq!(app.get("/health/live").await.status(), 200);
    }
}

on_both! {
    @with "answer_kb = 20";

    async fn a_long_text_under_many_names_is_counted_each_time(app: App) {
        let catalogue = Catalogue::of(&app).await;
        let provider = catalogue.provider("Long").await;
        let long = |row: &mut entity::course::ActiveModel| row.description = Set(Some("word ".repeat(1_000)));
        let id = catalogue.course_with(provider, "Long", &[], long).await;
        app.reached(catalogue.position().await).await;
        let id = crate::support::global_id("Course", id);
        let once = app.data(&format!("{{ course(by: {{id: \"{id}\"}}) {{ description }} }}")).await;
        assert_eq!(once["course"]["description"].as_str().map(str::len), Some(5_000));
        let aliases: String = (0..29).map(|place| format!("d{place}: description ")).collect();
        let query = format!("{{ course(by: {{id: \"{id}\"}}) {{ {aliases} }} }}");
        assert_stopped(&app, &query, "bytes in its answer", 20 * 1_024).await;
    }
}

on_both! {
    @with "answer_objects = 500";

    async fn what_lists_really_hold_is_counted_whatever_their_usual_length(app: App) {
        let id = programme(&app, 30).await;
        let query = format!("{{ course(by: {{id: \"{id}\"}}) {{ units {{ partOf {{ units {{ partOf {{ title }} }} }} }} }} }}");
        assert_stopped(&app, &query, "objects in its answer", 500).await;
        let data = app.data(&format!("{{ course(by: {{id: \"{id}\"}}) {{ units {{ title }} }} }}")).await;
        assert_eq!(data["course"]["units"].as_array().map(Vec::len), Some(30));
    }
}

on_both! {
    #![empty]

    async fn courses_that_link_to_courses_are_counted_before_they_are_loaded(app: App) {
        let id = programme(&app, 50).await;
        let query = format!("{{ course(by: {{id: \"{id}\"}}) {{ units {{ partOf {{ units {{ title }} }} }} }} }}");
        assert_stopped(&app, &query, "linked courses in its answer", 2_000).await;
    }
}

on_both! {
    async fn equal_conditions_find_the_same_as_one_however_many_there_are(app: App) {
        let query = "query($or: [CourseFilter!]) { courses(filter: {or: $or}) { totalCount facets { kinds { value count } } } }";
        let one = app.ask(query, json!({ "or": [{ "offering": {} }] })).await;
        assert!(one["data"]["courses"]["totalCount"].as_u64().is_some(), "{one:#}");
        let many = app.ask(query, json!({ "or": vec![json!({ "or": vec![json!({ "offering": {} }); 100] }); 9] })).await;
        // The price may refuse them.
        if many.get("errors").is_some() {
            assert_eq!(refused(&many)["code"], "QUERY_TOO_COMPLEX", "{many:#}");
        } else {
            assert_eq!(many["data"], one["data"]);
        }
    }

    async fn many_leaves_at_many_roots_are_answered_or_refused(app: App) {
        let roots: String = (0..20).map(|root| format!("r{root}: courses(filter: $filter) {{ totalCount }} ")).collect();
        let query = format!("query($filter: CourseFilter) {{ {roots} }}");
        let leaf = |place: u32| json!({ "rating": { "gte": 1.0 + f64::from(place) / 100.0 } });
        let branch = |branch: u32| json!({ "or": (0..64).map(|place| leaf(64 * branch + place)).collect::<Vec<_>>() });
        let filter = json!({ "or": (0..4).map(branch).collect::<Vec<_>>() });
        let answer = app.ask(&query, json!({ "filter": filter })).await;
        if answer.get("errors").is_some() {
            assert_eq!(refused(&answer)["code"], "QUERY_TOO_COMPLEX", "{answer:#}");
        } else {
            assert_eq!(answer["data"]["r0"], answer["data"]["r19"], "{answer:#}");
        }
        assert_eq!(app.get("/health/live").await.status(), 200);
    }
}

#[test]
fn who_asks_for_little_is_answered_while_all_demanding_requests_stand_still() {
    App::run(Backend::Postgres, "search_threads = 1", |app| async move {
        let mut other = PgConnection::connect(&app.database_url).await.unwrap();
        let mut locked = other.begin().await.unwrap();
        locked.execute(AssertSqlSafe("lock table course")).await.unwrap();
        let dear = "{ courses(first: 100) { nodes { title skills { name } } } }";
        let demanding = join_all((0..6).map(|_| app.ask(dear, json!({}))));
        let meanwhile = async {
            // Requests on one thread query the database together; the others wait for their turn.
            waiting(&app.database_url, 1).await;
            assert_eq!(app.get("/health/live").await.status(), 200);
            let data = app.data("{ courses { totalCount } }").await;
            assert!(data["courses"]["totalCount"].as_u64() > Some(0));
            locked.rollback().await.unwrap();
        };
        let (answers, ()) = futures_util::future::join(demanding, meanwhile).await;
        for answer in answers {
            assert!(answer.get("errors").is_none(), "{answer:#}");
        }
    });
}
