//! `lectern account`: the first staff account is created outside the API.

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

    async fn who_belongs_to_the_staff_is_said_by_whoever_runs_the_catalogue(app: App) {
        let ann = app.sign_up("ann@example.org").await;
        app.sign_up("bob@example.org").await;
        let refused = app.command("account staff --email ann@example.org --grant").await;
        assert_eq!(refused.code, Some(1));
        assert!(refused.error.contains("--email: the address is not verified"), "{}", refused.error);
        let staff = async || app.ask_as(&ann.token, "{ viewer { staff } }", json!({})).await["data"]["viewer"]["staff"].take();
        assert_eq!(staff().await, json!(false));
        assert_eq!(staff().await, json!(false));
        for (change, holds, listed) in [("--grant --verified", true, "ann@example.org\tAnn\tstaff\n"), ("--revoke", false, "")] {
            let changed = app.command(&format!("account staff --email Ann@Example.org {change}")).await;
            assert_eq!(changed.code, Some(0), "{}", changed.error);
            assert_eq!(staff().await, json!(holds), "it holds at once, also for who is signed in");
            assert_eq!(app.command("account list --staff").await.out, listed);
        }
        let again = app.command("account staff --email ann@example.org --grant").await;
        assert_eq!(again.code, Some(0), "it is verified now: {}", again.error);
        let all = app.command("account list").await.out;
        assert_eq!(all, "ann@example.org\tAnn\tstaff\nbob@example.org\tAnn\t\n");
        for nobody in ["eve@example.org", "eve"] {
            let refused = app.command(&format!("account staff --email {nobody} --grant")).await;
            assert_eq!((refused.code, refused.error.as_str()), (Some(1), "lectern: --email: there is no account with this address\n"));
        }
        for unclear in ["", "--grant --revoke", "--revoke --verified"] {
            assert_eq!(app.command(&format!("account staff --email ann@example.org {unclear}")).await.code, Some(2), "{unclear}");
        }
    }
}
