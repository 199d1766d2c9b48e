//! What providers state about themselves, one declaration per field, and the input that comes from it. Shared by the
//! operator's import and the mutations. Does not access the database. The slug is missing here, because the import finds
//! a provider by its slug, while a mutation changes it.

use std::sync::LazyLock;

use chrono::{DateTime, Utc};
use entity::{Format, Schedule, provider, provider_licence, provider_location};

use crate::changelog::fields::Difference;
use crate::input::text::{MAX_DESCRIPTION_CHARS, MAX_NAME_CHARS, MAX_NOTE_CHARS};
use crate::input::{InputReader, Patch};
use crate::listing::{
    Field, LocationColumns, ObjectType, RowList, RowPatch, boolean, choice, column, date, integer, line, location,
    prose, web_address,
};

/// A provider. The schema describes name and kind by itself, because the mutations treat them differently.
pub static PROVIDER: LazyLock<ObjectType<provider::Model>> = LazyLock::new(|| {
    type F = Field<provider::Model>;
    let fields = vec![
        F::not_null("name", line(MAX_NAME_CHARS), column!(name)),
        F::not_null("kind", choice(), column!(kind)),
        F::optional("description", prose(MAX_DESCRIPTION_CHARS), column!(description))
            .describe("Description in Markdown, at most 20,000 characters. HTML is treated as text."),
        F::optional("url", web_address(), column!(url)).describe("Website of the provider."),
        F::optional("logo", web_address(), column!(logo)).describe("Address of the logo."),
        F::rows(&LOCATIONS).describe("Locations of the provider, headquarters first. At most 200."),
        F::optional("note", line(MAX_NOTE_CHARS), column!(note))
            .describe("Anything else worth knowing about the provider, at most 2,000 characters."),
        F::object("policies", policies()).describe("Policies that apply to all courses of the provider."),
        F::rows(&LICENCES).describe("Licences under which the provider teaches. At most 50."),
        F::choices::<Format>("formats", column!(formats)).describe("Formats in which the provider teaches."),
        F::choices::<Schedule>("schedules", column!(schedules)).describe("Schedules on which the provider teaches."),
    ];
    ObjectType::new("ProviderDetails", "Fields that all inputs of providers have in common.", fields)
});

fn policies() -> ObjectType<provider::Model> {
    type F = Field<provider::Model>;
    let fields = vec![
        F::optional("certificateOfCompletion", boolean(), column!(certificate_of_completion))
            .describe("Whether learners get a certificate of completion when they finish a course."),
        F::optional("freeRetakeWithinMonths", integer(0..=1200), column!(free_retake_within_months))
            .describe("Number of months within which a course can be retaken for free, 0 to 1,200."),
    ];
    let description =
        "Policies that apply to all courses of a provider. Fields that are left out are stored as not stated.";
    ObjectType::new("ProviderPoliciesInput", description, fields)
}

/// Locations of a provider.
pub(super) const LOCATIONS: RowList<provider_location::Model> = RowList::new("locations", 200, &LOCATION);
/// Licences of a provider.
pub(super) const LICENCES: RowList<provider_licence::Model> = RowList::new("licences", 50, &LICENCE);

static LOCATION: LazyLock<ObjectType<provider_location::Model>> = LazyLock::new(|| {
    location(LocationColumns::<provider_location::Model> {
        city: column!(city),
        region: column!(region),
        country: column!(country),
        latitude: column!(latitude),
        longitude: column!(longitude),
    })
});

static LICENCE: LazyLock<ObjectType<provider_licence::Model>> = LazyLock::new(|| {
    type F = Field<provider_licence::Model>;
    let fields = vec![
        F::not_null("authority", line(MAX_NAME_CHARS), column!(authority))
            .required()
            .describe("Authority that issued the licence, at most 200 characters."),
        F::optional("number", line(MAX_NAME_CHARS), column!(number))
            .describe("Number of the licence, at most 200 characters."),
        F::optional("validUntil", date(), column!(valid_until)).describe("Last day on which the licence is valid."),
    ];
    ObjectType::new("LicenceInput", "Licence under which a provider teaches.", fields)
});

/// Checked input for a provider. A field that is absent keeps its stored value.
pub struct ValidatedProvider {
    /// Values of the columns.
    pub columns: RowPatch<provider::Model>,
    /// Locations, without provider and position.
    pub locations: Patch<Vec<provider_location::Model>>,
    /// Licences, without provider and position.
    pub licences: Patch<Vec<provider_licence::Model>>,
}

impl ValidatedProvider {
    /// Parses a complete provider. Name and kind are required.
    pub fn whole(reader: &mut InputReader<'_>) -> Self {
        Self::read(reader, &["name", "kind"])
    }

    /// Parses a partial update.
    pub fn patch(reader: &mut InputReader<'_>) -> Self {
        Self::read(reader, &[])
    }

    fn read(reader: &mut InputReader<'_>, required: &[&str]) -> Self {
        Self {
            columns: PROVIDER.read_patch(reader, required),
            locations: LOCATIONS.read(reader),
            licences: LICENCES.read(reader),
        }
    }

    /// Name, if it is given.
    pub fn name(&self) -> Option<&str> {
        self.columns.states("name").then_some(self.columns.values().name.as_str())
    }
}

/// Records the columns that differ between two rows.
pub(super) fn compare(before: &provider::Model, after: &provider::Model) -> Difference {
    let mut difference = Difference::default();
    difference.record("slug", before.slug.as_str().into(), after.slug.as_str().into());
    PROVIDER.compare(before, after, &mut difference);
    difference
}

/// Returns the row to write for an existing provider, with its version incremented, or `None` if nothing changes.
/// `more` says whether its locations, licences or other dependent rows change.
pub fn next(before: &provider::Model, row: provider::Model, more: bool, now: DateTime<Utc>) -> Option<provider::Model> {
    let differs = more || before != &row;
    differs.then(|| provider::Model { version: before.version + 1, updated_at: now, ..row })
}
