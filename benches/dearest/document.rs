//! A query as a tree that can be changed anywhere and written as text.

use std::fmt::Write;

use async_graphql::parser::parse_query;
use async_graphql::parser::types::{Selection, SelectionSet};
use async_graphql_value::Value as GraphQLValue;

use crate::schema::Schema;

/// Value of an argument.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Number, quoted string or enum member, as it is written.
    Plain(String),
    /// List.
    List(Vec<Value>),
    /// Input object.
    Object(Vec<(String, Value)>),
}

impl Value {
    /// Copy of the value with other numbers and days: equally expensive, but not equal.
    pub fn varied(&self, number: usize) -> Value {
        match self {
            Value::Plain(plain) => Value::Plain(varied(plain, number)),
            Value::List(items) => Value::List(items.iter().map(|item| item.varied(number)).collect()),
            Value::Object(fields) => {
                Value::Object(fields.iter().map(|(name, value)| (name.clone(), value.varied(number))).collect())
            }
        }
    }
}

fn varied(plain: &str, number: usize) -> String {
    let text = plain.trim_matches('"');
    if let Ok(value) = text.parse::<f64>() {
        let other = (value + number as f64 / 10.0).to_string();
        // Integers stay integers, and within the range of a latitude.
        let other = if plain.contains('"') || plain.contains('.') {
            other
        } else {
            ((value as usize + number) % 80).to_string()
        };
        return plain.replace(text, &other);
    }
    match plain.split_once("-01-01") {
        Some((year, rest)) => format!("{year}-{:02}-{:02}{rest}", number / 28 % 12 + 1, number % 28 + 1),
        None => plain.to_owned(),
    }
}

/// Selected field.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Field {
    /// Type that it belongs to.
    pub of: String,
    /// Its name.
    pub name: String,
    /// Type that it returns.
    pub leads_to: String,
    /// Its arguments.
    pub arguments: Vec<(String, Value)>,
    /// Selection below it; empty for a scalar.
    pub fields: Vec<Field>,
}

impl Field {
    /// Number of fields in this subtree, including this one.
    pub fn size(&self) -> usize {
        1 + self.fields.iter().map(Field::size).sum::<usize>()
    }

    /// The same with other page sizes.
    pub fn with_pages_of(&self, size: usize) -> Field {
        let page = |(name, value): &(String, Value)| {
            let sized = if name == "first" { Value::Plain(size.to_string()) } else { value.clone() };
            (name.clone(), sized)
        };
        let fields = self.fields.iter().map(|field| field.with_pages_of(size)).collect();
        Field { arguments: self.arguments.iter().map(page).collect(), fields, ..self.clone() }
    }

    /// Field at this position of the subtree.
    pub fn at(&mut self, place: usize) -> Option<&mut Field> {
        if place == 0 {
            return Some(self);
        }
        let mut rest = place - 1;
        for field in &mut self.fields {
            let size = field.size();
            if rest < size {
                return field.at(rest);
            }
            rest -= size;
        }
        None
    }

    /// Text of the query with this root.
    pub fn text(&self) -> String {
        let mut text = String::new();
        write_set(&mut text, &self.leads_to, &self.fields);
        text
    }
}

/// Writes a selection set. Fields with the same name but other arguments get an alias; fields of another type go into a
/// fragment.
fn write_set(text: &mut String, of: &str, fields: &[Field]) {
    text.push('{');
    for (place, field) in fields.iter().enumerate() {
        text.push(' ');
        let is_elsewhere = field.of != of;
        if is_elsewhere {
            let _ = write!(text, "... on {} {{ ", field.of);
        }
        let before = fields.iter().take(place);
        let differs = |other: &Field| other.arguments != field.arguments || other.of != field.of;
        // Everything below has to agree as well, so an alias is the safe choice.
        if before.filter(|other| other.name == field.name).any(|other| differs(other) || other.fields != field.fields) {
            let _ = write!(text, "a{place}: ");
        }
        text.push_str(&field.name);
        write_arguments(text, &field.arguments);
        if !field.fields.is_empty() {
            text.push(' ');
            write_set(text, &field.leads_to, &field.fields);
        }
        if is_elsewhere {
            text.push_str(" }");
        }
    }
    text.push_str(" }");
}

fn write_arguments(text: &mut String, arguments: &[(String, Value)]) {
    if arguments.is_empty() {
        return;
    }
    text.push('(');
    write_pairs(text, arguments);
    text.push(')');
}

fn write_pairs(text: &mut String, pairs: &[(String, Value)]) {
    for (place, (name, value)) in pairs.iter().enumerate() {
        text.push_str(if place > 0 { " " } else { "" });
        let _ = write!(text, "{name}:");
        write_value(text, value);
    }
}

fn write_value(text: &mut String, value: &Value) {
    match value {
        Value::Plain(plain) => text.push_str(plain),
        Value::List(items) => {
            text.push('[');
            for (place, item) in items.iter().enumerate() {
                text.push_str(if place > 0 { " " } else { "" });
                write_value(text, item);
            }
            text.push(']');
        }
        Value::Object(fields) => {
            text.push('{');
            write_pairs(text, fields);
            text.push('}');
        }
    }
}

/// Parses a query, whose fields must be in the schema.
pub fn parse(schema: &Schema, text: &str) -> Field {
    let document = parse_query(text).unwrap_or_else(|error| panic!("{text}\n{error}"));
    let (_, operation) = document.operations.iter().next().unwrap();
    Field {
        of: "Query".to_owned(),
        name: String::new(),
        leads_to: "Query".to_owned(),
        arguments: Vec::new(),
        fields: read_set(schema, "Query", &operation.node.selection_set.node),
    }
}

fn read_set(schema: &Schema, of: &str, set: &SelectionSet) -> Vec<Field> {
    let read = |selection: &Selection| match selection {
        Selection::Field(field) => {
            let field = &field.node;
            let leads_to = schema.member(of, &field.name.node).map_or("", |member| member.leads_to.as_str());
            let arguments = field.arguments.iter();
            vec![Field {
                of: of.to_owned(),
                name: field.name.node.to_string(),
                leads_to: leads_to.to_owned(),
                arguments: arguments.map(|(name, value)| (name.node.to_string(), read_value(&value.node))).collect(),
                fields: read_set(schema, leads_to, &field.selection_set.node),
            }]
        }
        Selection::InlineFragment(inline) => {
            let on = inline.node.type_condition.as_ref().map_or(of, |on| on.node.on.node.as_str());
            read_set(schema, on, &inline.node.selection_set.node)
        }
        Selection::FragmentSpread(_) => Vec::new(),
    };
    set.items.iter().flat_map(|item| read(&item.node)).collect()
}

fn read_value(value: &GraphQLValue) -> Value {
    match value {
        GraphQLValue::List(items) => Value::List(items.iter().map(read_value).collect()),
        GraphQLValue::Object(fields) => {
            Value::Object(fields.iter().map(|(name, value)| (name.to_string(), read_value(value))).collect())
        }
        plain => Value::Plain(plain.to_string()),
    }
}
