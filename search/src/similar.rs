//! Finds courses similar to another one by the posting lists of its skills, careers and subjects: courses with nothing
//! in common are never looked at.

use std::sync::Arc;

use roaring::RoaringBitmap;
use tantivy::schema::Field;
use tantivy::{DocId, Term};

use super::course_counts::CourseCounts;
use super::fields::Fields;
use super::filter::SegmentScope;
use super::reader::Reader;
use super::segment::Segment;
use super::top_courses::{TopCourses, merge_top};
use crate::error::Result;

/// Weight of the skills: the weighted skills that both teach, divided by those that either teaches.
const SKILLS_WEIGHT: f64 = 0.6;
/// Weight of the share of the course's careers that the other leads to.
const CAREERS_WEIGHT: f64 = 0.15;
/// Weight of the share of the course's subjects that the other belongs to.
const SUBJECTS_WEIGHT: f64 = 0.1;
/// Weight of equal levels, if both are stated.
const LEVEL_WEIGHT: f64 = 0.1;
/// Weight of another provider: users who look for something similar have already seen what this one offers.
const PROVIDER_WEIGHT: f64 = 0.05;

/// Work units for comparing one course.
const COURSE_WORK: u64 = 6;

/// Course to compare others with.
#[derive(Clone, Debug, Default)]
pub struct SimilarityQuery {
    /// Skills that it teaches.
    pub skills: Vec<i64>,
    /// Careers that it leads to.
    pub careers: Vec<i64>,
    /// Its subjects.
    pub subjects: Vec<i64>,
    /// `Level`, by index.
    pub level: Option<i64>,
    /// Its provider.
    pub provider: i64,
    /// Courses to exclude: itself, its units, and the courses that contain it.
    pub excluded: Vec<i64>,
}

/// The most similar courses that share a skill, a career or a subject: by similarity descending, then by title, then by
/// ID.
pub fn similar(reader: &Reader, model: &SimilarityQuery, keep: usize) -> Result<Vec<i64>> {
    let rarity = Rarity::new(reader);
    let own: f64 = model.skills.iter().map(|skill| rarity.of(*skill)).sum();
    let mut found = Vec::new();
    for segment in reader.segments.iter() {
        let overlap = Overlap::find(reader, segment, model, &rarity)?;
        reader.meter().charge(overlap.courses.len() * COURSE_WORK)?;
        let (levels, providers) = (segment.numbers(segment.fields.level)?, segment.numbers(segment.fields.provider)?);
        let skills = segment.numbers(segment.fields.skill)?;
        let mut top = TopCourses::new(segment, keep)?;
        for course in &overlap.courses {
            let (both, rest) = overlap.of(course);
            // The union weighs no less than the course's own skills, so most candidates need no closer look.
            if !top.accepts(SKILLS_WEIGHT * share(both, own) + rest + LEVEL_WEIGHT + PROVIDER_WEIGHT) {
                continue;
            }
            let others: f64 = skills.values_for_doc(course).map(|skill| rarity.of(skill)).sum();
            let level = if model.level.is_some() && levels.first(course) == model.level { LEVEL_WEIGHT } else { 0.0 };
            let provider = if providers.first(course) == Some(model.provider) { 0.0 } else { PROVIDER_WEIGHT };
            top.offer(SKILLS_WEIGHT * share(both, own + others - both) + rest + level + provider, course);
        }
        found.extend(top.courses()?.into_iter().map(|course| (course, ())));
    }
    Ok(merge_top(found, keep).into_iter().map(|(course, ())| course.id).collect())
}

/// Rarity of skills.
struct Rarity<'a> {
    reader: &'a Reader,
    counts: &'a CourseCounts,
    courses: f64,
}

impl<'a> Rarity<'a> {
    fn new(reader: &'a Reader) -> Self {
        let courses = reader.segments.iter().map(|segment| segment.courses().len()).sum::<u64>() as f64;
        Self { reader, counts: reader.course_counts(), courses }
    }

    /// ln(1 + all courses / courses that teach it): common skills say little. In whole millionths, so that sums do not
    /// depend on the order of a listing's skills.
    fn of(&self, skill: i64) -> f64 {
        let teaching = self.counts.courses(self.reader.fields.skill, skill).max(1) as f64;
        (1e6 * (1.0 + self.courses / teaching).ln()).round()
    }
}

/// What the courses of a segment have in common with the model.
struct Overlap {
    courses: RoaringBitmap,
    /// For each document the weight of the shared skills, and the score of shared careers and subjects.
    sums: Vec<(f64, f64)>,
}

impl Overlap {
    fn find(reader: &Reader, segment: &Segment, model: &SimilarityQuery, rarity: &Rarity<'_>) -> Result<Self> {
        let Fields { skill, career, subject, id, .. } = *segment.fields;
        let with = |field: Field, value: &i64| SegmentScope::courses(reader, segment).with_number(field, *value);
        reader.meter().charge(u64::from(segment.max_doc()) / 2)?;
        let mut overlap = Self { courses: RoaringBitmap::new(), sums: vec![(0.0, 0.0); segment.max_doc() as usize] };
        for taught in &model.skills {
            overlap.add(with(skill, taught)?, (rarity.of(*taught), 0.0));
        }
        for (field, values, weight) in
            [(career, &model.careers, CAREERS_WEIGHT), (subject, &model.subjects, SUBJECTS_WEIGHT)]
        {
            for value in values {
                overlap.add(with(field, value)?, (0.0, weight / values.len() as f64));
            }
        }
        overlap.courses &= &**segment.courses();
        for other in &model.excluded {
            overlap.courses -= segment.with_term(&Term::from_field_i64(id, *other), reader.meter())?;
        }
        Ok(overlap)
    }

    fn add(&mut self, documents: Arc<RoaringBitmap>, (skills, rest): (f64, f64)) {
        for document in &*documents {
            if let Some(sum) = self.sums.get_mut(document as usize) {
                *sum = (sum.0 + skills, sum.1 + rest);
            }
        }
        self.courses |= &*documents;
    }

    fn of(&self, course: DocId) -> (f64, f64) {
        self.sums.get(course as usize).copied().unwrap_or_default()
    }
}

fn share(part: f64, whole: f64) -> f64 {
    if whole > 0.0 { part / whole } else { 0.0 }
}
