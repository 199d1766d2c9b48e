//! A request that has passed all checks before execution: its document, operation, variables and cost.

use std::sync::Arc;

use async_graphql::parser::types::{OperationType, Selection};
use async_graphql::{ServerError, Variables};
use catalog::auth::Caller;

use super::request::GraphQLRequest;
use crate::graphql::documents::{Document, Documents};
use crate::graphql::limits::Cost;

/// Request that passed validation.
#[derive(Clone)]
pub(super) struct ValidatedRequest {
    document: Arc<Document>,
    operation_name: Option<String>,
    variables: Variables,
    pub(super) kind: OperationType,
    pub(super) cost: Cost,
}

/// Reason why a request may not run, with its cost if it was computed.
pub(super) struct RejectedRequest {
    pub(super) error: ServerError,
    pub(super) cost: Option<Cost>,
}

impl From<ServerError> for Box<RejectedRequest> {
    fn from(error: ServerError) -> Self {
        Box::new(RejectedRequest { error, cost: None })
    }
}

impl ValidatedRequest {
    /// Validates everything. Callers who maintain listings may send batches.
    pub(super) fn new(
        documents: &Documents,
        asked: GraphQLRequest,
        caller: &Caller,
    ) -> Result<Self, Box<RejectedRequest>> {
        let variables = asked.variables.unwrap_or_default();
        let document = documents.read(&asked.query)?;
        let operation = document.operation(asked.operation_name.as_deref())?;
        document.check_caller(operation, caller)?;
        document.check_values()?;
        documents.check_variables(operation, &variables, caller.can_write_listings())?;
        let cost = documents.cost(&document, operation, &variables);
        let fits = cost.check().and_then(|()| documents.check_pages(&document, operation, &variables));
        if let Err(error) = fits {
            return Err(Box::new(RejectedRequest { error, cost: Some(cost) }));
        }
        let kind = operation.ty;
        Ok(Self { document, operation_name: asked.operation_name, variables, kind, cost })
    }

    /// Name of the only root field; `None` if there are several or a fragment.
    pub(super) fn only_field(&self) -> Option<&str> {
        let operation = self.document.operation(self.operation_name.as_deref()).ok()?;
        match operation.selection_set.node.items.as_slice() {
            [item] => match &item.node {
                Selection::Field(field) => Some(field.node.name.node.as_str()),
                Selection::FragmentSpread(_) | Selection::InlineFragment(_) => None,
            },
            _ => None,
        }
    }

    /// Converts it for the executor.
    pub(super) fn into_request(self) -> async_graphql::Request {
        let mut request = async_graphql::Request::new("").variables(self.variables);
        request.operation_name = self.operation_name;
        request.set_parsed_query(self.document.parsed());
        request
    }
}
