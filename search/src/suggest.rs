//! Type-ahead: names that begin with what has been typed so far. Does not belong here: loading what is suggested.

use tantivy::collector::TopDocs;
use tantivy::collector::sort_key::{SortByStaticFastValue, SortByString};
use tantivy::query::{BooleanQuery, EmptyQuery, Occur, PhraseQuery, Query};
use tantivy::{DocAddress, Order, Term};

use super::fields::DocKind;
use super::language::check;
use super::reader::Reader;
use super::spelling::Vocabulary;
use super::text::{beginning_of, term};
use super::tokenizer::{Word, words};
use crate::error::Result;
use crate::folding::fold;

/// Work units per prefix, and per listing with it.
const WORD_WORK: u64 = 400;
const POSTING_WORK: u64 = 10;

/// Kinds of listings to suggest.
const SUGGESTED_KINDS: [DocKind; 5] =
    [DocKind::Course, DocKind::Provider, DocKind::Certification, DocKind::Career, DocKind::Skill];

/// Listings whose names have words that begin with all the words of a text, best first: an exact match, then short
/// names before long ones, then other listings before courses, then by name. Listings that match a variant of the text
/// come last.
pub fn suggest(reader: &Reader, text: &str, limit: usize) -> Result<Vec<(DocKind, i64)>> {
    check("text", text)?;
    let words = words(text);
    reader.meter().check()?;
    if words.is_empty() {
        return Ok(Vec::new());
    }
    let typed = words.iter().map(|word| vec![prefix_query(reader, [word.folded.as_str()])]);
    let typed = all_of(reader, typed.collect());
    let name = fold(&text.split_whitespace().collect::<Vec<_>>().join(" "));
    let name = term(Term::from_field_text(reader.fields.name_key, &name));
    let mut found = best(reader, &BooleanQuery::intersection(vec![typed.box_clone(), name]), limit)?;
    add(&mut found, best(reader, &*typed, limit)?, limit);
    if found.len() < limit {
        let meant = (0..words.len()).map(|index| alternatives(reader, &words, index)).collect::<Result<_>>()?;
        add(&mut found, best(reader, &*all_of(reader, meant), limit)?, limit);
    }
    found.into_iter().filter_map(|address| listing(reader, address).transpose()).collect()
}

fn add(found: &mut Vec<DocAddress>, more: Vec<DocAddress>, limit: usize) {
    let new: Vec<_> = more.into_iter().filter(|hit| !found.contains(hit)).collect();
    found.extend(new);
    found.truncate(limit);
}

/// Query for documents that match one of the alternatives of every word.
fn all_of(reader: &Reader, words: Vec<Vec<Box<dyn Query>>>) -> Box<dyn Query> {
    let subject = term(Term::from_field_i64(reader.fields.doc_kind, DocKind::Subject as i64));
    let any_of = |alternatives| -> Box<dyn Query> { Box::new(BooleanQuery::union(alternatives)) };
    let words = words.into_iter().map(|alternatives| (Occur::Must, any_of(alternatives)));
    Box::new(BooleanQuery::new(words.chain([(Occur::MustNot, subject)]).collect()))
}

/// Query for names with consecutive words that begin with these.
fn prefix_query<'a>(reader: &Reader, words: impl IntoIterator<Item = &'a str>) -> Box<dyn Query> {
    let terms = words.into_iter().map(|word| Term::from_field_text(reader.fields.prefixes, beginning_of(word)));
    let mut terms: Vec<_> = terms.collect();
    if terms.len() > 1 { Box::new(PhraseQuery::new(terms)) } else { terms.pop().map_or(Box::new(EmptyQuery), term) }
}

/// Queries for what the word at an index may mean: itself, joined with its neighbours or split in two, an alias of a
/// skill that they name, or a correction.
fn alternatives(reader: &Reader, words: &[Word], index: usize) -> Result<Vec<Box<dyn Query>>> {
    let vocabulary = Vocabulary { reader, kinds: &SUGGESTED_KINDS, field: reader.fields.prefixes, names: Vec::new() };
    let Some(typed) = words.get(index) else { return Ok(Vec::new()) };
    let word = typed.folded.as_str();
    let mut alternatives = vec![prefix_query(reader, [word])];
    for pair in [index.checked_sub(1), Some(index)].into_iter().flatten().filter_map(|at| words.get(at..at + 2)) {
        let joined: String = pair.iter().map(|word| word.folded.as_str()).collect();
        alternatives.push(prefix_query(reader, [joined.as_str()]));
    }
    let synonyms = reader.synonyms()?;
    for name in synonyms.of([typed].into_iter()).iter().chain(synonyms.of(words.iter())) {
        alternatives.push(prefix_query(reader, name.iter().map(|word| word.folded.as_str())));
    }
    let meant = vocabulary.splits(word)?;
    alternatives.extend(meant.into_iter().map(|(left, right)| prefix_query(reader, [left, right])));
    let meant = vocabulary.corrections(beginning_of(word), false)?;
    alternatives.extend(meant.iter().map(|(meant, _)| prefix_query(reader, [meant.as_str()])));
    Ok(alternatives)
}

fn best(reader: &Reader, query: &dyn Query, limit: usize) -> Result<Vec<DocAddress>> {
    let order = (
        (SortByStaticFastValue::<i64>::for_field("suggestion_order"), Order::Asc),
        (SortByString::for_field("name_key"), Order::Asc),
        (SortByStaticFastValue::<i64>::for_field("id"), Order::Asc),
    );
    // The number of listings with a prefix is unknown beforehand: the library looks at each.
    let mut terms = Vec::new();
    query.query_terms(&mut |term, _| terms.push(term.clone()));
    for term in terms {
        let found = reader.searcher.doc_freq(&term)?;
        reader.meter().charge(WORD_WORK + found * POSTING_WORK)?;
    }
    let hits = reader.searcher.search(query, &TopDocs::with_limit(limit).order_by(order))?;
    Ok(hits.into_iter().map(|(_, address)| address).collect())
}

fn listing(reader: &Reader, address: DocAddress) -> Result<Option<(DocKind, i64)>> {
    let columns = reader.searcher.segment_reader(address.segment_ord).fast_fields();
    let kind = columns.i64("doc_kind")?.first(address.doc_id);
    let kind = SUGGESTED_KINDS.into_iter().find(|suggested| kind == Some(*suggested as i64));
    Ok(kind.zip(columns.i64("id")?.first(address.doc_id)))
}
