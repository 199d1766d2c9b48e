//! The page that a client asks for, checked once for every list.

use super::cursor::Cursor;
use crate::error::{AppError, Result};

/// Items on a page where nobody says how many.
pub const DEFAULT: usize = 20;
/// Items on a page at most.
pub const MOST: usize = 100;

/// `first`, `after`, `last` and `before` as they come in.
#[derive(Clone, Debug, Default)]
pub struct PageArguments {
    /// How many from the start.
    pub first: Option<i32>,
    /// Those after this cursor.
    pub after: Option<String>,
    /// How many from the end.
    pub last: Option<i32>,
    /// Those before this cursor.
    pub before: Option<String>,
}

/// A page to cut out of a list.
#[derive(Clone, Debug)]
pub struct Page {
    /// Items at most.
    pub limit: usize,
    /// Whether they are counted from the end.
    pub backward: bool,
    /// Only items after this one.
    pub after: Option<Cursor>,
    /// Only items before this one.
    pub before: Option<Cursor>,
}

impl PageArguments {
    /// Forward paging only.
    pub fn forward(first: Option<i32>, after: Option<String>) -> Self {
        Self { first, after, ..Self::default() }
    }

    /// The page, if the arguments keep the rules; `list` names the list and its order.
    pub fn check(self, list: &str) -> Result<Page> {
        if self.first.is_some() && self.last.is_some() {
            return Err(both());
        }
        let backward = self.last.is_some();
        let limit = match (self.first, self.last) {
            (Some(first), _) => size("first", first)?,
            (_, Some(last)) => size("last", last)?,
            (None, None) => DEFAULT,
        };
        let after = self.after.map(|text| Cursor::decode("after", list, &text)).transpose()?;
        let before = self.before.map(|text| Cursor::decode("before", list, &text)).transpose()?;
        Ok(Page { limit, backward, after, before })
    }
}

/// The error for a page that is asked for from both ends.
pub fn both() -> AppError {
    AppError::input("last", "cannot be combined with first; ask for one of them")
}

/// The size of a page or of a bounded list.
pub fn size(argument: &str, size: i32) -> Result<usize> {
    size_up_to(argument, size, MOST)
}

/// The size of a list of at most so many items.
pub fn size_up_to(argument: &str, size: i32, most: usize) -> Result<usize> {
    let fits = usize::try_from(size).ok().filter(|size| (1..=most).contains(size));
    fits.ok_or_else(|| AppError::input(argument, format!("must be 1 to {most}")))
}
