//! Rows by their ids.

use std::collections::HashMap;

use entity::*;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use crate::database::in_ids;
use crate::error::Result;

/// A table whose primary key is an id.
pub trait Keyed: EntityTrait {
    /// The column of the id.
    const ID: Self::Column;

    /// The id of a row.
    fn id(row: &Self::Model) -> i64;
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

keyed! { source, subject, skill, career, career_level, provider, certification, statistic, course, offering }

/// The rows of these ids.
pub async fn rows<E: Keyed>(
    db: &impl ConnectionTrait,
    ids: impl IntoIterator<Item = i64>,
) -> Result<HashMap<i64, E::Model>> {
    let found = E::find().filter(in_ids(db, E::ID.as_column_ref(), ids)).all(db).await?;
    Ok(found.into_iter().map(|row| (E::id(&row), row)).collect())
}
