//! Queries on certifications.

use async_graphql::{Context, Object};

use super::inputs::{CertificationBy, CertificationFilter};
use super::types::Certification;
use crate::error::Result;
use crate::graphql::connection::Connection;
use crate::graphql::context::InRequest;
use crate::graphql::ids::{NodeKind, row_of};
use crate::graphql::names::by_name;
use crate::paging::page::PageArguments;
use crate::search::DocKind;

/// Queries on certifications.
#[derive(Default)]
pub struct CertificationQuery;

/// Queries on certifications.
#[Object]
impl CertificationQuery {
    /// One certification; null where there is none.
    async fn certification(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] by: CertificationBy,
    ) -> Option<Result<Certification>> {
        let row = match by {
            CertificationBy::Id(id) => row_of(NodeKind::Certification, "by.id", &id),
            CertificationBy::Slug(slug) => Ok(ctx.dictionary().certifications.id_of(&slug)),
        };
        row.map(|row| row.and_then(|id| Certification::visible(ctx, id))).transpose()
    }

    /// Certifications by name.
    #[allow(clippy::too_many_arguments, reason = "a connection takes four")]
    async fn certifications(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only those that this text finds, at most 200 characters.")] query: Option<String>,
        #[graphql(desc = "Only those that meet all of this.")] filter: Option<CertificationFilter>,
        #[graphql(desc = "How many from the start, 1 to 100; 20 where neither first nor last is given.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100; not together with first.")] last: Option<i32>,
        #[graphql(desc = "Only those before this cursor.")] before: Option<String>,
    ) -> Result<Connection<Certification>> {
        let arguments = PageArguments { first, after, last, before };
        let (dictionary, filter) = (ctx.dictionary(), filter.unwrap_or_default());
        let text = query.as_deref().map(|text| (DocKind::Certification, text));
        // Staff find what waits for them; without a status they get what everyone gets.
        let everything = filter.status.is_some() && ctx.caller().is_staff();
        let keep = |row: &crate::dictionary::Certification| {
            filter.holds(dictionary, row) && (everything || row.is_listed(dictionary))
        };
        Ok(by_name(ctx, "certifications", arguments, &dictionary.certifications, text, keep)?.map(Certification))
    }
}
