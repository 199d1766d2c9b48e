//! The schema: the slices put together.

use async_graphql::{EmptyMutation, EmptySubscription, MergedObject, SDLExportOptions};

use crate::database::Database;

/// The queries of all slices.
#[derive(MergedObject, Default)]
pub struct Query(crate::changelog::ChangelogQuery);

/// The schema of the API.
pub type Schema = async_graphql::Schema<Query, EmptyMutation, EmptySubscription>;

/// The schema over a database.
pub fn build(database: Database) -> Schema {
    Schema::build(Query::default(), EmptyMutation, EmptySubscription).data(database).finish()
}

/// The schema as text, sorted, as it is committed in `schema.graphql`.
pub fn sdl() -> String {
    let schema = Schema::build(Query::default(), EmptyMutation, EmptySubscription).finish();
    schema.sdl_with_options(SDLExportOptions::new().sorted_fields().sorted_arguments().sorted_enum_items())
}
