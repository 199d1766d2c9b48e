//! Documents of one course: its own and those of its offerings.

use std::sync::Arc;

use entity::*;
use search::FREE;
use search::document_builder::DocumentBuilder;
use search::folding::fold;
use search::{DocKind, Fields, ON_DEMAND, days, financing, openings};
use search::{TantivyDocument, code_key};

use crate::course::COURSE;
use crate::course::derived::{estimated_hours, hours_per_week, languages, price};
use crate::dictionary::{Certification, Dictionary, NamedEntity, Provider};
use crate::indexing::documents::rows::CourseRows;
use crate::rating;

/// Block of one course, starting with the course itself.
pub(super) fn documents(dictionary: &Dictionary, fields: &Fields, rows: &CourseRows) -> Vec<TantivyDocument> {
    let offerings = rows.offerings.iter().map(|row| offering(fields, row));
    std::iter::once(course(dictionary, fields, rows)).chain(offerings).collect()
}

fn course(dictionary: &Dictionary, fields: &Fields, rows: &CourseRows) -> TantivyDocument {
    let mut builder = DocumentBuilder::new(fields, DocKind::Course, rows.course.id);
    builder.numbers(fields.owner, [rows.course.id]);
    prose(&mut builder, dictionary, rows);
    links(&mut builder, dictionary, rows);
    lists(&mut builder, &rows.course);
    figures(&mut builder, &rows.course);
    associations(&mut builder, rows);
    ratings(&mut builder, rows.rating.as_ref());
    builder.numbers(fields.employment, rows.employment);
    builder.document
}

fn prose(builder: &mut DocumentBuilder<'_>, dictionary: &Dictionary, rows: &CourseRows) {
    let (row, fields) = (&rows.course, builder.fields);
    builder.texts(fields.title, [&row.title]);
    builder.texts(fields.prefixes, [&row.title]);
    // Truncated because cursors contain it too. Titles that are equal up to there are sorted by ID.
    builder.texts(fields.name_key, [fold(&row.title).chars().take(200).collect::<String>()]);
    builder.texts(fields.code, row.external_key.as_deref().map(code_key).filter(|code| !code.is_empty()));
    builder.texts(fields.shown_title, [&row.title]);
    builder.texts(fields.summary, &row.summary);
    builder.texts(fields.shown_summary, &row.summary);
    builder.texts(fields.description, &row.description);
    for skill in dictionary.skills.all(&rows.associations.skills) {
        builder.texts(fields.skill_names, skill.names());
    }
    let providers = dictionary.providers.get(row.provider_id).cloned().into_iter();
    builder.texts(fields.provider_names, providers.chain(partners(dictionary, rows)).map(|row| row.row.name.clone()));
    let careers = dictionary.careers.all(&rows.associations.careers);
    let subjects = dictionary.subjects.all(&rows.associations.subjects);
    builder.texts(fields.career_names, careers.iter().map(|row| row.name()));
    builder.texts(fields.career_names, subjects.iter().map(|row| row.name()));
    builder.texts(fields.career_names, certifications(dictionary, rows).map(|row| row.row.name.clone()));
}

/// Partners that are public.
fn partners(dictionary: &Dictionary, rows: &CourseRows) -> impl Iterator<Item = Arc<Provider>> {
    dictionary.providers.all(&rows.associations.partners).into_iter().filter(|partner| partner.is_public())
}

/// Certifications that are public: published ones of public issuers.
fn certifications(dictionary: &Dictionary, rows: &CourseRows) -> impl Iterator<Item = Arc<Certification>> {
    let issuer = |row: &Certification| dictionary.providers.get(row.row.issuer_id).is_some_and(|p| p.is_public());
    let published = |row: &Certification| row.row.status == ListingStatus::Published;
    dictionary
        .certifications
        .all(&rows.associations.certifications)
        .into_iter()
        .filter(move |row| published(row) && issuer(row))
}

fn links(builder: &mut DocumentBuilder<'_>, dictionary: &Dictionary, rows: &CourseRows) {
    let fields = builder.fields;
    builder.numbers(fields.provider, [rows.course.provider_id]);
    for partner in partners(dictionary, rows) {
        builder.numbers(fields.partner, [partner.row.id]);
        builder.numbers(fields.partner_kind, [partner.row.kind as i64]);
    }
    builder.numbers(fields.subject, rows.associations.subjects.iter().copied());
    builder.numbers(fields.skill, rows.associations.skills.iter().copied());
    for (level, field) in fields.needs() {
        let needed = rows.associations.required_skills.iter().filter(|(_, needed)| *needed == level);
        builder.numbers(field, needed.map(|(skill, _)| *skill));
    }
    builder.numbers(fields.required_course, rows.associations.required_courses.iter().copied());
    let asks_more = !rows.associations.required_courses.is_empty() || rows.course.prerequisite_note.is_some();
    builder.numbers(fields.asks_more, asks_more.then_some(1));
    builder.numbers(fields.certification, certifications(dictionary, rows).map(|row| row.row.id));
    builder.numbers(fields.career, rows.associations.careers.iter().copied());
}

fn lists(builder: &mut DocumentBuilder<'_>, row: &course::Model) {
    let fields = builder.fields;
    builder.numbers(fields.kind, [row.kind as i64]);
    builder.numbers(fields.level, row.level.map(|level| level as i64));
    builder.members(fields.format, row.formats);
    builder.members(fields.schedule, row.schedules);
    builder.texts(fields.language, languages(row));
    builder.numbers(fields.pricing, row.pricing_category.map(|category| category as i64));
}

fn figures(builder: &mut DocumentBuilder<'_>, row: &course::Model) {
    let fields = builder.fields;
    if let Some(price) = price(row) {
        builder.numbers(fields.price, [price.minor]);
        builder.texts(fields.price_currency, [if price.minor == 0 { FREE } else { price.currency.code() }]);
    }
    builder.numbers(fields.weeks, row.duration_weeks);
    builder.numbers(fields.hours, estimated_hours(row));
    builder.fractions(fields.hours_per_week, hours_per_week(row));
    for (field, number) in COURSE.indexed(row, fields) {
        builder.numbers(field, [number]);
    }
    builder.numbers(fields.published_at, row.published_at.map(|time| time.timestamp_micros()));
    builder.numbers(fields.updated_at, [row.updated_at.timestamp_micros()]);
}

fn associations(builder: &mut DocumentBuilder<'_>, rows: &CourseRows) {
    let fields = builder.fields;
    builder.numbers(fields.award, rows.associations.has_awards.then_some(1));
    builder.numbers(fields.financing, rows.associations.plans.iter().map(|(kind, rate)| financing::key(*kind, *rate)));
    // Sorted, so that the first open one is the next.
    let mut openings: Vec<i64> =
        rows.offerings.iter().map(|row| openings::encode(start(row), open_until(row))).collect();
    openings.sort_unstable();
    builder.numbers(fields.openings, openings);
}

fn ratings(builder: &mut DocumentBuilder<'_>, row: Option<&course_rating::Model>) {
    let fields = builder.fields;
    let count = row.map_or(0, |row| row.count);
    builder.numbers(fields.review_count, [count]);
    let Some(row) = row.filter(|_| count > 0) else { return };
    let sum = rating::sum_of_stars([row.stars1, row.stars2, row.stars3, row.stars4, row.stars5]);
    builder.fractions(fields.rating, [f64::from(sum) / f64::from(count)]);
    builder.fractions(fields.score, rating::score(count, sum));
}

fn offering(fields: &Fields, row: &offering::Model) -> TantivyDocument {
    let mut builder = DocumentBuilder::new(fields, DocKind::Offering, row.id);
    builder.numbers(fields.owner, [row.course_id]);
    builder.numbers(fields.format, [row.format as i64]);
    builder.numbers(fields.schedule, row.schedule.map(|schedule| schedule as i64));
    builder.texts(fields.language, &row.language);
    builder.numbers(fields.starts, [start(row)]);
    builder.numbers(fields.open_until, [open_until(row)]);
    builder.texts(fields.city, row.city.as_deref().map(fold));
    builder.texts(fields.region, row.region.as_deref().map(fold));
    builder.texts(fields.country, &row.country);
    builder.fractions(fields.latitude, row.latitude);
    builder.fractions(fields.longitude, row.longitude);
    builder.document
}

fn start(row: &offering::Model) -> i64 {
    row.starts_on.map_or(ON_DEMAND, days)
}

/// Last day on which one can join an offering. An offering without free places has none.
fn open_until(row: &offering::Model) -> i64 {
    if row.seats_left == Some(0) {
        return -1;
    }
    row.apply_by.map_or_else(|| start(row), |deadline| start(row).min(days(deadline)))
}
