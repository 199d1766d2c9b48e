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

/// Letters of a piece with their combining marks and offsets.
pub(super) fn letters(piece: &str) -> Vec<(usize, &str)> {
    let begins = |(_, c): &(usize, char)| c.is_alphanumeric();
    let starts: Vec<usize> = piece.char_indices().filter(begins).map(|(at, _)| at).collect();
    let ends = starts.iter().skip(1).copied().chain([piece.len()]);
    starts.iter().zip(ends).filter_map(|(from, to)| Some((*from, piece.get(*from..to)?))).collect()
}
