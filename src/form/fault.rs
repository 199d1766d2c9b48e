//! Validation errors.

use std::fmt::{Display, Formatter};

/// Kind of a validation error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultCode {
    /// A value is required.
    Required,
    /// The value has the wrong form.
    Invalid,
    /// The text is empty or too short.
    TooShort,
    /// The text or list is too long.
    TooLong,
    /// The value is below the minimum or above the maximum.
    OutOfRange,
    /// The thing it refers to does not exist.
    NotFound,
    /// Another listing already uses the value.
    Taken,
    /// The value occurs twice.
    Duplicate,
    /// The change is not allowed.
    NotAllowed,
    /// The listing has changed since it was read.
    Stale,
    /// The email address or the password is wrong.
    WrongCredentials,
    /// It has expired.
    Expired,
    /// The maximum number is reached.
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

/// Validation error: the path, the kind and the violated rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Path into the input. List indexes are strings.
    pub path: Vec<String>,
    /// Kind of the error.
    pub code: FaultCode,
    /// Human-readable rule.
    pub rule: String,
}

impl Fault {
    /// Error of a top-level field.
    pub fn of(field: &str, code: FaultCode, rule: impl Into<String>) -> Self {
        Self { path: vec![field.to_owned()], code, rule: rule.into() }
    }

    /// The same error inside a larger input, under this name.
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

/// Violated rule of a single value. The caller knows the path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Kind of the error.
    pub code: FaultCode,
    /// Human-readable rule.
    pub text: String,
}

impl Rule {
    /// Error of a top-level field that violates the rule.
    pub fn at(self, field: &str) -> Fault {
        Fault::of(field, self.code, self.text)
    }

    /// Rule for a value of the wrong form.
    pub fn invalid(text: impl Into<String>) -> Self {
        Self { code: FaultCode::Invalid, text: text.into() }
    }

    /// Rule for a value out of range.
    pub fn range(text: impl Into<String>) -> Self {
        Self { code: FaultCode::OutOfRange, text: text.into() }
    }
}
