//! Exporting one's own data, and deleting the account.

use entity::{MemberRole, account, invitation, membership, session};
use sea_orm::{EntityTrait, PaginatorTrait};
use serde_json::{Value, json};

use crate::support::people::{PASSWORD, Person};
use crate::support::{App, Catalogue, People, global_id};

/// Codes and paths of the user errors of `deleteAccount`.
async fn delete(app: &App, person: &Person, password: Option<&str>) -> Vec<String> {
    let query =
        "mutation($password: String) { deleteAccount(password: $password) { userErrors { code path message } } }";
    let answer = app.ask_as(&person.token, query, json!({ "password": password })).await;
    let user_errors = answer["data"]["deleteAccount"]["userErrors"].as_array().unwrap_or_else(|| panic!("{answer:#}"));
    user_errors.iter().map(|fault| format!("{} {}", fault["code"].as_str().unwrap(), fault["path"])).collect()
}

on_both! {
    #![empty]

    async fn whoever_leaves_is_gone_with_all_that_hangs_on_them(app: App) {
        let people = People::of(&app).await;
        let ann = app.sign_up("ann@example.org").await;
        let school = Catalogue::of(&app).await.provider("School").await;
        let bob = people.member(school, MemberRole::Owner).await;
        let invite = "mutation($p: ID!) { payload: inviteMember(provider: $p, email: \"ann@example.org\", role: EDITOR) { userErrors { code } } }";
        let invited = app.payload(&bob.token, invite, json!({ "p": global_id("Provider", school) })).await;
        assert_eq!(invited, json!({ "userErrors": [] }));
        people.join(&ann, school, MemberRole::Editor).await;
        assert_eq!(delete(&app, &ann, Some("wrong")).await, ["WRONG_CREDENTIALS [\"password\"]"]);
        assert_eq!(delete(&app, &ann, None).await, ["WRONG_CREDENTIALS [\"password\"]"]);
        assert_eq!(delete(&app, &ann, Some(PASSWORD)).await, [""; 0]);
        let viewer = app.ask_as(&ann.token, "{ viewer { id } }", json!({})).await;
        assert_eq!(viewer["errors"][0]["extensions"]["code"], "UNAUTHENTICATED");
        let left = (
            account::Entity::find().count(&people.db).await.unwrap(),
            session::Entity::find().count(&people.db).await.unwrap(),
            membership::Entity::find().count(&people.db).await.unwrap(),
            invitation::Entity::find().count(&people.db).await.unwrap(),
        );
        assert_eq!(left, (1, 1, 1, 0), "what is left is of the one who invited");
        app.sign_up("ann@example.org").await;
    }

    async fn the_only_owner_of_a_provider_stays(app: App) {
        let people = People::of(&app).await;
        let provider = Catalogue::of(&app).await.provider("School").await;
        let (ann, bob) = (people.member(provider, MemberRole::Owner).await, people.member(provider, MemberRole::Editor).await);
        assert_eq!(delete(&app, &ann, None).await, ["NOT_ALLOWED []"]);
        assert_eq!(delete(&app, &bob, None).await, [""; 0]);
        let (cy, dan) = (people.member(provider, MemberRole::Owner).await, people.member(provider, MemberRole::Owner).await);
        assert_eq!(delete(&app, &ann, None).await, [""; 0]);
        let mut left = futures_util::future::join_all([delete(&app, &cy, None), delete(&app, &dan, None)]).await;
        left.sort();
        assert_eq!(left, [vec![], vec!["NOT_ALLOWED []".to_owned()]], "of two last owners one stays");
    }

    async fn everything_that_is_kept_of_somebody_is_shown_to_them(app: App) {
        let people = People::of(&app).await;
        let provider = Catalogue::of(&app).await.provider_with("School", |row| row.slug = sea_orm::ActiveValue::Set("school".to_owned())).await;
        let ann = app.sign_up("ann@example.org").await;
        people.join(&ann, provider, MemberRole::Owner).await;
        let mut export = app.ask_as(&ann.token, "{ exportAccount }", json!({})).await["data"]["exportAccount"].take();
        let memberships = json!([{ "provider": "school", "role": "OWNER", "createdAt": "2026-06-01T12:00:00Z" }]);
        assert_eq!((&export["email"], &export["hasPassword"], &export["memberships"]), (&"ann@example.org".into(), &true.into(), &memberships));
        assert_eq!(export["sessions"][0]["expiresAt"], "2026-07-01T12:00:00Z");
        export["sessions"].take();
        assert!(!export.to_string().contains("argon2"), "{export}");
        assert_eq!(app.data("{ exportAccount }").await["exportAccount"], Value::Null);
    }
}
