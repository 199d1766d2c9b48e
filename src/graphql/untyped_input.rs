//! Input objects of mutations. The schema declares their shape; the readers of the slices validate the content: they
//! find every validation error at once, with its path, and tell an absent field from null.

use std::borrow::Cow;
use std::marker::PhantomData;

use async_graphql::registry::Registry;
use async_graphql::{InputType, InputValueError, InputValueResult, Value};
use catalog::input::Fields;

/// Input object as sent by the client, with the shape of `T`.
pub struct UntypedInput<T> {
    /// Fields as sent: absent ones are missing, null ones are present.
    pub fields: Fields,
    shape: PhantomData<fn() -> T>,
}

impl<T: InputType> InputType for UntypedInput<T> {
    type RawValueType = Self;

    fn type_name() -> Cow<'static, str> {
        T::type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        T::create_type_info(registry)
    }

    fn parse(value: Option<Value>) -> InputValueResult<Self> {
        T::parse(value.clone()).map_err(InputValueError::propagate)?;
        match value.unwrap_or_default().into_json() {
            Ok(serde_json::Value::Object(fields)) => Ok(Self { fields, shape: PhantomData }),
            Ok(_) | Err(_) => Err(InputValueError::custom("must be an object")),
        }
    }

    fn to_value(&self) -> Value {
        Value::from_json(self.fields.clone().into()).unwrap_or_default()
    }

    fn as_raw_value(&self) -> Option<&Self> {
        Some(self)
    }
}

/// Scalar whose text is validated by the reader of the slice. An invalid value is then one user error among others,
/// where the scalar itself would reject the whole request.
pub struct DeferredScalar<T>(PhantomData<fn() -> T>);

impl<T: InputType> InputType for DeferredScalar<T> {
    type RawValueType = Self;

    fn type_name() -> Cow<'static, str> {
        T::type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        T::create_type_info(registry)
    }

    fn parse(value: Option<Value>) -> InputValueResult<Self> {
        match value {
            Some(Value::String(_)) => Ok(Self(PhantomData)),
            other => Err(InputValueError::expected_type(other.unwrap_or_default())),
        }
    }

    fn to_value(&self) -> Value {
        Value::Null
    }

    fn as_raw_value(&self) -> Option<&Self> {
        Some(self)
    }
}
