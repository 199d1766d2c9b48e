//! What statistics are narrowed by.

use async_graphql::InputObject;
use entity::statistic;

use crate::dictionary::Dictionary;
use crate::graphql::enums::{CourseKind, StatisticMetric};

/// Conditions on statistics; all that are given must hold. A condition on what a statistic does not state does not hold.
#[derive(Debug, Default, InputObject)]
pub struct StatisticFilter {
    /// One of these metrics.
    metric: Option<Vec<StatisticMetric>>,
    /// Speaks of the career of this slug.
    career: Option<String>,
    /// Speaks of the course of this slug.
    pub(super) course: Option<String>,
    /// Speaks of the provider of this slug.
    provider: Option<String>,
    /// Speaks of courses of this kind.
    course_kind: Option<CourseKind>,
    /// Published by exactly this publisher.
    publisher: Option<String>,
}

impl StatisticFilter {
    /// Whether a statistic meets it; `course` is the row of the course slug.
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
