//! The GraphQL types of histories.

use std::sync::Arc;

use async_graphql::{Context, Object, SimpleObject};
use entity::change;
use serde_json::Value;

use super::actor::name_of;
use crate::graphql::connection::Listed;
use crate::graphql::error::Result;
use crate::graphql::scalars::DateTime;

/// Change of a listing.
pub struct HistoryEntry(pub(super) Arc<change::Model>);

impl Listed for HistoryEntry {
    const NAME: &'static str = "History";
}

/// Change of a listing.
#[Object]
impl HistoryEntry {
    /// Time of the change.
    async fn at(&self) -> DateTime {
        DateTime(self.0.at)
    }

    /// Who made the change: the name of the person, of the service token, or of the job of the catalogue.
    async fn by(&self, ctx: &Context<'_>) -> Result<String> {
        Ok(name_of(ctx, &self.0.actor).await?)
    }

    /// What was done, e.g. `course.create`, `course.update`, `course.publish`, `course.schedule`, `course.unpublish`,
    /// `course.retire`, `course.restore` or `outcome.publish`.
    async fn action(&self) -> &str {
        &self.0.action
    }

    /// Fields that the change affected, under their input names. Empty if the listing was created.
    async fn changes(&self) -> Vec<FieldChange> {
        let list = self.0.fields.as_ref().and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        list.iter().filter_map(FieldChange::read).collect()
    }
}

/// Value of a field before and after a change.
#[derive(SimpleObject)]
pub struct FieldChange {
    /// Name of the field.
    pub field: String,
    /// Value before the change, in the form of the input. Null if not stated.
    pub before: Option<Value>,
    /// Value after the change, in the form of the input. Null if not stated.
    pub after: Option<Value>,
}

impl FieldChange {
    fn read(entry: &Value) -> Option<Self> {
        let field = entry.get("field")?.as_str()?.to_owned();
        let stated = |name| entry.get(name).filter(|value| !value.is_null()).cloned();
        Some(Self { field, before: stated("before"), after: stated("after") })
    }
}
