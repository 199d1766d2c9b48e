//! Words of a query that are facts, and how the answer says that it understood them.

use entity::{CourseKind, Level, PricingCategory, course, offering};
use sea_orm::ActiveValue::Set;
use sea_orm::EntityTrait;
use serde_json::{Value, json};

use super::search_text::found;
use crate::support::{App, Catalogue};

/// Two courses on weaving, of which the one with the longer title states all facts, and one on something else.
async fn filled(app: &App) -> Catalogue {
    let catalogue = Catalogue::of(app).await;
    let provider = catalogue.provider("Loomworks").await;
    let plain = |row: &mut course::ActiveModel| {
        row.level = Set(Some(Level::AllLevels));
        row.pricing_category = Set(Some(PricingCategory::Paid));
        (row.price, row.price_currency) = (Set(Some(90_000)), Set(Some("EUR".to_owned())));
    };
    catalogue.course_with(provider, "Weaving", &[], plain).await;
    let mill = catalogue.provider("Mill & Sons").await;
    let rich = |row: &mut course::ActiveModel| {
        row.kind = Set(CourseKind::Bootcamp);
        row.level = Set(Some(Level::Beginner));
        row.pricing_category = Set(Some(PricingCategory::Free));
        (row.price, row.price_currency) = (Set(Some(0)), Set(Some("EUR".to_owned())));
        // Self-paced, at weeknights.
        (row.formats, row.schedules) = (Set(1 << 2), Set(1 << 3));
        row.languages = Set("de-AT".to_owned());
        row.duration_weeks = Set(Some(2));
    };
    let course = catalogue.course_with(mill, "Weaving through Long Winters and Short Summers", &[], rich).await;
    let held = offering::ActiveModel {
        id: Set(course),
        course_id: Set(course),
        format: Set(entity::Format::InPerson),
        version: Set(1),
        starts_on: Set("2030-05-07".parse().ok()),
        city: Set(Some("Görlitz".to_owned())),
        country: Set(Some("DE".to_owned())),
        ..Default::default()
    };
    offering::Entity::insert(held).exec(&catalogue.db).await.unwrap();
    app.reached(catalogue.update_course(course, |row| row.version = Set(2)).await).await;
    catalogue.course(provider, "Knots").await;
    app.reached(catalogue.position().await).await;
    catalogue
}

const RICH: &str = "Weaving through Long Winters and Short Summers";

/// How a query is understood.
async fn interpretation(app: &App, query: &str) -> Value {
    let document =
        "query ($query: String) { courses(query: $query) { interpretation { text facts { text filter } } } }";
    let mut answer = app.ask(document, json!({ "query": query })).await;
    assert_eq!(answer["errors"], Value::Null, "{query}: {answer}");
    answer["data"]["courses"]["interpretation"].take()
}

on_both! {
    #![empty]

    async fn a_fact_raises_the_courses_that_state_it_and_hides_none(app: App) {
        filled(&app).await;
        assert_eq!(found(&app, "weaving").await, ["Weaving", RICH]);
        for text in [
            "weaving bootcamp", "free weaving", "kostenlos weaving", "weaving for beginners", "Weaving für Anfänger",
            "online weaving", "self-paced weaving", "weaving in the evening", "part time weaving", "weaving in German",
            "Weaving auf Deutsch", "2 weeks weaving", "weaving under 500", "weaving under €500", "weaving unter 500 Euro",
            "weaving in Görlitz", "weaving gorlitz", "weaving Germany", "weaving in Deutschland", "weaving mill & sons",
            "weaving starts in May 2030", "weaving under 3 weeks", "weaving unter 1,50 Euro", "weaving under $0.50", "weaving unter 800,50 €",
        ] {
            assert_eq!(found(&app, text).await, [RICH, "Weaving"], "{text}");
        }
    }

    async fn a_text_of_facts_alone_finds_the_courses_that_state_them(app: App) {
        filled(&app).await;
        for text in ["bootcamp", "free", "for beginners", "bootcamp Görlitz", "under 500", "in German", "free training"] {
            assert_eq!(found(&app, text).await, [RICH], "{text}");
        }
        assert_eq!(found(&app, "loomworks").await.len(), 2, "a provider's name");
        assert_eq!(found(&app, "bootcamp -winters").await, [""; 0], "an exclusion stays strict");
        assert_eq!(found(&app, "zeppelin bootcamp").await, [RICH], "one word can be spared beside a fact");
        assert_eq!(found(&app, "\"bootcamp\"").await, [""; 0], "a phrase is a text");
    }

    async fn the_answer_says_how_the_query_was_understood(app: App) {
        filled(&app).await;
        assert_eq!(interpretation(&app, "free weaving for beginners in Görlitz -\"short course\"").await, json!({
            "text": "weaving -\"short course\"",
            "facts": [
                {"text": "free", "filter": {"pricing": ["FREE"]}},
                {"text": "for beginners", "filter": {"level": ["BEGINNER"]}},
                {"text": "Görlitz", "filter": {"location": {"city": "Görlitz"}}},
            ],
        }));
        assert_eq!(interpretation(&app, "under 1,500").await, json!({
            "text": "",
            "facts": [{"text": "under 1 500", "filter": {"price": {"lte": "1500", "currency": "EUR"}}}],
        }), "the only currency of the catalogue");
        let document = "{ courses { interpretation { text } } }";
        assert_eq!(app.data(document).await["courses"]["interpretation"], Value::Null);
        assert_eq!(interpretation(&app, "the").await, json!({"text": "the", "facts": []}));
    }

    async fn the_filter_of_a_fact_can_be_sent_as_it_is(app: App) {
        filled(&app).await;
        let query = "Mill & Sons bootcamp free beginner online evenings German 2 weeks Germany starts in May 2030 under 500";
        let facts = interpretation(&app, query).await["facts"].take();
        let facts = facts.as_array().unwrap();
        assert_eq!(facts.len(), 11, "{facts:?}");
        for fact in facts {
            let document = "query ($filter: CourseFilter) { courses(filter: $filter) { nodes { title } } }";
            let answer = app.ask(document, json!({ "filter": fact["filter"] })).await;
            assert_eq!(answer["data"]["courses"]["nodes"], json!([{ "title": RICH }]), "{fact}: {answer}");
        }
    }

    async fn ages_years_and_versions_are_no_prices(app: App) {
        filled(&app).await;
        for (query, text, filter) in [
            ("unter 1.000,50 €", "", json!({"price": {"lte": "1000.50", "currency": "EUR"}})),
            ("kids under 18", "kids under 18", Value::Null),
            ("weaving for adults over 60", "weaving adults over 60", Value::Null),
            ("weaving from 2024", "weaving 2024", Value::Null),
            ("python under 3.11", "python under 3.11", Value::Null),
            ("weaving under 1,5 hours", "weaving under 1 5 hours", Value::Null),
            ("kids weaving under 50 €", "kids weaving", json!({"price": {"lte": "50", "currency": "EUR"}})),
        ] {
            let read = interpretation(&app, query).await;
            assert_eq!((&read["text"], read["facts"].get(0).map_or(Value::Null, |fact| fact["filter"].clone())), (&json!(text), filter), "{query}: {read}");
        }
    }
}
