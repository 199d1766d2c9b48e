//! Translates a search text to an index query: every word is required, anywhere in the listing, and weighted by where
//! it occurs. Does not belong here: filters and orders, and the variants of a word.

use tantivy::Term;
use tantivy::query::{
    AllQuery, BooleanQuery, BoostQuery, ConstScoreQuery, DisjunctionMaxQuery, EmptyQuery, Occur, PhraseQuery, Query,
    TermQuery,
};
use tantivy::schema::{Field, IndexRecordOption};

use super::fields::{DocKind, Fields};
use super::language::Clause;
use super::reader::Reader;
use super::spelling::Vocabulary;
use super::statistics::{frequency, rarity};
use super::stop_words::is_name;
use super::text_query::{Strictness, TextQuery};
use super::tokenizer::{MAX_PREFIX_CHARS, Word};
use crate::error::Result;

/// Weight of further matches of a word in other fields, relative to its best field.
const OTHER_FIELD_WEIGHT: f32 = 0.1;
/// Weight of a prefix relative to the whole word.
const PREFIX_WEIGHT: f32 = 0.5;
/// Weight in titles of function words that may be names: more than a short title counts beside a long one.
const NAME_WEIGHT: f32 = 12.0;
/// Weight of a word in a title.
const TITLE_WEIGHT: f32 = 4.0;
/// Weight of the stem of a word in another language than English and Russian.
const STEM_WEIGHT: f32 = 0.8;
/// Weight of a stem in anything but a title.
const PROSE_WEIGHT: f32 = 1.5;
/// Weight of the parts of a compound relative to the compound.
const COMPOUND_WEIGHT: f32 = 0.5;
/// Weight in titles of function words that are no names.
const FILLER_WEIGHT: f32 = 0.25;
/// Score of a listing whose name is the text: more than any number of words reaches.
const WHOLE_NAME_SCORE: f32 = 4_096.0;
/// Score of a course whose code is the text: more than any number of words, less than the name.
const CODE_SCORE: f32 = WHOLE_NAME_SCORE / 2.0;

/// Builder of index queries for one kind of documents.
pub(super) struct QueryBuilder<'a> {
    /// Index to search.
    pub(super) reader: &'a Reader,
    /// Kind of documents. It does not filter them, but determines which words are known.
    pub(super) kind: DocKind,
    /// Whether the last word may be a prefix of a word in a name, even if it is a word itself.
    pub(super) last_word_prefix: bool,
}

impl QueryBuilder<'_> {
    /// Query of a text with this strictness. Finds a listing with exactly this name in any case, so that a name that
    /// looks like an exclusion does not exclude itself.
    pub(super) fn query(&self, text_query: &TextQuery, strictness: Strictness) -> Result<Box<dyn Query>> {
        let found = self.words_query(text_query, strictness)?;
        let fields = &self.reader.fields;
        let name = if text_query.excluded.is_empty() {
            Term::from_field_text(fields.whole_name, &text_query.name)
        } else {
            // An exclusion is one unless the whole text is a name, sign for sign.
            Term::from_field_text(fields.name_key, &text_query.written_name)
        };
        let mut queries = vec![found];
        let code = Term::from_field_text(fields.code, &text_query.code);
        for (term_of, score) in [(name, WHOLE_NAME_SCORE), (code, CODE_SCORE)] {
            if self.reader.has_term(&term_of)? {
                queries.push(Box::new(ConstScoreQuery::new(term(term_of), score)));
            }
        }
        Ok(Box::new(BooleanQuery::union(queries)))
    }

    fn words_query(&self, text_query: &TextQuery, strictness: Strictness) -> Result<Box<dyn Query>> {
        let mut parts: Vec<(Occur, Box<dyn Query>)> = Vec::new();
        let mut spare = Vec::new();
        for (index, clause) in text_query.included.iter().enumerate() {
            let query = self.clause_query(text_query, index, clause, strictness)?;
            if text_query.is_hint(clause) {
                parts.push((Occur::Should, query));
            } else if strictness.spares_words() && !clause.quoted {
                spare.push((Occur::Should, query));
            } else {
                parts.push((Occur::Must, query));
            }
        }
        match strictness.least(spare.len()) {
            0 => parts.extend(spare),
            least => parts.push((Occur::Must, Box::new(BooleanQuery::with_minimum_required_clauses(spare, least)))),
        }
        let facts = text_query.facts.iter().map(|words| self.as_written(words)).collect::<Result<Vec<_>>>()?;
        if text_query.is_only_facts(strictness) {
            parts.push((Occur::Must, Box::new(BooleanQuery::union(facts))));
        } else if text_query.included.is_empty() {
            parts.push((Occur::Must, Box::new(AllQuery)));
        } else {
            parts.extend(facts.into_iter().map(|fact| (Occur::Should, fact)));
        }
        parts.extend(text_query.fillers.iter().map(|word| (Occur::Should, self.filler_query(word))));
        if !text_query.excluded.is_empty() {
            parts.push((Occur::MustNot, self.excluded_query(text_query)?));
        }
        Ok(Box::new(BooleanQuery::new(parts)))
    }

    /// Query for listings that a text excludes.
    pub(super) fn excluded_query(&self, text_query: &TextQuery) -> Result<Box<dyn Query>> {
        let excluded = text_query.excluded.iter().map(|clause| self.as_written(&clause.words));
        Ok(Box::new(BooleanQuery::union(excluded.collect::<Result<_>>()?)))
    }

    /// Query for listings whose title contains these consecutive words.
    pub(super) fn title_query(&self, words: &[Word]) -> Box<dyn Query> {
        in_field(self.reader.fields.title, words)
    }

    fn filler_query(&self, word: &Word) -> Box<dyn Query> {
        let weight = if is_name(&word.folded) { NAME_WEIGHT } else { FILLER_WEIGHT };
        boosted(self.title_query(std::slice::from_ref(word)), weight)
    }

    fn clause_query(
        &self,
        text_query: &TextQuery,
        index: usize,
        clause: &Clause,
        strictness: Strictness,
    ) -> Result<Box<dyn Query>> {
        let mut alternatives = vec![self.as_written(&clause.words)?];
        if let [word] = clause.words.as_slice()
            && self.last_word_prefix
            && text_query.is_open(index)
        {
            let prefix = Term::from_field_text(self.reader.fields.prefixes, beginning_of(&word.folded));
            alternatives.push(boosted(term(prefix), PREFIX_WEIGHT));
        }
        let variants = self.variants(text_query, index, strictness)?.into_iter();
        for (words, weight) in variants {
            alternatives.push(boosted(self.as_written(&words)?, weight));
        }
        if !clause.quoted {
            for parts in self.compound_parts(clause)? {
                let parts = parts.iter().map(|words| self.as_written(words)).collect::<Result<Vec<_>>>()?;
                alternatives.push(boosted(Box::new(BooleanQuery::intersection(parts)), COMPOUND_WEIGHT));
            }
        }
        Ok(Box::new(DisjunctionMaxQuery::new(alternatives)))
    }

    /// Vocabulary of the searched listings.
    pub(super) fn vocabulary(&self) -> Vocabulary<'_> {
        let fields = &self.reader.fields;
        let kinds = std::slice::from_ref(&self.kind);
        Vocabulary { reader: self.reader, kinds, field: fields.vocabulary, names: fields.naming().to_vec() }
    }

    /// Query for these consecutive words in a single field, whatever their endings.
    fn as_written(&self, words: &[Word]) -> Result<Box<dyn Query>> {
        let parts = weights(&self.reader.fields).map(|(field, weight)| boosted(in_field(field, words), weight));
        let written: Box<dyn Query> = Box::new(DisjunctionMaxQuery::with_tie_breaker(parts.into(), OTHER_FIELD_WEIGHT));
        let mut stems = self.stem_queries(words)?;
        if stems.is_empty() {
            return Ok(written);
        }
        stems.push(written);
        Ok(Box::new(DisjunctionMaxQuery::new(stems)))
    }

    /// Queries for the stems of consecutive words in other languages than English and Russian.
    fn stem_queries(&self, words: &[Word]) -> Result<Vec<Box<dyn Query>>> {
        let (reader, mut queries) = (self.reader, Vec::new());
        let Some(first) = words.first() else { return Ok(queries) };
        let languages = reader.languages()?.of_word(reader, first)?;
        let [title, prose] = reader.fields.stems();
        for language in languages {
            let forms: Vec<Vec<String>> = words.iter().map(|word| language.stems(word)).collect();
            for (field, weight) in [(title, TITLE_WEIGHT), (prose, PROSE_WEIGHT)] {
                if let [forms] = forms.as_slice() {
                    let written = Term::from_field_text(reader.fields.vocabulary, &first.folded);
                    for form in forms {
                        queries.extend(self.stem_query(Term::from_field_text(field, form), &written, weight)?);
                    }
                } else if forms.iter().all(|forms| !forms.is_empty()) {
                    let terms = forms.iter().filter_map(|forms| forms.first());
                    let terms = terms.map(|form| Term::from_field_text(field, form)).collect();
                    queries.push(boosted(Box::new(PhraseQuery::new(terms)), weight * STEM_WEIGHT));
                }
            }
        }
        Ok(queries)
    }

    /// Query for a stem, if any listing has it. It weighs no more than the word as written, which many listings in other
    /// languages may contain: `Docker` in French is as common as in English.
    fn stem_query(&self, stem: Term, written: &Term, weight: f32) -> Result<Option<Box<dyn Query>>> {
        let own = frequency(self.reader, &stem)?;
        if own == 0 {
            return Ok(None);
        }
        let known = frequency(self.reader, written)?.max(own);
        let share = rarity(self.reader, known) / rarity(self.reader, own);
        Ok(Some(boosted(term(stem), weight * STEM_WEIGHT * share)))
    }
}

/// Searched fields and their weights: names of a course weigh more than its descriptions.
fn weights(fields: &Fields) -> [(Field, f32); 6] {
    let [title, skills, providers, careers, summary, description] = fields.prose();
    [(title, TITLE_WEIGHT), (skills, 3.0), (providers, 2.0), (careers, 2.0), (summary, 1.5), (description, 1.0)]
}

/// Prefix of a word, as long as prefixes are indexed.
pub(super) fn beginning_of(word: &str) -> &str {
    word.char_indices().nth(MAX_PREFIX_CHARS).and_then(|(end, _)| word.get(..end)).unwrap_or(word)
}

/// Query for a term, weighted by its rarity.
pub(super) fn term(term: Term) -> Box<dyn Query> {
    Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs))
}

fn in_field(field: Field, words: &[Word]) -> Box<dyn Query> {
    match words {
        [] => Box::new(EmptyQuery),
        [word] => term(Term::from_field_text(field, &word.stem)),
        words => {
            let terms = words.iter().map(|word| Term::from_field_text(field, &word.stem));
            Box::new(PhraseQuery::new(terms.collect()))
        }
    }
}

fn boosted(query: Box<dyn Query>, weight: f32) -> Box<dyn Query> {
    Box::new(BoostQuery::new(query, weight))
}
