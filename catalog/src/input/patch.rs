//! The state of an input field: absent, null or a value.

/// State of an input field. Absent keeps the current value, null clears it, a value replaces it.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Patch<T> {
    /// The field is absent.
    #[default]
    Absent,
    /// The field is null.
    Null,
    /// The field has a value.
    Value(T),
}

impl<T> Patch<T> {
    /// Applies the field to the current value.
    pub fn apply_to(self, before: Option<T>) -> Option<T> {
        match self {
            Patch::Absent => before,
            Patch::Null => None,
            Patch::Value(value) => Some(value),
        }
    }

    /// Value of the field, if it has one.
    pub fn value(self) -> Option<T> {
        self.apply_to(None)
    }

    /// Whether the field has a value.
    pub fn is_value(&self) -> bool {
        self.as_ref().is_some()
    }

    /// Borrows the value of the field, if it has one.
    pub fn as_ref(&self) -> Option<&T> {
        match self {
            Patch::Value(value) => Some(value),
            Patch::Absent | Patch::Null => None,
        }
    }

    /// Maps the value of the field.
    pub fn map<U>(self, with: impl FnOnce(T) -> U) -> Patch<U> {
        match self {
            Patch::Absent => Patch::Absent,
            Patch::Null => Patch::Null,
            Patch::Value(value) => Patch::Value(with(value)),
        }
    }
}
