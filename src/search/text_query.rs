//! What a search text comes to: what is wanted, what is not, and how much of it is insisted on. What must not go in: how the
//! index is asked.

use super::language::{Clause, parse};
use super::stop_words::{is_hint, is_stop_word};
use crate::error::Result;

/// Things wanted one after the other that may be one name.
const MAX_NAME_CLAUSES: usize = 4;
/// Words that are left out in turn at most, to see what there is without each.
const MAX_SPARED_WORDS: usize = 8;

/// How strictly a text is matched. Each step is taken only where the one before finds no listing at all, whatever the
/// filter: a filter must not change what the text means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Strictness {
    /// All that it wants.
    #[default]
    All,
    /// The same, its last word being the beginning of one.
    LastWordPrefix,
    /// All but one of its words, whichever. Phrases stay.
    AllButOne,
}

/// Parsed search text.
#[derive(Clone, Debug)]
pub(super) struct TextQuery {
    /// What is wanted, each thing once.
    pub(super) included: Vec<Clause>,
    /// What is not.
    pub(super) excluded: Vec<Clause>,
    /// Whether the last thing wanted may still be in the course of being typed.
    open: bool,
}

impl TextQuery {
    /// What a text asks for; `None` where it has no word to search by.
    pub(super) fn of(text: &str) -> Result<Option<Self>> {
        let clauses = parse(text)?;
        let has_content = clauses.iter().any(|clause| !clause.excluded && !is_stop_word_clause(clause));
        let mut text_query = Self { included: Vec::new(), excluded: Vec::new(), open: false };
        for clause in clauses {
            let included = !(clause.excluded || has_content && is_stop_word_clause(&clause));
            text_query.open = included && !clause.quoted;
            if clause.excluded {
                text_query.excluded.push(clause);
            } else if included && !text_query.included.contains(&clause) {
                text_query.included.push(clause);
            }
        }
        Ok((text_query.included.len() + text_query.excluded.len() > 0).then_some(text_query))
    }

    /// The steps to be taken, the strictest first.
    pub(super) fn levels(&self) -> impl Iterator<Item = Strictness> {
        let required = || self.included.iter().filter(|clause| !self.is_hint(clause));
        let spare = required().count() > 1 && required().any(|clause| !clause.quoted);
        let prefix = self.open.then_some(Strictness::LastWordPrefix);
        [Some(Strictness::All), prefix, spare.then_some(Strictness::AllButOne)].into_iter().flatten()
    }

    /// Whether something wanted only moves those up that have it.
    pub(super) fn is_hint(&self, clause: &Clause) -> bool {
        is_hint_clause(clause) && !self.included.iter().all(is_hint_clause)
    }

    /// Each of the words that are insisted on, as it is compared, with what is asked for without it.
    pub(super) fn without_each(&self) -> impl Iterator<Item = (String, Self)> {
        let spared = self.included.iter().filter(|clause| !clause.quoted && !self.is_hint(clause));
        spared.filter(|_| self.included.len() > 1).take(MAX_SPARED_WORDS).map(|clause| {
            let words: Vec<&str> = clause.words.iter().map(|word| word.folded.as_str()).collect();
            let rest = self.included.iter().filter(|other| *other != clause).cloned().collect();
            (words.join(" "), Self { included: rest, excluded: self.excluded.clone(), open: false })
        })
    }

    /// Whether the thing wanted at this place is the last one, and may become longer.
    pub(super) fn is_open(&self, index: usize) -> bool {
        self.open && index + 1 == self.included.len()
    }

    /// The things wanted one after the other, that at this place among them, which may be one name.
    pub(super) fn spans(&self, index: usize) -> impl Iterator<Item = &[Clause]> {
        let starts = index.saturating_sub(MAX_NAME_CLAUSES - 1)..=index;
        let spans = starts.flat_map(move |start| (index + 1..=start + MAX_NAME_CLAUSES).map(move |end| start..end));
        let spans = spans.filter_map(|span| self.included.get(span));
        spans.filter(|span| span.iter().all(|clause| !clause.quoted))
    }
}

/// Whether something says nothing by itself, and is passed over where something else does.
fn is_stop_word_clause(clause: &Clause) -> bool {
    !clause.quoted && clause.words.iter().all(|word| is_stop_word(&word.folded))
}

fn is_hint_clause(clause: &Clause) -> bool {
    !clause.quoted && clause.words.iter().all(|word| is_hint(&word.folded))
}
