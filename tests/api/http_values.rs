//! Values that do not fit: faults of the request where the type is wrong, of the field where the text says nothing.

use serde_json::{Value, json};

use crate::support::App;

async fn ask(app: &App, query: &str, variables: Value) -> (u16, Value) {
    let request = app.client.post(format!("{}/graphql", app.address));
    let request = request.header("accept", "application/graphql-response+json");
    let answer = request.json(&json!({ "query": query, "variables": variables })).send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

on_both! {
    async fn a_value_of_the_wrong_type_is_a_fault_of_the_request(app: App) {
        for (query, variables) in [
            ("{ courses(first: 2147483648) { totalCount } }", json!({})),
            ("query($n: Int) { courses(first: $n) { totalCount } }", json!({ "n": 2_147_483_648_u64 })),
            ("query($n: Int) { courses(first: $n) { totalCount } }", json!({ "n": 1.5 })),
            ("query($a: ID!) { courses { totalCount } node(id: $a) { id } }", json!({})),
            ("query($b: CourseBy!) { course(by: $b) { slug } }", json!({ "b": "c1" })),
        ] {
            let (status, answer) = ask(&app, query, variables).await;
            assert_eq!(status, 400, "{query}: {answer}");
            assert!(answer.get("data").is_none(), "{query}: {answer}");
            assert_eq!(answer["errors"][0]["extensions"]["code"], "GRAPHQL_VALIDATION_FAILED", "{query}: {answer}");
        }
    }

    async fn a_text_that_is_no_date_currency_or_language_is_bad_user_input(app: App) {
        for filter in [
            "updatedSince: \"2025-02-30T00:00:00Z\"",
            "updatedSince: \"2025-01-01T00:00:00+25:00\"",
            "offering: {startsOn: {gte: \"0000-00-00\"}}",
            "price: {lte: \"ten\"}",
            "price: {lte: \"10\", currency: \"XXY\"}",
            "language: [\"\"]",
            "location: {country: \"ZZ\"}",
        ] {
            let (status, answer) = ask(&app, &format!("{{ courses(filter: {{{filter}}}) {{ totalCount }} }}"), json!({})).await;
            assert_eq!(status, 200, "{filter}: {answer}");
            assert_eq!(answer["errors"][0]["extensions"]["code"], "BAD_USER_INPUT", "{filter}: {answer}");
        }
    }

    async fn more_values_than_a_request_needs_are_refused_before_they_are_taken_apart(app: App) {
        let query = "query($f: [CourseFilter!]) { courses(filter: {and: $f}) { totalCount } }";
        let (status, answer) = ask(&app, query, json!({ "f": vec![json!({}); 20_000] })).await;
        assert_eq!(status, 400);
        assert_eq!(answer["errors"][0]["extensions"]["code"], "QUERY_TOO_COMPLEX", "{answer}");
        assert_eq!(answer["errors"][0]["extensions"]["limit"], 2_000);
    }
}
