//! Detects confusable names by their skeletons: names without case, width, accents, spaces, punctuation and invisible
//! characters, with look-alike letters unified.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Returns the skeleton of a name. Names with the same skeleton look alike. The confusables are those of Unicode (UTS
/// 39).
pub fn skeleton(name: &str) -> String {
    // Before lowercasing too: a capital I looks like a small l, but a small i is not in the table.
    let wide = name.nfkc().collect::<String>();
    let alike: String = unicode_security::skeleton(&wide).collect();
    let lower: String = alike.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase).collect();
    let again: String = unicode_security::skeleton(&lower).flat_map(char::to_lowercase).collect();
    let plain: String = again.nfkd().filter(|c| c.is_alphanumeric()).map(one_stroke).collect();
    if plain.is_empty() { wide.trim().to_owned() } else { plain }
}

/// Unifies letters and digits of a single stroke, which upper and lower case would separate.
fn one_stroke(c: char) -> char {
    match c {
        'i' | '1' | '|' => 'l',
        '0' => 'o',
        c => c,
    }
}

#[cfg(test)]
mod tests {
    use super::skeleton;

    #[test]
    fn names_that_look_alike_have_one_skeleton() {
        let names = [
            "Acme Institute",
            "ACME INSTITUTE",
            "acme-institute",
            "Ａｃｍｅ　Ｉｎｓｔｉｔｕｔｅ",
            "Аcme Institute",
            "Acme\u{200b} Insti\u{ad}tute",
            "Acmé Institute",
            "Acme lnstitute",
            "Acme 1nstitute",
            "Αcme Ιnstitute",
            "A.C.M.E. Institute!",
        ];
        for name in names {
            assert_eq!(skeleton(name), skeleton("Acme Institute"), "{name}");
        }
    }

    #[test]
    fn other_names_have_another_one() {
        for name in ["Acme Institutes", "Acne Institute", "Institute Acme", "", "東京"] {
            assert_ne!(skeleton(name), skeleton("Acme Institute"), "{name}");
        }
        assert_ne!(skeleton("🦀"), skeleton("🐍"));
    }
}
