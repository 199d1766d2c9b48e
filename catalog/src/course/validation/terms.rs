//! Parses duration, pricing, financing plans and awards.

use entity::{PricePeriod, PricingCategory, award, course, financing_plan};

use crate::input::text::{MAX_NAME_CHARS, MAX_NOTE_CHARS, line, prose};
use crate::input::value::{Ends, e4, member, money, range, whole};
use crate::input::{InputReader, Patch, ValidationCode};
use crate::values::Money;

/// A validated duration. It replaces the stored one as a whole.
#[derive(Clone, Debug, Default)]
pub(super) struct ValidatedDuration {
    weeks: Option<i32>,
    days: Ends<i32>,
    hours: Option<i32>,
    hours_per_week: Ends<i32>,
}

/// Reads a duration.
pub(super) fn duration(reader: &mut InputReader<'_>) -> Option<ValidatedDuration> {
    Some(ValidatedDuration {
        weeks: reader.nullable("weeks", whole(1..=1000)).value(),
        days: reader.object("days", |reader| range(reader, whole(1..=7000))).value().unwrap_or_default(),
        hours: reader.nullable("hours", whole(1..=100_000)).value(),
        hours_per_week: reader
            .object("hoursPerWeek", |reader| range(reader, whole(1..=168)))
            .value()
            .unwrap_or_default(),
    })
}

/// Applies a duration to a row.
pub(super) fn apply_duration(said: Patch<ValidatedDuration>, row: course::Model) -> course::Model {
    let duration = match said {
        Patch::Absent => return row,
        Patch::Null => ValidatedDuration::default(),
        Patch::Value(duration) => duration,
    };
    course::Model {
        duration_weeks: duration.weeks,
        duration_days_min: duration.days.0,
        duration_days_max: duration.days.1,
        duration_hours: duration.hours,
        hours_per_week_min: duration.hours_per_week.0,
        hours_per_week_max: duration.hours_per_week.1,
        ..row
    }
}

/// A validated pricing. It replaces the stored one as a whole.
#[derive(Clone, Debug, Default)]
pub(super) struct ValidatedPricing {
    category: Option<PricingCategory>,
    amount: Option<Money>,
    per: Option<PricePeriod>,
    certificate: Option<Money>,
}

/// Reads a pricing.
pub(super) fn pricing(reader: &mut InputReader<'_>) -> Option<ValidatedPricing> {
    let category = reader.required("category", member);
    let amount = reader.object("amount", money).value();
    let per = reader.nullable("per", member).value();
    let certificate = reader.object("certificate", money).value();
    let costs = amount.is_some_and(|amount| amount.minor > 0);
    if category == Some(PricingCategory::Free) && costs {
        reader.add_error("amount", ValidationCode::OutOfRange, "must be 0 or left out where the category is FREE");
    }
    if category == Some(PricingCategory::Subscription) && per == Some(PricePeriod::Once) {
        reader.add_error("per", ValidationCode::Invalid, "must be MONTH or YEAR where the category is SUBSCRIPTION");
    }
    Some(ValidatedPricing { category, amount, per, certificate })
}

/// Applies a pricing to a row.
pub(super) fn apply_pricing(said: Patch<ValidatedPricing>, row: course::Model) -> course::Model {
    let pricing = match said {
        Patch::Absent => return row,
        Patch::Null => ValidatedPricing::default(),
        Patch::Value(pricing) => pricing,
    };
    let (price, price_currency) = columns(pricing.amount);
    let (certificate_price, certificate_price_currency) = columns(pricing.certificate);
    course::Model {
        pricing_category: pricing.category,
        price,
        price_currency,
        price_per: pricing.per,
        certificate_price,
        certificate_price_currency,
        ..row
    }
}

fn columns(money: Option<Money>) -> (Option<i64>, Option<String>) {
    (money.map(|money| money.minor), money.map(|money| money.currency.code().to_owned()))
}

/// Reads a financing plan. The writer fills in course and position.
pub(super) fn financing(reader: &mut InputReader<'_>) -> Option<financing_plan::Model> {
    let kind = reader.required("kind", member);
    let (income_floor, income_floor_currency) = columns(reader.object("incomeFloor", money).value());
    let (cap, cap_currency) = columns(reader.object("cap", money).value());
    Some(financing_plan::Model {
        course_id: 0,
        position: 0,
        apr_percent_e4: reader.nullable("aprPercent", e4(1000)).value(),
        months: reader.nullable("months", whole(1..=600)).value(),
        income_percent_e4: reader.nullable("incomePercent", e4(100)).value(),
        income_floor,
        income_floor_currency,
        cap,
        cap_currency,
        note: reader.nullable("note", prose(MAX_NOTE_CHARS)).value(),
        kind: kind?,
    })
}

/// Reads an award. The writer fills in course and position.
pub(super) fn award(reader: &mut InputReader<'_>) -> Option<award::Model> {
    let (title, by) =
        (reader.required("title", line(MAX_NAME_CHARS)), reader.required("awardedBy", line(MAX_NAME_CHARS)));
    let year = reader.nullable("year", whole(1900..=2200)).value();
    Some(award::Model { course_id: 0, position: 0, title: title?, awarded_by: by?, year })
}
