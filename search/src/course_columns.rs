//! Courses as steps of learning paths: what each of them teaches and requires. Read from the columns when a path is
//! first requested, and kept as long as this state of the index is served, since a path may use any course. Does not
//! belong here: the choice of courses.

use entity::{Level, SkillLevel};
use rustc_hash::FxHashMap;
use tantivy::DocId;
use tantivy::columnar::Column;

use super::segment::Segment;
use crate::error::{Error, Result};

/// Levels of a skill, lowest first.
const LEVELS: [SkillLevel; 3] = [SkillLevel::Basic, SkillLevel::Familiar, SkillLevel::Proficient];
/// Index of a required course that is not listed.
const UNLISTED: u32 = u32::MAX;

/// All courses, sorted by ID. Courses and skills are identified by dense indexes.
#[derive(Debug, Default)]
pub struct CourseColumns {
    ids: Vec<i64>,
    /// Segment and document of each course.
    pub(super) documents: Vec<(usize, DocId)>,
    to: Vec<SkillLevel>,
    teaches: Lists,
    needs: Lists,
    after: Lists,
    skills: Vec<i64>,
    skill_indexes: FxHashMap<i64, u32>,
}

/// Lists stored in one vector: allocating a hundred thousand short lists would take longer than reading them.
#[derive(Debug, Default)]
struct Lists {
    ends: Vec<usize>,
    values: Vec<u32>,
}

impl Lists {
    fn push(&mut self, list: impl Iterator<Item = u32>) {
        self.values.extend(list);
        self.ends.push(self.values.len());
    }

    fn get(&self, place: usize) -> &[u32] {
        let start = place.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or_default();
        self.ends.get(place).and_then(|end| self.values.get(start..*end)).unwrap_or_default()
    }
}

impl CourseColumns {
    pub(super) fn new(segments: &[Segment]) -> Result<Self> {
        let mut found = Vec::new();
        for (place, segment) in segments.iter().enumerate() {
            let (courses, ids) = (segment.courses(), segment.numbers(segment.fields.id)?);
            found.extend(courses.iter().filter_map(|document| Some((ids.first(document)?, place, document))));
        }
        // The order of the index changes with merges; that of paths must not.
        found.sort();
        let columns = segments.iter().map(SegmentColumns::open).collect::<Result<Vec<_>>>()?;
        let mut courses = Self { ids: found.iter().map(|(id, _, _)| *id).collect(), ..Self::default() };
        for (_, segment, document) in found {
            courses.documents.push((segment, document));
            let columns = columns.get(segment).ok_or_else(|| Error::internal("no such segment"))?;
            courses.add(columns, document);
        }
        Ok(courses)
    }

    fn add(&mut self, columns: &SegmentColumns<'_>, document: DocId) {
        let Self { ids, skills, skill_indexes, .. } = self;
        let mut place = |skill: i64| {
            *skill_indexes.entry(skill).or_insert_with(|| {
                skills.push(skill);
                skills.len() as u32 - 1
            })
        };
        self.teaches.push(columns.skills.values_for_doc(document).map(&mut place));
        let needs = columns.needs.iter();
        let needs = needs.flat_map(|(level, column)| column.values_for_doc(document).map(move |skill| (skill, *level)));
        let mut needs: Vec<_> = needs.collect();
        // The index groups skills by level, which loses the order of the listing.
        needs.sort_unstable();
        self.needs.push(needs.into_iter().map(|(skill, level)| place(skill) << 2 | level as u32));
        let at = |id: i64| ids.binary_search(&id).map_or(UNLISTED, |place| place as u32);
        self.after.push(columns.after.values_for_doc(document).map(at));
        let is_advanced = columns.levels.first(document) == Some(Level::Advanced as i64);
        self.to.push(if is_advanced { SkillLevel::Proficient } else { SkillLevel::Familiar });
    }

    /// Number of courses.
    pub fn count(&self) -> usize {
        self.ids.len()
    }

    /// Number of skills that they teach or require.
    pub fn skills(&self) -> usize {
        self.skills.len()
    }

    /// Index of a skill; `None` if no course teaches or requires it.
    pub fn skill_index(&self, skill: i64) -> Option<usize> {
        self.skill_indexes.get(&skill).map(|place| *place as usize)
    }

    /// ID of the skill at an index.
    pub fn skill(&self, place: usize) -> i64 {
        self.skills.get(place).copied().unwrap_or_default()
    }

    /// ID of the course at an index.
    pub fn id(&self, course: usize) -> i64 {
        self.ids.get(course).copied().unwrap_or_default()
    }

    /// Level that the skills of a course have after it.
    pub fn level_after(&self, course: usize) -> SkillLevel {
        self.to.get(course).copied().unwrap_or(SkillLevel::Familiar)
    }

    /// Skills that a course teaches.
    pub fn taught_skills(&self, course: usize) -> impl Iterator<Item = usize> + '_ {
        self.teaches.get(course).iter().map(|skill| *skill as usize)
    }

    /// Skills that a course requires, each with the minimum level.
    pub fn required_skills(&self, course: usize) -> impl Iterator<Item = (usize, SkillLevel)> + '_ {
        let level = |need: u32| LEVELS.get(need as usize & 3).copied().unwrap_or(SkillLevel::Proficient);
        self.needs.get(course).iter().map(move |need| (*need as usize >> 2, level(*need)))
    }

    /// Courses that must be taken first; `None` for one that is not listed.
    pub fn required_courses(&self, course: usize) -> impl Iterator<Item = Option<usize>> + '_ {
        self.after.get(course).iter().map(|before| (*before != UNLISTED).then_some(*before as usize))
    }
}

/// Columns of a segment.
struct SegmentColumns<'a> {
    skills: &'a Column<i64>,
    levels: &'a Column<i64>,
    after: &'a Column<i64>,
    needs: [(SkillLevel, &'a Column<i64>); 3],
}

impl<'a> SegmentColumns<'a> {
    fn open(segment: &'a Segment) -> Result<Self> {
        Ok(Self {
            skills: segment.numbers(segment.fields.skill)?,
            levels: segment.numbers(segment.fields.level)?,
            after: segment.numbers(segment.fields.required_course)?,
            needs: segment.needs()?,
        })
    }
}
