//! Slicing a page out of a list in memory.

use std::cmp::Ordering;

use super::cursor::{Cursor, Key};
use super::page::Page;
use super::{Connection, Edge};

/// Sort direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Smallest first.
    Asc,
    /// Largest first.
    Desc,
}

/// Item with its sort key.
pub struct Item<T> {
    /// Sort key of the item.
    pub key: Key,
    /// Row ID of the item, which breaks ties.
    pub id: i64,
    /// Item of the list.
    pub node: T,
}

/// Compares two positions in a list. Absent keys come last in both directions; ties are ordered by row ID.
pub fn compare(a: (&Key, i64), b: (&Key, i64), direction: Direction) -> Ordering {
    let keys = match (a.0, b.0) {
        (Key::Absent, Key::Absent) => Ordering::Equal,
        (Key::Absent, _) => Ordering::Greater,
        (_, Key::Absent) => Ordering::Less,
        (a, b) => match direction {
            Direction::Asc => a.cmp(b),
            Direction::Desc => b.cmp(a),
        },
    };
    keys.then(a.1.cmp(&b.1))
}

/// Sorts the items and slices the page out of them.
pub fn sorted<T>(list: &str, page: &Page, direction: Direction, mut items: Vec<Item<T>>) -> Connection<T> {
    items.sort_by(|a, b| compare((&a.key, a.id), (&b.key, b.id), direction));
    cut(list, page, direction, items)
}

/// Slices the page out of items that are already sorted.
pub fn cut<T>(list: &str, page: &Page, direction: Direction, items: Vec<Item<T>>) -> Connection<T> {
    let total = items.len();
    let place = |item: &Item<T>, cursor: &Cursor| compare((&item.key, item.id), (&cursor.key, cursor.id), direction);
    let after = page.after.as_ref();
    let start = after.map_or(0, |cursor| items.partition_point(|item| place(item, cursor) != Ordering::Greater));
    let before = page.before.as_ref();
    let end = before.map_or(total, |cursor| items.partition_point(|item| place(item, cursor) == Ordering::Less));
    let end = end.max(start);
    let (start, end) = if page.backward {
        (start.max(end.saturating_sub(page.limit)), end)
    } else {
        (start, end.min(start + page.limit))
    };
    let edge =
        |item: Item<T>| Edge { cursor: Cursor { list: list.to_owned(), key: item.key, id: item.id }, node: item.node };
    let edges = items.into_iter().skip(start).take(end - start).map(edge).collect();
    Connection { edges, has_next: end < total, has_previous: start > 0, total }
}
