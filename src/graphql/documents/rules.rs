//! Rules that async-graphql 8.0.0-rc.5 does not check, or not in time: on directives, on root fields, and on mutations
//! that need an account.

use std::collections::HashSet;

use async_graphql::parser::types::{
    Directive, ExecutableDocument, OperationDefinition, OperationType, Selection, SelectionSet,
};
use async_graphql::{Pos, Positioned, ServerError};
use catalog::auth::{Caller, needs_sign_in};
use catalog::error::{AppError, Code};

use crate::graphql::document_view::SelectionView;
use crate::graphql::error::request_error;
use crate::graphql::limits::directives_of;

/// Supported directives. Each has the argument `if` and no other.
const SUPPORTED: [&str; 2] = ["skip", "include"];

/// Rejects a document with an unknown directive or directive argument, with one error: async-graphql 8.0.0-rc.5 reports
/// each unknown or repeated directive separately, and suggests directive arguments even if suggestions are off.
pub(super) fn check_directives(document: &ExecutableDocument) -> Result<(), ServerError> {
    directives_of(document).into_iter().try_for_each(check_directive)
}

fn check_directive(directive: &Positioned<Directive>) -> Result<(), ServerError> {
    let name = directive.node.name.node.as_str();
    if !SUPPORTED.contains(&name) {
        let message = format!("There is no directive \"@{name}\".");
        return Err(request_error(Code::GraphqlValidationFailed, message, Some(directive.pos)));
    }
    if let Some((argument, _)) = directive.node.arguments.iter().find(|(argument, _)| argument.node != "if") {
        let message = format!("The directive \"@{name}\" has no argument \"{}\".", argument.node);
        return Err(request_error(Code::GraphqlValidationFailed, message, Some(argument.pos)));
    }
    Ok(())
}

/// Rejects mutations with duplicate response names, and subscriptions without exactly one field. Runs after the limits,
/// which reject cyclic fragments.
///
/// Subscriptions have exactly one, as the specification requires; two would share one log position. Mutations run once:
/// async-graphql 8.0.0-rc.5 runs a field as often as it is written and then merges the results, which is harmless for
/// reads but would apply a mutation twice. Two mutations with the same response name are rejected even where the
/// specification would merge them, since nobody who writes one twice means once.
pub(super) fn check_root_fields(document: &ExecutableDocument) -> Result<(), ServerError> {
    let operations = document.operations.iter().map(|(_, operation)| &operation.node);
    operations.into_iter().try_for_each(|operation| match operation.ty {
        OperationType::Mutation => check_names(document, &operation.selection_set.node, &mut HashSet::new()),
        OperationType::Subscription => check_subscription(operation),
        OperationType::Query => Ok(()),
    })
}

/// Does not look into fragments: a fragment at the root could only contain the same single field.
fn check_subscription(operation: &OperationDefinition) -> Result<(), ServerError> {
    let one = match operation.selection_set.node.items.as_slice() {
        [item] => matches!(&item.node, Selection::Field(field) if field.node.directives.is_empty()),
        _ => false,
    };
    let rule = "A subscription must hold one field, without a fragment or a directive around it.";
    let at = Some(operation.selection_set.pos);
    if one { Ok(()) } else { Err(request_error(Code::GraphqlValidationFailed, rule, at)) }
}

fn check_names<'a>(
    document: &'a ExecutableDocument,
    set: &'a SelectionSet,
    seen: &mut HashSet<&'a str>,
) -> Result<(), ServerError> {
    for selection in set.items.iter().filter_map(|selection| SelectionView::of(document, &selection.node)) {
        match selection {
            SelectionView::Field(field) => {
                let name = field.node.response_key().node.as_str();
                if !seen.insert(name) {
                    let message = format!("The mutation \"{name}\" stands there twice; give each a name by an alias.");
                    return Err(request_error(Code::GraphqlValidationFailed, message, Some(field.pos)));
                }
            }
            SelectionView::Fragment { set, .. } => check_names(document, set, seen)?,
        }
    }
    Ok(())
}

/// Rejects an anonymous operation with a mutation that needs an account, whatever else it contains. Runs before the
/// input is validated, so that no error reveals what the mutation would have made of it, and after the limits, which
/// reject cyclic fragments.
pub(super) fn check_sign_in(
    document: &ExecutableDocument,
    operation: &OperationDefinition,
    caller: &Caller,
) -> Result<(), ServerError> {
    if *caller != Caller::Anonymous || operation.ty != OperationType::Mutation {
        return Ok(());
    }
    let error = AppError::Unauthenticated;
    match find_mutation(document, &operation.selection_set.node) {
        Some(at) => Err(request_error(error.code(), error.message(), Some(at))),
        None => Ok(()),
    }
}

/// Position of the first such mutation.
fn find_mutation(document: &ExecutableDocument, set: &SelectionSet) -> Option<Pos> {
    set.items.iter().find_map(|selection| match SelectionView::of(document, &selection.node)? {
        SelectionView::Field(field) => needs_sign_in(&field.node.name.node).then_some(field.pos),
        SelectionView::Fragment { set, .. } => find_mutation(document, set),
    })
}
