//! Certifications as the API shows them.

use std::sync::Arc;

use async_graphql::{Context, ID, Object};
use catalog::dictionary;
use catalog::dictionary::Dictionary;
use entity::{ListingStatus as StoredStatus, ListingType};
use search::paging::page::PageArguments;

use crate::graphql::career::{Career, SkillGap, gaps};
use crate::graphql::connection::Connection;
use crate::graphql::connection::Listed;
use crate::graphql::context::ContextExt;
use crate::graphql::course::inputs::CourseOrder;
use crate::graphql::course::{Course, has_id, page_of};
use crate::graphql::enums::{CertificationKind, ListingStatus};
use crate::graphql::error::Result;
use crate::graphql::history::{HistoryEntry, history};
use crate::graphql::ids::{NodeKind, global_id};
use crate::graphql::matching::inputs::SkillKnown;
use crate::graphql::provider::Provider;
use crate::graphql::scalars::WebAddress;
use crate::graphql::shapes::{Money, Source};
use crate::graphql::sources::{SourcesOf, sources};
use crate::graphql::taxonomy::Skill;

/// Qualification that an issuer awards to those who pass.
#[derive(Clone)]
pub struct Certification(pub Arc<dictionary::Certification>);

impl Listed for Certification {
    const NAME: &'static str = "Certification";
}

impl Certification {
    /// Returns the certification of this row if the caller may see it.
    pub fn visible(ctx: &Context<'_>, id: i64) -> Option<Self> {
        let row = Certification(ctx.dictionary().certifications.get(id)?.clone());
        row.is_visible(ctx).then_some(row)
    }

    /// Whether the caller may see the certification. A draft is visible inside its issuer, and inside other issuers
    /// that have a public certification of the same name.
    pub fn is_visible(&self, ctx: &Context<'_>) -> bool {
        let inside = ctx.caller().can_see_private(self.0.row.issuer_id);
        if self.0.row.status == StoredStatus::Draft {
            return inside
                || self.established(ctx.dictionary()).any(|row| ctx.caller().can_see_private(row.row.issuer_id));
        }
        inside || self.0.is_public(ctx.dictionary())
    }

    /// Returns the public ones of `others`: an issuer that only has a draft of a name must not learn of the drafts of
    /// others.
    fn established<'a>(
        &'a self,
        dictionary: &'a Dictionary,
    ) -> impl Iterator<Item = &'a Arc<dictionary::Certification>> {
        self.others(dictionary).filter(|row| row.is_public(dictionary))
    }

    /// Returns the certifications of other issuers with the same name.
    fn others<'a>(&'a self, dictionary: &'a Dictionary) -> impl Iterator<Item = &'a Arc<dictionary::Certification>> {
        let same = dictionary.certifications_of_name.get(&self.0.skeleton).map_or(&[][..], Vec::as_slice);
        let same = same.iter().filter_map(|id| dictionary.certifications.get(*id));
        same.filter(|row| row.row.issuer_id != self.0.row.issuer_id)
    }

    /// Returns those of these certifications that appear in lists.
    pub fn listed(ctx: &Context<'_>, ids: &[i64]) -> Vec<Self> {
        let dictionary = ctx.dictionary();
        let rows = dictionary.certifications.all(ids).into_iter().filter(|row| row.is_listed(dictionary));
        rows.map(Certification).collect()
    }
}

/// Qualification that an issuer awards to those who pass.
#[Object]
impl Certification {
    /// Global ID of the certification.
    pub(crate) async fn id(&self) -> ID {
        global_id(NodeKind::Certification, self.0.row.id)
    }

    /// Slug of the certification, as filters take it.
    async fn slug(&self) -> &str {
        &self.0.row.slug
    }

    /// Name of the certification.
    async fn name(&self) -> &str {
        &self.0.row.name
    }

    /// Kind of certification.
    async fn kind(&self) -> CertificationKind {
        self.0.row.kind.into()
    }

    /// Status of the listing. A draft is visible to members of its issuer, to members of other issuers that have a
    /// public certification of the same name, and to staff. A retired certification can be looked up by slug or ID, but
    /// appears nowhere else.
    async fn status(&self) -> ListingStatus {
        self.0.row.status.into()
    }

    /// Certifications of other issuers whose name equals or resembles this one, at most 20. Returns only those that the
    /// caller may see. A DRAFT among them waits for an owner of this issuer or for staff, see `publishCertification`.
    async fn namesakes(&self, ctx: &Context<'_>) -> Vec<Certification> {
        let others = self.others(ctx.dictionary()).cloned().map(Certification);
        others.filter(|row| row.is_visible(ctx)).take(20).collect()
    }

    /// Provider that issues the certification.
    async fn issuer(&self, ctx: &Context<'_>) -> Result<Provider> {
        Provider::of(ctx, self.0.row.issuer_id).await
    }

    /// Description in Markdown. Null if not stated.
    async fn description(&self) -> Option<&str> {
        self.0.row.description.as_deref()
    }

    /// Fee for the examination. Null if not stated.
    async fn exam_fee(&self) -> Option<Money> {
        Money::stored(self.0.row.exam_fee, self.0.row.exam_fee_currency.as_deref())
    }

    /// Number of months after which the certification must be renewed. Null if not stated.
    async fn valid_for_months(&self) -> Option<i32> {
        self.0.row.valid_for_months
    }

    /// Skills that the certification attests.
    async fn skills(&self, ctx: &Context<'_>) -> Vec<Skill> {
        ctx.dictionary().skills.all(&self.0.skills).into_iter().map(Skill).collect()
    }

    /// Skills that the certification attests and the learner does not have yet, each with the courses that teach it.
    async fn gaps(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            default,
            desc = "Skills that the learner has, at most 100. Levels are ignored, because a certification does not \
                    state which level of a skill it requires."
        )]
        knows: Vec<SkillKnown>,
    ) -> Result<Vec<SkillGap>> {
        gaps(ctx, &self.0.skills, &knows)
    }

    /// Careers that the certification is useful for.
    async fn careers(&self, ctx: &Context<'_>) -> Vec<Career> {
        ctx.dictionary().careers.all(&self.0.careers).into_iter().map(Career).collect()
    }

    /// Published courses that prepare for the certification.
    async fn courses(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Order of the courses. Defaults to RATING, best first.")] order_by: Option<CourseOrder>,
        #[graphql(desc = "Number of items to return, 1 to 100. Defaults to 20.")] first: Option<i32>,
        #[graphql(desc = "Returns only the items after this cursor.")] after: Option<String>,
    ) -> Result<Connection<Course>> {
        let condition = has_id(ctx, |fields| fields.certification, self.0.row.id);
        Ok(page_of(ctx, "certification.courses", condition, order_by, PageArguments::forward(first, after))
            .await?
            .into())
    }

    /// Web page about the certification. Null if not stated.
    async fn url(&self) -> Option<WebAddress> {
        self.0.row.url.clone().map(WebAddress)
    }

    /// Documents that the facts were taken from.
    async fn sources(&self, ctx: &Context<'_>) -> Result<Vec<Source>> {
        Ok(sources(ctx, SourcesOf::Certification(self.0.row.id)).await?)
    }

    /// Changes made to the certification, newest first, with their author and time. Null unless the caller is a member
    /// or service token of the issuer, or staff.
    async fn history(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Number of items to return, 1 to 100. Defaults to 20.")] first: Option<i32>,
        #[graphql(desc = "Returns only the items after this cursor.")] after: Option<String>,
    ) -> Option<Result<Connection<HistoryEntry>>> {
        let listing = (ListingType::Certification, self.0.row.id);
        history(ctx, self.0.row.issuer_id, listing, PageArguments::forward(first, after)).await
    }

    /// Version of the listing, starting at 1 and incremented by every change. Pass it as `expectedVersion` when you
    /// update.
    async fn version(&self) -> i32 {
        self.0.row.version
    }
}
