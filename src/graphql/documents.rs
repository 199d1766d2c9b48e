//! Parsed documents. They are parsed and checked against the limits once and cached, since clients send the same few
//! documents repeatedly and parsing costs as much as answering.

use std::sync::{Arc, LazyLock, OnceLock};

use async_graphql::parser::types::{DocumentOperations, ExecutableDocument, OperationDefinition};
use async_graphql::{ServerError, Variables};
use catalog::auth::Caller;
use catalog::error::Code;
use moka::sync::Cache;

use super::document_view::OperationView;
use super::limits::{self, Cost, SchemaIndex};
use super::schema::REGISTRY;
use crate::graphql::error::request_error;

mod pages;
mod rules;
mod typename;
mod values;

/// Bytes of document text in the cache. Parsed documents take about twenty times as much memory.
const MAX_CACHED_BYTES: u64 = 1024 * 1024;

static SCHEMA: LazyLock<SchemaIndex> = LazyLock::new(|| SchemaIndex::new(&REGISTRY));

/// Cache of the documents that clients have sent.
pub struct Documents {
    cache: Cache<String, Arc<Document>>,
}

/// Document within the limits that apply to every request.
pub struct Document {
    parsed: ExecutableDocument,
    /// Error in a literal value of the document.
    error: Option<ServerError>,
    cost: OnceLock<Cost>,
}

impl Default for Documents {
    fn default() -> Self {
        let cache = Cache::builder()
            .max_capacity(MAX_CACHED_BYTES)
            .weigher(|text: &String, _: &Arc<Document>| u32::try_from(text.len()).unwrap_or(u32::MAX));
        Self { cache: cache.build() }
    }
}

impl Documents {
    /// Parses a document, or returns it from the cache.
    pub fn read(&self, text: &str) -> Result<Arc<Document>, ServerError> {
        if let Some(cache) = self.cache.get(text) {
            return Ok(cache);
        }
        limits::check_text(text)?;
        let mut parsed = async_graphql::parser::parse_query(text).map_err(|error| explain(&error))?;
        limits::check_shape(&parsed)?;
        rules::check_directives(&parsed)?;
        typename::rewrite(&mut parsed)?;
        rules::check_root_fields(&parsed)?;
        let error = values::check_document(&SCHEMA, &parsed).err();
        let document = Arc::new(Document { parsed, error, cost: OnceLock::new() });
        if document.error.is_none() {
            self.cache.insert(text.to_owned(), document.clone());
        }
        Ok(document)
    }

    /// Checks the page sizes and cursors of an operation with these variables.
    pub fn check_pages(
        &self,
        document: &Document,
        operation: &OperationDefinition,
        variables: &Variables,
    ) -> Result<(), ServerError> {
        pages::check(&SCHEMA, OperationView { document: &document.parsed, definition: operation, variables })
    }

    /// Validates the variables of an operation against the schema. A batch of listings may have more values.
    pub fn check_variables(
        &self,
        operation: &OperationDefinition,
        variables: &Variables,
        batch: bool,
    ) -> Result<(), ServerError> {
        limits::check_variables(variables, batch)?;
        values::check_variables(&SCHEMA, operation, variables)
    }

    /// Cost of an operation with these variables.
    pub fn cost(&self, document: &Document, operation: &OperationDefinition, variables: &Variables) -> Cost {
        if let Some(cost) = document.cost.get() {
            return cost.clone();
        }
        let cost =
            limits::cost(&SCHEMA, OperationView { document: &document.parsed, definition: operation, variables });
        let one = document.parsed.operations.iter().len() == 1;
        if one && !cost.varies { document.cost.get_or_init(|| cost).clone() } else { cost }
    }
}

impl Document {
    /// Copy of the document for the executor, which consumes it.
    pub fn parsed(&self) -> ExecutableDocument {
        self.parsed.clone()
    }

    /// Rejects an operation with a mutation that its caller must sign in for.
    pub fn check_caller(&self, operation: &OperationDefinition, caller: &Caller) -> Result<(), ServerError> {
        rules::check_sign_in(&self.parsed, operation, caller)
    }

    /// Checks the literal values of the document.
    pub fn check_values(&self) -> Result<(), ServerError> {
        self.error.clone().map_or(Ok(()), Err)
    }

    /// Returns the operation with this name, or the only one.
    pub fn operation(&self, name: Option<&str>) -> Result<&OperationDefinition, ServerError> {
        let wrong = |message| request_error(Code::GraphqlValidationFailed, message, None);
        let found = match (&self.parsed.operations, name) {
            (DocumentOperations::Single(operation), None) => Some(operation),
            (DocumentOperations::Multiple(operations), Some(name)) => operations.get(name),
            (DocumentOperations::Single(_), Some(_)) => None,
            (DocumentOperations::Multiple(operations), None) if operations.len() == 1 => operations.values().next(),
            (DocumentOperations::Multiple(_), None) => {
                return Err(wrong("The document holds several operations; say which one by operationName."));
            }
        };
        found.map(|operation| &operation.node).ok_or_else(|| wrong("The document has no operation of this name."))
    }
}

/// Words a parser error ourselves, because the library's message repeats a whole line of the document.
fn explain(error: &async_graphql::parser::Error) -> ServerError {
    use async_graphql::parser::Error;
    let (code, message) = match error {
        Error::Syntax { message, .. } if message.starts_with("invalid number") => {
            (Code::GraphqlValidationFailed, "A number of the document is out of range.".to_owned())
        }
        Error::Syntax { message, .. } => {
            let reason = message.lines().find_map(|line| line.trim_start().strip_prefix("= ")).unwrap_or("not GraphQL");
            (Code::GraphqlParseFailed, format!("The document cannot be read: {reason}."))
        }
        Error::MissingOperation => (Code::GraphqlParseFailed, "The document holds no operation.".to_owned()),
        Error::RecursionLimitExceeded => (Code::QueryTooComplex, "The document is nested too deep.".to_owned()),
        Error::MultipleOperations { .. } => {
            let rule = "An operation without a name must be the only one of its document.";
            (Code::GraphqlValidationFailed, rule.to_owned())
        }
        Error::OperationDuplicated { operation, .. } => {
            (Code::GraphqlValidationFailed, format!("There are two operations named \"{operation}\"."))
        }
        Error::FragmentDuplicated { fragment, .. } => {
            (Code::GraphqlValidationFailed, format!("There are two fragments named \"{fragment}\"."))
        }
        Error::MultipleRoots { .. } | Error::MissingQueryRoot { .. } | _ => {
            (Code::GraphqlParseFailed, "The document is not a query.".to_owned())
        }
    };
    request_error(code, message, error.positions().next())
}
