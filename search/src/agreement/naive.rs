//! Listings as plain values, and what a search means for them.

use std::collections::HashMap;

use tantivy::columnar::MonotonicallyMappableToU64;
use tantivy::schema::Field;

use crate::condition::Condition;
use crate::fields::{FREE, Fields};
use crate::openings::open_start;
use crate::order::{Order, SortKey};
use crate::paging::cursor::Key;

/// Values of a document.
#[derive(Clone, Debug, Default)]
pub(super) struct Values {
    pub(super) numbers: HashMap<Field, Vec<i64>>,
    pub(super) fractions: HashMap<Field, Vec<f64>>,
    pub(super) words: HashMap<Field, Vec<String>>,
}

impl Values {
    pub(super) fn numbers(&self, field: Field) -> impl Iterator<Item = &i64> {
        self.numbers.get(&field).into_iter().flatten()
    }

    pub(super) fn fractions(&self, field: Field) -> impl Iterator<Item = &f64> {
        self.fractions.get(&field).into_iter().flatten()
    }

    pub(super) fn words(&self, field: Field) -> impl Iterator<Item = &String> {
        self.words.get(&field).into_iter().flatten()
    }
}

/// Course with its offerings.
#[derive(Clone, Debug, Default)]
pub(super) struct Listing {
    pub(super) id: i64,
    pub(super) course: Values,
    pub(super) offerings: Vec<Values>,
}

impl Listing {
    pub(super) fn id(&self) -> i64 {
        self.id
    }
}

/// Whether a course meets a condition.
pub(super) fn meets(condition: &Condition, listing: &Listing, fields: &Fields) -> bool {
    holds(condition, &listing.course, &listing.offerings, fields)
}

fn holds(condition: &Condition, of: &Values, offerings: &[Values], fields: &Fields) -> bool {
    match condition {
        Condition::All(parts) => parts.iter().all(|part| holds(part, of, offerings, fields)),
        Condition::Any(parts) => parts.iter().any(|part| holds(part, of, offerings, fields)),
        Condition::Not(part) => !holds(part, of, offerings, fields),
        Condition::Terms(field, numbers) => of.numbers(*field).any(|number| numbers.contains(number)),
        Condition::Word(field, word) => of.words(*field).any(|other| other == word),
        Condition::PricedIn(currency) => of.words(fields.price_currency).any(|it| it == currency || it == FREE),
        Condition::AnyWord(field) => of.words(*field).next().is_some(),
        Condition::Language(field, tag) => {
            of.words(*field).any(|word| word == tag || word.starts_with(&format!("{tag}-")))
        }
        Condition::Between(field, range) => of.numbers(*field).any(|number| range.contains(number)),
        Condition::Within(field, range) => of.fractions(*field).any(|number| range.contains(number)),
        Condition::Near(_) => unreachable!("not generated"),
        Condition::Offering(part) => offerings.iter().any(|offering| holds(part, offering, &[], fields)),
    }
}

/// Sort key of a course. Fractions are numbers that sort like them.
pub(super) fn key_of(listing: &Listing, order: &Order, fields: &Fields) -> Key {
    let of = &listing.course;
    let number = |field| of.numbers(field).next().copied();
    let number = match &order.by {
        SortKey::Relevance => None,
        SortKey::Rating => {
            let score = of.fractions(fields.score).next();
            score.map(|score| i64::from_u64(score.to_u64()))
        }
        SortKey::ReviewCount => number(fields.review_count),
        SortKey::Employment => number(fields.employment),
        SortKey::Price(currency) => {
            let is_priced = of.words(fields.price_currency).any(|it| it == currency || it == FREE);
            number(fields.price).filter(|_| is_priced)
        }
        SortKey::Duration => number(fields.hours),
        SortKey::MentoringSessions => number(fields.mentoring_sessions),
        SortKey::NextStart(today) => of.numbers(fields.openings).filter_map(|code| open_start(*code, *today)).min(),
        SortKey::Title => {
            return of.words(fields.name_key).next().map_or(Key::Absent, |title| Key::Text(title.clone()));
        }
        SortKey::PublishedAt => number(fields.published_at),
        SortKey::UpdatedAt => number(fields.updated_at),
    };
    number.map_or(Key::Absent, Key::Number)
}
