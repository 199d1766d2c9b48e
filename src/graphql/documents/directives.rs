//! Directives of a document, all checked here and answered with one error: async-graphql 8.0.0-rc.5 reports each unknown
//! one and each repetition by itself, and suggests arguments of directives also where suggestions are off.

use async_graphql::parser::types::{Directive, ExecutableDocument};
use async_graphql::{Positioned, ServerError};

use crate::error::{Code, request_error};
use crate::graphql::limits::directives_of;

/// The directives that documents may use. Each has the argument `if` and no other.
const SUPPORTED: [&str; 2] = ["skip", "include"];

/// Refuses a document with a directive, or an argument of one, that does not exist.
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
