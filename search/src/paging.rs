//! Pagination: arguments, cursors, and slicing a page out of a list. Does not belong here: anything of GraphQL, which
//! shows pages as connections (src/graphql/connection.rs).

pub mod cursor;
pub mod list;
pub mod page;

use cursor::Cursor;

/// Item with its cursor.
pub struct Edge<T> {
    /// Cursor of the item.
    pub cursor: Cursor,
    /// Item of the list.
    pub node: T,
}

/// Page of a list.
pub struct Connection<T> {
    /// Items with their cursors.
    pub edges: Vec<Edge<T>>,
    /// Whether more items follow the page.
    pub has_next: bool,
    /// Whether items precede the page.
    pub has_previous: bool,
    /// Total number of items in the list.
    pub total: usize,
}

impl<T> Connection<T> {
    /// Maps the items of the page.
    pub fn map<U>(self, change: impl Fn(T) -> U) -> Connection<U> {
        let edges = self.edges.into_iter().map(|edge| Edge { cursor: edge.cursor, node: change(edge.node) });
        Connection {
            edges: edges.collect(),
            has_next: self.has_next,
            has_previous: self.has_previous,
            total: self.total,
        }
    }
}
