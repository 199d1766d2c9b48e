//! How certifications are looked up, narrowed and written.

use async_graphql::{ID, InputObject, OneofObject};

use crate::dictionary::{self, Dictionary};
use crate::graphql::enums::{CertificationKind, ListingStatus};
use crate::graphql::inputs::MoneyInput;
use crate::graphql::raw::Unread;
use crate::graphql::scalars::WebAddress;

/// Which certification: by its id or by any slug that it has or had.
#[derive(Debug, OneofObject)]
pub enum CertificationBy {
    /// Its global id.
    Id(ID),
    /// Its slug, an old one too.
    Slug(String),
}

/// Conditions on certifications; all that are given must hold. An unknown slug matches nothing.
#[derive(Debug, Default, InputObject)]
pub struct CertificationFilter {
    /// Of one of these kinds.
    kind: Option<Vec<CertificationKind>>,
    /// Issued by a provider of one of these slugs.
    issuer: Option<Vec<String>>,
    /// Attests a skill of one of these slugs.
    skill: Option<Vec<String>>,
    /// Serves a career of one of these slugs.
    career: Option<Vec<String>>,
    /// Has one of these statuses. Lists hold PUBLISHED certifications of ACTIVE issuers only; for staff, who name others
    /// here, they hold those too.
    pub(super) status: Option<Vec<ListingStatus>>,
}

impl CertificationFilter {
    /// Whether a certification meets it.
    pub(super) fn holds(&self, dictionary: &Dictionary, row: &dictionary::Certification) -> bool {
        let Dictionary { providers, skills, careers, .. } = dictionary;
        let any = |slugs: &Option<Vec<String>>, id: &dyn Fn(&str) -> Option<i64>, ids: &[i64]| {
            slugs.as_ref().is_none_or(|slugs| slugs.iter().any(|slug| id(slug).is_some_and(|id| ids.contains(&id))))
        };
        self.kind.as_ref().is_none_or(|kinds| kinds.contains(&row.row.kind.into()))
            && self.status.as_ref().is_none_or(|any| any.contains(&row.row.status.into()))
            && any(&self.issuer, &|slug| providers.id_of(slug), &[row.row.issuer_id])
            && any(&self.skill, &|slug| skills.id_of(slug), &row.skills)
            && any(&self.career, &|slug| careers.id_of(slug), &row.careers)
    }
}

/// A certification that is to be put in. What is left out is not stated.
#[derive(InputObject)]
pub struct CertificationInput {
    /// Its name, at most 200 characters.
    pub name: String,
    /// Its slug, 1 to 120 lower-case letters a to z and digits with single hyphens between them; made from its name where
    /// it is not given. No other certification may have or have had it.
    pub slug: Option<String>,
    /// What kind of certification it is.
    pub kind: CertificationKind,
    /// What it is, in Markdown, at most 20,000 characters; HTML in it is text.
    pub description: Option<String>,
    /// What the examination costs.
    pub exam_fee: Option<MoneyInput>,
    /// After how many months it must be renewed, 1 to 1,200.
    pub valid_for_months: Option<i32>,
    /// The skills that it attests, by their slugs, at most 200.
    pub skills: Option<Vec<String>>,
    /// The careers that it serves, by their slugs, at most 200.
    pub careers: Option<Vec<String>>,
    /// Where it is described.
    pub url: Option<Unread<WebAddress>>,
}

/// What is to be changed of a certification: what is left out stays as it is, null clears it, and a list takes the place of
/// the one that was there.
#[derive(InputObject)]
pub struct CertificationPatch {
    /// Its name, at most 200 characters; it cannot be cleared.
    pub name: Option<String>,
    /// Its slug; it cannot be cleared. The old one goes on resolving.
    pub slug: Option<String>,
    /// What kind of certification it is; it cannot be cleared.
    pub kind: Option<CertificationKind>,
    /// What it is, in Markdown, at most 20,000 characters; HTML in it is text.
    pub description: Option<String>,
    /// What the examination costs.
    pub exam_fee: Option<MoneyInput>,
    /// After how many months it must be renewed, 1 to 1,200.
    pub valid_for_months: Option<i32>,
    /// The skills that it attests, by their slugs, at most 200.
    pub skills: Option<Vec<String>>,
    /// The careers that it serves, by their slugs, at most 200.
    pub careers: Option<Vec<String>>,
    /// Where it is described.
    pub url: Option<Unread<WebAddress>>,
}
