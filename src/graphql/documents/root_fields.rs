//! Rules for root fields. Subscriptions have exactly one, as the specification requires; two would share one log
//! position. Mutations run once: async-graphql 8.0.0-rc.5 runs a field as often as it is written and then merges the
//! results, which is harmless for reads but would apply a mutation twice. Two mutations with the same response name are
//! rejected even where the specification would merge them, since nobody who writes one twice means once.

use std::collections::HashSet;

use async_graphql::ServerError;
use async_graphql::parser::types::{ExecutableDocument, OperationDefinition, OperationType, Selection, SelectionSet};
use catalog::error::Code;

use crate::graphql::document_view::SelectionView;
use crate::graphql::error::request_error;

/// Rejects mutations with duplicate response names, and subscriptions without exactly one field. Runs after the limits,
/// which reject cyclic fragments.
pub(super) fn check(document: &ExecutableDocument) -> Result<(), ServerError> {
    let operations = document.operations.iter().map(|(_, operation)| &operation.node);
    operations.into_iter().try_for_each(|operation| match operation.ty {
        OperationType::Mutation => check_set(document, &operation.selection_set.node, &mut HashSet::new()),
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

fn check_set<'a>(
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
            SelectionView::Fragment { set, .. } => check_set(document, set, seen)?,
        }
    }
    Ok(())
}
