//! Inputs for looking up, filtering and writing certifications.

use async_graphql::{ID, InputObject, OneofObject};
use catalog::certification::listing::CERTIFICATION;
use catalog::dictionary::{self, Dictionary};
use catalog::listing::ObjectShape;
use entity::certification;

use crate::graphql::enums::{CertificationKind, ListingStatus};
use crate::graphql::untyped_input::{Declaration, Declared};

/// Reference to a certification, by ID or by slug.
#[derive(Debug, OneofObject)]
pub enum CertificationBy {
    /// Global ID of the certification.
    Id(ID),
    /// Slug of the certification. Former slugs work too.
    Slug(String),
}

/// Conditions on certifications. All conditions that are given must hold. An unknown slug matches nothing.
#[derive(Debug, Default, InputObject)]
pub struct CertificationFilter {
    /// Kinds of certification. Matches certifications of any of them.
    kind: Option<Vec<CertificationKind>>,
    /// Slugs of providers. Matches certifications issued by any of them.
    issuer: Option<Vec<String>>,
    /// Slugs of skills. Matches certifications that attest any of them.
    skill: Option<Vec<String>>,
    /// Slugs of careers. Matches certifications that are useful for any of them.
    career: Option<Vec<String>>,
    /// Statuses of a listing. Matches certifications with any of them. Lists contain only PUBLISHED certifications of
    /// ACTIVE issuers; staff who give statuses here get certifications with these statuses of all issuers.
    pub(super) status: Option<Vec<ListingStatus>>,
}

impl CertificationFilter {
    /// Whether a certification meets all conditions.
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

/// Data of a new certification. Fields that are left out are stored as not stated.
#[derive(InputObject)]
pub struct CertificationInput {
    /// Name of the certification, at most 200 characters.
    pub name: String,
    /// Slug of the certification: 1 to 120 lower-case letters a to z and digits, with single hyphens between them. Made
    /// from the name if it is not given. Must not be a present or former slug of another certification.
    pub slug: Option<String>,
    /// Kind of certification.
    pub kind: CertificationKind,
    /// All remaining fields.
    #[graphql(flatten)]
    pub details: CertificationDetails,
}

/// Changes to a certification. Fields that are left out stay as they are, null clears a field, and a list replaces the
/// stored list.
#[derive(InputObject)]
pub struct CertificationPatch {
    /// Name of the certification, at most 200 characters. Cannot be cleared.
    pub name: Option<String>,
    /// Slug of the certification. Cannot be cleared. The old slug still resolves.
    pub slug: Option<String>,
    /// Kind of certification. Cannot be cleared.
    pub kind: Option<CertificationKind>,
    /// All remaining fields.
    #[graphql(flatten)]
    pub details: CertificationDetails,
}

/// Fields that all inputs of certifications have in common.
pub type CertificationDetails = Declared<certification::Model>;

impl Declaration for certification::Model {
    fn shape() -> ObjectShape {
        CERTIFICATION.shape()
    }
}
