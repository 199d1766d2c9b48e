//! Documents that are refused before anything of them runs, and documents at the limit that are not.

use serde_json::{Value, json};

use crate::support::App;

/// The status of the answer to a document under `application/graphql-response+json`, and the code of its first error,
/// if any. Checks that the answer is short.
async fn outcome(app: &App, document: &str) -> (u16, String) {
    let request = app.client.post(format!("{}/graphql", app.address)).json(&json!({ "query": document }));
    let answer = request.header("accept", "application/graphql-response+json").send().await.unwrap();
    let status = answer.status().as_u16();
    let text = answer.text().await.unwrap();
    let shown: String = document.chars().take(60).collect();
    let answer: Value = serde_json::from_str(&text).unwrap();
    let errors = answer["errors"].as_array().cloned().unwrap_or_default();
    assert!(errors.is_empty() || text.len() <= 10_000, "{shown}: an answer of {} bytes", text.len());
    assert!(errors.len() <= 20, "{shown}: {} errors", errors.len());
    for error in &errors {
        let message = error["message"].as_str().unwrap();
        assert!(message.chars().count() <= 301, "{shown}: {message}");
        assert!(error["extensions"]["code"].is_string(), "{shown}: {error}");
    }
    assert_eq!(answer.get("data").is_none(), status == 400, "{shown}: {text}");
    (status, errors.first().map_or(String::new(), |error| error["extensions"]["code"].as_str().unwrap().to_owned()))
}

async fn assert_refused(app: &App, code: &str, documents: &[String]) {
    for document in documents {
        let shown: String = document.chars().take(100).collect();
        assert_eq!(outcome(app, document).await, (400, code.to_owned()), "{shown}");
    }
}

async fn assert_taken(app: &App, documents: &[String]) {
    for document in documents {
        let shown: String = document.chars().take(100).collect();
        assert_eq!(outcome(app, document).await, (200, String::new()), "{shown}");
    }
}

fn strings(documents: &[&str]) -> Vec<String> {
    documents.iter().map(|document| (*document).to_owned()).collect()
}

fn nested(open: &str, middle: &str, close: &str, levels: usize) -> String {
    format!("{}{middle}{}", open.repeat(levels), close.repeat(levels))
}

/// A document of fragments in levels, each of which spreads that of the next level so many times.
fn bomb(levels: usize, spreads: usize) -> String {
    let level = |n: usize| format!("fragment F{n} on Query {{ {} }} ", format!("...F{} ", n + 1).repeat(spreads));
    let fragments: String = (0..levels).map(level).collect();
    format!("{{ ...F0 }} {fragments} fragment F{levels} on Query {{ __typename }}")
}

on_sqlite! {
    async fn nesting_is_refused_on_the_text(app: App) {
        let deep = 8_000;
        assert_refused(&app, "QUERY_TOO_COMPLEX", &[
            nested("{a", "", "}", deep), "{a".repeat(deep), nested("{a(b:", "1", ")}", 61),
            format!("{{a(b:{})}}", nested("[", "1", "]", deep)), format!("{{a(b:{}", "[".repeat(deep)),
            format!("{{a(b:{})}}", nested("{a:", "1", "}", 2_000)), format!("query(${}:Int){{a}}", "a:[".repeat(2_000)),
            format!("query($a:{}){{a}}", nested("[", "Int", "]", deep)),
            format!("{{{}}}", nested("...{", "a", "}", 2_000)), nested("{a", "", "}", 100_000 / 4),
        ]).await;
        let under = 58;
        assert_refused(&app, "GRAPHQL_VALIDATION_FAILED", &[
            format!("{{a(b:{})}}", nested("[", "1", "]", under)), format!("query($a:{}){{a(b:$a)}}", nested("[", "Int", "]", under)),
        ]).await;
        assert_refused(&app, "GRAPHQL_PARSE_FAILED", &[
            format!("{{a(b:{}", "[".repeat(under)), format!("{{a(b:{}", "{a:".repeat(under)), "{a".repeat(60), "query($a:[[[[[[[[[[".to_owned(),
        ]).await;
        assert_taken(&app, &[format!("{{{}}}", nested("...{", "__typename", "}", 59))]).await;
    }

    async fn long_documents_are_refused_on_the_text(app: App) {
        let long = 32 * 1024;
        assert_refused(&app, "QUERY_TOO_COMPLEX", &[
            " ".repeat(long + 1), ",".repeat(long + 1), "\u{feff}".repeat(long / 3 + 1), format!("#{}", "x".repeat(long)),
            "a ".repeat(2_001), "{".repeat(long), format!("{{{}}}", "__typename ".repeat(1_999)), format!("{{{}}}", "!".repeat(2_000)),
            "\"\" ".repeat(2_001), format!("{{ {} }}", "a".repeat(long)),
        ]).await;
        let filled = |text: &str| format!("{{__typename{}}}", text.repeat(32_000 / text.len()));
        assert_taken(&app, &[filled(" "), filled(","), filled("\u{feff}"), filled("#\n"), filled("# {{{{{{{{{{\n")]).await;
    }

    async fn what_is_no_graphql_is_refused_in_few_words(app: App) {
        let long = "x".repeat(20_000);
        assert_refused(&app, "GRAPHQL_PARSE_FAILED", &strings(&[
            "", " ", "# only a comment", "{", "{ }", "}", "{a", "{a(", "{a()}", "query", "query {}", "fragment on Query {a}",
            "type Query { a: Int }", "schema { query: Query }", "fragment F on Query { __typename }", "{ ... }", "{a:}", "{a b: }", "{ $a }",
            "{a(b:\"unterminated)}", "{a(b:\"\"\"unterminated)}", "{a(b:\"\\x\")}", "{a(b:\"\\ud800\")}", "{a(b:\"\\u{110000}\")}",
            "{a(b:\"\0\")}", "{\0}", "{a(b:\"line\nbreak\")}", "{a(b:00012)}", "{a(b:1.)}", "{a(b:1.e)}", "{a(b:1e)}", "{a(b:-)}", "{é}",
            "SELECT * FROM courses", "query($a){a}", "{a @}", &format!("{{a(b:\"{long}"), &format!("{{{long}"),
        ])).await;
    }

    async fn the_operation_must_be_clear(app: App) {
        assert_refused(&app, "GRAPHQL_VALIDATION_FAILED", &strings(&[
            "{__typename} {__typename}", "query A{__typename} query B{__typename}", "query A{__typename} query A{__typename}",
            "{__typename} query A{__typename}", "mutation {a}", "subscription {a}", "{__typename @defer}", "{... @defer {__typename}}",
            "{ skills @stream { nodes { id } } }",
        ])).await;
        let two = "query A { a: __typename } query B { b: __typename }";
        for (name, data) in [(json!("A"), json!({ "a": "Query" })), (json!("B"), json!({ "b": "Query" }))] {
            let body = json!({ "query": two, "operationName": name });
            let answer: Value = app.client.post(format!("{}/graphql", app.address)).json(&body).send().await.unwrap().json().await.unwrap();
            assert_eq!(answer["data"], data);
        }
        for (document, name) in [(two, "C"), (two, ""), ("{ __typename }", "A"), ("query A { __typename }", "a")] {
            let body = json!({ "query": document, "operationName": name });
            let answer: Value = app.client.post(format!("{}/graphql", app.address)).json(&body).send().await.unwrap().json().await.unwrap();
            assert_eq!(answer["errors"][0]["extensions"]["code"], "GRAPHQL_VALIDATION_FAILED", "{name}");
            assert!(answer.get("data").is_none());
        }
    }

    async fn fragments_that_multiply_are_refused_before_they_are_followed(app: App) {
        let chain = |length: usize| {
            let links: String = (0..length).map(|n| format!("fragment F{n} on Query{{...F{}}}", n + 1)).collect();
            format!("{{...F0}}{links}fragment F{length} on Query{{__typename}}")
        };
        let aliased = format!("{{ ...F0 }} {} fragment F6 on Query {{ __typename }}", (0..6).map(|n| {
            let spreads: String = (0..6).map(|k| format!("a{k}: catalogueCursor ...F{} ", n + 1)).collect();
            format!("fragment F{n} on Query {{ {spreads} }} ")
        }).collect::<String>());
        assert_refused(&app, "QUERY_TOO_COMPLEX", &[
            bomb(28, 2), bomb(57, 2), bomb(6, 40), bomb(13, 2), aliased, chain(60), chain(300), chain(900),
        ]).await;
        let unused = bomb(28, 2).replacen("...F0", "__typename", 1);
        assert_refused(&app, "GRAPHQL_VALIDATION_FAILED", &[unused]).await;
        assert_taken(&app, &[bomb(3, 2), chain(50)]).await;
    }

    async fn fragments_that_go_round_in_circles_are_refused(app: App) {
        let ring = |length: usize| {
            let links: String = (0..length).map(|n| format!("fragment F{n} on Query{{...F{}}}", (n + 1) % length)).collect();
            format!("{{...F0}}{links}")
        };
        assert_refused(&app, "GRAPHQL_VALIDATION_FAILED", &[
            ring(1), ring(2), ring(50), ring(3).replacen("{...F0}", "{__typename}", 1),
            "{...A} fragment A on Query {... on Query {... {...A}}}".to_owned(),
            "{...A} fragment A on Query {__typename} fragment A on Query {__typename}".to_owned(),
            "{...Nosuch}".to_owned(), "{__typename} fragment Unused on Query {__typename}".to_owned(),
        ]).await;
        assert_refused(&app, "QUERY_TOO_COMPLEX", &[ring(100), ring(500)]).await;
    }

    async fn each_count_has_its_limit(app: App) {
        let many = |count: usize, what: fn(usize) -> String| (0..count).map(what).collect::<Vec<_>>().join(" ");
        let fields = |count| format!("{{ {} }}", many(count, |n| format!("a{n}: __typename")));
        let spread = |count| format!("{{ x: {} }} fragment F on Query {{ {} }}", "__typename ...F", many(count, |n| format!("a{n}: __typename")));
        let below = |count| format!("{{ skills {{ {} }} }}", many(count, |n| format!("a{n}: totalCount")));
        let plain = |count: usize| format!("{{ {} }}", "__typename ".repeat(count));
        let directives = |count: usize| format!("{{ {} }}", many(count, |_| "... @include(if: true) { __typename }".to_owned()));
        let definitions = |count: usize| many(count, |n| format!("query Q{n} {{ __typename }}"));
        let deep = |levels: usize| format!("{{ __schema {{ {} }} }}", nested("types { ", "name", " }", 1).replace("name", &nested("ofType { ", "name", " }", levels - 3)));
        assert_taken(&app, &[fields(20), spread(18), below(30), plain(20), deep(15)]).await;
        assert_refused(&app, "QUERY_TOO_COMPLEX", &[
            fields(21), spread(30), below(31), below(101), plain(21), directives(21), definitions(61), deep(16),
            format!("query {} {{ __typename }}", "@x ".repeat(1_000)), format!("{{ __typename {} }}", "@x".repeat(900)),
            format!("query({}) {{ __typename }}", many(21, |n| format!("$a{n}: Int @x"))),
            format!("{{ ...F }} fragment F on Query {} {{ __typename }}", "@skip(if: false)".repeat(21)),
        ]).await;
    }

    async fn introspection_works_within_limits(app: App) {
        assert_taken(&app, &strings(&[
            include_str!("support/introspection.graphql"), "{ __type(name: \"Course\") { name fields { name type { name kind ofType { name } } } } }",
            "{ __schema { queryType { name } directives { name args { name } } } }", "{ ...__schema } fragment __schema on Query { __schema { queryType { name } } }",
        ])).await;
        let again = |field: &str, rounds: usize| format!("{{ __schema {{ types {} }} }}", nested(&format!("{{ {field} {{ type "), "{ name }", "} }", rounds));
        let hidden = "{ __schema { types { ...A } } } fragment A on __Type { fields { type { ...B } } } \
                      fragment B on __Type { fields { type { ...C } } } fragment C on __Type { fields { type { fields { name } } } }";
        let full = include_str!("support/introspection.graphql");
        let twice = full.replacen("__schema {", "a: __schema { ...S } b: __schema {", 1)
            + " fragment S on __Schema { types { ...FullType } }";
        assert_refused(&app, "QUERY_TOO_COMPLEX", &[again("fields", 2), again("fields", 6), again("inputFields", 6), hidden.to_owned(), twice]).await;
    }

    async fn wrong_names_are_named_but_not_echoed_at_length(app: App) {
        let long = "x".repeat(4_000);
        let longest = format!("{{ {} }}", "x".repeat(30_000));
        let many = format!("{{ skills {{ {} }} }}", (0..900).map(|n| format!("wrong{n} ")).collect::<String>());
        let several = format!("{{ skills {{ {} }} }}", (0..7).map(|n| format!("{long}{n} ")).collect::<String>());
        assert_refused(&app, "GRAPHQL_VALIDATION_FAILED", &[longest, many, several, format!("{{ skills(first: {long}) {{ totalCount }} }}")]).await;
        let same = format!("{{ skills {{ {} }} }}", "totalCount ".repeat(1_900));
        assert_taken(&app, &[same]).await;
    }

    async fn numbers_beyond_their_types_are_refused(app: App) {
        let digits = "9".repeat(400);
        assert_refused(&app, "GRAPHQL_VALIDATION_FAILED", &[
            format!("{{ skills(first: {digits}) {{ totalCount }} }}"), "{ skills(first: 1e400) { totalCount } }".to_owned(),
            "{ skills(first: 1.5) { totalCount } }".to_owned(),
            "{ skills(first: \"1\") { totalCount } }".to_owned(), "{ skills(first: [1]) { totalCount } }".to_owned(),
            "{ skill { id } }".to_owned(), "{ course { id } }".to_owned(), "{ course(by: null) { id } }".to_owned(),
             "{ course(by: {slug: \"a\", nosuch: 1}) { id } }".to_owned(),
        ]).await;
    }

    async fn a_typename_is_held_to_the_rules_of_every_field(app: App) {
        assert_refused(&app, "GRAPHQL_VALIDATION_FAILED", &strings(&[
            "{ __typename @nosuch }", "{ __typename @include }", "{ __typename @include(if: 1) }", "{ __typename @include(if: $x) }",
            "{ __typename(a: 1) }", "{ __typename { a } }", "{ __typename @skip(if: true) @skip(if: true) }",
            "query($unused: Int) { __typename }", "{ ...F } fragment F on Query { __typename @nosuch }",
        ])).await;
        let body = json!({ "query": "query($x: Boolean!) { a: __typename @include(if: $x) b: __typename @skip(if: $x) }", "variables": { "x": true } });
        let answer: Value = app.client.post(format!("{}/graphql", app.address)).json(&body).send().await.unwrap().json().await.unwrap();
        assert_eq!(answer["data"], json!({ "a": "Query" }), "{answer}");
    }
}
