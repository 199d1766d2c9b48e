//! Certifications written by their issuers.

use entity::{MemberRole, ProviderStatus, change};
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::{Value, json};

use crate::support::people::{Person, row, user_errors};
use crate::support::{App, Catalogue, People, global_id};

const SHOWN: &str = "id slug name kind description validForMonths url version \
    examFee { amount currency } issuer { name } skills { name } careers { title }";

async fn create(app: &App, by: &Person, issuer: &str, input: Value) -> Value {
    let query = format!(
        "mutation($issuer: ID!, $input: CertificationInput!) {{ payload: createCertification(issuer: $issuer, input: $input) \
         {{ certification {{ {SHOWN} }} userErrors {{ code path }} }} }}"
    );
    app.payload(&by.token, &query, json!({ "issuer": issuer, "input": input })).await
}

async fn update(app: &App, by: &Person, id: &Value, version: i32, input: Value) -> Value {
    write(app, by, json!({ "id": id, "version": version, "input": input })).await
}

async fn write(app: &App, by: &Person, variables: Value) -> Value {
    let query = format!(
        "mutation($id: ID!, $version: Int!, $input: CertificationPatch!, $only: Boolean! = false) {{ \
         payload: updateCertification(id: $id, expectedVersion: $version, input: $input, validateOnly: $only) \
         {{ certification {{ {SHOWN} }} userErrors {{ code path }} }} }}"
    );
    app.payload(&by.token, &query, variables).await
}

/// A provider, one of its editors, and the slugs of two skills and a career.
async fn issuer(app: &App, status: ProviderStatus) -> (String, Person, [String; 3]) {
    let catalogue = Catalogue::of(app).await;
    let id = catalogue.provider_with("School", |row| row.status = Set(status)).await;
    let slugs = [
        format!("falconry-{}", catalogue.skill("Falconry", &[]).await),
        format!("latin-{}", catalogue.skill("Latin", &[]).await),
        format!("falconer-{}", catalogue.career("Falconer").await),
    ];
    app.reached(catalogue.position().await).await;
    (global_id("Provider", id), People::of(app).await.member(id, MemberRole::Editor).await, slugs)
}

on_both! {
    #![empty]

    async fn an_issuer_that_nobody_has_approved_has_few_certifications(app: App) {
        let (provider, editor, _) = issuer(&app, ProviderStatus::Pending).await;
        for number in 0..20 {
            let payload = create(&app, &editor, &provider, json!({ "name": format!("Hawk {number}"), "kind": "INDUSTRY" })).await;
            assert_eq!(payload["userErrors"], json!([]), "{number}");
        }
        let payload = create(&app, &editor, &provider, json!({ "name": "Hawk 20", "kind": "INDUSTRY" })).await;
        assert_eq!(payload, json!({ "certification": null, "userErrors": [{ "code": "LIMIT", "path": ["input"] }] }));
    }

    async fn a_certification_is_put_in_with_all_that_hangs_on_it(app: App) {
        let (provider, editor, [skill, _, career]) = issuer(&app, ProviderStatus::Active).await;
        let input = json!({
            "name": "Certified Falconer", "kind": "INDUSTRY", "description": "Hawks.", "validForMonths": 36,
            "examFee": { "amount": "165.5", "currency": "USD" }, "url": "https://falcons.example/exam",
            "skills": [skill], "careers": [career],
        });
        let payload = create(&app, &editor, &provider, input).await;
        let id = payload["certification"]["id"].clone();
        assert_eq!(payload, json!({ "userErrors": [], "certification": {
            "id": id, "slug": "certified-falconer", "name": "Certified Falconer", "kind": "INDUSTRY", "description": "Hawks.",
            "validForMonths": 36, "url": "https://falcons.example/exam", "version": 1,
            "examFee": { "amount": "165.50", "currency": "USD" }, "issuer": { "name": "School" },
            "skills": [{ "name": "Falconry" }], "careers": [{ "title": "Falconer" }],
        } }));
        let read = app.data("{ certifications(query: \"falconer\") { nodes { slug } } changes(types: [CERTIFICATION]) { nodes { kind } } }").await;
        assert_eq!(read["certifications"]["nodes"], json!([{ "slug": "certified-falconer" }]));
        assert_eq!(read["changes"]["nodes"], json!([{ "kind": "PUBLISHED" }]));
    }

    async fn everything_wrong_with_a_certification_is_said_at_once(app: App) {
        let (provider, editor, [skill, ..]) = issuer(&app, ProviderStatus::Active).await;
        create(&app, &editor, &provider, json!({ "name": "First", "kind": "COMPLETION" })).await;
        let payload = create(&app, &editor, &provider, json!({
            "name": " ", "slug": "first", "kind": "COMPLETION", "validForMonths": 0, "url": "ftp://falcons.example",
            "examFee": { "amount": "1.005", "currency": "USD" }, "skills": [skill, skill, "unknown"], "careers": ["unknown"],
        })).await;
        assert_eq!(payload["certification"], Value::Null);
        assert_eq!(user_errors(&payload), [
            "TOO_SHORT input.name", "OUT_OF_RANGE input.examFee.amount", "OUT_OF_RANGE input.validForMonths",
            "INVALID input.url", "TAKEN input.slug", "DUPLICATE input.skills.1", "NOT_FOUND input.skills.2", "NOT_FOUND input.careers.0",
        ]);
    }

    async fn a_patch_changes_what_it_speaks_of_and_is_in_the_log(app: App) {
        let (provider, editor, [skill, other, career]) = issuer(&app, ProviderStatus::Active).await;
        let input = json!({ "name": "Falconer", "kind": "INDUSTRY", "description": "Hawks.", "skills": [skill], "careers": [career] });
        let id = create(&app, &editor, &provider, input).await["certification"]["id"].clone();
        let patch = json!({ "description": null, "examFee": { "amount": "10", "currency": "EUR" }, "skills": [other], "slug": "hawks" });
        let tried = json!({ "id": id, "version": 1, "input": patch, "only": true });
        assert_eq!(write(&app, &editor, tried).await["certification"]["slug"], "falconer", "only tried out");
        let after = update(&app, &editor, &id, 1, patch.clone()).await;
        assert_eq!(user_errors(&after), [""; 0]);
        let after = &after["certification"];
        assert_eq!((&after["version"], &after["description"], &after["slug"]), (&json!(2), &Value::Null, &json!("hawks")));
        assert_eq!((&after["skills"], &after["careers"]), (&json!([{ "name": "Latin" }]), &json!([{ "title": "Falconer" }])));
        let old = app.data("{ certification(by: {slug: \"falconer\"}) { slug examFee { amount } } }").await;
        assert_eq!(old["certification"], json!({ "slug": "hawks", "examFee": { "amount": "10.00" } }));
        let log = change::Entity::find().filter(change::Column::ListingId.eq(row(id.as_str().unwrap())));
        let log = log.order_by_asc(change::Column::Position).all(&Catalogue::of(&app).await.db).await.unwrap();
        assert_eq!(log.iter().map(|row| row.action.as_str()).collect::<Vec<_>>(), ["certification.create", "certification.update"]);
        assert_eq!(json!(log[1].fields), json!([
            { "field": "slug", "before": "falconer", "after": "hawks" },
            { "field": "description", "before": "Hawks.", "after": null },
            { "field": "examFee", "before": null, "after": { "amount": "10.00", "currency": "EUR" } },
            { "field": "skills", "before": [skill], "after": [other] },
        ]));
        let stale = update(&app, &editor, &id, 1, patch.clone()).await;
        assert_eq!((user_errors(&stale), &stale["certification"]["version"]), (vec!["STALE expectedVersion".to_owned()], &json!(2)));
        assert_eq!(update(&app, &editor, &id, 2, patch).await["certification"]["version"], 2, "nothing new is not written");
    }

    async fn of_many_patches_of_one_version_exactly_one_wins(app: App) {
        let (provider, editor, _) = issuer(&app, ProviderStatus::Active).await;
        let id = create(&app, &editor, &provider, json!({ "name": "Falconer", "kind": "INDUSTRY" })).await["certification"]["id"].clone();
        let writers = (1..=20).map(|months| update(&app, &editor, &id, 1, json!({ "validForMonths": months })));
        let mut outcomes: Vec<Vec<String>> = futures_util::future::join_all(writers).await.iter().map(user_errors).collect();
        outcomes.sort();
        assert_eq!(outcomes.remove(0), [""; 0]);
        assert!(outcomes.iter().all(|user_errors| user_errors == &["STALE expectedVersion"]), "{outcomes:?}");
    }

    async fn what_a_pending_provider_issues_is_seen_by_its_members_only(app: App) {
        let (provider, editor, _) = issuer(&app, ProviderStatus::Pending).await;
        let id = create(&app, &editor, &provider, json!({ "name": "Secret", "kind": "INDUSTRY" })).await["certification"]["id"].clone();
        let query = "query($id: ID!) { certification(by: {id: $id}) { name } node(id: $id) { id } \
                     changes(types: [CERTIFICATION]) { nodes { slug } } }";
        let nothing = json!({ "certification": null, "node": null, "changes": { "nodes": [] } });
        let stranger = People::of(&app).await.person("ann@example.org").await;
        assert_eq!(app.ask(query, json!({ "id": id })).await["data"], nothing);
        assert_eq!(app.ask_as(&stranger.token, query, json!({ "id": id })).await["data"], nothing);
        let inside = app.ask_as(&editor.token, query, json!({ "id": id })).await;
        assert_eq!(inside["data"]["certification"]["name"], "Secret");
        let write = format!("mutation {{ updateCertification(id: {id}, expectedVersion: 1, input: {{}}) {{ userErrors {{ code }} }} }}");
        let refused = app.ask_as(&stranger.token, &write, json!({})).await;
        assert_eq!(refused["errors"][0]["extensions"]["code"], "NOT_FOUND");
    }
}
