//! Validates all values against the schema before anything runs. async-graphql 8.0.0-rc.5 validates variables only when
//! the field runs, after a mutation beside it has been written; accepts quoted enum members; and names neither the
//! argument nor the position of an error.

use async_graphql::indexmap::IndexMap;
use async_graphql::parser::types::{
    BaseType, ExecutableDocument, Field as SelectedField, OperationDefinition, OperationType, Selection, SelectionSet,
    Type,
};
use async_graphql::{Name, Number, Pos, ServerError, Variables};
use catalog::error::Code;

use crate::graphql::document_view::{ValueView, ViewValue, root_type};
use crate::graphql::error::{extend, request_error};
use crate::graphql::limits::{InputKind, InputSlot, InputSlots, SchemaIndex};
use crate::graphql::scalars;

/// Check of one value.
struct ValueCheck<'a> {
    schema: &'a SchemaIndex,
    /// Whether to validate our custom scalars inside objects as well. Mutations validate those themselves and report
    /// user errors.
    scalars: bool,
    path: Vec<String>,
    at: Option<Pos>,
}

type CheckResult = Result<(), ServerError>;

/// Checks the literal values of the document.
pub(super) fn check_document(schema: &SchemaIndex, document: &ExecutableDocument) -> CheckResult {
    for (_, operation) in document.operations.iter() {
        let (of, scalars) = (root_type(&operation.node), operation.node.ty != OperationType::Mutation);
        check_set(schema, of, scalars, &operation.node.selection_set.node)?;
    }
    document.fragments.values().try_for_each(|fragment| {
        let of = fragment.node.type_condition.node.on.node.as_str();
        check_set(schema, of, of != "Mutation", &fragment.node.selection_set.node)
    })
}

fn check_set(schema: &SchemaIndex, of: &str, scalars: bool, set: &SelectionSet) -> CheckResult {
    for selection in &set.items {
        match &selection.node {
            Selection::Field(field) => check_field(schema, of, scalars, &field.node)?,
            Selection::InlineFragment(inline) => {
                let condition = inline.node.type_condition.as_ref();
                let of = condition.map_or(of, |condition| condition.node.on.node.as_str());
                check_set(schema, of, scalars, &inline.node.selection_set.node)?;
            }
            Selection::FragmentSpread(_) => {}
        }
    }
    Ok(())
}

/// Ignores unknown fields, which validation reports.
fn check_field(schema: &SchemaIndex, of: &str, scalars: bool, selected: &SelectedField) -> CheckResult {
    let Some(field) = schema.field(of, selected.name.node.as_str()) else { return Ok(()) };
    for (name, value) in &selected.arguments {
        if let Some(slot) = field.arguments.get(name.node.as_str()) {
            let mut check = ValueCheck { schema, scalars, path: vec![name.node.to_string()], at: Some(value.pos) };
            check.value(&value.node, &slot.ty)?;
        }
    }
    check_set(schema, &field.type_name, true, &selected.selection_set.node)
}

/// Checks the variables of an operation.
pub(super) fn check_variables(
    schema: &SchemaIndex,
    operation: &OperationDefinition,
    variables: &Variables,
) -> CheckResult {
    for definition in &operation.variable_definitions {
        let name = &definition.node.name.node;
        let ty = &definition.node.var_type.node;
        let at = Some(definition.pos);
        let scalars = operation.ty != OperationType::Mutation;
        let mut check = ValueCheck { schema, scalars, path: vec![name.to_string()], at };
        match variables.get(name) {
            Some(value) => check.value(value, ty)?,
            None if ty.nullable || definition.node.default_value.is_some() => {}
            None => return Err(check.invalid("must be given")),
        }
    }
    Ok(())
}

impl ValueCheck<'_> {
    fn value<V: ViewValue>(&mut self, value: &V, ty: &Type) -> CheckResult {
        match (value.view(), &ty.base) {
            (ValueView::Variable(_) | ValueView::Binary, _) => Ok(()),
            (ValueView::Null, _) if ty.nullable => Ok(()),
            (ValueView::Null, _) => Err(self.invalid("must not be null")),
            (ValueView::List(items), BaseType::List(of)) => {
                items.iter().enumerate().try_for_each(|(index, item)| self.step(&index.to_string(), item, of))
            }
            (_, BaseType::List(of)) => self.value(value, of),
            (view, BaseType::Named(name)) => self.named(view, name.as_str()),
        }
    }

    fn step<V: ViewValue>(&mut self, step: &str, value: &V, ty: &Type) -> CheckResult {
        self.path.push(step.to_owned());
        self.value(value, ty)?;
        self.path.pop();
        Ok(())
    }

    fn named<V: ViewValue>(&mut self, view: ValueView<'_, V>, name: &str) -> CheckResult {
        match (self.schema.kind(name), view) {
            (Some(InputKind::Object { slots, one_of }), ValueView::Object(fields)) => {
                self.object(fields, slots, *one_of)
            }
            (Some(InputKind::Object { .. }), _) => Err(self.invalid("must be an object")),
            (Some(InputKind::Enum(members)), ValueView::Member(member)) if members.contains(member) => Ok(()),
            (Some(InputKind::Enum(members)), ValueView::Text(member)) if !V::LITERAL && members.contains(member) => {
                Ok(())
            }
            (Some(InputKind::Enum(_)), _) => Err(self.invalid(&format!("must be a member of {name}"))),
            (Some(InputKind::Scalar), view) => self.scalar(view, name),
            (None, view) => self.built_in(view, name),
        }
    }

    fn object<V: ViewValue>(&mut self, fields: &IndexMap<Name, V>, slots: &InputSlots, one_of: bool) -> CheckResult {
        if one_of && fields.len() != 1 {
            return Err(self.invalid("must have exactly one field"));
        }
        for (name, value) in fields {
            let Some(slot) = slots.get(name.as_str()) else {
                self.path.push(name.to_string());
                return Err(self.invalid("there is no such field"));
            };
            if one_of && matches!(value.view(), ValueView::Null) {
                return Err(self.invalid("must have exactly one field, and that not null"));
            }
            self.step(name.as_str(), value, &slot.ty)?;
        }
        let absent = |(name, slot): &(&String, &InputSlot)| {
            !slot.ty.nullable && !slot.has_default && !fields.contains_key(name.as_str())
        };
        match slots.iter().filter(absent).map(|(name, _)| name).min() {
            None => Ok(()),
            Some(name) => {
                self.path.push(name.clone());
                Err(self.invalid("must be given"))
            }
        }
    }

    fn scalar<V>(&self, view: ValueView<'_, V>, name: &str) -> CheckResult {
        let Some(scalar) = scalars::TEXTS.iter().find(|scalar| scalar.name == name) else { return Ok(()) };
        let ValueView::Text(text) = view else { return Err(self.invalid(scalar.rule)) };
        let judged = self.scalars || self.path.len() == 1;
        // The text is of the right type, but its content is invalid.
        if !judged || (scalar.fits)(text) { Ok(()) } else { Err(self.error(Code::BadUserInput, scalar.rule)) }
    }

    fn built_in<V>(&self, view: ValueView<'_, V>, name: &str) -> CheckResult {
        let whole = |number: &Number| number.as_i64().is_some_and(|number| i32::try_from(number).is_ok());
        let (fits, rule) = match (name, view) {
            ("Int", ValueView::Number(number)) => (whole(number), "must be a whole number of 32 bits"),
            ("Int", _) => (false, "must be a whole number"),
            ("Float", view) => (matches!(view, ValueView::Number(_)), "must be a number"),
            ("String", view) => (matches!(view, ValueView::Text(_)), "must be a text"),
            ("Boolean", view) => (matches!(view, ValueView::Boolean), "must be true or false"),
            ("ID", ValueView::Number(number)) => (number.is_i64() || number.is_u64(), "must be an id"),
            ("ID", view) => (matches!(view, ValueView::Text(_)), "must be an id"),
            (_, _) => (true, ""),
        };
        if fits { Ok(()) } else { Err(self.invalid(rule)) }
    }

    /// Error for a value of the wrong type.
    fn invalid(&self, rule: &str) -> ServerError {
        self.error(Code::GraphqlValidationFailed, rule)
    }

    fn error(&self, code: Code, rule: &str) -> ServerError {
        let path = self.path.join(".");
        extend(request_error(code, format!("{path}: {rule}"), self.at), "argument", path)
    }
}
