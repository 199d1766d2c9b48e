//! Parses the input for a certification, a loosely typed object, into checked values and collects all errors at once.
//! Shared by the operator's import and the mutations. Does not access the database.

use chrono::{DateTime, Utc};
use entity::{CertificationKind, ListingStatus, certification};

use crate::input::text::{MAX_DESCRIPTION_CHARS, MAX_NAME_CHARS, line, prose};
use crate::input::value::{member, money, web_address, whole};
use crate::input::{InputReader, Patch};
use crate::values::Money;
use crate::write::{LinkTable, Target};

/// Skills that the certification attests.
pub const SKILLS: LinkTable =
    LinkTable::new("skills", "certification_skill", "certification_id", "skill_id", Target::Skill);
/// Careers that the certification is useful for.
pub const CAREERS: LinkTable =
    LinkTable::new("careers", "certification_career", "certification_id", "career_id", Target::Career);

/// Checked input for a certification. A field that is absent keeps its stored value. Slug, issuer and links are missing
/// here, because they need the database.
pub struct ValidatedCertification {
    /// Name; `None` if the input does not state it.
    pub name: Option<String>,
    kind: Option<CertificationKind>,
    description: Patch<String>,
    exam_fee: Patch<Money>,
    valid_for_months: Patch<i32>,
    url: Patch<String>,
}

impl ValidatedCertification {
    /// Parses a complete certification. Name and kind are required.
    pub fn whole(reader: &mut InputReader<'_>) -> Self {
        let (name, kind) = (reader.required("name", line(MAX_NAME_CHARS)), reader.required("kind", member));
        Self::read(reader, name, kind)
    }

    /// Parses a partial update.
    pub fn patch(reader: &mut InputReader<'_>) -> Self {
        let (name, kind) = (reader.optional("name", line(MAX_NAME_CHARS)), reader.optional("kind", member));
        Self::read(reader, name, kind)
    }

    fn read(reader: &mut InputReader<'_>, name: Option<String>, kind: Option<CertificationKind>) -> Self {
        Self {
            name,
            kind,
            description: reader.nullable("description", prose(MAX_DESCRIPTION_CHARS)),
            exam_fee: reader.object("examFee", money),
            valid_for_months: reader.nullable("validForMonths", whole(1..=1200)),
            url: reader.nullable("url", web_address),
        }
    }

    /// Applies the input to a row. Leaves slug, issuer, version and times alone.
    pub fn apply_to(self, row: certification::Model) -> certification::Model {
        let exam_fee = self.exam_fee.apply_to(Money::stored(row.exam_fee, row.exam_fee_currency.as_deref()));
        certification::Model {
            name: self.name.unwrap_or(row.name),
            kind: self.kind.unwrap_or(row.kind),
            description: self.description.apply_to(row.description),
            exam_fee: exam_fee.map(|fee| fee.minor),
            exam_fee_currency: exam_fee.map(|fee| fee.currency.code().to_owned()),
            valid_for_months: self.valid_for_months.apply_to(row.valid_for_months),
            url: self.url.apply_to(row.url),
            ..row
        }
    }
}

/// Returns an empty row for a new certification. The input that is applied to it supplies name and kind.
pub fn blank(id: i64, slug: String, issuer_id: i64, now: DateTime<Utc>) -> certification::Model {
    certification::Model {
        id,
        slug,
        name: String::new(),
        kind: CertificationKind::Completion,
        status: ListingStatus::Published,
        issuer_id,
        description: None,
        exam_fee: None,
        exam_fee_currency: None,
        valid_for_months: None,
        url: None,
        version: 1,
        created_at: now,
        updated_at: now,
    }
}

/// Returns the row to write for an existing certification, with its version incremented, or `None` if nothing changes.
/// `more` says whether its links change.
pub fn next(
    before: &certification::Model,
    row: certification::Model,
    more: bool,
    now: DateTime<Utc>,
) -> Option<certification::Model> {
    let differs = more || before != &row;
    differs.then(|| certification::Model { version: before.version + 1, updated_at: now, ..row })
}
