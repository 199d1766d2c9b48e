//! The schema as a page: docs/schema.md is generated from its descriptions.

use std::fmt::Write;

use async_graphql::parser::types::{
    FieldDefinition, InputValueDefinition, TypeDefinition, TypeKind, TypeSystemDefinition,
};
use async_graphql::parser::{Positioned, parse_schema};
use catalog::error::{AppError, Result};

const INTRODUCTION: &str = "# Schema reference\n\n\
    Made from the descriptions in the schema by `lectern schema --markdown`; the same text stands in `schema.graphql` \
    and in GraphiQL.\n\nAn exclamation mark means never null. Everywhere else null means \"not stated by anyone\", \
    never false, zero or empty.\n";

/// Renders the reference in Markdown.
pub fn markdown(sdl: &str) -> Result<String> {
    let document = parse_schema(sdl).map_err(AppError::internal)?;
    let mut page = INTRODUCTION.to_owned();
    for (heading, is_member) in GROUPS {
        let _ = write!(page, "\n## {heading}\n");
        let types = document.definitions.iter().filter_map(|definition| match definition {
            TypeSystemDefinition::Type(definition) => Some(&definition.node),
            TypeSystemDefinition::Schema(_) | TypeSystemDefinition::Directive(_) => None,
        });
        types.filter(|definition| is_member(definition)).for_each(|definition| write_type(&mut page, definition));
    }
    Ok(page)
}

type Group = (&'static str, fn(&TypeDefinition) -> bool);

const GROUPS: [Group; 7] = [
    ("Queries", |definition| definition.name.node == "Query"),
    ("Mutations", |definition| definition.name.node == "Mutation"),
    ("Objects", |definition| {
        matches!(definition.kind, TypeKind::Object(_))
            && !["Query", "Mutation"].contains(&definition.name.node.as_str())
    }),
    ("Interfaces and unions", |definition| matches!(definition.kind, TypeKind::Interface(_) | TypeKind::Union(_))),
    ("Inputs", |definition| matches!(definition.kind, TypeKind::InputObject(_))),
    ("Enums", |definition| matches!(definition.kind, TypeKind::Enum(_))),
    ("Scalars", |definition| matches!(definition.kind, TypeKind::Scalar)),
];

fn write_type(page: &mut String, definition: &TypeDefinition) {
    let _ = write!(page, "\n### {}\n\n{}\n", definition.name.node, paragraph(&definition.description));
    match &definition.kind {
        TypeKind::Scalar => {}
        TypeKind::Object(object) => write_fields(page, &object.fields),
        TypeKind::Interface(interface) => write_fields(page, &interface.fields),
        TypeKind::Union(union) => {
            let members: Vec<String> = union.members.iter().map(|member| link(member.node.as_str())).collect();
            let _ = write!(page, "\nOne of {}.\n", members.join(", "));
        }
        TypeKind::Enum(list) => {
            page.push('\n');
            for member in &list.values {
                let _ = writeln!(page, "- `{}`: {}", member.node.value.node, paragraph(&member.node.description));
            }
        }
        TypeKind::InputObject(input) => {
            page.push('\n');
            input.fields.iter().for_each(|field| write_input(page, "", &field.node));
        }
    }
}

fn write_fields(page: &mut String, fields: &[Positioned<FieldDefinition>]) {
    page.push('\n');
    for field in fields.iter().map(|field| &field.node) {
        let ty = field.ty.node.to_string();
        let _ = writeln!(page, "- `{}` {}: {}", field.name.node, link(&ty), paragraph(&field.description));
        field.arguments.iter().for_each(|argument| write_input(page, "  ", &argument.node));
    }
}

fn write_input(page: &mut String, indent: &str, input: &InputValueDefinition) {
    let default = input.default_value.as_ref().map_or(String::new(), |value| format!(" = `{}`", value.node));
    let ty = link(&input.ty.node.to_string());
    let _ = writeln!(page, "{indent}- `{}` {ty}{default}: {}", input.name.node, paragraph(&input.description));
}

/// Type with a link to its section.
fn link(ty: &str) -> String {
    let name: String = ty.chars().filter(|c| c.is_alphanumeric() || *c == '_').collect();
    let built_in = ["String", "Int", "Float", "Boolean", "ID"].contains(&name.as_str());
    if built_in { format!("`{ty}`") } else { format!("[`{ty}`](#{})", name.to_lowercase()) }
}

/// Description on one line.
fn paragraph(description: &Option<Positioned<String>>) -> String {
    let text = description.as_ref().map_or("", |text| text.node.as_str());
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
