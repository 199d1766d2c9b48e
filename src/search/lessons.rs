//! Courses as steps of a learning path: what each teaches and asks for, read from the columns of those that may matter
//! and of no others. What must not go in: which of them are taken.

use entity::{Level, SkillLevel};
use roaring::RoaringBitmap;
use tantivy::DocId;
use tantivy::columnar::{Column, MonotonicallyMappableToU64};

use super::Reader;
use super::filter::Condition;
use super::order::{By, Keys, Order};
use super::segment::Segment;
use crate::error::Result;

/// A course as a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lesson {
    /// The course.
    pub id: i64,
    /// The skills that it teaches.
    pub teaches: Vec<i64>,
    /// How well they are held after it.
    pub to: SkillLevel,
    /// The skills that it asks for, each with the least level.
    pub needs: Vec<(i64, SkillLevel)>,
    /// The courses that must be taken before.
    pub after: Vec<i64>,
    /// What it takes, by the measure that was asked for; `None` where it does not state that.
    pub figure: Option<i64>,
}

/// The courses that have not been read yet.
pub struct Lessons<'a> {
    reader: &'a Reader,
    measure: Order,
    seen: Vec<RoaringBitmap>,
}

impl<'a> Lessons<'a> {
    /// None is read yet; `measure` is what `figure` will say.
    pub fn new(reader: &'a Reader, measure: By) -> Self {
        let measure = Order { by: measure, descending: false };
        Self { reader, measure, seen: vec![RoaringBitmap::new(); reader.segments.len()] }
    }

    /// The courses that teach any of these skills, and these courses themselves, without those that were read before.
    pub fn read(&mut self, skills: Vec<i64>, courses: Vec<i64>) -> Result<Vec<Lesson>> {
        let fields = &self.reader.fields;
        let wanted = Condition::Any(vec![Condition::Terms(fields.skill, skills), Condition::Terms(fields.id, courses)]);
        let mut lessons = Vec::new();
        for (segment, seen) in self.reader.segments.iter().zip(&mut self.seen) {
            let found = wanted.courses(segment)? - &*seen;
            read(segment, &self.measure, &found, &mut lessons)?;
            *seen |= found;
        }
        Ok(lessons)
    }
}

fn read(segment: &Segment, measure: &Order, documents: &RoaringBitmap, lessons: &mut Vec<Lesson>) -> Result<()> {
    let fields = &segment.fields;
    let numbers = |field| segment.numbers(field);
    let (ids, skills, levels) = (numbers(fields.id)?, numbers(fields.skill)?, numbers(fields.level)?);
    let required_courses = numbers(fields.required_course)?;
    let needs = fields.needs().map(|(level, field)| numbers(field).map(|column| (level, column)));
    let needs = needs.into_iter().collect::<Result<Vec<_>>>()?;
    let figures = Keys::open(measure, segment)?;
    let lesson = |document: DocId| {
        let of = |(level, skills): &(_, &Column<i64>)| {
            let level: SkillLevel = *level;
            skills.values_for_doc(document).map(move |skill| (skill, level)).collect::<Vec<_>>()
        };
        let mut needs: Vec<(i64, SkillLevel)> = needs.iter().flat_map(of).collect();
        // By level they stand in the index; the order of the listing is lost there.
        needs.sort_unstable();
        Lesson {
            id: ids.first(document).unwrap_or_default(),
            teaches: skills.values_for_doc(document).collect(),
            to: reached(levels.first(document)),
            needs,
            after: required_courses.values_for_doc(document).collect(),
            figure: figures.key(document).map(i64::from_u64),
        }
    };
    lessons.extend(documents.iter().map(lesson));
    Ok(())
}

/// How well the skills of a course of this level are held after it.
fn reached(level: Option<i64>) -> SkillLevel {
    if level == Some(Level::Advanced as i64) { SkillLevel::Proficient } else { SkillLevel::Familiar }
}
