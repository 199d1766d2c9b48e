//! Search with facets: the database's own full-text search, and all counts in the same statement, so that the text is
//! searched once. A second statement loads the twenty courses of the page.

use std::sync::LazyLock;

use actix_web::{get, web};
use serde::Deserialize;
use sqlx::query::Query;
use sqlx::{Database, Encode, FromRow, Type};

use super::card::{self, CARDS, Card};
use super::json::{FORMATS, Json, PART};
use super::pool::with_rows;
use super::{Answer, Pool, answer};

/// Indexed expression on PostgreSQL.
pub const POSTGRES_INDEX: &str = "
create table bench_text as select c.id as course_id,
    setweight(to_tsvector('english', c.title), 'A') || setweight(to_tsvector('english', coalesce((
        select string_agg(s.name, ' ') from course_skill l join skill s on s.id = l.skill_id
        where l.course_id = c.id), '')), 'B') ||
    setweight(to_tsvector('english', coalesce(c.summary, '')), 'C') ||
    setweight(to_tsvector('english', coalesce(c.description, '')), 'D') as document from course c;
create unique index bench_text_course on bench_text (course_id);
create index bench_text_document on bench_text using gin (document);";
/// Indexed expression on SQLite.
pub const SQLITE_INDEX: &str = "
create virtual table bench_text using fts5(title, skills, summary, description, content='', tokenize='porter unicode61');
insert into bench_text (rowid, title, skills, summary, description) select c.id, c.title, (
    select string_agg(s.name, ' ') from course_skill l join skill s on s.id = l.skill_id where l.course_id = c.id),
    c.summary, c.description from course c;
insert into bench_text (bench_text) values ('optimize');";

const POSTGRES_HITS: &str = "
select f.course_id as id, -ts_rank(f.document, q) as score, c.kind, c.level, c.formats
from plainto_tsquery('english', $1) q, bench_text f join course c on c.id = f.course_id
join provider p on p.id = c.provider_id and p.status = 'ACTIVE' where f.document @@ q and c.status = 'PUBLISHED'";
const SQLITE_HITS: &str = "
select c.id, bm25(bench_text, 4.0, 3.0, 1.5, 1.0) as score, c.kind, c.level, c.formats
from bench_text join course c on c.id = bench_text.rowid
join provider p on p.id = c.provider_id and p.status = 'ACTIVE' where bench_text match $1 and c.status = 'PUBLISHED'";

/// Rows of several kinds: 0 the page, 1 kinds, 2 levels, which ignore the condition on the level, 3 sets of formats, 4
/// skills, 5 total.
fn counts(hits: &str, level: bool) -> String {
    let condition = if level { "where level = $2" } else { "" };
    format!(
        "with hits as materialized ({hits}), found as materialized (select * from hits {condition})
         select 0 as part, '' as value, id as count from (select id from found order by score, id limit 20) as best
         union all select 1, kind, count(*) from found group by kind
         union all select 2, level, count(*) from hits where level is not null group by level
         union all select 3, cast(formats as text), count(*) from found group by formats
         union all select 4, value, count from (select s.slug || '\u{1f}' || s.name as value, count(*) as count
             from found join course_skill l on l.course_id = found.id join skill s on s.id = l.skill_id
             group by s.id, s.slug, s.name order by count(*) desc, lower(s.name) limit 20) as taught
         union all select 5, '', count(*) from found"
    )
}

/// Statements: counts without and with a condition on the level, and the page.
pub struct Statements {
    pub counts: [String; 2],
    pub page: String,
}

impl Statements {
    fn new(hits: &str, ids: &str) -> Self {
        let page = format!("with page as ({ids}) {CARDS}");
        Self { counts: [false, true].map(|level| counts(hits, level)), page }
    }

    pub fn of(pool: &Pool) -> &'static Self {
        static POSTGRES: LazyLock<Statements> = LazyLock::new(|| {
            let ids = "select id, place from unnest($1::bigint[]) with ordinality as t (id, place)";
            Statements::new(POSTGRES_HITS, ids)
        });
        static SQLITE: LazyLock<Statements> =
            LazyLock::new(|| Statements::new(SQLITE_HITS, "select value as id, key as place from json_each($1)"));
        match pool {
            Pool::Postgres(_) => &POSTGRES,
            Pool::Sqlite(_) => &SQLITE,
        }
    }
}

/// Parameters.
#[derive(Deserialize)]
pub struct SearchParameters {
    text: String,
    level: Option<String>,
}

row! {
    struct Count<'r> {
        part: i32,
        value: &'r str,
        count: i64,
    }
}

#[get("/search")]
pub async fn get(pool: web::Data<Pool>, parameters: web::Query<SearchParameters>) -> Answer {
    let statements = Statements::of(&pool);
    let text = match &**pool {
        Pool::Postgres(_) => parameters.text.clone(),
        // In quotes every word is a plain word, whatever it means to the query language.
        Pool::Sqlite(_) => parameters.text.split_whitespace().map(|word| format!("\"{word}\" ")).collect(),
    };
    let counting = &*statements.counts[usize::from(parameters.level.is_some())];
    let (ids, facets) = with_rows!(&**pool, counted(counting, &text, parameters.level.as_ref()), |rows| {
        let counts = rows.iter().map(Count::from_row).collect::<Result<Vec<_>, _>>().map_err(super::failed)?;
        let ids: Vec<i64> = counts.iter().filter(|count| count.part == 0).map(|count| count.count).collect();
        (ids, facets(&counts))
    });
    match &**pool {
        Pool::Postgres(pool) => {
            let rows = sqlx::query(&*statements.page).bind(ids).fetch_all(pool).await.map_err(super::failed)?;
            page(rows.iter().map(Card::from_row), facets)
        }
        Pool::Sqlite(pool) => {
            let ids = serde_json::Value::from(ids).to_string();
            let rows = sqlx::query(&*statements.page).bind(ids).fetch_all(pool).await.map_err(super::failed)?;
            page(rows.iter().map(Card::from_row), facets)
        }
    }
}

fn counted<'q, DB: Database>(sql: &'static str, text: &str, level: Option<&String>) -> Query<'q, DB, DB::Arguments>
where
    String: Encode<'q, DB> + Type<DB>,
{
    let query = sqlx::query(sql).bind(text.to_owned());
    level.into_iter().fold(query, |query, level| query.bind(level.clone()))
}

/// Response up to the courses of the page.
fn facets(counts: &[Count<'_>]) -> Json {
    let mut json = Json::new();
    let part =
        |part: i32| counts.iter().filter(move |count| count.part == part).map(|count| (count.value, count.count));
    let total = part(5).next().map_or(0, |(_, count)| count);
    let has_next = total > 20;
    json.raw("{\"data\":{\"courses\":{\"totalCount\":").value(&total);
    json.raw(",\"pageInfo\":{\"hasNextPage\":").value(&has_next).raw("},\"facets\":{\"kinds\":");
    members(&mut json, part(1).collect());
    json.raw(",\"levels\":");
    members(&mut json, part(2).collect());
    json.raw(",\"formats\":");
    members(&mut json, formats(part(3)));
    json.raw(",\"skills\":").list(part(4), |json, (skill, count)| {
        let (slug, name) = skill.split_once(PART).unwrap_or_default();
        json.raw("{\"value\":{\"slug\":").word(slug).raw(",\"name\":").value(name);
        json.raw("},\"count\":").value(&count).raw("}");
    });
    json.raw("}");
    json
}

/// Number of courses per format, from the number per set of formats.
fn formats<'a>(sets: impl Iterator<Item = (&'a str, i64)>) -> Vec<(&'static str, i64)> {
    let mut counts = FORMATS.map(|format| (format, 0));
    for (set, count) in sets {
        let set: usize = set.parse().unwrap_or_default();
        let members = counts.iter_mut().enumerate().filter(|(place, _)| set & (1 << place) != 0);
        members.for_each(|(_, (_, all))| *all += count);
    }
    counts.into_iter().filter(|(_, count)| *count > 0).collect()
}

fn members(json: &mut Json, mut counts: Vec<(&str, i64)>) {
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    json.list(counts, |json, (member, count)| {
        json.raw("{\"value\":").word(member).raw(",\"count\":").value(&count).raw("}");
    });
}

fn page<'r>(cards: impl Iterator<Item = Result<Card<'r>, sqlx::Error>>, mut json: Json) -> Answer {
    let cards = cards.collect::<Result<Vec<_>, _>>().map_err(super::failed)?;
    json.raw(",\"nodes\":").list(&cards, card::write).raw("}}}");
    Ok(answer(json))
}
