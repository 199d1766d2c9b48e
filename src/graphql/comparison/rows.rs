//! A comparison of courses: its rows, with their best values.

use std::collections::BTreeMap;

use async_graphql::{Context, Description, Object, SimpleObject};
use catalog::course::derived;
use catalog::error::AppError;
use futures_util::future::try_join_all;
use iso_currency::Currency;
use rust_decimal::Decimal;
use sea_orm::Iterable;

use super::cell::cell_value;
use super::criterion::{Better, Criterion};
use crate::graphql::course::Course;
use crate::graphql::error::Result;

/// A comparison of courses.
#[derive(Description)]
pub struct CourseComparison(pub(super) Vec<Course>);

#[Object(use_type_description)]
impl CourseComparison {
    /// Compared courses, in the order of the request.
    async fn courses(&self) -> &[Course] {
        &self.0
    }

    /// One row per criterion, in the order of `Criterion`. PRICE has one row per currency in which any of the courses
    /// states a price, sorted by currency code; if none does, a single row without unit and values.
    async fn rows(&self, ctx: &Context<'_>) -> Result<Vec<ComparisonRow>> {
        let rows = Criterion::iter().map(|criterion| rows_of(ctx, criterion, &self.0));
        // All values are requested at once, so that each kind of data is loaded once.
        Ok(try_join_all(rows).await?.into_iter().flatten().collect())
    }
}

/// Values of the courses for one criterion.
#[derive(Debug, PartialEq, Eq, SimpleObject)]
pub struct ComparisonRow {
    /// The criterion.
    pub criterion: Criterion,
    /// Unit of the values: hours, hours/week, sessions, months, stars, reviews, awards, or an ISO 4217 currency code.
    /// Null if the values are not numbers.
    pub unit: Option<String>,
    /// Values in the order of the courses: a decimal number, true or false, a day, enum values, slugs or language tags.
    /// Several values are separated by ", ". Null if the course does not state one.
    pub values: Vec<Option<String>>,
    /// Indexes of the courses with the best value, starting at 0; several if they share it. Empty if no value of this
    /// criterion is better than another, if all stated values are equal, or if fewer than two courses state one.
    pub best: Vec<usize>,
}

async fn rows_of(ctx: &Context<'_>, criterion: Criterion, courses: &[Course]) -> Result<Vec<ComparisonRow>, AppError> {
    if criterion == Criterion::Price {
        return Ok(prices(courses));
    }
    let values = try_join_all(courses.iter().map(|course| cell_value(ctx, criterion, course))).await?;
    Ok(vec![row(criterion, criterion.scale().0, values)])
}

fn row(criterion: Criterion, unit: Option<&str>, values: Vec<Option<String>>) -> ComparisonRow {
    let best = best(&values, criterion.scale().1);
    ComparisonRow { criterion, unit: unit.map(str::to_owned), values, best }
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
        row(Criterion::Price, Some(code), prices.map(|price| Some(price?.amount().to_string())).collect())
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
