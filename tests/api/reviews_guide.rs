//! Runs the examples of docs/reviews.md one after the other.

use entity::MemberRole;
use serde_json::{Map, Value, json};

use crate::support::reviewed_course::ReviewedCourse;
use crate::support::{App, global_id};

const GUIDE: &str = include_str!("../../docs/reviews.md");

/// Asserts that all user errors in the answer are empty.
fn accepted(value: &Value, query: &str) {
    if let Some(fields) = value.as_object() {
        assert_eq!(fields.get("userErrors").unwrap_or(&json!([])), &json!([]), "{query}");
        fields.values().for_each(|field| accepted(field, query));
    }
}

on_both! {
    #![empty]

    async fn every_example_runs_as_it_stands(app: App) {
        let forum = ReviewedCourse::open(&app).await;
        let member = forum.people.member(forum.provider, MemberRole::Editor).await;
        let (author, reader) = (app.sign_up("ann@example.org").await, forum.learner("reader").await);
        let mut known: Map<String, Value> = Map::new();
        known.insert("course".to_owned(), global_id("Course", forum.course).into());
        known.insert("provider".to_owned(), global_id("Provider", forum.provider).into());
        let examples: Vec<&str> = GUIDE.split("```graphql\n").skip(1).map(|rest| rest.split("\n```").next().unwrap()).collect();
        assert_eq!(examples.len(), 12);
        for example in examples {
            let token = match example.lines().next().unwrap() {
                "# everyone" => None,
                "# the author" => Some(&author.token),
                "# a reader" => Some(&reader.token),
                "# the provider" => Some(&member.token),
                "# staff" => Some(&forum.staff.token),
                other => panic!("who is {other}?"),
            };
            let mut variables = known.clone();
            variables.retain(|name, _| example.contains(&format!("${name}:")));
            let answer = match token {
                Some(token) => app.ask_as(token, example, variables.into()).await,
                None => app.ask(example, variables.into()).await,
            };
            assert!(answer.get("errors").is_none(), "{example}\n{answer:#}");
            accepted(&answer["data"], example);
            for (name, pointer) in [("review", "/data/writeReview/review/id"), ("check", "/data/provider/enrolmentChecks/nodes/0/id")] {
                known.extend(answer.pointer(pointer).map(|id| (name.to_owned(), id.clone())));
            }
        }
        assert_eq!(forum.shown("ratings { count average verifiedCount }").await["ratings"], json!({ "count": 1, "average": 4.0, "verifiedCount": 1 }));
    }
}
