//! Faults of a request are found before anything of it runs, and are reported once.

use catalog::auth::{Mutation, Requirement};
use sea_orm::Iterable;
use serde_json::{Value, json};

use crate::support::people::People;
use crate::support::{App, Catalogue};

/// Asserts that nothing ran (no data, no statement), and returns the only error.
async fn refused(app: &App, token: Option<&str>, query: &str, variables: Value) -> Value {
    let (before, writes) = (app.statements().await, app.metric("lectern_write_statements_total").await);
    let answer = match token {
        Some(token) => app.ask_as(token, query, variables).await,
        None => app.ask(query, variables).await,
    };
    // Identifying a signed-in caller takes one statement.
    let identified = u64::from(token.is_some());
    assert_eq!(app.statements().await, before + identified, "{query}: {answer}");
    assert_eq!(app.metric("lectern_write_statements_total").await, writes, "{query}: {answer}");
    assert!(answer.get("data").is_none(), "{query}: {answer}");
    assert_eq!(answer["errors"].as_array().map(Vec::len), Some(1), "{query}: {answer}");
    answer["errors"][0].clone()
}

fn code(error: &Value) -> &str {
    error["extensions"]["code"].as_str().unwrap_or_else(|| panic!("{error}"))
}

/// Bad input of each kind for a mutation of which only the name is known.
fn with_bad_input(mutation: &str) -> Vec<(String, Value)> {
    let plain = [
        "{ NAME { __typename } }",
        "{ NAME { nonsense } }",
        "{ NAME(nonsense: 1) { __typename } }",
        "{ NAME(id: {}, input: 5, course: 7.5, provider: [1], validateOnly: \"no\") { __typename } }",
        "{ NAME(id: null, input: null, course: null) { __typename } }",
        "{ NAME(input: {at: \"2026-02-30\", email: \"\", kind: NONSENSE, nonsense: 1}) { __typename } }",
        "{ NAME(id: \"nonsense\", course: \"nonsense\", expectedVersion: 2147483648) { __typename } }",
        "{ NAME { course { reviews(first: 0) { totalCount } offerings(after: \"x\") { totalCount } } } }",
        "{ ...F } fragment F on Mutation { ... { a: NAME(input: \"2026-02-30\") { __typename } } }",
        "($v: Int!) { NAME(input: $v) { __typename } }",
        "($v: Nonsense) { NAME(input: $v, id: $w) { __typename } }",
    ];
    let named = |text: &str| format!("mutation{}", text.replace("NAME", mutation));
    let mut all: Vec<_> = plain.iter().map(|text| (named(text), json!({}))).collect();
    all.push((named("($v: Int!, $w: [ID!]) { NAME(input: $v, id: $w) { __typename } }"), json!({ "v": "x", "w": {} })));
    all
}

async fn get(app: &App, query: &str) -> (u16, Value) {
    let answer = app.get(&format!("/graphql?query=%7B__typename%7D&{query}")).await;
    (answer.status().as_u16(), answer.json().await.unwrap())
}

on_both! {
    async fn whoever_has_not_signed_in_learns_nothing_about_the_input_of_a_mutation(app: App) {
        for mutation in Mutation::iter().filter(|mutation| mutation.requirement() != Requirement::Anyone) {
            for (query, variables) in with_bad_input(json!(mutation).as_str().unwrap()) {
                let error = refused(&app, None, &query, variables).await;
                assert_eq!(code(&error), "UNAUTHENTICATED", "{query}: {error}");
            }
        }
    }

    async fn a_mutation_that_needs_an_account_keeps_those_beside_it_from_running(app: App) {
        let sign_up = "signUp(input: {email: \"ann@example.org\", password: \"correct horse battery\", displayName: \"Ann\"}) { accessToken userErrors { code } }";
        let error = refused(&app, None, &format!("mutation {{ {sign_up} deleteReview(id: 1) {{ __typename }} }}"), json!({})).await;
        assert_eq!(code(&error), "UNAUTHENTICATED", "{error}");
        let answer = app.ask(&format!("mutation {{ {sign_up} }}"), json!({})).await;
        assert!(answer["data"]["signUp"]["accessToken"].is_string(), "{answer}");
    }

    async fn a_page_that_cannot_be_is_found_before_anything_runs(app: App) {
        let skills = app.data("{ skills(first: 1) { pageInfo { endCursor } } }").await;
        let foreign = &skills["skills"]["pageInfo"]["endCursor"];
        let cases = [
            ("{ providers { totalCount } courses(first: 101) { totalCount } }".to_owned(), json!({}), "first"),
            ("{ courses { nodes { title reviews(first: -1) { totalCount } } } }".to_owned(), json!({}), "first"),
            ("{ courses { nodes { ...C } } } fragment C on Course { ... { description similar(first: 21) { title } } }".to_owned(), json!({}), "first"),
            ("{ courses { nodes { ...A } } } fragment A on Course { ...B } fragment B on Course { offerings(first: 0) { totalCount } }".to_owned(), json!({}), "first"),
            ("{ providers { nodes { courses(last: 0) { totalCount } } } }".to_owned(), json!({}), "last"),
            ("{ providers { nodes { courses(first: 1, last: 1) { totalCount } } } }".to_owned(), json!({}), "last"),
            ("query($n: Int) { courses(last: $n) { totalCount } providers { totalCount } }".to_owned(), json!({ "n": 0 }), "last"),
            ("query($n: Int = 101) { courses { nodes { offerings(first: $n) { totalCount } } } }".to_owned(), json!({}), "first"),
            ("query($n: Int, $m: Int = 2) { providers(first: $n, last: $m) { totalCount } }".to_owned(), json!({ "n": 1 }), "last"),
            ("{ courses { facets { skills(first: 0) { count } } } }".to_owned(), json!({}), "first"),
            ("{ courses { nodes { offerings(after: \"x\") { totalCount } } } }".to_owned(), json!({}), "after"),
            ("query($c: String) { providers { nodes { courses(before: $c) { totalCount } } } }".to_owned(), json!({ "c": "" }), "before"),
            (format!("{{ courses {{ nodes {{ offerings(after: {foreign}) {{ totalCount }} }} }} }}"), json!({}), "after"),
            ("query($s: Boolean!) { courses(first: 0) @skip(if: $s) { totalCount } }".to_owned(), json!({ "s": true }), "first"),
        ];
        for (query, variables, argument) in cases {
            let error = refused(&app, None, &query, variables).await;
            assert_eq!((code(&error), &error["extensions"]["argument"]), ("BAD_USER_INPUT", &json!(argument)), "{query}: {error}");
        }
        let answer = app.ask("query($n: Int) { courses(first: $n, last: 1) { totalCount } }", json!({ "n": null })).await;
        assert!(answer.get("errors").is_none(), "{answer}");
    }

    async fn a_mutation_is_not_written_where_its_answer_asks_for_a_page_that_cannot_be(app: App) {
        let (people, catalogue) = (People::of(&app).await, Catalogue::of(&app).await);
        let ann = people.person("ann@example.org").await;
        let before = catalogue.position().await;
        for page in ["first: 0", "first: 101", "after: \"x\""] {
            let register = "registerProvider(input: {name: \"One\", kind: PLATFORM})";
            let query = format!("mutation {{ a: {register} {{ provider {{ id }} }} b: {register} {{ provider {{ listings({page}) {{ totalCount }} }} }} }}");
            let error = refused(&app, Some(&ann.token), &query, json!({})).await;
            assert_eq!(code(&error), "BAD_USER_INPUT", "{query}: {error}");
        }
        assert_eq!(catalogue.position().await, before);
    }

    async fn empty_parameters_of_an_address_are_as_none(app: App) {
        for empty in [
            "variables=", "extensions=", "variables=&extensions=", "variables=%20", "extensions=%20%0A", "variables=+", "variables=null",
            "extensions=null", "variables={}", "extensions={}", "variables",
        ] {
            let (status, answer) = get(&app, empty).await;
            assert_eq!((status, &answer["data"]["__typename"]), (200, &json!("Query")), "{empty}: {answer}");
        }
        for wrong in ["variables=x", "variables=[]", "extensions=1", "variables=%22%22", "query="] {
            let (status, answer) = get(&app, wrong).await;
            assert_eq!((status, code(&answer["errors"][0])), (400, "BAD_REQUEST"), "{wrong}: {answer}");
        }
    }

    async fn unknown_directives_are_one_error_wherever_they_stand(app: App) {
        let same = "@nonsense ".repeat(10);
        let different: String = (0..10).map(|number| format!("@d{number} ")).collect();
        for directives in [&same, &different] {
            for query in [
                format!("{{ __typename {directives} }}"),
                format!("{{ courses {directives} {{ totalCount }} }}"),
                format!("query {directives} {{ __typename }}"),
                format!("query($n: Int {directives}) {{ courses(first: $n) {{ totalCount }} }}"),
                format!("{{ ...F {directives} }} fragment F on Query {{ __typename }}"),
                format!("{{ ...F }} fragment F on Query {directives} {{ __typename }}"),
                format!("{{ ... {directives} {{ __typename }} }}"),
                format!("{{ nonsense {directives} }}"),
            ] {
                let error = refused(&app, None, &query, json!({})).await;
                assert_eq!(code(&error), "GRAPHQL_VALIDATION_FAILED", "{query}: {error}");
            }
        }
        refused(&app, None, "{ __typename @skip(iff: true) }", json!({})).await;
    }

    async fn an_error_that_repeats_is_said_once(app: App) {
        for query in [
            format!("{{ {} }}", "nonsense ".repeat(15)),
            format!("{{ {} }}", "courses(nonsense: 1) { totalCount } ".repeat(15)),
            format!("{{ {} }}", "...Nonsense ".repeat(15)),
            format!("{{ {} }}", "courses(first: $nonsense) { totalCount } ".repeat(15)),
        ] {
            let error = refused(&app, None, &query, json!({})).await;
            assert_eq!(code(&error), "GRAPHQL_VALIDATION_FAILED", "{query}: {error}");
        }
    }

    async fn errors_suggest_nothing(app: App) {
        for query in [
            "{ course { title } }", "{ coursess { totalCount } }", "{ courses(firts: 1) { totalCount } }", "{ courses { nodes { titles } } }",
            "{ __typename @skip(iff: true) }", "{ __typename @skpi(if: true) }", "query($v: CourseFiltr) { courses(filter: $v) { totalCount } }",
            "{ courses(filter: {levle: []}) { totalCount } }", "{ ... on Qurey { __typename } }",
        ] {
            let answer = app.ask(query, json!({})).await;
            assert!(answer["errors"].is_array() && !answer.to_string().contains("Did you mean"), "{answer}");
        }
    }
}

on_sqlite! {
    settings("suggestions = true")
    async fn errors_suggest_names_where_that_is_set(app: App) {
        let answer = app.ask("{ courses { nodes { titles } } }", json!({})).await;
        assert!(answer["errors"][0]["message"].as_str().unwrap().contains("Did you mean"), "{answer}");
    }
}
