//! Rejects mutations that need an account for anonymous callers before validating their input, so that no error reveals
//! what the mutation would have made of it.

use async_graphql::parser::types::{ExecutableDocument, OperationDefinition, OperationType, SelectionSet};
use async_graphql::{Pos, ServerError};
use catalog::auth::{Caller, needs_sign_in};
use catalog::error::AppError;

use crate::graphql::document_view::SelectionView;
use crate::graphql::error::request_error;

/// Rejects an anonymous operation that contains such a mutation, whatever else it contains. Runs after the limits,
/// which reject cyclic fragments.
pub(super) fn check(
    document: &ExecutableDocument,
    operation: &OperationDefinition,
    caller: &Caller,
) -> Result<(), ServerError> {
    if *caller != Caller::Anonymous || operation.ty != OperationType::Mutation {
        return Ok(());
    }
    let error = AppError::Unauthenticated;
    match find(document, &operation.selection_set.node) {
        Some(at) => Err(request_error(error.code(), error.message(), Some(at))),
        None => Ok(()),
    }
}

/// Position of the first such mutation.
fn find(document: &ExecutableDocument, set: &SelectionSet) -> Option<Pos> {
    set.items.iter().find_map(|selection| match SelectionView::of(document, &selection.node)? {
        SelectionView::Field(field) => needs_sign_in(&field.node.name.node).then_some(field.pos),
        SelectionView::Fragment { set, .. } => find(document, set),
    })
}
