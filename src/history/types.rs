//! Entries of a history.

use std::sync::Arc;

use async_graphql::{Context, Object, SimpleObject};
use entity::change;
use serde_json::Value;

use super::actor::name_of;
use crate::error::Result;
use crate::graphql::scalars::DateTime;

/// One change of a listing.
pub struct HistoryEntry(pub(super) Arc<change::Model>);

/// One change of a listing.
#[Object]
impl HistoryEntry {
    /// When it was made.
    async fn at(&self) -> DateTime {
        DateTime(self.0.at)
    }

    /// Who made it: the name of the person, of the service token, or of what ran in the catalogue itself.
    async fn by(&self, ctx: &Context<'_>) -> Result<String> {
        name_of(ctx, &self.0.actor).await
    }

    /// What was done, e.g. course.create, course.update, course.publish, course.schedule, course.unpublish,
    /// course.retire, course.restore or outcome.publish.
    async fn action(&self) -> &str {
        &self.0.action
    }

    /// The fields that it changed, under their names in inputs. Empty where the listing was new.
    async fn changes(&self) -> Vec<FieldChange> {
        let list = self.0.fields.as_ref().and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        list.iter().filter_map(FieldChange::read).collect()
    }
}

/// A field before and after a change.
#[derive(SimpleObject)]
pub struct FieldChange {
    /// Its name.
    pub field: String,
    /// What it was, in the form in which it comes in; null: not stated.
    pub before: Option<Value>,
    /// What it is since then; null: not stated.
    pub after: Option<Value>,
}

impl FieldChange {
    fn read(entry: &Value) -> Option<Self> {
        let field = entry.get("field")?.as_str()?.to_owned();
        let stated = |name| entry.get(name).filter(|value| !value.is_null()).cloned();
        Some(Self { field, before: stated("before"), after: stated("after") })
    }
}
