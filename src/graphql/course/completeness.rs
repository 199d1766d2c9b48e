//! Completeness of a listing: which facts are missing, and a weighted score. `COURSE` and
//! the tables here hold the facts with their weights. Loading the facts does not belong here; see `inside`.

use async_graphql::SimpleObject;
use catalog::course::{COURSE, derived};
use entity::{Format, PricingCategory, ProviderStatus, course, mask};

/// How complete a listing is.
#[derive(SimpleObject)]
pub struct Completeness {
    /// Weight of the stated facts divided by the weight of all facts, 0 to 1. A fact that is required for publication
    /// weighs 3, a fact that learners filter by weighs 2, any other weighs 1. A fact that does not apply counts as
    /// stated, e.g. the location of an online course.
    pub score: f64,
    /// Facts that are not stated: first those required for publication, then those that learners filter by, then the
    /// rest. Empty if the listing is complete.
    pub missing: Vec<MissingFact>,
}

/// A fact that a listing does not state.
#[derive(SimpleObject)]
pub struct MissingFact {
    /// Field of the course, e.g. "skills". "provider" if the provider is not ACTIVE.
    pub field: String,
    /// Whether learners filter by this fact. A filter on it does not find a listing that leaves it out.
    pub filterable: bool,
    /// Whether the course cannot be published without this fact.
    pub required: bool,
    /// What to do about it, as a sentence to show to people.
    pub hint: String,
}

/// Input of the check: the row of a course, and what is known about it from other tables.
pub(super) struct CompletenessInput<'a> {
    pub row: &'a course::Model,
    pub provider: ProviderStatus,
    pub description: bool,
    pub skills: bool,
    pub subjects: bool,
    pub careers: bool,
    /// Whether required courses or skills are stated.
    pub prerequisites: bool,
    pub financing: bool,
    /// Whether there is an upcoming offering.
    pub offering: bool,
    /// Whether the next offering or the provider has a location.
    pub location: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Weight {
    Required = 3,
    Filterable = 2,
    Other = 1,
}

struct Fact {
    field: &'static str,
    weight: Weight,
    hint: &'static str,
    stated: fn(&CompletenessInput<'_>) -> bool,
}

const fn fact(
    field: &'static str,
    weight: Weight,
    hint: &'static str,
    stated: fn(&CompletenessInput<'_>) -> bool,
) -> Fact {
    Fact { field, weight, hint, stated }
}

/// Facts that depend on several columns or on other tables, in front of the plain ones, which `COURSE` declares. A fact
/// that does not apply to a course counts as stated: the location of an online course, the financing of a free one.
const FIRST: [Fact; 17] = {
    use Weight::{Filterable, Required};
    [
        fact("title", Required, "Give it a title.", |input| !input.row.title.is_empty()),
        // The column is not nullable.
        fact("kind", Required, "Say what it is.", |_| true),
        fact(
            "provider",
            Required,
            "Wait for the catalogue's staff to let the provider in; until then nothing of it is published.",
            |input| input.provider == ProviderStatus::Active,
        ),
        fact("level", Filterable, "Say whom it addresses; ALL_LEVELS is an answer.", |input| input.row.level.is_some()),
        fact("formats", Filterable, "Say how it is held: in person, live online, self-paced.", |input| {
            input.row.formats != 0
        }),
        fact("schedules", Filterable, "Say when it is held, e.g. full-time or on weekends.", |input| {
            input.row.schedules != 0
        }),
        fact("languages", Filterable, "Name the languages it is taught in.", |input| !input.row.languages.is_empty()),
        fact("duration", Filterable, "State weeks, days or hours, so that it is compared by its length.", |input| {
            derived::estimated_hours(input.row).is_some()
        }),
        fact("pricing", Filterable, "Say whether it is free, paid or a subscription.", |input| {
            input.row.pricing_category.is_some()
        }),
        fact("price", Filterable, "State the price and its currency.", |input| {
            input.row.price.is_some() || is_free(input.row)
        }),
        fact("financing", Filterable, "Name the ways to pay, UPFRONT at least.", |input| {
            input.financing || is_free(input.row)
        }),
        fact("skills", Filterable, "Name the skills it teaches.", |input| input.skills),
        fact("subjects", Filterable, "Name the fields of study it belongs to.", |input| input.subjects),
        fact("careers", Filterable, "Name the careers it leads to.", |input| input.careers),
        fact("nextOffering", Filterable, "Add the next dates, or an offering on demand.", |input| input.offering),
        fact("location", Filterable, "Say where its offerings are held, or where the provider is.", |input| {
            input.location || is_online(input.row)
        }),
        fact("certificateOfCompletion", Filterable, "Say whether finishing it gives a certificate.", |input| {
            input.row.certificate_of_completion.is_some()
        }),
    ]
};

/// Facts behind the plain ones.
const LAST: [Fact; 4] = {
    use Weight::{Filterable, Other};
    [
        fact("prerequisites", Filterable, "Say what learners must bring, or that nothing is needed.", |input| {
            input.prerequisites || input.row.no_prerequisites.is_some()
        }),
        fact("summary", Other, "Say in a sentence or two what it is.", |input| input.row.summary.is_some()),
        fact("description", Other, "Describe it: contents, teachers, how it is taught.", |input| input.description),
        fact("url", Other, "Say where it is described and booked.", |input| input.row.url.is_some()),
    ]
};

fn is_free(row: &course::Model) -> bool {
    row.pricing_category == Some(PricingCategory::Free)
}

fn is_online(row: &course::Model) -> bool {
    row.formats != 0 && row.formats & mask(&[Format::InPerson, Format::Hybrid]) == 0
}

/// Computes the completeness of a course.
pub(super) fn of(input: &CompletenessInput<'_>) -> Completeness {
    let judge = |fact: &Fact| (fact.field, fact.weight, fact.hint, (fact.stated)(input));
    let plain = COURSE.hints(input.row).map(|(field, hint, stated)| (field, Weight::Filterable, hint, stated));
    let facts: Vec<_> = FIRST.iter().map(judge).chain(plain).chain(LAST.iter().map(judge)).collect();
    let weight = |all: bool| {
        let counted = facts.iter().filter(|(_, _, _, stated)| all || *stated);
        counted.map(|(_, weight, _, _)| f64::from(*weight as u8)).sum::<f64>()
    };
    let missing = facts.iter().filter(|(_, _, _, stated)| !stated).map(|(field, weight, hint, _)| MissingFact {
        field: (*field).to_owned(),
        filterable: *weight == Weight::Filterable,
        required: *weight == Weight::Required,
        hint: (*hint).to_owned(),
    });
    Completeness { score: weight(false) / weight(true), missing: missing.collect() }
}
