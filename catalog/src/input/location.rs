//! Locations.

use serde_json::Value;

use super::InputReader;
use super::error::{ValidationCode, Violation};
use super::text::{MAX_NAME_CHARS, line};
use super::value::country;

/// Validated location.
#[derive(Clone, Debug, Default, PartialEq)]
#[allow(missing_docs, reason = "the fields are those of Location in the schema")]
pub struct Location {
    pub city: Option<String>,
    pub region: Option<String>,
    pub country: Option<String>,
    pub latitude: Option<f64>,
    pub longitude: Option<f64>,
}

/// Reads a location.
pub fn location(reader: &mut InputReader<'_>) -> Option<Location> {
    let location = Location {
        city: reader.nullable("city", line(MAX_NAME_CHARS)).value(),
        region: reader.nullable("region", line(MAX_NAME_CHARS)).value(),
        country: reader.nullable("country", country).value(),
        latitude: reader.nullable("latitude", degrees(90.0)).value(),
        longitude: reader.nullable("longitude", degrees(180.0)).value(),
    };
    if reader.has_value("latitude") != reader.has_value("longitude") {
        reader.add_error("latitude", ValidationCode::Required, "latitude and longitude must be given together");
    }
    Some(location)
}

fn degrees(max: f64) -> impl Fn(&Value) -> Result<f64, Violation> {
    move |value| {
        let number = value.as_f64().or_else(|| value.as_str()?.trim().parse().ok());
        number.filter(|number| number.abs() <= max).ok_or_else(|| Violation::range(format!("must be -{max} to {max}")))
    }
}
