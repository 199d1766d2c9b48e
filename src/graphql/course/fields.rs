//! Input objects of the course mutations. They only define the shape in the schema: `COURSE` in the catalogue declares
//! the fields and their rules.

use async_graphql::InputObject;
use catalog::course::{COURSE, OFFERING};
use catalog::listing::ObjectShape;
use entity::{course, offering};

use crate::graphql::enums::CourseKind;
use crate::graphql::untyped_input::{Declaration, Declared};

/// A new course. A field that is left out or null is not stated.
#[derive(InputObject)]
pub struct CourseInput {
    /// Title of the course: one line of at most 200 characters.
    pub title: String,
    /// Kind of the course.
    pub kind: CourseKind,
    /// The provider's own key for the course: one line of at most 200 characters, unique among the provider's courses.
    pub external_key: Option<String>,
    /// Offerings of the course, at most 200.
    pub offerings: Option<Vec<OfferingInput>>,
    /// All remaining fields.
    #[graphql(flatten)]
    pub details: CourseDetails,
}

/// Changes to a course. An absent field keeps its value, null clears it. A list replaces the whole stored list.
#[derive(InputObject)]
pub struct CoursePatch {
    /// Title of the course: one line of at most 200 characters. Cannot be cleared.
    pub title: Option<String>,
    /// Kind of the course. Cannot be cleared.
    pub kind: Option<CourseKind>,
    /// The provider's own key for the course: one line of at most 200 characters, unique among the provider's courses.
    pub external_key: Option<String>,
    /// All remaining fields.
    #[graphql(flatten)]
    pub details: CourseDetails,
}

/// A course in a batch: updates the course that has this `externalKey`, or creates it. An absent field keeps its value,
/// or is not stated if the course is new. Null clears a field. A list replaces the whole stored list.
#[derive(InputObject)]
pub struct CourseRow {
    /// The provider's own key for the course: one line of at most 200 characters.
    pub external_key: String,
    /// True publishes the course, false turns it back into a draft. If absent or null, the status does not change; a
    /// new course is a draft.
    pub publish: Option<bool>,
    /// Title of the course: one line of at most 200 characters. Required for a new course. Cannot be null.
    pub title: Option<String>,
    /// Kind of the course. Required for a new course. Cannot be null.
    pub kind: Option<CourseKind>,
    /// Offerings of the course, at most 200. An offering that already exists keeps its ID; it is recognised by format,
    /// schedule, start day, city, country and language.
    pub offerings: Option<Vec<OfferingInput>>,
    /// All remaining fields.
    #[graphql(flatten)]
    pub details: CourseDetails,
}

/// Fields that all course inputs have in common.
pub type CourseDetails = Declared<course::Model>;

impl Declaration for course::Model {
    fn shape() -> ObjectShape {
        COURSE.shape()
    }
}

/// An offering.
pub type OfferingInput = Declared<offering::Model>;

impl Declaration for offering::Model {
    fn shape() -> ObjectShape {
        OFFERING.shape()
    }
}
