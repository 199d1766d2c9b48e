//! Parsed search text: what is required, what is excluded, and how strictly. Does not belong here: how the index is
//! queried.

use super::language::{Clause, parse};
use super::stop_words::{is_hint, is_stop_word};
use crate::error::Result;

/// Maximum number of consecutive clauses that may form one name.
const MAX_NAME_CLAUSES: usize = 4;
/// Maximum number of words that are dropped in turn, to count the matches without each.
const MAX_SPARED_WORDS: usize = 8;

/// How strictly a text is matched. Each step is taken only if the one before finds no listing at all, regardless of the
/// filter: a filter must not change the meaning of the text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Strictness {
    /// All clauses.
    #[default]
    All,
    /// All clauses, with the last word as a prefix.
    LastWordPrefix,
    /// All words but any one. Phrases stay required.
    AllButOne,
}

/// Parsed search text.
#[derive(Clone, Debug)]
pub(super) struct TextQuery {
    /// Required clauses, without duplicates.
    pub(super) included: Vec<Clause>,
    /// Excluded clauses.
    pub(super) excluded: Vec<Clause>,
    /// Whether the last clause may still be in the course of being typed.
    open: bool,
}

impl TextQuery {
    /// Parses a text; `None` if it has no word to search by.
    pub(super) fn of(text: &str) -> Result<Option<Self>> {
        let clauses = parse(text)?;
        let has_content = clauses.iter().any(|clause| !clause.excluded && !has_only(clause, is_stop_word));
        let mut text_query = Self { included: Vec::new(), excluded: Vec::new(), open: false };
        for clause in clauses {
            let included = !(clause.excluded || has_content && has_only(&clause, is_stop_word));
            text_query.open = included && !clause.quoted;
            if clause.excluded {
                text_query.excluded.push(clause);
            } else if included && !text_query.included.contains(&clause) {
                text_query.included.push(clause);
            }
        }
        Ok((text_query.included.len() + text_query.excluded.len() > 0).then_some(text_query))
    }

    /// Strictness levels to try, the strictest first.
    pub(super) fn levels(&self) -> impl Iterator<Item = Strictness> {
        let required = || self.included.iter().filter(|clause| !self.is_hint(clause));
        let spare = required().count() > 1 && required().any(|clause| !clause.quoted);
        let prefix = self.open.then_some(Strictness::LastWordPrefix);
        [Some(Strictness::All), prefix, spare.then_some(Strictness::AllButOne)].into_iter().flatten()
    }

    /// Whether a clause only raises the rank of listings that match it.
    pub(super) fn is_hint(&self, clause: &Clause) -> bool {
        has_only(clause, is_hint) && !self.included.iter().all(|clause| has_only(clause, is_hint))
    }

    /// Each required word in its folded form, with the query without it.
    pub(super) fn without_each(&self) -> impl Iterator<Item = (String, Self)> {
        let spared = self.included.iter().filter(|clause| !clause.quoted && !self.is_hint(clause));
        spared.filter(|_| self.included.len() > 1).take(MAX_SPARED_WORDS).map(|clause| {
            let words: Vec<&str> = clause.words.iter().map(|word| word.folded.as_str()).collect();
            let rest = self.included.iter().filter(|other| *other != clause).cloned().collect();
            (words.join(" "), Self { included: rest, excluded: self.excluded.clone(), open: false })
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

/// Whether a clause is not quoted and has only words of this kind.
fn has_only(clause: &Clause, is_of_kind: fn(&str) -> bool) -> bool {
    !clause.quoted && clause.words.iter().all(|word| is_of_kind(&word.folded))
}
