//! All courses from the point of view of one learner: what each provides, what it requires and what it costs. What is
//! provided and required is a fact, represented by a number: that the learner has a skill at the level any course
//! teaches, that they have it at the level an advanced course teaches, or that they have taken a course. Facts are
//! never lost. Does not belong here: which courses a path takes.

use entity::SkillLevel;
use rustc_hash::FxHashMap;
use search::CourseColumns;

use super::number_set::NumberSet;

/// Maximum number of courses in a path.
pub(super) const MAX_STEPS: usize = 20;
/// Upper bound for the figure of a course: above any real one, and low enough that the costs of a path add up without
/// overflow.
const MAX_FIGURE: i64 = 1 << 40;
/// Skills that the learner has at the start, with their levels.
pub type SkillLevels = FxHashMap<i64, SkillLevel>;

/// All courses from the point of view of one learner.
pub(super) struct LearnerView<'a> {
    pub(super) course_columns: &'a CourseColumns,
    costs: Vec<u64>,
    /// Level of each skill at the start, by the position of the skill.
    known: Vec<Option<SkillLevel>>,
    /// Courses that other courses require.
    required: NumberSet,
    /// Required courses that this learner need not take.
    mastered: NumberSet,
}

impl<'a> LearnerView<'a> {
    /// Builds the view from the figures that the path minimises.
    pub(super) fn new(course_columns: &'a CourseColumns, figures: &[Option<i64>], known: &SkillLevels) -> Self {
        let worst = figures.iter().flatten().max().copied().unwrap_or_default();
        let costs = figures.iter().map(|figure| cost(*figure, worst)).collect();
        let known =
            (0..course_columns.skills()).map(|skill| known.get(&course_columns.skill(skill)).copied()).collect();
        let required: NumberSet =
            (0..course_columns.count()).flat_map(|course| course_columns.required_courses(course).flatten()).collect();
        let mut view = Self { course_columns, costs, known, required, mastered: NumberSet::default() };
        // A learner who already knows everything that a course teaches, at its level, need not take it.
        let masters = |course: usize| {
            let mut taught = course_columns.taught_skills(course).peekable();
            taught.peek().is_some() && taught.all(|skill| view.has_skill(skill, course_columns.level_after(course)))
        };
        let mastered =
            (0..course_columns.count()).filter(|course| view.required.has(*course) && masters(*course)).collect();
        view.mastered = mastered;
        view
    }

    /// Whether the learner has a skill at this level or above from the start.
    fn has_skill(&self, skill: usize, level: SkillLevel) -> bool {
        self.known.get(skill).copied().flatten().is_some_and(|known| known >= level)
    }

    /// Fact that a course has been taken.
    fn taken(&self, course: usize) -> usize {
        2 * self.course_columns.skills() + course
    }

    /// Number of facts. The last one stands for a required course that is not listed, and is never reached.
    pub(super) fn facts(&self) -> usize {
        self.taken(self.course_columns.count()) + 1
    }

    /// Facts that a course provides.
    pub(super) fn provides(&self, course: usize) -> impl Iterator<Item = usize> + '_ {
        let advanced = usize::from(self.course_columns.level_after(course) == SkillLevel::Proficient);
        let skills = self.course_columns.taught_skills(course);
        let facts = skills.flat_map(move |skill| 2 * skill..=2 * skill + advanced);
        facts.chain(self.required.has(course).then(|| self.taken(course)))
    }

    /// Facts that a course requires and the learner does not have from the start.
    pub(super) fn needs(&self, course: usize) -> impl Iterator<Item = usize> + '_ {
        let skills =
            self.course_columns.required_skills(course).filter(|(skill, level)| !self.has_skill(*skill, *level));
        let courses = self
            .course_columns
            .required_courses(course)
            .filter(|course| course.is_none_or(|it| !self.mastered.has(it)));
        let unlisted = self.course_columns.count();
        let courses = courses.map(move |course| self.taken(course.unwrap_or(unlisted)));
        skills.map(|(skill, level)| fact(skill, level)).chain(courses)
    }

    /// Cost of a course in a path.
    pub(super) fn cost(&self, course: usize) -> u64 {
        self.costs.get(course).copied().unwrap_or(u64::MAX)
    }
}

/// Fact that the learner has a skill at a level. Every course teaches well enough for the two lower levels.
fn fact(skill: usize, level: SkillLevel) -> usize {
    2 * skill + usize::from(level == SkillLevel::Proficient)
}

/// Fact that the learner has a skill at any level.
pub(super) fn basics(skill: usize) -> usize {
    fact(skill, SkillLevel::Basic)
}

/// Cost of a course in a path: its figure first, and the number of courses to break ties. A course without a figure
/// costs more than any path of courses that have one, so it is taken only if no others lead to the goal.
fn cost(figure: Option<i64>, worst: i64) -> u64 {
    let steps = MAX_STEPS as u64;
    let bounded = |figure: i64| figure.clamp(0, MAX_FIGURE).unsigned_abs();
    let figure = figure.map_or_else(|| bounded(worst) * steps + 1, bounded);
    figure * (steps + 1) + 1
}
