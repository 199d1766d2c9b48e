//! Updates to a provider's listing by its members, its service tokens and staff.

use entity::{ChangeKind, ProviderStatus, provider, provider_slug};
use sea_orm::{DatabaseConnection, DatabaseTransaction};

use super::{ProviderResult, authorize_and_lock_provider, entry, is_public, rename};
use crate::auth::{Caller, Mutation};
use crate::changelog::{Action, Entry};
use crate::dictionary;
use crate::error::Result;
use crate::input::{Fields, InputReader, text};
use crate::provider::Details;
use crate::provider::listing::{ValidatedProvider, compare, next};
use crate::write::{MutationOutcome, Target, Writer, as_writer, check_version, insert, save_next, slugs};

/// Update of a provider's listing.
pub struct ProviderUpdate<'a> {
    /// ID of the provider.
    pub id: i64,
    /// Version that the caller has read.
    pub expected: i32,
    /// Changes to make.
    pub fields: &'a Fields,
}

/// Updates a provider's listing. An update that changes nothing writes nothing.
#[tracing::instrument(level = "debug", skip_all)]
pub async fn update(
    db: &DatabaseConnection,
    writer: &Writer,
    caller: &Caller,
    update: ProviderUpdate<'_>,
) -> ProviderResult {
    as_writer(db, writer, async |tx| update_in_transaction(&tx, writer, caller, &update).await).await
}

async fn update_in_transaction(
    tx: &DatabaseTransaction,
    writer: &Writer,
    caller: &Caller,
    update: &ProviderUpdate<'_>,
) -> ProviderResult {
    let before = authorize_and_lock_provider(tx, caller, Mutation::UpdateProvider, update.id).await?;
    let current = dictionary::provider(tx, update.id).await?;
    let read = |reader: &mut InputReader<'_>| (reader.optional("slug", text::slug), ValidatedProvider::patch(reader));
    let ((slug, values), mut errors) = InputReader::read_at(update.fields, vec!["input".to_owned()], read);
    errors.extend(check_version(update.expected, before.version));
    let requested_slug = slug.clone().unwrap_or_else(|| before.slug.clone());
    let is_new = slugs::claim(tx, Target::Provider, update.id, &requested_slug, &mut errors).await?;
    if !errors.is_empty() {
        return Ok(MutationOutcome::failure(current, errors));
    }
    let names = Names { is_new, waits: is_public(&before) && !caller.is_staff() };
    let entries = write(tx, writer, &before, (slug, values), names).await?;
    // A dry run returns the provider unchanged.
    let current = if writer.dry_run { current } else { dictionary::provider(tx, update.id).await? };
    let position = writer.log(tx, entries).await?;
    Ok(MutationOutcome { current, errors, position })
}

/// Facts about the name and slug in an input.
#[derive(Clone, Copy)]
struct Names {
    /// Whether the provider has never had this slug before.
    is_new: bool,
    /// Whether they wait for a decision by staff.
    waits: bool,
}

/// Writes the difference and returns the change log entries.
async fn write(
    tx: &DatabaseTransaction,
    writer: &Writer,
    before: &provider::Model,
    (mut slug, mut values): (Option<String>, ValidatedProvider),
    names: Names,
) -> Result<Vec<Entry>> {
    let waiting = rename::find_request(tx, before.id).await?;
    let is_named = slug.is_some() || values.name().is_some();
    let wanted = match (names.waits, is_named) {
        (true, true) => {
            let name = values.name().map(str::to_owned);
            values.columns.leave("name");
            rename::next_request(before, waiting.as_ref(), (name, slug.take()), writer)
        }
        (true, false) => waiting.clone(),
        // A name set by staff settles any pending request.
        (false, _) => waiting.clone().filter(|_| !is_named),
    };
    let mut details = Details::load(tx, &[before.id]).await?;
    let more = details.set(before.id, &values);
    let row = values
        .columns
        .apply_to(provider::Model { slug: slug.unwrap_or_else(|| before.slug.clone()), ..before.clone() });
    let is_shown = more || *before != row;
    let is_asked = wanted != waiting;
    let Some(row) = next(before, row, more || is_asked, writer.now()) else { return Ok(Vec::new()) };
    if names.is_new && row.slug != before.slug {
        let slug = provider_slug::Model { slug: row.slug.clone(), provider_id: row.id };
        insert::<provider_slug::Entity>(tx, vec![slug]).await?;
    }
    let mut difference = compare(before, &row);
    details.compare(row.id, &mut difference);
    difference.record("nameRequest", rename::to_log_value(waiting.as_ref()), rename::to_log_value(wanted.as_ref()));
    let entry = Entry {
        event: (is_shown && row.status == ProviderStatus::Active).then_some(ChangeKind::Updated),
        fields: Some(difference.into()),
        ..entry(writer, Action::ProviderUpdate, &row)
    };
    if is_asked {
        rename::store_request(tx, before.id, wanted).await?;
    }
    save_next::<provider::Entity>(tx, vec![row]).await?;
    details.write(tx).await?;
    Ok(vec![entry])
}
