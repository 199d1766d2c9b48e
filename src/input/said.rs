//! The state of an input field: absent, null or a value.

/// State of an input field. Absent keeps the current value, null clears it, a value replaces it.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Said<T> {
    /// The field is absent.
    #[default]
    Nothing,
    /// The field is null.
    Null,
    /// The field has a value.
    Value(T),
}

impl<T> Said<T> {
    /// Applies the field to the current value.
    pub fn over(self, before: Option<T>) -> Option<T> {
        match self {
            Said::Nothing => before,
            Said::Null => None,
            Said::Value(value) => Some(value),
        }
    }

    /// Value of the field, if it has one.
    pub fn value(self) -> Option<T> {
        self.over(None)
    }

    /// Borrows the value of the field, if it has one.
    pub fn as_ref(&self) -> Option<&T> {
        match self {
            Said::Value(value) => Some(value),
            Said::Nothing | Said::Null => None,
        }
    }

    /// Maps the value of the field.
    pub fn map<U>(self, with: impl FnOnce(T) -> U) -> Said<U> {
        match self {
            Said::Nothing => Said::Nothing,
            Said::Null => Said::Null,
            Said::Value(value) => Said::Value(with(value)),
        }
    }
}
