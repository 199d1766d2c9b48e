//! What is wrong with an input.

use std::fmt::{Display, Formatter};

/// The kind of a fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultCode {
    /// It must be given.
    Required,
    /// It is not of the right form.
    Invalid,
    /// It is empty or has too few characters.
    TooShort,
    /// It has too many characters or items.
    TooLong,
    /// It is below the least or above the most.
    OutOfRange,
    /// What it names does not exist.
    NotFound,
    /// Another listing has it.
    Taken,
    /// It stands there twice.
    Duplicate,
    /// It is not to be changed in this way.
    NotAllowed,
    /// The listing has changed since it was read.
    Stale,
    /// The address or the password is wrong.
    WrongCredentials,
    /// Its time is over.
    Expired,
    /// There are as many of these as there may be.
    Limit,
}

impl Display for FaultCode {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            FaultCode::Required => "REQUIRED",
            FaultCode::Invalid => "INVALID",
            FaultCode::TooShort => "TOO_SHORT",
            FaultCode::TooLong => "TOO_LONG",
            FaultCode::OutOfRange => "OUT_OF_RANGE",
            FaultCode::NotFound => "NOT_FOUND",
            FaultCode::Taken => "TAKEN",
            FaultCode::Duplicate => "DUPLICATE",
            FaultCode::NotAllowed => "NOT_ALLOWED",
            FaultCode::Stale => "STALE",
            FaultCode::WrongCredentials => "WRONG_CREDENTIALS",
            FaultCode::Expired => "EXPIRED",
            FaultCode::Limit => "LIMIT",
        })
    }
}

/// One fault of an input: where, of which kind, and the rule that it breaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The path into the input, list indexes as text.
    pub path: Vec<String>,
    /// Its kind.
    pub code: FaultCode,
    /// The rule, for people to read.
    pub rule: String,
}

impl Fault {
    /// A fault of a field at the top.
    pub fn of(field: &str, code: FaultCode, rule: impl Into<String>) -> Self {
        Self { path: vec![field.to_owned()], code, rule: rule.into() }
    }

    /// The same fault of what stands under this name in something larger.
    pub fn within(mut self, name: &str) -> Self {
        self.path.insert(0, name.to_owned());
        self
    }
}

impl Display for Fault {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}: {}", self.path.join("."), self.code, self.rule)
    }
}

/// The rule that a single value breaks; where it stands is known to whoever asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// The kind of fault.
    pub code: FaultCode,
    /// The rule, for people to read.
    pub text: String,
}

impl Rule {
    /// The fault of a field at the top that breaks it.
    pub fn at(self, field: &str) -> Fault {
        Fault::of(field, self.code, self.text)
    }

    /// A value that is not of the right form.
    pub fn invalid(text: impl Into<String>) -> Self {
        Self { code: FaultCode::Invalid, text: text.into() }
    }

    /// A value outside its limits.
    pub fn range(text: impl Into<String>) -> Self {
        Self { code: FaultCode::OutOfRange, text: text.into() }
    }
}
