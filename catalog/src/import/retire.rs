//! Retires the courses that a complete feed no longer contains. Drafts stay as they are, and so do courses without a
//! key: they were created by hand and never part of a feed.

use entity::ListingStatus;
use entity::course::{self, Column};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select};

use super::{FieldChange, Import, ImportReport, ROWS_PER_TRANSACTION};
use crate::course::write::{self, StatusTransition};
use crate::database::in_ids;
use crate::error::Result;
use crate::input::{ValidationCode, ValidationError};
use crate::write::as_writer;

/// Number of courses checked per statement.
const COURSES_PER_PAGE: u64 = 5_000;
/// Reason recorded for the retirement.
const RETIRE_REASON: &str = "no longer in the provider's feed";

/// Retires the published courses that the feed does not contain, unless there are too many.
pub(super) async fn missing(import: &Import<'_>, at_most: f64, report: ImportReport) -> Result<ImportReport> {
    let without = import.keys.without;
    if without > 0 {
        let rule = format!(
            "nothing was retired: {without} rows have no key that can be read, so what the feed no longer holds is not \
             known"
        );
        return Ok(refused(report, ValidationCode::Invalid, rule));
    }
    let (ids, published) = (find(import).await?, import.published);
    if ids.len() as f64 > at_most * published as f64 {
        let rule = format!(
            "nothing was retired: the feed no longer holds {} of the {published} courses that were published before, and \
             retireAtMost is {at_most}",
            ids.len()
        );
        return Ok(refused(report, ValidationCode::Limit, rule));
    }
    retire(import, &ids, report).await
}

fn refused(report: ImportReport, code: ValidationCode, rule: String) -> ImportReport {
    ImportReport { retire_error: Some(ValidationError::of("missing", code, rule)), ..report }
}

async fn retire(import: &Import<'_>, ids: &[i64], mut report: ImportReport) -> Result<ImportReport> {
    let (options, transition) = (import.write_options(), StatusTransition::Retire(Some(RETIRE_REASON.to_owned())));
    for ids in ids.chunks(ROWS_PER_TRANSACTION) {
        let _permit = import.acquire_batch().await?;
        let written = as_writer(import.db, import.writer, async |tx| {
            import.authorize(&tx).await?;
            let stored = published(import.options.provider).filter(in_ids(
                &*tx,
                Column::Id.as_column_ref(),
                ids.iter().copied(),
            ));
            let stored = stored.select_only().columns([Column::Id, Column::ExternalKey]);
            let stored: Vec<(i64, Option<String>)> = stored.into_tuple().all(&*tx).await?;
            let (ids, keys): (Vec<i64>, Vec<Option<String>>) = stored.into_iter().unzip();
            Ok((write::change_status(&tx, &options, &ids, &transition).await?, ids, keys))
        });
        let (written, ids, keys) = written.await?;
        for (key, changes) in keys.iter().zip(&ids).filter_map(|(key, id)| Some((key, written.changes.get(id)?))) {
            report.changes.add(key.as_deref().unwrap_or_default(), &FieldChange::all(changes));
        }
        report.retired += written.results.len() as u64;
        report.position = written.position.or(report.position);
    }
    Ok(report)
}

/// Published courses of a provider.
pub(super) fn published(provider: i64) -> Select<course::Entity> {
    course::Entity::find().filter(Column::ProviderId.eq(provider)).filter(Column::Status.eq(ListingStatus::Published))
}

/// Row IDs of the published courses that the feed does not contain.
async fn find(import: &Import<'_>) -> Result<Vec<i64>> {
    let with_key = published(import.options.provider)
        .filter(Column::ExternalKey.is_not_null())
        .order_by_asc(Column::Id)
        .limit(COURSES_PER_PAGE);
    let with_key = with_key.select_only().columns([Column::Id, Column::ExternalKey]);
    let (mut missing, mut after) = (Vec::new(), 0);
    loop {
        let page: Vec<(i64, String)> =
            with_key.clone().filter(Column::Id.gt(after)).into_tuple().all(import.db).await?;
        let Some((last, _)) = page.last() else { return Ok(missing) };
        after = *last;
        missing.extend(page.iter().filter(|(_, key)| !import.keys.contains(key)).map(|(id, _)| *id));
    }
}
