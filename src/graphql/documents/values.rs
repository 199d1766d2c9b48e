//! Values are held against the schema before anything runs, all of them: async-graphql 8.0.0-rc.5 looks at those in
//! variables only when the field runs, when a mutation beside it has been written already; takes enum members in quotes; and
//! says of a fault neither the argument nor the place in it.

use async_graphql::indexmap::IndexMap;
use async_graphql::parser::types::{
    BaseType, ExecutableDocument, Field as AskedField, OperationDefinition, OperationType, Selection, SelectionSet,
    Type,
};
use async_graphql::{ErrorExtensionValues, Name, Number, Pos, ServerError, Value, Variables};
use async_graphql_value::Value as InputValue;

use super::inputs::{Inputs, Kind, Place, Places};
use crate::error::{Code, request_error};
use crate::graphql::scalars;

/// A value in a document or in variables, in one form.
enum View<'a, V> {
    Null,
    /// A variable of the document, or a kind of value that only the library itself makes.
    Elsewhere,
    Boolean,
    Number(&'a Number),
    Text(&'a str),
    Member(&'a str),
    List(&'a [V]),
    Object(&'a IndexMap<Name, V>),
}

trait Viewed: Sized {
    /// Whether it stands in a document, where texts are no enum members.
    const LITERAL: bool;

    fn view(&self) -> View<'_, Self>;
}

macro_rules! viewed {
    ($value:ty, $literal:literal $(, $variable:ident)?) => {
        impl Viewed for $value {
            const LITERAL: bool = $literal;

            fn view(&self) -> View<'_, Self> {
                match self {
                    $(Self::$variable(_) => View::Elsewhere,)?
                    Self::Null => View::Null,
                    Self::Binary(_) => View::Elsewhere,
                    Self::Boolean(_) => View::Boolean,
                    Self::Number(number) => View::Number(number),
                    Self::String(text) => View::Text(text),
                    Self::Enum(name) => View::Member(name.as_str()),
                    Self::List(items) => View::List(items),
                    Self::Object(fields) => View::Object(fields),
                }
            }
        }
    };
}

viewed! { Value, false }
viewed! { InputValue, true, Variable }

/// One check of one value.
struct Check<'a> {
    inputs: &'a Inputs,
    /// Whether the texts of our own scalars are judged also within objects. Mutations judge those by themselves, as user
    /// errors.
    scalars: bool,
    path: Vec<String>,
    at: Option<Pos>,
}

type Checked = Result<(), ServerError>;

/// Checks the values that stand in a document.
pub(super) fn check_document(inputs: &Inputs, document: &ExecutableDocument) -> Checked {
    for (_, operation) in document.operations.iter() {
        let of = match operation.node.ty {
            OperationType::Query => "Query",
            OperationType::Mutation => "Mutation",
            OperationType::Subscription => "Subscription",
        };
        check_set(inputs, of, operation.node.ty != OperationType::Mutation, &operation.node.selection_set.node)?;
    }
    document.fragments.values().try_for_each(|fragment| {
        let of = fragment.node.type_condition.node.on.node.as_str();
        check_set(inputs, of, of != "Mutation", &fragment.node.selection_set.node)
    })
}

fn check_set(inputs: &Inputs, of: &str, scalars: bool, set: &SelectionSet) -> Checked {
    for selection in &set.items {
        match &selection.node {
            Selection::Field(field) => check_field(inputs, of, scalars, &field.node)?,
            Selection::InlineFragment(inline) => {
                let condition = inline.node.type_condition.as_ref();
                let of = condition.map_or(of, |condition| condition.node.on.node.as_str());
                check_set(inputs, of, scalars, &inline.node.selection_set.node)?;
            }
            Selection::FragmentSpread(_) => {}
        }
    }
    Ok(())
}

/// A field that does not exist is for the validation to say.
fn check_field(inputs: &Inputs, of: &str, scalars: bool, asked: &AskedField) -> Checked {
    let Some(field) = inputs.field(of, asked.name.node.as_str()) else { return Ok(()) };
    for (name, value) in &asked.arguments {
        if let Some(place) = field.arguments.get(name.node.as_str()) {
            let mut check = Check { inputs, scalars, path: vec![name.node.to_string()], at: Some(value.pos) };
            check.value(&value.node, &place.ty)?;
        }
    }
    check_set(inputs, &field.leads_to, true, &asked.selection_set.node)
}

/// Checks the variables of an operation.
pub(super) fn check_variables(inputs: &Inputs, operation: &OperationDefinition, variables: &Variables) -> Checked {
    for definition in &operation.variable_definitions {
        let name = &definition.node.name.node;
        let ty = &definition.node.var_type.node;
        let at = Some(definition.pos);
        let scalars = operation.ty != OperationType::Mutation;
        let mut check = Check { inputs, scalars, path: vec![name.to_string()], at };
        match variables.get(name) {
            Some(value) => check.value(value, ty)?,
            None if ty.nullable || definition.node.default_value.is_some() => {}
            None => return Err(check.invalid("must be given")),
        }
    }
    Ok(())
}

impl Check<'_> {
    fn value<V: Viewed>(&mut self, value: &V, ty: &Type) -> Checked {
        match (value.view(), &ty.base) {
            (View::Elsewhere, _) => Ok(()),
            (View::Null, _) if ty.nullable => Ok(()),
            (View::Null, _) => Err(self.invalid("must not be null")),
            (View::List(items), BaseType::List(of)) => {
                items.iter().enumerate().try_for_each(|(index, item)| self.step(&index.to_string(), item, of))
            }
            (_, BaseType::List(of)) => self.value(value, of),
            (view, BaseType::Named(name)) => self.named(view, name.as_str()),
        }
    }

    fn step<V: Viewed>(&mut self, step: &str, value: &V, ty: &Type) -> Checked {
        self.path.push(step.to_owned());
        self.value(value, ty)?;
        self.path.pop();
        Ok(())
    }

    fn named<V: Viewed>(&mut self, view: View<'_, V>, name: &str) -> Checked {
        match (self.inputs.kind(name), view) {
            (Some(Kind::Object { places, one_of }), View::Object(fields)) => self.object(fields, places, *one_of),
            (Some(Kind::Object { .. }), _) => Err(self.invalid("must be an object")),
            (Some(Kind::Enum(members)), View::Member(member)) if members.contains(member) => Ok(()),
            (Some(Kind::Enum(members)), View::Text(member)) if !V::LITERAL && members.contains(member) => Ok(()),
            (Some(Kind::Enum(_)), _) => Err(self.invalid(&format!("must be a member of {name}"))),
            (Some(Kind::Scalar), view) => self.scalar(view, name),
            (None, view) => self.built_in(view, name),
        }
    }

    fn object<V: Viewed>(&mut self, fields: &IndexMap<Name, V>, places: &Places, one_of: bool) -> Checked {
        if one_of && fields.len() != 1 {
            return Err(self.invalid("must have exactly one field"));
        }
        for (name, value) in fields {
            let Some(place) = places.get(name.as_str()) else {
                self.path.push(name.to_string());
                return Err(self.invalid("there is no such field"));
            };
            if one_of && matches!(value.view(), View::Null) {
                return Err(self.invalid("must have exactly one field, and that not null"));
            }
            self.step(name.as_str(), value, &place.ty)?;
        }
        let absent = |(name, place): &(&String, &Place)| {
            !place.ty.nullable && !place.has_default && !fields.contains_key(name.as_str())
        };
        match places.iter().filter(absent).map(|(name, _)| name).min() {
            None => Ok(()),
            Some(name) => {
                self.path.push(name.clone());
                Err(self.invalid("must be given"))
            }
        }
    }

    fn scalar<V>(&self, view: View<'_, V>, name: &str) -> Checked {
        let Some(scalar) = scalars::TEXTS.iter().find(|scalar| scalar.name == name) else { return Ok(()) };
        let View::Text(text) = view else { return Err(self.invalid(scalar.rule)) };
        let judged = self.scalars || self.path.len() == 1;
        if !judged || (scalar.fits)(text) { Ok(()) } else { Err(self.bad(scalar.rule)) }
    }

    fn built_in<V>(&self, view: View<'_, V>, name: &str) -> Checked {
        let whole = |number: &Number| number.as_i64().is_some_and(|number| i32::try_from(number).is_ok());
        let (fits, rule) = match (name, view) {
            ("Int", View::Number(number)) => (whole(number), "must be a whole number of 32 bits"),
            ("Int", _) => (false, "must be a whole number"),
            ("Float", view) => (matches!(view, View::Number(_)), "must be a number"),
            ("String", view) => (matches!(view, View::Text(_)), "must be a text"),
            ("Boolean", view) => (matches!(view, View::Boolean), "must be true or false"),
            ("ID", View::Number(number)) => (number.is_i64() || number.is_u64(), "must be an id"),
            ("ID", view) => (matches!(view, View::Text(_)), "must be an id"),
            (_, _) => (true, ""),
        };
        if fits { Ok(()) } else { Err(self.invalid(rule)) }
    }

    /// A value of the wrong type.
    fn invalid(&self, rule: &str) -> ServerError {
        self.error(Code::GraphqlValidationFailed, rule)
    }

    /// A text of the right type that says nothing.
    fn bad(&self, rule: &str) -> ServerError {
        self.error(Code::BadUserInput, rule)
    }

    fn error(&self, code: Code, rule: &str) -> ServerError {
        let path = self.path.join(".");
        let mut error = request_error(code, format!("{path}: {rule}"), self.at);
        error.extensions.get_or_insert_with(ErrorExtensionValues::default).set("argument", path);
        error
    }
}
