//! Mail: what is sent to whom, and what its links can be used for.

use serde_json::{Value, json};

use crate::support::App;
use crate::support::people::{PASSWORD, Person, person};

const VIEWER: &str = "{ viewer { email emailVerified } }";
const NEW: &str = "another horse another staple";

/// Returns the token of the only mail to an address whose link leads to a page, and removes the mail from the folder.
async fn token(app: &App, address: &str, page: &str) -> String {
    let link = format!("http://localhost:3000/{page}#token=");
    let letters: Vec<String> = app.letters(address).await;
    let [letter] = &letters.iter().filter(|letter| letter.contains(&link)).collect::<Vec<_>>()[..] else {
        panic!("{letters:#?}")
    };
    letter.split(&link).nth(1).unwrap().split_whitespace().next().unwrap().to_owned()
}

/// Codes and paths of the user errors of a mutation.
async fn done(app: &App, asked_by: Option<&Person>, mutation: &str) -> Vec<String> {
    let query = format!("mutation {{ done: {mutation} {{ userErrors {{ code path }} }} }}");
    let answer = match asked_by {
        Some(person) => app.ask_as(&person.token, &query, json!({})).await,
        None => app.ask(&query, json!({})).await,
    };
    let user_errors = answer["data"]["done"]["userErrors"].as_array().unwrap_or_else(|| panic!("{answer:#}"));
    user_errors
        .iter()
        .map(|fault| format!("{} {}", fault["code"].as_str().unwrap(), fault["path"][0].as_str().unwrap()))
        .collect()
}

async fn is_verified(app: &App, person: &Person) -> Value {
    app.ask_as(&person.token, VIEWER, json!({})).await["data"]["viewer"]["emailVerified"].take()
}

async fn sign_in(app: &App, password: &str) -> Value {
    let query =
        "mutation($input: SignInInput!) { session: signIn(input: $input) { account { id } accessToken refreshToken } }";
    app.ask(query, json!({ "input": { "email": "ann@example.org", "password": password } })).await
}

on_both! {
    #![empty]

    async fn an_address_is_verified_by_the_link_that_was_sent_to_it(app: App) {
        let ann = app.sign_up("ann@example.org").await;
        let token = token(&app, "ann@example.org", "verify-email").await;
        assert_eq!(is_verified(&app, &ann).await, false);
        assert_eq!(done(&app, None, "verifyEmail(token: \"lectern_ml_x\")").await, ["EXPIRED token"]);
        assert_eq!(done(&app, None, &format!("resetPassword(token: {token:?}, password: {NEW:?})")).await, ["EXPIRED token"]);
        assert_eq!(done(&app, None, &format!("verifyEmail(token: {token:?})")).await, [""; 0]);
        assert_eq!(is_verified(&app, &ann).await, true);
        assert_eq!(done(&app, None, &format!("verifyEmail(token: {token:?})")).await, ["EXPIRED token"]);
        assert_eq!(done(&app, Some(&ann), "requestEmailVerification").await, [""; 0]);
        assert_eq!(app.letters("ann@example.org").await.len(), 1);
    }

    async fn a_link_that_verifies_is_good_for_a_day_and_until_the_next_one_is_sent(app: App) {
        let ann = app.sign_up("ann@example.org").await;
        let first = token(&app, "ann@example.org", "verify-email").await;
        std::fs::remove_dir_all(app.folder.join("mail")).unwrap();
        std::fs::create_dir(app.folder.join("mail")).unwrap();
        assert_eq!(done(&app, Some(&ann), "requestEmailVerification").await, [""; 0]);
        let second = token(&app, "ann@example.org", "verify-email").await;
        assert_eq!(done(&app, None, &format!("verifyEmail(token: {first:?})")).await, ["EXPIRED token"]);
        app.clock.set("2026-06-02T12:00:00Z");
        assert_eq!(done(&app, None, &format!("verifyEmail(token: {second:?})")).await, ["EXPIRED token"]);
        app.clock.set("2026-06-02T11:59:59Z");
        assert_eq!(done(&app, None, &format!("verifyEmail(token: {second:?})")).await, [""; 0]);
    }

    async fn a_forgotten_password_is_replaced_by_the_link_and_everybody_is_signed_out(app: App) {
        let ann = app.sign_up("ann@example.org").await;
        for address in ["ANN@example.org", "nobody@example.org"] {
            assert_eq!(done(&app, None, &format!("requestPasswordReset(email: {address:?})")).await, [""; 0]);
        }
        assert_eq!(done(&app, None, "requestPasswordReset(email: \"no address\")").await, ["INVALID email"]);
        let token = token(&app, "ann@example.org", "reset-password").await;
        assert_eq!(app.letters("nobody@example.org").await.len(), 0);
        assert_eq!(done(&app, None, &format!("resetPassword(token: {token:?}, password: \"short\")")).await, ["TOO_SHORT password"]);
        assert_eq!(done(&app, None, &format!("resetPassword(token: {token:?}, password: {NEW:?})")).await, [""; 0]);
        assert_eq!(app.ask_as(&ann.token, VIEWER, json!({})).await["errors"][0]["extensions"]["code"], "UNAUTHENTICATED");
        assert_eq!(sign_in(&app, PASSWORD).await["data"]["session"]["accessToken"], Value::Null);
        let ann = person(&sign_in(&app, NEW).await);
        assert_eq!(is_verified(&app, &ann).await, true);
        assert_eq!(done(&app, None, &format!("resetPassword(token: {token:?}, password: {NEW:?})")).await, ["EXPIRED token"]);
        assert_eq!(app.letters("ann@example.org").await.iter().filter(|letter| letter.contains("Your password has been changed")).count(), 1);
    }

    async fn a_link_that_resets_is_good_for_an_hour(app: App) {
        app.sign_up("ann@example.org").await;
        assert_eq!(done(&app, None, "requestPasswordReset(email: \"ann@example.org\")").await, [""; 0]);
        let token = token(&app, "ann@example.org", "reset-password").await;
        app.clock.set("2026-06-01T13:00:00Z");
        assert_eq!(done(&app, None, &format!("resetPassword(token: {token:?}, password: {NEW:?})")).await, ["EXPIRED token"]);
    }

    async fn whoever_knows_the_password_changes_it_and_all_other_sessions_end(app: App) {
        let (ann, other) = (app.sign_up("ann@example.org").await, person(&sign_in(&app, PASSWORD).await));
        let change = |current: &str, new: &str| format!("changePassword(currentPassword: {current:?}, newPassword: {new:?})");
        assert_eq!(done(&app, Some(&ann), &change("wrong", NEW)).await, ["WRONG_CREDENTIALS currentPassword"]);
        assert_eq!(done(&app, Some(&ann), &change(PASSWORD, "short")).await, ["TOO_SHORT newPassword"]);
        let query = format!("mutation {{ session: {} {{ account {{ id }} accessToken refreshToken }} }}", change(PASSWORD, NEW));
        let again = person(&app.ask_as(&ann.token, &query, json!({})).await);
        for old in [&ann, &other] {
            assert_eq!(app.ask_as(&old.token, VIEWER, json!({})).await["errors"][0]["extensions"]["code"], "UNAUTHENTICATED");
        }
        assert_eq!(app.ask_as(&again.token, VIEWER, json!({})).await["data"]["viewer"]["email"], "ann@example.org");
        assert_eq!(sign_in(&app, PASSWORD).await["data"]["session"]["accessToken"], Value::Null);
        assert!(sign_in(&app, NEW).await["data"]["session"]["accessToken"].is_string());
        assert_eq!(app.ask(&query, json!({})).await["errors"][0]["extensions"]["code"], "UNAUTHENTICATED");
    }
}
