//! `GET /export`: who may fetch what, and the public catalogue, consistent at one position of the log.

use entity::{MemberRole, ProviderStatus, course};
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

use crate::support::feed::{FeedProvider, counts, public, row};
use crate::support::{App, People, global_id};

/// The status and the text of an export.
async fn get(app: &App, token: &str, query: &str) -> (u16, String) {
    let request = app.client.get(format!("{}/export{query}", app.address));
    let request = if token.is_empty() { request } else { request.bearer_auth(token) };
    let answer = request.send().await.unwrap();
    (answer.status().as_u16(), answer.text().await.unwrap())
}

fn lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"))).collect()
}

/// The code and message of an error.
fn error(text: &str) -> (String, String) {
    let answer: Value = serde_json::from_str(text).unwrap();
    let text = |pointer: &str| answer.pointer(pointer).unwrap().as_str().unwrap().to_owned();
    (text("/errors/0/extensions/code"), text("/errors/0/message"))
}

/// More than what fits into the buffers between a server and a client that does not read.
async fn large_school(app: &App) -> FeedProvider {
    let school = FeedProvider::of(app).await;
    let text = "x".repeat(20_000);
    let body: String = (0..1_000).map(|key| format!("{key},Course {key},COURSE,true,{text}\n")).collect();
    let body = format!("externalKey,title,kind,publish,description\n{body}");
    let (_, answer) = school.send(app, "&results=refused", "text/csv", body).await;
    assert_eq!(counts(&answer[0]), [1_000, 0, 0, 0, 0]);
    school
}

/// The part of an export that has arrived once it has begun, on a socket that is not read from.
async fn begin(app: &App, school: &FeedProvider, query: &str) -> BufReader<TcpStream> {
    let socket = TcpStream::connect(app.address.trim_start_matches("http://")).await.unwrap();
    let mut socket = BufReader::new(socket);
    let head = format!(
        "GET /export{query} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer {}\r\n\r\n",
        school.token
    );
    socket.write_all(head.as_bytes()).await.unwrap();
    let mut status = String::new();
    socket.read_line(&mut status).await.unwrap();
    assert_eq!(status, "HTTP/1.1 200 OK\r\n");
    socket
}

on_both! {
    #![empty]

    async fn members_systems_and_staff_may_export_what_a_provider_has(app: App) {
        let (school, other) = (FeedProvider::of(&app).await, FeedProvider::of(&app).await);
        school.feed(&app, "", &[row("a")]).await;
        let people = People::of(&app).await;
        let editor = people.member(school.id, MemberRole::Editor).await.token;
        let (staff, nobody) = (people.staff().await.token, people.person("ann@example.org").await.token);
        for status in [ProviderStatus::Active, ProviderStatus::Pending, ProviderStatus::Closed] {
            school.catalogue.update_provider(school.id, |row| row.status = Set(status)).await;
            for token in [&school.token, &editor, &staff] {
                let (status, text) = get(&app, token, &format!("?provider={}", school.slug)).await;
                assert_eq!((status, &lines(&text)[0]["externalKey"]), (200, &json!("a")));
            }
            let hidden = status == ProviderStatus::Pending;
            let expected = if hidden { (404, "NOT_FOUND") } else { (403, "FORBIDDEN") };
            for token in [&other.token, &nobody] {
                let (status, text) = get(&app, token, &format!("?provider={}&format=csv", school.slug)).await;
                assert_eq!((status, error(&text).0.as_str()), expected);
            }
        }
        for query in [format!("?provider={}", school.slug), "?provider=nobody".to_owned(), String::new()] {
            let (status, text) = get(&app, "", &query).await;
            assert_eq!((status, error(&text).0.as_str()), (401, "UNAUTHENTICATED"), "{query}");
        }
    }

    async fn wrong_parameters_are_named(app: App) {
        let school = FeedProvider::of(&app).await;
        let course = global_id("Course", 1);
        for (query, status, code, said) in [
            ("?format=xml", 400, "BAD_USER_INPUT", "format: must be csv or jsonl"),
            ("?format=csv", 400, "BAD_USER_INPUT", "format: must be jsonl for the public catalogue"),
            ("?after=nonsense", 400, "BAD_USER_INPUT", "after: is not an id"),
            (format!("?after={}", global_id("Provider", 1)).as_str(), 400, "BAD_USER_INPUT", "after: must be the id of a course"),
            (format!("?provider={}&after={course}", school.slug).as_str(), 400, "BAD_USER_INPUT", "after: is for the public catalogue"),
            ("?provider=a&provider=b", 400, "BAD_REQUEST", "A parameter stands twice"),
            ("?drafts=true", 400, "BAD_REQUEST", "The parameters are provider, format and after."),
            ("?provider=", 404, "NOT_FOUND", "There is no such provider."),
            ("?provider=%27%3B", 404, "NOT_FOUND", "There is no such provider."),
        ] {
            let (answered, text) = get(&app, &school.token, query).await;
            let (found, message) = error(&text);
            assert_eq!((answered, found.as_str()), (status, code), "{query}: {message}");
            assert!(message.starts_with(said), "{query}: {message}");
        }
        let posted = app.client.post(format!("{}/export", app.address)).send().await.unwrap();
        assert_eq!((posted.status().as_u16(), posted.headers()["allow"].to_str().unwrap()), (405, "GET"));
    }

    async fn the_catalogue_shows_what_everyone_sees(app: App) {
        let (school, other) = (FeedProvider::of(&app).await, FeedProvider::of(&app).await);
        other.feed(&app, "", &[public("theirs"), row("their draft")]).await;
        let slug = async |key: &str| {
            let found = course::Entity::find().filter(course::Column::ExternalKey.eq(key));
            found.one(&school.catalogue.db).await.unwrap().unwrap().slug
        };
        let mut whole = public("b");
        whole["partners"] = json!([other.slug]);
        whole["units"] = json!([slug("theirs").await]);
        whole["prerequisiteCourses"] = json!([slug("theirs").await]);
        whole["pricing"] = json!({"category": "FREE"});
        let answer = school.feed(&app, "", &[row("a"), whole]).await;
        assert_eq!(counts(&answer[2]), [2, 0, 0, 0, 0], "{answer:#?}");
        let hidden = school.catalogue.provider_with("Hidden", |row| row.status = Set(ProviderStatus::Paused)).await;
        school.catalogue.course(hidden, "Hidden").await;
        let position = school.catalogue.position().await;
        let (status, text) = get(&app, &school.token, "").await;
        let found = lines(&text);
        assert_eq!((status, found.len()), (200, 4), "{text}");
        // Ids of different feeds that are written in the same millisecond are in any order.
        let titled = |lines: &[Value], title: &str| lines.iter().find(|line| line["title"] == title).unwrap().clone();
        let (theirs, course) = (slug("theirs").await, titled(&found, "Course b"));
        let wanted = json!({"id": course["id"], "provider": school.slug, "version": 1, "publishedAt": "2026-06-01T12:00:00Z",
            "updatedAt": "2026-06-01T12:00:00Z", "title": "Course b", "kind": "COURSE", "slug": slug("b").await,
            "pricing": {"category": "FREE"}, "prerequisiteCourses": [theirs]});
        assert_eq!((&titled(&found, "Course theirs")["slug"], &course), (&json!(theirs), &wanted));
        assert_eq!((&found[0]["position"], &found[3]), (&json!(position), &json!({"done": true, "courses": 2, "position": position})));
        let changes = format!("{{ changes(after: {}) {{ nodes {{ slug }} }} }}", found[0]["cursor"]);
        app.reached(position).await;
        assert_eq!(app.data(&changes).await["changes"]["nodes"], json!([]));
        // Once the partner agrees, the links are public.
        let accept = "update partnership set status = 'ACCEPTED'";
        sea_orm::ConnectionTrait::execute_unprepared(&school.catalogue.db, accept).await.unwrap();
        let course = titled(&lines(&get(&app, &school.token, "").await.1), "Course b");
        assert_eq!((&course["partners"], &course["units"]), (&json!([other.slug]), &json!([theirs])));
    }

    async fn the_catalogue_goes_on_after_any_course(app: App) {
        let school = FeedProvider::of(&app).await;
        school.feed(&app, "", &(0..230).map(public).collect::<Vec<_>>()).await;
        let all = lines(&get(&app, &school.token, "").await.1);
        assert_eq!(all.len(), 232);
        for index in [1, 100, 101, 230] {
            let rest = lines(&get(&app, &school.token, &format!("?after={}", all[index]["id"].as_str().unwrap())).await.1);
            assert_eq!(rest[1..rest.len() - 1], all[index + 1..231]);
            assert_eq!(rest.last().unwrap()["courses"], 230 - index);
        }
        let written = app.command("export catalogue.jsonl").await;
        assert_eq!(written.code, Some(0), "{}", written.error);
        assert_eq!(lines(&std::fs::read_to_string(app.folder.join("catalogue.jsonl")).unwrap()), all);
    }

    async fn a_page_takes_as_many_statements_as_a_course(app: App) {
        let school = FeedProvider::of(&app).await;
        let mut taken = Vec::new();
        for courses in [1, 100, 200] {
            school.feed(&app, "", &(0..courses).map(public).collect::<Vec<_>>()).await;
            app.reached(school.catalogue.position().await).await;
            let before = app.statements().await;
            assert_eq!(lines(&get(&app, &school.token, "").await.1).len(), courses + 2);
            taken.push(app.statements().await - before);
        }
        assert_eq!(taken[0], taken[1]);
        assert!((10..=16).contains(&(taken[2] - taken[1])), "{taken:?}");
    }

    async fn what_is_written_meanwhile_is_not_in_it(app: App) {
        let school = large_school(&app).await;
        let position = school.catalogue.position().await;
        let mut socket = begin(&app, &school, "").await;
        let last = course::Entity::find().order_by_desc(course::Column::Id).one(&school.catalogue.db).await.unwrap();
        school.catalogue.update_course(last.unwrap().id, |row| row.title = Set("New".to_owned())).await;
        school.catalogue.course(school.id, "Newer").await;
        let mut text = String::new();
        socket.read_to_string(&mut text).await.unwrap();
        assert!(text.contains(&format!("lectern-position: {position}\r\n")), "{}", &text[..500]);
        assert!(text.contains("\"title\":\"Course 999\"") && !text.contains("\"title\":\"New"));
        assert!(text.contains(&format!("{{\"done\":true,\"courses\":1000,\"position\":{position}}}")));
        assert!(text.ends_with("\r\n0\r\n\r\n"));
    }

    async fn who_loses_the_right_meanwhile_gets_no_more(app: App) {
        let school = large_school(&app).await;
        let mut socket = begin(&app, &school, &format!("?provider={}", school.slug)).await;
        let mut line = String::new();
        while !line.contains("\"Course 0\"") {
            line.clear();
            assert_ne!(socket.read_line(&mut line).await.unwrap(), 0, "the export ends");
        }
        app.clock.set("2028-01-01T00:00:00Z");
        let mut text = Vec::new();
        _ = socket.read_to_end(&mut text).await;
        let text = String::from_utf8_lossy(&text);
        assert!(text.contains("Course 1\"") && !text.contains("Course 999\""));
        assert!(!text.ends_with("\r\n0\r\n\r\n"), "it must not look complete");
    }

    async fn a_few_exports_run_at_a_time(app: App) {
        let school = large_school(&app).await;
        let query = format!("?provider={}", school.slug);
        let _open = [begin(&app, &school, &query).await, begin(&app, &school, &query).await];
        let (status, text) = get(&app, &school.token, "").await;
        assert_eq!((status, error(&text).0.as_str()), (429, "RATE_LIMITED"));
        let other = FeedProvider::of(&app).await;
        let (status, text) = get(&app, &other.token, "").await;
        assert_eq!((status, error(&text).0.as_str()), (503, "SERVICE_UNAVAILABLE"));
    }
}
