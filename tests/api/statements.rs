//! The number of SQL statements that a request causes: the same for one parent as for a hundred.

use serde_json::{Value, json};

use crate::support::provider::ProviderWithEditor;
use crate::support::{App, Catalogue};

/// Fields of a course that load other rows, each with the statements that it adds for all courses together.
const NESTED: [(&str, u64); 16] = [
    ("provider { name locations { city } }", 0),
    ("description", 1),
    ("partners { name }", 1),
    ("skills { name }", 1),
    ("subjects { name }", 1),
    ("certifications { name issuer { name } }", 1),
    ("careers { title levels { titles } }", 1),
    ("skills { name } subjects { name } certifications { name } careers { title } partners { name }", 1),
    ("financing { kind }", 1),
    ("awards { title }", 1),
    ("prerequisites { skills { level skill { name } } }", 1),
    ("units { title }", 2),
    ("partOf { title }", 2),
    ("offerings { totalCount nodes { startsOn } }", 1),
    ("nextOffering { startsOn }", 1),
    ("ratings { count score }", 1),
];

async fn caused_by(app: &App, query: &str) -> (u64, Value) {
    let before = app.statements().await;
    let data = app.data(query).await;
    (app.statements().await - before, data)
}

/// A hundred courses that have some of everything, including units.
async fn a_hundred_courses(app: &App) {
    use entity::*;
    use sea_orm::{ActiveValue::Set, EntityTrait};
    let catalogue = Catalogue::of(app).await;
    let provider = catalogue.provider("School").await;
    let skill = catalogue.skill("Falconry", &[]).await;
    let mut unit = None;
    for number in 0..100 {
        let text = |row: &mut course::ActiveModel| row.description = Set(Some("Text".to_owned()));
        let id = catalogue.course_with(provider, &format!("Course {number}"), &[skill], text).await;
        let db = &catalogue.db;
        let award = award::ActiveModel {
            course_id: Set(id),
            position: Set(0),
            title: Set("A".into()),
            awarded_by: Set("B".into()),
            year: Set(None),
        };
        award::Entity::insert(award).exec_without_returning(db).await.unwrap();
        let offering = offering::ActiveModel {
            id: Set(id),
            course_id: Set(id),
            format: Set(Format::SelfPaced),
            version: Set(1),
            ..Default::default()
        };
        offering::Entity::insert(offering).exec_without_returning(db).await.unwrap();
        if let Some(unit) = unit {
            let link = course_unit::ActiveModel { course_id: Set(id), unit_id: Set(unit), position: Set(0) };
            course_unit::Entity::insert(link).exec_without_returning(db).await.unwrap();
        }
        unit = Some(id);
    }
    app.reached(catalogue.position().await).await;
}

on_both! {
    #![empty]

    async fn nested_fields_cost_as_many_statements_for_a_hundred_courses_as_for_one(app: App) {
        a_hundred_courses(&app).await;
        let (page, _) = caused_by(&app, "{ courses(first: 1) { nodes { title } } }").await;
        assert_eq!(page, 1);
        for (fields, expected) in NESTED {
            for first in [2, 20, 100] {
                let (caused, data) = caused_by(&app, &format!("{{ courses(first: {first}) {{ nodes {{ id {fields} }} }} }}")).await;
                assert_eq!(data["courses"]["nodes"].as_array().unwrap().len(), first);
                assert_eq!(caused, page + expected, "{first} courses with {fields}");
            }
        }
    }

    async fn a_card_with_everything_is_a_fixed_handful_of_statements(app: App) {
        a_hundred_courses(&app).await;
        let card = "provider { name } skills { name } certifications { name } careers { title } nextOffering { startsOn } ratings { average }";
        for first in [20, 100] {
            let (caused, _) = caused_by(&app, &format!("{{ courses(first: {first}) {{ totalCount nodes {{ title {card} }} }} }}")).await;
            assert_eq!(caused, 4, "courses, links, offerings, ratings");
        }
    }

    async fn edges_and_nodes_together_load_the_courses_once(app: App) {
        a_hundred_courses(&app).await;
        let (caused, _) = caused_by(&app, "{ courses(first: 20) { edges { cursor node { title } } nodes { title skills { name } } } }").await;
        assert_eq!(caused, 2);
    }

    async fn the_courses_of_many_providers_are_one_statement(app: App) {
        let catalogue = Catalogue::of(&app).await;
        for name in 0..20 {
            let provider = catalogue.provider(&format!("School {name}")).await;
            for title in 0..5 {
                catalogue.course(provider, &format!("Course {title}")).await;
            }
        }
        app.reached(catalogue.position().await).await;
        let query = |first: u8| format!("{{ providers(first: {first}) {{ nodes {{ name courses(first: 3) {{ totalCount nodes {{ title }} }} }} }} }}");
        let (one, _) = caused_by(&app, &query(1)).await;
        let (twenty, data) = caused_by(&app, &query(20)).await;
        assert_eq!(data["providers"]["nodes"][19]["courses"]["nodes"].as_array().unwrap().len(), 3);
        assert_eq!((one, twenty), (1, 1));
    }

    async fn sources_are_one_statement_for_all_kinds_of_listings(app: App) {
        a_hundred_courses(&app).await;
        let (caused, _) = caused_by(&app, "{ courses(first: 100) { nodes { sources { subject } provider { sources { subject } } } } }").await;
        assert_eq!(caused, 2);
    }

    async fn a_hundred_nodes_are_loaded_together(app: App) {
        a_hundred_courses(&app).await;
        let data = app.data("{ courses(first: 100) { nodes { id } } }").await;
        let ids: Vec<&Value> = data["courses"]["nodes"].as_array().unwrap().iter().map(|node| &node["id"]).collect();
        let before = app.statements().await;
        let answer = app.ask("query($ids: [ID!]!) { nodes(ids: $ids) { id } }", serde_json::json!({ "ids": ids })).await;
        assert_eq!(answer["data"]["nodes"].as_array().unwrap().len(), 100);
        assert_eq!(app.statements().await - before, 1);
    }
}

on_both! {
    async fn a_change_reads_and_writes_what_it_names(app: App) {
        let school = ProviderWithEditor::open(&app).await;
        let input = json!({
            "title": "Falconry", "kind": "COURSE", "skills": ["python"], "awards": [{ "title": "Best", "awardedBy": "Us" }],
            "offerings": [{ "format": "HYBRID", "capacity": 1 }], "financing": [{ "kind": "LOAN" }],
        });
        Catalogue::of(&app).await.skill("Python", &[]).await;
        let course = school.create(input).await["course"].take();
        let course = school.turn("publishCourse", &course, "").await["course"].take();
        let (writes, index) = ("lectern_write_statements_total", "lectern_index_statements_total");
        for change in [json!({ "mentoringSessions": 3 }), json!({ "pricing": { "category": "PAID", "amount": { "amount": "10", "currency": "USD" } } })] {
            let version = json!({ "id": course["id"] });
            let version = school.data("query($id: ID!) { course(by: { id: $id }) { version } }", version).await["course"]["version"].take();
            let before = (app.metric(writes).await, app.metric(index).await);
            let query = "mutation($id: ID!, $v: Int!, $input: CoursePatch!) { updateCourse(id: $id, expectedVersion: $v, input: $input) { userErrors { code } } }";
            let data = school.data(query, json!({ "id": course["id"], "v": version, "input": change })).await;
            assert_eq!(data["updateCourse"]["userErrors"], json!([]), "{change}");
            let caused = (app.metric(writes).await - before.0, app.metric(index).await - before.1);
            assert!(caused.0 <= 6 && (1..=4).contains(&caused.1), "{change}: {caused:?}");
        }
    }
}
