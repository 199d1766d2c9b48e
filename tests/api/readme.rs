//! Runs the example of the README and checks its links.

use serde_json::Value;

use crate::support::App;

const README: &str = include_str!("../../README.md");

fn block(language: &str) -> &'static str {
    let start = format!("```{language}\n");
    let (_, rest) = README.split_once(&start).unwrap();
    rest.split_once("```").unwrap().0
}

on_both! {
    async fn the_query_in_the_readme_has_the_answer_that_stands_there(app: App) {
        let expected: Value = serde_json::from_str(block("json")).unwrap();
        assert_eq!(app.data(block("graphql")).await, expected);
    }
}

#[test]
fn every_file_that_the_readme_links_to_is_there() {
    let links = README.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    let files: Vec<&str> = links.filter(|link| !link.starts_with("http")).collect();
    assert!(files.len() > 5, "{files:?}");
    for file in files {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
        assert!(path.exists(), "README links to {file}");
    }
}
