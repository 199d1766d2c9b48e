//! Requests that write once however often they are sent: a caller's key stands for one request, and for its answer once
//! there is one. Does not belong here: HTTP, and which requests may carry a key.
//!
//! A claim is laid on the key in a transaction of its own before anything runs. The write then puts its position of the
//! log on the claim, in its own transaction: so after a crash it is known whether there was a write, and the request
//! runs again only where there was none.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use entity::idempotency::{Column, Entity, Model};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter};

use crate::error::{AppError, Result};

/// How long a key stands for its request.
const KEY_LIFETIME: TimeDelta = TimeDelta::hours(24);
/// After this a request that has no answer does not run any more: it has a deadline of ten seconds.
const CLAIM_TIMEOUT: TimeDelta = TimeDelta::seconds(30);
/// How long somebody waits for the answer to the same request, and how often they look.
const MAX_WAIT: Duration = Duration::from_secs(10);
const POLL_INTERVAL: Duration = Duration::from_millis(50);

/// A request's hold on its key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    caller: String,
    key: String,
    /// When it was laid: one that another request has taken for abandoned and laid anew is not this one any more.
    claimed_at: DateTime<Utc>,
}

/// What was answered.
#[derive(Clone, Debug)]
pub struct StoredResponse {
    /// The status.
    pub status: u16,
    /// The text.
    pub answer: String,
    /// The position of the log that the write reached, where there was one.
    pub position: Option<i64>,
}

/// What has become of a request with a key.
#[derive(Debug)]
pub enum ClaimResult {
    /// It is the first: it is to run, and its answer to be kept.
    First(Claim),
    /// It was answered before, like this.
    Again(StoredResponse),
    /// The key stands for another request.
    Other,
    /// The same request still runs elsewhere.
    Running,
    /// It was written, and its answer was lost in a crash.
    Lost,
}

/// Lays a claim on a key for the request with this hash.
pub async fn claim(
    db: &impl ConnectionTrait,
    now: DateTime<Utc>,
    caller: String,
    key: String,
    request: String,
) -> Result<ClaimResult> {
    Entity::delete_many().filter(Column::CreatedAt.lt(now - KEY_LIFETIME)).exec(db).await?;
    let claim = Claim { caller, key, claimed_at: now };
    let end = tokio::time::Instant::now() + MAX_WAIT;
    loop {
        if claim.insert(db, &request).await? {
            return Ok(ClaimResult::First(claim));
        }
        let Some(row) = Entity::find().filter(claim.key_condition()).one(db).await? else { continue };
        match row {
            Model { request: other, .. } if other != request => return Ok(ClaimResult::Other),
            Model { status: Some(status), answer: Some(answer), position, .. } => {
                let status = u16::try_from(status).unwrap_or(200);
                return Ok(ClaimResult::Again(StoredResponse { status, answer, position }));
            }
            Model { created_at, position, .. } if created_at < now - CLAIM_TIMEOUT => match position {
                Some(_) => return Ok(ClaimResult::Lost),
                None => claim.abandon(db, created_at).await?,
            },
            Model { .. } if tokio::time::Instant::now() >= end => return Ok(ClaimResult::Running),
            Model { .. } => tokio::time::sleep(POLL_INTERVAL).await,
        }
    }
}

impl Claim {
    async fn insert(&self, db: &impl ConnectionTrait, request: &str) -> Result<bool> {
        let row = Model {
            caller: self.caller.clone(),
            key: self.key.clone(),
            request: request.to_owned(),
            status: None,
            answer: None,
            position: None,
            created_at: self.claimed_at,
        };
        let taken = OnConflict::columns([Column::Caller, Column::Key]).do_nothing().to_owned();
        let row = row.into_active_model().reset_all();
        Ok(Entity::insert(row).on_conflict(taken).exec_without_returning(db).await? == 1)
    }

    fn key_condition(&self) -> Condition {
        Condition::all().add(Column::Caller.eq(&self.caller)).add(Column::Key.eq(&self.key))
    }

    fn claim_condition(&self) -> Condition {
        self.key_condition().add(Column::CreatedAt.eq(self.claimed_at))
    }

    /// Takes away the claim of a request that died, unless somebody else has done so meanwhile.
    async fn abandon(&self, db: &impl ConnectionTrait, claimed_at: DateTime<Utc>) -> Result<()> {
        let dead = self.key_condition().add(Column::CreatedAt.eq(claimed_at)).add(Column::Position.is_null());
        Entity::delete_many().filter(dead).exec(db).await?;
        Ok(())
    }

    /// Notes, in the transaction that writes, that there is a write.
    pub async fn record_position(&self, db: &impl ConnectionTrait, position: i64) -> Result<()> {
        let update = Entity::update_many().col_expr(Column::Position, Expr::value(position));
        match update.filter(self.claim_condition()).exec(db).await?.rows_affected {
            0 => Err(AppError::Conflict("another request has taken over the key".to_owned())),
            _ => Ok(()),
        }
    }

    /// Keeps the answer.
    pub async fn store_response(&self, db: &impl ConnectionTrait, status: u16, answer: &str) -> Result<()> {
        let update = Entity::update_many()
            .col_expr(Column::Status, Expr::value(i32::from(status)))
            .col_expr(Column::Answer, Expr::value(answer));
        update.filter(self.claim_condition()).exec(db).await?;
        Ok(())
    }

    /// Gives the key back where nothing was written: the request failed for reasons of ours and may be sent again.
    pub async fn release(&self, db: &impl ConnectionTrait) -> Result<()> {
        Entity::delete_many().filter(self.claim_condition().add(Column::Position.is_null())).exec(db).await?;
        Ok(())
    }
}
