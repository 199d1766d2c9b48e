//! The documents of one course: its own and those of its offerings.

use std::sync::Arc;

use chrono::NaiveDate;
use entity::*;
use tantivy::TantivyDocument;

use super::draft::Draft;
use super::rows::Facts;
use crate::course::facts::{estimated_hours, hours_per_week, price};
use crate::dictionary::{Certification, Dictionary, Named, Provider};
use crate::rating;
use crate::search::fields::FREE;
use crate::search::{DocKind, Fields, ON_DEMAND, financing};
use crate::text::fold;

/// The block of one course, itself first.
pub(super) fn documents(dictionary: &Dictionary, fields: &Fields, facts: &Facts) -> Vec<TantivyDocument> {
    let offerings = facts.offerings.iter().map(|row| offering(fields, row));
    std::iter::once(course(dictionary, fields, facts)).chain(offerings).collect()
}

fn course(dictionary: &Dictionary, fields: &Fields, facts: &Facts) -> TantivyDocument {
    let mut draft = Draft::new(fields, DocKind::Course, facts.course.id);
    draft.numbers(fields.owner, [facts.course.id]);
    prose(&mut draft, dictionary, facts);
    links(&mut draft, dictionary, facts);
    lists(&mut draft, &facts.course);
    figures(&mut draft, &facts.course);
    statements(&mut draft, facts);
    ratings(&mut draft, facts.rating.as_ref());
    draft.numbers(fields.employment, facts.employment);
    draft.document
}

fn prose(draft: &mut Draft<'_>, dictionary: &Dictionary, facts: &Facts) {
    let (row, fields) = (&facts.course, draft.fields);
    draft.texts(fields.title, [&row.title]);
    draft.texts(fields.prefixes, [&row.title]);
    // Cut off, since cursors hold it too; titles that are equal so far are put in order by id.
    draft.texts(fields.name_key, [fold(&row.title).chars().take(200).collect::<String>()]);
    draft.texts(fields.shown_title, [&row.title]);
    draft.texts(fields.summary, &row.summary);
    draft.texts(fields.shown_summary, &row.summary);
    draft.texts(fields.description, &row.description);
    for skill in dictionary.skills.all(&facts.skills) {
        draft.texts(fields.skill_names, skill.names());
    }
    let providers = dictionary.providers.get(row.provider_id).cloned().into_iter();
    draft.texts(fields.provider_names, providers.chain(partners(dictionary, facts)).map(|row| row.row.name.clone()));
    let careers = dictionary.careers.all(&facts.careers);
    let subjects = dictionary.subjects.all(&facts.subjects);
    draft.texts(fields.career_names, careers.iter().map(|row| row.name()));
    draft.texts(fields.career_names, subjects.iter().map(|row| row.name()));
    draft.texts(fields.career_names, certifications(dictionary, facts).map(|row| row.row.name.clone()));
}

/// The partners that the public knows of.
fn partners(dictionary: &Dictionary, facts: &Facts) -> impl Iterator<Item = Arc<Provider>> {
    dictionary.providers.all(&facts.partners).into_iter().filter(|partner| partner.is_public())
}

/// The certifications that the public knows of: published ones of issuers that it knows of.
fn certifications(dictionary: &Dictionary, facts: &Facts) -> impl Iterator<Item = Arc<Certification>> {
    let issuer = |row: &Certification| dictionary.providers.get(row.row.issuer_id).is_some_and(|p| p.is_public());
    let published = |row: &Certification| row.row.status == ListingStatus::Published;
    dictionary.certifications.all(&facts.certifications).into_iter().filter(move |row| published(row) && issuer(row))
}

fn links(draft: &mut Draft<'_>, dictionary: &Dictionary, facts: &Facts) {
    let fields = draft.fields;
    draft.numbers(fields.provider, [facts.course.provider_id]);
    for partner in partners(dictionary, facts) {
        draft.numbers(fields.partner, [partner.row.id]);
        draft.numbers(fields.partner_kind, [partner.row.kind as i64]);
    }
    draft.numbers(fields.subject, facts.subjects.iter().copied());
    draft.numbers(fields.skill, facts.skills.iter().copied());
    for (level, field) in fields.needs() {
        let needed = facts.required.iter().filter(|row| row.level == level);
        draft.numbers(field, needed.map(|row| row.skill_id));
    }
    draft.numbers(fields.required_course, facts.required_courses.iter().copied());
    let asks_more = !facts.required_courses.is_empty() || facts.course.prerequisite_note.is_some();
    draft.numbers(fields.asks_more, asks_more.then_some(1));
    draft.numbers(fields.certification, certifications(dictionary, facts).map(|row| row.row.id));
    draft.numbers(fields.career, facts.careers.iter().copied());
}

fn lists(draft: &mut Draft<'_>, row: &course::Model) {
    let fields = draft.fields;
    draft.numbers(fields.kind, [row.kind as i64]);
    draft.numbers(fields.level, row.level.map(|level| level as i64));
    draft.members(fields.format, row.formats);
    draft.members(fields.schedule, row.schedules);
    draft.texts(fields.language, row.languages.split(',').filter(|tag| !tag.is_empty()));
    draft.numbers(fields.pricing, row.pricing_category.map(|category| category as i64));
}

fn figures(draft: &mut Draft<'_>, row: &course::Model) {
    let fields = draft.fields;
    if let Some(price) = price(row) {
        draft.numbers(fields.price, [price.minor]);
        draft.texts(fields.price_currency, [if price.minor == 0 { FREE } else { price.currency.code() }]);
    }
    draft.numbers(fields.weeks, row.duration_weeks);
    draft.numbers(fields.hours, estimated_hours(row));
    draft.fractions(fields.hours_per_week, hours_per_week(row));
    draft.numbers(fields.mentoring_sessions, row.mentoring_sessions);
    draft.numbers(fields.free_retake, row.free_retake_within_months);
    draft.numbers(fields.published_at, row.published_at.map(|time| time.timestamp_micros()));
    draft.numbers(fields.updated_at, [row.updated_at.timestamp_micros()]);
}

fn statements(draft: &mut Draft<'_>, facts: &Facts) {
    let (row, fields) = (&facts.course, draft.fields);
    draft.numbers(fields.certificate_of_completion, row.certificate_of_completion);
    draft.numbers(fields.job_preparation, row.job_preparation);
    draft.numbers(fields.job_guarantee, row.job_guarantee);
    draft.numbers(fields.portfolio, row.portfolio);
    draft.numbers(fields.no_prerequisites, row.no_prerequisites);
    draft.numbers(fields.award, facts.awarded.then_some(1));
    draft.numbers(fields.financing, facts.plans.iter().map(|plan| financing::key(plan.kind, plan.apr_percent_e4)));
    // In order, so that the first one from a day on is the next.
    let mut starts: Vec<i64> = facts.offerings.iter().map(start).collect();
    starts.sort_unstable();
    draft.numbers(fields.starts, starts);
}

fn ratings(draft: &mut Draft<'_>, row: Option<&course_rating::Model>) {
    let fields = draft.fields;
    let count = row.map_or(0, |row| row.count);
    draft.numbers(fields.review_count, [count]);
    let Some(row) = row.filter(|_| count > 0) else { return };
    let sum = rating::sum_of_stars([row.stars1, row.stars2, row.stars3, row.stars4, row.stars5]);
    draft.fractions(fields.rating, [f64::from(sum) / f64::from(count)]);
    draft.fractions(fields.score, rating::score(count, sum));
}

fn offering(fields: &Fields, row: &offering::Model) -> TantivyDocument {
    let mut draft = Draft::new(fields, DocKind::Offering, row.id);
    draft.numbers(fields.owner, [row.course_id]);
    draft.numbers(fields.format, [row.format as i64]);
    draft.numbers(fields.schedule, row.schedule.map(|schedule| schedule as i64));
    draft.texts(fields.language, &row.language);
    draft.numbers(fields.starts, [start(row)]);
    draft.texts(fields.city, row.city.as_deref().map(fold));
    draft.texts(fields.region, row.region.as_deref().map(fold));
    draft.texts(fields.country, &row.country);
    draft.fractions(fields.latitude, row.latitude);
    draft.fractions(fields.longitude, row.longitude);
    draft.document
}

fn start(row: &offering::Model) -> i64 {
    row.starts_on.map_or(ON_DEMAND, days)
}

/// Days since 1970.
pub fn days(date: NaiveDate) -> i64 {
    date.signed_duration_since(NaiveDate::default()).num_days()
}
