//! The small tables in memory: providers, certifications, careers, skills, subjects, statistics and sources, thousands
//! of rows at most. A
//! copy that follows the change log and can be thrown away at any time. What must not go in: courses and reviews.

mod load;
mod table;

use std::collections::HashMap;
use std::sync::Arc;

use entity::*;

pub(crate) use load::grouped;
pub use load::{Kinds, certification, load, provider};
pub use table::{NamedEntity, Table};

/// A provider with what stands under it.
#[derive(Clone, Debug)]
pub struct Provider {
    /// Its row.
    pub row: provider::Model,
    /// Where it is, its seat first.
    pub locations: Vec<provider_location::Model>,
    /// Its licences in its own order.
    pub licences: Vec<provider_licence::Model>,
    /// The figures of the reviews of its courses; `None` without one.
    pub rating: Option<provider_rating::Model>,
    /// The name and slug that wait for staff; `None` if none do. Its members and staff see them.
    pub name_request: Option<provider_name_request::Model>,
    /// What its name and its slug come down to; see `resemblance`.
    pub skeletons: [String; 2],
}

/// A certification with its links.
#[derive(Clone, Debug)]
pub struct Certification {
    /// Its row.
    pub row: certification::Model,
    /// The skills it attests.
    pub skills: Vec<i64>,
    /// The careers it serves.
    pub careers: Vec<i64>,
    /// What its name comes down to; see `resemblance`.
    pub skeleton: String,
}

/// A career with its stages and links.
#[derive(Clone, Debug)]
pub struct Career {
    /// Its row.
    pub row: career::Model,
    /// Its stages, the lowest first.
    pub levels: Vec<CareerLevel>,
    /// The skills it asks for.
    pub skills: Vec<i64>,
    /// The careers beside it.
    pub related: Vec<i64>,
}

/// A stage of a career.
#[derive(Clone, Debug)]
pub struct CareerLevel {
    /// Its row.
    pub row: career_level::Model,
    /// The job titles of the stage.
    pub titles: Vec<String>,
}

/// A skill and the other names it is searched by.
#[derive(Clone, Debug)]
pub struct Skill {
    /// Its row.
    pub row: skill::Model,
    /// Its other names.
    pub aliases: Vec<String>,
}

/// All small tables at one position of the log. A listing that the public must not see is in here too: whoever reads
/// one asks `is_public` first.
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
    /// Statistics, by metric and then newest first.
    pub statistics: Vec<Arc<statistic::Model>>,
    /// The documents that facts were taken from.
    pub sources: HashMap<i64, source::Model>,
    /// The certifications of each issuer, by name.
    pub certifications_of_issuer: HashMap<i64, Vec<i64>>,
    /// The certifications of each name, by what the name comes down to; see `resemblance`.
    pub certifications_of_name: HashMap<String, Vec<i64>>,
    /// The certifications that serve each career, by name.
    pub certifications_of_career: HashMap<i64, Vec<i64>>,
}

impl Skill {
    /// All names that it is found by: its own, the others, its slug.
    pub fn names(&self) -> Vec<&str> {
        let own = [self.row.name.as_str()].into_iter();
        own.chain(self.aliases.iter().map(String::as_str)).chain([self.row.slug.as_str()]).collect()
    }
}

impl Provider {
    /// Whether everyone finds it by id and slug.
    pub fn is_public(&self) -> bool {
        is_public(self.row.status)
    }

    /// Whether it stands in lists, and its published courses too.
    pub fn is_listed(&self) -> bool {
        self.row.status == ProviderStatus::Active
    }
}

/// Whether everyone finds a provider of this status by id and slug: one that staff have let in at some time.
pub fn is_public(status: ProviderStatus) -> bool {
    match status {
        ProviderStatus::Active | ProviderStatus::Paused | ProviderStatus::Closed => true,
        ProviderStatus::Pending | ProviderStatus::Rejected => false,
    }
}

/// The other statuses, in the words of both databases.
pub const NOT_PUBLIC: &str = "('PENDING', 'REJECTED')";

impl Certification {
    /// Whether it stands in lists: whether it is published and its issuer does.
    pub fn is_listed(&self, dictionary: &Dictionary) -> bool {
        self.row.status == ListingStatus::Published && self.has_listed_issuer(dictionary)
    }

    /// Whether everyone finds it by id and slug.
    pub fn is_public(&self, dictionary: &Dictionary) -> bool {
        self.row.status != ListingStatus::Draft
            && dictionary.providers.get(self.row.issuer_id).is_some_and(|issuer| issuer.is_public())
    }

    fn has_listed_issuer(&self, dictionary: &Dictionary) -> bool {
        dictionary.providers.get(self.row.issuer_id).is_some_and(|issuer| issuer.is_listed())
    }
}
