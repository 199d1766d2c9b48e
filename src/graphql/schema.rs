//! The schema, assembled from the slices.

use std::sync::{Arc, LazyLock};

use async_graphql::registry::Registry;
use async_graphql::{MergedObject, OutputType, SDLExportOptions, SubscriptionType};

use super::answer_meter::AnswerMeter;
use super::limits::LIMITS;
use crate::account::{AccountMutation, AccountQuery, Accounts};
use crate::career::CareerQuery;
use crate::certification::{CertificationMutation, CertificationQuery};
use crate::changelog::{ChangelogQuery, ChangelogSubscription};
use crate::clock::Clock;
use crate::comparison::ComparisonQuery;
use crate::course::{CourseMutation, CourseQuery, CourseSearchQuery, ImportMutation};
use crate::database::Database;
use crate::matching::{MatchingQuery, Weights};
use crate::member::MemberMutation;
use crate::node::NodeQuery;
use crate::notice::Notices;
use crate::offering::OfferingMutation;
use crate::outcome::OutcomeMutation;
use crate::partnership::PartnershipMutation;
use crate::path::PathQuery;
use crate::provider::{ProviderMutation, ProviderQuery};
use crate::review::{PublicationPolicy, ReviewAuthorMutation, ReviewQuery, ReviewReaderMutation};
use crate::snapshot::SnapshotStore;
use crate::statistic::StatisticQuery;
use crate::suggestion::SuggestionQuery;
use crate::taxonomy::TaxonomyQuery;

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
