//! Validation of pagination arguments, the same for every list.

use super::cursor::Cursor;
use crate::error::{Error, Result};

/// Default page size.
pub const DEFAULT_SIZE: usize = 20;
/// Maximum page size.
pub const MAX_SIZE: usize = 100;

/// The arguments `first`, `after`, `last` and `before` as clients pass them.
#[derive(Clone, Debug, Default)]
pub struct PageArguments {
    /// Number of items from the start.
    pub first: Option<i32>,
    /// Cursor after which the page starts.
    pub after: Option<String>,
    /// Number of items from the end.
    pub last: Option<i32>,
    /// Cursor before which the page ends.
    pub before: Option<String>,
}

/// Validated page of a list.
#[derive(Clone, Debug)]
pub struct Page {
    /// Maximum number of items.
    pub limit: usize,
    /// Whether items are counted from the end.
    pub backward: bool,
    /// Cursor after which the page starts.
    pub after: Option<Cursor>,
    /// Cursor before which the page ends.
    pub before: Option<Cursor>,
}

impl PageArguments {
    /// Arguments for forward pagination only.
    pub fn forward(first: Option<i32>, after: Option<String>) -> Self {
        Self { first, after, ..Self::default() }
    }

    /// Validates the arguments. `list` names the list with its order.
    pub fn check(self, list: &str) -> Result<Page> {
        let backward = self.last.is_some();
        let limit = match (self.first, self.last) {
            (Some(_), Some(_)) => return Err(both()),
            (Some(first), None) => size("first", first)?,
            (None, Some(last)) => size("last", last)?,
            (None, None) => DEFAULT_SIZE,
        };
        let after = self.after.map(|text| Cursor::decode("after", list, &text)).transpose()?;
        let before = self.before.map(|text| Cursor::decode("before", list, &text)).transpose()?;
        Ok(Page { limit, backward, after, before })
    }
}

/// Error for a request with both `first` and `last`.
pub fn both() -> Error {
    Error::input("last", "cannot be combined with first; ask for one of them")
}

/// Validates the size of a page or of a bounded list.
pub fn size(argument: &str, size: i32) -> Result<usize> {
    size_up_to(argument, size, MAX_SIZE)
}

/// Validates the size of a list of at most `max` items.
pub fn size_up_to(argument: &str, size: i32, max: usize) -> Result<usize> {
    let fits = usize::try_from(size).ok().filter(|size| (1..=max).contains(size));
    fits.ok_or_else(|| Error::input(argument, format!("must be 1 to {max}")))
}
