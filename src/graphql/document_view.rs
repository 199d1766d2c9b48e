//! Views of the parts of a document, for all that checks it: selections with their fragments, and values from a literal
//! or a variable.

use async_graphql::indexmap::IndexMap;
use async_graphql::parser::types::{
    ExecutableDocument, Field, OperationDefinition, OperationType, Selection, SelectionSet,
};
use async_graphql::{Name, Number, Positioned, Value, Variables};
use async_graphql_value::Value as InputValue;

/// Operation that a request runs.
#[derive(Clone, Copy)]
pub(super) struct OperationView<'a> {
    pub(super) document: &'a ExecutableDocument,
    pub(super) definition: &'a OperationDefinition,
    pub(super) variables: &'a Variables,
}

impl<'a> OperationView<'a> {
    /// Value of a variable, or its default.
    pub(super) fn variable(&self, name: &str) -> Option<&'a Value> {
        let definition = self.definition.variable_definitions.iter().find(|it| it.node.name.node == name);
        let default = || definition.and_then(|it| it.node.default_value.as_ref()).map(|value| &value.node);
        self.variables.get(name).or_else(default)
    }
}

/// Type that an operation selects from.
pub(super) fn root_type(operation: &OperationDefinition) -> &'static str {
    match operation.ty {
        OperationType::Query => "Query",
        OperationType::Mutation => "Mutation",
        OperationType::Subscription => "Subscription",
    }
}

/// View of a selection.
pub(super) enum SelectionView<'a> {
    Field(&'a Positioned<Field>),
    /// Inline fragment, or spread of a fragment with a name. Without a type, it selects from the type around it.
    Fragment {
        name: Option<&'a str>,
        on: Option<&'a str>,
        set: &'a SelectionSet,
    },
}

impl<'a> SelectionView<'a> {
    /// Views a selection; `None` for the spread of a fragment that the document does not define.
    pub(super) fn of(document: &'a ExecutableDocument, selection: &'a Selection) -> Option<Self> {
        Some(match selection {
            Selection::Field(field) => Self::Field(field),
            Selection::InlineFragment(inline) => {
                let on = inline.node.type_condition.as_ref().map(|condition| condition.node.on.node.as_str());
                Self::Fragment { name: None, on, set: &inline.node.selection_set.node }
            }
            Selection::FragmentSpread(spread) => {
                let name = spread.node.fragment_name.node.as_str();
                let fragment = &document.fragments.get(name)?.node;
                let on = Some(fragment.type_condition.node.on.node.as_str());
                Self::Fragment { name: Some(name), on, set: &fragment.selection_set.node }
            }
        })
    }
}

/// View of a value in a document or in variables.
pub(super) enum ValueView<'a, V> {
    Null,
    Variable(&'a str),
    /// Value that only the library creates.
    Binary,
    Boolean,
    Number(&'a Number),
    Text(&'a str),
    Member(&'a str),
    List(&'a [V]),
    Object(&'a IndexMap<Name, V>),
}

/// Value with a view.
pub(super) trait ViewValue: Sized {
    /// Whether the value is a literal of a document, where strings are not enum members.
    const LITERAL: bool;

    /// Views the value.
    fn view(&self) -> ValueView<'_, Self>;
}

macro_rules! view_values {
    ($value:ty, $literal:literal $(, $variable:ident)?) => {
        impl ViewValue for $value {
            const LITERAL: bool = $literal;

            fn view(&self) -> ValueView<'_, Self> {
                match self {
                    $(Self::$variable(name) => ValueView::Variable(name),)?
                    Self::Null => ValueView::Null,
                    Self::Binary(_) => ValueView::Binary,
                    Self::Boolean(_) => ValueView::Boolean,
                    Self::Number(number) => ValueView::Number(number),
                    Self::String(text) => ValueView::Text(text),
                    Self::Enum(name) => ValueView::Member(name.as_str()),
                    Self::List(items) => ValueView::List(items),
                    Self::Object(fields) => ValueView::Object(fields),
                }
            }
        }
    };
}

view_values! { Value, false }
view_values! { InputValue, true, Variable }
