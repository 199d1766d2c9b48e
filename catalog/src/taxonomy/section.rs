//! What the sections of a document have in common: each is read item by item, compared with the stored rows, and
//! written with a few statements. Does not belong here: the fields of one kind of item.

use std::collections::{HashMap, HashSet};

use entity::{ChangeKind, ListingType};

use super::state::{SectionCounts, TaxonomyImport};
use crate::changelog::{Action, Entry};
use crate::error::Result;
use crate::input::text::slug;
use crate::input::{InputReader, ValidationCode};
use crate::write::{Insertable, Keyed, LinkSet, LinkTable, Mentions, NamedLinks, References, Target, lock_rows, save};

/// Checked item of a section.
pub(super) struct Item<T> {
    /// Path of the item in the document.
    pub at: Vec<String>,
    /// Slug or key.
    pub slug: String,
    pub links: NamedLinks,
    /// Fields that only this kind of item has.
    pub fields: T,
}

impl<T> Item<T> {
    /// Reads an item that is named by this field.
    pub(super) fn read(
        reader: &mut InputReader<'_>,
        name: &'static str,
        tables: &'static [LinkTable],
        fields: impl FnOnce(&mut InputReader<'_>) -> Option<T>,
    ) -> Option<Self> {
        let (slug, fields) = (reader.required(name, slug), fields(reader));
        let links = NamedLinks::read(reader, tables);
        Some(Self { at: reader.path(), slug: slug?, links, fields: fields? })
    }
}

/// Section that is being written: its stored rows, and the rows that replace them.
pub(super) struct Section<E: Keyed> {
    target: Target,
    /// IDs of everything that the items name.
    pub known: References,
    /// IDs of the items that are stored.
    pub own: Vec<i64>,
    before: HashMap<i64, E::Model>,
    links: LinkSet,
    seen: HashSet<i64>,
    counts: SectionCounts,
    created: Vec<(i64, String)>,
    changed: Vec<E::Model>,
}

/// Item as it appears in the change log.
pub(super) struct LoggedItem {
    pub id: i64,
    pub slug: String,
    /// Provider that a listing belongs to.
    pub provider_id: Option<i64>,
    /// Whether the public sees the change.
    pub is_public: bool,
}

impl LoggedItem {
    /// Item that is not a listing.
    pub(super) fn internal(id: i64, slug: String) -> Self {
        Self { id, slug, provider_id: None, is_public: false }
    }
}

impl<E: Keyed<Model: PartialEq> + Insertable> Section<E> {
    /// Loads what is stored of these items, and resolves what they name, including further `mentions`.
    pub(super) async fn load<T>(
        import: &TaxonomyImport<'_>,
        target: Target,
        tables: &'static [LinkTable],
        items: &[Item<T>],
        mut mentions: Mentions,
    ) -> Result<Self> {
        mentions.add(target, items.iter().map(|item| &item.slug));
        items.iter().for_each(|item| item.links.mention(&mut mentions));
        let known = References::load(import.db, mentions).await?;
        let own: Vec<i64> = items.iter().filter_map(|item| known.id(target, &item.slug)).collect();
        Ok(Self {
            target,
            known,
            before: lock_rows::<E>(import.db, own.clone()).await?,
            links: LinkSet::load(import.db, target, tables, &own).await?,
            own,
            seen: HashSet::new(),
            counts: SectionCounts::default(),
            created: Vec::new(),
            changed: Vec::new(),
        })
    }

    /// Returns the ID of an item's row, a new one if there is no row yet. Naming the same row twice is an error.
    pub(super) fn assign_id<T>(&mut self, import: &mut TaxonomyImport<'_>, item: &Item<T>) -> Option<i64> {
        let id = self.known.id(self.target, &item.slug).unwrap_or_else(|| {
            let id = import.writer.ids.next();
            self.known.add(self.target, &item.slug, id);
            id
        });
        let first = self.seen.insert(id);
        if !first {
            let rule = format!("{} stands in the document already", item.slug);
            import.add_error(&item.at, None, ValidationCode::Duplicate, rule);
        }
        first.then_some(id)
    }

    /// Returns the stored row of an item.
    pub(super) fn before(&self, id: i64) -> Option<&E::Model> {
        self.before.get(&id)
    }

    /// Sets the links of an item. Returns whether that is a change.
    pub(super) fn link<T>(&mut self, import: &mut TaxonomyImport<'_>, id: i64, item: &Item<T>) -> bool {
        let found = self.links.resolve(id, &item.links, &self.known, &item.at, &mut import.errors);
        self.links.set(id, found)
    }

    /// Sets the row of an item, and logs it if the row or `more` has changed.
    pub(super) fn set(&mut self, import: &mut TaxonomyImport<'_>, item: LoggedItem, row: E::Model, more: bool) {
        let differs = more || self.before(item.id) != Some(&row);
        self.log(import, item, differs.then_some(row));
    }

    /// Counts an item, and logs it if there is a row to write.
    pub(super) fn log(&mut self, import: &mut TaxonomyImport<'_>, item: LoggedItem, row: Option<E::Model>) {
        let is_new = self.before(item.id).is_none();
        let (listing_type, create, update) = logged(self.target);
        let (count, action, event) = match (is_new, row.is_some()) {
            (true, _) => (&mut self.counts.created, create, ChangeKind::Published),
            (false, true) => (&mut self.counts.updated, update, ChangeKind::Updated),
            (false, false) => return self.counts.unchanged += 1,
        };
        *count += 1;
        self.created.extend(is_new.then(|| (item.id, item.slug.clone())));
        self.changed.extend(row);
        import.entries.push(Entry {
            actor: import.writer.actor.clone(),
            action,
            listing_type,
            listing_id: item.id,
            slug: item.slug,
            provider_id: item.provider_id,
            event: item.is_public.then_some(event),
            fields: None,
        });
    }

    /// Writes the changes. Returns the IDs and slugs of the new items.
    pub(super) async fn write(self, import: &mut TaxonomyImport<'_>) -> Result<Vec<(i64, String)>> {
        if self.counts != SectionCounts::default() {
            import.sections.push((self.target.word(), self.counts));
        }
        save::<E>(import.db, self.changed).await?;
        self.links.write(import.db, &import.writer.ids).await?;
        Ok(self.created)
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
