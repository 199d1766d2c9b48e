//! Change log entries of a batch: for each changed course, the fields in their input format with the values before and
//! after. A new course has no such list, because there was nothing before.

use std::collections::{BTreeSet, HashMap};

use chrono::SecondsFormat;
use entity::*;
use sea_orm::{ActiveEnum, ConnectionTrait};
use serde_json::{Value, json};

use super::batch::Batch;
use crate::changelog::fields::Difference;
use crate::changelog::{Action, Entry};
use crate::course::listing::{AWARDS, COURSE, FINANCING_PLANS, OFFERINGS, REQUIREMENTS, SkillRequirement};
use crate::error::Result;
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
    let status = |row: &course::Model| {
        let scheduled_for = row.scheduled_for.map(|at| at.to_rfc3339_opts(SecondsFormat::AutoSi, true));
        [json!(row.status.to_value()), json!(scheduled_for), json!(row.retire_reason)]
    };
    for ((field, before), after) in
        ["status", "scheduledFor", "retireReason"].into_iter().zip(status(before)).zip(status(after))
    {
        changes.record(field, before, after);
    }
    COURSE.compare(before, after, &mut changes);
    let id = after.id;
    let name = |target, id: i64| names.get(&(target, id)).cloned();
    for (table, before, after) in batch.links.changes(id) {
        let shown = |ids: &[i64]| ids.iter().map(|id| name(table.to, *id)).collect::<Vec<_>>().into();
        changes.record(table.field, shown(before), shown(after));
    }
    if let Some((before, after)) = batch.requirements.change(id) {
        let shown = |row: &course_prerequisite_skill::Model| SkillRequirement {
            skill: name(Target::Skill, row.skill_id).unwrap_or_default(),
            level: row.level,
        };
        let shown = |rows: &[course_prerequisite_skill::Model]| rows.iter().map(shown).collect::<Vec<_>>();
        REQUIREMENTS.compare(&shown(before), &shown(after), &mut changes);
    }
    if let Some((before, after)) = batch.awards.change(id) {
        AWARDS.compare(before, after, &mut changes);
    }
    if let Some((before, after)) = batch.financing.change(id) {
        FINANCING_PLANS.compare(before, after, &mut changes);
    }
    if let Some((before, after)) = batch.offerings.changes(id) {
        // Log only the difference; unchanged offerings would hide it.
        OFFERINGS.compare(&left(before, after), &left(after, before), &mut changes);
    }
    changes.into()
}

/// Rows that are missing in `others`.
fn left(rows: &[offering::Model], others: &[offering::Model]) -> Vec<offering::Model> {
    rows.iter().filter(|row| !others.contains(row)).cloned().collect()
}
