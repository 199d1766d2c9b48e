//! Changes as the API shows them.

use async_graphql::{Context, ID, Object};
use entity::change;

use super::LogPoint;
use crate::error::Result;
use crate::graphql::connection::{PageInfo, page_info};
use crate::graphql::enums::{ChangeKind, ListingType};
use crate::graphql::ids::{NodeKind, global_id};
use crate::graphql::scalars::DateTime;
use crate::node::{self, Node};
use crate::paging::cursor::{Cursor, Key};

/// The name of the list in its cursors.
pub(super) const LIST: &str = "changes";

/// The cursor of a point of the log. One of a change without a mark has 0 in its place.
pub(super) fn cursor(point: LogPoint) -> Cursor {
    Cursor { list: LIST.to_owned(), key: Key::Number(point.position), id: point.mark.unwrap_or(0) }
}

/// The point of the log that a change is.
pub(super) fn point_of(row: &change::Model) -> LogPoint {
    LogPoint { position: row.position, mark: row.mark }
}

/// What the public saw of one change.
pub struct Change {
    pub(super) row: change::Model,
    pub(super) kind: ChangeKind,
    pub(super) listing: ListingType,
}

/// What the public saw of one change.
#[Object]
impl Change {
    /// Its position in the log: changes(after:) goes on from it.
    async fn cursor(&self) -> String {
        cursor(point_of(&self.row)).encode()
    }

    /// When it was made.
    async fn at(&self) -> DateTime {
        DateTime(self.row.at)
    }

    /// What happened to the listing.
    async fn kind(&self) -> ChangeKind {
        self.kind
    }

    /// What kind of listing it was.
    #[graphql(name = "type")]
    async fn listing_type(&self) -> ListingType {
        self.listing
    }

    /// The listing's global id.
    async fn listing_id(&self) -> ID {
        global_id(self.node_kind(), self.row.listing_id)
    }

    /// The listing's slug after the change.
    async fn slug(&self) -> &str {
        &self.row.slug
    }

    /// The listing as it is now, not as it was then; null once it is gone.
    async fn node(&self, ctx: &Context<'_>) -> Option<Result<Node>> {
        node::load(ctx, self.node_kind(), self.row.listing_id).await.transpose()
    }
}

impl Change {
    fn node_kind(&self) -> NodeKind {
        match self.listing {
            ListingType::Course => NodeKind::Course,
            ListingType::Provider => NodeKind::Provider,
            ListingType::Certification => NodeKind::Certification,
            ListingType::Career => NodeKind::Career,
        }
    }
}

/// A page of the log.
pub struct ChangeConnection {
    pub(super) changes: Vec<ChangeEdge>,
    pub(super) reached: LogPoint,
    pub(super) has_next: bool,
    pub(super) has_previous: bool,
}

/// A page of the log.
#[Object]
impl ChangeConnection {
    /// The changes, each with its cursor.
    async fn edges(&self) -> &[ChangeEdge] {
        &self.changes
    }

    /// The changes alone.
    async fn nodes(&self) -> Vec<&Change> {
        self.changes.iter().map(|edge| &edge.0).collect()
    }

    /// Where the page stands. endCursor is the position reached, on an empty page too: ask for what comes after it.
    async fn page_info(&self) -> PageInfo {
        let cursors: Vec<Cursor> = self.changes.iter().map(|edge| cursor(point_of(&edge.0.row))).collect();
        let info = page_info(cursors.iter(), self.has_next, self.has_previous);
        PageInfo { end_cursor: Some(cursor(self.reached).encode()), ..info }
    }
}

/// A change and its place in the log.
pub struct ChangeEdge(pub(super) Change);

/// A change and its place in the log.
#[Object]
impl ChangeEdge {
    /// The change's position in the log.
    async fn cursor(&self) -> String {
        cursor(point_of(&self.0.row)).encode()
    }

    /// The change.
    async fn node(&self) -> &Change {
        &self.0
    }
}
