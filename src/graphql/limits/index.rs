//! Index of the schema for the checks of a document: for every field its type, whether and how it is a list, and its
//! work; for every input value its type and its price.

use std::collections::{HashMap, HashSet};

use async_graphql::indexmap::IndexMap;
use async_graphql::parser::types::Type;
use async_graphql::registry::{MetaField, MetaInputValue, MetaType, MetaTypeName, Registry};
use search::paging::page;

use super::prices::{self, Price, Work};
use super::sizes;

/// Object fields that introspection adds to every schema: type, field, returned type, whether it is a list.
const INTROSPECTION: [(&str, &str, &str, bool); 17] = [
    ("Query", "__schema", "__Schema", false),
    ("Query", "__type", "__Type", false),
    ("__Schema", "types", "__Type", true),
    ("__Schema", "queryType", "__Type", false),
    ("__Schema", "mutationType", "__Type", false),
    ("__Schema", "subscriptionType", "__Type", false),
    ("__Schema", "directives", "__Directive", true),
    ("__Type", "fields", "__Field", true),
    ("__Type", "interfaces", "__Type", true),
    ("__Type", "possibleTypes", "__Type", true),
    ("__Type", "enumValues", "__EnumValue", true),
    ("__Type", "inputFields", "__InputValue", true),
    ("__Type", "ofType", "__Type", false),
    ("__Field", "args", "__InputValue", true),
    ("__Field", "type", "__Type", false),
    ("__InputValue", "type", "__Type", false),
    ("__Directive", "args", "__InputValue", true),
];

/// Built-in scalars, which have rules of their own.
const BUILT_IN: [&str; 5] = ["Boolean", "Float", "ID", "Int", "String"];

/// Types of a schema by name.
#[derive(Debug, Default)]
pub(in crate::graphql) struct SchemaIndex {
    types: HashMap<String, TypeIndex>,
    inputs: HashMap<String, InputKind>,
}

/// Fields of a type by name.
pub(super) type TypeIndex = HashMap<String, FieldIndex>;

/// Slots by name: arguments of a field, or fields of an input object.
pub(in crate::graphql) type InputSlots = HashMap<String, InputSlot>;

/// Argument or input field that takes a value.
#[derive(Debug)]
pub(in crate::graphql) struct InputSlot {
    pub(in crate::graphql) ty: Type,
    /// Whether it may be omitted although its type is not nullable.
    pub(in crate::graphql) has_default: bool,
    /// Price of a value.
    pub(super) price: Price,
    /// Type, or for a list the type of its items.
    pub(super) type_name: String,
}

/// Kind of an input type.
#[derive(Debug)]
pub(in crate::graphql) enum InputKind {
    Scalar,
    Enum(HashSet<String>),
    Object { slots: InputSlots, one_of: bool },
}

/// Field of a type.
#[derive(Debug)]
pub(in crate::graphql) struct FieldIndex {
    /// Returned type.
    pub(in crate::graphql) type_name: String,
    /// Number of objects; `None` for a scalar.
    pub(super) count: Option<Count>,
    /// Cost of each object.
    pub(super) weight: u64,
    /// Work of the field itself, however many objects it returns.
    pub(super) work: Work,
    /// Usual bytes of a scalar.
    pub(super) bytes: u64,
    /// Default page size.
    pub(super) page: u64,
    /// Arguments.
    pub(in crate::graphql) arguments: InputSlots,
}

/// How many objects a field returns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Count {
    /// Fixed number: 1, or the usual size of a list.
    Fixed(u64),
    /// Value of its own `first` or `last`.
    Page,
    /// Page size of the enclosing connection.
    PageOfParent,
    /// Number of its `ids`.
    Ids,
}

impl SchemaIndex {
    /// Builds the index of a schema.
    pub(in crate::graphql) fn new(registry: &Registry) -> Self {
        let mut index = Self::default();
        for (name, definition) in &registry.types {
            if let Some(kind) = InputKind::of(name, definition) {
                index.inputs.insert(name.clone(), kind);
            }
            let fields = definition.fields().into_iter().flatten();
            let fields = fields.map(|(field, meta)| (field.clone(), index_field(registry, name, meta)));
            index.types.insert(name.clone(), fields.collect());
        }
        for (of, name, type_name, list) in INTROSPECTION {
            let field = FieldIndex {
                type_name: type_name.to_owned(),
                count: Some(if list { Count::Fixed(sizes::usual(of, name)) } else { Count::Fixed(1) }),
                // Introspection nests types up to nine deep, all of it in memory, so only lists count.
                weight: u64::from(list),
                work: prices::work(of, name),
                bytes: sizes::bytes(of, name),
                page: page::DEFAULT_SIZE as u64,
                arguments: InputSlots::new(),
            };
            index.types.entry(of.to_owned()).or_default().insert(name.to_owned(), field);
        }
        index
    }

    /// Fields of a type.
    pub(super) fn of(&self, type_name: &str) -> Option<&TypeIndex> {
        self.types.get(type_name)
    }

    /// Field of a type.
    pub(in crate::graphql) fn field(&self, of: &str, name: &str) -> Option<&FieldIndex> {
        self.of(of)?.get(name)
    }

    /// Kind of an input type; `None` for the five built-in scalars.
    pub(in crate::graphql) fn kind(&self, type_name: &str) -> Option<&InputKind> {
        self.inputs.get(type_name)
    }

    /// Fields of an input object.
    pub(super) fn input(&self, type_name: &str) -> Option<&InputSlots> {
        match self.kind(type_name)? {
            InputKind::Object { slots, .. } => Some(slots),
            InputKind::Scalar | InputKind::Enum(_) => None,
        }
    }
}

impl InputKind {
    fn of(name: &str, definition: &MetaType) -> Option<Self> {
        Some(match definition {
            MetaType::Object { .. } | MetaType::Interface { .. } | MetaType::Union { .. } => return None,
            MetaType::Scalar { .. } if BUILT_IN.contains(&name) => return None,
            MetaType::Scalar { .. } => Self::Scalar,
            MetaType::Enum { enum_values, .. } => Self::Enum(enum_values.keys().cloned().collect()),
            MetaType::InputObject { input_fields, oneof, .. } => Self::Object {
                slots: slots(input_fields, |field, type_name| prices::input(name, field, type_name)),
                one_of: *oneof,
            },
        })
    }
}

fn index_field(registry: &Registry, of: &str, field: &MetaField) -> FieldIndex {
    let name = field.name.as_str();
    let type_name = MetaTypeName::concrete_typename(&field.ty);
    let composite = registry.types.get(type_name).is_some_and(MetaType::is_composite);
    let paged =
        of.ends_with("Connection") && matches!(name, "nodes" | "edges") || (of, name) == ("CourseMatches", "matches");
    let count = match (field.ty.contains('['), paged) {
        (false, _) => Count::Fixed(1),
        (true, true) => Count::PageOfParent,
        (true, false) if field.args.contains_key("first") => Count::Page,
        (true, false) if field.args.contains_key("ids") => Count::Ids,
        (true, false) => Count::Fixed(sizes::usual(of, name)),
    };
    let default = field.args.get("first").and_then(|first| first.default_value.as_deref()?.parse().ok());
    FieldIndex {
        type_name: type_name.to_owned(),
        count: composite.then_some(count),
        weight: 1,
        work: prices::work(of, name),
        bytes: sizes::bytes(of, name),
        page: default.unwrap_or(page::DEFAULT_SIZE as u64),
        arguments: slots(&field.args, |argument, _| prices::argument(of, name, argument)),
    }
}

fn slots(values: &IndexMap<String, MetaInputValue>, price: impl Fn(&str, &str) -> Price) -> InputSlots {
    let slot = |(name, value): (&String, &MetaInputValue)| {
        let (ty, has_default) = (Type::new(&value.ty)?, value.default_value.is_some());
        let type_name = MetaTypeName::concrete_typename(&value.ty).to_owned();
        Some((name.clone(), InputSlot { ty, has_default, price: price(name, &type_name), type_name }))
    };
    values.iter().filter_map(slot).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graphql::schema::REGISTRY;

    /// Fails if a query input is added without a price.
    #[test]
    fn every_value_that_a_query_takes_has_a_price() {
        let schema = SchemaIndex::new(&REGISTRY);
        let (mut seen, mut rest) = (HashSet::new(), Vec::new());
        for (of, fields) in schema.types.iter().filter(|(of, _)| *of != "Mutation") {
            for (field, index) in fields {
                for (name, slot) in &index.arguments {
                    assert_ne!(slot.price, prices::UNPRICED, "the argument {of}.{field}({name}:) has no price");
                    rest.push(slot.type_name.as_str());
                }
            }
        }
        while let Some(of) = rest.pop() {
            let Some(slots) = schema.input(of).filter(|_| seen.insert(of)) else { continue };
            assert!(prices::INPUTS.iter().any(|(name, _)| *name == of), "the input object {of} has no prices");
            for (name, slot) in slots {
                assert_ne!(slot.price, prices::UNPRICED, "the field {of}.{name} has no price");
                rest.push(slot.type_name.as_str());
            }
        }
        assert!(seen.contains("CourseFilter") && seen.contains("LearnerGoal"), "{seen:?}");
    }

    /// Fails if a price belongs to nothing in the schema and is therefore never applied.
    #[test]
    fn every_price_is_that_of_something_in_the_schema() {
        let schema = SchemaIndex::new(&REGISTRY);
        let field = |of: &str, name: &str| schema.of(of).and_then(|fields| fields.get(name));
        for (of, name, argument, _) in prices::ARGUMENTS {
            assert!(
                field(of, name).is_some_and(|field| field.arguments.contains_key(*argument)),
                "{of}.{name}({argument}:)"
            );
        }
        for (of, name, _) in prices::FIELDS {
            assert!(field(of, name).is_some(), "{of}.{name}");
        }
        for (of, name, _) in sizes::BYTES {
            assert!(field(of, name).is_some_and(|field| field.count.is_none()), "{of}.{name}");
        }
        for (of, fields) in prices::INPUTS {
            let slots = schema.input(of);
            assert!(fields.iter().all(|(name, _)| slots.is_some_and(|slots| slots.contains_key(*name))), "{of}");
        }
    }
}
