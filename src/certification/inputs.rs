//! How certifications are looked up and narrowed.

use async_graphql::{ID, InputObject, OneofObject};

use crate::dictionary::{self, Dictionary};
use crate::graphql::enums::CertificationKind;

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
}

impl CertificationFilter {
    /// Whether a certification meets it.
    pub(super) fn holds(&self, dictionary: &Dictionary, row: &dictionary::Certification) -> bool {
        let Dictionary { providers, skills, careers, .. } = dictionary;
        let any = |slugs: &Option<Vec<String>>, id: &dyn Fn(&str) -> Option<i64>, ids: &[i64]| {
            slugs.as_ref().is_none_or(|slugs| slugs.iter().any(|slug| id(slug).is_some_and(|id| ids.contains(&id))))
        };
        self.kind.as_ref().is_none_or(|kinds| kinds.contains(&row.row.kind.into()))
            && any(&self.issuer, &|slug| providers.id_of(slug), &[row.row.issuer_id])
            && any(&self.skill, &|slug| skills.id_of(slug), &row.skills)
            && any(&self.career, &|slug| careers.id_of(slug), &row.careers)
    }
}
