//! How nested rows are loaded: one statement for all parents that ask within one turn of the executor.

use std::collections::HashMap;
use std::future::Future;
use std::hash::Hash;
use std::sync::Arc;
use std::time::Duration;

use async_graphql::Context;
use async_graphql::dataloader::{DataLoader, Loader};
use async_graphql::runtime::Timer;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use futures_util::task::{FutureObj, Spawn, SpawnError};
use sea_orm::sea_query::SelectStatement;
use sea_orm::{ConnectionTrait, QueryResult};

use super::context::InRequest;
use crate::database::Reading;
use crate::dictionary::grouped;
use crate::error::{AppError, Result};

/// What all loaders read from.
pub struct Rows(pub Reading);

/// The loaders of the requests on one thread: under load, one statement serves several of them. Not of all threads: their
/// lock is one that waits by spinning, which took a third of the processor's time.
#[derive(Clone)]
pub struct Loaders(Arc<DataLoader<Rows>>);

impl Loaders {
    /// Loaders over the connections for reading.
    pub fn new(db: Reading) -> Self {
        let loader = DataLoader::new(Rows(db), Here, NextTurn).delay(Duration::ZERO).max_batch_size(MOST_KEYS);
        Self(Arc::new(loader))
    }
}

/// Keys of one statement.
const MOST_KEYS: usize = 10_000;

/// Puts the loading on the thread that executes the request: its turn comes when all fields that can go on have asked.
struct Here;

impl Spawn for Here {
    fn spawn_obj(&self, future: FutureObj<'static, ()>) -> Result<(), SpawnError> {
        tokio::task::spawn_local(future);
        Ok(())
    }
}

/// Waits for one more turn instead of a time.
struct NextTurn;

impl Timer for NextTurn {
    fn delay(&self, _: Duration) -> BoxFuture<'static, ()> {
        tokio::task::yield_now().boxed()
    }
}

/// A page of each of many lists. Who asks for the same page of different lists is answered by one statement.
pub trait Paged: Clone + Eq + Hash + Send + Sync + 'static {
    /// What stands on it, with its place.
    type Row: Clone + Send + Sync + 'static;

    /// The statement for this page of the lists of these owners.
    fn select(&self, db: &Reading, owners: Vec<i64>) -> SelectStatement;

    /// A row of it, and whose it is.
    fn read(&self, row: &QueryResult) -> Result<(i64, Self::Row)>;
}

impl<P: Paged> Loader<(i64, P)> for Rows {
    type Value = Vec<P::Row>;
    type Error = AppError;

    async fn load(&self, keys: &[(i64, P)]) -> Result<HashMap<(i64, P), Vec<P::Row>>> {
        let mut found = HashMap::new();
        for (page, owners) in grouped(keys.iter().map(|(owner, page)| (page, *owner))) {
            let statement = self.0.get_database_backend().build(&page.select(&self.0, owners));
            let rows = self.0.query_all_raw(statement).await?;
            let rows: Vec<(i64, P::Row)> = rows.iter().map(|row| page.read(row)).collect::<Result<_>>()?;
            found.extend(grouped(rows.into_iter().map(|(owner, row)| ((owner, page.clone()), row))));
        }
        Ok(found)
    }
}

/// What a loader gives, as so many rows.
pub trait CountRows {
    /// How many rows it is.
    fn count_rows(&self) -> usize {
        1
    }
}

impl<T> CountRows for Vec<T> {
    fn count_rows(&self) -> usize {
        self.len()
    }
}

impl<T: ?Sized> CountRows for Arc<T> {}
impl CountRows for String {}
impl CountRows for () {}
impl CountRows for entity::partnership::Model {}

/// Loading from within a resolver.
pub trait Load {
    /// What stands under a key.
    fn load<K>(&self, key: K) -> impl Future<Output = Result<Option<<Rows as Loader<K>>::Value>>> + Send
    where
        K: Send + Sync + Hash + Eq + Clone + 'static,
        Rows: Loader<K, Error = AppError, Value: CountRows>;

    /// What stands under each of these keys, in their order, without those that nothing stands under.
    fn load_all<K>(&self, keys: Vec<K>) -> impl Future<Output = Result<Vec<<Rows as Loader<K>>::Value>>> + Send
    where
        K: Send + Sync + Hash + Eq + Clone + 'static,
        Rows: Loader<K, Error = AppError>;
}

impl Load for Context<'_> {
    async fn load<K>(&self, key: K) -> Result<Option<<Rows as Loader<K>>::Value>>
    where
        K: Send + Sync + Hash + Eq + Clone + 'static,
        Rows: Loader<K, Error = AppError, Value: CountRows>,
    {
        let found = self.data_unchecked::<Loaders>().0.load_one(key).await?;
        // Before anything is made of them: a list may be longer than anybody has thought.
        self.request().meter.charge_rows(found.as_ref().map_or(0, CountRows::count_rows))?;
        Ok(found)
    }

    async fn load_all<K>(&self, keys: Vec<K>) -> Result<Vec<<Rows as Loader<K>>::Value>>
    where
        K: Send + Sync + Hash + Eq + Clone + 'static,
        Rows: Loader<K, Error = AppError>,
    {
        if keys.is_empty() {
            return Ok(Vec::new());
        }
        self.request().meter.charge_rows(keys.len())?;
        let found = self.data_unchecked::<Loaders>().0.load_many(keys.clone()).await?;
        Ok(keys.iter().filter_map(|key| found.get(key).cloned()).collect())
    }
}
