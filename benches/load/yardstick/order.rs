//! Orders of the list: an indexed expression, its value in a cursor, and Lectern's cursors, since the responses must be
//! equal to the byte.

use search::paging::cursor::{Cursor, Key};
use serde::Deserialize;

use super::card::Card;

/// Order of the list.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Hash)]
pub enum Order {
    Rating,
    Price,
    Title,
}

/// Key that a page begins after, besides the ID.
pub enum After {
    Score(f64),
    Price(i64),
    Title(String),
}

/// Negated score, so that every order is ascending and a row value is its bound. Courses without reviews come last.
pub const SCORE: &str = "case when k.count = 0 then 1 else -(cast(35 + k.stars1 + 2 * k.stars2 + 3 * k.stars3 + \
    4 * k.stars4 + 5 * k.stars5 as double precision) / (10 + k.count)) end";
/// One-time price of a course in dollars. Courses without one come last.
pub const PRICE: &str = "case when c.pricing_category = 'FREE' and coalesce(c.price_currency, \
    c.certificate_price_currency, 'USD') = 'USD' then 0 when c.pricing_category in ('FREE', 'SUBSCRIPTION') or \
    c.price_per in ('MONTH', 'YEAR') or c.price is null or c.price_currency <> 'USD' then 9223372036854775807 \
    else c.price end";

impl Order {
    /// Tables up to the first condition, the key, and the ID. The ID is from the table of the key, so that one index
    /// has both.
    pub fn sql(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Order::Rating => ("course_rating k cross join course c where c.id = k.course_id and", SCORE, "k.course_id"),
            Order::Price => ("course c where", PRICE, "c.id"),
            Order::Title => ("course c where", "lower(c.title)", "c.id"),
        }
    }

    /// Name of the list in Lectern's cursors.
    fn list(self) -> &'static str {
        match self {
            Order::Rating => "courses:Rating:DESC:",
            Order::Price => "courses:Price(\"USD\"):ASC:",
            Order::Title => "courses:Title:ASC:",
        }
    }

    /// Cursor of a course.
    pub fn cursor(self, card: &Card<'_>) -> String {
        let key = match self {
            Order::Rating => score(card).map_or(Key::Absent, |score| number(!rank(score.to_bits()))),
            Order::Price => dollars(card).map_or(Key::Absent, |price| number(rank(price as u64))),
            Order::Title => Key::Text(card.title.to_ascii_lowercase()),
        };
        Cursor { list: self.list().to_owned(), key, id: card.id }.encode()
    }

    /// Bound of a cursor.
    pub fn after(self, cursor: &str) -> (After, i64) {
        let Ok(Cursor { key, id, .. }) = Cursor::decode("after", self.list(), cursor) else { panic!("no cursor") };
        let after = match (self, key) {
            (Order::Rating, Key::Number(rank)) => After::Score(-f64::from_bits(value(!bits(rank)))),
            (Order::Rating, Key::Absent | Key::Text(_)) => After::Score(1.0),
            (Order::Price, Key::Number(rank)) => After::Price(value(bits(rank)) as i64),
            (Order::Price, Key::Absent | Key::Text(_)) => After::Price(i64::MAX),
            (Order::Title, Key::Text(title)) => After::Title(title),
            (Order::Title, Key::Absent | Key::Number(_)) => After::Title(String::new()),
        };
        (after, id)
    }
}

fn score(card: &Card<'_>) -> Option<f64> {
    let (count, stars) = (f64::from(card.reviews), f64::from(card.stars));
    (card.reviews > 0).then(|| (35.0 + stars) / (10.0 + count))
}

fn dollars(card: &Card<'_>) -> Option<i64> {
    let (minor, currency) = card.price().once()?;
    (currency == "USD").then_some(minor)
}

/// Maps both kinds of numbers, none of them negative here, to the order of unsigned integers.
fn rank(bits: u64) -> u64 {
    bits ^ (1 << 63)
}

fn value(rank: u64) -> u64 {
    rank ^ (1 << 63)
}

fn number(rank: u64) -> Key {
    Key::Number(i64::from_ne_bytes(rank.to_ne_bytes()))
}

fn bits(rank: i64) -> u64 {
    u64::from_ne_bytes(rank.to_ne_bytes())
}
