//! Slugs made from titles: unique for good, since an old one goes on resolving.

use std::collections::HashSet;

use sea_orm::ConnectionTrait;

use super::references::{Mentions, References, Target};
use crate::error::Result;

/// How long a slug that is made may be, so that a number still fits behind it.
const MADE: usize = 100;

/// A title as a slug; `otherwise` where nothing of it can be written in ASCII.
pub fn of_title(title: &str, otherwise: &str) -> String {
    let slug = slug::slugify(title);
    let cut: String = slug.chars().take(MADE).collect();
    let whole = if slug.len() > MADE { cut.rsplit_once('-').map_or(cut.as_str(), |(head, _)| head) } else { &cut };
    if whole.is_empty() { otherwise.to_owned() } else { whole.to_owned() }
}

/// For each of these slugs one that nobody has or had: itself, or with the first free number behind it. Numbers are
/// looked up in blocks that grow eightfold, so a thousand equal titles take four statements.
pub async fn free(
    db: &impl ConnectionTrait,
    target: Target,
    bases: &[String],
    mut taken: HashSet<String>,
) -> Result<Vec<String>> {
    let mut found: Vec<Option<String>> = vec![None; bases.len()];
    let mut numbers = 1..=1_usize;
    while found.iter().any(Option::is_none) {
        let open = || bases.iter().zip(&found).filter(|(_, found)| found.is_none()).map(|(base, _)| base);
        let candidates: Vec<String> =
            open().flat_map(|base| numbers.clone().map(|number| numbered(base, number))).collect();
        let known = References::load(db, Mentions::of(target, &candidates)).await?;
        taken.extend(candidates.into_iter().filter(|slug| known.id(target, slug).is_some()));
        for (base, found) in bases.iter().zip(&mut found).filter(|(_, found)| found.is_none()) {
            *found = numbers.clone().map(|number| numbered(base, number)).find(|slug| !taken.contains(slug));
            taken.extend(found.clone());
        }
        numbers = numbers.end() + 1..=numbers.end() * 8;
    }
    Ok(found.into_iter().flatten().collect())
}

fn numbered(base: &str, number: usize) -> String {
    if number == 1 { base.to_owned() } else { format!("{base}-{number}") }
}
