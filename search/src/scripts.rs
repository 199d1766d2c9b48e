//! Scripts without spaces between words. Finding word boundaries would need a dictionary. Instead every two adjacent
//! letters count as a word, which finds everything that was typed and a little more. Does not belong here: scripts with
//! spaces.

/// Whether a letter belongs to such a script: Chinese, Japanese, Korean (whose words include their particles), Thai,
/// Lao, Burmese, Khmer.
pub(super) fn is_unspaced(c: char) -> bool {
    matches!(c,
        '\u{0E00}'..='\u{0EFF}' // Thai, Lao
        | '\u{1000}'..='\u{109F}' // Burmese
        | '\u{1100}'..='\u{11FF}' // Korean, taken apart by folding
        | '\u{1780}'..='\u{17FF}' // Khmer
        | '\u{3005}'..='\u{3007}' | '\u{3040}'..='\u{31FF}' // kana, Korean letters
        | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' // Chinese
        | '\u{AC00}'..='\u{D7FF}' // Korean
        | '\u{FF66}'..='\u{FFDC}' // narrow kana and Korean letters
        | '\u{20000}'..='\u{3FFFF}' // rare Chinese
    )
}

/// Splits a run of letters into pieces of one kind of script each, with their offsets. Combining characters belong to
/// the letter before them.
pub(super) fn pieces(run: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut from = 0;
    std::iter::from_fn(move || {
        let rest = run.get(from..).filter(|rest| !rest.is_empty())?;
        let unspaced = rest.chars().next().is_some_and(is_unspaced);
        let ends = |c: char| c.is_alphanumeric() && is_unspaced(c) != unspaced;
        let piece = rest.split(ends).next().filter(|piece| !piece.is_empty()).unwrap_or(rest);
        let at = from;
        from += piece.len();
        Some((at, piece))
    })
}

/// Letter of a piece.
#[derive(Clone, Copy, Debug)]
pub(super) struct Letter<'a> {
    /// Offset of its beginning.
    pub(super) from: usize,
    /// Offset of its end, with marks that are ignored.
    pub(super) to: usize,
    /// The letter with its combining marks.
    pub(super) text: &'a str,
}

/// Least number of letters before a long vowel mark that is ignored at the end of a word: サーバー is サーバ, but キー is
/// a word of its own.
const MIN_LETTERS_BEFORE_MARK: usize = 2;

/// Letters of a piece. A narrow voicing mark belongs to the letter before it.
pub(super) fn letters(piece: &str) -> Vec<Letter<'_>> {
    let begins = |(_, c): &(usize, char)| c.is_alphanumeric() && !matches!(c, '\u{FF9E}' | '\u{FF9F}');
    let starts: Vec<usize> = piece.char_indices().filter(begins).map(|(at, _)| at).collect();
    let ends = starts.iter().skip(1).copied().chain([piece.len()]);
    let mut letters: Vec<Letter<'_>> = Vec::with_capacity(starts.len());
    let mut katakana = 0;
    for (from, to) in starts.iter().copied().zip(ends) {
        let Some(text) = piece.get(from..to) else { continue };
        let ends_word = !piece.get(to..).is_some_and(|rest| rest.starts_with(is_katakana));
        match letters.last_mut() {
            Some(last) if is_long_mark(text) && ends_word && katakana >= MIN_LETTERS_BEFORE_MARK => last.to = to,
            Some(_) | None => letters.push(Letter { from, to, text }),
        }
        katakana = if text.starts_with(is_katakana) { katakana + 1 } else { 0 };
    }
    letters
}

/// Whether a letter only marks a long vowel in katakana.
fn is_long_mark(letter: &str) -> bool {
    matches!(letter, "ー" | "ｰ")
}

/// Whether a letter is katakana.
pub(super) fn is_katakana(c: char) -> bool {
    matches!(c, '\u{30A1}'..='\u{30FF}' | '\u{FF66}'..='\u{FF9D}')
}
