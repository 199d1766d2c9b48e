//! Building blocks of every write to the catalogue: transactions, inserts and upserts of rows, child rows, links, and
//! slug lookups. Does not belong here: the rules of one kind of listing, GraphQL, the command line.

mod children;
pub mod daily_limit;
mod keyed;
mod links;
mod lock;
mod outcome;
mod references;
pub mod slugs;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Alias, Expr, ExprTrait, OnConflict};
use sea_orm::{
    ActiveModelTrait, ConnectionTrait, DatabaseConnection, DatabaseTransaction, EntityTrait, IdenStatic,
    IntoActiveModel, Iterable, PrimaryKeyToColumn, TransactionTrait,
};

pub use children::{Child, Children};
pub use keyed::{Keyed, Versioned, lock_rows, rows};
pub use links::{LinkSet, LinkTable, NamedLinks, ResolvedLinks};
pub use lock::{Lock, lock};
pub use outcome::{MutationOutcome, check_version};
pub use references::{Mentions, References, Target, names};

use crate::changelog::{Entry, append};
use crate::clock::{Clock, Ids};
use crate::database::write_options;
use crate::error::{AppError, Result};
use crate::idempotency::Claim;

/// Maximum number of values per insert: SQLite accepts 32,766 parameters per statement, PostgreSQL 65,535.
const MAX_VALUES_PER_INSERT: usize = 30_000;

/// Who writes, with which clock and which generator of IDs.
pub struct Writer {
    /// Name of the writer in the change log.
    pub actor: String,
    /// Clock.
    pub clock: Arc<dyn Clock>,
    /// Generator of IDs.
    pub ids: Ids,
    /// Whether this is a dry run. A dry run appends nothing to the log, so that nobody waits for a transaction that
    /// will be rolled back.
    pub dry_run: bool,
    /// Idempotency claim of the request.
    pub claim: Option<Claim>,
    /// Maximum number of drafts per provider. The operator of the catalogue writes without limit.
    pub drafts: DraftLimits,
}

/// Maximum number of simultaneous drafts per provider; 0 for no limit.
#[derive(Clone, Copy, Debug, Default)]
pub struct DraftLimits {
    /// Limit for a provider that is visible to the public.
    pub approved: u64,
    /// Limit for a provider that staff have not approved.
    pub pending: u64,
}

impl DraftLimits {
    /// Limit for a provider, if there is one.
    pub fn of(self, is_public: bool) -> Option<u64> {
        let limit = if is_public { self.approved } else { self.pending };
        (limit > 0).then_some(limit)
    }
}

impl Writer {
    /// Creates a writer with this name, no limits and no claim.
    pub fn new(actor: &str, clock: Arc<dyn Clock>) -> Self {
        let drafts = DraftLimits::default();
        Self { actor: actor.to_owned(), ids: Ids::new(clock.clone()), clock, dry_run: false, claim: None, drafts }
    }

    /// Current time.
    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// Appends entries to the log, as the last step of the transaction. Returns the position of the last entry; `None`
    /// if nothing is logged.
    pub async fn log(&self, db: &DatabaseTransaction, entries: Vec<Entry>) -> Result<Option<i64>> {
        if entries.is_empty() || self.dry_run {
            return Ok(None);
        }
        let position = append(db, self.now(), entries).await?;
        if let Some(claim) = &self.claim {
            claim.record_position(db, position).await?;
        }
        Ok(Some(position))
    }
}

/// Maximum number of attempts for a transaction that conflicts with others.
const MAX_ATTEMPTS: usize = 5;

/// Transaction as its work receives it. It is shared ownership because the compiler cannot prove `Send` for a future
/// that borrows it.
pub type Tx = Arc<DatabaseTransaction>;

/// Runs the work in a transaction and commits it. If another transaction got in the way, e.g. with the same new slug,
/// all of the work is repeated on the new state.
pub async fn in_transaction<T, F>(db: &DatabaseConnection, work: impl FnMut(Tx) -> F) -> Result<T>
where
    F: Future<Output = Result<T>>,
{
    with_retries(db, true, work).await
}

/// Like `in_transaction`, for a writer: a dry run is rolled back at the end, after the database has checked it too.
pub async fn as_writer<T, F>(db: &DatabaseConnection, writer: &Writer, work: impl FnMut(Tx) -> F) -> Result<T>
where
    F: Future<Output = Result<T>>,
{
    with_retries(db, !writer.dry_run, work).await
}

async fn with_retries<T, F>(db: &DatabaseConnection, keep: bool, mut work: impl FnMut(Tx) -> F) -> Result<T>
where
    F: Future<Output = Result<T>>,
{
    let mut left = MAX_ATTEMPTS;
    loop {
        left -= 1;
        match attempt(db, keep, &mut work).await {
            Err(AppError::Conflict(cause)) if left > 0 => tracing::debug!(cause, "a transaction is tried again"),
            done => return done,
        }
    }
}

async fn attempt<T, F>(db: &DatabaseConnection, keep: bool, work: &mut impl FnMut(Tx) -> F) -> Result<T>
where
    F: Future<Output = Result<T>>,
{
    let transaction = Arc::new(begin(db).await?);
    let value = work(transaction.clone()).await?;
    let transaction = Arc::try_unwrap(transaction).map_err(|_| AppError::internal("a transaction is still in use"))?;
    if keep {
        transaction.commit().await?
    } else {
        transaction.rollback().await?
    }
    Ok(value)
}

/// Begins a transaction that will write.
pub async fn begin(db: &DatabaseConnection) -> Result<DatabaseTransaction> {
    Ok(db.begin_with_options(write_options()).await?)
}

/// Table whose rows can be inserted as they are.
pub trait Insertable:
    EntityTrait<Model: IntoActiveModel<<Self as EntityTrait>::ActiveModel>, ActiveModel: Send>
{
}

impl<E: EntityTrait<ActiveModel: Send>> Insertable for E where E::Model: IntoActiveModel<E::ActiveModel> {}

/// Upserts rows by their primary key, hundreds per statement.
pub async fn save<E: Insertable>(db: &impl ConnectionTrait, rows: Vec<E::Model>) -> Result<()> {
    put(db, to_active_models::<E>(rows), Some(replace_on_conflict::<E>())).await.map(drop)
}

/// Inserts new rows and updates existing ones, provided that the stored row has the preceding version and the same
/// owner. Otherwise somebody else was first, which is a conflict.
pub async fn save_next<E: Versioned + Insertable>(db: &impl ConnectionTrait, rows: Vec<E::Model>) -> Result<()> {
    let there = |column: E::Column| Expr::col((E::default(), column));
    let new = |column: E::Column| Expr::col((Alias::new("excluded"), column));
    let conflict = replace_on_conflict::<E>()
        .action_and_where(there(E::VERSION).add(1).eq(new(E::VERSION)))
        .action_and_where(there(E::OWNER).eq(new(E::OWNER)))
        .to_owned();
    let count = rows.len() as u64;
    let written = put(db, to_active_models::<E>(rows), Some(conflict)).await?;
    if written == count { Ok(()) } else { Err(AppError::Conflict("a row has another version by now".to_owned())) }
}

/// On-conflict clause that replaces the row with the same primary key.
fn replace_on_conflict<E: EntityTrait>() -> OnConflict {
    let keys: Vec<E::Column> = E::PrimaryKey::iter().map(PrimaryKeyToColumn::into_column).collect();
    let rest = E::Column::iter().filter(|column| !keys.iter().any(|key| key.as_str() == column.as_str()));
    OnConflict::columns(keys.clone()).update_columns(rest).to_owned()
}

/// Inserts new rows, hundreds per statement.
pub async fn insert<E: Insertable>(db: &impl ConnectionTrait, rows: Vec<E::Model>) -> Result<()> {
    put(db, to_active_models::<E>(rows), None).await.map(drop)
}

/// Inserts a row unless there is one with the same values in the unique columns. Returns whether it did. The database
/// decides, so of two concurrent attempts only one succeeds.
pub async fn insert_new<E: Insertable>(
    db: &impl ConnectionTrait,
    row: E::Model,
    unique: impl IntoIterator<Item = E::Column>,
) -> Result<bool> {
    let unless_there = OnConflict::columns(unique).do_nothing().to_owned();
    Ok(put(db, to_active_models::<E>(vec![row]), Some(unless_there)).await? > 0)
}

/// Inserts rows and returns how many were written. Columns that are not set get the default of the database.
pub async fn put<A: ActiveModelTrait + Send>(
    db: &impl ConnectionTrait,
    rows: Vec<A>,
    conflict: Option<OnConflict>,
) -> Result<u64> {
    let at_once = MAX_VALUES_PER_INSERT / <A::Entity as EntityTrait>::Column::iter().count().max(1);
    let (mut rows, mut written) = (rows.into_iter().peekable(), 0);
    while rows.peek().is_some() {
        let mut statement = A::Entity::insert_many(rows.by_ref().take(at_once));
        if let Some(conflict) = &conflict {
            statement = statement.on_conflict(conflict.clone());
        }
        written += statement.exec_without_returning(db).await?;
    }
    Ok(written)
}

fn to_active_models<E: Insertable>(rows: Vec<E::Model>) -> Vec<E::ActiveModel> {
    rows.into_iter().map(|row| row.into_active_model().reset_all()).collect()
}
