//! Parses the salaries of a report: bands, a median, and the number of salaries stated, which must all be consistent.

use entity::outcome_salary_band;
use iso_currency::Currency;
use serde_json::Value;

use crate::input::value::{currency, decimal, whole};
use crate::input::{InputReader, ValidationCode, Violation};
use crate::values::{Money, decimals};

/// Maximum number of salary bands in a report.
const MAX_BANDS: usize = 50;

/// Checked salaries of a report.
#[derive(Clone, Debug)]
pub(super) struct Salaries {
    pub(super) currency: Currency,
    pub(super) median: i64,
    /// Number of graduates who stated their salary.
    pub(super) stated: i32,
    pub(super) bands: Vec<Band>,
}

/// Row of a band. Report and position are filled in later.
pub(super) type Band = outcome_salary_band::Model;

/// Reads the salaries of a report with this many graduates employed in the field.
pub(super) fn salaries(reader: &mut InputReader<'_>, employed: Option<i32>) -> Option<Salaries> {
    let currency = reader.required("currency", currency);
    // Without a valid currency, the amounts are still checked, so that their errors are reported too.
    let in_currency = currency.unwrap_or(Currency::USD);
    let median = reader.required("median", amount(in_currency));
    let stated = reader.required("stated", whole(1..=1_000_000));
    let bands = reader.objects("bands", MAX_BANDS, |reader| band(reader, in_currency)).value().unwrap_or_default();
    if stated.zip(employed).is_some_and(|(stated, employed)| stated > employed) {
        reader.add_error(
            "stated",
            ValidationCode::OutOfRange,
            "must not be more than the graduates employed in the field",
        );
    }
    let salaries = Salaries { currency: currency?, median: median?, stated: stated?, bands };
    salaries.check(reader);
    Some(salaries)
}

/// Parses an amount of money into minor units.
fn amount(currency: Currency) -> impl Fn(&Value) -> Result<i64, Violation> {
    move |value| {
        let money = Money::from_decimal(decimal(value)?, currency).filter(|money| money.minor >= 0);
        let rule = || Violation::range(format!("must be 0 or more with at most {} decimals", decimals(currency)));
        money.map(|money| money.minor).ok_or_else(rule)
    }
}

fn band(reader: &mut InputReader<'_>, currency: Currency) -> Option<Band> {
    let (least, below) =
        (reader.nullable("from", amount(currency)).value(), reader.nullable("below", amount(currency)).value());
    let count = reader.required("count", whole(0..=1_000_000));
    if least.zip(below).is_some_and(|(least, below)| least >= below) || below == Some(0) {
        reader.add_error("below", ValidationCode::OutOfRange, "must be above from, and above 0");
    }
    Some(Band { report_id: 0, position: 0, least, below, count: count? })
}

impl Salaries {
    fn check(&self, reader: &mut InputReader<'_>) {
        let Some(last) = self.bands.last() else { return };
        let apart = |pair: &[Band]| {
            let [band, next] = pair else { return true };
            band.below.zip(next.least).is_some_and(|(below, least)| below <= least)
        };
        if !self.bands.windows(2).all(apart) {
            let rule = "must rise without overlapping: only the first may leave out from, and only the last below";
            reader.add_error("bands", ValidationCode::Invalid, rule);
            return;
        }
        let sum: i32 = self.bands.iter().map(|band| band.count).sum();
        if sum != self.stated {
            let rule = format!("must add up to the {} stated, and come to {sum}", self.stated);
            reader.add_error("bands", ValidationCode::Invalid, rule);
            return;
        }
        // The median lies between the two middle salaries, which are the same if their number is odd.
        let low = self.at((self.stated - 1) / 2).and_then(|band| band.least);
        let high = self.at(self.stated / 2).unwrap_or(last).below;
        if low.is_some_and(|low| self.median < low) || high.is_some_and(|high| self.median >= high) {
            reader.add_error("median", ValidationCode::Invalid, "must lie in the band of those in the middle");
        }
    }

    /// Returns the band of the salary at this position in ascending order.
    fn at(&self, place: i32) -> Option<&Band> {
        let mut before = 0;
        self.bands.iter().find(|band| {
            before += band.count;
            place < before
        })
    }
}
