//! The change log as the public reads it.

use catalog::changelog::append;
use entity::{ChangeKind, ListingStatus, ListingType};
use sea_orm::{ActiveValue::Set, TransactionTrait};
use serde_json::{Value, json};

use crate::support::{App, Catalogue, entry, now};

const QUERY: &str = "query($after: String, $first: Int, $types: [ListingType!], $provider: String) {
    changes(after: $after, first: $first, types: $types, provider: $provider) {
        nodes { cursor kind type slug listingId node { id } }
        pageInfo { endCursor hasNextPage hasPreviousPage } } }";

async fn changes(app: &App, variables: Value) -> Value {
    let mut answer = app.ask(QUERY, variables).await;
    assert!(answer.get("errors").is_none(), "{answer}");
    answer["data"]["changes"].take()
}

async fn cursor(app: &App) -> Value {
    app.data("{ catalogueCursor }").await["catalogueCursor"].clone()
}

on_both! {
    async fn whoever_follows_from_the_cursor_sees_each_later_change_once(app: App) {
        let catalogue = Catalogue::of(&app).await;
        let mut place = cursor(&app).await;
        assert_eq!(changes(&app, json!({ "after": place })).await["nodes"], json!([]));
        let provider = catalogue.provider("School").await;
        let mut written = Vec::new();
        for number in 0..7 {
            written.push(catalogue.course(provider, &format!("Course {number}")).await);
        }
        app.reached(catalogue.position().await).await;
        let mut seen = Vec::new();
        loop {
            let page = changes(&app, json!({ "after": place, "first": 3, "types": ["COURSE"] })).await;
            seen.extend(page["nodes"].as_array().unwrap().iter().map(|change| change["listingId"].clone()));
            place = page["pageInfo"]["endCursor"].clone();
            if page["pageInfo"]["hasNextPage"] == false {
                break;
            }
        }
        let expected: Vec<Value> = written.iter().map(|id| json!(crate::support::global_id("Course", *id))).collect();
        assert_eq!(seen, expected);
        assert_eq!(place, cursor(&app).await, "the position reached, beyond the last change of these types");
    }

    async fn the_end_cursor_of_an_empty_page_is_the_position_reached(app: App) {
        let page = changes(&app, json!({ "types": [], "first": 1 })).await;
        assert_eq!(page["nodes"], json!([]));
        assert_eq!(page["pageInfo"]["endCursor"], cursor(&app).await);
    }

    async fn the_starter_catalogue_is_in_the_log_whole(app: App) {
        let mut kinds = std::collections::BTreeMap::new();
        let mut place = json!(null);
        loop {
            let page = changes(&app, json!({ "after": place, "first": 100 })).await;
            for change in page["nodes"].as_array().unwrap() {
                assert_eq!(change["kind"], "PUBLISHED");
                assert_eq!(change["node"]["id"], change["listingId"]);
                *kinds.entry(change["type"].as_str().unwrap().to_owned()).or_insert(0) += 1;
            }
            place = page["pageInfo"]["endCursor"].clone();
            if page["pageInfo"]["hasNextPage"] == false {
                break;
            }
        }
        let expected = [("CAREER", 7), ("CERTIFICATION", 3), ("COURSE", 16), ("PROVIDER", 14)];
        assert_eq!(kinds, expected.map(|(kind, count)| (kind.to_owned(), count)).into());
    }

    async fn what_has_left_stands_in_the_log_without_a_node(app: App) {
        let catalogue = Catalogue::of(&app).await;
        let provider = catalogue.provider("School").await;
        let course = catalogue.course(provider, "Course").await;
        let place = cursor(&app).await;
        catalogue.update_course(course, |row| row.status = Set(ListingStatus::Draft)).await;
        let tx = catalogue.db.begin().await.unwrap();
        let withdrawn = entry(ListingType::Course, course);
        let withdrawn = catalog::changelog::Entry { event: Some(ChangeKind::Withdrawn), ..withdrawn };
        let hidden = catalog::changelog::Entry { event: None, ..withdrawn.clone() };
        let position = append(&tx, now(), vec![withdrawn, hidden]).await.unwrap_or_else(|e| panic!("{}", e.cause()));
        tx.commit().await.unwrap();
        app.reached(position).await;
        let page = changes(&app, json!({ "after": place, "types": ["COURSE"] })).await;
        let last = page["nodes"].as_array().unwrap().last().unwrap();
        assert_eq!((&last["kind"], &last["node"]), (&json!("WITHDRAWN"), &json!(null)));
        assert_eq!(page["pageInfo"]["endCursor"], cursor(&app).await, "the draft's own change is passed over");
    }

    async fn changes_can_be_narrowed_to_a_provider(app: App) {
        let page = changes(&app, json!({ "provider": "noble-desktop", "first": 100 })).await;
        assert_eq!(page["nodes"].as_array().unwrap().len(), 9, "itself and its eight courses");
        let none = changes(&app, json!({ "provider": "no-such-provider", "first": 100 })).await;
        assert_eq!(none["nodes"], json!([]));
    }

    async fn bad_pages_of_changes_are_refused(app: App) {
        for (variables, message) in [
            (json!({ "first": 0 }), "first: must be 1 to 100"),
            (json!({ "first": 101 }), "first: must be 1 to 100"),
            (json!({ "after": "xyz" }), "after: is not a cursor of this list in this order"),
            // ["changes",99999,0], which the log has not reached, ["changes",-1,0] and ["changes","1",0]
            (json!({ "after": "WyJjaGFuZ2VzIiw5OTk5OSwwXQ" }), "after: is not a cursor of this list in this order"),
            (json!({ "after": "WyJjaGFuZ2VzIiwtMSwwXQ" }), "after: is not a cursor of this list in this order"),
            (json!({ "after": "WyJjaGFuZ2VzIiwiMSIsMF0" }), "after: is not a cursor of this list in this order"),
        ] {
            let answer = app.ask(QUERY, variables).await;
            assert_eq!(answer["errors"][0]["extensions"]["code"], "BAD_USER_INPUT");
            assert_eq!(answer["errors"][0]["message"], message);
        }
    }
}
