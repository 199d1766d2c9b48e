//! Certifications as the API shows them.

use std::sync::Arc;

use async_graphql::{Context, ID, Object};
use entity::{ListingStatus as StoredStatus, ListingType};

use crate::career::{Career, SkillGap, gaps};
use crate::course::inputs::CourseOrder;
use crate::course::{Course, page_of, under};
use crate::dictionary::{self, Dictionary};
use crate::error::Result;
use crate::graphql::connection::Connection;
use crate::graphql::context::InRequest;
use crate::graphql::enums::{CertificationKind, ListingStatus};
use crate::graphql::ids::{NodeKind, global_id};
use crate::graphql::scalars::WebAddress;
use crate::graphql::shapes::{Money, Source};
use crate::history::{HistoryEntry, history};
use crate::matching::inputs::SkillKnown;
use crate::paging::page::PageArguments;
use crate::provider::Provider;
use crate::sources::{SourcesOf, sources};
use crate::taxonomy::Skill;

/// What an issuer attests to whoever passes.
#[derive(Clone)]
pub struct Certification(pub Arc<dictionary::Certification>);

impl Certification {
    /// The certification of this row, if the caller may see it.
    pub fn visible(ctx: &Context<'_>, id: i64) -> Option<Self> {
        let row = Certification(ctx.dictionary().certifications.get(id)?.clone());
        row.is_visible(ctx).then_some(row)
    }

    /// Whether the caller may see it: a draft only on the inside of its issuer, or of another issuer of its name.
    pub fn is_visible(&self, ctx: &Context<'_>) -> bool {
        let inside = ctx.caller().sees_inside(self.0.row.issuer_id);
        if self.0.row.status == StoredStatus::Draft {
            return inside || self.established(ctx.dictionary()).any(|row| ctx.caller().sees_inside(row.row.issuer_id));
        }
        inside || self.0.is_public(ctx.dictionary())
    }

    /// Those of them that the public knows: who has only a draft of a name learns nothing of the drafts of others.
    fn established<'a>(
        &'a self,
        dictionary: &'a Dictionary,
    ) -> impl Iterator<Item = &'a Arc<dictionary::Certification>> {
        self.others(dictionary).filter(|row| row.is_public(dictionary))
    }

    /// The certifications of other issuers that have its name.
    fn others<'a>(&'a self, dictionary: &'a Dictionary) -> impl Iterator<Item = &'a Arc<dictionary::Certification>> {
        let same = dictionary.certifications_of_name.get(&self.0.skeleton).map_or(&[][..], Vec::as_slice);
        let same = same.iter().filter_map(|id| dictionary.certifications.get(*id));
        same.filter(|row| row.row.issuer_id != self.0.row.issuer_id)
    }

    /// Those of these rows that may stand in lists.
    pub fn listed(ctx: &Context<'_>, ids: &[i64]) -> Vec<Self> {
        let dictionary = ctx.dictionary();
        let rows = dictionary.certifications.all(ids).into_iter().filter(|row| row.is_listed(dictionary));
        rows.map(Certification).collect()
    }
}

/// What an issuer attests to whoever passes.
#[Object]
impl Certification {
    /// Its global id.
    pub(crate) async fn id(&self) -> ID {
        global_id(NodeKind::Certification, self.0.row.id)
    }

    /// Its slug, which filters take.
    async fn slug(&self) -> &str {
        &self.0.row.slug
    }

    /// Its name.
    async fn name(&self) -> &str {
        &self.0.row.name
    }

    /// What kind of certification it is.
    async fn kind(&self) -> CertificationKind {
        self.0.row.kind.into()
    }

    /// Where the listing stands. A draft is seen by members of its issuer, by those of another issuer of the same name, and
    /// by staff. A retired certification is found by slug or ID and nowhere else.
    async fn status(&self) -> ListingStatus {
        self.0.row.status.into()
    }

    /// Certifications of other issuers whose name is or looks the same, at most 20: those that the caller may see. A DRAFT
    /// among them waits for this issuer's owner or staff; see publishCertification.
    async fn namesakes(&self, ctx: &Context<'_>) -> Vec<Certification> {
        let others = self.others(ctx.dictionary()).cloned().map(Certification);
        others.filter(|row| row.is_visible(ctx)).take(20).collect()
    }

    /// Who issues it.
    async fn issuer(&self, ctx: &Context<'_>) -> Result<Provider> {
        Provider::of(ctx, self.0.row.issuer_id).await
    }

    /// What it is, in Markdown; null where it is not stated.
    async fn description(&self) -> Option<&str> {
        self.0.row.description.as_deref()
    }

    /// What the examination costs; null where it is not stated.
    async fn exam_fee(&self) -> Option<Money> {
        Money::stored(self.0.row.exam_fee, self.0.row.exam_fee_currency.as_deref())
    }

    /// After how many months it must be renewed; null where it is not stated.
    async fn valid_for_months(&self) -> Option<i32> {
        self.0.row.valid_for_months
    }

    /// The skills it attests.
    async fn skills(&self, ctx: &Context<'_>) -> Vec<Skill> {
        ctx.dictionary().skills.all(&self.0.skills).into_iter().map(Skill).collect()
    }

    /// The skills it attests that somebody still has to learn, each with the courses that teach it.
    async fn gaps(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            default,
            desc = "The skills that they know, at most 100. A certification does not say how well a skill must be held, so \
                    that it is known at every level."
        )]
        knows: Vec<SkillKnown>,
    ) -> Result<Vec<SkillGap>> {
        gaps(ctx, &self.0.skills, &knows)
    }

    /// The careers it serves.
    async fn careers(&self, ctx: &Context<'_>) -> Vec<Career> {
        ctx.dictionary().careers.all(&self.0.careers).into_iter().map(Career).collect()
    }

    /// The published courses that prepare for it.
    async fn courses(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The order; by rating where it is not given.")] order_by: Option<CourseOrder>,
        #[graphql(desc = "How many, 1 to 100; 20 where it is not given.")] first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
    ) -> Result<Connection<Course>> {
        let condition = under(ctx, |fields| fields.certification, self.0.row.id);
        page_of(ctx, "certification.courses", condition, order_by, PageArguments::forward(first, after)).await
    }

    /// Where it is described; null where it is not stated.
    async fn url(&self) -> Option<WebAddress> {
        self.0.row.url.clone().map(WebAddress)
    }

    /// The documents that its facts were taken from.
    async fn sources(&self, ctx: &Context<'_>) -> Result<Vec<Source>> {
        sources(ctx, SourcesOf::Certification(self.0.row.id)).await
    }

    /// What was done to it, by whom and when, the newest first; for its issuer's members and staff only, null for everyone
    /// else.
    async fn history(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many, 1 to 100; 20 where it is not given.")] first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
    ) -> Option<Result<Connection<HistoryEntry>>> {
        let listing = (ListingType::Certification, self.0.row.id);
        history(ctx, self.0.row.issuer_id, listing, PageArguments::forward(first, after)).await
    }

    /// Raised with every change of the listing, from 1.
    async fn version(&self) -> i32 {
        self.0.row.version
    }
}
