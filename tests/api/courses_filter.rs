//! Filtering courses: the stock courses that match each condition.

use serde_json::{Value, json};

use crate::support::App;
use crate::support::small_catalogue::seed_small_catalogue;

/// The slugs of the courses that match a filter, sorted and separated by spaces.
async fn found(app: &App, filter: &str) -> String {
    let query = format!(
        "{{ courses(filter: {filter}, orderBy: {{field: TITLE, direction: ASC}}) {{ totalCount nodes {{ slug }} }} }}"
    );
    let data = app.data(&query).await;
    let slugs: Vec<&str> =
        data["courses"]["nodes"].as_array().unwrap().iter().map(|node| node["slug"].as_str().unwrap()).collect();
    assert_eq!(data["courses"]["totalCount"], slugs.len(), "{filter}");
    slugs.join(" ")
}

async fn check(app: &App, table: &[(&str, &str)]) {
    seed_small_catalogue(app).await;
    let mut wrong = Vec::new();
    for (filter, expected) in table {
        let found = found(app, filter).await;
        if found != *expected {
            wrong.push(format!("{filter}: expected [{expected}], found [{found}]"));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// Each field alone: which courses match, and that a listing that does not state the field does not.
const FIELDS: &[(&str, &str)] = &[
    ("{}", "alpha beta delta gamma"),
    (r#"{provider: ["acme"]}"#, "alpha gamma"),
    (r#"{provider: ["acme", "eth"]}"#, "alpha beta delta gamma"),
    (r#"{provider: ["acme-before"]}"#, "alpha gamma"),
    (r#"{provider: ["nobody"]}"#, ""),
    (r#"{provider: ["nobody", "eth"]}"#, "beta delta"),
    (r#"{provider: ["paused"]}"#, ""),
    ("{provider: []}", ""),
    ("{provider: null}", "alpha beta delta gamma"),
    (r#"{partner: ["eth"]}"#, "alpha"),
    ("{partnerKind: [UNIVERSITY]}", "alpha"),
    ("{partnerKind: [BOOTCAMP, UNIVERSITY]}", "alpha delta"),
    (r#"{subject: ["web"]}"#, "alpha delta"),
    (r#"{subject: ["data", "web"]}"#, "alpha beta delta"),
    ("{kind: [BOOTCAMP]}", "alpha"),
    ("{kind: [COURSE, BOOTCAMP]}", "alpha beta delta gamma"),
    ("{level: [BEGINNER]}", "alpha delta"),
    ("{format: [LIVE_ONLINE]}", "alpha delta"),
    ("{format: [IN_PERSON, SELF_PACED]}", "alpha beta"),
    ("{schedule: [PART_TIME]}", "beta"),
    (r#"{language: ["en"]}"#, "alpha delta"),
    (r#"{language: ["en-GB"]}"#, "alpha"),
    (r#"{language: ["fr", "de"]}"#, "beta delta"),
    (r#"{skills: {all: ["python", "rust"]}}"#, "alpha"),
    (r#"{skills: {all: ["python", "unheard-of"]}}"#, ""),
    (r#"{skills: {any: ["rust", "sql"]}}"#, "alpha beta"),
    (r#"{skills: {none: ["rust"]}}"#, "beta delta"),
    (r#"{skills: {any: ["python"], none: ["rust"]}}"#, "delta"),
    ("{skills: {}}", "alpha beta delta gamma"),
    (r#"{prepares: ["badge"]}"#, "alpha"),
    (r#"{career: ["developer"]}"#, "alpha"),
    (r#"{price: {lte: "10000.00"}}"#, "alpha beta"),
    (r#"{price: {gte: "0.01"}}"#, "alpha"),
    (r#"{price: {gte: "500", lte: "500", currency: "EUR"}}"#, "delta"),
    (r#"{price: {currency: "EUR"}}"#, "alpha beta delta gamma"),
    ("{pricing: [PAID]}", "alpha delta"),
    ("{weeks: {gte: 5}}", "alpha"),
    ("{weeks: {lte: 12}}", "alpha beta"),
    ("{weeks: {}}", "alpha beta delta gamma"),
    ("{hours: {gte: 41}}", "alpha delta"),
    ("{hours: {gte: 60, lte: 60}}", "delta"),
    ("{hours: {lte: 40}}", "beta"),
    ("{mentoringSessions: {gte: 4}}", "alpha delta"),
    ("{mentoringSessions: {lte: 0}}", "beta"),
    ("{maxClassSize: {gte: 9}}", "alpha"),
    ("{maxClassSize: {lte: 8}}", "beta"),
    ("{maxClassSize: {lte: 7}}", ""),
    ("{maxClassSize: {gte: 8, lte: 20}}", "alpha beta"),
    ("{rating: {gte: 4.5}}", "alpha delta"),
    ("{rating: {lte: 4.5}}", "beta delta"),
    ("{reviewCount: {gte: 2}}", "alpha delta"),
    ("{reviewCount: {lte: 0}}", "gamma"),
    ("{financing: {}}", "alpha beta"),
    ("{financing: {kind: [UPFRONT, DEFERRED]}}", "alpha"),
    (r#"{financing: {aprPercent: {lte: "0"}}}"#, "beta"),
    (r#"{financing: {aprPercent: {gte: "9.9"}}}"#, "alpha"),
    (r#"{financing: {aprPercent: {lte: "-1"}}}"#, ""),
    (r#"{financing: {kind: [LOAN], aprPercent: {lte: "9.9"}}}"#, "alpha"),
    (r#"{financing: {kind: [UPFRONT], aprPercent: {lte: "99"}}}"#, ""),
    ("{freeRetake: true}", "alpha"),
    ("{freeRetake: false}", "beta"),
    ("{freeRetakeWithinMonths: {gte: 12}}", "alpha"),
    ("{certificateOfCompletion: true}", "alpha"),
    ("{certificateOfCompletion: false}", "beta"),
    ("{jobPreparation: true}", "alpha"),
    ("{jobGuarantee: false}", "beta"),
    ("{portfolio: true}", "alpha"),
    ("{award: true}", "alpha"),
    ("{award: false}", ""),
    ("{noPrerequisites: true}", "alpha"),
    ("{noPrerequisites: false}", "beta"),
    (r#"{updatedSince: "2026-05-01T00:00:00Z"}"#, "alpha"),
    (r#"{updatedSince: "2026-05-01T02:00:00+02:00"}"#, "alpha"),
    (r#"{updatedSince: "2026-05-01T00:00:00.001Z"}"#, ""),
];

/// What is upcoming on 1 June 2026, and where.
const OFFERINGS: &[(&str, &str)] = &[
    ("{offering: {}}", "alpha beta delta"),
    (r#"{offering: {startsOn: {gte: "2026-06-02"}}}"#, "alpha delta"),
    (r#"{offering: {startsOn: {lte: "2026-06-01"}}}"#, "delta"),
    (r#"{offering: {startsOn: {}}}"#, "alpha beta delta"),
    ("{offering: {format: [IN_PERSON]}}", "alpha delta"),
    ("{offering: {schedule: [WEEKENDS]}}", "delta"),
    (r#"{offering: {language: ["de"]}}"#, "beta delta"),
    (r#"{offering: {location: {city: "new york CITY"}}}"#, "alpha"),
    (r#"{offering: {location: {country: "CH"}}}"#, "delta"),
    // All conditions apply to the same offering: delta has one live online in June and one in Zürich in September.
    (r#"{offering: {startsOn: {lte: "2026-06-30"}, location: {city: "Zurich"}}}"#, ""),
    (r#"{offering: {startsOn: {gte: "2026-06-30"}, location: {city: "Zurich"}}}"#, "delta"),
    (r#"{location: {city: "zurich"}}"#, "delta"),
    (r#"{location: {region: "New York"}}"#, "alpha"),
    (r#"{location: {region: "massachusetts"}}"#, "gamma"),
    (r#"{location: {city: "Boston", country: "CH"}}"#, ""),
    (r#"{location: {country: "US"}}"#, "alpha gamma"),
    ("{location: {}}", "alpha beta delta gamma"),
    ("{location: {near: {latitude: 40.7, longitude: -74, kilometres: 10}}}", "alpha"),
    ("{location: {near: {latitude: 40.7, longitude: -74, kilometres: 400}}}", "alpha gamma"),
    ("{location: {near: {latitude: 40.7, longitude: -74, kilometres: 20000}}}", "alpha delta gamma"),
    ("{location: {near: {latitude: 40.7, longitude: -74, kilometres: 0}}}", ""),
    (r#"{location: {city: "Boston", near: {latitude: 42, longitude: -71, kilometres: 100}}}"#, "gamma"),
];

const LOGIC: &[(&str, &str)] = &[
    ("{not: {level: [BEGINNER]}}", "beta gamma"),
    ("{not: {price: {lte: \"99999\"}}}", "delta gamma"),
    ("{not: {}}", ""),
    ("{not: {not: {jobGuarantee: true}}}", "alpha"),
    ("{and: []}", "alpha beta delta gamma"),
    ("{or: []}", ""),
    ("{and: [{level: [BEGINNER]}, {format: [IN_PERSON]}]}", "alpha"),
    ("{or: [{level: [ADVANCED]}, {format: [IN_PERSON]}]}", "alpha beta"),
    (r#"{level: [BEGINNER], or: [{kind: [BOOTCAMP]}, {language: ["de"]}]}"#, "alpha"),
    ("{or: [{not: {offering: {}}}, {and: [{weeks: {lte: 4}}, {not: {portfolio: true}}]}]}", "beta gamma"),
    ("{not: {or: [{jobGuarantee: true}, {jobGuarantee: false}]}}", "delta gamma"),
];

on_both! {
    #![empty]

    async fn each_field_is_met_by_what_states_it_and_by_nothing_else(app: App) {
        check(&app, FIELDS).await;
    }

    async fn one_upcoming_offering_meets_a_whole_condition_and_places_fall_back_on_the_provider(app: App) {
        check(&app, OFFERINGS).await;
    }

    async fn and_or_and_not_are_those_of_logic(app: App) {
        check(&app, LOGIC).await;
    }

    async fn what_is_upcoming_moves_with_the_clock(app: App) {
        seed_small_catalogue(&app).await;
        app.clock.set("2026-07-01T23:59:59Z");
        assert_eq!(found(&app, "{offering: {format: [IN_PERSON]}}").await, "alpha delta");
        app.clock.set("2026-07-02T00:00:00Z");
        assert_eq!(found(&app, "{offering: {format: [IN_PERSON]}}").await, "delta");
        // Alpha has no upcoming offering any more, so its provider's location counts.
        assert_eq!(found(&app, r#"{location: {city: "Boston"}}"#).await, "alpha gamma");
    }

    async fn a_filter_that_breaks_a_rule_is_refused_with_the_path_and_the_rule(app: App) {
        seed_small_catalogue(&app).await;
        let deep = "{not: ".repeat(6) + "{}" + &"}".repeat(6);
        let many = format!("{{provider: [{}]}}", "\"acme\", ".repeat(101));
        let most = format!("{{or: [{}]}}", "{provider: [\"x\", \"x\", \"x\", \"x\", \"x\", \"x\", \"x\", \"x\", \"x\", \"x\"]}, ".repeat(100));
        let places = format!("{{or: [{}]}}", "{location: {country: \"US\"}}, ".repeat(21));
        let refused: &[(&str, &str, &str)] = &[
            (r#"{price: {gte: "10", lte: "9"}}"#, "filter.price.gte", "must not be above lte"),
            (r#"{price: {gte: "10.005"}}"#, "filter.price.gte", "no more decimals than USD"),
            (r#"{price: {lte: "10.5", currency: "JPY"}}"#, "filter.price.lte", "no more decimals than JPY"),
            ("{weeks: {gte: 3, lte: 2}}", "filter.weeks.gte", "must not be above lte"),
            ("{maxClassSize: {gte: 3, lte: 2}}", "filter.maxClassSize.gte", "must not be above lte"),
            ("{rating: {gte: 3.5, lte: 3.4}}", "filter.rating.gte", "must not be above lte"),
            (r#"{offering: {startsOn: {gte: "2026-07-01", lte: "2026-06-01"}}}"#, "filter.offering.startsOn.gte", "must not be above lte"),
            (r#"{financing: {aprPercent: {gte: "0.00001"}}}"#, "filter.financing.aprPercent.gte", "at most four decimals"),
            ("{location: {near: {latitude: 91, longitude: 0, kilometres: 1}}}", "filter.location.near.latitude", "-90 to 90"),
            ("{location: {near: {latitude: 0, longitude: -181, kilometres: 1}}}", "filter.location.near.longitude", "-180 to 180"),
            ("{location: {near: {latitude: 0, longitude: 0, kilometres: -1}}}", "filter.location.near.kilometres", "0 to 20,000"),
            ("{location: {near: {latitude: 0, longitude: 0, kilometres: 20001}}}", "filter.location.near.kilometres", "0 to 20,000"),
            ("{and: [{}, {or: [{not: {weeks: {gte: 3, lte: 2}}}]}]}", "filter.and.1.or.0.not.weeks.gte", "must not be above lte"),
            (&deep, "filter.not.not.not.not.not.not", "5 levels"),
            (&many, "filter.provider", "at most 100 values"),
            (&most, "filter", "at most 1000 values"),
            (&places, "filter", "at most 1000 values"),
        ];
        for (filter, argument, rule) in refused {
            let answer = app.ask(&format!("{{ courses(filter: {filter}) {{ totalCount }} }}"), json!({})).await;
            let error = &answer["errors"][0];
            assert_eq!(error["extensions"]["code"], "BAD_USER_INPUT", "{filter}: {answer}");
            assert_eq!(error["extensions"]["argument"], *argument, "{filter}: {answer}");
            assert!(error["message"].as_str().unwrap().contains(rule), "{filter}: {answer}");
            assert_eq!(answer["data"], Value::Null, "{filter}");
        }
    }
}
