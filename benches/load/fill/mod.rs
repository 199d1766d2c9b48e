//! The synthetic catalogue: the same for the same seed, on both databases.

mod courses;
mod surroundings;
mod words;
mod write;

use chrono::{DateTime, Utc};
use entity::*;

pub use write::write;

/// Seed that figures are compared under.
const SEED: u64 = 20_260_501;
/// 2026-05-01T09:00:00Z: the time of all publications, plus or minus a year.
const NOW: i64 = 1_777_626_000;

/// All rows, by table.
#[derive(Default)]
pub struct Catalogue {
    pub providers: Vec<provider::Model>,
    pub provider_slugs: Vec<provider_slug::Model>,
    pub provider_ratings: Vec<provider_rating::Model>,
    pub locations: Vec<provider_location::Model>,
    pub subjects: Vec<subject::Model>,
    pub skills: Vec<skill::Model>,
    pub careers: Vec<career::Model>,
    pub career_slugs: Vec<career_slug::Model>,
    pub certifications: Vec<certification::Model>,
    pub certification_slugs: Vec<certification_slug::Model>,
    pub certification_skills: Vec<certification_skill::Model>,
    pub courses: Vec<course::Model>,
    pub course_slugs: Vec<course_slug::Model>,
    pub course_ratings: Vec<course_rating::Model>,
    pub course_subjects: Vec<course_subject::Model>,
    pub course_skills: Vec<course_skill::Model>,
    pub course_certifications: Vec<course_certification::Model>,
    pub course_careers: Vec<course_career::Model>,
    pub offerings: Vec<offering::Model>,
}

impl Catalogue {
    /// Generates a catalogue with this many courses.
    pub fn generate(courses: usize) -> Self {
        let mut catalogue = Self::default();
        let mut chance = Chance(fastrand::Rng::with_seed(SEED));
        catalogue.add_surroundings(&mut chance);
        for id in 1..=courses {
            catalogue.add_course(&mut chance, id as i64);
        }
        catalogue.add_provider_ratings();
        catalogue
    }
}

/// Seeded random numbers.
struct Chance(fastrand::Rng);

impl Chance {
    /// Random item.
    fn any<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.0.usize(..of.len())]
    }

    /// True in this percentage of cases.
    fn percent(&mut self, percent: u32) -> bool {
        self.0.u32(..100) < percent
    }

    /// Value in this percentage of cases.
    fn maybe<T>(&mut self, percent: u32, value: impl FnOnce(&mut Self) -> T) -> Option<T> {
        self.percent(percent).then(|| value(self))
    }

    /// Random number in a range, small ones being more common, like popularity.
    fn skewed(&mut self, below: usize) -> usize {
        let fraction = self.0.f64();
        ((fraction * fraction * below as f64) as usize).min(below - 1)
    }

    /// Distinct random numbers below a limit, small ones being more common.
    fn several(&mut self, count: usize, below: usize) -> Vec<usize> {
        let mut found = Vec::new();
        while found.len() < count.min(below) {
            let next = self.skewed(below);
            if !found.contains(&next) {
                found.push(next);
            }
        }
        found
    }

    /// Random time in the year before `NOW`.
    fn moment(&mut self) -> DateTime<Utc> {
        DateTime::from_timestamp(NOW - self.0.i64(0..31_000_000), 0).unwrap()
    }
}

fn slug(name: &str) -> String {
    let name = name.to_lowercase().replace('+', "p").replace('#', "sharp");
    let words = name.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("-")
}

fn list(words: &'static str) -> Vec<&'static str> {
    words.split(',').map(str::trim).collect()
}
