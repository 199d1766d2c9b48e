//! The scalars of the API. An invalid value is rejected before anything runs.

use async_graphql::{Description, InputValueError, InputValueResult, Scalar, ScalarType, Value};
use catalog::values;

/// Scalar that is represented by a string.
pub struct TextScalar {
    /// Name in the schema.
    pub name: &'static str,
    /// Whether a text is a valid value.
    pub fits: fn(&str) -> bool,
    /// Error message for an invalid value.
    pub rule: &'static str,
}

macro_rules! text_scalars {
    ($($(#[$doc:meta])* $name:ident($inner:ty) = $graphql:literal, $parse:expr, $write:expr, $rule:literal;)+) => {
        /// All scalars that are represented by strings.
        pub const TEXTS: &[TextScalar] = &[$(TextScalar {
            name: $graphql,
            fits: |text| {
                let parse: fn(&str) -> Option<$inner> = $parse;
                parse(text).is_some()
            },
            rule: $rule,
        }),+];

        $($(#[$doc])*
        #[derive(Clone, Debug, Description, PartialEq)]
        pub struct $name(pub $inner);

        #[Scalar(name = $graphql, use_type_description)]
        impl ScalarType for $name {
            fn parse(value: Value) -> InputValueResult<Self> {
                let parse: fn(&str) -> Option<$inner> = $parse;
                let text = if let Value::String(text) = &value { parse(text) } else { None };
                text.map($name).ok_or_else(|| InputValueError::custom($rule))
            }

            fn to_value(&self) -> Value {
                let write: fn(&$inner) -> String = $write;
                Value::String(write(&self.0))
            }
        })+
    };
}

text_scalars! {
    /// Point in time in UTC, RFC 3339, e.g. `2026-05-01T09:00:00Z`. At most six decimals of a second.
    DateTime(chrono::DateTime<chrono::Utc>) = "DateTime",
    |text| chrono::DateTime::parse_from_rfc3339(text).ok().map(|time| time.to_utc()).filter(is_kept_as_it_is),
    |time| time.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true),
    "must be a time in RFC 3339 with six decimals at most, e.g. 2026-05-01T09:00:00Z";
    /// Date, ISO 8601, e.g. `2026-05-01`.
    Date(chrono::NaiveDate) = "Date",
    |text| (text.len() == 10).then(|| text.parse().ok()).flatten().filter(|date| in_range(*date)),
    |date| date.to_string(),
    "must be a date in ISO 8601, e.g. 2026-05-01";
    /// Date of any precision, ISO 8601: a year, a month or a day, e.g. `2023`, `2022-03` or `2022-03-14`.
    PartialDate(String) = "PartialDate",
    values::partial_date,
    |date| date.clone(),
    "must be a year, a month or a day in ISO 8601: 2023, 2022-03 or 2022-03-14";
    /// Exact decimal number as a string, e.g. `"19999.00"`. Money never passes through a float.
    Decimal(rust_decimal::Decimal) = "Decimal",
    values::decimal,
    |number| number.to_string(),
    "must be a decimal number as a string, e.g. \"19999.00\"";
    /// Currency code, ISO 4217, e.g. `USD`.
    CurrencyCode(iso_currency::Currency) = "CurrencyCode",
    values::currency,
    |currency| currency.code().to_owned(),
    "must be a currency of ISO 4217, e.g. USD";
    /// Language tag, BCP 47, e.g. `en` or `pt-BR`.
    LanguageCode(String) = "LanguageCode",
    values::language,
    |tag| tag.clone(),
    "must be a registered language tag of BCP 47, e.g. en or pt-BR";
    /// Country code, ISO 3166-1 alpha-2, e.g. `US`.
    CountryCode(String) = "CountryCode",
    |code| values::country(code).map(str::to_owned),
    |code| code.clone(),
    "must be a country of ISO 3166-1 alpha-2, e.g. US";
    /// Absolute URL, http or https only, without user information, at most 2,000 characters.
    WebAddress(String) = "URL",
    values::web_address,
    |url| url.clone(),
    "must be an absolute http or https address without user information";
}

/// Whether both databases return a time as it was stored: in whole microseconds, and not a leap second.
fn is_kept_as_it_is(time: &chrono::DateTime<chrono::Utc>) -> bool {
    let nanoseconds = time.timestamp_subsec_nanos();
    in_range(time.date_naive()) && nanoseconds < 1_000_000_000 && nanoseconds.is_multiple_of(1_000)
}

/// Whether both databases and every client can represent the year.
fn in_range(date: chrono::NaiveDate) -> bool {
    use chrono::Datelike;
    (1..=9999).contains(&date.year())
}
