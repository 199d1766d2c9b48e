//! Counts of public courses per provider, skill and the like: whole lists of providers or skills are shown with them and
//! sorted by them. A commit changes them by the courses that it adds and removes.

use std::collections::hash_map::Entry;
use std::hash::Hash;

use roaring::RoaringBitmap;
use rustc_hash::FxHashMap;
use tantivy::schema::Field;

use super::fields::Fields;
use super::segment::Segment;
use super::segment_data::word;
use crate::error::Result;

/// Counts of the members of an enum: as many as a bit mask has.
type Members = [u32; 31];

/// Counts of public courses.
#[derive(Clone, Debug, Default)]
pub struct CourseCounts {
    courses: FxHashMap<Field, FxHashMap<i64, u64>>,
    /// Courses of each language, as they state it.
    languages: FxHashMap<String, u64>,
    /// Courses of each provider by format.
    formats: FxHashMap<i64, Members>,
    /// Courses of each provider by schedule.
    schedules: FxHashMap<i64, Members>,
}

impl CourseCounts {
    /// Adds (or subtracts) some courses of a segment.
    pub(super) fn count(&mut self, segment: &Segment, courses: &RoaringBitmap, is_added: bool) -> Result<()> {
        if courses.is_empty() {
            return Ok(());
        }
        let fields = &segment.fields;
        for field in counted(fields) {
            let column = segment.numbers(field)?;
            let counts = self.courses.entry(field).or_default();
            let ids = courses.iter().flat_map(|course| column.values_for_doc(course));
            ids.for_each(|id| change(counts, id, 1, is_added));
        }
        let providers = segment.numbers(fields.provider)?;
        for (field, counts) in [(fields.format, &mut self.formats), (fields.schedule, &mut self.schedules)] {
            let column = segment.numbers(field)?;
            for course in courses {
                let Some(provider) = providers.first(course) else { continue };
                let members = counts.entry(provider).or_default();
                for value in column.values_for_doc(course) {
                    let count = usize::try_from(value).ok().and_then(|value| members.get_mut(value));
                    count.into_iter().for_each(|count| *count = if is_added { *count + 1 } else { *count - 1 });
                }
            }
        }
        if let Some(column) = segment.words(fields.language)? {
            let mut ordinals: FxHashMap<u64, u64> = FxHashMap::default();
            for ordinal in courses.iter().flat_map(|course| column.term_ords(course)) {
                *ordinals.entry(ordinal).or_default() += 1;
            }
            for (ordinal, count) in ordinals {
                change(&mut self.languages, word(column, ordinal)?, count, is_added);
            }
        }
        Ok(())
    }

    /// Number of courses with this ID in a field: those of a provider, a subject, a skill, a certification or a career.
    pub fn courses(&self, field: Field, id: i64) -> u64 {
        self.of_field(field).and_then(|counts| counts.get(&id)).copied().unwrap_or_default()
    }

    /// Number of courses by ID in a field; `None` if they are not counted.
    pub(super) fn of_field(&self, field: Field) -> Option<&FxHashMap<i64, u64>> {
        self.courses.get(&field)
    }

    /// Number of courses by language, as they state it.
    pub(super) fn languages(&self) -> &FxHashMap<String, u64> {
        &self.languages
    }

    /// Formats of a provider's courses, as a bit mask.
    pub fn formats(&self, provider: i64) -> i32 {
        self.formats.get(&provider).map_or(0, mask)
    }

    /// Schedules of a provider's courses, as a bit mask.
    pub fn schedules(&self, provider: i64) -> i32 {
        self.schedules.get(&provider).map_or(0, mask)
    }
}

fn counted(fields: &Fields) -> [Field; 5] {
    [fields.provider, fields.subject, fields.skill, fields.certification, fields.career]
}

fn mask(members: &Members) -> i32 {
    members.iter().enumerate().filter(|(_, count)| **count > 0).map(|(bit, _)| 1 << bit).sum()
}

/// Removes values without courses.
fn change<K: Hash + Eq>(counts: &mut FxHashMap<K, u64>, key: K, by: u64, is_added: bool) {
    match counts.entry(key) {
        Entry::Occupied(entry) if !is_added && *entry.get() <= by => _ = entry.remove(),
        Entry::Occupied(mut entry) => *entry.get_mut() = if is_added { *entry.get() + by } else { *entry.get() - by },
        Entry::Vacant(entry) if is_added => _ = entry.insert(by),
        Entry::Vacant(_) => {}
    }
}
