//! A search text as a query on the index: every word is wanted, each anywhere in the listing, and where it stands
//! weighs. What must not go in: filters and orders.

use tantivy::Term;
use tantivy::query::{
    AllQuery, BooleanQuery, BoostQuery, DisjunctionMaxQuery, EmptyQuery, Occur, PhraseQuery, Query, TermQuery,
};
use tantivy::schema::{Field, IndexRecordOption};

use super::analyse::{LONGEST_PREFIX, Word, is_stopword, words};
use super::language::{Clause, parse};
use super::{DocKind, Fields, Reader, spelling};
use crate::error::Result;

/// How much a word in another part of the listing adds to the part where it weighs most.
const ELSEWHERE: f32 = 0.1;
/// What is left of a word's weight with each typing mistake.
const MISTYPED: f32 = 0.5;
/// The weight of a beginning of a word beside that of the whole word.
const BEGINNING: f32 = 0.5;

/// The courses that a text asks for; `None` where it has no word to search by.
pub fn course_query(reader: &Reader, text: &str) -> Result<Option<Box<dyn Query>>> {
    Asker { reader, kind: DocKind::Course, beginnings: false }.query(parse(text)?)
}

/// What searching a kind of documents takes.
pub(super) struct Asker<'a> {
    /// Where.
    pub(super) reader: &'a Reader,
    /// Which documents. They are not filtered by it: it decides which words are known.
    pub(super) kind: DocKind,
    /// Whether the last word may be the beginning of one.
    pub(super) beginnings: bool,
}

impl Asker<'_> {
    /// The query of a parsed text; `None` where it has no word to search by.
    pub(super) fn query(&self, clauses: Vec<Clause>) -> Result<Option<Box<dyn Query>>> {
        let typing = clauses.len();
        let (excluded, mut wanted): (Vec<_>, Vec<_>) =
            clauses.into_iter().zip(1..).partition(|(clause, _)| clause.excluded);
        if wanted.iter().any(|(clause, _)| !is_filler(clause)) {
            wanted.retain(|(clause, _)| !is_filler(clause));
        }
        if wanted.is_empty() && excluded.is_empty() {
            return Ok(None);
        }
        let mut parts: Vec<(Occur, Box<dyn Query>)> = Vec::new();
        for (clause, place) in &wanted {
            parts.push((Occur::Must, self.wanted(clause, self.beginnings && *place == typing)?));
        }
        if wanted.is_empty() {
            parts.push((Occur::Must, Box::new(AllQuery)));
        }
        parts.extend(excluded.iter().map(|(clause, _)| (Occur::MustNot, self.as_written(&clause.words))));
        Ok(Some(Box::new(BooleanQuery::new(parts))))
    }

    fn wanted(&self, clause: &Clause, beginning: bool) -> Result<Box<dyn Query>> {
        let mut ways = vec![self.as_written(&clause.words)];
        match clause.words.as_slice() {
            _ if clause.quoted => {}
            [word] => ways.extend(self.loosely(word, beginning)?),
            // `e-mail` finds `email` too; the other way round is a typing mistake, a space left out.
            together => {
                let joined: String = together.iter().map(|word| word.folded.as_str()).collect();
                ways.push(self.as_written(&words(&joined)));
            }
        }
        Ok(Box::new(DisjunctionMaxQuery::new(ways)))
    }

    /// What else a single word may stand for: a longer one that begins with it, or one that it mistypes.
    fn loosely(&self, word: &Word, beginning: bool) -> Result<Vec<Box<dyn Query>>> {
        if beginning && self.exists(self.reader.fields.prefixes, &beginning_of(&word.folded))? {
            let prefix = term(Term::from_field_text(self.reader.fields.prefixes, &beginning_of(&word.folded)));
            return Ok(vec![Box::new(BoostQuery::new(prefix, BEGINNING))]);
        }
        let meant = self.meant(word)?;
        Ok(meant.into_iter().map(|(words, weight)| boosted(self.as_written(&words), weight)).collect())
    }

    /// What a word may be mistyped for, each as words that follow each other, with its weight; nothing where the word
    /// is known itself.
    pub(super) fn meant(&self, word: &Word) -> Result<Vec<(Vec<Word>, f32)>> {
        for field in self.reader.fields.prose() {
            if self.exists(field, &word.stem)? {
                return Ok(Vec::new());
            }
        }
        let vocabulary = self.reader.fields.vocabulary;
        let near = spelling::near(self.reader, vocabulary, &word.folded)?.into_iter();
        let mut meant: Vec<_> = near.map(|(text, mistakes)| (words(&text), MISTYPED.powi(mistakes.into()))).collect();
        for (left, right) in spelling::halves(&word.folded) {
            if self.exists(vocabulary, left)? && self.exists(vocabulary, right)? {
                meant.push((words(&format!("{left} {right}")), MISTYPED));
            }
        }
        Ok(meant)
    }

    fn exists(&self, field: Field, text: &str) -> Result<bool> {
        spelling::exists(self.reader, &[self.kind], field, text)
    }

    /// Words as they stand, one after the other, in any one part of the listing.
    fn as_written(&self, words: &[Word]) -> Box<dyn Query> {
        let parts = weights(&self.reader.fields).map(|(field, weight)| boosted(in_field(field, words), weight));
        Box::new(DisjunctionMaxQuery::with_tie_breaker(parts.into(), ELSEWHERE))
    }
}

/// Where words are looked for, and how much a hit weighs there: what names a course before what describes it.
fn weights(fields: &Fields) -> [(Field, f32); 6] {
    let [title, skills, providers, careers, summary, description] = fields.prose();
    [(title, 4.0), (skills, 3.0), (providers, 2.0), (careers, 2.0), (summary, 1.5), (description, 1.0)]
}

/// A word that says nothing by itself, and is passed over where another does.
fn is_filler(clause: &Clause) -> bool {
    !clause.quoted && clause.words.iter().all(|word| is_stopword(&word.folded))
}

/// The beginning of a word as far as beginnings are indexed.
pub(super) fn beginning_of(word: &str) -> String {
    word.chars().take(LONGEST_PREFIX).collect()
}

/// A single term, weighed by how rare it is.
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
