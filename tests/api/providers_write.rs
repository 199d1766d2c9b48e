//! Providers as people write them: registered, changed, decided on.

use entity::{MemberRole, ProviderStatus, change};
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::{Value, json};

use crate::support::people::{Person, user_errors};
use crate::support::{App, Catalogue, People, global_id};

const SHOWN: &str = "slug name kind status description url logo note version updatedAt
    locations { city region country latitude longitude } licences { authority number validUntil }
    policies { certificateOfCompletion freeRetakeWithinMonths } formats schedules";

async fn register(app: &App, person: &Person, input: Value) -> Value {
    let query = format!(
        "mutation($input: ProviderInput!) {{ payload: registerProvider(input: $input) \
         {{ provider {{ id {SHOWN} }} userErrors {{ code message path }} }} }}"
    );
    app.payload(&person.token, &query, json!({ "input": input })).await
}

async fn update(app: &App, person: &Person, id: &str, version: i32, input: Value) -> Value {
    write(app, person, json!({ "id": id, "version": version, "input": input })).await
}

async fn write(app: &App, person: &Person, variables: Value) -> Value {
    let query = format!(
        "mutation($id: ID!, $version: Int!, $input: ProviderPatch!, $only: Boolean! = false) {{ \
         payload: updateProvider(id: $id, expectedVersion: $version, input: $input, validateOnly: $only) \
         {{ provider {{ {SHOWN} }} userErrors {{ code message path }} }} }}"
    );
    app.payload(&person.token, &query, variables).await
}

async fn decide(app: &App, person: &Person, id: &str, status: &str, reason: Option<&str>) -> Value {
    let query = "mutation($id: ID!, $status: ProviderStatus!, $reason: String) { \
                 payload: decideProvider(id: $id, status: $status, reason: $reason) \
                 { provider { status version } userErrors { code path } } }";
    app.payload(&person.token, query, json!({ "id": id, "status": status, "reason": reason })).await
}

/// What everybody sees of a provider by its slug, and what the holder of this token sees.
async fn seen(app: &App, token: &str, slug: &str) -> (Value, Value) {
    let query = "query($slug: String!) { provider(by: {slug: $slug}) { slug status } }";
    let public = app.ask(query, json!({ "slug": slug })).await["data"]["provider"].take();
    (public, app.ask_as(token, query, json!({ "slug": slug })).await["data"]["provider"].take())
}

/// An active provider, its global id, and its owner.
async fn owned(app: &App) -> (i64, String, Person) {
    let catalogue = Catalogue::of(app).await;
    let id = catalogue.provider_with("School", |row| row.slug = Set("school".to_owned())).await;
    let owner = People::of(app).await.member(id, MemberRole::Owner).await;
    app.reached(catalogue.position().await).await;
    (id, global_id("Provider", id), owner)
}

/// The log entries of a listing: action, event, changed fields; newest first.
async fn logged(app: &App, id: i64) -> Vec<(String, Value, Value)> {
    let rows = change::Entity::find().filter(change::Column::ListingId.eq(id));
    let rows = rows.order_by_desc(change::Column::Position).all(&Catalogue::of(app).await.db).await.unwrap();
    let event = |row: &change::Model| json!(row.event.map(|event| sea_orm::ActiveEnum::to_value(&event)));
    rows.into_iter().map(|row| (row.action.clone(), event(&row), json!(row.fields))).collect()
}

fn row(id: &Value) -> i64 {
    crate::support::people::row(id.as_str().unwrap())
}

on_both! {
    #![empty]

    async fn whoever_registers_a_provider_owns_it_and_it_is_theirs_to_see_until_staff_decide(app: App) {
        let people = People::of(&app).await;
        let (ann, bob) = (people.person("ann@example.org").await, people.person("bob@example.org").await);
        let input = json!({
            "name": " Riverside  Academy ", "kind": "BOOTCAMP", "description": "We *teach*.\r\n<b>Well</b>",
            "url": "https://riverside.example", "logo": "https://riverside.example/logo.png", "note": "Since 2012",
            "locations": [{ "city": "Lyon", "country": "FR", "latitude": 45.76, "longitude": 4.84 }, { "city": "Paris" }],
            "licences": [{ "authority": "Ministry", "number": "7", "validUntil": "2027-01-31" }],
            "policies": { "certificateOfCompletion": true, "freeRetakeWithinMonths": 12 },
            "formats": ["HYBRID", "IN_PERSON"], "schedules": ["FULL_TIME"],
        });
        let payload = register(&app, &ann, input).await;
        assert_eq!(user_errors(&payload), [""; 0]);
        let id = payload["provider"]["id"].clone();
        let expected = json!({
            "id": id, "slug": "riverside-academy", "name": "Riverside  Academy", "kind": "BOOTCAMP", "status": "PENDING",
            "description": "We *teach*.\n<b>Well</b>", "url": "https://riverside.example/",
            "logo": "https://riverside.example/logo.png", "note": "Since 2012", "version": 1,
            "updatedAt": "2026-06-01T12:00:00Z",
            "locations": [
                { "city": "Lyon", "region": null, "country": "FR", "latitude": 45.76, "longitude": 4.84 },
                { "city": "Paris", "region": null, "country": null, "latitude": null, "longitude": null },
            ],
            "licences": [{ "authority": "Ministry", "number": "7", "validUntil": "2027-01-31" }],
            "policies": { "certificateOfCompletion": true, "freeRetakeWithinMonths": 12 },
            "formats": ["IN_PERSON", "HYBRID"], "schedules": ["FULL_TIME"],
        });
        assert_eq!(payload["provider"], expected);
        let shown = json!({ "slug": "riverside-academy", "status": "PENDING" });
        assert_eq!(seen(&app, &ann.token, "riverside-academy").await, (Value::Null, shown));
        assert_eq!(seen(&app, &bob.token, "riverside-academy").await, (Value::Null, Value::Null));
        let node = "query($id: ID!) { node(id: $id) { id } providers { totalCount } }";
        let by_id = |answer: &Value| (answer["data"]["node"]["id"].clone(), answer["data"]["providers"]["totalCount"].clone());
        assert_eq!(by_id(&app.ask(node, json!({ "id": id })).await), (Value::Null, json!(0)));
        assert_eq!(by_id(&app.ask_as(&ann.token, node, json!({ "id": id })).await), (id.clone(), json!(0)));
        let mine = app.ask_as(&ann.token, "{ viewer { memberships { role provider { id } } } }", json!({})).await;
        assert_eq!(mine["data"]["viewer"]["memberships"], json!([{ "role": "OWNER", "provider": { "id": id } }]));
        assert_eq!(logged(&app, row(&id)).await, [("provider.create".to_owned(), Value::Null, Value::Null)]);
    }

    async fn nobody_owns_more_than_five_that_staff_have_not_let_in(app: App) {
        let people = People::of(&app).await;
        let (ann, staff) = (people.person("ann@example.org").await, people.staff().await);
        let mut ids = Vec::new();
        for number in 0..5 {
            let payload = register(&app, &ann, json!({ "name": format!("School {number}"), "kind": "BOOTCAMP" })).await;
            ids.push(payload["provider"]["id"].as_str().unwrap().to_owned());
        }
        decide(&app, &staff, &ids[0], "REJECTED", Some("Unknown")).await;
        let one_more = json!({ "name": "School 6", "kind": "BOOTCAMP" });
        let payload = register(&app, &ann, one_more.clone()).await;
        assert_eq!((&payload["provider"], user_errors(&payload)), (&Value::Null, vec!["LIMIT input".to_owned()]));
        decide(&app, &staff, &ids[1], "ACTIVE", None).await;
        assert_eq!(user_errors(&register(&app, &ann, one_more).await), [""; 0]);
    }

    async fn everything_wrong_with_a_provider_is_said_at_once(app: App) {
        let ann = People::of(&app).await.person("ann@example.org").await;
        let payload = register(&app, &ann, json!({
            "name": "A\u{0}B", "slug": "No Slug", "kind": "COMPANY", "description": "\u{202e}backwards", "url": "javascript:alert(1)",
            "logo": "https://user@example.org/", "note": " ",
            "locations": [{ "country": "XX" }, { "latitude": 91, "longitude": 0 }, { "longitude": 1 }],
            "licences": [{ "authority": "x".repeat(201), "validUntil": "2026-02-30" }],
            "policies": { "freeRetakeWithinMonths": -1 },
        })).await;
        assert_eq!(payload["provider"], Value::Null);
        assert_eq!(user_errors(&payload), [
            "INVALID input.slug", "INVALID input.name", "INVALID input.description", "INVALID input.url", "INVALID input.logo",
            "TOO_SHORT input.note", "OUT_OF_RANGE input.policies.freeRetakeWithinMonths", "INVALID input.locations.0.country",
            "OUT_OF_RANGE input.locations.1.latitude",
            "REQUIRED input.locations.2.latitude", "TOO_LONG input.licences.0.authority", "INVALID input.licences.0.validUntil",
        ]);
        assert_eq!(app.data("{ catalogueCursor changes { nodes { slug } } }").await["changes"]["nodes"], json!([]));
    }

    async fn providers_of_one_name_get_slugs_of_their_own(app: App) {
        let ann = People::of(&app).await.person("ann@example.org").await;
        let named = json!({ "name": "École", "kind": "COMPANY" });
        for slug in ["ecole", "ecole-2", "ecole-3"] {
            assert_eq!(register(&app, &ann, named.clone()).await["provider"]["slug"], slug);
        }
        let taken = register(&app, &ann, json!({ "name": "Other", "slug": "ecole-2", "kind": "COMPANY" })).await;
        assert_eq!((user_errors(&taken), &taken["provider"]), (vec!["TAKEN input.slug".to_owned()], &Value::Null));
        let asked = register(&app, &ann, json!({ "name": "Other", "slug": "mine", "kind": "COMPANY" })).await;
        assert_eq!(asked["provider"]["slug"], "mine");
    }

    async fn providers_of_one_name_that_come_at_once_get_slugs_of_their_own_too(app: App) {
        let ann = People::of(&app).await.person("ann@example.org").await;
        let all = (0..4).map(|_| register(&app, &ann, json!({ "name": "Twin", "kind": "COMPANY" })));
        let all = futures_util::future::join_all(all).await;
        let slugs: std::collections::BTreeSet<_> = all.iter().map(|payload| payload["provider"]["slug"].as_str().unwrap()).collect();
        assert_eq!(Vec::from_iter(slugs), ["twin", "twin-2", "twin-3", "twin-4"]);
    }

    async fn a_patch_changes_what_it_speaks_of_and_nothing_else(app: App) {
        let (id, provider, owner) = owned(&app).await;
        let first = json!({ "description": "One", "note": "Kept", "locations": [{ "city": "Lyon" }, { "city": "Paris" }], "formats": ["HYBRID"],
            "policies": { "certificateOfCompletion": true } });
        assert_eq!(update(&app, &owner, &provider, 1, first).await["provider"]["version"], 2);
        // A new name by the provider itself would wait for staff.
        let owner = People::of(&app).await.staff().await;
        let second = json!({ "name": "Academy", "description": null, "locations": [{ "city": "Nice" }], "formats": [] });
        let payload = update(&app, &owner, &provider, 2, second.clone()).await;
        assert_eq!(user_errors(&payload), [""; 0]);
        let after = &payload["provider"];
        assert_eq!((&after["name"], &after["description"], &after["note"]), (&json!("Academy"), &Value::Null, &json!("Kept")));
        assert_eq!((&after["locations"][0]["city"], after["locations"].as_array().unwrap().len()), (&json!("Nice"), 1));
        assert_eq!((&after["formats"], &after["policies"]["certificateOfCompletion"]), (&json!([]), &json!(true)));
        assert_eq!((&after["slug"], &after["version"]), (&json!("school"), &json!(3)));
        let read = app.data("{ provider(by: {slug: \"school\"}) { name } providers(query: \"academy\") { totalCount } }").await;
        assert_eq!(read, json!({ "provider": { "name": "Academy" }, "providers": { "totalCount": 1 } }));
        let (action, event, fields) = logged(&app, id).await.remove(0);
        assert_eq!((action.as_str(), event), ("provider.update", json!("UPDATED")));
        assert_eq!(fields, json!([
            { "field": "name", "before": "School", "after": "Academy" },
            { "field": "description", "before": "One", "after": null },
            { "field": "formats", "before": ["HYBRID"], "after": [] },
            { "field": "locations", "before": [{ "city": "Lyon" }, { "city": "Paris" }], "after": [{ "city": "Nice" }] },
        ]));
        let again = update(&app, &owner, &provider, 3, second).await;
        assert_eq!((user_errors(&again), &again["provider"]["version"]), (vec![], &json!(3)));
        assert_eq!(logged(&app, id).await.len(), 3, "what is there already is not written again");
    }

    async fn a_patch_of_an_older_version_is_stale_and_shows_the_provider_as_it_is(app: App) {
        let (_, provider, owner) = owned(&app).await;
        update(&app, &owner, &provider, 1, json!({ "note": "By a colleague" })).await;
        let payload = update(&app, &owner, &provider, 1, json!({ "note": "Unseen", "url": "no address" })).await;
        assert_eq!(user_errors(&payload), ["INVALID input.url", "STALE expectedVersion"]);
        assert_eq!((&payload["provider"]["note"], &payload["provider"]["version"]), (&json!("By a colleague"), &json!(2)));
    }

    async fn of_many_patches_of_one_version_exactly_one_wins(app: App) {
        let (_, provider, owner) = owned(&app).await;
        let writers = (0..20).map(|number| update(&app, &owner, &provider, 1, json!({ "note": format!("Writer {number}") })));
        let all = futures_util::future::join_all(writers).await;
        let mut outcomes: Vec<Vec<String>> = all.iter().map(user_errors).collect();
        outcomes.sort();
        assert_eq!(outcomes.remove(0), [""; 0]);
        assert!(outcomes.iter().all(|user_errors| user_errors == &["STALE expectedVersion"]), "{outcomes:?}");
    }

    async fn what_is_only_tried_out_is_checked_and_not_written(app: App) {
        let (id, provider, owner) = owned(&app).await;
        let tried = |input: Value| json!({ "id": provider, "version": 1, "input": input, "only": true });
        let payload = write(&app, &owner, tried(json!({ "name": "Tried", "slug": "tried", "locations": [{ "city": "Lyon" }] }))).await;
        assert_eq!((user_errors(&payload), &payload["provider"]["name"]), (vec![], &json!("School")));
        assert_eq!(user_errors(&write(&app, &owner, tried(json!({ "name": null }))).await), ["REQUIRED input.name"]);
        assert_eq!(logged(&app, id).await.len(), 1);
        assert_eq!(seen(&app, &owner.token, "tried").await.0, Value::Null);
    }

    async fn an_old_slug_goes_on_resolving_and_is_nobody_elses(app: App) {
        let (_, provider, _) = owned(&app).await;
        // A new slug by the provider itself would wait for staff.
        let owner = People::of(&app).await.staff().await;
        assert_eq!(update(&app, &owner, &provider, 1, json!({ "slug": "academy" })).await["provider"]["slug"], "academy");
        let shown = json!({ "slug": "academy", "status": "ACTIVE" });
        assert_eq!(seen(&app, &owner.token, "school").await.0, shown);
        let other = register(&app, &owner, json!({ "name": "Other", "slug": "school", "kind": "COMPANY" })).await;
        assert_eq!(user_errors(&other), ["TAKEN input.slug"]);
        let back = update(&app, &owner, &provider, 2, json!({ "slug": "school" })).await;
        assert_eq!((user_errors(&back), &back["provider"]["slug"]), (vec![], &json!("school")));
        assert_eq!(seen(&app, &owner.token, "academy").await.0["slug"], "school");
    }

    async fn listings_come_and_go_with_what_staff_decide_of_their_provider(app: App) {
        let catalogue = Catalogue::of(&app).await;
        let staff = People::of(&app).await.staff().await;
        let skill = catalogue.skill("Falconry", &[]).await;
        let id = catalogue.provider_with("School", |row| row.status = Set(ProviderStatus::Pending)).await;
        let course = global_id("Course", catalogue.course_with(id, "Hawks", &[skill], |_| {}).await);
        catalogue.course_with(id, "Draft", &[skill], |row| row.status = Set(entity::ListingStatus::Draft)).await;
        let certification = global_id("Certification", catalogue.certification(id, "Falconer").await);
        let provider = global_id("Provider", id);
        app.reached(catalogue.position().await).await;
        let mut version = 1;
        for (status, event, listed) in [
            ("ACTIVE", "PUBLISHED", 1), ("PAUSED", "WITHDRAWN", 0), ("ACTIVE", "PUBLISHED", 1), ("CLOSED", "WITHDRAWN", 0),
        ] {
            let before = app.data("{ catalogueCursor }").await["catalogueCursor"].clone();
            version += 1;
            let payload = decide(&app, &staff, &provider, status, Some("Looked at")).await;
            assert_eq!(payload, json!({ "provider": { "status": status, "version": version }, "userErrors": [] }));
            let query = "query($after: String) {
                changes(after: $after) { nodes { kind type listingId node { id } } }
                courses(query: \"falconry\") { totalCount facets { skills { count } } } providers { totalCount } certifications { totalCount }
                skills { nodes { courseCount } } }";
            let answer = app.ask(query, json!({ "after": before })).await;
            let change = |kind: &str, id: &Value| json!({ "kind": event, "type": kind, "listingId": id, "node": { "id": id } });
            let expected = [("PROVIDER", json!(provider)), ("CERTIFICATION", json!(certification)), ("COURSE", json!(course))];
            let expected: Vec<Value> = expected.iter().map(|(kind, id)| change(kind, id)).collect();
            assert_eq!(answer["data"]["changes"]["nodes"], json!(expected), "{status}");
            let data = &answer["data"];
            for count in [&data["courses"], &data["providers"], &data["certifications"]] {
                assert_eq!(count["totalCount"], listed, "{status}: {data:#}");
            }
            assert_eq!(data["skills"]["nodes"][0]["courseCount"], listed, "{status}");
            let facet = if listed == 1 { json!([{ "count": 1 }]) } else { json!([]) };
            assert_eq!(data["courses"]["facets"]["skills"], facet, "{status}");
        }
        let (action, _, fields) = logged(&app, id).await.remove(0);
        assert_eq!(action, "provider.decide");
        assert_eq!(fields, json!([
            { "field": "status", "before": "ACTIVE", "after": "CLOSED" },
            { "field": "reason", "before": null, "after": "Looked at" },
        ]));
    }

    async fn who_is_turned_away_is_never_shown_and_who_was_shown_is_not_turned_away(app: App) {
        let (id, provider, owner) = owned(&app).await;
        let (catalogue, people) = (Catalogue::of(&app).await, People::of(&app).await);
        let staff = people.staff().await;
        assert_eq!(user_errors(&decide(&app, &staff, &provider, "REJECTED", None).await), ["NOT_ALLOWED status"]);
        app.reached(catalogue.update_provider(id, |row| row.status = Set(ProviderStatus::Pending)).await).await;
        for status in ["CLOSED", "PAUSED"] {
            assert_eq!(user_errors(&decide(&app, &staff, &provider, status, None).await), ["NOT_ALLOWED status"]);
        }
        assert_eq!(user_errors(&decide(&app, &staff, &provider, "REJECTED", Some("Spam")).await), [""; 0]);
        let query = "query($id: ID!) { node(id: $id) { ... on Provider { status } } }";
        assert_eq!(app.ask(query, json!({ "id": provider })).await["data"]["node"], Value::Null);
        let own = app.ask_as(&owner.token, query, json!({ "id": provider })).await;
        assert_eq!(own["data"]["node"]["status"], "REJECTED");
        let leave = "mutation { payload: deleteAccount { userErrors { code path } } }";
        assert_eq!(app.payload(&owner.token, leave, json!({})).await["userErrors"], json!([]));
    }

    async fn a_decision_that_is_none_changes_nothing(app: App) {
        let (id, provider, _) = owned(&app).await;
        let staff = People::of(&app).await.staff().await;
        assert_eq!(user_errors(&decide(&app, &staff, &provider, "PENDING", None).await), ["NOT_ALLOWED status"]);
        assert_eq!(user_errors(&decide(&app, &staff, &provider, "PAUSED", Some("\u{7}")).await), ["INVALID reason"]);
        let same = decide(&app, &staff, &provider, "ACTIVE", None).await;
        assert_eq!(same, json!({ "provider": { "status": "ACTIVE", "version": 1 }, "userErrors": [] }));
        assert_eq!(logged(&app, id).await.len(), 1);
    }
}
