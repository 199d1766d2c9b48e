//! Parses the input of a course: turns a loosely typed object into checked values and reports all errors at once. Only
//! `write` can use the result, so no row is written that was not checked here. Database access does not belong here.

mod offering;
mod terms;

use entity::{CourseKind, Level, SkillLevel, award, course, financing_plan};

pub(super) use self::offering::ValidatedOffering;
pub(super) use self::offering::parse as offering;
use self::terms::{ValidatedDuration, ValidatedPricing};
use crate::input::text::{MAX_DESCRIPTION_CHARS, MAX_NAME_CHARS, MAX_NOTE_CHARS, MAX_SUMMARY_CHARS, line, prose, slug};
use crate::input::value::{boolean, language, member, web_address, whole};
use crate::input::{Fields, InputReader, Patch, ValidationError};
use crate::write::{LinkTable, NamedLinks, Target};

/// Link tables of a course.
pub(super) const LINKS: [LinkTable; 8] = [
    LinkTable::new("partners", "course_partner", "course_id", "provider_id", Target::Provider),
    LinkTable::new("subjects", "course_subject", "course_id", "subject_id", Target::Subject),
    LinkTable::new("skills", "course_skill", "course_id", "skill_id", Target::Skill),
    LinkTable::new("prerequisiteCourses", "course_prerequisite_course", "course_id", "required_id", Target::Course),
    LinkTable::new("units", "course_unit", "course_id", "unit_id", Target::Course),
    LinkTable::new("certifications", "course_certification", "course_id", "certification_id", Target::Certification),
    LinkTable::new("careers", "course_career", "course_id", "career_id", Target::Career),
    LinkTable::citations("course_id"),
];

/// Validated input. A field that is absent keeps its stored value.
#[derive(Clone, Debug)]
pub(super) struct ValidatedCourse {
    pub external_key: Patch<String>,
    pub publish: Option<bool>,
    pub slug: Option<String>,
    pub title: Option<String>,
    pub kind: Option<CourseKind>,
    pub requirements: Patch<Vec<(String, SkillLevel)>>,
    pub awards: Patch<Vec<award::Model>>,
    pub financing: Patch<Vec<financing_plan::Model>>,
    pub offerings: Patch<Vec<ValidatedOffering>>,
    pub links: NamedLinks,
    columns: ValidatedColumns,
}

#[derive(Clone, Debug)]
struct ValidatedColumns {
    summary: Patch<String>,
    description: Patch<String>,
    level: Patch<Level>,
    formats: Patch<i32>,
    schedules: Patch<i32>,
    languages: Patch<Vec<String>>,
    duration: Patch<ValidatedDuration>,
    pricing: Patch<ValidatedPricing>,
    free_retake_within_months: Patch<i32>,
    certificate_of_completion: Patch<bool>,
    mentoring_sessions: Patch<i32>,
    max_class_size: Patch<i32>,
    job_preparation: Patch<bool>,
    job_guarantee: Patch<bool>,
    portfolio: Patch<bool>,
    no_prerequisites: Patch<bool>,
    prerequisite_note: Patch<String>,
    url: Patch<String>,
}

impl ValidatedCourse {
    /// Parses a row of a batch, which must identify its course by `externalKey`. A field with an error is treated as
    /// absent, so the rest of the input can still be checked.
    pub(super) fn row(fields: &Fields) -> (Self, Vec<ValidationError>) {
        InputReader::read(fields, Self::read_row)
    }

    /// Parses the input of a mutation, where `externalKey` is optional.
    pub(super) fn input(fields: &Fields) -> (Self, Vec<ValidationError>) {
        InputReader::read(fields, |reader| {
            Self::read(reader, |reader| reader.nullable("externalKey", line(MAX_NAME_CHARS)))
        })
    }

    /// Names of the fields that a row may have.
    pub(super) fn fields() -> Vec<&'static str> {
        InputReader::fields_of(Self::read_row)
    }

    fn read_row(reader: &mut InputReader<'_>) -> Self {
        let key = |reader: &mut InputReader<'_>| {
            reader.required("externalKey", line(MAX_NAME_CHARS)).map_or(Patch::Absent, Patch::Value)
        };
        Self::read(reader, key)
    }

    fn read(reader: &mut InputReader<'_>, key: impl FnOnce(&mut InputReader<'_>) -> Patch<String>) -> Self {
        Self {
            external_key: key(reader),
            publish: reader.nullable("publish", boolean).value(),
            slug: reader.nullable("slug", slug).value(),
            title: reader.optional("title", line(MAX_NAME_CHARS)),
            kind: reader.optional("kind", member),
            requirements: reader.objects("prerequisiteSkills", 50, requirement),
            awards: reader.objects("awards", 50, terms::award),
            financing: reader.objects("financing", 20, terms::financing),
            offerings: reader.objects("offerings", 200, offering::read),
            links: NamedLinks::read(reader, &LINKS),
            columns: ValidatedColumns::read(reader),
        }
    }

    /// Applies the input to a stored row. Version and timestamps are set elsewhere.
    pub(super) fn apply_to(&self, before: course::Model) -> course::Model {
        let row = course::Model {
            title: self.title.clone().unwrap_or(before.title),
            kind: self.kind.unwrap_or(before.kind),
            external_key: self.external_key.clone().apply_to(before.external_key),
            ..before
        };
        self.columns.clone().apply_to(row)
    }
}

fn requirement(reader: &mut InputReader<'_>) -> Option<(String, SkillLevel)> {
    let (skill, level) = (reader.required("skill", slug), reader.required("level", member));
    Some((skill?, level?))
}

impl ValidatedColumns {
    fn read(reader: &mut InputReader<'_>) -> Self {
        Self {
            summary: reader.nullable("summary", prose(MAX_SUMMARY_CHARS)),
            description: reader.nullable("description", prose(MAX_DESCRIPTION_CHARS)),
            level: reader.nullable("level", member),
            formats: reader.list("formats", 10, member).map(|set| entity::mask::<entity::Format>(&set)),
            schedules: reader.list("schedules", 10, member).map(|set| entity::mask::<entity::Schedule>(&set)),
            languages: reader.list("languages", 20, language),
            duration: reader.object("duration", terms::duration),
            pricing: reader.object("pricing", terms::pricing),
            free_retake_within_months: reader.nullable("freeRetakeWithinMonths", whole(0..=1200)),
            certificate_of_completion: reader.nullable("certificateOfCompletion", boolean),
            mentoring_sessions: reader.nullable("mentoringSessions", whole(0..=10_000)),
            max_class_size: reader.nullable("maxClassSize", whole(1..=10_000)),
            job_preparation: reader.nullable("jobPreparation", boolean),
            job_guarantee: reader.nullable("jobGuarantee", boolean),
            portfolio: reader.nullable("portfolio", boolean),
            no_prerequisites: reader.nullable("noPrerequisites", boolean),
            prerequisite_note: reader.nullable("prerequisiteNote", prose(MAX_NOTE_CHARS)),
            url: reader.nullable("url", web_address),
        }
    }

    fn apply_to(self, before: course::Model) -> course::Model {
        let row = terms::apply_duration(self.duration, terms::apply_pricing(self.pricing, before));
        course::Model {
            summary: self.summary.apply_to(row.summary),
            description: self.description.apply_to(row.description),
            level: self.level.apply_to(row.level),
            formats: self.formats.apply_to(Some(row.formats)).unwrap_or_default(),
            schedules: self.schedules.apply_to(Some(row.schedules)).unwrap_or_default(),
            languages: self.languages.map(set).apply_to(Some(row.languages)).unwrap_or_default(),
            free_retake_within_months: self.free_retake_within_months.apply_to(row.free_retake_within_months),
            certificate_of_completion: self.certificate_of_completion.apply_to(row.certificate_of_completion),
            mentoring_sessions: self.mentoring_sessions.apply_to(row.mentoring_sessions),
            max_class_size: self.max_class_size.apply_to(row.max_class_size),
            job_preparation: self.job_preparation.apply_to(row.job_preparation),
            job_guarantee: self.job_guarantee.apply_to(row.job_guarantee),
            portfolio: self.portfolio.apply_to(row.portfolio),
            no_prerequisites: self.no_prerequisites.apply_to(row.no_prerequisites),
            prerequisite_note: self.prerequisite_note.apply_to(row.prerequisite_note),
            url: self.url.apply_to(row.url),
            ..row
        }
    }
}

/// Removes duplicates: languages are a set.
fn set(tags: Vec<String>) -> String {
    let mut known = Vec::new();
    for tag in tags {
        if !known.contains(&tag) {
            known.push(tag);
        }
    }
    known.join(",")
}
