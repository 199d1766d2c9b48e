//! For each fact, the course that leads to it most cheaply, and the cost including everything that must be learned
//! before it. A prerequisite shared by two requirements counts twice, so the cost is an estimate that is never too low.
//! A fact without a route cannot be reached at all.

use super::learner_view::LearnerView;
use super::number_set::NumberSet;

/// Cheapest routes to all facts from what the learner knows at the start.
pub(super) struct CheapestRoutes<'a> {
    view: &'a LearnerView<'a>,
    /// Cost of each fact, and the course that provides it.
    routes: Vec<Option<(u64, u32)>>,
}

impl<'a> CheapestRoutes<'a> {
    /// Finds the routes: first through courses without requirements, then repeatedly through the others until nothing
    /// gets cheaper.
    pub(super) fn find(view: &'a LearnerView<'a>) -> Self {
        let mut routes = Self { view, routes: vec![None; view.facts()] };
        let ready = |course: &usize| view.needs(*course).next().is_none();
        let (ready, waiting): (Vec<usize>, Vec<usize>) = (0..view.course_columns.count()).partition(ready);
        ready.into_iter().for_each(|course| _ = routes.improve(course));
        while waiting.iter().filter(|course| routes.improve(**course)).count() > 0 {}
        routes
    }

    /// Takes a course into account. Returns whether any fact became cheaper.
    fn improve(&mut self, course: usize) -> bool {
        let Some(cost) = self.cost(course, &NumberSet::default()) else { return false };
        let mut changed = false;
        for fact in self.view.provides(course) {
            let Some(route) = self.routes.get_mut(fact) else { continue };
            if route.is_none_or(|(least, _)| cost < least) {
                *route = Some((cost, course as u32));
                changed = true;
            }
        }
        changed
    }

    fn route(&self, fact: usize) -> Option<(u64, u32)> {
        self.routes.get(fact).copied().flatten()
    }

    /// Whether a fact can be reached.
    pub(super) fn is_reachable(&self, fact: usize) -> bool {
        self.route(fact).is_some()
    }

    /// Cost of a course including everything that must be learned before it, for a learner who has these facts; `None`
    /// if that cannot be learned.
    pub(super) fn cost(&self, course: usize, has: &NumberSet) -> Option<u64> {
        let mut needs = self.view.needs(course).filter(|fact| !has.has(*fact));
        needs.try_fold(self.view.cost(course), |sum, fact| Some(sum.saturating_add(self.route(fact)?.0)))
    }

    /// A course preceded by everything that must be learned before it.
    pub(super) fn plan(&self, course: usize, has: &NumberSet) -> Vec<usize> {
        let mut plan = Vec::new();
        self.add(course, has, &mut plan);
        plan
    }

    /// Terminates because a course always costs more than the routes to its requirements.
    fn add(&self, course: usize, has: &NumberSet, plan: &mut Vec<usize>) {
        for fact in self.view.needs(course).filter(|fact| !has.has(*fact)) {
            let Some((_, supplier)) = self.route(fact) else { continue };
            if !plan.contains(&(supplier as usize)) {
                self.add(supplier as usize, has, plan);
            }
        }
        plan.push(course);
    }
}
