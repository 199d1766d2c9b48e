//! Rows of a comparison, with their best values.

use std::collections::BTreeMap;

use async_graphql::Context;
use catalog::course::derived;
use catalog::error::Result;
use futures_util::future::try_join_all;
use iso_currency::Currency;
use rust_decimal::Decimal;
use sea_orm::Iterable;

use super::cell::cell_value;
use super::criterion::{Better, Criterion};
use super::types::ComparisonRow;
use crate::graphql::course::Course;

/// Builds the rows in their fixed order. Requests all values at once, so that each kind of data is loaded once.
pub(super) async fn rows(ctx: &Context<'_>, courses: &[Course]) -> Result<Vec<ComparisonRow>> {
    let rows = try_join_all(Criterion::iter().map(|criterion| rows_of(ctx, criterion, courses))).await?;
    Ok(rows.into_iter().flatten().collect())
}

async fn rows_of(ctx: &Context<'_>, criterion: Criterion, courses: &[Course]) -> Result<Vec<ComparisonRow>> {
    if criterion == Criterion::Price {
        return Ok(prices(courses));
    }
    let values = try_join_all(courses.iter().map(|course| cell_value(ctx, criterion, course))).await?;
    Ok(vec![row(criterion, criterion.unit().map(str::to_owned), values)])
}

fn row(criterion: Criterion, unit: Option<String>, values: Vec<Option<String>>) -> ComparisonRow {
    let best = best(&values, criterion.better());
    ComparisonRow { criterion, unit, values, best }
}

/// Builds one row per currency: prices are not converted, so they are only compared within a currency.
fn prices(courses: &[Course]) -> Vec<ComparisonRow> {
    let named = derived::prices(courses.iter().map(|course| &*course.0)).into_iter();
    let currencies: BTreeMap<&str, Currency> = named.map(|price| (price.currency.code(), price.currency)).collect();
    if currencies.is_empty() {
        return vec![row(Criterion::Price, None, vec![None; courses.len()])];
    }
    let of = |(code, currency): (&str, Currency)| {
        let prices = courses.iter().map(|course| derived::price_in(&course.0, currency));
        row(Criterion::Price, Some(code.to_owned()), prices.map(|price| Some(price?.amount().to_string())).collect())
    };
    currencies.into_iter().map(of).collect()
}

/// Positions of the best values. Empty if there is nothing to choose between.
fn best(values: &[Option<String>], better: Better) -> Vec<usize> {
    let figures: Vec<(usize, Decimal)> =
        values.iter().enumerate().filter_map(|(index, value)| Some((index, figure(value.as_deref()?)?))).collect();
    let least = figures.iter().map(|(_, figure)| *figure).min();
    let most = figures.iter().map(|(_, figure)| *figure).max();
    let best = match better {
        // This also holds if there is only one value.
        _ if least == most => None,
        Better::More => most,
        Better::Less => least,
        Better::Neither => None,
    };
    figures.into_iter().filter(|(_, figure)| Some(*figure) == best).map(|(index, _)| index).collect()
}

/// Parses a value as a number, so that 9 is less than 10, and false less than true.
fn figure(value: &str) -> Option<Decimal> {
    match value {
        "true" => Some(Decimal::ONE),
        "false" => Some(Decimal::ZERO),
        number => Decimal::from_str_exact(number).ok(),
    }
}
