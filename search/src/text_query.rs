//! Parsed search text: what is required, what is excluded, and how strictly. Does not belong here: how the index is
//! queried.

use std::ops::Range;

use super::language::{Clause, ParsedText, parse};
use super::stop_words::is_hint;
use super::tokenizer::{Word, words};
use crate::error::Result;
use crate::folding::fold;

/// Maximum number of consecutive clauses that may form one name.
const MAX_NAME_CLAUSES: usize = 4;
/// Maximum number of words that are dropped in turn, to count the matches without each.
const MAX_SPARED_WORDS: usize = 8;

/// Least number of words of which half are enough.
const MIN_HALVED_WORDS: usize = 4;
/// Bounds of the length of a code. Shorter texts are words.
const MIN_CODE_CHARS: usize = 3;
/// See `MIN_CODE_CHARS`.
const MAX_CODE_CHARS: usize = 40;

/// How strictly a text is matched. Each step is taken only if the one before finds no listing that meets the filter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Strictness {
    /// All clauses.
    #[default]
    All,
    /// All clauses, with the last word as a prefix.
    LastWordPrefix,
    /// All words but any one. Phrases stay required. Beside facts, a single word can be spared too.
    AllButOne,
    /// Half of four words or more, as in a question that is a whole sentence. Phrases stay required.
    Half,
}

/// Parsed search text.
#[derive(Clone, Debug, Default)]
pub(super) struct TextQuery {
    /// Required clauses and hints, without duplicates.
    pub(super) included: Vec<Clause>,
    /// Excluded clauses.
    pub(super) excluded: Vec<Clause>,
    /// Words that are ignored, but for the listings that are named with them.
    pub(super) fillers: Vec<Word>,
    /// Words of each fact, which only raise the rank of listings that contain them.
    pub(super) facts: Vec<Vec<Word>>,
    /// All words of the text in the form in which whole names are compared.
    pub(super) name: String,
    /// The text as the code of a course. Empty if it is none.
    pub(super) code: String,
    /// The whole text, folded, with its signs.
    pub(super) written_name: String,
    /// Primary subtags of the languages that the text may be in. Empty if nothing tells.
    pub(super) languages: Vec<&'static str>,
    /// Whether the last clause may still be in the course of being typed.
    open: bool,
}

impl TextQuery {
    /// Parses a text; `None` if it has no word to search by.
    pub(super) fn of(text: &str) -> Result<Option<Self>> {
        Self::with_facts(text, &[])
    }

    /// Parses a text of which these ranges of clauses are facts; `None` if it has no word to search by.
    pub(super) fn with_facts(text: &str, facts: &[Range<usize>]) -> Result<Option<Self>> {
        let ParsedText { clauses, languages } = parse(text)?;
        let fact_words = |fact: &Range<usize>| clauses.get(fact.clone()).into_iter().flatten().flat_map(|c| &c.words);
        let facts: Vec<_> = facts.iter().map(|fact| (fact.clone(), fact_words(fact).cloned().collect())).collect();
        let is_fact = |index: usize| facts.iter().any(|(fact, _): &(Range<usize>, Vec<Word>)| fact.contains(&index));
        let is_content = |(index, clause): (usize, &Clause)| is_fact(index) || !clause.excluded && !clause.is_filler;
        let has_content = clauses.iter().enumerate().any(is_content);
        let written_name = fold(&text.split_whitespace().collect::<Vec<_>>().join(" "));
        let mut text_query =
            Self { name: name_key(text), code: code_key(text), written_name, languages, ..Self::default() };
        for (_, clause) in clauses.iter().enumerate().filter(|(index, _)| !is_fact(*index)) {
            text_query.add(clause.clone(), has_content);
        }
        text_query.open &= clauses.len().checked_sub(1).is_some_and(|last| !is_fact(last));
        text_query.facts = facts.into_iter().map(|(_, words)| words).collect();
        let is_empty = text_query.included.is_empty() && text_query.excluded.is_empty() && text_query.facts.is_empty();
        Ok((!is_empty).then_some(text_query))
    }

    fn add(&mut self, clause: Clause, has_content: bool) {
        let is_filler = !clause.excluded && has_content && clause.is_filler;
        self.open = !clause.excluded && !is_filler && !clause.quoted;
        let is_same = |other: &Clause| other.words == clause.words && other.quoted == clause.quoted;
        if clause.excluded {
            self.excluded.push(clause);
        } else if is_filler {
            self.fillers.extend(clause.words);
        } else if !self.included.iter().any(is_same) {
            self.included.push(clause);
        }
    }

    /// Strictness levels to try, the strictest first.
    pub(super) fn levels(&self) -> impl Iterator<Item = Strictness> {
        let fewest = if self.facts.is_empty() { 2 } else { 1 };
        let spare = self.required().count() >= fewest && self.required().any(|clause| !clause.quoted);
        let prefix = self.open.then_some(Strictness::LastWordPrefix);
        let half = self.required().filter(|clause| !clause.quoted).count() >= MIN_HALVED_WORDS;
        let weaker = [spare.then_some(Strictness::AllButOne), half.then_some(Strictness::Half)];
        [Some(Strictness::All), prefix].into_iter().chain(weaker).flatten()
    }

    /// Clauses that a listing must match.
    fn required(&self) -> impl Iterator<Item = &Clause> {
        self.included.iter().filter(|clause| !self.is_hint(clause))
    }

    /// Whether no clause is required with this strictness, so that a listing must match at least one of the facts.
    pub(super) fn is_only_facts(&self, strictness: Strictness) -> bool {
        let can_spare = |clause: &Clause| strictness.spares_words() && !clause.quoted;
        !self.facts.is_empty() && self.required().count() < 2 && self.required().all(can_spare)
    }

    /// Whether a clause only raises the rank of listings that match it.
    pub(super) fn is_hint(&self, clause: &Clause) -> bool {
        let is_alone = self.facts.is_empty() && self.included.iter().all(|clause| has_only(clause, is_hint));
        has_only(clause, is_hint) && !is_alone
    }

    /// Each required word in its folded form, with the query without it.
    pub(super) fn without_each(&self) -> impl Iterator<Item = (String, Self)> {
        let spared = self.included.iter().filter(|clause| !clause.quoted && !self.is_hint(clause));
        spared.filter(|_| self.included.len() + self.facts.len() > 1).take(MAX_SPARED_WORDS).map(|clause| {
            let words: Vec<&str> = clause.words.iter().map(|word| word.folded.as_str()).collect();
            let rest = self.included.iter().filter(|other| *other != clause).cloned().collect();
            let none = Self { excluded: self.excluded.clone(), fillers: self.fillers.clone(), ..Self::default() };
            (words.join(" "), Self { included: rest, facts: self.facts.clone(), ..none })
        })
    }

    /// Whether the clause at this index is the last one, and may become longer.
    pub(super) fn is_open(&self, index: usize) -> bool {
        self.open && index + 1 == self.included.len()
    }

    /// Consecutive clauses, including the one at this index, that may form one name.
    pub(super) fn spans(&self, index: usize) -> impl Iterator<Item = &[Clause]> {
        let starts = index.saturating_sub(MAX_NAME_CLAUSES - 1)..=index;
        let spans = starts.flat_map(move |start| (index + 1..=start + MAX_NAME_CLAUSES).map(move |end| start..end));
        let spans = spans.filter_map(|span| self.included.get(span));
        spans.filter(|span| span.iter().all(|clause| !clause.quoted))
    }
}

impl Strictness {
    /// Whether a listing may lack some of the words.
    pub(super) fn spares_words(self) -> bool {
        matches!(self, Self::AllButOne | Self::Half)
    }

    /// How many of so many words that may be missing must be there.
    pub(super) fn least(self, words: usize) -> usize {
        match self {
            Self::All | Self::LastWordPrefix => words,
            Self::AllButOne => words.saturating_sub(1),
            Self::Half => words / 2,
        }
    }
}

/// Code of a course as it is compared: "CS 101" and "cs-101" are the same. Empty if the text is too short or too long
/// for a code.
pub fn code_key(text: &str) -> String {
    let code: String = fold(text).chars().filter(|c| c.is_alphanumeric()).take(MAX_CODE_CHARS + 1).collect();
    if (MIN_CODE_CHARS..=MAX_CODE_CHARS).contains(&code.chars().count()) { code } else { String::new() }
}

/// Words of a name as one text, in the form in which whole names are compared.
pub(super) fn name_key(name: &str) -> String {
    words(name).iter().map(|word| word.folded.as_str()).collect::<Vec<_>>().join(" ")
}

/// Whether a clause is not quoted and has only words of this kind.
fn has_only(clause: &Clause, is_of_kind: fn(&str) -> bool) -> bool {
    !clause.quoted && clause.words.iter().all(|word| is_of_kind(&word.folded))
}
