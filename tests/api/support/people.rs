//! Signed-in people, and providers' systems.

use catalog::secret::{SERVICE_TOKEN, Secret};
use catalog::write::insert;
use chrono::TimeDelta;
use entity::{MemberRole, account, membership, service_token, session};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, DatabaseConnection, EntityTrait, QueryFilter};
use serde_json::{Value, json};

use super::{App, global_id, next_id};

/// The password of everybody who signs up.
pub const PASSWORD: &str = "correct horse battery staple";

/// A signed-in person.
pub struct Person {
    /// The row of their account.
    pub account: i64,
    /// Its global id.
    pub id: String,
    /// Their access token.
    pub token: String,
    /// Their refresh token; empty for people inserted by `People`.
    pub refresh_token: String,
}

/// People inserted directly, without the work of hashing a password: they have a session, and no password.
pub struct People<'a> {
    app: &'a App,
    pub db: DatabaseConnection,
}

impl<'a> People<'a> {
    /// The people of an application.
    pub async fn of(app: &'a App) -> Self {
        Self { app, db: sea_orm::Database::connect(&app.database_url).await.unwrap() }
    }

    /// A signed-in person.
    pub async fn person(&self, email: &str) -> Person {
        self.insert(email, false).await
    }

    /// A staff member.
    pub async fn staff(&self) -> Person {
        self.insert(&format!("staff{}@example.org", next_id()), true).await
    }

    /// A new member of a provider.
    pub async fn member(&self, provider: i64, role: MemberRole) -> Person {
        let person = self.person(&format!("member{}@example.org", next_id())).await;
        self.join(&person, provider, role).await;
        person
    }

    /// Makes a person a member of a provider.
    pub async fn join(&self, person: &Person, provider_id: i64, role: MemberRole) {
        let row = membership::Model { provider_id, account_id: person.account, role, created_at: self.app.now() };
        insert::<membership::Entity>(&self.db, vec![row]).await.unwrap_or_else(|error| panic!("{}", error.cause()));
    }

    /// Makes a person a staff member.
    pub async fn promote(&self, person: &Person) {
        let change = account::Entity::update_many().col_expr(account::Column::Staff, Expr::value(true));
        change.filter(account::Column::Id.eq(person.account)).exec(&self.db).await.unwrap();
    }

    /// A service token of a provider, valid for a year.
    pub async fn service_token(&self, provider_id: i64) -> String {
        let token = Secret::new(SERVICE_TOKEN).unwrap_or_else(|error| panic!("{}", error.cause()));
        let (created_at, name) = (self.app.now(), "nightly sync".to_owned());
        let expires_at = created_at + TimeDelta::days(365);
        let (id, hash) = (next_id(), token.hash());
        let (revoked_at, created_by) = (None, None);
        let row = service_token::Model { id, provider_id, name, hash, created_at, expires_at, revoked_at, created_by };
        insert::<service_token::Entity>(&self.db, vec![row]).await.unwrap_or_else(|error| panic!("{}", error.cause()));
        token.reveal()
    }

    /// An access token of a new session of this account, valid for a quarter of an hour from now.
    pub async fn session(&self, account: i64) -> String {
        let (session, now) = (next_id(), self.app.now());
        let expires_at = now + TimeDelta::days(30);
        let row = session::Model { id: session, account_id: account, created_at: now, expires_at, ended_at: None };
        insert::<session::Entity>(&self.db, vec![row]).await.unwrap_or_else(|error| panic!("{}", error.cause()));
        let issued = self.app.auth.tokens.issue(account, session).await;
        issued.unwrap_or_else(|error| panic!("{}", error.cause())).token
    }

    async fn insert(&self, email: &str, staff: bool) -> Person {
        let (account, now) = (next_id(), self.app.now());
        let row = account::Model {
            id: account,
            email: email.to_owned(),
            display_name: email.split('@').next().unwrap().to_owned(),
            password_hash: None,
            staff,
            email_verified_at: Some(now),
            created_at: now,
        };
        insert::<account::Entity>(&self.db, vec![row]).await.unwrap_or_else(|error| panic!("{}", error.cause()));
        let token = self.session(account).await;
        Person { account, id: global_id("Account", account), token, refresh_token: String::new() }
    }
}

impl App {
    /// The time of the application's clock.
    pub fn now(&self) -> chrono::DateTime<chrono::Utc> {
        catalog::clock::Clock::now(&*self.clock)
    }

    /// Creates an account through the API.
    pub async fn sign_up(&self, email: &str) -> Person {
        let query = "mutation($input: SignUpInput!) { session: signUp(input: $input) \
                     { account { id } accessToken refreshToken userErrors { code } } }";
        let input = json!({ "email": email, "password": PASSWORD, "displayName": "Ann" });
        person(&self.ask(query, json!({ "input": input })).await)
    }

    /// The whole answer to a GraphQL request with this token.
    pub async fn ask_as(&self, token: &str, query: &str, variables: Value) -> Value {
        let body = json!({ "query": query, "variables": variables });
        let request = self.client.post(format!("{}/graphql", self.address)).bearer_auth(token).json(&body);
        request.send().await.unwrap().json().await.unwrap()
    }
}

impl App {
    /// The mail to an address, in no order.
    pub async fn letters(&self, address: &str) -> Vec<String> {
        self.outbox.wait_until_empty().await;
        let files = std::fs::read_dir(self.folder.join("mail")).unwrap();
        let letters = files.map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap());
        letters.filter(|letter| letter.contains(&format!("\r\nTo: {address}\r\n"))).collect()
    }

    /// The payload of a mutation with the alias `payload`, sent with this token; there must be no error.
    pub async fn payload(&self, token: &str, query: &str, variables: Value) -> Value {
        let mut answer = self.ask_as(token, query, variables).await;
        assert!(answer.get("errors").is_none(), "{query}\n{answer:#}");
        answer["data"]["payload"].take()
    }
}

/// The codes and paths of user errors, as `CODE path`.
pub fn user_errors(payload: &Value) -> Vec<String> {
    let fault = |fault: &Value| {
        let path: Vec<&str> = fault["path"].as_array().unwrap().iter().map(|step| step.as_str().unwrap()).collect();
        format!("{} {}", fault["code"].as_str().unwrap(), path.join("."))
    };
    payload["userErrors"].as_array().unwrap_or_else(|| panic!("{payload:#}")).iter().map(fault).collect()
}

/// The person who signed in with the mutation under `session` of an answer.
pub fn person(answer: &Value) -> Person {
    let session = &answer["data"]["session"];
    let text = |name: &str| session[name].as_str().unwrap_or_else(|| panic!("{answer:#}")).to_owned();
    let id = session["account"]["id"].as_str().unwrap_or_else(|| panic!("{answer:#}")).to_owned();
    Person { account: row(&id), id, token: text("accessToken"), refresh_token: text("refreshToken") }
}

/// The row of a global id.
pub fn row(id: &str) -> i64 {
    use base64::Engine;
    let text = base64::prelude::BASE64_URL_SAFE_NO_PAD.decode(id).unwrap();
    String::from_utf8(text).unwrap().split_once(':').unwrap().1.parse().unwrap()
}
