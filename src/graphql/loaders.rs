//! Loading of nested rows: one statement serves all parents that ask within one turn of the executor.

use std::collections::HashMap;
use std::future::Future;
use std::hash::Hash;
use std::marker::PhantomData;
use std::sync::Arc;
use std::time::Duration;

use async_graphql::Context;
use async_graphql::dataloader::{DataLoader, Loader};
use async_graphql::runtime::Timer;
use catalog::database::{ReadPool, in_ids};
use catalog::dictionary::grouped;
use catalog::error::{AppError, Result};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use futures_util::task::{FutureObj, Spawn, SpawnError};
use sea_orm::sea_query::{SelectStatement, ValueType};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, Iterable, ModelTrait, PrimaryKeyToColumn, QueryFilter, QueryResult,
    Select,
};

use super::context::ContextExt;

/// Connections that all loaders read from.
pub struct Rows(pub ReadPool);

impl Rows {
    /// Selects the rows with any of these IDs in a column.
    pub fn select<C>(&self, column: C, ids: impl IntoIterator<Item = i64>) -> Select<C::EntityName>
    where
        C: ColumnTrait<EntityName: EntityTrait>,
    {
        C::EntityName::find().filter(in_ids(&self.0, column.as_column_ref(), ids))
    }
}

/// Loaders for all requests on one thread: under load, one statement serves several requests. They are not shared
/// between threads, because their lock spins: that took a third of the processor time.
#[derive(Clone)]
pub struct Loaders(Arc<DataLoader<Rows>>);

impl Loaders {
    /// Creates loaders that read through these connections.
    pub fn new(db: ReadPool) -> Self {
        let loader = DataLoader::new(Rows(db), LocalSpawner, YieldTimer).delay(Duration::ZERO).max_batch_size(MAX_KEYS);
        Self(Arc::new(loader))
    }
}

/// Maximum number of keys per statement.
const MAX_KEYS: usize = 10_000;

/// Spawns loads on the thread that executes the request: they run once every field that can proceed has asked.
struct LocalSpawner;

impl Spawn for LocalSpawner {
    fn spawn_obj(&self, future: FutureObj<'static, ()>) -> Result<(), SpawnError> {
        tokio::task::spawn_local(future);
        Ok(())
    }
}

/// Waits for the next turn of the executor instead of a duration.
struct YieldTimer;

impl Timer for YieldTimer {
    fn delay(&self, _: Duration) -> BoxFuture<'static, ()> {
        tokio::task::yield_now().boxed()
    }
}

/// Key for loading the row of a table with this ID.
pub type RowId<E> = (PhantomData<fn() -> E>, i64);

#[async_graphql::async_trait::async_trait]
impl<E: EntityTrait<Model: Sync + 'static>> Loader<RowId<E>> for Rows {
    type Value = Arc<E::Model>;
    type Error = AppError;

    async fn load(&self, keys: &[RowId<E>]) -> Result<HashMap<RowId<E>, Arc<E::Model>>> {
        let Some(column) = E::PrimaryKey::iter().next().map(PrimaryKeyToColumn::into_column) else {
            return Ok(HashMap::new());
        };
        let ids = in_ids(&self.0, column.as_column_ref(), keys.iter().map(|(_, id)| *id));
        let rows = E::find().filter(ids).all(&self.0).await?;
        let keyed = |row: E::Model| {
            let id = <i64 as ValueType>::try_from(row.get(column)).map_err(AppError::internal)?;
            Ok(((PhantomData, id), Arc::new(row)))
        };
        rows.into_iter().map(keyed).collect()
    }
}

/// Page of each of many lists. One statement serves the same page of different lists.
pub trait Paged: Clone + Eq + Hash + Send + Sync + 'static {
    /// Row of the page, with its position.
    type Row: Clone + Send + Sync + 'static;

    /// Statement for this page of the lists of these owners.
    fn select(&self, db: &ReadPool, owners: Vec<i64>) -> SelectStatement;

    /// Reads a row and its owner.
    fn read(&self, row: &QueryResult) -> Result<(i64, Self::Row)>;
}

#[async_graphql::async_trait::async_trait]
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

/// Number of rows in the result of a loader.
pub trait CountRows {
    /// Returns the number of rows.
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

/// Loading from within a resolver.
pub trait Load: ContextExt + Sync {
    /// Loaders of the thread that executes the request.
    fn loaders(&self) -> &DataLoader<Rows>;

    /// Loads the value of a key.
    fn load<K>(&self, key: K) -> impl Future<Output = Result<Option<<Rows as Loader<K>>::Value>>> + Send
    where
        K: Send + Sync + Hash + Eq + Clone + 'static,
        Rows: Loader<K, Error = AppError, Value: CountRows>,
    {
        async move {
            let found = self.loaders().load_one(key).await?;
            // Charged before anything is built from the rows, because a list may be longer than expected.
            self.request().meter.charge_rows(found.as_ref().map_or(0, CountRows::count_rows))?;
            Ok(found)
        }
    }

    /// Loads the row of a table with this ID. The caller checks whether it may be shown.
    fn load_row<E>(&self, id: i64) -> impl Future<Output = Result<Option<Arc<E::Model>>>> + Send
    where
        E: EntityTrait<Model: Sync + 'static>,
    {
        self.load::<RowId<E>>((PhantomData, id))
    }

    /// Loads the values of keys, in the order of the keys. Keys without a value are left out.
    fn load_all<K>(&self, keys: Vec<K>) -> impl Future<Output = Result<Vec<<Rows as Loader<K>>::Value>>> + Send
    where
        K: Send + Sync + Hash + Eq + Clone + 'static,
        Rows: Loader<K, Error = AppError>,
    {
        async move {
            if keys.is_empty() {
                return Ok(Vec::new());
            }
            self.request().meter.charge_rows(keys.len())?;
            let found = self.loaders().load_many(keys.clone()).await?;
            Ok(keys.iter().filter_map(|key| found.get(key).cloned()).collect())
        }
    }
}

impl Load for Context<'_> {
    fn loaders(&self) -> &DataLoader<Rows> {
        &self.data_unchecked::<Loaders>().0
    }
}
