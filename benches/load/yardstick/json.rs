//! JSON written by hand, directly into the bytes of the response.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use chrono::{DateTime, SecondsFormat, Utc};
use serde::Serialize;

/// Separates the parts of one item in a list assembled by SQL.
pub const PART: char = '\u{1f}';
/// Separates the items.
pub const THING: char = '\u{1e}';

/// Members of the set of formats.
pub const FORMATS: [&str; 4] = ["IN_PERSON", "LIVE_ONLINE", "SELF_PACED", "HYBRID"];

/// Response being written.
pub struct Json(pub Vec<u8>);

impl Json {
    /// Allocates room for a typical response.
    pub fn new() -> Self {
        Self(Vec::with_capacity(8 * 1024))
    }

    /// Writes text unchanged.
    pub fn raw(&mut self, text: &str) -> &mut Self {
        self.0.extend_from_slice(text.as_bytes());
        self
    }

    /// Writes a value: quoted and escaped, or null.
    pub fn value<T: Serialize + ?Sized>(&mut self, value: &T) -> &mut Self {
        serde_json::to_writer(&mut self.0, value).unwrap();
        self
    }

    /// Writes a word that needs no escaping.
    pub fn word(&mut self, word: &str) -> &mut Self {
        self.raw("\"").raw(word).raw("\"")
    }

    /// Writes a word that needs no escaping, or null.
    pub fn word_or_null(&mut self, word: Option<&str>) -> &mut Self {
        match word {
            Some(word) => self.word(word),
            None => self.raw("null"),
        }
    }

    /// Writes a global ID.
    pub fn id(&mut self, kind: &str, id: i64) -> &mut Self {
        let id = BASE64_URL_SAFE_NO_PAD.encode(format!("{kind}:{id}"));
        self.word(&id)
    }

    /// Writes a time.
    pub fn moment(&mut self, moment: DateTime<Utc>) -> &mut Self {
        self.word(&moment.to_rfc3339_opts(SecondsFormat::AutoSi, true))
    }

    /// Writes the members of a set stored as a bit mask.
    pub fn set(&mut self, mask: i32, members: &[&str]) -> &mut Self {
        let members = members.iter().enumerate().filter(|(place, _)| mask & (1 << place) != 0);
        self.list(members, |json, (_, member)| {
            json.word(member);
        })
    }

    /// Writes a list.
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

    /// Writes objects with these keys from a list assembled by SQL. No value but `name` needs escaping.
    pub fn objects(&mut self, packed: Option<&str>, keys: &[&str]) -> &mut Self {
        let things = packed.into_iter().flat_map(|packed| packed.split(THING));
        self.list(things, |json, thing| {
            for (place, (key, part)) in keys.iter().zip(thing.split(PART)).enumerate() {
                json.raw(if place == 0 { "{\"" } else { ",\"" }).raw(key).raw("\":").value(part);
            }
            json.raw("}");
        })
    }

    /// Writes `ratings { count average }`.
    pub fn ratings(&mut self, count: i32, sum: i32) -> &mut Self {
        let average = (count > 0).then(|| f64::from(sum) / f64::from(count));
        self.raw("{\"count\":").value(&count).raw(",\"average\":").value(&average).raw("}")
    }

    /// Writes `price { amount currency }`: the one-time price of the course.
    pub fn price(&mut self, price: &Price<'_>) -> &mut Self {
        let Some((minor, currency)) = price.once() else { return self.raw("null") };
        let amount = format!("{}.{:02}", minor / 100, minor % 100);
        self.raw("{\"amount\":").word(&amount).raw(",\"currency\":").word(currency).raw("}")
    }
}

/// Columns that determine a price.
pub struct Price<'a> {
    pub category: Option<&'a str>,
    pub per: Option<&'a str>,
    pub minor: Option<i64>,
    pub currency: Option<&'a str>,
}

impl<'a> Price<'a> {
    /// One-time price of the course; `None` if it is not stated or a subscription.
    pub fn once(&self) -> Option<(i64, &'a str)> {
        match (self.category, self.per) {
            (Some("FREE"), _) => Some((0, self.currency.unwrap_or("USD"))),
            (Some("SUBSCRIPTION"), _) | (_, Some("MONTH" | "YEAR")) => None,
            _ => Some((self.minor?, self.currency?)),
        }
    }
}
