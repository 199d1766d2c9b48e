//! Finding a path: the goal in ids, the path in ids. What must not go in: how goals are written and paths shown in the
//! API.

use std::collections::HashSet;

use super::choose::choose;
use super::exact::cheapest;
pub use super::field::Known;
use super::field::{Field, basics};
use super::graph::{Graph, Run};
use super::greedy::greedy;
use super::ways::Ways;
use crate::error::Result;
use crate::search::{By, Lessons, Reader};

/// What a course takes, in units of work: it is gone through several times.
const COURSE_WORK: u64 = 60;
/// What the exact search takes at most, about.
const SEARCH_WORK: u64 = 2_000_000;

/// Where somebody stands and where they want to get.
#[derive(Debug)]
pub struct Goal {
    /// The skills that they have, at what level.
    pub known: Known,
    /// The skills that they want.
    pub wanted: Vec<i64>,
    /// What the path is to keep small; of what no course states, the number of courses is.
    pub measure: By,
}

/// A path.
#[derive(Debug, Default)]
pub struct Path {
    /// Its courses in order.
    pub steps: Vec<Step>,
    /// The wanted skills that are had at its end.
    pub covered: Vec<i64>,
    /// The others.
    pub missing: Vec<(i64, Gap)>,
    /// Whether no path to as much is better.
    pub best: bool,
}

/// A course of a path.
#[derive(Debug)]
pub struct Step {
    /// The course.
    pub course: i64,
    /// The skills that are new, or better than before.
    pub gains: Vec<i64>,
    /// The skills that must be had before.
    pub needs: Vec<i64>,
}

/// Why a skill is not covered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gap {
    /// No course teaches it.
    NotTaught,
    /// Courses teach it, and what they ask for cannot be reached.
    OutOfReach,
    /// The path would have too many courses.
    TooLong,
}

/// Finds a path.
pub fn find(reader: &Reader, goal: &Goal) -> Result<Path> {
    let lessons = reader.lessons()?;
    reader.charge(lessons.count() as u64 * COURSE_WORK + SEARCH_WORK)?;
    let field = Field::new(lessons, &lessons.figures(reader, goal.measure.clone())?, &goal.known);
    let ways = Ways::find(&field);
    let new = goal.wanted.iter().filter(|skill| !goal.known.contains_key(skill));
    let goals = new.filter_map(|skill| lessons.place(*skill)).filter(|skill| ways.open(basics(*skill)));
    let (courses, best) = search(&field, &ways, &goals.collect::<Vec<_>>());
    let steps = steps(lessons, &courses, goal.known.clone());
    let gained: HashSet<i64> = steps.iter().flat_map(|step| &step.gains).copied().collect();
    let has = |skill: &i64| goal.known.contains_key(skill) || gained.contains(skill);
    let (covered, missing): (Vec<i64>, Vec<i64>) = goal.wanted.iter().partition(|skill| has(skill));
    // Only where something is missing: it looks at every course.
    let looked_at = if missing.is_empty() { 0 } else { lessons.count() };
    let taught: HashSet<usize> = (0..looked_at).flat_map(|course| lessons.teaches(course)).collect();
    let gap = |skill: i64| match lessons.place(skill).filter(|place| taught.contains(place)) {
        None => Gap::NotTaught,
        Some(place) if ways.open(basics(place)) => Gap::TooLong,
        Some(_) => Gap::OutOfReach,
    };
    Ok(Path { missing: missing.into_iter().map(|skill| (skill, gap(skill))).collect(), covered, steps, best })
}

/// The courses of a path in order, and whether there is no better one.
fn search(field: &Field<'_>, ways: &Ways<'_>, goals: &[usize]) -> (Vec<usize>, bool) {
    let quick = Graph::new(field, &greedy(field, ways, goals), goals);
    let path = quick.trimmed();
    let run = quick.run(path.iter().copied());
    if !quick.goals.iter().all(|goal| run.has.has(*goal)) {
        return (in_order(&run), false);
    }
    let cost = path.iter().map(|candidate| candidate.cost).sum();
    let Some(courses) = choose(field, goals, cost) else { return (in_order(&run), false) };
    let graph = Graph::new(field, &courses, goals);
    let (cheaper, best) = cheapest(&graph, cost);
    (cheaper.map_or_else(|| in_order(&run), |path| in_order(&graph.run(path))), best)
}

fn in_order(run: &Run<'_>) -> Vec<usize> {
    run.order.iter().map(|candidate| candidate.course).collect()
}

/// The courses with what each adds to what was known before it.
fn steps(lessons: &Lessons, courses: &[usize], mut known: Known) -> Vec<Step> {
    let step = |course: &usize| {
        let to = lessons.to(*course);
        let taught = lessons.teaches(*course).map(|skill| lessons.skill(skill));
        let gains: Vec<i64> = taught.filter(|skill| known.get(skill).is_none_or(|level| *level < to)).collect();
        known.extend(gains.iter().map(|skill| (*skill, to)));
        let needs = lessons.needs(*course).map(|(skill, _)| lessons.skill(skill)).collect();
        Step { course: lessons.id(*course), gains, needs }
    };
    courses.iter().map(step).collect()
}
