//! What a search would find without one of its conditions.

use std::cmp::Reverse;

use async_graphql::SimpleObject;

use crate::error::Result;
use crate::search::Matches;

/// A condition without which there would be more courses.
#[derive(Debug, PartialEq, Eq, SimpleObject)]
pub struct Relaxation {
    /// The condition to drop, as the way to it through the arguments, e.g. ["filter", "price"], ["filter", "or"],
    /// ["query"], or ["query", "python"] for one of its words.
    pub path: Vec<String>,
    /// How many courses there would be without it, all other conditions kept.
    pub total_count: usize,
}

/// The conditions of a filter that alone keep courses out, those that keep out most first. `root` is the way to the
/// filter.
pub fn relaxed(matches: &Matches, root: &[&str]) -> Result<Vec<Relaxation>> {
    let relaxations = matches.relaxed()?.into_iter().map(|(name, total_count)| {
        let path = root.iter().chain([&name]).map(|step| (*step).to_owned()).collect();
        Relaxation { path, total_count }
    });
    Ok(sorted(relaxations, matches.count()))
}

/// The same for a search that finds nothing, where its text or one of its words may be what to drop. Pairs of conditions
/// are not tried: there may be hundreds.
pub(super) fn relaxations(matches: &Matches, text: Option<&str>) -> Result<Vec<Relaxation>> {
    if matches.count() > 0 {
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
