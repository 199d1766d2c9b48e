//! What the schema says of values: input objects, enums, and the arguments of fields. Made from the schema's own text,
//! as the index of the limits is: the library's registry is not open to us.

use std::collections::{HashMap, HashSet};

use async_graphql::Positioned;
use async_graphql::parser::types::{
    FieldDefinition, InputValueDefinition, Type, TypeDefinition, TypeKind, TypeSystemDefinition,
};

/// What a place for a value asks for.
#[derive(Debug)]
pub(super) struct Place {
    pub(super) ty: Type,
    /// Whether it may be left out although its type is not nullable.
    pub(super) has_default: bool,
}

/// Places by name.
pub(super) type Places = HashMap<String, Place>;

/// A type that values can be of.
#[derive(Debug)]
pub(super) enum Kind {
    Scalar,
    Enum(HashSet<String>),
    Object { places: Places, one_of: bool },
}

/// A field of an object: what it takes, and the type that it leads to.
#[derive(Debug)]
pub(super) struct Field {
    pub(super) arguments: Places,
    pub(super) leads_to: String,
}

/// The types of a schema, as far as values go into them.
#[derive(Debug, Default)]
pub(super) struct Inputs {
    kinds: HashMap<String, Kind>,
    fields: HashMap<String, HashMap<String, Field>>,
}

impl Inputs {
    /// What the text of a schema says; nothing where it cannot be read, which every test would notice.
    pub(super) fn new(sdl: &str) -> Self {
        let mut inputs = Self::default();
        let document = async_graphql::parser::parse_schema(sdl);
        for definition in document.map(|document| document.definitions).unwrap_or_default() {
            if let TypeSystemDefinition::Type(definition) = definition {
                inputs.add(definition.node);
            }
        }
        inputs
    }

    fn add(&mut self, definition: TypeDefinition) {
        let name = definition.name.node.to_string();
        let one_of = definition.directives.iter().any(|directive| directive.node.name.node == "oneOf");
        let kind = match definition.kind {
            TypeKind::Object(object) => return self.add_fields(name, object.fields),
            TypeKind::Interface(interface) => return self.add_fields(name, interface.fields),
            TypeKind::Union(_) => return,
            TypeKind::Scalar => Kind::Scalar,
            TypeKind::Enum(members) => {
                Kind::Enum(members.values.into_iter().map(|member| member.node.value.node.to_string()).collect())
            }
            TypeKind::InputObject(object) => Kind::Object { places: places(object.fields), one_of },
        };
        self.kinds.insert(name, kind);
    }

    fn add_fields(&mut self, of: String, fields: Vec<Positioned<FieldDefinition>>) {
        let field = |field: Positioned<FieldDefinition>| {
            let FieldDefinition { name, arguments, ty, .. } = field.node;
            (name.node.to_string(), Field { arguments: places(arguments), leads_to: innermost(&ty.node).to_owned() })
        };
        self.fields.insert(of, fields.into_iter().map(field).collect());
    }

    /// The type of this name; the five scalars of the language have no definition.
    pub(super) fn kind(&self, name: &str) -> Option<&Kind> {
        self.kinds.get(name)
    }

    /// A field of a type.
    pub(super) fn field(&self, of: &str, name: &str) -> Option<&Field> {
        self.fields.get(of)?.get(name)
    }
}

fn places(definitions: Vec<Positioned<InputValueDefinition>>) -> Places {
    let place = |definition: Positioned<InputValueDefinition>| {
        let InputValueDefinition { name, ty, default_value, .. } = definition.node;
        (name.node.to_string(), Place { ty: ty.node, has_default: default_value.is_some() })
    };
    definitions.into_iter().map(place).collect()
}

fn innermost(ty: &Type) -> &str {
    use async_graphql::parser::types::BaseType;
    match &ty.base {
        BaseType::Named(name) => name.as_str(),
        BaseType::List(inner) => innermost(inner),
    }
}
