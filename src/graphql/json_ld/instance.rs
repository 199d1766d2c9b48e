//! Builds the CourseInstance objects of a course: one for each upcoming offering. A course without upcoming offerings
//! gets one for each of its formats.

use catalog::values::Money;
use entity::{Format, course, offering};
use serde_json::{Value, json};

use super::course::{JsonLdFault, price};
use super::course_data::CourseData;
use super::provider::{address, postal, stated};

pub(super) fn instances(data: &CourseData, faults: &mut Vec<JsonLdFault>) -> Vec<Value> {
    let length = length(&data.row);
    if length.is_none() {
        let reason = "The listing states neither hours nor weeks nor days.";
        faults.push(JsonLdFault { property: "hasCourseInstance.courseWorkload", reason });
    }
    let length = length.unwrap_or_default();
    let instances: Vec<Value> = if data.offerings.is_empty() {
        let address = data.provider.locations.first().and_then(address);
        let formats = entity::members::<Format>(data.row.formats).into_iter();
        formats.map(|format| of_format(format, address.clone(), &length, faults)).collect()
    } else {
        data.offerings.iter().map(|row| of_offering(row, &length, faults)).collect()
    };
    if instances.is_empty() {
        let reason = "The listing has no upcoming offering and does not state how it is held.";
        faults.push(JsonLdFault { property: "hasCourseInstance", reason });
    }
    instances
}

fn of_format(format: Format, address: Option<Value>, length: &Length, faults: &mut Vec<JsonLdFault>) -> Value {
    stated([
        ("@type", Some(json!("CourseInstance"))),
        ("courseMode", Some(mode(format).into())),
        ("courseWorkload", length.workload.clone()),
        ("courseSchedule", length.schedule(None)),
        ("location", location(format, address, None, faults)),
    ])
}

fn of_offering(row: &offering::Model, length: &Length, faults: &mut Vec<JsonLdFault>) -> Value {
    let address = postal(row.city.as_deref(), row.region.as_deref(), row.country.as_deref());
    let point = row.latitude.zip(row.longitude);
    let own = Money::stored(row.price, row.price_currency.as_deref());
    stated([
        ("@type", Some(json!("CourseInstance"))),
        ("courseMode", Some(mode(row.format).into())),
        ("startDate", row.starts_on.map(|date| date.to_string().into())),
        ("endDate", row.ends_on.map(|date| date.to_string().into())),
        ("courseWorkload", length.workload.clone()),
        ("courseSchedule", length.schedule(Some(row))),
        ("inLanguage", row.language.as_deref().map(Value::from)),
        ("location", location(row.format, address, point, faults)),
        ("offers", own.map(|own| price(own, None))),
        ("url", row.url.as_deref().map(Value::from)),
    ])
}

fn mode(format: Format) -> &'static str {
    match format {
        Format::InPerson => "Onsite",
        Format::LiveOnline | Format::SelfPaced => "Online",
        Format::Hybrid => "Blended",
    }
}

/// Builds the location. It is required for formats that are held on site.
fn location(
    format: Format,
    address: Option<Value>,
    point: Option<(f64, f64)>,
    faults: &mut Vec<JsonLdFault>,
) -> Option<Value> {
    let somewhere = match format {
        Format::InPerson | Format::Hybrid => true,
        Format::LiveOnline | Format::SelfPaced => false,
    };
    if !somewhere {
        return None;
    }
    if address.is_none() && point.is_none() {
        let fault = JsonLdFault {
            property: "hasCourseInstance.location",
            reason: "It is held on site, and the listing does not state where.",
        };
        if !faults.contains(&fault) {
            faults.push(fault);
        }
        return None;
    }
    let geo = point.map(|(lat, lon)| json!({ "@type": "GeoCoordinates", "latitude": lat, "longitude": lon }));
    Some(stated([("@type", Some(json!("Place"))), ("address", address), ("geo", geo)]))
}

/// Length of a course, in the units that it states. Nothing is estimated here.
#[derive(Default)]
struct Length {
    /// Total hours as an ISO 8601 duration.
    workload: Option<Value>,
    /// Repeat frequency, repeat count, and duration of each session.
    pace: Option<(&'static str, i32, Option<String>)>,
}

fn length(row: &course::Model) -> Option<Length> {
    let workload = workload(row).map(Value::from);
    let hours = row.hours_per_week_min.or(row.hours_per_week_max).map(|hours| format!("PT{hours}H"));
    let weeks = row.duration_weeks.map(|weeks| ("Weekly", weeks, hours));
    // Use the longer end of a range: the course may turn out shorter, but never longer than announced.
    let days = row.duration_days_max.or(row.duration_days_min).map(|days| ("Daily", days, None));
    let pace = weeks.or(days);
    (workload.is_some() || pace.is_some()).then_some(Length { workload, pace })
}

/// Stated total as an ISO 8601 duration.
fn workload(row: &course::Model) -> Option<String> {
    let of_minutes = || row.duration_minutes.map(|minutes| (minutes / 60, minutes % 60));
    let (hours, minutes) = row.duration_hours.map(|hours| (hours, 0)).or_else(of_minutes)?;
    let part = |amount: i32, unit: char| if amount > 0 { format!("{amount}{unit}") } else { String::new() };
    Some(format!("PT{}{}", part(hours, 'H'), part(minutes, 'M')))
}

impl Length {
    fn schedule(&self, dates: Option<&offering::Model>) -> Option<Value> {
        let (frequency, count, each) = self.pace.as_ref()?;
        let date = |date: Option<chrono::NaiveDate>| date.map(|date| date.to_string().into());
        Some(stated([
            ("@type", Some(json!("Schedule"))),
            ("repeatFrequency", Some(json!(frequency))),
            ("repeatCount", Some(json!(count))),
            ("duration", each.as_deref().map(Value::from)),
            ("startDate", date(dates.and_then(|row| row.starts_on))),
            ("endDate", date(dates.and_then(|row| row.ends_on))),
        ]))
    }
}
