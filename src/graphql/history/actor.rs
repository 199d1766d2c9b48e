//! Names of actors in the log. The log stores row IDs, because names change and accounts are deleted. One statement
//! loads the names for all entries of a response.

use std::collections::HashMap;

use async_graphql::Context;
use async_graphql::dataloader::Loader;
use catalog::database::{ids_parameter, ids_value};
use catalog::error::{AppError, Result};
use sea_orm::{ConnectionTrait, FromQueryResult, Statement};

use crate::graphql::loaders::{Load, Rows};

/// Actor that has a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Actor {
    Account(i64),
    Token(i64),
}

impl Actor {
    /// Parses what `Caller::name` wrote; `None` for a command.
    fn parse(text: &str) -> Option<Self> {
        let (kind, id) = text.split_once(':')?;
        let id = id.parse().ok()?;
        match kind {
            "account" => Some(Actor::Account(id)),
            "service-token" => Some(Actor::Token(id)),
            _ => None,
        }
    }
}

/// Display name of an actor in the log.
pub async fn name_of(ctx: &Context<'_>, actor: &str) -> Result<String> {
    let Some(known) = Actor::parse(actor) else { return Ok(format!("the catalogue's operators ({actor})")) };
    let gone = match known {
        Actor::Account(_) => "somebody whose account is deleted",
        Actor::Token(_) => "a service token that is gone",
    };
    Ok(ctx.load(known).await?.unwrap_or_else(|| gone.to_owned()))
}

#[derive(FromQueryResult)]
struct Name {
    is_account: bool,
    id: i64,
    name: String,
}

#[async_graphql::async_trait::async_trait]
impl Loader<Actor> for Rows {
    type Value = String;
    type Error = AppError;

    async fn load(&self, keys: &[Actor]) -> Result<HashMap<Actor, String>> {
        let accounts = keys.iter().filter_map(|key| if let Actor::Account(id) = key { Some(*id) } else { None });
        let tokens = keys.iter().filter_map(|key| if let Actor::Token(id) = key { Some(*id) } else { None });
        let backend = self.0.get_database_backend();
        let sql = format!(
            "select true as is_account, id, display_name as name from account where id {} \
             union all select false, id, name from service_token where id {}",
            ids_parameter(backend, 1),
            ids_parameter(backend, 2),
        );
        let values = [ids_value(backend, accounts.collect()), ids_value(backend, tokens.collect())];
        let rows = Name::find_by_statement(Statement::from_sql_and_values(backend, sql, values)).all(&self.0).await?;
        let actor = |row: &Name| if row.is_account { Actor::Account(row.id) } else { Actor::Token(row.id) };
        Ok(rows.into_iter().map(|row| (actor(&row), row.name)).collect())
    }
}
