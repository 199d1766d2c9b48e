//! Changing a provider's listing: its members do, and staff.

use entity::{ChangeKind, ProviderStatus, provider, provider_slug};
use sea_orm::{DatabaseConnection, DatabaseTransaction};

use super::{Written, entry, held, put_over};
use crate::auth::Caller;
use crate::changelog::Entry;
use crate::dictionary;
use crate::error::Result;
use crate::form::{Fields, Form, text};
use crate::provider::Details;
use crate::provider::draft::{Draft, next};
use crate::provider::fields::changes;
use crate::write::{Saved, Target, Writer, as_writer, insert, slugs, stale};

/// A change of a provider's listing.
pub struct Patch<'a> {
    /// Which provider.
    pub id: i64,
    /// The version that the caller has read.
    pub expected: i32,
    /// What is to be changed.
    pub fields: &'a Fields,
}

/// Changes a provider's listing. A patch that says what is there already writes nothing.
pub async fn update(db: &DatabaseConnection, writer: &Writer, caller: &Caller, patch: Patch<'_>) -> Written {
    as_writer(db, writer, async |tx| updated(&tx, writer, caller, &patch).await).await
}

async fn updated(tx: &DatabaseTransaction, writer: &Writer, caller: &Caller, patch: &Patch<'_>) -> Written {
    let before = held(tx, caller, "updateProvider", patch.id).await?;
    let now = dictionary::provider(tx, patch.id).await?;
    let read = |form: &mut Form<'_>| (form.kept("slug", text::slug), Draft::patch(form));
    let ((slug, draft), mut faults) = Form::read_at(patch.fields, vec!["input".to_owned()], read);
    faults.extend(stale(patch.expected, before.version));
    let slug = slug.unwrap_or_else(|| before.slug.clone());
    let is_new = slugs::claim(tx, Target::Provider, patch.id, &slug, &mut faults).await?;
    if !faults.is_empty() {
        return Ok(Saved::refused(now, faults));
    }
    if is_new {
        let slug = provider_slug::Model { slug: slug.clone(), provider_id: patch.id };
        insert::<provider_slug::Entity>(tx, vec![slug]).await?;
    }
    let entries = write(tx, writer, &before, slug, draft).await?;
    // What was only tried out leaves the provider as it is.
    let now = if writer.dry_run { now } else { dictionary::provider(tx, patch.id).await? };
    let position = writer.log(tx, entries).await?;
    Ok(Saved { now, faults, position })
}

/// Writes the difference, and gives what the log is to say of it.
async fn write(
    tx: &DatabaseTransaction,
    writer: &Writer,
    before: &provider::Model,
    slug: String,
    mut draft: Draft,
) -> Result<Vec<Entry>> {
    let mut details = Details::load(tx, &[before.id]).await?;
    let more = details.want(before.id, std::mem::take(&mut draft.details));
    let row = draft.over(provider::Model { slug, ..before.clone() });
    let Some(row) = next(before, row, more, writer.now()) else { return Ok(Vec::new()) };
    let entry = Entry {
        event: (row.status == ProviderStatus::Active).then_some(ChangeKind::Updated),
        fields: Some(changes(before, &row, &details)),
        ..entry(writer, "provider.update", &row)
    };
    put_over(tx, before, row).await?;
    details.write(tx).await?;
    Ok(vec![entry])
}
