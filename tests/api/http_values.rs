//! Invalid values: one of the wrong type fails validation, a text without meaning is bad user input.

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

    async fn a_value_of_the_wrong_type_is_named_by_its_place(app: App) {
        let query = "query($f: CourseFilter) { courses(filter: $f) { totalCount } }";
        for (filter, place) in [
            (json!({ "levels": [] }), "f.levels"),
            (json!({ "level": ["BEGINNER", "Expert"] }), "f.level.1"),
            (json!({ "price": { "lte": 10 } }), "f.price.lte"),
            (json!({ "and": [{}, { "query": 1 }] }), "f.and.1.query"),
            (json!([]), "f"),
        ] {
            let (status, answer) = ask(&app, query, json!({ "f": filter })).await;
            assert_eq!(status, 400, "{place}: {answer}");
            let extensions = &answer["errors"][0]["extensions"];
            assert_eq!(extensions["code"], "GRAPHQL_VALIDATION_FAILED", "{place}: {answer}");
            assert_eq!(extensions["argument"], place, "{answer}");
        }
        let quoted = "{ courses(filter: {level: [\"BEGINNER\"]}) { totalCount } }";
        let (status, answer) = ask(&app, quoted, json!({})).await;
        assert_eq!(status, 400, "{answer}");
        assert_eq!(answer["errors"][0]["message"], "filter.level.0: must be a member of Level");
    }

    async fn a_text_that_is_no_date_currency_or_language_is_bad_user_input(app: App) {
        for (filter, argument) in [
            ("updatedSince: \"2025-02-30T00:00:00Z\"", "filter.updatedSince"),
            ("updatedSince: \"2025-01-01T00:00:00+25:00\"", "filter.updatedSince"),
            ("offering: {startsOn: {gte: \"0000-00-00\"}}", "filter.offering.startsOn.gte"),
            ("price: {lte: \"ten\"}", "filter.price.lte"),
            ("price: {lte: \"10\", currency: \"XXY\"}", "filter.price.currency"),
            ("language: [\"\"]", "filter.language.0"),
            ("location: {country: \"ZZ\"}", "filter.location.country"),
        ] {
            let (status, answer) = ask(&app, &format!("{{ courses(filter: {{{filter}}}) {{ totalCount }} }}"), json!({})).await;
            assert_eq!(status, 400, "{filter}: {answer}");
            assert!(answer.get("data").is_none(), "{filter}: {answer}");
            let error = &answer["errors"][0];
            assert_eq!(error["extensions"]["code"], "BAD_USER_INPUT", "{filter}: {answer}");
            assert_eq!(error["extensions"]["argument"], argument, "{filter}: {answer}");
            let rule = format!("{argument}: must be ");
            assert!(error["message"].as_str().unwrap().starts_with(&rule), "{answer}");
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
