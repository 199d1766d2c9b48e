//! Providers as the API shows them.

use std::sync::Arc;

use async_graphql::{Context, ID, Object};
use entity::{Format as StoredFormat, ListingStatus as StoredStatus, ListingType, Schedule as StoredSchedule};

use super::names::{NameRequest, look_alikes};
use super::parts::{Licence, ProviderPolicies, location};
use crate::certification::Certification;
use crate::course::inputs::CourseOrder;
use crate::course::{Course, listings, page_of, under};
use crate::dictionary;
use crate::error::{AppError, Result};
use crate::graphql::connection::Connection;
use crate::graphql::context::InRequest;
use crate::graphql::enums::{Format, ListingStatus, ProviderKind, ProviderStatus, Schedule, members};
use crate::graphql::ids::{NodeKind, global_id};
use crate::graphql::loaders::Load;
use crate::graphql::scalars::{DateTime, WebAddress};
use crate::graphql::shapes::{Location, Source};
use crate::graphql::writing::Writing;
use crate::history::{HistoryEntry, history};
use crate::json_ld::ProviderJsonLd;
use crate::member::{self, Invitation, Membership, ServiceToken};
use crate::outcome::{self, OutcomeReport};
use crate::paging::cursor::Key;
use crate::paging::list::{Direction, Item, cut};
use crate::paging::page::PageArguments;
use crate::partnership::{Partnership, PartnershipStatus, partnerships};
use crate::rating::{RatingOf, RatingSummary};
use crate::review::ProviderChecks;
use crate::sources::{SourcesOf, sources};
use crate::text::fold;

/// Who offers courses or issues certifications.
#[derive(Clone)]
pub struct Provider(pub Arc<dictionary::Provider>);

impl Provider {
    /// The provider of this row, where the caller may see it: everyone may, unless it is PENDING.
    pub fn visible(ctx: &Context<'_>, id: i64) -> Option<Self> {
        let row = ctx.dictionary().providers.get(id)?;
        (row.is_public() || ctx.caller().sees_inside(id)).then(|| Provider(row.clone()))
    }

    /// The provider that something belongs to. One that another process has registered just now is in the database before
    /// it is in what this process serves from.
    pub async fn of(ctx: &Context<'_>, id: i64) -> Result<Self> {
        if let Some(known) = ctx.dictionary().providers.get(id) {
            return Ok(Provider(known.clone()));
        }
        let found = dictionary::provider(ctx.primary(), id).await?;
        found.map(Provider).ok_or_else(|| AppError::internal("something belongs to a provider that is not there"))
    }
}

/// Who offers courses or issues certifications.
#[Object]
impl Provider {
    /// Its global id.
    pub(crate) async fn id(&self) -> ID {
        global_id(NodeKind::Provider, self.0.row.id)
    }

    /// Its slug: lower-case ASCII, unique among providers. It stays when the name changes; an old one goes on resolving.
    async fn slug(&self) -> &str {
        &self.0.row.slug
    }

    /// Its name.
    async fn name(&self) -> &str {
        &self.0.row.name
    }

    /// Name and slug that the provider asks for and that wait for staff. Until then the old ones are shown. Null if none wait,
    /// and for everyone but its members and staff.
    async fn name_request(&self, ctx: &Context<'_>) -> Option<NameRequest> {
        let inside = ctx.caller().sees_inside(self.0.row.id);
        self.0.name_request.as_ref().filter(|_| inside).map(NameRequest::of)
    }

    /// Other providers, at most 20, whose name or slug is the same as one of this provider or looks like it; the name and slug
    /// that it asks for count too. Case, width, accents, spaces, punctuation and look-alike letters make no difference. For
    /// staff only, null for everyone else.
    async fn look_alikes(&self, ctx: &Context<'_>) -> Option<Vec<Provider>> {
        ctx.caller().is_staff().then(|| look_alikes(ctx.dictionary(), &self.0))
    }

    /// What it is.
    async fn kind(&self) -> ProviderKind {
        self.0.row.kind.into()
    }

    /// Whether its listings are shown.
    async fn status(&self) -> ProviderStatus {
        self.0.row.status.into()
    }

    /// What it is, in Markdown, served as the provider wrote it and never as trusted HTML; null where not stated.
    async fn description(&self) -> Option<&str> {
        self.0.row.description.as_deref()
    }

    /// Its own pages; null where not stated.
    async fn url(&self) -> Option<WebAddress> {
        self.0.row.url.clone().map(WebAddress)
    }

    /// What it says to search engines.
    #[graphql(flatten)]
    async fn to_search_engines(&self) -> ProviderJsonLd<'_> {
        ProviderJsonLd(self)
    }

    /// Its logo; null where not stated.
    async fn logo(&self) -> Option<WebAddress> {
        self.0.row.logo.clone().map(WebAddress)
    }

    /// Where it is; the first is its seat. Empty where not stated.
    async fn locations(&self) -> Vec<Location> {
        self.0.locations.iter().map(location).collect()
    }

    /// The licences it teaches under. Empty where none is stated.
    async fn licences(&self) -> Vec<Licence> {
        self.0.licences.iter().map(Licence::of).collect()
    }

    /// What holds for all of its courses.
    async fn policies(&self) -> ProviderPolicies {
        ProviderPolicies::of(&self.0.row)
    }

    /// What else is to be known of it; null where nothing.
    async fn note(&self) -> Option<&str> {
        self.0.row.note.as_deref()
    }

    /// How its courses are held: over its published courses and its own statement. Empty where nobody states it.
    async fn formats(&self, ctx: &Context<'_>) -> Result<Vec<Format>> {
        let figures = ctx.search().figures()?;
        Ok(members::<StoredFormat, _>(self.0.row.formats | figures.formats(self.0.row.id)))
    }

    /// When its courses are held: over its published courses and its own statement. Empty where nobody states it.
    async fn schedules(&self, ctx: &Context<'_>) -> Result<Vec<Schedule>> {
        let figures = ctx.search().figures()?;
        Ok(members::<StoredSchedule, _>(self.0.row.schedules | figures.schedules(self.0.row.id)))
    }

    /// Its published courses. To narrow them: Query.courses with filter.provider.
    #[allow(clippy::too_many_arguments, reason = "a connection takes four")]
    async fn courses(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The order; by rating where it is not given.")] order_by: Option<CourseOrder>,
        #[graphql(desc = "How many from the start, 1 to 100; 20 where neither first nor last is given.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100; not together with first.")] last: Option<i32>,
        #[graphql(desc = "Only those before this cursor.")] before: Option<String>,
    ) -> Result<Connection<Course>> {
        let page = PageArguments { first, after, last, before };
        let condition = under(ctx, |fields| fields.provider, self.0.row.id);
        page_of(ctx, "provider.courses", condition, order_by, page).await
    }

    /// All its listings by title, drafts and retired ones too; for its members and staff only, null for everyone else.
    async fn listings(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only those that stand at one of these.")] status: Option<Vec<ListingStatus>>,
        #[graphql(desc = "How many, 1 to 100; 20 where it is not given.")] first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
    ) -> Option<Result<Connection<Course>>> {
        if !ctx.caller().sees_inside(self.0.row.id) {
            return None;
        }
        let status = status.map(|any| any.into_iter().map(Into::into).collect());
        Some(listings(ctx, self.0.row.id, status, PageArguments::forward(first, after)).await)
    }

    /// What was done to it, by whom and when, the newest first; for its members and staff only, null for everyone else.
    async fn history(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many, 1 to 100; 20 where it is not given.")] first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
    ) -> Option<Result<Connection<HistoryEntry>>> {
        let id = self.0.row.id;
        history(ctx, id, (ListingType::Provider, id), PageArguments::forward(first, after)).await
    }

    /// The published courses of others that it stands behind.
    async fn partner_courses(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many, 1 to 100; 20 where it is not given.")] first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
    ) -> Result<Connection<Course>> {
        let condition = under(ctx, |fields| fields.partner, self.0.row.id);
        page_of(
            ctx,
            "provider.partnerCourses",
            condition,
            Some(CourseOrder::by_title()),
            PageArguments::forward(first, after),
        )
        .await
    }

    /// Partnerships of the provider, newest first: those that courses of others ask it for, and those that its own courses
    /// ask others for. A course that is not public is listed for its own provider and staff only. Null unless the caller is a
    /// member or belongs to staff.
    async fn partnerships(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only those with one of these statuses.")] status: Option<Vec<PartnershipStatus>>,
        #[graphql(desc = "How many, 1 to 100; 20 where it is not given.")] first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
    ) -> Option<Result<Connection<Partnership>>> {
        if !ctx.caller().sees_inside(self.0.row.id) {
            return None;
        }
        let status = status.map(|any| any.into_iter().map(Into::into).collect());
        Some(partnerships(ctx, self.0.row.id, status, PageArguments::forward(first, after)).await)
    }

    /// Certifications that the provider issues, by name. Its members and staff get drafts and retired ones too.
    async fn certifications(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many, 1 to 100; 20 where it is not given.")] first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
    ) -> Result<Connection<Certification>> {
        const LIST: &str = "certifications";
        let page = PageArguments::forward(first, after).check(LIST)?;
        let ids = ctx.dictionary().certifications_of_issuer.get(&self.0.row.id).map_or(&[][..], Vec::as_slice);
        let inside = ctx.caller().sees_inside(self.0.row.id);
        let rows = ctx.dictionary().certifications.all(ids).into_iter();
        let rows = rows.filter(|row| inside || row.row.status == StoredStatus::Published);
        let items =
            rows.map(|row| Item { key: Key::Text(fold(&row.row.name)), id: row.row.id, node: Certification(row) });
        Ok(cut(LIST, &page, Direction::Asc, items.collect()))
    }

    /// What it reports of those who took its published courses, the newest period first. For its members and staff withdrawn
    /// reports come too, and those of all its courses.
    async fn outcome_reports(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many, 1 to 100; 20 where it is not given.")] first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
    ) -> Result<Connection<OutcomeReport>> {
        outcome::of_provider(ctx, &self.0, PageArguments::forward(first, after)).await
    }

    /// What it is asked.
    #[graphql(flatten)]
    async fn asked(&self) -> ProviderChecks {
        ProviderChecks(self.0.row.id)
    }

    /// The figures of all reviews of its courses.
    async fn ratings(&self, ctx: &Context<'_>) -> Result<RatingSummary> {
        Ok(ctx.load(RatingOf::Provider(self.0.row.id)).await?.unwrap_or_else(RatingSummary::empty))
    }

    /// Its members, the first first; null unless one is a member or belongs to the staff.
    async fn members(&self, ctx: &Context<'_>) -> Option<Result<Vec<Membership>>> {
        member::members(ctx, self.0.row.id).await.transpose()
    }

    /// The invitations that can still be accepted; null unless one is a member or belongs to the staff.
    async fn invitations(&self, ctx: &Context<'_>) -> Option<Result<Vec<Invitation>>> {
        member::invitations(ctx, self.0.row.id).await.transpose()
    }

    /// What its own systems sign in with: the newest 100, also those that are good no more; null unless one is a member or
    /// belongs to the staff.
    async fn service_tokens(&self, ctx: &Context<'_>) -> Option<Result<Vec<ServiceToken>>> {
        member::service_tokens(ctx, self.0.row.id).await.transpose()
    }

    /// The documents that its facts were taken from.
    async fn sources(&self, ctx: &Context<'_>) -> Result<Vec<Source>> {
        sources(ctx, SourcesOf::Provider(self.0.row.id)).await
    }

    /// Raised with every change of the listing, from 1.
    async fn version(&self) -> i32 {
        self.0.row.version
    }

    /// When the listing was last changed.
    async fn updated_at(&self) -> DateTime {
        DateTime(self.0.row.updated_at)
    }
}
