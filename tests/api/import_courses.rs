//! `importCourses`: a batch in one request, answered row by row, all of it or only its valid rows, with permissions.

use entity::{ListingStatus, MemberRole, ProviderStatus, change};
use sea_orm::ActiveValue::Set;
use sea_orm::{EntityTrait, PaginatorTrait};
use serde_json::{Value, json};

use crate::support::feed::{FeedProvider, row};
use crate::support::people::People;
use crate::support::{App, global_id};

const IMPORT: &str =
    "mutation($provider: ID!, $rows: [CourseRow!]!, $onError: ImportPolicy = REJECT_ALL, $only: Boolean = false) {
    importCourses(provider: $provider, rows: $rows, onError: $onError, validateOnly: $only) {
        created updated unchanged rejected userErrors { code path }
        rows { index externalKey outcome course { slug title status version } userErrors { code message path } } } }";

/// The whole answer to a batch.
async fn ask(app: &App, school: &FeedProvider, rows: &[Value], more: Value) -> Value {
    let mut variables = json!({ "provider": global_id("Provider", school.id), "rows": rows });
    variables.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    app.ask_as(&school.token, IMPORT, variables).await
}

/// The payload of a batch that must succeed.
async fn import(app: &App, school: &FeedProvider, rows: &[Value], more: Value) -> Value {
    let mut answer = ask(app, school, rows, more).await;
    assert!(answer.get("errors").is_none(), "{answer:#}");
    answer["data"]["importCourses"].take()
}

async fn log(school: &FeedProvider) -> u64 {
    change::Entity::find().count(&school.catalogue.db).await.unwrap()
}

fn with(mut row: Value, more: Value) -> Value {
    row.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    row
}

fn counts(payload: &Value) -> [i64; 4] {
    ["created", "updated", "unchanged", "rejected"].map(|name| payload[name].as_i64().unwrap())
}

fn outcomes(payload: &Value) -> Vec<&str> {
    payload["rows"].as_array().unwrap().iter().map(|row| row["outcome"].as_str().unwrap()).collect()
}

on_both! {
    #![empty]

    async fn rows_are_answered_in_their_order_with_what_they_have_become(app: App) {
        let school = FeedProvider::of(&app).await;
        let rows = [row("a"), with(row("b"), json!({"publish": true, "summary": "One"}))];
        let payload = import(&app, &school, &rows, json!({})).await;
        assert_eq!((counts(&payload), &payload["userErrors"]), ([2, 0, 0, 0], &json!([])));
        assert_eq!(payload["rows"], json!([
            {"index": 0, "externalKey": "a", "outcome": "CREATED", "userErrors": [],
             "course": {"slug": "course-a", "title": "Course a", "status": "DRAFT", "version": 1}},
            {"index": 1, "externalKey": "b", "outcome": "CREATED", "userErrors": [],
             "course": {"slug": "course-b", "title": "Course b", "status": "PUBLISHED", "version": 1}},
        ]));
        // The next read sees what was acknowledged.
        assert_eq!(app.data("{ courses { nodes { slug } } }").await["courses"]["nodes"], json!([{"slug": "course-b"}]));
        let again = [with(row("b"), json!({"summary": null})), row("a"), row("c")];
        let payload = import(&app, &school, &again, json!({})).await;
        assert_eq!(outcomes(&payload), ["UPDATED", "UNCHANGED", "CREATED"]);
        assert_eq!(counts(&payload), [1, 1, 1, 0]);
        assert_eq!(payload["rows"][0]["course"]["version"], 2);
        let data = app.data("{ course(by: {slug: \"course-b\"}) { summary status } }").await;
        assert_eq!(data["course"], json!({"summary": null, "status": "PUBLISHED"}));
    }

    async fn a_class_size_is_written_with_its_row_and_found_by(app: App) {
        let school = FeedProvider::of(&app).await;
        let size = |key: &str, size: Value| with(row(key), json!({"publish": true, "maxClassSize": size}));
        let rows = [size("a", json!(12)), size("b", json!(30)), size("c", Value::Null)];
        assert_eq!(counts(&import(&app, &school, &rows, json!({})).await), [3, 0, 0, 0]);
        let found = "{ courses(filter: {maxClassSize: {gte: 12, lte: 29}}) { nodes { slug maxClassSize } } }";
        assert_eq!(app.data(found).await["courses"]["nodes"], json!([{"slug": "course-a", "maxClassSize": 12}]));
        let rows = [size("a", json!(0)), size("b", json!(10_001))];
        let payload = import(&app, &school, &rows, json!({})).await;
        assert_eq!((counts(&payload), &payload["userErrors"]), ([0, 0, 0, 2], &json!([
            {"code": "OUT_OF_RANGE", "path": ["rows", "0", "maxClassSize"]},
            {"code": "OUT_OF_RANGE", "path": ["rows", "1", "maxClassSize"]},
        ])));
        assert_eq!(app.data(found).await["courses"]["nodes"], json!([{"slug": "course-a", "maxClassSize": 12}]));
    }

    async fn one_fault_rejects_all_where_nobody_says_otherwise(app: App) {
        let school = FeedProvider::of(&app).await;
        let before = log(&school).await;
        let pricing = json!({"pricing": {"category": "PAID", "amount": {"amount": "-1", "currency": "EUR"}}});
        let rows = [row("a"), with(row("b"), pricing), with(row("c"), json!({"skills": ["nothing"], "title": " "})), row("a")];
        let payload = import(&app, &school, &rows, json!({})).await;
        assert_eq!(counts(&payload), [0, 0, 0, 4]);
        assert_eq!(outcomes(&payload), ["REJECTED"; 4]);
        assert_eq!(payload["rows"][0]["userErrors"], json!([]));
        assert_eq!(payload["userErrors"], json!([
            {"code": "OUT_OF_RANGE", "path": ["rows", "1", "pricing", "amount", "amount"]},
            {"code": "TOO_SHORT", "path": ["rows", "2", "title"]},
            {"code": "NOT_FOUND", "path": ["rows", "2", "skills", "0"]},
            {"code": "DUPLICATE", "path": ["rows", "3", "externalKey"]},
        ]));
        assert!(payload["rows"].as_array().unwrap().iter().all(|row| row["course"].is_null()), "{payload:#}");
        assert_eq!(log(&school).await, before);
    }

    async fn what_is_sound_is_written_where_the_rest_is_to_be_skipped(app: App) {
        let school = FeedProvider::of(&app).await;
        let rows = [row("a"), with(row("b"), json!({"level": "BEGINNER", "url": "ftp://x"})), row("c")];
        let payload = import(&app, &school, &rows, json!({"onError": "SKIP_INVALID"})).await;
        assert_eq!((counts(&payload), &payload["userErrors"]), ([2, 0, 0, 1], &json!([])));
        assert_eq!(outcomes(&payload), ["CREATED", "REJECTED", "CREATED"]);
        assert_eq!(payload["rows"][1]["userErrors"][0]["path"], json!(["rows", "1", "url"]));
        assert_eq!(payload["rows"][1]["course"], Value::Null);
    }

    async fn only_validating_says_what_would_be_and_writes_nothing(app: App) {
        let school = FeedProvider::of(&app).await;
        import(&app, &school, &[row("a"), row("b")], json!({})).await;
        let before = log(&school).await;
        let rows = [with(row("a"), json!({"title": "New"})), row("b"), row("c"), json!({"externalKey": "", "title": "D", "kind": "COURSE"})];
        let payload = import(&app, &school, &rows, json!({"onError": "SKIP_INVALID", "only": true})).await;
        assert_eq!(outcomes(&payload), ["UPDATED", "UNCHANGED", "CREATED", "REJECTED"]);
        assert_eq!(counts(&payload), [1, 1, 1, 1]);
        assert_eq!(payload["rows"][0]["course"]["title"], "Course a");
        assert_eq!(payload["rows"][2]["course"], Value::Null);
        assert_eq!(log(&school).await, before);
    }

    async fn title_and_kind_are_needed_for_a_new_course_only(app: App) {
        let school = FeedProvider::of(&app).await;
        import(&app, &school, &[row("a")], json!({})).await;
        for only in [true, false] {
            let rows = [json!({"externalKey": "a", "summary": "New"}), json!({"externalKey": "b", "summary": "New"})];
            let payload = import(&app, &school, &rows, json!({"onError": "SKIP_INVALID", "only": only})).await;
            assert_eq!(outcomes(&payload), ["UPDATED", "REJECTED"]);
            assert_eq!(payload["rows"][1]["userErrors"], json!([
                {"code": "REQUIRED", "message": "must be given for a new course", "path": ["rows", "1", "title"]},
                {"code": "REQUIRED", "message": "must be given for a new course", "path": ["rows", "1", "kind"]},
            ]));
        }
        let rows = entity::course::Entity::find().all(&school.catalogue.db).await.unwrap();
        assert_eq!(rows.len(), 1);
        assert_eq!((rows[0].title.as_str(), rows[0].summary.as_deref(), rows[0].version), ("Course a", Some("New"), 2));
        let cleared = import(&app, &school, &[json!({"externalKey": "a", "title": null, "kind": null})], json!({})).await;
        assert_eq!(cleared["userErrors"], json!([
            {"code": "REQUIRED", "path": ["rows", "0", "title"]}, {"code": "REQUIRED", "path": ["rows", "0", "kind"]},
        ]));
    }

    async fn a_batch_that_changes_nothing_answers_the_position_that_the_log_has(app: App) {
        let school = FeedProvider::of(&app).await;
        import(&app, &school, &[row("a")], json!({})).await;
        let position = async |only: bool| {
            // The answer has to include what others have written last.
            school.catalogue.provider("Other").await;
            let variables = json!({ "provider": global_id("Provider", school.id), "rows": [row("a")], "only": only });
            let request = app.client.post(format!("{}/graphql", app.address)).bearer_auth(&school.token);
            let answer = request.json(&json!({ "query": IMPORT, "variables": variables })).send().await.unwrap();
            answer.headers()["lectern-position"].to_str().unwrap().parse::<i64>().unwrap()
        };
        for only in [false, true] {
            assert_eq!(position(only).await, school.catalogue.position().await);
        }
    }

    async fn more_than_500_rows_are_refused_unread(app: App) {
        let school = FeedProvider::of(&app).await;
        let rows: Vec<Value> = (0..501).map(|key| row(key.to_string())).collect();
        let payload = import(&app, &school, &rows, json!({})).await;
        assert_eq!((counts(&payload), &payload["rows"]), ([0; 4], &json!([])));
        assert_eq!(payload["userErrors"], json!([{"code": "LIMIT", "path": ["rows"]}]));
        let payload = import(&app, &school, &[], json!({})).await;
        assert_eq!((counts(&payload), &payload["userErrors"]), ([0; 4], &json!([])));
    }

    async fn only_courses_of_an_active_provider_are_published(app: App) {
        let school = FeedProvider::of(&app).await;
        school.catalogue.update_provider(school.id, |row| row.status = Set(ProviderStatus::Paused)).await;
        let payload = import(&app, &school, &[row("a"), with(row("b"), json!({"publish": true}))], json!({})).await;
        assert_eq!(payload["userErrors"], json!([{"code": "NOT_ALLOWED", "path": ["rows", "1", "publish"]}]));
        let payload = import(&app, &school, &[row("a")], json!({})).await;
        assert_eq!(counts(&payload), [1, 0, 0, 0]);
    }

    async fn a_course_of_another_provider_with_the_same_key_is_another_course(app: App) {
        let school = FeedProvider::of(&app).await;
        let other = school.catalogue.provider("Other").await;
        let key = |row: &mut entity::course::ActiveModel| row.external_key = Set(Some("a".to_owned()));
        let theirs = school.catalogue.course_with(other, "Theirs", &[], key).await;
        let payload = import(&app, &school, &[row("a")], json!({})).await;
        assert_eq!(outcomes(&payload), ["CREATED"]);
        let rows = entity::course::Entity::find_by_id(theirs).one(&school.catalogue.db).await.unwrap().unwrap();
        assert_eq!((rows.title.as_str(), rows.version, rows.status), ("Theirs", 1, ListingStatus::Published));
    }

    async fn nobody_writes_to_a_provider_that_is_not_theirs(app: App) {
        let school = FeedProvider::of(&app).await;
        let people = People::of(&app).await;
        let before = log(&school).await;
        let other = school.catalogue.provider("Other").await;
        let pending = school.catalogue.provider_with("Pending", |row| row.status = Set(ProviderStatus::Pending)).await;
        let code = async |token: &str, provider: i64| {
            let variables = json!({ "provider": global_id("Provider", provider), "rows": [row("a")] });
            let answer = if token.is_empty() { app.ask(IMPORT, variables).await } else { app.ask_as(token, IMPORT, variables).await };
            assert_eq!(answer["data"]["importCourses"], Value::Null);
            answer["errors"][0]["extensions"]["code"].as_str().unwrap().to_owned()
        };
        assert_eq!(code("", school.id).await, "UNAUTHENTICATED");
        assert_eq!(code(&people.person("ann@example.org").await.token, school.id).await, "FORBIDDEN");
        let member = people.member(other, MemberRole::Owner).await.token;
        assert_eq!(code(&member, school.id).await, "FORBIDDEN");
        assert_eq!(code(&school.token, other).await, "FORBIDDEN");
        assert_eq!(code(&school.token, pending).await, "NOT_FOUND");
        assert_eq!(code(&school.token, 1).await, "NOT_FOUND");
        assert_eq!(log(&school).await, before + 2, "only the two providers");
        let member = people.member(school.id, MemberRole::Editor).await.token;
        for token in [member, people.staff().await.token] {
            let variables = json!({ "provider": global_id("Provider", school.id), "rows": [row("a")] });
            let answer = app.ask_as(&token, IMPORT, variables).await;
            assert_eq!(answer["data"]["importCourses"]["rejected"], 0, "{answer:#}");
        }
    }

    async fn a_batch_of_500_takes_as_many_statements_as_one_of_100(app: App) {
        let school = FeedProvider::of(&app).await;
        for skill in ["python", "sql", "rust"] {
            school.catalogue.skill(skill, &[]).await;
        }
        let skills: Vec<String> = entity::skill::Entity::find().all(&school.catalogue.db).await.unwrap().into_iter().map(|row| row.slug).collect();
        let batch = |from: usize, count: usize, weeks: usize| -> Vec<Value> {
            let full = |key: usize| with(row(key.to_string()), json!({
                "skills": skills, "duration": {"weeks": weeks}, "publish": true,
                "offerings": [{"format": "SELF_PACED", "seatsLeft": weeks}, {"format": "HYBRID", "startsOn": "2030-01-01"}],
                "awards": [{"title": format!("Award {weeks}"), "awardedBy": "B"}],
                "financing": [{"kind": "LOAN", "months": weeks}],
                "prerequisiteSkills": [{"skill": skills[0], "level": "BASIC"}],
            }));
            (from..from + count).map(full).collect()
        };
        let mut caused = Vec::new();
        for (second, (from, count, weeks)) in [(0, 100, 1), (1_000, 500, 1), (0, 100, 2), (1_000, 500, 2)].iter().enumerate() {
            // Ids contain the time. If it stood still, ids of two batches could collide, and one batch would be
            // retried.
            app.clock.set(&format!("2026-06-01T12:00:0{}Z", second + 1));
            let before = app.metric("lectern_write_statements_total").await;
            let payload = import(&app, &school, &batch(*from, *count, *weeks), json!({})).await;
            assert_eq!(payload["rejected"], 0, "{}", payload["rows"][0]);
            caused.push(app.metric("lectern_write_statements_total").await - before);
        }
        assert_eq!((caused[0], caused[2]), (caused[1], caused[3]), "new, and changed");
        assert!(caused.iter().all(|count| *count < 60), "{caused:?}");
    }
}

on_sqlite! {
    async fn who_has_signed_in_for_a_provider_may_send_two_megabytes(app: App) {
        let school = FeedProvider::of(&app).await;
        let full = |key: usize| with(row(key.to_string()), json!({"description": "x".repeat(3_500), "languages": ["en", "de", "fr"]}));
        let rows: Vec<Value> = (0..500).map(full).collect();
        let payload = import(&app, &school, &rows, json!({})).await;
        assert_eq!(counts(&payload), [500, 0, 0, 0]);
        let send = async |token: Option<&str>, bytes: usize| {
            let body = json!({ "query": "{ __typename }", "extensions": { "x": "x".repeat(bytes) } });
            let request = app.client.post(format!("{}/graphql", app.address)).json(&body);
            let request = token.into_iter().fold(request, |request, token| request.bearer_auth(token));
            request.send().await.unwrap().status().as_u16()
        };
        let stranger = People::of(&app).await.person("ann@example.org").await;
        assert_eq!(send(None, 300 * 1024).await, 413);
        assert_eq!(send(Some(&stranger.token), 300 * 1024).await, 413);
        assert_eq!(send(Some(&school.token), 300 * 1024).await, 200);
        assert_eq!(send(Some(&school.token), 2 * 1024 * 1024).await, 413);
    }
}
