//! Finding a path: the goal in ids, the path in ids. What must not go in: how goals are written and paths shown in the
//! API.

use std::collections::HashSet;

use entity::SkillLevel;

use super::exact::improve;
pub use super::graph::Known;
use super::graph::{Candidate, Graph};
use super::greedy::greedy;
use crate::error::Result;
use crate::search::{By, Lessons, Reader};

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
    let graph = Graph::new(&mut Lessons::new(reader, goal.measure.clone()), &goal.known, &goal.wanted)?;
    let reachable = graph.run(&graph.candidates).has;
    let goals: Vec<usize> = graph.wanted.iter().copied().filter(|fact| reachable.has(*fact)).collect();
    let quick = greedy(&graph, &goals);
    let whole = graph.run(quick.iter().copied()).has;
    let (mut path, best) =
        if goals.iter().all(|fact| whole.has(*fact)) { improve(&graph, &goals, quick) } else { (quick, false) };
    path.sort_unstable_by_key(|candidate| candidate.lesson.id);
    let run = graph.run(path);
    let wanted = || goal.wanted.iter().zip(&graph.wanted);
    let gap = |fact: &usize| match (graph.givers(*fact).next(), reachable.has(*fact)) {
        (None, _) => Gap::NotTaught,
        (Some(_), false) => Gap::OutOfReach,
        (Some(_), true) => Gap::TooLong,
    };
    Ok(Path {
        steps: steps(&run.order, goal.known.clone()),
        covered: wanted().filter(|(_, fact)| run.has.has(**fact)).map(|(skill, _)| *skill).collect(),
        missing: wanted().filter(|(_, fact)| !run.has.has(**fact)).map(|(skill, fact)| (*skill, gap(fact))).collect(),
        best,
    })
}

/// The courses with what each adds to what was known before it.
fn steps(order: &[&Candidate], mut known: Known) -> Vec<Step> {
    let step = |candidate: &&Candidate| {
        let lesson = &candidate.lesson;
        let mut seen = HashSet::new();
        let is_new = |skill: &i64| known.get(skill).is_none_or(|level| *level < lesson.to) && seen.insert(*skill);
        let gains: Vec<i64> = lesson.teaches.iter().copied().filter(is_new).collect();
        known.extend(gains.iter().map(|skill| (*skill, lesson.to)));
        Step {
            course: lesson.id,
            gains,
            needs: lesson.needs.iter().map(|(skill, _): &(i64, SkillLevel)| *skill).collect(),
        }
    };
    order.iter().map(step).collect()
}
