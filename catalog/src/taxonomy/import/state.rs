//! State of a running import: where it writes, what it has done so far, and which errors it has found.

use std::collections::HashSet;

use entity::{ChangeKind, ListingType};
use sea_orm::DatabaseTransaction;

use crate::changelog::{Action, Entry};
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
    seen: HashSet<(Target, i64)>,
}

/// Effect of the import on one item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ImportEffect {
    /// The item is new.
    New,
    /// The item has changed.
    Changed,
    /// The item is unchanged.
    Unchanged,
}

impl ImportEffect {
    /// Derives the effect from the stored row and whether anything changes.
    pub(super) fn of<T>(before: Option<&T>, changed: bool) -> Self {
        match (before, changed) {
            (None, _) => ImportEffect::New,
            (Some(_), true) => ImportEffect::Changed,
            (Some(_), false) => ImportEffect::Unchanged,
        }
    }
}

/// Item that has been processed.
pub(super) struct ImportedItem<'a> {
    /// Kind of item.
    pub target: Target,
    /// ID of its row.
    pub id: i64,
    /// Slug or key of the item.
    pub slug: &'a str,
    /// Effect of the import on it.
    pub effect: ImportEffect,
}

impl<'a> TaxonomyImport<'a> {
    /// Starts with nothing done.
    pub(super) fn new(db: &'a DatabaseTransaction, writer: &'a Writer) -> Self {
        Self { db, writer, entries: Vec::new(), sections: Vec::new(), errors: Vec::new(), seen: HashSet::new() }
    }

    /// Returns the ID of an item's row, a new one if there is no row yet. Naming the same row twice is an error.
    pub(super) fn assign_id(
        &mut self,
        known: &mut References,
        target: Target,
        at: &[String],
        name: &str,
    ) -> Option<i64> {
        let id = known.id(target, name).unwrap_or_else(|| {
            let id = self.writer.ids.next();
            known.add(target, name, id);
            id
        });
        let first = self.seen.insert((target, id));
        if !first {
            self.add_error(at, ValidationCode::Duplicate, format!("{name} stands in the document already"));
        }
        first.then_some(id)
    }

    /// Records an error.
    pub(super) fn add_error(&mut self, path: &[String], code: ValidationCode, rule: impl Into<String>) {
        self.errors.push(ValidationError { path: path.to_vec(), code, rule: rule.into() });
    }

    /// Resolves a name in a field of an item to the ID of its row.
    pub(super) fn resolve_one(
        &mut self,
        known: &References,
        target: Target,
        name: &str,
        at: &[String],
        field: &str,
    ) -> Option<i64> {
        let id = known.id(target, name);
        if id.is_none() {
            let path: Vec<String> = at.iter().cloned().chain([field.to_owned()]).collect();
            self.add_error(&path, ValidationCode::NotFound, format!("there is no {} {name}", target.word()));
        }
        id
    }

    /// Counts an item that is not a listing and adds a change log entry that the public does not see.
    pub(super) fn count_item(&mut self, done: ImportedItem<'_>) {
        self.count_listing(done, None, false);
    }

    /// Counts a listing and adds a change log entry with what the public sees of it.
    pub(super) fn count_listing(&mut self, done: ImportedItem<'_>, provider_id: Option<i64>, public: bool) {
        self.count(done.target.word(), done.effect);
        let (listing_type, create, update) = logged(done.target);
        let (action, event) = match done.effect {
            ImportEffect::New => (create, ChangeKind::Published),
            ImportEffect::Changed => (update, ChangeKind::Updated),
            ImportEffect::Unchanged => return,
        };
        self.entries.push(Entry {
            actor: self.writer.actor.clone(),
            action,
            listing_type,
            listing_id: done.id,
            slug: done.slug.to_owned(),
            provider_id,
            event: public.then_some(event),
            fields: None,
        });
    }

    fn count(&mut self, section: &'static str, effect: ImportEffect) {
        if self.sections.last().is_none_or(|(last, _)| *last != section) {
            self.sections.push((section, SectionCounts::default()));
        }
        let Some((_, tally)) = self.sections.last_mut() else { return };
        match effect {
            ImportEffect::New => tally.created += 1,
            ImportEffect::Changed => tally.updated += 1,
            ImportEffect::Unchanged => tally.unchanged += 1,
        }
    }
}

/// Returns the listing type in the change log, and the actions for the first and for later writes.
fn logged(target: Target) -> (ListingType, Action, Action) {
    match target {
        Target::Provider => (ListingType::Provider, Action::ProviderCreate, Action::ProviderUpdate),
        Target::Certification => (ListingType::Certification, Action::CertificationCreate, Action::CertificationUpdate),
        Target::Career => (ListingType::Career, Action::CareerCreate, Action::CareerUpdate),
        Target::Course => (ListingType::Course, Action::CourseCreate, Action::CourseUpdate),
        Target::Subject => (ListingType::Taxonomy, Action::SubjectCreate, Action::SubjectUpdate),
        Target::Skill => (ListingType::Taxonomy, Action::SkillCreate, Action::SkillUpdate),
        Target::Source => (ListingType::Taxonomy, Action::SourceCreate, Action::SourceUpdate),
        Target::Statistic => (ListingType::Taxonomy, Action::StatisticCreate, Action::StatisticUpdate),
    }
}
