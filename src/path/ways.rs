//! For each fact, the course that leads to it most cheaply, and the cost including everything that must be learned
//! before it. A prerequisite shared by two requirements counts twice, so the cost is an estimate that is never too low.
//! A fact without a way cannot be reached at all.

use super::facts::Set;
use super::field::Field;

/// Cheapest ways to all facts from what the learner knows at the start.
pub(super) struct Ways<'a> {
    field: &'a Field<'a>,
    /// Cost of each fact, and the course that provides it.
    ways: Vec<Option<(u64, u32)>>,
}

impl<'a> Ways<'a> {
    /// Finds the ways: first through courses without requirements, then repeatedly through the others until nothing
    /// gets cheaper.
    pub(super) fn find(field: &'a Field<'a>) -> Self {
        let mut ways = Self { field, ways: vec![None; field.facts()] };
        let ready = |course: &usize| field.needs(*course).next().is_none();
        let (ready, waiting): (Vec<usize>, Vec<usize>) = (0..field.course_columns.count()).partition(ready);
        ready.into_iter().for_each(|course| _ = ways.improve(course));
        while waiting.iter().filter(|course| ways.improve(**course)).count() > 0 {}
        ways
    }

    /// Takes a course into account. Returns whether any fact became cheaper.
    fn improve(&mut self, course: usize) -> bool {
        let Some(cost) = self.cost(course, &Set::default()) else { return false };
        let mut changed = false;
        for fact in self.field.gives(course) {
            let Some(way) = self.ways.get_mut(fact) else { continue };
            if way.is_none_or(|(least, _)| cost < least) {
                *way = Some((cost, course as u32));
                changed = true;
            }
        }
        changed
    }

    fn way(&self, fact: usize) -> Option<(u64, u32)> {
        self.ways.get(fact).copied().flatten()
    }

    /// Whether a fact can be reached.
    pub(super) fn open(&self, fact: usize) -> bool {
        self.way(fact).is_some()
    }

    /// Cost of a course including everything that must be learned before it, for a learner who has these facts; `None`
    /// if that cannot be learned.
    pub(super) fn cost(&self, course: usize, has: &Set) -> Option<u64> {
        let mut needs = self.field.needs(course).filter(|fact| !has.has(*fact));
        needs.try_fold(self.field.cost(course), |sum, fact| Some(sum.saturating_add(self.way(fact)?.0)))
    }

    /// A course preceded by everything that must be learned before it.
    pub(super) fn plan(&self, course: usize, has: &Set) -> Vec<usize> {
        let mut plan = Vec::new();
        self.add(course, has, &mut plan);
        plan
    }

    /// Terminates because a course always costs more than the ways to its requirements.
    fn add(&self, course: usize, has: &Set, plan: &mut Vec<usize>) {
        for fact in self.field.needs(course).filter(|fact| !has.has(*fact)) {
            let Some((_, giver)) = self.way(fact) else { continue };
            if !plan.contains(&(giver as usize)) {
                self.add(giver as usize, has, plan);
            }
        }
        plan.push(course);
    }
}
