//! Validates the values of a filter. An error names the path of the value.

use std::ops::RangeInclusive;

use catalog::error::{AppError, Result};
use catalog::values::{to_e4, to_minor};
use rust_decimal::Decimal;
use search::{Circle, ON_DEMAND, days};

use crate::graphql::course::inputs::{DateFilter, DecimalFilter, FloatFilter, IntFilter, NearFilter, PriceFilter};

/// Validates an integer range. `None` if it has no bounds.
pub(super) fn whole(at: &str, filter: &IntFilter) -> Result<Option<RangeInclusive<i64>>> {
    bounds(at, filter.gte.map(i64::from), filter.lte.map(i64::from), i64::MIN..=i64::MAX)
}

/// Validates a floating-point range. `None` if it has no bounds.
pub(super) fn fraction(at: &str, filter: &FloatFilter) -> Result<Option<RangeInclusive<f64>>> {
    for (name, bound) in [("gte", filter.gte), ("lte", filter.lte)] {
        if bound.is_some_and(|bound| !bound.is_finite()) {
            return Err(AppError::input(format!("{at}.{name}"), "must be a finite number"));
        }
    }
    bounds(at, filter.gte, filter.lte, f64::MIN..=f64::MAX)
}

/// Validates a price range and converts it to minor units. `None` if it has no bounds.
pub fn price(at: &str, filter: &PriceFilter) -> Result<Option<RangeInclusive<i64>>> {
    let currency = filter.currency.0;
    let minor = |amount| to_minor(amount, currency);
    let rule = format!("must be an amount with no more decimals than {} has", currency.code());
    decimal(at, &DecimalFilter { gte: filter.gte.clone(), lte: filter.lte.clone() }, minor, &rule)
}

/// Validates a percentage range and converts it to ten-thousandths. `None` if it has no bounds.
pub(super) fn percent(at: &str, filter: &DecimalFilter) -> Result<Option<RangeInclusive<i64>>> {
    decimal(at, filter, to_e4, "must be a percentage with at most four decimals")
}

fn decimal(
    at: &str,
    filter: &DecimalFilter,
    stored: impl Fn(Decimal) -> Option<i64>,
    rule: &str,
) -> Result<Option<RangeInclusive<i64>>> {
    let bound = |name: &str, amount: &Option<crate::graphql::scalars::Decimal>| {
        let Some(amount) = amount else { return Ok(None) };
        stored(amount.0).map(Some).ok_or_else(|| AppError::input(format!("{at}.{name}"), rule))
    };
    bounds(at, bound("gte", &filter.gte)?, bound("lte", &filter.lte)?, i64::MIN..=i64::MAX)
}

/// Converts a range of start days to days since 1970, and excludes offerings on demand. `None` if it has no bounds.
pub(super) fn dates(at: &str, filter: &DateFilter) -> Result<Option<RangeInclusive<i64>>> {
    let day = |date: &Option<crate::graphql::scalars::Date>| date.as_ref().map(|date| days(date.0));
    bounds(at, day(&filter.gte), day(&filter.lte), i64::MIN..=ON_DEMAND - 1)
}

/// Validates a circle around a point.
pub(super) fn circle(at: &str, filter: &NearFilter) -> Result<Circle> {
    let NearFilter { latitude, longitude, kilometres } = *filter;
    let within = |name: &str, value: f64, range: RangeInclusive<f64>, rule: &str| {
        if range.contains(&value) { Ok(()) } else { Err(AppError::input(format!("{at}.{name}"), rule)) }
    };
    within("latitude", latitude, -90.0..=90.0, "must be -90 to 90 degrees")?;
    within("longitude", longitude, -180.0..=180.0, "must be -180 to 180 degrees")?;
    within("kilometres", kilometres, 0.0..=20_000.0, "must be 0 to 20,000 km")?;
    Ok(Circle { latitude, longitude, kilometres })
}

fn bounds<T: Copy + PartialOrd>(
    at: &str,
    gte: Option<T>,
    lte: Option<T>,
    widest: RangeInclusive<T>,
) -> Result<Option<RangeInclusive<T>>> {
    if gte.is_none() && lte.is_none() {
        return Ok(None);
    }
    if gte.zip(lte).is_some_and(|(gte, lte)| gte > lte) {
        return Err(AppError::input(format!("{at}.gte"), "must not be above lte"));
    }
    Ok(Some(gte.unwrap_or(*widest.start())..=lte.unwrap_or(*widest.end())))
}
