//! Providers as the API shows them.

use std::sync::Arc;

use async_graphql::{Context, ID, Object};
use catalog::dictionary;
use catalog::error::AppError;
use entity::{Format as StoredFormat, ListingStatus as StoredStatus, ListingType, Schedule as StoredSchedule};
use search::folding::fold;
use search::paging::cursor::Key;
use search::paging::list::{Direction, Item, cut};
use search::paging::page::PageArguments;

use super::names::{NameRequest, look_alikes};
use super::nested_types::{Licence, ProviderPolicies, location};
use crate::graphql::certification::Certification;
use crate::graphql::connection::Connection;
use crate::graphql::connection::Listed;
use crate::graphql::context::ContextExt;
use crate::graphql::course::inputs::CourseOrder;
use crate::graphql::course::{Course, has_id, listings, page_of};
use crate::graphql::enums::{Format, ListingStatus, ProviderKind, ProviderStatus, RecordOrigin, Schedule, members};
use crate::graphql::error::Result;
use crate::graphql::history::{HistoryEntry, history};
use crate::graphql::ids::{NodeKind, global_id};
use crate::graphql::json_ld::ProviderJsonLd;
use crate::graphql::loaders::Load;
use crate::graphql::member;
use crate::graphql::member::{Invitation, Membership, ServiceToken};
use crate::graphql::mutation_ext::MutationExt;
use crate::graphql::outcome;
use crate::graphql::outcome::OutcomeReport;
use crate::graphql::partnership::{Partnership, PartnershipStatus, partnerships};
use crate::graphql::rating::{RatingOf, RatingSummary};
use crate::graphql::review::ProviderChecks;
use crate::graphql::scalars::{DateTime, WebAddress};
use crate::graphql::shapes::{Location, Source};
use crate::graphql::sources::{SourcesOf, sources};

/// Organisation that offers courses or issues certifications.
#[derive(Clone)]
pub struct Provider(pub Arc<dictionary::Provider>);

impl Listed for Provider {
    const NAME: &'static str = "Provider";
}

impl Provider {
    /// Returns the provider of this row if the caller may see it. PENDING and REJECTED providers are visible to their
    /// members and staff only.
    pub fn visible(ctx: &Context<'_>, id: i64) -> Option<Self> {
        let row = ctx.dictionary().providers.get(id)?;
        (row.is_public() || ctx.caller().can_see_private(id)).then(|| Provider(row.clone()))
    }

    /// Returns the provider that something belongs to. Falls back to the database, because another process may have
    /// registered the provider after this one last updated its dictionary.
    pub async fn of(ctx: &Context<'_>, id: i64) -> Result<Self> {
        if let Some(known) = ctx.dictionary().providers.get(id) {
            return Ok(Provider(known.clone()));
        }
        let found = Box::pin(dictionary::provider(ctx.primary(), id)).await?;
        let missing = || AppError::internal("something belongs to a provider that is not there");
        Ok(Provider(found.ok_or_else(missing)?))
    }
}

/// Organisation that offers courses or issues certifications.
#[Object]
impl Provider {
    /// Global ID of the provider.
    pub(crate) async fn id(&self) -> ID {
        global_id(NodeKind::Provider, self.0.row.id)
    }

    /// Slug of the provider: lower-case ASCII, unique among providers. Stays the same when the name changes. Former
    /// slugs still resolve.
    async fn slug(&self) -> &str {
        &self.0.row.slug
    }

    /// Name of the provider.
    async fn name(&self) -> &str {
        &self.0.row.name
    }

    /// Name and slug that the provider has requested and staff have not decided on. Until then the current ones are
    /// shown. Null if there is no request, and for everyone but its members, its service tokens and staff.
    async fn name_request(&self, ctx: &Context<'_>) -> Option<NameRequest> {
        let inside = ctx.caller().can_see_private(self.0.row.id);
        self.0.name_request.as_ref().filter(|_| inside).map(NameRequest::of)
    }

    /// Other providers, at most 20, whose name or slug equals or resembles that of this provider. Counts its requested
    /// name and slug too. Ignores case, width, accents, spaces, punctuation and the difference between look-alike
    /// letters. Null for everyone but staff.
    async fn look_alikes(&self, ctx: &Context<'_>) -> Option<Vec<Provider>> {
        ctx.caller().is_staff().then(|| look_alikes(ctx.dictionary(), &self.0))
    }

    /// Kind of provider.
    async fn kind(&self) -> ProviderKind {
        self.0.row.kind.into()
    }

    /// Status of the provider, which decides whether its listings are shown.
    async fn status(&self) -> ProviderStatus {
        self.0.row.status.into()
    }

    /// Description in Markdown, as the provider wrote it. Do not trust it as HTML. Null if not stated.
    async fn description(&self) -> Option<&str> {
        self.0.row.description.as_deref()
    }

    /// Website of the provider. Null if not stated.
    async fn url(&self) -> Option<WebAddress> {
        self.0.row.url.clone().map(WebAddress)
    }

    /// Structured data for search engines.
    #[graphql(flatten)]
    async fn to_search_engines(&self) -> ProviderJsonLd<'_> {
        ProviderJsonLd(self)
    }

    /// Address of the logo. Null if not stated.
    async fn logo(&self) -> Option<WebAddress> {
        self.0.row.logo.clone().map(WebAddress)
    }

    /// Locations of the provider, headquarters first. Empty if not stated.
    async fn locations(&self) -> Vec<Location> {
        self.0.locations.iter().map(location).collect()
    }

    /// Licences under which the provider teaches. Empty if none is stated.
    async fn licences(&self) -> Vec<Licence> {
        self.0.licences.iter().map(Licence::of).collect()
    }

    /// Policies that apply to all courses of the provider.
    async fn policies(&self) -> ProviderPolicies {
        ProviderPolicies::of(&self.0.row)
    }

    /// Anything else worth knowing about the provider. Null if there is nothing.
    async fn note(&self) -> Option<&str> {
        self.0.row.note.as_deref()
    }

    /// Formats in which the provider teaches: those of its published courses and those it states itself. Empty if
    /// neither states any.
    async fn formats(&self, ctx: &Context<'_>) -> Result<Vec<Format>> {
        let figures = ctx.search().course_counts();
        Ok(members::<StoredFormat, _>(self.0.row.formats | figures.formats(self.0.row.id)))
    }

    /// Schedules on which the provider teaches: those of its published courses and those it states itself. Empty if
    /// neither states any.
    async fn schedules(&self, ctx: &Context<'_>) -> Result<Vec<Schedule>> {
        let figures = ctx.search().course_counts();
        Ok(members::<StoredSchedule, _>(self.0.row.schedules | figures.schedules(self.0.row.id)))
    }

    /// Published courses of the provider. To filter them, use `Query.courses` with `filter.provider`.
    #[allow(clippy::too_many_arguments, reason = "a connection takes four")]
    async fn courses(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Order of the courses. Defaults to RATING, best first.")] order_by: Option<CourseOrder>,
        #[graphql(desc = "Number of items to return from the start, 1 to 100. Defaults to 20 if `last` is not given.")]
        first: Option<i32>,
        #[graphql(desc = "Returns only the items after this cursor.")] after: Option<String>,
        #[graphql(desc = "Number of items to return from the end, 1 to 100. Cannot be combined with `first`.")]
        last: Option<i32>,
        #[graphql(desc = "Returns only the items before this cursor.")] before: Option<String>,
    ) -> Result<Connection<Course>> {
        let page = PageArguments { first, after, last, before };
        let condition = has_id(ctx, |fields| fields.provider, self.0.row.id);
        Ok(page_of(ctx, "provider.courses", condition, order_by, page).await?.into())
    }

    /// All course listings of the provider by title, including drafts and retired ones. Null unless the caller is a
    /// member or service token of the provider, or staff.
    async fn listings(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Returns only listings with one of these statuses.")] status: Option<Vec<ListingStatus>>,
        #[graphql(desc = "Number of items to return, 1 to 100. Defaults to 20.")] first: Option<i32>,
        #[graphql(desc = "Returns only the items after this cursor.")] after: Option<String>,
    ) -> Option<Result<Connection<Course>>> {
        if !ctx.caller().can_see_private(self.0.row.id) {
            return None;
        }
        let status = status.map(|any| any.into_iter().map(Into::into).collect());
        let page = listings(ctx, self.0.row.id, status, PageArguments::forward(first, after)).await;
        Some(page.map(Into::into).map_err(Into::into))
    }

    /// Changes made to the provider, newest first, with their author and time. Null unless the caller is a member or
    /// service token of the provider, or staff.
    async fn history(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Number of items to return, 1 to 100. Defaults to 20.")] first: Option<i32>,
        #[graphql(desc = "Returns only the items after this cursor.")] after: Option<String>,
    ) -> Option<Result<Connection<HistoryEntry>>> {
        let id = self.0.row.id;
        history(ctx, id, (ListingType::Provider, id), PageArguments::forward(first, after)).await
    }

    /// Published courses of other providers that list this provider as an accepted partner, by title.
    async fn partner_courses(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Number of items to return, 1 to 100. Defaults to 20.")] first: Option<i32>,
        #[graphql(desc = "Returns only the items after this cursor.")] after: Option<String>,
    ) -> Result<Connection<Course>> {
        let condition = has_id(ctx, |fields| fields.partner, self.0.row.id);
        Ok(page_of(
            ctx,
            "provider.partnerCourses",
            condition,
            Some(CourseOrder::by_title()),
            PageArguments::forward(first, after),
        )
        .await?
        .into())
    }

    /// Partnerships of the provider, newest first: those that courses of other providers propose to it, and those that
    /// its own courses propose to others. A partnership of a course that is not public is listed only for the provider
    /// of that course and staff. Null unless the caller is a member or service token of the provider, or staff.
    async fn partnerships(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Returns only partnerships with one of these statuses.")] status: Option<
            Vec<PartnershipStatus>,
        >,
        #[graphql(desc = "Number of items to return, 1 to 100. Defaults to 20.")] first: Option<i32>,
        #[graphql(desc = "Returns only the items after this cursor.")] after: Option<String>,
    ) -> Option<Result<Connection<Partnership>>> {
        if !ctx.caller().can_see_private(self.0.row.id) {
            return None;
        }
        let status = status.map(|any| any.into_iter().map(Into::into).collect());
        Some(
            partnerships(ctx, self.0.row.id, status, PageArguments::forward(first, after))
                .await
                .map(Into::into)
                .map_err(Into::into),
        )
    }

    /// Certifications that the provider issues, by name. Includes drafts and retired ones for its members, its service
    /// tokens and staff.
    async fn certifications(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Number of items to return, 1 to 100. Defaults to 20.")] first: Option<i32>,
        #[graphql(desc = "Returns only the items after this cursor.")] after: Option<String>,
    ) -> Result<Connection<Certification>> {
        const LIST: &str = "certifications";
        let page = PageArguments::forward(first, after).check(LIST)?;
        let ids = ctx.dictionary().certifications_of_issuer.get(&self.0.row.id).map_or(&[][..], Vec::as_slice);
        let inside = ctx.caller().can_see_private(self.0.row.id);
        let rows = ctx.dictionary().certifications.all(ids).into_iter();
        let rows = rows.filter(|row| inside || row.row.status == StoredStatus::Published);
        let items =
            rows.map(|row| Item { key: Key::Text(fold(&row.row.name)), id: row.row.id, node: Certification(row) });
        Ok(cut(LIST, &page, Direction::Asc, items.collect()).into())
    }

    /// Outcome reports on published courses of the provider, latest period first. For its members, its service tokens
    /// and staff, includes withdrawn reports and reports on all its courses.
    async fn outcome_reports(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Where the reports come from. If left out, only those that the provider published here.")]
        origin: Option<Vec<RecordOrigin>>,
        #[graphql(desc = "Number of items to return, 1 to 100. Defaults to 20.")] first: Option<i32>,
        #[graphql(desc = "Returns only the items after this cursor.")] after: Option<String>,
    ) -> Result<Connection<OutcomeReport>> {
        Ok(outcome::of_provider(ctx, &self.0, origin.as_deref(), PageArguments::forward(first, after)).await?.into())
    }

    /// Enrolment checks sent to the provider.
    #[graphql(flatten)]
    async fn asked(&self) -> ProviderChecks {
        ProviderChecks(self.0.row.id)
    }

    /// Summary of all reviews of the provider's courses.
    async fn ratings(&self, ctx: &Context<'_>) -> Result<RatingSummary> {
        Ok(ctx.load(RatingOf::Provider(self.0.row.id)).await?.unwrap_or_else(RatingSummary::empty))
    }

    /// Members of the provider, oldest membership first. Null unless the caller is a member or service token of the
    /// provider, or staff.
    async fn members(&self, ctx: &Context<'_>) -> Option<Result<Vec<Membership>>> {
        member::members(ctx, self.0.row.id).await.map_err(Into::into).transpose()
    }

    /// Invitations that can still be accepted. Null unless the caller is a member or service token of the provider, or
    /// staff.
    async fn invitations(&self, ctx: &Context<'_>) -> Option<Result<Vec<Invitation>>> {
        member::invitations(ctx, self.0.row.id).await.map_err(Into::into).transpose()
    }

    /// Tokens with which the provider's own systems sign in: the newest 100, including expired and revoked ones. Null
    /// unless the caller is a member or service token of the provider, or staff.
    async fn service_tokens(&self, ctx: &Context<'_>) -> Option<Result<Vec<ServiceToken>>> {
        member::service_tokens(ctx, self.0.row.id).await.map_err(Into::into).transpose()
    }

    /// Documents that the facts were taken from.
    async fn sources(&self, ctx: &Context<'_>) -> Result<Vec<Source>> {
        Ok(sources(ctx, SourcesOf::Provider(self.0.row.id)).await?)
    }

    /// Version of the listing, starting at 1 and incremented by every change. Pass it as `expectedVersion` when you
    /// update.
    async fn version(&self) -> i32 {
        self.0.row.version
    }

    /// Time when the listing was last changed.
    async fn updated_at(&self) -> DateTime {
        DateTime(self.0.row.updated_at)
    }
}
