//! One batch: what is there, what is to be there, and the difference.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use entity::*;
use sea_orm::sea_query::LockType;
use sea_orm::{ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QuerySelect};

use super::blank::blank;
use super::history::{self, Edit};
use super::offerings::Offerings;
use super::{Job, Outcome};
use crate::changelog::Entry;
use crate::course::draft::{CourseDraft, LINKS};
use crate::database::in_texts;
use crate::error::Result;
use crate::form::{Fault, FaultCode, Said};
use crate::write::{Child, Children, FoundLinks, LinkSet, Mentions, References, Target, insert, put, save, slugs};

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

/// A batch at work.
pub(super) struct Batch<'a> {
    pub(super) job: &'a Job<'a>,
    pub(super) provider: &'a provider::Model,
    now: DateTime<Utc>,
    known: References,
    before: HashMap<String, course::Model>,
    keys: HashSet<String>,
    pub(super) edits: Vec<Edit>,
    slugs: Vec<course_slug::Model>,
    pub(super) links: LinkSet,
    pub(super) requirements: Children<course_prerequisite_skill::Entity>,
    pub(super) awards: Children<award::Entity>,
    pub(super) financing: Children<financing_plan::Entity>,
    pub(super) offerings: Offerings,
}

impl<'a> Batch<'a> {
    /// Reads all that the drafts speak of.
    pub(super) async fn load(
        db: &DatabaseTransaction,
        job: &'a Job<'a>,
        provider: &'a provider::Model,
        drafts: &[(CourseDraft, Vec<Fault>)],
    ) -> Result<Self> {
        let keys = drafts.iter().filter_map(|(draft, _)| draft.external_key.clone());
        let rows = course::Entity::find()
            .filter(course::Column::ProviderId.eq(provider.id))
            .filter(in_texts(db, course::Column::ExternalKey.as_column_ref(), keys))
            .lock(LockType::NoKeyUpdate)
            .all(db)
            .await?;
        let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
        let by_key = |row: course::Model| Some((row.external_key.clone()?, row));
        Ok(Self {
            job,
            provider,
            now: job.writer.now(),
            known: References::load(db, mentions(drafts)).await?,
            before: rows.into_iter().filter_map(by_key).collect(),
            keys: HashSet::new(),
            edits: Vec::new(),
            slugs: Vec::new(),
            links: LinkSet::load(db, Target::Course, &LINKS, &ids).await?,
            requirements: Children::load(db, &ids).await?,
            awards: Children::load(db, &ids).await?,
            financing: Children::load(db, &ids).await?,
            offerings: Offerings::load(db, &ids).await?,
        })
    }

    fn before(&self, draft: &CourseDraft) -> Option<&course::Model> {
        self.before.get(draft.external_key.as_ref()?)
    }

    /// A slug from its title for every draft that is new, names none and has no fault so far.
    pub(super) async fn make_slugs(
        &self,
        db: &DatabaseTransaction,
        drafts: &[(CourseDraft, Vec<Fault>)],
    ) -> Result<Vec<Option<String>>> {
        let base = |(draft, faults): &(CourseDraft, Vec<Fault>)| {
            let wanted = faults.is_empty() && draft.slug.is_none() && self.before(draft).is_none();
            draft.title.as_ref().filter(|_| wanted).map(|title| slugs::of_title(title, "course"))
        };
        let bases: Vec<Option<String>> = drafts.iter().map(base).collect();
        let named: HashSet<String> = drafts.iter().filter_map(|(draft, _)| draft.slug.clone()).collect();
        let wanted: Vec<String> = bases.iter().flatten().cloned().collect();
        let mut made = slugs::free(db, Target::Course, &wanted, named).await?.into_iter();
        Ok(bases.into_iter().map(|base| base.and_then(|_| made.next())).collect())
    }

    /// Takes a draft in, or refuses it with all its faults.
    pub(super) fn take(&mut self, draft: CourseDraft, mut faults: Vec<Fault>, made: Option<String>) -> Outcome {
        let before = self.before(&draft).cloned();
        let id = before.as_ref().map_or_else(|| self.job.writer.ids.next(), |row| row.id);
        self.check(&draft, before.as_ref(), id, &mut faults);
        let links = self.links.resolve(id, &draft.links, &self.known, &[], &mut faults);
        if links.lead("partners", self.provider.id) {
            faults.push(Fault::of("partners", FaultCode::Invalid, "must not name the provider itself"));
        }
        let requirements = self.requirements(id, &draft, &mut faults);
        if !faults.is_empty() {
            return Outcome::Refused(faults);
        }
        let kept = before.as_ref().map(|row| row.slug.clone());
        let slug = draft.slug.clone().or(kept).or(made).unwrap_or_default();
        if self.known.id(Target::Course, &slug).is_none() && before.as_ref().is_none_or(|row| row.slug != slug) {
            self.slugs.push(course_slug::Model { slug: slug.clone(), course_id: id });
        }
        self.known.add(Target::Course, &slug, id);
        self.keys.extend(draft.external_key.clone());
        let row = self.row(&draft, before.as_ref(), id, slug);
        if !self.want(id, draft, links, requirements) && before.as_ref() == Some(&row) {
            return Outcome::Unchanged(id);
        }
        self.edit(before, row)
    }

    fn check(&self, draft: &CourseDraft, before: Option<&course::Model>, id: i64, faults: &mut Vec<Fault>) {
        if draft.external_key.as_ref().is_some_and(|key| self.keys.contains(key)) {
            faults.push(Fault::of("externalKey", FaultCode::Duplicate, "another row before it has this key"));
        }
        let faulty = |field: &str| faults.iter().any(|fault| fault.path.first().is_some_and(|name| name == field));
        let missing = [("title", draft.title.is_none()), ("kind", draft.kind.is_none())];
        let missing = missing.into_iter().filter(|(field, missing)| before.is_none() && *missing && !faulty(field));
        let missing: Vec<Fault> =
            missing.map(|(field, _)| Fault::of(field, FaultCode::Required, "must be given for a new course")).collect();
        faults.extend(missing);
        let owner = draft.slug.as_ref().and_then(|slug| self.known.id(Target::Course, slug));
        if owner.is_some_and(|owner| owner != id) {
            faults.push(Fault::of("slug", FaultCode::Taken, "another course has or had this slug"));
        }
    }

    fn requirements(
        &self,
        course_id: i64,
        draft: &CourseDraft,
        faults: &mut Vec<Fault>,
    ) -> Option<Vec<course_prerequisite_skill::Model>> {
        let Said::Value(named) = &draft.requirements else { return None };
        let (names, levels): (Vec<String>, Vec<SkillLevel>) = named.iter().cloned().unzip();
        let skills = self.known.resolve(Target::Skill, &names, &["prerequisiteSkills"], faults);
        let row =
            |((skill_id, level), position)| course_prerequisite_skill::Model { course_id, skill_id, level, position };
        Some(skills.into_iter().zip(levels).zip(0..).map(row).collect())
    }

    fn row(&self, draft: &CourseDraft, before: Option<&course::Model>, id: i64, slug: String) -> course::Model {
        let status = before.map(|row| row.status);
        let status = match (draft.publish, status) {
            (Some(true), _) => ListingStatus::Published,
            (Some(false), _) => ListingStatus::Draft,
            (None, Some(status)) => status,
            (None, None) if self.job.publish_new => ListingStatus::Published,
            (None, None) => ListingStatus::Draft,
        };
        let row = before.cloned().unwrap_or_else(|| blank(id, self.provider.id, self.now));
        let turns = status == ListingStatus::Published && row.status != status;
        let row = draft.over(row);
        course::Model {
            slug,
            status,
            published_at: if turns { Some(self.now) } else { row.published_at },
            scheduled_for: row.scheduled_for.filter(|_| !turns),
            retire_reason: row.retire_reason.filter(|_| status == ListingStatus::Retired),
            ..row
        }
    }

    /// Says what hangs on the course; whether any of it is a change.
    fn want(
        &mut self,
        course_id: i64,
        draft: CourseDraft,
        links: FoundLinks,
        requirements: Option<Vec<course_prerequisite_skill::Model>>,
    ) -> bool {
        let mut changed = self.links.want(course_id, links);
        changed |= requirements.is_some_and(|rows| self.requirements.want(course_id, rows));
        if let Said::Value(awards) = draft.awards {
            let place = |(row, position)| award::Model { course_id, position, ..row };
            changed |= self.awards.want(course_id, awards.into_iter().zip(0..).map(place).collect());
        }
        if let Said::Value(plans) = draft.financing {
            let place = |(row, position)| financing_plan::Model { course_id, position, ..row };
            changed |= self.financing.want(course_id, plans.into_iter().zip(0..).map(place).collect());
        }
        if let Said::Value(offerings) = draft.offerings {
            changed |= self.offerings.want(course_id, offerings, &self.job.writer.ids);
        }
        changed
    }

    fn edit(&mut self, before: Option<course::Model>, row: course::Model) -> Outcome {
        let id = row.id;
        let after = course::Model { version: row.version + 1, updated_at: self.now, ..row };
        let is_new = before.is_none();
        self.edits.push(Edit { before, after });
        if is_new { Outcome::Created(id) } else { Outcome::Updated(id) }
    }

    /// Writes the difference, and gives what the log is to say of it.
    pub(super) async fn write(self, db: &DatabaseTransaction) -> Result<Vec<Entry>> {
        let entries = history::entries(db, &self).await?;
        let new = self.edits.iter().filter(|edit| edit.before.is_none());
        let rating = |edit: &Edit| course_rating::ActiveModel { course_id: Set(edit.after.id), ..Default::default() };
        let ratings = new.map(rating).collect();
        save::<course::Entity>(db, self.edits.iter().map(|edit| edit.after.clone()).collect()).await?;
        insert::<course_slug::Entity>(db, self.slugs).await?;
        put(db, ratings, None).await?;
        self.links.write(db, &self.job.writer.ids).await?;
        self.requirements.write(db).await?;
        self.awards.write(db).await?;
        self.financing.write(db).await?;
        self.offerings.write(db).await?;
        Ok(entries)
    }
}

fn mentions(drafts: &[(CourseDraft, Vec<Fault>)]) -> Mentions {
    let mut mentions = Mentions::of(Target::Course, drafts.iter().filter_map(|(draft, _)| draft.slug.as_ref()));
    for (draft, _) in drafts {
        draft.links.mention(&mut mentions);
        let required = draft.requirements.as_ref().into_iter().flatten();
        mentions.add(Target::Skill, required.map(|(skill, _)| skill));
    }
    mentions
}
