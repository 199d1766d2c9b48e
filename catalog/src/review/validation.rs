//! Reads the input of a review into checked values and collects every validation error. Does not belong here: database
//! access.

use chrono::NaiveDate;
use entity::{ReviewerRelation, review};
use serde_json::Value;

use crate::input::text::{MAX_NAME_CHARS, line, prose};
use crate::input::value::{boolean, date, member, whole};
use crate::input::{Fields, InputReader, ValidationCode, ValidationError, Violation};

/// Minimum length of a review in characters. Anything shorter helps nobody.
const MIN_BODY_CHARS: usize = 20;
/// Maximum length of a review or a reply in characters.
pub const MAX_BODY_CHARS: usize = 5_000;

/// Reads and validates an input, and returns the row with its fields. Fails if the input has errors, or if there are
/// any before.
pub(super) fn read(
    fields: &Fields,
    today: NaiveDate,
    row: review::Model,
    mut errors: Vec<ValidationError>,
) -> Result<review::Model, Vec<ValidationError>> {
    let (row, wrong) = InputReader::read(fields, |reader| content(reader, today, row));
    errors.extend(wrong.into_iter().map(|error| error.within("input")));
    row.filter(|_| errors.is_empty()).ok_or(errors)
}

/// Reads the fields that an author states into a row.
pub(super) fn content(reader: &mut InputReader<'_>, today: NaiveDate, row: review::Model) -> Option<review::Model> {
    let stars = || whole(1..=5);
    let rating = reader.required("rating", stars());
    let curriculum = reader.nullable("curriculum", stars()).value();
    let instructors = reader.nullable("instructors", stars()).value();
    let job_support = reader.nullable("jobSupport", stars()).value();
    let title = reader.nullable("title", line(MAX_NAME_CHARS)).value();
    let body = reader.required("body", body);
    let relation = reader.required("relation", member::<ReviewerRelation>);
    let incentive = reader.required("incentive", boolean);
    let completed_on = reader.nullable("completedOn", past(today)).value();
    if relation == Some(ReviewerRelation::Applicant) && completed_on.is_some() {
        let rule = "must be left out by an APPLICANT, who took no course";
        reader.add_error("completedOn", ValidationCode::Invalid, rule);
    }
    let (rating, body, relation, incentive) = (rating?, body?, relation?, incentive?);
    Some(review::Model {
        rating,
        curriculum,
        instructors,
        job_support,
        title,
        body,
        relation,
        incentive,
        completed_on,
        ..row
    })
}

fn body(value: &Value) -> Result<String, Violation> {
    let text = prose(MAX_BODY_CHARS)(value)?;
    let length = text.chars().count();
    if length < MIN_BODY_CHARS {
        let text = format!("must have at least {MIN_BODY_CHARS} characters, and has {length}");
        return Err(Violation { code: ValidationCode::TooShort, text });
    }
    Ok(text)
}

/// Reads a date that is not in the future.
pub(super) fn past(today: NaiveDate) -> impl Fn(&Value) -> Result<NaiveDate, Violation> {
    move |value| {
        let day = date(value)?;
        if day <= today { Ok(day) } else { Err(Violation::range("must not be in the future")) }
    }
}
