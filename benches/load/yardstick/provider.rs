//! Provider's page in one statement.

use actix_web::{HttpResponse, get, web};
use sqlx::FromRow;

use super::json::{Json, Price};
use super::pool::with_rows;
use super::{Answer, Pool, answer};

/// One row per course, or a single one for a provider without courses. The provider's long text is returned once.
pub const SQL: &str = "
with page as (
    select c.id, row_number() over (order by lower(c.title), c.id) as place
    from course c where c.provider_id = (select id from provider where slug = $1) and c.status = 'PUBLISHED'
    order by lower(c.title), c.id limit 21)
select p.id, p.name, p.kind, case when coalesce(page.place, 1) = 1 then p.description end as description, p.url,
       coalesce(q.count, 0) as all_reviews,
       coalesce(q.stars1 + 2 * q.stars2 + 3 * q.stars3 + 4 * q.stars4 + 5 * q.stars5, 0) as all_stars,
       c.slug, c.title, c.kind as course_kind, c.level, c.pricing_category, c.price, c.price_currency, c.price_per,
       coalesce(r.count, 0) as reviews,
       coalesce(r.stars1 + 2 * r.stars2 + 3 * r.stars3 + 4 * r.stars4 + 5 * r.stars5, 0) as stars
from provider p left join provider_rating q on q.provider_id = p.id
left join page on p.status = 'ACTIVE' left join course c on c.id = page.id left join course_rating r on r.course_id = c.id
where p.slug = $1 and p.status <> 'PENDING' order by page.place";

row! {
    struct Row<'r> {
        id: i64,
        name: &'r str,
        kind: &'r str,
        description: Option<&'r str>,
        url: Option<&'r str>,
        all_reviews: i32,
        all_stars: i32,
        slug: Option<&'r str>,
        title: Option<&'r str>,
        course_kind: Option<&'r str>,
        level: Option<&'r str>,
        pricing_category: Option<&'r str>,
        price: Option<i64>,
        price_currency: Option<&'r str>,
        price_per: Option<&'r str>,
        reviews: i32,
        stars: i32,
    }
}

#[get("/provider/{slug}")]
pub async fn get(pool: web::Data<Pool>, slug: web::Path<String>) -> Answer {
    let slug = slug.into_inner();
    Ok(with_rows!(&**pool, sqlx::query(SQL).bind(&*slug), |rows| {
        let rows: Vec<Row<'_>> = rows.iter().map(Row::from_row).collect::<Result<_, _>>().map_err(super::failed)?;
        match rows.first() {
            Some(first) => answer(page(&slug, first, &rows)),
            None => HttpResponse::Ok().body("{\"data\":{\"provider\":null}}"),
        }
    }))
}

fn page(slug: &str, first: &Row<'_>, rows: &[Row<'_>]) -> Json {
    let mut json = Json::new();
    json.raw("{\"data\":{\"provider\":{\"id\":").id("Provider", first.id).raw(",\"slug\":").word(slug);
    json.raw(",\"name\":").value(first.name).raw(",\"kind\":").word(first.kind);
    json.raw(",\"description\":").value(&first.description).raw(",\"url\":").value(&first.url);
    json.raw(",\"ratings\":").ratings(first.all_reviews, first.all_stars).raw(",\"courses\":{\"nodes\":");
    let courses = rows.iter().filter(|row| row.slug.is_some());
    json.list(courses.take(20), course);
    json.raw(",\"pageInfo\":{\"hasNextPage\":").value(&(rows.len() > 20)).raw("}}}}}");
    json
}

fn course(json: &mut Json, row: &Row<'_>) {
    json.raw("{\"slug\":").word_or_null(row.slug).raw(",\"title\":").value(&row.title);
    json.raw(",\"kind\":").word_or_null(row.course_kind).raw(",\"level\":").word_or_null(row.level);
    let (category, per) = (row.pricing_category, row.price_per);
    json.raw(",\"price\":").price(&Price { category, per, minor: row.price, currency: row.price_currency });
    json.raw(",\"ratings\":").ratings(row.reviews, row.stars).raw("}");
}
