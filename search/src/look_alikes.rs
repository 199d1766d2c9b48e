//! Letters of different alphabets that look the same: a Cyrillic С in `С++` is meant as a Latin C. Does not belong here:
//! words of other languages.

/// Latin letters with the Cyrillic and Greek letters that look like them as capitals, all in lower case.
const LOOK_ALIKES: [(char, char, Option<char>); 15] = [
    ('a', 'а', Some('α')),
    ('b', 'в', Some('β')),
    ('c', 'с', None),
    ('e', 'е', Some('ε')),
    ('h', 'н', Some('η')),
    ('i', 'і', Some('ι')),
    ('j', 'ј', None),
    ('k', 'к', Some('κ')),
    ('m', 'м', Some('μ')),
    ('o', 'о', Some('ο')),
    ('p', 'р', Some('ρ')),
    ('s', 'ѕ', None),
    ('t', 'т', Some('τ')),
    ('x', 'х', Some('χ')),
    ('y', 'у', Some('υ')),
];

/// Latin form of a folded word that mixes look-alikes with Latin letters, digits or signs, such as `с++` or `1с`. `None`
/// for any other word: letters of one alphabet are a word of its language.
pub(super) fn in_latin(word: &str) -> Option<String> {
    let is_mixed = !word.is_ascii() && word.chars().any(|c| c.is_ascii());
    is_mixed.then(|| word.chars().map(latin).collect()).flatten()
}

/// The word that looks the same as a folded word of one alphabet: `php` for Cyrillic letters, and the other way round.
pub(super) fn look_alike(word: &str) -> Option<String> {
    let is_word = word.chars().nth(1).is_some() && word.chars().all(char::is_alphabetic);
    let other = if word.is_ascii() { cyrillic } else { latin };
    is_word.then(|| word.chars().map(other).collect()).flatten()
}

fn latin(c: char) -> Option<char> {
    let found = LOOK_ALIKES.iter().find(|(_, cyrillic, greek)| c == *cyrillic || Some(c) == *greek);
    found.map(|(latin, ..)| *latin).or_else(|| Some(c).filter(char::is_ascii))
}

fn cyrillic(c: char) -> Option<char> {
    LOOK_ALIKES.iter().find(|(latin, ..)| *latin == c).map(|(_, cyrillic, _)| *cyrillic)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_words_of_several_alphabets_are_latin() {
        for (word, expected) in [("с++", "c++"), ("1с", "1c"), ("сss", "css"), ("htмl", "html"), ("в2в", "b2b")] {
            assert_eq!(in_latin(word).as_deref(), Some(expected), "{word}");
        }
        for word in ["рост", "с", "3д", "web-дизайн", "css", "c++"] {
            assert_eq!(in_latin(word), None, "{word}");
        }
    }

    #[test]
    fn words_of_one_alphabet_have_a_look_alike() {
        assert_eq!(look_alike("рнр").as_deref(), Some("php"));
        assert_eq!(look_alike("php").as_deref(), Some("рнр"));
        assert_eq!(look_alike("react"), None, "there is no such letter as r");
        assert_eq!(look_alike("c"), None, "a single letter is a word of its own");
    }
}
