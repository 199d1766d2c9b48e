//! Checks all directives of a document and reports one error: async-graphql 8.0.0-rc.5 reports each unknown or repeated
//! directive separately, and suggests directive arguments even if suggestions are off.

use async_graphql::parser::types::{Directive, ExecutableDocument};
use async_graphql::{Positioned, ServerError};
use catalog::error::Code;

use crate::graphql::error::request_error;
use crate::graphql::limits::directives_of;

/// Supported directives. Each has the argument `if` and no other.
const SUPPORTED: [&str; 2] = ["skip", "include"];

/// Rejects a document with an unknown directive or directive argument.
pub(super) fn check(document: &ExecutableDocument) -> Result<(), ServerError> {
    directives_of(document).into_iter().try_for_each(check_directive)
}

fn check_directive(directive: &Positioned<Directive>) -> Result<(), ServerError> {
    let name = directive.node.name.node.as_str();
    if !SUPPORTED.contains(&name) {
        let message = format!("There is no directive \"@{name}\".");
        return Err(request_error(Code::GraphqlValidationFailed, message, Some(directive.pos)));
    }
    match directive.node.arguments.iter().find(|(argument, _)| argument.node != "if") {
        None => Ok(()),
        Some((argument, _)) => {
            let message = format!("The directive \"@{name}\" has no argument \"{}\".", argument.node);
            Err(request_error(Code::GraphqlValidationFailed, message, Some(argument.pos)))
        }
    }
}
