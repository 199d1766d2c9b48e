//! Words of English that do not say what is searched for. Few on purpose: a word that is passed over can no longer be
//! searched for beside others. What must not go in: names of anything.

/// Function words, and three that nearly every listing is about.
const STOP_WORDS: &str = "a about an and any are as at be but by can do for from get how i if in into is it its me my no not of \
    on or our should some such that the their then there these they this to was we what where which who why will with \
    you your course courses learn";

/// Words that say for whom or how, rather than what: those who write them want the rest without them too.
const HINT_WORDS: &str =
    "beginner beginners class classes free intro introduction introductory online training tutorial tutorials";

/// Whether a folded word is passed over where another one stands beside it.
pub(super) fn is_stop_word(word: &str) -> bool {
    STOP_WORDS.split_ascii_whitespace().any(|filler| filler == word)
}

/// Whether a folded word is not insisted on where another one stands beside it.
pub(super) fn is_hint(word: &str) -> bool {
    HINT_WORDS.split_ascii_whitespace().any(|hint| hint == word)
}
