//! Filter for statistics.

use async_graphql::InputObject;
use catalog::dictionary::Dictionary;
use entity::statistic;

use crate::graphql::enums::{CourseKind, StatisticMetric};

/// Conditions on statistics. A statistic must meet every condition that is given; a condition on something it does not
/// state is not met.
#[derive(Debug, Default, InputObject)]
pub struct StatisticFilter {
    /// Metrics, any of which may be measured.
    metric: Option<Vec<StatisticMetric>>,
    /// Slug of the career that the statistic is about.
    career: Option<String>,
    /// Slug of the course that the statistic is about.
    pub(super) course: Option<String>,
    /// Slug of the provider that the statistic is about.
    provider: Option<String>,
    /// Kind of course that the statistic is about.
    course_kind: Option<CourseKind>,
    /// Exact name of the publisher.
    publisher: Option<String>,
}

impl StatisticFilter {
    /// Whether a statistic meets the filter. `course` is the row ID that the course slug resolves to.
    pub(super) fn holds(&self, dictionary: &Dictionary, course: Option<i64>, row: &statistic::Model) -> bool {
        let speaks_of = |slug: &Option<String>, id: Option<i64>, found: Option<i64>| {
            slug.is_none() || (id.is_some() && id == found)
        };
        let career = self.career.as_ref().and_then(|slug| dictionary.careers.id_of(slug));
        let provider = self.provider.as_ref().and_then(|slug| dictionary.providers.id_of(slug));
        self.metric.as_ref().is_none_or(|any| any.contains(&row.metric.into()))
            && speaks_of(&self.career, row.career_id, career)
            && speaks_of(&self.course, row.course_id, course)
            && speaks_of(&self.provider, row.provider_id, provider)
            && self.course_kind.is_none_or(|kind| row.course_kind == Some(kind.into()))
            && (self.publisher.is_none() || self.publisher == row.publisher)
    }
}
