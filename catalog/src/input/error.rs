//! Validation errors.

use std::fmt::{Display, Formatter};

/// Kind of a validation error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValidationCode {
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

impl Display for ValidationCode {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            ValidationCode::Required => "REQUIRED",
            ValidationCode::Invalid => "INVALID",
            ValidationCode::TooShort => "TOO_SHORT",
            ValidationCode::TooLong => "TOO_LONG",
            ValidationCode::OutOfRange => "OUT_OF_RANGE",
            ValidationCode::NotFound => "NOT_FOUND",
            ValidationCode::Taken => "TAKEN",
            ValidationCode::Duplicate => "DUPLICATE",
            ValidationCode::NotAllowed => "NOT_ALLOWED",
            ValidationCode::Stale => "STALE",
            ValidationCode::WrongCredentials => "WRONG_CREDENTIALS",
            ValidationCode::Expired => "EXPIRED",
            ValidationCode::Limit => "LIMIT",
        })
    }
}

/// Validation error: the path, the kind and the violated rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValidationError {
    /// Path into the input. List indexes are strings.
    pub path: Vec<String>,
    /// Kind of the error.
    pub code: ValidationCode,
    /// Human-readable rule.
    pub rule: String,
}

impl ValidationError {
    /// Error of a top-level field.
    pub fn of(field: &str, code: ValidationCode, rule: impl Into<String>) -> Self {
        Self { path: vec![field.to_owned()], code, rule: rule.into() }
    }

    /// Error of a token in a link that is not valid, or no longer.
    pub fn expired_link() -> Self {
        Self::of("token", ValidationCode::Expired, "is not good any more: ask for a new link")
    }

    /// The same error inside a larger input, under this name.
    pub fn within(mut self, name: &str) -> Self {
        self.path.insert(0, name.to_owned());
        self
    }
}

impl Display for ValidationError {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}: {}", self.path.join("."), self.code, self.rule)
    }
}

/// Violated rule of a single value. The caller knows the path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// Kind of the error.
    pub code: ValidationCode,
    /// Human-readable rule.
    pub text: String,
}

impl Violation {
    /// Error of a top-level field that violates the rule.
    pub fn at(self, field: &str) -> ValidationError {
        ValidationError::of(field, self.code, self.text)
    }

    /// Rule for a value of the wrong form.
    pub fn invalid(text: impl Into<String>) -> Self {
        Self { code: ValidationCode::Invalid, text: text.into() }
    }

    /// Rule for a value out of range.
    pub fn range(text: impl Into<String>) -> Self {
        Self { code: ValidationCode::OutOfRange, text: text.into() }
    }
}
