//! Slugs made from titles. They are unique forever, because former slugs keep resolving.

use std::collections::{BTreeSet, HashMap, HashSet};

use sea_orm::ConnectionTrait;

use super::references::{Mentions, References, Target};
use crate::error::Result;
use crate::input::{ValidationCode, ValidationError};

/// Maximum length of a generated slug, which leaves room for a number after it.
const MAX_GENERATED_CHARS: usize = 100;

/// Slug of a title; `otherwise` if nothing of the title can be written in ASCII.
pub fn of_title(title: &str, otherwise: &str) -> String {
    let slug = slug::slugify(title);
    let cut: String = slug.chars().take(MAX_GENERATED_CHARS).collect();
    let whole = if slug.len() > MAX_GENERATED_CHARS {
        cut.rsplit_once('-').map_or(cut.as_str(), |(head, _)| head)
    } else {
        &cut
    };
    if whole.is_empty() { otherwise.to_owned() } else { whole.to_owned() }
}

/// For each base, a slug that is not and never was in use: the base itself, or with the first free number appended.
/// Numbers are checked in blocks that grow eightfold, so a thousand equal titles take four statements.
pub async fn find_free(
    db: &impl ConnectionTrait,
    target: Target,
    bases: &[String],
    mut taken: HashSet<String>,
) -> Result<Vec<String>> {
    let mut found: Vec<Option<String>> = vec![None; bases.len()];
    let mut next: HashMap<&str, usize> = HashMap::new();
    let mut numbers = 1..=1_usize;
    while found.iter().any(Option::is_none) {
        let open: BTreeSet<&String> =
            bases.iter().zip(&found).filter(|(_, found)| found.is_none()).map(|(base, _)| base).collect();
        let block = |base: &&String| numbers.clone().map(|number| numbered(base, number)).collect::<Vec<_>>();
        let candidates: Vec<String> = open.iter().flat_map(block).collect();
        let known = References::load(db, Mentions::of(target, &candidates)).await?;
        taken.extend(candidates.into_iter().filter(|slug| known.id(target, slug).is_some()));
        for (base, found) in bases.iter().zip(&mut found).filter(|(_, found)| found.is_none()) {
            let next = next.entry(base).or_insert(1);
            while found.is_none() && *next <= *numbers.end() {
                *found = Some(numbered(base, *next)).filter(|slug| taken.insert(slug.clone()));
                *next += 1;
            }
        }
        numbers = numbers.end() + 1..=numbers.end() * 8;
    }
    Ok(found.into_iter().flatten().collect())
}

fn numbered(base: &str, number: usize) -> String {
    if number == 1 { base.to_owned() } else { format!("{base}-{number}") }
}

/// Generates a free slug from the title of a new listing.
pub async fn generate(db: &impl ConnectionTrait, target: Target, title: Option<&str>) -> Result<String> {
    let base = of_title(title.unwrap_or_default(), target.word());
    Ok(find_free(db, target, &[base], HashSet::new()).await?.pop().unwrap_or_default())
}

/// Whether a slug was never used, so that the listing must register it. A slug that another listing uses or used is a
/// validation error of `input.slug`.
pub async fn claim(
    db: &impl ConnectionTrait,
    target: Target,
    id: i64,
    slug: &str,
    errors: &mut Vec<ValidationError>,
) -> Result<bool> {
    let known = References::load(db, Mentions::of(target, [&slug.to_owned()])).await?;
    let owner = known.id(target, slug);
    if owner.is_some_and(|owner| owner != id) {
        let rule = format!("another {} has or had this slug", target.word());
        errors.push(ValidationError::of("slug", ValidationCode::Taken, rule).within("input"));
    }
    Ok(owner.is_none())
}
