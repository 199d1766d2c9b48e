//! The schema, as needed to generate documents.

use std::collections::HashMap;

use async_graphql::Positioned;
use async_graphql::parser::parse_schema;
use async_graphql::parser::types::{
    BaseType, FieldDefinition, InputValueDefinition, Type, TypeKind, TypeSystemDefinition,
};
use lectern::graphql::schema::sdl;

/// Argument or input field.
pub struct Slot {
    /// Its name.
    pub name: String,
    /// Its type.
    pub ty: Type,
    /// Whether it is required.
    pub required: bool,
}

/// Field of an object.
pub struct Member {
    /// Its name.
    pub name: String,
    /// Its arguments.
    pub arguments: Vec<Slot>,
    /// Type that it returns.
    pub leads_to: String,
}

/// Types by name.
#[derive(Default)]
pub struct Schema {
    /// Objects and interfaces.
    pub objects: HashMap<String, Vec<Member>>,
    /// Unions and interfaces, with their possible types.
    pub possible: HashMap<String, Vec<String>>,
    /// Input objects, and whether exactly one of their fields must be given.
    pub inputs: HashMap<String, (Vec<Slot>, bool)>,
    /// Enums.
    pub enums: HashMap<String, Vec<String>>,
}

impl Schema {
    /// Reads the schema of Lectern.
    pub fn read() -> Self {
        let mut schema = Self::default();
        for definition in parse_schema(sdl()).unwrap().definitions {
            let TypeSystemDefinition::Type(definition) = definition else { continue };
            let name = definition.node.name.node.to_string();
            let one_of = definition.node.directives.iter().any(|directive| directive.node.name.node == "oneOf");
            match &definition.node.kind {
                TypeKind::Object(object) => {
                    for interface in &object.implements {
                        schema.possible.entry(interface.node.to_string()).or_default().push(name.clone());
                    }
                    schema.objects.insert(name, members(&object.fields));
                }
                TypeKind::Interface(interface) => {
                    schema.objects.insert(name, members(&interface.fields));
                }
                TypeKind::Union(union) => {
                    let members = union.members.iter().map(|member| member.node.to_string());
                    schema.possible.insert(name, members.collect());
                }
                TypeKind::Enum(members) => {
                    let names = members.values.iter().map(|member| member.node.value.node.to_string());
                    schema.enums.insert(name, names.collect());
                }
                TypeKind::InputObject(object) => {
                    schema.inputs.insert(name, (slots(&object.fields), one_of));
                }
                TypeKind::Scalar => {}
            }
        }
        schema
    }

    /// Whether a type has fields.
    pub fn is_composite(&self, name: &str) -> bool {
        self.objects.contains_key(name) || self.possible.contains_key(name)
    }

    /// Returns a field of a type.
    pub fn member(&self, of: &str, name: &str) -> Option<&Member> {
        self.objects.get(of)?.iter().find(|member| member.name == name)
    }
}

fn members(fields: &[Positioned<FieldDefinition>]) -> Vec<Member> {
    let member = |field: &Positioned<FieldDefinition>| Member {
        name: field.node.name.node.to_string(),
        arguments: slots(&field.node.arguments),
        leads_to: innermost(&field.node.ty.node).to_owned(),
    };
    fields.iter().map(member).collect()
}

fn slots(definitions: &[Positioned<InputValueDefinition>]) -> Vec<Slot> {
    let slot = |definition: &Positioned<InputValueDefinition>| {
        let ty = definition.node.ty.node.clone();
        let required = !ty.nullable && definition.node.default_value.is_none();
        Slot { name: definition.node.name.node.to_string(), ty, required }
    };
    definitions.iter().map(slot).collect()
}

/// Innermost type of nested lists.
pub fn innermost(ty: &Type) -> &str {
    match &ty.base {
        BaseType::Named(name) => name.as_str(),
        BaseType::List(inner) => innermost(inner),
    }
}
