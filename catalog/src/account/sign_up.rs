//! Parses what people enter about themselves into checked values.

use serde_json::Value;
use unicode_normalization::UnicodeNormalization;

use crate::input::text::{MAX_NAME_CHARS, line};
use crate::input::value::email;
use crate::input::{Fields, InputReader, ValidationCode, ValidationError, Violation};

/// Minimum length of a password in characters. Shorter ones can be guessed.
const MIN_PASSWORD_CHARS: usize = 12;
/// Maximum length of a password in characters, which bounds the time to hash it.
const MAX_PASSWORD_CHARS: usize = 128;

/// Checked data of a new account.
pub(super) struct SignUp {
    pub email: String,
    pub password: String,
    pub display_name: String,
}

impl SignUp {
    /// Parses the input.
    pub fn read(fields: &Fields) -> Result<Self, Vec<ValidationError>> {
        let (sign_up, errors) = InputReader::read(fields, |reader| {
            let email = reader.required("email", email);
            let password = reader.required("password", password);
            let display_name = reader.required("displayName", line(MAX_NAME_CHARS));
            Some(Self { email: email?, password: password?, display_name: display_name? })
        });
        sign_up.filter(|_| errors.is_empty()).ok_or(errors)
    }
}

/// Checks a new password. Only its length matters: rules about its characters make people choose worse ones.
pub(super) fn check_password(password: &str) -> Result<String, Violation> {
    let text = normalize(password);
    let length = text.chars().count();
    let violation = |code, text| Err(Violation { code, text });
    if length < MIN_PASSWORD_CHARS {
        return violation(ValidationCode::TooShort, format!("must have at least {MIN_PASSWORD_CHARS} characters"));
    }
    if length > MAX_PASSWORD_CHARS {
        return violation(ValidationCode::TooLong, format!("must have at most {MAX_PASSWORD_CHARS} characters"));
    }
    Ok(text)
}

fn password(value: &Value) -> Result<String, Violation> {
    check_password(value.as_str().ok_or_else(|| Violation::invalid("must be a text"))?)
}

/// Normalizes a password before it is hashed, since keyboards encode the same character differently.
pub(super) fn normalize(password: &str) -> String {
    password.nfc().collect()
}
