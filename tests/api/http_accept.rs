//! Methods, media types, headers and addresses.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::App;

async fn post(app: &App, accept: Option<&str>, body: Value) -> reqwest::Response {
    let request = app.client.post(format!("{}/graphql", app.address)).json(&body);
    let request = match accept {
        Some(accept) => request.header("accept", accept),
        None => request,
    };
    request.send().await.unwrap()
}

fn header(answer: &reqwest::Response, name: &str) -> Option<String> {
    answer.headers().get(name).map(|value| value.to_str().unwrap().to_owned())
}

const JSON: &str = "application/json; charset=utf-8";
const GRAPHQL: &str = "application/graphql-response+json; charset=utf-8";

on_sqlite! {
    async fn accept_decides_the_media_type_and_the_status_of_a_request_error(app: App) {
        for (accept, media_type, status) in [
            (None, JSON, 200),
            (Some("*/*"), JSON, 200),
            (Some("application/json"), JSON, 200),
            (Some("application/*"), JSON, 200),
            (Some("APPLICATION/JSON; charset=utf-8"), JSON, 200),
            (Some("application/graphql-response+json"), GRAPHQL, 400),
            (Some("application/graphql-response+json, application/json;q=0.9"), GRAPHQL, 400),
            (Some("application/graphql-response+json;q=0.5, application/json;q=0.9"), JSON, 200),
            (Some("application/graphql-response+json, */*"), GRAPHQL, 400),
            (Some("image/png, application/json;q=0.1"), JSON, 200),
        ] {
            for document in ["{", "{ nosuch }", "query A { __typename } query B { __typename }"] {
                let answer = post(&app, accept, json!({ "query": document })).await;
                assert_eq!(answer.status(), status, "{accept:?} {document}");
                assert_eq!(header(&answer, "content-type").as_deref(), Some(media_type), "{accept:?}");
                let answer: Value = answer.json().await.unwrap();
                assert!(answer.get("data").is_none() && answer["errors"][0]["message"].is_string(), "{answer}");
            }
            let answer = post(&app, accept, json!({ "query": "{ __typename }" })).await;
            assert_eq!((answer.status().as_u16(), header(&answer, "content-type").as_deref()), (200, Some(media_type)));
            let answer = post(&app, accept, json!({ "query": 1 })).await;
            assert_eq!((answer.status().as_u16(), header(&answer, "content-type").as_deref()), (400, Some(media_type)));
        }
    }

    async fn a_caller_who_takes_no_json_gets_406(app: App) {
        for accept in ["image/png", "text/html", "application/json;q=0", "text/*"] {
            let answer = post(&app, Some(accept), json!({ "query": "{ __typename }" })).await;
            assert_eq!((answer.status().as_u16(), header(&answer, "content-type").as_deref()), (406, Some(JSON)), "{accept}");
        }
    }

    async fn queries_may_be_asked_by_get(app: App) {
        let data = json!({ "__typename": "Query" });
        for (query, status) in [
            ("query=%7B__typename%7D", 200),
            ("query={+__typename+}&variables={}&operationName=", 200),
            ("query=query+A{__typename}query+B{__typename}&operationName=A", 200),
            ("query=query+A($x:Boolean!){__typename+@include(if:$x)}&variables={%22x%22:true}&extensions={}&other=1", 200),
            ("", 400), ("query", 200), ("query=%7B__typename%7D&query=%7B__typename%7D", 400),
            ("query=%7B__typename%7D&variables=x", 400), ("query=%7B__typename%7D&variables=[]", 400),
            ("query=%FF", 400), ("%FF=1&query=%7B__typename%7D", 400),
        ] {
            let answer = app.get(&format!("/graphql?{query}")).await;
            assert_eq!(answer.status(), status, "{query}");
            let answer: Value = answer.json().await.unwrap();
            let fine = status == 200 && !query.ends_with("operationName=") && query != "query";
            assert_eq!(answer.get("data"), fine.then_some(&data), "{query} {answer}");
        }
    }

    async fn what_is_no_query_is_not_executed_by_get(app: App) {
        for query in [
            "mutation{x}", "query A{__typename} mutation B{x}&operationName=B", "%EF%BB%BF%23c%0Amutation{...F} fragment F on Mutation{x}",
            "subscription{x}",
        ] {
            let request = app.client.get(format!("{}/graphql?query={query}", app.address));
            let answer = request.header("x-http-method-override", "POST").send().await.unwrap();
            assert_eq!((answer.status().as_u16(), header(&answer, "allow").as_deref()), (405, Some("POST")), "{query}");
            let answer: Value = answer.json().await.unwrap();
            assert_eq!(answer["errors"][0]["extensions"]["code"], "METHOD_NOT_ALLOWED");
        }
    }

    async fn a_get_takes_nothing_from_a_body(app: App) {
        let request = app.client.get(format!("{}/graphql", app.address)).json(&json!({ "query": "{ __typename }" }));
        assert_eq!(request.send().await.unwrap().status(), 400);
    }

    async fn other_methods_are_refused_with_those_that_there_are(app: App) {
        for method in ["PUT", "PATCH", "DELETE", "TRACE", "OPTIONS", "HEAD", "FOO"] {
            let method = Method::from_bytes(method.as_bytes()).unwrap();
            let request = app.client.request(method.clone(), format!("{}/graphql", app.address)).header("secret", "echo");
            let answer = request.send().await.unwrap();
            assert_eq!((answer.status().as_u16(), header(&answer, "allow").as_deref()), (405, Some("GET, POST")), "{method}");
            assert!(!answer.text().await.unwrap().contains("echo"));
        }
    }

    async fn other_addresses_are_not_there(app: App) {
        for path in ["/", "/.env", "//x", "/%00", "/graphql/", "/graphql/x", "/..%2f..%2fetc/passwd", "/GraphQL"] {
            let answer = app.get(path).await;
            assert_eq!((answer.status().as_u16(), header(&answer, "content-type").as_deref()), (404, Some(JSON)), "{path}");
            assert_eq!(answer.json::<Value>().await.unwrap()["errors"][0]["extensions"]["code"], "NOT_FOUND");
        }
    }

    async fn every_answer_carries_its_id_and_what_keeps_browsers_from_guessing(app: App) {
        for path in ["/graphql?query={__typename}", "/graphql", "/nothing", "/health/live"] {
            let answer = app.get(path).await;
            assert_eq!(header(&answer, "x-content-type-options").as_deref(), Some("nosniff"), "{path}");
            assert_eq!(header(&answer, "x-frame-options").as_deref(), Some("DENY"), "{path}");
            assert!(header(&answer, "content-security-policy").is_some_and(|policy| policy.contains("default-src 'none'")));
            assert!(header(&answer, "x-request-id").is_some_and(|id| id.len() == 36), "{path}");
        }
        let request = |id: &str| app.client.get(format!("{}/health/live", app.address)).header("x-request-id", id).send();
        assert_eq!(header(&request("from-proxy_1.2").await.unwrap(), "x-request-id").as_deref(), Some("from-proxy_1.2"));
        assert_ne!(header(&request("a b\tc").await.unwrap(), "x-request-id").as_deref(), Some("a b\tc"));
    }

    async fn no_origin_is_allowed_unless_it_is_set(app: App) {
        for origin in ["https://evil.example", "null"] {
            let request = app.client.post(format!("{}/graphql", app.address)).header("origin", origin);
            let answer = request.json(&json!({ "query": "{ __typename }" })).send().await.unwrap();
            assert_eq!((answer.status().as_u16(), header(&answer, "access-control-allow-origin")), (200, None));
        }
    }

    settings("allowed_origins = ['https://example.org']")
    async fn only_origins_that_are_set_are_allowed(app: App) {
        for (origin, allowed) in [
            ("https://example.org", true), ("https://example.org.evil.example", false), ("http://example.org", false),
            ("https://evil-example.org", false), ("null", false),
        ] {
            let url = format!("{}/graphql", app.address);
            let preflight = app.client.request(Method::OPTIONS, &url).header("origin", origin);
            let preflight = preflight.header("access-control-request-method", "POST").header("access-control-request-headers", "content-type");
            let request = app.client.post(&url).header("origin", origin).json(&json!({ "query": "{ __typename }" }));
            for answer in [preflight.send().await.unwrap(), request.send().await.unwrap()] {
                assert_eq!(header(&answer, "access-control-allow-origin"), allowed.then(|| origin.to_owned()), "{origin}");
                assert_eq!(header(&answer, "access-control-allow-credentials"), None);
            }
        }
    }

    settings("allowed_origins = ['*']")
    async fn a_star_allows_every_origin_without_credentials(app: App) {
        let request = app.client.post(format!("{}/graphql", app.address)).header("origin", "https://any.example");
        let answer = request.json(&json!({ "query": "{ __typename }" })).send().await.unwrap();
        assert_eq!(header(&answer, "access-control-allow-origin").as_deref(), Some("*"));
        assert_eq!(header(&answer, "access-control-allow-credentials"), None);
    }
}
