//! Locations.

use serde_json::Value;

use super::{Column, Field, ObjectType, ValueType, line};
use crate::input::text::MAX_NAME_CHARS;
use crate::input::value::country;
use crate::input::{ValidationCode, Violation};

/// Columns of a location.
#[allow(missing_docs, reason = "the columns are those of Location in the schema")]
pub struct LocationColumns<R> {
    pub city: Column<R, Option<String>>,
    pub region: Column<R, Option<String>>,
    pub country: Column<R, Option<String>>,
    pub latitude: Column<R, Option<f64>>,
    pub longitude: Column<R, Option<f64>>,
}

/// Declares a location that is stored in these columns.
pub fn location<R: 'static>(columns: LocationColumns<R>) -> ObjectType<R> {
    let fields = vec![
        Field::optional("city", line(MAX_NAME_CHARS), columns.city).describe("City, at most 200 characters."),
        Field::optional("region", line(MAX_NAME_CHARS), columns.region)
            .describe("State, province or other region, at most 200 characters."),
        Field::optional("country", ValueType::new("CountryCode", country), columns.country)
            .describe("Country of the location."),
        Field::optional("latitude", degrees(90.0), columns.latitude)
            .describe("Latitude in degrees north, -90 to 90. Must be given together with `longitude`."),
        Field::optional("longitude", degrees(180.0), columns.longitude)
            .describe("Longitude in degrees east, -180 to 180. Must be given together with `latitude`."),
    ];
    ObjectType::new("LocationInput", "Location. A field that is left out is not stated.", fields).with_check(
        |reader, _| {
            if reader.has_value("latitude") != reader.has_value("longitude") {
                reader.add_error("latitude", ValidationCode::Required, "latitude and longitude must be given together");
            }
        },
    )
}

fn degrees(max: f64) -> ValueType<f64> {
    ValueType::new("Float", move |value: &Value| {
        let number = value.as_f64().or_else(|| value.as_str()?.trim().parse().ok());
        number.filter(|number| number.abs() <= max).ok_or_else(|| Violation::range(format!("must be -{max} to {max}")))
    })
}
