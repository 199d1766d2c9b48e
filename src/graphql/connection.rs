//! Relay connections: one generic shape for every list that can grow.

use std::borrow::Cow;

use async_graphql::{Description, Object, OutputType, SimpleObject, TypeName};
use search::paging::{self, cursor::Cursor};

/// Position of a page in its list.
#[derive(Clone, Debug, Default, SimpleObject)]
pub struct PageInfo {
    /// Whether more items follow this page.
    pub has_next_page: bool,
    /// Whether items precede this page.
    pub has_previous_page: bool,
    /// Cursor of the first item. Null on an empty page.
    pub start_cursor: Option<String>,
    /// Cursor of the last item. Null on an empty page.
    pub end_cursor: Option<String>,
}

/// Object with lists of its type in the API.
pub trait Listed: OutputType {
    /// Beginning of the names of its connection and edge.
    const NAME: &'static str;
}

/// Page of a list.
#[derive(Description)]
pub struct Connection<T>(paging::Connection<T>);

/// Item with its cursor.
#[derive(Description)]
pub struct Edge<'a, T>(&'a paging::Edge<T>);

impl<T> From<paging::Connection<T>> for Connection<T> {
    fn from(page: paging::Connection<T>) -> Self {
        Self(page)
    }
}

impl<T: Listed> TypeName for Connection<T> {
    fn type_name() -> Cow<'static, str> {
        format!("{}Connection", T::NAME).into()
    }
}

impl<T: Listed> TypeName for Edge<'_, T> {
    fn type_name() -> Cow<'static, str> {
        format!("{}Edge", T::NAME).into()
    }
}

#[Object(name_type, use_type_description)]
impl<T: Listed> Connection<T> {
    /// Items with their cursors.
    async fn edges(&self) -> Vec<Edge<'_, T>> {
        self.0.edges.iter().map(Edge).collect()
    }

    /// Items without their cursors.
    async fn nodes(&self) -> Vec<&T> {
        self.0.edges.iter().map(|edge| &edge.node).collect()
    }

    /// Position of the page in the list.
    async fn page_info(&self) -> PageInfo {
        page_info(self.0.edges.iter().map(|edge| &edge.cursor), self.0.has_next, self.0.has_previous)
    }

    /// Exact number of items in the whole list.
    async fn total_count(&self) -> usize {
        self.0.total
    }
}

#[Object(name_type, use_type_description)]
impl<T: Listed> Edge<'_, T> {
    /// Cursor of the item. Pass it as `after` or `before` to continue from here.
    async fn cursor(&self) -> String {
        self.0.cursor.encode()
    }

    /// Item of the list.
    async fn node(&self) -> &T {
        &self.0.node
    }
}

/// Builds the page info from the cursors of a page.
pub fn page_info<'a>(
    mut cursors: impl DoubleEndedIterator<Item = &'a Cursor>,
    has_next_page: bool,
    has_previous_page: bool,
) -> PageInfo {
    let start_cursor = cursors.next().map(Cursor::encode);
    let end_cursor = cursors.next_back().map(Cursor::encode).or_else(|| start_cursor.clone());
    PageInfo { has_next_page, has_previous_page, start_cursor, end_cursor }
}
