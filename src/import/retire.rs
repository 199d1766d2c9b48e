//! Retires the courses that a complete feed no longer contains. Drafts stay as they are, and so do courses without a
//! key: they were created by hand and never part of a feed.

use entity::ListingStatus;
use entity::course::{self, Column};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select};

use super::{Import, ROWS, Totals};
use crate::course::write::{self, Turn};
use crate::database::in_ids;
use crate::error::Result;
use crate::input::{ValidationCode, ValidationError};
use crate::write::as_writer;

/// Number of courses checked per statement.
const PAGE: u64 = 5_000;
/// Reason recorded for the retirement.
const REASON: &str = "no longer in the provider's feed";

/// Retires the published courses that the feed does not contain, unless there are too many.
pub(super) async fn missing(import: &Import<'_>, at_most: f64, totals: Totals) -> Result<Totals> {
    if import.keys.without() > 0 {
        let rule = format!(
            "nothing was retired: {} rows have no key that can be read, so what the feed no longer holds is not known",
            import.keys.without()
        );
        return Ok(Totals { kept: Some(ValidationError::of("missing", ValidationCode::Invalid, rule)), ..totals });
    }
    let (ids, published) = (find(import).await?, import.published);
    if ids.len() as f64 > at_most * published as f64 {
        let rule = format!(
            "nothing was retired: the feed no longer holds {} of the {published} courses that were published before, and \
             retireAtMost is {at_most}",
            ids.len()
        );
        return Ok(Totals { kept: Some(ValidationError::of("missing", ValidationCode::Limit, rule)), ..totals });
    }
    retire(import, &ids, totals).await
}

async fn retire(import: &Import<'_>, ids: &[i64], mut totals: Totals) -> Result<Totals> {
    let (job, turn) = (import.job(), Turn::Retire(Some(REASON.to_owned())));
    for ids in ids.chunks(ROWS) {
        let _turn = import.turn().await?;
        let turned = as_writer(import.db, import.writer, async |tx| {
            import.permit(&tx).await?;
            let there = published(import.options.provider).filter(in_ids(
                &*tx,
                Column::Id.as_column_ref(),
                ids.iter().copied(),
            ));
            let there: Vec<i64> = there.select_only().column(Column::Id).into_tuple().all(&*tx).await?;
            write::turn(&tx, &job, &there, &turn).await
        });
        let turned = turned.await?;
        totals.retired += turned.outcomes.len() as u64;
        totals.position = turned.position.or(totals.position);
    }
    Ok(totals)
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
        .limit(PAGE);
    let with_key = with_key.select_only().columns([Column::Id, Column::ExternalKey]);
    let (mut missing, mut after) = (Vec::new(), 0);
    loop {
        let page: Vec<(i64, String)> =
            with_key.clone().filter(Column::Id.gt(after)).into_tuple().all(import.db).await?;
        let Some((last, _)) = page.last() else { return Ok(missing) };
        after = *last;
        missing.extend(page.iter().filter(|(_, key)| !import.keys.hold(key)).map(|(id, _)| *id));
    }
}
