//! The schema as the cost needs it: of every field what it leads to, whether that is a list, and what says how long.
//! Made from the schema's own text: the library's registry is not open to us.

use std::collections::{HashMap, HashSet};

use async_graphql::parser::types::{
    BaseType, FieldDefinition, InputValueDefinition, TypeDefinition, TypeKind, TypeSystemDefinition,
};
use async_graphql::{Positioned, Value};

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
pub(in crate::graphql) struct SchemaIndex(HashMap<String, TypeIndex>);

/// The fields of a type that lead to objects, by name.
pub(super) type TypeIndex = HashMap<String, FieldIndex>;

/// A field that leads to objects.
#[derive(Debug)]
pub(super) struct FieldIndex {
    /// The type of those objects.
    pub(super) type_name: String,
    /// How many there are.
    pub(super) count: Count,
    /// What each of them costs.
    pub(super) weight: u64,
    /// What it costs by itself, however many there are.
    pub(super) work: u64,
    /// The size of its page where nobody says another.
    pub(super) page: u64,
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
            let found = fields(definition).iter().filter_map(|field| index_field(name, &field.node, &composite));
            index.0.entry(name.to_owned()).or_default().extend(found);
        }
        index
    }

    /// The fields of a type.
    pub(super) fn of(&self, type_name: &str) -> Option<&TypeIndex> {
        self.0.get(type_name)
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

fn index_field(of: &str, field: &FieldDefinition, composite: &HashSet<&str>) -> Option<(String, FieldIndex)> {
    let (type_name, list) = innermost(&field.ty.node.base);
    if !composite.contains(type_name) {
        return None;
    }
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
    // Introspection wraps types in types of their own, up to nine deep, and all of it is at hand: only lists count.
    let weight = u64::from(list || !type_name.starts_with("__"));
    let work = sizes::work(of, name);
    let page = argument("first").and_then(|first| default(&first.node)).unwrap_or(page::DEFAULT as u64);
    Some((name.to_owned(), FieldIndex { type_name: type_name.to_owned(), count, weight, work, page }))
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
