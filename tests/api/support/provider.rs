//! A provider whose member writes.

use entity::{MemberRole, ProviderStatus};
use sea_orm::ActiveValue::Set;
use serde_json::{Value, json};

use super::{App, Catalogue, People, global_id};

/// The fields of a course that tests check.
pub const COURSE: &str = "id slug title status version publishedAt scheduledFor externalKey";

/// A provider with a member.
pub struct ProviderWithEditor<'a> {
    pub app: &'a App,
    pub row: i64,
    pub id: String,
    pub token: String,
}

impl<'a> ProviderWithEditor<'a> {
    /// An active provider with an editor.
    pub async fn open(app: &'a App) -> Self {
        Self::with_status(app, ProviderStatus::Active).await
    }

    /// A provider with an editor.
    pub async fn with_status(app: &'a App, status: ProviderStatus) -> Self {
        let catalogue = Catalogue::of(app).await;
        let row = catalogue.provider_with("School", |row| row.status = Set(status)).await;
        app.reached(catalogue.position().await).await;
        let token = People::of(app).await.member(row, MemberRole::Editor).await.token;
        Self { app, row, id: global_id("Provider", row), token }
    }

    /// The data of a query by its member, which must not fail.
    pub async fn data(&self, query: &str, variables: Value) -> Value {
        let mut answer = self.app.ask_as(&self.token, query, variables).await;
        assert!(answer.get("errors").is_none(), "{query}\n{answer:#}");
        answer["data"].take()
    }

    /// The payload of a mutation; its arguments are passed as variables, which `query` declares and uses.
    async fn payload(&self, query: &str, variables: Value) -> Value {
        self.data(query, variables).await["done"].take()
    }

    /// Creates a course.
    pub async fn create(&self, input: Value) -> Value {
        let query = format!(
            "mutation($p: ID!, $i: CourseInput!) {{ done: createCourse(provider: $p, input: $i) {{ course {{ {COURSE} }} userErrors {{ code path message }} }} }}"
        );
        self.payload(&query, json!({ "p": self.id, "i": input })).await
    }

    /// A new course of this title, which must be accepted.
    pub async fn course(&self, title: &str) -> Value {
        let mut payload = self.create(json!({ "title": title, "kind": "COURSE" })).await;
        assert_eq!(payload["userErrors"], json!([]));
        payload["course"].take()
    }

    /// Changes a course in the version that was read.
    pub async fn update(&self, course: &Value, patch: Value) -> Value {
        let query = format!(
            "mutation($id: ID!, $v: Int!, $i: CoursePatch!) {{ done: updateCourse(id: $id, expectedVersion: $v, input: $i) {{ course {{ {COURSE} }} userErrors {{ code path message }} }} }}"
        );
        self.payload(&query, json!({ "id": course["id"], "v": course["version"], "i": patch })).await
    }

    /// publishCourse, unpublishCourse or retireCourse, with more arguments written in GraphQL.
    pub async fn turn(&self, mutation: &str, course: &Value, more: &str) -> Value {
        let query = format!(
            "mutation($id: ID!, $v: Int!) {{ done: {mutation}(id: $id, expectedVersion: $v {more}) {{ course {{ {COURSE} }} userErrors {{ code path message }} }} }}"
        );
        self.payload(&query, json!({ "id": course["id"], "v": course["version"] })).await
    }

    /// A published course of this title.
    pub async fn published(&self, title: &str) -> Value {
        let course = self.course(title).await;
        let mut payload = self.turn("publishCourse", &course, "").await;
        assert_eq!(payload["userErrors"], json!([]));
        payload["course"].take()
    }
}

/// The code and path of each user error of a payload, e.g. "INVALID input.url", in order.
pub fn user_errors(payload: &Value) -> Vec<String> {
    let errors = payload["userErrors"].as_array().unwrap_or_else(|| panic!("{payload:#}"));
    let steps = |error: &Value| {
        let steps = error["path"].as_array().unwrap().iter();
        steps.map(|step| step.as_str().unwrap().to_owned()).collect::<Vec<_>>().join(".")
    };
    let mut user_errors: Vec<String> =
        errors.iter().map(|error| format!("{} {}", error["code"].as_str().unwrap(), steps(error))).collect();
    user_errors.sort();
    user_errors
}
