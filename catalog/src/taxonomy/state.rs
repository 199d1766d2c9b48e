//! State of a running import: where it writes, what it has done so far, and which errors it has found.

use sea_orm::DatabaseTransaction;

use crate::changelog::Entry;
use crate::input::{ValidationCode, ValidationError};
use crate::write::{References, Target, Writer};

/// Number of items of a section that were created, updated or left unchanged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SectionCounts {
    /// Items that were new.
    pub created: usize,
    /// Items that have changed.
    pub updated: usize,
    /// Items that were already stored as they are.
    pub unchanged: usize,
}

/// Result of an import.
#[derive(Clone, Debug)]
pub struct ImportReport {
    /// Counts for each section with items, in the order of writing.
    pub sections: Vec<(&'static str, SectionCounts)>,
    /// All errors. If there are any, nothing may be committed.
    pub errors: Vec<ValidationError>,
}

/// State of a running import.
pub struct TaxonomyImport<'a> {
    /// Transaction of the import.
    pub db: &'a DatabaseTransaction,
    /// Author of the import, with its clock and ID generator.
    pub writer: &'a Writer,
    /// Entries to append to the change log at the end.
    pub entries: Vec<Entry>,
    /// Counts for each section so far.
    pub sections: Vec<(&'static str, SectionCounts)>,
    /// Errors found so far.
    pub errors: Vec<ValidationError>,
}

impl TaxonomyImport<'_> {
    /// Records an error of an item, or of one of its fields.
    pub(super) fn add_error(
        &mut self,
        item: &[String],
        field: Option<&str>,
        code: ValidationCode,
        rule: impl Into<String>,
    ) {
        let path = item.iter().cloned().chain(field.map(str::to_owned)).collect();
        self.errors.push(ValidationError { path, code, rule: rule.into() });
    }

    /// Resolves a name in a field of an item to the ID of its row.
    pub(super) fn resolve_one(
        &mut self,
        known: &References,
        target: Target,
        name: &str,
        item: &[String],
        field: &str,
    ) -> Option<i64> {
        let id = known.id(target, name);
        if id.is_none() {
            let rule = format!("there is no {} {name}", target.word());
            self.add_error(item, Some(field), ValidationCode::NotFound, rule);
        }
        id
    }
}
