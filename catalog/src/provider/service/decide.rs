//! Decisions of staff on a provider, and their effect on its listings.

use entity::{ChangeKind, ListingStatus, ListingType, ProviderStatus, certification, course, provider};
use sea_orm::{
    ActiveEnum, ColumnTrait, DatabaseConnection, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};
use serde_json::{Value, json};

use super::{ProviderResult, authorize_and_lock_provider, entry, is_public};
use crate::auth::{Caller, Mutation};
use crate::changelog::fields::Difference;
use crate::changelog::{Action, Entry};
use crate::dictionary;
use crate::error::Result;
use crate::input::text::{MAX_NOTE_CHARS, prose};
use crate::input::{ValidationCode, ValidationError};
use crate::provider::namesakes;
use crate::write::{MutationOutcome, Writer, as_writer, save, save_next};

/// Decision on a provider.
pub struct ProviderDecision<'a> {
    /// ID of the provider.
    pub id: i64,
    /// New status.
    pub status: ProviderStatus,
    /// Reason, recorded in the change log.
    pub reason: Option<&'a str>,
}

/// Decides on a provider. Its listings appear and disappear with it, and the change log has an entry for each of them,
/// so that a client that follows the log need not know whose they are. Repeating a decision writes nothing.
#[tracing::instrument(level = "debug", skip_all)]
pub async fn decide(
    db: &DatabaseConnection,
    writer: &Writer,
    caller: &Caller,
    decision: ProviderDecision<'_>,
) -> ProviderResult {
    as_writer(db, writer, async |tx| decide_in_transaction(&tx, writer, caller, &decision).await).await
}

async fn decide_in_transaction(
    tx: &DatabaseTransaction,
    writer: &Writer,
    caller: &Caller,
    decision: &ProviderDecision<'_>,
) -> ProviderResult {
    let before = authorize_and_lock_provider(tx, caller, Mutation::DecideProvider, decision.id).await?;
    let (reason, errors) = check(decision, before.status);
    if !errors.is_empty() || decision.status == before.status {
        return Ok(MutationOutcome::failure(dictionary::provider(tx, before.id).await?, errors));
    }
    let (status, version) = (decision.status, before.version + 1);
    let row = provider::Model { status, version, updated_at: writer.now(), ..before.clone() };
    let is_let_in = is_public(&row) && !is_public(&before);
    let withheld = if is_let_in { withhold(tx, writer, &row).await? } else { Vec::new() };
    let mut entries = entries(tx, writer, &before, &row, reason).await?;
    entries.extend(withheld);
    save_next::<provider::Entity>(tx, vec![row]).await?;
    let current = dictionary::provider(tx, before.id).await?;
    Ok(MutationOutcome { current, errors, position: writer.log(tx, entries).await? })
}

/// Turns certifications into drafts if another issuer has one of the same name. Nobody had to agree to the name while
/// the issuer was not public.
async fn withhold(tx: &DatabaseTransaction, writer: &Writer, issuer: &provider::Model) -> Result<Vec<Entry>> {
    let mut entries = Vec::new();
    for before in namesakes::of_issuer(tx, issuer.id).await? {
        let (status, version) = (ListingStatus::Draft, before.version + 1);
        let row = certification::Model { status, version, updated_at: writer.now(), ..before.clone() };
        let mut difference = Difference::default();
        difference.record("status", json!(before.status.to_value()), json!(row.status.to_value()));
        entries.push(Entry {
            listing_type: ListingType::Certification,
            listing_id: row.id,
            slug: row.slug.clone(),
            fields: Some(difference.into()),
            ..entry(writer, Action::CertificationWithhold, issuer)
        });
        save::<certification::Entity>(tx, vec![row]).await?;
    }
    Ok(entries)
}

fn check(decision: &ProviderDecision<'_>, before: ProviderStatus) -> (Option<String>, Vec<ValidationError>) {
    let rule = refusal(before, decision.status);
    let mut errors: Vec<ValidationError> =
        rule.map(|rule| ValidationError::of("status", ValidationCode::NotAllowed, rule)).into_iter().collect();
    let reason = decision.reason.map(|reason| prose(MAX_NOTE_CHARS)(&json!(reason))).transpose();
    let reason = reason.unwrap_or_else(|violation| {
        errors.push(ValidationError::of("reason", violation.code, violation.text));
        None
    });
    (reason, errors)
}

/// Returns why a transition is not allowed. A provider that was never approved has never been public; PAUSED or CLOSED
/// would make it so.
fn refusal(before: ProviderStatus, after: ProviderStatus) -> Option<&'static str> {
    use ProviderStatus::{Active, Closed, Paused, Pending, Rejected};
    match (before, after) {
        (_, Pending) => Some("is what a provider is before it is decided on; PAUSED takes it out of all lists"),
        (Pending | Rejected, Paused | Closed) => {
            Some("is for a provider that has been ACTIVE; REJECTED turns it away unseen")
        }
        (Active | Paused | Closed, Rejected) => Some("is for a provider that has never been ACTIVE; CLOSED ends it"),
        (_, Active) | (Pending | Rejected, Rejected) | (Active | Paused | Closed, Paused | Closed) => None,
    }
}

/// Puts the provider first, so that a follower never reads one of its listings with the provider's old status.
async fn entries(
    tx: &DatabaseTransaction,
    writer: &Writer,
    before: &provider::Model,
    row: &provider::Model,
    reason: Option<String>,
) -> Result<Vec<Entry>> {
    let mut difference = Difference::default();
    difference.record("status", json!(before.status.to_value()), json!(row.status.to_value()));
    difference.record("reason", Value::Null, json!(reason));
    let event = event(before.status, row.status);
    let provider = Entry { event, fields: Some(difference.into()), ..entry(writer, Action::ProviderDecide, row) };
    let mut entries = vec![provider.clone()];
    if event.is_some() {
        let of = |listing_type| {
            let like = Entry { listing_type, fields: None, ..provider.clone() };
            move |(listing_id, slug)| Entry { listing_id, slug, ..like.clone() }
        };
        entries.extend(certifications(tx, row.id).await?.into_iter().map(of(ListingType::Certification)));
        entries.extend(courses(tx, row.id).await?.into_iter().map(of(ListingType::Course)));
    }
    Ok(entries)
}

/// Returns the public event: listings enter and leave the lists with an ACTIVE provider.
fn event(before: ProviderStatus, after: ProviderStatus) -> Option<ChangeKind> {
    let (was, is) = (before == ProviderStatus::Active, after == ProviderStatus::Active);
    match (was, is) {
        (false, true) => Some(ChangeKind::Published),
        (true, false) => Some(ChangeKind::Withdrawn),
        (true, true) | (false, false) => None,
    }
}

async fn certifications(tx: &DatabaseTransaction, issuer: i64) -> Result<Vec<(i64, String)>> {
    use certification::Column;
    let rows = certification::Entity::find().filter(Column::IssuerId.eq(issuer)).order_by_asc(Column::Id);
    let rows = rows.filter(Column::Status.eq(ListingStatus::Published));
    Ok(rows.select_only().columns([Column::Id, Column::Slug]).into_tuple().all(tx).await?)
}

async fn courses(tx: &DatabaseTransaction, provider: i64) -> Result<Vec<(i64, String)>> {
    use course::Column;
    let rows = course::Entity::find().filter(Column::ProviderId.eq(provider)).order_by_asc(Column::Id);
    let rows = rows.filter(Column::Status.eq(ListingStatus::Published));
    Ok(rows.select_only().columns([Column::Id, Column::Slug]).into_tuple().all(tx).await?)
}
