//! Builds the schema.org document of a provider.

use catalog::dictionary::Provider;
use entity::{ProviderKind, provider_location};
use serde_json::{Map, Value, json};

use crate::graphql::rating::RatingSummary;

/// The `@context` of all documents.
pub(super) const SCHEMA_ORG: &str = "https://schema.org";

/// Builds the full document.
pub(super) fn document(provider: &Provider, ratings: Option<&RatingSummary>) -> Value {
    let row = &provider.row;
    let seat = provider.locations.first().and_then(address);
    stated([
        ("@context", Some(json!(SCHEMA_ORG))),
        ("@type", Some(type_of(row.kind).into())),
        ("name", Some(json!(row.name))),
        ("url", row.url.as_deref().map(Value::from)),
        ("logo", row.logo.as_deref().map(Value::from)),
        ("description", row.description.as_deref().map(Value::from)),
        ("address", seat),
        ("aggregateRating", ratings.and_then(rating)),
    ])
}

/// Builds the short form for the document of a course.
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

/// Builds the address of a location. `None` if nothing of it is stated.
pub(super) fn address(row: &provider_location::Model) -> Option<Value> {
    postal(row.city.as_deref(), row.region.as_deref(), row.country.as_deref())
}

/// Builds a postal address. `None` if nothing of it is stated.
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

/// Builds the aggregate rating. `None` if there are no reviews.
pub(super) fn rating(ratings: &RatingSummary) -> Option<Value> {
    // Two decimals are as many as anybody shows.
    let average = (ratings.average? * 100.0).round() / 100.0;
    Some(json!({
        "@type": "AggregateRating",
        "ratingValue": average,
        "ratingCount": ratings.count,
        "bestRating": 5,
        "worstRating": 1,
    }))
}

/// Builds an object from the fields that have a value.
pub(super) fn stated<const N: usize>(fields: [(&str, Option<Value>); N]) -> Value {
    let fields = fields.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
    Value::Object(fields.collect::<Map<_, _>>())
}
