//! Recomputes all ratings from the reviews, with statements over whole tables: the work of `lectern ratings`. It should
//! never find a difference; the command proves that, and repairs what was written past the server.

use entity::{ChangeKind, ListingType};
use sea_orm::{ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, QueryResult, Statement};

use super::figures::{COLUMNS, COURSES, PROVIDERS, Table};
use crate::changelog::{Action, Entry};
use crate::error::Result;
use crate::write::{Writer, as_writer};

/// Rating that differed from its reviews and was corrected.
#[derive(Debug)]
pub struct Wrong {
    /// Kind of the listing: course or provider.
    pub listing: ListingType,
    /// Slug of the listing.
    pub slug: String,
    /// Corrected columns, each with its old and its new value.
    pub figures: Vec<(&'static str, i64, i64)>,
    id: i64,
    provider: i64,
    is_shown: bool,
}

const OF_COURSES: &str = "select review.*, review.course_id as owner from review";
const OF_PROVIDERS: &str =
    "select review.*, course.provider_id as owner from review join course on course.id = review.course_id";

/// Data of a listing for the log entry, and whether the public sees the listing.
const ALL_COURSES: &str = "select course.id, course.slug, course.provider_id, \
    course.status <> 'DRAFT' and provider.status = 'ACTIVE' as is_shown \
    from course join provider on provider.id = course.provider_id";
const ALL_PROVIDERS: &str = "select id, slug, id as provider_id, status = 'ACTIVE' as is_shown from provider";

/// Recomputes all ratings, corrects those that differ and returns them. Concurrent writers of reviews wait: otherwise
/// their additions would be counted here and then added a second time.
pub async fn recount(db: &DatabaseConnection, writer: &Writer) -> Result<Vec<Wrong>> {
    as_writer(db, writer, async |tx| {
        if tx.get_database_backend() == DbBackend::Postgres {
            tx.execute_unprepared("set local statement_timeout = 0").await?;
            tx.execute_unprepared("lock table course_rating, provider_rating in share row exclusive mode").await?;
        }
        let mut wrong = mend(&tx, (&COURSES, ListingType::Course), OF_COURSES, ALL_COURSES).await?;
        wrong.extend(mend(&tx, (&PROVIDERS, ListingType::Provider), OF_PROVIDERS, ALL_PROVIDERS).await?);
        writer.log(&tx, wrong.iter().map(|wrong| entry(writer, wrong)).collect()).await?;
        Ok(wrong)
    })
    .await
}

async fn mend(
    tx: &DatabaseTransaction,
    (table, listing): (&Table, ListingType),
    reviews: &str,
    listings: &str,
) -> Result<Vec<Wrong>> {
    let Table { name, owner } = table;
    let (wrong, columns) = (wrong(table, reviews), COLUMNS.join(", "));
    let was = COLUMNS.map(|column| format!("cast(coalesce({name}.{column}, 0) as bigint) as was_{column}")).join(", ");
    let sql = format!(
        "select wrong.*, listing.*, {was} from ({wrong}) as wrong join ({listings}) as listing on listing.id = wrong.owner \
         left join {name} on {name}.{owner} = wrong.owner order by wrong.owner"
    );
    let found = tx.query_all_raw(Statement::from_string(tx.get_database_backend(), sql)).await?;
    let found: Vec<Wrong> = found.iter().map(|row| read(listing, row)).collect::<Result<_, _>>()?;
    if !found.is_empty() {
        let right = COLUMNS.map(|column| format!("{column} = excluded.{column}")).join(", ");
        // SQLite parses `on` as part of a join unless a condition precedes it.
        tx.execute_unprepared(&format!(
            "insert into {name} ({owner}, {columns}) select * from ({wrong}) as wrong where true \
             on conflict ({owner}) do update set {right}"
        ))
        .await?;
    }
    Ok(found)
}

/// Query for the correct ratings of all owners whose stored rating differs. An owner without reviews needs no row; if
/// it has one, the row holds zeros.
fn wrong(Table { name, owner }: &Table, reviews: &str) -> String {
    let stars = (1..=5).map(|stars| format!("sum(case when shown.rating = {stars} then 1 else 0 end)"));
    let parts = ["curriculum", "instructors", "job_support"];
    let parts = parts.map(|part| [format!("count(shown.{part})"), format!("sum(shown.{part})")]);
    let verified = "sum(case when shown.verification <> 'NONE' then 1 else 0 end)".to_owned();
    let figures = std::iter::once("count(shown.id)".to_owned()).chain(stars);
    let figures = figures.chain(parts.into_iter().flatten()).chain([verified]).zip(COLUMNS);
    let figures: Vec<String> = figures.map(|(sum, column)| format!("coalesce({sum}, 0) as {column}")).collect();
    format!(
        "with shown as ({reviews} where review.status = 'PUBLISHED' and review.source_key is null), \
         owners as (select owner from shown union select {owner} from {name}) \
         select owners.owner, {} from owners left join shown on shown.owner = owners.owner group by owners.owner \
         except select {owner}, {} from {name}",
        figures.join(", "),
        COLUMNS.join(", "),
    )
}

fn read(listing: ListingType, row: &QueryResult) -> Result<Wrong, DbErr> {
    let mut figures = Vec::new();
    for column in COLUMNS {
        let (was, is): (i64, i64) = (row.try_get("was_", column)?, row.try_get("", column)?);
        if was != is {
            figures.push((column, was, is));
        }
    }
    Ok(Wrong {
        listing,
        slug: row.try_get("", "slug")?,
        figures,
        id: row.try_get("", "owner")?,
        provider: row.try_get("", "provider_id")?,
        is_shown: row.try_get("", "is_shown")?,
    })
}

fn entry(writer: &Writer, wrong: &Wrong) -> Entry {
    Entry {
        actor: writer.actor.clone(),
        action: Action::ReviewRate,
        listing_type: wrong.listing,
        listing_id: wrong.id,
        slug: wrong.slug.clone(),
        provider_id: Some(wrong.provider),
        event: wrong.is_shown.then_some(ChangeKind::Updated),
        fields: None,
    }
}
