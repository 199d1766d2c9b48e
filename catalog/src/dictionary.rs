//! Small tables in memory: providers, certifications, careers, skills, subjects, statistics and sources, thousands of
//! rows at most. A disposable copy that follows the change log. Does not belong here: courses and reviews.

mod load;
mod table;

use std::collections::HashMap;
use std::sync::Arc;

use entity::*;

pub use load::{Kinds, certification, grouped, load, provider};
pub use table::{NamedEntity, Table};

/// Provider with its dependent rows.
#[derive(Clone, Debug)]
pub struct Provider {
    /// Row of the provider.
    pub row: provider::Model,
    /// Locations, the headquarters first.
    pub locations: Vec<provider_location::Model>,
    /// Licences, in the provider's order.
    pub licences: Vec<provider_licence::Model>,
    /// Rating summary of its courses. `None` without reviews.
    pub rating: Option<provider_rating::Model>,
    /// Pending request for a new name and slug. `None` if there is none. Visible to members and staff.
    pub name_request: Option<provider_name_request::Model>,
    /// Skeletons of its name and slug; see `resemblance`.
    pub skeletons: [String; 2],
}

/// Certification with its links.
#[derive(Clone, Debug)]
pub struct Certification {
    /// Row of the certification.
    pub row: certification::Model,
    /// Skills it attests.
    pub skills: Vec<i64>,
    /// Careers it is useful for.
    pub careers: Vec<i64>,
    /// Skeleton of its name; see `resemblance`.
    pub skeleton: String,
}

/// Career with its levels and links.
#[derive(Clone, Debug)]
pub struct Career {
    /// Row of the career.
    pub row: career::Model,
    /// Levels, lowest first.
    pub levels: Vec<CareerLevel>,
    /// Required skills.
    pub skills: Vec<i64>,
    /// Related careers.
    pub related: Vec<i64>,
}

/// Level of a career.
#[derive(Clone, Debug)]
pub struct CareerLevel {
    /// Row of the level.
    pub row: career_level::Model,
    /// Job titles at this level.
    pub titles: Vec<String>,
}

/// Skill with its aliases.
#[derive(Clone, Debug)]
pub struct Skill {
    /// Row of the skill.
    pub row: skill::Model,
    /// Aliases it is searched by.
    pub aliases: Vec<String>,
}

/// All small tables at one log position. Includes listings that the public must not see: check `is_public` before
/// showing one.
#[derive(Clone, Debug, Default)]
pub struct Dictionary {
    /// Providers of every status.
    pub providers: Table<Provider>,
    /// Certifications.
    pub certifications: Table<Certification>,
    /// Careers.
    pub careers: Table<Career>,
    /// Skills.
    pub skills: Table<Skill>,
    /// Subjects.
    pub subjects: Table<subject::Model>,
    /// Statistics, by metric, then newest first.
    pub statistics: Vec<Arc<statistic::Model>>,
    /// Source documents.
    pub sources: HashMap<i64, source::Model>,
    /// Certifications by issuer, sorted by name.
    pub certifications_of_issuer: HashMap<i64, Vec<i64>>,
    /// Certifications by the skeleton of their name; see `resemblance`.
    pub certifications_of_name: HashMap<String, Vec<i64>>,
    /// Certifications by career, sorted by name.
    pub certifications_of_career: HashMap<i64, Vec<i64>>,
}

impl Skill {
    /// All names that the skill is found by: its name, aliases and slug.
    pub fn names(&self) -> Vec<&str> {
        let own = [self.row.name.as_str()].into_iter();
        own.chain(self.aliases.iter().map(String::as_str)).chain([self.row.slug.as_str()]).collect()
    }
}

impl Provider {
    /// Whether everyone can find the provider by ID and slug.
    pub fn is_public(&self) -> bool {
        is_public(self.row.status)
    }

    /// Whether lists include the provider and its published courses.
    pub fn is_listed(&self) -> bool {
        self.row.status == ProviderStatus::Active
    }
}

/// Whether everyone can find a provider of this status by ID and slug, that is, whether staff ever approved it.
pub fn is_public(status: ProviderStatus) -> bool {
    match status {
        ProviderStatus::Active | ProviderStatus::Paused | ProviderStatus::Closed => true,
        ProviderStatus::Pending | ProviderStatus::Rejected => false,
    }
}

/// All other statuses, in SQL for both databases.
pub const NOT_PUBLIC: &str = "('PENDING', 'REJECTED')";

impl Certification {
    /// Whether lists include the certification: it is published and its issuer is listed.
    pub fn is_listed(&self, dictionary: &Dictionary) -> bool {
        self.row.status == ListingStatus::Published
            && dictionary.providers.get(self.row.issuer_id).is_some_and(|issuer| issuer.is_listed())
    }

    /// Whether everyone can find the certification by ID and slug.
    pub fn is_public(&self, dictionary: &Dictionary) -> bool {
        self.row.status != ListingStatus::Draft
            && dictionary.providers.get(self.row.issuer_id).is_some_and(|issuer| issuer.is_public())
    }
}
