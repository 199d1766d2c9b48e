//! Loads reports and their child rows, with one statement per table for all reports of a request.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::dataloader::Loader;
use catalog::database::in_ids;
use catalog::dictionary::grouped;
use catalog::error::{AppError, Result};
use entity::{outcome_employment, outcome_report, outcome_salary_band};
use sea_orm::{EntityTrait, QueryFilter, QueryOrder};

use crate::graphql::loaders::Rows;

/// ID of a report to load.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct ReportId(pub(super) i64);

/// Report whose employment figures to load.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct EmploymentOf(pub(super) i64);

/// Report whose salary bands to load, lowest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct BandsOf(pub(super) i64);

impl Loader<ReportId> for Rows {
    type Value = Arc<outcome_report::Model>;
    type Error = AppError;

    async fn load(&self, keys: &[ReportId]) -> Result<HashMap<ReportId, Self::Value>> {
        let column = (outcome_report::Entity, outcome_report::Column::Id);
        let ids = in_ids(&self.0, column, keys.iter().map(|key| key.0));
        let rows = outcome_report::Entity::find().filter(ids).all(&self.0).await?;
        Ok(rows.into_iter().map(|row| (ReportId(row.id), Arc::new(row))).collect())
    }
}

impl Loader<EmploymentOf> for Rows {
    type Value = Vec<outcome_employment::Model>;
    type Error = AppError;

    async fn load(&self, keys: &[EmploymentOf]) -> Result<HashMap<EmploymentOf, Self::Value>> {
        let column = (outcome_employment::Entity, outcome_employment::Column::ReportId);
        let ids = in_ids(&self.0, column, keys.iter().map(|key| key.0));
        let rows = outcome_employment::Entity::find().filter(ids).all(&self.0).await?;
        Ok(grouped(rows.into_iter().map(|row| (EmploymentOf(row.report_id), row))))
    }
}

impl Loader<BandsOf> for Rows {
    type Value = Vec<outcome_salary_band::Model>;
    type Error = AppError;

    async fn load(&self, keys: &[BandsOf]) -> Result<HashMap<BandsOf, Self::Value>> {
        let column = (outcome_salary_band::Entity, outcome_salary_band::Column::ReportId);
        let ids = in_ids(&self.0, column, keys.iter().map(|key| key.0));
        let rows = outcome_salary_band::Entity::find().filter(ids);
        let rows = rows.order_by_asc(outcome_salary_band::Column::Position).all(&self.0).await?;
        Ok(grouped(rows.into_iter().map(|row| (BandsOf(row.report_id), row))))
    }
}
