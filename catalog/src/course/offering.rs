//! What providers state about an offering, one declaration per field.

use std::sync::LazyLock;

use chrono::NaiveDate;
use entity::{Format, Schedule, offering};
use serde_json::Value;

use crate::input::text::line;
use crate::input::{InputReader, ValidationCode, Violation};
use crate::listing::{
    Field, LocationColumns, ObjectType, ValueType, choice, column, date, integer, language, location, web_address,
};

/// Maximum number of offerings of a course.
pub const MAX_OFFERINGS: usize = 200;

/// An offering. The writer fills in ID, course and version.
pub static OFFERING: LazyLock<ObjectType<offering::Model>> = LazyLock::new(|| {
    type F = Field<offering::Model>;
    let place = location(LocationColumns::<offering::Model> {
        city: column!(city),
        region: column!(region),
        country: column!(country),
        latitude: column!(latitude),
        longitude: column!(longitude),
    });
    let fields = vec![
        F::not_null("format", choice::<Format>(), column!(format)).required().describe("Format of the offering."),
        F::optional("schedule", choice::<Schedule>(), column!(schedule)).describe("Schedule of the offering."),
        F::optional("startsOn", date(), column!(starts_on))
            .describe("First day. If left out, the offering is on demand."),
        F::optional("endsOn", date(), column!(ends_on))
            .describe("Last day, not before `startsOn`. Only allowed together with `startsOn`."),
        F::optional("applyBy", date(), column!(apply_by)).describe("Application deadline, not after `startsOn`."),
        F::optional("timeZone", ValueType::new("String", time_zone), column!(time_zone))
            .describe("Time zone of the dates, as an IANA name, e.g. \"Europe/Paris\"."),
        F::object("location", place).describe("Location of the offering."),
        F::optional("language", language(), column!(language)).describe("Language in which the offering is taught."),
        F::money("price", column!(price), column!(price_currency))
            .describe("Price of the offering. If left out, the price of the course applies."),
        F::optional("capacity", integer(0..=i32::MAX), column!(capacity)).describe("Number of places, 0 or more."),
        F::optional("seatsLeft", integer(0..=i32::MAX), column!(seats_left))
            .describe("Number of free places, 0 to `capacity`."),
        F::optional("url", web_address(), column!(url)).describe("Web page for booking the offering."),
    ];
    let description =
        "An offering of a course. It is always sent whole: a field that is left out or null is not stated.";
    ObjectType::new("OfferingInput", description, fields).with_check(check)
});

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

fn check(reader: &mut InputReader<'_>, offering: &mut offering::Model) {
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
