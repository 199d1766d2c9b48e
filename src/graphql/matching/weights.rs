//! Configured weights of the criteria of a goal. Does not belong here: how well a course meets a criterion.

use catalog::error::{AppError, Result};
use serde::Deserialize;

use crate::graphql::comparison::Criterion;

/// Weight of each criterion relative to all that a goal uses. A criterion of weight 0 is ignored.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "each is named after its criterion")]
pub struct Weights {
    pub career: f64,
    pub certification: f64,
    pub skills: f64,
    pub prerequisites: f64,
    pub price: f64,
    pub duration: f64,
    pub hours_per_week: f64,
    pub format: f64,
    pub schedule: f64,
    pub location: f64,
    pub language: f64,
    pub rating: f64,
}

impl Weights {
    /// Validates the weights. The error names the setting whose weight is out of range, or all of them if every weight
    /// is 0.
    pub fn check(&self) -> Result<()> {
        let weights = self.weights();
        if let Some((_, name, _)) = weights.iter().find(|(_, _, weight)| !(0.0..=1e6).contains(weight)) {
            return Err(AppError::input(format!("match_weights.{name}"), "must be 0 to 1000000"));
        }
        if weights.iter().all(|(_, _, weight)| *weight == 0.0) {
            return Err(AppError::input("match_weights", "must not all be 0"));
        }
        Ok(())
    }

    /// Weight of a criterion; 0 for criteria that goals do not use.
    pub fn of(&self, criterion: Criterion) -> f64 {
        self.weights().iter().find(|(of, _, _)| *of == criterion).map_or(0.0, |(_, _, weight)| *weight)
    }

    /// Each criterion that goals use, with the name and the value of its setting.
    fn weights(&self) -> [(Criterion, &'static str, f64); 12] {
        [
            (Criterion::Career, "career", self.career),
            (Criterion::Certification, "certification", self.certification),
            (Criterion::Skills, "skills", self.skills),
            (Criterion::Prerequisites, "prerequisites", self.prerequisites),
            (Criterion::Price, "price", self.price),
            (Criterion::Duration, "duration", self.duration),
            (Criterion::HoursPerWeek, "hours_per_week", self.hours_per_week),
            (Criterion::Format, "format", self.format),
            (Criterion::Schedule, "schedule", self.schedule),
            (Criterion::Location, "location", self.location),
            (Criterion::Language, "language", self.language),
            (Criterion::Rating, "rating", self.rating),
        ]
    }
}
