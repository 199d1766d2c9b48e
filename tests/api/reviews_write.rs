//! Writing, changing and deleting reviews.

use entity::{ListingStatus, MemberRole, ProviderStatus};
use sea_orm::ActiveValue::Set;
use serde_json::{Value, json};

use crate::support::people::user_errors;
use crate::support::reviewed_course::{REVIEW, ReviewedCourse, review, stars};
use crate::support::{App, Stage, global_id};

on_both! {
    #![empty]

    async fn a_review_waits_for_staff_and_is_seen_by_its_author_meanwhile(app: App) {
        let forum = ReviewedCourse::open(&app).await;
        let (ann, bob) = (forum.learner("ann").await, forum.learner("bob").await);
        let input = json!({ "rating": 5, "curriculum": 4, "instructors": 3, "jobSupport": 1, "title": " Good ",
            "body": "  <script>alert(1)</script>\r\nand e\u{301} more  ", "relation": "GRADUATE", "incentive": true, "completedOn": "2026-06-01" });
        let payload = forum.write(&ann, input).await;
        assert_eq!(payload["userErrors"], json!([]));
        let written = &payload["review"];
        assert_eq!((&written["status"], &written["verification"], &written["version"]), (&"PENDING".into(), &"EMAIL".into(), &1.into()));
        assert_eq!((&written["author"], &written["title"]), (&"ann".into(), &"Good".into()));
        assert_eq!(written["body"], "<script>alert(1)</script>\nand \u{e9} more");
        let fields = "reviews { totalCount } ratings { count } ownReview { id curriculum instructors jobSupport relation incentive completedOn createdAt }";
        let shown = forum.shown_to(&ann, fields).await;
        assert_eq!((&shown["reviews"]["totalCount"], &shown["ratings"]["count"]), (&0.into(), &0.into()));
        assert_eq!(shown["ownReview"], json!({ "id": written["id"], "curriculum": 4, "instructors": 3, "jobSupport": 1, "relation": "GRADUATE",
            "incentive": true, "completedOn": "2026-06-01", "createdAt": "2026-06-01T12:00:00Z" }));
        assert_eq!(forum.shown_to(&bob, fields).await["ownReview"], Value::Null);
        let node = format!("{{ payload: node(id: {}) {{ __typename ... on Review {{ status course {{ title }} }} }} }}", written["id"]);
        for (person, seen) in [(&ann, true), (&forum.staff, true), (&bob, false)] {
            assert_eq!(app.payload(&person.token, &node, json!({})).await.is_object(), seen);
        }
        assert_eq!(app.data(&node).await["payload"], Value::Null);
        assert_eq!(forum.decide(written, "PUBLISHED").await["review"]["status"], "PUBLISHED");
        assert_eq!(app.data(&node).await["payload"]["course"]["title"], "Course");
        assert_eq!(forum.shown("reviews { totalCount nodes { author } }").await["reviews"], json!({ "totalCount": 1, "nodes": [{ "author": "ann" }] }));
    }

    async fn every_fault_is_named_at_once_and_nothing_is_written(app: App) {
        let forum = ReviewedCourse::open(&app).await;
        let ann = forum.learner("ann").await;
        let wrong = json!({ "rating": 0, "curriculum": 6, "instructors": -1, "body": "Too short, really.", "title": "two\nlines",
            "relation": "APPLICANT", "incentive": false, "completedOn": "2026-06-02" });
        let found = user_errors(&forum.write(&ann, wrong).await);
        assert_eq!(found, ["OUT_OF_RANGE input.rating", "OUT_OF_RANGE input.curriculum", "OUT_OF_RANGE input.instructors", "INVALID input.title",
            "TOO_SHORT input.body", "OUT_OF_RANGE input.completedOn"]);
        let long = "x".repeat(5_001);
        for (change, expected) in [
            (json!({ "rating": 6 }), "OUT_OF_RANGE input.rating"),
            (json!({ "body": long }), "TOO_LONG input.body"),
            (json!({ "body": " ".repeat(30) }), "TOO_SHORT input.body"),
            (json!({ "body": "a text with \u{0} in the middle" }), "INVALID input.body"),
            (json!({ "body": "a text that \u{202e} turns around" }), "INVALID input.body"),
            (json!({ "relation": "APPLICANT", "completedOn": "2026-05-01" }), "INVALID input.completedOn"),
            (json!({ "completedOn": "2026-02-30" }), "INVALID input.completedOn"),
        ] {
            assert_eq!(user_errors(&forum.write(&ann, review(change)).await), [expected]);
        }
        assert_eq!(forum.shown_to(&ann, "ownReview { id }").await["ownReview"], Value::Null);
        let edges = review(json!({ "body": format!("{}{}", "é".repeat(10), "x".repeat(4_990)) }));
        assert_eq!(user_errors(&forum.write(&ann, edges).await), [""; 0]);
    }

    async fn only_published_courses_are_reviewed_and_by_no_member_of_the_provider(app: App) {
        let forum = ReviewedCourse::open(&app).await;
        let (ann, member) = (forum.learner("ann").await, forum.people.member(forum.provider, MemberRole::Editor).await);
        let draft = forum.catalogue.course_with(forum.provider, "Draft", &[], |row| row.status = Set(ListingStatus::Draft)).await;
        let retired = forum.catalogue.course_with(forum.provider, "Old", &[], |row| row.status = Set(ListingStatus::Retired)).await;
        app.reached(forum.catalogue.position().await).await;
        assert_eq!(user_errors(&forum.write(&member, stars(5)).await), ["NOT_ALLOWED course"]);
        assert_eq!(user_errors(&forum.write_of(retired, &ann, stars(5)).await), ["NOT_ALLOWED course"]);
        assert_eq!(user_errors(&forum.write_of(draft, &forum.staff, stars(5)).await), ["NOT_ALLOWED course"]);
        assert_eq!(user_errors(&forum.write_of(draft, &member, stars(9)).await), ["NOT_ALLOWED course", "OUT_OF_RANGE input.rating"]);
        let input = "input: {rating: 5, body: \"I have learnt a lot.\", relation: STUDENT, incentive: false}";
        let of = |course: i64| format!("writeReview(course: {:?}, {input})", global_id("Course", course));
        assert_eq!(forum.refused(&ann.token, &of(draft)).await, "NOT_FOUND");
        assert_eq!(forum.refused(&ann.token, &of(7)).await, "NOT_FOUND");
        let system = forum.people.service_token(forum.provider).await;
        assert_eq!(forum.refused(&system, &of(forum.course)).await, "FORBIDDEN");
        // A partner of the course is not its provider.
        let partner = forum.catalogue.provider("Partner").await;
        let other = forum.people.member(partner, MemberRole::Owner).await;
        assert_eq!(user_errors(&forum.write(&other, stars(5)).await), [""; 0]);
    }

    async fn a_person_has_one_review_a_course_also_of_ten_at_the_same_instant(app: App) {
        let forum = ReviewedCourse::open(&app).await;
        let ann = forum.learner("ann").await;
        let all = futures_util::future::join_all((1..=10).map(|stars_| forum.write(&ann, stars(stars_ % 5 + 1)))).await;
        let mut found: Vec<Vec<String>> = all.iter().map(user_errors).collect();
        found.sort();
        assert_eq!(found[0], [""; 0]);
        assert!(found[1..].iter().all(|user_errors| *user_errors == ["DUPLICATE course"]), "{found:?}");
        assert!(all.iter().all(|payload| payload["review"]["id"] == all[0]["review"]["id"]), "each shows the one that there is");
        forum.catalogue.course(forum.provider, "Other").await;
    }

    async fn a_review_is_changed_in_the_version_that_was_read_and_has_to_pass_again(app: App) {
        let forum = ReviewedCourse::open(&app).await;
        let (ann, bob) = (forum.learner("ann").await, forum.learner("bob").await);
        let published = forum.published(&ann, 5).await;
        assert_eq!(published["version"], 2);
        assert_eq!(forum.shown("ratings { count average }").await["ratings"], json!({ "count": 1, "average": 5.0 }));
        let stale = forum.update(&ann, &json!({ "id": published["id"], "version": 1 }), stars(3)).await;
        assert_eq!((user_errors(&stale), &stale["review"]["version"]), (vec!["STALE expectedVersion".to_owned()], &2.into()));
        let same = forum.update(&ann, &published, stars(5)).await;
        assert_eq!((user_errors(&same), &same["review"]["version"], &same["review"]["status"]), (vec![], &2.into(), &"PUBLISHED".into()));
        let call = format!("updateReview(id: {}, expectedVersion: 2, input: {{rating: 1, body: \"I have changed your text.\", relation: STUDENT, incentive: false}})", published["id"]);
        for token in [&bob.token, &forum.staff.token] {
            assert_eq!(forum.refused(token, &call).await, "FORBIDDEN");
        }
        assert_eq!(user_errors(&forum.update(&ann, &published, stars(7)).await), ["OUT_OF_RANGE input.rating"]);
        app.clock.set("2026-06-03T12:00:00Z");
        let ann = crate::support::people::Person { token: forum.people.session(ann.account).await, ..ann };
        let changed = forum.update(&ann, &published, stars(3)).await;
        assert_eq!((user_errors(&changed), &changed["review"]["version"], &changed["review"]["status"]), (vec![], &3.into(), &"PENDING".into()));
        assert_eq!(forum.shown("ratings { count average }").await["ratings"], json!({ "count": 0, "average": null }));
        let own = forum.shown_to(&ann, "ownReview { createdAt updatedAt }").await;
        assert_eq!(own["ownReview"], json!({ "createdAt": "2026-06-01T12:00:00Z", "updatedAt": "2026-06-03T12:00:00Z" }));
        let bob = forum.people.session(bob.account).await;
        assert_eq!(forum.refused(&bob, &call).await, "NOT_FOUND", "it is not shown any more");
    }

    async fn a_review_is_deleted_by_its_author_and_takes_its_figures_along(app: App) {
        let forum = ReviewedCourse::open(&app).await;
        let (ann, bob) = (forum.learner("ann").await, forum.learner("bob").await);
        let (one, _) = (forum.published(&ann, 5).await, forum.published(&bob, 2).await);
        let delete = format!("deleteReview(id: {})", one["id"]);
        assert_eq!(forum.refused(&bob.token, &delete).await, "FORBIDDEN");
        assert_eq!(forum.send(&ann.token, &delete).await["review"]["id"], one["id"]);
        assert_eq!(forum.shown("ratings { count average } reviews { totalCount }").await, json!({ "ratings": { "count": 1, "average": 2.0 }, "reviews": { "totalCount": 1 } }));
        assert_eq!(forum.refused(&ann.token, &delete).await, "NOT_FOUND");
        assert_eq!(forum.written(&ann, 4).await["status"], "PENDING");
    }

    async fn a_person_writes_twenty_reviews_a_day(app: App) {
        let forum = ReviewedCourse::open(&app).await;
        let ann = forum.learner("ann").await;
        let mut last = 0;
        for number in 0..21 {
            last = forum.catalogue.course(forum.provider, &format!("Course {number}")).await;
            let found = user_errors(&forum.write_of(last, &ann, stars(3)).await);
            assert_eq!(found, if number < 20 { vec![] } else { vec!["LIMIT course".to_owned()] });
        }
        app.clock.set("2026-06-02T12:00:00Z");
        let ann = crate::support::people::Person { token: forum.people.session(ann.account).await, ..ann };
        assert_eq!(user_errors(&forum.write_of(last, &ann, stars(3)).await), [""; 0]);
    }

    async fn what_was_deleted_counts_too(app: App) {
        let forum = ReviewedCourse::open(&app).await;
        let ann = forum.learner("ann").await;
        for _ in 0..20 {
            let review = forum.written(&ann, 3).await;
            assert_eq!(user_errors(&forum.send(&ann.token, &format!("deleteReview(id: {})", review["id"])).await), [""; 0]);
        }
        assert_eq!(user_errors(&forum.write(&ann, stars(3)).await), ["LIMIT course"]);
    }

    async fn who_has_become_a_member_changes_their_review_no_more_and_may_delete_it(app: App) {
        let forum = ReviewedCourse::open(&app).await;
        let ann = forum.learner("ann").await;
        let written = forum.written(&ann, 5).await;
        forum.people.join(&ann, forum.provider, MemberRole::Editor).await;
        assert_eq!(user_errors(&forum.update(&ann, &written, stars(4)).await), ["NOT_ALLOWED id"]);
        assert_eq!(user_errors(&forum.send(&ann.token, &format!("deleteReview(id: {})", written["id"])).await), [""; 0]);
    }

    async fn ones_own_reviews_are_found_at_the_account_as_far_as_their_courses_are(app: App) {
        let forum = ReviewedCourse::open(&app).await;
        let (ann, bob) = (forum.learner("ann").await, forum.learner("bob").await);
        let (first, _) = (forum.written(&ann, 5).await, forum.written(&bob, 1).await);
        app.clock.set("2026-06-01T12:00:01.5Z");
        let other = forum.catalogue.course(forum.provider, "Other").await;
        let second = forum.write_of(other, &ann, stars(2)).await["review"].take();
        let query = "{ payload: viewer { reviews(first: 1) { totalCount nodes { id } pageInfo { hasNextPage endCursor } } } }";
        let page = app.payload(&ann.token, query, json!({})).await["reviews"].take();
        assert_eq!((&page["totalCount"], &page["nodes"][0]["id"], &page["pageInfo"]["hasNextPage"]), (&2.into(), &second["id"], &true.into()));
        let query = query.replace("first: 1", &format!("after: {}", page["pageInfo"]["endCursor"]));
        assert_eq!(app.payload(&ann.token, &query, json!({})).await["reviews"]["nodes"], json!([{ "id": first["id"] }]));
        forum.catalogue.update_course(other, |row| row.status = Set(ListingStatus::Draft)).await;
        app.reached(forum.catalogue.position().await).await;
        let query = "{ payload: viewer { reviews { totalCount nodes { course { title } } } } }";
        assert_eq!(app.payload(&ann.token, query, json!({})).await["reviews"], json!({ "totalCount": 1, "nodes": [{ "course": { "title": "Course" } }] }));
        let staff = format!("{{ payload: node(id: {:?}) {{ ... on Account {{ reviews {{ totalCount nodes {{ course {{ title }} }} }} }} }} }}", ann.id);
        assert_eq!(app.payload(&forum.staff.token, &staff, json!({})).await["reviews"]["totalCount"], 2);
    }

    async fn a_review_is_written_once_with_an_idempotency_key(app: App) {
        let forum = ReviewedCourse::open(&app).await;
        let ann = forum.learner("ann").await;
        let query = format!("mutation($course: ID!, $input: ReviewInput!) {{ writeReview(course: $course, input: $input) {{ review {{ {REVIEW} }} userErrors {{ code }} }} }}");
        let body = json!({ "query": query, "variables": { "course": global_id("Course", forum.course), "input": stars(5) } });
        let mut answers = Vec::new();
        for _ in 0..3 {
            let request = app.client.post(format!("{}/graphql", app.address)).bearer_auth(&ann.token).header("idempotency-key", "once");
            answers.push(request.json(&body).send().await.unwrap().text().await.unwrap());
        }
        assert!(answers[0].contains("PENDING"), "{}", answers[0]);
        assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
    }
}

/// Whether a policy publishes a review by an author with a verified address, and by one without.
async fn published_by(stage: &Stage, policy: &str) -> [bool; 2] {
    stage
        .with(&format!("reviews_publish = '{policy}'"))
        .serve(async |app: App| {
            let forum = ReviewedCourse::open(&app).await;
            let known = forum.learner("ann").await;
            let unknown = app.sign_up(&format!("{policy}@example.org")).await;
            let mut published = [false; 2];
            for (found, author) in published.iter_mut().zip([&known, &unknown]) {
                *found = forum.written(author, 4).await["status"] == "PUBLISHED";
            }
            let count = forum.shown("ratings { count verifiedCount }").await["ratings"].take();
            let verified = published.iter().take(1).filter(|is| **is).count();
            assert_eq!(
                count,
                json!({ "count": published.iter().filter(|is| **is).count(), "verifiedCount": verified })
            );
            published
        })
        .await
}

on_both! {
    #![empty]

    async fn what_is_published_by_itself_is_a_setting(stage: Stage) {
        assert_eq!(published_by(&stage, "moderated").await, [false, false]);
        assert_eq!(published_by(&stage, "verified").await, [true, false]);
        assert_eq!(published_by(&stage, "all").await, [true, true]);
    }

    async fn whoever_moderation_has_turned_away_is_looked_at_each_time(stage: Stage) {
        let forum = |app: App| async move {
            let forum = ReviewedCourse::open(&app).await;
            let ann = forum.learner("ann").await;
            let first = forum.written(&ann, 1).await;
            assert_eq!(first["status"], "PUBLISHED");
            let edited = forum.update(&ann, &first, stars(2)).await["review"].take();
            assert_eq!(edited["status"], "PUBLISHED");
            let removed = forum.decide(&edited, "REMOVED").await["review"].take();
            let again = forum.update(&ann, &removed, stars(3)).await["review"].take();
            assert_eq!(again["status"], "PENDING");
            forum.send(&ann.token, &format!("deleteReview(id: {})", again["id"])).await;
            assert_eq!(forum.written(&ann, 1).await["status"], "PENDING");
            let other = forum.catalogue.course(forum.provider, "Other").await;
            assert_eq!(forum.write_of(other, &ann, stars(1)).await["review"]["status"], "PUBLISHED");
        };
        stage.with("reviews_publish = 'all'").serve(forum).await;
    }

    async fn a_paused_provider_hides_no_review_of_what_is_still_found_by_its_id(app: App) {
        let forum = ReviewedCourse::open(&app).await;
        let ann = forum.learner("ann").await;
        forum.catalogue.update_provider(forum.provider, |row| row.status = Set(ProviderStatus::Paused)).await;
        app.reached(forum.catalogue.position().await).await;
        forum.published(&ann, 2).await;
        assert_eq!(forum.shown("ratings { average } reviews { totalCount }").await, json!({ "ratings": { "average": 2.0 }, "reviews": { "totalCount": 1 } }));
    }
}
