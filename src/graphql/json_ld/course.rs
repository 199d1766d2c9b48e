//! Builds the schema.org document of a course, and reports what search engines will miss.

use async_graphql::SimpleObject;
use catalog::course::derived;
use catalog::values::Money;
use entity::{Level, PricePeriod, PricingCategory, SkillLevel, course};
use serde_json::{Value, json};

use super::course_data::CourseData;
use super::instance::instances;
use super::provider::{rating, reference, stated};

/// Maximum number of characters of a description cut from a longer one; a summary has the same limit.
const MAX_DESCRIPTION_CHARS: usize = 500;

/// A property that search engines require and the listing does not state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, SimpleObject)]
pub struct JsonLdFault {
    /// Name of the schema.org property, with dots between the levels, e.g. "offers.category".
    pub(super) property: &'static str,
    /// What the listing is missing, as a sentence.
    pub(super) reason: &'static str,
}

/// Builds the document, and the list of missing properties. As part of a list it has no `@context` of its own.
pub(super) fn document(data: &CourseData, context: Option<&str>) -> (Value, Vec<JsonLdFault>) {
    let (row, mut faults) = (&data.row, Vec::new());
    let description = description(data);
    if description.is_none() {
        let reason = "The listing states neither a summary nor a description.";
        faults.push(JsonLdFault { property: "description", reason });
    }
    let offers = offers(row, &mut faults);
    let instances = instances(data, &mut faults);
    let document = stated([
        ("@context", context.map(Value::from)),
        ("@type", Some(json!("Course"))),
        ("name", Some(json!(row.title))),
        ("description", description.map(Value::from)),
        ("url", row.url.as_deref().map(Value::from)),
        ("provider", Some(reference(&data.provider))),
        ("offers", offers),
        ("hasCourseInstance", list(instances)),
        ("inLanguage", list(derived::languages(row))),
        ("educationalLevel", row.level.and_then(level).map(Value::from)),
        ("about", list(data.subjects.iter().cloned())),
        ("teaches", list(data.skills.iter().cloned())),
        ("coursePrerequisites", list(prerequisites(data))),
        ("educationalCredentialAwarded", list(credentials(data))),
        ("aggregateRating", data.ratings.as_ref().and_then(rating)),
    ]);
    (document, faults)
}

/// Returns the summary, or the beginning of the description, cut at the end of a word.
fn description(data: &CourseData) -> Option<String> {
    if let Some(summary) = &data.row.summary {
        return Some(summary.clone());
    }
    let words = data.description.as_deref()?.split_whitespace();
    let mut text = String::new();
    for word in words {
        if text.chars().count() + word.chars().count() + 2 > MAX_DESCRIPTION_CHARS {
            text.push('…');
            break;
        }
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(word);
    }
    (!text.is_empty()).then_some(text)
}

/// Builds the offer. Without a stated category, the price determines it.
fn offers(row: &course::Model, faults: &mut Vec<JsonLdFault>) -> Option<Value> {
    let once = derived::price(row);
    let of_price = once.map(|price| if price.minor == 0 { PricingCategory::Free } else { PricingCategory::Paid });
    let Some(category) = row.pricing_category.or(of_price) else {
        let reason = "The listing does not state how it is paid for.";
        faults.push(JsonLdFault { property: "offers.category", reason });
        return None;
    };
    let name = match category {
        PricingCategory::Free => "Free",
        PricingCategory::PartiallyFree => "Partially Free",
        PricingCategory::Subscription => "Subscription",
        PricingCategory::Paid => "Paid",
    };
    match (once, period(row)) {
        (Some(once), _) => {
            let mut offer = price(once, Some(name));
            // A free course need not name a currency, so do not invent one.
            if derived::named_currency(row).is_none()
                && let Value::Object(offer) = &mut offer
            {
                offer.remove("priceCurrency");
            }
            Some(offer)
        }
        (None, Some(rent)) => Some(json!({ "@type": "Offer", "category": name, "priceSpecification": rent })),
        (None, None) => {
            if category == PricingCategory::Paid {
                faults.push(JsonLdFault { property: "offers.price", reason: "The listing does not state the price." });
            }
            Some(json!({ "@type": "Offer", "category": name }))
        }
    }
}

/// Builds a price per month or year. As a plain price it would look like the price of the whole course.
fn period(row: &course::Model) -> Option<Value> {
    let unit = match row.price_per? {
        PricePeriod::Once => return None,
        PricePeriod::Month => "MONTH",
        PricePeriod::Year => "YEAR",
    };
    let price = Money::stored(row.price, row.price_currency.as_deref())?;
    Some(json!({
        "@type": "UnitPriceSpecification",
        "price": price.amount().to_string(),
        "priceCurrency": price.currency.code(),
        "unitText": unit,
    }))
}

/// Builds an offer with a price.
pub(super) fn price(price: Money, category: Option<&str>) -> Value {
    stated([
        ("@type", Some(json!("Offer"))),
        ("category", category.map(Value::from)),
        ("price", Some(price.amount().to_string().into())),
        ("priceCurrency", Some(price.currency.code().into())),
    ])
}

/// schema.org has no value for ALL_LEVELS.
fn level(level: Level) -> Option<&'static str> {
    match level {
        Level::Beginner => Some("Beginner"),
        Level::Intermediate => Some("Intermediate"),
        Level::Advanced => Some("Advanced"),
        Level::AllLevels => None,
    }
}

fn prerequisites(data: &CourseData) -> Vec<String> {
    let how_well = |level: &SkillLevel| match level {
        SkillLevel::Basic => "basic",
        SkillLevel::Familiar => "familiar",
        SkillLevel::Proficient => "proficient",
    };
    let skills = data.required_skills.iter().map(|(skill, level)| format!("{skill} ({})", how_well(level)));
    skills.chain(data.required_courses.iter().cloned()).chain(data.row.prerequisite_note.clone()).collect()
}

fn credentials(data: &CourseData) -> Vec<Value> {
    let credential = |name: &str, category: &str| json!({ "@type": "EducationalOccupationalCredential", "name": name, "credentialCategory": category });
    let completion = data.row.certificate_of_completion == Some(true);
    let certificate = completion.then(|| credential("Certificate of completion", "Certificate"));
    certificate.into_iter().chain(data.certifications.iter().map(|name| credential(name, "Certification"))).collect()
}

/// Builds an array. `None` if it is empty.
fn list<T: Into<Value>>(items: impl IntoIterator<Item = T>) -> Option<Value> {
    let items: Vec<Value> = items.into_iter().map(Into::into).collect();
    (!items.is_empty()).then_some(Value::Array(items))
}
