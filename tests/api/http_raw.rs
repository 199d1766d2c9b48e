//! Requests that no well-behaved client sends, as bytes on a socket.

use crate::support::{App, raw};

const BODY: &str = r#"{"query":"{ __typename }"}"#;
const DATA: &str = r#""data":{"__typename":"Query"}"#;

fn post(headers: &str, body: &str) -> String {
    format!("POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n{headers}\r\n{body}")
}

on_sqlite! {
    async fn a_head_that_is_ambiguous_is_refused_and_the_connection_closed(app: App) {
        for headers in [
            "Content-Length: 26\r\nContent-Length: 27\r\n", "Content-Length: -1\r\n", "Content-Length: +26\r\n",
            "Content-Length: x\r\n", "Content-Length: 99999999999999999999999\r\n",
            "Content-Length: 26\r\nTransfer-Encoding: chunked\r\n", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
            "Transfer-Encoding: x\r\n",
        ] {
            let answers = raw(&app.address, post(headers, BODY)).await;
            assert!(answers.len() <= 1, "{headers}: two answers");
            assert!(answers.iter().all(|answer| answer.status == 400), "{headers}: {}", answers[0].head);
        }
        let answers = raw(&app.address, post("Transfer-Encoding: chunked\r\n", "zz\r\n{}\r\n0\r\n\r\n")).await;
        assert!(answers.iter().all(|answer| answer.status == 400));
    }

    async fn what_is_not_http_1_is_refused_and_the_connection_closed(app: App) {
        for bytes in [
            "GET /graphql?query={__typename} HTTP/1.1\r\n\r\n".as_bytes(), b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
            b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", &[0; 64], b"GET /\0 HTTP/1.1\r\nHost: x\r\n\r\n",
        ] {
            let answers = raw(&app.address, bytes).await;
            assert!(answers.iter().all(|answer| answer.status == 400 || answer.status == 408), "{bytes:?}");
        }
        let long = format!("GET /graphql?query={} HTTP/1.1\r\nHost: x\r\n\r\n", "x".repeat(1_000_000));
        let wide = format!("GET /graphql HTTP/1.1\r\nHost: x\r\nX: {}\r\n\r\n", "x".repeat(1_000_000));
        let many = format!("GET /graphql HTTP/1.1\r\nHost: x\r\n{}\r\n", "X: x\r\n".repeat(10_000));
        for bytes in [long, wide, many] {
            assert!(raw(&app.address, bytes).await.iter().all(|answer| matches!(answer.status, 400 | 414 | 431)));
        }
        assert_eq!(app.get("/health/live").await.status(), 200);
    }

    async fn a_declared_giant_and_an_endless_body_are_refused_at_the_limit(app: App) {
        let giant = raw(&app.address, post("Content-Length: 10000000000\r\n", "{")).await;
        assert_eq!(giant[0].status, 413, "{}", giant[0].head);
        let piece = format!("10000\r\n{}\r\n", "x".repeat(0x10000));
        let endless = raw(&app.address, post("Transfer-Encoding: chunked\r\n", &piece.repeat(100))).await;
        assert!(endless.is_empty() || endless[0].status == 413, "{}", endless[0].head);
    }

    async fn a_body_that_does_not_come_is_waited_for_only_so_long(app: App) {
        for (headers, begun) in [("Content-Length: 26\r\n", "{"), ("Transfer-Encoding: chunked\r\n", "1\r\n{\r\n")] {
            let answers = raw(&app.address, post(headers, begun)).await;
            assert_eq!(answers[0].status, 408, "{headers}: {}", answers[0].head);
            assert!(answers[0].body.contains("TIMEOUT"), "{}", answers[0].body);
        }
    }

    async fn two_content_types_are_refused(app: App) {
        let headers = format!("Content-Type: text/plain\r\nContent-Length: {}\r\nConnection: close\r\n", BODY.len());
        assert_eq!(raw(&app.address, post(&headers, BODY)).await[0].status, 415);
    }

    async fn pipelined_requests_are_answered_in_order(app: App) {
        let get = |query: &str, more: &str| format!("GET /graphql?query={query} HTTP/1.1\r\nHost: x\r\n{more}\r\n");
        let requests = get("{a:__typename}", "") + &get("{b:__typename}", "") + &get("{c:__typename}", "Connection: close\r\n");
        let answers = raw(&app.address, requests).await;
        assert_eq!(answers.len(), 3);
        for (answer, name) in answers.iter().zip(["a", "b", "c"]) {
            assert!(answer.body.contains(&format!(r#""data":{{"{name}":"Query"}}"#)), "{}", answer.body);
        }
    }

    async fn a_caller_who_waits_for_100_continue_gets_it(app: App) {
        let headers = format!("Content-Length: {}\r\nExpect: 100-continue\r\nConnection: close\r\n", BODY.len());
        let answers = raw(&app.address, post(&headers, BODY)).await;
        assert_eq!((answers[0].status, answers[1].status), (100, 200));
        assert!(answers[1].body.contains(DATA), "{}", answers[1].body);
    }
}
