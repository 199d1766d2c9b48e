//! Pages of lists: what a client may ask for, cursors, and cutting a page out. What must not go in: anything of GraphQL,
//! which shows pages as connections (src/graphql/connection.rs).

pub mod cursor;
pub mod list;
pub mod page;

use cursor::Cursor;

/// An item and its place in the list.
pub struct Edge<T> {
    /// Its place.
    pub cursor: Cursor,
    /// The item.
    pub node: T,
}

/// A page of a list.
pub struct Connection<T> {
    /// The items with their places.
    pub edges: Vec<Edge<T>>,
    /// Whether there are items after the page.
    pub has_next: bool,
    /// Whether there are items before the page.
    pub has_previous: bool,
    /// How many items the whole list has.
    pub total: usize,
}

impl<T> Connection<T> {
    /// The same page of other items.
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
