//! Records about courses that staff import from other sites: which course one is about, and where it comes from.
//! Reviews and outcome reports share this; what they say is theirs.

use std::collections::{HashMap, HashSet};

use entity::{course, provider};
use sea_orm::DatabaseTransaction;
use serde_json::Value;

use crate::course::LockedCourse;
use crate::course::write::ImportRow;
use crate::error::Result;
use crate::input::text::{MAX_NAME_CHARS, line, slug};
use crate::input::value::web_address;
use crate::input::{Fields, InputReader, ValidationCode, ValidationError, Violation};
use crate::write::{Mentions, References, Target, lock_rows, rows};

/// Fields that every imported record has.
pub const FIELDS: [&str; 3] = ["course", "externalKey", "sourceUrl"];

/// Site that records are imported from.
#[derive(Clone, Debug)]
pub struct ImportSource {
    /// Name of the site. Together with the key of a record, it identifies the record.
    pub name: String,
    /// Address for records that state none.
    url: Option<String>,
}

/// Imported record. Only one without errors may be written.
pub struct ImportedRecord {
    /// Course that it is about, whose provider is locked until the commit.
    pub course: Option<LockedCourse>,
    /// Key of the original.
    pub key: String,
    /// Address of the original.
    pub url: String,
    /// What it says: all other fields that are stated.
    pub content: Fields,
    errors: Vec<ValidationError>,
    /// Whether it could not be read at all, so that further errors would be meaningless.
    is_unreadable: bool,
}

impl ImportSource {
    /// Checks the name and the address of a site. The error is the text of the rule.
    pub fn new(name: &str, url: Option<&str>) -> Result<Self, String> {
        let name = line(MAX_NAME_CHARS)(&name.into()).map_err(|violation| format!("name {}", violation.text))?;
        let url = url.map(|url| secure_address(&url.into())).transpose();
        Ok(Self { name, url: url.map_err(|violation| format!("address {}", violation.text))? })
    }

    /// Reads the records of a batch, locks the providers of their courses, and loads the courses.
    pub async fn read(&self, tx: &DatabaseTransaction, rows: &[ImportRow]) -> Result<Vec<ImportedRecord>> {
        let mut seen = HashSet::new();
        let (slugs, mut records): (Vec<String>, Vec<ImportedRecord>) = rows.iter().map(|row| self.record(row)).unzip();
        let courses = lock_courses(tx, &slugs).await?;
        for (record, slug) in records.iter_mut().zip(slugs) {
            record.course = courses.get(&slug).cloned();
            if record.course.is_none() && !slug.is_empty() {
                let rule = format!("there is no course {slug}");
                record.errors.push(ValidationError::of("course", ValidationCode::NotFound, rule));
            }
            if !record.key.is_empty() && !seen.insert(record.key.clone()) {
                let rule = "another row before it has this key";
                record.errors.push(ValidationError::of("externalKey", ValidationCode::Duplicate, rule));
            }
        }
        Ok(records)
    }

    /// The slug of the course and the record. What cannot be read is empty.
    fn record(&self, row: &ImportRow) -> (String, ImportedRecord) {
        let (own, content) = split(stated(row.fields.clone()));
        let ((course, key, url), found) = InputReader::read(&own, |reader| {
            let (course, key) = (reader.required("course", slug), reader.required("externalKey", line(MAX_NAME_CHARS)));
            let url = match &self.url {
                Some(url) => reader.optional("sourceUrl", secure_address).or_else(|| Some(url.clone())),
                None => reader.required("sourceUrl", secure_address),
            };
            (course.unwrap_or_default(), key.unwrap_or_default(), url.unwrap_or_default())
        });
        let (errors, is_unreadable) = (row.errors.clone(), row.is_unreadable());
        let mut record = ImportedRecord { course: None, key, url, content, errors, is_unreadable };
        record.add_errors(found);
        (course, record)
    }
}

impl ImportedRecord {
    fn add_errors(&mut self, found: Vec<ValidationError>) {
        // A field that could not be read is not missing.
        let is_read = |error: &ValidationError| {
            error.code != ValidationCode::Required || self.errors.iter().all(|other| other.path != error.path)
        };
        let found: Vec<ValidationError> = found.into_iter().filter(|_| !self.is_unreadable).filter(is_read).collect();
        self.errors.extend(found);
    }

    /// Adds the errors of the content. Without any, returns the content and the course; otherwise all errors.
    pub fn accept<T>(
        mut self,
        (content, found): (Option<T>, Vec<ValidationError>),
    ) -> Result<(T, LockedCourse, Self), Vec<ValidationError>> {
        self.add_errors(found);
        match (content, self.course.clone()) {
            (Some(content), Some(course)) if self.errors.is_empty() => Ok((content, course, self)),
            (_, _) => Err(self.errors),
        }
    }

    /// Adds an error unless the record is about the course of the stored one with its key.
    pub fn check_course(&mut self, stored: Option<i64>) {
        if self.course.as_ref().zip(stored).is_some_and(|(locked, stored)| locked.course.id != stored) {
            let rule = "must be the course that the record with this key is about already";
            self.errors.push(ValidationError::of("course", ValidationCode::Invalid, rule));
        }
    }
}

/// Fields that every imported record has, and what it says.
fn split(fields: Fields) -> (Fields, Fields) {
    fields.into_iter().partition(|(name, _)| FIELDS.contains(&name.as_str()))
}

/// Errors of the fields that every imported record has, and what it says.
pub fn errors(fields: &Fields) -> (Vec<ValidationError>, Fields) {
    let (own, content) = split(stated(fields.clone()));
    let ((), errors) = InputReader::read(&own, |reader| {
        _ = (reader.required("course", slug), reader.required("externalKey", line(MAX_NAME_CHARS)));
        reader.optional("sourceUrl", secure_address);
    });
    (errors, content)
}

/// Leaves out what is null: an empty cell states nothing.
fn stated(fields: Fields) -> Fields {
    let stated = fields.into_iter().filter_map(|(name, value)| match value {
        Value::Null => None,
        Value::Object(inner) => Some((name, Value::Object(stated(inner)))),
        value @ (Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_)) => Some((name, value)),
    });
    stated.collect()
}

fn secure_address(value: &Value) -> Result<String, Violation> {
    let url = web_address(value)?;
    if url.starts_with("https://") { Ok(url) } else { Err(Violation::invalid("must be an https address")) }
}

/// Courses by current or former slug. Their providers are locked in the order of their IDs.
async fn lock_courses(tx: &DatabaseTransaction, slugs: &[String]) -> Result<HashMap<String, LockedCourse>> {
    let slugs: Vec<&String> = slugs.iter().filter(|slug| !slug.is_empty()).collect();
    let found = References::load(tx, Mentions::of(Target::Course, slugs.iter().copied())).await?;
    let owners = rows::<course::Entity>(tx, found.ids(Target::Course)).await?;
    let providers = lock_rows::<provider::Entity>(tx, owners.values().map(|row| row.provider_id)).await?;
    // Loaded again: a course must not be older than the lock.
    let courses = rows::<course::Entity>(tx, found.ids(Target::Course)).await?;
    let locked = slugs.into_iter().filter_map(|slug| {
        let course = courses.get(&found.id(Target::Course, slug)?)?.clone();
        let provider = providers.get(&course.provider_id)?.clone();
        Some((slug.clone(), LockedCourse { course, provider }))
    });
    Ok(locked.collect())
}
