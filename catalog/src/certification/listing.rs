//! What issuers state about a certification, one declaration per field, and the input that comes from it. Shared by the
//! operator's import and the mutations. Does not access the database. Slug and issuer are missing here, because they
//! need the database.

use std::sync::LazyLock;

use chrono::{DateTime, Utc};
use entity::certification;
use sea_orm::{ActiveEnum, ConnectionTrait};
use serde_json::{Value, json};

use crate::changelog::fields::Difference;
use crate::error::Result;
use crate::input::InputReader;
use crate::input::text::{MAX_DESCRIPTION_CHARS, MAX_NAME_CHARS};
use crate::listing::{Field, ObjectType, RowPatch, choice, column, integer, line, prose, web_address};
use crate::write::{LinkSet, LinkTable, Target, names};

/// Skills that the certification attests.
pub const SKILLS: LinkTable =
    LinkTable::new("skills", "certification_skill", "certification_id", "skill_id", Target::Skill);
/// Careers that the certification is useful for.
pub const CAREERS: LinkTable =
    LinkTable::new("careers", "certification_career", "certification_id", "career_id", Target::Career);

/// A certification. The schema describes name and kind by itself, because the mutations treat them differently.
pub static CERTIFICATION: LazyLock<ObjectType<certification::Model>> = LazyLock::new(|| {
    type F = Field<certification::Model>;
    let fields = vec![
        F::not_null("name", line(MAX_NAME_CHARS), column!(name)),
        F::not_null("kind", choice(), column!(kind)),
        F::optional("description", prose(MAX_DESCRIPTION_CHARS), column!(description))
            .describe("Description in Markdown, at most 20,000 characters. HTML is treated as text."),
        F::money("examFee", column!(exam_fee), column!(exam_fee_currency)).describe("Fee for the examination."),
        F::optional("validForMonths", integer(1..=1200), column!(valid_for_months))
            .describe("Number of months after which the certification must be renewed, 1 to 1,200."),
        F::links(&SKILLS).describe("Slugs of the skills that the certification attests. At most 200."),
        F::links(&CAREERS).describe("Slugs of the careers that the certification is useful for. At most 200."),
        F::optional("url", web_address(), column!(url)).describe("Web page about the certification."),
    ];
    ObjectType::new("CertificationDetails", "Fields that all inputs of certifications have in common.", fields)
});

/// Parses a complete certification. Name and kind are required.
pub fn whole(reader: &mut InputReader<'_>) -> RowPatch<certification::Model> {
    CERTIFICATION.read_patch(reader, &["name", "kind"])
}

/// Parses a partial update.
pub fn patch(reader: &mut InputReader<'_>) -> RowPatch<certification::Model> {
    CERTIFICATION.read_patch(reader, &[])
}

/// Returns the fields that changed, with their values before and after.
pub(super) async fn changes(
    db: &impl ConnectionTrait,
    before: &certification::Model,
    after: &certification::Model,
    links: &LinkSet,
) -> Result<Value> {
    let mut difference = Difference::default();
    difference.record("slug", json!(before.slug), json!(after.slug));
    difference.record("status", json!(before.status.to_value()), json!(after.status.to_value()));
    CERTIFICATION.compare(before, after, &mut difference);
    for (table, before, after) in links.changes(after.id) {
        let names = names(db, table.to, before.iter().chain(after).copied()).await?;
        let shown = |ids: &[i64]| ids.iter().filter_map(|id| names.get(id)).collect::<Vec<_>>();
        difference.record(table.field, json!(shown(before)), json!(shown(after)));
    }
    Ok(difference.into())
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
