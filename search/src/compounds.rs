//! Parts of compounds that no listing may contain as one word: `Töpferkurs`, `데이터분석`. Does not belong here: compounds
//! of listings.

use super::language::Clause;
use super::scripts::{is_unspaced, letters};
use super::stems::{StemLanguage, is_course_word};
use super::text::QueryBuilder;
use super::tokenizer::{Word, words};
use crate::error::Result;

/// Maximum number of positions at which a compound is taken apart.
const MAX_COMPOUNDS: usize = 4;
/// Least number of letters of a part, and of a part in a script without spaces.
const MIN_PART_CHARS: usize = 3;
/// See `MIN_PART_CHARS`.
const MIN_UNSPACED_CHARS: usize = 2;
/// Least number of letters of a first part that is the beginning of a word.
const MIN_BEGINNING_CHARS: usize = 4;
/// A word in more listings than this is no compound to take apart.
const COMMON_WORD_LISTINGS: usize = 20;
/// Letters that may join the parts of a compound.
const JOINTS: [&str; 6] = ["", "s", "n", "en", "es", "er"];

impl QueryBuilder<'_> {
    /// Parts of a clause that is a compound of two words of the catalogue. A listing with all parts matches.
    pub(super) fn compound_parts(&self, clause: &Clause) -> Result<Vec<Vec<Vec<Word>>>> {
        match clause.words.as_slice() {
            [word] => self.parts_of_word(word),
            words if words.iter().all(|word| word.folded.starts_with(is_unspaced)) => self.unspaced_parts(clause),
            _ => Ok(Vec::new()),
        }
    }

    fn parts_of_word(&self, word: &Word) -> Result<Vec<Vec<Vec<Word>>>> {
        let mut found = Vec::new();
        let mut languages = self.reader.languages()?.of_word(self.reader, word)?;
        languages.retain(|language| language.has_compounds);
        let most = COMMON_WORD_LISTINGS + 1;
        if languages.is_empty() || self.vocabulary().count(self.reader.fields.vocabulary, &word.folded, most)? == most {
            return Ok(found);
        }
        for (at, _) in word.written.char_indices().skip(MIN_PART_CHARS) {
            let Some((first, last)) = word.written.split_at_checked(at) else { continue };
            if last.chars().count() < MIN_PART_CHARS || found.len() == MAX_COMPOUNDS {
                break;
            }
            let (first, last) = (self.first_part(first, &languages)?, words(last));
            let says_nothing = last.iter().all(|word| is_course_word(&word.folded));
            match first {
                Some(first) if says_nothing => found.push(vec![first]),
                Some(first) if self.is_part(&last, &languages)? => found.push(vec![first, last]),
                None if says_nothing => found.extend(self.longer_words(&word.written, at)?),
                Some(_) | None => {}
            }
        }
        Ok(found)
    }

    /// Words that begin with the first part of a compound: `Fotokurs` is one on `Fotografie`.
    fn longer_words(&self, word: &str, end: usize) -> Result<Vec<Vec<Vec<Word>>>> {
        let first = word.get(..end).filter(|first| first.chars().count() >= MIN_BEGINNING_CHARS);
        let first = words(first.unwrap_or_default()).into_iter().next();
        let longer = first.map(|first| self.vocabulary().completions(&first.folded)).transpose()?.unwrap_or_default();
        Ok(longer.iter().take(MAX_COMPOUNDS).map(|word| vec![words(word)]).collect())
    }

    /// The first part of a compound as a word of the catalogue, without the letters that join it to the last.
    fn first_part(&self, part: &str, languages: &[StemLanguage]) -> Result<Option<Vec<Word>>> {
        let candidates = JOINTS.iter().filter_map(|joint| part.strip_suffix(joint));
        for part in candidates.filter(|part| part.chars().count() >= MIN_PART_CHARS) {
            let part = words(part);
            if self.is_part(&part, languages)? {
                return Ok(Some(part));
            }
        }
        Ok(None)
    }

    fn is_part(&self, part: &[Word], languages: &[StemLanguage]) -> Result<bool> {
        let [word] = part else { return Ok(false) };
        Ok(self.vocabulary().has(&word.folded)? || self.has_stem(word, languages)?)
    }

    /// Parts of a text without spaces that is in no listing: the rest without its first or its last letter, and halves.
    fn unspaced_parts(&self, clause: &Clause) -> Result<Vec<Vec<Vec<Word>>>> {
        let mut found = Vec::new();
        let edges = [clause.words.split_first(), clause.words.split_last()].into_iter().flatten();
        for (edge, rest) in edges.filter(|(_, rest)| !rest.is_empty()) {
            if !self.vocabulary().has(&edge.folded)? && self.are_all_known(rest.iter())? {
                found.push(vec![rest.to_vec()]);
            }
        }
        let starts: Vec<usize> = letters(&clause.written).iter().map(|letter| letter.from).collect();
        let inner = starts.len().saturating_sub(MIN_UNSPACED_CHARS);
        for at in starts.get(MIN_UNSPACED_CHARS..inner + 1).into_iter().flatten() {
            let Some((first, last)) = clause.written.split_at_checked(*at) else { continue };
            let parts = [words(first), words(last)];
            if found.len() < MAX_COMPOUNDS && self.are_all_known(parts.iter().flatten())? {
                found.push(parts.to_vec());
            }
        }
        Ok(found)
    }

    fn are_all_known<'w>(&self, words: impl Iterator<Item = &'w Word>) -> Result<bool> {
        for word in words {
            if !self.vocabulary().has(&word.folded)? {
                return Ok(false);
            }
        }
        Ok(true)
    }
}
