//! Child rows of a report, which are replaced as a whole.

use entity::{outcome_employment, outcome_report, outcome_salary_band};
use sea_orm::ConnectionTrait;
use serde_json::Value;

use super::fields;
use crate::error::Result;
use crate::write::{Child, Children};

/// Child rows of one report: the stored ones, and those that replace them.
pub(super) struct ReportChildren {
    report: i64,
    employment: Children<outcome_employment::Entity>,
    bands: Children<outcome_salary_band::Entity>,
}

impl ReportChildren {
    /// Loads the stored rows.
    pub(super) async fn load(db: &impl ConnectionTrait, report: i64) -> Result<Self> {
        let employment = Children::load(db, &[report]).await?;
        Ok(Self { report, employment, bands: Children::load(db, &[report]).await? })
    }

    /// Returns the report with its stored child rows as the change log shows it.
    pub(super) fn shown(&self, row: &outcome_report::Model) -> Value {
        fields::report(row, self.employment.before(self.report), self.bands.before(self.report))
    }

    /// Sets what the rows should be. Returns whether that is a change.
    pub(super) fn set(
        &mut self,
        employment: Vec<outcome_employment::Model>,
        bands: Vec<outcome_salary_band::Model>,
    ) -> bool {
        self.employment.set(self.report, employment) | self.bands.set(self.report, bands)
    }

    /// Writes the changed rows.
    pub(super) async fn write(self, db: &impl ConnectionTrait) -> Result<()> {
        self.employment.write(db).await?;
        self.bands.write(db).await
    }
}

impl Child for outcome_employment::Entity {
    const OWNER: outcome_employment::Column = outcome_employment::Column::ReportId;

    fn owner(row: &outcome_employment::Model) -> i64 {
        row.report_id
    }
}

impl Child for outcome_salary_band::Entity {
    const OWNER: outcome_salary_band::Column = outcome_salary_band::Column::ReportId;

    fn owner(row: &outcome_salary_band::Model) -> i64 {
        row.report_id
    }
}
