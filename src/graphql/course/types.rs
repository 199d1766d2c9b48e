//! The type `Course` of the schema.

use std::borrow::Cow;
use std::sync::Arc;

use async_graphql::{Context, ID, Object};
use catalog::course::derived;
use catalog::error::AppError;
use entity::{Format as StoredFormat, Schedule as StoredSchedule, course};

use super::child_rows::{AwardsOf, FinancingOf};
use super::details::{Award, Duration, FinancingPlan, Prerequisites, Pricing};
use super::learner_fields::LearnerFields;
use super::links::{ConsentLinks, Link, linked};
use super::loader::{CourseId, DescriptionOf, is_listed, is_visible};
use super::private_fields::PrivateFields;
use crate::graphql::career::Career;
use crate::graphql::certification::Certification;
use crate::graphql::connection::Listed;
use crate::graphql::context::ContextExt;
use crate::graphql::cost::CourseCosts;
use crate::graphql::enums::{CourseKind, Format, Level, ListingStatus, Schedule, members};
use crate::graphql::error::Result;
use crate::graphql::ids::{NodeKind, global_id};
use crate::graphql::json_ld::CourseJsonLd;
use crate::graphql::loaders::Load;
use crate::graphql::outcome::CourseOutcomes;
use crate::graphql::provider::Provider;
use crate::graphql::review::CourseReviews;
use crate::graphql::scalars::{DateTime, LanguageCode, WebAddress};
use crate::graphql::shapes::{Money, Source};
use crate::graphql::sources::{SourcesOf, sources};
use crate::graphql::taxonomy::{Skill, Subject};

/// A course, bootcamp or programme that a provider offers.
#[derive(Clone)]
pub struct Course(pub Arc<course::Model>);

impl Listed for Course {
    const NAME: &'static str = "Course";
}

impl Course {
    /// Loads a course if the caller may see it.
    pub async fn load(ctx: &Context<'_>, id: i64) -> Result<Option<Self>, AppError> {
        let row = ctx.load(CourseId(id)).await?;
        Ok(row.filter(|row| is_visible(ctx, row)).map(Course))
    }

    /// Loads the courses that the caller may see, in the given order.
    pub async fn load_many(ctx: &Context<'_>, ids: &[i64]) -> Result<Vec<Self>, AppError> {
        let rows = ctx.load_all(ids.iter().map(|id| CourseId(*id)).collect()).await?;
        Ok(rows.into_iter().filter(|row| is_visible(ctx, row)).map(Course).collect())
    }

    /// Loads the courses that appear in lists, in the given order.
    pub async fn load_listed(ctx: &Context<'_>, ids: &[i64]) -> Result<Vec<Self>, AppError> {
        let courses = Self::load_many(ctx, ids).await?;
        Ok(courses.into_iter().filter(|course| is_listed(&course.0, ctx.dictionary())).collect())
    }

    /// Loads courses that another course links to, in the given order: those that appear in lists, and all courses of
    /// providers whose private fields the caller can see.
    pub async fn load_linked(ctx: &Context<'_>, ids: &[i64]) -> Result<Vec<Self>, AppError> {
        // Before they are loaded: each of them may be asked for those that it links to.
        ctx.request().meter.charge_linked_courses(ids.len())?;
        let courses = Self::load_many(ctx, ids).await?.into_iter();
        Ok(courses.filter(|course| is_listed(&course.0, ctx.dictionary()) || course.is_open_to(ctx)).collect())
    }

    /// Loads linked courses that need the consent of another provider, as far as the caller may see them.
    async fn load_named(&self, ctx: &Context<'_>, links: (Link, Link)) -> Result<Vec<Self>> {
        let links = Box::pin(ConsentLinks::load(ctx, links, self.0.id)).await?;
        let courses = Course::load_linked(ctx, links.ids()).await?.into_iter();
        let shown =
            |course: &Course| links.is_accepted(course.0.id) || self.is_open_to_either(ctx, course.0.provider_id);
        Ok(courses.filter(shown).collect())
    }

    /// Whether the caller can see the private fields of this course's provider or of the given one.
    fn is_open_to_either(&self, ctx: &Context<'_>, provider: i64) -> bool {
        self.is_open_to(ctx) || ctx.caller().can_see_private(provider)
    }

    /// Whether the caller can see the private fields of the course.
    pub(super) fn is_open_to(&self, ctx: &Context<'_>) -> bool {
        ctx.caller().can_see_private(self.0.provider_id)
    }
}

/// A course, bootcamp or programme that a provider offers.
#[Object]
impl Course {
    /// Global ID of the course.
    pub(crate) async fn id(&self) -> ID {
        global_id(NodeKind::Course, self.0.id)
    }

    /// Slug of the course: lower-case ASCII, unique among courses. It stays the same when the title changes. Earlier
    /// slugs keep resolving.
    async fn slug(&self) -> &str {
        &self.0.slug
    }

    /// Title of the course.
    async fn title(&self) -> &str {
        &self.0.title
    }

    /// Short description: plain text of at most 500 characters. Null if not stated.
    async fn summary(&self) -> Option<&str> {
        self.0.summary.as_deref()
    }

    /// Full description in Markdown, as the provider wrote it. Never treat it as trusted HTML. Null if not stated.
    async fn description(&self, ctx: &Context<'_>) -> Option<Result<Cow<'_, str>>> {
        match &self.0.description {
            Some(text) => Some(Ok(Cow::Borrowed(text))),
            None => {
                let text = ctx.load(DescriptionOf(self.0.id)).await.map_err(Into::into).transpose()?;
                Some(text.map(|text| Cow::Owned(text.as_ref().to_owned())))
            }
        }
    }

    /// Kind of the course.
    async fn kind(&self) -> CourseKind {
        self.0.kind.into()
    }

    /// Level of the intended audience. Null if the provider does not state it.
    async fn level(&self) -> Option<Level> {
        self.0.level.map(Into::into)
    }

    /// Status of the listing. A retired course can be found by slug or ID, but does not appear in lists and searches.
    async fn status(&self) -> ListingStatus {
        self.0.status.into()
    }

    /// Provider that offers the course.
    async fn provider(&self, ctx: &Context<'_>) -> Result<Provider> {
        let provider = ctx.dictionary().providers.get(self.0.provider_id).cloned();
        Ok(provider.map(Provider).ok_or_else(|| AppError::internal("a course without provider"))?)
    }

    /// Partner providers, e.g. the university behind a course on a platform. A partner that has not accepted the
    /// partnership is visible only to the members and service tokens of both providers, and to staff. Empty if none is
    /// stated.
    async fn partners(&self, ctx: &Context<'_>) -> Result<Vec<Provider>> {
        let links = ConsentLinks::load(ctx, (Link::Partner, Link::NamedPartner), self.0.id).await?;
        let partners = ctx.dictionary().providers.all(links.ids()).into_iter().filter(|partner| partner.is_public());
        let shown = partners.filter(|row| links.is_accepted(row.row.id) || self.is_open_to_either(ctx, row.row.id));
        Ok(shown.map(Provider).collect())
    }

    /// Formats in which the course is taught. Empty if not stated.
    async fn formats(&self) -> Vec<Format> {
        members::<StoredFormat, _>(self.0.formats)
    }

    /// Schedules on which the course is taught. Empty if not stated.
    async fn schedules(&self) -> Vec<Schedule> {
        members::<StoredSchedule, _>(self.0.schedules)
    }

    /// Languages in which the course is taught. Empty if not stated.
    async fn languages(&self) -> Vec<LanguageCode> {
        derived::languages(&self.0).map(|tag| LanguageCode(tag.to_owned())).collect()
    }

    /// Length of the course. Null if not stated.
    async fn duration(&self) -> Option<Duration> {
        Duration::of(&self.0)
    }

    /// One-off price of the course; 0 if it is free. Null if it is a subscription, or if no price is stated.
    async fn price(&self) -> Option<Money> {
        derived::price(&self.0).map(Money)
    }

    /// Pricing of the course. Null if not stated.
    async fn pricing(&self) -> Option<Pricing> {
        Pricing::of(&self.0)
    }

    /// Ways to pay for the course. Empty if none is stated.
    async fn financing(&self, ctx: &Context<'_>) -> Result<Vec<FinancingPlan>> {
        let plans = ctx.load(FinancingOf(self.0.id)).await?.unwrap_or_default();
        Ok(plans.into_iter().map(FinancingPlan::from).collect())
    }

    /// Number of months within which learners can retake the course for free; 0 if they cannot. Null if not stated.
    async fn free_retake_within_months(&self) -> Option<i32> {
        self.0.free_retake_within_months
    }

    /// Whether learners get a certificate of completion. Null if not stated.
    async fn certificate_of_completion(&self) -> Option<bool> {
        self.0.certificate_of_completion
    }

    /// Number of one-to-one mentoring sessions included. Null if not stated.
    async fn mentoring_sessions(&self) -> Option<i32> {
        self.0.mentoring_sessions
    }

    /// Maximum number of learners in a class, 1 to 10,000. Null if not stated.
    async fn max_class_size(&self) -> Option<i32> {
        self.0.max_class_size
    }

    /// Whether the course prepares learners for a job search. Null if not stated.
    async fn job_preparation(&self) -> Option<bool> {
        self.0.job_preparation
    }

    /// Whether the provider guarantees a job or a refund. Null if not stated.
    async fn job_guarantee(&self) -> Option<bool> {
        self.0.job_guarantee
    }

    /// Whether learners leave with a portfolio of their own work. Null if not stated.
    async fn portfolio(&self) -> Option<bool> {
        self.0.portfolio
    }

    /// Subjects of the course.
    async fn subjects(&self, ctx: &Context<'_>) -> Result<Vec<Subject>> {
        let ids = linked(ctx, Link::Subject, self.0.id).await?;
        Ok(ctx.dictionary().subjects.all(&ids).into_iter().map(Subject).collect())
    }

    /// Skills that the course teaches.
    async fn skills(&self, ctx: &Context<'_>) -> Result<Vec<Skill>> {
        let ids = linked(ctx, Link::Skill, self.0.id).await?;
        Ok(ctx.dictionary().skills.all(&ids).into_iter().map(Skill).collect())
    }

    /// What learners need before they take the course.
    async fn prerequisites(&self) -> Prerequisites {
        Prerequisites(self.0.clone())
    }

    /// Courses that make up this one, in order. A unit of another provider that has not accepted the partnership is
    /// visible only to the members and service tokens of both providers, and to staff.
    async fn units(&self, ctx: &Context<'_>) -> Result<Vec<Course>> {
        self.load_named(ctx, (Link::Unit, Link::NamedUnit)).await
    }

    /// Courses that contain this one as a unit, at most 100. A course of another provider is visible to everyone once the provider
    /// of this course has accepted the partnership; until then only to the members and service tokens of both
    /// providers, and to staff.
    async fn part_of(&self, ctx: &Context<'_>) -> Result<Vec<Course>> {
        self.load_named(ctx, (Link::PartOf, Link::NamedPartOf)).await
    }

    /// Certifications that the course prepares for or ends with.
    async fn certifications(&self, ctx: &Context<'_>) -> Result<Vec<Certification>> {
        Ok(Certification::listed(ctx, &linked(ctx, Link::Certification, self.0.id).await?))
    }

    /// Careers that the course leads to.
    async fn careers(&self, ctx: &Context<'_>) -> Result<Vec<Career>> {
        let ids = linked(ctx, Link::Career, self.0.id).await?;
        Ok(ctx.dictionary().careers.all(&ids).into_iter().map(Career).collect())
    }

    /// Awards that the course has won.
    async fn awards(&self, ctx: &Context<'_>) -> Result<Vec<Award>> {
        let awards = ctx.load(AwardsOf(self.0.id)).await?.unwrap_or_default();
        Ok(awards.into_iter().map(Award::from).collect())
    }

    /// Review fields.
    #[graphql(flatten)]
    async fn reviewed(&self) -> CourseReviews {
        CourseReviews(self.0.id)
    }

    /// Documents from which the facts of the listing were taken.
    async fn sources(&self, ctx: &Context<'_>) -> Result<Vec<Source>> {
        Ok(sources(ctx, SourcesOf::Course(self.0.id)).await?)
    }

    /// Structured data for search engines.
    #[graphql(flatten)]
    async fn to_search_engines(&self) -> CourseJsonLd<'_> {
        CourseJsonLd(self)
    }

    /// Web page that describes the course and takes bookings. Null if not stated.
    async fn url(&self) -> Option<WebAddress> {
        self.0.url.clone().map(WebAddress)
    }

    /// Version of the listing, incremented by every change. Pass it as `expectedVersion` when you update.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// Time at which the listing was created.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// Time of the last change to the listing.
    async fn updated_at(&self) -> DateTime {
        DateTime(self.0.updated_at)
    }

    /// Time of publication; the most recent one if the course was unpublished in between. Null if it was never
    /// published.
    async fn published_at(&self) -> Option<DateTime> {
        self.0.published_at.map(DateTime)
    }

    /// Cost fields.
    #[graphql(flatten)]
    async fn costing(&self) -> CourseCosts {
        CourseCosts(self.clone())
    }

    /// Outcome fields.
    #[graphql(flatten)]
    async fn outcomes(&self) -> CourseOutcomes {
        CourseOutcomes(self.clone())
    }

    /// Fields that help learners choose.
    #[graphql(flatten)]
    async fn learner_fields(&self) -> LearnerFields {
        LearnerFields(self.clone())
    }

    /// Fields that only the provider and staff can see.
    #[graphql(flatten)]
    async fn private_fields(&self) -> PrivateFields {
        PrivateFields(self.clone())
    }
}
