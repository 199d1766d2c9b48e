//! The layers. Cargo keeps circles between the crates away; this checks what their manifests may name, and that the
//! modules of each crate use only those below them.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Modules of the search engine, from the bottom up.
const SEARCH: &[&str] = &[
    "error",
    "folding",
    "work",
    "condition",
    "scripts",
    "look_alikes",
    "tokenizer",
    "stop_words",
    "stems",
    "fields",
    "openings",
    "order",
    "permutation",
    "set_cache",
    "codes",
    "segment_data",
    "segment",
    "fact_captures",
    "fact_parts",
    "fact_phrases",
    "segmentation",
    "query_language",
    "language",
    "text_query",
    "evaluation",
    "location",
    "course_columns",
    "course_counts",
    "synonyms",
    "word_files",
    "languages",
    "reader",
    "word_languages",
    "filter",
    "paging",
    "sort_column",
    "sequence",
    "prepare",
    "document_builder",
    "statistics",
    "spelling",
    "facts",
    "text",
    "raise",
    "matches",
    "facets",
    "financing",
    "fit",
    "highlight",
    "unsynced_directory",
    "index",
    "names",
    "top_courses",
    "score",
    "page_collector",
    "walk",
    "select",
    "similar",
    "suggest",
    "variants",
    "compounds",
    "preference",
    "agreement",
];

/// Modules of the catalogue, from the bottom up.
const CATALOG: &[&str] = &[
    "clock",
    "error",
    "database",
    "values",
    "input",
    "secret",
    "changelog",
    "resemblance",
    "dictionary",
    "idempotency",
    "write",
    "listing",
    "auth",
    "budget",
    "mail",
    "provider",
    "course",
    "imported",
    "rating",
    "review",
    "account",
    "certification",
    "copy",
    "cost",
    "taxonomy",
    "seed",
    "demo",
    "outcome",
    "snapshot",
    "indexing",
    "follower",
    "import",
    "export",
    "member",
    "notice",
    "partnership",
    "path",
    "schedule",
];

/// Modules of the server, from the bottom up.
const SERVER: &[&str] =
    &["graphql", "export_lines", "config", "telemetry", "metrics", "state", "http", "start", "app", "signals", "cli"];

/// What the types of the API share, from the bottom up. It knows none of them, but for the schema, which puts them
/// together.
const SHARED: &[&str] = &[
    "error",
    "context",
    "answer_meter",
    "connection",
    "document_view",
    "limits",
    "scalars",
    "schema",
    "documents",
    "enums",
    "ids",
    "untyped_input",
    "inputs",
    "loaders",
    "payload",
    "mutation_ext",
    "names",
    "reference",
    "shapes",
];

/// Types of the API. They refer to each other.
const TYPES: &[&str] = &[
    "account",
    "career",
    "certification",
    "changelog",
    "comparison",
    "cost",
    "course",
    "history",
    "json_ld",
    "matching",
    "member",
    "node",
    "offering",
    "outcome",
    "partnership",
    "path",
    "provider",
    "rating",
    "review",
    "sources",
    "statistic",
    "suggestion",
    "taxonomy",
];

#[test]
fn modules_use_only_those_below_them() {
    for (folder, prefix, modules) in
        [("search/src", "crate", SEARCH), ("catalog/src", "crate", CATALOG), ("src", "crate", SERVER)]
    {
        assert_listed(folder, modules);
        for (file, module, used) in uses(folder, prefix, modules) {
            let place = |name: &str| modules.iter().position(|module| *module == name).unwrap();
            assert!(place(&used) <= place(&module), "{} uses {used}, which is above it", file.display());
        }
    }
}

#[test]
fn what_the_types_of_the_api_share_knows_none_of_them() {
    let all = [SHARED, TYPES].concat();
    assert_listed("src/graphql", &all);
    let mut seen = 0;
    for (file, module, used) in uses("src/graphql", "crate::graphql", &all) {
        let allowed = TYPES.contains(&module.as_str()) || module == "schema" || SHARED.contains(&used.as_str());
        assert!(allowed, "{} knows {used}", file.display());
        seen += 1;
    }
    assert!(seen > 100, "{seen}");
}

#[test]
fn each_crate_depends_on_what_it_may() {
    let manifests = [
        ("search", include_str!("../../search/Cargo.toml"), &["sea-orm", "async-graphql", "actix-web", "catalog"][..]),
        ("catalog", include_str!("../../catalog/Cargo.toml"), &["async-graphql", "actix-web", "tantivy"]),
        ("entity", include_str!("../../entity/Cargo.toml"), &["async-graphql", "actix-web", "search", "catalog"]),
        ("migration", include_str!("../../migration/Cargo.toml"), &["async-graphql", "actix-web", "entity", "catalog"]),
    ];
    for (name, manifest, foreign) in manifests {
        let dependencies = manifest.split("[dependencies]").nth(1).unwrap();
        for foreign in foreign.iter().chain(["lectern"].iter()) {
            let names =
                |line: &str| line.starts_with(&format!("{foreign} ")) || line.starts_with(&format!("{foreign}."));
            assert!(!dependencies.lines().any(names), "{name} depends on {foreign}");
        }
    }
}

/// Fails unless the modules of a folder are these.
fn assert_listed(folder: &str, modules: &[&str]) {
    let entries = std::fs::read_dir(root().join(folder)).unwrap().map(|entry| entry.unwrap().path());
    let files = entries.filter(|path| path.extension().is_some_and(|extension| extension == "rs"));
    let names = files.map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned());
    let found: BTreeSet<String> = names.filter(|name| name != "lib" && name != "main").collect();
    let listed: BTreeSet<String> = modules.iter().map(|name| (*name).to_owned()).collect();
    assert_eq!(found, listed, "the modules of {folder}");
}

/// Uses of other modules of a folder: the file, its module and the one that it uses.
fn uses(folder: &str, prefix: &str, modules: &[&str]) -> Vec<(PathBuf, String, String)> {
    let mut found = Vec::new();
    for module in modules {
        let root = root().join(folder);
        let mut files = rust_files(&root.join(module));
        files.push(root.join(format!("{module}.rs")));
        for file in files {
            let text = std::fs::read_to_string(&file).unwrap();
            let code: String = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
            let is_top = file.parent() == Some(&root);
            let prefixes = [Some(prefix), is_top.then_some("super")];
            for used in prefixes.into_iter().flatten().flat_map(|prefix| named(&code, &format!("{prefix}::"))) {
                if used != *module && modules.contains(&used.as_str()) {
                    found.push((file.clone(), (*module).to_owned(), used));
                }
            }
        }
    }
    found
}

/// Names that follow a prefix: `a` in `crate::a::b`, `a` and `b` in `crate::{a::c, b}`.
fn named(code: &str, prefix: &str) -> Vec<String> {
    let word =
        |text: &str| text.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default().to_owned();
    let rests = code.match_indices(prefix).filter_map(|(at, _)| code.get(at + prefix.len()..));
    rests
        .flat_map(|rest| match rest.strip_prefix('{') {
            Some(group) => {
                let group = group.split(';').next().unwrap_or_default();
                group.split(',').map(|name| word(name.trim())).collect()
            }
            None => vec![word(rest)],
        })
        .collect()
}

fn rust_files(path: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(path).into_iter().flatten().flatten();
    let mut files = Vec::new();
    for path in entries.map(|entry| entry.path()) {
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}
