//! What a dry run would change, in words: for each course the fields with their values before and after, and how many
//! courses each field changes in. The changes are those that the change log would record.

use std::collections::BTreeMap;
use std::fmt::{Display, Formatter};

use serde_json::{Map, Value, json};

/// Number of courses whose changes are kept.
const MAX_COURSES: usize = 50;
/// Length of a value in characters, from which on it is shortened to where it differs.
const MAX_VALUE_CHARS: usize = 80;
/// Characters that are kept before the first difference of two long values.
const CONTEXT_CHARS: usize = 20;
/// Number of items of a list that are kept.
const MAX_ITEMS: usize = 20;

/// Change of a field, with values for people to read: long ones are shortened.
#[derive(Clone, Debug)]
pub struct FieldChange {
    field: String,
    change: ValueChange,
}

#[derive(Clone, Debug)]
enum ValueChange {
    /// A value before and after; `None` if it is not stated.
    Value { before: Option<String>, after: Option<String> },
    /// Items that a list loses and gains.
    Items { removed: Vec<String>, added: Vec<String> },
}

impl FieldChange {
    /// Changes of a course as the change log has them, one for each value inside an object.
    pub(in crate::import) fn all(logged: &Value) -> Vec<Self> {
        let mut changes = Vec::new();
        for change in logged.as_array().into_iter().flatten() {
            let [field, before, after] = ["field", "before", "after"].map(|name| change.get(name));
            let field = field.and_then(Value::as_str).unwrap_or_default();
            compare(field, before.unwrap_or(&Value::Null), after.unwrap_or(&Value::Null), &mut changes);
        }
        changes
    }

    /// The field, and its values or items.
    pub fn to_json(&self) -> Value {
        let field = &self.field;
        match &self.change {
            ValueChange::Value { before, after } => json!({ "field": field, "before": before, "after": after }),
            ValueChange::Items { removed, added } => json!({ "field": field, "removed": removed, "added": added }),
        }
    }
}

fn compare(field: &str, before: &Value, after: &Value, changes: &mut Vec<FieldChange>) {
    let object = |value: &Value| match value {
        Value::Object(fields) => Some(fields.clone()),
        Value::Null => Some(Map::new()),
        Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => None,
    };
    if before == after {
        return;
    }
    if let (true, Some(old), Some(new)) = (before.is_object() || after.is_object(), object(before), object(after)) {
        let added = new.keys().filter(|name| !old.contains_key(*name));
        for name in old.keys().chain(added) {
            let [before, after] = [&old, &new].map(|fields| fields.get(name).unwrap_or(&Value::Null));
            compare(&format!("{field}.{name}"), before, after, changes);
        }
        return;
    }
    changes.push(FieldChange { field: field.to_owned(), change: change(before, after) });
}

fn change(before: &Value, after: &Value) -> ValueChange {
    if before.is_array() || after.is_array() {
        let [old, new] = [before, after].map(|list| list.as_array().map_or(&[][..], Vec::as_slice));
        let (removed, added) = (items_without(old, new), items_without(new, old));
        if !(removed.is_empty() && added.is_empty()) {
            return ValueChange::Items { removed, added };
        }
    }
    let (before, after) = (text(before), text(after));
    let [old, new] = [&before, &after].map(|text| text.as_deref().unwrap_or_default());
    let common = old.chars().zip(new.chars()).take_while(|(old, new)| old == new).count();
    let start = common.saturating_sub(CONTEXT_CHARS);
    ValueChange::Value {
        before: before.as_deref().map(|text| shorten(text, start)),
        after: after.as_deref().map(|text| shorten(text, start)),
    }
}

/// Items of a list that the other list does not have.
fn items_without(items: &[Value], others: &[Value]) -> Vec<String> {
    let missing: Vec<&Value> = items.iter().filter(|item| !others.contains(item)).collect();
    let more = missing.len().saturating_sub(MAX_ITEMS);
    let shown = missing.into_iter().take(MAX_ITEMS).filter_map(text).map(|text| shorten(&text, 0));
    shown.chain((more > 0).then(|| format!("… and {more} more"))).collect()
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text.replace('\n', "\\n")),
        Value::Array(items) => Some(items.iter().filter_map(text).collect::<Vec<_>>().join(", ")),
        Value::Bool(_) | Value::Number(_) | Value::Object(_) => Some(value.to_string()),
    }
}

/// Shortens a long text to what follows from a character on.
fn shorten(text: &str, start: usize) -> String {
    let length = text.chars().count();
    if length <= MAX_VALUE_CHARS {
        return text.to_owned();
    }
    let shown: String = text.chars().skip(start).take(MAX_VALUE_CHARS).collect();
    let (before, after) = (if start > 0 { "…" } else { "" }, if start + MAX_VALUE_CHARS < length { "…" } else { "" });
    format!("{before}{shown}{after}")
}

impl Display for FieldChange {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        let field = &self.field;
        match &self.change {
            ValueChange::Value { before, after } => {
                let [before, after] = [before, after].map(|value| value.as_deref().unwrap_or("nothing"));
                write!(f, "{field}: {before} -> {after}")
            }
            ValueChange::Items { removed, added } => {
                let parts = [("removed", removed), ("added", added)].into_iter().filter(|(_, items)| !items.is_empty());
                let parts: Vec<String> = parts.map(|(what, items)| format!("{what} {}", items.join(", "))).collect();
                write!(f, "{field}: {}", parts.join("; "))
            }
        }
    }
}

/// Changes of the courses of a feed.
#[derive(Clone, Debug, Default)]
pub struct Changes {
    /// The first courses, by key.
    courses: Vec<(String, Vec<FieldChange>)>,
    /// Number of all courses that change.
    total: usize,
    /// Number of courses in which each field changes.
    fields: BTreeMap<String, u64>,
}

impl Changes {
    pub(in crate::import) fn add(&mut self, key: &str, changes: &[FieldChange]) {
        if changes.is_empty() {
            return;
        }
        self.total += 1;
        for change in changes {
            *self.fields.entry(change.field.clone()).or_default() += 1;
        }
        if self.courses.len() < MAX_COURSES {
            self.courses.push((key.to_owned(), changes.to_vec()));
        }
    }

    fn more(&self) -> usize {
        self.total - self.courses.len()
    }

    /// One line for each changed field of the first courses, and then one for each field.
    pub(super) fn lines(&self) -> impl Iterator<Item = String> {
        let of_course = |(key, changes): &(String, Vec<FieldChange>)| -> Vec<String> {
            changes.iter().map(|change| format!("{key}: {change}")).collect()
        };
        let more = Some(self.more()).filter(|more| *more > 0).map(|more| format!("… and {more} more courses"));
        let fields = self.fields.iter().map(|(field, courses)| {
            format!("{field} changes in {courses} {}", if *courses == 1 { "course" } else { "courses" })
        });
        self.courses.iter().flat_map(of_course).chain(more).chain(fields)
    }

    /// The first courses with their changes, and the number of courses for each field.
    pub(super) fn to_json(&self) -> Value {
        let course = |(key, changes): &(String, Vec<FieldChange>)| json!({ "externalKey": key, "fields": changes.iter().map(FieldChange::to_json).collect::<Vec<_>>() });
        let field = |(field, courses): (&String, &u64)| json!({ "field": field, "courses": courses });
        json!({
            "courses": self.courses.iter().map(course).collect::<Vec<_>>(),
            "moreCourses": self.more(),
            "fields": self.fields.iter().map(field).collect::<Vec<_>>(),
        })
    }
}
