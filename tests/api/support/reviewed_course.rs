//! A course that learners review.

use serde_json::{Value, json};

use super::people::Person;
use super::{App, Catalogue, People, global_id, next_id};

/// The fields of a review that tests check.
pub const REVIEW: &str = "id author rating status verification version helpfulCount body title";

/// A published course of an active provider, and a staff member.
pub struct ReviewedCourse<'a> {
    pub app: &'a App,
    pub people: People<'a>,
    pub catalogue: Catalogue,
    pub provider: i64,
    pub course: i64,
    pub staff: Person,
}

/// A valid review of so many stars.
pub fn stars(rating: i64) -> Value {
    json!({ "rating": rating, "body": "I have learnt a lot in it.", "relation": "GRADUATE", "incentive": false })
}

/// The same with other or additional fields.
pub fn review(change: Value) -> Value {
    let mut input = stars(4);
    for (name, value) in change.as_object().unwrap() {
        input[name] = value.clone();
    }
    input
}

impl<'a> ReviewedCourse<'a> {
    pub async fn open(app: &'a App) -> Self {
        let (people, catalogue) = (People::of(app).await, Catalogue::of(app).await);
        let provider = catalogue.provider("School").await;
        let course = catalogue.course(provider, "Course").await;
        app.reached(catalogue.position().await).await;
        let staff = people.staff().await;
        Self { app, people, catalogue, provider, course, staff }
    }

    /// Advances the clock by a second, so that what follows is newer.
    pub fn tick(&self) {
        self.app.clock.set(&(self.app.now() + chrono::TimeDelta::seconds(1)).to_rfc3339());
    }

    /// A signed-in person whose address is verified.
    pub async fn learner(&self, name: &str) -> Person {
        self.people.person(&format!("{name}@example{}.org", next_id())).await
    }

    /// The payload of a mutation. Of a hundred concurrent writers, some are told to try again, and do.
    async fn payload(&self, token: &str, query: &str, variables: Value) -> Value {
        for _ in 0..20 {
            let mut answer = self.app.ask_as(token, query, variables.clone()).await;
            if answer["errors"][0]["extensions"]["code"] != "SERVICE_UNAVAILABLE" {
                assert!(answer.get("errors").is_none(), "{query}\n{answer:#}");
                return answer["data"]["payload"].take();
            }
        }
        panic!("nobody was let in: {query}");
    }

    /// The payload of a mutation on reviews, written in GraphQL, sent with this token.
    pub async fn send(&self, token: &str, mutation: &str) -> Value {
        let query = format!(
            "mutation {{ payload: {mutation} {{ review {{ {REVIEW} }} userErrors {{ code path message }} }} }}"
        );
        self.payload(token, &query, json!({})).await
    }

    /// The code of the error that refuses a mutation.
    pub async fn refused(&self, token: &str, mutation: &str) -> String {
        let query = format!("mutation {{ payload: {mutation} {{ userErrors {{ code }} }} }}");
        let answer = self.app.ask_as(token, &query, json!({})).await;
        answer["errors"][0]["extensions"]["code"].as_str().unwrap_or_else(|| panic!("{answer:#}")).to_owned()
    }

    /// The payload of writing a review of a course.
    pub async fn write_of(&self, course: i64, author: &Person, input: Value) -> Value {
        let query = format!(
            "mutation($course: ID!, $input: ReviewInput!) {{ payload: writeReview(course: $course, input: $input) {{ review {{ {REVIEW} }} userErrors {{ code path message }} }} }}"
        );
        let course = global_id("Course", course);
        self.payload(&author.token, &query, json!({ "course": course, "input": input })).await
    }

    /// The payload of writing a review of the forum's course.
    pub async fn write(&self, author: &Person, input: Value) -> Value {
        self.write_of(self.course, author, input).await
    }

    /// The payload of changing a review that was read in this version.
    pub async fn update(&self, author: &Person, review: &Value, input: Value) -> Value {
        let query = format!(
            "mutation($id: ID!, $version: Int!, $input: ReviewInput!) {{ payload: updateReview(id: $id, expectedVersion: $version, input: $input) {{ review {{ {REVIEW} }} userErrors {{ code path message }} }} }}"
        );
        let variables = json!({ "id": review["id"], "version": review["version"], "input": input });
        self.payload(&author.token, &query, variables).await
    }

    /// The payload of a staff decision.
    pub async fn decide(&self, review: &Value, status: &str) -> Value {
        let decision = format!("moderateReview(id: {}, status: {status}, reason: \"It was looked at.\")", review["id"]);
        self.send(&self.staff.token, &decision).await
    }

    /// A valid review of the course, as it was written.
    pub async fn written(&self, author: &Person, rating: i64) -> Value {
        let mut payload = self.write(author, stars(rating)).await;
        assert_eq!(payload["userErrors"], json!([]));
        payload["review"].take()
    }

    /// A review of the course that staff have published.
    pub async fn published(&self, author: &Person, rating: i64) -> Value {
        let review = self.written(author, rating).await;
        let mut payload = self.decide(&review, "PUBLISHED").await;
        assert_eq!(payload["userErrors"], json!([]));
        payload["review"].take()
    }

    /// These fields of the course, as everyone sees them.
    pub async fn shown(&self, fields: &str) -> Value {
        let id = global_id("Course", self.course);
        self.app.data(&format!("{{ course(by: {{id: {id:?}}}) {{ {fields} }} }}")).await["course"].take()
    }

    /// These fields of the course, as a person sees them.
    pub async fn shown_to(&self, person: &Person, fields: &str) -> Value {
        let query = format!("{{ payload: course(by: {{id: {:?}}}) {{ {fields} }} }}", global_id("Course", self.course));
        self.app.payload(&person.token, &query, json!({})).await
    }
}
