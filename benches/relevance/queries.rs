//! The judged queries, as `queries.tsv` has them.

use std::collections::{HashMap, HashSet};
use std::path::Path;

/// Query with the courses that answer it.
pub struct Query<'a> {
    /// What kind of query it is, such as `typo`.
    pub kind: &'a str,
    /// Text that a learner types.
    pub text: &'a str,
    /// Relevant courses by their slugs, with grades from 1 to 3. Every other course has the grade 0.
    pub grades: HashMap<&'a str, u8>,
}

/// Text of the file, which is read anew by every run: judging needs no build.
pub fn load() -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/relevance/queries.tsv")).unwrap()
}

/// Queries of the file.
pub fn parse(file: &str) -> Vec<Query<'_>> {
    let lines = file.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.map(|line| query(line).unwrap_or_else(|| panic!("not a judged query: {line}"))).collect()
}

fn query(line: &str) -> Option<Query<'_>> {
    let mut fields = line.split('\t');
    let (kind, text, judgements) = (fields.next()?, fields.next()?, fields.next()?);
    let mut grades = HashMap::new();
    for judgement in judgements.split(' ') {
        let (slug, grade) = judgement.split_once(':')?;
        let grade = grade.parse().ok().filter(|grade| (1..=3).contains(grade))?;
        if grades.insert(slug, grade).is_some() {
            return None;
        }
    }
    fields.next().is_none().then_some(Query { kind, text, grades })
}

/// Fails if a query occurs twice, has no right answer, or names a course that does not exist.
pub fn check(queries: &[Query<'_>], slugs: &HashSet<String>) {
    let mut texts = HashSet::new();
    for Query { text, grades, .. } in queries {
        assert!(texts.insert(text), "{text}: is judged twice");
        assert!(grades.values().any(|grade| *grade == 3), "{text}: has no right answer");
        let unknown: Vec<_> = grades.keys().filter(|slug| !slugs.contains(**slug)).collect();
        assert!(unknown.is_empty(), "{text}: {unknown:?} do not exist");
    }
}
