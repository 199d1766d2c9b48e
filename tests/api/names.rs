//! Names: those of approved providers wait for staff, look-alikes are shown to staff, and a second certification of the
//! same name needs the consent of the first issuer.

use entity::{MemberRole, ProviderStatus};
use sea_orm::ActiveValue::Set;
use serde_json::{Value, json};

use crate::support::people::{Person, user_errors};
use crate::support::{App, Catalogue, People, global_id};

/// A provider with an owner.
async fn provider(app: &App, name: &str, slug: &str, status: ProviderStatus) -> (String, Person) {
    let catalogue = Catalogue::of(app).await;
    let change = |row: &mut entity::provider::ActiveModel| {
        row.slug = Set(slug.to_owned());
        row.status = Set(status);
    };
    let id = catalogue.provider_with(name, change).await;
    app.reached(catalogue.position().await).await;
    (global_id("Provider", id), People::of(app).await.member(id, MemberRole::Owner).await)
}

async fn rename(app: &App, token: &str, id: &str, version: i32, input: Value) -> Value {
    let query = "mutation($id: ID!, $v: Int!, $i: ProviderPatch!) { payload: updateProvider(id: $id, expectedVersion: $v, input: $i) \
        { provider { name slug version nameRequest { name slug } } userErrors { code path } } }";
    app.payload(token, query, json!({ "id": id, "v": version, "i": input })).await
}

async fn decide(app: &App, token: &str, id: &str, version: i32, accept: bool) -> Value {
    let query = "mutation($id: ID!, $v: Int!, $a: Boolean!) { payload: decideProviderName(id: $id, expectedVersion: $v, accept: $a, reason: \"Read.\") \
        { provider { name slug nameRequest { name } } userErrors { code path } } }";
    app.payload(token, query, json!({ "id": id, "v": version, "a": accept })).await
}

async fn certify(app: &App, token: &str, issuer: &str, name: &str) -> Value {
    let query = "mutation($p: ID!, $i: CertificationInput!) { payload: createCertification(issuer: $p, input: $i) \
        { certification { id status version slug } userErrors { code path } } }";
    let payload = app.payload(token, query, json!({ "p": issuer, "i": { "name": name, "kind": "INDUSTRY" } })).await;
    assert_eq!(user_errors(&payload), [""; 0]);
    payload["certification"].clone()
}

async fn turn(app: &App, token: &str, mutation: &str, certification: &Value, version: i32) -> Value {
    let query = format!(
        "mutation($id: ID!, $v: Int!) {{ payload: {mutation}(id: $id, expectedVersion: $v) {{ certification {{ status version }} userErrors {{ code path }} }} }}"
    );
    app.ask_as(token, &query, json!({ "id": certification["id"], "v": version })).await
}

async fn seen(app: &App, token: Option<&str>, certification: &Value) -> Value {
    let query = "query($id: ID!) { node(id: $id) { id } certification(by: {id: $id}) { status } }";
    let variables = json!({ "id": certification["id"] });
    let data = match token {
        Some(token) => app.ask_as(token, query, variables).await["data"].take(),
        None => app.ask(query, variables).await["data"].take(),
    };
    assert_eq!(data["node"].is_null(), data["certification"].is_null());
    data["certification"]["status"].clone()
}

on_both! {
    #![empty]

    async fn the_new_name_of_an_approved_provider_waits_for_staff(app: App) {
        let (id, owner) = provider(&app, "School", "school", ProviderStatus::Active).await;
        let staff = People::of(&app).await.staff().await;
        let payload = rename(&app, &owner.token, &id, 1, json!({ "name": "University", "slug": "university", "note": "New." })).await;
        assert_eq!(payload, json!({ "userErrors": [], "provider": {
            "name": "School", "slug": "school", "version": 2, "nameRequest": { "name": "University", "slug": "university" } } }));
        let read = "{ provider(by: {slug: \"school\"}) { name note nameRequest { name } lookAlikes { slug } } other: provider(by: {slug: \"university\"}) { id } \
            providers(filter: {nameRequested: true}) { nodes { slug } } }";
        let public = app.data(read).await;
        assert_eq!(public, json!({ "provider": { "name": "School", "note": "New.", "nameRequest": null, "lookAlikes": null }, "other": null, "providers": { "nodes": [] } }));
        let queue = app.ask_as(&staff.token, read, json!({})).await["data"].take();
        assert_eq!(queue["providers"]["nodes"], json!([{ "slug": "school" }]));
        let member = app.ask_as(&owner.token, read, json!({})).await["data"].take();
        assert_eq!(member["provider"]["nameRequest"], json!({ "name": "University" }));
        assert_eq!(user_errors(&decide(&app, &staff.token, &id, 1, true).await), ["STALE expectedVersion"]);
        let accepted = decide(&app, &staff.token, &id, 2, true).await;
        assert_eq!(accepted["provider"], json!({ "name": "University", "slug": "university", "nameRequest": null }));
        let old = app.data("{ provider(by: {slug: \"school\"}) { slug } }").await;
        assert_eq!(old["provider"]["slug"], "university");
        assert_eq!(user_errors(&decide(&app, &staff.token, &id, 3, true).await), ["NOT_FOUND id"]);
    }

    async fn a_request_is_refused_replaced_and_withdrawn_and_staff_rename_at_once(app: App) {
        let (id, owner) = provider(&app, "School", "school", ProviderStatus::Paused).await;
        let staff = People::of(&app).await.staff().await;
        rename(&app, &owner.token, &id, 1, json!({ "name": "One" })).await;
        let two = rename(&app, &owner.token, &id, 2, json!({ "slug": "two" })).await;
        assert_eq!(two["provider"]["nameRequest"], json!({ "name": "One", "slug": "two" }));
        assert_eq!(rename(&app, &owner.token, &id, 3, json!({ "name": "One" })).await["provider"]["version"], 3, "nothing new");
        let back = rename(&app, &owner.token, &id, 3, json!({ "name": "School", "slug": "school" })).await;
        assert_eq!((&back["provider"]["nameRequest"], &back["provider"]["version"]), (&Value::Null, &json!(4)));
        rename(&app, &owner.token, &id, 4, json!({ "name": "Three" })).await;
        let refused = decide(&app, &staff.token, &id, 5, false).await;
        assert_eq!(refused["provider"], json!({ "name": "School", "slug": "school", "nameRequest": null }));
        rename(&app, &owner.token, &id, 6, json!({ "name": "Four" })).await;
        let by_staff = rename(&app, &staff.token, &id, 7, json!({ "name": "Five" })).await;
        assert_eq!(by_staff["provider"], json!({ "name": "Five", "slug": "school", "version": 8, "nameRequest": null }));
        let (_, other) = provider(&app, "Other", "other", ProviderStatus::Active).await;
        _ = other;
        assert_eq!(user_errors(&rename(&app, &owner.token, &id, 8, json!({ "slug": "other" })).await), ["TAKEN input.slug"]);
    }

    async fn nobody_buries_a_known_name_under_new_providers(app: App) {
        for number in 0..21 {
            provider(&app, &format!("S{}chool", "-".repeat(number)), &format!("decoy-{number}"), ProviderStatus::Pending).await;
        }
        provider(&app, "School", "school", ProviderStatus::Active).await;
        provider(&app, "Sch\u{43e}ol", "new", ProviderStatus::Pending).await;
        let staff = People::of(&app).await.staff().await;
        let query = "{ provider(by: {slug: \"new\"}) { lookAlikes { slug } } }";
        let alike = app.ask_as(&staff.token, query, json!({})).await["data"]["provider"]["lookAlikes"].take();
        assert_eq!((&alike[0]["slug"], alike.as_array().unwrap().len()), (&json!("school"), 20));
    }

    async fn a_pending_provider_changes_its_name_freely_and_staff_see_whom_it_resembles(app: App) {
        provider(&app, "Acme Institute", "acme", ProviderStatus::Active).await;
        let (id, owner) = provider(&app, "New", "new", ProviderStatus::Pending).await;
        let renamed = rename(&app, &owner.token, &id, 1, json!({ "name": "\u{410}cme lnstitute" })).await;
        assert_eq!(renamed["provider"]["name"], "\u{410}cme lnstitute");
        let query = "{ providers(filter: {status: [PENDING]}) { totalCount nodes { slug lookAlikes { slug } } } }";
        let staff = People::of(&app).await.staff().await;
        let queue = app.ask_as(&staff.token, query, json!({})).await["data"]["providers"].take();
        assert_eq!(queue, json!({ "totalCount": 1, "nodes": [{ "slug": "new", "lookAlikes": [{ "slug": "acme" }] }] }));
        for token in [None, Some(&owner.token)] {
            let data = match token {
                Some(token) => app.ask_as(token, query, json!({})).await["data"].take(),
                None => app.data(query).await,
            };
            assert_eq!(data["providers"]["totalCount"], 0);
        }
    }

    async fn staff_get_one_letter_an_hour_with_counts_and_no_names(app: App) {
        let people = People::of(&app).await;
        let address = "keeper@example.org";
        let keeper = people.person(address).await;
        people.promote(&keeper).await;
        let (id, owner) = provider(&app, "School", "school", ProviderStatus::Active).await;
        let register = "mutation { payload: registerProvider(input: {name: \"Buy at evil.example\", kind: COMPANY}) { userErrors { code } } }";
        app.payload(&owner.token, register, json!({})).await;
        rename(&app, &owner.token, &id, 1, json!({ "name": "Visit evil.example" })).await;
        let letters = app.letters(address).await;
        assert_eq!(letters.len(), 1, "{letters:#?}");
        assert!(!letters[0].contains("evil") && letters[0].contains("/staff-queue"), "{}", letters[0]);
        app.clock.set("2026-06-02T12:00:00Z");
        let token = people.session(owner.account).await;
        rename(&app, &token, &id, 2, json!({ "name": "Visit evil.example again" })).await;
        let letters = app.letters(address).await;
        assert_eq!(letters.len(), 2);
        assert!(letters.iter().any(|letter| letter.contains("new providers: 1") && letter.contains("new names of providers: 1")), "{letters:#?}");
    }

    async fn a_certification_of_a_name_that_another_issuer_has_waits_for_that_issuer(app: App) {
        let (first, real) = provider(&app, "First", "first", ProviderStatus::Active).await;
        let (second, rival) = provider(&app, "Second", "second", ProviderStatus::Active).await;
        let (_, stranger) = provider(&app, "Third", "third", ProviderStatus::Active).await;
        let original = certify(&app, &real.token, &first, "Certified Falconer").await;
        assert_eq!(original["status"], "PUBLISHED");
        let copy = certify(&app, &rival.token, &second, "CERTIFIED \u{2011} Falc\u{43e}ner").await;
        assert_eq!(copy["status"], "DRAFT");
        for token in [None, Some(stranger.token.as_str())] {
            assert_eq!(seen(&app, token, &copy).await, Value::Null);
        }
        for token in [&real.token, &rival.token] {
            assert_eq!(seen(&app, Some(token), &copy).await, "DRAFT");
        }
        let lists = "{ certifications { nodes { slug } } provider(by: {slug: \"second\"}) { certifications { nodes { slug } } } \
            changes(types: [CERTIFICATION]) { nodes { slug } } suggestions(text: \"certified\") { text } }";
        let data = app.data(lists).await;
        let only = json!([{ "slug": original["slug"] }]);
        assert_eq!((&data["certifications"]["nodes"], &data["changes"]["nodes"]), (&only, &only));
        assert_eq!(data["provider"]["certifications"]["nodes"], json!([]));
        let waiting = format!("{{ certification(by: {{id: {}}}) {{ namesakes {{ slug status }} }} }}", original["id"]);
        let namesakes = app.ask_as(&real.token, &waiting, json!({})).await["data"]["certification"]["namesakes"].take();
        assert_eq!(namesakes, json!([{ "slug": copy["slug"], "status": "DRAFT" }]));
        assert_eq!(app.data(&waiting).await["certification"]["namesakes"], json!([]));
        let refused = turn(&app, &rival.token, "publishCertification", &copy, 1).await;
        assert_eq!(user_errors(&refused["data"]["payload"]), ["NOT_ALLOWED id"]);
        assert_eq!(turn(&app, &stranger.token, "publishCertification", &copy, 1).await["errors"][0]["extensions"]["code"], "NOT_FOUND");
        let published = turn(&app, &real.token, "publishCertification", &copy, 1).await;
        assert_eq!(published["data"]["payload"]["certification"], json!({ "status": "PUBLISHED", "version": 2 }), "{published:#}");
        assert_eq!(seen(&app, None, &copy).await, "PUBLISHED");
    }

    async fn a_rename_into_another_name_waits_too_and_staff_need_no_consent(app: App) {
        let (first, real) = provider(&app, "First", "first", ProviderStatus::Active).await;
        let (second, rival) = provider(&app, "Second", "second", ProviderStatus::Active).await;
        certify(&app, &real.token, &first, "Falconer").await;
        let own = certify(&app, &rival.token, &second, "Hawker").await;
        let query = "mutation($id: ID!, $v: Int!) { payload: updateCertification(id: $id, expectedVersion: $v, input: {name: \"Falconer\"}) \
            { certification { status } userErrors { code path } } }";
        let renamed = app.payload(&rival.token, query, json!({ "id": own["id"], "v": 1 })).await;
        assert_eq!(renamed["certification"]["status"], "DRAFT");
        let kinds = app.data("{ changes(types: [CERTIFICATION]) { nodes { kind } } }").await;
        assert_eq!(kinds["changes"]["nodes"][2]["kind"], "WITHDRAWN");
        let staff = People::of(&app).await.staff().await;
        let published = turn(&app, &staff.token, "publishCertification", &own, 2).await;
        assert_eq!(published["data"]["payload"]["certification"]["status"], "PUBLISHED");
        assert_eq!(certify(&app, &staff.token, &second, "FALCONER").await["status"], "PUBLISHED");
    }

    async fn a_retired_certification_is_found_by_id_only_and_can_come_back(app: App) {
        let (first, real) = provider(&app, "First", "first", ProviderStatus::Active).await;
        let own = certify(&app, &real.token, &first, "Falconer").await;
        let retired = turn(&app, &real.token, "retireCertification", &own, 1).await;
        assert_eq!(retired["data"]["payload"]["certification"], json!({ "status": "RETIRED", "version": 2 }));
        assert_eq!(seen(&app, None, &own).await, "RETIRED");
        let data = app.data("{ certifications { totalCount } changes(types: [CERTIFICATION]) { nodes { kind } } }").await;
        assert_eq!(data, json!({ "certifications": { "totalCount": 0 }, "changes": { "nodes": [{ "kind": "PUBLISHED" }, { "kind": "RETIRED" }] } }));
        let back = turn(&app, &real.token, "publishCertification", &own, 2).await;
        assert_eq!(back["data"]["payload"]["certification"]["status"], "PUBLISHED");
    }

    async fn a_certification_of_a_provider_that_comes_in_later_gives_way(app: App) {
        let (first, squatter) = provider(&app, "First", "first", ProviderStatus::Pending).await;
        let early = certify(&app, &squatter.token, &first, "Falconer").await;
        assert_eq!(early["status"], "PUBLISHED");
        let (second, real) = provider(&app, "Second", "second", ProviderStatus::Active).await;
        assert_eq!(certify(&app, &real.token, &second, "Falconer").await["status"], "PUBLISHED", "nobody knows of the other one");
        let staff = People::of(&app).await.staff().await;
        let approve = format!("mutation {{ payload: decideProvider(id: \"{first}\", status: ACTIVE) {{ userErrors {{ code }} }} }}");
        app.payload(&staff.token, &approve, json!({})).await;
        assert_eq!(seen(&app, None, &early).await, Value::Null);
        assert_eq!(seen(&app, Some(&squatter.token), &early).await, "DRAFT");
    }
}
