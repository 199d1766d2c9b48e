//! Courses with their dependent rows.

use chrono::{Days, NaiveDate};
use entity::*;
use sea_orm::Iterable;

use super::words::{CITIES, SENTENCES, TITLES};
use super::{Catalogue, Chance, list, slug};

impl Catalogue {
    pub(super) fn add_course(&mut self, chance: &mut Chance, id: i64) {
        let count = chance.0.usize(1..=8);
        let skills = chance.several(count, self.skills.len());
        let title = self.prose(chance, &skills, &list(TITLES));
        let slug = format!("{}-{id}", slug(&title));
        self.course_slugs.push(course_slug::Model { slug: slug.clone(), course_id: id });
        let provider = self.providers[chance.skewed(self.providers.len())].id;
        let summary = self.sentences(chance, &skills, 2);
        let paragraphs = chance.0.usize(3..=5);
        let description: Vec<String> = (0..paragraphs).map(|_| self.sentences(chance, &skills, 5)).collect();
        self.courses.push(course::Model {
            title,
            summary: Some(summary),
            description: Some(description.join("\n\n")),
            url: Some(format!("https://courses.example.org/{slug}")),
            ..course(chance, id, provider, slug)
        });
        self.add_links(chance, id, &skills);
        self.add_offerings(chance, id);
        self.course_ratings.push(rating(chance, id));
    }

    fn add_links(&mut self, chance: &mut Chance, course_id: i64, skills: &[usize]) {
        for (position, skill) in (0..).zip(skills) {
            self.course_skills.push(course_skill::Model { course_id, skill_id: *skill as i64 + 1, position });
        }
        let count = chance.0.usize(0..=2);
        for (position, target) in (0..).zip(chance.several(count, self.certifications.len())) {
            let certification_id = target as i64 + 1;
            self.course_certifications.push(course_certification::Model { course_id, certification_id, position });
        }
        let subject_id = chance.any(&self.subjects).id;
        self.course_subjects.push(course_subject::Model { course_id, subject_id, position: 0 });
        let career_id = chance.any(&self.careers).id;
        self.course_careers.push(course_career::Model { course_id, career_id, position: 0 });
    }

    fn add_offerings(&mut self, chance: &mut Chance, course_id: i64) {
        let formats: Vec<Format> = Format::iter().collect();
        for _ in 0..chance.0.usize(0..=4) {
            let (city, region, country, latitude, longitude) = *chance.any(&CITIES);
            let first = NaiveDate::from_ymd_opt(2026, 6, 1).unwrap();
            let starts_on = chance.maybe(80, |chance| first + Days::new(chance.0.u64(0..700)));
            self.offerings.push(offering::Model {
                id: self.offerings.len() as i64 + 1,
                course_id,
                format: *chance.any(&formats),
                schedule: None,
                starts_on,
                ends_on: starts_on.map(|day| day + Days::new(84)),
                apply_by: starts_on,
                time_zone: None,
                city: Some(city.to_owned()),
                region: Some(region.to_owned()),
                country: Some(country.to_owned()),
                latitude: Some(latitude),
                longitude: Some(longitude),
                language: Some("en".to_owned()),
                price: None,
                price_currency: None,
                capacity: Some(24),
                seats_left: Some(chance.0.i32(0..=24)),
                url: None,
                version: 1,
            });
        }
    }

    fn sentences(&self, chance: &mut Chance, skills: &[usize], count: usize) -> String {
        let sentences: Vec<String> = (0..count).map(|_| self.prose(chance, skills, &SENTENCES)).collect();
        sentences.join(" ")
    }

    /// Fills skills of the course into a random template.
    fn prose(&self, chance: &mut Chance, skills: &[usize], templates: &[&str]) -> String {
        let template = *chance.any(templates);
        let name = |place: usize| &*self.skills[skills[place % skills.len()]].name;
        let career = &*chance.any(&self.careers).title;
        let text = template.replace("{a}", name(0)).replace("{b}", name(1)).replace("{c}", name(2));
        text.replace("{career}", career)
    }

    /// Sums the rating summaries of each provider's courses.
    pub(super) fn add_provider_ratings(&mut self) {
        let empty = |row: &provider::Model| provider_rating::Model {
            provider_id: row.id,
            count: 0,
            stars1: 0,
            stars2: 0,
            stars3: 0,
            stars4: 0,
            stars5: 0,
            curriculum_count: 0,
            curriculum_sum: 0,
            instructors_count: 0,
            instructors_sum: 0,
            job_support_count: 0,
            job_support_sum: 0,
            verified_count: 0,
        };
        self.provider_ratings = self.providers.iter().map(empty).collect();
        for (course, rating) in self.courses.iter().zip(&self.course_ratings) {
            let sum = &mut self.provider_ratings[course.provider_id as usize - 1];
            sum.count += rating.count;
            sum.stars1 += rating.stars1;
            sum.stars2 += rating.stars2;
            sum.stars3 += rating.stars3;
            sum.stars4 += rating.stars4;
            sum.stars5 += rating.stars5;
        }
    }
}

/// All columns except texts. Most prices are in dollars; some courses are free or a subscription.
fn course(chance: &mut Chance, id: i64, provider_id: i64, slug: String) -> course::Model {
    let pricing = *chance.any(&[
        PricingCategory::Paid,
        PricingCategory::Paid,
        PricingCategory::Free,
        PricingCategory::Subscription,
    ]);
    let price = (pricing != PricingCategory::Free).then(|| chance.0.i64(10..2_000) * 1_000);
    let per = if pricing == PricingCategory::Subscription { PricePeriod::Month } else { PricePeriod::Once };
    let (kinds, levels): (Vec<CourseKind>, Vec<Level>) = (CourseKind::iter().collect(), Level::iter().collect());
    let published_at = chance.moment();
    course::Model {
        id,
        provider_id,
        external_key: Some(format!("C-{id}")),
        slug,
        title: String::new(),
        summary: None,
        description: None,
        kind: *chance.any(&kinds),
        level: Some(*chance.any(&levels)),
        status: ListingStatus::Published,
        formats: chance.0.i32(1..16),
        schedules: chance.0.i32(0..64),
        languages: (*chance.any(&["en", "en", "en", "en,es", "de", "fr"])).to_owned(),
        duration_weeks: chance.maybe(70, |chance| chance.0.i32(2..52)),
        duration_days_min: None,
        duration_days_max: None,
        duration_hours: chance.maybe(40, |chance| chance.0.i32(10..900)),
        duration_minutes: None,
        hours_per_week_min: None,
        hours_per_week_max: chance.maybe(30, |chance| chance.0.i32(4..40)),
        pricing_category: Some(pricing),
        price,
        price_currency: price.map(|_| (*chance.any(&["USD", "USD", "USD", "EUR"])).to_owned()),
        price_per: price.map(|_| per),
        certificate_price: None,
        certificate_price_currency: None,
        free_retake_within_months: chance.maybe(20, |_| 12),
        certificate_of_completion: chance.maybe(60, |chance| chance.percent(80)),
        mentoring_sessions: chance.maybe(40, |chance| chance.0.i32(0..30)),
        max_class_size: chance.maybe(40, |chance| chance.0.i32(6..25)),
        job_preparation: chance.maybe(50, |chance| chance.percent(60)),
        job_guarantee: chance.maybe(30, |chance| chance.percent(30)),
        portfolio: chance.maybe(40, |chance| chance.percent(70)),
        no_prerequisites: chance.maybe(40, |chance| chance.percent(50)),
        prerequisite_note: None,
        url: None,
        retire_reason: None,
        version: 1,
        created_at: published_at,
        updated_at: published_at,
        published_at: Some(published_at),
        scheduled_for: None,
    }
}

/// Rating summary: one in four courses has no reviews yet, the rest up to three hundred, mostly good ones.
fn rating(chance: &mut Chance, course_id: i64) -> course_rating::Model {
    let reviews = if chance.percent(25) { 0 } else { chance.skewed(300) as i32 };
    let mut stars = [0; 5];
    (0..reviews).for_each(|_| stars[4 - chance.skewed(5)] += 1);
    course_rating::Model {
        course_id,
        count: reviews,
        stars1: stars[0],
        stars2: stars[1],
        stars3: stars[2],
        stars4: stars[3],
        stars5: stars[4],
        curriculum_count: 0,
        curriculum_sum: 0,
        instructors_count: 0,
        instructors_sum: 0,
        job_support_count: 0,
        job_support_sum: 0,
        verified_count: reviews / 2,
    }
}
