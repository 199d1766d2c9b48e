//! What people say of themselves, read into checked values.

use serde_json::Value;
use unicode_normalization::UnicodeNormalization;

use crate::form::text::{NAME, line};
use crate::form::value::email;
use crate::form::{Fault, FaultCode, Fields, Form, Rule};

/// Characters of a password at least: with fewer it can be guessed.
const SHORTEST: usize = 12;
/// Characters of a password at most, so that hashing it takes no longer than it must.
const LONGEST: usize = 128;

/// A new account.
pub(super) struct SignUp {
    pub email: String,
    pub password: String,
    pub display_name: String,
}

impl SignUp {
    /// Reads it from an input.
    pub fn read(fields: &Fields) -> Result<Self, Vec<Fault>> {
        let (draft, faults) = Form::read(fields, |form| {
            let email = form.required("email", email);
            let password = form.required("password", password);
            let display_name = form.required("displayName", line(NAME));
            Some(Self { email: email?, password: password?, display_name: display_name? })
        });
        draft.filter(|_| faults.is_empty()).ok_or(faults)
    }
}

/// A new password. Nothing is asked of it but its length: rules on what it is made of make people choose worse ones.
pub(super) fn checked(password: &str) -> Result<String, Rule> {
    let text = normal(password);
    let length = text.chars().count();
    if length < SHORTEST {
        return Err(Rule { code: FaultCode::TooShort, text: format!("must have at least {SHORTEST} characters") });
    }
    if length > LONGEST {
        return Err(Rule { code: FaultCode::TooLong, text: format!("must have at most {LONGEST} characters") });
    }
    Ok(text)
}

fn password(value: &Value) -> Result<String, Rule> {
    checked(value.as_str().ok_or_else(|| Rule::invalid("must be a text"))?)
}

/// A password as it is hashed: keyboards write one character in different ways.
pub(super) fn normal(password: &str) -> String {
    password.nfc().collect()
}
