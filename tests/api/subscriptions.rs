//! Changes are pushed: all of them, in order, once.

use std::time::Duration;

use catalog::changelog::{Entry, append};
use entity::ListingType;
use futures_util::future::join;
use sea_orm::ActiveValue::Set;
use sea_orm::TransactionTrait;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::Error;

use crate::support::socket::{Socket, handshake};
use crate::support::{App, Catalogue, People, Stage, entry, global_id};

const FOLLOW: &str = "subscription($after: String, $types: [ListingType!], $provider: String) \
    { catalogueChanged(after: $after, types: $types, provider: $provider) { cursor kind type slug node { id ... on Course { title } } } }";

async fn cursor(app: &App) -> Value {
    app.data("{ catalogueCursor }").await["catalogueCursor"].take()
}

/// A catalogue with a provider, and the cursor after both exist.
async fn begun(app: &App) -> (Catalogue, i64, Value) {
    let catalogue = Catalogue::of(app).await;
    let provider = catalogue.provider("School").await;
    app.reached(catalogue.position().await).await;
    (catalogue, provider, cursor(app).await)
}

async fn changed(socket: &mut Socket) -> Value {
    let mut message = socket.next().await;
    assert_eq!(message["type"], "next", "{message}");
    assert!(message["payload"].get("errors").is_none(), "{message}");
    message["payload"]["data"]["catalogueChanged"].take()
}

async fn titles(socket: &mut Socket, count: usize) -> Vec<String> {
    let mut found = Vec::new();
    for _ in 0..count {
        found.push(changed(socket).await["node"]["title"].as_str().unwrap().to_owned());
    }
    found
}

/// The changes since a cursor, from the query.
async fn asked(app: &App, after: &Value) -> Vec<Value> {
    let query = "query($after: String) { changes(after: $after, first: 100) { nodes { cursor kind type slug node { id ... on Course { title } } } } }";
    let mut answer = app.ask(query, json!({ "after": after })).await;
    serde_json::from_value(answer["data"]["changes"]["nodes"].take()).unwrap()
}

on_both! {
    #![empty]

    async fn what_happens_is_pushed_in_its_order_and_once(app: App) {
        let (catalogue, provider, start) = begun(&app).await;
        let mut socket = Socket::ready(&app).await;
        socket.subscribe("1", FOLLOW, json!({ "after": start })).await;
        let writers = (0..20).map(|number| {
            let catalogue = &catalogue;
            async move { catalogue.course(provider, &format!("Course {number}")).await }
        });
        futures_util::future::join_all(writers).await;
        let mut pushed = Vec::new();
        for _ in 0..20 {
            pushed.push(changed(&mut socket).await);
        }
        app.reached(catalogue.position().await).await;
        assert_eq!(pushed, asked(&app, &start).await);
        // Nothing is left over, and the next change comes next.
        catalogue.course(provider, "Last").await;
        assert_eq!(titles(&mut socket, 1).await, ["Last"]);
    }

    async fn a_lost_connection_is_taken_up_without_a_gap(app: App) {
        let (catalogue, provider, start) = begun(&app).await;
        catalogue.course(provider, "One").await;
        let mut first = Socket::ready(&app).await;
        first.subscribe("1", FOLLOW, json!({ "after": start })).await;
        let seen = changed(&mut first).await;
        assert_eq!(seen["node"]["title"], "One");
        drop(first);
        catalogue.course(provider, "Two").await;
        catalogue.course(provider, "Three").await;
        let mut second = Socket::ready(&app).await;
        second.subscribe("1", FOLLOW, json!({ "after": seen["cursor"] })).await;
        catalogue.course(provider, "Four").await;
        assert_eq!(titles(&mut second, 3).await, ["Two", "Three", "Four"]);
    }

    async fn only_what_is_asked_for_is_pushed(app: App) {
        let (catalogue, provider, start) = begun(&app).await;
        let mut socket = Socket::ready(&app).await;
        let other = catalogue.provider("Academy").await;
        socket.subscribe("courses", FOLLOW, json!({ "after": start, "types": ["COURSE"] })).await;
        catalogue.course(other, "Theirs").await;
        assert_eq!(titles(&mut socket, 1).await, ["Theirs"]);
        socket.send(json!({ "id": "courses", "type": "complete" })).await;
        let ours = catalogue.course(provider, "Ours").await;
        app.reached(catalogue.position().await).await;
        let mut found = app.ask("query($id: ID!) { provider(by: {id: $id}) { slug } }", json!({ "id": global_id("Provider", provider) })).await;
        let school = found["data"]["provider"]["slug"].take();
        socket.subscribe("school", FOLLOW, json!({ "after": start, "provider": school })).await;
        let tx = catalogue.db.begin().await.unwrap();
        let entries = [(other, provider), (ours, provider)].map(|(id, of)| Entry { provider_id: (id == ours).then_some(of), ..entry(ListingType::Course, id) });
        append(&tx, app.now(), entries.into()).await.unwrap_or_else(|error| panic!("{}", error.cause()));
        tx.commit().await.unwrap();
        assert_eq!(titles(&mut socket, 1).await, ["Ours"]);
    }

    async fn what_left_is_named_without_its_node(app: App) {
        let (catalogue, provider, start) = begun(&app).await;
        let course = catalogue.course(provider, "Gone").await;
        let mut socket = Socket::ready(&app).await;
        socket.subscribe("1", FOLLOW, json!({ "after": start })).await;
        assert_ne!(changed(&mut socket).await["node"], Value::Null);
        catalogue.update_course(course, |row| row.status = Set(entity::ListingStatus::Draft)).await;
        assert_eq!(changed(&mut socket).await["node"], Value::Null);
    }

    async fn what_is_no_subscription_or_over_a_limit_does_not_begin(app: App) {
        let mut socket = Socket::ready(&app).await;
        let many: String = (0..40).map(|n| format!("a{n}: slug ")).collect();
        for (query, code) in [
            ("{ __typename }".to_owned(), "GRAPHQL_VALIDATION_FAILED"),
            ("mutation { signOut(refreshToken: \"x\") { userErrors { code } } }".to_owned(), "GRAPHQL_VALIDATION_FAILED"),
            ("subscription { catalogueChanged { nothing } }".to_owned(), "GRAPHQL_VALIDATION_FAILED"),
            ("subscription { a: catalogueChanged { slug } b: catalogueChanged { slug } }".to_owned(), "GRAPHQL_VALIDATION_FAILED"),
            ("subscription { catalogueChanged @skip(if: true) { slug } }".to_owned(), "GRAPHQL_VALIDATION_FAILED"),
            ("subscription { ...F } fragment F on Subscription { catalogueChanged { slug } }".to_owned(), "GRAPHQL_VALIDATION_FAILED"),
            ("subscription {".to_owned(), "GRAPHQL_PARSE_FAILED"),
            ("subscription { catalogueChanged(after: \"x\") { slug } }".to_owned(), "BAD_USER_INPUT"),
            (format!("subscription {{ catalogueChanged {{ {many} }} }}"), "QUERY_TOO_COMPLEX"),
        ] {
            socket.subscribe("1", &query, json!({})).await;
            let message = socket.next().await;
            assert_eq!((&message["type"], &message["id"]), (&"error".into(), &"1".into()), "{query}: {message}");
            assert_eq!(message["payload"][0]["extensions"]["code"], code, "{query}: {message}");
        }
        for number in 0..20 {
            socket.subscribe(&format!("s{number}"), FOLLOW, json!({})).await;
        }
        socket.subscribe("one more", FOLLOW, json!({})).await;
        assert_eq!(socket.next().await["payload"][0]["extensions"]["code"], "RATE_LIMITED");
    }

    async fn whoever_breaks_the_protocol_is_told_by_the_code(app: App) {
        let init = json!({ "type": "connection_init" }).to_string();
        let follow = json!({ "type": "subscribe", "id": "1", "payload": { "query": "subscription { catalogueChanged { slug } }" } }).to_string();
        let token = json!({ "type": "connection_init", "payload": { "Authorization": "Bearer x" } }).to_string();
        for (messages, code) in [
            (vec!["what?"], 4400),
            (vec!["{\"type\":\"unknown\"}"], 4400),
            (vec![&*follow], 4401),
            (vec![&*init, &*init], 4429),
            (vec![&*init, &*follow, &*follow], 4409),
            (vec![&*token], 4403),
        ] {
            let mut socket = Socket::open(&app).await;
            for message in &messages {
                socket.say(message).await;
            }
            assert_eq!(socket.end().await, code, "{messages:?}");
        }
    }

    async fn a_message_that_is_never_whole_is_not_waited_for(app: App) {
        let mut socket = TcpStream::connect(app.address.trim_start_matches("http://")).await.unwrap();
        let head = "GET /graphql HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
            Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\
            Sec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n";
        socket.write_all(head.as_bytes()).await.unwrap();
        // A text of 2^40 bytes.
        socket.write_all(&[0x81, 0xff, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0]).await.unwrap();
        let (mut answer, mut rest) = socket.into_split();
        let sent = async { while rest.write_all(&[b'a'; 1 << 16]).await.is_ok() {} };
        let mut heard = Vec::new();
        _ = timeout(Duration::from_secs(60), join(sent, answer.read_to_end(&mut heard))).await.expect("it is closed");
        // The close frame with its code.
        assert!(heard.windows(4).any(|bytes| bytes[0] == 0x88 && bytes[2..] == 4400_u16.to_be_bytes()), "{heard:?}");
    }

    async fn a_token_may_come_in_the_first_message(app: App) {
        let ann = People::of(&app).await.person("ann@example.org").await;
        let mut socket = Socket::open(&app).await;
        let payload = json!({ "authorization": format!("Bearer {}", ann.token) });
        socket.send(json!({ "type": "connection_init", "payload": payload })).await;
        assert_eq!(socket.next().await["type"], "connection_ack");
        socket.send(json!({ "type": "ping" })).await;
        assert_eq!(socket.next().await["type"], "pong");
    }

    async fn pages_of_others_and_other_protocols_are_refused(app: App) {
        let mut foreign = handshake(&app);
        foreign.headers_mut().insert("origin", "https://evil.example".parse().unwrap());
        let mut plain = handshake(&app);
        plain.headers_mut().remove("sec-websocket-protocol");
        for (request, status) in [(foreign, 403), (plain, 400)] {
            match connect_async(request).await {
                Err(Error::Http(answer)) => assert_eq!(answer.status(), status),
                other => panic!("{other:?}"),
            }
        }
    }

    async fn a_server_that_stops_says_so(stage: Stage) {
        let mut socket = stage.serve(|app| async move { Socket::ready(&app).await }).await;
        assert_eq!(socket.end().await, 1001);
    }
}
