//! What a query costs, and from where on it costs too much.

use serde_json::{Value, json};

use crate::support::App;

async fn requested(app: &App, query: &str, variables: Value) -> u64 {
    let answer = app.ask(query, variables).await;
    assert_eq!(answer["extensions"]["cost"]["limit"], 10_000, "{query}\n{answer}");
    answer["extensions"]["cost"]["requested"].as_u64().unwrap()
}

async fn assert_costs(app: &App, cases: &[(&str, u64)]) {
    for (query, cost) in cases {
        assert_eq!(requested(app, query, json!({})).await, *cost, "{query}");
    }
}

/// All lists of a course that have no paging, with everything in them.
const SMALL_LISTS: &str = "partners { name locations { city } } financing { kind incomeFloor { amount } cap { amount } } subjects { name }
    skills { name kind } prerequisites { none skills { skill { name } level } courses { title } } units { title } partOf { title }
    certifications { name } careers { title } awards { title } statistics { metric range { min } experienceYears { min } sources { url } }
    sources { url } duration { weeks days { min } hoursPerWeek { min } } price { amount } pricing { amount { amount } certificate { amount } }
    ratings { count distribution { stars count } } provider { name policies { freeRetakeWithinMonths } } nextOffering { startsOn location { city } price { amount } }";

on_sqlite! {
    async fn the_worked_example_of_the_documents_costs_what_they_say(app: App) {
        let page = include_str!("../../docs/limits.md");
        let query = page.split("```graphql").nth(1).unwrap().split("```").next().unwrap();
        let cost = page.split("= ").find_map(|rest| rest.split_once(".\n\n```graphql")).unwrap().0;
        assert_eq!(requested(&app, query, json!({})).await.to_string(), cost);
    }

    async fn objects_cost_one_and_pages_multiply(app: App) {
        assert_costs(&app, &[
            ("{ __typename catalogueCursor }", 0),
            ("{ course(by: {slug: \"none\"}) { title } }", 1),
            ("{ course(by: {slug: \"none\"}) { provider { name } } }", 2),
            ("{ course(by: {slug: \"none\"}) { skills { name } } }", 7),
            ("{ courses { totalCount } }", 1),
            ("{ courses { totalCount pageInfo { endCursor } facets { kinds { count } } } }", 1 + 1 + 1 + 7),
            ("{ courses { nodes { title } } }", 21),
            ("{ courses(first: null) { nodes { title } } }", 21),
            ("{ courses(first: 5) { nodes { title } edges { node { title } } } }", 1 + 5 + 5 * 2),
            ("{ courses(last: 5) { nodes { title skills { name } } } }", 1 + 5 * 7),
            ("{ courses(first: 5) { ...F ... on CourseSearchConnection { nodes { id } } } } fragment F on CourseSearchConnection { nodes { title } }", 1 + 5 + 5),
            ("{ a: courses(first: 5) { ...F } b: courses(first: 7) { ...F } } fragment F on CourseSearchConnection { nodes { title } }", 1 + 5 + 1 + 7),
            ("{ courses(first: 5) { facets { skills(first: 9) { value { name } } careers { count } } } }", 1 + 1 + 9 * 2 + 20),
            ("{ suggestions(text: \"x\", first: 3) { text } }", 3),
            ("{ suggestions(text: \"x\") { text } }", 8),
            ("{ nodes(ids: [\"a\", \"b\", \"c\"]) { id } }", 3),
            ("{ node(id: \"a\") { ... on Course { provider { name } } ... on Skill { name } } }", 2),
            ("{ matchCourses(goal: {}) { totalCount } }", 200 + 1),
            ("{ matchCourses(goal: {}, first: 3) { matches { score course { title } reasons { met } } } }", 200 + 1 + 3 * (1 + 1 + 7)),
            ("{ compareCourses(ids: []) { courses { title } rows { unit } } }", 20 + 1 + 3 + 25),
            ("{ courses(first: 2) { relaxations { path } nodes { similar(first: 4) { title } } } }", 1 + 50 + 3 + 2 * (1 + 10 + 4)),
            ("query($n: Int = 4) { courses(first: $n) { nodes { title } } }", 5),
            ("query($n: Int) { courses(first: $n) { nodes { title } } }", 21),
        ]).await;
    }

    async fn variables_say_how_long_a_page_is_each_time_anew(app: App) {
        let query = "query($n: Int = 4) { courses(first: $n) { nodes { title } } }";
        for (variables, cost) in [
            (json!({ "n": 3 }), 4), (json!({ "n": 9 }), 10), (json!({}), 5), (json!({ "n": null }), 21), (json!({ "n": -3 }), 2), (json!({ "n": 0 }), 2),
            (json!({ "n": 101 }), 101), (json!({ "n": 2_147_483_647_i64 }), 101), (json!({ "other": 1 }), 5),
        ] {
            assert_eq!(requested(&app, query, variables.clone()).await, cost, "{variables}");
        }
        let ids = "query($ids: [ID!]!) { nodes(ids: $ids) { id } }";
        assert_eq!(requested(&app, ids, json!({ "ids": ["a", "b"] })).await, 2);
        assert_eq!(requested(&app, ids, json!({ "ids": vec!["a"; 1_500] })).await, 1_500);
    }

    async fn a_hundred_courses_with_all_their_small_lists_fit(app: App) {
        for page in ["nodes { LISTS }", "edges { cursor node { LISTS } }"] {
            let query = format!("{{ courses(first: 100) {{ totalCount {} }} }}", page.replace("LISTS", SMALL_LISTS));
            let answer = app.ask(&query, json!({})).await;
            assert!(answer.get("errors").is_none(), "{answer:#}");
        }
    }

    async fn pages_within_pages_do_not(app: App) {
        for query in [
            "{ courses(first: 100) { nodes { offerings(first: 100) { nodes { id } } } } }",
            "query($n: Int = 100) { courses(first: $n) { nodes { offerings(first: $n) { nodes { id } } } } }",
            "{ providers(first: 100) { nodes { courses(first: 100) { nodes { offerings(first: 100) { nodes { course { id } } } } } } } }",
            "{ courses(first: 100) { ...C } } fragment C on CourseSearchConnection { nodes { ...N } } fragment N on Course { offerings(first: 100) { edges { cursor } } }",
        ] {
            let answer = app.ask(query, json!({})).await;
            assert!(answer.get("data").is_none(), "{answer}");
            let extensions = &answer["errors"][0]["extensions"];
            assert_eq!((&extensions["code"], &extensions["limit"]), (&json!("QUERY_TOO_COMPLEX"), &json!(10_000)), "{answer}");
            assert!(extensions["figure"].as_u64().unwrap() > 10_000 && extensions["figure"] == answer["extensions"]["cost"]["requested"]);
        }
        let answer = app.ask("{ courses(first: 100) { totalCount nodes { title provider { name } offerings(first: 100) { nodes { id } } } } }", json!({})).await;
        assert_eq!(answer["errors"][0]["extensions"]["path"], json!(["courses", "nodes", "offerings", "nodes", "id"]), "{answer}");
    }

    async fn what_searches_long_counts_by_itself(app: App) {
        let path = |number| format!("p{number}: learningPath(to: {{skills: [\"python\"]}}) {{ complete }} ");
        let query = format!("{{ {} }}", (0..10).map(path).collect::<String>());
        let answer = app.ask(&query, json!({})).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "QUERY_TOO_COMPLEX", "{answer}");
    }

    async fn many_values_in_few_objects_are_too_many_all_the_same(app: App) {
        let query = format!("{{ courses(first: 100) {{ nodes {{ skills {{ {} }} }} }} }}", "name ".repeat(400));
        let answer = app.ask(&query, json!({})).await;
        let extensions = &answer["errors"][0]["extensions"];
        assert_eq!((&extensions["what"], &extensions["limit"]), (&json!("values"), &json!(200_000)), "{answer}");
    }
}
