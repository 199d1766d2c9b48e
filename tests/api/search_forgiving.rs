//! What a search tolerates: typing mistakes, other spellings, other names, extra words. And scripts without spaces.

use sea_orm::ActiveValue::Set;
use serde_json::json;

use super::follower::suggested;
use super::search_text::{found, found_any_order};
use crate::support::{App, Catalogue, Stage};

/// Listings of one provider, each a title with a description.
async fn listed(app: &App, listings: &[(&str, &str)]) {
    let catalogue = Catalogue::of(app).await;
    let provider = catalogue.provider("Loomworks").await;
    for (title, description) in listings {
        let described = |row: &mut entity::course::ActiveModel| row.description = Set(Some((*description).to_owned()));
        catalogue.course_with(provider, title, &[], described).await;
    }
    app.reached(catalogue.position().await).await;
}

/// The highlighted title of the first course that a text finds.
async fn marked(app: &App, query: &str) -> String {
    let document = "query ($query: String!) { courses(query: $query) { edges { highlights { field fragment } } } }";
    let answer = app.ask(document, json!({ "query": query })).await;
    let first = &answer["data"]["courses"]["edges"][0]["highlights"][0];
    assert_eq!(first["field"], "title", "{query}: {answer}");
    first["fragment"].as_str().unwrap().replace('\u{e000}', "[").replace('\u{e001}', "]")
}

const NONE: [&str; 0] = [];

on_both! {
    #![empty]

    async fn one_listing_with_an_odd_spelling_does_not_hide_the_others(app: App) {
        let mut listings = vec![("Snakes", "All of phyton and its kin."), ("Engines", "Mach numbers.")];
        listings.extend([("Python", ""); 10]);
        listings.push(("Machine Learning", ""));
        listed(&app, &listings).await;
        let titles = found(&app, "phyton").await;
        assert_eq!((titles.len(), titles[0].as_str()), (11, "Snakes"), "{titles:?}");
        assert_eq!(found(&app, "maching learnig").await, ["Machine Learning"]);
        assert_eq!(marked(&app, "maching learnig").await, "[Machine] [Learning]");
    }

    async fn a_rare_word_is_no_mistake_unless_ten_times_as_many_are_named_with_another(app: App) {
        let mut listings = vec![("Wind Power", ""), ("Kiting", "Made for wind and sea.")];
        listings.extend([("Find Yourself", ""); 19]);
        listed(&app, &listings).await;
        assert_eq!(found(&app, "wind").await, ["Wind Power", "Kiting"]);
    }

    async fn a_letter_two_places_from_its_own_is_one_mistake(app: App) {
        listed(&app, &[("Python", ""), ("Kotlin", "")]).await;
        assert_eq!(found(&app, "phyton").await, ["Python"]);
        assert_eq!(found(&app, "yptohn").await, NONE);
    }

    async fn words_are_found_written_together_and_apart(app: App) {
        listed(&app, &[("Back-End Development", ""), ("Graphs", "For backend and cybersecurity."), ("Cyber Security", "")]).await;
        assert_eq!(found_any_order(&app, "backend").await, ["Back-End Development", "Graphs"]);
        assert_eq!(found_any_order(&app, "back end").await, ["Back-End Development", "Graphs"]);
        assert_eq!(found_any_order(&app, "back-end").await, ["Back-End Development", "Graphs"]);
        assert_eq!(found_any_order(&app, "cyber security").await, ["Cyber Security", "Graphs"]);
        assert_eq!(found(&app, "\"cyber security\"").await, ["Cyber Security"], "a phrase is meant as it is written");
        assert_eq!(marked(&app, "backend").await, "[Back]-[End] Development");
    }

    async fn what_is_written_exactly_comes_before_another_form_of_it(app: App) {
        listed(&app, &[("End Back", ""), ("Back End", ""), ("Backend", ""), ("Back End Two", "")]).await;
        assert_eq!(found(&app, "backend").await, ["Backend", "Back End", "Back End Two"]);
    }

    async fn a_skill_stands_for_its_other_names_and_they_for_it(app: App) {
        let catalogue = Catalogue::of(&app).await;
        catalogue.skill("Node.js", &["node", "nodejs"]).await;
        catalogue.skill("PostgreSQL", &["psql"]).await;
        listed(&app, &[("Servers", "With Node.js."), ("NodeJS", ""), ("Graphs", "A node and an edge."), ("PostgreSQL", "")]).await;
        assert_eq!(found_any_order(&app, "nodejs").await, ["NodeJS", "Servers"]);
        assert_eq!(found_any_order(&app, "Node.js").await, ["NodeJS", "Servers"]);
        assert_eq!(found_any_order(&app, "node js").await, ["NodeJS", "Servers"]);
        assert_eq!(found(&app, "psql").await, ["PostgreSQL"]);
    }

    async fn the_slug_of_a_skill_finds_what_teaches_it(app: App) {
        let catalogue = Catalogue::of(&app).await;
        let provider = catalogue.provider("Loomworks").await;
        let skill = catalogue.skill("C#", &[]).await;
        app.reached(catalogue.position().await).await;
        let slug = app.data("{ skills { nodes { slug } } }").await["skills"]["nodes"][0]["slug"].take();
        catalogue.course_with(provider, "Games", &[skill], |_| {}).await;
        app.reached(catalogue.position().await).await;
        assert_eq!(found(&app, slug.as_str().unwrap()).await, ["Games"]);
    }

    async fn words_that_say_nothing_are_never_required(app: App) {
        listed(&app, &[("Python", ""), ("Python for Beginners", ""), ("Spanish", "")]).await;
        for text in ["learn python", "how to learn Python", "python courses", "what is python about", "a course on python"] {
            assert_eq!(found(&app, text).await, found(&app, "python").await, "{text}");
        }
        assert_eq!(found(&app, "python for beginners").await, ["Python for Beginners", "Python"]);
        assert_eq!(found(&app, "beginners").await, ["Python for Beginners"], "alone it is what is asked for");
        assert_eq!(found(&app, "for").await, ["Python for Beginners"]);
    }

    async fn where_nothing_has_all_words_all_but_one_are_enough(app: App) {
        listed(&app, &[("Python", "Written in Spanish."), ("Spanish Cooking", ""), ("Rust", "")]).await;
        assert_eq!(found(&app, "python spanish").await, ["Python"], "something has both");
        assert_eq!(found_any_order(&app, "python cooking").await, ["Python", "Spanish Cooking"]);
        assert_eq!(found(&app, "spanish cooking zeppelin").await, ["Spanish Cooking"]);
        assert_eq!(found(&app, "zeppelin cooking blimps").await, NONE, "two are missing");
        assert_eq!(found(&app, "\"python cooking\" spanish").await, NONE, "a phrase is insisted on");
        assert_eq!(found(&app, "python cooking -spanish").await, NONE, "and so is what is not wanted");
    }

    async fn a_text_is_widened_within_the_filter_and_else_the_condition_to_drop_is_named(app: App) {
        let catalogue = Catalogue::of(&app).await;
        let provider = catalogue.provider("Loomworks").await;
        let advanced = |row: &mut entity::course::ActiveModel| row.level = Set(Some(entity::Level::Advanced));
        catalogue.course_with(provider, "Cooking", &[], advanced).await;
        listed(&app, &[("Python Cooking", "")]).await;
        let page = |level: &str| {
            format!("{{ courses(query: \"python cooking\", filter: {{level: [{level}]}}) {{ nodes {{ title }} relaxations {{ path totalCount }} }} }}")
        };
        let found = app.data(&page("ADVANCED")).await["courses"].take();
        assert_eq!(found, json!({ "nodes": [{ "title": "Cooking" }], "relaxations": [] }));
        let relaxed = json!([{ "path": ["filter", "level"], "totalCount": 1 }]);
        assert_eq!(app.data(&page("BEGINNER")).await["courses"], json!({ "nodes": [], "relaxations": relaxed }));
    }

    async fn only_where_no_word_can_be_spared_the_text_is_named_as_what_to_drop(app: App) {
        listed(&app, &[("Python", "")]).await;
        for (text, relaxed) in [
            ("zeppelin python", json!([])),
            ("zeppelin blimps", json!([{ "path": ["query"], "totalCount": 1 }])),
        ] {
            let query = format!("{{ courses(query: \"{text}\") {{ relaxations {{ path totalCount }} }} }}");
            assert_eq!(app.data(&query).await["courses"]["relaxations"], relaxed, "{text}");
        }
    }

    async fn the_last_word_may_be_a_beginning_where_it_finds_nothing_itself(app: App) {
        listed(&app, &[("Web Development", ""), ("Web Weaving", ""), ("Gardens", "Developed by dev.")]).await;
        assert_eq!(found(&app, "web dev").await, ["Web Development"]);
        assert_eq!(marked(&app, "web dev").await, "[Web] [Development]");
        assert_eq!(found(&app, "dev").await, ["Gardens"]);
        assert_eq!(found_any_order(&app, "gard web").await, ["Web Development", "Web Weaving"], "the last one only");
    }

    async fn scripts_without_spaces_are_found_by_any_part(app: App) {
        listed(&app, &[("生活英语听说", ""), ("设计思维 Design", ""), ("日本語の発音", ""), ("한국어입문", ""), ("ภาษาไทยเบื้องต้น", ""), ("语英", "")]).await;
        for (text, title) in [
            ("英语", "生活英语听说"),
            ("生活", "生活英语听说"),
            ("活英语", "生活英语听说"),
            ("听", "生活英语听说"),
            ("设计", "设计思维 Design"),
            ("思维design", "设计思维 Design"),
            ("\"思维 design\"", "设计思维 Design"),
            ("本語", "日本語の発音"),
            ("국어", "한국어입문"),
            ("ไทย", "ภาษาไทยเบื้องต้น"),
        ] {
            assert_eq!(found(&app, text).await, [title], "{text}");
        }
        assert_eq!(found(&app, "生语").await, NONE);
        assert_eq!(found(&app, "设计 -思维").await, NONE);
        assert_eq!(marked(&app, "活英语").await, "生[活英语]听说");
    }

    async fn suggested_words_may_be_written_together_or_apart(app: App) {
        let catalogue = Catalogue::of(&app).await;
        catalogue.career("Back End Developer").await;
        catalogue.skill("JavaScript", &[]).await;
        let provider = catalogue.provider("Loomworks").await;
        catalogue.course(provider, "Backend Basics").await;
        app.reached(catalogue.position().await).await;
        assert_eq!(suggested(&app, "backend").await, ["Backend Basics", "Back End Developer"]);
        assert_eq!(suggested(&app, "back end").await, ["Back End Developer", "Backend Basics"]);
        assert_eq!(suggested(&app, "backend dev").await, ["Back End Developer"]);
        assert_eq!(suggested(&app, "java script").await, ["JavaScript"]);
    }

    async fn a_name_with_an_odd_spelling_does_not_hide_the_others(app: App) {
        let catalogue = Catalogue::of(&app).await;
        let provider = catalogue.provider("Loomworks").await;
        catalogue.course(provider, "Phyton").await;
        for number in 0..10 {
            catalogue.course(provider, &format!("Python {number}")).await;
        }
        app.reached(catalogue.position().await).await;
        let found = suggested(&app, "phyton").await;
        assert_eq!((found.len(), found[0].as_str()), (8, "Phyton"), "{found:?}");
    }

    async fn other_names_of_a_skill_suggest_what_it_names(app: App) {
        let catalogue = Catalogue::of(&app).await;
        catalogue.skill("JavaScript", &["ecmascript"]).await;
        catalogue.career("JavaScript Developer").await;
        app.reached(catalogue.position().await).await;
        assert_eq!(suggested(&app, "ecmascript").await, ["JavaScript", "JavaScript Developer"]);
    }

    async fn scripts_without_spaces_are_suggested_from_the_first_letter(app: App) {
        let catalogue = Catalogue::of(&app).await;
        let provider = catalogue.provider("Loomworks").await;
        catalogue.course(provider, "对外汉语中文").await;
        catalogue.course(provider, "한국어").await;
        app.reached(catalogue.position().await).await;
        for text in ["中", "中文", "对", "汉语", "文"] {
            assert_eq!(suggested(&app, text).await, ["对外汉语中文"], "{text}");
        }
        assert_eq!(suggested(&app, "국").await, ["한국어"]);
    }

    async fn the_order_does_not_depend_on_how_the_index_came_to_be(stage: Stage) {
        let order = |app: App| async move { found(&app, "loom thread").await };
        let grown = stage.serve(|app| async move {
            listed(&app, &[("Loom", "Thread."), ("Thread", "Loom."), ("Cloth", "Thread.")]).await;
            let catalogue = Catalogue::of(&app).await;
            let provider = catalogue.provider("Millworks").await;
            for number in 0..20 {
                let course = catalogue.course(provider, &format!("Thread {number}")).await;
                app.reached(catalogue.update_course(course, |row| row.title = Set("Nothing".to_owned())).await).await;
            }
            order(app).await
        });
        let grown = grown.await;
        std::fs::remove_dir_all(stage.folder.path().join("index")).unwrap();
        assert_eq!(stage.serve(order).await, grown);
        assert_eq!(grown, ["Thread", "Loom"]);
    }
}
