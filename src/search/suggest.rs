//! Type-ahead: names that begin as what has been typed so far. What must not go in: loading what is suggested.

use tantivy::collector::TopDocs;
use tantivy::collector::sort_key::{SortByStaticFastValue, SortByString};
use tantivy::query::{BooleanQuery, Occur, Query};
use tantivy::{DocAddress, Order, Term};

use super::analyse::words;
use super::language::check;
use super::text::{beginning_of, term};
use super::{DocKind, Reader, spelling};
use crate::error::Result;
use crate::text::fold;

/// What is suggested.
const SUGGESTED: [DocKind; 5] =
    [DocKind::Course, DocKind::Provider, DocKind::Certification, DocKind::Career, DocKind::Skill];

/// The listings whose names have words that begin with all the words of a text, best first: the one of exactly this
/// name, then short names before long ones, then anything else before a course, then by name.
pub fn suggest(reader: &Reader, text: &str, most: usize) -> Result<Vec<(DocKind, i64)>> {
    check("text", text)?;
    let mut parts: Vec<(Occur, Box<dyn Query>)> = Vec::new();
    for word in words(text) {
        parts.push((Occur::Must, beginning(reader, &word.folded)?));
    }
    if parts.is_empty() {
        return Ok(Vec::new());
    }
    let subject = Term::from_field_i64(reader.fields.doc_kind, DocKind::Subject as i64);
    parts.push((Occur::MustNot, term(subject)));
    let begins = BooleanQuery::new(parts);
    let name = fold(&text.split_whitespace().collect::<Vec<_>>().join(" "));
    let name = term(Term::from_field_text(reader.fields.name_key, &name));
    let mut exact = best(reader, &BooleanQuery::intersection(vec![Box::new(begins.clone()), name]), most)?;
    let hits = best(reader, &begins, most)?;
    let others: Vec<_> = hits.into_iter().filter(|hit| !exact.contains(hit)).collect();
    exact.extend(others);
    exact.truncate(most);
    exact.into_iter().filter_map(|address| listing(reader, address).transpose()).collect()
}

/// Names with a word that begins like this, or where there is none, like something that it mistypes.
fn beginning(reader: &Reader, word: &str) -> Result<Box<dyn Query>> {
    let field = reader.fields.prefixes;
    let word = beginning_of(word);
    if spelling::exists(reader, &SUGGESTED, field, &word)? {
        return Ok(term(Term::from_field_text(field, &word)));
    }
    let near = spelling::near(reader, field, &word)?;
    let near = near.into_iter().map(|(text, _)| term(Term::from_field_text(field, &text)));
    Ok(Box::new(BooleanQuery::union(near.collect())))
}

fn best(reader: &Reader, query: &dyn Query, most: usize) -> Result<Vec<DocAddress>> {
    let order = (
        (SortByStaticFastValue::<i64>::for_field("suggestion_order"), Order::Asc),
        (SortByString::for_field("name_key"), Order::Asc),
        (SortByStaticFastValue::<i64>::for_field("id"), Order::Asc),
    );
    let hits = reader.searcher.search(query, &TopDocs::with_limit(most).order_by(order))?;
    Ok(hits.into_iter().map(|(_, address)| address).collect())
}

fn listing(reader: &Reader, address: DocAddress) -> Result<Option<(DocKind, i64)>> {
    let columns = reader.searcher.segment_reader(address.segment_ord).fast_fields();
    let kind = columns.i64("doc_kind")?.first(address.doc_id);
    let kind = SUGGESTED.into_iter().find(|suggested| kind == Some(*suggested as i64));
    Ok(kind.zip(columns.i64("id")?.first(address.doc_id)))
}
