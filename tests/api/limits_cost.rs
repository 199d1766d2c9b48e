//! The cost of queries, and the cost at which they are refused.

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

/// All unpaged lists of a course, with everything in them.
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

    async fn objects_values_and_pages_multiply(app: App) {
        // 5 for the request, 1 for each object, 1 for every 40 values begun, and what fields cost by themselves.
        assert_costs(&app, &[
            ("{ __typename catalogueCursor }", 6),
            ("{ course(by: {slug: \"none\"}) { title } }", 7),
            ("{ course(by: {slug: \"none\"}) { provider { name } } }", 8),
            ("{ course(by: {slug: \"none\"}) { skills { name } } }", 13),
            ("{ courses { totalCount } }", 37),
            ("{ courses { nodes { title } } }", 58),
            ("{ courses(first: null) { nodes { title } } }", 58),
            ("{ courses(first: 5) { nodes { title } edges { node { title } } } }", 52),
            ("{ courses(last: 5) { nodes { title skills { name } } } }", 73),
            ("{ courses(first: 5) { ...F ... on CourseSearchConnection { nodes { id } } } } fragment F on CourseSearchConnection { nodes { title } }", 47),
            ("{ a: courses(first: 5) { ...F } b: courses(first: 7) { ...F } } fragment F on CourseSearchConnection { nodes { title } }", 80),
            ("{ suggestions(text: \"x\", first: 3) { text } }", 119),
            ("{ suggestions(text: \"x\") { text } }", 124),
            ("{ nodes(ids: [\"a\", \"b\", \"c\"]) { id } }", 9),
            ("{ node(id: \"a\") { ... on Course { provider { name } } ... on Skill { name } } }", 8),
            ("query($n: Int = 4) { courses(first: $n) { nodes { title } } }", 41),
            ("query($n: Int) { courses(first: $n) { nodes { title } } }", 58),
        ]).await;
    }

    async fn fields_that_work_cost_by_themselves(app: App) {
        assert_costs(&app, &[
            ("{ courses { facets { kinds { count } } } }", 95),
            ("{ courses { facets { skills(first: 9) { value { name } } careers { count } } } }", 277),
            ("{ matchCourses(goal: {}) { totalCount } }", 207),
            ("{ matchCourses(goal: {}, first: 3) { matches { score course { title } reasons { met } } } }", 235),
            ("{ compareCourses(ids: []) { courses { title } rows { unit } } }", 56),
            ("{ courses(first: 2) { nodes { similar(first: 4) { title } } } }", 447),
            ("{ courses(first: 100) { jsonLd } }", 2157),
            ("{ courses(first: 100) { nodes { description } } }", 322),
            ("{ learningPath(to: {skills: [\"python\"]}) { best } }", 1027),
            ("mutation { signIn(input: {email: \"a@example.org\", password: \"x\"}) { accessToken } }", 810),
        ]).await;
    }

    async fn every_condition_costs_what_it_looks_through(app: App) {
        let with = async |filter: &str| requested(&app, &format!("{{ courses(filter: {filter}) {{ totalCount }} }}"), json!({})).await;
        let none = with("{}").await;
        let leaves = [
            "level: [BEGINNER]", "language: [\"en\"]", "weeks: {gte: 1}", "rating: {gte: 1}", "price: {lte: \"5\"}", "portfolio: true", "skills: {any: [\"python\"]}",
            "skills: {none: [\"python\"]}", "location: {country: \"US\"}", "financing: {}", "updatedSince: \"2026-01-01T00:00:00Z\"", "provider: [\"x\"]", "offering: {}",
            "freeRetake: true", "award: true", "partnerKind: [UNIVERSITY]", "career: [\"x\"]", "employmentRate: {gte: \"5\"}", "not: {}", "and: [{}]",
        ];
        for leaf in leaves {
            let one = with(&format!("{{{leaf}}}")).await;
            assert!(one > none, "{leaf}");
            let each = one - none;
            for (way, most) in [("or", 40), ("and", 40)] {
                let many = with(&format!("{{{way}: [{}]}}", format!("{{{leaf}}} ").repeat(most))).await;
                assert!(many >= none + each * most as u64, "{leaf} in {way}");
            }
            assert!(with(&format!("{{not: {{{leaf}}}}}")).await > one, "{leaf}");
        }
        let values = |count: usize| format!("{{provider: [{}]}}", "\"x\" ".repeat(count));
        assert_eq!(with(&values(30)).await - none, 30 * (with(&values(1)).await - none));
        assert!(with("{offering: {format: [SELF_PACED], startsOn: {gte: \"2026-01-01\"}}}").await > with("{offering: {format: [SELF_PACED]}}").await);
    }

    async fn a_filter_is_paid_for_wherever_it_runs(app: App) {
        let filter = json!({ "or": vec![json!({ "offering": {} }); 2] });
        let roots = |count: usize| {
            let roots = (0..count).map(|n| format!("r{n}: courses(filter: $f) {{ totalCount }} "));
            format!("query($f: CourseFilter) {{ {} }}", roots.collect::<String>())
        };
        let one = requested(&app, &roots(1), json!({ "f": filter })).await;
        let bare = requested(&app, &roots(1), json!({ "f": {} })).await;
        assert_eq!(requested(&app, &roots(20), json!({ "f": filter })).await - requested(&app, &roots(20), json!({ "f": {} })).await, 20 * (one - bare));
        assert_eq!(requested(&app, &roots(1).replace("$f: CourseFilter", "$f: CourseFilter = {or: [{offering: {}}, {offering: {}}]}"), json!({})).await, one);
        let inline = "{ courses(filter: {or: [{offering: {}}, {offering: {}}]}) { totalCount } }";
        assert_eq!(requested(&app, inline, json!({})).await, one);
        let part = "query($o: OfferingFilter, $l: [CourseFilter!]) { courses(filter: {or: [{offering: $o}, {offering: $o}]}) { totalCount } b: courses(filter: {or: $l}) { totalCount } }";
        let both = requested(&app, part, json!({ "o": {}, "l": [{ "offering": {} }, { "offering": {} }] })).await;
        assert_eq!(both, requested(&app, &roots(2), json!({ "f": filter })).await);
        let spread = "query($f: CourseFilter) { ...A ...B } fragment A on Query { a: courses(filter: $f) { totalCount } } fragment B on Query { ...A b: courses(filter: $f) { totalCount } }";
        assert!(requested(&app, spread, json!({ "f": filter })).await - requested(&app, spread, json!({ "f": {} })).await >= 3 * (one - bare));
        let nested = |first: usize| format!("{{ careers(first: {first}) {{ nodes {{ courses(first: 1) {{ totalCount }} }} }} }}");
        assert!(requested(&app, &nested(40), json!({})).await > 30 * (requested(&app, &nested(1), json!({})).await - requested(&app, "{ careers(first: 1) { totalCount } }", json!({})).await));
    }

    async fn documents_that_burnt_seconds_are_refused(app: App) {
        let offerings = |count: usize| format!("[{}]", "{offering: {}} ".repeat(count));
        let roots = (0..20).map(|n| format!("r{n}: courses(filter: $f) {{ totalCount }} "));
        let roots = format!("query($f: CourseFilter) {{ {} }}", roots.collect::<String>());
        let long = (0..29).map(|n| format!("d{n}: description ")).collect::<String>();
        let key = "k".repeat(20_000);
        for (query, variables, what) in [
            (format!("{{ courses(filter: {{or: {}}}) {{ totalCount }} }}", offerings(200)), json!({}), "units of cost"),
            ("query($f: CourseFilter) { courses(filter: $f) { totalCount } }".to_owned(), json!({ "f": { "or": vec![json!({ "offering": {} }); 900] } }), "units of cost"),
            (roots, json!({ "f": { "or": vec![json!({ "offering": {} }); 256] } }), "units of cost"),
            (format!("{{ courses(first: 100) {{ nodes {{ {long} }} }} }}"), json!({}), "bytes of an answer"),
            (format!("{{ courses(first: 100) {{ nodes {{ skills {{ {key}: name }} }} }} }}"), json!({}), "bytes of an answer"),
            (format!("{{ courses(query: \"{}\") {{ relaxations {{ path }} }} }}", "mistakn ".repeat(24)), json!({}), "units of cost"),
        ] {
            let answer = app.ask(&query, variables).await;
            let extensions = &answer["errors"][0]["extensions"];
            assert_eq!((&extensions["code"], &extensions["what"]), (&json!("QUERY_TOO_COMPLEX"), &json!(what)), "{answer}");
            assert!(answer.get("data").is_none() && extensions["figure"].as_u64() > extensions["limit"].as_u64(), "{answer}");
        }
    }

    async fn texts_cost_by_their_words(app: App) {
        let with = async |query: &str| requested(&app, query, json!({})).await;
        let text = |words: usize| format!("{{ courses(query: \"{}\") {{ totalCount }} }}", "python ".repeat(words));
        let each = with(&text(1)).await - with(&text(0)).await;
        assert!(each > 0);
        assert_eq!(with(&text(6)).await - with(&text(0)).await, 6 * each);
        // Too long, and refused unread.
        assert!(with(&text(100)).await < with(&text(1)).await);
        for name in ["providers", "careers", "skills", "subjects", "certifications"] {
            assert!(with(&format!("{{ {name}(query: \"a b\") {{ totalCount }} }}")).await > with(&format!("{{ {name} {{ totalCount }} }}")).await, "{name}");
        }
        assert!(with("{ suggestions(text: \"a b\") { text } }").await > with("{ suggestions(text: \"a\") { text } }").await);
        // Further use of the text costs as much again.
        let relaxed = |words: &str| format!("{{ courses(query: \"{words}\") {{ relaxations {{ path }} }} }}");
        assert!(with(&relaxed("a b c")).await - with(&relaxed("a b")).await > 5 * each);
        let marked = |words: &str| format!("{{ courses(first: 1, query: \"{words}\") {{ edges {{ highlights {{ field }} }} }} }}");
        assert!(with(&marked("a b c")).await - with(&marked("a b")).await >= 2 * each);
    }

    async fn what_frontends_ask_costs_a_small_part_of_the_limit(app: App) {
        let filter = "{level: [BEGINNER, INTERMEDIATE], format: [SELF_PACED], price: {lte: \"5000\"}, skills: {any: [\"python\", \"sql\"]}, offering: {startsOn: {gte: \"2026-01-01\"}}}";
        let facets = "facets { kinds { value count } levels { value count } formats { value count } schedules { value count } subjects { value { name } count } \
            skills { value { name } count } providers { value { name } count } languages { value count } price { min { amount } max { amount } } ratings { atLeast count } }";
        let card = "id slug title summary price { amount currency } level formats provider { name slug } ratings { average count } nextOffering { startsOn }";
        for (query, most) in [
            (format!("{{ courses(first: 20) {{ totalCount nodes {{ {card} }} }} }}"), 200),
            (format!("{{ courses(first: 20, query: \"python data\", filter: {filter}) {{ totalCount {facets} edges {{ cursor highlights {{ field fragment }} node {{ {card} }} }} }} }}"), 3_000),
            (format!("{{ course(by: {{slug: \"x\"}}) {{ {card} description {SMALL_LISTS} offerings {{ nodes {{ startsOn }} }} reviews {{ nodes {{ body }} }} similar {{ {card} }} }} }}"), 1_000),
            (format!("{{ compareCourses(ids: [\"a\", \"b\", \"c\", \"d\", \"e\", \"f\"]) {{ courses {{ {card} }} rows {{ criterion unit values best }} }} }}"), 500),
            (format!("{{ matchCourses(first: 20, goal: {{skills: [\"python\", \"sql\"], budget: {{lte: \"5000\"}}, languages: [\"en\"], hoursPerWeek: 10, location: {{country: \"US\"}}}}) {{ matches {{ score reasons {{ explanation }} course {{ {card} }} }} }} }}"), 3_000),
            ("{ suggestions(text: \"pyth\") { text } }".to_owned(), 300),
        ] {
            let cost = requested(&app, &query, json!({})).await;
            assert!(cost <= most, "{cost}: {query}");
        }
    }

    async fn variables_say_how_long_a_page_is_each_time_anew(app: App) {
        let query = "query($n: Int = 4) { courses(first: $n) { nodes { title } } }";
        let mut costs = Vec::new();
        for (variables, page) in [
            (json!({ "n": 3 }), 3), (json!({ "n": 9 }), 9), (json!({}), 4), (json!({ "n": null }), 20), (json!({ "n": -3 }), 1), (json!({ "n": 0 }), 1),
            (json!({ "n": 101 }), 100), (json!({ "n": 2_147_483_647_i64 }), 100), (json!({ "other": 1 }), 4),
        ] {
            let cost = requested(&app, query, variables.clone()).await;
            assert_eq!(cost, requested(&app, &format!("{{ courses(first: {page}) {{ nodes {{ title }} }} }}"), json!({})).await, "{variables}");
            costs.push(cost);
        }
        assert!(costs[0] < costs[1] && costs[1] < costs[3] && costs[3] < costs[6], "{costs:?}");
        let ids = "query($ids: [ID!]!) { nodes(ids: $ids) { id } }";
        let two = requested(&app, ids, json!({ "ids": ["a", "b"] })).await;
        assert!(requested(&app, ids, json!({ "ids": vec!["a"; 1_500] })).await >= two + 1_498);
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
        assert_eq!((&extensions["what"], &extensions["limit"]), (&json!("values"), &json!(14_000)), "{answer}");
    }
}
