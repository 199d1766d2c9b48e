//! Stems of words in the languages of the listings. English and Russian endings are ignored in every listing; a listing
//! in another language also has the stems of that language, marked with its tag, so that `es:car` is none of the English
//! word. Does not belong here: which languages a search text may be in.

use rustc_hash::FxHashSet;
use tantivy::tokenizer::{
    AsciiFoldingFilter, Language, PreTokenizedString, RawTokenizer, Stemmer, TextAnalyzer, Token,
};

use super::scripts::is_unspaced;
use super::tokenizer::{QUERY_TOKENIZER, WRITTEN_TOKENIZER, Word, WordTokenizer};
use crate::folding::fold;

/// Maximum number of languages in which a listing is analysed.
const MAX_LANGUAGES: usize = 3;
/// Words of this many bytes or more have no stem, as they are not indexed.
const MAX_WORD_BYTES: usize = 64;
/// Least number of letters of each part of a compound.
const MIN_PART_CHARS: usize = 3;

/// Language with a stemmer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct StemLanguage {
    /// Primary subtag, ISO 639-1.
    pub(super) tag: &'static str,
    /// Whether it writes compounds as one word.
    pub(super) has_compounds: bool,
    algorithm: Language,
    alphabet: Alphabet,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Alphabet {
    Latin,
    Greek,
    Arabic,
    Tamil,
}

const fn latin(tag: &'static str, algorithm: Language) -> StemLanguage {
    StemLanguage { tag, has_compounds: false, algorithm, alphabet: Alphabet::Latin }
}

const fn compounding(tag: &'static str, algorithm: Language) -> StemLanguage {
    StemLanguage { has_compounds: true, ..latin(tag, algorithm) }
}

/// All languages with a stemmer, apart from English and Russian.
pub(super) const STEM_LANGUAGES: [StemLanguage; 16] = [
    StemLanguage { alphabet: Alphabet::Arabic, ..latin("ar", Language::Arabic) },
    compounding("da", Language::Danish),
    compounding("de", Language::German),
    StemLanguage { alphabet: Alphabet::Greek, ..latin("el", Language::Greek) },
    latin("es", Language::Spanish),
    compounding("fi", Language::Finnish),
    latin("fr", Language::French),
    latin("hu", Language::Hungarian),
    latin("it", Language::Italian),
    compounding("nl", Language::Dutch),
    compounding("no", Language::Norwegian),
    latin("pt", Language::Portuguese),
    latin("ro", Language::Romanian),
    compounding("sv", Language::Swedish),
    StemLanguage { alphabet: Alphabet::Tamil, ..latin("ta", Language::Tamil) },
    latin("tr", Language::Turkish),
];

/// Last parts of compounds by which courses are named. A compound with one of them is found by each of its parts.
const LAST_PARTS: &str = "analyse ausbildung bearbeitung beratung design entwicklung fortbildung fuhrung gestaltung \
    informatik kunde kunst kurs kurse lehrgang management marketing medizin pflege planung programmierung recht \
    schulung seminar sicherheit sprache studium technik training unterricht verwaltung weiterbildung wirtschaft \
    wissenschaft workshop cursus opleiding ontwikkeling beheer kursus uddannelse udvikling ledelse utbildning \
    utveckling ledning utdanning utvikling";

/// Last parts that say nothing about the subject of a course.
const COURSE_WORDS: &str = "cursus kurs kurse kursen kurses kursus kurssi lehrgang schulung seminar seminare training \
    unterricht workshop";

/// Endings of a trade and of those who have it, by language: who looks for the one finds the other.
const TRADE_ENDINGS: [(&str, &[&str], &[&str]); 6] = [
    ("de", &["erei"], &["er", "erin"]),
    ("es", &["ería", "eria"], &["ero", "era"]),
    ("fr", &["erie"], &["ier", "ière", "er", "ère"]),
    ("it", &["eria"], &["iere", "iera", "ere"]),
    ("nl", &["erij"], &["er", "ster"]),
    ("pt", &["aria", "eria"], &["eiro", "eira"]),
];
/// Least number of letters before such an ending.
const MIN_TRADE_CHARS: usize = 4;

/// Primary subtag under which the listings of a language are found.
pub(super) fn primary_subtag(tag: &str) -> &str {
    match tag.split('-').next().unwrap_or(tag) {
        "nb" | "nn" => "no",
        primary => primary,
    }
}

/// Languages in which a listing is analysed, by the tags that it states and the letters of its texts.
pub(super) fn languages_of(tags: &[String], texts: &[String]) -> Vec<StemLanguage> {
    let mut languages: Vec<StemLanguage> = Vec::new();
    let stated = tags.iter().flat_map(|tag| STEM_LANGUAGES.into_iter().find(|it| it.tag == primary_subtag(tag)));
    let is_written = |language: &StemLanguage| {
        language.alphabet != Alphabet::Latin && texts.iter().any(|text| text.contains(|c| language.alphabet.has(c)))
    };
    for language in stated.chain(STEM_LANGUAGES.into_iter().filter(is_written)) {
        if languages.len() < MAX_LANGUAGES && !languages.contains(&language) {
            languages.push(language);
        }
    }
    languages
}

impl StemLanguage {
    /// Tokens of a text of a listing: the stems of its words and of the parts of its compounds.
    pub(super) fn index_tokens(&self, text: &str) -> PreTokenizedString {
        let mut tokens = Vec::new();
        for (token, forms) in self.stemmed(text) {
            let parts = if self.has_compounds { self.parts(&token.text) } else { Vec::new() };
            let mut forms: Vec<String> = forms.into_iter().chain(parts).collect();
            forms.sort();
            forms.dedup();
            tokens.extend(forms.into_iter().map(|text| Token { text, ..token.clone() }));
        }
        PreTokenizedString { text: String::new(), tokens }
    }

    /// Stems of a word of a query, marked with the tag: one of it as typed, one without accents, and those of the trade
    /// that it belongs to.
    pub(super) fn stems(&self, word: &Word) -> Vec<String> {
        if !self.writes(&word.folded) {
            return Vec::new();
        }
        let mut stems = vec![self.stem(&word.folded)];
        if word.written != word.folded {
            stems.insert(0, self.stem(&word.written));
        }
        stems.extend(self.trade(&word.written).iter().map(|word| self.stem(word)));
        // The first is that of the word as typed.
        let mut seen = FxHashSet::default();
        stems.retain(|stem| seen.insert(stem.clone()));
        stems
    }

    /// Words for those who have the trade that a word names, or for the trade of those whom it names.
    fn trade(&self, word: &str) -> Vec<String> {
        let endings = TRADE_ENDINGS.iter().find(|(tag, ..)| *tag == self.tag);
        let Some((_, trades, people)) = endings else { return Vec::new() };
        let root = |endings: &[&str]| {
            let longest = endings.iter().filter(|ending| word.ends_with(**ending)).max_by_key(|ending| ending.len())?;
            let root = word.strip_suffix(longest)?;
            root.chars().nth(MIN_TRADE_CHARS - 1).map(|_| root)
        };
        let (root, others) = match (root(trades), root(people)) {
            (Some(root), _) => (root, people),
            (None, Some(root)) => (root, trades),
            (None, None) => return Vec::new(),
        };
        others.iter().map(|ending| format!("{root}{ending}")).collect()
    }

    /// Marked stem of a word.
    fn stem(&self, word: &str) -> String {
        let analyser = TextAnalyzer::builder(RawTokenizer::default()).filter(Stemmer::new(self.algorithm));
        let stem = tokens(analyser.filter(AsciiFoldingFilter).build(), word).into_iter().next();
        self.marked(&fold(&stem.map(|token| token.text).unwrap_or_default()))
    }

    /// Folded words of this language's letters, each with its marked stems.
    fn stemmed(&self, text: &str) -> Vec<(Token, Vec<String>)> {
        let words = tokens(TextAnalyzer::builder(QUERY_TOKENIZER).filter(AsciiFoldingFilter).build(), text);
        let written = tokens(self.stemmer(WRITTEN_TOKENIZER), text).into_iter().map(|token| token.text);
        let folded = tokens(self.stemmer(QUERY_TOKENIZER), text).into_iter().map(|token| token.text);
        let stems = written.zip(folded).map(|(written, folded)| {
            let written = fold(&written);
            if written == folded {
                vec![self.marked(&folded)]
            } else {
                vec![self.marked(&written), self.marked(&folded)]
            }
        });
        words.into_iter().zip(stems).filter(|(word, _)| self.writes(&word.text)).collect()
    }

    fn stemmer(&self, tokenizer: WordTokenizer) -> TextAnalyzer {
        let folded = TextAnalyzer::builder(tokenizer);
        // Accents tell endings apart, so they are folded after the stemmer.
        folded.filter(Stemmer::new(self.algorithm)).filter(AsciiFoldingFilter).build()
    }

    fn marked(&self, stem: &str) -> String {
        format!("{}:{stem}", self.tag)
    }

    /// Whether a folded word may be of this language.
    fn writes(&self, word: &str) -> bool {
        word.len() < MAX_WORD_BYTES && word.starts_with(|c| self.alphabet.has(c))
    }

    /// Marked stems of the two parts of a folded compound.
    fn parts(&self, word: &str) -> Vec<String> {
        let ends = |last: &&str| word.len() > last.len() && word.ends_with(*last);
        let Some(last) = LAST_PARTS.split_ascii_whitespace().filter(ends).max_by_key(|last| last.len()) else {
            return Vec::new();
        };
        let first = word.strip_suffix(last).unwrap_or_default();
        if first.chars().count() < MIN_PART_CHARS {
            return Vec::new();
        }
        [first, last].into_iter().filter(|part| !is_course_word(part)).map(|part| self.stem(part)).collect()
    }
}

/// Whether the last part of a compound says nothing about the subject of a course.
pub(super) fn is_course_word(part: &str) -> bool {
    COURSE_WORDS.split_ascii_whitespace().any(|word| word == part)
}

fn tokens(mut analyser: TextAnalyzer, text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    analyser.token_stream(text).process(&mut |token| tokens.push(token.clone()));
    tokens
}

impl Alphabet {
    fn has(self, c: char) -> bool {
        match self {
            Self::Latin => c.is_alphabetic() && c < '\u{370}' && !is_unspaced(c),
            Self::Greek => matches!(c, '\u{370}'..='\u{3FF}' | '\u{1F00}'..='\u{1FFF}'),
            Self::Arabic => matches!(c, '\u{600}'..='\u{6FF}' | '\u{750}'..='\u{77F}'),
            Self::Tamil => matches!(c, '\u{B80}'..='\u{BFF}'),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tokenizer::words;
    use super::*;

    fn language(tag: &str) -> StemLanguage {
        STEM_LANGUAGES.into_iter().find(|language| language.tag == tag).unwrap()
    }

    /// Whether a query of one word finds a listing with another.
    fn finds(tag: &str, query: &str, listing: &str) -> bool {
        let listed = language(tag).index_tokens(listing).tokens;
        let stems = language(tag).stems(words(query).first().unwrap());
        stems.iter().any(|stem| listed.iter().any(|token| token.text == *stem))
    }

    #[test]
    fn endings_of_every_language_are_ignored() {
        for (tag, query, listing) in [
            ("de", "Datenbank", "Datenbanken und SQL"),
            ("de", "nahen", "Nähen lernen"),
            ("fr", "développeurs", "Devenez développeur"),
            ("fr", "developpeurs", "développeur"),
            ("es", "programadores", "Programador Java"),
            ("pt", "projeto", "Gestão de projetos"),
            ("it", "corsi", "un corso"),
            ("nl", "ontwikkelaars", "Ontwikkelaar"),
            ("sv", "språken", "språk"),
            ("da", "sprogene", "sprog"),
            ("no", "språkene", "språk"),
            ("fi", "kurssit", "kurssi"),
            ("hu", "könyvek", "könyv"),
            ("ro", "cursurile", "cursuri"),
            ("tr", "dilleri", "diller"),
            ("el", "γλώσσες", "γλώσσα"),
            ("ar", "المبرمجين", "مبرمج"),
            ("ta", "பாடங்கள்", "பாடம்"),
        ] {
            assert!(finds(tag, query, listing), "{tag}: {query}");
        }
        assert!(!finds("es", "care", "Datos"));
    }

    #[test]
    fn a_trade_is_found_by_those_who_have_it_and_the_other_way() {
        for (tag, query, listing) in [
            ("fr", "pâtisserie", "CAP Pâtissier en un an"),
            ("fr", "patisserie", "Devenir pâtissière"),
            ("fr", "boulanger", "CAP Boulangerie"),
            ("fr", "menuiserie", "Menuisier"),
            ("es", "panadería", "Curso de panadero"),
            ("es", "carpintero", "Carpintería"),
            ("pt", "confeitaria", "Confeiteiro profissional"),
            ("pt", "marceneiro", "Marcenaria"),
            ("it", "pasticceria", "Diventare pasticciere"),
            ("de", "Schreinerei", "Schreiner werden"),
            ("de", "Töpfer", "Die Töpferei"),
            ("nl", "bakkerij", "Bakker worden"),
        ] {
            assert!(finds(tag, query, listing), "{tag}: {query}");
        }
        for (tag, query, listing) in [
            ("es", "materia", "Matero"),
            ("fr", "chanter", "Chantier naval"),
            ("es", "primero", "primario"),
            ("de", "Ober", "Oberei"),
        ] {
            assert!(!finds(tag, query, listing), "{tag}: {query}");
        }
    }

    #[test]
    fn compounds_are_found_by_their_parts() {
        for (query, listing) in [
            ("Nähen", "Nähkurs"),
            ("Töpfern", "Töpferkurse"),
            ("Entwicklung", "Webentwicklung"),
            ("Gesundheit", "Gesundheitsmanagement"),
        ] {
            assert!(finds("de", query, listing), "{query}");
        }
        assert!(!finds("de", "Kurs", "Nähkurs"), "every listing is a course");
        assert!(!finds("fr", "Entwicklung", "Webentwicklung"));
    }

    #[test]
    fn listings_are_analysed_in_their_languages() {
        let tags = |tags: &[&str], text: &str| {
            let tags: Vec<String> = tags.iter().map(|tag| (*tag).to_owned()).collect();
            languages_of(&tags, &[text.to_owned()]).iter().map(|language| language.tag).collect::<Vec<_>>()
        };
        assert_eq!(tags(&["de-AT", "en", "nb"], "Text"), ["de", "no"]);
        assert_eq!(tags(&["en"], "Ελληνικά"), ["el"]);
        assert_eq!(tags(&[], "Text"), [""; 0]);
    }
}
