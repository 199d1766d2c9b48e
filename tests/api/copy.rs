//! `lectern copy`: a catalogue moves to the other kind of database without any visible difference.

use migration::tables;
use sea_orm::{ConnectionTrait, DatabaseConnection, Statement};
use serde_json::{Value, json};

use crate::support::reviewed_course::ReviewedCourse;
use crate::support::{App, Catalogue, Program, Stage, global_id};

/// Public queries; `$after` is an old cursor of the change log.
const PUBLIC: &str = r#"query($after: String!, $course: ID!) {
  courses(first: 50) { totalCount nodes { id slug title summary status languages price { amount currency } ratings { average count }
    offerings(upcoming: false) { nodes { id startsOn } } awards { title } financing { kind } maxClassSize skills { slug } updatedAt publishedAt } }
  found: courses(query: "python", first: 20) { totalCount nodes { slug } facets { levels { value count } skills { count } } }
  providers(first: 50) { nodes { id slug name locations { city } ratings { average count } } }
  certifications(first: 20) { nodes { id slug name exam_fee: examFee { amount currency } } }
  careers(first: 20) { nodes { id slug title } }
  skills(first: 100) { totalCount nodes { id slug name } }
  subjects(first: 100) { nodes { id slug } }
  statistics(first: 50) { totalCount nodes { id metric } }
  suggestions(text: "py") { __typename }
  course(by: {id: $course}) { slug reviews(first: 5) { nodes { id rating body createdAt reply { body } } } }
  changes(after: $after, first: 100) { nodes { cursor kind type slug listingId at } pageInfo { endCursor hasNextPage } }
  catalogueCursor
}"#;

/// Queries for the provider's members and staff only.
const STAFF: &str = "query($course: ID!) { viewer { id email displayName staff emailVerified }
    course(by: {id: $course}) { history(first: 20) { nodes { at by action changes { field before after } } } } }";

const CREATE: &str = "mutation($provider: ID!) { payload: createCourse(provider: $provider, input: { title: \"Made\", kind: COURSE, \
    pricing: {category: PAID, amount: {amount: \"99.50\", currency: \"EUR\"}}, awards: [{title: \"Best\", awardedBy: \"Us\"}], \
    offerings: [{format: IN_PERSON, startsOn: \"2027-01-04\", location: {city: \"Rome\"}}] }) { course { id } userErrors { message path } } }";
const UPDATE: &str = "mutation($id: ID!, $input: CoursePatch!) { payload: updateCourse(id: $id, expectedVersion: 1, input: $input) \
    { course { version } userErrors { message path } } }";

/// What a user of the catalogue holds while it moves.
struct Held {
    course: Value,
    provider: Value,
    cursor: Value,
    /// The tokens of an account created through the API, and of a staff account.
    tokens: [String; 2],
}

impl Held {
    /// Writes one of everything that can be written, and returns what to check afterwards.
    async fn of(app: &App) -> Self {
        let cursor = app.data("{ catalogueCursor }").await["catalogueCursor"].take();
        let forum = ReviewedCourse::open(app).await;
        let ann = app.sign_up("ann@example.org").await;
        let author = forum.learner("author").await;
        let review = forum.published(&author, 5).await;
        forum.written(&forum.learner("another").await, 2).await;
        assert_eq!(review["status"], "PUBLISHED");
        let provider = json!(global_id("Provider", forum.provider));
        let token = forum.staff.token.clone();
        let made = app.payload(&token, CREATE, json!({ "provider": provider })).await;
        assert_eq!(made["userErrors"], json!([]), "{made}");
        let course = json!(global_id("Course", forum.course));
        for (id, input) in
            [(&made["course"]["id"], json!({ "title": "Ångström 数学" })), (&course, json!({ "maxClassSize": 12 }))]
        {
            let updated = app.payload(&token, UPDATE, json!({ "id": id, "input": input })).await;
            assert_eq!(updated["course"]["version"], 2, "{updated}");
        }
        Self { course, provider, cursor, tokens: [ann.token, token] }
    }

    /// The answers to all queries of such a user.
    async fn answers(&self, app: &App) -> Vec<Value> {
        let variables = json!({ "after": self.cursor, "course": self.course });
        let mut answers = vec![app.ask(PUBLIC, variables.clone()).await];
        let [ann, staff] = &self.tokens;
        answers.push(app.ask_as(ann, "{ viewer { id email emailVerified } }", json!({})).await);
        answers.push(app.ask_as(staff, STAFF, json!({ "course": self.course })).await);
        for answer in &answers {
            assert!(answer.get("errors").is_none(), "{answer:#}");
        }
        assert!(answers[0]["data"]["changes"]["nodes"].as_array().unwrap().len() > 1, "{}", answers[0]);
        answers
    }
}

/// The number of rows of each table, except that of idempotency keys.
async fn counts(db: &DatabaseConnection) -> Vec<(&'static str, i64)> {
    let mut counts = Vec::new();
    for table in tables().filter(|table| *table != "idempotency") {
        let sql = format!("select count(*) from {table}");
        let row = db.query_one_raw(Statement::from_string(db.get_database_backend(), sql)).await.unwrap().unwrap();
        counts.push((table, row.try_get_by_index(0).unwrap()));
    }
    counts
}

/// Adds a synthetic catalogue to the starter catalogue, so that many tables have rows.
async fn filled(stage: &Stage) -> Held {
    stage.serve(async |_| ()).await;
    let demo = Program::on(stage).run("demo --courses 60 --reviews 700 --on 2026-05-01");
    assert_eq!(demo.code, Some(0), "{}", demo.error);
    stage.serve(async |app| Held::of(&app.caught_up().await).await).await
}

on_both! {
    async fn a_catalogue_moves_to_the_other_kind_of_database(stage: Stage) {
        let held = filled(&stage).await;
        let before = stage.serve(async |app| held.answers(&app.caught_up().await).await).await;
        let other = stage.elsewhere().await;
        let copied = Program::on(&other).run(&format!("copy --from {}", stage.database.url));
        assert_eq!(copied.code, Some(0), "{}", copied.error);
        let (one, two) = (counts(&Catalogue::on(&stage).await.db).await, counts(&Catalogue::on(&other).await.db).await);
        assert_eq!(one, two);
        let empty: Vec<_> = one.iter().filter(|(_, rows)| *rows == 0).collect();
        assert!(empty.len() < 30, "most tables hold something: {empty:?}");
        let rows: i64 = one.iter().map(|(_, rows)| rows).sum();
        assert!(copied.out.starts_with(&format!("{rows} rows of {} tables are copied", one.len())), "{}", copied.out);
        let after = other.serve(async |app| {
            let after = held.answers(&app).await;
            // The log continues: the next change follows the last one.
            let made = app.payload(&held.tokens[1], CREATE, json!({ "provider": held.provider })).await;
            assert_eq!(made["userErrors"], json!([]), "{made}");
            after
        }).await;
        assert_eq!(before, after);
        let position = |db| async move { catalog::changelog::head(&db).await.unwrap_or_else(|error| panic!("{}", error.cause())) };
        let heads = (position(Catalogue::on(&stage).await.db).await, position(Catalogue::on(&other).await.db).await);
        assert_eq!((&heads.0.uid, heads.0.position + 1), (&heads.1.uid, heads.1.position));
        other.database.drop_now().await;
    }

    async fn a_database_that_holds_anything_is_not_copied_into(stage: Stage) {
        let other = stage.elsewhere().await;
        for stage in [&stage, &other] {
            stage.serve(async |_| ()).await;
        }
        let before = counts(&Catalogue::on(&other).await.db).await;
        let refused = Program::on(&other).run(&format!("copy --from {}", stage.database.url));
        assert_eq!((refused.code, refused.error.lines().count()), (Some(1), 1), "{}", refused.error);
        assert!(refused.error.starts_with("lectern: database_url: must be empty to be copied into"), "{}", refused.error);
        assert_eq!(counts(&Catalogue::on(&other).await.db).await, before);
        other.database.drop_now().await;
    }

    async fn a_copy_that_breaks_off_leaves_an_empty_database(stage: Stage) {
        stage.serve(async |_| ()).await;
        let other = stage.elsewhere().await;
        assert_eq!(Program::on(&other).run("migrate").code, Some(0));
        let db = Catalogue::on(&other).await.db;
        let empty = counts(&db).await;
        let (obstacle, removed) = if other.database.is_postgres() {
            ("alter table citation add constraint no check (false)", "alter table citation drop constraint no")
        } else {
            ("create trigger no before insert on citation begin select raise(abort, 'no'); end", "drop trigger no")
        };
        db.execute_unprepared(obstacle).await.unwrap();
        let copy = format!("copy --from {}", stage.database.url);
        assert_eq!(Program::on(&other).run(&copy).code, Some(1));
        assert_eq!(counts(&db).await, empty, "also what came before it");
        db.execute_unprepared(removed).await.unwrap();
        let copied = Program::on(&other).run(&copy);
        assert_eq!(copied.code, Some(0), "{}", copied.error);
        db.close().await.unwrap();
        other.database.drop_now().await;
    }

    async fn what_is_no_catalogue_of_this_version_is_not_copied_and_nothing_is_made(stage: Stage) {
        let other = stage.elsewhere().await;
        let refused = async |from: &str, words: &str| {
            let refused = Program::on(&other).run(&format!("copy --from {from}"));
            assert_eq!((refused.code, refused.error.lines().count()), (Some(1), 1), "{}", refused.error);
            assert!(refused.error.starts_with("lectern: --from: ") && refused.error.contains(words), "{}", refused.error);
            assert!(!refused.error.contains("secret"), "{}", refused.error);
        };
        refused("mysql://u:secret@h/d", "must be sqlite://FILE or postgres://").await;
        refused("postgres://u:secret@127.0.0.1:1/d", "cannot be reached").await;
        refused("sqlite:///nosuch/file", "no such file").await;
        Program::on(&stage).file("notes.sqlite", "this is no database".repeat(100));
        refused(&format!("sqlite://{}/notes.sqlite", stage.folder.path().display()), "damaged").await;
        assert_eq!(Program::on(&stage).run("migrate").code, Some(0));
        let db = Catalogue::on(&stage).await.db;
        for (change, words) in [
            ("insert into seaql_migrations (version, applied_at) values ('m999999_later', 1)", "newer version"),
            ("delete from seaql_migrations where version >= 'm000004'", "older version"),
        ] {
            db.execute_unprepared(change).await.unwrap();
            refused(&stage.database.url, words).await;
        }
        // The only thing that a refused copy may do is create a database.
        let made = Program::on(&other).run("migrate");
        assert!(made.out.starts_with("database: NEW"), "{}", made.out);
        other.database.drop_now().await;
    }
}
