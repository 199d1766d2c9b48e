//! The tokens of providers' own systems: made, shown once, used, revoked.

use entity::MemberRole;
use serde_json::{Value, json};

use crate::support::people::{Person, faults};
use crate::support::{App, Catalogue, People, global_id};

const CREATE: &str = "mutation($input: ServiceTokenInput!) { payload: createServiceToken(input: $input) \
    { id token expiresAt userErrors { code path } } }";
const REVOKE: &str = "mutation($id: ID!) { payload: revokeServiceToken(id: $id) { userErrors { code } } }";
const TOKENS: &str = "query($id: ID!) { provider(by: {id: $id}) \
    { serviceTokens { id name createdAt expiresAt revokedAt } } }";
const UPDATE: &str = "mutation($id: ID!, $version: Int!) { \
    payload: updateProvider(id: $id, expectedVersion: $version, input: { note: \"By a system\" }) { userErrors { code path } } }";

async fn owned(app: &App) -> (String, Person) {
    let catalogue = Catalogue::of(app).await;
    let id = catalogue.provider("School").await;
    let owner = People::of(app).await.member(id, MemberRole::Owner).await;
    app.reached(catalogue.position().await).await;
    (global_id("Provider", id), owner)
}

async fn create(app: &App, by: &Person, provider: &str, name: &str, expires: &str) -> Value {
    let input = json!({ "provider": provider, "name": name, "expiresAt": expires });
    app.payload(&by.token, CREATE, json!({ "input": input })).await
}

on_both! {
    #![empty]

    async fn a_token_is_shown_once_and_acts_for_its_provider_until_it_is_revoked(app: App) {
        let (provider, owner) = owned(&app).await;
        let made = create(&app, &owner, &provider, " Nightly sync ", "2027-06-01T12:00:00Z").await;
        assert_eq!(faults(&made), [""; 0]);
        let token = made["token"].as_str().unwrap();
        assert!(token.starts_with("lectern_st_") && token.len() > 50, "{token}");
        let shown = app.ask_as(&owner.token, TOKENS, json!({ "id": provider })).await;
        let expected = json!([{ "id": made["id"], "name": "Nightly sync", "createdAt": "2026-06-01T12:00:00Z",
            "expiresAt": "2027-06-01T12:00:00Z", "revokedAt": null }]);
        assert_eq!(shown["data"]["provider"]["serviceTokens"], expected);
        assert!(!shown.to_string().contains(token));
        let change = json!({ "id": provider, "version": 1 });
        assert_eq!(faults(&app.payload(token, UPDATE, change.clone()).await), [""; 0]);
        for _ in 0..2 {
            assert_eq!(faults(&app.payload(&owner.token, REVOKE, json!({ "id": made["id"] })).await), [""; 0]);
        }
        let refused = app.client.post(format!("{}/graphql", app.address)).bearer_auth(token);
        let refused = refused.json(&json!({ "query": "{ __typename }" })).send().await.unwrap();
        assert_eq!(refused.status(), 401);
        let shown = app.ask_as(&owner.token, TOKENS, json!({ "id": provider })).await;
        assert_eq!(shown["data"]["provider"]["serviceTokens"][0]["revokedAt"], "2026-06-01T12:00:00Z");
    }

    async fn a_token_ends_with_its_time(app: App) {
        let (provider, owner) = owned(&app).await;
        let made = create(&app, &owner, &provider, "Sync", "2026-06-02T12:00:00Z").await;
        app.clock.set("2026-06-02T12:00:00Z");
        let refused = app.client.post(format!("{}/graphql", app.address)).bearer_auth(made["token"].as_str().unwrap());
        let refused = refused.json(&json!({ "query": "{ __typename }" })).send().await.unwrap();
        assert_eq!(refused.status(), 401);
    }

    async fn everything_wrong_with_a_token_is_said_at_once(app: App) {
        let (provider, owner) = owned(&app).await;
        let both = ["INVALID input.name", "OUT_OF_RANGE input.expiresAt"];
        for expires in ["2026-06-01T12:00:00Z", "2028-06-01T12:00:01Z", "9999-12-31T23:59:59Z"] {
            assert_eq!(faults(&create(&app, &owner, &provider, "a\u{0}b", expires).await), both, "{expires}");
        }
        assert_eq!(faults(&create(&app, &owner, &provider, "Just", "2028-06-01T12:00:00Z").await), [""; 0]);
    }

    async fn a_provider_has_fifty_live_tokens_at_most(app: App) {
        let (provider, owner) = owned(&app).await;
        let mut last = Value::Null;
        for _ in 0..50 {
            last = create(&app, &owner, &provider, "Sync", "2027-01-01T00:00:00Z").await;
            assert_eq!(faults(&last), [""; 0]);
        }
        assert_eq!(faults(&create(&app, &owner, &provider, "More", "2027-01-01T00:00:00Z").await), ["LIMIT input.provider"]);
        app.payload(&owner.token, REVOKE, json!({ "id": last["id"] })).await;
        assert_eq!(faults(&create(&app, &owner, &provider, "More", "2027-01-01T00:00:00Z").await), [""; 0]);
    }

    async fn tokens_are_seen_by_members_and_staff_only(app: App) {
        let (provider, owner) = owned(&app).await;
        let people = People::of(&app).await;
        let made = create(&app, &owner, &provider, "Sync", "2027-01-01T00:00:00Z").await;
        let node = "query($id: ID!, $token: ID!) { provider(by: {id: $id}) { serviceTokens { name } } node(id: $token) { id } }";
        let variables = json!({ "id": provider, "token": made["id"] });
        let stranger = people.person("bob@example.org").await;
        for (token, seen) in [(&owner.token, true), (&people.staff().await.token, true), (&stranger.token, false)] {
            let answer = app.ask_as(token, node, variables.clone()).await;
            assert_eq!(answer["data"]["provider"]["serviceTokens"].is_array(), seen, "{answer:#}");
            assert_eq!(answer["data"]["node"].is_object(), seen, "{answer:#}");
        }
    }
}
