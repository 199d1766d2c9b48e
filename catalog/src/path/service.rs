//! Finds a path: IDs in, IDs out. Does not belong here: the input and output types of the API.

use std::collections::HashSet;

use super::cheapest_routes::CheapestRoutes;
use super::choose::select_candidates;
use super::exact::cheapest;
use super::graph::{Graph, Simulation};
use super::greedy::greedy;
pub use super::learner_view::SkillLevels;
use super::learner_view::{LearnerView, basics};
use crate::error::Result;
use search::{CourseColumns, Reader, SortKey};

/// Work units charged per course, which the algorithm visits several times.
const COURSE_WORK: u64 = 60;
/// Work units charged for the exact search, roughly its maximum.
const SEARCH_WORK: u64 = 2_000_000;

/// Start and target of a path.
#[derive(Debug)]
pub struct PathGoal {
    /// Skills that the learner has, with their levels.
    pub known: SkillLevels,
    /// Skills that the learner wants.
    pub wanted: Vec<i64>,
    /// Quantity to minimise. If no course states it, the number of courses is minimised.
    pub measure: SortKey,
}

/// Path found.
#[derive(Debug, Default)]
pub struct FoundPath {
    /// Courses in order.
    pub steps: Vec<CourseStep>,
    /// Wanted skills that the learner has at the end.
    pub covered: Vec<i64>,
    /// Wanted skills that stay uncovered, and why.
    pub missing: Vec<(i64, GapCause)>,
    /// Whether it is proven that no path to the same skills is better.
    pub best: bool,
}

/// Course of a path.
#[derive(Debug)]
pub struct CourseStep {
    /// Row ID of the course.
    pub course: i64,
    /// Skills that are new, or at a higher level than before.
    pub gains: Vec<i64>,
    /// Skills that the course requires.
    pub needs: Vec<i64>,
}

/// Why a wanted skill is not covered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GapCause {
    /// No course teaches it.
    NotTaught,
    /// Courses teach it, but their requirements cannot be met.
    OutOfReach,
    /// The path would have too many courses.
    TooLong,
}

/// Finds a path.
pub fn find(reader: &Reader, goal: &PathGoal) -> Result<FoundPath> {
    let course_columns = reader.course_columns()?;
    reader.charge(course_columns.count() as u64 * COURSE_WORK + SEARCH_WORK)?;
    let view = LearnerView::new(course_columns, &course_columns.figures(reader, goal.measure.clone())?, &goal.known);
    let routes = CheapestRoutes::find(&view);
    let new = goal.wanted.iter().filter(|skill| !goal.known.contains_key(skill));
    let goals =
        new.filter_map(|skill| course_columns.skill_index(*skill)).filter(|skill| routes.is_reachable(basics(*skill)));
    let (courses, best) = search(&view, &routes, &goals.collect::<Vec<_>>());
    let steps = steps(course_columns, &courses, goal.known.clone());
    let gained: HashSet<i64> = steps.iter().flat_map(|step| &step.gains).copied().collect();
    let has = |skill: &i64| goal.known.contains_key(skill) || gained.contains(skill);
    let (covered, missing): (Vec<i64>, Vec<i64>) = goal.wanted.iter().partition(|skill| has(skill));
    // Looks at every course, so only if something is missing.
    let looked_at = if missing.is_empty() { 0 } else { course_columns.count() };
    let taught: HashSet<usize> = (0..looked_at).flat_map(|course| course_columns.taught_skills(course)).collect();
    let gap = |skill: i64| match course_columns.skill_index(skill).filter(|index| taught.contains(index)) {
        None => GapCause::NotTaught,
        Some(index) if routes.is_reachable(basics(index)) => GapCause::TooLong,
        Some(_) => GapCause::OutOfReach,
    };
    Ok(FoundPath { missing: missing.into_iter().map(|skill| (skill, gap(skill))).collect(), covered, steps, best })
}

/// Returns the courses of a path in order, and whether there is provably no better one.
fn search(view: &LearnerView<'_>, routes: &CheapestRoutes<'_>, goals: &[usize]) -> (Vec<usize>, bool) {
    let quick = Graph::new(view, &greedy(view, routes, goals), goals);
    let path = quick.without_superfluous();
    let simulation = quick.simulate(path.iter().copied());
    if !quick.goals.iter().all(|goal| simulation.has.has(*goal)) {
        return (in_order(&simulation), false);
    }
    let cost = path.iter().map(|candidate| candidate.cost).sum();
    let Some(courses) = select_candidates(view, goals, cost) else { return (in_order(&simulation), false) };
    let graph = Graph::new(view, &courses, goals);
    let (cheaper, best) = cheapest(&graph, cost);
    (cheaper.map_or_else(|| in_order(&simulation), |path| in_order(&graph.simulate(path))), best)
}

fn in_order(simulation: &Simulation<'_>) -> Vec<usize> {
    simulation.order.iter().map(|candidate| candidate.course).collect()
}

/// Steps of a path, each with what it adds to the skills known before it.
fn steps(course_columns: &CourseColumns, courses: &[usize], mut known: SkillLevels) -> Vec<CourseStep> {
    let step = |course: &usize| {
        let to = course_columns.level_after(*course);
        let taught = course_columns.taught_skills(*course).map(|skill| course_columns.skill(skill));
        let gains: Vec<i64> = taught.filter(|skill| known.get(skill).is_none_or(|level| *level < to)).collect();
        known.extend(gains.iter().map(|skill| (*skill, to)));
        let needs = course_columns.required_skills(*course).map(|(skill, _)| course_columns.skill(skill)).collect();
        CourseStep { course: course_columns.id(*course), gains, needs }
    };
    courses.iter().map(step).collect()
}
