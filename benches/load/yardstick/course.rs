//! Course page in one statement.

use actix_web::{HttpResponse, get, web};
use chrono::{DateTime, Utc};
use sqlx::FromRow;

use super::json::{FORMATS, Json, Price};
use super::pool::with_rows;
use super::{Answer, Pool, answer};

/// The database assembles the lists, so that one round trip returns one row.
pub const SQL: &str = "
select c.id, c.title, c.summary, c.description, c.kind, c.level, c.formats, c.languages, c.duration_weeks,
       c.duration_hours, coalesce(c.duration_days_min, c.duration_days_max, c.hours_per_week_min,
       c.hours_per_week_max) as measure, c.pricing_category, c.price, c.price_currency, c.price_per, c.job_guarantee,
       c.url, c.updated_at, p.id as provider_id, p.slug as provider_slug, p.name as provider_name,
       p.kind as provider_kind, p.url as provider_url, coalesce(r.count, 0) as reviews,
       coalesce(r.stars1 + 2 * r.stars2 + 3 * r.stars3 + 4 * r.stars4 + 5 * r.stars5, 0) as stars,
       (select string_agg(s.slug || '\u{1f}' || s.name || '\u{1f}' || s.kind, '\u{1e}' order by l.position)
        from course_skill l join skill s on s.id = l.skill_id where l.course_id = c.id) as skills,
       (select string_agg(t.slug || '\u{1f}' || t.name || '\u{1f}' || t.kind, '\u{1e}' order by l.position)
        from course_certification l join certification t on t.id = l.certification_id
        join provider i on i.id = t.issuer_id and i.status = 'ACTIVE' where l.course_id = c.id) as certifications
from course c join provider p on p.id = c.provider_id left join course_rating r on r.course_id = c.id
where c.slug = $1 and c.status <> 'DRAFT' and p.status <> 'PENDING'";

row! {
    struct Row<'r> {
        id: i64,
        title: &'r str,
        summary: Option<&'r str>,
        description: Option<&'r str>,
        kind: &'r str,
        level: Option<&'r str>,
        formats: i32,
        languages: &'r str,
        duration_weeks: Option<i32>,
        duration_hours: Option<i32>,
        measure: Option<i32>,
        pricing_category: Option<&'r str>,
        price: Option<i64>,
        price_currency: Option<&'r str>,
        price_per: Option<&'r str>,
        job_guarantee: Option<bool>,
        url: Option<&'r str>,
        updated_at: DateTime<Utc>,
        provider_id: i64,
        provider_slug: &'r str,
        provider_name: &'r str,
        provider_kind: &'r str,
        provider_url: Option<&'r str>,
        reviews: i32,
        stars: i32,
        skills: Option<&'r str>,
        certifications: Option<&'r str>,
    }
}

#[get("/course/{slug}")]
pub async fn get(pool: web::Data<Pool>, slug: web::Path<String>) -> Answer {
    let slug = slug.into_inner();
    Ok(with_rows!(&**pool, sqlx::query(SQL).bind(&*slug), |rows| match rows.first().map(Row::from_row) {
        Some(row) => answer(page(&slug, &row.map_err(super::failed)?)),
        None => HttpResponse::Ok().body("{\"data\":{\"course\":null}}"),
    }))
}

fn page(slug: &str, row: &Row<'_>) -> Json {
    let mut json = Json::new();
    json.raw("{\"data\":{\"course\":{\"id\":").id("Course", row.id).raw(",\"slug\":").word(slug);
    json.raw(",\"title\":").value(row.title).raw(",\"summary\":").value(&row.summary);
    json.raw(",\"description\":").value(&row.description).raw(",\"kind\":").word(row.kind);
    json.raw(",\"level\":").word_or_null(row.level);
    json.raw(",\"formats\":").set(row.formats, &FORMATS);
    let languages = row.languages.split(',').filter(|tag| !tag.is_empty());
    json.raw(",\"languages\":").list(languages, |json, tag| {
        json.word(tag);
    });
    json.raw(",\"duration\":");
    if row.duration_weeks.or(row.duration_hours).or(row.measure).is_some() {
        json.raw("{\"weeks\":").value(&row.duration_weeks).raw(",\"hours\":").value(&row.duration_hours).raw("}");
    } else {
        json.raw("null");
    }
    let (category, per) = (row.pricing_category, row.price_per);
    json.raw(",\"price\":").price(&Price { category, per, minor: row.price, currency: row.price_currency });
    json.raw(",\"jobGuarantee\":").value(&row.job_guarantee).raw(",\"url\":").value(&row.url);
    json.raw(",\"updatedAt\":").moment(row.updated_at);
    json.raw(",\"provider\":{\"id\":").id("Provider", row.provider_id).raw(",\"slug\":").word(row.provider_slug);
    json.raw(",\"name\":").value(row.provider_name).raw(",\"kind\":").word(row.provider_kind);
    json.raw(",\"url\":").value(&row.provider_url);
    json.raw("},\"skills\":").objects(row.skills, &["slug", "name", "kind"]);
    json.raw(",\"certifications\":").objects(row.certifications, &["slug", "name", "kind"]);
    json.raw(",\"ratings\":").ratings(row.reviews, row.stars).raw("}}}");
    json
}
