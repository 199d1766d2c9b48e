//! The schema as a document: everything has a description, and the committed copy is current.

use async_graphql::parser::types::{TypeKind, TypeSystemDefinition};
use async_graphql::parser::{Positioned, parse_schema};

#[test]
fn the_committed_schema_is_the_current_one() {
    let committed = include_str!("../../schema.graphql");
    let current = lectern::graphql::schema::sdl();
    assert!(committed == current, "schema.graphql is stale: cargo run -- schema > schema.graphql");
}

#[test]
fn the_committed_reference_is_the_current_one() {
    let committed = include_str!("../../docs/schema.md");
    let current = lectern::graphql::reference::markdown(&lectern::graphql::schema::sdl());
    let current = current.unwrap_or_else(|error| panic!("{}", error.cause()));
    assert!(committed == current, "docs/schema.md is stale: cargo run -- schema --markdown > docs/schema.md");
}

#[test]
fn every_element_of_the_schema_is_described() {
    let undescribed = undescribed();
    assert!(undescribed.is_empty(), "without description: {undescribed:#?}");
}

fn undescribed() -> Vec<String> {
    let mut found = Vec::new();
    let mut look = |name: String, description: &Option<Positioned<String>>| {
        if description.as_ref().is_none_or(|text| text.node.trim().is_empty()) {
            found.push(name);
        }
    };
    for definition in parse_schema(lectern::graphql::schema::sdl()).unwrap().definitions {
        let TypeSystemDefinition::Type(definition) = definition else { continue };
        let name = definition.node.name.node.to_string();
        let fields = match definition.node.kind.clone() {
            TypeKind::Object(object) => object.fields,
            TypeKind::Interface(interface) => interface.fields,
            TypeKind::Enum(members) => {
                members.values.iter().for_each(|v| look(format!("{name}.{}", v.node.value.node), &v.node.description));
                Vec::new()
            }
            TypeKind::InputObject(input) => {
                input.fields.iter().for_each(|f| look(format!("{name}.{}", f.node.name.node), &f.node.description));
                Vec::new()
            }
            TypeKind::Scalar | TypeKind::Union(_) => Vec::new(),
        };
        for field in fields.iter().map(|field| &field.node) {
            look(format!("{name}.{}", field.name.node), &field.description);
            for argument in field.arguments.iter().map(|argument| &argument.node) {
                look(format!("{name}.{}({})", field.name.node, argument.name.node), &argument.description);
            }
        }
        look(name, &definition.node.description);
    }
    found
}
