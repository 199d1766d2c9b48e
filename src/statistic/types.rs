//! Statistics as the API shows them.

use std::sync::Arc;

use async_graphql::{Context, ID, Object, Union};
use entity::statistic;

use crate::career::Career;
use crate::course::Course;
use crate::error::Result;
use crate::graphql::context::InRequest;
use crate::graphql::enums::{CareerLevelName, CourseKind, StatisticMetric};
use crate::graphql::ids::{NodeKind, global_id};
use crate::graphql::scalars::{CountryCode, CurrencyCode, Decimal, PartialDate};
use crate::graphql::shapes::{DecimalRange, IntRange, Source};
use crate::provider::Provider;
use crate::sources::{SourcesOf, sources};
use crate::values;

/// Statistics of one subject at most: a course page shows no more.
const MOST: usize = 100;

/// A figure that somebody published: never without saying who, and as of when where that is known.
#[derive(Clone)]
pub struct Statistic(pub Arc<statistic::Model>);

/// What a statistic speaks of.
#[derive(Union)]
pub enum StatisticSubject {
    /// An occupation.
    Career(Career),
    /// One course.
    Course(Course),
    /// One provider.
    Provider(Provider),
}

/// A figure that somebody published: never without saying who, and as of when where that is known.
#[Object]
impl Statistic {
    /// Its global id.
    pub(crate) async fn id(&self) -> ID {
        global_id(NodeKind::Statistic, self.0.id)
    }

    /// What it measures, and in which unit.
    async fn metric(&self) -> StatisticMetric {
        self.0.metric.into()
    }

    /// What it speaks of; null where it speaks of a whole field or kind, see subjectLabel.
    async fn subject(&self, ctx: &Context<'_>) -> Option<Result<StatisticSubject>> {
        let dictionary = ctx.dictionary();
        if let Some(career) = self.0.career_id.and_then(|id| dictionary.careers.get(id)) {
            return Some(Ok(StatisticSubject::Career(Career(career.clone()))));
        }
        if let Some(provider) = self.0.provider_id.and_then(|id| dictionary.providers.get(id)) {
            return provider.is_public().then(|| Ok(StatisticSubject::Provider(Provider(provider.clone()))));
        }
        let course = Course::load(ctx, self.0.course_id?).await.transpose()?;
        Some(course.map(StatisticSubject::Course))
    }

    /// What it speaks of, in the publisher's words.
    async fn subject_label(&self) -> &str {
        &self.0.subject_label
    }

    /// The kind of course it speaks of; null where it speaks of none.
    async fn course_kind(&self) -> Option<CourseKind> {
        self.0.course_kind.map(Into::into)
    }

    /// The figure; null where the publisher gives a range.
    async fn value(&self) -> Option<Decimal> {
        self.0.value_e4.map(decimal)
    }

    /// The range; null where the publisher gives one figure.
    async fn range(&self) -> Option<DecimalRange> {
        let (min, max) = (self.0.range_min_e4.map(decimal), self.0.range_max_e4.map(decimal));
        (min.is_some() || max.is_some()).then_some(DecimalRange { min, max })
    }

    /// The currency of an amount of money; null for other figures.
    async fn currency(&self) -> Option<CurrencyCode> {
        self.0.currency.as_deref().and_then(values::currency).map(CurrencyCode)
    }

    /// The stage of the career it speaks of; null where it speaks of all, or says nothing.
    async fn level(&self) -> Option<CareerLevelName> {
        self.0.level.map(Into::into)
    }

    /// The years of experience it speaks of; null where it speaks of any, or says nothing.
    async fn experience_years(&self) -> Option<IntRange> {
        IntRange::stored(self.0.experience_min, self.0.experience_max)
    }

    /// The country it speaks of; null where none is stated.
    async fn region(&self) -> Option<CountryCode> {
        self.0.region.clone().map(CountryCode)
    }

    /// When the period it speaks of begins; null where none is stated.
    async fn period_start(&self) -> Option<PartialDate> {
        self.0.period_start.clone().map(PartialDate)
    }

    /// When the period it speaks of ends; null where none is stated.
    async fn period_end(&self) -> Option<PartialDate> {
        self.0.period_end.clone().map(PartialDate)
    }

    /// When it was measured; null where that is not stated.
    async fn as_of(&self) -> Option<PartialDate> {
        self.0.as_of.clone().map(PartialDate)
    }

    /// How many people were asked or counted; null where that is not stated.
    async fn sample_size(&self) -> Option<i32> {
        self.0.sample_size
    }

    /// Who measured it; null where the document that cites it does not say.
    async fn publisher(&self) -> Option<&str> {
        self.0.publisher.as_deref()
    }

    /// The documents that it was taken from.
    async fn sources(&self, ctx: &Context<'_>) -> Result<Vec<Source>> {
        sources(ctx, SourcesOf::Statistic(self.0.id)).await
    }
}

fn decimal(stored: i64) -> Decimal {
    Decimal(values::from_e4(stored))
}

/// The statistics that speak of something, by metric and then newest first.
pub fn statistics_of(ctx: &Context<'_>, speaks_of: impl Fn(&statistic::Model) -> bool) -> Vec<Statistic> {
    let rows = ctx.dictionary().statistics.iter().filter(|row| speaks_of(row));
    rows.take(MOST).cloned().map(Statistic).collect()
}
