//! Rows by their IDs.

use std::collections::HashMap;

use entity::*;
use sea_orm::sea_query::LockType;
use sea_orm::{ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::database::in_ids;
use crate::error::Result;

/// Table whose primary key is an ID.
pub trait Keyed: EntityTrait {
    /// Column of the ID.
    const ID: Self::Column;

    /// ID of a row.
    fn id(row: &Self::Model) -> i64;
}

/// Table whose rows have a version and a permanent owner.
pub trait Versioned: EntityTrait {
    /// Column of the version, incremented by every change.
    const VERSION: Self::Column;
    /// Column of the owner.
    const OWNER: Self::Column;
}

macro_rules! versioned {
    ($($module:ident of $owner:ident),+) => {$(
        impl Versioned for $module::Entity {
            const VERSION: $module::Column = $module::Column::Version;
            const OWNER: $module::Column = $module::Column::$owner;
        }
    )+};
}

versioned! {
    course of ProviderId, provider of Id, certification of IssuerId, outcome_report of CourseId, offering of CourseId
}

macro_rules! keyed {
    ($($module:ident),+) => {$(
        impl Keyed for $module::Entity {
            const ID: $module::Column = $module::Column::Id;

            fn id(row: &$module::Model) -> i64 {
                row.id
            }
        }
    )+};
}

keyed! {
    source, subject, skill, career, career_level, provider, certification, statistic, course, offering, outcome_report, review
}

/// Loads the rows with these IDs.
pub async fn rows<E: Keyed>(
    db: &impl ConnectionTrait,
    ids: impl IntoIterator<Item = i64>,
) -> Result<HashMap<i64, E::Model>> {
    let found = E::find().filter(in_ids(db, E::ID.as_column_ref(), ids)).all(db).await?;
    Ok(found.into_iter().map(|row| (E::id(&row), row)).collect())
}

/// Like `rows`, but locks them until the transaction ends, so that an update replaces exactly what was read.
pub async fn lock_rows<E: Keyed>(
    tx: &DatabaseTransaction,
    ids: impl IntoIterator<Item = i64>,
) -> Result<HashMap<i64, E::Model>> {
    // Locked in a fixed order, so that transactions cannot deadlock.
    let rows = E::find().filter(in_ids(tx, E::ID.as_column_ref(), ids)).order_by_asc(E::ID);
    let found = rows.lock(LockType::NoKeyUpdate).all(tx).await?;
    Ok(found.into_iter().map(|row| (E::id(&row), row)).collect())
}
