//! Parses the input of an offering.

use chrono::NaiveDate;
use entity::{Format, Schedule, offering};
use serde_json::Value;

use crate::input::location::{Location, location};
use crate::input::text::line;
use crate::input::value::{date, language, member, money, web_address, whole};
use crate::input::{Fields, InputReader, ValidationCode, ValidationError, Violation};
use crate::values::Money;

/// A validated offering.
#[derive(Clone, Debug)]
pub struct ValidatedOffering {
    format: Format,
    schedule: Option<Schedule>,
    starts_on: Option<NaiveDate>,
    ends_on: Option<NaiveDate>,
    apply_by: Option<NaiveDate>,
    time_zone: Option<String>,
    location: Location,
    language: Option<String>,
    price: Option<Money>,
    capacity: Option<i32>,
    seats_left: Option<i32>,
    url: Option<String>,
}

/// Parses an offering that was sent on its own.
pub fn parse(fields: &Fields) -> (Option<ValidatedOffering>, Vec<ValidationError>) {
    InputReader::read(fields, read)
}

/// Reads an offering.
pub(super) fn read(reader: &mut InputReader<'_>) -> Option<ValidatedOffering> {
    let format = reader.required("format", member);
    let offering = ValidatedOffering {
        schedule: reader.nullable("schedule", member).value(),
        starts_on: reader.nullable("startsOn", date).value(),
        ends_on: reader.nullable("endsOn", date).value(),
        apply_by: reader.nullable("applyBy", date).value(),
        time_zone: reader.nullable("timeZone", time_zone).value(),
        location: reader.object("location", location).value().unwrap_or_default(),
        language: reader.nullable("language", language).value(),
        price: reader.object("price", money).value(),
        capacity: reader.nullable("capacity", whole(0..=i32::MAX)).value(),
        seats_left: reader.nullable("seatsLeft", whole(0..=i32::MAX)).value(),
        url: reader.nullable("url", web_address).value(),
        format: format?,
    };
    check(reader, &offering);
    Some(offering)
}

/// Checks the form of an IANA time zone name. The list of names changes several times a year, so the name itself is not
/// looked up.
fn time_zone(value: &Value) -> Result<String, Violation> {
    let name = line(64)(value)?;
    let fits = |part: &str| {
        part.starts_with(|c: char| c.is_ascii_alphabetic())
            && part.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '+'))
    };
    if name.split('/').all(fits) {
        Ok(name)
    } else {
        Err(Violation::invalid("must be a time zone of IANA, e.g. Europe/Paris"))
    }
}

fn check(reader: &mut InputReader<'_>, offering: &ValidatedOffering) {
    let after =
        |one: Option<NaiveDate>, other: Option<NaiveDate>| one.zip(other).is_some_and(|(one, other)| one > other);
    if after(offering.starts_on, offering.ends_on) {
        reader.add_error("endsOn", ValidationCode::OutOfRange, "must not be before startsOn");
    }
    if offering.starts_on.is_none() && offering.ends_on.is_some() {
        reader.add_error(
            "endsOn",
            ValidationCode::Invalid,
            "must be left out where startsOn is, since it is on demand then",
        );
    }
    if after(offering.apply_by, offering.starts_on) {
        reader.add_error("applyBy", ValidationCode::OutOfRange, "must not be after startsOn");
    }
    if offering.seats_left.zip(offering.capacity).is_some_and(|(left, all)| left > all) {
        reader.add_error("seatsLeft", ValidationCode::OutOfRange, "must not be above capacity");
    }
}

impl ValidatedOffering {
    /// Builds the row of a new offering.
    pub fn row(self, id: i64, course_id: i64) -> offering::Model {
        offering::Model {
            id,
            course_id,
            format: self.format,
            schedule: self.schedule,
            starts_on: self.starts_on,
            ends_on: self.ends_on,
            apply_by: self.apply_by,
            time_zone: self.time_zone,
            city: self.location.city,
            region: self.location.region,
            country: self.location.country,
            latitude: self.location.latitude,
            longitude: self.location.longitude,
            language: self.language,
            price: self.price.map(|price| price.minor),
            price_currency: self.price.map(|price| price.currency.code().to_owned()),
            capacity: self.capacity,
            seats_left: self.seats_left,
            url: self.url,
            version: 1,
        }
    }
}
