//! Compares searches with a naive evaluation: random catalogues of several segments that change, random filters, all
//! orders, pages in both directions, counts and facets. Only tests.

mod catalogue;
mod naive;

use std::collections::BTreeMap;

use catalogue::Catalogue;
use naive::{Listing, key_of, meets};

use crate::condition::Condition;
use crate::facets;
use crate::fields::{Fields, ON_DEMAND};
use crate::matches::{FilterClause, FilterClauses, Matches};
use crate::order::{Order, SortKey};
use crate::paging::cursor::{Cursor, Key};
use crate::paging::list::{Direction, compare};
use crate::paging::page::Page;
use crate::select::{HitPage, select};

const CURRENCIES: [&str; 3] = ["EUR", "USD", "GBP"];

/// Cursor with the key that its course had when the cursor was made.
type Place = (Cursor, Key);

#[test]
fn searches_agree_with_a_naive_evaluation() {
    let mut pages = 0;
    for seed in 0..12 {
        let mut random = fastrand::Rng::with_seed(seed);
        let mut catalogue = Catalogue::new(seed);
        let mut places: BTreeMap<String, Vec<Place>> = BTreeMap::new();
        for commit in 0..6 {
            catalogue.change(&mut random, if commit == 0 { 700 } else { random_size(seed, commit) });
            for _ in 0..25 {
                let clauses = filter(&mut random, &catalogue.fields);
                pages += check_search(&mut random, &catalogue, &clauses, &mut places);
                check_facets(&catalogue, &clauses);
            }
            check_facets(&catalogue, &Vec::new());
        }
    }
    assert!(pages > 1_000, "{pages}");
}

/// Small and large commits in turn, so that small segments stand beside large ones.
fn random_size(seed: u64, commit: u64) -> usize {
    [1, 5, 60, 300][((seed + commit) % 4) as usize]
}

fn check_search(
    random: &mut fastrand::Rng,
    catalogue: &Catalogue,
    clauses: &FilterClauses,
    places: &mut BTreeMap<String, Vec<Place>>,
) -> usize {
    let reader = catalogue.reader();
    let matches = Matches::find(&reader, None, clauses).unwrap();
    let is_met = |listing: &&Listing| clauses.iter().all(|(_, condition)| meets(condition, listing, &catalogue.fields));
    let expected: Vec<&Listing> = catalogue.courses.values().filter(is_met).collect();
    assert_eq!(matches.count().unwrap(), expected.len(), "{clauses:?}");

    let order = Order { by: sort_key(random), descending: random.bool() };
    let list = order.name();
    let known = places.entry(list.clone()).or_default();
    let mut cursor =
        |chance: u32| (random.u32(0..100) < chance).then(|| random.choice(known.iter()).cloned()).flatten();
    let (after, before) = (cursor(60), cursor(25));
    let page = Page {
        limit: random.usize(1..25),
        backward: random.bool(),
        after: after.as_ref().map(|(cursor, _)| cursor.clone()),
        before: before.as_ref().map(|(cursor, _)| cursor.clone()),
    };
    let found = select(&matches, &order, &page, &list).unwrap();
    let ids: Vec<i64> = found.edges.iter().map(|edge| edge.node.id).collect();
    let wanted = naive_page(&expected, &order, &page, after.as_ref(), before.as_ref());
    assert_eq!((ids, found.has_previous, found.has_next), wanted, "{order:?} {page:?} {clauses:?}");
    remember(known, found, catalogue, &order);
    1
}

fn remember(known: &mut Vec<Place>, found: HitPage, catalogue: &Catalogue, order: &Order) {
    let place = |cursor: Cursor| (cursor.clone(), key_of(&catalogue.courses[&cursor.id], order, &catalogue.fields));
    known.extend(found.edges.into_iter().map(|edge| place(edge.cursor)));
}

/// Courses of a page, and whether others precede and follow it.
fn naive_page(
    courses: &[&Listing],
    order: &Order,
    page: &Page,
    after: Option<&Place>,
    before: Option<&Place>,
) -> (Vec<i64>, bool, bool) {
    let direction = if order.descending { Direction::Desc } else { Direction::Asc };
    let fields = Fields::build().1;
    let mut items: Vec<(Key, i64)> =
        courses.iter().map(|listing| (key_of(listing, order, &fields), listing.id())).collect();
    items.sort_by(|a, b| compare((&a.0, a.1), (&b.0, b.1), direction));
    let is_after = |item: &(Key, i64)| {
        after.is_none_or(|(cursor, key)| compare((&item.0, item.1), (key, cursor.id), direction).is_gt())
    };
    let is_before = |item: &(Key, i64)| {
        before.is_none_or(|(cursor, key)| compare((&item.0, item.1), (key, cursor.id), direction).is_lt())
    };
    let mut within: Vec<i64> =
        items.iter().filter(|item| is_after(item) && is_before(item)).map(|(_, id)| *id).collect();
    // Where the bounds cross, the one that paging starts from tells the sides apart.
    let (mut previous, mut next) = if page.backward {
        (items.iter().any(|item| is_before(item) && !is_after(item)), items.iter().any(|item| !is_before(item)))
    } else {
        (items.iter().any(|item| !is_after(item)), items.iter().any(|item| is_after(item) && !is_before(item)))
    };
    if page.backward {
        previous |= within.len() > page.limit;
        within.drain(..within.len().saturating_sub(page.limit));
    } else {
        next |= within.len() > page.limit;
        within.truncate(page.limit);
    }
    (within, previous, next)
}

fn check_facets(catalogue: &Catalogue, clauses: &FilterClauses) {
    let (reader, fields) = (catalogue.reader(), &catalogue.fields);
    let matches = Matches::find(&reader, None, clauses).unwrap();
    let without = |ignored: FilterClause| {
        let others = clauses.iter().filter(move |(clause, _)| *clause != ignored);
        let others: Vec<&Condition> = others.map(|(_, condition)| condition).collect();
        catalogue
            .courses
            .values()
            .filter(move |listing| others.iter().all(|condition| meets(condition, listing, fields)))
    };
    let count = |ignored: FilterClause, field| {
        let mut counts: BTreeMap<i64, u64> = BTreeMap::new();
        without(ignored)
            .flat_map(|it| it.course.numbers(field))
            .for_each(|value| *counts.entry(*value).or_default() += 1);
        counts
    };
    let sorted = |counts: rustc_hash::FxHashMap<i64, u64>| counts.into_iter().collect::<BTreeMap<_, _>>();
    let levels = facets::members(&matches, FilterClause::Levels, |fields| fields.level, 4).unwrap();
    assert_eq!(sorted(levels), count(FilterClause::Levels, fields.level), "{clauses:?}");
    let formats = facets::members(&matches, FilterClause::Formats, |fields| fields.format, 4).unwrap();
    assert_eq!(sorted(formats), count(FilterClause::Formats, fields.format), "{clauses:?}");
    let skills = facets::ids(&matches, FilterClause::Skills, |fields| fields.skill).unwrap();
    assert_eq!(sorted(skills), count(FilterClause::Skills, fields.skill), "{clauses:?}");
    let providers = facets::ids(&matches, FilterClause::Providers, |fields| fields.provider).unwrap();
    assert_eq!(sorted(providers), count(FilterClause::Providers, fields.provider), "{clauses:?}");
    let mut languages: BTreeMap<String, u64> = BTreeMap::new();
    let words = without(FilterClause::Languages).flat_map(|listing| listing.course.words(fields.language));
    words.for_each(|word| *languages.entry(word.clone()).or_default() += 1);
    assert_eq!(facets::languages(&matches, FilterClause::Languages).unwrap(), languages, "{clauses:?}");
    let ratings: Vec<f64> =
        without(FilterClause::Ratings).flat_map(|listing| listing.course.fractions(fields.rating)).copied().collect();
    let at_least = [4.0, 3.0, 2.0, 1.0];
    let expected = at_least.map(|least| ratings.iter().filter(|rating| **rating >= least).count() as u64);
    assert_eq!(facets::ratings(&matches, at_least).unwrap(), expected, "{clauses:?}");
    let prices = facets::prices(&matches, "EUR").unwrap();
    let priced = Condition::PricedIn("EUR".to_owned());
    let stated = without(FilterClause::Price).filter(|listing| meets(&priced, listing, fields));
    let stated: Vec<i64> = stated.flat_map(|listing| listing.course.numbers(fields.price)).copied().collect();
    assert_eq!((prices.min, prices.max), (stated.iter().min().copied(), stated.iter().max().copied()), "{clauses:?}");
    assert_eq!(prices.buckets.iter().map(|(.., count)| count).sum::<u64>(), stated.len() as u64, "{clauses:?}");
    for (name, total) in matches.relaxed().unwrap() {
        let others = clauses.iter().filter(|(clause, _)| clause.name() != name);
        let others: Vec<&Condition> = others.map(|(_, condition)| condition).collect();
        let is_met = |listing: &&Listing| others.iter().all(|condition| meets(condition, listing, fields));
        assert_eq!(total, catalogue.courses.values().filter(is_met).count(), "{name} {clauses:?}");
    }
}

fn sort_key(random: &mut fastrand::Rng) -> SortKey {
    match random.u32(0..11) {
        0 => SortKey::Relevance,
        1 => SortKey::Rating,
        2 => SortKey::ReviewCount,
        3 => SortKey::Employment,
        4 => SortKey::Price(CURRENCIES[random.usize(0..3)].to_owned()),
        5 => SortKey::Duration,
        6 => SortKey::MentoringSessions,
        7 => SortKey::NextStart(random.i64(20..23)),
        8 => SortKey::Title,
        9 => SortKey::PublishedAt,
        _ => SortKey::UpdatedAt,
    }
}

fn filter(random: &mut fastrand::Rng, fields: &Fields) -> FilterClauses {
    let mut clauses = FilterClauses::new();
    let mut add = |chance: u32, clause, condition: &dyn Fn(&mut fastrand::Rng) -> Condition| {
        if random.u32(0..100) < chance {
            let condition = condition(random);
            clauses.push((clause, condition));
        }
    };
    add(20, FilterClause::Levels, &|random| Condition::Terms(fields.level, some(random, 4)));
    add(20, FilterClause::Formats, &|random| Condition::Terms(fields.format, some(random, 4)));
    add(25, FilterClause::Skills, &|random| Condition::Terms(fields.skill, some(random, 40)));
    add(10, FilterClause::Providers, &|random| Condition::Terms(fields.provider, some(random, 15)));
    add(10, FilterClause::Languages, &|_| Condition::Language(fields.language, "en".to_owned()));
    add(10, FilterClause::Ratings, &|random| Condition::Within(fields.rating, f64::from(random.u32(1..5))..=f64::MAX));
    add(25, FilterClause::Price, &|random| {
        let currency = Condition::PricedIn(CURRENCIES[random.usize(0..3)].to_owned());
        Condition::All(vec![currency, Condition::Between(fields.price, between(random, 2_000))])
    });
    add(25, FilterClause::Other("or"), &|random| {
        Condition::Any((0..random.usize(0..4)).map(|_| any(random, fields, 0)).collect())
    });
    add(15, FilterClause::Other("not"), &|random| Condition::Not(Box::new(any(random, fields, 0))));
    clauses
}

/// Any condition on a course.
fn any(random: &mut fastrand::Rng, fields: &Fields, depth: u32) -> Condition {
    let parts = |random: &mut fastrand::Rng| (0..random.usize(0..4)).map(|_| any(random, fields, depth + 1)).collect();
    match random.u32(if depth < 2 { 0..12 } else { 3..12 }) {
        0 => Condition::All(parts(random)),
        1 => Condition::Any(parts(random)),
        2 => Condition::Not(Box::new(any(random, fields, depth + 1))),
        3 => Condition::Terms(fields.skill, some(random, 40)),
        4 => Condition::stated(fields.skill),
        5 => Condition::AnyWord(fields.language),
        6 => Condition::Word(fields.language, "en-GB".to_owned()),
        7 => Condition::Between(fields.hours, between(random, 300)),
        8 => Condition::stated_fraction(fields.rating),
        9 => Condition::Terms(fields.format, some(random, 4)),
        _ => Condition::Offering(Box::new(Condition::All(vec![
            Condition::Between(fields.starts, random.i64(15..30)..=ON_DEMAND),
            Condition::Any(vec![
                Condition::Terms(fields.format, some(random, 4)),
                Condition::Not(Box::new(Condition::Word(fields.city, "rome".to_owned()))),
            ]),
        ]))),
    }
}

fn some(random: &mut fastrand::Rng, below: i64) -> Vec<i64> {
    (0..random.usize(0..4)).map(|_| random.i64(0..below)).collect()
}

fn between(random: &mut fastrand::Rng, below: i64) -> std::ops::RangeInclusive<i64> {
    let (one, other) = (random.i64(-10..below), random.i64(-10..below));
    one.min(other)..=one.max(other)
}
