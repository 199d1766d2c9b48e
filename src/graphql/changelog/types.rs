//! The GraphQL types of the change log.

use async_graphql::{Context, Description, ID, Object};
use catalog::changelog::LogPoint;
use entity::change;
use search::paging::cursor::{Cursor, Key};

use super::page::ChangePage;
use crate::graphql::connection::{PageInfo, page_info};
use crate::graphql::enums::{ChangeKind, ListingType};
use crate::graphql::error::Result;
use crate::graphql::ids::{NodeKind, global_id};
use crate::graphql::node::{self, Node};
use crate::graphql::scalars::DateTime;

/// Name of the list in its cursors.
pub(super) const LIST: &str = "changes";

/// Cursor of a point in the log. A change without a mark has 0 in its place.
pub fn cursor(point: LogPoint) -> Cursor {
    Cursor { list: LIST.to_owned(), key: Key::Number(point.position), id: point.mark.unwrap_or(0) }
}

pub(super) fn point_of(row: &change::Model) -> LogPoint {
    LogPoint { position: row.position, mark: row.mark }
}

/// Public change of a listing.
#[derive(Description)]
pub struct Change {
    pub(super) row: change::Model,
    pub(super) kind: ChangeKind,
    pub(super) listing: ListingType,
}

#[Object(use_type_description)]
impl Change {
    /// Position of the change in the log. Pass it to `changes(after:)` to continue from here.
    async fn cursor(&self) -> String {
        cursor(point_of(&self.row)).encode()
    }

    /// Time of the change.
    async fn at(&self) -> DateTime {
        DateTime(self.row.at)
    }

    /// What happened to the listing.
    async fn kind(&self) -> ChangeKind {
        self.kind
    }

    /// Type of the listing.
    #[graphql(name = "type")]
    async fn listing_type(&self) -> ListingType {
        self.listing
    }

    /// Global ID of the listing.
    async fn listing_id(&self) -> ID {
        global_id(self.node_kind(), self.row.listing_id)
    }

    /// Slug of the listing after the change.
    async fn slug(&self) -> &str {
        &self.row.slug
    }

    /// Listing as it is now, not as it was then. Null if it is no longer visible.
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

/// Page of the change log.
#[derive(Description)]
pub struct ChangeConnection {
    pub(super) page: ChangePage,
    pub(super) has_previous: bool,
}

#[Object(use_type_description)]
impl ChangeConnection {
    /// Changes with their cursors.
    async fn edges(&self) -> Vec<ChangeEdge<'_>> {
        self.page.changes.iter().map(ChangeEdge).collect()
    }

    /// Changes without their cursors.
    async fn nodes(&self) -> &[Change] {
        &self.page.changes
    }

    /// Information about the page. `endCursor` is the position reached, even on an empty page; pass it as `after` for
    /// the next page.
    async fn page_info(&self) -> PageInfo {
        let cursors: Vec<Cursor> = self.page.changes.iter().map(|change| cursor(point_of(&change.row))).collect();
        let info = page_info(cursors.iter(), self.page.has_next, self.has_previous);
        PageInfo { end_cursor: Some(cursor(self.page.end).encode()), ..info }
    }
}

/// Change with its cursor.
#[derive(Description)]
pub struct ChangeEdge<'a>(&'a Change);

#[Object(use_type_description)]
impl ChangeEdge<'_> {
    /// Position of the change in the log.
    async fn cursor(&self) -> String {
        cursor(point_of(&self.0.row)).encode()
    }

    /// Change at this position.
    async fn node(&self) -> &Change {
        self.0
    }
}
