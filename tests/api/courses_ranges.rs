//! Range filters at the bounds of stated values, over the starter catalogue.

use serde_json::json;

use crate::support::App;

on_both! {
    async fn a_range_below_or_above_every_stated_value_finds_nothing(app: App) {
        for filter in [
            "mentoringSessions: {lte: 3}",
            "mentoringSessions: {gte: 13}",
            "maxClassSize: {gte: 1}",
            "freeRetakeWithinMonths: {lte: 6}",
            "freeRetakeWithinMonths: {gte: 2, lte: 3}",
            "weeks: {lte: 2}",
            "hours: {lte: 5}",
            "reviewCount: {lte: -1}",
            "rating: {lte: 0.5}",
        ] {
            let data = app.data(&format!("{{ courses(filter: {{{filter}}}) {{ totalCount }} all: courses(filter: {{not: {{{filter}}}}}) {{ totalCount }} }}")).await;
            assert_eq!(data, json!({ "courses": { "totalCount": 0 }, "all": { "totalCount": 16 } }), "{filter}");
        }
    }

    async fn a_range_up_to_a_stated_value_finds_it(app: App) {
        for (filter, expected) in [
            ("mentoringSessions: {lte: 4}", 1),
            ("mentoringSessions: {gte: 12}", 1),
            ("mentoringSessions: {gte: 4, lte: 12}", 4),
            ("freeRetakeWithinMonths: {lte: 12}", 8),
            ("weeks: {gte: 14}", 1),
        ] {
            let data = app.data(&format!("{{ courses(filter: {{{filter}}}) {{ totalCount }} }}")).await;
            assert_eq!(data["courses"]["totalCount"], expected, "{filter}");
        }
    }
}
