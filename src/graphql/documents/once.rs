//! Mutations run once. async-graphql 8.0.0-rc.5 runs a field as often as it is written and then merges the answers:
//! harmless where it reads, but a mutation would be written twice. Two fields of one name are refused, also where the
//! specification would merge them, since nobody who writes one twice means once.

use std::collections::HashSet;

use async_graphql::ServerError;
use async_graphql::parser::types::{ExecutableDocument, OperationType, Selection, SelectionSet};

use crate::error::{Code, request_error};

/// Refuses mutations that stand twice under one name. Comes after the limits, which refuse fragments in a ring.
pub(super) fn check(document: &ExecutableDocument) -> Result<(), ServerError> {
    let mutations = document.operations.iter().map(|(_, operation)| &operation.node);
    mutations
        .filter(|operation| operation.ty == OperationType::Mutation)
        .try_for_each(|operation| check_set(document, &operation.selection_set.node, &mut HashSet::new()))
}

fn check_set<'a>(
    document: &'a ExecutableDocument,
    set: &'a SelectionSet,
    seen: &mut HashSet<&'a str>,
) -> Result<(), ServerError> {
    for selection in &set.items {
        match &selection.node {
            Selection::Field(field) => {
                let name = field.node.response_key().node.as_str();
                if !seen.insert(name) {
                    let message = format!("The mutation \"{name}\" stands there twice; give each a name by an alias.");
                    return Err(request_error(Code::GraphqlValidationFailed, message, Some(field.pos)));
                }
            }
            Selection::InlineFragment(inline) => check_set(document, &inline.node.selection_set.node, seen)?,
            Selection::FragmentSpread(spread) => {
                if let Some(fragment) = document.fragments.get(&spread.node.fragment_name.node) {
                    check_set(document, &fragment.node.selection_set.node, seen)?;
                }
            }
        }
    }
    Ok(())
}
