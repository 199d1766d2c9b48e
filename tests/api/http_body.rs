//! Which bodies are read as GraphQL requests, and which are refused before that.

use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::support::App;

/// Asserts that a body of this type is refused with this status and code.
async fn assert_refused(
    app: &App,
    content_type: Option<&str>,
    body: impl Into<reqwest::Body>,
    status: u16,
    code: &str,
) {
    let mut request = app.client.post(format!("{}/graphql", app.address)).body(body);
    if let Some(content_type) = content_type {
        request = request.header("content-type", content_type);
    }
    let answer = request.send().await.unwrap();
    assert_eq!(answer.status(), status, "{content_type:?}");
    let answer: Value = answer.json().await.unwrap();
    assert_eq!(answer["errors"][0]["extensions"]["code"], code, "{answer}");
    assert!(answer.get("data").is_none(), "{answer}");
}

const JSON: Option<&str> = Some("application/json");

on_sqlite! {
    async fn a_body_that_is_not_declared_as_json_is_not_executed(app: App) {
        let body = r#"{"query":"{ __typename }"}"#;
        for content_type in [
            None, Some(""), Some("text/plain"), Some("text/plain;charset=UTF-8"), Some("text/plain; application/json"),
            Some("application/x-www-form-urlencoded"), Some("multipart/form-data; boundary=x"),
            Some("application/graphql"), Some("application/json; charset=utf-16"), Some("application/jsonp"),
            Some("application/json, text/plain"),
        ] {
            assert_refused(&app, content_type, body, 415, "UNSUPPORTED_MEDIA_TYPE").await;
        }
        let form = "query=%7B__typename%7D";
        assert_refused(&app, Some("application/x-www-form-urlencoded"), form, 415, "UNSUPPORTED_MEDIA_TYPE").await;
        let multipart = "--x\r\nContent-Disposition: form-data; name=\"operations\"\r\n\r\n{\"query\":\"{__typename}\"}\r\n--x--\r\n";
        assert_refused(&app, Some("multipart/form-data; boundary=x"), multipart, 415, "UNSUPPORTED_MEDIA_TYPE").await;
    }

    async fn the_content_type_is_compared_as_media_types_are(app: App) {
        for content_type in ["Application/JSON; charset=\"UTF-8\"", "application/json;charset=utf-8", "application/json ; charset=utf-8", "APPLICATION/JSON"] {
            let request = app.client.post(format!("{}/graphql", app.address)).header("content-type", content_type);
            let answer = request.body(r#"{"query":"{ __typename }"}"#).send().await.unwrap();
            assert_eq!(answer.status(), StatusCode::OK, "{content_type}");
            assert_eq!(answer.json::<Value>().await.unwrap()["data"], json!({ "__typename": "Query" }));
        }
    }

    async fn compressed_bodies_are_refused_unread(app: App) {
        for encoding in ["gzip", "br", "deflate", "gzip, identity"] {
            let request = app.client.post(format!("{}/graphql", app.address)).header("content-encoding", encoding);
            let request = request.header("content-type", "application/json").body(vec![0x1f, 0x8b, 8]);
            assert_eq!(request.send().await.unwrap().status(), 415, "{encoding}");
        }
    }

    async fn a_body_that_is_no_request_is_refused(app: App) {
        let deep = format!("{}1{}", "[".repeat(100_000), "]".repeat(100_000));
        let deep_variables = format!(r#"{{"query":"{{__typename}}","variables":{{"a":{deep}}}}}"#);
        let deep_extensions = format!(r#"{{"query":"{{__typename}}","extensions":{{"a":{deep}}}}}"#);
        for body in [
            "", " ", "null", "1", "\"x\"", "true", "{", "{}", "{\"query\":1}", "{\"query\":null}", "{\"query\":[\"{a}\"]}",
            r#"{"query":"{ __typename }"} x"#, r#"{"query":"{ __typename }"}{}"#,
            r#"{"query":"{ __typename }","query":"{ __typename }"}"#,
            r#"{"query":"{ __typename }","variables":[]}"#, r#"{"query":"{ __typename }","variables":"x"}"#,
            r#"{"query":"{ __typename }","variables":{},"variables":{}}"#,
            r#"{"query":"{ __typename }","operationName":1}"#, r#"{"query":"{ __typename }","extensions":[]}"#,
            r#"{"query":"\ud800"}"#, r#"{'query':'{a}'}"#, r#"{"query":"{ __typename }","variables":{"a":1e999}}"#,
            &deep_variables, &deep_extensions,
        ] {
            assert_refused(&app, JSON, body.to_owned(), 400, "BAD_REQUEST").await;
        }
    }

    async fn batches_are_refused_by_name(app: App) {
        let one = r#"{"query":"{ __typename }"}"#;
        let many = format!("[{}]", [one; 100].join(","));
        for body in ["[]", "[[]]", r#"["{ __typename }"]"#, &format!(" [{one}]"), &many, &"[".repeat(100_000)] {
            assert_refused(&app, JSON, body.to_owned(), 400, "BAD_REQUEST").await;
        }
        let answer = app.client.post(format!("{}/graphql", app.address)).json(&json!([])).send().await.unwrap();
        assert!(answer.text().await.unwrap().contains("batching is not supported"));
    }

    async fn a_body_that_is_not_utf_8_is_refused(app: App) {
        let inside = |bytes: &[u8]| [br#"{"query":"{ a(b: \""#, bytes, br#"\") }"}"#].concat();
        let utf_16: Vec<u8> = r#"{"query":"{a}"}"#.encode_utf16().flat_map(u16::to_le_bytes).collect();
        for body in [inside(&[0xff]), inside(&[0xc0, 0xaf]), inside(&[0xed, 0xa0, 0x80]), inside(&[0xe2, 0x82]), utf_16] {
            assert_refused(&app, JSON, body, 400, "BAD_REQUEST").await;
        }
    }

    async fn unknown_members_are_ignored(app: App) {
        let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
        for member in ["\"id\":1", "\"extensions\":{\"x\":[1]}", "\"variables\":null", "\"operationName\":null", &format!("\"x\":{deep}")] {
            let body = format!(r#"{{"query":"{{ __typename }}",{member}}}"#);
            let request = app.client.post(format!("{}/graphql", app.address)).header("content-type", "application/json");
            let answer: Value = request.body(body).send().await.unwrap().json().await.unwrap();
            assert_eq!(answer["data"], json!({ "__typename": "Query" }), "{answer}");
        }
    }

    async fn a_body_over_the_limit_is_refused_without_being_read(app: App) {
        let body = format!(r#"{{"query":"{{ __typename }}","pad":"{}"}}"#, "x".repeat(256 * 1024));
        assert_refused(&app, JSON, body, 413, "PAYLOAD_TOO_LARGE").await;
        let most = format!(r#"{{"query":"{{ __typename }}","pad":"{}"}}"#, "x".repeat(255 * 1024));
        let request = app.client.post(format!("{}/graphql", app.address)).header("content-type", "application/json");
        assert_eq!(request.body(most).send().await.unwrap().status(), 200);
    }
}
