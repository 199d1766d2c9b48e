//! The schema: the slices put together.

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

/// What can be read. Nothing here has a side effect, so all of it may be asked for by GET.
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

/// What can be written. Each field says for itself who may use it: `auth::Mutation` lists them all.
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

/// The schema of the API.
pub type Schema = async_graphql::Schema<Query, Mutation, ChangelogSubscription>;

/// The builder of the API's schema.
pub type Builder = async_graphql::SchemaBuilder<Query, Mutation, ChangelogSubscription>;

/// The schema over a database, on what follows it, with this clock, this policy of reviews and these weights of a goal.
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
        // Ours are checked before; the library's own default would refuse what they let through.
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

/// The library's registry of the schema: every type with its fields and their arguments.
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

/// The schema as text, sorted, as it is committed in `schema.graphql`.
pub fn sdl() -> String {
    let schema = Schema::build(Query::default(), Mutation::default(), ChangelogSubscription).finish();
    schema.sdl_with_options(SDLExportOptions::new().sorted_fields().sorted_arguments().sorted_enum_items())
}
