//! Domain values, each validated once at the edge. Does not belong here: anything of GraphQL or SQL.

mod language;

use std::fmt::{Display, Formatter};

use iso_currency::Currency;
use rust_decimal::Decimal;

pub use self::language::{language, tag_of_name};

/// Amount of money in minor units of its currency. It never passes through a float.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Money {
    /// Amount in minor units, e.g. cents.
    pub minor: i64,
    /// Currency of the amount.
    pub currency: Currency,
}

impl Money {
    /// Amount from two columns of a row; `None` if they are null.
    pub fn stored(minor: Option<i64>, currency: Option<&str>) -> Option<Self> {
        Some(Money { minor: minor?, currency: Currency::from_code(currency?)? })
    }

    /// Amount from a decimal number; `None` if it is finer than the minor unit of the currency or out of range.
    pub fn from_decimal(amount: Decimal, currency: Currency) -> Option<Self> {
        Some(Money { minor: to_minor(amount, currency)?, currency })
    }

    /// Amount as a decimal number, with as many decimals as the currency has.
    pub fn amount(self) -> Decimal {
        Decimal::new(self.minor, decimals(self.currency))
    }
}

/// Amount and currency, e.g. "19999.00 USD".
impl Display for Money {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.amount(), self.currency.code())
    }
}

/// Converts an amount to minor units; `None` if it is finer than the minor unit of the currency or out of range.
pub fn to_minor(amount: Decimal, currency: Currency) -> Option<i64> {
    scaled(amount, decimals(currency))
}

/// Number of decimals of a currency.
pub fn decimals(currency: Currency) -> u32 {
    currency.exponent().unwrap_or(0).into()
}

/// Parses an exact decimal number. The underscore that programming languages allow, as in `1_000`, is rejected.
pub fn decimal(text: &str) -> Option<Decimal> {
    Decimal::from_str_exact(text).ok().filter(|_| !text.contains('_'))
}

/// Decimal number from ten-thousandths.
pub fn from_e4(value: i64) -> Decimal {
    Decimal::new(value, 4).normalize()
}

/// Converts a decimal number to ten-thousandths; `None` if it is finer than that or out of range.
pub fn to_e4(value: Decimal) -> Option<i64> {
    scaled(value, 4)
}

/// Converts a decimal number to an integer by shifting its decimal point; `None` if it is finer or out of range.
fn scaled(value: Decimal, places: u32) -> Option<i64> {
    let value = value.checked_mul(Decimal::from(10_i64.pow(places)))?;
    if value.fract().is_zero() { value.trunc().try_into().ok() } else { None }
}

/// Country code of ISO 3166-1 alpha-2; `None` if it is unknown.
pub fn country(code: &str) -> Option<&'static str> {
    rust_iso3166::from_alpha2(code).map(|country| country.alpha2)
}

/// Currency of ISO 4217. `None` if it is unknown or not used for payment: metals, units of account and test codes have
/// no minor unit.
pub fn currency(code: &str) -> Option<Currency> {
    Currency::from_code(code).filter(|currency| currency.exponent().is_some())
}

/// Absolute http or https URL without user information, at most 2,000 characters.
pub fn web_address(text: &str) -> Option<String> {
    let url = url::Url::parse(text).ok()?;
    let plain = matches!(url.scheme(), "http" | "https") && url.username().is_empty() && url.password().is_none();
    let sound = plain && !text.chars().any(|c| c.is_control() || c.is_whitespace());
    sound.then(|| url.to_string()).filter(|address| address.len() <= 2_000)
}

/// Canonical form of an email address: lower case, ASCII, at most 254 characters. This is the only parser of addresses.
/// It rejects quotes, comments, IP addresses and anything that could end a line or a header. Only sending an email
/// shows whether the address works.
pub fn email(text: &str) -> Option<String> {
    let text = text.trim_matches(' ').to_ascii_lowercase();
    let (local, domain) = text.rsplit_once('@')?;
    let atom = |atom: &str| {
        !atom.is_empty() && atom.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&b))
    };
    let sound = local.len() <= 64 && local.split('.').all(atom) && is_mail_domain(domain);
    (sound && text.len() <= 254).then_some(text)
}

/// Whether a lower-case text can be the domain of an email address: at least two labels, the last one a top-level
/// domain, international ones in their ASCII form.
fn is_mail_domain(domain: &str) -> bool {
    let label = |label: &str| {
        let plain = label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        (1..=63).contains(&label.len()) && plain && !label.starts_with('-') && !label.ends_with('-')
    };
    let is_top =
        |top: &str| top.len() >= 2 && (top.bytes().all(|b| b.is_ascii_alphabetic()) || top.starts_with("xn--"));
    let labels = domain.split('.').all(label) && domain.rsplit_once('.').is_some_and(|(_, top)| is_top(top));
    // The URL parser knows which labels that start with `xn--` are well-formed.
    labels && matches!(url::Host::parse(domain), Ok(url::Host::Domain(host)) if host == domain)
}

/// Date of any precision: year, month or day.
pub fn partial_date(text: &str) -> Option<String> {
    let padded = match text.len() {
        4 => format!("{text}-01-01"),
        7 => format!("{text}-01"),
        10 => text.to_owned(),
        _ => return None,
    };
    chrono::NaiveDate::parse_from_str(&padded, "%Y-%m-%d").ok().map(|_| text.to_owned())
}

/// Whether a text can be a slug: 1 to 120 lower-case ASCII letters, digits and hyphens. Anything else is never looked
/// up.
pub fn is_slug(text: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (1..=120).contains(&text.len()) && text.bytes().all(fits)
}
