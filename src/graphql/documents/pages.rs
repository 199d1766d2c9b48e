//! Checks the pages that a document requests before anything runs, so that an invalid page is found before a mutation
//! beside it has written and before any statement.

use std::collections::HashSet;

use async_graphql::parser::types::{Field as SelectedField, Selection, SelectionSet};
use async_graphql::{Positioned, ServerError, Value};
use catalog::error::{AppError, Code};
use search::paging::cursor::Cursor;
use search::paging::page;

use crate::graphql::document_view::{OperationView, SelectionView, root_type};
use crate::graphql::error::{extend, request_error};
use crate::graphql::limits::{FieldIndex, SchemaIndex, find_entry};

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
pub(super) fn check(schema: &SchemaIndex, operation: OperationView<'_>) -> Result<(), ServerError> {
    let mut visitor = PageVisitor { schema, operation, seen: HashSet::new() };
    visitor.set(root_type(operation.definition), &operation.definition.selection_set.node)
}

struct PageVisitor<'a> {
    schema: &'a SchemaIndex,
    operation: OperationView<'a>,
    /// Checked fragments. A fragment requests the same pages wherever it is spread.
    seen: HashSet<&'a str>,
}

impl<'a> PageVisitor<'a> {
    fn set(&mut self, of: &'a str, set: &'a SelectionSet) -> Result<(), ServerError> {
        set.items.iter().try_for_each(|selection| self.selection(of, &selection.node))
    }

    fn selection(&mut self, of: &'a str, selection: &'a Selection) -> Result<(), ServerError> {
        match SelectionView::of(self.operation.document, selection) {
            Some(SelectionView::Field(field)) => self.field(of, field),
            Some(SelectionView::Fragment { name, on, set }) if name.is_none_or(|name| self.seen.insert(name)) => {
                self.set(on.unwrap_or(of), set)
            }
            Some(SelectionView::Fragment { .. }) | None => Ok(()),
        }
    }

    /// Ignores unknown fields, which validation reports.
    fn field(&mut self, of: &'a str, selected: &'a Positioned<SelectedField>) -> Result<(), ServerError> {
        let schema = self.schema;
        let Some(field) = schema.field(of, selected.node.name.node.as_str()) else { return Ok(()) };
        self.sizes(field, of, &selected.node)?;
        self.cursors(field, of, &selected.node)?;
        self.set(&field.type_name, &selected.node.selection_set.node)
    }

    fn sizes(&self, field: &FieldIndex, of: &str, selected: &SelectedField) -> Result<(), ServerError> {
        let max = find_entry(&MAX_SIZES, of, &selected.name.node).unwrap_or(page::MAX_SIZE);
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

    fn cursors(&self, field: &FieldIndex, of: &str, selected: &SelectedField) -> Result<(), ServerError> {
        let list = find_entry(&LISTS, of, &selected.name.node);
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
        value.clone().into_const_with(|name| self.operation.variable(&name).cloned().ok_or(())).ok()
    }
}

fn refused(field: &SelectedField, error: search::Error) -> ServerError {
    let error = AppError::from(error);
    let argument = if let AppError::BadUserInput { argument, .. } = &error { argument.as_str() } else { "" };
    at(field, error.code(), error.message(), argument)
}

/// Error for an argument, with its location in the document.
fn at(field: &SelectedField, code: Code, message: String, argument: &str) -> ServerError {
    let error = request_error(code, message, field.get_argument(argument).map(|value| value.pos));
    extend(error, "argument", argument)
}
