//! A request that has passed everything that can be looked at before it runs: its document, the operation, the values
//! of its variables, its cost.

use std::sync::Arc;

use async_graphql::parser::types::{OperationType, Selection};
use async_graphql::{ServerError, Variables};

use super::request::GraphQLRequest;
use crate::auth::Caller;
use crate::graphql::documents::{Document, Documents};
use crate::graphql::limits::Cost;

/// Request that passed validation.
#[derive(Clone)]
pub(super) struct ValidatedRequest {
    document: Arc<Document>,
    operation_name: Option<String>,
    variables: Variables,
    /// What kind of operation it is.
    pub(super) kind: OperationType,
    /// What it comes to.
    pub(super) cost: Cost,
}

/// Why a request may not run, and what it would have come to where that was found out.
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
    /// Looks at everything. Those who keep listings may send a batch of them.
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

    /// The name of the field at its root; nothing where there are several, or a fragment.
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

    /// As the executor takes it.
    pub(super) fn into_request(self) -> async_graphql::Request {
        let mut request = async_graphql::Request::new("").variables(self.variables);
        request.operation_name = self.operation_name;
        request.set_parsed_query(self.document.parsed());
        request
    }
}
