//! Language tags, and the names by which people write languages.

use std::collections::HashMap;
use std::sync::LazyLock;

use language_tags::LanguageTag;
use search::folding::fold;

/// Maximum length of a language tag in characters.
const MAX_TAG_CHARS: usize = 35;

/// Language tag in canonical form. `None` if it is not valid BCP 47: each of its subtags must be registered.
pub fn language(tag: &str) -> Option<String> {
    let tag = LanguageTag::parse(tag).ok().filter(LanguageTag::is_valid)?;
    (tag.as_str().len() <= MAX_TAG_CHARS).then(|| tag.into_string())
}

/// Tag of the language with this name, in English or in the language itself, regardless of case and accents.
pub fn tag_of_name(name: &str) -> Option<&'static str> {
    TAGS.get(&fold(name.trim())).copied()
}

/// Tags by folded name.
static TAGS: LazyLock<HashMap<String, &'static str>> =
    LazyLock::new(|| NAMES.iter().flat_map(|(tag, names)| names.split('|').map(|name| (fold(name), *tag))).collect());

/// Names of languages in English and in the language itself.
const NAMES: [(&str, &str); 67] = [
    ("af", "Afrikaans"),
    ("am", "Amharic|አማርኛ"),
    ("ar", "Arabic|العربية|اللغة العربية"),
    ("az", "Azerbaijani|azərbaycan dili"),
    ("be", "Belarusian|беларуская"),
    ("bg", "Bulgarian|български"),
    ("bn", "Bengali|Bangla|বাংলা"),
    ("bs", "Bosnian|bosanski"),
    ("ca", "Catalan|català"),
    ("cs", "Czech|čeština"),
    ("cy", "Welsh|Cymraeg"),
    ("da", "Danish|dansk"),
    ("de", "German|Deutsch"),
    ("el", "Greek|Ελληνικά"),
    ("en", "English"),
    ("es", "Spanish|español|castellano"),
    ("et", "Estonian|eesti"),
    ("eu", "Basque|euskara"),
    ("fa", "Persian|Farsi|فارسی"),
    ("fi", "Finnish|suomi"),
    ("fil", "Filipino"),
    ("fr", "French|français"),
    ("ga", "Irish|Gaeilge"),
    ("gl", "Galician|galego"),
    ("gu", "Gujarati|ગુજરાતી"),
    ("he", "Hebrew|עברית"),
    ("hi", "Hindi|हिन्दी|हिंदी"),
    ("hr", "Croatian|hrvatski"),
    ("hu", "Hungarian|magyar"),
    ("hy", "Armenian|հայերեն"),
    ("id", "Indonesian|Bahasa Indonesia"),
    ("is", "Icelandic|íslenska"),
    ("it", "Italian|italiano"),
    ("ja", "Japanese|日本語"),
    ("ka", "Georgian|ქართული"),
    ("kk", "Kazakh|қазақ тілі"),
    ("km", "Khmer|ខ្មែរ"),
    ("kn", "Kannada|ಕನ್ನಡ"),
    ("ko", "Korean|한국어"),
    ("lt", "Lithuanian|lietuvių"),
    ("lv", "Latvian|latviešu"),
    ("mk", "Macedonian|македонски"),
    ("ml", "Malayalam|മലയാളം"),
    ("mn", "Mongolian|монгол"),
    ("mr", "Marathi|मराठी"),
    ("ms", "Malay|Bahasa Melayu"),
    ("nb", "Norwegian Bokmål|norsk bokmål"),
    ("nl", "Dutch|Nederlands"),
    ("no", "Norwegian|norsk"),
    ("pa", "Punjabi|ਪੰਜਾਬੀ"),
    ("pl", "Polish|polski"),
    ("pt", "Portuguese|português"),
    ("ro", "Romanian|română"),
    ("ru", "Russian|русский"),
    ("sk", "Slovak|slovenčina"),
    ("sl", "Slovenian|Slovene|slovenščina"),
    ("sq", "Albanian|shqip"),
    ("sr", "Serbian|српски|srpski"),
    ("sv", "Swedish|svenska"),
    ("sw", "Swahili|Kiswahili"),
    ("ta", "Tamil|தமிழ்"),
    ("te", "Telugu|తెలుగు"),
    ("th", "Thai|ไทย"),
    ("tr", "Turkish|Türkçe"),
    ("uk", "Ukrainian|українська"),
    ("vi", "Vietnamese|Tiếng Việt"),
    ("zh", "Chinese|中文"),
];
