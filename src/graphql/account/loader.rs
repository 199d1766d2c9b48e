//! Loads accounts, with one statement for all that a request needs.

use std::collections::HashMap;

use async_graphql::dataloader::Loader;
use catalog::database::in_ids;
use catalog::error::{AppError, Result};
use entity::account;
use sea_orm::{EntityTrait, QueryFilter};

use super::types::Account;
use crate::graphql::loaders::Rows;

/// ID of an account to load. The caller of the loader checks whether it may be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct AccountId(pub i64);

impl Loader<AccountId> for Rows {
    type Value = Account;
    type Error = AppError;

    async fn load(&self, keys: &[AccountId]) -> Result<HashMap<AccountId, Account>> {
        let condition = in_ids(&self.0, (account::Entity, account::Column::Id), keys.iter().map(|key| key.0));
        let rows = account::Entity::find().filter(condition).all(&self.0).await?;
        Ok(rows.into_iter().map(|row| (AccountId(row.id), Account(row))).collect())
    }
}
