//! Parses the input of a course: turns a loosely typed object into checked values and reports all errors at once. Only
//! `write` can use the result, so no row is written that was not checked here. Database access does not belong here.

use entity::{CourseKind, award, course, financing_plan, offering};

use super::listing::{AWARDS, COURSE, FINANCING_PLANS, LINKS, OFFERINGS, REQUIREMENTS, SkillRequirement};
use super::offering::OFFERING;
use crate::input::value::boolean;
use crate::input::{Fields, InputReader, Patch, ValidationError};
use crate::listing::RowPatch;
use crate::write::NamedLinks;

/// Validated input. A field that is absent keeps its stored value.
#[derive(Clone)]
pub(super) struct ValidatedCourse {
    pub publish: Option<bool>,
    pub requirements: Patch<Vec<SkillRequirement>>,
    pub awards: Patch<Vec<award::Model>>,
    pub financing: Patch<Vec<financing_plan::Model>>,
    pub offerings: Patch<Vec<offering::Model>>,
    pub links: NamedLinks,
    pub columns: RowPatch<course::Model>,
}

impl ValidatedCourse {
    /// Parses a row of a batch, which must identify its course by `externalKey`. A field with an error is treated as
    /// absent, so the rest of the input can still be checked.
    pub(super) fn row(fields: &Fields) -> (Self, Vec<ValidationError>) {
        InputReader::read(fields, |reader| Self::read(reader, &["externalKey"]))
    }

    /// Parses the input of a mutation, where `externalKey` is optional.
    pub(super) fn input(fields: &Fields) -> (Self, Vec<ValidationError>) {
        InputReader::read(fields, |reader| Self::read(reader, &[]))
    }

    /// Names of the fields that a row may have.
    pub(super) fn fields() -> Vec<&'static str> {
        InputReader::fields_of(|reader| Self::read(reader, &[]))
    }

    fn read(reader: &mut InputReader<'_>, required: &[&str]) -> Self {
        Self {
            publish: reader.nullable("publish", boolean).value(),
            columns: COURSE.read_patch(reader, required),
            requirements: REQUIREMENTS.read(reader),
            awards: AWARDS.read(reader),
            financing: FINANCING_PLANS.read(reader),
            offerings: OFFERINGS.read(reader),
            links: NamedLinks::read(reader, &LINKS),
        }
    }

    /// Title, if it is given.
    pub(super) fn title(&self) -> Option<&String> {
        Some(&self.columns.values().title).filter(|_| self.columns.states("title"))
    }

    /// Kind, if it is given.
    pub(super) fn kind(&self) -> Option<CourseKind> {
        self.columns.states("kind").then_some(self.columns.values().kind)
    }

    /// Slug, if it is given.
    pub(super) fn slug(&self) -> Option<&String> {
        Some(&self.columns.values().slug).filter(|_| self.columns.states("slug"))
    }

    /// The provider's own key, if it is given.
    pub(super) fn external_key(&self) -> Option<&String> {
        self.columns.values().external_key.as_ref()
    }
}

/// Parses an offering that was sent on its own.
pub(super) fn offering(fields: &Fields) -> (offering::Model, Vec<ValidationError>) {
    InputReader::read(fields, |reader| OFFERING.read(reader))
}
