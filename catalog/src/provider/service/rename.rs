//! Requests for a new name or slug. Once a provider is public, staff decide on them: a provider approved under one name
//! must not continue under somebody else's. Independent of GraphQL and HTTP.

use entity::{ChangeKind, ProviderStatus, provider, provider_name_request, provider_slug};
use sea_orm::{DatabaseConnection, DatabaseTransaction, EntityTrait};
use serde_json::{Value, json};

use super::{ProviderResult, authorize_and_lock_provider, entry};
use crate::auth::{Caller, Mutation};
use crate::changelog::fields::{Difference, object};
use crate::changelog::{Action, Entry};
use crate::dictionary;
use crate::error::Result;
use crate::input::text::{MAX_NOTE_CHARS, prose};
use crate::input::{ValidationCode, ValidationError};
use crate::write::{MutationOutcome, Target, Writer, as_writer, check_version, insert, save, save_next, slugs};

/// Decision of staff on a requested name.
pub struct NameDecision<'a> {
    /// ID of the provider.
    pub id: i64,
    /// Version that the caller has read. Another request may have replaced the one they saw.
    pub expected: i32,
    /// Whether the provider gets the name and slug.
    pub accept: bool,
    /// Reason, recorded in the provider's history.
    pub reason: Option<&'a str>,
}

/// Decides on the name and slug that a provider has requested.
#[tracing::instrument(level = "debug", skip_all)]
pub async fn decide_name(
    db: &DatabaseConnection,
    writer: &Writer,
    caller: &Caller,
    decision: NameDecision<'_>,
) -> ProviderResult {
    as_writer(db, writer, async |tx| decide_in_transaction(&tx, writer, caller, &decision).await).await
}

async fn decide_in_transaction(
    tx: &DatabaseTransaction,
    writer: &Writer,
    caller: &Caller,
    decision: &NameDecision<'_>,
) -> ProviderResult {
    let before = authorize_and_lock_provider(tx, caller, Mutation::DecideProviderName, decision.id).await?;
    let request = find_request(tx, before.id).await?;
    let (reason, mut errors) = check(decision, before.version, request.is_some());
    let Some(request) = request.filter(|_| errors.is_empty()) else {
        return Ok(MutationOutcome::failure(dictionary::provider(tx, before.id).await?, errors));
    };
    let (name, slug) = match decision.accept {
        true => (request.name.clone(), request.slug.clone()),
        false => (before.name.clone(), before.slug.clone()),
    };
    let is_new = slugs::claim(tx, Target::Provider, before.id, &slug, &mut errors).await?;
    if !errors.is_empty() {
        // The slug was free when it was requested, so the error points at the provider, not at an input field.
        let errors = errors.into_iter().map(|error| ValidationError { path: vec!["id".to_owned()], ..error }).collect();
        return Ok(MutationOutcome::failure(dictionary::provider(tx, before.id).await?, errors));
    }
    if is_new {
        let row = provider_slug::Model { slug: slug.clone(), provider_id: before.id };
        insert::<provider_slug::Entity>(tx, vec![row]).await?;
    }
    let (version, updated_at) = (before.version + 1, writer.now());
    let row = provider::Model { name, slug, version, updated_at, ..before.clone() };
    let entry = decided_entry(writer, &before, &row, &request, reason);
    save_next::<provider::Entity>(tx, vec![row]).await?;
    delete_request(tx, before.id).await?;
    let current = dictionary::provider(tx, before.id).await?;
    Ok(MutationOutcome { current, errors: Vec::new(), position: writer.log(tx, vec![entry]).await? })
}

fn check(decision: &NameDecision<'_>, version: i32, waits: bool) -> (Option<String>, Vec<ValidationError>) {
    let mut errors: Vec<ValidationError> = check_version(decision.expected, version).into_iter().collect();
    if !waits {
        errors.push(ValidationError::of(
            "id",
            ValidationCode::NotFound,
            "no new name of this provider waits for a decision",
        ));
    }
    let reason = decision.reason.map(|reason| prose(MAX_NOTE_CHARS)(&json!(reason))).transpose();
    let reason = reason.unwrap_or_else(|violation| {
        errors.push(ValidationError::of("reason", violation.code, violation.text));
        None
    });
    (reason, errors)
}

fn decided_entry(
    writer: &Writer,
    before: &provider::Model,
    row: &provider::Model,
    request: &provider_name_request::Model,
    reason: Option<String>,
) -> Entry {
    let mut difference = Difference::default();
    difference.record("name", json!(before.name), json!(row.name));
    difference.record("slug", json!(before.slug), json!(row.slug));
    difference.record("nameRequest", to_log_value(Some(request)), Value::Null);
    difference.record("reason", Value::Null, json!(reason));
    let is_renamed = (&before.name, &before.slug) != (&row.name, &row.slug);
    let event = (is_renamed && row.status == ProviderStatus::Active).then_some(ChangeKind::Updated);
    let action = if is_renamed { Action::ProviderRename } else { Action::ProviderRefuseName };
    Entry { event, fields: Some(difference.into()), ..entry(writer, action, row) }
}

/// Returns the pending request.
#[tracing::instrument(level = "debug", skip_all, fields(id))]
pub(super) async fn find_request(tx: &DatabaseTransaction, id: i64) -> Result<Option<provider_name_request::Model>> {
    Ok(provider_name_request::Entity::find_by_id(id).one(tx).await?)
}

/// Returns the request that is pending after an input with a name, a slug or both: `None` if they are the current ones.
pub(super) fn next_request(
    before: &provider::Model,
    waiting: Option<&provider_name_request::Model>,
    (name, slug): (Option<String>, Option<String>),
    writer: &Writer,
) -> Option<provider_name_request::Model> {
    let name = name.or(waiting.map(|row| row.name.clone())).unwrap_or_else(|| before.name.clone());
    let slug = slug.or(waiting.map(|row| row.slug.clone())).unwrap_or_else(|| before.slug.clone());
    if (&name, &slug) == (&before.name, &before.slug) {
        return None;
    }
    let known = waiting.filter(|row| (&row.name, &row.slug) == (&name, &slug)).cloned();
    let created_at = writer.now();
    Some(known.unwrap_or(provider_name_request::Model { provider_id: before.id, name, slug, created_at }))
}

/// Stores or deletes the request.
#[tracing::instrument(level = "debug", skip_all, fields(id))]
pub(super) async fn store_request(
    tx: &DatabaseTransaction,
    id: i64,
    request: Option<provider_name_request::Model>,
) -> Result<()> {
    match request {
        Some(row) => save::<provider_name_request::Entity>(tx, vec![row]).await,
        None => delete_request(tx, id).await,
    }
}

async fn delete_request(tx: &DatabaseTransaction, id: i64) -> Result<()> {
    provider_name_request::Entity::delete_by_id(id).exec(tx).await?;
    Ok(())
}

/// Request as the change log shows it.
pub(super) fn to_log_value(request: Option<&provider_name_request::Model>) -> Value {
    request.map_or(Value::Null, |row| object([("name", json!(row.name)), ("slug", json!(row.slug))]))
}
