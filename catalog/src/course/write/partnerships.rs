//! Partnerships of a batch: naming another provider is a proposal until that provider accepts it.

use std::collections::{BTreeSet, HashMap, HashSet};

use entity::{PartnershipStatus, course, partnership};
use sea_orm::{ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, QuerySelect};

use super::WriteOptions;
use super::history::Edit;
use crate::database::in_ids;
use crate::error::Result;
use crate::write::{LinkSet, insert};

/// Creates the partnerships that the links of these courses need, and deletes those that are no longer needed. A
/// declined partnership stays, so that naming the provider again does not propose it again.
pub(super) async fn write(
    tx: &DatabaseTransaction,
    options: &WriteOptions<'_>,
    edits: &[Edit],
    links: &LinkSet,
) -> Result<()> {
    let is_changed = |course: &i64| links.is_changed(*course, "partners") || links.is_changed(*course, "units");
    let courses: Vec<i64> = edits.iter().map(|edit| edit.after.id).filter(is_changed).collect();
    if courses.is_empty() {
        return Ok(());
    }
    let needed = needed(tx, options.provider, &courses, links).await?;
    let there = partnership::Entity::find().filter(in_ids(tx, partnership::Column::CourseId, courses)).all(tx).await?;
    let known: HashSet<(i64, i64)> = there.iter().map(|row| (row.course_id, row.provider_id)).collect();
    let is_over = |row: &&partnership::Model| {
        row.status != PartnershipStatus::Declined && !needed.contains(&(row.course_id, row.provider_id))
    };
    remove(tx, there.iter().filter(is_over).map(|row| row.id).collect()).await?;
    let new = needed.into_iter().filter(|pair| !known.contains(pair)).map(|pair| row(options, pair));
    insert::<partnership::Entity>(tx, new.collect()).await
}

/// Pairs of a course and a provider whose consent it needs: its partners, and the providers of its units.
async fn needed(tx: &DatabaseTransaction, own: i64, courses: &[i64], links: &LinkSet) -> Result<BTreeSet<(i64, i64)>> {
    let units: BTreeSet<i64> = courses.iter().flat_map(|course| links.after(*course, "units")).copied().collect();
    let owners = owners(tx, units).await?;
    let mut needed = BTreeSet::new();
    for course in courses {
        let of_units = links.after(*course, "units").iter().filter_map(|unit| owners.get(unit));
        let providers = links.after(*course, "partners").iter().chain(of_units);
        needed.extend(providers.filter(|provider| **provider != own).map(|provider| (*course, *provider)));
    }
    Ok(needed)
}

async fn owners(tx: &impl ConnectionTrait, courses: BTreeSet<i64>) -> Result<HashMap<i64, i64>> {
    use course::Column;
    if courses.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = course::Entity::find().select_only().columns([Column::Id, Column::ProviderId]);
    let rows: Vec<(i64, i64)> = rows.filter(in_ids(tx, Column::Id, courses)).into_tuple().all(tx).await?;
    Ok(rows.into_iter().collect())
}

async fn remove(tx: &DatabaseTransaction, ids: Vec<i64>) -> Result<()> {
    if !ids.is_empty() {
        let over = in_ids(tx, partnership::Column::Id, ids);
        partnership::Entity::delete_many().filter(over).exec(tx).await?;
    }
    Ok(())
}

fn row(options: &WriteOptions<'_>, (course_id, provider_id): (i64, i64)) -> partnership::Model {
    let status = if options.agrees { PartnershipStatus::Accepted } else { PartnershipStatus::Proposed };
    let created_at = options.writer.now();
    let decided_at = options.agrees.then_some(created_at);
    partnership::Model { id: options.writer.ids.next(), course_id, provider_id, status, created_at, decided_at }
}
