//! Partnerships: the consent of a provider to be shown with a course of another provider, as its partner or as the
//! provider of one of its units. A course proposes a partnership by naming the provider, see `course::write`. Here are
//! the decisions, independent of GraphQL and HTTP.

use entity::{
    ChangeKind, ListingStatus, ListingType, PartnershipStatus, ProviderStatus, course, partnership, provider,
};
use sea_orm::sea_query::LockType;
use sea_orm::{ActiveEnum, DatabaseConnection, DatabaseTransaction, EntityTrait, QuerySelect};
use serde_json::json;

use crate::auth::{Caller, Mutation, permit, refresh_caller, require_sign_in};
use crate::changelog::fields::Difference;
use crate::changelog::{Action, Entry};
use crate::course::service::is_public;
use crate::error::{AppError, Result};
use crate::provider::service::lock_provider;
use crate::write::{MutationOutcome, Writer, as_writer, save};

const OBJECT_NAME: &str = "partnership";

/// Partnership with its course and the provider of the course, all of them unchanged until the commit.
struct LockedPartnership {
    row: partnership::Model,
    course: course::Model,
    owner: provider::Model,
}

/// Records the partner's decision. Repeating a decision writes nothing.
#[tracing::instrument(level = "debug", skip_all, fields(id))]
pub async fn decide(
    db: &DatabaseConnection,
    writer: &Writer,
    caller: &Caller,
    id: i64,
    accept: bool,
) -> Result<MutationOutcome<partnership::Model>> {
    as_writer(db, writer, async |tx| {
        require_sign_in(caller)?;
        let locked = lock_partnership(&tx, id).await?;
        authorize(&tx, caller, &locked).await?;
        let status = if accept { PartnershipStatus::Accepted } else { PartnershipStatus::Declined };
        if locked.row.status == status {
            return Ok(MutationOutcome::success(locked.row, None));
        }
        let row = partnership::Model { status, decided_at: Some(writer.now()), ..locked.row.clone() };
        save::<partnership::Entity>(&*tx, vec![row.clone()]).await?;
        let partner = provider::Entity::find_by_id(row.provider_id).one(&*tx).await?;
        let partner = partner.ok_or(AppError::NotFound(OBJECT_NAME))?;
        let position = writer.log(&tx, vec![entry(writer, &locked, status, &partner)]).await?;
        Ok(MutationOutcome::success(row, position))
    })
    .await
}

/// Locks the partner, since the decision is made for it, and the provider of the course, whose status determines what
/// the public sees. Locks them in the order of their IDs, so that two decisions cannot deadlock.
async fn lock_partnership(tx: &DatabaseTransaction, id: i64) -> Result<LockedPartnership> {
    let found = || AppError::NotFound(OBJECT_NAME);
    let row = partnership::Entity::find_by_id(id).one(tx).await?.ok_or_else(found)?;
    let course = course::Entity::find_by_id(row.course_id).one(tx).await?.ok_or_else(found)?;
    let mut providers = [row.provider_id, course.provider_id];
    providers.sort_unstable();
    let mut owner = None;
    for provider in providers {
        let provider = lock_provider(tx, provider).await?;
        owner = provider.filter(|provider| provider.id == course.provider_id).or(owner);
    }
    let row = partnership::Entity::find_by_id(id).lock(LockType::Update).one(tx).await?.ok_or_else(found)?;
    let course = course::Entity::find_by_id(row.course_id).one(tx).await?.ok_or_else(found)?;
    Ok(LockedPartnership { row, course, owner: owner.ok_or_else(found)? })
}

/// Allows members of the partner and staff. Callers who see the partnership from the other side get FORBIDDEN, everyone
/// else NOT_FOUND.
async fn authorize(tx: &DatabaseTransaction, caller: &Caller, locked: &LockedPartnership) -> Result<()> {
    let partner = refresh_caller(tx, caller, locked.row.provider_id).await?;
    let owner = refresh_caller(tx, caller, locked.course.provider_id).await?;
    let proposed_it = owner.can_see_private(locked.course.provider_id);
    let is_public = is_public(&locked.course, locked.owner.status);
    if proposed_it || is_public && partner.can_see_private(locked.row.provider_id) {
        return permit(&partner, Mutation::DecidePartnership, Some(locked.row.provider_id));
    }
    Err(if partner == Caller::Anonymous { AppError::Unauthenticated } else { AppError::NotFound(OBJECT_NAME) })
}

fn entry(writer: &Writer, locked: &LockedPartnership, status: PartnershipStatus, partner: &provider::Model) -> Entry {
    let mut difference = Difference::default();
    let shown = |status: PartnershipStatus| json!({ "partner": partner.slug, "status": status.to_value() });
    difference.record("partnership", shown(locked.row.status), shown(status));
    let is_seen = locked.course.status != ListingStatus::Draft && locked.owner.status == ProviderStatus::Active;
    let is_shown = |status| status == PartnershipStatus::Accepted;
    Entry {
        actor: writer.actor.clone(),
        action: if is_shown(status) { Action::PartnershipAccept } else { Action::PartnershipDecline },
        listing_type: ListingType::Course,
        listing_id: locked.course.id,
        slug: locked.course.slug.clone(),
        provider_id: Some(locked.course.provider_id),
        event: (is_seen && is_shown(status) != is_shown(locked.row.status)).then_some(ChangeKind::Updated),
        fields: Some(difference.into()),
    }
}
