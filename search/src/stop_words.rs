//! Words that do not tell what is searched for. Deliberately few, and none that is a word of another language: beside
//! others, such a word only raises listings that are named with it. Does not belong here: names of anything, and longer
//! lists of function words, which apply to texts of their language alone.

use std::sync::OnceLock;

use rustc_hash::FxHashMap;

use super::tokenizer::{Word, words};

/// Function words, and words that are true of nearly every listing, by language.
const STOP_WORDS: [(&str, &str); 21] = [
    (
        "en",
        "a about an and any are as at be but by can do for from get how i if in into is it its me my no not of on or \
        our should some such that the their then there these they this to was we what where which who why will with \
        you your course courses learn best want become teach teaches using use without good need better find looking \
        take make never have has more when does make am",
    ),
    (
        "de",
        "das der ein eine einen einem einer im kurs kurse kursen kurses lernen lerne und von zum zur wie ich ohne fur \
        werden auf suche lehrgang lehrgange",
    ),
    ("fr", "cours comment apprendre devenir le les des une du pour avec je suivre"),
    ("es", "curso cursos como aprender para puedo una quiero ser del"),
    ("pt", "curso cursos aula aulas como aprender para uma quero das"),
    ("it", "corso corsi come imparare per della"),
    ("nl", "cursus cursussen leren een voor het met"),
    ("sv", "kurs kurser lara och att"),
    ("da", "kursus kurser laere og"),
    ("no", "kurs laere og"),
    ("fi", "kurssi kurssit kursseja"),
    ("pl", "kurs kursy kursow jak dla nauka"),
    ("tr", "kurs kursu kurslari icin nasil ve"),
    ("cs", "kurz kurzy"),
    ("ro", "curs cursuri pentru"),
    (
        "ru",
        "без в для и из как курс курса курсу курсом курсе курсы курсов курсам курсами курсах к на о об от по с что \
        научиться учиться выучить изучить изучать стать хочу уроки уроков",
    ),
    ("uk", "курс курси курсів для як та"),
    ("ar", "دورة دورات كورس كورسات تعلم"),
    (
        "ja",
        "コース 講座 講習 教室 レッスン クラス 研修 スクール 授業 学習 学ぶ 学びたい 習う 習いたい 勉強 勉強する 勉強したい \
        の を に で が は と へ も や から まで ための について する したい できる 方法 なる なりたい 受けたい",
    ),
    (
        "zh",
        "课程 课 课堂 班 培训班 培训 教程 学 学习 我想 我想学 想学 我想学习 如何 怎么 怎样 怎么学 如何学习 的 和 与 在 吗 課程 學習 班級",
    ),
    ("ko", "강의 강좌 과정 수업 코스 클래스 학습 배우기 배우다 배우고 싶어요 공부 공부하기 하는 방법"),
];

/// Function words that are also names: information technology, the Roman number one, "no code".
const NAMES: &str = "i it no";

/// Words that say for whom or how, rather than what: users want the other results without them too.
const HINT_WORDS: &str = "beginner beginners class classes free intro introduction introductory online training \
    tutorial tutorials cheap affordable gunstig gunstige barato barata certification certifications certified schulung schulungen seminar seminare weiterbildung \
    weiterbildungen fortbildung fortbildungen formation formations formacion formacao corsi обучение язык языка языке \
    языки языков языком языку";

/// Words of scripts without spaces that say nothing about the subject at the end of a text, with those that do not at
/// its beginning.
const UNSPACED_ENDS: &str = "课程 课 班 培训 培训班 培训课程 教程 的 課程 講座 コース 教室 レッスン スクール クラス 研修 講習 강의 강좌 수업 과정 코스";
/// See `UNSPACED_ENDS`.
const UNSPACED_STARTS: &str = "学习 我想学 我想学习 想学 怎么学 如何学习 怎样学习 如何 怎么 怎样 的 學習";

/// Languages of each stop word, by its folded words joined by spaces.
fn stop_words() -> &'static FxHashMap<String, Vec<&'static str>> {
    static STOP: OnceLock<FxHashMap<String, Vec<&'static str>>> = OnceLock::new();
    STOP.get_or_init(|| {
        let mut found: FxHashMap<String, Vec<&'static str>> = FxHashMap::default();
        for (language, list) in STOP_WORDS {
            for word in list.split_ascii_whitespace() {
                found.entry(key(&words(word))).or_default().push(language);
            }
        }
        found
    })
}

fn key(words: &[Word]) -> String {
    words.iter().map(|word| word.folded.as_str()).collect::<Vec<_>>().join(" ")
}

/// Whether a folded word is ignored if there is another one.
pub(super) fn is_stop_word(word: &str) -> bool {
    stop_words().contains_key(word)
}

/// Whether the words of a clause are ignored if there is another one.
pub(super) fn are_stop_words(words: &[Word]) -> bool {
    stop_words().contains_key(&key(words)) || words.iter().all(|word| is_stop_word(&word.folded))
}

/// Languages in which a folded word is a stop word.
pub(super) fn languages_of_stop_word(word: &str) -> &'static [&'static str] {
    stop_words().get(word).map(Vec::as_slice).unwrap_or_default()
}

/// Whether a folded word is optional if there is another one.
pub(super) fn is_hint(word: &str) -> bool {
    HINT_WORDS.split_ascii_whitespace().any(|hint| hint == word)
}

/// Whether a stop word is also a name, by which listings are told apart.
pub(super) fn is_name(word: &str) -> bool {
    NAMES.split_ascii_whitespace().any(|name| name == word)
}

/// Length of the longest word that says nothing about the subject at the end of a text without spaces.
pub(super) fn ending_length(text: &str) -> usize {
    longest(UNSPACED_ENDS.split_ascii_whitespace().filter(|word| text.ends_with(word)))
}

/// The same at its beginning.
pub(super) fn beginning_length(text: &str) -> usize {
    longest(UNSPACED_STARTS.split_ascii_whitespace().filter(|word| text.starts_with(word)))
}

fn longest<'w>(words: impl Iterator<Item = &'w str>) -> usize {
    words.map(str::len).max().unwrap_or_default()
}
