//! Courses with their dependent rows.

use chrono::Days;
use entity::*;

use super::plan::{Plan, id};
use super::random::Random;
use super::words::{CITIES, MARK, SENTENCES, TITLES};

/// Separates the random numbers of courses from those of other objects.
const KIND: u64 = 2;
/// Maximum number of offerings of a course.
const MAX_OFFERINGS: u64 = 3;
/// Maximum number of skills of a course.
const MAX_SKILLS: u64 = 6;

/// Taxonomy of the starter catalogue, by slug.
pub(super) struct Taxonomy {
    pub(super) skills: Vec<skill::Model>,
    pub(super) subjects: Vec<subject::Model>,
    pub(super) careers: Vec<career::Model>,
}

/// Rows of courses, by table.
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
    /// Adds the course with this number.
    pub(super) fn add(&mut self, plan: &Plan, taxonomy: &Taxonomy, provider_id: i64, number: u64) {
        let mut random = Random::of(plan.seed, KIND, number);
        let count = 1 + random.below(MAX_SKILLS) as usize;
        let skills = random.several(count, &taxonomy.skills);
        let mut row = course(plan, &mut random, provider_id, number);
        row.title = prose(random.word(&TITLES), &skills);
        let text = |random: &mut Random, count: usize| {
            let sentences = random.several(count, &SENTENCES).into_iter().map(|text| prose(text, &skills));
            std::iter::once(MARK.to_owned()).chain(sentences).collect::<Vec<_>>().join(" ")
        };
        row.summary = Some(text(&mut random, 1));
        row.description = Some(text(&mut random, 5));
        self.slugs.push(course_slug::Model { slug: row.slug.clone(), course_id: row.id });
        self.link(&mut random, taxonomy, row.id, &skills);
        self.plan(&mut random, &row);
        self.offer(plan, &mut random, &row, number);
        // Drawn last, so that everything else stays what it is without it.
        row.max_class_size = random.maybe(40, |random| random.between(6, 24));
        let is_open = row.duration_weeks.or(row.duration_hours).is_none();
        row.duration_minutes = random.maybe(60, |random| 60 * random.between(0, 7) + 30).filter(|_| is_open);
        self.courses.push(row);
    }

    fn link(&mut self, random: &mut Random, taxonomy: &Taxonomy, course_id: i64, skills: &[&skill::Model]) {
        for (position, skill) in (0..).zip(skills) {
            self.skills.push(course_skill::Model { course_id, skill_id: skill.id, position });
        }
        let asked = random.maybe(30, |random| random.any(&taxonomy.skills)).flatten();
        if let Some(skill) = asked.filter(|asked| !skills.iter().any(|taught| taught.id == asked.id)) {
            let level = if random.percent(50) { SkillLevel::Basic } else { SkillLevel::Familiar };
            self.required.push(course_prerequisite_skill::Model { course_id, skill_id: skill.id, level, position: 0 });
        }
        if let Some(subject) = random.any(&taxonomy.subjects) {
            self.subjects.push(course_subject::Model { course_id, subject_id: subject.id, position: 0 });
        }
        if let Some(career) = random.maybe(70, |random| random.any(&taxonomy.careers)).flatten() {
            self.careers.push(course_career::Model { course_id, career_id: career.id, position: 0 });
        }
    }

    fn plan(&mut self, random: &mut Random, row: &course::Model) {
        let pays = row.pricing_category == Some(PricingCategory::Paid);
        if !pays || !random.percent(40) {
            return;
        }
        self.plans.push(financing_plan::Model {
            course_id: row.id,
            position: 0,
            kind: if random.percent(60) { FinancingKind::Installments } else { FinancingKind::Loan },
            apr_percent_e4: random.maybe(70, |random| i64::from(random.between(0, 12)) * 10_000),
            months: random.maybe(80, |random| random.between(3, 36)),
            ..Default::default()
        });
    }

    fn offer(&mut self, plan: &Plan, random: &mut Random, row: &course::Model, number: u64) {
        for index in 0..random.below(MAX_OFFERINGS + 1) {
            let formats = members::<Format>(row.formats);
            let format = random.any(&formats).copied().unwrap_or(Format::SelfPaced);
            let on_site = match format {
                Format::InPerson | Format::Hybrid => random.any(&CITIES),
                Format::LiveOnline | Format::SelfPaced => None,
            };
            let dated = format != Format::SelfPaced;
            let starts_on = dated.then(|| plan.day + Days::new(7 + random.below(360)));
            self.offerings.push(offering::Model {
                id: id(number * MAX_OFFERINGS + index),
                course_id: row.id,
                format,
                starts_on,
                ends_on: starts_on
                    .zip(row.duration_weeks)
                    .map(|(day, weeks)| day + Days::new(u64::from(weeks.unsigned_abs()) * 7)),
                apply_by: starts_on.map(|day| day - Days::new(7)),
                city: on_site.map(|city| city.0.to_owned()),
                region: on_site.map(|city| city.1.to_owned()),
                country: on_site.map(|city| city.2.to_owned()),
                latitude: on_site.map(|city| city.3),
                longitude: on_site.map(|city| city.4),
                capacity: Some(24),
                seats_left: Some(random.between(0, 24)),
                version: 1,
                ..Default::default()
            });
        }
    }
}

/// Fills skills of the course into a template.
fn prose(template: &str, skills: &[&skill::Model]) -> String {
    let name = |index: usize| skills.get(index).or(skills.first()).map_or("everything", |skill| &skill.name);
    template.replace("{a}", name(0)).replace("{b}", name(1))
}

/// All columns except texts.
fn course(plan: &Plan, random: &mut Random, provider_id: i64, number: u64) -> course::Model {
    let (category, price) = price(random);
    let published_at = plan.now() - chrono::Duration::minutes(random.below(500_000) as i64);
    let slug = format!("demo-course-{:07}", number + 1);
    let per = if category == PricingCategory::Subscription { PricePeriod::Month } else { PricePeriod::Once };
    course::Model {
        id: id(number),
        provider_id,
        kind: kind(random),
        level: random.maybe(80, level),
        status: ListingStatus::Published,
        formats: [8, 4, 2, 6, 1, 12].get(random.weighed(&[10, 30, 25, 15, 15, 5])).copied().unwrap_or(4),
        schedules: 1 << random.weighed(&[20, 30, 10, 10, 5, 25]),
        languages: random.word(&["en", "en", "en", "en,es", "de", "fr"]).to_owned(),
        duration_weeks: random.maybe(70, |random| random.between(2, 40)),
        duration_hours: random.maybe(50, |random| random.between(8, 600)),
        hours_per_week_max: random.maybe(40, |random| random.between(3, 40)),
        pricing_category: Some(category),
        price,
        price_currency: price.map(|_| random.word(&["USD", "USD", "USD", "EUR"]).to_owned()),
        price_per: price.map(|_| per),
        free_retake_within_months: random.maybe(20, |_| 12),
        certificate_of_completion: random.maybe(60, |random| random.percent(80)),
        mentoring_sessions: random.maybe(40, |random| random.between(0, 30)),
        job_preparation: random.maybe(50, |random| random.percent(60)),
        job_guarantee: random.maybe(30, |random| random.percent(20)),
        portfolio: random.maybe(40, |random| random.percent(70)),
        url: Some(format!("https://demo.example.org/{slug}")),
        version: 1,
        created_at: published_at,
        updated_at: published_at,
        published_at: Some(published_at),
        slug,
        ..Default::default()
    }
}

fn kind(random: &mut Random) -> CourseKind {
    match random.weighed(&[55, 20, 10, 6, 5, 2, 2]) {
        1 => CourseKind::Bootcamp,
        2 => CourseKind::CertificateProgram,
        3 => CourseKind::Specialization,
        4 => CourseKind::ProfessionalCertificate,
        5 => CourseKind::Nanodegree,
        6 => CourseKind::Degree,
        _ => CourseKind::Course,
    }
}

fn level(random: &mut Random) -> Level {
    match random.weighed(&[50, 25, 15, 10]) {
        1 => Level::Intermediate,
        2 => Level::Advanced,
        3 => Level::AllLevels,
        _ => Level::Beginner,
    }
}

/// Most courses cost something, cheap ones being more common; a few are a monthly subscription.
fn price(random: &mut Random) -> (PricingCategory, Option<i64>) {
    match random.weighed(&[65, 15, 5, 15]) {
        1 => (PricingCategory::Free, None),
        2 => (PricingCategory::PartiallyFree, None),
        3 => (PricingCategory::Subscription, Some(i64::from(random.between(9, 99)) * 100)),
        _ => {
            let dear = random.below(160).min(random.below(160)).min(random.below(160)) as i64;
            (PricingCategory::Paid, Some((dear + 1) * 10_000 - 100))
        }
    }
}
