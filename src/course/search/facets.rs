//! What the courses of a search have how often, as the API shows it. Values that no course has are left out; the
//! others come by falling count, then by name.

use std::cmp::Reverse;
use std::sync::Arc;

use async_graphql::{Context, Object, SimpleObject};
use sea_orm::Iterable;
use tantivy::schema::Field;

use crate::career::Career;
use crate::course::inputs::usd;
use crate::dictionary::{Named, Table};
use crate::error::Result;
use crate::graphql::context::InRequest;
use crate::graphql::enums::{CourseKind, Format, Level, Schedule};
use crate::graphql::scalars::{CurrencyCode, LanguageCode};
use crate::graphql::shapes::Money;
use crate::paging::page::size;
use crate::provider::Provider;
use crate::search::{CourseSearch, Fields, Part, facets};
use crate::taxonomy::{Skill, Subject};
use crate::values;

/// The ratings that are counted.
const AT_LEAST: [i32; 4] = [4, 3, 2, 1];

/// What the courses of a search have how often. Values that no course has are left out; the others come by falling
/// count, then by name.
pub struct CourseFacets<'a>(pub(super) &'a CourseSearch);

/// What the courses of a search have how often. Values that no course has are left out; the others come by falling
/// count, then by name.
#[Object]
impl CourseFacets<'_> {
    /// What they are.
    async fn kinds(&self, ctx: &Context<'_>) -> Result<Vec<KindCount>> {
        self.members::<entity::CourseKind, _>(ctx, Part::Kinds, |fields| fields.kind)
    }

    /// Whom they address.
    async fn levels(&self, ctx: &Context<'_>) -> Result<Vec<LevelCount>> {
        self.members::<entity::Level, _>(ctx, Part::Levels, |fields| fields.level)
    }

    /// How they are held.
    async fn formats(&self, ctx: &Context<'_>) -> Result<Vec<FormatCount>> {
        self.members::<entity::Format, _>(ctx, Part::Formats, |fields| fields.format)
    }

    /// When they are held.
    async fn schedules(&self, ctx: &Context<'_>) -> Result<Vec<ScheduleCount>> {
        self.members::<entity::Schedule, _>(ctx, Part::Schedules, |fields| fields.schedule)
    }

    /// What they are about.
    async fn subjects(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many at most, 1 to 100.", default = 20)] first: i32,
    ) -> Result<Vec<SubjectCount>> {
        let subjects = &ctx.dictionary().subjects;
        self.rows(ctx, Part::Subjects, |fields| fields.subject, subjects, first, Subject)
    }

    /// What they teach.
    async fn skills(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many at most, 1 to 100.", default = 20)] first: i32,
    ) -> Result<Vec<SkillCount>> {
        self.rows(ctx, Part::Skills, |fields| fields.skill, &ctx.dictionary().skills, first, Skill)
    }

    /// Who offers them.
    async fn providers(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many at most, 1 to 100.", default = 20)] first: i32,
    ) -> Result<Vec<ProviderCount>> {
        self.rows(ctx, Part::Providers, |fields| fields.provider, &ctx.dictionary().providers, first, Provider)
    }

    /// What they lead to.
    async fn careers(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many at most, 1 to 100.", default = 20)] first: i32,
    ) -> Result<Vec<CareerCount>> {
        self.rows(ctx, Part::Careers, |fields| fields.career, &ctx.dictionary().careers, first, Career)
    }

    /// The languages they are taught in, each variety by itself.
    async fn languages(&self, ctx: &Context<'_>) -> Result<Vec<LanguageCount>> {
        let counts = facets::words(&self.0.find(ctx.search())?, Part::Languages, |fields| fields.language)?;
        Ok(sorted(counts.into_iter()).map(|(tag, count)| LanguageCount::new(LanguageCode(tag), count)).collect())
    }

    /// What taking them costs, once.
    async fn price(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The currency: only listings that state a price in it are counted.", default_with = "usd()")]
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

    /// How well they are rated: always the same four rows, from 4 stars down to 1.
    async fn ratings(&self, ctx: &Context<'_>) -> Result<Vec<RatingCount>> {
        let counts = facets::ratings(&self.0.find(ctx.search())?, AT_LEAST.map(f64::from))?;
        Ok(AT_LEAST.into_iter().zip(counts).map(|(at_least, count)| RatingCount { at_least, count }).collect())
    }
}

impl CourseFacets<'_> {
    /// The members of a closed list; those that come equally often in the order of the list.
    fn members<S, C>(&self, ctx: &Context<'_>, part: Part, field: fn(&Fields) -> Field) -> Result<Vec<C>>
    where
        S: Iterable,
        C: Count<Value: From<S>>,
    {
        let counts = facets::numbers(&self.0.find(ctx.search())?, part, field)?;
        let found = S::iter().zip(0..).filter_map(|(member, place)| Some((member, *counts.get(&place)?)));
        Ok(sorted(found).map(|(member, count)| C::new(member.into(), count)).collect())
    }

    /// The rows of a small table.
    #[allow(clippy::too_many_arguments, reason = "what differs between the tables")]
    fn rows<T, C: Count>(
        &self,
        ctx: &Context<'_>,
        part: Part,
        field: fn(&Fields) -> Field,
        table: &Table<T>,
        first: i32,
        show: fn(Arc<T>) -> C::Value,
    ) -> Result<Vec<C>>
    where
        T: Named,
    {
        let first = size("first", first)?;
        let counts = facets::numbers(&self.0.find(ctx.search())?, part, field)?;
        let rows = table.in_order().iter();
        let found = rows.filter_map(|(_, row)| Some((row, *counts.get(&row.id())?)));
        Ok(sorted(found).take(first).map(|(row, count)| C::new(show(row.clone()), count)).collect())
    }
}

/// By falling count; those that come equally often stay in their order.
fn sorted<T>(found: impl Iterator<Item = (T, u64)>) -> impl Iterator<Item = (T, u64)> {
    let mut found: Vec<_> = found.collect();
    found.sort_by_key(|(_, count)| Reverse(*count));
    found.into_iter()
}

/// A value and how many courses have it.
trait Count {
    /// The value.
    type Value;

    /// The value with its count.
    fn new(value: Self::Value, count: u64) -> Self;
}

macro_rules! counts {
    ($($(#[$doc:meta])* $name:ident($value:ty);)+) => {$(
        $(#[$doc])*
        #[derive(SimpleObject)]
        pub struct $name {
            /// The value.
            pub value: $value,
            /// How many courses have it.
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
    /// How many courses are of a kind.
    KindCount(CourseKind);
    /// How many courses are of a level.
    LevelCount(Level);
    /// How many courses are held in a way.
    FormatCount(Format);
    /// How many courses are held at a time.
    ScheduleCount(Schedule);
    /// How many courses are about a subject.
    SubjectCount(Subject);
    /// How many courses teach a skill.
    SkillCount(Skill);
    /// How many courses a provider offers.
    ProviderCount(Provider);
    /// How many courses lead to a career.
    CareerCount(Career);
    /// How many courses are taught in a language.
    LanguageCount(LanguageCode);
}

/// What courses cost, in one currency.
#[derive(SimpleObject)]
pub struct PriceFacet {
    /// The lowest price; null where none is stated.
    pub min: Option<Money>,
    /// The highest price; null where none is stated.
    pub max: Option<Money>,
    /// Ranges of prices from the lowest up. Their bounds are 0, then 1, 2 and 5 times the powers of ten, and are the
    /// same in every search.
    pub buckets: Vec<PriceBucket>,
}

/// A range of prices, as `price: {gte: from, lte: to}` finds it.
#[derive(SimpleObject)]
pub struct PriceBucket {
    /// The lowest price of the range.
    pub from: Option<Money>,
    /// The highest price of the range.
    pub to: Option<Money>,
    /// How many courses cost as much.
    pub count: u64,
}

/// How many courses are rated well.
#[derive(SimpleObject)]
pub struct RatingCount {
    /// The stars.
    pub at_least: i32,
    /// How many courses have an average of at least as many.
    pub count: u64,
}
