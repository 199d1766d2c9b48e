//! Errors in settings, in one line.

use catalog::error::AppError;

/// One-line error that names the setting but never its value, which may be a secret.
pub(super) fn explain(error: &figment::Error) -> AppError {
    use figment::error::Kind;
    let name = error.path.join(".");
    let clone = error.clone();
    #[allow(clippy::wildcard_enum_match_arm, reason = "the other kinds say no more than that the value does not fit")]
    match &clone.kind {
        Kind::UnknownField(field, _) => {
            let mut path = error.path.clone();
            if path.last() != Some(field) {
                path.push(field.clone());
            }
            AppError::input(path.join("."), "there is no setting of this name; see `lectern config`")
        }
        Kind::Message(message) if name.is_empty() => AppError::input("lectern.toml", one_line(message)),
        Kind::Message(message) => AppError::input(name, message.clone()),
        Kind::UnknownVariant(_, known) => AppError::input(name, format!("must be one of {}", known.join(", "))),
        Kind::InvalidType(_, wanted) | Kind::InvalidValue(_, wanted) => {
            let wanted = if wanted.starts_with(['u', 'i']) { "a whole number in its range" } else { wanted.as_str() };
            AppError::input(name, format!("must be {wanted}"))
        }
        _ => AppError::input(name, "has a value that does not fit; see `lectern config`"),
    }
}

/// First and last line of a message, without the lines in between that show the text of the file.
fn one_line(message: &str) -> String {
    let mut lines = message.lines().filter(|line| !line.trim().is_empty());
    match (lines.next(), lines.next_back()) {
        (Some(first), Some(last)) => format!("{first}: {last}"),
        (first, _) => first.unwrap_or_default().to_owned(),
    }
}
