//! Certifications of different issuers with the same name. If another issuer already has a certification of that name, the new one stays a
//! draft until that issuer or staff agree.

use std::collections::HashSet;

use entity::{ListingStatus, certification, provider};
use sea_orm::{ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, QuerySelect, QueryTrait};

use super::service::PUBLIC;
use crate::error::Result;
use crate::resemblance::skeleton;
use crate::write::{Lock, lock};

/// Returns the other issuers that have a public certification whose name equals or resembles this one. Locks the names
/// of all certifications until the commit.
pub async fn other_issuers(tx: &DatabaseTransaction, issuer: i64, name: &str) -> Result<HashSet<i64>> {
    lock(tx, Lock::CertificationNames).await?;
    let wanted = skeleton(name);
    let others = established(tx, issuer).await?.into_iter();
    Ok(others.filter(|(_, name)| skeleton(name) == wanted).map(|(issuer, _)| issuer).collect())
}

/// Returns the issuer's published or retired certifications whose names other issuers have. They become drafts when the
/// issuer becomes public.
pub async fn of_issuer(tx: &DatabaseTransaction, issuer: i64) -> Result<Vec<certification::Model>> {
    lock(tx, Lock::CertificationNames).await?;
    use certification::Column;
    let own = certification::Entity::find().filter(Column::IssuerId.eq(issuer));
    let own = own.filter(Column::Status.ne(ListingStatus::Draft)).all(tx).await?;
    if own.is_empty() {
        return Ok(own);
    }
    let taken: HashSet<String> = established(tx, issuer).await?.iter().map(|(_, name)| skeleton(name)).collect();
    Ok(own.into_iter().filter(|row| taken.contains(&skeleton(&row.name))).collect())
}

/// Returns issuer and name of the public certifications of other issuers.
async fn established(db: &impl ConnectionTrait, issuer: i64) -> Result<Vec<(i64, String)>> {
    use certification::Column;
    let public = provider::Entity::find().select_only().column(provider::Column::Id);
    let public = public.filter(provider::Column::Status.is_in(PUBLIC)).into_query();
    let others = certification::Entity::find().select_only().columns([Column::IssuerId, Column::Name]);
    let others = others.filter(Column::Status.ne(ListingStatus::Draft)).filter(Column::IssuerId.ne(issuer));
    Ok(others.filter(Column::IssuerId.in_subquery(public)).into_tuple().all(db).await?)
}
