//! Careers and certifications lead to each other, to skills and to courses. The examples of docs/careers.md are run
//! here, so the page cannot differ from what is served.

use serde_json::{Value, json};

use crate::support::App;
use crate::support::page::{blocks, check};

const PAGE: &str = include_str!("../../docs/careers.md");

/// The slugs of a career's skills, and of the gaps of a person who knows these skills.
async fn gaps(app: &App, knows: Value) -> Value {
    let query = "query($knows: [SkillKnown!]!) { career(by: {slug: \"back-end-developer\"}) { skills { slug } gaps(knows: $knows) { skill { slug } } } }";
    app.ask(query, json!({ "knows": knows })).await
}

on_both! {
    async fn every_example_is_answered_as_the_page_says(app: App) {
        check(&app, blocks(PAGE, "graphql"), blocks(PAGE, "json")).await;
    }

    async fn a_gap_is_a_skill_that_is_not_known_at_any_level(app: App) {
        let answer = gaps(&app, json!([])).await;
        let career = &answer["data"]["career"];
        let slugs = |list: &Value, at: &str| -> Vec<String> {
            list.as_array().unwrap().iter().map(|it| it.pointer(at).unwrap().as_str().unwrap().to_owned()).collect()
        };
        let all = slugs(&career["skills"], "/slug");
        assert_eq!((all.len(), slugs(&career["gaps"], "/skill/slug")), (31, all.clone()));
        let known = json!([{ "skill": "python" }, { "skill": "git", "level": "PROFICIENT" }, { "skill": "css" }]);
        let left = gaps(&app, known).await;
        let wanted: Vec<String> = all.into_iter().filter(|slug| slug != "python" && slug != "git").collect();
        assert_eq!(slugs(&left["data"]["career"]["gaps"], "/skill/slug"), wanted);
    }

    async fn a_skill_that_there_is_not_is_named(app: App) {
        for (knows, argument) in [
            (json!([{ "skill": "python" }, { "skill": "alchemy" }]), "knows.1.skill"),
            (json!(vec![json!({ "skill": "python" }); 101]), "knows"),
        ] {
            let answer = gaps(&app, knows).await;
            let error = &answer["errors"][0]["extensions"];
            assert_eq!((&error["code"], &error["argument"]), (&json!("BAD_USER_INPUT"), &json!(argument)), "{answer:#}");
        }
    }

    async fn the_courses_of_all_gaps_are_one_statement(app: App) {
        let before = app.statements().await;
        let data = app.data("{ career(by: {slug: \"back-end-developer\"}) { gaps { skill { name } courses(first: 3) { nodes { title } } } } }").await;
        assert_eq!(data["career"]["gaps"].as_array().unwrap().len(), 31);
        assert_eq!(app.statements().await - before, 1);
    }

    async fn every_figure_says_who_published_it_and_when(app: App) {
        let fields = "asOf periodEnd publisher sources { publisher year }";
        let data = app.data(&format!("{{ statistics(first: 100) {{ totalCount nodes {{ {fields} }} }} }}")).await;
        let statistics = data["statistics"]["nodes"].as_array().unwrap();
        assert_eq!(statistics.len(), 14);
        for statistic in statistics {
            let sources = statistic["sources"].as_array().unwrap();
            let said = |own: &[&str], field: &str| {
                own.iter().any(|name| !statistic[name].is_null()) || sources.iter().any(|source| !source[field].is_null())
            };
            assert!(said(&["publisher"], "publisher") && said(&["asOf", "periodEnd"], "year"), "{statistic:#}");
        }
    }
}
