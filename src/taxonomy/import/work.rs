//! One import at work: where it writes, what it has done so far, and what it has found wrong.

use std::collections::HashSet;

use entity::{ChangeKind, ListingType};
use sea_orm::DatabaseTransaction;

use crate::changelog::Entry;
use crate::form::{Fault, FaultCode};
use crate::write::{References, Target, Writer};

/// How many things of one section were new, changed, or as they were.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Were new.
    pub created: usize,
    /// Have changed.
    pub updated: usize,
    /// Were as they are.
    pub unchanged: usize,
}

/// What an import has done.
#[derive(Clone, Debug)]
pub struct Report {
    /// Each section that had items, in the order of writing.
    pub sections: Vec<(&'static str, Tally)>,
    /// Everything that is wrong; where there is anything, nothing may be committed.
    pub faults: Vec<Fault>,
}

/// One import at work.
pub(crate) struct Work<'a> {
    /// The transaction.
    pub db: &'a DatabaseTransaction,
    /// Who writes.
    pub writer: &'a Writer,
    /// What goes to the log in the end.
    pub entries: Vec<Entry>,
    /// What each section has come to.
    pub sections: Vec<(&'static str, Tally)>,
    /// What is wrong.
    pub faults: Vec<Fault>,
    seen: HashSet<(Target, i64)>,
}

/// What an import has found of one thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    /// It was not there.
    New,
    /// It is not as it was.
    Changed,
    /// It is as it was.
    Same,
}

impl Mark {
    /// By what was there before, and whether anything of it changes.
    pub(super) fn of<T>(before: Option<&T>, changed: bool) -> Self {
        match (before, changed) {
            (None, _) => Mark::New,
            (Some(_), true) => Mark::Changed,
            (Some(_), false) => Mark::Same,
        }
    }
}

/// One thing that has been looked at.
pub(super) struct Done<'a> {
    /// What it is.
    pub target: Target,
    /// Its row.
    pub id: i64,
    /// Its slug or key.
    pub slug: &'a str,
    /// What was found.
    pub mark: Mark,
}

impl<'a> Work<'a> {
    /// Nothing done yet.
    pub(super) fn new(db: &'a DatabaseTransaction, writer: &'a Writer) -> Self {
        Self { db, writer, entries: Vec::new(), sections: Vec::new(), faults: Vec::new(), seen: HashSet::new() }
    }

    /// The row that an item speaks of, a new one where there is none. To speak of one twice is a fault.
    pub(super) fn place(&mut self, known: &mut References, target: Target, at: &[String], name: &str) -> Option<i64> {
        let id = known.id(target, name).unwrap_or_else(|| {
            let id = self.writer.ids.next();
            known.add(target, name, id);
            id
        });
        let first = self.seen.insert((target, id));
        if !first {
            self.fault(at, FaultCode::Duplicate, format!("{name} stands in the document already"));
        }
        first.then_some(id)
    }

    /// Notes a fault.
    pub(super) fn fault(&mut self, path: &[String], code: FaultCode, rule: impl Into<String>) {
        self.faults.push(Fault { path: path.to_vec(), code, rule: rule.into() });
    }

    /// The row of one name in a field of an item.
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
            self.fault(&path, FaultCode::NotFound, format!("there is no {} {name}", target.word()));
        }
        id
    }

    /// Counts a thing that is no listing, and notes it for the log, where only the server itself follows it.
    pub(super) fn done(&mut self, done: Done<'_>) {
        self.listed(done, None, false);
    }

    /// Counts a listing, and notes for the log what the public sees of it.
    pub(super) fn listed(&mut self, done: Done<'_>, provider_id: Option<i64>, public: bool) {
        self.count(done.target.word(), done.mark);
        let (listing_type, create, update) = logged(done.target);
        let (action, event) = match done.mark {
            Mark::New => (create, ChangeKind::Published),
            Mark::Changed => (update, ChangeKind::Updated),
            Mark::Same => return,
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

    fn count(&mut self, section: &'static str, mark: Mark) {
        if self.sections.last().is_none_or(|(last, _)| *last != section) {
            self.sections.push((section, Tally::default()));
        }
        let Some((_, tally)) = self.sections.last_mut() else { return };
        match mark {
            Mark::New => tally.created += 1,
            Mark::Changed => tally.updated += 1,
            Mark::Same => tally.unchanged += 1,
        }
    }
}

/// How the log speaks of it: as what, and of its first and later writes.
fn logged(target: Target) -> (ListingType, &'static str, &'static str) {
    match target {
        Target::Provider => (ListingType::Provider, "provider.create", "provider.update"),
        Target::Certification => (ListingType::Certification, "certification.create", "certification.update"),
        Target::Career => (ListingType::Career, "career.create", "career.update"),
        Target::Course => (ListingType::Course, "course.create", "course.update"),
        Target::Subject => (ListingType::Taxonomy, "subject.create", "subject.update"),
        Target::Skill => (ListingType::Taxonomy, "skill.create", "skill.update"),
        Target::Source => (ListingType::Taxonomy, "source.create", "source.update"),
        Target::Statistic => (ListingType::Taxonomy, "statistic.create", "statistic.update"),
    }
}
