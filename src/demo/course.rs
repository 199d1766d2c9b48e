//! The courses with what hangs on them.

use chrono::Days;
use entity::*;

use super::chance::Chance;
use super::plan::{Plan, id};
use super::words::{CITIES, MARK, SENTENCES, TITLES};

/// Tells the chance of courses from that of other things.
const KIND: u64 = 2;
/// Offerings that a course may have.
const MAX_OFFERINGS: u64 = 3;
/// Skills of a course at most.
const MAX_SKILLS: u64 = 6;

/// What courses are described by: the taxonomy of the starter catalogue, by slug.
pub(super) struct Taxonomy {
    pub(super) skills: Vec<skill::Model>,
    pub(super) subjects: Vec<subject::Model>,
    pub(super) careers: Vec<career::Model>,
}

/// The rows of courses, table by table.
#[derive(Default)]
pub(super) struct Courses {
    pub(super) courses: Vec<course::Model>,
    pub(super) slugs: Vec<course_slug::Model>,
    pub(super) skills: Vec<course_skill::Model>,
    pub(super) required: Vec<course_prerequisite_skill::Model>,
    pub(super) subjects: Vec<course_subject::Model>,
    pub(super) careers: Vec<course_career::Model>,
    pub(super) plans: Vec<financing_plan::Model>,
    pub(super) offerings: Vec<offering::Model>,
}

impl Courses {
    /// Adds the course of this number.
    pub(super) fn add(&mut self, plan: &Plan, taxonomy: &Taxonomy, provider_id: i64, number: u64) {
        let mut chance = Chance::of(plan.seed, KIND, number);
        let count = 1 + chance.below(MAX_SKILLS) as usize;
        let skills = chance.several(count, &taxonomy.skills);
        let mut row = course(plan, &mut chance, provider_id, number);
        row.title = prose(chance.word(&TITLES), &skills);
        let text = |chance: &mut Chance, count: usize| {
            let sentences = chance.several(count, &SENTENCES).into_iter().map(|text| prose(text, &skills));
            std::iter::once(MARK.to_owned()).chain(sentences).collect::<Vec<_>>().join(" ")
        };
        row.summary = Some(text(&mut chance, 1));
        row.description = Some(text(&mut chance, 5));
        self.slugs.push(course_slug::Model { slug: row.slug.clone(), course_id: row.id });
        self.link(&mut chance, taxonomy, row.id, &skills);
        self.plan(&mut chance, &row);
        self.offer(plan, &mut chance, &row, number);
        self.courses.push(row);
    }

    fn link(&mut self, chance: &mut Chance, taxonomy: &Taxonomy, course_id: i64, skills: &[&skill::Model]) {
        for (position, skill) in (0..).zip(skills) {
            self.skills.push(course_skill::Model { course_id, skill_id: skill.id, position });
        }
        let asked = chance.maybe(30, |chance| chance.any(&taxonomy.skills)).flatten();
        if let Some(skill) = asked.filter(|asked| !skills.iter().any(|taught| taught.id == asked.id)) {
            let level = if chance.percent(50) { SkillLevel::Basic } else { SkillLevel::Familiar };
            self.required.push(course_prerequisite_skill::Model { course_id, skill_id: skill.id, level, position: 0 });
        }
        if let Some(subject) = chance.any(&taxonomy.subjects) {
            self.subjects.push(course_subject::Model { course_id, subject_id: subject.id, position: 0 });
        }
        if let Some(career) = chance.maybe(70, |chance| chance.any(&taxonomy.careers)).flatten() {
            self.careers.push(course_career::Model { course_id, career_id: career.id, position: 0 });
        }
    }

    fn plan(&mut self, chance: &mut Chance, row: &course::Model) {
        let pays = row.pricing_category == Some(PricingCategory::Paid);
        if !pays || !chance.percent(40) {
            return;
        }
        self.plans.push(financing_plan::Model {
            course_id: row.id,
            position: 0,
            kind: if chance.percent(60) { FinancingKind::Installments } else { FinancingKind::Loan },
            apr_percent_e4: chance.maybe(70, |chance| i64::from(chance.between(0, 12)) * 10_000),
            months: chance.maybe(80, |chance| chance.between(3, 36)),
            income_percent_e4: None,
            income_floor: None,
            income_floor_currency: None,
            cap: None,
            cap_currency: None,
            note: None,
        });
    }

    fn offer(&mut self, plan: &Plan, chance: &mut Chance, row: &course::Model, number: u64) {
        for index in 0..chance.below(MAX_OFFERINGS + 1) {
            let formats = members::<Format>(row.formats);
            let format = chance.any(&formats).copied().unwrap_or(Format::SelfPaced);
            let on_site = match format {
                Format::InPerson | Format::Hybrid => chance.any(&CITIES),
                Format::LiveOnline | Format::SelfPaced => None,
            };
            let dated = format != Format::SelfPaced;
            let starts_on = dated.then(|| plan.day + Days::new(7 + chance.below(360)));
            self.offerings.push(offering::Model {
                id: id(number * MAX_OFFERINGS + index),
                course_id: row.id,
                format,
                schedule: None,
                starts_on,
                ends_on: starts_on
                    .zip(row.duration_weeks)
                    .map(|(day, weeks)| day + Days::new(u64::from(weeks.unsigned_abs()) * 7)),
                apply_by: starts_on.map(|day| day - Days::new(7)),
                time_zone: None,
                city: on_site.map(|city| city.0.to_owned()),
                region: on_site.map(|city| city.1.to_owned()),
                country: on_site.map(|city| city.2.to_owned()),
                latitude: on_site.map(|city| city.3),
                longitude: on_site.map(|city| city.4),
                language: None,
                price: None,
                price_currency: None,
                capacity: Some(24),
                seats_left: Some(chance.between(0, 24)),
                url: None,
                version: 1,
            });
        }
    }
}

/// A template with skills of the course put in.
fn prose(template: &str, skills: &[&skill::Model]) -> String {
    let name = |index: usize| skills.get(index).or(skills.first()).map_or("everything", |skill| &skill.name);
    template.replace("{a}", name(0)).replace("{b}", name(1))
}

/// The columns that are no prose.
fn course(plan: &Plan, chance: &mut Chance, provider_id: i64, number: u64) -> course::Model {
    let (category, price) = price(chance);
    let published_at = plan.now() - chrono::Duration::minutes(chance.below(500_000) as i64);
    let slug = format!("demo-course-{:07}", number + 1);
    let per = if category == PricingCategory::Subscription { PricePeriod::Month } else { PricePeriod::Once };
    course::Model {
        id: id(number),
        provider_id,
        external_key: None,
        title: String::new(),
        summary: None,
        description: None,
        kind: kind(chance),
        level: chance.maybe(80, level),
        status: ListingStatus::Published,
        formats: [8, 4, 2, 6, 1, 12].get(chance.weighed(&[10, 30, 25, 15, 15, 5])).copied().unwrap_or(4),
        schedules: 1 << chance.weighed(&[20, 30, 10, 10, 5, 25]),
        languages: chance.word(&["en", "en", "en", "en,es", "de", "fr"]).to_owned(),
        duration_weeks: chance.maybe(70, |chance| chance.between(2, 40)),
        duration_days_min: None,
        duration_days_max: None,
        duration_hours: chance.maybe(50, |chance| chance.between(8, 600)),
        hours_per_week_min: None,
        hours_per_week_max: chance.maybe(40, |chance| chance.between(3, 40)),
        pricing_category: Some(category),
        price,
        price_currency: price.map(|_| chance.word(&["USD", "USD", "USD", "EUR"]).to_owned()),
        price_per: price.map(|_| per),
        certificate_price: None,
        certificate_price_currency: None,
        free_retake_within_months: chance.maybe(20, |_| 12),
        certificate_of_completion: chance.maybe(60, |chance| chance.percent(80)),
        mentoring_sessions: chance.maybe(40, |chance| chance.between(0, 30)),
        job_preparation: chance.maybe(50, |chance| chance.percent(60)),
        job_guarantee: chance.maybe(30, |chance| chance.percent(20)),
        portfolio: chance.maybe(40, |chance| chance.percent(70)),
        no_prerequisites: None,
        prerequisite_note: None,
        url: Some(format!("https://demo.example.org/{slug}")),
        retire_reason: None,
        version: 1,
        created_at: published_at,
        updated_at: published_at,
        published_at: Some(published_at),
        scheduled_for: None,
        slug,
    }
}

fn kind(chance: &mut Chance) -> CourseKind {
    match chance.weighed(&[55, 20, 10, 6, 5, 2, 2]) {
        1 => CourseKind::Bootcamp,
        2 => CourseKind::CertificateProgram,
        3 => CourseKind::Specialization,
        4 => CourseKind::ProfessionalCertificate,
        5 => CourseKind::Nanodegree,
        6 => CourseKind::Degree,
        _ => CourseKind::Course,
    }
}

fn level(chance: &mut Chance) -> Level {
    match chance.weighed(&[50, 25, 15, 10]) {
        1 => Level::Intermediate,
        2 => Level::Advanced,
        3 => Level::AllLevels,
        _ => Level::Beginner,
    }
}

/// Most cost something, cheap ones more often than dear ones; a few are rented by the month.
fn price(chance: &mut Chance) -> (PricingCategory, Option<i64>) {
    match chance.weighed(&[65, 15, 5, 15]) {
        1 => (PricingCategory::Free, None),
        2 => (PricingCategory::PartiallyFree, None),
        3 => (PricingCategory::Subscription, Some(i64::from(chance.between(9, 99)) * 100)),
        _ => {
            let dear = chance.below(160).min(chance.below(160)).min(chance.below(160)) as i64;
            (PricingCategory::Paid, Some((dear + 1) * 10_000 - 100))
        }
    }
}
