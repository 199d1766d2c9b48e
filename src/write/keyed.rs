//! Rows by their ids.

use std::collections::HashMap;

use entity::*;
use sea_orm::sea_query::LockType;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, EntityTrait, IntoActiveModel,
    QueryFilter, QueryOrder, QuerySelect,
};

use crate::database::in_ids;
use crate::error::Result;

/// A table whose primary key is an id.
pub trait Keyed: EntityTrait {
    /// The column of the id.
    const ID: Self::Column;

    /// The id of a row.
    fn id(row: &Self::Model) -> i64;
}

/// A table whose rows count their versions and belong to an owner for good.
pub trait Versioned: EntityTrait {
    /// The column of the version, which rises by one with every change.
    const VERSION: Self::Column;
    /// The column of the owner.
    const OWNER: Self::Column;
}

impl Versioned for course::Entity {
    const VERSION: course::Column = course::Column::Version;
    const OWNER: course::Column = course::Column::ProviderId;
}

impl Versioned for offering::Entity {
    const VERSION: offering::Column = offering::Column::Version;
    const OWNER: offering::Column = offering::Column::CourseId;
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

/// The rows of these ids.
pub async fn rows<E: Keyed>(
    db: &impl ConnectionTrait,
    ids: impl IntoIterator<Item = i64>,
) -> Result<HashMap<i64, E::Model>> {
    let found = E::find().filter(in_ids(db, E::ID.as_column_ref(), ids)).all(db).await?;
    Ok(found.into_iter().map(|row| (E::id(&row), row)).collect())
}

/// The same, held until the transaction ends: what takes their place takes that of what was read.
pub async fn held_rows<E: Keyed>(
    tx: &DatabaseTransaction,
    ids: impl IntoIterator<Item = i64>,
) -> Result<HashMap<i64, E::Model>> {
    // In one order, so that no two transactions wait for each other.
    let rows = E::find().filter(in_ids(tx, E::ID.as_column_ref(), ids)).order_by_asc(E::ID);
    let found = rows.lock(LockType::NoKeyUpdate).all(tx).await?;
    Ok(found.into_iter().map(|row| (E::id(&row), row)).collect())
}

/// Puts a row in the place of the one with its id, if that still meets the condition; whether it did.
pub async fn replace<E>(db: &impl ConnectionTrait, row: E::Model, condition: Condition) -> Result<bool>
where
    E: Keyed,
    E::Model: IntoActiveModel<E::ActiveModel>,
    E::ActiveModel: ActiveModelTrait<Entity = E> + Send,
{
    let id = E::id(&row);
    let mut row = row.into_active_model().reset_all();
    row.not_set(E::ID);
    let done = E::update_many().set(row).filter(E::ID.eq(id)).filter(condition).exec(db).await?;
    Ok(done.rows_affected == 1)
}
