//! What the keys of a field of a mapping can say.

use std::collections::BTreeMap;

use serde::Deserialize;

/// One name or several.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum OneOrMore {
    One(String),
    Many(Vec<String>),
}

impl Default for OneOrMore {
    fn default() -> Self {
        OneOrMore::Many(Vec::new())
    }
}

impl OneOrMore {
    pub(super) fn all(&self) -> &[String] {
        match self {
            OneOrMore::One(name) => std::slice::from_ref(name),
            OneOrMore::Many(names) => names,
        }
    }
}

/// What happens to an item that is not in `values`.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Fallback {
    /// The row is rejected.
    #[default]
    Refuse,
    /// The item stays as it is.
    Keep,
    /// The item is left out.
    Drop,
}

/// What to extract from a text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Extract {
    /// The whole text.
    #[default]
    Text,
    /// Its only number.
    Number,
    /// Its one or two numbers.
    Range,
    /// Its only number, with a currency.
    Money,
    /// A duration with units.
    Duration,
    /// A date in one of the formats.
    Date,
    /// A yes or no.
    Boolean,
    /// A language, by name or tag.
    Language,
    /// The text of HTML.
    Html,
    /// The whole text, parsed as JSON.
    Json,
}

/// How to create what does not exist.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Create {
    /// Kind of the new thing. Subjects have none.
    pub kind: Option<String>,
    /// Kinds of particular names, which override `kind`.
    #[serde(default)]
    pub kinds: BTreeMap<String, String>,
}
