//! Members of a provider: invited, joined, removed.

use entity::{MemberRole, ProviderStatus, change};
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::{Value, json};

use crate::support::people::{Person, user_errors};
use crate::support::{App, Catalogue, People, global_id};

const INVITE: &str = "mutation($provider: ID!, $email: String!, $role: MemberRole!) { \
    payload: inviteMember(provider: $provider, email: $email, role: $role) { id token expiresAt userErrors { code path } } }";
const ACCEPT: &str = "mutation($token: String!) { payload: acceptInvitation(token: $token) \
    { membership { role displayName provider { id } account { id } } userErrors { code path } } }";
const REMOVE: &str = "mutation($provider: ID!, $account: ID!) { payload: removeMember(provider: $provider, account: $account) \
    { membership { role displayName } userErrors { code path } } }";
const REVOKE: &str = "mutation($id: ID!) { payload: revokeInvitation(id: $id) { userErrors { code } } }";
const MEMBERS: &str = "query($id: ID!) { provider(by: {id: $id}) { name \
    members { displayName role accountId account { email } } invitations { id email role expiresAt } } }";

async fn invite(app: &App, by: &Person, provider: &str, email: &str, role: &str) -> Value {
    app.payload(&by.token, INVITE, json!({ "provider": provider, "email": email, "role": role })).await
}

async fn accept(app: &App, by: &Person, invitation: &Value) -> Value {
    app.payload(&by.token, ACCEPT, json!({ "token": invitation["token"] })).await
}

async fn remove(app: &App, by: &Person, provider: &str, whom: &Person) -> Value {
    app.payload(&by.token, REMOVE, json!({ "provider": provider, "account": whom.id })).await
}

/// A field of a provider as the holder of this token sees it.
async fn inside(app: &App, token: &str, provider: &str, field: &str) -> Value {
    app.ask_as(token, MEMBERS, json!({ "id": provider })).await["data"]["provider"][field].take()
}

/// The code of the first error of an answer.
fn error(answer: &Value) -> &str {
    answer["errors"][0]["extensions"]["code"].as_str().unwrap_or_else(|| panic!("{answer:#}"))
}

/// An active provider and its owner.
async fn owned(app: &App) -> (i64, String, Person) {
    let catalogue = Catalogue::of(app).await;
    let id = catalogue.provider("School").await;
    let people = People::of(app).await;
    let owner = people.person("owner@example.org").await;
    people.join(&owner, id, MemberRole::Owner).await;
    app.reached(catalogue.position().await).await;
    (id, global_id("Provider", id), owner)
}

on_both! {
    #![empty]

    async fn the_invitations_of_a_provider_end_when_an_owner_leaves(app: App) {
        let (id, provider, owner) = owned(&app).await;
        let people = People::of(&app).await;
        let (former, second) = (app.sign_up("former@example.org").await, people.person("second@example.org").await);
        for leaves in ["is removed", "deletes the account"] {
            people.join(&former, id, MemberRole::Owner).await;
            let invitation = invite(&app, &former, &provider, "second@example.org", "OWNER").await;
            if leaves == "is removed" {
                assert_eq!(user_errors(&remove(&app, &owner, &provider, &former).await), [""; 0]);
            } else {
                let delete = "mutation { payload: deleteAccount(password: \"correct horse battery staple\") { userErrors { code path } } }";
                assert_eq!(user_errors(&app.payload(&former.token, delete, json!({})).await), [""; 0]);
            }
            assert_eq!(user_errors(&accept(&app, &second, &invitation).await), ["NOT_FOUND token"], "{leaves}");
        }
    }

    async fn whoever_accepts_an_invitation_is_a_member(app: App) {
        let (id, provider, owner) = owned(&app).await;
        let ann = People::of(&app).await.person("ann@example.org").await;
        let invitation = invite(&app, &owner, &provider, " Ann@Example.org ", "EDITOR").await;
        assert_eq!(user_errors(&invitation), [""; 0]);
        assert_eq!(invitation["expiresAt"], "2026-06-15T12:00:00Z");
        assert!(invitation["token"].as_str().unwrap().starts_with("lectern_inv_"), "{invitation}");
        let open = json!([{ "id": invitation["id"], "email": "ann@example.org", "role": "EDITOR", "expiresAt": "2026-06-15T12:00:00Z" }]);
        assert_eq!(inside(&app, &owner.token, &provider, "invitations").await, open);
        let payload = accept(&app, &ann, &invitation).await;
        let membership = json!({ "role": "EDITOR", "displayName": "ann", "provider": { "id": provider }, "account": { "id": ann.id } });
        assert_eq!(payload, json!({ "membership": membership, "userErrors": [] }));
        let members = json!([
            { "displayName": "owner", "role": "OWNER", "accountId": owner.id, "account": null },
            { "displayName": "ann", "role": "EDITOR", "accountId": ann.id, "account": { "email": "ann@example.org" } },
        ]);
        assert_eq!(inside(&app, &ann.token, &provider, "members").await, members);
        assert_eq!(inside(&app, &owner.token, &provider, "invitations").await, json!([]));
        let again = accept(&app, &ann, &invitation).await;
        assert_eq!((user_errors(&again), &again["membership"]), (vec!["NOT_FOUND token".to_owned()], &Value::Null));
        let log = change::Entity::find().filter(change::Column::ListingId.eq(id)).order_by_asc(change::Column::Position);
        let log = log.all(&Catalogue::of(&app).await.db).await.unwrap();
        assert_eq!(log.iter().map(|row| row.action.as_str()).collect::<Vec<_>>(), ["demo.create", "member.invite", "member.join"]);
        assert!(log.iter().skip(1).all(|row| row.event.is_none()), "the public sees nothing of it");
        let written = format!("{:?}", log.iter().map(|row| &row.fields).collect::<Vec<_>>());
        assert!(!written.contains("example.org") && !written.contains("lectern_inv_"), "{written}");
    }

    async fn members_and_invitations_are_seen_by_members_and_staff_only(app: App) {
        let (id, provider, owner) = owned(&app).await;
        let people = People::of(&app).await;
        invite(&app, &owner, &provider, "ann@example.org", "EDITOR").await;
        let system = people.service_token(id).await;
        let (stranger, staff) = (people.person("bob@example.org").await, people.staff().await);
        for (token, seen) in [(&owner.token, true), (&system, true), (&staff.token, true), (&stranger.token, false)] {
            for field in ["members", "invitations"] {
                assert_eq!(inside(&app, token, &provider, field).await.is_array(), seen, "{field}");
            }
        }
        let public = app.ask(MEMBERS, json!({ "id": provider })).await;
        assert_eq!(public["data"]["provider"], json!({ "name": "School", "members": null, "invitations": null }));
        let accounts = inside(&app, &staff.token, &provider, "members").await;
        assert_eq!(accounts[0]["account"]["email"], "owner@example.org", "staff see accounts");
    }

    async fn an_invitation_is_for_one_address_one_time_and_fourteen_days(app: App) {
        let (_, provider, owner) = owned(&app).await;
        let people = People::of(&app).await;
        let (ann, bob) = (people.person("ann@example.org").await, people.person("bob@example.org").await);
        let first = invite(&app, &owner, &provider, "ann@example.org", "EDITOR").await;
        assert_eq!(user_errors(&accept(&app, &bob, &first).await), ["NOT_ALLOWED token"]);
        assert_eq!(user_errors(&accept(&app, &ann, &json!({ "token": "lectern_inv_guessed" })).await), ["NOT_FOUND token"]);
        let second = invite(&app, &owner, &provider, "ann@example.org", "OWNER").await;
        assert_eq!(user_errors(&accept(&app, &ann, &first).await), ["NOT_FOUND token"], "the second takes its place");
        assert_eq!(inside(&app, &owner.token, &provider, "invitations").await.as_array().unwrap().len(), 1);
        app.payload(&owner.token, REVOKE, json!({ "id": second["id"] })).await;
        assert_eq!(user_errors(&accept(&app, &ann, &second).await), ["NOT_FOUND token"], "taken back");
        let third = invite(&app, &owner, &provider, "bob@example.org", "EDITOR").await;
        app.clock.set("2026-06-15T12:00:00Z");
        let bob = people.session(bob.account).await;
        let owner = people.session(owner.account).await;
        assert_eq!(user_errors(&app.payload(&bob, ACCEPT, json!({ "token": third["token"] })).await), ["EXPIRED token"]);
        assert_eq!(inside(&app, &owner, &provider, "invitations").await, json!([]));
        let members = inside(&app, &owner, &provider, "members").await;
        assert_eq!(members.as_array().unwrap().len(), 1, "{members}");
    }

    async fn an_invitation_goes_out_by_letter_once_staff_have_let_the_provider_in(app: App) {
        let (id, provider, owner) = owned(&app).await;
        let invitation = invite(&app, &owner, &provider, "ann@example.org", "EDITOR").await;
        let [letter] = &app.letters("ann@example.org").await[..] else { panic!("there is one letter") };
        let link = format!("http://localhost:3000/accept-invitation#token={}", invitation["token"].as_str().unwrap());
        assert!(letter.contains(&link) && !letter.contains("School"), "nobody knows whose address it is: {letter}");
        People::of(&app).await.person("cy@example.org").await;
        invite(&app, &owner, &provider, "cy@example.org", "EDITOR").await;
        let [letter] = &app.letters("cy@example.org").await[..] else { panic!("there is one letter") };
        assert!(letter.contains("the provider School"), "{letter}");
        let catalogue = Catalogue::of(&app).await;
        catalogue.update_provider(id, |row| row.status = Set(ProviderStatus::Pending)).await;
        assert_eq!(user_errors(&invite(&app, &owner, &provider, "bob@example.org", "EDITOR").await), [""; 0]);
        assert_eq!(app.letters("bob@example.org").await.len(), 0);
    }

    async fn an_address_is_invited_five_times_a_day_also_when_its_account_is_deleted(app: App) {
        let (_, provider, owner) = owned(&app).await;
        for _ in 0..5 {
            assert_eq!(user_errors(&invite(&app, &owner, &provider, "ann@example.org", "EDITOR").await), [""; 0]);
            let ann = People::of(&app).await.person("ann@example.org").await;
            let delete = app.payload(&ann.token, "mutation { payload: deleteAccount { userErrors { code path } } }", json!({})).await;
            assert_eq!(user_errors(&delete), [""; 0]);
        }
        assert_eq!(user_errors(&invite(&app, &owner, &provider, "ann@example.org", "EDITOR").await), ["LIMIT email"]);
        app.clock.set("2026-06-02T12:00:00Z");
        let owner = Person { token: People::of(&app).await.session(owner.account).await, ..owner };
        assert_eq!(user_errors(&invite(&app, &owner, &provider, "ann@example.org", "EDITOR").await), [""; 0]);
    }

    async fn malformed_addresses_are_not_invited(app: App) {
        let (_, provider, owner) = owned(&app).await;
        for email in ["ann", "ann@127.0.0.1", "ann@example.org\n", "a@b@example.org", "\"ann\"@example.org", "ann@example"] {
            assert_eq!(user_errors(&invite(&app, &owner, &provider, email, "EDITOR").await), ["INVALID email"], "{email:?}");
        }
    }

    async fn an_invitation_that_is_accepted_twice_at_once_is_accepted_once(app: App) {
        let (_, provider, owner) = owned(&app).await;
        let ann = People::of(&app).await.person("ann@example.org").await;
        let invitation = invite(&app, &owner, &provider, "ann@example.org", "EDITOR").await;
        let both = futures_util::future::join_all((0..2).map(|_| accept(&app, &ann, &invitation))).await;
        let mut outcomes: Vec<Vec<String>> = both.iter().map(user_errors).collect();
        outcomes.sort();
        assert_eq!(outcomes, [vec![], vec!["NOT_FOUND token".to_owned()]]);
    }

    async fn what_cannot_be_invited_is_said(app: App) {
        let (id, provider, owner) = owned(&app).await;
        let people = People::of(&app).await;
        let editor = people.person("ann@example.org").await;
        people.join(&editor, id, MemberRole::Editor).await;
        for email in ["", "no address", "a@b\r\nBcc: c@d.example", &format!("{}@example.org", "x".repeat(260))] {
            assert_eq!(user_errors(&invite(&app, &owner, &provider, email, "EDITOR").await), ["INVALID email"], "{email}");
        }
        assert_eq!(user_errors(&invite(&app, &owner, &provider, "ann@example.org", "EDITOR").await), ["DUPLICATE email"]);
        let raised = invite(&app, &owner, &provider, "ann@example.org", "OWNER").await;
        assert_eq!(accept(&app, &editor, &raised).await["membership"]["role"], "OWNER", "an editor may be made an owner");
    }

    async fn a_provider_has_fifty_open_invitations_at_most(app: App) {
        let (_, provider, owner) = owned(&app).await;
        for number in 0..50 {
            let made = invite(&app, &owner, &provider, &format!("p{number}@example.org"), "EDITOR").await;
            assert_eq!(user_errors(&made), [""; 0], "{number}");
        }
        assert_eq!(user_errors(&invite(&app, &owner, &provider, "more@example.org", "EDITOR").await), ["LIMIT provider"]);
        let renewed = invite(&app, &owner, &provider, "p7@example.org", "OWNER").await;
        assert_eq!(user_errors(&renewed), [""; 0], "a new one in the place of an old one");
    }

    async fn staff_invite_an_owner_where_there_is_none(app: App) {
        let people = People::of(&app).await;
        let (staff, ann) = (people.staff().await, people.person("ann@example.org").await);
        let id = Catalogue::of(&app).await.provider("Seeded").await;
        let provider = global_id("Provider", id);
        assert_eq!(user_errors(&invite(&app, &staff, &provider, "ann@example.org", "EDITOR").await), ["NOT_ALLOWED role"]);
        let invitation = invite(&app, &staff, &provider, "ann@example.org", "OWNER").await;
        assert_eq!(accept(&app, &ann, &invitation).await["membership"]["role"], "OWNER");
        assert_eq!(user_errors(&invite(&app, &staff, &provider, "bob@example.org", "OWNER").await), ["NOT_ALLOWED role"]);
    }

    async fn rights_end_with_the_membership(app: App) {
        let (id, provider, owner) = owned(&app).await;
        let people = People::of(&app).await;
        let editor = people.member(id, MemberRole::Editor).await;
        let change = json!({ "id": provider, "version": 1, "input": { "note": "Mine" } });
        let update = "mutation($id: ID!, $version: Int!, $input: ProviderPatch!) { \
            payload: updateProvider(id: $id, expectedVersion: $version, input: $input) { userErrors { code path } } }";
        let removed = remove(&app, &owner, &provider, &editor).await;
        assert_eq!((user_errors(&removed), &removed["membership"]["role"]), (vec![], &json!("EDITOR")));
        assert_eq!(error(&app.ask_as(&editor.token, update, change.clone()).await), "FORBIDDEN");
        assert_eq!(inside(&app, &editor.token, &provider, "members").await, Value::Null);
        assert_eq!(user_errors(&app.payload(&owner.token, update, change).await), [""; 0]);
        let gone = app.ask_as(&owner.token, REMOVE, json!({ "provider": provider, "account": editor.id })).await;
        assert_eq!(error(&gone), "NOT_FOUND");
    }

    async fn an_editor_leaves_and_removes_nobody_else(app: App) {
        let (id, provider, owner) = owned(&app).await;
        let people = People::of(&app).await;
        let (one, other) = (people.member(id, MemberRole::Editor).await, people.member(id, MemberRole::Editor).await);
        let foreign = json!({ "provider": provider, "account": other.id });
        assert_eq!(error(&app.ask_as(&one.token, REMOVE, foreign).await), "FORBIDDEN");
        assert_eq!(user_errors(&remove(&app, &one, &provider, &one).await), [""; 0]);
        let again = json!({ "provider": provider, "account": one.id });
        assert_eq!(error(&app.ask_as(&one.token, REMOVE, again).await), "FORBIDDEN", "a member no more");
        assert_eq!(inside(&app, &owner.token, &provider, "members").await.as_array().unwrap().len(), 2);
    }

    async fn the_last_owner_stays(app: App) {
        let (id, provider, owner) = owned(&app).await;
        let people = People::of(&app).await;
        people.member(id, MemberRole::Editor).await;
        let staff = people.staff().await;
        assert_eq!(user_errors(&remove(&app, &owner, &provider, &owner).await), ["NOT_ALLOWED account"]);
        assert_eq!(user_errors(&remove(&app, &staff, &provider, &owner).await), ["NOT_ALLOWED account"]);
    }

    async fn of_owners_who_remove_each_other_at_once_one_stays(app: App) {
        let (id, provider, ann) = owned(&app).await;
        let bob = People::of(&app).await.member(id, MemberRole::Owner).await;
        let of = |whom: &Person| json!({ "provider": provider, "account": whom.id });
        let (one, other) = futures_util::future::join(
            app.ask_as(&ann.token, REMOVE, of(&bob)), app.ask_as(&bob.token, REMOVE, of(&ann)),
        ).await;
        let done = |answer: &Value| answer["data"]["payload"]["userErrors"] == json!([]);
        assert_eq!([done(&one), done(&other)].iter().filter(|done| **done).count(), 1, "{one:#} {other:#}");
        let refused = if done(&one) { &other } else { &one };
        assert_eq!(error(refused), "FORBIDDEN", "whoever was removed first is a member no more");
    }

    async fn of_owners_who_leave_at_once_one_stays(app: App) {
        let (id, provider, ann) = owned(&app).await;
        let bob = People::of(&app).await.member(id, MemberRole::Owner).await;
        let (one, other) =
            futures_util::future::join(remove(&app, &ann, &provider, &ann), remove(&app, &bob, &provider, &bob)).await;
        let mut outcomes = [user_errors(&one), user_errors(&other)];
        outcomes.sort();
        assert_eq!(outcomes, [vec![], vec!["NOT_ALLOWED account".to_owned()]]);
    }
}
