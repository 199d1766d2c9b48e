//! Decisions on partnerships. Independent of GraphQL and HTTP.

use entity::{
    ChangeKind, ListingStatus, ListingType, PartnershipStatus, ProviderStatus, course, partnership, provider,
};
use sea_orm::sea_query::LockType;
use sea_orm::{ActiveEnum, DatabaseConnection, DatabaseTransaction, EntityTrait, QuerySelect};
use serde_json::json;

use crate::auth::{Caller, as_of_now, permit, signed_in};
use crate::changelog::Entry;
use crate::changelog::fields::Difference;
use crate::course::service::is_public;
use crate::error::{AppError, Result};
use crate::provider::service::hold;
use crate::write::{MutationOutcome, Writer, as_writer, save};

const WORD: &str = "partnership";

/// Partnership with its course and the provider of the course, all of them unchanged until the commit.
struct Held {
    row: partnership::Model,
    course: course::Model,
    owner: provider::Model,
}

/// Records the partner's decision. Repeating a decision writes nothing.
pub(super) async fn decide(
    db: &DatabaseConnection,
    writer: &Writer,
    caller: &Caller,
    id: i64,
    accept: bool,
) -> Result<MutationOutcome<partnership::Model>> {
    as_writer(db, writer, async |tx| decided(&tx, writer, caller, id, accept).await).await
}

async fn decided(
    tx: &DatabaseTransaction,
    writer: &Writer,
    caller: &Caller,
    id: i64,
    accept: bool,
) -> Result<MutationOutcome<partnership::Model>> {
    signed_in(caller)?;
    let held = held(tx, id).await?;
    authorize(tx, caller, &held).await?;
    let status = if accept { PartnershipStatus::Accepted } else { PartnershipStatus::Declined };
    if held.row.status == status {
        return Ok(MutationOutcome::success(held.row, None));
    }
    let row = partnership::Model { status, decided_at: Some(writer.now()), ..held.row.clone() };
    save::<partnership::Entity>(tx, vec![row.clone()]).await?;
    let partner = provider::Entity::find_by_id(row.provider_id).one(tx).await?.ok_or(AppError::NotFound(WORD))?;
    let position = writer.log(tx, vec![entry(writer, &held, status, &partner)]).await?;
    Ok(MutationOutcome::success(row, position))
}

/// Locks the partner, since the decision is made for it, and the provider of the course, whose status determines what
/// the public sees. Locks them in the order of their IDs, so that two decisions cannot deadlock.
async fn held(tx: &DatabaseTransaction, id: i64) -> Result<Held> {
    let found = || AppError::NotFound(WORD);
    let row = partnership::Entity::find_by_id(id).one(tx).await?.ok_or_else(found)?;
    let course = course::Entity::find_by_id(row.course_id).one(tx).await?.ok_or_else(found)?;
    let mut providers = [row.provider_id, course.provider_id];
    providers.sort_unstable();
    let mut owner = None;
    for provider in providers {
        let held = hold(tx, provider).await?;
        owner = held.filter(|held| held.id == course.provider_id).or(owner);
    }
    let row = partnership::Entity::find_by_id(id).lock(LockType::Update).one(tx).await?.ok_or_else(found)?;
    let course = course::Entity::find_by_id(row.course_id).one(tx).await?.ok_or_else(found)?;
    Ok(Held { row, course, owner: owner.ok_or_else(found)? })
}

/// Allows members of the partner and staff. Callers who see the partnership from the other side get FORBIDDEN, everyone
/// else NOT_FOUND.
async fn authorize(tx: &DatabaseTransaction, caller: &Caller, held: &Held) -> Result<()> {
    let partner = as_of_now(tx, caller, held.row.provider_id).await?;
    let owner = as_of_now(tx, caller, held.course.provider_id).await?;
    let proposed_it = owner.sees_inside(held.course.provider_id);
    let is_public = is_public(&held.course, held.owner.status);
    if proposed_it || is_public && partner.sees_inside(held.row.provider_id) {
        return permit(&partner, "decidePartnership", Some(held.row.provider_id));
    }
    Err(if partner == Caller::Anonymous { AppError::Unauthenticated } else { AppError::NotFound(WORD) })
}

fn entry(writer: &Writer, held: &Held, status: PartnershipStatus, partner: &provider::Model) -> Entry {
    let mut difference = Difference::default();
    let shown = |status: PartnershipStatus| json!({ "partner": partner.slug, "status": status.to_value() });
    difference.note("partnership", shown(held.row.status), shown(status));
    let is_seen = held.course.status != ListingStatus::Draft && held.owner.status == ProviderStatus::Active;
    let is_shown = |status| status == PartnershipStatus::Accepted;
    Entry {
        actor: writer.actor.clone(),
        action: if is_shown(status) { "partnership.accept" } else { "partnership.decline" },
        listing_type: ListingType::Course,
        listing_id: held.course.id,
        slug: held.course.slug.clone(),
        provider_id: Some(held.course.provider_id),
        event: (is_seen && is_shown(status) != is_shown(held.row.status)).then_some(ChangeKind::Updated),
        fields: Some(difference.into()),
    }
}
