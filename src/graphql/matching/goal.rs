//! Reads a goal from its input: resolves every slug, validates every value and computes the weight of every criterion.
//! Does not belong here: how courses are scored.

use std::sync::Arc;

use catalog::dictionary::{Career, Certification, Dictionary, NamedEntity, Skill};
use catalog::error::{AppError, Result};
use entity::SkillLevel;
use search::{Fields, WeightedClause};

use super::criterion::{GoalCriterion, SkillAtLevel};
use super::inputs::{LearnerGoal, SkillKnown};
use super::weights::Weights;
use crate::graphql::context::RequestContext;
use crate::graphql::course::inputs::LocationFilter;
use crate::graphql::course::search::{Compiler, price_bounds};

/// Maximum number of values in a list, far more than anyone needs.
const MAX_VALUES: usize = 50;

/// Criteria of a goal with their weights, which add up to 1.
pub(super) struct Goal(pub(super) Vec<(f64, GoalCriterion)>);

impl Goal {
    /// Reads a goal from its input. Criteria with weight 0 are dropped.
    pub(super) fn read(request: &RequestContext, goal: &LearnerGoal, weights: &Weights) -> Result<Self> {
        let reader =
            GoalReader { compiler: Compiler::new(request, "goal"), dictionary: &request.snapshot().dictionary, goal };
        let mut criteria = reader.outcome_criteria()?;
        criteria.extend(reader.price_and_time_criteria()?);
        criteria.extend(reader.format_criteria()?);
        let weight = |criterion: &GoalCriterion| weights.of(criterion.criterion());
        criteria.retain(|criterion| weight(criterion) > 0.0);
        if criteria.is_empty() {
            return Err(AppError::input(
                "goal",
                "must name something that courses are weighed by; must only leaves out",
            ));
        }
        criteria.extend(Some(GoalCriterion::Rating).filter(|rating| weight(rating) > 0.0));
        let sum: f64 = criteria.iter().map(weight).sum();
        Ok(Self(criteria.into_iter().map(|criterion| (weight(&criterion) / sum, criterion)).collect()))
    }

    /// Clauses that the index scores courses by.
    pub(super) fn clauses(&self, fields: &Fields) -> Vec<WeightedClause> {
        self.0
            .iter()
            .map(|(weight, criterion)| WeightedClause { weight: *weight, clause: criterion.clause(fields) })
            .collect()
    }
}

struct GoalReader<'a> {
    compiler: Compiler<'a>,
    dictionary: &'a Dictionary,
    goal: &'a LearnerGoal,
}

impl GoalReader<'_> {
    /// Criteria about the outcome: career, certification and skills.
    fn outcome_criteria(&self) -> Result<Vec<GoalCriterion>> {
        let (career, certification, known) = (self.career()?, self.certification()?, self.known()?);
        let skills = self.skills(career.as_deref(), certification.as_deref(), known.as_deref().unwrap_or_default())?;
        let aims = [
            career.map(GoalCriterion::Career),
            certification.map(GoalCriterion::Certification),
            skills,
            known.map(GoalCriterion::Knows),
        ];
        Ok(aims.into_iter().flatten().collect())
    }

    fn career(&self) -> Result<Option<Arc<Career>>> {
        let find = |slug: &String| found(self.dictionary.careers.find(slug), "goal.career", "career");
        self.goal.career.as_ref().map(find).transpose()
    }

    fn certification(&self) -> Result<Option<Arc<Certification>>> {
        let public = |row: &&Arc<Certification>| row.is_public(self.dictionary);
        let find = |slug: &String| {
            let certification = self.dictionary.certifications.find(slug).filter(public);
            found(certification, "goal.certification", "certification")
        };
        self.goal.certification.as_ref().map(find).transpose()
    }

    fn known(&self) -> Result<Option<Vec<SkillAtLevel>>> {
        let Some(values) = &self.goal.knows else { return Ok(None) };
        check_length("goal.knows", values.len())?;
        SkillKnown::find(self.dictionary, "goal.knows", values, "is the slug of no skill").map(Some)
    }

    /// Skills still to learn: those named in the goal, or else those that its career and certification require.
    fn skills(
        &self,
        career: Option<&Career>,
        certification: Option<&Certification>,
        known: &[SkillAtLevel],
    ) -> Result<Option<GoalCriterion>> {
        let mut skills: Vec<Arc<Skill>> = Vec::new();
        let mut add = |skill: Arc<Skill>| {
            let is_known =
                known.iter().any(|(known, level)| known.id() == skill.id() && *level >= SkillLevel::Familiar);
            if !is_known && skills.iter().all(|other| other.id() != skill.id()) {
                skills.push(skill);
            }
        };
        let named = self.goal.skills.as_deref().unwrap_or_default();
        check_length("goal.skills", named.len())?;
        for (index, slug) in named.iter().enumerate() {
            add(found(self.dictionary.skills.find(slug), &format!("goal.skills.{index}"), "skill")?);
        }
        let mut needed_for = Vec::new();
        if named.is_empty() {
            let aims = career.map(|row| (row.name(), &row.skills)).into_iter();
            for (name, asked) in aims.chain(certification.map(|row| (row.name(), &row.skills))) {
                self.dictionary.skills.all(asked).into_iter().for_each(&mut add);
                needed_for.push(name.to_owned());
            }
        } else if skills.is_empty() {
            return Err(AppError::input("goal.skills", "must name a skill that is not known at FAMILIAR or better"));
        }
        Ok((!skills.is_empty()).then_some(GoalCriterion::Skills { skills, needed_for }))
    }

    /// Criteria about price and time.
    fn price_and_time_criteria(&self) -> Result<Vec<GoalCriterion>> {
        let LearnerGoal { budget, finish_within_weeks, hours_per_week, .. } = self.goal;
        let range = budget.as_ref().map(|budget| price_bounds("goal.budget", budget)).transpose()?.flatten();
        if range.as_ref().is_some_and(|range| *range.end() < 0) {
            return Err(AppError::input("goal.budget.lte", "must be 0 or more"));
        }
        let price = budget.as_ref().zip(range).map(|(budget, range)| GoalCriterion::Budget(budget.currency.0, range));
        let weeks = check_range("goal.finishWithinWeeks", *finish_within_weeks, 520)?;
        let hours = check_range("goal.hoursPerWeek", *hours_per_week, 168)?;
        let finish = weeks.map(|weeks| GoalCriterion::FinishWithin { weeks, hours_per_week: hours });
        Ok([price, finish, hours.map(GoalCriterion::HoursPerWeek)].into_iter().flatten().collect())
    }

    /// Criteria about format, schedule, location and language.
    fn format_criteria(&self) -> Result<Vec<GoalCriterion>> {
        let LearnerGoal { formats, schedules, location, languages, .. } = self.goal;
        let formats = members("goal.formats", formats.as_deref(), entity::Format::from)?.map(GoalCriterion::Formats);
        let schedules =
            members("goal.schedules", schedules.as_deref(), entity::Schedule::from)?.map(GoalCriterion::Schedules);
        let location = location.as_ref().map(|filter| self.location(filter)).transpose()?.flatten();
        let tags = members("goal.languages", languages.as_deref(), |tag| tag)?;
        let taught = tags.map(|tags| {
            let (taught, stated) = self.compiler.language_conditions("goal.languages", &tags)?;
            Ok::<_, AppError>(GoalCriterion::Languages {
                tags: tags.into_iter().map(|tag| tag.0).collect(),
                taught,
                stated,
            })
        });
        Ok([formats, schedules, location, taught.transpose()?].into_iter().flatten().collect())
    }

    fn location(&self, filter: &LocationFilter) -> Result<Option<GoalCriterion>> {
        let found = self.compiler.location_conditions("goal.location", filter)?;
        Ok(found.map(|(there, stated)| GoalCriterion::Location {
            description: describe_location(filter),
            there,
            stated,
        }))
    }
}

fn found<T>(row: Option<&Arc<T>>, at: &str, what: &str) -> Result<Arc<T>> {
    row.cloned().ok_or_else(|| AppError::input(at, format!("is the slug of no {what}")))
}

fn describe_location(filter: &LocationFilter) -> String {
    let LocationFilter { city, region, country, near } = filter;
    let words = [city.clone(), region.clone(), country.as_ref().map(|country| country.0.clone())];
    let near = near
        .as_ref()
        .map(|near| format!("a place within {} km of {}°, {}°", near.kilometres, near.latitude, near.longitude));
    words.into_iter().chain([near]).flatten().collect::<Vec<_>>().join(", ")
}

/// Distinct values of a list; `None` if it is empty or absent.
fn members<T: Clone, U: PartialEq>(at: &str, values: Option<&[T]>, read: impl Fn(T) -> U) -> Result<Option<Vec<U>>> {
    let values = values.unwrap_or_default();
    check_length(at, values.len())?;
    let mut members: Vec<U> = Vec::new();
    for member in values.iter().cloned().map(read) {
        if !members.contains(&member) {
            members.push(member);
        }
    }
    Ok((!members.is_empty()).then_some(members))
}

fn check_length(at: &str, values: usize) -> Result<()> {
    if values <= MAX_VALUES {
        Ok(())
    } else {
        Err(AppError::input(at, format!("must hold at most {MAX_VALUES} values")))
    }
}

fn check_range(at: &str, value: Option<i32>, most: i32) -> Result<Option<i32>> {
    match value {
        Some(value) if !(1..=most).contains(&value) => Err(AppError::input(at, format!("must be 1 to {most}"))),
        Some(_) | None => Ok(value),
    }
}
