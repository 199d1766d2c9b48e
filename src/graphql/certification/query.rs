//! Queries for certifications.

use async_graphql::{Context, Object};
use search::DocKind;
use search::paging::page::PageArguments;

use super::inputs::{CertificationBy, CertificationFilter};
use super::types::Certification;
use crate::graphql::connection::Connection;
use crate::graphql::context::ContextExt;
use crate::graphql::error::Result;
use crate::graphql::ids::{NodeKind, row_of};
use crate::graphql::names::by_name;

/// Queries for certifications.
#[derive(Default)]
pub struct CertificationQuery;

/// Queries for certifications.
#[Object]
impl CertificationQuery {
    /// Returns a certification by ID or slug. Null if no such certification is visible.
    async fn certification(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "ID or slug of the certification.")] by: CertificationBy,
    ) -> Option<Result<Certification>> {
        let row = match by {
            CertificationBy::Id(id) => row_of(NodeKind::Certification, "by.id", &id),
            CertificationBy::Slug(slug) => Ok(ctx.dictionary().certifications.id_of(&slug)),
        };
        let found = row.map(|row| row.and_then(|id| Certification::visible(ctx, id)));
        found.map_err(Into::into).transpose()
    }

    /// Returns PUBLISHED certifications of ACTIVE issuers, by name. Staff can filter for other statuses too.
    #[allow(clippy::too_many_arguments, reason = "a connection takes four")]
    async fn certifications(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Search text, at most 200 characters. Returns only matching items.")] query: Option<String>,
        #[graphql(desc = "Conditions that the certifications must meet.")] filter: Option<CertificationFilter>,
        #[graphql(desc = "Number of items to return from the start, 1 to 100. Defaults to 20 if `last` is not given.")]
        first: Option<i32>,
        #[graphql(desc = "Returns only the items after this cursor.")] after: Option<String>,
        #[graphql(desc = "Number of items to return from the end, 1 to 100. Cannot be combined with `first`.")]
        last: Option<i32>,
        #[graphql(desc = "Returns only the items before this cursor.")] before: Option<String>,
    ) -> Result<Connection<Certification>> {
        let arguments = PageArguments { first, after, last, before };
        let (dictionary, filter) = (ctx.dictionary(), filter.unwrap_or_default());
        let text = query.as_deref().map(|text| (DocKind::Certification, text));
        // Staff can list certifications that wait for a decision. Without a status filter they get the same list as
        // everyone else.
        let everything = filter.status.is_some() && ctx.caller().is_staff();
        let keep = |row: &catalog::dictionary::Certification| {
            filter.holds(dictionary, row) && (everything || row.is_listed(dictionary))
        };
        Ok(by_name(ctx, "certifications", arguments, &dictionary.certifications, text, keep)?.map(Certification).into())
    }
}
