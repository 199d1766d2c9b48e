//! Handles `__typename`, which async-graphql 8.0.0-rc.5 ignores during validation: unknown directives on it pass, a
//! variable used only there counts as unused, and arguments and subfields are silently ignored. What it must not have
//! is rejected here, and its directives move to an inline fragment around it, which is equivalent and validated.

use async_graphql::parser::types::{ExecutableDocument, Field, InlineFragment, Selection, SelectionSet};
use async_graphql::{Positioned, ServerError};
use catalog::error::Code;

use crate::graphql::error::request_error;

/// Rewrites every `__typename` of a document.
pub(super) fn rewrite(document: &mut ExecutableDocument) -> Result<(), ServerError> {
    use async_graphql::parser::types::DocumentOperations::{Multiple, Single};
    for fragment in document.fragments.values_mut() {
        rewrite_set(&mut fragment.node.selection_set.node)?;
    }
    match &mut document.operations {
        Single(operation) => rewrite_set(&mut operation.node.selection_set.node),
        Multiple(operations) => {
            operations.values_mut().try_for_each(|operation| rewrite_set(&mut operation.node.selection_set.node))
        }
    }
}

fn rewrite_set(set: &mut SelectionSet) -> Result<(), ServerError> {
    for selection in &mut set.items {
        match &mut selection.node {
            Selection::Field(field) if field.node.name.node == "__typename" => {
                if let Some(wrapped) = rewrite_field(field)? {
                    selection.node = wrapped;
                }
            }
            Selection::Field(field) => rewrite_set(&mut field.node.selection_set.node)?,
            Selection::InlineFragment(inline) => rewrite_set(&mut inline.node.selection_set.node)?,
            Selection::FragmentSpread(_) => {}
        }
    }
    Ok(())
}

fn rewrite_field(field: &mut Positioned<Field>) -> Result<Option<Selection>, ServerError> {
    let at = field.pos;
    if !field.node.arguments.is_empty() || !field.node.selection_set.node.items.is_empty() {
        let message = "\"__typename\" has no arguments, and no fields below it.";
        return Err(request_error(Code::GraphqlValidationFailed, message, Some(at)));
    }
    if field.node.directives.is_empty() {
        return Ok(None);
    }
    let directives = std::mem::take(&mut field.node.directives);
    let items = vec![Positioned::new(Selection::Field(field.clone()), at)];
    let selection_set = Positioned::new(SelectionSet { items }, at);
    let fragment = InlineFragment { type_condition: None, directives, selection_set };
    Ok(Some(Selection::InlineFragment(Positioned::new(fragment, at))))
}
