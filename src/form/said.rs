//! What an input says about a field: nothing, that there is none, or a value.

/// Absent keeps what is there, null clears it, a value takes its place.
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
    /// The field afterwards.
    pub fn over(self, before: Option<T>) -> Option<T> {
        match self {
            Said::Nothing => before,
            Said::Null => None,
            Said::Value(value) => Some(value),
        }
    }

    /// The value, where there is one.
    pub fn value(self) -> Option<T> {
        self.over(None)
    }

    /// The value, where there is one.
    pub fn as_ref(&self) -> Option<&T> {
        match self {
            Said::Value(value) => Some(value),
            Said::Nothing | Said::Null => None,
        }
    }

    /// Another value in the place of this one.
    pub fn map<U>(self, with: impl FnOnce(T) -> U) -> Said<U> {
        match self {
            Said::Nothing => Said::Nothing,
            Said::Null => Said::Null,
            Said::Value(value) => Said::Value(with(value)),
        }
    }
}
