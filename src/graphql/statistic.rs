//! Statistics: published figures, always with their publisher or source.

use std::sync::Arc;

use async_graphql::{Context, Description, ID, InputObject, Object, Union};
use catalog::dictionary::Dictionary;
use catalog::values;
use entity::statistic;
use search::paging::cursor::Key;
use search::paging::list::{Direction, Item, cut};
use search::paging::page::PageArguments;

use crate::graphql::career::Career;
use crate::graphql::connection::{Connection, Listed};
use crate::graphql::context::ContextExt;
use crate::graphql::course::{Course, id_of_slug};
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

/// Conditions on statistics. A statistic must meet every condition that is given; a condition on something it does not
/// state is not met.
#[derive(Debug, Default, InputObject)]
pub struct StatisticFilter {
    /// Metrics, any of which may be measured.
    metric: Option<Vec<StatisticMetric>>,
    /// Slug of the career that the statistic is about.
    career: Option<String>,
    /// Slug of the course that the statistic is about.
    course: Option<String>,
    /// Slug of the provider that the statistic is about.
    provider: Option<String>,
    /// Kind of course that the statistic is about.
    course_kind: Option<CourseKind>,
    /// Exact name of the publisher.
    publisher: Option<String>,
}

impl StatisticFilter {
    /// Whether a statistic meets the filter. `course` is the row ID that the course slug resolves to.
    fn holds(&self, dictionary: &Dictionary, course: Option<i64>, row: &statistic::Model) -> bool {
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

/// Queries for statistics.
#[derive(Default)]
pub struct StatisticQuery;

#[Object]
impl StatisticQuery {
    /// Returns published statistics, ordered by metric and then newest first.
    async fn statistics(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Conditions that the statistics must meet.")] filter: Option<StatisticFilter>,
        #[graphql(desc = "Number of items to return, 1 to 100. The default is 20.")] first: Option<i32>,
        #[graphql(desc = "Cursor after which the page starts.")] after: Option<String>,
    ) -> Result<Connection<Statistic>> {
        let page = PageArguments::forward(first, after).check("statistics")?;
        let filter = filter.unwrap_or_default();
        let course = match &filter.course {
            Some(slug) => id_of_slug(ctx, slug).await?,
            None => None,
        };
        let dictionary = ctx.dictionary();
        let rows = dictionary.statistics.iter().filter(|row| filter.holds(dictionary, course, row));
        let items = rows.map(|row| Item { key: sort_key(row), id: row.id, node: Statistic(row.clone()) });
        Ok(cut("statistics", &page, Direction::Asc, items.collect()).into())
    }
}

/// Sort key of a statistic: metric, then newest first.
fn sort_key(row: &statistic::Model) -> Key {
    let date = row.as_of.as_ref().or(row.period_end.as_ref()).map_or("", String::as_str);
    // Digits are replaced by their complement so that later dates sort first. The trailing mark sorts a date before a
    // less precise one, and statistics without a date last.
    let turn = |c: char| c.to_digit(10).and_then(|digit| char::from_digit(9 - digit, 10)).unwrap_or(c);
    let turned: String = date.chars().map(turn).collect();
    Key::Text(format!("{:02} {turned}~", row.metric as u8))
}
