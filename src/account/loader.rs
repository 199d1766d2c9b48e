//! Loading accounts: one statement for all that a request asks for.

use std::collections::HashMap;

use async_graphql::dataloader::Loader;
use entity::account;
use sea_orm::{EntityTrait, QueryFilter};

use super::types::Account;
use crate::database::in_ids;
use crate::error::{AppError, Result};
use crate::graphql::loaders::Rows;

/// The row of an account. Whether the caller may see it is for whoever asks to say.
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
