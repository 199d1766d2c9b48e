//! The GraphQL types of statistics.

use std::sync::Arc;

use async_graphql::{Context, Description, ID, Object, Union};
use catalog::values;
use entity::statistic;

use crate::graphql::career::Career;
use crate::graphql::connection::Listed;
use crate::graphql::context::ContextExt;
use crate::graphql::course::Course;
use crate::graphql::enums::{CareerLevelName, CourseKind, StatisticMetric};
use crate::graphql::error::Result;
use crate::graphql::ids::{NodeKind, global_id};
use crate::graphql::provider::Provider;
use crate::graphql::scalars::{CountryCode, CurrencyCode, Decimal, PartialDate};
use crate::graphql::shapes::{DecimalRange, IntRange, Source};
use crate::graphql::sources::{SourcesOf, sources};

/// Maximum number of statistics listed per subject.
const MAX_STATISTICS: usize = 100;

/// Published figure, always with its publisher or source, and with its date if that is known.
#[derive(Clone, Description)]
pub struct Statistic(pub Arc<statistic::Model>);

impl Listed for Statistic {
    const NAME: &'static str = "Statistic";
}

/// Subject of a statistic.
#[derive(Union)]
pub enum StatisticSubject {
    /// Occupation.
    Career(Career),
    /// Single course.
    Course(Course),
    /// Single provider.
    Provider(Provider),
}

#[Object(use_type_description)]
impl Statistic {
    /// Global ID of the statistic.
    pub(crate) async fn id(&self) -> ID {
        global_id(NodeKind::Statistic, self.0.id)
    }

    /// What the figure measures, which also determines its unit.
    async fn metric(&self) -> StatisticMetric {
        self.0.metric.into()
    }

    /// Listing that the figure is about. Null if it is about a whole field or kind of course; see `subjectLabel`.
    async fn subject(&self, ctx: &Context<'_>) -> Option<Result<StatisticSubject>> {
        let dictionary = ctx.dictionary();
        if let Some(career) = self.0.career_id.and_then(|id| dictionary.careers.get(id)) {
            return Some(Ok(StatisticSubject::Career(Career(career.clone()))));
        }
        if let Some(provider) = self.0.provider_id.and_then(|id| dictionary.providers.get(id)) {
            return provider.is_public().then(|| Ok(StatisticSubject::Provider(Provider(provider.clone()))));
        }
        let course = Course::load(ctx, self.0.course_id?).await.transpose()?;
        Some(course.map(StatisticSubject::Course).map_err(Into::into))
    }

    /// Subject of the figure, in the publisher's words.
    async fn subject_label(&self) -> &str {
        &self.0.subject_label
    }

    /// Kind of course that the figure is about. Null if it is not about one kind.
    async fn course_kind(&self) -> Option<CourseKind> {
        self.0.course_kind.map(Into::into)
    }

    /// The figure. Null if the publisher gives a range.
    async fn value(&self) -> Option<Decimal> {
        self.0.value_e4.map(decimal)
    }

    /// Range of the figure. Null if the publisher gives a single value.
    async fn range(&self) -> Option<DecimalRange> {
        let (min, max) = (self.0.range_min_e4.map(decimal), self.0.range_max_e4.map(decimal));
        (min.is_some() || max.is_some()).then_some(DecimalRange { min, max })
    }

    /// Currency of an amount of money. Null for other figures.
    async fn currency(&self) -> Option<CurrencyCode> {
        self.0.currency.as_deref().and_then(values::currency).map(CurrencyCode)
    }

    /// Career level that the figure is about. Null if it covers all levels or does not state one.
    async fn level(&self) -> Option<CareerLevelName> {
        self.0.level.map(Into::into)
    }

    /// Years of experience that the figure is about. Null if it covers any experience or does not state it.
    async fn experience_years(&self) -> Option<IntRange> {
        IntRange::stored(self.0.experience_min, self.0.experience_max)
    }

    /// Country that the figure is about. Null if not stated.
    async fn region(&self) -> Option<CountryCode> {
        self.0.region.clone().map(CountryCode)
    }

    /// Start of the period that the figure covers. Null if not stated.
    async fn period_start(&self) -> Option<PartialDate> {
        self.0.period_start.clone().map(PartialDate)
    }

    /// End of the period that the figure covers. Null if not stated.
    async fn period_end(&self) -> Option<PartialDate> {
        self.0.period_end.clone().map(PartialDate)
    }

    /// Date of the measurement. Null if not stated.
    async fn as_of(&self) -> Option<PartialDate> {
        self.0.as_of.clone().map(PartialDate)
    }

    /// Number of people surveyed or counted. Null if not stated.
    async fn sample_size(&self) -> Option<i32> {
        self.0.sample_size
    }

    /// Organisation that measured the figure. Null if the citing document does not name it.
    async fn publisher(&self) -> Option<&str> {
        self.0.publisher.as_deref()
    }

    /// Documents from which the figure was taken.
    async fn sources(&self, ctx: &Context<'_>) -> Result<Vec<Source>> {
        Ok(sources(ctx, SourcesOf::Statistic(self.0.id)).await?)
    }
}

fn decimal(stored: i64) -> Decimal {
    Decimal(values::from_e4(stored))
}

/// Statistics that match a predicate, ordered by metric and then newest first.
pub fn statistics_of(ctx: &Context<'_>, speaks_of: impl Fn(&statistic::Model) -> bool) -> Vec<Statistic> {
    let rows = ctx.dictionary().statistics.iter().filter(|row| speaks_of(row));
    rows.take(MAX_STATISTICS).cloned().map(Statistic).collect()
}
