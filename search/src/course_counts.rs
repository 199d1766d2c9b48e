//! Counts of public courses per provider, skill and the like. One pass over the columns computes all of them, because
//! whole lists of providers or skills are shown with them and sorted by them.

use rustc_hash::{FxHashMap, FxHashSet};
use tantivy::schema::Field;

use super::segment::Segment;
use crate::error::Result;

/// Counts of public courses.
#[derive(Debug, Default)]
pub struct CourseCounts {
    courses: FxHashMap<(Field, i64), u64>,
    formats: FxHashMap<i64, i32>,
    schedules: FxHashMap<i64, i32>,
    taught: FxHashSet<(i64, i64)>,
}

impl CourseCounts {
    pub(super) fn new(segments: &[Segment]) -> Result<Self> {
        let mut counts = Self::default();
        segments.iter().try_for_each(|segment| counts.add(segment))?;
        Ok(counts)
    }

    fn add(&mut self, segment: &Segment) -> Result<()> {
        let fields = &segment.fields;
        for field in [fields.provider, fields.subject, fields.skill, fields.certification, fields.career] {
            let column = segment.numbers(field)?;
            for id in segment.courses()?.iter().flat_map(|course| column.values_for_doc(course)) {
                *self.courses.entry((field, id)).or_default() += 1;
            }
        }
        let (formats, schedules) = (segment.numbers(fields.format)?, segment.numbers(fields.schedule)?);
        let (providers, skills) = (segment.numbers(fields.provider)?, segment.numbers(fields.skill)?);
        for course in segment.courses()? {
            let Some(provider) = providers.first(course) else { continue };
            let mask = |places: &mut dyn Iterator<Item = i64>| places.fold(0, |mask, place| mask | 1 << place);
            *self.formats.entry(provider).or_default() |= mask(&mut formats.values_for_doc(course));
            *self.schedules.entry(provider).or_default() |= mask(&mut schedules.values_for_doc(course));
            self.taught.extend(skills.values_for_doc(course).map(|skill| (provider, skill)));
        }
        Ok(())
    }

    /// Number of courses with this ID in a field: those of a provider, a subject, a skill, a certification or a career.
    pub fn courses(&self, field: Field, id: i64) -> u64 {
        self.courses.get(&(field, id)).copied().unwrap_or_default()
    }

    /// Formats of a provider's courses, as a bit mask.
    pub fn formats(&self, provider: i64) -> i32 {
        self.formats.get(&provider).copied().unwrap_or_default()
    }

    /// Schedules of a provider's courses, as a bit mask.
    pub fn schedules(&self, provider: i64) -> i32 {
        self.schedules.get(&provider).copied().unwrap_or_default()
    }

    /// Whether any course of a provider teaches a skill.
    pub fn teaches(&self, provider: i64, skill: i64) -> bool {
        self.taught.contains(&(provider, skill))
    }
}
