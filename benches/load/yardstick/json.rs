//! JSON written by hand: straight into the bytes of the answer.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use chrono::{DateTime, SecondsFormat, Utc};
use serde::Serialize;

/// Between the parts of one thing in a list that SQL has put together, and between the things.
pub const PART: char = '\u{1f}';
/// Between the things.
pub const THING: char = '\u{1e}';

/// The members of the set of formats.
pub const FORMATS: [&str; 4] = ["IN_PERSON", "LIVE_ONLINE", "SELF_PACED", "HYBRID"];

/// An answer while it is written.
pub struct Json(pub Vec<u8>);

impl Json {
    /// Room for a usual answer.
    pub fn new() -> Self {
        Self(Vec::with_capacity(8 * 1024))
    }

    /// Text as it is.
    pub fn raw(&mut self, text: &str) -> &mut Self {
        self.0.extend_from_slice(text.as_bytes());
        self
    }

    /// A value: quoted, escaped, null where it is none.
    pub fn value<T: Serialize + ?Sized>(&mut self, value: &T) -> &mut Self {
        serde_json::to_writer(&mut self.0, value).unwrap();
        self
    }

    /// A word that needs no escaping.
    pub fn word(&mut self, word: &str) -> &mut Self {
        self.raw("\"").raw(word).raw("\"")
    }

    /// The same, null where it is none.
    pub fn word_or_null(&mut self, word: Option<&str>) -> &mut Self {
        match word {
            Some(word) => self.word(word),
            None => self.raw("null"),
        }
    }

    /// A global id.
    pub fn id(&mut self, kind: &str, id: i64) -> &mut Self {
        let id = BASE64_URL_SAFE_NO_PAD.encode(format!("{kind}:{id}"));
        self.word(&id)
    }

    /// A moment.
    pub fn moment(&mut self, moment: DateTime<Utc>) -> &mut Self {
        self.word(&moment.to_rfc3339_opts(SecondsFormat::AutoSi, true))
    }

    /// Members of a set that is stored as a mask.
    pub fn set(&mut self, mask: i32, members: &[&str]) -> &mut Self {
        let members = members.iter().enumerate().filter(|(place, _)| mask & (1 << place) != 0);
        self.list(members, |json, (_, member)| {
            json.word(member);
        })
    }

    /// A list.
    pub fn list<T>(&mut self, things: impl IntoIterator<Item = T>, mut write: impl FnMut(&mut Self, T)) -> &mut Self {
        self.raw("[");
        for (place, thing) in things.into_iter().enumerate() {
            if place > 0 {
                self.raw(",");
            }
            write(self, thing);
        }
        self.raw("]")
    }

    /// Objects with these keys, out of a list that SQL has put together; none of the values needs escaping but `name`.
    pub fn objects(&mut self, packed: Option<&str>, keys: &[&str]) -> &mut Self {
        let things = packed.into_iter().flat_map(|packed| packed.split(THING));
        self.list(things, |json, thing| {
            for (place, (key, part)) in keys.iter().zip(thing.split(PART)).enumerate() {
                json.raw(if place == 0 { "{\"" } else { ",\"" }).raw(key).raw("\":").value(part);
            }
            json.raw("}");
        })
    }

    /// `ratings { count average }`.
    pub fn ratings(&mut self, count: i32, sum: i32) -> &mut Self {
        let average = (count > 0).then(|| f64::from(sum) / f64::from(count));
        self.raw("{\"count\":").value(&count).raw(",\"average\":").value(&average).raw("}")
    }

    /// `price { amount currency }`: what taking the course costs, once.
    pub fn price(&mut self, price: &Price<'_>) -> &mut Self {
        let Some((minor, currency)) = price.once() else { return self.raw("null") };
        let amount = format!("{}.{:02}", minor / 100, minor % 100);
        self.raw("{\"amount\":").word(&amount).raw(",\"currency\":").word(currency).raw("}")
    }
}

/// The columns that a price follows from.
pub struct Price<'a> {
    pub category: Option<&'a str>,
    pub per: Option<&'a str>,
    pub minor: Option<i64>,
    pub currency: Option<&'a str>,
}

impl<'a> Price<'a> {
    /// What taking the course costs, once; none where it is not stated or a subscription.
    pub fn once(&self) -> Option<(i64, &'a str)> {
        match (self.category, self.per) {
            (Some("FREE"), _) => Some((0, self.currency.unwrap_or("USD"))),
            (Some("SUBSCRIPTION"), _) | (_, Some("MONTH" | "YEAR")) => None,
            _ => Some((self.minor?, self.currency?)),
        }
    }
}
