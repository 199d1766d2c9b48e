//! The schema as the cost needs it: of every field what it leads to, whether that is a list, what says how long, and what it
//! costs; of every value that it takes the price. Made from the schema's own text: the library's registry is not open to us.

use std::collections::{HashMap, HashSet};

use async_graphql::parser::types::{
    BaseType, FieldDefinition, InputValueDefinition, TypeDefinition, TypeKind, TypeSystemDefinition,
};
use async_graphql::{Positioned, Value};

use super::prices::{self, Price, Work};
use super::sizes;
use crate::paging::page;

/// What introspection adds to every schema, as far as it leads to objects.
const INTROSPECTION: &str = "
    extend type Query { __schema: __Schema __type: __Type }
    type __Schema { types: [__Type] queryType: __Type mutationType: __Type subscriptionType: __Type
        directives: [__Directive] }
    type __Type { fields: [__Field] interfaces: [__Type] possibleTypes: [__Type] enumValues: [__EnumValue]
        inputFields: [__InputValue] ofType: __Type }
    type __Field { args: [__InputValue] type: __Type }
    type __InputValue { type: __Type }
    type __EnumValue { name: String }
    type __Directive { args: [__InputValue] }
";

/// The types of a schema by name.
#[derive(Debug, Default)]
pub(in crate::graphql) struct SchemaIndex {
    types: HashMap<String, TypeIndex>,
    inputs: HashMap<String, Slots>,
}

/// The fields of a type by name.
pub(super) type TypeIndex = HashMap<String, FieldIndex>;

/// Where values go by name: the arguments of a field, the fields of an input object.
pub(super) type Slots = HashMap<String, Slot>;

/// Where a value goes.
#[derive(Debug)]
pub(super) struct Slot {
    /// What it costs there.
    pub(super) price: Price,
    /// Its type, or in a list that of its items.
    pub(super) type_name: String,
}

/// A field.
#[derive(Debug)]
pub(super) struct FieldIndex {
    /// The type that it leads to.
    pub(super) type_name: String,
    /// How many objects; `None` for a scalar.
    pub(super) count: Option<Count>,
    /// What each of them costs.
    pub(super) weight: u64,
    /// What it costs by itself, however many there are.
    pub(super) work: Work,
    /// The usual bytes of a scalar.
    pub(super) bytes: u64,
    /// The size of its page where nobody says another.
    pub(super) page: u64,
    /// What it takes.
    pub(super) arguments: Slots,
}

/// How many objects a field leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Count {
    /// A fixed number: 1, or the usual size of a list.
    Fixed(u64),
    /// As many as its own `first` or `last` says.
    Page,
    /// As many as the page of the connection that it stands in.
    PageOfParent,
    /// As many as its `ids`.
    Ids,
}

impl SchemaIndex {
    /// The index of a schema; empty where its text cannot be read, which the tests of the cost rule out.
    pub(in crate::graphql) fn new(sdl: &str) -> Self {
        let document = async_graphql::parser::parse_schema(format!("{sdl}\n{INTROSPECTION}"));
        let definitions = document.map(|document| document.definitions).unwrap_or_else(|cause| {
            tracing::error!(%cause, "the schema cannot be read");
            Vec::new()
        });
        let types: Vec<&TypeDefinition> = definitions.iter().filter_map(type_of).collect();
        let composite = types.iter().filter(|it| matches!(it.kind, TypeKind::Union(_)) || !fields(it).is_empty());
        let composite: HashSet<&str> = composite.map(|it| it.name.node.as_str()).collect();
        let mut index = Self::default();
        for definition in types {
            let name = definition.name.node.as_str();
            if let TypeKind::InputObject(object) = &definition.kind {
                index.inputs.insert(name.to_owned(), slots(&object.fields, |field| prices::input(name, field)));
            }
            let found = fields(definition).iter().map(|field| index_field(name, &field.node, &composite));
            index.types.entry(name.to_owned()).or_default().extend(found);
        }
        index
    }

    /// The fields of a type.
    pub(super) fn of(&self, type_name: &str) -> Option<&TypeIndex> {
        self.types.get(type_name)
    }

    /// The fields of an input object.
    pub(super) fn input(&self, type_name: &str) -> Option<&Slots> {
        self.inputs.get(type_name)
    }
}

fn type_of(definition: &TypeSystemDefinition) -> Option<&TypeDefinition> {
    match definition {
        TypeSystemDefinition::Type(definition) => Some(&definition.node),
        TypeSystemDefinition::Schema(_) | TypeSystemDefinition::Directive(_) => None,
    }
}

fn fields(definition: &TypeDefinition) -> &[Positioned<FieldDefinition>] {
    match &definition.kind {
        TypeKind::Object(object) => &object.fields,
        TypeKind::Interface(interface) => &interface.fields,
        TypeKind::Scalar | TypeKind::Union(_) | TypeKind::Enum(_) | TypeKind::InputObject(_) => &[],
    }
}

fn index_field(of: &str, field: &FieldDefinition, composite: &HashSet<&str>) -> (String, FieldIndex) {
    let (type_name, list) = innermost(&field.ty.node.base);
    let name = field.name.node.as_str();
    let argument = |name: &str| field.arguments.iter().find(|argument| argument.node.name.node == name);
    let paged =
        of.ends_with("Connection") && matches!(name, "nodes" | "edges") || (of, name) == ("CourseMatches", "matches");
    let count = match (list, paged) {
        (false, _) => Count::Fixed(1),
        (true, true) => Count::PageOfParent,
        (true, false) if argument("first").is_some() => Count::Page,
        (true, false) if argument("ids").is_some() => Count::Ids,
        (true, false) => Count::Fixed(sizes::usual(of, name)),
    };
    let index = FieldIndex {
        type_name: type_name.to_owned(),
        count: composite.contains(type_name).then_some(count),
        // Introspection wraps types in types of their own, up to nine deep, and all of it is at hand: only lists count.
        weight: u64::from(list || !type_name.starts_with("__")),
        work: prices::work(of, name),
        bytes: sizes::bytes(of, name),
        page: argument("first").and_then(|first| default(&first.node)).unwrap_or(page::DEFAULT as u64),
        arguments: slots(&field.arguments, |argument| prices::argument(of, name, argument)),
    };
    (name.to_owned(), index)
}

fn slots(definitions: &[Positioned<InputValueDefinition>], price: impl Fn(&str) -> Price) -> Slots {
    let slot = |definition: &Positioned<InputValueDefinition>| {
        let name = definition.node.name.node.as_str();
        let type_name = innermost(&definition.node.ty.node.base).0.to_owned();
        (name.to_owned(), Slot { price: price(name), type_name })
    };
    definitions.iter().map(slot).collect()
}

fn innermost(base: &BaseType) -> (&str, bool) {
    match base {
        BaseType::Named(name) => (name.as_str(), false),
        BaseType::List(inner) => (innermost(&inner.base).0, true),
    }
}

fn default(argument: &InputValueDefinition) -> Option<u64> {
    let Value::Number(number) = &argument.default_value.as_ref()?.node else { return None };
    number.as_u64()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whatever a query can be given has a price: a field that is added without one fails here.
    #[test]
    fn every_value_that_a_query_takes_has_a_price() {
        let schema = SchemaIndex::new(include_str!("../../../schema.graphql"));
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

    /// A price for what is not in the schema is one that nothing is priced by.
    #[test]
    fn every_price_is_that_of_something_in_the_schema() {
        let schema = SchemaIndex::new(include_str!("../../../schema.graphql"));
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
