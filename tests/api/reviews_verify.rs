//! Verification of authors, and what happens to reviews when their authors leave.

use entity::MemberRole;
use serde_json::{Value, json};

use crate::support::people::{PASSWORD, Person, user_errors};
use crate::support::reviewed_course::{ReviewedCourse, stars};
use crate::support::{App, Stage, global_id, next_id};

/// The tokens of the links to the page verify-review in the mail to an address.
async fn links(app: &App, address: &str) -> Vec<String> {
    let letters = app.letters(address).await;
    let after =
        |letter: &String| Some(letter.split("/verify-review#token=").nth(1)?.split_whitespace().next()?.to_owned());
    letters.iter().filter_map(after).collect()
}

fn ask(review: &Value) -> String {
    format!("requestReviewVerification(id: {})", review["id"])
}

fn enrolled(review: &Value, more: &str) -> String {
    format!(
        "requestEnrolmentCheck(id: {}, name: \"Ann A. Other\", from: \"2025-09-01\", to: \"2025-12-19\" {more})",
        review["id"]
    )
}

/// The open enrolment checks as a member of the provider sees them.
async fn open(forum: &ReviewedCourse<'_>, token: &str) -> Value {
    let fields = "id personName email from to askedAt answeredAt enrolled course { title }";
    let query = format!(
        "{{ payload: provider(by: {{id: {:?}}}) {{ enrolmentChecks {{ totalCount nodes {{ {fields} }} }} }} }}",
        global_id("Provider", forum.provider)
    );
    forum.app.payload(token, &query, json!({})).await["enrolmentChecks"].take()
}

async fn answer(forum: &ReviewedCourse<'_>, token: &str, check: &Value, enrolled: bool) -> Value {
    let query = format!(
        "mutation {{ payload: answerEnrolmentCheck(id: {check}, enrolled: {enrolled}) {{ check {{ id enrolled answeredAt }} userErrors {{ code path }} }} }}"
    );
    forum.app.payload(token, &query, json!({})).await
}

async fn verification(forum: &ReviewedCourse<'_>, author: &Person) -> Value {
    forum.shown_to(author, "ownReview { verification }").await["ownReview"]["verification"].take()
}

on_both! {
    #![empty]

    async fn a_link_sent_to_the_author_verifies_the_review_once(app: App) {
        let forum = ReviewedCourse::open(&app).await;
        let (ann, bob) = (app.sign_up("ann@example.org").await, forum.learner("bob").await);
        let review = forum.published(&ann, 4).await;
        assert_eq!(review["verification"], "NONE");
        assert_eq!(forum.refused(&bob.token, &ask(&review)).await, "FORBIDDEN");
        assert_eq!(user_errors(&forum.send(&ann.token, &ask(&review)).await), [""; 0]);
        let first = links(&app, "ann@example.org").await;
        assert_eq!(first.len(), 1);
        assert_eq!(user_errors(&forum.send(&ann.token, &ask(&review)).await), [""; 0]);
        let second = links(&app, "ann@example.org").await.into_iter().find(|link| *link != first[0]).unwrap();
        let verify = |token: &str| format!("verifyReview(token: {token:?})");
        for bad in [first[0].as_str(), "lectern_ml_x", ""] {
            assert_eq!(user_errors(&forum.send(&bob.token, &verify(bad)).await), ["EXPIRED token"]);
        }
        assert_eq!(forum.shown("ratings { verifiedCount }").await["ratings"]["verifiedCount"], 0);
        let anonymous = app.ask(&format!("mutation {{ payload: {} {{ review {{ verification version }} userErrors {{ code }} }} }}", verify(&second)), json!({})).await;
        assert_eq!(anonymous["data"]["payload"]["review"], json!({ "verification": "EMAIL", "version": 3 }));
        assert_eq!(user_errors(&forum.send(&ann.token, &verify(&second)).await), ["EXPIRED token"]);
        assert_eq!(forum.shown("ratings { verifiedCount }").await["ratings"]["verifiedCount"], 1);
        let viewer = app.payload(&ann.token, "{ payload: viewer { emailVerified } }", json!({})).await;
        assert_eq!(viewer["emailVerified"], true);
        assert_eq!(user_errors(&forum.send(&ann.token, &ask(&review)).await), [""; 0]);
        assert_eq!(links(&app, "ann@example.org").await.len(), 2, "what is verified needs no letter");
    }

    async fn a_link_is_good_for_a_day(app: App) {
        let forum = ReviewedCourse::open(&app).await;
        let ann = app.sign_up("ann@example.org").await;
        let review = forum.published(&ann, 4).await;
        forum.send(&ann.token, &ask(&review)).await;
        let link = links(&app, "ann@example.org").await.pop().unwrap();
        let verify = format!("mutation {{ payload: verifyReview(token: {link:?}) {{ review {{ verification }} userErrors {{ code path }} }} }}");
        app.clock.set("2026-06-02T12:00:00Z");
        assert_eq!(user_errors(&app.ask(&verify, json!({})).await["data"]["payload"]), ["EXPIRED token"]);
        app.clock.set("2026-06-02T11:59:59Z");
        assert_eq!(user_errors(&app.ask(&verify, json!({})).await["data"]["payload"]), [""; 0]);
    }

    async fn the_provider_confirms_an_enrolment_without_seeing_the_review(app: App) {
        let forum = ReviewedCourse::open(&app).await;
        let (ann, review) = { let ann = forum.learner("ann").await; let review = forum.published(&ann, 2).await; (ann, review) };
        let (member, stranger) = (forum.people.member(forum.provider, MemberRole::Editor).await, forum.learner("bob").await);
        assert_eq!(forum.refused(&stranger.token, &enrolled(&review, "")).await, "FORBIDDEN");
        let days = |from: &str, to: &str| format!("requestEnrolmentCheck(id: {}, name: \" \", from: {from:?}, to: {to:?})", review["id"]);
        assert_eq!(user_errors(&forum.send(&ann.token, &days("2026-02-01", "2026-01-01")).await), ["OUT_OF_RANGE from", "TOO_SHORT name"]);
        assert_eq!(user_errors(&forum.send(&ann.token, &days("2026-06-02", "2026-07-01")).await), ["OUT_OF_RANGE from", "TOO_SHORT name"]);
        assert_eq!(user_errors(&forum.send(&ann.token, &enrolled(&review, "")).await), [""; 0]);
        assert_eq!(user_errors(&forum.send(&ann.token, &enrolled(&review, "")).await), ["DUPLICATE id"]);

        let seen = open(&forum, &member.token).await;
        let id = seen["nodes"][0]["id"].clone();
        assert_eq!(seen, json!({ "totalCount": 1, "nodes": [{ "id": id, "personName": "Ann A. Other", "email": null, "from": "2025-09-01", "to": "2025-12-19",
            "askedAt": "2026-06-01T00:00:00Z", "answeredAt": null, "enrolled": null, "course": { "title": "Course" } }] }));
        assert_eq!(open(&forum, &stranger.token).await, Value::Null);
        let node = format!("{{ payload: node(id: {id}) {{ ... on EnrolmentCheck {{ personName }} }} }}");
        for (token, sees) in [(&member.token, true), (&ann.token, true), (&forum.staff.token, true), (&stranger.token, false)] {
            assert_eq!(app.payload(token, &node, json!({})).await.is_object(), sees);
        }

        for token in [&forum.staff.token, &stranger.token] {
            let call = format!("answerEnrolmentCheck(id: {id}, enrolled: true)");
            let expected = if token == &stranger.token { "NOT_FOUND" } else { "FORBIDDEN" };
            assert_eq!(forum.refused(token, &call).await, expected);
        }
        let system = forum.people.service_token(forum.provider).await;
        let answered = answer(&forum, &system, &id, true).await;
        assert_eq!(answered["check"], json!({ "id": id, "enrolled": true, "answeredAt": "2026-06-01T12:00:00Z" }));
        assert_eq!(user_errors(&answer(&forum, &member.token, &id, false).await), ["NOT_ALLOWED id"]);
        assert_eq!(verification(&forum, &ann).await, "ENROLMENT");
        assert_eq!(open(&forum, &member.token).await["totalCount"], 0);
        let own = forum.shown_to(&ann, "ownReview { version updatedAt createdAt enrolmentCheck { enrolled } }").await["ownReview"].take();
        assert_eq!((&own["enrolmentCheck"]["enrolled"], &own["updatedAt"]), (&true.into(), &own["createdAt"]));
        assert_eq!(forum.shown_to(&member, "reviews { nodes { enrolmentCheck { id } } }").await["reviews"]["nodes"][0]["enrolmentCheck"], Value::Null);
    }

    async fn nobody_judges_their_own_review(app: App) {
        let forum = ReviewedCourse::open(&app).await;
        let ann = forum.learner("ann").await;
        let review = forum.published(&ann, 5).await;
        forum.send(&ann.token, &enrolled(&review, "")).await;
        forum.people.join(&ann, forum.provider, MemberRole::Owner).await;
        let id = open(&forum, &ann.token).await["nodes"][0]["id"].take();
        assert_eq!(user_errors(&answer(&forum, &ann.token, &id, true).await), ["NOT_ALLOWED id"]);
        let reply = format!("replyToReview(id: {}, body: \"How true.\")", review["id"]);
        assert_eq!(user_errors(&forum.send(&ann.token, &reply).await), ["NOT_ALLOWED id"]);
        let bad = forum.published(&forum.learner("bob").await, 1).await;
        forum.people.join(&forum.staff, forum.provider, MemberRole::Editor).await;
        assert_eq!(user_errors(&forum.decide(&bad, "REMOVED").await), ["NOT_ALLOWED id"]);
    }

    async fn a_question_says_the_same_of_any_review(app: App) {
        // Published with one star or pending with five: the provider sees a difference only in name and address.
        let forum = ReviewedCourse::open(&app).await;
        let member = forum.people.member(forum.provider, MemberRole::Owner).await;
        let (ann, bob) = (forum.learner("ann").await, forum.learner("bob").await);
        let (shown, waiting) = (forum.published(&ann, 1).await, forum.written(&bob, 5).await);
        forum.send(&ann.token, &enrolled(&shown, "")).await;
        forum.tick();
        forum.send(&bob.token, &enrolled(&waiting, ", withEmail: true")).await;
        let mut seen = open(&forum, &member.token).await;
        // The checks of a day are in no order.
        seen["nodes"].as_array_mut().unwrap().sort_by_key(|node| node["email"].is_string());
        assert!(seen["nodes"][1]["email"].as_str().unwrap().starts_with("bob@"));
        let mut ids = Vec::new();
        for node in seen["nodes"].as_array_mut().unwrap() {
            ids.push(node["id"].take());
            node["email"].take();
            assert_eq!(node["askedAt"], "2026-06-01T00:00:00Z");
        }
        assert_eq!(seen["nodes"][0], seen["nodes"][1]);
        let fields = app.data("{ __type(name: \"EnrolmentCheck\") { fields { name } } }").await;
        assert!(!fields.to_string().to_lowercase().contains("review"), "{fields}");
        // Nor does the answer: yes and no look alike.
        let (yes, no) = (answer(&forum, &member.token, &ids[0], true).await, answer(&forum, &member.token, &ids[1], false).await);
        assert_eq!((&yes["userErrors"], &yes["check"]["answeredAt"]), (&no["userErrors"], &no["check"]["answeredAt"]));
        assert_eq!((verification(&forum, &ann).await, verification(&forum, &bob).await), ("ENROLMENT".into(), "EMAIL".into()));
        assert_eq!(user_errors(&forum.send(&bob.token, &enrolled(&waiting, "")).await), ["DUPLICATE id"], "a no is not asked again");
    }

    async fn letters_hold_nothing_that_anybody_has_chosen_to_write(app: App) {
        let forum = ReviewedCourse::open(&app).await;
        let ann = app.sign_up("ann@example.org").await;
        let review = forum.written(&ann, 4).await;
        forum.send(&ann.token, &ask(&review)).await;
        let letters = app.letters("ann@example.org").await;
        assert_eq!(letters.len(), 2);
        for letter in letters {
            let text = letter.split_once("\r\n\r\n").unwrap().1;
            assert!(!text.contains("Ann") && !text.contains("Course"), "{letter}");
        }
    }

    async fn a_provider_sees_verified_addresses_only(app: App) {
        let forum = ReviewedCourse::open(&app).await;
        let (ann, member) = (app.sign_up("ann@example.org").await, forum.people.member(forum.provider, MemberRole::Editor).await);
        let review = forum.published(&ann, 2).await;
        assert_eq!(user_errors(&forum.send(&ann.token, &enrolled(&review, ", withEmail: true")).await), [""; 0]);
        assert_eq!(open(&forum, &member.token).await["nodes"][0]["email"], Value::Null);
        forum.send(&ann.token, &ask(&review)).await;
        let link = links(&app, "ann@example.org").await.pop().unwrap();
        assert_eq!(user_errors(&forum.send(&ann.token, &format!("verifyReview(token: {link:?})")).await), [""; 0]);
        assert_eq!(open(&forum, &member.token).await["nodes"][0]["email"], "ann@example.org");
    }

    async fn a_review_stays_without_its_author_and_their_votes_go(app: App) {
        let forum = ReviewedCourse::open(&app).await;
        let (ann, bob) = (app.sign_up("ann@example.org").await, forum.learner("bob").await);
        let (own, other) = (forum.published(&ann, 2).await, forum.published(&bob, 4).await);
        forum.send(&ann.token, &format!("markReviewHelpful(id: {}, helpful: true)", other["id"])).await;
        forum.send(&ann.token, &format!("reportReview(id: {}, reason: SPAM)", other["id"])).await;
        forum.send(&ann.token, &enrolled(&own, ", withEmail: true")).await;
        let export = app.ask_as(&ann.token, "{ exportAccount }", json!({})).await["data"]["exportAccount"]["reviews"].take();
        assert_eq!((&export["written"][0]["rating"], &export["written"][0]["body"]), (&2.into(), &stars(2)["body"]));
        assert_eq!((&export["foundHelpful"][0]["course"], &export["reports"][0]["reason"]), (&export["written"][0]["course"], &"SPAM".into()));
        assert_eq!((&export["enrolmentChecks"][0]["personName"], &export["enrolmentChecks"][0]["email"]), (&"Ann A. Other".into(), &"ann@example.org".into()));

        let delete = format!("mutation {{ payload: deleteAccount(password: {PASSWORD:?}) {{ userErrors {{ code path }} }} }}");
        assert_eq!(user_errors(&app.payload(&ann.token, &delete, json!({})).await), [""; 0]);
        let shown = forum.shown("ratings { count average } reviews(orderBy: LOWEST) { nodes { author rating helpfulCount } }").await;
        assert_eq!(shown, json!({ "ratings": { "count": 2, "average": 3.0 }, "reviews": { "nodes": [
            { "author": "Former member", "rating": 2, "helpfulCount": 0 }, { "author": "bob", "rating": 4, "helpfulCount": 0 },
        ] } }));
        let member = forum.people.member(forum.provider, MemberRole::Editor).await;
        assert_eq!(open(&forum, &member.token).await["totalCount"], 0, "nobody is asked of whoever has left");
        assert_eq!(user_errors(&forum.send(&forum.staff.token, &format!("moderateReview(id: {}, status: REMOVED, reason: \"Spam.\")", own["id"])).await), [""; 0]);
        let again = app.sign_up("ann@example.org").await;
        assert_eq!(user_errors(&forum.write(&again, stars(5)).await), [""; 0]);
    }
}

on_both! {
    #![empty]

    async fn what_becomes_known_of_an_author_may_publish_what_waits(stage: Stage) {
        stage.with("reviews_publish = 'verified'").serve(async |app: App| {
            let forum = ReviewedCourse::open(&app).await;
            let ann = app.sign_up("ann@example.org").await;
            let review = forum.written(&ann, 3).await;
            assert_eq!((&review["status"], &review["verification"]), (&"PENDING".into(), &"NONE".into()));
            forum.send(&ann.token, &ask(&review)).await;
            let link = links(&app, "ann@example.org").await.pop().unwrap();
            let verified = forum.send(&ann.token, &format!("verifyReview(token: {link:?})")).await;
            assert_eq!(verified["review"]["status"], "PUBLISHED");
            assert_eq!(forum.shown("ratings { count verifiedCount }").await["ratings"], json!({ "count": 1, "verifiedCount": 1 }));
            // A decision of staff stays.
            let bob = app.sign_up(&format!("bob{}@example.org", next_id())).await;
            let other = forum.written(&bob, 1).await;
            forum.decide(&other, "REJECTED").await;
            forum.send(&bob.token, &enrolled(&other, "")).await;
            let member = forum.people.member(forum.provider, MemberRole::Editor).await;
            let check = open(&forum, &member.token).await["nodes"][0]["id"].take();
            answer(&forum, &member.token, &check, true).await;
            let own = forum.shown_to(&bob, "ownReview { status verification }").await;
            assert_eq!(own["ownReview"], json!({ "status": "REJECTED", "verification": "ENROLMENT" }));
        }).await;
    }
}
