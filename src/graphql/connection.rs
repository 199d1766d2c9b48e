//! Relay connections: one generic shape for every list that can grow.

use async_graphql::{Object, SimpleObject};

use crate::paging::cursor::Cursor;
pub use crate::paging::{Connection, Edge};

/// Where a page stands in its list.
#[derive(Clone, Debug, Default, SimpleObject)]
pub struct PageInfo {
    /// Whether there are items after the last one of this page.
    pub has_next_page: bool,
    /// Whether there are items before the first one of this page.
    pub has_previous_page: bool,
    /// The cursor of the first item; null on an empty page.
    pub start_cursor: Option<String>,
    /// The cursor of the last item; null on an empty page.
    pub end_cursor: Option<String>,
}

macro_rules! connections {
    ($($node:ty = $connection:literal, $edge:literal;)+) => {$(
        /// A page of a list.
        #[Object(name = $connection)]
        impl Connection<$node> {
            /// The items, each with its cursor.
            async fn edges(&self) -> &[Edge<$node>] {
                &self.edges
            }

            /// The items alone.
            async fn nodes(&self) -> Vec<&$node> {
                self.edges.iter().map(|edge| &edge.node).collect()
            }

            /// Where the page stands in the list.
            async fn page_info(&self) -> PageInfo {
                page_info(self.edges.iter().map(|edge| &edge.cursor), self.has_next, self.has_previous)
            }

            /// How many items the whole list has, exactly.
            async fn total_count(&self) -> usize {
                self.total
            }
        }

        /// An item and its place in the list.
        #[Object(name = $edge)]
        impl Edge<$node> {
            /// The item's place: the page after or before it is asked for with this.
            async fn cursor(&self) -> String {
                self.cursor.encode()
            }

            /// The item.
            async fn node(&self) -> &$node {
                &self.node
            }
        }
    )+};
}

connections! {
    crate::course::Course = "CourseConnection", "CourseEdge";
    crate::provider::Provider = "ProviderConnection", "ProviderEdge";
    crate::certification::Certification = "CertificationConnection", "CertificationEdge";
    crate::career::Career = "CareerConnection", "CareerEdge";
    crate::taxonomy::Skill = "SkillConnection", "SkillEdge";
    crate::taxonomy::Subject = "SubjectConnection", "SubjectEdge";
    crate::statistic::Statistic = "StatisticConnection", "StatisticEdge";
    crate::offering::Offering = "OfferingConnection", "OfferingEdge";
    crate::outcome::OutcomeReport = "OutcomeReportConnection", "OutcomeReportEdge";
    crate::partnership::Partnership = "PartnershipConnection", "PartnershipEdge";
    crate::review::Review = "ReviewConnection", "ReviewEdge";
    crate::review::EnrolmentCheck = "EnrolmentCheckConnection", "EnrolmentCheckEdge";
    crate::history::HistoryEntry = "HistoryConnection", "HistoryEdge";
}

/// The page info of edges with these cursors.
pub fn page_info<'a>(
    mut cursors: impl DoubleEndedIterator<Item = &'a Cursor>,
    has_next_page: bool,
    has_previous_page: bool,
) -> PageInfo {
    let start_cursor = cursors.next().map(Cursor::encode);
    let end_cursor = cursors.next_back().map(Cursor::encode).or_else(|| start_cursor.clone());
    PageInfo { has_next_page, has_previous_page, start_cursor, end_cursor }
}
