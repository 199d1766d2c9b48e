//! Registering a provider. The caller becomes its owner, and staff decide on it.

use entity::{MemberRole, ProviderStatus, account, membership, provider, provider_rating, provider_slug};
use sea_orm::sea_query::LockType;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, DatabaseConnection, DatabaseTransaction, EntityTrait, PaginatorTrait, QueryFilter,
    QuerySelect, QueryTrait,
};

use super::{ProviderResult, entry};
use crate::auth::{Caller, Mutation, permit};
use crate::changelog::Action;
use crate::dictionary;
use crate::error::{AppError, Result};
use crate::input::{Fields, InputReader, ValidationCode, ValidationError, text};
use crate::provider::Details;
use crate::provider::listing::ValidatedProvider;
use crate::write::{MutationOutcome, Target, Writer, as_writer, insert, put, slugs};

/// Maximum number of unapproved providers per owner, because every process keeps all providers in memory.
const MAX_UNDECIDED: u64 = 5;

/// Registers a provider.
#[tracing::instrument(level = "debug", skip_all)]
pub async fn register(db: &DatabaseConnection, writer: &Writer, caller: &Caller, fields: &Fields) -> ProviderResult {
    permit(caller, Mutation::RegisterProvider, None)?;
    let owner = caller.account().ok_or(AppError::Forbidden)?;
    as_writer(db, writer, async |tx| register_in_transaction(&tx, writer, owner, fields).await).await
}

async fn register_in_transaction(
    tx: &DatabaseTransaction,
    writer: &Writer,
    owner: i64,
    fields: &Fields,
) -> ProviderResult {
    let read =
        |reader: &mut InputReader<'_>| (reader.nullable("slug", text::slug).value(), ValidatedProvider::whole(reader));
    let ((requested_slug, values), mut errors) = InputReader::read_at(fields, vec!["input".to_owned()], read);
    lock_account(tx, owner).await?;
    errors.extend(limit(tx, owner).await?);
    let id = writer.ids.next();
    let slug = match requested_slug {
        Some(slug) => slugs::claim(tx, Target::Provider, id, &slug, &mut errors).await.map(|_| slug)?,
        None => slugs::generate(tx, Target::Provider, values.name()).await?,
    };
    if !errors.is_empty() {
        return Ok(MutationOutcome::failure(None, errors));
    }
    let now = writer.now();
    let row = provider::Model { id, slug, version: 1, created_at: now, updated_at: now, ..Default::default() };
    let row = put_in(tx, values.columns.apply_to(row), &values).await?;
    own(tx, &row, owner).await?;
    let current = dictionary::provider(tx, id).await?;
    let position = writer.log(tx, vec![entry(writer, Action::ProviderCreate, &row)]).await?;
    Ok(MutationOutcome { current, errors, position })
}

async fn put_in(tx: &DatabaseTransaction, row: provider::Model, values: &ValidatedProvider) -> Result<provider::Model> {
    let mut details = Details::load(tx, &[]).await?;
    details.set(row.id, values);
    insert::<provider::Entity>(tx, vec![row.clone()]).await?;
    let slug = provider_slug::Model { slug: row.slug.clone(), provider_id: row.id };
    insert::<provider_slug::Entity>(tx, vec![slug]).await?;
    put(tx, vec![provider_rating::ActiveModel { provider_id: Set(row.id), ..Default::default() }], None).await?;
    details.write(tx).await?;
    Ok(row)
}

/// Locks the account until the commit. An account that is being deleted cannot become an owner, and two concurrent
/// registrations cannot both pass the limit.
async fn lock_account(tx: &DatabaseTransaction, owner: i64) -> Result<()> {
    let account = account::Entity::find_by_id(owner).lock(LockType::NoKeyUpdate).one(tx).await?;
    account.map(drop).ok_or(AppError::Unauthenticated)
}

async fn limit(tx: &DatabaseTransaction, owner: i64) -> Result<Option<ValidationError>> {
    let owns = membership::Entity::find()
        .select_only()
        .column(membership::Column::ProviderId)
        .filter(membership::Column::AccountId.eq(owner))
        .filter(membership::Column::Role.eq(MemberRole::Owner));
    let owned = provider::Entity::find()
        .filter(provider::Column::Id.in_subquery(owns.into_query()))
        .filter(provider::Column::Status.is_in([ProviderStatus::Pending, ProviderStatus::Rejected]));
    let rule = format!("you own {MAX_UNDECIDED} providers already that staff have not let in");
    let error = || ValidationError { path: vec!["input".to_owned()], code: ValidationCode::Limit, rule };
    Ok((owned.count(tx).await? >= MAX_UNDECIDED).then(error))
}

async fn own(tx: &DatabaseTransaction, row: &provider::Model, account_id: i64) -> Result<()> {
    let owner =
        membership::Model { provider_id: row.id, account_id, role: MemberRole::Owner, created_at: row.created_at };
    insert::<membership::Entity>(tx, vec![owner]).await
}
