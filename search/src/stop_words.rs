//! Words that do not tell what is searched for. Deliberately few, and none that is a word of another language: beside
//! others, such a word only raises listings that are named with it. Does not belong here: names of anything.

/// Function words, and words that are true of nearly every listing.
const STOP_WORDS: &str = "a about an and any are as at be but by can do for from get how i if in into is it its me my no not of \
    on or our should some such that the their then there these they this to was we what where which who why will with \
    you your course courses learn \
    best want become any teach teaches using use without good \
    das der ein eine im kurs kurse lernen und von zum zur wie ich ohne fur werden \
    curso cursos cours como aprender para puedo una de comment apprendre devenir le les des \
    без в для и из как курс курса курсов курсы к на о об от по с что научиться 课程 学习 講座 コース 강의";

/// Function words that are also names: information technology, the Roman number one, "no code".
const NAMES: &str = "i it no";

/// Words that say for whom or how, rather than what: users want the other results without them too.
const HINT_WORDS: &str = "beginner beginners class classes free intro introduction introductory online training tutorial tutorials \
    язык языка языке языки языков языком языку";

/// Whether a folded word is ignored if there is another one.
pub(super) fn is_stop_word(word: &str) -> bool {
    STOP_WORDS.split_ascii_whitespace().any(|filler| filler == word)
}

/// Whether a folded word is optional if there is another one.
pub(super) fn is_hint(word: &str) -> bool {
    HINT_WORDS.split_ascii_whitespace().any(|hint| hint == word)
}

/// Whether a stop word is also a name, by which listings are told apart.
pub(super) fn is_name(word: &str) -> bool {
    NAMES.split_ascii_whitespace().any(|name| name == word)
}
