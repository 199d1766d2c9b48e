//! What a query finds that is the name of a course, or of something that has several names.

use sea_orm::ActiveValue::Set;
use sea_orm::EntityTrait;
use serde_json::json;

use super::search_text::found;
use crate::support::{App, Catalogue};

async fn listed(app: &App, titles: &[&str]) {
    let catalogue = Catalogue::of(app).await;
    let provider = catalogue.provider("Loomworks").await;
    for title in titles {
        catalogue.course(provider, title).await;
    }
    app.reached(catalogue.position().await).await;
}

on_both! {
    #![empty]

    async fn the_title_that_is_the_query_comes_first(app: App) {
        listed(&app, &["Accounting Fundamentals", "Fundamentals of Accounting", "Accounting, Fundamentals and Accounting"]).await;
        assert_eq!(found(&app, "fundamentals of accounting").await[0], "Fundamentals of Accounting");
        assert_eq!(found(&app, "Accounting: fundamentals!").await[0], "Accounting Fundamentals");
    }

    async fn a_pasted_title_does_not_exclude_itself(app: App) {
        listed(&app, &["Spanish -A1 \"Hola\"", "Spanish -not German", "Spanish A1"]).await;
        assert_eq!(found(&app, "Spanish -A1 \"Hola\"").await[0], "Spanish -A1 \"Hola\"");
        assert_eq!(found(&app, "Spanish -not German").await[0], "Spanish -not German");
    }

    async fn short_words_count_where_they_are_names(app: App) {
        listed(&app, &[
            "Asset Management", "IT Asset Management for Large and Small Companies", "Code Kata", "No-Code Apps in Practice",
            "Calculus", "Calculus II for Engineers and Others", "Calculus I for Engineers and Others",
        ]).await;
        assert_eq!(found(&app, "IT asset management").await[0], "IT Asset Management for Large and Small Companies");
        assert_eq!(found(&app, "no code").await[0], "No-Code Apps in Practice");
        assert_eq!(found(&app, "calculus I").await[0], "Calculus I for Engineers and Others");
        assert_eq!(found(&app, "calculus II").await, ["Calculus II for Engineers and Others"]);
    }

    async fn the_whole_code_of_a_course_finds_it_however_it_is_spaced(app: App) {
        let catalogue = Catalogue::of(&app).await;
        let provider = catalogue.provider("Loomworks").await;
        let coded = |row: &mut entity::course::ActiveModel| row.external_key = Set(Some("CS-101".to_owned()));
        catalogue.course_with(provider, "Logic", &[], coded).await;
        catalogue.course(provider, "Knots").await;
        app.reached(catalogue.position().await).await;
        for text in ["CS-101", "cs 101", "CS101"] {
            assert_eq!(found(&app, text).await, ["Logic"], "{text}");
        }
        assert_eq!(found(&app, "CS-102").await, [""; 0]);
    }

    async fn a_long_question_finds_what_half_of_its_words_are_about(app: App) {
        listed(&app, &["Web Design for Shops", "Knots"]).await;
        assert_eq!(found(&app, "how do I learn web design although nobody helps").await, ["Web Design for Shops"]);
        assert_eq!(found(&app, "\"web knots\" design although nobody").await, [""; 0], "a phrase stays required");
    }

    async fn letters_that_look_the_same_are_the_same(app: App) {
        listed(&app, &["Основы C++", "Курс PHP", "1С: Бухгалтерия"]).await;
        assert_eq!(found(&app, "\u{421}++").await, ["Основы C++"]);
        assert_eq!(found(&app, "\u{420}\u{41d}\u{420}").await, ["Курс PHP"]);
        assert_eq!(found(&app, "1C").await, ["1С: Бухгалтерия"]);
    }

    async fn endings_of_russian_make_no_difference(app: App) {
        listed(&app, &["Разговорный английский", "Вводный курс по правам", "Интернет-маркетинг"]).await;
        assert_eq!(found(&app, "курсы английского языка").await, ["Разговорный английский"]);
        assert_eq!(found(&app, "курс по маркетингу").await, ["Интернет-маркетинг"]);
    }

    async fn acronyms_and_other_names_find_what_they_stand_for(app: App) {
        listed(&app, &["C# from Zero", "Machine Learning", "Kubernetes", "User Experience", "ML Basics", "Cooking"]).await;
        for text in ["c sharp", "csharp"] {
            assert_eq!(found(&app, text).await, ["C# from Zero"], "{text}");
        }
        assert_eq!(found(&app, "machine learning").await, ["Machine Learning", "ML Basics"]);
        assert_eq!(found(&app, "ml").await, ["ML Basics", "Machine Learning"]);
        assert_eq!(found(&app, "k8s").await, ["Kubernetes"]);
        assert_eq!(found(&app, "UX").await, ["User Experience"]);
    }

    async fn a_code_is_found_as_it_is(app: App) {
        listed(&app, &["CS50 Computing", "CS51 Abstraction", "MATH 101 Proofs"]).await;
        assert_eq!(found(&app, "cs50").await, ["CS50 Computing"]);
        assert_eq!(found(&app, "CS 50").await, ["CS50 Computing"]);
        assert_eq!(found(&app, "math101").await, ["MATH 101 Proofs"]);
        assert_eq!(found(&app, "cs52").await, [""; 0]);
    }

    async fn the_next_offering_is_one_that_can_still_be_joined(app: App) {
        let catalogue = Catalogue::of(&app).await;
        let provider = catalogue.provider("Loomworks").await;
        let course = catalogue.course(provider, "Closed Doors").await;
        let closed = catalogue.course(provider, "All Doors Closed").await;
        for (id, course, start, deadline) in
            [(1, course, "2099-01-01", "2020-01-01"), (2, course, "2099-03-01", "2099-02-01"), (3, closed, "2099-01-01", "2020-01-01")]
        {
            let held = entity::offering::ActiveModel {
                id: Set(id),
                course_id: Set(course),
                format: Set(entity::Format::LiveOnline),
                version: Set(1),
                starts_on: Set(start.parse().ok()),
                apply_by: Set(deadline.parse().ok()),
                ..Default::default()
            };
            entity::offering::Entity::insert(held).exec(&catalogue.db).await.unwrap();
        }
        for id in [course, closed] {
            app.reached(catalogue.update_course(id, |row| row.version = Set(2)).await).await;
        }
        let document = "{ courses(filter: {offering: {}}, orderBy: {field: NEXT_START}) { nodes { title nextOffering { startsOn } } } }";
        assert_eq!(app.data(document).await["courses"]["nodes"], json!([
            { "title": "Closed Doors", "nextOffering": { "startsOn": "2099-03-01" } },
        ]));
    }
}
