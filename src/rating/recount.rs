//! Counting all figures again from the reviews themselves, by statements over whole tables: what `lectern ratings` does.
//! Nothing should ever be found; the command shows that, and mends what was written past the server.

use entity::{ChangeKind, ListingType};
use sea_orm::{ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, QueryResult, Statement};

use super::figures::{COLUMNS, COURSES, PROVIDERS, Table};
use crate::changelog::{Entry, RATED};
use crate::error::Result;
use crate::write::{Writer, as_writer};

/// Figures that were not what the reviews say, and are now.
#[derive(Debug)]
pub struct Wrong {
    /// Whether they are those of a course or of a provider.
    pub listing: ListingType,
    /// Which one, by its slug.
    pub slug: String,
    /// Each figure that was wrong: its column, what it was, what it is.
    pub figures: Vec<(&'static str, i64, i64)>,
    id: i64,
    provider: i64,
    is_shown: bool,
}

const OF_COURSES: &str = "select review.*, review.course_id as owner from review";
const OF_PROVIDERS: &str =
    "select review.*, course.provider_id as owner from review join course on course.id = review.course_id";

/// What the log says of a listing, and whether the public sees it.
const ALL_COURSES: &str = "select course.id, course.slug, course.provider_id, \
    course.status <> 'DRAFT' and provider.status = 'ACTIVE' as is_shown \
    from course join provider on provider.id = course.provider_id";
const ALL_PROVIDERS: &str = "select id, slug, id as provider_id, status = 'ACTIVE' as is_shown from provider";

/// Counts all figures again, puts those right that are wrong, and gives them. Whoever writes a review meanwhile waits: what
/// they add would be counted here and then be added once more.
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
        // SQLite takes `on` for that of a join unless a condition stands before it.
        tx.execute_unprepared(&format!(
            "insert into {name} ({owner}, {columns}) select * from ({wrong}) as wrong where true \
             on conflict ({owner}) do update set {right}"
        ))
        .await?;
    }
    Ok(found)
}

/// What the figures of each owner are to be, where they are not. Whoever has no review needs no row; one that is there
/// holds zeros.
fn wrong(Table { name, owner }: &Table, reviews: &str) -> String {
    let stars = (1..=5).map(|stars| format!("sum(case when shown.rating = {stars} then 1 else 0 end)"));
    let parts = ["curriculum", "instructors", "job_support"];
    let parts = parts.map(|part| [format!("count(shown.{part})"), format!("sum(shown.{part})")]);
    let verified = "sum(case when shown.verification <> 'NONE' then 1 else 0 end)".to_owned();
    let figures = std::iter::once("count(shown.id)".to_owned()).chain(stars);
    let figures = figures.chain(parts.into_iter().flatten()).chain([verified]).zip(COLUMNS);
    let figures: Vec<String> = figures.map(|(sum, column)| format!("coalesce({sum}, 0) as {column}")).collect();
    format!(
        "with shown as ({reviews} where review.status = 'PUBLISHED'), \
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
        action: RATED,
        listing_type: wrong.listing,
        listing_id: wrong.id,
        slug: wrong.slug.clone(),
        provider_id: Some(wrong.provider),
        event: wrong.is_shown.then_some(ChangeKind::Updated),
        fields: None,
    }
}
