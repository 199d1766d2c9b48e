//! Stored courses in the form of the rows of an import: every field that a row may have, with the value that is stored.
//! Importing such a row changes nothing. Fields come from their declarations (see [`crate::listing`]).

use std::collections::HashMap;
use std::sync::LazyLock;

use entity::{ListingStatus, award, course, course_prerequisite_skill, financing_plan, offering};
use sea_orm::{ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::Value;

use super::listing::{AWARDS, COURSE, FINANCING_PLANS, LINKS, OFFERINGS, REQUIREMENTS, SkillRequirement};
use super::write::fields;
use crate::database::in_ids;
use crate::dictionary::{NOT_PUBLIC, grouped};
use crate::error::Result;
use crate::input::Fields;
use crate::listing::{FieldShape, Shape};
use crate::write::{LinkTable, Target, names};

/// Who reads the rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum View {
    /// Those who may write the listings. Every field is there; one that is not stated is null, which clears it.
    Owner,
    /// Everyone. Fields that are not stated or not public are left out, and so are links to what is not public.
    Public,
}

/// Fields that only the provider and staff can see, or that are orders to an import instead of facts.
const NOT_PUBLIC_FIELDS: [&str; 3] = ["externalKey", "publish", "sources"];

/// Fields of a row, the key first.
pub static FIELDS: LazyLock<Vec<FieldShape>> = LazyLock::new(|| {
    let (key, declared): (Vec<_>, Vec<_>) = COURSE.fields().cloned().partition(|field| field.name == "externalKey");
    let mut all: Vec<FieldShape> = key.into_iter().chain(declared).collect();
    for name in fields() {
        if all.iter().all(|field| field.name != name) {
            let is_link = LINKS.iter().any(|table| table.field == name);
            let shape = if is_link { Shape::List(Box::new(Shape::Named("String"))) } else { Shape::Named("Boolean") };
            all.push(FieldShape { name, description: "", shape, is_required: false });
        }
    }
    all
});

/// Builds the rows of courses, in the same order. The number of statements does not depend on the number of courses.
#[tracing::instrument(level = "debug", skip_all)]
pub async fn load(db: &impl ConnectionTrait, courses: &[course::Model], view: View) -> Result<Vec<Fields>> {
    let ids: Vec<i64> = courses.iter().map(|row| row.id).collect();
    let mut lists = lists(db, &ids, view).await?;
    Ok(courses.iter().map(|row| import_row(row, &mut lists, view)).collect())
}

/// Values of one field that are stored in a table of their own, by course.
type FieldList = (&'static str, HashMap<i64, Value>);

fn import_row(row: &course::Model, lists: &mut [FieldList], view: View) -> Fields {
    let Value::Object(mut stated) = COURSE.show(row) else { return Fields::new() };
    for (field, values) in lists {
        let value = values.remove(&row.id).unwrap_or_else(|| Value::Array(Vec::new()));
        stated.insert((*field).to_owned(), value);
    }
    stated.insert("publish".to_owned(), publish(row));
    let named = FIELDS.iter().filter(|field| view == View::Owner || !NOT_PUBLIC_FIELDS.contains(&field.name));
    let values = named.map(|field| (field.name.to_owned(), stated.remove(field.name).unwrap_or_default()));
    values.filter(|(_, value)| view == View::Owner || is_stated(value)).collect()
}

fn is_stated(value: &Value) -> bool {
    !value.is_null() && value.as_array().is_none_or(|items| !items.is_empty())
}

/// What keeps the status of the course. Null changes nothing, which is the only value that keeps it retired or
/// scheduled.
fn publish(row: &course::Model) -> Value {
    match (row.status, row.scheduled_for) {
        (ListingStatus::Published, _) => true.into(),
        (ListingStatus::Draft, None) => false.into(),
        (ListingStatus::Draft, Some(_)) | (ListingStatus::Retired, _) => Value::Null,
    }
}

async fn lists(db: &impl ConnectionTrait, ids: &[i64], view: View) -> Result<Vec<FieldList>> {
    let mut lists: Vec<FieldList> = Vec::new();
    for table in LINKS.iter().filter(|table| view == View::Owner || !NOT_PUBLIC_FIELDS.contains(&table.field)) {
        let condition = if view == View::Owner { "1 = 1".to_owned() } else { public_links(table) };
        let names = table.names(db, ids, &condition).await?;
        lists.push((table.field, names.into_iter().map(|(id, names)| (id, names.into())).collect()));
    }
    lists.push((REQUIREMENTS.name, shown(requirements(db, ids).await?, |rows| REQUIREMENTS.show(rows))));
    let owned = award::Entity::find().filter(in_ids(db, award::Column::CourseId, ids.iter().copied()));
    let rows = owned.order_by_asc(award::Column::Position).all(db).await?;
    lists.push((AWARDS.name, shown(rows.into_iter().map(|row| (row.course_id, row)), |rows| AWARDS.show(rows))));
    let owned = financing_plan::Entity::find();
    let owned = owned.filter(in_ids(db, financing_plan::Column::CourseId, ids.iter().copied()));
    let rows = owned.order_by_asc(financing_plan::Column::Position).all(db).await?;
    let plans = shown(rows.into_iter().map(|row| (row.course_id, row)), |rows| FINANCING_PLANS.show(rows));
    lists.push((FINANCING_PLANS.name, plans));
    // The order in which an import compares offerings that cannot be told apart.
    let owned = offering::Entity::find().filter(in_ids(db, offering::Column::CourseId, ids.iter().copied()));
    let rows = owned.order_by_asc(offering::Column::Id).all(db).await?;
    let offerings = shown(rows.into_iter().map(|row| (row.course_id, row)), |rows| exact(OFFERINGS.show(rows)));
    lists.push((OFFERINGS.name, offerings));
    Ok(lists)
}

fn shown<R>(rows: impl IntoIterator<Item = (i64, R)>, show: impl Fn(&[R]) -> Value) -> HashMap<i64, Value> {
    grouped(rows).into_iter().map(|(course, rows)| (course, show(&rows))).collect()
}

async fn requirements(db: &impl ConnectionTrait, ids: &[i64]) -> Result<Vec<(i64, SkillRequirement)>> {
    use course_prerequisite_skill::{Column, Entity};
    let owned = Entity::find().filter(in_ids(db, Column::CourseId, ids.iter().copied()));
    let rows = owned.order_by_asc(Column::Position).all(db).await?;
    let skills = names(db, Target::Skill, rows.iter().map(|row| row.skill_id)).await?;
    let requirement = |row: course_prerequisite_skill::Model| {
        let skill = skills.get(&row.skill_id)?.clone();
        Some((row.course_id, SkillRequirement { skill, level: row.level }))
    };
    Ok(rows.into_iter().filter_map(requirement).collect())
}

/// Writes a fraction as text if the parser of JSON would not read the same number from its digits.
fn exact(value: Value) -> Value {
    match value {
        Value::Number(number) => {
            let text = number.to_string();
            let is_read_back = serde_json::from_str(&text).is_ok_and(|read: f64| Some(read) == number.as_f64());
            if is_read_back { number.into() } else { text.into() }
        }
        Value::Array(items) => items.into_iter().map(exact).collect::<Vec<_>>().into(),
        Value::Object(fields) => {
            fields.into_iter().map(|(name, value)| (name, exact(value))).collect::<Fields>().into()
        }
        Value::Null | Value::Bool(_) | Value::String(_) => value,
    }
}

/// Condition, in SQL, for the links of a course that everyone sees: to listings that are public and, for partners and
/// the units of others, as far as they have agreed.
fn public_links(table: &LinkTable) -> String {
    let accepted = |provider: &str| {
        format!(
            "exists (select 1 from partnership p where p.course_id = l.course_id and p.provider_id = {provider} \
             and p.status = 'ACCEPTED')"
        )
    };
    let of_public = |provider: &str| {
        format!("exists (select 1 from provider p where p.id = {provider} and p.status not in {NOT_PUBLIC})")
    };
    let listing = |provider: &str| format!("t.status <> 'DRAFT' and {}", of_public(provider));
    match (table.to, table.field) {
        (Target::Provider, _) => format!("t.status not in {NOT_PUBLIC} and {}", accepted("t.id")),
        (Target::Course, "units") => format!(
            "{} and (t.provider_id = (select c.provider_id from course c where c.id = l.course_id) or {})",
            listing("t.provider_id"),
            accepted("t.provider_id")
        ),
        (Target::Course, _) => listing("t.provider_id"),
        (Target::Certification, _) => listing("t.issuer_id"),
        (Target::Subject | Target::Skill | Target::Career | Target::Source | Target::Statistic, _) => {
            "1 = 1".to_owned()
        }
    }
}
