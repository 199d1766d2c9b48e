//! `POST /import` with `missing=retire`: courses that a full feed no longer contains are retired.

use entity::{CourseKind, ListingStatus, change, course};
use sea_orm::EntityTrait;
use serde_json::{Value, json};

use crate::support::App;
use crate::support::feed::{FeedProvider, JSONL, counts, lines, public, row};

on_both! {
    #![empty]

    async fn what_a_full_feed_no_longer_holds_is_retired(app: App) {
        let school = FeedProvider::of(&app).await;
        let by_hand = school.catalogue.course(school.id, "By hand").await;
        let all: Vec<Value> = (0..10).map(public).chain([row("draft")]).collect();
        school.feed(&app, "&missing=retire", &all).await;
        let answer = school.feed(&app, "&missing=retire", &all[2..10]).await;
        assert_eq!(counts(&answer[8]), [0, 0, 8, 0, 2], "{:?}", answer[8]);
        let courses = school.courses().await;
        let status = |key: Option<&str>| courses.iter().find(|row| row.0.as_deref() == key).unwrap().1;
        assert_eq!([status(Some("0")), status(Some("1"))], [ListingStatus::Retired; 2]);
        assert_eq!([status(Some("2")), status(None), status(Some("draft"))],
                   [ListingStatus::Published, ListingStatus::Published, ListingStatus::Draft]);
        let position = answer[8]["position"].as_i64().unwrap();
        app.reached(position).await;
        let data = app.data("{ courses { totalCount } changes(first: 100, types: [COURSE]) { nodes { kind slug } } }").await;
        assert_eq!(data["courses"]["totalCount"], 9);
        let changes = data["changes"]["nodes"].as_array().unwrap();
        assert_eq!(changes.iter().rev().take(2).map(|change| change["kind"].as_str().unwrap()).collect::<Vec<_>>(), ["RETIRED"; 2]);
        let entry = change::Entity::find_by_id(position).one(&school.catalogue.db).await.unwrap().unwrap();
        assert!(entry.actor.starts_with("service-token:"), "{entry:?}");
        let answer = school.feed(&app, "&missing=retire", &all).await;
        assert_eq!(counts(&answer[11]), [0, 2, 9, 0, 0], "publish brings it back: {answer:?}");
        assert_eq!(course::Entity::find_by_id(by_hand).one(&school.catalogue.db).await.unwrap().unwrap().kind, CourseKind::Course);
    }

    async fn more_than_a_fifth_is_retired_only_where_that_is_said(app: App) {
        let school = FeedProvider::of(&app).await;
        let all: Vec<Value> = (0..10).map(public).collect();
        school.feed(&app, "", &all).await;
        let answer = school.feed(&app, "&missing=retire", &all[3..]).await;
        assert_eq!((counts(&answer[7]), &answer[7]["done"]), ([0, 0, 7, 0, 0], &json!(true)));
        let error = &answer[7]["errors"][0];
        assert_eq!((&error["code"], &error["path"]), (&json!("LIMIT"), &json!(["missing"])));
        assert!(error["message"].as_str().unwrap().contains("3 of the 10 courses"), "{error}");
        let answer = school.feed(&app, "&missing=retire&retireAtMost=1.0&dryRun=true", &all[3..]).await;
        assert_eq!(counts(&answer[7]), [0, 0, 7, 0, 3]);
        assert!(school.courses().await.iter().all(|(_, status)| *status == ListingStatus::Published));
        let answer = school.feed(&app, "&missing=retire&retireAtMost=0.3", &all[3..]).await;
        assert_eq!(counts(&answer[7]), [0, 0, 7, 0, 3]);
    }

    async fn what_a_feed_brings_in_does_not_count_for_how_much_it_may_retire(app: App) {
        let school = FeedProvider::of(&app).await;
        let old: Vec<Value> = (0..10).map(|key| public(format!("old{key}"))).collect();
        school.feed(&app, "", &old).await;
        let new: Vec<Value> = (0..40).map(|key| public(format!("new{key}"))).collect();
        let answer = school.feed(&app, "&missing=retire", &new).await;
        assert_eq!(counts(&answer[40]), [40, 0, 0, 0, 0]);
        assert_eq!(answer[40]["errors"][0]["code"], "LIMIT", "{}", answer[40]);
    }

    async fn nothing_is_retired_where_it_is_not_known_what_the_feed_holds(app: App) {
        let school = FeedProvider::of(&app).await;
        let all: Vec<Value> = (0..10).map(public).collect();
        school.feed(&app, "", &all).await;
        let refused = json!({"externalKey": " 0 ", "title": ""});
        let feed = |last: &str| format!("{}{last}", lines(&[std::slice::from_ref(&refused), &all[1..]].concat()));
        let (_, answer) = school.send(&app, "&missing=retire", JSONL, feed("")).await;
        assert_eq!(counts(&answer[10]), [0, 0, 9, 1, 0], "it is held, though at fault");
        let (_, answer) = school.send(&app, "&missing=retire&retireAtMost=1", JSONL, format!("{}{{\"externalKey\"", lines(&all[5..]))).await;
        assert_eq!(counts(&answer[6]), [0, 0, 5, 1, 0]);
        assert_eq!(answer[6]["errors"][0]["path"], json!(["missing"]));
        let csv = "externalKey,title,kind\n9,Course 9,COURSE\n8,\"Course 8,COURSE\n";
        let (_, answer) = school.send(&app, "&missing=retire&retireAtMost=1", "text/csv", csv).await;
        assert_eq!((&answer[1]["line"], &answer[1]["errors"][0]["path"]), (&json!(3), &json!(["file"])));
        assert_eq!((&answer[2]["done"], counts(&answer[2])), (&json!(false), [0, 0, 1, 1, 0]));
        assert!(school.courses().await.iter().all(|(_, status)| *status == ListingStatus::Published));
    }
}
