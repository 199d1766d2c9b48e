//! Text as people type it: compared and sorted the same way on both databases.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Folds accents and case, for comparing and sorting names.
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let plain = text.nfkd().filter(|c| !is_combining_mark(*c));
    plain.flat_map(char::to_lowercase).flat_map(|c| if c == 'ß' { "ss".chars().collect() } else { vec![c] }).collect()
}
