//! Rows that belong to one owner and are replaced as a whole: awards, locations, titles and the like.

use std::collections::{BTreeMap, HashMap};

use sea_orm::{ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter};

use crate::database::in_ids;
use crate::dictionary::grouped;
use crate::error::Result;

/// Table whose rows belong to one owner.
pub trait Child: EntityTrait {
    /// Column of the owner.
    const OWNER: Self::Column;

    /// Owner of a row.
    fn owner(row: &Self::Model) -> i64;
}

/// Rows of one owner before and after.
pub type Change<'a, M> = (&'a [M], &'a [M]);

/// Rows of some owners in one table: the current and the wanted ones.
pub struct Children<E: Child> {
    before: HashMap<i64, Vec<E::Model>>,
    after: BTreeMap<i64, Vec<E::Model>>,
}

impl<E> Children<E>
where
    E: Child,
    E::Model: IntoActiveModel<E::ActiveModel> + PartialEq + Clone,
    E::ActiveModel: ActiveModelTrait<Entity = E> + Send,
{
    /// Loads the rows of owners that may have some.
    pub async fn load(db: &impl ConnectionTrait, owners: &[i64]) -> Result<Self> {
        let mut before = HashMap::new();
        if !owners.is_empty() {
            let owned = E::find().filter(in_ids(db, E::OWNER.as_column_ref(), owners.iter().copied()));
            before = grouped(owned.all(db).await?.into_iter().map(|row| (E::owner(&row), row)));
        }
        Ok(Self { before, after: BTreeMap::new() })
    }

    /// Sets the wanted rows of an owner. Returns whether that is a change. Each row contains its position, so the order
    /// of the current rows does not matter.
    pub fn set(&mut self, owner: i64, rows: Vec<E::Model>) -> bool {
        let before = self.before(owner);
        let changed = before.len() != rows.len() || !rows.iter().all(|row| before.contains(row));
        if changed {
            self.after.insert(owner, rows);
        }
        changed
    }

    /// Current rows of an owner.
    pub fn before(&self, owner: i64) -> &[E::Model] {
        self.before.get(&owner).map_or(&[], Vec::as_slice)
    }

    /// Current and wanted rows of an owner, if they differ.
    pub fn change(&self, owner: i64) -> Option<Change<'_, E::Model>> {
        self.after.get(&owner).map(|after| (self.before(owner), after.as_slice()))
    }

    /// Writes the changes: deletes the rows of the changed owners and inserts the wanted ones.
    pub async fn write(self, db: &impl ConnectionTrait) -> Result<()> {
        let owners: Vec<i64> = self.after.keys().copied().filter(|owner| self.before.contains_key(owner)).collect();
        if !owners.is_empty() {
            E::delete_many().filter(in_ids(db, E::OWNER.as_column_ref(), owners)).exec(db).await?;
        }
        super::insert::<E>(db, self.after.into_values().flatten().collect()).await
    }
}
