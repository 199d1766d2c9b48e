//! What a search text finds, in which order, and how it is highlighted.

use sea_orm::ActiveValue::Set;
use serde_json::{Value, json};

use crate::support::{App, Catalogue};

/// A catalogue in which the position of every word is known.
async fn filled(app: &App) {
    let catalogue = Catalogue::of(app).await;
    let script = catalogue.skill("JavaScript", &["js", "ecmascript"]).await;
    let node = catalogue.skill("Node.js", &["nodejs"]).await;
    let sharp = catalogue.skill("C#", &["c sharp"]).await;
    let plus = catalogue.skill("C++", &["cpp"]).await;
    catalogue.career("Data Scientist").await;
    let academy = catalogue.provider("Zürich Academy").await;
    let works = catalogue.provider("Loomworks").await;
    let course = |title: &'static str, skills: Vec<i64>, summary: &'static str, description: &'static str| {
        let catalogue = &catalogue;
        async move {
            let texts = |row: &mut entity::course::ActiveModel| {
                row.summary = Set((!summary.is_empty()).then(|| summary.to_owned()));
                row.description = Set((!description.is_empty()).then(|| description.to_owned()));
            };
            catalogue.course_with(academy, title, &skills, texts).await
        }
    };
    course("Web Development", vec![script, node], "Build pages.", "From the first page to a running server.").await;
    course("Systems", vec![plus], "Memory and machines.", "Write fast programs.").await;
    course("Game Studio", vec![sharp], "Make games.", "Engines, scenes and shaders.").await;
    course("Machine Learning", vec![], "Models that learn.", "Deep networks and statistics, programming included.")
        .await;
    course("Learning to Teach", vec![], "For everybody who runs a machine shop.", "").await;
    course("The Art of Being", vec![], "To be or not to be.", "").await;
    course("Café Culture", vec![], "Espresso.", "Full-stack baristas by e-mail.").await;
    catalogue.course(works, "Weaving for Women's Guilds").await;
    app.reached(catalogue.position().await).await;
}

const COURSES: &str = "query ($query: String!) { courses(query: $query) { totalCount nodes { title } } }";

/// The titles of the courses that a text finds, in order.
pub async fn found(app: &App, query: &str) -> Vec<String> {
    let answer = app.ask(COURSES, json!({ "query": query })).await;
    let nodes = answer["data"]["courses"]["nodes"].as_array().unwrap_or_else(|| panic!("{query}: {answer}"));
    assert_eq!(answer["data"]["courses"]["totalCount"], nodes.len(), "{query}");
    nodes.iter().map(|node| node["title"].as_str().unwrap().to_owned()).collect()
}

/// The same titles sorted alphabetically, for tests in which the order does not matter.
pub async fn found_any_order(app: &App, query: &str) -> Vec<String> {
    let mut titles = found(app, query).await;
    titles.sort();
    titles
}

/// The names that a text finds in a connection of a small list.
async fn named(app: &App, list: &str, name: &str, query: &str) -> Vec<String> {
    let document = format!("query ($query: String!) {{ {list}(query: $query) {{ nodes {{ {name} }} }} }}");
    let answer = app.ask(&document, json!({ "query": query })).await;
    let nodes = answer["data"][list]["nodes"].as_array().unwrap_or_else(|| panic!("{query}: {answer}"));
    nodes.iter().map(|node| node[name].as_str().unwrap().to_owned()).collect()
}

on_both! {
    #![empty]

    async fn all_words_must_be_found_each_anywhere_in_the_course(app: App) {
        filled(&app).await;
        assert_eq!(found(&app, "weaving loomworks").await, ["Weaving for Women's Guilds"]);
        assert_eq!(found(&app, "web javascript server").await, ["Web Development"]);
    }

    async fn a_title_weighs_more_than_a_summary_and_that_more_than_a_description(app: App) {
        let catalogue = Catalogue::of(&app).await;
        let provider = catalogue.provider("Loomworks").await;
        for (title, summary, description) in
            [("One", None, Some("spindle")), ("Two", Some("spindle"), None), ("Spindle", None, None)]
        {
            let texts = |row: &mut entity::course::ActiveModel| {
                row.summary = Set(summary.map(str::to_owned));
                row.description = Set(description.map(str::to_owned));
            };
            catalogue.course_with(provider, title, &[], texts).await;
        }
        app.reached(catalogue.position().await).await;
        assert_eq!(found(&app, "spindle").await, ["Spindle", "Two", "One"]);
    }

    async fn endings_accents_and_case_make_no_difference(app: App) {
        filled(&app).await;
        assert_eq!(found(&app, "CAFE cultures").await, ["Café Culture"]);
        assert_eq!(found(&app, "cafe\u{301}").await, ["Café Culture"]);
        assert_eq!(found(&app, "zurich learned").await, found(&app, "zürich learning").await);
        assert_eq!(found(&app, "womens guild").await, ["Weaving for Women's Guilds"]);
        assert_eq!(found(&app, "women’s").await, ["Weaving for Women's Guilds"]);
    }

    async fn a_skill_is_found_by_its_other_names_and_with_its_signs(app: App) {
        filled(&app).await;
        assert_eq!(found(&app, "ecmascript").await, ["Web Development"]);
        assert_eq!(found(&app, "js").await, ["Web Development"]);
        assert_eq!(found(&app, "c#").await, ["Game Studio"]);
        assert_eq!(found(&app, "C++").await, ["Systems"]);
        assert_eq!(found(&app, "node.js").await, ["Web Development"]);
    }

    async fn words_that_belong_together_are_found_written_in_one_too(app: App) {
        filled(&app).await;
        assert_eq!(found(&app, "full-stack").await, ["Café Culture"]);
        assert_eq!(found(&app, "stack-full").await, [""; 0]);
        assert_eq!(found(&app, "node-js").await, ["Web Development"]);
        assert_eq!(found(&app, "fullstack").await, ["Café Culture"]);
        assert_eq!(found(&app, "stackfull").await, [""; 0]);
        assert_eq!(found(&app, "eco-mail").await, [""; 0]);
    }

    async fn a_phrase_is_found_word_by_word_in_its_order(app: App) {
        filled(&app).await;
        assert_eq!(found_any_order(&app, "machine learning").await, ["Learning to Teach", "Machine Learning"]);
        assert_eq!(found(&app, "\"machine learning\"").await, ["Machine Learning"]);
        assert_eq!(found(&app, "“machine learning”").await, ["Machine Learning"]);
        assert_eq!(found(&app, "\"learning machine\"").await, [""; 0]);
        assert_eq!(found(&app, "\"art of being\"").await, ["The Art of Being"]);
    }

    async fn what_is_excluded_is_not_found(app: App) {
        filled(&app).await;
        assert_eq!(found(&app, "machine -\"machine learning\"").await, found(&app, "machine -deep").await);
        assert_eq!(found_any_order(&app, "machine -deep").await, ["Learning to Teach", "Systems"]);
        assert_eq!(found(&app, "machine -machine").await, [""; 0]);
    }

    async fn exclusions_alone_leave_everything_else(app: App) {
        filled(&app).await;
        let others = found_any_order(&app, "-zürich").await;
        assert_eq!(others, ["Weaving for Women's Guilds"]);
        assert_eq!(found(&app, "-loomworks").await.len(), 7);
        assert_eq!(found(&app, "-nowhere").await.len(), 8);
    }

    async fn words_that_say_nothing_are_passed_over_where_another_does(app: App) {
        filled(&app).await;
        assert_eq!(found(&app, "the weaving of a").await, ["Weaving for Women's Guilds"]);
        assert_eq!(found(&app, "to be").await, ["The Art of Being"]);
    }

    async fn one_typing_mistake_is_forgiven_from_four_letters_and_two_from_eight(app: App) {
        filled(&app).await;
        assert_eq!(found(&app, "gme").await, [""; 0]);
        assert_eq!(found(&app, "gmaes").await, ["Game Studio"]);
        assert_eq!(found(&app, "weeving").await, ["Weaving for Women's Guilds"]);
        assert_eq!(found(&app, "weevind").await, [""; 0]);
        assert_eq!(found(&app, "javascrpit").await, ["Web Development"]);
        assert_eq!(found_any_order(&app, "programmng").await, ["Machine Learning", "Systems"]);
        assert_eq!(found(&app, "devolopmnt").await, ["Web Development"]);
        assert_eq!(found(&app, "devolapmnt").await, [""; 0]);
    }

    async fn a_word_that_is_known_is_meant_as_it_is_written(app: App) {
        let catalogue = Catalogue::of(&app).await;
        let provider = catalogue.provider("Loomworks").await;
        let java = catalogue.course(provider, "Lava Flows").await;
        catalogue.course(provider, "Java Beans").await;
        app.reached(catalogue.position().await).await;
        assert_eq!(found(&app, "lava").await, ["Lava Flows"]);
        app.reached(catalogue.update_course(java, |row| row.title = Set("Flows".to_owned())).await).await;
        assert_eq!(found(&app, "lava").await, ["Java Beans"], "a word that has left the index is not known");
    }

    async fn a_number_is_no_mistyped_other_number(app: App) {
        let catalogue = Catalogue::of(&app).await;
        let provider = catalogue.provider("Loomworks").await;
        catalogue.course(provider, "Trends 2025").await;
        app.reached(catalogue.position().await).await;
        assert_eq!(found(&app, "2025").await, ["Trends 2025"]);
        assert_eq!(found(&app, "2024").await, [""; 0]);
    }

    async fn any_text_at_all_is_a_query(app: App) {
        filled(&app).await;
        let everything = found_any_order(&app, "").await;
        assert_eq!(everything.len(), 8);
        for text in [" ", "*", ":*", "& | !", "\"", "\"\"", "-", "--", "🙂", "\0", "\u{202e}", "()", "'", "+", "^~", "\\"] {
            assert_eq!(found_any_order(&app, text).await, everything, "{text:?}");
        }
        assert_eq!(found(&app, "\"weaving").await, ["Weaving for Women's Guilds"]);
        assert_eq!(found(&app, "weaving & | ! 🙂").await, ["Weaving for Women's Guilds"]);
        assert_eq!(found(&app, "title:weaving").await, ["Weaving for Women's Guilds"]);
        assert_eq!(found(&app, &"x".repeat(200)).await, [""; 0]);
        assert_eq!(found(&app, &"weaving ".repeat(25)).await, ["Weaving for Women's Guilds"]);
    }

    async fn a_text_of_more_than_200_characters_is_refused(app: App) {
        for list in ["courses", "providers", "certifications", "careers", "subjects", "skills"] {
            let document = format!("query ($query: String) {{ {list}(query: $query) {{ totalCount }} }}");
            let answer = app.ask(&document, json!({ "query": "é".repeat(201) })).await;
            assert_eq!(answer["errors"][0]["extensions"]["code"], "BAD_USER_INPUT", "{list}: {answer}");
            assert_eq!(answer["errors"][0]["message"], "query: must be at most 200 characters", "{list}");
            let answer = app.ask(&document, json!({ "query": "é".repeat(200) })).await;
            assert_eq!(answer["errors"], Value::Null, "{list}");
        }
    }

    async fn small_listings_are_found_by_the_beginning_of_the_last_word_too(app: App) {
        filled(&app).await;
        assert_eq!(named(&app, "providers", "name", "zur").await, ["Zürich Academy"]);
        assert_eq!(named(&app, "providers", "name", "academy zur").await, ["Zürich Academy"]);
        assert_eq!(named(&app, "providers", "name", "acadamy").await, ["Zürich Academy"]);
        assert_eq!(named(&app, "providers", "name", "-academy").await, ["Loomworks"]);
        assert_eq!(named(&app, "careers", "title", "scien").await, ["Data Scientist"]);
        assert_eq!(named(&app, "skills", "name", "ecma").await, ["JavaScript"]);
        assert_eq!(named(&app, "skills", "name", "c#").await, ["C#"]);
        assert_eq!(named(&app, "skills", "name", "weaving").await, [""; 0]);
    }

    async fn hits_are_marked_and_nothing_else_is_changed(app: App) {
        let catalogue = Catalogue::of(&app).await;
        let provider = catalogue.provider("Loomworks").await;
        let long = format!("{}Here the <b>weavers</b> weave & wind. {}", "Nothing yet. ".repeat(60), "No more. ".repeat(60));
        let texts = |row: &mut entity::course::ActiveModel| {
            row.summary = Set(Some("A loom\u{e000} of one's own; (Weaving!)".to_owned()));
            row.description = Set(Some(long));
        };
        catalogue.course_with(provider, "Wéaving?", &[], texts).await;
        app.reached(catalogue.position().await).await;
        let highlights = highlights(&app, "weaving -nothing-like-this").await;
        assert_eq!(highlights["title"], "\u{e000}Wéaving\u{e001}?");
        assert_eq!(highlights["summary"], "A loom of one's own; (\u{e000}Weaving\u{e001}!)");
        let fragment = highlights["description"].as_str().unwrap();
        assert!(fragment.contains("the <b>weavers</b> \u{e000}weave\u{e001} & wind"), "{fragment}");
        assert!(fragment.len() < 300, "{fragment}");
    }

    async fn a_mistyped_word_marks_what_it_stands_for(app: App) {
        filled(&app).await;
        let highlights = highlights(&app, "weeving").await;
        assert_eq!(highlights["title"], "\u{e000}Weaving\u{e001} for Women's Guilds");
        assert_eq!(highlights["summary"], Value::Null);
    }
}

/// The highlighted fragments of the first course that a text finds, by field.
async fn highlights(app: &App, query: &str) -> Value {
    let document = "query ($query: String!) { courses(query: $query) { edges { highlights { field fragment } } } }";
    let answer = app.ask(document, json!({ "query": query })).await;
    let marked = answer["data"]["courses"]["edges"][0]["highlights"].as_array();
    let marked = marked.unwrap_or_else(|| panic!("{answer}"));
    marked.iter().map(|mark| (mark["field"].as_str().unwrap().to_owned(), mark["fragment"].clone())).collect()
}
