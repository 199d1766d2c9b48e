//! Limits of a document. They are checked before the library's own validation walks it, for that walk follows every
//! spread of a fragment again each time it meets it: thirty lines of fragments that spread each other twice keep it busy for
//! minutes. Here, each definition is looked at once, and what its fragments come to is added up.
//!
//! Three steps, each bounded by the one before: `text` counts on the bytes, `shape` on the parsed document, and `cost`
//! with the schema and the variables. Does not belong here: rules on the values of arguments.

mod cost;
mod index;
mod prices;
mod shape;
mod sizes;
mod text;

use async_graphql::{Pos, ServerError, Value, Variables};
use catalog::error::Code;

use crate::graphql::error::{extend, request_error};

pub use cost::Cost;
pub(super) use cost::measure as cost;
pub(super) use index::{FieldIndex, InputKind, InputSlot, InputSlots, SchemaIndex};
pub(super) use shape::{check as check_shape, directives_of};
pub(super) use text::check as check_text;

/// How large a document may be, in every direction.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes of the document.
    pub document_bytes: usize,
    /// Tokens of the document: names, numbers, strings and punctuation.
    pub tokens: usize,
    /// Brackets of any kind within each other, on the text; and after fragments are put in their places, selection sets
    /// within each other, those of fragments included.
    pub brackets: usize,
    /// Operations and fragments of the document.
    pub definitions: usize,
    /// Directives of the document.
    pub directives: usize,
    /// Fields within each other. The standard introspection query has 13, that of newer GraphiQLs 15.
    pub depth: usize,
    /// Fields at the root of an operation, fragments put in their places.
    pub root_fields: usize,
    /// Aliases of an operation, fragments put in their places.
    pub aliases: usize,
    /// Fields and fragments of all operations, fragments put in their places.
    pub selections: usize,
    /// Units of work that an answer may be expected to take; see docs/limits.md.
    pub cost: u64,
    /// Values that a response may be expected to hold: objects, and their fields. A field that waits for a loader takes
    /// some 3 KB until it is resolved, so this is what bounds the memory of a response.
    pub values: u64,
    /// Values that the introspection of a response may be expected to hold. They never wait, so they take little memory.
    pub introspection_values: u64,
    /// Bytes that an answer may be expected to have.
    pub bytes: u64,
    /// Values in the variables: lists and objects, and what stands in them.
    pub variable_values: usize,
    /// The same in the request of those who keep listings: a batch of 500, and then some.
    pub batch_values: usize,
    /// Errors in an answer.
    pub errors: usize,
    /// Characters of a name, or of any other word, in a message.
    pub name_characters: usize,
    /// Characters of a message.
    pub message_characters: usize,
}

/// The limits of every request.
pub const LIMITS: Limits = Limits {
    document_bytes: 32 * 1024,
    tokens: 2_000,
    brackets: 60,
    definitions: 60,
    directives: 20,
    depth: 15,
    root_fields: 20,
    aliases: 30,
    selections: 5_000,
    cost: 10_000,
    values: 14_000,
    introspection_values: 200_000,
    bytes: 10_000_000,
    variable_values: 2_000,
    batch_values: 100_000,
    errors: 20,
    name_characters: 200,
    message_characters: 300,
};

/// Checks the variables: each is taken apart anew wherever the document uses it.
pub(super) fn check_variables(variables: &Variables, batch: bool) -> Result<(), ServerError> {
    let most = if batch { LIMITS.batch_values } else { LIMITS.variable_values };
    let mut rest: Vec<&Value> = variables.values().collect();
    let mut count = 0;
    while let Some(value) = rest.pop() {
        count += 1;
        if let Value::List(items) = value {
            rest.extend(items);
        } else if let Value::Object(fields) = value {
            rest.extend(fields.values());
        }
    }
    within("values in the variables", count, most, None)
}

/// Entry of a field in a table that has an entry per type and field.
pub(super) fn find_entry<T: Copy>(table: &[(&str, &str, T)], of: &str, field: &str) -> Option<T> {
    table.iter().find(|(owner, name, _)| (*owner, *name) == (of, field)).map(|(_, _, entry)| *entry)
}

/// The error for a document over a limit: which limit, its value, and what the document comes to. The figure is the
/// one at which the counting stopped where it stopped at the limit.
fn limit_exceeded(what: &str, figure: u64, limit: u64, at: Option<Pos>) -> ServerError {
    let message = format!("The document is over the limit of {limit} {what}: it has {figure}.");
    let error = extend(request_error(Code::QueryTooComplex, message, at), "limit", limit);
    extend(extend(error, "figure", figure), "what", what)
}

/// Fails where a figure is over its limit.
fn within(what: &str, figure: usize, limit: usize, at: Option<Pos>) -> Result<(), ServerError> {
    if figure <= limit { Ok(()) } else { Err(limit_exceeded(what, figure as u64, limit as u64, at)) }
}
