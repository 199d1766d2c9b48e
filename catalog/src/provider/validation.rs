//! Parses the input for a provider, a loosely typed object, into checked values and collects all errors at once. Shared
//! by the operator's import and the mutations. Does not access the database.

use chrono::{DateTime, Utc};
use entity::{Format, ProviderKind, ProviderStatus, Schedule, provider};

use super::details;
use crate::input::text::{MAX_DESCRIPTION_CHARS, MAX_NAME_CHARS, MAX_NOTE_CHARS, line, prose};
use crate::input::value::{boolean, member, web_address, whole};
use crate::input::{InputReader, Patch};

/// Checked input for a provider. A field that is absent keeps its stored value. The slug is missing here, because the
/// import finds a provider by its slug, while a mutation changes it.
pub struct ValidatedProvider {
    /// Name; `None` if the input does not state it.
    pub name: Option<String>,
    kind: Option<ProviderKind>,
    description: Patch<String>,
    url: Patch<String>,
    logo: Patch<String>,
    note: Patch<String>,
    policies: Patch<Policies>,
    formats: Patch<i32>,
    schedules: Patch<i32>,
    /// Locations and licences.
    pub details: details::ValidatedDetails,
}

#[derive(Clone, Default)]
struct Policies {
    certificate_of_completion: Option<bool>,
    free_retake_within_months: Option<i32>,
}

impl ValidatedProvider {
    /// Parses a complete provider. Name and kind are required.
    pub fn whole(reader: &mut InputReader<'_>) -> Self {
        let (name, kind) = (reader.required("name", line(MAX_NAME_CHARS)), reader.required("kind", member));
        Self::read(reader, name, kind)
    }

    /// Parses a partial update.
    pub fn patch(reader: &mut InputReader<'_>) -> Self {
        let (name, kind) = (reader.optional("name", line(MAX_NAME_CHARS)), reader.optional("kind", member));
        Self::read(reader, name, kind)
    }

    fn read(reader: &mut InputReader<'_>, name: Option<String>, kind: Option<ProviderKind>) -> Self {
        Self {
            name,
            kind,
            description: reader.nullable("description", prose(MAX_DESCRIPTION_CHARS)),
            url: reader.nullable("url", web_address),
            logo: reader.nullable("logo", web_address),
            note: reader.nullable("note", line(MAX_NOTE_CHARS)),
            policies: reader.object("policies", policies),
            formats: reader.list("formats", 10, member).map(|set| entity::mask::<Format>(&set)),
            schedules: reader.list("schedules", 10, member).map(|set| entity::mask::<Schedule>(&set)),
            details: details::read(reader),
        }
    }

    /// Applies the input to a row. Leaves slug, status, version and times alone.
    pub fn apply_to(self, row: provider::Model) -> provider::Model {
        let policies = self.policies.apply_to(Some(Policies {
            certificate_of_completion: row.certificate_of_completion,
            free_retake_within_months: row.free_retake_within_months,
        }));
        let policies = policies.unwrap_or_default();
        provider::Model {
            name: self.name.unwrap_or(row.name),
            kind: self.kind.unwrap_or(row.kind),
            description: self.description.apply_to(row.description),
            url: self.url.apply_to(row.url),
            logo: self.logo.apply_to(row.logo),
            note: self.note.apply_to(row.note),
            certificate_of_completion: policies.certificate_of_completion,
            free_retake_within_months: policies.free_retake_within_months,
            formats: self.formats.apply_to(Some(row.formats)).unwrap_or_default(),
            schedules: self.schedules.apply_to(Some(row.schedules)).unwrap_or_default(),
            ..row
        }
    }
}

fn policies(reader: &mut InputReader<'_>) -> Option<Policies> {
    Some(Policies {
        certificate_of_completion: reader.nullable("certificateOfCompletion", boolean).value(),
        free_retake_within_months: reader.nullable("freeRetakeWithinMonths", whole(0..=1200)).value(),
    })
}

/// Returns an empty row for a new provider. The input that is applied to it supplies name and kind.
pub fn blank(id: i64, slug: String, status: ProviderStatus, now: DateTime<Utc>) -> provider::Model {
    provider::Model {
        id,
        slug,
        name: String::new(),
        kind: ProviderKind::Company,
        status,
        description: None,
        url: None,
        logo: None,
        note: None,
        certificate_of_completion: None,
        free_retake_within_months: None,
        formats: 0,
        schedules: 0,
        version: 1,
        created_at: now,
        updated_at: now,
    }
}

/// Returns the row to write for an existing provider, with its version incremented, or `None` if nothing changes.
/// `more` says whether its locations, licences or other dependent rows change.
pub fn next(before: &provider::Model, row: provider::Model, more: bool, now: DateTime<Utc>) -> Option<provider::Model> {
    let differs = more || before != &row;
    differs.then(|| provider::Model { version: before.version + 1, updated_at: now, ..row })
}
