//! Outcome reports: what is refused, who sees what, and how courses are ranked. The examples of docs/outcomes.md are
//! run here, so the page cannot differ from what is served.

use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::support::page::blocks;
use crate::support::provider::{ProviderWithEditor, user_errors};
use crate::support::{App, Catalogue, People};

const PAGE: &str = include_str!("../../docs/outcomes.md");
const REPORT: &str = "id version periodEnd graduationRate100 graduationRate150 ranked withdrawnBecause";

/// A report on the first half of a year, in which so many of 20 graduates were employed after 180 days.
fn report(year: i32, employed: i32) -> Value {
    json!({
        "periodStart": format!("{year}-01-01"), "periodEnd": format!("{year}-06-30"),
        "enrolled": 25, "graduatedOnTime": 15, "graduatedLate": 5,
        "after180Days": { "fullTime": employed, "seeking": 20 - employed }
    })
}

/// A report with some fields replaced.
fn with(fields: Value) -> Value {
    let mut report = report(2025, 10);
    report.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    report
}

async fn publish(school: &ProviderWithEditor<'_>, course: &Value, input: Value) -> Value {
    let query = format!(
        "mutation($c: ID!, $i: OutcomeReportInput!) {{ done: publishOutcomeReport(course: $c, input: $i) \
         {{ outcomeReport {{ {REPORT} }} userErrors {{ code path message }} }} }}"
    );
    school.data(&query, json!({ "c": course["id"], "i": input })).await["done"].take()
}

/// A report that must be accepted.
async fn published(school: &ProviderWithEditor<'_>, course: &Value, input: Value) -> Value {
    let mut payload = publish(school, course, input).await;
    assert_eq!(user_errors(&payload), [""; 0], "{payload:#}");
    payload["outcomeReport"].take()
}

async fn update(school: &ProviderWithEditor<'_>, report: &Value, input: Value) -> Value {
    let query = format!(
        "mutation($id: ID!, $v: Int!, $i: OutcomeReportInput!) {{ done: updateOutcomeReport(id: $id, expectedVersion: $v, input: $i) \
         {{ outcomeReport {{ {REPORT} }} userErrors {{ code path message }} }} }}"
    );
    school.data(&query, json!({ "id": report["id"], "v": report["version"], "i": input })).await["done"].take()
}

async fn withdraw(school: &ProviderWithEditor<'_>, report: &Value, reason: &str) -> Value {
    let query = format!(
        "mutation($id: ID!, $v: Int!, $r: String!) {{ done: withdrawOutcomeReport(id: $id, expectedVersion: $v, reason: $r) \
         {{ outcomeReport {{ {REPORT} }} userErrors {{ code path message }} }} }}"
    );
    school.data(&query, json!({ "id": report["id"], "v": report["version"], "r": reason })).await["done"].take()
}

/// The ends of the periods of a course's reports, as a caller sees them.
async fn periods(app: &App, token: Option<&str>, course: &Value) -> Vec<String> {
    let query = "query($id: ID!) { course(by: {id: $id}) { outcomeReports { nodes { periodEnd } } } }";
    let variables = json!({ "id": course["id"] });
    let answer = match token {
        Some(token) => app.ask_as(token, query, variables).await,
        None => app.ask(query, variables).await,
    };
    let nodes = answer["data"]["course"]["outcomeReports"]["nodes"].as_array().unwrap();
    nodes.iter().map(|node| node["periodEnd"].as_str().unwrap().to_owned()).collect()
}

/// The titles of the courses, highest employment first.
async fn ranking(app: &App) -> Vec<String> {
    let data = app.data("{ courses(orderBy: {field: EMPLOYMENT}) { nodes { title } } }").await;
    let nodes = data["courses"]["nodes"].as_array().unwrap();
    nodes.iter().map(|node| node["title"].as_str().unwrap().to_owned()).collect()
}

on_both! {
    #![empty]

    async fn every_call_does_what_the_page_says(app: App) {
        let school = ProviderWithEditor::open(&app).await;
        let course = school.published("Falconry").await;
        let (calls, answers) = (blocks(PAGE, "graphql"), blocks(PAGE, "json"));
        assert_eq!((calls.len(), answers.len()), (4, 4));
        for (call, answer) in calls.into_iter().zip(answers) {
            let query = "query($id: ID!) { course(by: {id: $id}) { outcomeReports { nodes { id } } } }";
            let there = school.data(query, json!({ "id": course["id"] })).await;
            let report = &there["course"]["outcomeReports"]["nodes"][0]["id"];
            let mut given = json!({});
            for (name, id) in [("course", &course["id"]), ("report", report)] {
                if call.contains(&format!("${name}:")) {
                    given[name] = id.clone();
                }
            }
            let data = school.data(call, given).await;
            assert_eq!(data, serde_json::from_str::<Value>(answer).unwrap(), "{call}\n{data:#}");
        }
    }

    async fn each_part_that_does_not_add_up_is_named(app: App) {
        let school = ProviderWithEditor::open(&app).await;
        let course = school.published("Falconry").await;
        let salaries = |more: Value| {
            let mut salaries = json!({ "currency": "USD", "median": "50000", "stated": 4 });
            salaries.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            json!({ "salaries": salaries })
        };
        let bands = |bands: Value| salaries(json!({ "bands": bands }));
        for (fields, expected) in [
            (json!({ "periodStart": "2025-07-01" }), vec!["OUT_OF_RANGE input.periodEnd"]),
            (json!({ "periodEnd": "2026-06-01", "after180Days": null }), vec!["OUT_OF_RANGE input.periodEnd"]),
            (json!({ "periodEnd": "soon", "enrolled": 0 }), vec!["INVALID input.periodEnd", "OUT_OF_RANGE input.enrolled"]),
            (json!({ "graduatedOnTime": -1 }), vec!["OUT_OF_RANGE input.graduatedOnTime"]),
            (json!({ "enrolled": 19 }), vec!["OUT_OF_RANGE input.graduatedLate"]),
            (json!({ "after90Days": { "seeking": 19 } }), vec!["INVALID input.after90Days"]),
            (json!({ "after90Days": { "seeking": -1, "fullTime": 21 } }), vec!["OUT_OF_RANGE input.after90Days.seeking"]),
            (json!({ "after180Days": { "fullTime": 21 } }), vec!["INVALID input.after180Days"]),
            (json!({ "periodEnd": "2025-12-31" }), vec!["OUT_OF_RANGE input.after180Days"]),
            (json!({ "periodEnd": "2026-05-01", "after90Days": { "seeking": 20 }, "after180Days": null }), vec!["OUT_OF_RANGE input.after90Days"]),
            (json!({ "auditor": " ", "url": "ftp://example.org" }), vec!["INVALID input.url", "TOO_SHORT input.auditor"]),
            (salaries(json!({ "stated": 11 })), vec!["OUT_OF_RANGE input.salaries.stated"]),
            (salaries(json!({ "median": "1.001", "currency": "XXY" })), vec!["INVALID input.salaries.currency", "OUT_OF_RANGE input.salaries.median"]),
            (bands(json!([{ "below": "60000", "count": 3 }])), vec!["INVALID input.salaries.bands"]),
            (bands(json!([{ "from": "60000", "below": "60000", "count": 4 }])), vec!["OUT_OF_RANGE input.salaries.bands.0.below"]),
            (bands(json!([{ "from": "50000", "count": 3 }, { "from": "60000", "count": 1 }])), vec!["INVALID input.salaries.bands"]),
            (bands(json!([{ "below": "50000", "count": 2 }, { "from": "40000", "count": 2 }])), vec!["INVALID input.salaries.bands"]),
            (bands(json!([{ "below": "40000", "count": 3 }, { "from": "40000", "count": 1 }])), vec!["INVALID input.salaries.median"]),
            (bands(json!([{ "below": "50000", "count": 1 }, { "from": "60000", "count": 3 }])), vec!["INVALID input.salaries.median"]),
        ] {
            let payload = publish(&school, &course, with(fields.clone())).await;
            assert_eq!((user_errors(&payload), &payload["outcomeReport"]), (expected.into_iter().map(str::to_owned).collect(), &Value::Null), "{fields}");
        }
        let mut without = with(salaries(json!({})));
        without.as_object_mut().unwrap().remove("after180Days");
        assert_eq!(user_errors(&publish(&school, &course, without).await), ["REQUIRED input.after180Days"]);
        assert_eq!(periods(&app, Some(&school.token), &course).await, [""; 0]);
        // The median of an even number may lie between two bands.
        let between = bands(json!([{ "below": "40000", "count": 2 }, { "from": "60000", "count": 2 }]));
        published(&school, &course, with(between)).await;
    }

    async fn a_report_is_served_with_all_its_parts(app: App) {
        let school = ProviderWithEditor::open(&app).await;
        let course = school.published("Falconry").await;
        let salaries = json!({ "currency": "EUR", "median": "41000", "stated": 3, "bands": [{ "below": "40000", "count": 1 }, { "from": "40000", "count": 2 }] });
        let after = json!({ "fullTime": 1, "apprenticeship": 2, "hiredBySchool": 3, "startedCompany": 1, "shortTerm": 1, "outOfField": 2,
            "continuingEducation": 1, "seeking": 4, "notSeeking": 2, "nonReporting": 3 });
        let input = with(json!({ "salaries": salaries, "after180Days": after, "auditor": "Audit", "url": "https://example.org/report" }));
        let id = published(&school, &course, input).await["id"].take();
        let counts = "fullTime apprenticeship hiredBySchool startedCompany shortTerm outOfField continuingEducation seeking notSeeking nonReporting";
        let query = format!(
            "query($id: ID!) {{ node(id: $id) {{ ... on OutcomeReport {{ course {{ title }} periodStart periodEnd enrolled graduatedOnTime graduatedLate \
             after90Days {{ fullTime }} after180Days {{ {counts} employedInField employmentRate responseRate }} \
             salaries {{ median {{ amount currency }} stated bands {{ from {{ amount }} below {{ amount }} count }} }} \
             auditor url publishedAt updatedAt withdrawnAt version }} }} }}"
        );
        let answer = app.ask(&query, json!({ "id": id })).await;
        let mut after = after;
        after.as_object_mut().unwrap().extend([
            ("employedInField".to_owned(), json!(8)), ("employmentRate".to_owned(), json!("40")), ("responseRate".to_owned(), json!("85")),
        ]);
        assert_eq!(answer["data"]["node"], json!({
            "course": { "title": "Falconry" }, "periodStart": "2025-01-01", "periodEnd": "2025-06-30",
            "enrolled": 25, "graduatedOnTime": 15, "graduatedLate": 5, "after90Days": null, "after180Days": after,
            "salaries": { "median": { "amount": "41000.00", "currency": "EUR" }, "stated": 3, "bands": [
                { "from": null, "below": { "amount": "40000.00" }, "count": 1 }, { "from": { "amount": "40000.00" }, "below": null, "count": 2 },
            ] },
            "auditor": "Audit", "url": "https://example.org/report",
            "publishedAt": "2026-06-01T12:00:00Z", "updatedAt": "2026-06-01T12:00:00Z", "withdrawnAt": null, "version": 1
        }), "{answer:#}");
    }

    async fn a_report_is_changed_in_the_version_that_was_read(app: App) {
        let school = ProviderWithEditor::open(&app).await;
        let course = school.published("Falconry").await;
        let first = published(&school, &course, report(2025, 10)).await;
        let changed = update(&school, &first, with(json!({ "enrolled": 40 }))).await;
        assert_eq!(user_errors(&changed), [""; 0]);
        let now = &changed["outcomeReport"];
        assert_eq!((&now["version"], &now["graduationRate150"]), (&json!(2), &json!("50")));
        let stale = update(&school, &first, report(2025, 10)).await;
        assert_eq!((user_errors(&stale), &stale["outcomeReport"]), (vec!["STALE expectedVersion".to_owned()], now));
        let before = Catalogue::of(&app).await.position().await;
        let same = update(&school, now, with(json!({ "enrolled": 40 }))).await;
        assert_eq!((&same["outcomeReport"], Catalogue::of(&app).await.position().await), (now, before), "nothing to write");
        let parts = update(&school, now, with(json!({ "enrolled": 40, "after180Days": { "seeking": 20 } }))).await;
        assert_eq!(parts["outcomeReport"]["version"], 3, "a part is a change too");
    }

    async fn a_course_has_one_report_on_a_period(app: App) {
        let school = ProviderWithEditor::open(&app).await;
        let (course, other) = (school.published("Falconry").await, school.published("Hawking").await);
        let attempts = join_all((0..4).map(|_| publish(&school, &course, report(2025, 10)))).await;
        let mut results: Vec<Vec<String>> = attempts.iter().map(user_errors).collect();
        results.sort();
        let duplicate = || vec!["DUPLICATE input.periodStart".to_owned()];
        assert_eq!(results, [vec![], duplicate(), duplicate(), duplicate()]);
        published(&school, &other, report(2025, 10)).await;
        let earlier = published(&school, &course, report(2024, 10)).await;
        assert_eq!(user_errors(&update(&school, &earlier, report(2025, 9)).await), duplicate());
        let all = publish(&school, &course, with(json!({ "enrolled": 0 }))).await;
        assert_eq!(user_errors(&all), ["OUT_OF_RANGE input.enrolled"]);
    }

    async fn a_withdrawn_report_is_gone_for_the_public_and_stays_on_record(app: App) {
        let school = ProviderWithEditor::open(&app).await;
        let course = school.published("Falconry").await;
        let report_of = published(&school, &course, report(2025, 10)).await;
        assert_eq!(user_errors(&withdraw(&school, &report_of, " ").await), ["TOO_SHORT reason"]);
        assert_eq!(periods(&app, None, &course).await, ["2025-06-30"]);
        let gone = withdraw(&school, &report_of, "Counted twice.").await["outcomeReport"].take();
        assert_eq!((&gone["version"], &gone["withdrawnBecause"], &gone["ranked"]), (&json!(2), &json!("Counted twice."), &json!(false)));
        let staff = People::of(&app).await.staff().await.token;
        let stranger = People::of(&app).await.person("ann@example.org").await.token;
        let node = "query($id: ID!) { node(id: $id) { id } }";
        for (token, seen) in [(&school.token, true), (&staff, true), (&stranger, false)] {
            assert_eq!(periods(&app, Some(token), &course).await.len(), usize::from(seen));
            let answer = app.ask_as(token, node, json!({ "id": gone["id"] })).await;
            assert_eq!(answer["data"]["node"].is_object(), seen);
        }
        assert_eq!(app.ask(node, json!({ "id": gone["id"] })).await["data"]["node"], Value::Null);
        let call = "mutation($id: ID!) { withdrawOutcomeReport(id: $id, expectedVersion: 2, reason: \"No.\") { userErrors { code } } }";
        let answer = app.ask_as(&stranger, call, json!({ "id": gone["id"] })).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "NOT_FOUND", "a stranger is not told that there was one");
        assert_eq!(user_errors(&update(&school, &gone, report(2025, 9)).await), ["NOT_ALLOWED id"]);
        assert_eq!(user_errors(&withdraw(&school, &gone, "Again.").await), ["NOT_ALLOWED id"]);
        published(&school, &course, report(2025, 9)).await;
        assert_eq!(periods(&app, None, &course).await, ["2025-06-30"]);
        assert_eq!(periods(&app, Some(&school.token), &course).await.len(), 2);
    }

    async fn what_was_reported_stands_in_the_history_and_leaves_the_version_alone(app: App) {
        let school = ProviderWithEditor::open(&app).await;
        let course = school.published("Falconry").await;
        let cursor = app.data("{ catalogueCursor }").await["catalogueCursor"].take();
        let report_of = published(&school, &course, report(2025, 10)).await;
        let changed = update(&school, &report_of, with(json!({ "enrolled": 40 }))).await["outcomeReport"].take();
        withdraw(&school, &changed, "Counted twice.").await;
        let query = "query($id: ID!) { course(by: {id: $id}) { version history(first: 3) { nodes { action changes { field before after } } } } }";
        let data = school.data(query, json!({ "id": course["id"] })).await;
        assert_eq!(data["course"]["version"], course["version"]);
        let entries = data["course"]["history"]["nodes"].as_array().unwrap();
        let actions: Vec<&Value> = entries.iter().map(|entry| &entry["action"]).collect();
        assert_eq!(actions, ["outcome.withdraw", "outcome.update", "outcome.publish"]);
        assert_eq!(entries[2]["changes"], json!([{ "field": "outcomeReport", "before": null, "after": {
            "periodStart": "2025-01-01", "periodEnd": "2025-06-30", "enrolled": 25, "graduatedOnTime": 15, "graduatedLate": 5,
            "after180Days": { "fullTime": 10, "apprenticeship": 0, "hiredBySchool": 0, "startedCompany": 0, "shortTerm": 0, "outOfField": 0,
                "continuingEducation": 0, "seeking": 10, "notSeeking": 0, "nonReporting": 0 }
        } }]));
        assert_eq!((&entries[1]["changes"][0]["before"]["enrolled"], &entries[1]["changes"][0]["after"]["enrolled"]), (&json!(25), &json!(40)));
        assert_eq!(entries[0]["changes"][1], json!({ "field": "reason", "before": null, "after": "Counted twice." }));
        let query = "query($after: String) { changes(after: $after) { nodes { kind slug } } }";
        let changes = app.ask(query, json!({ "after": cursor })).await;
        let change = json!({ "kind": "UPDATED", "slug": course["slug"] });
        assert_eq!(changes["data"]["changes"]["nodes"], json!([change, change, change]));
    }

    async fn trying_a_report_out_writes_nothing(app: App) {
        let school = ProviderWithEditor::open(&app).await;
        let course = school.published("Falconry").await;
        let before = Catalogue::of(&app).await.position().await;
        let query = "mutation($c: ID!, $i: OutcomeReportInput!) { done: publishOutcomeReport(course: $c, input: $i, validateOnly: true) \
            { outcomeReport { id } userErrors { code path } } }";
        let payload = school.data(query, json!({ "c": course["id"], "i": report(2025, 10) })).await["done"].take();
        assert_eq!(payload, json!({ "outcomeReport": null, "userErrors": [] }));
        assert_eq!(periods(&app, Some(&school.token), &course).await, [""; 0]);
        assert_eq!(Catalogue::of(&app).await.position().await, before);
    }

    async fn reports_come_in_pages_the_newest_period_first(app: App) {
        let school = ProviderWithEditor::open(&app).await;
        let (one, two) = (school.published("Falconry").await, school.published("Hawking").await);
        let draft = school.course("Draft").await;
        for year in [2022, 2024, 2023] {
            published(&school, &one, report(year, 10)).await;
        }
        published(&school, &two, report(2025, 10)).await;
        published(&school, &draft, report(2021, 10)).await;
        assert_eq!(periods(&app, None, &one).await, ["2024-06-30", "2023-06-30", "2022-06-30"]);
        let query = "query($id: ID!, $after: String) { provider(by: {id: $id}) { outcomeReports(first: 2, after: $after) { \
            totalCount nodes { periodEnd course { title } } pageInfo { hasNextPage hasPreviousPage endCursor } } } }";
        let page = |after: Value| app.ask(query, json!({ "id": school.id, "after": after }));
        let first = page(Value::Null).await["data"]["provider"]["outcomeReports"].take();
        assert_eq!((&first["totalCount"], &first["pageInfo"]["hasNextPage"]), (&json!(4), &json!(true)));
        assert_eq!(first["nodes"][0], json!({ "periodEnd": "2025-06-30", "course": { "title": "Hawking" } }));
        let second = page(first["pageInfo"]["endCursor"].clone()).await["data"]["provider"]["outcomeReports"].take();
        assert_eq!((&second["totalCount"], &second["pageInfo"]["hasNextPage"], &second["pageInfo"]["hasPreviousPage"]), (&json!(4), &json!(false), &json!(true)));
        assert_eq!(second["nodes"][1]["periodEnd"], "2022-06-30");
        let inside = school.data(query, json!({ "id": school.id })).await;
        assert_eq!(inside["provider"]["outcomeReports"]["totalCount"], 5, "members see that on the draft");
    }

    async fn the_reports_of_many_courses_are_a_fixed_number_of_statements(app: App) {
        let school = ProviderWithEditor::open(&app).await;
        for number in 0..6 {
            let course = school.published(&format!("Course {number}")).await;
            published(&school, &course, report(2025, 10)).await;
        }
        let parts = "after180Days { fullTime } after90Days { fullTime } ranked salaries { bands { count } } course { title }";
        for first in [1, 6] {
            let before = app.statements().await;
            let data = app.data(&format!("{{ courses(first: {first}) {{ nodes {{ outcomeReports {{ totalCount nodes {{ {parts} }} }} }} }} }}")).await;
            assert_eq!(data["courses"]["nodes"][0]["outcomeReports"]["totalCount"], 1);
            assert_eq!(app.statements().await - before, 4, "courses, reports, employment, their courses");
        }
    }

    async fn courses_are_ranked_by_their_latest_report_of_ten_graduates_or_more(app: App) {
        let school = ProviderWithEditor::open(&app).await;
        let courses = ["Half", "Most", "Few", "None"];
        let mut listed = Vec::new();
        for title in courses {
            listed.push(school.published(title).await);
        }
        published(&school, &listed[0], report(2024, 19)).await;
        let latest = published(&school, &listed[0], report(2025, 10)).await;
        published(&school, &listed[1], report(2023, 15)).await;
        // Later, but without the figures after 180 days.
        published(&school, &listed[1], with(json!({ "after180Days": null, "after90Days": { "seeking": 20 } }))).await;
        let nine = json!({ "graduatedOnTime": 9, "graduatedLate": 0, "after180Days": { "fullTime": 9 } });
        let nine = published(&school, &listed[2], with(nine)).await;
        assert_eq!((&nine["ranked"], &latest["ranked"]), (&json!(false), &json!(true)));
        let order = ranking(&app).await;
        assert_eq!(order[..2], ["Most", "Half"]);
        let count = async |filter: &str| {
            let data = app.data(&format!("{{ courses(filter: {{employmentRate: {{{filter}}}}}) {{ totalCount }} }}")).await;
            data["courses"]["totalCount"].as_u64().unwrap()
        };
        assert_eq!((count("gte: \"50\"").await, count("gte: \"50.01\"").await, count("gte: \"0\"").await), (2, 1, 2));
        withdraw(&school, &latest, "Wrong.").await;
        assert_eq!(ranking(&app).await[..2], ["Half", "Most"], "the report before the withdrawn one counts again");
    }
}
