//! Mappings for forms of courses that many publish, ready to use and to start from.

use super::mapping::Mapping;
use crate::error::Result;

/// Mapping that comes with Lectern.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Preset {
    /// JSON-LD with `Course` of schema.org.
    SchemaOrg,
    /// Courses of the course-discovery service of Open edX.
    OpenEdx,
    /// JSON-LD with `ceterms:Course` of the Credential Transparency Description Language.
    Ctdl,
}

impl Preset {
    /// Preset with this name.
    pub fn by_name(name: &str) -> Option<Self> {
        clap::ValueEnum::from_str(name, false).ok()
    }

    /// The mapping file.
    pub fn text(self) -> &'static str {
        match self {
            Preset::SchemaOrg => include_str!("preset/schema-org.toml"),
            Preset::OpenEdx => include_str!("preset/open-edx.toml"),
            Preset::Ctdl => include_str!("preset/ctdl.toml"),
        }
    }

    /// The mapping.
    pub fn mapping(self) -> Result<Mapping> {
        Mapping::parse(self.text())
    }
}
