//! The layers: which modules must not depend on which. Cargo keeps `entity` and `migration` apart from GraphQL and
//! HTTP; this checks the folders of the main crate.

use std::path::{Path, PathBuf};

/// Folders and files below src/ that must depend on neither GraphQL nor HTTP.
const PLAIN: [&str; 23] = [
    "account/sign_up.rs",
    "account/deletion.rs",
    "account/links.rs",
    "account/recovery.rs",
    "account/session.rs",
    "auth",
    "cost/arithmetic.rs",
    "cost/bill.rs",
    "cost/break_even.rs",
    "cost/income.rs",
    "mail",
    "outcome/validation.rs",
    "outcome/ranking.rs",
    "outcome/salaries.rs",
    "search",
    "search.rs",
    "import",
    "dictionary",
    "course/write",
    "course/validation.rs",
    "values.rs",
    "text.rs",
    "clock.rs",
];

#[test]
fn services_and_the_index_know_neither_graphql_nor_http() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files: Vec<PathBuf> = PLAIN.iter().flat_map(|name| rust_files(&source.join(name))).collect();
    files.extend(rust_files(&source).into_iter().filter(|file| file.ends_with("service.rs")));
    assert!(files.len() > 10, "the folders have moved: {files:?}");
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        for foreign in ["async_graphql", "actix_web", "crate::graphql", "crate::http"] {
            assert!(!text.contains(foreign), "{} knows {foreign}", file.display());
        }
    }
}

#[test]
fn entity_and_migration_depend_on_no_graphql_and_no_http() {
    for manifest in [include_str!("../../entity/Cargo.toml"), include_str!("../../migration/Cargo.toml")] {
        for foreign in ["async-graphql", "actix", "lectern"] {
            assert!(!manifest.contains(foreign), "{manifest}");
        }
    }
    assert!(!include_str!("../../migration/Cargo.toml").contains("entity"));
}

fn rust_files(path: &Path) -> Vec<PathBuf> {
    if path.is_file() {
        return vec![path.to_owned()];
    }
    let entries = std::fs::read_dir(path).into_iter().flatten().flatten();
    let files = entries.flat_map(|entry| rust_files(&entry.path()));
    files.filter(|file| file.extension().is_some_and(|extension| extension == "rs")).collect()
}
