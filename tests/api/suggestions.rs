//! Suggestions while typing.

use serde_json::json;

use crate::support::{App, Catalogue};

const SUGGESTIONS: &str = "query ($text: String!, $first: Int) {
    suggestions(text: $text, first: $first) { text node { __typename } } }";

/// The suggestions, each as its type and text.
async fn suggested(app: &App, text: &str) -> Vec<String> {
    let answer = app.ask(SUGGESTIONS, json!({ "text": text, "first": 100 })).await;
    let found = answer["data"]["suggestions"].as_array().unwrap_or_else(|| panic!("{text}: {answer}"));
    let show = |found: &serde_json::Value| {
        format!("{} {}", found["node"]["__typename"].as_str().unwrap(), found["text"].as_str().unwrap())
    };
    found.iter().map(show).collect()
}

async fn filled(app: &App) {
    let catalogue = Catalogue::of(app).await;
    catalogue.skill("Python", &["py3"]).await;
    catalogue.skill("Java", &[]).await;
    catalogue.skill("JavaScript", &["js"]).await;
    catalogue.career("Python Developer").await;
    let provider = catalogue.provider("Pythia").await;
    catalogue.course(provider, "Pythons").await;
    catalogue.course(provider, "Advanced Python").await;
    catalogue.course(provider, "Python Advanced").await;
    catalogue.course(provider, "Java").await;
    catalogue.course(provider, "Élan Vital: Ønsker").await;
    app.reached(catalogue.position().await).await;
}

on_both! {
    #![empty]

    async fn short_names_come_first_and_courses_after_the_rest_of_their_length(app: App) {
        filled(&app).await;
        assert_eq!(
            suggested(&app, "pyth").await,
            [
                "Provider Pythia",
                "Skill Python",
                "Course Pythons",
                "Course Advanced Python",
                "Course Python Advanced",
                "Career Python Developer"
            ]
        );
        assert_eq!(suggested(&app, "java").await, ["Skill Java", "Course Java", "Skill JavaScript"]);
    }

    async fn the_exact_name_comes_before_shorter_and_equally_long_ones(app: App) {
        filled(&app).await;
        assert_eq!(
            suggested(&app, "Python  advanced ").await,
            ["Course Python Advanced", "Course Advanced Python"]
        );
        assert_eq!(suggested(&app, "js").await, ["Skill JavaScript"]);
    }

    async fn every_word_is_whole_or_a_beginning(app: App) {
        filled(&app).await;
        assert_eq!(suggested(&app, "py adv").await, ["Course Advanced Python", "Course Python Advanced"]);
        assert_eq!(suggested(&app, "dev py").await, ["Career Python Developer"]);
        assert_eq!(suggested(&app, "thon").await, [""; 0]);
    }

    async fn accents_case_and_typing_mistakes_are_forgiven(app: App) {
        filled(&app).await;
        assert_eq!(suggested(&app, "ELA on").await, ["Course Élan Vital: Ønsker"]);
        assert_eq!(suggested(&app, "élan").await, ["Course Élan Vital: Ønsker"]);
        assert_eq!(suggested(&app, "jvaas").await, ["Skill JavaScript"]);
        assert_eq!(suggested(&app, "javoscrapt").await, ["Skill JavaScript"]);
        assert_eq!(suggested(&app, "jxx").await, [""; 0]);
    }

    async fn a_text_without_a_word_suggests_nothing_and_none_is_an_error(app: App) {
        filled(&app).await;
        for text in ["", " ", "*", "\"", "-", "🙂", "\0"] {
            assert_eq!(suggested(&app, text).await, [""; 0], "{text:?}");
        }
        assert_eq!(suggested(&app, &"x".repeat(200)).await, [""; 0]);
    }

    async fn a_subject_is_not_suggested_and_a_certification_is(app: App) {
        let catalogue = Catalogue::of(&app).await;
        let provider = catalogue.provider("Loomworks").await;
        catalogue.subject("Weaving").await;
        catalogue.certification(provider, "Weaver").await;
        app.reached(catalogue.position().await).await;
        assert_eq!(suggested(&app, "weav").await, ["Certification Weaver"]);
    }

    async fn eight_are_suggested_unless_the_caller_says_how_many(app: App) {
        let catalogue = Catalogue::of(&app).await;
        for letter in 'a'..='j' {
            catalogue.skill(&format!("Same {letter}"), &[]).await;
        }
        app.reached(catalogue.position().await).await;
        let eight = app.data("{ suggestions(text: \"same\") { text } }").await;
        assert_eq!(eight["suggestions"].as_array().unwrap().len(), 8);
        let two = app.data("{ suggestions(text: \"same\", first: 2) { text } }").await;
        assert_eq!(two["suggestions"], json!([{ "text": "Same a" }, { "text": "Same b" }]));
    }

    async fn too_long_a_text_and_too_many_are_refused(app: App) {
        for (text, first, message) in [
            ("é".repeat(201), 8, "text: must be at most 200 characters"),
            ("a".to_owned(), 0, "first: must be 1 to 100"),
            ("a".to_owned(), 101, "first: must be 1 to 100"),
        ] {
            let answer = app.ask(SUGGESTIONS, json!({ "text": text, "first": first })).await;
            assert_eq!(answer["errors"][0]["message"], message);
            assert_eq!(answer["errors"][0]["extensions"]["code"], "BAD_USER_INPUT");
        }
    }

    async fn a_node_is_what_its_id_finds_again(app: App) {
        filled(&app).await;
        let nodes = app.data("{ suggestions(text: \"py\") { text node { ... on Node { id } } } }").await;
        let suggestions = nodes["suggestions"].as_array().unwrap();
        assert!(!suggestions.is_empty());
        for found in suggestions {
            let again = "query ($id: ID!) { node(id: $id) { id
                ... on Course { text: title } ... on Career { text: title }
                ... on Skill { text: name } ... on Provider { text: name } } }";
            let again = app.ask(again, json!({ "id": found["node"]["id"] })).await;
            assert_eq!(again["data"]["node"]["text"], found["text"]);
        }
    }
}
