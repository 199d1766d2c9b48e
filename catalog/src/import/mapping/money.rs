//! Amounts of money in a text. The currency is what stands beside the number: a code or a sign. What it says must not
//! contradict itself, nor the currency of the mapping where a sign belongs to several currencies.

use serde_json::{Value, json};

use super::FieldError;
use super::figure::{AMBIGUOUS, Figure, check_around, figures, is_currency_sign, lists, other_meaning, words};
use super::unit::{Unit, unit_of, unit_of_adverb};
use crate::values;

/// Signs and words for currencies, longer ones before those they begin or end with.
const MARKS: &[(&str, &[&str])] = &[
    ("US$", &["USD"]),
    ("CA$", &["CAD"]),
    ("AU$", &["AUD"]),
    ("NZ$", &["NZD"]),
    ("HK$", &["HKD"]),
    ("NT$", &["TWD"]),
    ("MX$", &["MXN"]),
    ("C$", &["CAD", "NIO"]),
    ("A$", &["AUD"]),
    ("S$", &["SGD"]),
    ("R$", &["BRL"]),
    ("$", DOLLARS),
    ("＄", DOLLARS),
    ("dollars", DOLLARS),
    ("dollar", DOLLARS),
    ("€", &["EUR"]),
    ("euros", &["EUR"]),
    ("euro", &["EUR"]),
    ("£", POUNDS),
    ("￡", POUNDS),
    ("pounds", POUNDS),
    ("¥", &["JPY", "CNY"]),
    ("￥", &["JPY", "CNY"]),
    ("円", &["JPY"]),
    ("元", &["CNY"]),
    ("원", &["KRW"]),
    ("₩", &["KRW"]),
    ("₹", &["INR"]),
    ("rs.", RUPEES),
    ("rs", RUPEES),
    ("rupees", RUPEES),
    ("₽", &["RUB"]),
    ("рублей", &["RUB", "BYN"]),
    ("руб.", &["RUB", "BYN"]),
    ("руб", &["RUB", "BYN"]),
    ("₴", &["UAH"]),
    ("грн", &["UAH"]),
    ("₺", &["TRY"]),
    ("₪", &["ILS"]),
    ("₫", &["VND"]),
    ("₦", &["NGN"]),
    ("₱", &["PHP"]),
    ("₸", &["KZT"]),
    ("₾", &["GEL"]),
    ("₼", &["AZN"]),
    ("฿", &["THB"]),
    ("zł", &["PLN"]),
    ("kč", &["CZK"]),
    ("sfr.", &["CHF"]),
    ("fr.", &["CHF"]),
    ("kr.", KRONER),
    ("kr", KRONER),
    ("ft", &["HUF"]),
    ("лв", &["BGN"]),
];
const DOLLARS: &[&str] = &[
    "USD", "AUD", "CAD", "NZD", "SGD", "HKD", "TWD", "MXN", "ARS", "CLP", "COP", "BBD", "BSD", "BZD", "BMD", "FJD",
    "GYD", "JMD", "KYD", "LRD", "NAD", "SBD", "SRD", "TTD", "XCD", "BND", "UYU", "DOP",
];
const POUNDS: &[&str] = &["GBP", "EGP", "SYP", "LBP", "SDG", "SSP", "FKP", "GIP", "SHP"];
const RUPEES: &[&str] = &["INR", "PKR", "LKR", "NPR", "MUR", "SCR"];
const KRONER: &[&str] = &["SEK", "NOK", "DKK", "ISK"];

/// Codes that are also words of a text in capital letters. They count only where the mapping expects them.
const WORDS: &[&str] = &[
    "ALL", "AMD", "ANG", "BAM", "BOB", "COP", "CUP", "GEL", "LAK", "MAD", "MOP", "MUR", "PEN", "RON", "SOS", "TOP",
    "TRY",
];

/// Words beside an amount with which it stays what it is. Any other may change it.
const HARMLESS: &str = "a an the free add upgrade pay payment once one time only just total full price prices cost costs fee fees \
    tuition for of in and get verified certificate certification course class program programme bootcamp workshop training person \
    participant student per incl including inclusive included vat tax taxes gst \
    preis kosten gebühr kursgebühr teilnahmegebühr nur einmalig gesamt gesamtpreis zertifikat für pro teilnehmer inkl inklusive \
    mwst ust brutto kurs prix tarif coût frais seulement ttc certificat pour par personne \
    precio costo coste tarifa matrícula solo iva incluido certificado por persona preço custo taxa apenas pessoa \
    цена стоимость всего сертификат за курс 税込 料金 受講料 価格 价格 学费 费用";
/// Signs beside an amount that say nothing.
const SIGNS: &str = "( ) [ ] （ ） , . : ; ! - – — | · \" ' & ： ，";
/// Words before the period of a price.
const PER: &str = "/ per a pro par por al im в je";

/// The only amount of money of a text. `default` is the currency of an amount that names none, and `per` the period that
/// the mapping gives to the price.
pub(super) fn money(text: &str, decimal: char, default: Option<&str>, per: Option<Unit>) -> Result<Value, FieldError> {
    let figures = figures(text, decimal)?;
    let figure = match figures.as_slice() {
        [] => return Err("holds no amount with a currency".to_owned()),
        [figure] => figure,
        [_, _, ..] => return Err("holds several numbers, where one amount is wanted".to_owned()),
    };
    let mut currencies = Currencies { codes: None, named: Vec::new() };
    let before = currencies.take_before(text.get(..figure.start).unwrap_or_default())?;
    let after = currencies.take_after(text.get(figure.end..).unwrap_or_default())?;
    let (head, tail) = (without_period(before, per), without_period(after, per));
    check_around(head, tail)?;
    check_words(head, tail)?;
    if before.ends_with(char::is_alphanumeric) && before.len() == figure.start
        || after.starts_with(char::is_alphanumeric) && after.len() == text.len() - figure.end
    {
        return Err("holds a number that is part of a word".to_owned());
    }
    if before.chars().chain(after.chars()).any(is_currency_sign) {
        return Err("names another currency".to_owned());
    }
    if currencies.codes.is_none() && !(before.trim().is_empty() && after.trim().is_empty()) {
        return Err("names no currency beside the number, and holds more than a number".to_owned());
    }
    let currency = currencies.choose(default)?;
    check_decimals(figure, currency)?;
    Ok(json!({ "amount": figure.number, "currency": currency }))
}

/// The text beside an amount, without the period that the mapping gives to the price.
fn without_period(beside: &str, per: Option<Unit>) -> &str {
    let is_period = match words(beside).as_slice() {
        [] => false,
        [joint @ .., word] => {
            let unit = if joint.is_empty() { unit_of_adverb(word) } else { unit_of(word) };
            unit.is_some() && unit == per && joint.iter().all(|word| lists(PER, word))
        }
    };
    if is_period { "" } else { beside }
}

/// Fails if words or signs beside an amount may change it.
fn check_words(before: &str, after: &str) -> Result<(), FieldError> {
    let mut around = words(before).into_iter().chain(words(after));
    let Some(word) = around.find(|word| !lists(HARMLESS, word) && !lists(SIGNS, word)) else { return Ok(()) };
    match unit_of_adverb(&word).or_else(|| unit_of(&word)) {
        Some(Unit::Month) => Err("is an amount per month: a constant pricing.per = \"MONTH\" takes it".to_owned()),
        Some(Unit::Year) => Err("is an amount per year: a constant pricing.per = \"YEAR\" takes it".to_owned()),
        Some(Unit::Minute | Unit::Hour | Unit::Day | Unit::Week) | None => Err(other_meaning(&word)),
    }
}

/// Fails if a number could be thousands or a fraction, unless the currency has three decimals.
fn check_decimals(figure: &Figure, currency: &str) -> Result<(), FieldError> {
    let decimals = values::currency(currency).map_or(0, values::decimals);
    if figure.is_ambiguous && decimals < 3 {
        return Err(format!("{AMBIGUOUS}, or set decimal"));
    }
    Ok(())
}

/// What stands beside a number about its currency.
struct Currencies<'a> {
    /// Currencies that all of it can mean. `None` if nothing is said.
    codes: Option<Vec<&'a str>>,
    /// What is said, for messages.
    named: Vec<&'a str>,
}

impl<'a> Currencies<'a> {
    /// Takes what stands directly before a number, and returns the rest of the text.
    fn take_before(&mut self, text: &'a str) -> Result<&'a str, FieldError> {
        let mut rest = text;
        loop {
            let head = rest.trim_end_matches(char::is_whitespace);
            let Some(mark) = last_mark(head) else { break };
            self.add(mark)?;
            rest = head.get(..head.len() - mark.len()).unwrap_or_default();
        }
        Ok(rest)
    }

    /// Takes what stands directly after a number, and returns the rest of the text.
    fn take_after(&mut self, text: &'a str) -> Result<&'a str, FieldError> {
        let mut rest = text;
        loop {
            let tail = rest.trim_start_matches(char::is_whitespace);
            let Some(mark) = first_mark(tail) else { break };
            self.add(mark)?;
            rest = tail.get(mark.len()..).unwrap_or_default();
        }
        Ok(rest)
    }

    fn add(&mut self, mark: &'a str) -> Result<(), FieldError> {
        self.named.push(mark);
        let lower = mark.to_lowercase();
        let known = MARKS.iter().find(|(sign, _)| sign.to_lowercase() == lower).map(|(_, codes)| *codes);
        let codes: Vec<&str> = known.map_or_else(|| vec![mark], <[&str]>::to_vec);
        let both = match self.codes.take() {
            None => codes,
            Some(before) => before.into_iter().filter(|code| codes.contains(code)).collect(),
        };
        let contradicts = both.is_empty();
        self.codes = Some(both);
        if contradicts { Err(format!("names several currencies: {}", self.named.join(" and "))) } else { Ok(()) }
    }

    fn choose(&self, default: Option<&'a str>) -> Result<&'a str, FieldError> {
        let named = self.named.join(" ");
        match (self.codes.as_deref(), default) {
            (None, Some(default)) => Ok(default),
            (None, None) => Err("holds no amount with a currency".to_owned()),
            (Some(codes), Some(default)) if codes.contains(&default) => Ok(default),
            (Some([code]), _) if self.named.as_slice() == [*code] && WORDS.contains(code) => {
                Err(format!("says {code}, which is also a word: currency = \"{code}\" takes it as a currency"))
            }
            (Some([code]), _) => Ok(code),
            (Some(_), Some(default)) => Err(format!("says {named}, which is not {default}: write the code")),
            (Some(_), None) => Err(format!("says {named}, which several currencies share: set currency")),
        }
    }
}

/// Sign or code at the end of a text.
fn last_mark(text: &str) -> Option<&str> {
    let ends_with = |length: usize| {
        let start = text.len().checked_sub(length)?;
        let (head, mark) = (text.get(..start)?, text.get(start..)?);
        let joined = mark.starts_with(char::is_alphabetic) && head.ends_with(char::is_alphanumeric);
        (!joined).then_some(mark)
    };
    let sign = |sign: &&str| ends_with(sign.len()).filter(|mark| mark.to_lowercase() == sign.to_lowercase());
    let code = || ends_with(3).filter(|code| is_code(code));
    MARKS.iter().find_map(|(mark, _)| sign(mark)).or_else(code)
}

/// Sign or code at the beginning of a text.
fn first_mark(text: &str) -> Option<&str> {
    let starts_with = |length: usize| {
        let (mark, tail) = (text.get(..length)?, text.get(length..)?);
        let joined = mark.ends_with(char::is_alphabetic) && tail.starts_with(char::is_alphanumeric);
        (!joined).then_some(mark)
    };
    let sign = |sign: &&str| starts_with(sign.len()).filter(|mark| mark.to_lowercase() == sign.to_lowercase());
    let code = || starts_with(3).filter(|code| is_code(code));
    MARKS.iter().find_map(|(mark, _)| sign(mark)).or_else(code)
}

/// Whether a text is a code of a currency, in capital letters.
fn is_code(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_uppercase()) && is_currency(text)
}

/// Whether a mapping may name this currency.
pub(super) fn is_currency(code: &str) -> bool {
    values::currency(code).is_some()
}
