//! Mutations that need an account are refused to anonymous callers before any of their input is judged: nobody learns from
//! an error what a mutation would have made of it.

use async_graphql::parser::types::{ExecutableDocument, OperationDefinition, OperationType, Selection, SelectionSet};
use async_graphql::{Pos, ServerError};

use crate::auth::{Caller, needs_sign_in};
use crate::error::{AppError, request_error};

/// Refuses an operation of an anonymous caller that holds such a mutation, whatever stands beside it. Comes after the
/// limits, which refuse fragments in a ring.
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

/// Where the first such mutation stands.
fn find(document: &ExecutableDocument, set: &SelectionSet) -> Option<Pos> {
    set.items.iter().find_map(|selection| match &selection.node {
        Selection::Field(field) => needs_sign_in(&field.node.name.node).then_some(field.pos),
        Selection::InlineFragment(inline) => find(document, &inline.node.selection_set.node),
        Selection::FragmentSpread(spread) => {
            let fragment = document.fragments.get(&spread.node.fragment_name.node)?;
            find(document, &fragment.node.selection_set.node)
        }
    })
}
