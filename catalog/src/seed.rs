//! The starter catalogue, which the binary holds, and how it gets into an empty database: by the same import that
//! everybody's own data takes. Does not belong here: facts; they are in data/.

use std::sync::Arc;

use entity::{catalogue, provider_slug};
use sea_orm::sea_query::LockType;
use sea_orm::{ConnectionTrait, DatabaseConnection, DatabaseTransaction, EntityTrait, QuerySelect};

use crate::clock::Clock;
use crate::course::write::{ImportRow, RowResult, WriteOptions, upsert};
use crate::error::{AppError, Result};
use crate::taxonomy::import;
use crate::write::{Writer, begin};

/// What courses are described by.
pub const TAXONOMY: &str = include_str!("../../data/taxonomy.json");

/// What courses stand on, in the order in which it goes in.
const DOCUMENTS: [&str; 3] =
    [TAXONOMY, include_str!("../../data/providers.json"), include_str!("../../data/certifications.json")];

/// The courses of each provider, in JSON Lines.
const COURSES: [(&str, &str); 5] = [
    ("noble-desktop", include_str!("../../data/courses/noble-desktop.jsonl")),
    ("coursera", include_str!("../../data/courses/coursera.jsonl")),
    ("general-assembly", include_str!("../../data/courses/general-assembly.jsonl")),
    ("betamore", include_str!("../../data/courses/betamore.jsonl")),
    ("udacity", include_str!("../../data/courses/udacity.jsonl")),
];

/// How many courses the starter catalogue has.
pub fn courses_count() -> usize {
    COURSES.iter().map(|(_, lines)| lines.lines().count()).sum()
}

/// Puts the starter catalogue into a database that has never held anything, and says whether it did.
///
/// All of it is one transaction that first locks the row in which positions are counted: of several processes that
/// start on one empty database one seeds it, and a process that is killed leaves it empty for the next.
pub async fn starter(db: &DatabaseConnection, clock: Arc<dyn Clock>) -> Result<bool> {
    if !is_empty(db).await? {
        return Ok(false);
    }
    let transaction = begin(db).await?;
    if !is_empty(&transaction).await? {
        return Ok(false);
    }
    let writer = Writer::new("seed", clock);
    for document in DOCUMENTS {
        let report = import(&transaction, &writer, document).await?;
        if !report.errors.is_empty() {
            return Err(AppError::internal(format!("the starter catalogue: {:?}", report.errors)));
        }
    }
    for (provider, lines) in COURSES {
        courses(&transaction, &writer, provider, lines).await?;
    }
    transaction.commit().await?;
    Ok(true)
}

async fn is_empty(db: &impl ConnectionTrait) -> Result<bool> {
    let head = catalogue::Entity::find().lock(LockType::Update).one(db).await?;
    Ok(head.is_some_and(|head| head.position == 0))
}

async fn courses(db: &DatabaseTransaction, writer: &Writer, provider: &str, lines: &str) -> Result<()> {
    let row = |line| serde_json::from_str(line).map(|fields| ImportRow { fields, errors: Vec::new() });
    let rows: Vec<ImportRow> = lines.lines().map(row).collect::<Result<_, _>>().map_err(AppError::internal)?;
    let found = provider_slug::Entity::find_by_id(provider).one(db).await?;
    let provider = found.ok_or_else(|| AppError::internal(format!("there is no provider {provider}")))?.provider_id;
    let options = WriteOptions { writer, provider, publish_new: true, all_or_none: false, agrees: true };
    for outcome in upsert(db, &options, &rows).await?.results {
        if let RowResult::Rejected(errors) = outcome {
            return Err(AppError::internal(format!("the starter catalogue: {errors:?}")));
        }
    }
    Ok(())
}
