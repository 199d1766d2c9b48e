//! One batch: loads the stored state, applies the requested changes, and writes the difference.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use entity::*;
use sea_orm::sea_query::LockType;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, DatabaseTransaction, EntityTrait, PaginatorTrait, QueryFilter,
    QuerySelect,
};

use super::graph::CourseGraph;
use super::hidden::hide;
use super::history::{self, Edit};
use super::offerings::Offerings;
use super::partnerships;
use super::{CourseRef, CourseWrite, DUPLICATE_KEY, RowResult, StatusTransition, WriteOptions};
use crate::changelog::Entry;
use crate::course::listing::LINKS;
use crate::course::validation::ValidatedCourse;
use crate::database::{in_ids, in_list};
use crate::dictionary::is_public;
use crate::error::Result;
use crate::input::{Patch, ValidationCode, ValidationError};
use crate::write::{
    Child, Children, LinkSet, LinkTable, Mentions, References, ResolvedLinks, Target, check_version, insert, put,
    save_next, slugs,
};

macro_rules! children {
    ($($module:ident),+) => {$(
        impl Child for $module::Entity {
            const OWNER: $module::Column = $module::Column::CourseId;

            fn owner(row: &$module::Model) -> i64 {
                row.course_id
            }
        }
    )+};
}

children! { course_prerequisite_skill, award, financing_plan }

fn too_many_drafts() -> ValidationError {
    let rule = "the provider has as many drafts as it may; publish or delete some first";
    ValidationError { path: Vec::new(), code: ValidationCode::Limit, rule: rule.to_owned() }
}

/// Number of drafts that the provider may still create. Its row is locked, so that two writers cannot both take the
/// last one.
async fn drafts_left(
    db: &DatabaseTransaction,
    options: &WriteOptions<'_>,
    provider: &provider::Model,
) -> Result<Option<u64>> {
    let Some(limit) = options.writer.drafts.of(is_public(provider.status)) else { return Ok(None) };
    let drafts = course::Entity::find().filter(course::Column::ProviderId.eq(provider.id));
    let drafts = drafts.filter(course::Column::Status.eq(ListingStatus::Draft)).count(db).await?;
    Ok(Some(limit.saturating_sub(drafts)))
}

/// A batch in progress.
pub(super) struct Batch<'a> {
    pub(super) options: &'a WriteOptions<'a>,
    pub(super) provider: &'a provider::Model,
    now: DateTime<Utc>,
    known: References,
    stored: HashMap<i64, course::Model>,
    keys: HashMap<String, i64>,
    keys_in_batch: HashSet<String>,
    /// Number of drafts that the provider may still create. `None` if there is no limit.
    drafts_left: Option<u64>,
    pub(super) edits: Vec<Edit>,
    slugs: Vec<course_slug::Model>,
    pub(super) links: LinkSet,
    graph: CourseGraph,
    pub(super) requirements: Children<course_prerequisite_skill::Entity>,
    pub(super) awards: Children<award::Entity>,
    pub(super) financing: Children<financing_plan::Entity>,
    pub(super) offerings: Offerings,
}

impl<'a> Batch<'a> {
    /// Loads what the changes refer to, and of the courses what they change: a batch that names no awards reads none.
    pub(super) async fn load(
        db: &DatabaseTransaction,
        options: &'a WriteOptions<'a>,
        provider: &'a provider::Model,
        writes: &[CourseWrite],
        stored: Vec<course::Model>,
    ) -> Result<Self> {
        let rows = load_stored(db, provider.id, writes, stored).await?;
        let mut known = References::load(db, mentions(writes)).await?;
        hide(db, &mut known, provider.id).await?;
        let keys: HashMap<String, i64> =
            rows.iter().filter_map(|row| Some((row.external_key.clone()?, row.id))).collect();
        let courses: Vec<_> = writes.iter().map(|write| (course_of(write, &keys), write)).collect();
        let naming = |names: &dyn Fn(&CourseWrite) -> bool| -> Vec<i64> {
            courses.iter().filter_map(|(course, write)| course.filter(|_| names(write))).collect()
        };
        let links =
            LinkSet::load_each(db, Target::Course, &LINKS, |table| naming(&|write| reads_links(write, table))).await?;
        let creates = courses.iter().any(|(course, _)| course.is_none());
        let graph = CourseGraph::load(db, provider.id, &courses, &known, &links).await?;
        Ok(Self {
            options,
            provider,
            now: options.writer.now(),
            known,
            keys,
            stored: rows.into_iter().map(|row| (row.id, row)).collect(),
            keys_in_batch: HashSet::new(),
            drafts_left: if creates { drafts_left(db, options, provider).await? } else { None },
            edits: Vec::new(),
            slugs: Vec::new(),
            links,
            graph,
            requirements: Children::load(db, &naming(&|write| write.values.requirements.is_value())).await?,
            awards: Children::load(db, &naming(&|write| write.values.awards.is_value())).await?,
            financing: Children::load(db, &naming(&|write| write.values.financing.is_value())).await?,
            offerings: Offerings::load(
                db,
                &naming(&|write| write.offering.is_some() || write.values.offerings.is_value()),
            )
            .await?,
        })
    }

    fn before(&self, write: &CourseWrite) -> Option<&course::Model> {
        self.stored.get(&course_of(write, &self.keys)?)
    }

    /// Makes a slug from the title of every new course that has no slug and no errors so far.
    pub(super) async fn make_slugs(
        &self,
        db: &DatabaseTransaction,
        writes: &[CourseWrite],
    ) -> Result<Vec<Option<String>>> {
        let base = |write: &CourseWrite| {
            let needs_slug = write.errors.is_empty() && write.values.slug().is_none() && self.before(write).is_none();
            write.values.title().filter(|_| needs_slug).map(|title| slugs::of_title(title, "course"))
        };
        let bases: Vec<Option<String>> = writes.iter().map(base).collect();
        let requested: HashSet<String> = writes.iter().filter_map(|write| write.values.slug().cloned()).collect();
        let new_bases: Vec<String> = bases.iter().flatten().cloned().collect();
        let mut generated = slugs::find_free(db, Target::Course, &new_bases, requested).await?.into_iter();
        Ok(bases.into_iter().map(|base| base.and_then(|_| generated.next())).collect())
    }

    /// Applies the change to a course, or refuses it with all errors.
    pub(super) fn take(&mut self, write: CourseWrite, generated: Option<String>) -> RowResult {
        let before = self.before(&write).cloned();
        let id = before.as_ref().map_or_else(|| self.options.writer.ids.next(), |row| row.id);
        let mut errors = match refusal(&write, before.as_ref()) {
            Some(errors) => return RowResult::Rejected(errors),
            None => write.errors.clone(),
        };
        self.check(&write, before.as_ref(), id, &mut errors);
        let links = self.links.resolve(id, &write.values.links, &self.known, &[], &mut errors);
        if links.contains("partners", self.provider.id) {
            errors.push(ValidationError::of("partners", ValidationCode::Invalid, "must not name the provider itself"));
        }
        if errors.is_empty() {
            let slug = write.values.slug().or(before.as_ref().map(|row| &row.slug)).or(generated.as_ref());
            errors.extend(self.graph.errors(id, slug.map_or("", String::as_str), &links, &self.links));
        }
        let requirements = self.requirements(id, &write.values, &mut errors);
        if !errors.is_empty() {
            return RowResult::Rejected(errors);
        }
        // Check before anything of the course is recorded: a refused course must not reserve a slug.
        if before.is_none() && self.is_draft(&write, id) && !self.take_draft() {
            return RowResult::Rejected(vec![too_many_drafts()]);
        }
        let slug = self.slug(&write.values, before.as_ref(), id, generated);
        self.keys_in_batch.extend(write.values.external_key().cloned());
        self.graph.set(id, &slug, &links);
        let row = self.row(&write, before.as_ref(), id, slug);
        if !self.set(id, write, links, requirements) && before.as_ref() == Some(&row) {
            return RowResult::Unchanged(id);
        }
        self.edit(before, row)
    }

    /// Whether a new course starts as a draft.
    fn is_draft(&self, write: &CourseWrite, id: i64) -> bool {
        self.row(write, None, id, String::new()).status == ListingStatus::Draft
    }

    /// Takes one draft from the limit. Returns false if none is left.
    fn take_draft(&mut self) -> bool {
        let left = self.drafts_left.map(|drafts_left| drafts_left.checked_sub(1));
        if let Some(left @ Some(_)) = left {
            self.drafts_left = left;
        }
        left != Some(None)
    }

    fn check(&self, write: &CourseWrite, before: Option<&course::Model>, id: i64, errors: &mut Vec<ValidationError>) {
        let values = &write.values;
        let key = values.external_key();
        if key.is_some_and(|key| self.keys_in_batch.contains(key)) {
            errors.push(ValidationError::of("externalKey", ValidationCode::Duplicate, DUPLICATE_KEY));
        } else if key.and_then(|key| self.keys.get(key)).is_some_and(|owner| *owner != id) {
            errors.push(ValidationError::of(
                "externalKey",
                ValidationCode::Taken,
                "another course of the provider has this key",
            ));
        }
        let faulty = |field: &str| errors.iter().any(|error| error.path.first().is_some_and(|name| name == field));
        let missing = [("title", values.title().is_none()), ("kind", values.kind().is_none())];
        let missing = missing.into_iter().filter(|(field, missing)| before.is_none() && *missing && !faulty(field));
        let missing: Vec<ValidationError> = missing
            .map(|(field, _)| ValidationError::of(field, ValidationCode::Required, "must be given for a new course"))
            .collect();
        errors.extend(missing);
        let owner = values.slug().and_then(|slug| self.known.id(Target::Course, slug));
        if owner.is_some_and(|owner| owner != id) {
            errors.push(ValidationError::of("slug", ValidationCode::Taken, "another course has or had this slug"));
        }
        let refusal = write.transition.as_ref().and_then(|transition| transition.refusal(before, self.provider.status));
        errors.extend(refusal.map(|rule| ValidationError::of("publish", ValidationCode::NotAllowed, rule)));
        errors.extend(write.offering.as_ref().and_then(|change| self.offerings.refusal(id, change)));
    }

    /// Determines the slug of the course: the requested one, its current one, or the generated one.
    fn slug(
        &mut self,
        values: &ValidatedCourse,
        before: Option<&course::Model>,
        id: i64,
        generated: Option<String>,
    ) -> String {
        let slug = values.slug().cloned().or(before.map(|row| row.slug.clone())).or(generated).unwrap_or_default();
        if self.known.id(Target::Course, &slug).is_none() && before.is_none_or(|row| row.slug != slug) {
            self.slugs.push(course_slug::Model { slug: slug.clone(), course_id: id });
        }
        self.known.add(Target::Course, &slug, id);
        slug
    }

    fn requirements(
        &self,
        course_id: i64,
        values: &ValidatedCourse,
        errors: &mut Vec<ValidationError>,
    ) -> Option<Vec<course_prerequisite_skill::Model>> {
        let Patch::Value(requested) = &values.requirements else { return None };
        let (names, levels): (Vec<String>, Vec<SkillLevel>) =
            requested.iter().map(|required| (required.skill.clone(), required.level)).unzip();
        let skills = self.known.resolve(Target::Skill, (&names, &[]), &["prerequisiteSkills"], errors);
        let row =
            |((skill_id, level), position)| course_prerequisite_skill::Model { course_id, skill_id, level, position };
        Some(skills.into_iter().zip(levels).zip(0..).map(row).collect())
    }

    fn row(&self, write: &CourseWrite, before: Option<&course::Model>, id: i64, slug: String) -> course::Model {
        let usual = || (before.is_none() && self.options.publish_new).then_some(StatusTransition::Publish);
        // Its version is 0, so that the first write makes it 1.
        let new = || course::Model { id, provider_id: self.provider.id, created_at: self.now, ..Default::default() };
        let row = write.values.columns.apply_to(before.cloned().unwrap_or_else(new));
        let row = course::Model { slug, ..row };
        match write.transition.clone().or_else(usual) {
            Some(transition) => transition.apply_to(row, self.now),
            None => row,
        }
    }

    /// Records the new links and child rows. Returns whether any of them changes.
    fn set(
        &mut self,
        course_id: i64,
        write: CourseWrite,
        links: ResolvedLinks,
        requirements: Option<Vec<course_prerequisite_skill::Model>>,
    ) -> bool {
        let values = write.values;
        let mut changed = self.links.set(course_id, links);
        changed |= requirements.is_some_and(|rows| self.requirements.set(course_id, rows));
        if let Patch::Value(awards) = values.awards {
            let place = |(row, position)| award::Model { course_id, position, ..row };
            changed |= self.awards.set(course_id, awards.into_iter().zip(0..).map(place).collect());
        }
        if let Patch::Value(plans) = values.financing {
            let place = |(row, position)| financing_plan::Model { course_id, position, ..row };
            changed |= self.financing.set(course_id, plans.into_iter().zip(0..).map(place).collect());
        }
        if let Patch::Value(offerings) = values.offerings {
            changed |= self.offerings.set(course_id, offerings, &self.options.writer.ids);
        }
        if let Some(change) = write.offering {
            changed |= self.offerings.apply(course_id, change);
        }
        changed
    }

    fn edit(&mut self, before: Option<course::Model>, row: course::Model) -> RowResult {
        let id = row.id;
        let after = course::Model { version: row.version + 1, updated_at: self.now, ..row };
        let is_new = before.is_none();
        self.edits.push(Edit { before, after });
        if is_new { RowResult::Created(id) } else { RowResult::Updated(id) }
    }

    /// Writes the changes. Returns the change log entries and the new state of the courses.
    pub(super) async fn write(self, db: &DatabaseTransaction) -> Result<(Vec<Entry>, Vec<course::Model>)> {
        let entries = history::entries(db, &self).await?;
        let new = self.edits.iter().filter(|edit| edit.before.is_none());
        let rating = |edit: &Edit| course_rating::ActiveModel { course_id: Set(edit.after.id), ..Default::default() };
        let ratings = new.map(rating).collect();
        save_next::<course::Entity>(db, self.edits.iter().map(|edit| edit.after.clone()).collect()).await?;
        insert::<course_slug::Entity>(db, self.slugs).await?;
        put(db, ratings, None).await?;
        self.links.write(db, &self.options.writer.ids).await?;
        partnerships::write(db, self.options, &self.edits, &self.links).await?;
        self.requirements.write(db).await?;
        self.awards.write(db).await?;
        self.financing.write(db).await?;
        self.offerings.write(db).await?;
        Ok((entries, self.edits.into_iter().map(|edit| edit.after).collect()))
    }
}

/// ID of the course to change. `None` if it is new or unknown.
fn course_of(write: &CourseWrite, keys: &HashMap<String, i64>) -> Option<i64> {
    match write.course {
        CourseRef::New | CourseRef::Unreadable => None,
        CourseRef::ById(id, _) => Some(id),
        CourseRef::ByExternalKey => keys.get(write.values.external_key()?).copied(),
    }
}

/// Whether a write reads the current links of a table. The partnerships of a course depend on its partners and its units
/// together.
fn reads_links(write: &CourseWrite, table: &LinkTable) -> bool {
    const CONSENT: [&str; 2] = ["partners", "units"];
    let names = |field: &str| write.values.links.is_given(field);
    names(table.field) || CONSENT.contains(&table.field) && CONSENT.iter().any(|field| names(field))
}

/// Loads and locks the courses to change, except for those that are loaded already.
async fn load_stored(
    db: &DatabaseTransaction,
    provider: i64,
    writes: &[CourseWrite],
    mut stored: Vec<course::Model>,
) -> Result<Vec<course::Model>> {
    let is_stored = |id: &i64| stored.iter().any(|row| row.id == *id);
    let keys: Vec<String> = writes.iter().filter_map(|write| write.values.external_key().cloned()).collect();
    let ids = writes.iter().filter_map(|write| match write.course {
        CourseRef::ById(id, _) => Some(id),
        CourseRef::New | CourseRef::ByExternalKey | CourseRef::Unreadable => None,
    });
    let ids: Vec<i64> = ids.filter(|id| !is_stored(id)).collect();
    if keys.is_empty() && ids.is_empty() {
        return Ok(stored);
    }
    // Only what is asked for: with an empty list beside it, PostgreSQL would read all courses of the provider.
    let mut requested = Condition::any();
    if !keys.is_empty() {
        requested = requested.add(in_list(db, course::Column::ExternalKey.as_column_ref(), keys));
    }
    if !ids.is_empty() {
        requested = requested.add(in_ids(db, course::Column::Id.as_column_ref(), ids));
    }
    let rows = course::Entity::find().filter(course::Column::ProviderId.eq(provider)).filter(requested);
    let rows = rows.lock(LockType::NoKeyUpdate).all(db).await?;
    stored.retain(|row| rows.iter().all(|other| other.id != row.id));
    stored.extend(rows);
    Ok(stored)
}

/// Returns errors that make further checks pointless: unreadable input, an unknown course, or a stale version.
fn refusal(write: &CourseWrite, before: Option<&course::Model>) -> Option<Vec<ValidationError>> {
    match (write.course, before) {
        (CourseRef::Unreadable, _) => Some(write.errors.clone()),
        (CourseRef::ById(_, Some(version)), Some(row)) => check_version(version, row.version).map(|error| vec![error]),
        (CourseRef::ById(_, _), None) => {
            Some(vec![ValidationError::of("id", ValidationCode::NotFound, "there is no such course")])
        }
        (CourseRef::ById(_, None), Some(_)) | (CourseRef::New | CourseRef::ByExternalKey, _) => None,
    }
}

fn mentions(writes: &[CourseWrite]) -> Mentions {
    let drafts = || writes.iter().map(|write| &write.values);
    let mut mentions = Mentions::of(Target::Course, drafts().filter_map(ValidatedCourse::slug));
    for values in drafts() {
        values.links.mention(&mut mentions);
        let required = values.requirements.as_ref().into_iter().flatten();
        mentions.add(Target::Skill, required.map(|required| &required.skill));
    }
    mentions
}
