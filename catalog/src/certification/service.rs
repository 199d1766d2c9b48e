//! Writes to certifications by members of their issuer and by staff. Independent of GraphQL and HTTP.

use std::sync::Arc;

use entity::{ChangeKind, ListingStatus, ListingType, ProviderStatus, certification, certification_slug, provider};
use sea_orm::{ColumnTrait, DatabaseConnection, DatabaseTransaction, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::Value;

use super::listing::{self, CAREERS, SKILLS, next};
use super::transition::is_seen;
use crate::auth::{Caller, Mutation, require_sign_in};
use crate::changelog::{Action, Entry};
use crate::dictionary::{self, Certification};
use crate::error::{AppError, Result};
use crate::input::{Fields, InputReader, ValidationCode, ValidationError, text};
use crate::provider::namesakes;
use crate::provider::service::{authorize_and_lock_owner, authorize_and_lock_provider, is_public};
use crate::resemblance::skeleton;
use crate::write::{
    LinkSet, LinkTable, Mentions, MutationOutcome, NamedLinks, References, Target, Writer, as_writer, check_version,
    insert, save_next, slugs,
};

/// Certifications of an issuer, retired ones included.
const MAX_CERTIFICATIONS: u64 = 1_000;
/// The same for an issuer that staff have not approved.
const MAX_CERTIFICATIONS_UNAPPROVED: u64 = 20;

const LINKS: [LinkTable; 2] = [SKILLS, CAREERS];

/// Result of a write to a certification.
pub type CertificationResult = Result<MutationOutcome<Arc<Certification>>>;

/// Update of a certification.
pub struct CertificationUpdate<'a> {
    /// ID of the certification.
    pub id: i64,
    /// Version that the caller has read.
    pub expected: i32,
    /// Changes to make.
    pub fields: &'a Fields,
}

/// Creates a certification of this issuer.
#[tracing::instrument(level = "debug", skip_all)]
pub async fn create(
    db: &DatabaseConnection,
    writer: &Writer,
    caller: &Caller,
    issuer: i64,
    fields: &Fields,
) -> CertificationResult {
    as_writer(db, writer, async |tx| create_in_transaction(&tx, writer, caller, issuer, fields).await).await
}

async fn create_in_transaction(
    tx: &DatabaseTransaction,
    writer: &Writer,
    caller: &Caller,
    issuer: i64,
    fields: &Fields,
) -> CertificationResult {
    let issuer = authorize_and_lock_provider(tx, caller, Mutation::CreateCertification, issuer).await?;
    let (id, at) = (writer.ids.next(), vec!["input".to_owned()]);
    let read = |reader: &mut InputReader<'_>| {
        (reader.nullable("slug", text::slug).value(), listing::whole(reader), NamedLinks::read(reader, &LINKS))
    };
    let ((requested_slug, values, named), mut errors) = InputReader::read_at(fields, at.clone(), read);
    let slug = match requested_slug {
        Some(slug) => slugs::claim(tx, Target::Certification, id, &slug, &mut errors).await.map(|_| slug)?,
        None => slugs::generate(tx, Target::Certification, Some(&values.values().name)).await?,
    };
    let mut links = LinkSet::load(tx, Target::Certification, &LINKS, &[]).await?;
    let found = links.resolve(id, &named, &resolve_references(tx, &named).await?, &at, &mut errors);
    errors.extend(check_limit(tx, &issuer).await?);
    if !errors.is_empty() {
        return Ok(MutationOutcome::failure(None, errors));
    }
    let now = writer.now();
    let row = certification::Model {
        id,
        slug,
        issuer_id: issuer.id,
        version: 1,
        created_at: now,
        updated_at: now,
        ..Default::default()
    };
    let row = values.apply_to(row);
    let status = if must_wait(tx, caller, &row).await? { ListingStatus::Draft } else { ListingStatus::Published };
    let row = certification::Model { status, ..row };
    links.set(id, found);
    insert::<certification::Entity>(tx, vec![row.clone()]).await?;
    note_slug(tx, &row).await?;
    links.write(tx, &writer.ids).await?;
    let entry = entry(writer, Action::CertificationCreate, &issuer, &row, Some(ChangeKind::Published), None);
    let current = if writer.dry_run { None } else { dictionary::certification(tx, id).await? };
    Ok(MutationOutcome { current, errors, position: writer.log(tx, vec![entry]).await? })
}

/// Validation error for an issuer that has as many certifications as it may. Every process keeps all certifications in
/// memory, so a provider that nobody has approved gets few.
async fn check_limit(tx: &DatabaseTransaction, issuer: &provider::Model) -> Result<Option<ValidationError>> {
    let limit = if is_public(issuer) { MAX_CERTIFICATIONS } else { MAX_CERTIFICATIONS_UNAPPROVED };
    let issued = certification::Entity::find().filter(certification::Column::IssuerId.eq(issuer.id)).count(tx).await?;
    let rule = || format!("the issuer may have at most {limit} certifications");
    Ok((issued >= limit).then(|| ValidationError::of("input", ValidationCode::Limit, rule())))
}

/// Updates a certification. An update that changes nothing writes nothing.
#[tracing::instrument(level = "debug", skip_all)]
pub async fn update(
    db: &DatabaseConnection,
    writer: &Writer,
    caller: &Caller,
    update: CertificationUpdate<'_>,
) -> CertificationResult {
    as_writer(db, writer, async |tx| update_in_transaction(&tx, writer, caller, &update).await).await
}

async fn update_in_transaction(
    tx: &DatabaseTransaction,
    writer: &Writer,
    caller: &Caller,
    update: &CertificationUpdate<'_>,
) -> CertificationResult {
    let (issuer, before) = lock_certification(tx, caller, update.id).await?;
    let current = dictionary::certification(tx, update.id).await?;
    let at = vec!["input".to_owned()];
    let read = |reader: &mut InputReader<'_>| {
        (reader.optional("slug", text::slug), listing::patch(reader), NamedLinks::read(reader, &LINKS))
    };
    let ((slug, values, named), mut errors) = InputReader::read_at(update.fields, at.clone(), read);
    errors.extend(check_version(update.expected, before.version));
    let slug = slug.unwrap_or_else(|| before.slug.clone());
    let is_new = slugs::claim(tx, Target::Certification, update.id, &slug, &mut errors).await?;
    let mut links = LinkSet::load(tx, Target::Certification, &LINKS, &[update.id]).await?;
    let found = links.resolve(update.id, &named, &resolve_references(tx, &named).await?, &at, &mut errors);
    if !errors.is_empty() {
        return Ok(MutationOutcome::failure(current, errors));
    }
    let linked = links.set(update.id, found);
    let row = values.apply_to(certification::Model { slug, ..before.clone() });
    // A name that was agreed to stays agreed. A different name is checked like that of a new certification.
    let is_renamed = before.status != ListingStatus::Draft && skeleton(&before.name) != skeleton(&row.name);
    let waits = is_renamed && must_wait(tx, caller, &row).await?;
    let row = certification::Model { status: if waits { ListingStatus::Draft } else { row.status }, ..row };
    let Some(row) = next(&before, row, linked, writer.now()) else {
        return Ok(MutationOutcome { current, errors, position: None });
    };
    let changes = listing::changes(tx, &before, &row, &links).await?;
    let event = match row.status {
        _ if waits => ChangeKind::Withdrawn,
        ListingStatus::Draft | ListingStatus::Published | ListingStatus::Retired => ChangeKind::Updated,
    };
    let event = (waits || row.status != ListingStatus::Draft).then_some(event);
    let entry = Entry {
        event: event.filter(|_| issuer.status == ProviderStatus::Active),
        ..entry(writer, Action::CertificationUpdate, &issuer, &row, None, Some(changes))
    };
    if is_new {
        note_slug(tx, &row).await?;
    }
    save_next::<certification::Entity>(tx, vec![row]).await?;
    links.write(tx, &writer.ids).await?;
    // A dry run returns the certification unchanged.
    let current = if writer.dry_run { current } else { dictionary::certification(tx, update.id).await? };
    Ok(MutationOutcome { current, errors, position: writer.log(tx, vec![entry]).await? })
}

/// Returns the certification and its issuer. The issuer's row is locked, which protects all its certifications, since
/// every writer takes that lock first. Fails with NOT_FOUND if the caller may not see the issuer.
async fn lock_certification(
    tx: &DatabaseTransaction,
    caller: &Caller,
    id: i64,
) -> Result<(provider::Model, certification::Model)> {
    const OBJECT_NAME: &str = "certification";
    require_sign_in(caller)?;
    let row = || certification::Entity::find_by_id(id).one(tx);
    let issuer = row().await?.ok_or(AppError::NotFound(OBJECT_NAME))?.issuer_id;
    let is_draft = row().await?.is_some_and(|row| row.status == ListingStatus::Draft);
    let is_public = if is_draft { |_: &provider::Model| false } else { is_public };
    let issuer =
        authorize_and_lock_owner(tx, caller, Mutation::UpdateCertification, (OBJECT_NAME, issuer), is_public).await?;
    let row = row().await?.ok_or(AppError::NotFound(OBJECT_NAME))?;
    Ok((issuer, row))
}

async fn resolve_references(tx: &DatabaseTransaction, named: &NamedLinks) -> Result<References> {
    let mut mentions = Mentions::default();
    named.mention(&mut mentions);
    References::load(tx, mentions).await
}

async fn note_slug(tx: &DatabaseTransaction, row: &certification::Model) -> Result<()> {
    let slug = certification_slug::Model { slug: row.slug.clone(), certification_id: row.id };
    insert::<certification_slug::Entity>(tx, vec![slug]).await
}

/// Whether a certification of this name must wait until another issuer agrees. Staff need nobody's consent.
async fn must_wait(tx: &DatabaseTransaction, caller: &Caller, row: &certification::Model) -> Result<bool> {
    Ok(!caller.is_staff() && !namesakes::other_issuers(tx, row.issuer_id, &row.name).await?.is_empty())
}

/// Builds a change log entry. `event` is what the public sees, if it sees the certification.
pub(super) fn entry(
    writer: &Writer,
    action: Action,
    issuer: &provider::Model,
    row: &certification::Model,
    event: Option<ChangeKind>,
    fields: Option<Value>,
) -> Entry {
    Entry {
        actor: writer.actor.clone(),
        action,
        listing_type: ListingType::Certification,
        listing_id: row.id,
        slug: row.slug.clone(),
        provider_id: Some(issuer.id),
        event: event.filter(|_| is_seen(issuer, row.status)),
        fields,
    }
}
