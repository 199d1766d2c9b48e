//! Cursors: the sort key and row ID of an item, and the name of the list with its order, so that a cursor of another
//! list or order is rejected. Opaque to clients.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

/// Sort key of an item.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Key {
    /// The item states no value. It comes last.
    Absent,
    /// Integer key.
    Number(i64),
    /// Text key.
    Text(String),
}

/// Position of an item in a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Cursor {
    /// Name of the list with its order, e.g. `courses:PRICE:ASC:USD`.
    pub list: String,
    /// Sort key of the item.
    pub key: Key,
    /// Row ID of the item, which breaks ties.
    pub id: i64,
}

impl Cursor {
    /// Encodes the cursor for clients.
    pub fn encode(&self) -> String {
        let parts = (&self.list, &self.key, self.id);
        BASE64_URL_SAFE_NO_PAD.encode(serde_json::to_vec(&parts).unwrap_or_default())
    }

    /// Decodes a cursor of this list that a client passed in `argument`.
    pub fn decode(argument: &str, list: &str, text: &str) -> Result<Self> {
        Self::parse(text).filter(|cursor| cursor.list == list).ok_or_else(|| Self::rejected(argument))
    }

    /// Decodes a cursor of this list in any order, or of any list if none is given.
    pub fn read(argument: &str, list: Option<&str>, text: &str) -> Result<Self> {
        let is_of = |cursor: &Cursor| list.is_none_or(|list| cursor.list.split(':').next() == Some(list));
        Self::parse(text).filter(is_of).ok_or_else(|| Self::rejected(argument))
    }

    fn parse(text: &str) -> Option<Self> {
        let bytes = (text.len() <= 4_096).then(|| BASE64_URL_SAFE_NO_PAD.decode(text).ok())??;
        let (list, key, id): (String, Key, i64) = serde_json::from_slice(&bytes).ok()?;
        Some(Cursor { list, key, id })
    }
    /// Error for a cursor of another list or order.
    pub(crate) fn rejected(argument: &str) -> Error {
        Error::input(argument, "is not a cursor of this list in this order")
    }
}
