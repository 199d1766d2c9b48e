//! Cursors: the sort key and id of an item, and the name of the list in its order, so that a cursor of another list or
//! order is told apart. Opaque to clients.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

use crate::error::{AppError, Result};

/// A value that a list is sorted by.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Key {
    /// The item states no value: it comes last.
    Absent,
    /// A whole number.
    Number(i64),
    /// A text.
    Text(String),
}

/// The place of an item in a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Cursor {
    /// The list and its order, e.g. `courses:PRICE:ASC:USD`.
    pub list: String,
    /// What the item is sorted by.
    pub key: Key,
    /// Its row, which breaks ties.
    pub id: i64,
}

impl Cursor {
    /// As clients see it.
    pub fn encode(&self) -> String {
        let parts = (&self.list, &self.key, self.id);
        BASE64_URL_SAFE_NO_PAD.encode(serde_json::to_vec(&parts).unwrap_or_default())
    }

    /// A cursor of this list, as a client sends it back in `argument`.
    pub fn decode(argument: &str, list: &str, text: &str) -> Result<Self> {
        Self::parse(text).filter(|cursor| cursor.list == list).ok_or_else(|| wrong(argument))
    }

    /// A cursor of any order of this list, or of any list where none is given.
    pub fn read(argument: &str, list: Option<&str>, text: &str) -> Result<Self> {
        let is_of = |cursor: &Cursor| list.is_none_or(|list| cursor.list.split(':').next() == Some(list));
        Self::parse(text).filter(is_of).ok_or_else(|| wrong(argument))
    }

    fn parse(text: &str) -> Option<Self> {
        let bytes = (text.len() <= 4_096).then(|| BASE64_URL_SAFE_NO_PAD.decode(text).ok())??;
        let (list, key, id): (String, Key, i64) = serde_json::from_slice(&bytes).ok()?;
        Some(Cursor { list, key, id })
    }
}

fn wrong(argument: &str) -> AppError {
    AppError::input(argument, "is not a cursor of this list in this order")
}
