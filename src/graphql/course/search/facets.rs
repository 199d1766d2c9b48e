//! Facet counts of a course search. Values without courses are left out; the rest is sorted by descending count.

use std::cmp::Reverse;
use std::sync::Arc;

use async_graphql::{Context, Object, SimpleObject};
use catalog::dictionary::{NamedEntity, Table};
use catalog::values;
use sea_orm::Iterable;
use search::Field;
use search::paging::page::size;
use search::{CourseSearch, Fields, FilterClause, facets};

use crate::graphql::career::Career;
use crate::graphql::context::ContextExt;
use crate::graphql::course::inputs::usd;
use crate::graphql::enums::{CourseKind, Format, Level, Schedule};
use crate::graphql::error::Result;
use crate::graphql::provider::Provider;
use crate::graphql::scalars::{CurrencyCode, LanguageCode};
use crate::graphql::shapes::Money;
use crate::graphql::taxonomy::{Skill, Subject};

/// Thresholds of the rating facet.
const AT_LEAST: [i32; 4] = [4, 3, 2, 1];

/// Facet counts for the courses that match a search. Values that no course has are left out. The rest is sorted by
/// count, highest first; ties keep the order of the enum, or are sorted by name.
pub struct CourseFacets<'a>(pub(super) &'a CourseSearch);

/// Facet counts for the courses that match a search. Values that no course has are left out. The rest is sorted by
/// count, highest first; ties keep the order of the enum, or are sorted by name.
#[Object]
impl CourseFacets<'_> {
    /// Number of courses per kind.
    async fn kinds(&self, ctx: &Context<'_>) -> Result<Vec<KindCount>> {
        self.members::<entity::CourseKind, _>(ctx, FilterClause::Kinds, |fields| fields.kind)
    }

    /// Number of courses per level.
    async fn levels(&self, ctx: &Context<'_>) -> Result<Vec<LevelCount>> {
        self.members::<entity::Level, _>(ctx, FilterClause::Levels, |fields| fields.level)
    }

    /// Number of courses per format.
    async fn formats(&self, ctx: &Context<'_>) -> Result<Vec<FormatCount>> {
        self.members::<entity::Format, _>(ctx, FilterClause::Formats, |fields| fields.format)
    }

    /// Number of courses per schedule.
    async fn schedules(&self, ctx: &Context<'_>) -> Result<Vec<ScheduleCount>> {
        self.members::<entity::Schedule, _>(ctx, FilterClause::Schedules, |fields| fields.schedule)
    }

    /// Number of courses per subject.
    async fn subjects(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Maximum number of values to return, 1 to 100.", default = 20)] first: i32,
    ) -> Result<Vec<SubjectCount>> {
        let subjects = &ctx.dictionary().subjects;
        self.rows(ctx, FilterClause::Subjects, |fields| fields.subject, subjects, first, Subject)
    }

    /// Number of courses per skill.
    async fn skills(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Maximum number of values to return, 1 to 100.", default = 20)] first: i32,
    ) -> Result<Vec<SkillCount>> {
        self.rows(ctx, FilterClause::Skills, |fields| fields.skill, &ctx.dictionary().skills, first, Skill)
    }

    /// Number of courses per provider.
    async fn providers(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Maximum number of values to return, 1 to 100.", default = 20)] first: i32,
    ) -> Result<Vec<ProviderCount>> {
        self.rows(ctx, FilterClause::Providers, |fields| fields.provider, &ctx.dictionary().providers, first, Provider)
    }

    /// Number of courses per career.
    async fn careers(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Maximum number of values to return, 1 to 100.", default = 20)] first: i32,
    ) -> Result<Vec<CareerCount>> {
        self.rows(ctx, FilterClause::Careers, |fields| fields.career, &ctx.dictionary().careers, first, Career)
    }

    /// Number of courses per language. Each regional variant is counted separately.
    async fn languages(&self, ctx: &Context<'_>) -> Result<Vec<LanguageCount>> {
        let counts = facets::languages(&self.0.find(ctx.search())?, FilterClause::Languages)?;
        Ok(sorted(counts.into_iter()).map(|(tag, count)| LanguageCount::new(LanguageCode(tag), count)).collect())
    }

    /// One-off prices of the courses, in one currency.
    async fn price(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "Currency of the prices. Counts only courses that state a price in it, and free ones.",
            default_with = "usd()"
        )]
        currency: CurrencyCode,
    ) -> Result<PriceFacet> {
        let prices = facets::prices(&self.0.find(ctx.search())?, currency.0.code())?;
        let money = |minor| Money(values::Money { minor, currency: currency.0 });
        let bucket = |(from, to, count)| PriceBucket { from: Some(money(from)), to: Some(money(to)), count };
        Ok(PriceFacet {
            min: prices.min.map(money),
            max: prices.max.map(money),
            buckets: prices.buckets.into_iter().map(bucket).collect(),
        })
    }

    /// Number of courses per minimum rating. Always four rows, from at least 4 stars to at least 1.
    async fn ratings(&self, ctx: &Context<'_>) -> Result<Vec<RatingCount>> {
        let counts = facets::ratings(&self.0.find(ctx.search())?, AT_LEAST.map(f64::from))?;
        Ok(AT_LEAST.into_iter().zip(counts).map(|(at_least, count)| RatingCount { at_least, count }).collect())
    }
}

impl CourseFacets<'_> {
    /// Counts the members of an enum. Ties keep the order of the enum.
    fn members<S, C>(&self, ctx: &Context<'_>, part: FilterClause, field: fn(&Fields) -> Field) -> Result<Vec<C>>
    where
        S: Iterable,
        C: Count<Value: From<S>>,
    {
        let counts = facets::members(&self.0.find(ctx.search())?, part, field, S::iter().count())?;
        let found = S::iter().zip(0..).filter_map(|(member, index)| Some((member, *counts.get(&index)?)));
        Ok(sorted(found).map(|(member, count)| C::new(member.into(), count)).collect())
    }

    /// Counts the rows of a table from the dictionary. Ties keep the order of the table.
    #[allow(clippy::too_many_arguments, reason = "what differs between the tables")]
    fn rows<T, C: Count>(
        &self,
        ctx: &Context<'_>,
        part: FilterClause,
        field: fn(&Fields) -> Field,
        table: &Table<T>,
        first: i32,
        show: fn(Arc<T>) -> C::Value,
    ) -> Result<Vec<C>>
    where
        T: NamedEntity,
    {
        let first = size("first", first)?;
        let counts = facets::ids(&self.0.find(ctx.search())?, part, field)?;
        let rows = table.in_order().iter();
        let found = rows.filter_map(|(_, row)| Some((row, *counts.get(&row.id())?)));
        Ok(sorted(found).take(first).map(|(row, count)| C::new(show(row.clone()), count)).collect())
    }
}

/// Sorts by descending count. Ties keep their order.
fn sorted<T>(found: impl Iterator<Item = (T, u64)>) -> impl Iterator<Item = (T, u64)> {
    let mut found: Vec<_> = found.collect();
    found.sort_by_key(|(_, count)| Reverse(*count));
    found.into_iter()
}

/// A value with its course count.
trait Count {
    /// Type of the value.
    type Value;

    /// Creates the value with its count.
    fn new(value: Self::Value, count: u64) -> Self;
}

macro_rules! counts {
    ($($(#[$doc:meta])* $name:ident($value:ty);)+) => {$(
        $(#[$doc])*
        #[derive(SimpleObject)]
        pub struct $name {
            /// The value.
            pub value: $value,
            /// Number of courses that have the value.
            pub count: u64,
        }

        impl Count for $name {
            type Value = $value;

            fn new(value: $value, count: u64) -> Self {
                Self { value, count }
            }
        }
    )+};
}

counts! {
    /// Number of courses of a kind.
    KindCount(CourseKind);
    /// Number of courses of a level.
    LevelCount(Level);
    /// Number of courses of a format.
    FormatCount(Format);
    /// Number of courses with a schedule.
    ScheduleCount(Schedule);
    /// Number of courses in a subject.
    SubjectCount(Subject);
    /// Number of courses that teach a skill.
    SkillCount(Skill);
    /// Number of courses that a provider offers.
    ProviderCount(Provider);
    /// Number of courses that lead to a career.
    CareerCount(Career);
    /// Number of courses taught in a language.
    LanguageCount(LanguageCode);
}

/// Price statistics of courses in one currency.
#[derive(SimpleObject)]
pub struct PriceFacet {
    /// Lowest price. Null if no course states a price.
    pub min: Option<Money>,
    /// Highest price. Null if no course states a price.
    pub max: Option<Money>,
    /// Price ranges, lowest first. Ranges without courses are left out. They start at 0, then at 1, 2 and 5 times each
    /// power of ten of the smallest currency unit, and are the same in every search.
    pub buckets: Vec<PriceBucket>,
}

/// A price range. `price: {gte: from, lte: to}` filters by it.
#[derive(SimpleObject)]
pub struct PriceBucket {
    /// Lowest price of the range.
    pub from: Option<Money>,
    /// Highest price of the range.
    pub to: Option<Money>,
    /// Number of courses with a price in the range.
    pub count: u64,
}

/// Number of courses with a minimum rating.
#[derive(SimpleObject)]
pub struct RatingCount {
    /// Minimum number of stars.
    pub at_least: i32,
    /// Number of courses with an average rating of at least `atLeast` stars.
    pub count: u64,
}
