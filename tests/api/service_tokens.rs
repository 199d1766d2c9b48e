//! Service tokens of providers' systems: created, shown once, used, revoked.

use entity::MemberRole;
use serde_json::{Value, json};

use crate::support::people::{Person, user_errors};
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
        assert_eq!(user_errors(&made), [""; 0]);
        let token = made["token"].as_str().unwrap();
        assert!(token.starts_with("lectern_st_") && token.len() > 50, "{token}");
        let shown = app.ask_as(&owner.token, TOKENS, json!({ "id": provider })).await;
        let expected = json!([{ "id": made["id"], "name": "Nightly sync", "createdAt": "2026-06-01T12:00:00Z",
            "expiresAt": "2027-06-01T12:00:00Z", "revokedAt": null }]);
        assert_eq!(shown["data"]["provider"]["serviceTokens"], expected);
        assert!(!shown.to_string().contains(token));
        let change = json!({ "id": provider, "version": 1 });
        assert_eq!(user_errors(&app.payload(token, UPDATE, change.clone()).await), [""; 0]);
        for _ in 0..2 {
            assert_eq!(user_errors(&app.payload(&owner.token, REVOKE, json!({ "id": made["id"] })).await), [""; 0]);
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
            assert_eq!(user_errors(&create(&app, &owner, &provider, "a\u{0}b", expires).await), both, "{expires}");
        }
        let no_time = create(&app, &owner, &provider, "a\u{0}b", "tomorrow").await;
        assert_eq!(user_errors(&no_time), ["INVALID input.name", "INVALID input.expiresAt"]);
        assert_eq!(user_errors(&create(&app, &owner, &provider, "Just", "2028-06-01T12:00:00Z").await), [""; 0]);
    }

    async fn a_provider_has_fifty_live_tokens_at_most(app: App) {
        let (provider, owner) = owned(&app).await;
        let mut last = Value::Null;
        for _ in 0..50 {
            last = create(&app, &owner, &provider, "Sync", "2027-01-01T00:00:00Z").await;
            assert_eq!(user_errors(&last), [""; 0]);
        }
        assert_eq!(user_errors(&create(&app, &owner, &provider, "More", "2027-01-01T00:00:00Z").await), ["LIMIT input.provider"]);
        app.payload(&owner.token, REVOKE, json!({ "id": last["id"] })).await;
        assert_eq!(user_errors(&create(&app, &owner, &provider, "More", "2027-01-01T00:00:00Z").await), [""; 0]);
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

/// The status of a request with a token.
async fn status(app: &App, token: &str) -> u16 {
    let request = app.client.post(format!("{}/graphql", app.address)).bearer_auth(token);
    request.json(&json!({ "query": "{ __typename }" })).send().await.unwrap().status().as_u16()
}

async fn token_of(app: &App, by: &Person, provider: &str) -> String {
    create(app, by, provider, "Sync", "2027-01-01T00:00:00Z").await["token"].as_str().unwrap().to_owned()
}

on_both! {
    #![empty]

    async fn a_token_ends_with_the_membership_of_whoever_has_made_it(app: App) {
        let (provider, owner) = owned(&app).await;
        let people = People::of(&app).await;
        let other = Catalogue::of(&app).await.provider("Other").await;
        let id = crate::support::people::row(&provider);
        let (ann, bob, cy) =
            (people.member(id, MemberRole::Owner).await, people.member(id, MemberRole::Owner).await, people.member(id, MemberRole::Owner).await);
        people.join(&ann, other, MemberRole::Owner).await;
        let (kept, elsewhere) = (token_of(&app, &owner, &provider).await, token_of(&app, &ann, &global_id("Provider", other)).await);
        let (of_ann, of_bob, of_cy) =
            (token_of(&app, &ann, &provider).await, token_of(&app, &bob, &provider).await, token_of(&app, &cy, &provider).await);
        let remove = "mutation($p: ID!, $a: ID!) { payload: removeMember(provider: $p, account: $a) { userErrors { code path } } }";
        for (by, whom) in [(&owner, &ann), (&bob, &bob)] {
            assert_eq!(user_errors(&app.payload(&by.token, remove, json!({ "p": provider, "a": whom.id })).await), [""; 0]);
        }
        let delete = "mutation { payload: deleteAccount { userErrors { code path } } }";
        assert_eq!(user_errors(&app.payload(&cy.token, delete, json!({})).await), [""; 0]);
        for gone in [&of_ann, &of_bob, &of_cy] {
            assert_eq!(status(&app, gone).await, 401);
        }
        assert_eq!((status(&app, &kept).await, status(&app, &elsewhere).await), (200, 200));
        people.join(&ann, id, MemberRole::Editor).await;
        assert_eq!(status(&app, &of_ann).await, 401, "it does not come back with its maker");
        let shown = app.ask_as(&owner.token, TOKENS, json!({ "id": provider })).await;
        let revoked = shown["data"]["provider"]["serviceTokens"].as_array().unwrap().iter().filter(|token| token["revokedAt"].is_string()).count();
        assert_eq!(revoked, 3, "{shown:#}");
    }

    async fn a_token_ends_with_the_membership_also_where_nobody_has_said_so(app: App) {
        use sea_orm::EntityTrait;
        let (provider, owner) = owned(&app).await;
        let people = People::of(&app).await;
        let staff = people.staff().await;
        let (of_owner, of_staff) = (token_of(&app, &owner, &provider).await, token_of(&app, &staff, &provider).await);
        entity::membership::Entity::delete_many().exec(&people.db).await.unwrap();
        assert_eq!((status(&app, &of_owner).await, status(&app, &of_staff).await), (401, 200));
        entity::account::Entity::delete_by_id(staff.account).exec(&people.db).await.unwrap();
        assert_eq!(status(&app, &of_staff).await, 401);
    }

    async fn the_token_of_a_closed_provider_writes_nothing(app: App) {
        let (provider, owner) = owned(&app).await;
        let token = token_of(&app, &owner, &provider).await;
        let staff = People::of(&app).await.staff().await;
        let decide = "mutation($id: ID!, $status: ProviderStatus!) { payload: decideProvider(id: $id, status: $status) { provider { version } userErrors { code path } } }";
        let closed = app.payload(&staff.token, decide, json!({ "id": provider, "status": "CLOSED" })).await;
        assert_eq!(user_errors(&closed), [""; 0]);
        let change = json!({ "id": provider, "version": closed["provider"]["version"] });
        let refused = app.ask_as(&token, UPDATE, change).await;
        assert_eq!(refused["errors"][0]["extensions"]["code"], "FORBIDDEN", "{refused:#}");
        let course = "mutation($p: ID!) { createCourse(provider: $p, input: { title: \"New\", kind: COURSE }) { userErrors { code } } \
            importCourses(provider: $p, rows: [{ externalKey: \"1\", title: \"New\", kind: COURSE }]) { rejected } }";
        let refused = app.ask_as(&token, course, json!({ "p": provider })).await;
        assert_eq!(refused["errors"][0]["extensions"]["code"], "FORBIDDEN", "{refused:#}");
        let slug = app.ask(&format!("{{ provider(by: {{id: {provider:?}}}) {{ slug }} }}"), json!({})).await["data"]["provider"]["slug"].take();
        let feed = app.client.post(format!("{}/import?provider={}", app.address, slug.as_str().unwrap())).bearer_auth(&token).header("content-type", "application/x-ndjson");
        let feed = feed.body("{\"externalKey\": \"1\", \"title\": \"One\", \"kind\": \"COURSE\"}").send().await.unwrap();
        assert_eq!(feed.status(), 403);
        let opened = app.payload(&staff.token, decide, json!({ "id": provider, "status": "ACTIVE" })).await;
        let change = json!({ "id": provider, "version": opened["provider"]["version"] });
        assert_eq!(user_errors(&app.payload(&token, UPDATE, change).await), [""; 0]);
    }
}
