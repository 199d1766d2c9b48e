//! Input side of the schema: input objects, enums, and arguments of fields.

use std::collections::{HashMap, HashSet};

use async_graphql::indexmap::IndexMap;
use async_graphql::parser::types::Type;
use async_graphql::registry::{MetaField, MetaInputValue, MetaType, MetaTypeName, Registry};

/// Argument or input field that takes a value.
#[derive(Debug)]
pub(super) struct InputSlot {
    pub(super) ty: Type,
    /// Whether it may be omitted although its type is not nullable.
    pub(super) has_default: bool,
}

/// Built-in scalars, which have rules of their own.
const BUILT_IN: [&str; 5] = ["Boolean", "Float", "ID", "Int", "String"];

/// Slots by name.
pub(super) type InputSlots = HashMap<String, InputSlot>;

/// Kind of an input type.
#[derive(Debug)]
pub(super) enum InputKind {
    Scalar,
    Enum(HashSet<String>),
    Object { slots: InputSlots, one_of: bool },
}

/// Field of an object: its arguments and the type it returns.
#[derive(Debug)]
pub(super) struct Field {
    pub(super) arguments: InputSlots,
    pub(super) leads_to: String,
}

/// Input types and arguments of a schema.
#[derive(Debug, Default)]
pub(super) struct Inputs {
    kinds: HashMap<String, InputKind>,
    fields: HashMap<String, HashMap<String, Field>>,
}

impl Inputs {
    /// Reads them from the registry.
    pub(super) fn new(registry: &Registry) -> Self {
        let mut inputs = Self::default();
        for (name, definition) in &registry.types {
            inputs.add(name, definition);
        }
        inputs
    }

    fn add(&mut self, name: &str, definition: &MetaType) {
        let kind = match definition {
            MetaType::Object { fields, .. } | MetaType::Interface { fields, .. } => {
                let fields = fields.iter().map(|(name, field)| (name.clone(), Field::of(field)));
                self.fields.insert(name.to_owned(), fields.collect());
                return;
            }
            MetaType::Union { .. } => return,
            MetaType::Scalar { .. } if BUILT_IN.contains(&name) => return,
            MetaType::Scalar { .. } => InputKind::Scalar,
            MetaType::Enum { enum_values, .. } => InputKind::Enum(enum_values.keys().cloned().collect()),
            MetaType::InputObject { input_fields, oneof, .. } => {
                InputKind::Object { slots: slots(input_fields), one_of: *oneof }
            }
        };
        self.kinds.insert(name.to_owned(), kind);
    }

    /// Returns the type with this name; `None` for the five built-in scalars.
    pub(super) fn kind(&self, name: &str) -> Option<&InputKind> {
        self.kinds.get(name)
    }

    /// Returns a field of a type.
    pub(super) fn field(&self, of: &str, name: &str) -> Option<&Field> {
        self.fields.get(of)?.get(name)
    }
}

impl Field {
    fn of(field: &MetaField) -> Self {
        let leads_to = MetaTypeName::concrete_typename(&field.ty).to_owned();
        Self { arguments: slots(&field.args), leads_to }
    }
}

fn slots(values: &IndexMap<String, MetaInputValue>) -> InputSlots {
    let slot = |(name, value): (&String, &MetaInputValue)| {
        Some((name.clone(), InputSlot { ty: Type::new(&value.ty)?, has_default: value.default_value.is_some() }))
    };
    values.iter().filter_map(slot).collect()
}
