//! A provider as schema.org has it.

use entity::{ProviderKind, provider_location};
use serde_json::{Map, Value, json};

use crate::dictionary::Provider;
use crate::rating::RatingSummary;

/// The whole of it.
pub(super) fn document(provider: &Provider, ratings: Option<&RatingSummary>) -> Value {
    let row = &provider.row;
    let seat = provider.locations.first().and_then(address);
    stated([
        ("@context", Some(json!("https://schema.org"))),
        ("@type", Some(type_of(row.kind).into())),
        ("name", Some(json!(row.name))),
        ("url", row.url.as_deref().map(Value::from)),
        ("logo", row.logo.as_deref().map(Value::from)),
        ("description", row.description.as_deref().map(Value::from)),
        ("address", seat),
        ("aggregateRating", ratings.and_then(rating)),
    ])
}

/// What stands of it in a course.
pub(super) fn reference(provider: &Provider) -> Value {
    let row = &provider.row;
    stated([
        ("@type", Some(type_of(row.kind).into())),
        ("name", Some(json!(row.name))),
        ("url", row.url.as_deref().map(Value::from)),
    ])
}

fn type_of(kind: ProviderKind) -> &'static str {
    match kind {
        ProviderKind::University | ProviderKind::CommunityCollege => "CollegeOrUniversity",
        ProviderKind::Bootcamp | ProviderKind::Platform => "EducationalOrganization",
        ProviderKind::Company => "Corporation",
        ProviderKind::NonProfit => "NGO",
    }
}

fn address(row: &provider_location::Model) -> Option<Value> {
    postal(row.city.as_deref(), row.region.as_deref(), row.country.as_deref())
}

/// A postal address; `None` where nothing of it is stated.
pub(super) fn postal(city: Option<&str>, region: Option<&str>, country: Option<&str>) -> Option<Value> {
    (city.is_some() || region.is_some() || country.is_some()).then(|| {
        stated([
            ("@type", Some(json!("PostalAddress"))),
            ("addressLocality", city.map(Value::from)),
            ("addressRegion", region.map(Value::from)),
            ("addressCountry", country.map(Value::from)),
        ])
    })
}

/// The figures of reviews; `None` without one.
pub(super) fn rating(ratings: &RatingSummary) -> Option<Value> {
    // Two decimals, which is as much as anybody shows.
    let average = (ratings.average? * 100.0).round() / 100.0;
    Some(json!({
        "@type": "AggregateRating",
        "ratingValue": average,
        "ratingCount": ratings.count,
        "bestRating": 5,
        "worstRating": 1,
    }))
}

/// An object of what is stated.
pub(super) fn stated<const N: usize>(fields: [(&str, Option<Value>); N]) -> Value {
    let fields = fields.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
    Value::Object(fields.collect::<Map<_, _>>())
}
