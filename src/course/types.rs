//! Courses as the API shows them.

use std::borrow::Cow;
use std::sync::Arc;

use async_graphql::{Context, ID, Object};
use entity::{Format as StoredFormat, Schedule as StoredSchedule, course};

use super::choice::Choice;
use super::details::{Award, Duration, FinancingPlan, Prerequisites, Pricing};
use super::facts;
use super::inside::Inside;
use super::links::{Link, NamedLinks, linked};
use super::loader::{CourseId, DescriptionOf, is_listed, is_visible};
use super::parts::{AwardsOf, FinancingOf};
use crate::career::Career;
use crate::certification::Certification;
use crate::cost::CourseCosts;
use crate::error::{AppError, Result};
use crate::graphql::context::InRequest;
use crate::graphql::enums::{CourseKind, Format, Level, ListingStatus, Schedule, members};
use crate::graphql::ids::{NodeKind, global_id};
use crate::graphql::loaders::Load;
use crate::graphql::scalars::{DateTime, LanguageCode, WebAddress};
use crate::graphql::shapes::{Money, Source};
use crate::json_ld::CourseJsonLd;
use crate::outcome::CourseOutcomes;
use crate::provider::Provider;
use crate::review::CourseReviews;
use crate::sources::{SourcesOf, sources};
use crate::taxonomy::{Skill, Subject};

/// A course, bootcamp or programme that a provider offers.
#[derive(Clone)]
pub struct Course(pub Arc<course::Model>);

impl Course {
    /// The course of this row, where the one who asks may see it.
    pub async fn load(ctx: &Context<'_>, id: i64) -> Result<Option<Self>> {
        let row = ctx.load(CourseId(id)).await?;
        Ok(row.filter(|row| is_visible(ctx, row)).map(Course))
    }

    /// The courses of these rows in their order, those that the one who asks may see.
    pub async fn load_many(ctx: &Context<'_>, ids: &[i64]) -> Result<Vec<Self>> {
        let rows = ctx.load_all(ids.iter().map(|id| CourseId(*id)).collect()).await?;
        Ok(rows.into_iter().filter(|row| is_visible(ctx, row)).map(Course).collect())
    }

    /// The courses of these rows in their order, those that stand in lists.
    pub async fn load_listed(ctx: &Context<'_>, ids: &[i64]) -> Result<Vec<Self>> {
        let courses = Self::load_many(ctx, ids).await?;
        Ok(courses.into_iter().filter(|course| is_listed(&course.0, ctx.dictionary())).collect())
    }

    /// The courses that another one names, in their order: those that stand in lists, and to those who see the inside of
    /// a provider all of its own.
    pub async fn load_linked(ctx: &Context<'_>, ids: &[i64]) -> Result<Vec<Self>> {
        let courses = Self::load_many(ctx, ids).await?.into_iter();
        Ok(courses.filter(|course| is_listed(&course.0, ctx.dictionary()) || course.is_open_to(ctx)).collect())
    }

    /// The courses of links that another provider has to agree to, those that the one who asks may see.
    async fn load_named(&self, ctx: &Context<'_>, links: (Link, Link)) -> Result<Vec<Self>> {
        let links = NamedLinks::load(ctx, links, self.0.id).await?;
        let courses = Course::load_linked(ctx, links.ids()).await?.into_iter();
        let shown = |course: &Course| links.is_agreed(course.0.id) || self.is_open_to_either(ctx, course.0.provider_id);
        Ok(courses.filter(shown).collect())
    }

    /// Whether the one who asks belongs to its provider or to this one.
    fn is_open_to_either(&self, ctx: &Context<'_>, provider: i64) -> bool {
        self.is_open_to(ctx) || ctx.caller().sees_inside(provider)
    }

    /// Whether the one who asks sees what its provider keeps to itself.
    pub(super) fn is_open_to(&self, ctx: &Context<'_>) -> bool {
        ctx.caller().sees_inside(self.0.provider_id)
    }
}

/// A course, bootcamp or programme that a provider offers.
#[Object]
impl Course {
    /// Its global id.
    pub(crate) async fn id(&self) -> ID {
        global_id(NodeKind::Course, self.0.id)
    }

    /// Its slug: lower-case ASCII, unique among courses. It stays when the title changes; an old one goes on resolving.
    async fn slug(&self) -> &str {
        &self.0.slug
    }

    /// Its title.
    async fn title(&self) -> &str {
        &self.0.title
    }

    /// What it is in short: plain text of at most 500 characters; null where not stated.
    async fn summary(&self) -> Option<&str> {
        self.0.summary.as_deref()
    }

    /// What it is in full: Markdown, served as the provider wrote it and never as trusted HTML; null where not stated.
    async fn description(&self, ctx: &Context<'_>) -> Option<Result<Cow<'_, str>>> {
        match &self.0.description {
            Some(text) => Some(Ok(Cow::Borrowed(text))),
            None => ctx
                .load(DescriptionOf(self.0.id))
                .await
                .map(|text| text.map(|text| Cow::Owned(text.as_ref().to_owned())))
                .transpose(),
        }
    }

    /// What it is.
    async fn kind(&self) -> CourseKind {
        self.0.kind.into()
    }

    /// Whom it addresses; null where not stated.
    async fn level(&self) -> Option<Level> {
        self.0.level.map(Into::into)
    }

    /// Where the listing stands. A retired course is found by slug or id and nowhere else.
    async fn status(&self) -> ListingStatus {
        self.0.status.into()
    }

    /// Who offers it.
    async fn provider(&self, ctx: &Context<'_>) -> Result<Provider> {
        let provider = ctx.dictionary().providers.get(self.0.provider_id).cloned();
        provider.map(Provider).ok_or_else(|| AppError::internal("a course without provider"))
    }

    /// Who else stands behind it, e.g. the university on a platform. A partner that has not accepted the partnership is
    /// shown to the members of both providers and to staff only. Empty if none is stated.
    async fn partners(&self, ctx: &Context<'_>) -> Result<Vec<Provider>> {
        let links = NamedLinks::load(ctx, (Link::Partner, Link::NamedPartner), self.0.id).await?;
        let partners = ctx.dictionary().providers.all(links.ids()).into_iter().filter(|partner| partner.is_public());
        let shown = partners.filter(|row| links.is_agreed(row.row.id) || self.is_open_to_either(ctx, row.row.id));
        Ok(shown.map(Provider).collect())
    }

    /// How it is held. Empty where not stated.
    async fn formats(&self) -> Vec<Format> {
        members::<StoredFormat, _>(self.0.formats)
    }

    /// When it is held. Empty where not stated.
    async fn schedules(&self) -> Vec<Schedule> {
        members::<StoredSchedule, _>(self.0.schedules)
    }

    /// The languages it is taught in. Empty where not stated.
    async fn languages(&self) -> Vec<LanguageCode> {
        self.0.languages.split(',').filter(|tag| !tag.is_empty()).map(|tag| LanguageCode(tag.to_owned())).collect()
    }

    /// How long it takes; null where not stated.
    async fn duration(&self) -> Option<Duration> {
        Duration::of(&self.0)
    }

    /// What taking it costs, once; 0 where it is free; null where it is not stated or a subscription.
    async fn price(&self) -> Option<Money> {
        facts::price(&self.0).map(Money)
    }

    /// How it is paid for; null where not stated.
    async fn pricing(&self) -> Option<Pricing> {
        Pricing::of(&self.0)
    }

    /// The ways to pay for it that the listing states.
    async fn financing(&self, ctx: &Context<'_>) -> Result<Vec<FinancingPlan>> {
        let plans = ctx.load(FinancingOf(self.0.id)).await?.unwrap_or_default();
        Ok(plans.into_iter().map(FinancingPlan::from).collect())
    }

    /// Within how many months it may be taken again for nothing; null where not stated.
    async fn free_retake_within_months(&self) -> Option<i32> {
        self.0.free_retake_within_months
    }

    /// Whether finishing it gives a certificate of completion; null where not stated.
    async fn certificate_of_completion(&self) -> Option<bool> {
        self.0.certificate_of_completion
    }

    /// How many one-to-one mentoring sessions it includes; null where not stated.
    async fn mentoring_sessions(&self) -> Option<i32> {
        self.0.mentoring_sessions
    }

    /// Whether it prepares for looking for a job; null where not stated.
    async fn job_preparation(&self) -> Option<bool> {
        self.0.job_preparation
    }

    /// Whether the provider guarantees a job or the money back; null where not stated.
    async fn job_guarantee(&self) -> Option<bool> {
        self.0.job_guarantee
    }

    /// Whether learners leave it with a portfolio of their own work; null where not stated.
    async fn portfolio(&self) -> Option<bool> {
        self.0.portfolio
    }

    /// The fields of study it belongs to.
    async fn subjects(&self, ctx: &Context<'_>) -> Result<Vec<Subject>> {
        let ids = linked(ctx, Link::Subject, self.0.id).await?;
        Ok(ctx.dictionary().subjects.all(&ids).into_iter().map(Subject).collect())
    }

    /// The skills it teaches.
    async fn skills(&self, ctx: &Context<'_>) -> Result<Vec<Skill>> {
        let ids = linked(ctx, Link::Skill, self.0.id).await?;
        Ok(ctx.dictionary().skills.all(&ids).into_iter().map(Skill).collect())
    }

    /// What a learner must bring.
    async fn prerequisites(&self) -> Prerequisites {
        Prerequisites(self.0.clone())
    }

    /// The courses it is made of, in order. A unit of another provider that has not accepted the partnership is shown to
    /// the members of both providers and to staff only.
    async fn units(&self, ctx: &Context<'_>) -> Result<Vec<Course>> {
        self.load_named(ctx, (Link::Unit, Link::NamedUnit)).await
    }

    /// The courses that it is a part of. One of another provider is shown to everyone once the provider of this course
    /// has accepted the partnership; until then to the members of both providers and to staff only.
    async fn part_of(&self, ctx: &Context<'_>) -> Result<Vec<Course>> {
        self.load_named(ctx, (Link::PartOf, Link::NamedPartOf)).await
    }

    /// The certifications that it prepares for, or ends with.
    async fn certifications(&self, ctx: &Context<'_>) -> Result<Vec<Certification>> {
        Ok(Certification::listed(ctx, &linked(ctx, Link::Certification, self.0.id).await?))
    }

    /// The careers that it leads to.
    async fn careers(&self, ctx: &Context<'_>) -> Result<Vec<Career>> {
        let ids = linked(ctx, Link::Career, self.0.id).await?;
        Ok(ctx.dictionary().careers.all(&ids).into_iter().map(Career).collect())
    }

    /// The awards that it has won.
    async fn awards(&self, ctx: &Context<'_>) -> Result<Vec<Award>> {
        let awards = ctx.load(AwardsOf(self.0.id)).await?.unwrap_or_default();
        Ok(awards.into_iter().map(Award::from).collect())
    }

    /// Its reviews.
    #[graphql(flatten)]
    async fn reviewed(&self) -> CourseReviews {
        CourseReviews(self.0.id)
    }

    /// The documents that its facts were taken from.
    async fn sources(&self, ctx: &Context<'_>) -> Result<Vec<Source>> {
        sources(ctx, SourcesOf::Course(self.0.id)).await
    }

    /// What it says to search engines.
    #[graphql(flatten)]
    async fn to_search_engines(&self) -> CourseJsonLd<'_> {
        CourseJsonLd(self)
    }

    /// Where it is described and booked; null where not stated.
    async fn url(&self) -> Option<WebAddress> {
        self.0.url.clone().map(WebAddress)
    }

    /// Raised with every change of the listing, from 1.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// When the listing was made.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// When the listing was last changed.
    async fn updated_at(&self) -> DateTime {
        DateTime(self.0.updated_at)
    }

    /// When it was published, the last time where it was withdrawn in between; null where it never was.
    async fn published_at(&self) -> Option<DateTime> {
        self.0.published_at.map(DateTime)
    }

    /// What it costs in truth.
    #[graphql(flatten)]
    async fn costing(&self) -> CourseCosts {
        CourseCosts(self.clone())
    }

    /// What became of those who took it.
    #[graphql(flatten)]
    async fn outcomes(&self) -> CourseOutcomes {
        CourseOutcomes(self.clone())
    }

    /// What helps to choose it.
    #[graphql(flatten)]
    async fn choice(&self) -> Choice {
        Choice(self.clone())
    }

    /// What only its provider's members and staff see.
    #[graphql(flatten)]
    async fn inside(&self) -> Inside {
        Inside(self.clone())
    }
}
