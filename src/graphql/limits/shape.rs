//! Limits on the shape of a parsed document: depth, aliases and the like, with fragments expanded. Each fragment is
//! measured once, those that spread no other fragment first, so that neither time nor stack grows with the expanded
//! size.

use std::collections::HashMap;

use async_graphql::parser::types::{Directive, ExecutableDocument, OperationDefinition, Selection, SelectionSet};
use async_graphql::{Name, Positioned, ServerError};
use catalog::error::Code;

use super::{LIMITS, within};
use crate::graphql::error::request_error;

/// Shape of a selection set with fragments expanded.
#[derive(Clone, Copy, Debug, Default)]
struct Shape {
    depth: usize,
    nesting: usize,
    own_fields: usize,
    aliases: usize,
    selections: usize,
}

type FragmentShapes<'a> = HashMap<&'a Name, Shape>;

/// Checks a document.
pub(in crate::graphql) fn check(document: &ExecutableDocument) -> Result<(), ServerError> {
    let definitions = document.fragments.len() + document.operations.iter().len();
    within("definitions", definitions, LIMITS.definitions, None)?;
    within("directives", directives_of(document).len(), LIMITS.directives, None)?;
    let fragments = fragments(document)?;
    let mut selections = 0_usize;
    for (_, operation) in document.operations.iter() {
        selections = selections.saturating_add(check_operation(&operation.node, &fragments)?);
    }
    // Unused fragments belong to no operation, but validation walks them before it rejects them.
    let unused = fragments.values().map(|shape| shape.nesting).max().unwrap_or(0);
    within("selection sets within each other", unused, LIMITS.brackets, None)?;
    within("fields, fragments put in their places", selections, LIMITS.selections, None)
}

fn check_operation(operation: &OperationDefinition, fragments: &FragmentShapes<'_>) -> Result<usize, ServerError> {
    let at = Some(operation.selection_set.pos);
    let shape = shape(&operation.selection_set.node, fragments);
    within("fields within each other", shape.depth, LIMITS.depth, at)?;
    within("selection sets within each other", shape.nesting, LIMITS.brackets, at)?;
    within("fields at the root", shape.own_fields, LIMITS.root_fields, at)?;
    within("aliases", shape.aliases, LIMITS.aliases, at)?;
    Ok(shape.selections)
}

/// Measures all fragments. Each round measures those that spread only measured ones. A round without progress means
/// that the rest are cyclic.
fn fragments(document: &ExecutableDocument) -> Result<FragmentShapes<'_>, ServerError> {
    let mut known = FragmentShapes::new();
    while known.len() < document.fragments.len() {
        let before = known.len();
        for (name, fragment) in &document.fragments {
            let set = &fragment.node.selection_set.node;
            let settled = |name: &Name| known.contains_key(name) || !document.fragments.contains_key(name);
            if !known.contains_key(name) && spreads(set).iter().all(|name| settled(name)) {
                let shape = shape(set, &known);
                known.insert(name, shape);
            }
        }
        if known.len() == before {
            return Err(cycle(document, &known));
        }
    }
    Ok(known)
}

fn cycle(document: &ExecutableDocument, known: &FragmentShapes<'_>) -> ServerError {
    let rest = document.fragments.iter().filter(|(name, _)| !known.contains_key(name));
    let first = rest.min_by_key(|(_, fragment)| fragment.pos);
    let message = "Fragments must not spread themselves, directly or by way of others.";
    request_error(Code::GraphqlValidationFailed, message, first.map(|(_, fragment)| fragment.pos))
}

/// Names of the fragments that a selection set spreads, at any depth of its own.
fn spreads(set: &SelectionSet) -> Vec<&Name> {
    let mut names = Vec::new();
    for selection in &set.items {
        match &selection.node {
            Selection::Field(field) => names.extend(spreads(&field.node.selection_set.node)),
            Selection::InlineFragment(inline) => names.extend(spreads(&inline.node.selection_set.node)),
            Selection::FragmentSpread(spread) => names.push(&spread.node.fragment_name.node),
        }
    }
    names
}

/// Recurses within one definition only, so no deeper than its nested brackets.
fn shape(set: &SelectionSet, fragments: &FragmentShapes<'_>) -> Shape {
    let mut sum = Shape::default();
    for selection in &set.items {
        let inner = match &selection.node {
            Selection::Field(field) => {
                let inner = shape(&field.node.selection_set.node, fragments);
                let aliases = inner.aliases.saturating_add(usize::from(field.node.alias.is_some()));
                Shape { depth: inner.depth + 1, own_fields: 1, aliases, ..inner }
            }
            Selection::InlineFragment(inline) => shape(&inline.node.selection_set.node, fragments),
            Selection::FragmentSpread(spread) => {
                fragments.get(&spread.node.fragment_name.node).copied().unwrap_or_default()
            }
        };
        sum.depth = sum.depth.max(inner.depth);
        sum.nesting = sum.nesting.max(inner.nesting + 1);
        sum.own_fields = sum.own_fields.saturating_add(inner.own_fields);
        sum.aliases = sum.aliases.saturating_add(inner.aliases);
        sum.selections = sum.selections.saturating_add(inner.selections).saturating_add(1);
    }
    sum
}

/// Directives in a document.
pub(in crate::graphql) fn directives_of(document: &ExecutableDocument) -> Vec<&Positioned<Directive>> {
    let mut found = Vec::new();
    for (_, operation) in document.operations.iter() {
        found.extend(&operation.node.directives);
        found.extend(operation.node.variable_definitions.iter().flat_map(|variable| &variable.node.directives));
        add_directives(&operation.node.selection_set.node, &mut found);
    }
    for fragment in document.fragments.values() {
        found.extend(&fragment.node.directives);
        add_directives(&fragment.node.selection_set.node, &mut found);
    }
    found
}

fn add_directives<'a>(set: &'a SelectionSet, found: &mut Vec<&'a Positioned<Directive>>) {
    for selection in &set.items {
        found.extend(selection.node.directives());
        match &selection.node {
            Selection::Field(field) => add_directives(&field.node.selection_set.node, found),
            Selection::InlineFragment(inline) => add_directives(&inline.node.selection_set.node, found),
            Selection::FragmentSpread(_) => {}
        }
    }
}
