//! Relay connections: one generic shape for every list that can grow.

use async_graphql::{Object, SimpleObject};

use search::paging::cursor::Cursor;
pub use search::paging::{Connection, Edge};

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

macro_rules! connections {
    ($($node:ty = $connection:literal, $edge:literal;)+) => {$(
        /// Page of a list.
        #[Object(name = $connection)]
        impl Connection<$node> {
            /// Items with their cursors.
            async fn edges(&self) -> &[Edge<$node>] {
                &self.edges
            }

            /// Items without their cursors.
            async fn nodes(&self) -> Vec<&$node> {
                self.edges.iter().map(|edge| &edge.node).collect()
            }

            /// Position of the page in the list.
            async fn page_info(&self) -> PageInfo {
                page_info(self.edges.iter().map(|edge| &edge.cursor), self.has_next, self.has_previous)
            }

            /// Exact number of items in the whole list.
            async fn total_count(&self) -> usize {
                self.total
            }
        }

        /// Item with its cursor.
        #[Object(name = $edge)]
        impl Edge<$node> {
            /// Cursor of the item. Pass it as `after` or `before` to continue from here.
            async fn cursor(&self) -> String {
                self.cursor.encode()
            }

            /// Item of the list.
            async fn node(&self) -> &$node {
                &self.node
            }
        }
    )+};
}

connections! {
    crate::graphql::course::Course = "CourseConnection", "CourseEdge";
    crate::graphql::provider::Provider = "ProviderConnection", "ProviderEdge";
    crate::graphql::certification::Certification = "CertificationConnection", "CertificationEdge";
    crate::graphql::career::Career = "CareerConnection", "CareerEdge";
    crate::graphql::taxonomy::Skill = "SkillConnection", "SkillEdge";
    crate::graphql::taxonomy::Subject = "SubjectConnection", "SubjectEdge";
    crate::graphql::statistic::Statistic = "StatisticConnection", "StatisticEdge";
    crate::graphql::offering::Offering = "OfferingConnection", "OfferingEdge";
    crate::graphql::outcome::OutcomeReport = "OutcomeReportConnection", "OutcomeReportEdge";
    crate::graphql::partnership::Partnership = "PartnershipConnection", "PartnershipEdge";
    crate::graphql::review::Review = "ReviewConnection", "ReviewEdge";
    crate::graphql::review::EnrolmentCheck = "EnrolmentCheckConnection", "EnrolmentCheckEdge";
    crate::graphql::history::HistoryEntry = "HistoryConnection", "HistoryEdge";
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
