//! The schema, assembled from the slices.

use std::sync::{Arc, LazyLock};

use async_graphql::registry::Registry;
use async_graphql::{MergedObject, OutputType, SDLExportOptions, SubscriptionType};
use catalog::account::Accounts;
use catalog::clock::Clock;
use catalog::database::Database;
use catalog::notice::Notices;
use catalog::review::PublicationPolicy;
use catalog::snapshot::SnapshotStore;

use super::answer_meter::AnswerMeter;
use super::limits::LIMITS;
use crate::graphql::account::{AccountMutation, AccountQuery};
use crate::graphql::career::CareerQuery;
use crate::graphql::certification::{CertificationMutation, CertificationQuery};
use crate::graphql::changelog::{ChangelogQuery, ChangelogSubscription};
use crate::graphql::comparison::ComparisonQuery;
use crate::graphql::course::{CourseMutation, CourseQuery, CourseSearchQuery, ImportMutation};
use crate::graphql::matching::{MatchingQuery, Weights};
use crate::graphql::member::MemberMutation;
use crate::graphql::node::NodeQuery;
use crate::graphql::offering::OfferingMutation;
use crate::graphql::outcome::OutcomeMutation;
use crate::graphql::partnership::PartnershipMutation;
use crate::graphql::path::PathQuery;
use crate::graphql::provider::{ProviderMutation, ProviderQuery};
use crate::graphql::review::{ReviewAuthorMutation, ReviewQuery, ReviewReaderMutation};
use crate::graphql::statistic::StatisticQuery;
use crate::graphql::suggestion::SuggestionQuery;
use crate::graphql::taxonomy::TaxonomyQuery;

/// Queries of the API. They have no side effects, so all of them can be sent by GET.
#[derive(MergedObject, Default)]
pub struct Query(
    NodeQuery,
    CourseQuery,
    CourseSearchQuery,
    ProviderQuery,
    CertificationQuery,
    CareerQuery,
    TaxonomyQuery,
    PathQuery,
    StatisticQuery,
    SuggestionQuery,
    ChangelogQuery,
    AccountQuery,
    ComparisonQuery,
    ReviewQuery,
    MatchingQuery,
);

/// Mutations of the API. They are accepted by POST only, and each checks the permissions of its caller.
// `auth::Mutation` lists the permissions of all of them.
#[derive(MergedObject, Default)]
pub struct Mutation(
    AccountMutation,
    CertificationMutation,
    CourseMutation,
    ImportMutation,
    MemberMutation,
    OfferingMutation,
    OutcomeMutation,
    PartnershipMutation,
    ProviderMutation,
    ReviewAuthorMutation,
    ReviewReaderMutation,
);

/// Schema of the API.
pub type Schema = async_graphql::Schema<Query, Mutation, ChangelogSubscription>;

/// Builder for the schema of the API.
pub type Builder = async_graphql::SchemaBuilder<Query, Mutation, ChangelogSubscription>;

/// Creates a builder for the schema with this database, snapshot store, clock, review policy and matching weights.
pub fn builder(
    database: Database,
    snapshots: Arc<SnapshotStore>,
    accounts: Accounts,
    clock: Arc<dyn Clock>,
    publish: PublicationPolicy,
    weights: Weights,
    notices: Notices,
) -> Builder {
    Schema::build(Query::default(), Mutation::default(), ChangelogSubscription)
        // Our own limits are checked earlier. The library's default would reject documents that they accept.
        .limit_recursive_depth(LIMITS.brackets)
        .data(accounts)
        .data(database)
        .data(snapshots)
        .data(clock)
        .data(publish)
        .data(weights)
        .data(notices)
        .extension(AnswerMeter)
}

/// The library's registry of the schema: every type with its fields and arguments.
pub(in crate::graphql) static REGISTRY: LazyLock<Registry> = LazyLock::new(|| {
    let mut registry = Registry::default();
    Query::create_type_info(&mut registry);
    Mutation::create_type_info(&mut registry);
    ChangelogSubscription::create_type_info(&mut registry);
    registry.query_type = Query::type_name().into_owned();
    registry.mutation_type = Some(Mutation::type_name().into_owned());
    registry.subscription_type = Some(ChangelogSubscription::type_name().into_owned());
    registry.remove_unused_types();
    registry
});

/// Sorted SDL of the schema, as committed in `schema.graphql`.
pub fn sdl() -> String {
    let schema = Schema::build(Query::default(), Mutation::default(), ChangelogSubscription).finish();
    schema.sdl_with_options(SDLExportOptions::new().sorted_fields().sorted_arguments().sorted_enum_items())
}
