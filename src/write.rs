//! What every write to the catalogue is made of: a transaction, rows that are put in or brought up to date, what
//! hangs on them, the slugs that they name. What must not go in: the rules of one kind of listing, GraphQL, the
//! command line.

mod children;
pub mod daily;
mod keyed;
mod links;
mod lock;
mod references;
mod saved;
pub mod slugs;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Alias, Expr, ExprTrait, OnConflict};
use sea_orm::{
    ActiveModelTrait, ConnectionTrait, DatabaseConnection, DatabaseTransaction, EntityTrait, IdenStatic,
    IntoActiveModel, Iterable, PrimaryKeyToColumn, SqliteTransactionMode, TransactionOptions, TransactionTrait,
};

pub use children::{Child, Children};
pub use keyed::{Keyed, Versioned, held_rows, replace, rows};
pub use links::{FoundLinks, LinkSet, LinkTable, NamedLinks};
pub use lock::{Lock, lock};
pub use references::{Mentions, References, Target, names};
pub use saved::{Saved, stale};

use crate::changelog::{Entry, append};
use crate::clock::{Clock, Ids};
use crate::error::{AppError, Result};
use crate::idempotency::Claim;

/// Values of one insert: SQLite takes 32,766 a statement, PostgreSQL 65,535.
const VALUES: usize = 30_000;

/// Who writes, and with which clock and ids.
pub struct Writer {
    /// Who it is, as the change log names them.
    pub actor: String,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// The generator of ids.
    pub ids: Ids,
    /// Whether it only tries out: then nothing goes to the log, so that nobody has to wait for a transaction that will
    /// be rolled back.
    pub dry_run: bool,
    /// The claim of a request that is to write once.
    pub claim: Option<Claim>,
    /// How many drafts a provider may have: whoever runs the catalogue writes without limit.
    pub drafts: DraftLimits,
}

/// How many drafts a provider may have at the same time; 0: any number.
#[derive(Clone, Copy, Debug, Default)]
pub struct DraftLimits {
    /// One that the public sees.
    pub approved: u64,
    /// One that staff have not let in.
    pub pending: u64,
}

impl DraftLimits {
    /// The limit of a provider, where it has one.
    pub fn of(self, is_public: bool) -> Option<u64> {
        let limit = if is_public { self.approved } else { self.pending };
        (limit > 0).then_some(limit)
    }
}

impl Writer {
    /// A writer of this name.
    pub fn new(actor: &str, clock: Arc<dyn Clock>) -> Self {
        let drafts = DraftLimits::default();
        Self { actor: actor.to_owned(), ids: Ids::new(clock.clone()), clock, dry_run: false, claim: None, drafts }
    }

    /// Now.
    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// Appends to the log what has been written, last in the transaction, and gives the position of the last change;
    /// `None` where there is none.
    pub async fn log(&self, db: &DatabaseTransaction, entries: Vec<Entry>) -> Result<Option<i64>> {
        if entries.is_empty() || self.dry_run {
            return Ok(None);
        }
        let position = append(db, self.now(), entries).await?;
        if let Some(claim) = &self.claim {
            claim.written(db, position).await?;
        }
        Ok(Some(position))
    }
}

/// How often a transaction is tried that others keep getting in the way of.
const TRIES: usize = 5;

/// A transaction as the work in it gets it: owned, since of a future that borrows it the compiler cannot tell that it
/// may change threads.
pub type Tx = Arc<DatabaseTransaction>;

/// Runs the work in a transaction and commits it. Where another transaction was first, e.g. with the same new slug,
/// all of it is done again on what is there by then.
pub async fn in_transaction<T, F>(db: &DatabaseConnection, work: impl FnMut(Tx) -> F) -> Result<T>
where
    F: Future<Output = Result<T>>,
{
    repeated(db, true, work).await
}

/// The same in the name of a writer: what only tries out is undone in the end, after the database has checked it too.
pub async fn as_writer<T, F>(db: &DatabaseConnection, writer: &Writer, work: impl FnMut(Tx) -> F) -> Result<T>
where
    F: Future<Output = Result<T>>,
{
    repeated(db, !writer.dry_run, work).await
}

async fn repeated<T, F>(db: &DatabaseConnection, keep: bool, mut work: impl FnMut(Tx) -> F) -> Result<T>
where
    F: Future<Output = Result<T>>,
{
    let mut left = TRIES;
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

/// A transaction that will write. SQLite takes its one lock at once: a transaction that reads first and then finds
/// that somebody else has written could not go on.
pub async fn begin(db: &DatabaseConnection) -> Result<DatabaseTransaction> {
    let options = TransactionOptions {
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        ..TransactionOptions::default()
    };
    Ok(db.begin_with_options(options).await?)
}

/// Puts rows in, and brings those up to date whose primary key is there: a statement for hundreds of rows.
pub async fn save<E>(db: &impl ConnectionTrait, rows: Vec<E::Model>) -> Result<()>
where
    E: EntityTrait,
    E::Model: IntoActiveModel<E::ActiveModel>,
    E::ActiveModel: ActiveModelTrait<Entity = E> + Send,
{
    put(db, whole::<E>(rows), Some(over::<E>())).await?;
    Ok(())
}

/// Puts new rows in, and brings those up to date that are there in the version before theirs and belong to the same
/// owner. Where one is not, somebody else was first.
pub async fn save_next<E>(db: &impl ConnectionTrait, rows: Vec<E::Model>) -> Result<()>
where
    E: Versioned,
    E::Model: IntoActiveModel<E::ActiveModel>,
    E::ActiveModel: ActiveModelTrait<Entity = E> + Send,
{
    let there = |column: E::Column| Expr::col((E::default(), column));
    let new = |column: E::Column| Expr::col((Alias::new("excluded"), column));
    let conflict = over::<E>()
        .action_and_where(there(E::VERSION).add(1).eq(new(E::VERSION)))
        .action_and_where(there(E::OWNER).eq(new(E::OWNER)))
        .to_owned();
    let count = rows.len() as u64;
    let written = put(db, whole::<E>(rows), Some(conflict)).await?;
    if written == count { Ok(()) } else { Err(AppError::Conflict("a row has another version by now".to_owned())) }
}

/// A row takes the place of the one that has its primary key.
fn over<E: EntityTrait>() -> OnConflict {
    let keys: Vec<E::Column> = E::PrimaryKey::iter().map(PrimaryKeyToColumn::into_column).collect();
    let rest = E::Column::iter().filter(|column| !keys.iter().any(|key| same::<E>(key, column)));
    OnConflict::columns(keys.clone()).update_columns(rest).to_owned()
}

/// Puts new rows in: a statement for hundreds of rows.
pub async fn insert<E>(db: &impl ConnectionTrait, rows: Vec<E::Model>) -> Result<()>
where
    E: EntityTrait,
    E::Model: IntoActiveModel<E::ActiveModel>,
    E::ActiveModel: ActiveModelTrait<Entity = E> + Send,
{
    put(db, whole::<E>(rows), None).await?;
    Ok(())
}

/// Puts a row in, unless there is one with the same values in these columns; whether it did. The database says whether
/// there is: of two who do it at the same moment one comes second.
pub async fn insert_new<E>(
    db: &impl ConnectionTrait,
    row: E::Model,
    unique: impl IntoIterator<Item = E::Column>,
) -> Result<bool>
where
    E: EntityTrait,
    E::Model: IntoActiveModel<E::ActiveModel>,
    E::ActiveModel: ActiveModelTrait<Entity = E> + Send,
{
    let unless_there = OnConflict::columns(unique).do_nothing().to_owned();
    Ok(put(db, whole::<E>(vec![row]), Some(unless_there)).await? > 0)
}

/// Puts rows in, and says how many were written; columns that they leave out get the database's defaults.
pub async fn put<A>(db: &impl ConnectionTrait, rows: Vec<A>, conflict: Option<OnConflict>) -> Result<u64>
where
    A: ActiveModelTrait + Send,
{
    let at_once = VALUES / <A::Entity as EntityTrait>::Column::iter().count().max(1);
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

fn whole<E>(rows: Vec<E::Model>) -> Vec<E::ActiveModel>
where
    E: EntityTrait,
    E::Model: IntoActiveModel<E::ActiveModel>,
    E::ActiveModel: ActiveModelTrait<Entity = E> + Send,
{
    rows.into_iter().map(|row| row.into_active_model().reset_all()).collect()
}

fn same<E: EntityTrait>(one: &E::Column, other: &E::Column) -> bool {
    one.as_str() == other.as_str()
}
