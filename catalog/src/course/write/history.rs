//! Change log entries of a batch: for each changed course, the fields in their input format with the values before and
//! after. A new course has no such list, because there was nothing before.

use std::collections::{BTreeSet, HashMap};

use chrono::SecondsFormat;
use entity::*;
use rust_decimal::Decimal;
use sea_orm::{ActiveEnum, ConnectionTrait};
use serde_json::{Value, json};

use super::batch::Batch;
use crate::changelog::fields::{Difference, each, location, money, object, set};
use crate::changelog::{Action, Entry};
use crate::error::Result;
use crate::values::from_e4;
use crate::write::{Target, names};

/// A course before and after the batch.
pub(super) struct Edit {
    pub before: Option<course::Model>,
    pub after: course::Model,
}

/// Names by which links are shown.
type Names = HashMap<(Target, i64), String>;

/// Builds an entry for every edit of the batch.
pub(super) async fn entries(db: &impl ConnectionTrait, batch: &Batch<'_>) -> Result<Vec<Entry>> {
    let names = load_names(db, batch).await?;
    Ok(batch.edits.iter().map(|edit| entry(batch, edit, &names)).collect())
}

async fn load_names(db: &impl ConnectionTrait, batch: &Batch<'_>) -> Result<Names> {
    let mut wanted: HashMap<Target, BTreeSet<i64>> = HashMap::new();
    for edit in batch.edits.iter().filter(|edit| edit.before.is_some()) {
        for (table, before, after) in batch.links.changes(edit.after.id) {
            wanted.entry(table.to).or_default().extend(before.iter().chain(after));
        }
        let (before, after) = batch.requirements.change(edit.after.id).unwrap_or_default();
        wanted.entry(Target::Skill).or_default().extend(before.iter().chain(after).map(|row| row.skill_id));
    }
    let mut found = Names::new();
    for (target, ids) in wanted.into_iter().filter(|(_, ids)| !ids.is_empty()) {
        found.extend(names(db, target, ids).await?.into_iter().map(|(id, name)| ((target, id), name)));
    }
    // Courses that this batch creates have no row yet.
    found.extend(batch.edits.iter().map(|edit| ((Target::Course, edit.after.id), edit.after.slug.clone())));
    Ok(found)
}

fn entry(batch: &Batch<'_>, edit: &Edit, names: &Names) -> Entry {
    let (action, event) = step(edit);
    Entry {
        actor: batch.options.writer.actor.clone(),
        action,
        listing_type: ListingType::Course,
        listing_id: edit.after.id,
        slug: edit.after.slug.clone(),
        provider_id: Some(edit.after.provider_id),
        event: event.filter(|_| batch.provider.status == ProviderStatus::Active),
        fields: edit.before.as_ref().map(|before| changes(batch, before, &edit.after, names)),
    }
}

/// Determines the action, and the event that the public sees if it can see the provider. A retired course counts as
/// visible, because it can be found by slug.
fn step(edit: &Edit) -> (Action, Option<ChangeKind>) {
    use ListingStatus::{Draft, Published, Retired};
    let scheduled = |row: &course::Model| row.scheduled_for.is_some();
    match (edit.before.as_ref().map(|row| row.status), edit.after.status) {
        (None, Published) => (Action::CourseCreate, Some(ChangeKind::Published)),
        (None, Draft | Retired) => (Action::CourseCreate, None),
        (Some(Draft | Retired), Published) => (Action::CoursePublish, Some(ChangeKind::Published)),
        (Some(Draft | Published), Retired) => (Action::CourseRetire, Some(ChangeKind::Retired)),
        (Some(Published), Draft) => (Action::CourseUnpublish, Some(ChangeKind::Withdrawn)),
        (Some(Retired), Draft) => (Action::CourseRestore, Some(ChangeKind::Withdrawn)),
        (Some(Published), Published) | (Some(Retired), Retired) => (Action::CourseUpdate, Some(ChangeKind::Updated)),
        (Some(Draft), Draft) => match (edit.before.as_ref().is_some_and(scheduled), scheduled(&edit.after)) {
            (false, true) => (Action::CourseSchedule, None),
            (true, false) => (Action::CourseUnschedule, None),
            (true, true) | (false, false) => (Action::CourseUpdate, None),
        },
    }
}

fn changes(batch: &Batch<'_>, before: &course::Model, after: &course::Model, names: &Names) -> Value {
    let mut changes = Difference::default();
    changes.columns(columns(before), columns(after));
    let id = after.id;
    let name = |target, id: i64| names.get(&(target, id)).cloned();
    for (table, before, after) in batch.links.changes(id) {
        let shown = |ids: &[i64]| ids.iter().map(|id| name(table.to, *id)).collect::<Vec<_>>().into();
        changes.record(table.field, shown(before), shown(after));
    }
    if let Some((before, after)) = batch.requirements.change(id) {
        let shown = |row: &course_prerequisite_skill::Model| json!({ "skill": name(Target::Skill, row.skill_id), "level": row.level.to_value() });
        changes.record("prerequisiteSkills", each(before, shown), each(after, shown));
    }
    if let Some((before, after)) = batch.awards.change(id) {
        changes.record("awards", each(before, award), each(after, award));
    }
    if let Some((before, after)) = batch.financing.change(id) {
        changes.record("financing", each(before, financing), each(after, financing));
    }
    if let Some((before, after)) = batch.offerings.changes(id) {
        // Log only the difference; unchanged offerings would hide it.
        let (gone, new) = (left(before, after), left(after, before));
        changes.record("offerings", each(&gone, offering), each(&new, offering));
    }
    changes.into()
}

/// Rows that are missing in `others`.
fn left(rows: &[offering::Model], others: &[offering::Model]) -> Vec<offering::Model> {
    rows.iter().filter(|row| !others.contains(row)).cloned().collect()
}

fn columns(row: &course::Model) -> Vec<(&'static str, Value)> {
    vec![
        ("title", json!(row.title)),
        ("slug", json!(row.slug)),
        ("externalKey", json!(row.external_key)),
        ("kind", json!(row.kind.to_value())),
        ("status", json!(row.status.to_value())),
        ("scheduledFor", json!(row.scheduled_for.map(|at| at.to_rfc3339_opts(SecondsFormat::AutoSi, true)))),
        ("retireReason", json!(row.retire_reason)),
        ("summary", json!(row.summary)),
        ("description", json!(row.description)),
        ("level", json!(row.level.map(|level| level.to_value()))),
        ("formats", set::<Format>(row.formats)),
        ("schedules", set::<Schedule>(row.schedules)),
        ("languages", row.languages.split(',').filter(|tag| !tag.is_empty()).collect::<Vec<_>>().into()),
        ("duration", duration(row)),
        ("pricing", pricing(row)),
        ("freeRetakeWithinMonths", json!(row.free_retake_within_months)),
        ("certificateOfCompletion", json!(row.certificate_of_completion)),
        ("mentoringSessions", json!(row.mentoring_sessions)),
        ("maxClassSize", json!(row.max_class_size)),
        ("jobPreparation", json!(row.job_preparation)),
        ("jobGuarantee", json!(row.job_guarantee)),
        ("portfolio", json!(row.portfolio)),
        ("noPrerequisites", json!(row.no_prerequisites)),
        ("prerequisiteNote", json!(row.prerequisite_note)),
        ("url", json!(row.url)),
    ]
}

fn range(min: Option<i32>, max: Option<i32>) -> Value {
    object([("min", json!(min)), ("max", json!(max))])
}

fn duration(row: &course::Model) -> Value {
    object([
        ("weeks", json!(row.duration_weeks)),
        ("days", range(row.duration_days_min, row.duration_days_max)),
        ("hours", json!(row.duration_hours)),
        ("hoursPerWeek", range(row.hours_per_week_min, row.hours_per_week_max)),
    ])
}

fn pricing(row: &course::Model) -> Value {
    object([
        ("category", json!(row.pricing_category.map(|category| category.to_value()))),
        ("amount", money(row.price, row.price_currency.as_deref())),
        ("per", json!(row.price_per.map(|per| per.to_value()))),
        ("certificate", money(row.certificate_price, row.certificate_price_currency.as_deref())),
    ])
}

fn award(row: &award::Model) -> Value {
    object([("title", json!(row.title)), ("awardedBy", json!(row.awarded_by)), ("year", json!(row.year))])
}

fn percent(value: Option<i64>) -> Value {
    json!(value.map(from_e4).as_ref().map(Decimal::to_string))
}

fn financing(row: &financing_plan::Model) -> Value {
    object([
        ("kind", json!(row.kind.to_value())),
        ("aprPercent", percent(row.apr_percent_e4)),
        ("months", json!(row.months)),
        ("incomePercent", percent(row.income_percent_e4)),
        ("incomeFloor", money(row.income_floor, row.income_floor_currency.as_deref())),
        ("cap", money(row.cap, row.cap_currency.as_deref())),
        ("note", json!(row.note)),
    ])
}

fn offering(row: &offering::Model) -> Value {
    let (city, region, country) = (row.city.as_deref(), row.region.as_deref(), row.country.as_deref());
    let location = location(city, region, country, row.latitude, row.longitude);
    object([
        ("format", json!(row.format.to_value())),
        ("schedule", json!(row.schedule.map(|schedule| schedule.to_value()))),
        ("startsOn", json!(row.starts_on.map(|day| day.to_string()))),
        ("endsOn", json!(row.ends_on.map(|day| day.to_string()))),
        ("applyBy", json!(row.apply_by.map(|day| day.to_string()))),
        ("timeZone", json!(row.time_zone)),
        ("location", location),
        ("language", json!(row.language)),
        ("price", money(row.price, row.price_currency.as_deref())),
        ("capacity", json!(row.capacity)),
        ("seatsLeft", json!(row.seats_left)),
        ("url", json!(row.url)),
    ])
}
