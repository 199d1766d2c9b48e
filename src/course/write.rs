//! Writing courses: a batch of courses of one provider is put in or brought up to date with a fixed number of
//! statements. What a batch says of a course and what a mutation says of one go the same way. Whoever says what is
//! there already writes nothing. What must not go in: GraphQL, the command line, and who may do it.

mod batch;
mod blank;
mod graph;
mod hidden;
mod history;
mod offerings;
mod partnerships;
mod turn;

use entity::{course, provider};
use sea_orm::sea_query::LockType;
use sea_orm::{DatabaseTransaction, EntityTrait, QuerySelect};

use self::batch::Batch;
pub(super) use self::offerings::Step;
pub use self::turn::Turn;
use super::draft::CourseDraft;
use crate::error::{AppError, Result};
use crate::form::{Fault, Fields};
use crate::write::Writer;

/// What is to be written, by whom, and how.
pub struct Job<'a> {
    /// Who writes.
    pub writer: &'a Writer,
    /// The provider whose courses they are.
    pub provider: i64,
    /// Whether a new course is published where its row does not say; one that is there stays as it is.
    pub publish_new: bool,
    /// Whether a row that is refused keeps all others from being written too.
    pub all_or_none: bool,
    /// Whether the writer speaks for partners and the providers of units too, as staff and operators do: their
    /// partnerships count as accepted. Of all others they are proposals.
    pub agrees: bool,
}

/// A row as it comes in.
#[derive(Clone, Debug, Default)]
pub struct Row {
    /// What it says, in the form of `CourseRow` in the schema, and `sources` beside it: keys of sources.
    pub fields: Fields,
    /// What is known to be wrong with it already: such a row is refused, with these and all further faults.
    pub faults: Vec<Fault>,
}

impl Row {
    /// A row that could not be read at all.
    pub fn unreadable(fault: Fault) -> Self {
        Self { fields: Fields::new(), faults: vec![fault] }
    }

    fn parse(&self) -> (CourseDraft, Vec<Fault>) {
        let (draft, found) = CourseDraft::row(&self.fields);
        let found = found.into_iter().filter(|_| !self.is_unreadable());
        (draft, self.faults.iter().cloned().chain(found).collect())
    }

    fn asked(&self) -> Asked {
        let (draft, faults) = self.parse();
        let which = if self.is_unreadable() { Which::Unreadable } else { Which::Keyed };
        let turn = draft.publish.map(|publish| if publish { Turn::Publish } else { Turn::Withdraw });
        Asked { which, draft, faults, turn, offering: None }
    }

    /// Whether it could not be read at all: then there is nothing more to be said of it.
    fn is_unreadable(&self) -> bool {
        self.fields.is_empty() && !self.faults.is_empty()
    }

    /// Whether anything is wrong with it that shows without the database.
    pub fn is_faulty(&self) -> bool {
        !self.parse().1.is_empty()
    }
}

/// What is asked for one course.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    /// Which course.
    pub which: Which,
    /// What its fields are to be.
    pub draft: CourseDraft,
    /// What is known to be wrong with it already.
    pub faults: Vec<Fault>,
    /// Whether it is to be published, retired or the like.
    pub turn: Option<Turn>,
    /// What is to become of one of its offerings; a draft that lists offerings leaves none but those.
    pub offering: Option<Step>,
}

/// Which course is spoken of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Which {
    /// A new one.
    New,
    /// The one with the draft's key, or else a new one.
    Keyed,
    /// The one of this row, in this version where the writer has read one.
    Known(i64, Option<i32>),
    /// Nobody can tell.
    Unreadable,
}

impl Asked {
    /// Asks for nothing yet.
    pub(super) fn nothing(which: Which) -> Self {
        let (draft, faults) = CourseDraft::input(&Fields::new());
        Self { which, draft, faults, turn: None, offering: None }
    }
}

/// The fields that a row may have.
pub fn fields() -> Vec<&'static str> {
    CourseDraft::fields()
}

/// What has become of a row.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// It is a new course.
    Created(i64),
    /// It has changed the course that was there.
    Updated(i64),
    /// It says what was there already.
    Unchanged(i64),
    /// It was not written, for these reasons.
    Refused(Vec<Fault>),
}

/// What has become of a batch.
#[derive(Debug)]
pub struct Written {
    /// Of each row, in their order.
    pub outcomes: Vec<Outcome>,
    /// The position of the log that the last of its changes got; `None` where nothing has changed.
    pub position: Option<i64>,
    /// The courses that have changed, as they are now.
    pub(super) changed: Vec<course::Model>,
}

/// Writes rows in the caller's transaction, and says of each what has become of it. Nothing else may be written in
/// the transaction afterwards: the log comes last.
///
/// A row may name courses that stand before it in the batch. The provider's row is locked, so that two batches of one
/// provider come one after the other, and its status stays what it is until the commit.
pub async fn upsert(db: &DatabaseTransaction, job: &Job<'_>, rows: &[Row]) -> Result<Written> {
    write(db, job, rows.iter().map(Row::asked).collect()).await
}

/// Gives courses of the provider the same turn, as `upsert` does.
pub async fn turn(db: &DatabaseTransaction, job: &Job<'_>, courses: &[i64], turn: &Turn) -> Result<Written> {
    let asked = |id: &i64| Asked { turn: Some(turn.clone()), ..Asked::nothing(Which::Known(*id, None)) };
    write(db, job, courses.iter().map(asked).collect()).await
}

/// Does what is asked, as `upsert` does.
pub(super) async fn write(db: &DatabaseTransaction, job: &Job<'_>, asked: Vec<Asked>) -> Result<Written> {
    let provider = provider::Entity::find_by_id(job.provider).lock(LockType::NoKeyUpdate).one(db).await?;
    let provider = provider.ok_or_else(|| AppError::input("provider", "there is no such provider"))?;
    let mut batch = Batch::load(db, job, &provider, &asked).await?;
    let slugs = batch.make_slugs(db, &asked).await?;
    let outcomes: Vec<Outcome> = asked.into_iter().zip(slugs).map(|(asked, slug)| batch.take(asked, slug)).collect();
    if job.all_or_none && outcomes.iter().any(|outcome| matches!(outcome, Outcome::Refused(_))) {
        return Ok(Written { outcomes, position: None, changed: Vec::new() });
    }
    let (entries, changed) = batch.write(db).await?;
    let position = job.writer.log(db, entries).await?;
    Ok(Written { outcomes, position, changed })
}
