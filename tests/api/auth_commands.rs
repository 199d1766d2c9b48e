//! `lectern account`: the first account of the staff is made beside the API.

use std::io::Write;

use serde_json::json;

use crate::support::people::PASSWORD;
use crate::support::{App, Program};

on_both! {
    #![empty]

    async fn whoever_runs_the_catalogue_makes_the_first_account_of_the_staff(app: App) {
        let create = async |arguments: &str, password: &str| {
            let mut child = Program::beside(&app).start(&format!("account create {arguments}"));
            child.stdin.take().unwrap().write_all(password.as_bytes()).unwrap();
            app.ended(child).await
        };
        let made = create("--email Ann@example.org --name Ann --staff", &format!("{PASSWORD}\n")).await;
        assert_eq!((made.code, made.out.as_str()), (Some(0), "there is an account for ann@example.org\n"), "{}", made.error);
        let query = "mutation($input: SignInInput!) { signIn(input: $input) { account { displayName staff emailVerified } } }";
        let answer = app.ask(query, json!({ "input": { "email": "ann@example.org", "password": PASSWORD } })).await;
        assert_eq!(answer["data"]["signIn"]["account"], json!({ "displayName": "Ann", "staff": true, "emailVerified": true }));
        let again = create("--email ann@example.org --name Ann", PASSWORD).await;
        assert_eq!((again.code, again.error.contains("email: TAKEN")), (Some(1), true), "{}", again.error);
        let wrong = create("--email ann --name Ann", "short").await;
        assert_eq!((wrong.code, wrong.error.contains("email: INVALID") && wrong.error.contains("password: TOO_SHORT")), (Some(1), true), "{}", wrong.error);
        assert!(!wrong.error.contains("short\n") && !again.error.contains(PASSWORD));
    }
}
