//! Comparing courses.

use entity::{ListingStatus, MemberRole};
use sea_orm::ActiveValue::Set;
use serde_json::{Value, json};

use crate::support::row_writer::RowWriter;
use crate::support::small_catalogue::{ACME, ALPHA, BETA, DELTA, ETH, GAMMA, seed_small_catalogue};
use crate::support::{App, People, global_id};

const COMPARE: &str = "query($ids: [ID!]!) {
    compareCourses(ids: $ids) { courses { slug } rows { criterion unit values best } }
}";

async fn compared(app: &App, courses: &[i64]) -> Value {
    let ids: Vec<_> = courses.iter().map(|id| global_id("Course", *id)).collect();
    let mut answer = app.ask(COMPARE, json!({ "ids": ids })).await;
    assert!(answer.get("errors").is_none(), "{answer:#}");
    answer["data"]["compareCourses"].take()
}

/// A row as `CRITERION unit: value | value > best best`, with nothing for null.
fn in_short(row: &Value) -> String {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let values: Vec<String> = row["values"].as_array().unwrap().iter().map(text).collect();
    let best: Vec<String> = row["best"].as_array().unwrap().iter().map(Value::to_string).collect();
    format!("{} {}: {} > {}", text(&row["criterion"]), text(&row["unit"]), values.join(" | "), best.join(" "))
}

fn rows(comparison: &Value) -> Vec<String> {
    comparison["rows"].as_array().unwrap().iter().map(in_short).collect()
}

/// The row of one criterion.
async fn row(app: &App, courses: &[i64], criterion: &str) -> String {
    let rows = rows(&compared(app, courses).await);
    rows.into_iter().find(|row| row.starts_with(&format!("{criterion} "))).unwrap()
}

/// What alpha, beta, gamma and delta state.
const ROWS: &[&str] = &[
    "CAREER : developer |  |  |  > ",
    "CERTIFICATION : badge |  |  |  > ",
    "SKILLS : python, rust | sql |  | python > ",
    "PREREQUISITES : NONE | SOME |  |  > ",
    "LEVEL : BEGINNER | ADVANCED |  | BEGINNER > ",
    "PRICE EUR:  | 0.00 |  | 500.00 > 1",
    "PRICE USD: 10000.00 | 0.00 |  |  > 1",
    "FINANCING : LOAN, UPFRONT | INSTALLMENTS |  |  > ",
    "DURATION hours: 400 | 40 |  | 60 > ",
    "HOURS_PER_WEEK hours/week:  |  |  |  > ",
    "FORMAT : IN_PERSON, LIVE_ONLINE | SELF_PACED |  | LIVE_ONLINE > ",
    "SCHEDULE : FULL_TIME | PART_TIME |  |  > ",
    "LOCATION : New York City, New York, US |  | Boston, Massachusetts, US | Zürich, CH > ",
    "LANGUAGE : en-GB | de |  | en, fr > ",
    "NEXT_START : 2026-07-01 | ON_DEMAND |  | 2026-06-01 > ",
    "MENTORING sessions: 10 | 0 |  | 4 > 0",
    "FREE_RETAKE months: 12 | 0 |  |  > 0",
    "CERTIFICATE : true | false |  |  > 0",
    "JOB_PREPARATION : true | false |  |  > 0",
    "JOB_GUARANTEE : true | false |  |  > 0",
    "PORTFOLIO : true | false |  |  > 0",
    "RATING stars: 3.75 | 3.45 |  | 4.12 > 3",
    "REVIEW_COUNT reviews: 2 | 1 | 0 | 16 > ",
    "AWARDS awards: 1 |  |  |  > ",
];

on_both! {
    #![empty]

    async fn every_criterion_has_its_row_in_the_same_units_and_the_better_value_is_marked(app: App) {
        seed_small_catalogue(&app).await;
        let comparison = compared(&app, &[ALPHA, BETA, GAMMA, DELTA]).await;
        assert_eq!(comparison["courses"], json!([{"slug": "alpha"}, {"slug": "beta"}, {"slug": "gamma"}, {"slug": "delta"}]));
        assert_eq!(rows(&comparison), ROWS);
        let nothing = &comparison["rows"][4]["values"][2];
        assert_eq!(*nothing, Value::Null, "what is not stated is null");
    }

    async fn values_stand_in_the_order_of_the_ids(app: App) {
        seed_small_catalogue(&app).await;
        assert_eq!(row(&app, &[DELTA, ALPHA], "MENTORING").await, "MENTORING sessions: 4 | 10 > 1");
        assert_eq!(row(&app, &[ALPHA, DELTA], "MENTORING").await, "MENTORING sessions: 10 | 4 > 0");
    }

    async fn all_that_share_the_best_value_are_marked_and_none_where_nothing_tells_them_apart(app: App) {
        seed_small_catalogue(&app).await;
        let mut writer = RowWriter::open(&app).await;
        writer.update_course(GAMMA, |row| row.mentoring_sessions = Set(Some(10))).await;
        writer.done(&app).await;
        assert_eq!(row(&app, &[ALPHA, BETA, GAMMA, DELTA], "MENTORING").await, "MENTORING sessions: 10 | 0 | 10 | 4 > 0 2");
        assert_eq!(row(&app, &[ALPHA, GAMMA], "MENTORING").await, "MENTORING sessions: 10 | 10 > ", "all the same");
        assert_eq!(row(&app, &[GAMMA, ALPHA], "FREE_RETAKE").await, "FREE_RETAKE months:  | 12 > ", "only one says");
    }

    async fn courses_of_which_none_states_a_price_have_one_row_of_it_without_a_currency(app: App) {
        seed_small_catalogue(&app).await;
        let mut writer = RowWriter::open(&app).await;
        writer.course(105, ACME, "epsilon", |_| {}).await;
        writer.done(&app).await;
        assert_eq!(row(&app, &[GAMMA, 105], "PRICE").await, "PRICE :  |  > ");
    }

    async fn ids_that_cannot_be_compared_are_refused_by_name(app: App) {
        seed_small_catalogue(&app).await;
        let id = |row: i64| global_id("Course", row);
        let seven: Vec<_> = [ALPHA, BETA, GAMMA, DELTA, 105, 106, 107].map(id).to_vec();
        let refused = [
            (vec![], "ids", "at least 2 courses"),
            (vec![id(ALPHA)], "ids", "at least 2 courses"),
            (seven, "ids", "at most 6 courses"),
            (vec![id(ALPHA), id(BETA), id(ALPHA)], "ids.2", "the same course as ids.0"),
            (vec![id(ALPHA), id(BETA), id(999)], "ids.2", "no course"),
            (vec![id(202), id(ALPHA)], "ids.0", "no course"),
            (vec![id(ALPHA), global_id("Provider", ETH)], "ids.1", "no course"),
            (vec![id(ALPHA), "alpha".into()], "ids.1", "not an id"),
        ];
        for (ids, argument, rule) in refused {
            let answer = app.ask(COMPARE, json!({ "ids": ids })).await;
            let error = &answer["errors"][0];
            assert_eq!(error["extensions"]["code"], "BAD_USER_INPUT", "{answer}");
            assert_eq!(error["extensions"]["argument"], argument, "{answer}");
            assert!(error["message"].as_str().unwrap().contains(rule), "{answer}");
        }
    }

    async fn a_draft_is_compared_for_those_who_see_it_and_a_retired_course_for_everyone(app: App) {
        seed_small_catalogue(&app).await;
        let member = People::of(&app).await.member(ACME, MemberRole::Editor).await;
        let ids = [202, 203].map(|row| global_id("Course", row));
        let answer = app.ask_as(&member.token, COMPARE, json!({ "ids": ids })).await;
        assert_eq!(answer["data"]["compareCourses"]["courses"][0]["slug"], "draft", "{answer}");
        let mut writer = RowWriter::open(&app).await;
        writer.update_course(202, |row| row.status = Set(ListingStatus::Retired)).await;
        writer.done(&app).await;
        assert_eq!(compared(&app, &[202, 203]).await["courses"][1]["slug"], "retired");
    }

    async fn six_courses_take_as_many_statements_as_two(app: App) {
        seed_small_catalogue(&app).await;
        let mut writer = RowWriter::open(&app).await;
        for id in [105, 106] {
            writer.course(id, ACME, &format!("course-{id}"), |_| {}).await;
        }
        writer.done(&app).await;
        let mut caused = Vec::new();
        for courses in [&[ALPHA, BETA][..], &[ALPHA, BETA, GAMMA, DELTA, 105, 106]] {
            let before = app.statements().await;
            compared(&app, courses).await;
            caused.push(app.statements().await - before);
        }
        // Courses, links, required skills, plans, awards, ratings, next offerings, places.
        assert_eq!(caused, [8, 8]);
    }
}
