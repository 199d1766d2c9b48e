//! A small catalogue in which every filter, order and facet has something to distinguish: `alpha` states everything,
//! `beta` states the opposite, `gamma` states nothing, and `delta` lies between. It also has listings that the public
//! must not find. All dates are relative to the clock's 1 June 2026.

use entity::*;
use sea_orm::ActiveValue::Set;

use super::App;
use super::row_writer::{RowWriter, date, day};

pub const ACME: i64 = 1;
pub const ETH: i64 = 2;
pub const PYTHON: i64 = 11;
pub const RUST: i64 = 12;
pub const SQL: i64 = 13;
pub const WEB: i64 = 21;
pub const DATA: i64 = 22;
pub const DEVELOPER: i64 = 31;
pub const BADGE: i64 = 41;
pub const ALPHA: i64 = 101;
pub const BETA: i64 = 102;
pub const GAMMA: i64 = 103;
pub const DELTA: i64 = 104;

/// Links a course to other rows, in this order.
macro_rules! links {
    ($writer:ident, $course:expr; $($table:ident.$column:ident: $($target:expr),+;)+) => {$(
        for (target, position) in [$($target),+].into_iter().zip(0..) {
            $writer.row($table::ActiveModel { course_id: Set($course), $column: Set(target), position: Set(position) }).await;
        }
    )+};
}

/// A partnership that the partner has accepted.
async fn agreed(writer: &RowWriter, id: i64, course_id: i64, provider_id: i64) {
    let row = partnership::ActiveModel {
        id: Set(id),
        course_id: Set(course_id),
        provider_id: Set(provider_id),
        status: Set(PartnershipStatus::Accepted),
        created_at: Set(day("2026-01-01")),
        decided_at: Set(None),
    };
    writer.row(row).await;
}

/// Inserts everything, and waits until the application serves it.
pub async fn seed_small_catalogue(app: &App) {
    let mut writer = RowWriter::open(app).await;
    providers(&mut writer).await;
    taxonomy(&mut writer).await;
    alpha(&mut writer).await;
    beta(&mut writer).await;
    writer.course(GAMMA, ACME, "gamma", |_| {}).await;
    delta(&mut writer).await;
    hidden(&mut writer).await;
    writer.done(app).await;
}

async fn providers(writer: &mut RowWriter) {
    writer.provider(ACME, "acme", |row| row.kind = Set(ProviderKind::Bootcamp)).await;
    writer.provider(ETH, "eth", |row| row.kind = Set(ProviderKind::University)).await;
    let seat =
        |provider, city: &str, region: &str, country: &str, latitude, longitude| provider_location::ActiveModel {
            provider_id: Set(provider),
            position: Set(0),
            city: Set(Some(city.to_owned())),
            region: Set(Some(region.to_owned())),
            country: Set(Some(country.to_owned())),
            latitude: Set(Some(latitude)),
            longitude: Set(Some(longitude)),
        };
    writer.row(seat(ACME, "Boston", "Massachusetts", "US", 42.3601, -71.0589)).await;
    writer.row(seat(ETH, "Zürich", "Zürich", "CH", 47.3769, 8.5417)).await;
    let old = provider_slug::ActiveModel { slug: Set("acme-before".to_owned()), provider_id: Set(ACME) };
    writer.row(old).await;
}

async fn taxonomy(writer: &mut RowWriter) {
    for (id, slug) in [(PYTHON, "python"), (RUST, "rust"), (SQL, "sql")] {
        let (slug, name) = (Set(slug.to_owned()), Set(slug.to_uppercase()));
        writer.row(skill::ActiveModel { id: Set(id), slug, name, kind: Set(SkillKind::Language) }).await;
    }
    for (id, slug) in [(WEB, "web"), (DATA, "data")] {
        writer.row(subject::ActiveModel { id: Set(id), slug: Set(slug.to_owned()), name: Set(slug.to_owned()) }).await;
    }
    let (slug, title) = (Set("developer".to_owned()), Set("Developer".to_owned()));
    writer.row(career::ActiveModel { id: Set(DEVELOPER), slug, title, description: Set(None) }).await;
    let badge = certification::ActiveModel {
        id: Set(BADGE),
        slug: Set("badge".to_owned()),
        name: Set("Badge".to_owned()),
        kind: Set(CertificationKind::Industry),
        issuer_id: Set(ETH),
        version: Set(1),
        created_at: Set(day("2026-01-01")),
        updated_at: Set(day("2026-01-01")),
        ..Default::default()
    };
    writer.row(badge).await;
    writer.changed(ListingType::Taxonomy, PYTHON);
    writer.changed(ListingType::Career, DEVELOPER);
    writer.changed(ListingType::Certification, BADGE);
}

async fn alpha(writer: &mut RowWriter) {
    let everything = |row: &mut course::ActiveModel| {
        row.title = Set("Álpha".to_owned());
        row.kind = Set(CourseKind::Bootcamp);
        row.level = Set(Some(Level::Beginner));
        row.formats = Set(mask(&[Format::InPerson, Format::LiveOnline]));
        row.schedules = Set(mask(&[Schedule::FullTime]));
        row.languages = Set("en-GB".to_owned());
        row.duration_weeks = Set(Some(12));
        row.duration_hours = Set(Some(400));
        row.pricing_category = Set(Some(PricingCategory::Paid));
        row.price = Set(Some(1_000_000));
        row.price_currency = Set(Some("USD".to_owned()));
        row.free_retake_within_months = Set(Some(12));
        row.mentoring_sessions = Set(Some(10));
        row.max_class_size = Set(Some(20));
        row.updated_at = Set(day("2026-05-01"));
        row.published_at = Set(Some(day("2026-02-01")));
        statements(row, true);
    };
    writer.course(ALPHA, ACME, "alpha", everything).await;
    links! { writer, ALPHA;
        course_partner.provider_id: ETH;
        course_subject.subject_id: WEB;
        course_skill.skill_id: PYTHON, RUST;
        course_career.career_id: DEVELOPER;
        course_certification.certification_id: BADGE;
    }
    agreed(writer, 1, ALPHA, ETH).await;
    let prize = award::ActiveModel {
        course_id: Set(ALPHA),
        position: Set(0),
        title: Set("Best of all".to_owned()),
        awarded_by: Set("Everybody".to_owned()),
        year: Set(None),
    };
    writer.row(prize).await;
    plan(writer, ALPHA, 0, FinancingKind::Loan, Some(99_000)).await;
    plan(writer, ALPHA, 1, FinancingKind::Upfront, None).await;
    writer.stars(ALPHA, [0, 0, 0, 0, 2]).await;
    writer.offering(1001, ALPHA, |row| new_york(row, "2026-07-01")).await;
    writer.offering(1002, ALPHA, |row| zurich(row, "2026-05-31")).await;
}

async fn beta(writer: &mut RowWriter) {
    let opposite = |row: &mut course::ActiveModel| {
        row.level = Set(Some(Level::Advanced));
        row.formats = Set(mask(&[Format::SelfPaced]));
        row.schedules = Set(mask(&[Schedule::PartTime]));
        row.languages = Set("de".to_owned());
        row.duration_weeks = Set(Some(4));
        row.pricing_category = Set(Some(PricingCategory::Free));
        row.free_retake_within_months = Set(Some(0));
        row.mentoring_sessions = Set(Some(0));
        row.max_class_size = Set(Some(8));
        row.updated_at = Set(day("2026-04-01"));
        row.published_at = Set(Some(day("2026-03-01")));
        statements(row, false);
    };
    writer.course(BETA, ETH, "beta", opposite).await;
    links! { writer, BETA; course_subject.subject_id: DATA; course_skill.skill_id: SQL; }
    plan(writer, BETA, 0, FinancingKind::Installments, Some(0)).await;
    writer.stars(BETA, [0, 0, 1, 0, 0]).await;
    writer.offering(1003, BETA, |row| row.language = Set(Some("de".to_owned()))).await;
}

async fn delta(writer: &mut RowWriter) {
    let between = |row: &mut course::ActiveModel| {
        row.level = Set(Some(Level::Beginner));
        row.formats = Set(mask(&[Format::LiveOnline]));
        row.languages = Set("en,fr".to_owned());
        row.duration_days_min = Set(Some(10));
        row.pricing_category = Set(Some(PricingCategory::Paid));
        row.price = Set(Some(50_000));
        row.price_currency = Set(Some("EUR".to_owned()));
        row.mentoring_sessions = Set(Some(4));
    };
    writer.course(DELTA, ETH, "delta", between).await;
    links! { writer, DELTA; course_partner.provider_id: ACME; course_subject.subject_id: WEB; course_skill.skill_id: PYTHON; }
    agreed(writer, 2, DELTA, ACME).await;
    writer.stars(DELTA, [0, 0, 0, 8, 8]).await;
    writer.offering(1004, DELTA, |row| row.starts_on = Set(Some(date("2026-06-01")))).await;
    writer.offering(1005, DELTA, |row| zurich(row, "2026-09-01")).await;
}

/// Listings that the public must not find.
async fn hidden(writer: &mut RowWriter) {
    writer.provider(3, "paused", |row| row.status = Set(ProviderStatus::Paused)).await;
    writer.course(201, 3, "of-paused", |_| {}).await;
    writer.course(202, ACME, "draft", |row| row.status = Set(ListingStatus::Draft)).await;
    writer.course(203, ACME, "retired", |row| row.status = Set(ListingStatus::Retired)).await;
    for course in [201, 202, 203] {
        links! { writer, course; course_skill.skill_id: PYTHON; }
    }
}

fn statements(row: &mut course::ActiveModel, hold: bool) {
    row.certificate_of_completion = Set(Some(hold));
    row.job_preparation = Set(Some(hold));
    row.job_guarantee = Set(Some(hold));
    row.portfolio = Set(Some(hold));
    row.no_prerequisites = Set(Some(hold));
}

async fn plan(writer: &RowWriter, course: i64, position: i32, kind: FinancingKind, rate: Option<i64>) {
    let row = financing_plan::ActiveModel {
        course_id: Set(course),
        position: Set(position),
        kind: Set(kind),
        apr_percent_e4: Set(rate),
        ..Default::default()
    };
    writer.row(row).await;
}

fn new_york(row: &mut offering::ActiveModel, starts: &str) {
    row.format = Set(Format::InPerson);
    row.schedule = Set(Some(Schedule::FullTime));
    row.starts_on = Set(Some(date(starts)));
    row.city = Set(Some("New York City".to_owned()));
    row.region = Set(Some("New York".to_owned()));
    row.country = Set(Some("US".to_owned()));
    (row.latitude, row.longitude) = (Set(Some(40.7128)), Set(Some(-74.0060)));
    row.language = Set(Some("en".to_owned()));
}

fn zurich(row: &mut offering::ActiveModel, starts: &str) {
    row.format = Set(Format::InPerson);
    row.schedule = Set(Some(Schedule::Weekends));
    row.starts_on = Set(Some(date(starts)));
    row.city = Set(Some("Zürich".to_owned()));
    row.country = Set(Some("CH".to_owned()));
    (row.latitude, row.longitude) = (Set(Some(47.3769)), Set(Some(8.5417)));
    row.language = Set(Some("de".to_owned()));
}
