//! Suggestions for a search without results: which single condition to drop.

use std::cmp::Reverse;

use async_graphql::SimpleObject;
use catalog::error::Result;
use search::{Matches, SearchText};

/// A condition to drop so that a search finds more courses.
#[derive(Debug, PartialEq, Eq, SimpleObject)]
pub struct Relaxation {
    /// Path of the condition in the arguments, e.g. `["filter", "price"]`, `["filter", "or"]`, `["query"]`, or
    /// `["query", "python"]` for one word of the query.
    pub path: Vec<String>,
    /// Number of courses that would match without this condition, with all other conditions kept.
    pub total_count: usize,
}

/// Finds the filter conditions whose removal alone adds courses, the most effective first. `root` is the path of the
/// filter.
pub fn relaxed(matches: &Matches, root: &[&str]) -> Result<Vec<Relaxation>> {
    let relaxations = matches.relaxed()?.into_iter().map(|(name, total_count)| {
        let path = root.iter().chain([&name]).map(|step| (*step).to_owned()).collect();
        Relaxation { path, total_count }
    });
    Ok(sorted(relaxations, matches.count()?))
}

/// Finds relaxations for a search without results; dropping the query or one of its words counts too. Does not try
/// pairs of conditions, because there may be hundreds.
pub(super) fn relaxations(matches: &Matches, text: Option<&SearchText>) -> Result<Vec<Relaxation>> {
    if matches.count()? > 0 {
        return Ok(Vec::new());
    }
    let mut found = relaxed(matches, &["filter"])?;
    if let Some(text) = text {
        let of_query = |word: Option<String>| ["query".to_owned()].into_iter().chain(word).collect();
        found.push(Relaxation { path: of_query(None), total_count: matches.without_text()? });
        let words = matches.without_words(text)?.into_iter();
        found.extend(words.map(|(word, total_count)| Relaxation { path: of_query(Some(word)), total_count }));
    }
    Ok(sorted(found.into_iter(), 0))
}

fn sorted(relaxations: impl Iterator<Item = Relaxation>, now: usize) -> Vec<Relaxation> {
    let mut found: Vec<_> = relaxations.filter(|relaxation| relaxation.total_count > now).collect();
    found.sort_by_key(|relaxation| Reverse(relaxation.total_count));
    found
}
