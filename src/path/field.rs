//! All courses as one learner meets them: what each gives them and needs from them, and what it costs. What is given and
//! needed is a fact, a number: that a skill is held as any course teaches it, that it is held as an advanced one does, or
//! that a course has been taken. No fact is ever lost. What must not go in: which courses are taken.

use entity::SkillLevel;
use rustc_hash::FxHashMap;

use super::facts::Set;
use crate::search::Lessons;

/// Courses of a path.
pub(super) const MOST_STEPS: usize = 20;
/// Above what any course takes, and low enough that a path of such courses can be summed up.
const MOST_FIGURE: i64 = 1 << 40;
/// What a learner knows from the start.
pub type Known = FxHashMap<i64, SkillLevel>;

/// All courses before a learner.
pub(super) struct Field<'a> {
    pub(super) lessons: &'a Lessons,
    costs: Vec<u64>,
    /// How well the learner has each skill from the start, by place.
    known: Vec<Option<SkillLevel>>,
    /// The courses that others ask for.
    asked: Set,
    /// Those of them that this learner need not take.
    mastered: Set,
}

impl<'a> Field<'a> {
    /// The courses with what they take, as this learner meets them.
    pub(super) fn new(lessons: &'a Lessons, figures: &[Option<i64>], known: &Known) -> Self {
        let worst = figures.iter().flatten().max().copied().unwrap_or_default();
        let costs = figures.iter().map(|figure| cost(*figure, worst)).collect();
        let known = (0..lessons.skills()).map(|skill| known.get(&lessons.skill(skill)).copied()).collect();
        let asked: Set = (0..lessons.count()).flat_map(|course| lessons.after(course).flatten()).collect();
        let mut field = Self { lessons, costs, known, asked, mastered: Set::default() };
        // Who knows from the start all that a course teaches, as well as it teaches it, need not take it.
        let masters = |course: usize| {
            let mut taught = lessons.teaches(course).peekable();
            taught.peek().is_some() && taught.all(|skill| field.knows(skill, lessons.to(course)))
        };
        let mastered = (0..lessons.count()).filter(|course| field.asked.has(*course) && masters(*course)).collect();
        field.mastered = mastered;
        field
    }

    /// Whether the learner has a skill from the start, at this level or above.
    fn knows(&self, skill: usize, level: SkillLevel) -> bool {
        self.known.get(skill).copied().flatten().is_some_and(|held| held >= level)
    }

    /// The fact that a course has been taken.
    fn taken(&self, course: usize) -> usize {
        2 * self.lessons.skills() + course
    }

    /// How many facts there are. The last one nobody ever has: a course that is not listed.
    pub(super) fn facts(&self) -> usize {
        self.taken(self.lessons.count()) + 1
    }

    /// The facts that a course gives.
    pub(super) fn gives(&self, course: usize) -> impl Iterator<Item = usize> + '_ {
        let advanced = usize::from(self.lessons.to(course) == SkillLevel::Proficient);
        let skills = self.lessons.teaches(course);
        let facts = skills.flat_map(move |skill| 2 * skill..=2 * skill + advanced);
        facts.chain(self.asked.has(course).then(|| self.taken(course)))
    }

    /// The facts that a course needs and the learner does not have from the start.
    pub(super) fn needs(&self, course: usize) -> impl Iterator<Item = usize> + '_ {
        let skills = self.lessons.needs(course).filter(|(skill, level)| !self.knows(*skill, *level));
        let courses = self.lessons.after(course).filter(|course| course.is_none_or(|it| !self.mastered.has(it)));
        let nowhere = self.lessons.count();
        let courses = courses.map(move |course| self.taken(course.unwrap_or(nowhere)));
        skills.map(|(skill, level)| fact(skill, level)).chain(courses)
    }

    /// What a course costs a path.
    pub(super) fn cost(&self, course: usize) -> u64 {
        self.costs.get(course).copied().unwrap_or(u64::MAX)
    }
}

/// The fact that a skill is held at a level: every course teaches it well enough for the lower two.
fn fact(skill: usize, level: SkillLevel) -> usize {
    2 * skill + usize::from(level == SkillLevel::Proficient)
}

/// The fact that a skill is held at all.
pub(super) fn basics(skill: usize) -> usize {
    fact(skill, SkillLevel::Basic)
}

/// What a course costs a path: its figure, and among equal sums the path of fewer courses. A course that states no
/// figure costs more than any path of courses that do, so that it is taken only where no others lead to the goal.
fn cost(figure: Option<i64>, worst: i64) -> u64 {
    let steps = MOST_STEPS as u64;
    let bounded = |figure: i64| figure.clamp(0, MOST_FIGURE).unsigned_abs();
    let figure = figure.map_or_else(|| bounded(worst) * steps + 1, bounded);
    figure * (steps + 1) + 1
}
