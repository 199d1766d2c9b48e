//! What a search text comes to: what is wanted, what is not, and how much of it is insisted on. What must not go in: how the
//! index is asked.

use super::fillers::{is_filler, is_hint};
use super::language::{Clause, parse};
use crate::error::Result;

/// Things wanted one after the other that may be one name.
const LONGEST_NAME: usize = 4;
/// Words that are left out in turn at most, to see what there is without each.
const MOST_SPARED: usize = 8;

/// How much of a text is insisted on. Each step is taken only where the one before finds no listing at all, whatever the
/// filter: a filter must not change what the text means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Step {
    /// All that it wants.
    #[default]
    All,
    /// The same, its last word being the beginning of one.
    Begun,
    /// All but one of its words, whichever. Phrases stay.
    AllButOne,
}

/// What a text asks for.
#[derive(Clone, Debug)]
pub(super) struct Question {
    /// What is wanted, each thing once.
    pub(super) wanted: Vec<Clause>,
    /// What is not.
    pub(super) excluded: Vec<Clause>,
    /// Whether the last thing wanted may still be in the course of being typed.
    open: bool,
}

impl Question {
    /// What a text asks for; `None` where it has no word to search by.
    pub(super) fn of(text: &str) -> Result<Option<Self>> {
        let clauses = parse(text)?;
        let says = clauses.iter().any(|clause| !clause.excluded && !is_passed_over(clause));
        let mut question = Self { wanted: Vec::new(), excluded: Vec::new(), open: false };
        for clause in clauses {
            let wanted = !(clause.excluded || says && is_passed_over(&clause));
            question.open = wanted && !clause.quoted;
            if clause.excluded {
                question.excluded.push(clause);
            } else if wanted && !question.wanted.contains(&clause) {
                question.wanted.push(clause);
            }
        }
        Ok((question.wanted.len() + question.excluded.len() > 0).then_some(question))
    }

    /// The steps to be taken, the strictest first.
    pub(super) fn steps(&self) -> impl Iterator<Item = Step> {
        let insisted = || self.wanted.iter().filter(|clause| !self.is_hint(clause));
        let spare = insisted().count() > 1 && insisted().any(|clause| !clause.quoted);
        let begun = self.open.then_some(Step::Begun);
        [Some(Step::All), begun, spare.then_some(Step::AllButOne)].into_iter().flatten()
    }

    /// Whether something wanted only moves those up that have it.
    pub(super) fn is_hint(&self, clause: &Clause) -> bool {
        says_how(clause) && !self.wanted.iter().all(says_how)
    }

    /// Each of the words that are insisted on, as it is compared, with what is asked for without it.
    pub(super) fn without_each(&self) -> impl Iterator<Item = (String, Self)> {
        let spared = self.wanted.iter().filter(|clause| !clause.quoted && !self.is_hint(clause));
        spared.filter(|_| self.wanted.len() > 1).take(MOST_SPARED).map(|clause| {
            let words: Vec<&str> = clause.words.iter().map(|word| word.folded.as_str()).collect();
            let rest = self.wanted.iter().filter(|other| *other != clause).cloned().collect();
            (words.join(" "), Self { wanted: rest, excluded: self.excluded.clone(), open: false })
        })
    }

    /// Whether the thing wanted at this place is the last one, and may become longer.
    pub(super) fn is_open(&self, place: usize) -> bool {
        self.open && place + 1 == self.wanted.len()
    }

    /// The things wanted one after the other, that at this place among them, which may be one name.
    pub(super) fn spans(&self, place: usize) -> impl Iterator<Item = &[Clause]> {
        let starts = place.saturating_sub(LONGEST_NAME - 1)..=place;
        let spans = starts.flat_map(move |start| (place + 1..=start + LONGEST_NAME).map(move |end| start..end));
        let spans = spans.filter_map(|span| self.wanted.get(span));
        spans.filter(|span| span.iter().all(|clause| !clause.quoted))
    }
}

/// Whether something says nothing by itself, and is passed over where something else does.
fn is_passed_over(clause: &Clause) -> bool {
    !clause.quoted && clause.words.iter().all(|word| is_filler(&word.folded))
}

fn says_how(clause: &Clause) -> bool {
    !clause.quoted && clause.words.iter().all(|word| is_hint(&word.folded))
}
