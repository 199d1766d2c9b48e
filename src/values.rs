//! The values of the domain, each checked once, where it comes in. What must not go in: anything of GraphQL or SQL.

use std::fmt::{Display, Formatter};

use iso_currency::Currency;
use rust_decimal::Decimal;

/// An amount of money in the minor units of its currency: it never passes through a float.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Money {
    /// The amount, e.g. in cents.
    pub minor: i64,
    /// The currency.
    pub currency: Currency,
}

impl Money {
    /// What two columns of a row say; `None` where they say nothing.
    pub fn stored(minor: Option<i64>, currency: Option<&str>) -> Option<Self> {
        Some(Money { minor: minor?, currency: Currency::from_code(currency?)? })
    }

    /// An amount as people write it; `None` where it is finer than the currency's smallest coin or out of range.
    pub fn from_decimal(amount: Decimal, currency: Currency) -> Option<Self> {
        Some(Money { minor: to_minor(amount, currency)?, currency })
    }

    /// The amount as people write it, with as many decimals as the currency has.
    pub fn amount(self) -> Decimal {
        Decimal::new(self.minor, decimals(self.currency))
    }
}

/// The amount and the currency, e.g. "19999.00 USD".
impl Display for Money {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.amount(), self.currency.code())
    }
}

/// An amount in minor units; `None` where it is finer than the currency's smallest coin or out of range.
pub fn to_minor(amount: Decimal, currency: Currency) -> Option<i64> {
    let minor = amount.checked_mul(Decimal::from(10_i64.pow(decimals(currency))))?;
    if minor.fract().is_zero() { minor.trunc().try_into().ok() } else { None }
}

/// How many decimals a currency has.
pub fn decimals(currency: Currency) -> u32 {
    currency.exponent().unwrap_or(0).into()
}

/// An exact decimal number as people write it: `1_000` is one to programs only.
pub fn decimal(text: &str) -> Option<Decimal> {
    Decimal::from_str_exact(text).ok().filter(|_| !text.contains('_'))
}

/// A decimal that is stored in ten-thousandths.
pub fn from_e4(value: i64) -> Decimal {
    Decimal::new(value, 4).normalize()
}

/// A decimal in ten-thousandths; `None` where it is finer than that or out of range.
pub fn to_e4(value: Decimal) -> Option<i64> {
    let value = value.checked_mul(Decimal::from(10_000))?;
    if value.fract().is_zero() { value.trunc().try_into().ok() } else { None }
}

/// A language tag in its canonical form; `None` where it is none of BCP 47.
pub fn language(tag: &str) -> Option<String> {
    let tag = oxilangtag::LanguageTag::parse_and_normalize(tag).ok()?;
    (tag.as_str().len() <= 35).then(|| tag.into_inner())
}

/// A country in ISO 3166-1 alpha-2; `None` where there is none of this code.
pub fn country(code: &str) -> Option<&'static str> {
    rust_iso3166::from_alpha2(code).map(|country| country.alpha2)
}

/// A currency of ISO 4217; `None` where there is none of this code, or where nobody pays in it: metals, units of account
/// and codes for testing have no smallest coin.
pub fn currency(code: &str) -> Option<Currency> {
    Currency::from_code(code).filter(|currency| currency.exponent().is_some())
}

/// An absolute http or https address without user information, of at most 2,000 characters.
pub fn web_address(text: &str) -> Option<String> {
    let url = url::Url::parse(text).ok()?;
    let plain = matches!(url.scheme(), "http" | "https") && url.username().is_empty() && url.password().is_none();
    let sound = plain && !text.chars().any(|c| c.is_control() || c.is_whitespace());
    sound.then(|| url.to_string()).filter(|address| address.len() <= 2_000)
}

/// An e-mail address in the one form in which addresses are compared: in lower case, at most 254 characters of ASCII. It is
/// the one parser of addresses. Nothing that could end a line or a header gets through, no quotes, comments or IP addresses;
/// whether somebody reads there, only a mail can say.
pub fn email(text: &str) -> Option<String> {
    let text = text.trim_matches(' ').to_ascii_lowercase();
    let (local, domain) = text.rsplit_once('@')?;
    let atom = |atom: &str| {
        !atom.is_empty() && atom.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&b))
    };
    let sound = local.len() <= 64 && local.split('.').all(atom) && is_mail_domain(domain);
    (sound && text.len() <= 254).then_some(text)
}

/// Whether a text, in lower case, can be the domain of an e-mail address: two labels at least, the last one a top-level
/// domain, international ones in their ASCII form.
fn is_mail_domain(domain: &str) -> bool {
    let label = |label: &str| {
        let plain = label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        (1..=63).contains(&label.len()) && plain && !label.starts_with('-') && !label.ends_with('-')
    };
    let is_top =
        |top: &str| top.len() >= 2 && (top.bytes().all(|b| b.is_ascii_alphabetic()) || top.starts_with("xn--"));
    let labels = domain.split('.').all(label) && domain.rsplit_once('.').is_some_and(|(_, top)| is_top(top));
    // The parser of web addresses knows which labels that begin with xn-- are well-formed.
    labels && matches!(url::Host::parse(domain), Ok(url::Host::Domain(host)) if host == domain)
}

/// A date as precise as it is known: a year, a month or a day.
pub fn partial_date(text: &str) -> Option<String> {
    let padded = match text.len() {
        4 => format!("{text}-01-01"),
        7 => format!("{text}-01"),
        10 => text.to_owned(),
        _ => return None,
    };
    chrono::NaiveDate::parse_from_str(&padded, "%Y-%m-%d").ok().map(|_| text.to_owned())
}

/// Whether a text can be a slug at all: lower-case ASCII letters, digits and hyphens, 1 to 120 of them. What cannot is
/// never looked up.
pub fn is_slug(text: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (1..=120).contains(&text.len()) && text.bytes().all(fits)
}
