//! What an empty search would find without one of its conditions.

use serde_json::{Value, json};

use crate::support::App;
use crate::support::small_catalogue::seed_small_catalogue;

async fn search(app: &App, arguments: &str) -> Value {
    let query = format!("{{ courses{arguments} {{ totalCount relaxations {{ path totalCount }} }} }}");
    app.data(&query).await["courses"].take()
}

/// The relaxations as `path.path count`, in their order.
async fn relaxations(app: &App, arguments: &str) -> Vec<String> {
    let found = search(app, arguments).await;
    assert_eq!(found["totalCount"], 0, "{arguments}");
    let steps =
        |path: &Value| path.as_array().unwrap().iter().map(|step| step.as_str().unwrap()).collect::<Vec<_>>().join(".");
    let line = |row: &Value| format!("{} {}", steps(&row["path"]), row["totalCount"]);
    found["relaxations"].as_array().unwrap().iter().map(line).collect()
}

/// Every field of a filter, each with a condition that alpha does not meet.
const CONDITIONS: &[(&str, &str)] = &[
    ("provider", r#"["eth"]"#),
    ("partner", r#"["acme"]"#),
    ("partnerKind", "[BOOTCAMP]"),
    ("subject", r#"["data"]"#),
    ("kind", "[DEGREE]"),
    ("level", "[ADVANCED]"),
    ("format", "[SELF_PACED]"),
    ("schedule", "[PART_TIME]"),
    ("language", r#"["de"]"#),
    ("skills", r#"{all: ["sql"]}"#),
    ("prepares", r#"["nothing"]"#),
    ("career", r#"["nothing"]"#),
    ("price", r#"{lte: "1.00"}"#),
    ("pricing", "[FREE]"),
    ("weeks", "{lte: 4}"),
    ("hours", "{lte: 4}"),
    ("mentoringSessions", "{lte: 4}"),
    ("maxClassSize", "{lte: 19}"),
    ("rating", "{lte: 4.5}"),
    ("reviewCount", "{gte: 5}"),
    ("offering", "{schedule: [WEEKENDS]}"),
    ("location", r#"{country: "CH"}"#),
    ("financing", "{kind: [EMPLOYER]}"),
    ("freeRetake", "false"),
    ("freeRetakeWithinMonths", "{lte: 6}"),
    ("certificateOfCompletion", "false"),
    ("jobPreparation", "false"),
    ("jobGuarantee", "false"),
    ("portfolio", "false"),
    ("award", "false"),
    ("noPrerequisites", "false"),
    ("updatedSince", r#""2026-05-15T00:00:00Z""#),
    ("and", "[{level: [BEGINNER]}, {level: [ADVANCED]}]"),
    ("or", "[]"),
    ("not", "{level: [BEGINNER]}"),
];

on_both! {
    #![empty]

    async fn each_condition_without_which_there_is_something_is_named_with_what_there_is(app: App) {
        seed_small_catalogue(&app).await;
        let found = relaxations(&app, "(filter: {level: [BEGINNER], schedule: [PART_TIME]})").await;
        assert_eq!(found, ["filter.level 1", "filter.schedule 2"].map(str::to_owned).into_iter().rev().collect::<Vec<_>>());
        // Dropping one of three conditions helps only if the other two leave something.
        let found = relaxations(&app, "(filter: {level: [BEGINNER], format: [IN_PERSON], schedule: [PART_TIME]})").await;
        assert_eq!(found, ["filter.schedule 1"]);
        let found = relaxations(&app, "(filter: {level: [ADVANCED], format: [IN_PERSON], language: [\"fr\"]})").await;
        assert_eq!(found, Vec::<String>::new(), "two would have to go");
    }

    async fn every_field_of_a_filter_can_be_named(app: App) {
        seed_small_catalogue(&app).await;
        for (field, value) in CONDITIONS {
            let alpha = if *field == "skills" { r#"prepares: ["badge"]"# } else { r#"skills: {all: ["rust"]}"# };
            let found = relaxations(&app, &format!("(filter: {{{alpha}, {field}: {value}}})")).await;
            assert!(found.contains(&format!("filter.{field} 1")), "{field}: {found:?}");
        }
    }

    async fn the_text_is_named_where_it_is_what_finds_nothing(app: App) {
        seed_small_catalogue(&app).await;
        assert_eq!(relaxations(&app, r#"(query: "zeppelin")"#).await, ["query 4"]);
        assert_eq!(relaxations(&app, r#"(query: "alpha", filter: {level: [ADVANCED]})"#).await, ["filter.level 1", "query 1"]);
        assert_eq!(relaxations(&app, r#"(query: "zeppelin", filter: {level: [BEGINNER]})"#).await, ["query 2"]);
    }

    async fn a_search_that_finds_something_has_none(app: App) {
        seed_small_catalogue(&app).await;
        let found = search(&app, "(filter: {level: [BEGINNER]})").await;
        assert_eq!(found, json!({"totalCount": 2, "relaxations": []}));
    }
}
