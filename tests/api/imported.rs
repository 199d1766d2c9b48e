//! Reviews and outcome reports that staff import from other sites: they are marked, and count nowhere as our own.

use entity::course;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};

use crate::support::feed::{JSONL, counts, lines, send};
use crate::support::provider::{ProviderWithEditor, user_errors};
use crate::support::reviewed_course::ReviewedCourse;
use crate::support::{App, Catalogue, People, Program};

/// A course with a slug, and people who review it.
async fn forum<'a>(app: &'a App, school: &ProviderWithEditor<'a>, course: &Value) -> ReviewedCourse<'a> {
    let forum = ReviewedCourse::open(app).await;
    let row = course::Entity::find().filter(course::Column::Slug.eq(course["slug"].as_str().unwrap()));
    let row = row.one(&forum.people.db).await.unwrap().unwrap();
    ReviewedCourse { provider: school.row, course: row.id, ..forum }
}

/// A review of a course, with other fields.
fn review(course: &Value, key: &str, change: Value) -> Value {
    let mut row = json!({
        "externalKey": key, "course": course["slug"], "rating": 1, "body": "Not what the page had promised.",
        "relation": "STUDENT", "incentive": false, "author": "Ann A.", "writtenOn": "2025-11-03"
    });
    row.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
    row
}

/// Imports rows as JSON Lines beside the application, and returns the exit code and the report without the rate.
async fn import(app: &App, kind: &str, rows: &[Value]) -> (Option<i32>, String) {
    Program::beside(app).file("rows.jsonl", lines(rows));
    let ended =
        app.command(&format!("import --{kind} rows.jsonl --source Site --source-url https://site.example/all")).await;
    app.reached(Catalogue::of(app).await.position().await).await;
    (ended.code, ended.out.rsplit_once(';').map_or(ended.error, |(report, _)| report.to_owned()))
}

fn done(created: u64, updated: u64, unchanged: u64) -> (Option<i32>, String) {
    let rows = created + updated + unchanged;
    (Some(0), format!("{rows} rows: {created} created, {updated} updated, {unchanged} unchanged, 0 refused"))
}

/// The titles of the reviews of these origins.
async fn titles(forum: &ReviewedCourse<'_>, filter: &str) -> Value {
    let shown = forum.shown(&format!("reviews{filter} {{ totalCount nodes {{ title }} }}")).await["reviews"].take();
    let titles: Value = shown["nodes"].as_array().unwrap().iter().map(|node| node["title"].clone()).collect();
    assert_eq!(shown["totalCount"], titles.as_array().unwrap().len());
    titles
}

const SHOWN: &str = "id author rating title verification status helpfulCount createdAt source { name url externalKey author writtenOn }";
const RATINGS: &str = "ratings { count average score verifiedCount distribution { count } } provider { ratings { count average } } reviewsTurnedAway { rejected removed }";

on_both! {
    #![empty]

    async fn imported_reviews_are_marked_and_count_in_no_rating(app: App) {
        let school = ProviderWithEditor::open(&app).await;
        let course = school.published("Falconry").await;
        let forum = forum(&app, &school, &course).await;
        forum.published(&forum.learner("bob").await, 5).await;
        let before = forum.shown(RATINGS).await;
        assert_eq!((&before["ratings"]["count"], &before["provider"]["ratings"]["count"]), (&json!(1), &json!(1)));
        let rows = [
            review(&course, "1", json!({"title": "First", "sourceUrl": "https://site.example/1"})),
            review(&course, "2", json!({"title": "Second", "author": null, "writtenOn": "2024-02-29", "rating": "3", "incentive": "TRUE"})),
        ];
        assert_eq!(import(&app, "reviews", &rows).await, done(2, 0, 0));
        assert_eq!(import(&app, "reviews", &rows).await, done(0, 0, 2));
        assert_eq!(titles(&forum, "").await, json!([null]));
        assert_eq!(titles(&forum, "(filter: {origin: [HERE]})").await, json!([null]));
        assert_eq!(titles(&forum, "(filter: {origin: [IMPORTED]})").await, json!(["First", "Second"]));
        assert_eq!(titles(&forum, "(filter: {origin: [IMPORTED, HERE]}, orderBy: OLDEST)").await, json!(["Second", "First", null]));
        assert_eq!(titles(&forum, "(filter: {origin: [IMPORTED, HERE], verification: [EMAIL]})").await, json!([null]));
        assert_eq!(titles(&forum, "(filter: {origin: []})").await, json!([]));
        let mut shown = forum.shown(&format!("reviews(filter: {{origin: [IMPORTED]}}) {{ nodes {{ {SHOWN} }} }}")).await;
        let nodes = shown["reviews"]["nodes"].as_array_mut().unwrap();
        nodes.iter_mut().for_each(|node| drop(node.as_object_mut().unwrap().remove("id")));
        assert_eq!(*nodes, [
            json!({"author": "Ann A.", "rating": 1, "title": "First", "verification": "NONE", "status": "PUBLISHED", "helpfulCount": 0,
                "createdAt": "2025-11-03T00:00:00Z", "source": {"name": "Site", "url": "https://site.example/1", "externalKey": "1",
                "author": "Ann A.", "writtenOn": "2025-11-03"}}),
            json!({"author": "Anonymous", "rating": 3, "title": "Second", "verification": "NONE", "status": "PUBLISHED", "helpfulCount": 0,
                "createdAt": "2024-02-29T00:00:00Z", "source": {"name": "Site", "url": "https://site.example/all", "externalKey": "2",
                "author": null, "writtenOn": "2024-02-29"}}),
        ]);
        let own = forum.shown("reviews { nodes { source { name } author } }").await;
        assert_eq!(own["reviews"]["nodes"][0]["source"], Value::Null);
        let changed = [review(&course, "1", json!({"title": "First", "rating": 2})), rows[1].clone()];
        assert_eq!(import(&app, "reviews", &changed).await, done(0, 1, 1));
        let counted = app.command("ratings").await;
        assert_eq!((counted.code, forum.shown(RATINGS).await), (Some(0), before), "{}", counted.out);
    }

    async fn every_fault_of_an_imported_review_is_named(app: App) {
        let school = ProviderWithEditor::open(&app).await;
        let (course, other) = (school.published("Falconry").await, school.published("Hawking").await);
        let slug = course["slug"].as_str().unwrap();
        let body = "It was as good as one could wish for.";
        let head = "externalKey,course,rating,body,relation,incentive,writtenOn,sourceUrl,completedOn,curriculum";
        let file = format!(
            "{head}\na,{slug},5,{body},GRADUATE,false,2025-11-03,https://site.example/a,,\nb,{slug},4.5,Short,FRIEND,perhaps,03.11.2025,http://site.example,2999-01-01,6\n\
             c,no-such-course,5,{body},GRADUATE,false,2999-11-03,https://site.example/c,,\na,{slug},5,{body},GRADUATE,false,2025-11-03,https://site.example/a,,\n\
             ,{slug},,,,,,,,\n"
        );
        Program::beside(&app).file("reviews.csv", &file);
        let ended = app.command("import --reviews reviews.csv --source Site").await;
        let wanted = [
            "line 3: sourceUrl: INVALID: must be an https address",
            "line 3: rating: INVALID: must be a whole number",
            "line 3: curriculum: OUT_OF_RANGE: must be 1 to 5",
            "line 3: body: TOO_SHORT: must have at least 20 characters, and has 5",
            "line 3: relation: INVALID: must be one of STUDENT, GRADUATE, APPLICANT",
            "line 3: incentive: INVALID: must be true or false",
            "line 3: completedOn: OUT_OF_RANGE: must not be in the future",
            "line 3: writtenOn: INVALID: must be a date, e.g. 2026-05-01",
            "line 4: course: NOT_FOUND: there is no course no-such-course",
            "line 4: writtenOn: OUT_OF_RANGE: must not be in the future",
            "line 5: externalKey: DUPLICATE: another row before it has this key (line 2)",
            "line 6: externalKey: REQUIRED: must be given",
            "line 6: rating: REQUIRED: must be given",
        ];
        for line in wanted {
            assert!(ended.out.lines().any(|said| said == line), "{line}\n{}", ended.out);
        }
        assert!(ended.out.contains("5 rows: 1 created, 0 updated, 0 unchanged, 4 refused"), "{}", ended.out);
        assert_eq!(ended.code, Some(3));
        let moved = file.lines().take(2).map(|line| line.replace(slug, other["slug"].as_str().unwrap()) + "\n").collect::<String>();
        Program::beside(&app).file("moved.csv", moved).file("odd.csv", "externalKey,stars\n").file("bad.jsonl", "{\n");
        let ended = app.command("import --reviews moved.csv --source Site").await;
        assert!(ended.out.starts_with("line 2: course: INVALID: must be the course that the record with this key is about already"), "{}", ended.out);
        for (arguments, code, said) in [
            ("--reviews odd.csv --source Site", 1, "field stars: there is no such field"),
            ("--outcomes odd.csv --source Site", 1, "field stars: there is no such field"),
            ("--reviews odd.csv --source Site --source-url http://site.example", 1, "--source: address must be an https address"),
            ("--reviews odd.csv", 2, "--source"),
            ("--reviews --outcomes odd.csv --source Site", 2, "cannot be used with"),
            ("--reviews odd.csv --source Site --provider school", 2, "cannot be used with"),
            ("--reviews odd.csv --source Site --draft", 2, "cannot be used with"),
            ("odd.csv --source Site", 2, "--provider"),
        ] {
            let ended = app.command(&format!("import {arguments}")).await;
            assert!(ended.code == Some(code) && ended.error.contains(said), "{arguments}: {:?} {}", ended.code, ended.error);
        }
        let ended = app.command("import --reviews bad.jsonl --source Site").await;
        assert!(ended.out.starts_with("line 1: record: INVALID: is not JSON"), "{}", ended.out);
        assert_eq!(ended.out.lines().count(), 3, "{}", ended.out);
    }

    async fn imported_reviews_are_moderated_reported_and_deleted_by_staff(app: App) {
        let school = ProviderWithEditor::open(&app).await;
        let course = school.published("Falconry").await;
        let forum = forum(&app, &school, &course).await;
        let rows = [review(&course, "1", json!({"title": "First"})), review(&course, "2", json!({"title": "Second"}))];
        assert_eq!(import(&app, "reviews", &rows).await, done(2, 0, 0));
        let shown = forum.shown("reviews(filter: {origin: [IMPORTED]}) { nodes { id title } }").await["reviews"]["nodes"].take();
        let reader = forum.learner("reader").await;
        let first = shown.as_array().unwrap().iter().find(|review| review["title"] == "First").unwrap();
        let id = &first["id"];
        let vote = forum.send(&reader.token, &format!("markReviewHelpful(id: {id}, helpful: true)")).await;
        assert_eq!(vote["review"]["helpfulCount"], 1);
        let reported = forum.send(&reader.token, &format!("reportReview(id: {id}, reason: UNTRUE)")).await;
        assert_eq!(user_errors(&reported), [""; 0]);
        let replied = forum.send(&school.token, &format!("replyToReview(id: {id}, body: \"We are sorry.\")")).await;
        assert_eq!(user_errors(&replied), [""; 0]);
        let delete = format!("deleteReview(id: {id})");
        for token in [&reader.token, &school.token] {
            assert_eq!(forum.refused(token, &delete).await, "FORBIDDEN");
        }
        assert_eq!(user_errors(&forum.decide(first, "REMOVED").await), [""; 0]);
        assert_eq!(forum.shown(RATINGS).await["reviewsTurnedAway"], json!({"rejected": 0, "removed": 0}));
        assert_eq!(titles(&forum, "(filter: {origin: [IMPORTED]})").await, json!(["Second"]));
        let again = [review(&course, "1", json!({"title": "Once more"})), rows[1].clone()];
        assert_eq!(import(&app, "reviews", &again).await, done(0, 1, 1));
        assert_eq!(titles(&forum, "(filter: {origin: [IMPORTED]})").await, json!(["Second"]), "what was removed stays removed");
        let deleted = forum.send(&forum.staff.token, &delete).await;
        assert_eq!((user_errors(&deleted), &deleted["review"]["title"]), (vec![], &json!("Once more")));
        assert_eq!(import(&app, "reviews", &again).await, done(1, 0, 1));
        let own = forum.published(&reader, 4).await;
        assert_eq!(forum.refused(&forum.staff.token, &format!("deleteReview(id: {})", own["id"])).await, "FORBIDDEN");
    }

    async fn over_http_only_staff_import_reviews(app: App) {
        let school = ProviderWithEditor::open(&app).await;
        let course = school.published("Falconry").await;
        let staff = People::of(&app).await.staff().await.token;
        let system = People::of(&app).await.service_token(school.row).await;
        let body = lines(&[review(&course, "1", json!({})), review(&course, "2", json!({"rating": 6}))]);
        let query = "records=reviews&source=A%20site&sourceUrl=https%3A%2F%2Fsite.example";
        for (token, status) in [("", 401), (school.token.as_str(), 403), (system.as_str(), 403)] {
            assert_eq!(send(&app, token, query, JSONL, body.clone()).await.0, status);
        }
        for wrong in ["records=reviews", "records=stars&source=A", "records=reviews&source=A&provider=b", "provider=a&source=A", "records=outcomes&source=A&missing=retire"] {
            assert_eq!(send(&app, &staff, wrong, JSONL, body.clone()).await.0, 400, "{wrong}");
        }
        let (status, told) = send(&app, &staff, "records=reviews&source=A&sourceUrl=http%3A%2F%2Fsite.example", JSONL, body.clone()).await;
        assert_eq!((status, &told[0]["errors"][0]["message"]), (400, &json!("source: address must be an https address")), "{told:?}");
        let (status, tried) = send(&app, &staff, &format!("{query}&dryRun=true"), JSONL, body.clone()).await;
        assert_eq!((status, counts(&tried[2]), &tried[0]["id"]), (200, [1, 0, 0, 1, 0], &Value::Null));
        let (_, told) = send(&app, &staff, query, JSONL, body.clone()).await;
        let id = told[0]["id"].clone();
        assert_eq!(told[0], json!({"line": 1, "externalKey": "1", "outcome": "CREATED", "id": id, "errors": []}));
        assert_eq!(told[1]["errors"], json!([{"code": "OUT_OF_RANGE", "message": "must be 1 to 5", "path": ["rating"]}]));
        assert_eq!(counts(&told[2]), [1, 0, 0, 1, 0]);
        app.reached(told[2]["position"].as_i64().unwrap()).await;
        let node = app.ask("query($id: ID!) { node(id: $id) { ... on Review { source { name } course { title } } } }", json!({"id": id})).await;
        assert_eq!(node["data"]["node"], json!({"source": {"name": "A site"}, "course": {"title": "Falconry"}}));
        let (_, again) = send(&app, &staff, query, JSONL, body).await;
        assert_eq!((counts(&again[2]), &again[0]["id"]), ([0, 0, 1, 1, 0], &id));
    }

    async fn imported_reports_are_marked_and_rank_no_course(app: App) {
        let school = ProviderWithEditor::open(&app).await;
        let (course, other) = (school.published("Falconry").await, school.published("Hawking").await);
        let head = "externalKey,course,periodStart,periodEnd,enrolled,graduatedOnTime,graduatedLate,after180Days.fullTime,after180Days.seeking,\
            salaries.currency,salaries.median,salaries.stated,salaries.bands,auditor,url";
        let row = |course: &Value, on_time: u32, salary: &str| {
            format!("{head}\nr-1,{},2025-01-01,2025-06-30,25,{on_time},5,18,2,USD,{salary},4,\"[{{\"\"below\"\": \"\"60000\"\", \"\"count\"\": 4}}]\",,\n", course["slug"].as_str().unwrap())
        };
        let import = async |file: String| {
            Program::beside(&app).file("reports.csv", file);
            let ended = app.command("import --outcomes reports.csv --source Site --source-url https://site.example/all").await;
            app.reached(Catalogue::of(&app).await.position().await).await;
            ended.out.split(';').next().unwrap().to_owned()
        };
        assert_eq!(import(row(&course, 15, "50000")).await, "1 rows: 1 created, 0 updated, 0 unchanged, 0 refused");
        assert_eq!(import(row(&course, 15, "50000")).await, "1 rows: 0 created, 0 updated, 1 unchanged, 0 refused");
        let wrong = import(row(&course, 16, "65000")).await;
        assert!(wrong.starts_with("line 2: after180Days: INVALID: must add up to the 21 graduates, and comes to 20\nline 2: salaries.median: INVALID: "), "{wrong}");
        assert!(import(row(&other, 15, "50000")).await.starts_with("line 2: course: INVALID: must be the course"));
        let reports = async |of: &str| {
            let fields = "id ranked auditor after180Days { employmentRate } source { name url externalKey } version";
            let query = format!("query($id: ID!) {{ course(by: {{id: $id}}) {{ outcomeReports{of} {{ totalCount nodes {{ {fields} }} }} provider {{ outcomeReports{of} {{ totalCount }} }} }} }}");
            let mut data = app.ask(&query, json!({"id": course["id"]})).await["data"]["course"].take();
            assert_eq!(data["provider"]["outcomeReports"]["totalCount"], data["outcomeReports"]["totalCount"]);
            data["outcomeReports"]["nodes"].take()
        };
        assert_eq!(reports("").await, json!([]));
        let imported = reports("(origin: [IMPORTED])").await;
        let id = imported[0]["id"].clone();
        let source = json!({"name": "Site", "url": "https://site.example/all", "externalKey": "r-1"});
        assert_eq!(imported, json!([{"id": id, "ranked": false, "auditor": null, "after180Days": {"employmentRate": "90"}, "source": source, "version": 1}]));
        let ranked = "{ courses(filter: {employmentRate: {gte: \"1\"}}) { totalCount } }";
        assert_eq!(app.data(ranked).await["courses"]["totalCount"], 0);
        // The provider's own report on the same period is not in its way.
        let input = json!({"periodStart": "2025-01-01", "periodEnd": "2025-06-30", "enrolled": 25, "graduatedOnTime": 15, "graduatedLate": 5,
            "after180Days": {"fullTime": 10, "seeking": 10}});
        let publish = "mutation($c: ID!, $i: OutcomeReportInput!) { done: publishOutcomeReport(course: $c, input: $i) { outcomeReport { ranked source { name } } userErrors { code } } }";
        let own = school.data(publish, json!({"c": course["id"], "i": input})).await;
        assert_eq!(own["done"], json!({"outcomeReport": {"ranked": true, "source": null}, "userErrors": []}));
        assert_eq!(reports("(origin: [HERE, IMPORTED])").await.as_array().unwrap().len(), 2);
        let ranked = app.data("{ courses(filter: {employmentRate: {gte: \"1\", lte: \"50\"}}) { totalCount } }").await;
        assert_eq!(ranked["courses"]["totalCount"], 1);
        // What others say of it, a provider does not take back.
        let update = "mutation($id: ID!, $i: OutcomeReportInput!) { updateOutcomeReport(id: $id, expectedVersion: 1, input: $i) { outcomeReport { version } userErrors { code } } }";
        let refused = app.ask_as(&school.token, update, json!({"id": id, "i": input})).await;
        assert_eq!(refused["errors"][0]["extensions"]["code"], "FORBIDDEN");
        let staff = People::of(&app).await.staff().await.token;
        let updated = app.ask_as(&staff, update, json!({"id": id, "i": input})).await;
        assert_eq!(updated["data"]["updateOutcomeReport"], json!({"outcomeReport": {"version": 2}, "userErrors": []}));
        let withdraw = "mutation($id: ID!) { withdrawOutcomeReport(id: $id, expectedVersion: 2, reason: \"Wrong.\") { outcomeReport { version } userErrors { code } } }";
        let refused = app.ask_as(&school.token, withdraw, json!({"id": id})).await;
        assert_eq!(refused["errors"][0]["extensions"]["code"], "FORBIDDEN");
        let withdrawn = app.ask_as(&staff, withdraw, json!({"id": id})).await;
        assert_eq!(withdrawn["data"]["withdrawOutcomeReport"], json!({"outcomeReport": {"version": 3}, "userErrors": []}));
        assert_eq!(import(row(&course, 15, "51000")).await, "1 rows: 0 created, 0 updated, 1 unchanged, 0 refused");
        assert_eq!(reports("(origin: [IMPORTED])").await, json!([]));
        assert_eq!(import(row(&course, 15, "51000").replace("r-1", "r-2")).await, "1 rows: 1 created, 0 updated, 0 unchanged, 0 refused");
        assert_eq!(import(row(&course, 15, "52000").replace("r-1", "r-2")).await, "1 rows: 0 created, 1 updated, 0 unchanged, 0 refused");
        assert_eq!(reports("(origin: [IMPORTED])").await[0]["version"], 2);
        let history = school.data("query($id: ID!) { course(by: {id: $id}) { history(first: 1) { nodes { action changes { before after } } } } }", json!({"id": course["id"]})).await;
        let entry = &history["course"]["history"]["nodes"][0];
        assert_eq!((&entry["action"], &entry["changes"][0]["after"]["source"]), (&json!("outcome.update"), &json!("Site")));
    }
}
