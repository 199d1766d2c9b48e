//! The keys that access tokens are signed with. They live in the database, so that all processes of a catalogue share
//! them and a new one needs no restart; the newest that is not retired signs.

use std::collections::HashMap;
use std::sync::Arc;

use arc_swap::ArcSwap;
use chrono::{DateTime, TimeDelta, Utc};
use entity::signing_key::{self, Column};
use jsonwebtoken::jwk::JwkSet;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, DatabaseConnection, EntityTrait, QueryFilter, QueryOrder};
use tokio::sync::Mutex;

use super::key::{KEPT, Key, KeyAlgorithm};
use crate::clock::Clock;
use crate::database::{Database, Reading};
use crate::error::{AppError, Result};
use crate::write::{in_transaction, insert};

/// A process learns of a new key within this time.
const FRESH: TimeDelta = TimeDelta::minutes(1);
/// How often tokens of unknown keys make it look: anybody can send them.
const AT_MOST_EVERY: TimeDelta = TimeDelta::seconds(1);

/// All keys that verify.
pub struct Keys {
    db: Reading,
    clock: Arc<dyn Clock>,
    ring: ArcSwap<Ring>,
    loaded: Mutex<Loaded>,
}

/// When the keys were last read, and whether that failed.
struct Loaded {
    at: DateTime<Utc>,
    failed: bool,
}

struct Ring {
    signing: Arc<Key>,
    keys: HashMap<String, Arc<Key>>,
}

impl Keys {
    /// The keys of a catalogue; the first one is made here.
    pub async fn open(database: &Database, clock: Arc<dyn Clock>) -> Result<Self> {
        let db = database.primary.clone();
        let loaded = Mutex::new(Loaded { at: clock.now(), failed: false });
        let ring = match Ring::load(&db).await? {
            Some(ring) => ring,
            None => {
                // Should two processes make the first key at the same moment, there are two keys; both verify.
                rotate(&database.write, clock.now(), KeyAlgorithm::EdDsa).await?;
                Ring::load(&db).await?.ok_or_else(|| AppError::internal("there is no signing key"))?
            }
        };
        Ok(Self { db, clock, ring: ArcSwap::from_pointee(ring), loaded })
    }

    /// The key that signs. Should the database be away, the one that did.
    pub async fn signing(&self) -> Arc<Key> {
        if let Err(error) = self.look_again(FRESH).await {
            tracing::warn!(cause = error.cause(), "the signing keys cannot be read again");
        }
        self.ring.load().signing.clone()
    }

    /// The key of this name. One that another process has just made is found.
    pub async fn find(&self, kid: &str) -> Result<Option<Arc<Key>>> {
        if !self.ring.load().keys.contains_key(kid) {
            self.look_again(AT_MOST_EVERY).await?;
        }
        let key = self.ring.load().keys.get(kid).cloned();
        Ok(key.filter(|key| key.verifies(self.clock.now())))
    }

    /// The public halves of all keys that verify.
    pub async fn public(&self) -> Result<JwkSet> {
        // Whoever asks has met a token of a key that they do not know, which another process may have signed.
        self.look_again(AT_MOST_EVERY).await?;
        let (ring, now) = (self.ring.load(), self.clock.now());
        let mut keys: Vec<&Arc<Key>> = ring.keys.values().filter(|key| key.verifies(now)).collect();
        keys.sort_by(|one, other| one.kid.cmp(&other.kid));
        Ok(JwkSet { keys: keys.into_iter().map(|key| key.public.clone()).collect() })
    }

    /// Reads the keys again where that was last done this long ago; whoever comes meanwhile waits for it.
    async fn look_again(&self, age: TimeDelta) -> Result<()> {
        let mut loaded = self.loaded.lock().await;
        let now = self.clock.now();
        if now - loaded.at < age {
            // A key that is not found may be one of those that could not be read: nobody is signed out for that.
            let failed = || AppError::Unavailable("the signing keys could not be read".to_owned());
            return if loaded.failed { Err(failed()) } else { Ok(()) };
        }
        *loaded = Loaded { at: now, failed: true };
        if let Some(ring) = Ring::load(&self.db).await? {
            self.ring.store(Arc::new(ring));
        }
        loaded.failed = false;
        Ok(())
    }
}

impl Ring {
    /// `None` where there is no key that may sign.
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

/// Makes a new key that signs from now on, retires all others, and gives its name. Those that verify no more are thrown
/// away.
pub async fn rotate(db: &DatabaseConnection, now: DateTime<Utc>, algorithm: KeyAlgorithm) -> Result<String> {
    let key = Key::generate(algorithm, now)?;
    in_transaction(db, async |tx| {
        let retire = signing_key::Entity::update_many().col_expr(Column::RetiredAt, Expr::value(now));
        retire.filter(Column::RetiredAt.is_null()).exec(&*tx).await?;
        let over = signing_key::Entity::delete_many().filter(Column::RetiredAt.lt(now - KEPT));
        over.exec(&*tx).await?;
        insert::<signing_key::Entity>(&*tx, vec![key.clone()]).await
    })
    .await?;
    Ok(key.kid)
}
