//! A fact that a listing does not state is neither a no nor a yes; a free course is free in every currency.

use entity::*;
use sea_orm::ActiveValue::Set;
use serde_json::{Value, json};

use crate::support::row_writer::RowWriter;
use crate::support::{App, global_id};

/// Providers at places, each with a course of the same slug, and what they state.
async fn writer(app: &App, places: &[(&str, Option<&str>, &str)]) {
    let mut writer = RowWriter::open(app).await;
    for ((slug, city, country), id) in places.iter().zip(1..) {
        writer.provider(id, &format!("{slug}-school"), |_| {}).await;
        let seat = provider_location::ActiveModel {
            provider_id: Set(id),
            position: Set(0),
            city: Set(city.map(str::to_owned)),
            region: Set(None),
            country: Set(Some((*country).to_owned())),
            latitude: Set(None),
            longitude: Set(None),
        };
        writer.row(seat).await;
        writer.course(100 + id, id, slug, |_| {}).await;
    }
    writer.done(app).await;
}

/// The score of a course for the only wish of a goal, and whether the wish is met.
async fn said(app: &App, goal: &Value, slug: &str) -> (Value, Value) {
    let query = "query($goal: LearnerGoal!) { matchCourses(goal: $goal) { matches { course { slug } reasons { score met } } } }";
    let answer = app.ask(query, json!({ "goal": goal })).await;
    let matches = answer["data"]["matchCourses"]["matches"].as_array().unwrap_or_else(|| panic!("{answer:#}")).clone();
    let found = matches.into_iter().find(|found| found["course"]["slug"] == slug).unwrap();
    (found["reasons"][0]["score"].clone(), found["reasons"][0]["met"].clone())
}

async fn assert_said(app: &App, goal: Value, expected: &[(&str, f64, Value)]) {
    for (slug, score, met) in expected {
        assert_eq!(said(app, &goal, slug).await, (json!(score), met.clone()), "{slug}: {goal}");
    }
}

on_both! {
    #![empty]

    async fn a_place_is_missed_only_by_what_states_another(app: App) {
        writer(&app, &[("berlin", Some("Berlin"), "DE"), ("germany", None, "DE"), ("paris", Some("Paris"), "FR"), ("france", None, "FR")]).await;
        assert_said(&app, json!({ "location": { "city": "Berlin", "country": "DE" } }), &[
            ("berlin", 1.0, json!(true)), ("germany", 0.5, Value::Null), ("paris", 0.0, json!(false)), ("france", 0.0, json!(false)),
        ]).await;
        let near = json!({ "location": { "near": { "latitude": 52.5, "longitude": 13.4, "kilometres": 30 } } });
        assert_said(&app, near, &[("berlin", 0.5, Value::Null), ("france", 0.5, Value::Null)]).await;
    }

    async fn a_variety_of_a_language_is_not_missed_by_what_states_the_language(app: App) {
        let mut writer = RowWriter::open(&app).await;
        writer.provider(1, "school", |_| {}).await;
        for ((slug, languages), id) in [("plain", "en"), ("same", "en-US"), ("other", "en-GB"), ("french", "fr")].into_iter().zip(10..) {
            writer.course(id, 1, slug, |row| row.languages = Set(languages.to_owned())).await;
        }
        writer.done(&app).await;
        assert_said(&app, json!({ "languages": ["en-US"] }), &[
            ("same", 1.0, json!(true)), ("plain", 0.5, Value::Null), ("other", 0.0, json!(false)), ("french", 0.0, json!(false)),
        ]).await;
    }

    async fn nobody_is_told_to_bring_what_is_asked_for_beside_skills(app: App) {
        let mut writer = RowWriter::open(&app).await;
        writer.provider(1, "school", |_| {}).await;
        writer.row(skill::ActiveModel { id: Set(5), slug: Set("html".to_owned()), name: Set("HTML".to_owned()), kind: Set(SkillKind::Language) }).await;
        writer.changed(ListingType::Taxonomy, 5);
        let needs = |course_id| course_prerequisite_skill::ActiveModel { course_id: Set(course_id), skill_id: Set(5), level: Set(SkillLevel::Basic), position: Set(0) };
        writer.course(10, 1, "skill", |_| {}).await;
        writer.course(11, 1, "both", |row| row.prerequisite_note = Set(Some("A portfolio".to_owned()))).await;
        writer.course(12, 1, "course", |_| {}).await;
        writer.row(needs(10)).await;
        writer.row(needs(11)).await;
        writer.row(course_prerequisite_course::ActiveModel { course_id: Set(12), required_id: Set(10), position: Set(0) }).await;
        writer.done(&app).await;
        let knows = |level: &str| json!({ "knows": [{ "skill": "html", "level": level }] });
        assert_said(&app, knows("BASIC"), &[("skill", 1.0, json!(true)), ("both", 0.5, Value::Null), ("course", 0.5, Value::Null)]).await;
    }

    async fn what_is_free_is_free_in_every_currency(app: App) {
        let mut writer = RowWriter::open(&app).await;
        writer.provider(1, "school", |_| {}).await;
        for ((slug, category, price), id) in [("free", PricingCategory::Free, None), ("dear", PricingCategory::Paid, Some(90_000))].into_iter().zip(10..) {
            writer.course(id, 1, slug, |row| {
                row.pricing_category = Set(Some(category));
                row.price = Set(price);
                row.price_currency = Set(price.map(|_| "EUR".to_owned()));
            }).await;
        }
        writer.done(&app).await;
        let query = r#"{
            below: courses(filter: {price: {lte: "1000", currency: "EUR"}}) { totalCount facets { price(currency: "EUR") { min { amount } } } }
            sorted: courses(orderBy: {field: PRICE, direction: ASC, currency: "EUR"}) { nodes { slug } }
            compareCourses(ids: IDS) { rows { criterion unit values best } }
        }"#;
        let ids = json!([global_id("Course", 10), global_id("Course", 11)]).to_string();
        let data = app.data(&query.replace("IDS", &ids)).await;
        assert_eq!(data["below"], json!({ "totalCount": 2, "facets": { "price": { "min": { "amount": "0.00" } } } }));
        assert_eq!(data["sorted"]["nodes"], json!([{ "slug": "free" }, { "slug": "dear" }]));
        let prices: Vec<&Value> = data["compareCourses"]["rows"].as_array().unwrap().iter().filter(|row| row["criterion"] == "PRICE").collect();
        assert_eq!(prices, [&json!({ "criterion": "PRICE", "unit": "EUR", "values": ["0.00", "900.00"], "best": [0] })]);
        let offer = app.get("/courses/free.jsonld").await.json::<Value>().await.unwrap()["offers"].take();
        assert_eq!(offer, json!({ "@type": "Offer", "category": "Free", "price": "0.00" }));
    }
}
