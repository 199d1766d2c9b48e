//! The schema: the slices put together.

use std::sync::Arc;

use async_graphql::{EmptyMutation, EmptySubscription, MergedObject, SDLExportOptions};

use super::limits::LIMITS;
use crate::career::CareerQuery;
use crate::certification::CertificationQuery;
use crate::changelog::ChangelogQuery;
use crate::clock::Clock;
use crate::course::{CourseQuery, CourseSearchQuery};
use crate::database::Database;
use crate::live::Live;
use crate::node::NodeQuery;
use crate::provider::ProviderQuery;
use crate::statistic::StatisticQuery;
use crate::suggestion::SuggestionQuery;
use crate::taxonomy::TaxonomyQuery;

/// What can be read. Everything here is public, takes no side effect, and may be asked for by GET.
#[derive(MergedObject, Default)]
pub struct Query(
    NodeQuery,
    CourseQuery,
    CourseSearchQuery,
    ProviderQuery,
    CertificationQuery,
    CareerQuery,
    TaxonomyQuery,
    StatisticQuery,
    SuggestionQuery,
    ChangelogQuery,
);

/// The schema of the API.
pub type Schema = async_graphql::Schema<Query, EmptyMutation, EmptySubscription>;

/// The schema over a database, on what follows it, with this clock.
pub fn build(database: Database, live: Arc<Live>, clock: Arc<dyn Clock>) -> Schema {
    Schema::build(Query::default(), EmptyMutation, EmptySubscription)
        // Ours are checked before; the library's own default would refuse what they let through.
        .limit_recursive_depth(LIMITS.brackets)
        .data(database)
        .data(live)
        .data(clock)
        .finish()
}

/// The schema as text, sorted, as it is committed in `schema.graphql`.
pub fn sdl() -> String {
    let schema = Schema::build(Query::default(), EmptyMutation, EmptySubscription).finish();
    schema.sdl_with_options(SDLExportOptions::new().sorted_fields().sorted_arguments().sorted_enum_items())
}
