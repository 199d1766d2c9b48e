//! Numbers in a search text: groups of thousands, and decimals after either separator. Versions, ranges and what looks
//! like a date are none. Does not belong here: what a number counts.

use unicode_normalization::UnicodeNormalization;

use crate::scripts::is_unspaced;
use crate::tokenizer::Word;

/// Ten thousand in Chinese and Japanese, after a number.
pub(crate) const TEN_THOUSAND: (&str, i64) = ("万", 10_000);
const PERCENT: char = '%';
/// Maximum number of digits of decimals: cents.
const MAX_DECIMALS: usize = 2;

/// Word of a text with what stands beside it.
#[derive(Clone, Copy)]
pub(crate) struct TextWord<'a> {
    pub(crate) word: &'a Word,
    /// Currency whose sign stands beside it.
    pub(crate) currency: Option<&'static str>,
    /// Sign between its digits and those that follow.
    pub(crate) gap: Option<char>,
}

impl TextWord<'_> {
    /// Whether it is the beginning of a number, a version or a range that goes on in the next word.
    pub(crate) fn joins_digits(&self) -> bool {
        self.gap.is_some_and(|gap| gap != ' ' && gap != PERCENT)
    }
}

/// Number with at most two decimals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Number {
    hundredths: i64,
    /// Whether it is written as digits alone.
    pub(crate) is_plain: bool,
}

impl Number {
    /// The number, if it has no decimals.
    pub(crate) fn whole(self) -> Option<i64> {
        (self.hundredths % 100 == 0).then_some(self.hundredths / 100)
    }

    /// Whether it looks like a price even if it is small: 5, 10, 9.99.
    pub(crate) fn is_usual_price(self) -> bool {
        self.hundredths % 500 == 0 || self.hundredths % 10 == 9
    }

    /// The number without its decimals.
    pub(crate) fn floor(self) -> i64 {
        self.hundredths / 100
    }
}

impl From<i32> for Number {
    fn from(whole: i32) -> Self {
        Self { hundredths: i64::from(whole) * 100, is_plain: true }
    }
}

impl std::fmt::Display for Number {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.whole() {
            Some(whole) => write!(f, "{whole}"),
            None => write!(f, "{}.{:02}", self.hundredths / 100, self.hundredths % 100),
        }
    }
}

/// Number that these words begin with, and how many words it takes.
pub(crate) fn number(words: &[TextWord<'_>]) -> Option<(usize, Number)> {
    let first = digits(words.first()?)?;
    let (groups, grouped_by) = groups(words, first);
    let mut length = 1 + groups.len();
    let digits_of_whole = first.to_owned() + &groups.concat();
    let decimals = decimals(words, length, grouped_by);
    length += usize::from(decimals.is_some());
    if is_continued(words, length) {
        return None;
    }
    let whole: i64 = digits_of_whole.parse().ok()?;
    let cents: i64 = format!("{:0<2}", decimals.unwrap_or_default()).parse().ok()?;
    let mut hundredths = whole.checked_mul(100)?.checked_add(cents)?;
    let (unit, factor) = TEN_THOUSAND;
    if words.get(length).is_some_and(|next| next.word.folded == unit) {
        hundredths = hundredths.checked_mul(factor)?;
        length += 1;
    }
    Some((length, Number { hundredths, is_plain: length == 1 }))
}

/// Groups of three digits after the first ones, and the sign between them.
fn groups<'w>(words: &[TextWord<'w>], first: &str) -> (Vec<&'w str>, Option<char>) {
    let by = words.first().and_then(|word| word.gap).filter(|gap| matches!(gap, ' ' | '\'' | '.' | ','));
    let has_groups = by.is_some() && first.len() <= 3 && !first.starts_with('0');
    let (mut groups, mut before) = (Vec::new(), words.first());
    for word in words.iter().skip(1).filter(|_| has_groups) {
        let group = digits(word).filter(|group| group.len() == 3 && before.is_some_and(|before| before.gap == by));
        let Some(group) = group else { break };
        groups.push(group);
        before = Some(word);
    }
    let by = by.filter(|_| !groups.is_empty());
    (groups, by)
}

/// Decimals after so many words. A sign between thousands cannot stand before decimals too.
fn decimals<'w>(words: &[TextWord<'w>], length: usize, grouped_by: Option<char>) -> Option<&'w str> {
    let gap = words.get(length.checked_sub(1)?)?.gap;
    let is_separator = matches!(gap, Some('.' | ',')) && gap != grouped_by;
    let decimals = digits(words.get(length)?).filter(|_| is_separator)?;
    (decimals.len() <= MAX_DECIMALS).then_some(decimals)
}

/// Whether more digits follow directly after so many words, as in a version, a range or a date, or a percent sign.
fn is_continued(words: &[TextWord<'_>], length: usize) -> bool {
    let last = length.checked_sub(1).and_then(|last| words.get(last));
    let gap = last.and_then(|last| last.gap);
    last.is_some_and(TextWord::joins_digits) || gap == Some(PERCENT)
}

fn digits<'w>(word: &TextWord<'w>) -> Option<&'w str> {
    let text = word.word.folded.as_str();
    text.bytes().all(|c| c.is_ascii_digit()).then_some(text)
}

/// For each word of a text, the sign between its digits and the digits that follow, or a percent sign. Spaces of any width are one sign, and
/// so are apostrophes.
pub(crate) fn gaps<'w>(text: &str, words: impl Iterator<Item = &'w Word>) -> Vec<Option<char>> {
    let is_number = |word: &Word| word.folded.bytes().all(|c| c.is_ascii_digit());
    let words: Vec<bool> = words.map(is_number).collect();
    let gaps = gaps_of_text(text);
    // Digits that are written in another way than those of the words tell nothing.
    let is_known = gaps.len() == words.iter().filter(|is_number| **is_number).count();
    let mut gaps = gaps.into_iter().filter(|_| is_known);
    words.into_iter().map(|is_number| if is_number { gaps.next().flatten() } else { None }).collect()
}

/// The signs after all runs of digits that are no part of a word.
fn gaps_of_text(text: &str) -> Vec<Option<char>> {
    let is_wide = |c: char| matches!(c, '\u{FF01}'..='\u{FFEF}');
    let usual = |c: char| if is_wide(c) { c.nfkc().collect() } else { c.to_string() };
    let chars: Vec<char> = text.chars().flat_map(|c| usual(c).chars().collect::<Vec<_>>()).collect();
    let is_letter = |c: Option<&char>| c.is_some_and(|c| c.is_alphanumeric() && !is_unspaced(*c));
    let (mut gaps, mut at) = (Vec::new(), 0);
    while at < chars.len() {
        let rest = chars.get(at..).unwrap_or_default();
        let length = rest.iter().take_while(|c| c.is_ascii_digit()).count();
        if length == 0 {
            at += 1;
            continue;
        }
        let before = at.checked_sub(1).and_then(|before| chars.get(before));
        if !is_letter(before) && !is_letter(rest.get(length)) {
            let is_followed = rest.get(length + 1).is_some_and(char::is_ascii_digit);
            let gap = rest.get(length).filter(|gap| is_followed || **gap == PERCENT);
            gaps.push(gap.map(|gap| sign(*gap)));
        }
        at += length;
    }
    gaps
}

fn sign(c: char) -> char {
    match c {
        c if c.is_whitespace() => ' ',
        '’' | 'ʼ' => '\'',
        c => c,
    }
}
