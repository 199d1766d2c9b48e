//! The order of courses, and paging through it.

use entity::*;
use sea_orm::ActiveValue::Set;
use serde_json::{Value, json};

use crate::support::App;
use crate::support::row_writer::{RowWriter, date, day};
use crate::support::small_catalogue::{ACME, ALPHA, seed_small_catalogue};

/// Every order of the stock courses, best first. Courses without the value come last in both directions; ties are
/// sorted by id.
const ORDERS: &[(&str, &str)] = &[
    ("RATING, direction: DESC", "delta alpha beta gamma"),
    ("RATING, direction: ASC", "beta alpha delta gamma"),
    ("REVIEW_COUNT, direction: DESC", "delta alpha beta gamma"),
    ("REVIEW_COUNT, direction: ASC", "gamma beta alpha delta"),
    ("PRICE, direction: DESC", "alpha beta gamma delta"),
    ("PRICE, direction: ASC", "beta alpha gamma delta"),
    (r#"PRICE, direction: ASC, currency: "EUR""#, "beta delta alpha gamma"),
    ("DURATION, direction: DESC", "alpha delta beta gamma"),
    ("DURATION, direction: ASC", "beta delta alpha gamma"),
    ("MENTORING_SESSIONS, direction: DESC", "alpha delta beta gamma"),
    ("MENTORING_SESSIONS, direction: ASC", "beta delta alpha gamma"),
    ("NEXT_START, direction: DESC", "alpha delta beta gamma"),
    ("NEXT_START, direction: ASC", "delta alpha beta gamma"),
    ("TITLE, direction: DESC", "gamma delta beta alpha"),
    ("TITLE, direction: ASC", "alpha beta delta gamma"),
    ("PUBLISHED_AT, direction: DESC", "beta alpha gamma delta"),
    ("PUBLISHED_AT, direction: ASC", "gamma delta alpha beta"),
    ("UPDATED_AT, direction: DESC", "alpha beta gamma delta"),
    ("UPDATED_AT, direction: ASC", "gamma delta beta alpha"),
    ("TITLE", "gamma delta beta alpha"),
];

fn slugs(connection: &Value) -> Vec<String> {
    let nodes = connection["nodes"].as_array().unwrap_or_else(|| panic!("{connection}"));
    nodes.iter().map(|node| node["slug"].as_str().unwrap().to_owned()).collect()
}

async fn page(app: &App, arguments: &str) -> Value {
    let fields = "totalCount nodes { slug } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }";
    let mut data = app.data(&format!("{{ courses({arguments}) {{ {fields} }} }}")).await;
    data["courses"].take()
}

/// Many courses with few different values, so that most of them tie, in several segments.
async fn crowd(app: &App) {
    seed_small_catalogue(app).await;
    for batch in 0..3 {
        let mut writer = RowWriter::open(app).await;
        for id in (300..320).map(|id| id + 20 * batch) {
            let values = |row: &mut course::ActiveModel| {
                row.title = Set(format!("{}itle {}", if id % 2 == 0 { "T" } else { "t" }, id % 7));
                row.mentoring_sessions = Set((id % 3 > 0).then_some((id % 4) as i32));
                row.duration_hours = Set((id % 5 > 0).then_some(1 + (id % 3) as i32));
                row.price = Set((id % 4 > 0).then_some(100 * (id % 3)));
                row.price_currency = Set((id % 4 > 0).then(|| if id % 5 == 0 { "EUR" } else { "USD" }.to_owned()));
                row.updated_at = Set(day(["2026-01-01", "2026-01-02"][id as usize % 2]));
            };
            writer.course(id, ACME, &format!("course-{id}"), values).await;
            if id % 2 == 0 {
                writer.stars(id, [0, 0, 0, (id % 3) as i32, 1]).await;
            }
            if id % 3 == 0 {
                writer.offering(2000 + id, id, |row| row.starts_on = Set(Some(date("2026-08-01")))).await;
            }
        }
        writer.done(app).await;
    }
}

/// Pages through a list forward and backward; `arguments` selects the list and its order.
async fn walk(app: &App, arguments: &str, size: usize) -> (Vec<String>, Vec<String>) {
    let (mut forward, mut backward) = (Vec::new(), Vec::new());
    let (mut after, mut before) = (String::new(), String::new());
    loop {
        let found = page(app, &format!("{arguments} first: {size} {after}")).await;
        assert_eq!(found["pageInfo"]["hasPreviousPage"], !forward.is_empty(), "{arguments}");
        forward.extend(slugs(&found));
        if found["pageInfo"]["hasNextPage"] == false {
            break;
        }
        after = format!("after: {}", found["pageInfo"]["endCursor"]);
    }
    loop {
        let found = page(app, &format!("{arguments} last: {size} {before}")).await;
        assert_eq!(found["pageInfo"]["hasNextPage"], !backward.is_empty(), "{arguments}");
        backward.splice(0..0, slugs(&found));
        if found["pageInfo"]["hasPreviousPage"] == false {
            break;
        }
        before = format!("before: {}", found["pageInfo"]["startCursor"]);
    }
    (forward, backward)
}

on_both! {
    #![empty]

    async fn every_order_is_kept_in_both_directions_with_unstated_values_last(app: App) {
        seed_small_catalogue(&app).await;
        for (order, expected) in ORDERS {
            let found = page(&app, &format!("orderBy: {{field: {order}}}")).await;
            assert_eq!(slugs(&found).join(" "), *expected, "{order}");
            assert_eq!(found["totalCount"], 4);
        }
        assert_eq!(slugs(&page(&app, "first: 4").await).join(" "), ORDERS[0].1, "without an order: by rating");
    }

    async fn walking_forward_and_backward_gives_every_course_once_in_every_order(app: App) {
        crowd(&app).await;
        let texts = [("RELEVANCE, direction: DESC", "query: \"title\""), ("RELEVANCE, direction: ASC", "query: \"title\"")];
        let lists = ORDERS.iter().map(|(order, _)| (*order, "")).chain(texts);
        for (order, text) in lists {
            let arguments = format!("{text} orderBy: {{field: {order}}}");
            let whole = slugs(&page(&app, &format!("{arguments} first: 100")).await);
            assert_eq!(whole.len(), if text.is_empty() { 64 } else { 60 }, "{order}");
            let (forward, backward) = walk(&app, &arguments, 7).await;
            assert_eq!(forward, whole, "{order}");
            assert_eq!(backward, whole, "{order}");
        }
    }

    async fn a_walk_neither_repeats_nor_skips_while_courses_come_and_go(app: App) {
        crowd(&app).await;
        for order in ["RATING", "TITLE", "PRICE", "NEXT_START", "UPDATED_AT"] {
            let arguments = format!("orderBy: {{field: {order}, direction: ASC}}");
            let before = slugs(&page(&app, &format!("{arguments} first: 100")).await);
            let first = page(&app, &format!("{arguments} first: 10")).await;
            let after = format!("after: {}", first["pageInfo"]["endCursor"]);
            let kept = before[0].clone();
            // The cursor's own course and one before it disappear, and a new one appears before it.
            let gone = [&before[3], &before[9]].map(|slug| id_of(slug));
            let mut writer = RowWriter::open(&app).await;
            for id in gone {
                writer.update_course(id, |row| row.status = Set(ListingStatus::Retired)).await;
            }
            writer.course(900, ACME, "course-900", |row| row.title = Set("AAA".to_owned())).await;
            writer.done(&app).await;

            let rest = page(&app, &format!("{arguments} first: 100 {after}")).await;
            let expected: Vec<String> = before[10..].to_vec();
            let mut found = slugs(&rest);
            found.retain(|slug| slug != "course-900");
            assert_eq!(found, expected, "{order}");
            assert_eq!(rest["totalCount"], 63, "{order}");
            assert_eq!(rest["pageInfo"]["hasPreviousPage"], true, "{order}");
            let back = page(&app, &format!("{arguments} last: 100 before: {}", first["pageInfo"]["endCursor"])).await;
            assert_eq!(slugs(&back).into_iter().find(|slug| slug != "course-900"), Some(kept), "{order}");

            let mut writer = RowWriter::open(&app).await;
            for id in gone {
                writer.update_course(id, |row| row.status = Set(ListingStatus::Published)).await;
            }
            writer.remove(900).await;
            writer.done(&app).await;
        }
    }

    async fn a_page_between_two_cursors_says_what_lies_on_either_side(app: App) {
        seed_small_catalogue(&app).await;
        let order = "orderBy: {field: TITLE, direction: ASC}";
        let all = page(&app, &format!("{order} first: 1")).await;
        let alpha = all["pageInfo"]["endCursor"].clone();
        let delta = page(&app, &format!("{order} last: 2")).await["pageInfo"]["startCursor"].clone();
        let between = page(&app, &format!("{order} first: 5 after: {alpha} before: {delta}")).await;
        assert_eq!(slugs(&between), ["beta"]);
        assert_eq!(between["totalCount"], 4);
        assert_eq!(between["pageInfo"]["hasPreviousPage"], true);
        assert_eq!(between["pageInfo"]["hasNextPage"], true);
        let none = page(&app, &format!("{order} first: 5 after: {delta} before: {alpha}")).await;
        assert_eq!(slugs(&none), Vec::<String>::new());
        assert_eq!(none["pageInfo"]["endCursor"], Value::Null);
    }

    async fn relevance_puts_the_better_fit_first_and_says_how_well_it_fits(app: App) {
        seed_small_catalogue(&app).await;
        let mut writer = RowWriter::open(&app).await;
        writer.course(500, ACME, "in-title", |row| row.title = Set("Python for Everybody".to_owned())).await;
        writer.course(501, ACME, "in-text", |row| row.description = Set(Some("It mentions Python, too, once in a long text.".to_owned()))).await;
        writer.done(&app).await;
        let query = r#"{ courses(query: "python") { totalCount edges { score node { slug } highlights { field fragment } } } }"#;
        let data = app.data(query).await;
        let edges = data["courses"]["edges"].as_array().unwrap();
        assert_eq!(data["courses"]["totalCount"], 4);
        assert_eq!(edges[0]["node"]["slug"], "in-title");
        assert_eq!(edges[0]["highlights"], json!([{"field": "title", "fragment": "\u{E000}Python\u{E001} for Everybody"}]));
        let scores: Vec<f64> = edges.iter().map(|edge| edge["score"].as_f64().unwrap()).collect();
        assert!(scores.windows(2).all(|pair| pair[0] >= pair[1]) && scores[3] > 0.0, "{scores:?}");
        let last = &edges[3]["node"]["slug"];
        assert_eq!(last, "in-text");

        // In another order the scores are the same; without a query there are none.
        let by_title = app.data(&query.replace("\"python\"", "\"python\", orderBy: {field: TITLE}")).await;
        let of = |data: &Value, slug: &str| {
            let edges = data["courses"]["edges"].as_array().unwrap();
            edges.iter().find(|edge| edge["node"]["slug"] == slug).unwrap()["score"].clone()
        };
        assert_eq!(of(&by_title, "in-text"), of(&data, "in-text"));
        let plain = app.data("{ courses(first: 1) { edges { score highlights { field } } } }").await;
        assert_eq!(plain["courses"]["edges"], json!([{"score": null, "highlights": []}]));
    }

    async fn text_and_filter_hold_together_and_a_text_without_words_finds_everything(app: App) {
        seed_small_catalogue(&app).await;
        assert_eq!(slugs(&page(&app, r#"query: "python", filter: {provider: ["eth"]}"#).await), ["delta"]);
        assert_eq!(slugs(&page(&app, r#"query: "alpha -python""#).await), Vec::<String>::new());
        assert_eq!(page(&app, r#"query: " ?! ""#).await["totalCount"], 4);
        // Without a word all courses are equal, and sorted by id.
        let equal = page(&app, r#"query: "", orderBy: {field: RELEVANCE}"#).await;
        assert_eq!(slugs(&equal), ["alpha", "beta", "gamma", "delta"]);
    }

    async fn wrong_pages_and_orders_are_refused_with_the_argument_and_the_rule(app: App) {
        seed_small_catalogue(&app).await;
        let title = page(&app, "orderBy: {field: TITLE} first: 1").await["pageInfo"]["endCursor"].clone();
        let python = page(&app, r#"query: "python" first: 1"#).await["pageInfo"]["endCursor"].clone();
        let long = format!("query: \"{}\"", "x".repeat(201));
        let other_text = format!("query: \"alpha\" after: {python}");
        let other_direction = format!("orderBy: {{field: TITLE, direction: ASC}} after: {title}");
        let refused: &[(&str, &str, &str)] = &[
            ("first: 0", "first", "1 to 100"),
            ("first: -1", "first", "1 to 100"),
            ("first: 101", "first", "1 to 100"),
            ("last: 101", "last", "1 to 100"),
            ("first: 1, last: 1", "last", "first"),
            (r#"after: "forged""#, "after", "not a cursor"),
            (r#"before: """#, "before", "not a cursor"),
            (&other_direction, "after", "not a cursor"),
            (&other_text, "after", "not a cursor"),
            (&format!("after: {title}"), "after", "not a cursor"),
            ("orderBy: {field: RELEVANCE}", "orderBy.field", "needs a query"),
            (&long, "query", "200"),
        ];
        for (arguments, argument, rule) in refused {
            let answer = app.ask(&format!("{{ courses({arguments}) {{ totalCount }} }}"), json!({})).await;
            let error = &answer["errors"][0];
            assert_eq!(error["extensions"]["code"], "BAD_USER_INPUT", "{arguments}: {answer}");
            assert_eq!(error["extensions"]["argument"], *argument, "{arguments}: {answer}");
            assert!(error["message"].as_str().unwrap().contains(rule), "{arguments}: {answer}");
        }
        let currency = app.ask(r#"{ courses(orderBy: {field: PRICE, currency: "XYZ"}) { totalCount } }"#, json!({})).await;
        assert!(currency["errors"][0]["extensions"]["code"].is_string(), "{currency}");
    }
}

/// The id of a stock course or of one of the many courses.
fn id_of(slug: &str) -> i64 {
    let place = ["alpha", "beta", "gamma", "delta"].iter().position(|name| *name == slug);
    place.map_or_else(|| slug.trim_start_matches("course-").parse().unwrap(), |place| ALPHA + place as i64)
}
