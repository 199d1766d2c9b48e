//! `POST /import`: a feed is read and written as it arrives, and answered row by row.

use entity::{MemberRole, ProviderStatus, course};
use sea_orm::ActiveValue::Set;
use sea_orm::{EntityTrait, PaginatorTrait};
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt;

use crate::support::App;
use crate::support::feed::{FeedProvider, JSONL, SlowUpload, counts, lines, public, row, send};
use crate::support::people::People;

on_both! {
    #![empty]

    async fn every_row_is_answered_with_its_line_and_the_totals_come_last(app: App) {
        let school = FeedProvider::of(&app).await;
        let rows = [public("a"), json!({"externalKey": "b"}), row("c"), public("a")];
        let answer = school.feed(&app, "", &rows).await;
        assert_eq!(answer.len(), 5);
        let id = answer[0]["id"].as_str().unwrap();
        assert_eq!(answer[0], json!({"line": 1, "externalKey": "a", "outcome": "CREATED", "id": id, "errors": []}));
        assert_eq!(answer[1], json!({"line": 2, "externalKey": "b", "outcome": "REJECTED", "id": null, "errors": [
            {"code": "REQUIRED", "message": "must be given for a new course", "path": ["title"]},
            {"code": "REQUIRED", "message": "must be given for a new course", "path": ["kind"]}]}));
        assert_eq!((&answer[3]["outcome"], &answer[3]["errors"][0]["code"]), (&json!("REJECTED"), &json!("DUPLICATE")));
        let position = school.catalogue.position().await;
        assert_eq!(answer[4], json!({"done": true, "dryRun": false, "created": 2, "updated": 0, "unchanged": 0,
            "rejected": 2, "retired": 0, "position": position, "errors": []}));
        app.reached(position).await;
        let node = app.data(&format!("{{ node(id: \"{id}\") {{ ... on Course {{ slug }} }} }}")).await;
        assert_eq!(node["node"]["slug"], "course-a");
        let answer = school.feed(&app, "&results=refused", &rows).await;
        assert_eq!(answer.iter().map(|line| &line["line"]).collect::<Vec<_>>(), [&json!(2), &json!(4), &Value::Null]);
        assert_eq!((counts(&answer[2]), &answer[2]["position"]), ([0, 0, 2, 2, 0], &position.into()), "what an unchanged feed says is all in it");
    }

    async fn csv_of_any_size_goes_in(app: App) {
        let school = FeedProvider::of(&app).await;
        let text = "x".repeat(1_500);
        let body: String = (0..2_000).map(|key| format!("{key},Course {key},COURSE,\"{text}\n\"\r\n")).collect();
        let body = format!("externalKey,title,kind,description\r\n{body}");
        assert!(body.len() > 3_000_000);
        let (status, answer) = school.send(&app, "", "text/csv; charset=UTF-8", body).await;
        assert_eq!((status, answer.len()), (200, 2_001));
        assert_eq!((&answer[1]["line"], &answer[1]["externalKey"]), (&json!(4), &json!("1")));
        assert_eq!(counts(&answer[2_000]), [2_000, 0, 0, 0, 0]);
    }

    async fn rows_are_answered_while_the_feed_is_still_coming(app: App) {
        let school = FeedProvider::of(&app).await;
        let mut slow = SlowUpload::begin(&app, &school).await;
        slow.rows(&(0..500).map(row).collect::<Vec<_>>()).await;
        for line in 1..=500 {
            let answer = slow.line().await;
            assert_eq!((&answer["line"], &answer["outcome"]), (&json!(line), &json!("CREATED")));
        }
        assert_eq!(course::Entity::find().count(&school.catalogue.db).await.unwrap(), 500);
        slow.rows(&[row(500)]).await;
        slow.end().await;
        assert_eq!(slow.line().await["externalKey"], "500");
        assert_eq!(counts(&slow.line().await), [501, 0, 0, 0, 0]);
    }

    async fn what_was_committed_stays_when_the_feed_breaks_off_and_sending_it_again_goes_on(app: App) {
        let school = FeedProvider::of(&app).await;
        school.feed(&app, "", &[public("old")]).await;
        let rows: Vec<Value> = (0..600).map(row).collect();
        let mut slow = SlowUpload::begin(&app, &school).await;
        slow.rows(&rows[..500]).await;
        for _ in 0..500 {
            slow.line().await;
        }
        slow.0.write_all(b"ffff\r\n{\"externalKey\": \"hal").await.unwrap();
        slow.0.get_mut().shutdown().await.unwrap();
        let broken = slow.line().await;
        assert_eq!(broken["errors"], json!([{"code": "INVALID", "message": "breaks off before its end", "path": ["file"]}]));
        let last = slow.line().await;
        assert_eq!((&last["done"], counts(&last)), (&json!(false), [500, 0, 0, 1, 0]));
        drop(slow);
        let answer = school.feed(&app, "", &rows).await;
        assert_eq!(counts(&answer[600]), [100, 0, 500, 0, 0]);
    }

    async fn one_feed_of_a_provider_is_read_at_a_time(app: App) {
        let school = FeedProvider::of(&app).await;
        let mut slow = SlowUpload::begin(&app, &school).await;
        assert_eq!(slow.status().await, "HTTP/1.1 200 OK");
        let (status, answer) = school.send(&app, "", JSONL, "").await;
        assert_eq!((status, &answer[0]["errors"][0]["extensions"]["code"]), (409, &json!("CONFLICT")));
        slow.end().await;
        assert_eq!(slow.line().await["done"], true);
        assert_eq!(school.send(&app, "", JSONL, "").await.0, 200);
    }

    async fn a_few_feeds_are_read_at_a_time(app: App) {
        let mut open = Vec::new();
        for _ in 0..3 {
            let mut slow = SlowUpload::begin(&app, &FeedProvider::of(&app).await).await;
            assert_eq!(slow.status().await, "HTTP/1.1 200 OK");
            open.push(slow);
        }
        let (status, answer) = FeedProvider::of(&app).await.send(&app, "", JSONL, "").await;
        assert_eq!((status, &answer[0]["errors"][0]["extensions"]["code"]), (503, &json!("SERVICE_UNAVAILABLE")));
    }

    async fn a_token_that_ends_while_its_feed_comes_in_writes_no_more(app: App) {
        let school = FeedProvider::of(&app).await;
        let rows: Vec<Value> = (0..501).map(row).collect();
        let mut slow = SlowUpload::begin(&app, &school).await;
        slow.rows(&rows[..500]).await;
        for _ in 0..500 {
            slow.line().await;
        }
        app.clock.set("2028-01-01T00:00:00Z");
        slow.rows(&rows[500..]).await;
        slow.end().await;
        let last = slow.line().await;
        assert_eq!((&last["done"], &last["errors"][0]["code"]), (&json!(false), &json!("UNAUTHENTICATED")));
        assert_eq!(school.courses().await.len(), 500);
    }

    async fn whom_nobody_has_let_in_yet_takes_no_place_that_others_need(app: App) {
        let (active, mut open) = (FeedProvider::of(&app).await, Vec::new());
        for expected in ["HTTP/1.1 200 OK", "HTTP/1.1 503 Service Unavailable"] {
            let school = FeedProvider::of(&app).await;
            school.catalogue.update_provider(school.id, |row| row.status = Set(ProviderStatus::Pending)).await;
            let mut slow = SlowUpload::begin(&app, &school).await;
            assert_eq!(slow.status().await, expected);
            open.push(slow);
        }
        let (status, answer) = active.send(&app, "", JSONL, lines(&[row("a")])).await;
        assert_eq!((status, counts(&answer[1])), (200, [1, 0, 0, 0, 0]));
    }

    async fn a_dry_run_answers_the_same_and_writes_nothing(app: App) {
        let school = FeedProvider::of(&app).await;
        school.feed(&app, "", &[row("a"), row("b")]).await;
        let before = school.catalogue.position().await;
        let changed = json!({"externalKey": "b", "title": "New"});
        let answer = school.feed(&app, "&dryRun=true", &[row("a"), changed, row("c"), json!({})]).await;
        assert_eq!((counts(&answer[4]), &answer[4]["dryRun"]), ([1, 1, 1, 1, 0], &json!(true)));
        assert_eq!(answer[4]["position"], before);
        let ids: Vec<bool> = answer[..4].iter().map(|line| line["id"].is_string()).collect();
        assert_eq!(ids, [true, true, false, false], "what does not exist has no id");
        assert_eq!((school.catalogue.position().await, school.courses().await.len()), (before, 2));
    }

    async fn columns_that_are_absent_leave_a_known_course_as_it_is(app: App) {
        let school = FeedProvider::of(&app).await;
        school.feed(&app, "", &[public("a")]).await;
        let (status, answer) = school.send(&app, "", "text/csv", "externalKey,summary\na,New\nb,New\n").await;
        assert_eq!((status, counts(&answer[2])), (200, [0, 1, 0, 1, 0]), "{answer:?}");
        let missing: Vec<&Value> = answer[1]["errors"].as_array().unwrap().iter().map(|error| &error["path"]).collect();
        assert_eq!(missing, [&json!(["title"]), &json!(["kind"])]);
        app.reached(school.catalogue.position().await).await;
        let data = app.data("{ course(by: {slug: \"course-a\"}) { title kind summary } }").await;
        assert_eq!(data["course"], json!({"title": "Course a", "kind": "COURSE", "summary": "New"}));
    }

    async fn only_those_may_send_a_feed_who_may_write(app: App) {
        let school = FeedProvider::of(&app).await;
        let people = People::of(&app).await;
        let other = school.catalogue.provider("Other").await;
        let pending = school.catalogue.provider_with("Pending", |row| row.status = Set(ProviderStatus::Pending)).await;
        let stranger = people.member(other, MemberRole::Owner).await.token;
        let own = format!("provider={}", school.slug);
        let tries = [
            ("", own.as_str(), 401, "UNAUTHENTICATED"),
            ("nonsense", &own, 401, "UNAUTHENTICATED"),
            (&stranger, &own, 403, "FORBIDDEN"),
            (&school.token, &format!("provider=other-{other}"), 403, "FORBIDDEN"),
            (&school.token, &format!("provider=pending-{pending}"), 404, "NOT_FOUND"),
            (&school.token, "provider=nobody", 404, "NOT_FOUND"),
            (&school.token, "provider=%00", 404, "NOT_FOUND"),
        ];
        for (token, query, status, code) in tries {
            let (answered, answer) = send(&app, token, query, JSONL, lines(&[row("a")])).await;
            assert_eq!((answered, &answer[0]["errors"][0]["extensions"]["code"]), (status, &json!(code)), "{query}");
        }
        assert_eq!(course::Entity::find().count(&school.catalogue.db).await.unwrap(), 0);
        let member = people.member(school.id, MemberRole::Editor).await.token;
        for token in [member, people.staff().await.token] {
            assert_eq!(send(&app, &token, &own, JSONL, lines(&[row("a")])).await.0, 200);
        }
    }
}

on_sqlite! {
    async fn what_is_asked_for_in_a_wrong_way_is_refused_before_anything_is_read(app: App) {
        let school = FeedProvider::of(&app).await;
        for query in ["", "&missing=keep", "&retireAtMost=0.5", "&missing=retire&retireAtMost=2", "&missing=retire&retireAtMost=NaN",
                      "&onError=reject", "&dryRun=1", "&colour=red", "&dryRun=true&dryRun=true"] {
            let query = if query.is_empty() { "missing=retire".to_owned() } else { format!("provider={}{query}", school.slug) };
            let (status, answer) = send(&app, &school.token, &query, JSONL, "").await;
            assert_eq!((status, &answer[0]["errors"][0]["extensions"]["code"]), (400, &json!("BAD_REQUEST")), "{query}");
        }
        for media_type in ["application/json", "text/plain", "text/csv; charset=latin-1", ""] {
            let (status, answer) = school.send(&app, "", media_type, "").await;
            assert_eq!((status, &answer[0]["errors"][0]["extensions"]["code"]), (415, &json!("UNSUPPORTED_MEDIA_TYPE")));
        }
        assert_eq!(app.get("/import").await.status(), 405);
    }

    async fn a_feed_whose_header_does_not_fit_is_answered_with_one_line(app: App) {
        let school = FeedProvider::of(&app).await;
        for (body, message) in [("", "line 1: there is no header"), ("externalKey,colour\n", "field colour: a course has no such field")] {
            let (status, answer) = school.send(&app, "", "text/csv", body).await;
            assert_eq!(status, 200);
            assert_eq!(answer, [json!({"done": false, "errors": [{"code": "BAD_USER_INPUT", "message": message, "path": []}]})]);
        }
    }

    async fn a_row_over_the_limit_is_refused_and_the_next_is_read(app: App) {
        let school = FeedProvider::of(&app).await;
        let mut long = row("long");
        long["description"] = "x".repeat(300 * 1024).into();
        let answer = school.feed(&app, "", &[row("a"), long, row("b")]).await;
        assert_eq!((&answer[1]["line"], &answer[1]["errors"][0]["code"]), (&json!(2), &json!("TOO_LONG")));
        assert_eq!(counts(&answer[3]), [2, 0, 0, 1, 0]);
    }
}
