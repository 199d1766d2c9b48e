//! Limits on what a client has at the same time: connections, subscriptions, uploads, drafts.

use entity::{MemberRole, ProviderStatus};
use futures_util::future::select_all;
use sea_orm::ActiveValue::Set;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::support::feed::row;
use crate::support::people::People;
use crate::support::socket::{Socket, handshake};
use crate::support::{App, Catalogue, Stage, global_id};

const FOLLOW: &str = "subscription { catalogueChanged { cursor } }";

fn create(provider: &str) -> String {
    format!(
        "mutation {{ createCourse(provider: \"{provider}\", input: {{title: \"Course\", kind: COURSE}}) {{ course {{ id }} userErrors {{ code path }} }} }}"
    )
}

on_sqlite! {
    async fn a_connection_without_a_subscription_is_closed(app: App) {
        let mut never = Socket::ready(&app).await;
        let mut ended = Socket::ready(&app).await;
        ended.subscribe("a", FOLLOW, json!({})).await;
        ended.send(json!({ "id": "a", "type": "complete" })).await;
        let mut refused = Socket::ready(&app).await;
        refused.subscribe("a", "{ __typename }", json!({})).await;
        assert_eq!(refused.next().await["type"], "error");
        let ends = futures_util::future::join3(never.end(), ended.end(), refused.end()).await;
        assert_eq!(ends, (1000, 1000, 1000));
    }

    async fn a_connection_with_a_subscription_stays(app: App) {
        let mut idle = Socket::ready(&app).await;
        let mut busy = Socket::ready(&app).await;
        busy.subscribe("a", FOLLOW, json!({})).await;
        busy.subscribe("b", FOLLOW, json!({})).await;
        busy.send(json!({ "id": "a", "type": "complete" })).await;
        assert_eq!(idle.end().await, 1000);
        busy.send(json!({ "type": "ping" })).await;
        assert_eq!(busy.next().await["type"], "pong");
    }

    settings("sockets_per_client = 2")
    async fn a_client_holds_so_many_connections_open(app: App) {
        let (one, _two) = (Socket::ready(&app).await, Socket::ready(&app).await);
        let refused = tokio_tungstenite::connect_async(handshake(&app)).await.unwrap_err();
        let tokio_tungstenite::tungstenite::Error::Http(answer) = refused else { panic!("{refused:?}") };
        assert_eq!(answer.status(), 429);
        assert!(answer.headers().contains_key("retry-after"));
        let body: Value = serde_json::from_slice(answer.body().as_ref().unwrap()).unwrap();
        assert_eq!(body["errors"][0]["extensions"]["code"], "RATE_LIMITED");
        drop(one);
        while tokio_tungstenite::connect_async(handshake(&app)).await.is_err() {}
    }

    settings("sockets_per_client = 2\nsubscriptions_per_client = 3")
    async fn whoever_shows_a_token_is_counted_by_it(app: App) {
        let ann = People::of(&app).await.person("ann@example.org").await;
        let init = json!({ "type": "connection_init", "payload": { "authorization": format!("Bearer {}", ann.token) } });
        let mut sockets = Vec::new();
        for _ in 0..2 {
            let mut socket = Socket::open(&app).await;
            socket.send(init.clone()).await;
            assert_eq!(socket.next().await["type"], "connection_ack");
            sockets.push(socket);
        }
        let mut third = Socket::open(&app).await;
        third.send(init).await;
        assert_eq!(third.end().await, 4429);
        let mut anonymous = Socket::ready(&app).await;
        for (socket, id) in [(0, "a"), (0, "b"), (1, "c")] {
            sockets[socket].subscribe(id, FOLLOW, json!({})).await;
            sockets[socket].send(json!({ "type": "ping" })).await;
            assert_eq!(sockets[socket].next().await["type"], "pong");
        }
        sockets[1].subscribe("d", FOLLOW, json!({})).await;
        let message = sockets[1].next().await;
        assert_eq!((&message["type"], &message["payload"][0]["extensions"]["code"]), (&json!("error"), &json!("RATE_LIMITED")));
        anonymous.subscribe("a", FOLLOW, json!({})).await;
        anonymous.send(json!({ "type": "ping" })).await;
        assert_eq!(anonymous.next().await["type"], "pong");
    }

    settings("cost_per_minute = 80")
    async fn what_is_pushed_is_charged(app: App) {
        let catalogue = Catalogue::of(&app).await;
        let mut socket = Socket::ready(&app).await;
        let start = app.data("{ catalogueCursor }").await["catalogueCursor"].clone();
        let follow = "subscription($after: String) { catalogueChanged(after: $after) { cursor } }";
        socket.subscribe("a", follow, json!({ "after": start })).await;
        let provider = catalogue.provider("School").await;
        for number in 0..20 {
            catalogue.course(provider, &format!("Course {number}")).await;
        }
        let mut pushed = 0;
        let message = loop {
            let message = socket.next().await;
            if message["type"] != "next" {
                break message;
            }
            pushed += 1;
        };
        let extensions = &message["payload"][0]["extensions"];
        assert_eq!((&message["type"], &extensions["code"]), (&json!("error"), &json!("RATE_LIMITED")), "{message}");
        assert!((5..12).contains(&pushed) && extensions["retryAfter"].is_u64(), "{pushed} {message}");
        socket.subscribe("b", follow, json!({ "after": start })).await;
        assert_eq!(socket.next().await["payload"][0]["extensions"]["code"], "RATE_LIMITED");
    }

    settings("body_mb_per_client = 1")
    async fn bodies_that_were_announced_count_before_they_come(app: App) {
        let announce = format!(
            "POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n", 256 * 1024
        );
        let mut peers = Vec::new();
        for _ in 0..5 {
            let address = app.address.trim_start_matches("http://");
            let mut peer = tokio::net::TcpStream::connect(address).await.unwrap();
            peer.write_all(announce.as_bytes()).await.unwrap();
            peers.push(Box::pin(async move {
                let mut head = [0; 12];
                peer.read_exact(&mut head).await.unwrap();
                head
            }));
        }
        // Four of them fill the budget. The fifth is the one that is answered.
        let (head, _, waiting) = select_all(peers).await;
        assert_eq!(&head, b"HTTP/1.1 429");
        let request = app.client.post(format!("{}/graphql", app.address)).json(&json!({ "query": "{ __typename }" }));
        assert_eq!(request.send().await.unwrap().status(), 429);
        drop(waiting);
        while app.ask("{ __typename }", json!({})).await.get("errors").is_some() {}
    }
}

on_both! {
    #![empty]

    async fn a_provider_has_so_many_drafts(stage: Stage) {
        stage.with("drafts_per_provider = 3\ndrafts_per_pending_provider = 1").serve(|app| async move {
            let (catalogue, people) = (Catalogue::of(&app).await, People::of(&app).await);
            let active = catalogue.provider("School").await;
            let pending = catalogue.provider_with("Pending", |row| row.status = Set(ProviderStatus::Pending)).await;
            for (provider, most) in [(active, 3), (pending, 1)] {
                let token = people.member(provider, MemberRole::Owner).await.token;
                let provider = global_id("Provider", provider);
                for _ in 0..most {
                    let answer = app.ask_as(&token, &create(&provider), json!({})).await;
                    assert_eq!(answer["data"]["createCourse"]["userErrors"], json!([]), "{answer}");
                }
                let answer = app.ask_as(&token, &create(&provider), json!({})).await;
                assert_eq!(answer["data"]["createCourse"]["userErrors"], json!([{ "code": "LIMIT", "path": ["input"] }]), "{answer}");
                let import = "mutation($provider: ID!, $rows: [CourseRow!]!) { importCourses(provider: $provider, rows: $rows) { rows { outcome userErrors { code } } } }";
                let rows = json!([row("a")]);
                let answer = app.ask_as(&token, import, json!({ "provider": provider, "rows": rows })).await;
                assert!(answer.to_string().contains("\"LIMIT\""), "{answer}");
            }
        }).await;
    }
}
