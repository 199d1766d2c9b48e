//! Adding, changing and removing single offerings of a course.

use serde_json::{Value, json};

use crate::support::provider::{ProviderWithEditor, user_errors};
use crate::support::{App, Catalogue, global_id};

/// saveOffering, for an offering that was read or for a new one.
async fn save(school: &ProviderWithEditor<'_>, course: &Value, read: Option<&Value>, input: Value) -> Value {
    let query = "mutation($c: ID!, $id: ID, $v: Int, $i: OfferingInput!) { done: saveOffering(course: $c, id: $id, expectedVersion: $v, input: $i) \
        { offering { id version format startsOn seatsLeft course { version } } userErrors { code path message } } }";
    let variables = json!({ "c": course["id"], "id": read.map(|read| &read["id"]), "v": read.map(|read| &read["version"]), "i": input });
    school.data(query, variables).await["done"].take()
}

async fn remove(school: &ProviderWithEditor<'_>, read: &Value) -> Value {
    let query = "mutation($id: ID!, $v: Int!) { done: removeOffering(id: $id, expectedVersion: $v) \
        { course { version offerings { totalCount } } userErrors { code path message } } }";
    school.data(query, json!({ "id": read["id"], "v": read["version"] })).await["done"].take()
}

on_both! {
    #![empty]

    async fn an_offering_is_added_changed_and_taken_away(app: App) {
        let school = ProviderWithEditor::open(&app).await;
        let course = school.published("Falconry").await;
        let input = json!({ "format": "HYBRID", "startsOn": "2026-09-01", "capacity": 12, "seatsLeft": 3 });
        let added = save(&school, &course, None, input).await;
        assert_eq!(user_errors(&added), [""; 0]);
        let read = &added["offering"];
        assert_eq!((&read["version"], &read["course"]["version"]), (&json!(1), &json!(3)));
        let found = app.data("{ courses(filter: {offering: {startsOn: {gte: \"2026-09-01\"}}}) { totalCount } }").await;
        assert_eq!(found["courses"]["totalCount"], 1);
        let changed = save(&school, &course, Some(read), json!({ "format": "HYBRID", "startsOn": "2026-10-01" })).await;
        let now = &changed["offering"];
        assert_eq!((&now["id"], &now["version"], &now["startsOn"], &now["seatsLeft"]), (&read["id"], &json!(2), &json!("2026-10-01"), &Value::Null));
        let removed = remove(&school, now).await;
        assert_eq!(removed, json!({ "course": { "version": 5, "offerings": { "totalCount": 0 } }, "userErrors": [] }));
        let gone = app.ask("query($id: ID!) { node(id: $id) { id } }", json!({ "id": now["id"] })).await;
        assert_eq!(gone["data"]["node"], Value::Null);
    }

    async fn an_offering_that_says_what_is_there_writes_nothing(app: App) {
        let school = ProviderWithEditor::open(&app).await;
        let course = school.course("Falconry").await;
        let read = save(&school, &course, None, json!({ "format": "HYBRID" })).await["offering"].take();
        let before = Catalogue::of(&app).await.position().await;
        assert_eq!(save(&school, &course, Some(&read), json!({ "format": "HYBRID" })).await["offering"], read);
        assert_eq!(Catalogue::of(&app).await.position().await, before);
    }

    async fn a_stale_offering_is_told_as_it_is_now(app: App) {
        let school = ProviderWithEditor::open(&app).await;
        let course = school.course("Falconry").await;
        let read = save(&school, &course, None, json!({ "format": "HYBRID" })).await["offering"].take();
        let now = save(&school, &course, Some(&read), json!({ "format": "IN_PERSON" })).await["offering"].take();
        let stale = save(&school, &course, Some(&read), json!({ "format": "SELF_PACED" })).await;
        assert_eq!((user_errors(&stale), &stale["offering"]), (vec!["STALE expectedVersion".to_owned()], &now));
        let stale = remove(&school, &read).await;
        assert_eq!((user_errors(&stale), &stale["course"]["offerings"]["totalCount"]), (vec!["STALE expectedVersion".to_owned()], &json!(1)));
    }

    async fn every_fault_of_an_offering_comes_back_with_its_path(app: App) {
        let school = ProviderWithEditor::open(&app).await;
        let course = school.course("Falconry").await;
        let wrong = json!({
            "format": "HYBRID", "startsOn": "2026-09-01", "endsOn": "2026-08-31", "applyBy": "2026-09-02", "timeZone": "no zone",
            "location": { "country": "XX", "latitude": 91, "longitude": 0 }, "language": "?", "price": { "amount": "1.001", "currency": "USD" },
            "capacity": 1, "seatsLeft": 2, "url": "ftp://example.org"
        });
        let payload = save(&school, &course, None, wrong).await;
        assert_eq!(user_errors(&payload), [
            "INVALID input.language", "INVALID input.location.country", "INVALID input.timeZone", "INVALID input.url",
            "OUT_OF_RANGE input.applyBy", "OUT_OF_RANGE input.endsOn", "OUT_OF_RANGE input.location.latitude",
            "OUT_OF_RANGE input.price.amount", "OUT_OF_RANGE input.seatsLeft",
        ]);
        assert_eq!(payload["offering"], Value::Null);
        for (date, expected) in [("2026-02-30", "INVALID input.startsOn"), ("1 May", "INVALID input.startsOn")] {
            assert_eq!(user_errors(&save(&school, &course, None, json!({ "format": "HYBRID", "startsOn": date })).await), [expected]);
        }
    }

    async fn a_version_comes_with_an_id_and_an_id_with_a_version(app: App) {
        let school = ProviderWithEditor::open(&app).await;
        let course = school.course("Falconry").await;
        let read = save(&school, &course, None, json!({ "format": "HYBRID" })).await["offering"].take();
        let payload = save(&school, &course, Some(&json!({ "id": read["id"] })), json!({ "format": "HYBRID" })).await;
        assert_eq!(user_errors(&payload), ["REQUIRED expectedVersion"]);
        let payload = save(&school, &course, Some(&json!({ "version": 1 })), json!({ "format": "HYBRID" })).await;
        assert_eq!(user_errors(&payload), ["INVALID expectedVersion"]);
    }

    async fn an_offering_belongs_to_its_course(app: App) {
        let school = ProviderWithEditor::open(&app).await;
        let (course, other) = (school.course("Falconry").await, school.course("Hawking").await);
        let read = save(&school, &course, None, json!({ "format": "HYBRID" })).await["offering"].take();
        let query = "mutation($c: ID!, $id: ID) { saveOffering(course: $c, id: $id, expectedVersion: 1, input: {format: HYBRID}) { offering { id } } }";
        for (course, id) in [(&other["id"], &read["id"]), (&course["id"], &json!(global_id("Offering", 1)))] {
            let answer = app.ask_as(&school.token, query, json!({ "c": course, "id": id })).await;
            assert_eq!(answer["errors"][0]["extensions"]["code"], "NOT_FOUND");
        }
    }

    async fn a_course_has_at_most_two_hundred_offerings(app: App) {
        let school = ProviderWithEditor::open(&app).await;
        let offerings: Vec<Value> = (0..200).map(|number| json!({ "format": "HYBRID", "capacity": number })).collect();
        let course = school.create(json!({ "title": "Falconry", "kind": "COURSE", "offerings": offerings })).await["course"].take();
        let payload = save(&school, &course, None, json!({ "format": "HYBRID" })).await;
        assert_eq!(user_errors(&payload), ["LIMIT input"]);
    }
}
