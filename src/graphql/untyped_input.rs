//! Input objects of mutations. The schema declares their shape; the readers of the slices validate the content: they
//! find every validation error at once, with its path, and tell an absent field from null.

use std::borrow::Cow;
use std::marker::PhantomData;

use async_graphql::registry::{MetaInputValue, MetaType, MetaTypeId, Registry};
use async_graphql::{InputObjectType, InputType, InputValueError, InputValueResult, Value};
use catalog::input::Fields;
use catalog::listing::{FieldShape, ObjectShape, Shape};

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

/// Declaration of an input object in the catalogue.
pub trait Declaration: Send + Sync + 'static {
    /// The input object.
    fn shape() -> ObjectShape;
}

/// Input object of the schema that the catalogue declares. It only gives the schema its shape.
pub struct Declared<T>(PhantomData<fn() -> T>);

impl<T: Declaration> InputType for Declared<T> {
    type RawValueType = Self;

    fn type_name() -> Cow<'static, str> {
        Cow::Borrowed(T::shape().name)
    }

    fn create_type_info(registry: &mut Registry) -> String {
        registry.create_input_type::<Self, _>(MetaTypeId::InputObject, |registry| {
            object(registry, T::shape(), std::any::type_name::<Self>())
        })
    }

    fn parse(_: Option<Value>) -> InputValueResult<Self> {
        Ok(Self(PhantomData))
    }

    fn to_value(&self) -> Value {
        Value::Null
    }

    fn as_raw_value(&self) -> Option<&Self> {
        Some(self)
    }
}

impl<T: Declaration> InputObjectType for Declared<T> {}

fn object(registry: &mut Registry, object: ObjectShape, rust_typename: &'static str) -> MetaType {
    let fields = object.fields.into_iter().map(|field| (field.name.to_owned(), input_value(registry, field)));
    MetaType::InputObject {
        name: object.name.to_owned(),
        description: Some(object.description.to_owned()),
        input_fields: fields.collect(),
        visible: None,
        inaccessible: false,
        tags: Vec::new(),
        rust_typename: Some(rust_typename),
        oneof: false,
        directive_invocations: Vec::new(),
    }
}

fn input_value(registry: &mut Registry, field: FieldShape) -> MetaInputValue {
    let required = if field.is_required { "!" } else { "" };
    let ty = format!("{}{required}", type_of(registry, field.shape));
    MetaInputValue { description: Some(field.description.to_owned()), ..MetaInputValue::new(field.name, ty) }
}

/// Name of a type, which is registered if it is declared here.
fn type_of(registry: &mut Registry, shape: Shape) -> String {
    match shape {
        Shape::Named(name) => name.to_owned(),
        Shape::List(item) => format!("[{}!]", type_of(registry, *item)),
        Shape::Object(shape) => {
            let name = shape.name.to_owned();
            let declared = object(registry, shape, std::any::type_name::<ObjectShape>());
            registry.types.insert(name.clone(), declared);
            name
        }
    }
}
