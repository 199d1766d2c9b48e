//! Counts the size of a response while it is built: objects before their fields are resolved, bytes as they are
//! produced. The cost of a document is estimated from typical lengths; this limit holds however long the lists and
//! texts of a catalogue are. Does not belong here: the values of the limits.

use std::sync::Arc;

use async_graphql::extensions::{Extension, ExtensionContext, ExtensionFactory, NextResolve, ResolveInfo};
use async_graphql::{Pos, ServerError, ServerResult, Value};

use super::context::RequestContext;
use crate::graphql::error::ApiError;

/// Approximate bytes of a field's name, quotes and punctuation beside its value.
const NAME_BYTES: usize = 8;

/// Extension that counts the size of a response.
pub(super) struct AnswerMeter;

impl ExtensionFactory for AnswerMeter {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(Self)
    }
}

#[async_graphql::async_trait::async_trait]
impl Extension for AnswerMeter {
    async fn resolve(
        &self,
        ctx: &ExtensionContext<'_>,
        info: ResolveInfo<'_>,
        next: NextResolve<'_>,
    ) -> ServerResult<Option<Value>> {
        let Some(request) = ctx.data_opt::<RequestContext>() else { return next.run(ctx, info).await };
        let meter = &request.meter;
        if !info.field.selection_set.node.items.is_empty() {
            meter.charge_objects(1).map_err(to_server_error)?;
            return next.run(ctx, info).await;
        }
        let value = next.run(ctx, info).await?;
        meter.charge_bytes(NAME_BYTES + value.as_ref().map_or(0, bytes)).map_err(to_server_error)?;
        Ok(value)
    }
}

/// Approximate size of a value as JSON, in bytes.
fn bytes(value: &Value) -> usize {
    match value {
        Value::Null | Value::Boolean(_) | Value::Number(_) => 8,
        Value::String(text) => text.len(),
        Value::Enum(name) => name.len(),
        Value::Binary(bytes) => bytes.len(),
        Value::List(items) => items.iter().map(|item| bytes(item) + 1).sum(),
        Value::Object(fields) => fields.iter().map(|(name, value)| name.len() + NAME_BYTES + bytes(value)).sum(),
    }
}

fn to_server_error(error: search::Error) -> ServerError {
    async_graphql::Error::from(ApiError::from(error)).into_server_error(Pos::default())
}
