//! What staff, readers and the provider do with reviews.

use entity::MemberRole;
use serde_json::{Value, json};

use crate::support::App;
use crate::support::people::user_errors;
use crate::support::reviewed_course::{ReviewedCourse, stars};

const INSIDE: &str = "{ payload: node(id: ID) { ... on Review { status moderation { from to reason by } reports { reason note by closedAt } } } }";

fn inside(review: &Value) -> String {
    INSIDE.replace("ID", &review["id"].to_string())
}

/// The ids of the staff queue, with these arguments.
async fn queue(forum: &ReviewedCourse<'_>, arguments: &str) -> Vec<Value> {
    let query = format!("{{ payload: reviews{arguments} {{ totalCount nodes {{ id }} }} }}");
    let page = forum.app.payload(&forum.staff.token, &query, json!({})).await;
    let nodes = page["nodes"].as_array().unwrap();
    assert_eq!(page["totalCount"], nodes.len());
    nodes.iter().map(|node| node["id"].clone()).collect()
}

fn moderate(review: &Value, status: &str, reason: &str) -> String {
    format!("moderateReview(id: {}, status: {status}, reason: {reason:?})", review["id"])
}

on_both! {
    #![empty]

    async fn staff_decide_as_sense_has_it_and_each_decision_stays_on_record(app: App) {
        let forum = ReviewedCourse::open(&app).await;
        let (ann, bob, staff) = (forum.learner("ann").await, forum.learner("bob").await, &forum.staff.token);
        let review = forum.written(&ann, 2).await;
        for (status, reason, expected) in [
            ("PENDING", "Why.", vec!["NOT_ALLOWED status"]),
            ("REMOVED", "Why.", vec!["NOT_ALLOWED status"]),
            ("REMOVED", " ", vec!["NOT_ALLOWED status", "TOO_SHORT reason"]),
            ("REJECTED", "It advertises.", vec![]),
            ("REJECTED", "Again.", vec!["NOT_ALLOWED status"]),
            ("REMOVED", "Again.", vec!["NOT_ALLOWED status"]),
            ("PUBLISHED", "It does not, after all.", vec![]),
            ("PUBLISHED", "Again.", vec!["NOT_ALLOWED status"]),
            ("REJECTED", "Too late.", vec!["NOT_ALLOWED status"]),
            ("REMOVED", "It names somebody.", vec![]),
        ] {
            forum.tick();
            assert_eq!(user_errors(&forum.send(staff, &moderate(&review, status, reason)).await), expected, "{status} {reason}");
        }
        let decided = |from: &str, to: &str, reason: &str, by: Option<&str>| json!({ "from": from, "to": to, "reason": reason, "by": by });
        let name = app.payload(staff, "{ payload: viewer { displayName } }", json!({})).await["displayName"].take();
        for (token, by, reports) in [(&ann.token, None, Value::Null), (staff, name.as_str(), json!([]))] {
            assert_eq!(app.payload(token, &inside(&review), json!({})).await, json!({ "status": "REMOVED", "reports": reports, "moderation": [
                decided("PUBLISHED", "REMOVED", "It names somebody.", by),
                decided("REJECTED", "PUBLISHED", "It does not, after all.", by),
                decided("PENDING", "REJECTED", "It advertises.", by),
            ] }));
        }
        assert_eq!(app.payload(&bob.token, &inside(&review), json!({})).await, Value::Null);
        let published = forum.published(&bob, 4).await;
        let seen = app.payload(&ann.token, &inside(&published), json!({})).await;
        assert_eq!((&seen["moderation"], &seen["reports"]), (&Value::Null, &Value::Null), "others read the review and no more");
        let own = forum.written(&forum.staff, 5).await;
        assert_eq!(user_errors(&forum.send(staff, &moderate(&own, "PUBLISHED", "Mine.")).await), ["NOT_ALLOWED id"]);
    }

    async fn how_many_reviews_were_turned_away_is_public(app: App) {
        let forum = ReviewedCourse::open(&app).await;
        let counts = async |rejected: u8, removed: u8| {
            let shown = forum.shown("reviewsTurnedAway { rejected removed }").await;
            assert_eq!(shown["reviewsTurnedAway"], json!({ "rejected": rejected, "removed": removed }));
        };
        counts(0, 0).await;
        let (ann, bob, cy) = (forum.learner("ann").await, forum.learner("bob").await, forum.learner("cy").await);
        let (one, two, three) = (forum.published(&ann, 1).await, forum.published(&bob, 1).await, forum.written(&cy, 5).await);
        let one = forum.decide(&one, "REMOVED").await["review"].take();
        forum.decide(&two, "REMOVED").await;
        forum.decide(&three, "REJECTED").await;
        counts(1, 2).await;
        forum.decide(&two, "PUBLISHED").await;
        counts(1, 1).await;
        forum.send(&cy.token, &format!("deleteReview(id: {})", three["id"])).await;
        counts(1, 1).await;
        // The author cannot undo the count; staff can, by publishing the review.
        let one = forum.update(&ann, &one, stars(4)).await["review"].take();
        counts(1, 1).await;
        forum.decide(&one, "PUBLISHED").await;
        counts(1, 0).await;
    }

    async fn staff_find_what_waits_and_what_was_reported(app: App) {
        let forum = ReviewedCourse::open(&app).await;
        let (ann, bob, cy) = (forum.learner("ann").await, forum.learner("bob").await, forum.learner("cy").await);
        let (one, two) = (forum.published(&ann, 1).await, forum.written(&bob, 2).await);
        forum.tick();
        let three = forum.written(&cy, 3).await;
        assert_eq!(queue(&forum, "").await, [two["id"].clone(), three["id"].clone()]);
        assert_eq!(queue(&forum, "(reported: true)").await, [Value::Null; 0]);
        let report = |reason: &str| format!("reportReview(id: {}, reason: {reason})", one["id"]);
        assert_eq!(user_errors(&forum.send(&bob.token, &report("OTHER, note: \" \"")).await), ["TOO_SHORT note"]);
        assert_eq!(user_errors(&forum.send(&bob.token, &report("OTHER")).await), ["REQUIRED note"]);
        assert_eq!(user_errors(&forum.send(&bob.token, &report("UNTRUE, note: \"It is not so.\"")).await), [""; 0]);
        assert_eq!(user_errors(&forum.send(&bob.token, &report("SPAM")).await), ["DUPLICATE id"]);
        assert_eq!(user_errors(&forum.send(&ann.token, &report("SPAM")).await), ["NOT_ALLOWED id"]);
        let pending = format!("reportReview(id: {}, reason: SPAM)", two["id"]);
        assert_eq!(forum.refused(&cy.token, &pending).await, "NOT_FOUND");
        assert_eq!(user_errors(&forum.send(&forum.staff.token, &pending).await), ["NOT_ALLOWED id"]);
        assert_eq!(queue(&forum, "(reported: true)").await, [one["id"].clone()]);
        assert_eq!(queue(&forum, "(reported: true, status: [PENDING, REMOVED])").await, [Value::Null; 0]);
        assert_eq!(queue(&forum, "(reported: false)").await, [two["id"].clone(), three["id"].clone()]);
        assert_eq!(queue(&forum, "(status: [PUBLISHED, PENDING])").await.len(), 3);
        assert_eq!(app.data("{ reviews { totalCount } }").await["reviews"], Value::Null);
        assert_eq!(app.payload(&ann.token, "{ payload: reviews { totalCount } }", json!({})).await, Value::Null);
        // Keeping the review is a decision too, and settles the reports.
        assert_eq!(user_errors(&forum.send(&forum.staff.token, &moderate(&one, "PUBLISHED", "It is an opinion.")).await), [""; 0]);
        assert_eq!(queue(&forum, "(reported: true)").await, [Value::Null; 0]);
        let seen = app.payload(&forum.staff.token, &inside(&one), json!({})).await;
        assert_eq!(seen["reports"], json!([{ "reason": "UNTRUE", "note": "It is not so.", "by": "bob", "closedAt": "2026-06-01T12:00:01Z" }]));
    }

    async fn the_queue_goes_on_after_a_cursor_while_staff_decide(app: App) {
        let forum = ReviewedCourse::open(&app).await;
        let mut ids = Vec::new();
        for number in 0..5 {
            forum.tick();
            ids.push(forum.written(&forum.learner(&format!("learner{number}")).await, 3).await);
        }
        let page = |after: &Value| {
            let after = if after.is_null() { String::new() } else { format!(", after: {after}") };
            format!("{{ payload: reviews(first: 2{after}) {{ totalCount nodes {{ id }} pageInfo {{ hasNextPage endCursor }} }} }}")
        };
        let first = app.payload(&forum.staff.token, &page(&Value::Null), json!({})).await;
        assert_eq!((&first["totalCount"], &first["nodes"][1]["id"], &first["pageInfo"]["hasNextPage"]), (&5.into(), &ids[1]["id"], &true.into()));
        forum.decide(&ids[0], "PUBLISHED").await;
        forum.decide(&ids[1], "REJECTED").await;
        let second = app.payload(&forum.staff.token, &page(&first["pageInfo"]["endCursor"]), json!({})).await;
        assert_eq!((&second["nodes"][0]["id"], &second["nodes"][1]["id"], &second["totalCount"]), (&ids[2]["id"], &ids[3]["id"], &3.into()));
        let third = app.payload(&forum.staff.token, &page(&second["pageInfo"]["endCursor"]), json!({})).await;
        assert_eq!((&third["nodes"], &third["pageInfo"]["hasNextPage"]), (&json!([{ "id": ids[4]["id"] }]), &false.into()));
        let forged = app.ask_as(&forum.staff.token, "{ reviews(after: \"x\") { totalCount } }", json!({})).await;
        assert_eq!(forged["errors"][0]["extensions"]["argument"], "after");
    }

    async fn a_review_helps_a_person_once_and_never_its_author(app: App) {
        let forum = ReviewedCourse::open(&app).await;
        let (ann, bob) = (forum.learner("ann").await, forum.learner("bob").await);
        let (review, member) = (forum.published(&ann, 5).await, forum.people.member(forum.provider, MemberRole::Editor).await);
        let vote = |helpful: bool| format!("markReviewHelpful(id: {}, helpful: {helpful})", review["id"]);
        for (helpful, count) in [(true, 1), (true, 1), (false, 0), (false, 0), (true, 1)] {
            assert_eq!(forum.send(&bob.token, &vote(helpful)).await["review"]["helpfulCount"], count);
        }
        for token in [&ann.token, &member.token] {
            assert_eq!(user_errors(&forum.send(token, &vote(true)).await), ["NOT_ALLOWED id"]);
        }
        let seen = |person| forum.shown_to(person, "reviews { nodes { helpfulCount foundHelpful version } }");
        assert_eq!(seen(&bob).await["reviews"]["nodes"], json!([{ "helpfulCount": 1, "foundHelpful": true, "version": 2 }]));
        assert_eq!(seen(&ann).await["reviews"]["nodes"][0]["foundHelpful"], false);
        assert_eq!(forum.shown("reviews { nodes { foundHelpful } }").await["reviews"]["nodes"][0]["foundHelpful"], Value::Null);
        let pending = forum.written(&bob, 3).await;
        assert_eq!(user_errors(&forum.send(&forum.staff.token, &format!("markReviewHelpful(id: {}, helpful: true)", pending["id"])).await), ["NOT_ALLOWED id"]);
    }

    async fn the_provider_replies_once_and_may_edit(app: App) {
        let forum = ReviewedCourse::open(&app).await;
        let (ann, review) = (forum.learner("ann").await, forum.published(&forum.learner("bob").await, 1).await);
        let (editor, owner) = (forum.people.member(forum.provider, MemberRole::Editor).await, forum.people.member(forum.provider, MemberRole::Owner).await);
        let other = forum.people.member(forum.catalogue.provider("Rival").await, MemberRole::Owner).await;
        let reply = |body: &str| format!("replyToReview(id: {}, body: {body:?})", review["id"]);
        for token in [&ann.token, &other.token, &forum.staff.token] {
            assert_eq!(forum.refused(token, &reply("Thank you.")).await, "FORBIDDEN");
        }
        assert_eq!(user_errors(&forum.send(&editor.token, &reply(" ")).await), ["TOO_SHORT body"]);
        assert_eq!(user_errors(&forum.send(&editor.token, &reply(&"x".repeat(5_001))).await), ["TOO_LONG body"]);
        assert_eq!(user_errors(&forum.send(&editor.token, &reply("<b>Thank you.</b>")).await), [""; 0]);
        let shown = || forum.shown("reviews { nodes { version reply { body createdAt updatedAt } } }");
        let at = "2026-06-01T12:00:00Z";
        assert_eq!(shown().await["reviews"]["nodes"], json!([{ "version": 2, "reply": { "body": "<b>Thank you.</b>", "createdAt": at, "updatedAt": at } }]));
        app.clock.set("2026-06-01T12:05:00Z");
        assert_eq!(user_errors(&forum.send(&owner.token, &reply("We are sorry.")).await), [""; 0]);
        let system = forum.people.service_token(forum.provider).await;
        app.clock.set("2026-06-01T12:06:00Z");
        assert_eq!(user_errors(&forum.send(&system, &reply("We are sorry.")).await), [""; 0]);
        let reply = json!({ "body": "We are sorry.", "createdAt": at, "updatedAt": "2026-06-01T12:05:00Z" });
        assert_eq!(shown().await["reviews"]["nodes"][0]["reply"], reply);
        let pending = forum.written(&ann, 3).await;
        let early = format!("replyToReview(id: {}, body: \"Hello.\")", pending["id"]);
        assert_eq!(forum.refused(&editor.token, &early).await, "NOT_FOUND");
    }

    async fn answers_that_are_kept_turn_with_votes_replies_and_names(app: App) {
        let forum = ReviewedCourse::open(&app).await;
        let (ann, bob) = (forum.learner("ann").await, forum.learner("bob").await);
        let review = forum.published(&ann, 5).await;
        let position = async || forum.catalogue.position().await;
        let before = position().await;
        forum.send(&bob.token, &format!("markReviewHelpful(id: {}, helpful: true)", review["id"])).await;
        assert_eq!(position().await, before + 1);
        let cursor = app.data("{ catalogueCursor }").await["catalogueCursor"].take();
        app.ask_as(&ann.token, "mutation { deleteAccount { userErrors { code } } }", json!({})).await;
        assert_eq!(position().await, before + 2);
        let changes = app.data(&format!("{{ changes(after: {cursor}) {{ nodes {{ kind }} }} }}")).await;
        assert_eq!(changes["changes"]["nodes"], json!([]), "followers of listings hear nothing of it");
        assert_eq!(forum.shown("reviews { nodes { author helpfulCount } }").await["reviews"]["nodes"], json!([{ "author": "Former member", "helpfulCount": 1 }]));
    }
}
