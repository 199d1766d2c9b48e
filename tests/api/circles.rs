//! Units and prerequisites form no cycle.

use entity::{MemberRole, course_unit};
use sea_orm::{ActiveValue::Set, EntityTrait};
use serde_json::{Value, json};

use crate::support::people::{row, user_errors};
use crate::support::provider::ProviderWithEditor;
use crate::support::{App, Catalogue, People, global_id};

async fn import(school: &ProviderWithEditor<'_>, rows: Value, policy: &str) -> Value {
    let query = "mutation($p: ID!, $rows: [CourseRow!]!, $policy: ImportPolicy!) { payload: importCourses(provider: $p, rows: $rows, onError: $policy) \
         { created updated rejected rows { outcome userErrors { code path message } } userErrors { code path message } } }";
    school.app.payload(&school.token, query, json!({ "p": school.id, "rows": rows, "policy": policy })).await
}

fn named(key: &str, more: Value) -> Value {
    let mut row = json!({ "externalKey": key, "title": key, "slug": key, "kind": "COURSE" });
    row.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    row
}

async fn update(school: &ProviderWithEditor<'_>, slug: &str, patch: Value) -> Value {
    let course = school
        .data("query($slug: String!) { course(by: {slug: $slug}) { id version } }", json!({ "slug": slug }))
        .await;
    school.update(&course["course"], patch).await
}

on_both! {
    #![empty]

    async fn a_pair_and_a_long_ring_are_refused_and_the_circle_is_named(app: App) {
        let school = ProviderWithEditor::open(&app).await;
        let rows: Vec<Value> = (0..40).map(|n| named(&format!("c{n}"), if n == 0 { json!({}) } else { json!({ "units": [format!("c{}", n - 1)] }) })).collect();
        assert_eq!(import(&school, json!(rows), "REJECT_ALL").await["created"], 40);
        let pair = update(&school, "c0", json!({ "units": ["c1"] })).await;
        assert_eq!(user_errors(&pair), ["INVALID input.units.0"]);
        let message = pair["userErrors"][0]["message"].as_str().unwrap();
        assert!(message.contains("c0 → c1 → c0"), "{message}");
        let ring = update(&school, "c0", json!({ "units": ["c39"] })).await;
        assert_eq!(user_errors(&ring), ["INVALID input.units.0"]);
        assert!(ring["userErrors"][0]["message"].as_str().unwrap().len() < 500, "{ring:#}");
        let mixed = update(&school, "c0", json!({ "prerequisiteCourses": ["c7"] })).await;
        assert_eq!(user_errors(&mixed), ["INVALID input.prerequisiteCourses.0"]);
        let itself = update(&school, "c0", json!({ "prerequisiteCourses": ["c0"] })).await;
        assert_eq!(user_errors(&itself), ["INVALID input.prerequisiteCourses"]);
        assert_eq!(user_errors(&update(&school, "c39", json!({ "units": ["c0", "c38"] })).await), [""; 0], "no circle");
    }

    async fn a_batch_makes_no_circle_in_either_order(app: App) {
        let school = ProviderWithEditor::open(&app).await;
        import(&school, json!([named("a", json!({})), named("b", json!({}))]), "REJECT_ALL").await;
        let (one, other) = (named("a", json!({ "units": ["b"] })), named("b", json!({ "prerequisiteCourses": ["a"] })));
        for rows in [json!([one, other]), json!([other, one])] {
            let payload = import(&school, rows, "REJECT_ALL").await;
            assert_eq!((&payload["updated"], &payload["rejected"]), (&json!(0), &json!(2)), "{payload:#}");
            assert_eq!(payload["userErrors"][0]["code"], "INVALID");
        }
        let payload = import(&school, json!([one, other]), "SKIP_INVALID").await;
        assert_eq!((&payload["rows"][0]["outcome"], &payload["rows"][1]["outcome"]), (&json!("UPDATED"), &json!("REJECTED")));
        let turned = import(&school, json!([named("a", json!({ "units": [] })), other]), "REJECT_ALL").await;
        assert_eq!(turned["updated"], 2, "the first row opens the circle that the second one would close: {turned:#}");
        let new = json!([named("x", json!({})), named("y", json!({ "units": ["x"] })), named("x", json!({ "units": ["y"] }))]);
        assert_eq!(import(&school, new, "SKIP_INVALID").await["rejected"], 1);
    }

    async fn a_circle_across_providers_is_refused_and_names_no_draft(app: App) {
        let (school, catalogue) = (ProviderWithEditor::open(&app).await, Catalogue::of(&app).await);
        school.published("First").await;
        let other = catalogue.provider("Other").await;
        app.reached(catalogue.position().await).await;
        let token = People::of(&app).await.member(other, MemberRole::Editor).await.token;
        let other = ProviderWithEditor { app: &app, row: other, id: global_id("Provider", other), token };
        import(&other, json!([named("hidden", json!({ "units": ["first"] })), named("open", json!({ "units": ["hidden"], "publish": true }))]), "REJECT_ALL").await;
        let payload = update(&school, "first", json!({ "units": ["open"] })).await;
        assert_eq!(user_errors(&payload), ["INVALID input.units.0"]);
        let message = payload["userErrors"][0]["message"].as_str().unwrap();
        assert!(message.contains("open") && !message.contains("hidden"), "{message}");
    }

    async fn of_two_who_add_one_half_each_only_one_gets_through(app: App) {
        let school = ProviderWithEditor::open(&app).await;
        for round in 0..5 {
            let (a, b) = (format!("a{round}"), format!("b{round}"));
            import(&school, json!([named(&a, json!({})), named(&b, json!({ "publish": true }))]), "REJECT_ALL").await;
            let catalogue = Catalogue::of(&app).await;
            let rival = catalogue.provider("Rival").await;
            app.reached(catalogue.position().await).await;
            let token = People::of(&app).await.member(rival, MemberRole::Editor).await.token;
            let rival = ProviderWithEditor { app: &app, row: rival, id: global_id("Provider", rival), token };
            let c = format!("c{round}");
            import(&rival, json!([named(&c, json!({ "publish": true }))]), "REJECT_ALL").await;
            let (one, two) = tokio::join!(
                async { update(&school, &b, json!({ "units": [c] })).await },
                async { update(&rival, &c, json!({ "prerequisiteCourses": [b] })).await },
            );
            let refused = [&one, &two].into_iter().filter(|payload| !user_errors(payload).is_empty()).count();
            assert_eq!(refused, 1, "{one:#}\n{two:#}");
        }
    }

    async fn a_course_is_shown_as_a_unit_of_a_hundred_others_at_most(app: App) {
        let school = ProviderWithEditor::open(&app).await;
        let catalogue = Catalogue::of(&app).await;
        let unit = row(school.published("Unit").await["id"].as_str().unwrap());
        for number in 0..101 {
            let course_id = catalogue.course(row(&school.id), &format!("Whole {number}")).await;
            let link = course_unit::ActiveModel { course_id: Set(course_id), unit_id: Set(unit), position: Set(0) };
            course_unit::Entity::insert(link).exec_without_returning(&catalogue.db).await.unwrap();
        }
        app.reached(catalogue.position().await).await;
        let query = "{ course(by: {slug: \"unit\"}) { partOf { slug } } }";
        for answer in [app.ask(query, json!({})).await, app.ask_as(&school.token, query, json!({})).await] {
            assert_eq!(answer["data"]["course"]["partOf"].as_array().map(Vec::len), Some(100), "{answer}");
        }
    }

    async fn a_circle_that_is_there_already_answers_and_can_be_opened(app: App) {
        let school = ProviderWithEditor::open(&app).await;
        let (one, two) = (school.published("One").await, school.published("Two").await);
        let db = Catalogue::of(&app).await.db;
        let (one, two) = (row(one["id"].as_str().unwrap()), row(two["id"].as_str().unwrap()));
        for (course_id, unit_id) in [(one, two), (two, one)] {
            let link = course_unit::ActiveModel { course_id: Set(course_id), unit_id: Set(unit_id), position: Set(0) };
            course_unit::Entity::insert(link).exec_without_returning(&db).await.unwrap();
        }
        let query = "{ course(by: {slug: \"one\"}) { jsonLd completeness { score } units { units { units { slug } } } similar { slug } costs { total { amount } } \
                     partOf { partOf { slug } } } }";
        let seen = app.ask_as(&school.token, query, json!({})).await;
        assert_eq!(seen["data"]["course"]["units"][0]["units"][0]["units"], json!([{ "slug": "two" }]), "{seen:#}");
        assert_eq!(user_errors(&update(&school, "one", json!({ "units": ["two"], "summary": "As before." })).await), [""; 0], "what was there stays");
        assert_eq!(user_errors(&update(&school, "one", json!({ "units": [] })).await), [""; 0]);
        assert_eq!(user_errors(&update(&school, "one", json!({ "units": ["two"] })).await), ["INVALID input.units.0"]);
    }
}
