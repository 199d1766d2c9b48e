//! Facet counts of a course search.

use serde_json::{Value, json};

use crate::support::App;
use crate::support::small_catalogue::seed_small_catalogue;

/// The counts of a facet as `name:count`, in their order.
async fn counts(app: &App, arguments: &str, facet: &str, name: &str) -> String {
    let query = format!("{{ courses{arguments} {{ facets {{ facet: {facet} {{ {name} count }} }} }} }}");
    let data = app.data(&query).await;
    let rows = data["courses"]["facets"]["facet"].as_array().unwrap().iter();
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let value = |row: &Value| {
        row.get("value").map_or_else(|| text(&row["atLeast"]), |value| text(value.get("slug").unwrap_or(value)))
    };
    rows.map(|row| format!("{}:{}", value(row), row["count"])).collect::<Vec<_>>().join(" ")
}

/// Arguments, a facet, the field that names its values, and its counts.
type Row = (&'static str, &'static str, &'static str, &'static str);

const WHOLE: &[Row] = &[
    ("", "kinds", "value", "COURSE:3 BOOTCAMP:1"),
    ("", "levels", "value", "BEGINNER:2 ADVANCED:1"),
    ("", "formats", "value", "LIVE_ONLINE:2 IN_PERSON:1 SELF_PACED:1"),
    ("", "schedules", "value", "FULL_TIME:1 PART_TIME:1"),
    ("", "subjects", "value { slug }", "web:2 data:1"),
    ("", "skills", "value { slug }", "python:2 rust:1 sql:1"),
    ("", "skills(first: 1)", "value { slug }", "python:2"),
    ("", "providers", "value { slug }", "acme:2 eth:2"),
    ("", "careers", "value { slug }", "developer:1"),
    ("", "languages", "value", "de:1 en:1 en-GB:1 fr:1"),
    ("", "ratings", "atLeast", "4:2 3:3 2:3 1:3"),
];

/// Each facet ignores the condition on its own field, and only at the top level of the filter. All of several skills is
/// a choice within which it counts.
const FILTERED: &[Row] = &[
    ("(filter: {kind: [BOOTCAMP]})", "kinds", "value", "COURSE:3 BOOTCAMP:1"),
    ("(filter: {kind: [BOOTCAMP]})", "levels", "value", "BEGINNER:1"),
    ("(filter: {and: [{kind: [BOOTCAMP]}]})", "kinds", "value", "BOOTCAMP:1"),
    ("(filter: {level: [ADVANCED]})", "levels", "value", "BEGINNER:2 ADVANCED:1"),
    ("(filter: {format: [SELF_PACED]})", "formats", "value", "LIVE_ONLINE:2 IN_PERSON:1 SELF_PACED:1"),
    ("(filter: {schedule: [PART_TIME]})", "schedules", "value", "FULL_TIME:1 PART_TIME:1"),
    ("(filter: {subject: [\"data\"]})", "subjects", "value { slug }", "web:2 data:1"),
    ("(filter: {skills: {any: [\"rust\"]}})", "skills", "value { slug }", "python:2 rust:1 sql:1"),
    ("(filter: {skills: {none: [\"rust\"]}})", "skills", "value { slug }", "python:2 rust:1 sql:1"),
    ("(filter: {skills: {all: [\"rust\"]}})", "skills", "value { slug }", "python:1 rust:1"),
    ("(filter: {skills: {all: [\"python\"], none: [\"rust\"]}})", "skills", "value { slug }", "python:2 rust:1"),
    ("(filter: {skills: {all: [\"rust\"]}})", "providers", "value { slug }", "acme:1"),
    ("(filter: {provider: [\"eth\"]})", "providers", "value { slug }", "acme:2 eth:2"),
    ("(filter: {career: [\"nothing\"]})", "careers", "value { slug }", "developer:1"),
    ("(filter: {career: [\"nothing\"]})", "kinds", "value", ""),
    ("(filter: {language: [\"de\"]})", "languages", "value", "de:1 en:1 en-GB:1 fr:1"),
    ("(filter: {rating: {gte: 5}})", "ratings", "atLeast", "4:2 3:3 2:3 1:3"),
    ("(filter: {rating: {gte: 5}, level: [BEGINNER]})", "ratings", "atLeast", "4:2 3:2 2:2 1:2"),
    ("(filter: {level: [BEGINNER], kind: [COURSE]})", "levels", "value", "BEGINNER:1 ADVANCED:1"),
    ("(query: \"python\")", "skills", "value { slug }", "python:2 rust:1"),
    ("(query: \"python\", filter: {level: [ADVANCED]})", "levels", "value", "BEGINNER:2"),
];

async fn check(app: &App, table: &[Row]) {
    seed_small_catalogue(app).await;
    for (arguments, facet, name, expected) in table {
        assert_eq!(counts(app, arguments, facet, name).await, *expected, "{facet} of {arguments}");
    }
}

async fn prices(app: &App, arguments: &str, currency: &str) -> Value {
    let money = "{ amount currency }";
    let facet =
        format!("price{currency} {{ min {money} max {money} buckets {{ from {{ amount }} to {{ amount }} count }} }}");
    let mut data = app.data(&format!("{{ courses{arguments} {{ facets {{ {facet} }} }} }}")).await;
    data["courses"]["facets"]["price"].take()
}

on_both! {
    #![empty]

    async fn every_facet_counts_what_the_search_finds(app: App) {
        check(&app, WHOLE).await;
    }

    async fn a_facet_leaves_out_the_condition_on_its_own_field(app: App) {
        check(&app, FILTERED).await;
    }

    async fn prices_are_counted_in_one_currency_in_ranges_that_a_filter_finds_again(app: App) {
        seed_small_catalogue(&app).await;
        let dollars = json!({
            "min": {"amount": "0.00", "currency": "USD"},
            "max": {"amount": "10000.00", "currency": "USD"},
            "buckets": [
                {"from": {"amount": "0.00"}, "to": {"amount": "0.00"}, "count": 1},
                {"from": {"amount": "10000.00"}, "to": {"amount": "19999.99"}, "count": 1},
            ],
        });
        assert_eq!(prices(&app, "", "").await, dollars);
        assert_eq!(prices(&app, r#"(filter: {price: {lte: "1"}})"#, "").await, dollars);
        let euros = prices(&app, "", r#"(currency: "EUR")"#).await;
        assert_eq!(euros["buckets"], json!([
            {"from": {"amount": "0.00"}, "to": {"amount": "0.00"}, "count": 1},
            {"from": {"amount": "500.00"}, "to": {"amount": "999.99"}, "count": 1},
        ]), "what is free is so in euros, too");
        let yen = prices(&app, "", r#"(currency: "JPY")"#).await;
        assert_eq!(yen["buckets"], json!([{"from": {"amount": "0"}, "to": {"amount": "0"}, "count": 1}]));
        let none = prices(&app, r#"(filter: {price: {gte: "1", currency: "JPY"}, kind: [BOOTCAMP]})"#, r#"(currency: "JPY")"#).await;
        assert_eq!(none, json!({"min": null, "max": null, "buckets": []}));
        let again = app.data(r#"{ courses(filter: {price: {gte: "10000.00", lte: "19999.99"}}) { totalCount } }"#).await;
        assert_eq!(again["courses"]["totalCount"], 1);
    }

    async fn a_facet_of_too_many_values_is_refused(app: App) {
        for first in [0, -1, 101] {
            let answer = app.ask(&format!("{{ courses {{ facets {{ skills(first: {first}) {{ count }} }} }} }}"), json!({})).await;
            let error = &answer["errors"][0];
            assert_eq!(error["extensions"]["code"], "BAD_USER_INPUT", "{answer}");
            assert!(error["message"].as_str().unwrap().contains("1 to 100"), "{answer}");
        }
    }
}
