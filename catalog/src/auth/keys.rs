//! Keys that sign access tokens. They are stored in the database, so that all processes of a catalogue share them and a
//! new key needs no restart. The newest key that is not retired signs.

use std::collections::HashMap;
use std::sync::Arc;

use arc_swap::ArcSwap;
use chrono::{DateTime, TimeDelta, Utc};
use entity::signing_key::{self, Column};
use jsonwebtoken::jwk::JwkSet;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, DatabaseConnection, EntityTrait, QueryFilter, QueryOrder};
use tokio::sync::Mutex;

use super::key::{Key, KeyAlgorithm, RETIRED_KEY_LIFETIME};
use crate::clock::Clock;
use crate::database::{Database, ReadPool};
use crate::error::{AppError, Result};
use crate::write::{in_transaction, insert};

/// Maximum time until a process learns of a new key.
const MAX_KEY_AGE: TimeDelta = TimeDelta::minutes(1);
/// Minimum interval between reads because of unknown keys, since anyone can send tokens that name one.
const MIN_READ_INTERVAL: TimeDelta = TimeDelta::seconds(1);

/// All keys that verify tokens.
pub struct Keys {
    db: ReadPool,
    clock: Arc<dyn Clock>,
    ring: ArcSwap<KeyRing>,
    last_read: Mutex<LastRead>,
}

/// Time of the last read, and whether it failed.
struct LastRead {
    at: DateTime<Utc>,
    failed: bool,
}

struct KeyRing {
    signing: Arc<Key>,
    keys: HashMap<String, Arc<Key>>,
}

impl Keys {
    /// Opens the keys of a catalogue. Creates the first key if there is none.
    pub async fn open(database: &Database, clock: Arc<dyn Clock>) -> Result<Self> {
        let db = database.primary.clone();
        let last_read = Mutex::new(LastRead { at: clock.now(), failed: false });
        let ring = match KeyRing::load(&db).await? {
            Some(ring) => ring,
            None => {
                // If two processes create the first key at the same moment, there are two keys, and both verify.
                rotate(&database.write, clock.now(), KeyAlgorithm::EdDsa).await?;
                KeyRing::load(&db).await?.ok_or_else(|| AppError::internal("there is no signing key"))?
            }
        };
        Ok(Self { db, clock, ring: ArcSwap::from_pointee(ring), last_read })
    }

    /// Returns the key that signs. If the database is unavailable, this is the last known one.
    pub async fn signing(&self) -> Arc<Key> {
        if let Err(error) = self.refresh(MAX_KEY_AGE).await {
            tracing::warn!(cause = error.cause(), "the signing keys cannot be read again");
        }
        self.ring.load().signing.clone()
    }

    /// Returns the key with this ID, including one that another process has just created.
    pub async fn find(&self, kid: &str) -> Result<Option<Arc<Key>>> {
        if !self.ring.load().keys.contains_key(kid) {
            self.refresh(MIN_READ_INTERVAL).await?;
        }
        let key = self.ring.load().keys.get(kid).cloned();
        Ok(key.filter(|key| key.verifies(self.clock.now())))
    }

    /// Returns the public keys of all keys that verify.
    pub async fn public(&self) -> Result<JwkSet> {
        // The client has met a token with an unknown key, which another process may have signed.
        self.refresh(MIN_READ_INTERVAL).await?;
        let (ring, now) = (self.ring.load(), self.clock.now());
        let mut keys: Vec<&Arc<Key>> = ring.keys.values().filter(|key| key.verifies(now)).collect();
        keys.sort_by(|one, other| one.kid.cmp(&other.kid));
        Ok(JwkSet { keys: keys.into_iter().map(|key| key.public.clone()).collect() })
    }

    /// Reads the keys again if the last read is older than `age`. Concurrent callers wait for the result.
    async fn refresh(&self, age: TimeDelta) -> Result<()> {
        let mut last_read = self.last_read.lock().await;
        let now = self.clock.now();
        if now - last_read.at < age {
            // The missing key may be one of those that could not be read. That must not sign anyone out.
            let failed = || AppError::Unavailable("the signing keys could not be read".to_owned());
            return if last_read.failed { Err(failed()) } else { Ok(()) };
        }
        *last_read = LastRead { at: now, failed: true };
        if let Some(ring) = KeyRing::load(&self.db).await? {
            self.ring.store(Arc::new(ring));
        }
        last_read.failed = false;
        Ok(())
    }
}

impl KeyRing {
    /// Returns `None` if no key may sign.
    async fn load(db: &impl ConnectionTrait) -> Result<Option<Self>> {
        let rows =
            signing_key::Entity::find().order_by_asc(Column::CreatedAt).order_by_asc(Column::Kid).all(db).await?;
        let Some(newest) = rows.iter().rfind(|row| row.retired_at.is_none()).map(|row| row.kid.clone()) else {
            return Ok(None);
        };
        let keys = rows.iter().map(|row| Ok((row.kid.clone(), Arc::new(Key::read(row)?))));
        let keys: HashMap<String, Arc<Key>> = keys.collect::<Result<_>>()?;
        Ok(keys.get(&newest).cloned().map(|signing| Self { signing, keys }))
    }
}

/// Creates a key that signs from now on, retires all others, and returns the new key's ID. Deletes keys that no longer
/// verify.
pub async fn rotate(db: &DatabaseConnection, now: DateTime<Utc>, algorithm: KeyAlgorithm) -> Result<String> {
    let key = Key::generate(algorithm, now)?;
    in_transaction(db, async |tx| {
        let retire = signing_key::Entity::update_many().col_expr(Column::RetiredAt, Expr::value(now));
        retire.filter(Column::RetiredAt.is_null()).exec(&*tx).await?;
        let over = signing_key::Entity::delete_many().filter(Column::RetiredAt.lt(now - RETIRED_KEY_LIFETIME));
        over.exec(&*tx).await?;
        insert::<signing_key::Entity>(&*tx, vec![key.clone()]).await
    })
    .await?;
    Ok(key.kid)
}
