//! Checks the pages that a document requests before anything runs, so that an invalid page is found before a mutation
//! beside it has written and before any statement.

use std::collections::HashSet;

use async_graphql::parser::types::{
    ExecutableDocument, Field as SelectedField, OperationDefinition, OperationType, Selection, SelectionSet,
};
use async_graphql::{ErrorExtensionValues, Positioned, ServerError, Value, Variables};
use catalog::error::{AppError, Code};
use search::paging::cursor::Cursor;
use search::paging::page;

use super::inputs::{Field, Inputs};
use crate::graphql::error::request_error;

/// Lists that paged fields name in their cursors, up to the order, so that a cursor of another list is rejected too.
/// For fields not listed here only the format of cursors is checked.
const LISTS: [(&str, &str, &str); 26] = [
    ("Account", "reviews", "account.reviews"),
    ("Career", "courses", "career.courses"),
    ("Certification", "courses", "certification.courses"),
    ("Certification", "history", "history"),
    ("Course", "history", "history"),
    ("Course", "offerings", "offerings"),
    ("Course", "outcomeReports", "course.outcomeReports"),
    ("Course", "reviews", "reviews"),
    ("Provider", "certifications", "certifications"),
    ("Provider", "courses", "provider.courses"),
    ("Provider", "enrolmentChecks", "enrolmentChecks"),
    ("Provider", "history", "history"),
    ("Provider", "listings", "listings"),
    ("Provider", "outcomeReports", "provider.outcomeReports"),
    ("Provider", "partnerCourses", "provider.partnerCourses"),
    ("Query", "careers", "careers"),
    ("Query", "certifications", "certifications"),
    ("Query", "changes", "changes"),
    ("Query", "courses", "courses"),
    ("Query", "providers", "providers"),
    ("Query", "reviews", "queue"),
    ("Query", "skills", "skills"),
    ("Query", "statistics", "statistics"),
    ("Query", "subjects", "subjects"),
    ("SkillGap", "courses", "skillGap.courses"),
    ("Subscription", "catalogueChanged", "changes"),
];

/// Lists with a lower maximum page size.
const MAX_SIZES: [(&str, &str, usize); 1] = [("Course", "similar", 20)];

/// Checks the pages of an operation. Runs after the limits, which reject cyclic fragments.
pub(super) fn check(
    inputs: &Inputs,
    document: &ExecutableDocument,
    operation: &OperationDefinition,
    variables: &Variables,
) -> Result<(), ServerError> {
    let root = match operation.ty {
        OperationType::Query => "Query",
        OperationType::Mutation => "Mutation",
        OperationType::Subscription => "Subscription",
    };
    let mut visitor = PageVisitor { inputs, document, operation, variables, seen: HashSet::new() };
    visitor.set(root, &operation.selection_set.node)
}

struct PageVisitor<'a> {
    inputs: &'a Inputs,
    document: &'a ExecutableDocument,
    operation: &'a OperationDefinition,
    variables: &'a Variables,
    /// Checked fragments. A fragment requests the same pages wherever it is spread.
    seen: HashSet<&'a str>,
}

impl<'a> PageVisitor<'a> {
    fn set(&mut self, of: &'a str, set: &'a SelectionSet) -> Result<(), ServerError> {
        set.items.iter().try_for_each(|selection| self.selection(of, &selection.node))
    }

    fn selection(&mut self, of: &'a str, selection: &'a Selection) -> Result<(), ServerError> {
        match selection {
            Selection::Field(field) => self.field(of, field),
            Selection::InlineFragment(inline) => {
                let condition = inline.node.type_condition.as_ref();
                let of = condition.map_or(of, |condition| condition.node.on.node.as_str());
                self.set(of, &inline.node.selection_set.node)
            }
            Selection::FragmentSpread(spread) => {
                let name = spread.node.fragment_name.node.as_str();
                match self.document.fragments.get(name) {
                    Some(fragment) if self.seen.insert(name) => {
                        let of = fragment.node.type_condition.node.on.node.as_str();
                        self.set(of, &fragment.node.selection_set.node)
                    }
                    Some(_) | None => Ok(()),
                }
            }
        }
    }

    /// Ignores unknown fields, which validation reports.
    fn field(&mut self, of: &'a str, selected: &'a Positioned<SelectedField>) -> Result<(), ServerError> {
        let inputs = self.inputs;
        let Some(field) = inputs.field(of, selected.node.name.node.as_str()) else { return Ok(()) };
        self.sizes(field, of, &selected.node)?;
        self.cursors(field, of, &selected.node)?;
        self.set(&field.leads_to, &selected.node.selection_set.node)
    }

    fn sizes(&self, field: &Field, of: &str, selected: &SelectedField) -> Result<(), ServerError> {
        let max = MAX_SIZES.iter().find(|(owner, name, _)| *owner == of && *name == selected.name.node);
        let max = max.map_or(page::MAX_SIZE, |(_, _, max)| *max);
        let mut is_named = false;
        for name in ["first", "last"].into_iter().filter(|name| field.arguments.contains_key(*name)) {
            let is_nullable = field.arguments.get(name).is_none_or(|slot| slot.ty.nullable);
            match self.argument(selected, name) {
                Some(Value::Number(_)) if is_named => return Err(refused(selected, page::both())),
                Some(Value::Number(number)) => {
                    is_named = true;
                    let size = number.as_i64().and_then(|size| i32::try_from(size).ok()).unwrap_or_default();
                    page::size_up_to(name, size, max).map_err(|error| refused(selected, error))?;
                }
                Some(Value::Null) if !is_nullable => {
                    let message = format!("{name}: must not be null");
                    return Err(at(selected, Code::GraphqlValidationFailed, message, name));
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn cursors(&self, field: &Field, of: &str, selected: &SelectedField) -> Result<(), ServerError> {
        let list = LISTS.iter().find(|(owner, name, _)| *owner == of && *name == selected.name.node);
        let list = list.map(|(_, _, list)| *list);
        for name in ["after", "before"].into_iter().filter(|name| field.arguments.contains_key(*name)) {
            if let Some(Value::String(text)) = self.argument(selected, name) {
                Cursor::read(name, list, &text).map_err(|error| refused(selected, error))?;
            }
        }
        Ok(())
    }

    /// Value of an argument, with variables and their defaults resolved.
    fn argument(&self, field: &SelectedField, name: &str) -> Option<Value> {
        let value = &field.get_argument(name)?.node;
        value.clone().into_const_with(|name| self.variable(&name).cloned().ok_or(())).ok()
    }

    fn variable(&self, name: &str) -> Option<&Value> {
        let definition = self.operation.variable_definitions.iter().find(|it| it.node.name.node == name);
        let default = || definition.and_then(|it| it.node.default_value.as_ref()).map(|value| &value.node);
        self.variables.get(name).or_else(default)
    }
}

fn refused(field: &SelectedField, error: search::Error) -> ServerError {
    let error = AppError::from(error);
    let argument = if let AppError::BadUserInput { argument, .. } = &error { argument.as_str() } else { "" };
    at(field, error.code(), error.message(), argument)
}

/// Error for an argument, with its location in the document.
fn at(field: &SelectedField, code: Code, message: String, argument: &str) -> ServerError {
    let mut error = request_error(code, message, field.get_argument(argument).map(|value| value.pos));
    error.extensions.get_or_insert_with(ErrorExtensionValues::default).set("argument", argument);
    error
}
