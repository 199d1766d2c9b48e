//! The offerings of courses: which are upcoming, in which order, page by page.

use entity::{Format, offering};
use sea_orm::{ActiveValue::Set, EntityTrait};
use serde_json::{Value, json};

use crate::support::{App, Catalogue};

/// A course with offerings that start on these days; an empty day is on demand, and one
/// with an exclamation mark has no free places. The clock stands at 2026-06-01.
async fn course_with(app: &App, slug: &str, starts: &[&str]) {
    let catalogue = Catalogue::of(app).await;
    let provider = catalogue.provider("School").await;
    let course = catalogue.course_with(provider, slug, &[], |row| row.slug = Set(slug.to_owned())).await;
    for (day, number) in starts.iter().zip(1..) {
        let row = offering::ActiveModel {
            id: Set(course * 100 + number),
            course_id: Set(course),
            format: Set(Format::LiveOnline),
            starts_on: Set(day.trim_end_matches('!').parse().ok()),
            seats_left: Set(day.ends_with('!').then_some(0)),
            version: Set(1),
            ..Default::default()
        };
        offering::Entity::insert(row).exec_without_returning(&catalogue.db).await.unwrap();
    }
    app.reached(catalogue.update_course(course, |row| row.version = Set(2)).await).await;
}

fn starts(page: &Value) -> Vec<Option<&str>> {
    page["nodes"].as_array().unwrap().iter().map(|node| node["startsOn"].as_str()).collect()
}

on_both! {
    #![empty]

    async fn the_upcoming_ones_come_by_their_start_and_those_on_demand_last(app: App) {
        course_with(&app, "c", &["2026-07-01", "", "2026-05-31", "2026-06-01", "2027-01-01"]).await;
        let data = app.data("{ course(by: {slug: \"c\"}) { offerings { totalCount nodes { startsOn } } all: offerings(upcoming: false) { totalCount nodes { startsOn } } nextOffering { startsOn } } }").await;
        let course = &data["course"];
        assert_eq!(starts(&course["offerings"]), [Some("2026-06-01"), Some("2026-07-01"), Some("2027-01-01"), None]);
        assert_eq!(course["offerings"]["totalCount"], 4);
        assert_eq!(starts(&course["all"])[0], Some("2026-05-31"));
        assert_eq!(course["all"]["totalCount"], 5);
        assert_eq!(course["nextOffering"]["startsOn"], "2026-06-01");
    }

    async fn what_is_upcoming_moves_with_the_date(app: App) {
        course_with(&app, "c", &["2026-06-01", "2026-06-02"]).await;
        let query = "{ course(by: {slug: \"c\"}) { nextOffering { startsOn } } courses(filter: {offering: {startsOn: {lte: \"2026-06-01\"}}}) { totalCount } }";
        let today = app.data(query).await;
        assert_eq!(today, json!({ "course": { "nextOffering": { "startsOn": "2026-06-01" } }, "courses": { "totalCount": 1 } }));
        app.clock.set("2026-06-02T00:00:00Z");
        let tomorrow = app.data(query).await;
        assert_eq!(tomorrow, json!({ "course": { "nextOffering": { "startsOn": "2026-06-02" } }, "courses": { "totalCount": 0 } }));
        app.clock.set("2026-06-03T00:00:00Z");
        assert_eq!(app.data(query).await["course"]["nextOffering"], json!(null));
    }

    async fn what_has_no_free_places_is_not_open(app: App) {
        course_with(&app, "c", &["2026-06-01!", "2026-07-01"]).await;
        course_with(&app, "d", &["2026-06-01!"]).await;
        let query = "{ courses(filter: {offering: {}}) { nodes { slug nextOffering { startsOn } } } all: courses { totalCount } }";
        let wanted = json!({ "courses": { "nodes": [{ "slug": "c", "nextOffering": { "startsOn": "2026-07-01" } }] }, "all": { "totalCount": 2 } });
        assert_eq!(app.data(query).await, wanted);
    }

    async fn each_page_of_each_of_many_courses_goes_on_where_the_last_ended(app: App) {
        course_with(&app, "a", &["2026-07-01", "2026-07-01", "2026-07-02", "", ""]).await;
        course_with(&app, "b", &["2026-08-01"]).await;
        let first = app.data("{ courses(orderBy: {field: TITLE, direction: ASC}) { nodes { slug offerings(first: 2) { totalCount pageInfo { hasNextPage endCursor } nodes { id startsOn } } } } }").await;
        let nodes = first["courses"]["nodes"].as_array().unwrap();
        assert_eq!(nodes[1]["offerings"]["pageInfo"]["hasNextPage"], false);
        let mut ids: Vec<Value> = nodes[0]["offerings"]["nodes"].as_array().unwrap().clone();
        let mut after = nodes[0]["offerings"]["pageInfo"]["endCursor"].clone();
        let query = "query($after: String) { course(by: {slug: \"a\"}) { offerings(first: 2, after: $after) { totalCount pageInfo { hasNextPage hasPreviousPage endCursor } nodes { id startsOn } } } }";
        for more in [true, false] {
            let answer = app.ask(query, json!({ "after": after })).await;
            let page = &answer["data"]["course"]["offerings"];
            assert_eq!(page["pageInfo"]["hasNextPage"], more, "{answer}");
            assert_eq!(page["pageInfo"]["hasPreviousPage"], true);
            assert_eq!(page["totalCount"], 5);
            ids.extend(page["nodes"].as_array().unwrap().iter().cloned());
            after = page["pageInfo"]["endCursor"].clone();
        }
        ids.dedup();
        assert_eq!(ids.len(), 5);
        let beyond = app.ask(query, json!({ "after": after })).await;
        assert_eq!(beyond["data"]["course"]["offerings"]["totalCount"], 5, "also where the page is empty");
    }
}
