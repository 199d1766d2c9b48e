//! Loads the child rows of reports, with one statement per table for all reports of a request.

use std::collections::HashMap;

use async_graphql::dataloader::Loader;
use catalog::dictionary::grouped;
use catalog::error::{AppError, Result};
use entity::{outcome_employment, outcome_salary_band};
use sea_orm::QueryOrder;

use crate::graphql::loaders::Rows;

/// Report whose employment figures to load.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct EmploymentOf(pub(super) i64);

/// Report whose salary bands to load, lowest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct BandsOf(pub(super) i64);

#[async_graphql::async_trait::async_trait]
impl Loader<EmploymentOf> for Rows {
    type Value = Vec<outcome_employment::Model>;
    type Error = AppError;

    async fn load(&self, keys: &[EmploymentOf]) -> Result<HashMap<EmploymentOf, Self::Value>> {
        let reports = keys.iter().map(|key| key.0);
        let rows = self.select(outcome_employment::Column::ReportId, reports).all(&self.0).await?;
        Ok(grouped(rows.into_iter().map(|row| (EmploymentOf(row.report_id), row))))
    }
}

#[async_graphql::async_trait::async_trait]
impl Loader<BandsOf> for Rows {
    type Value = Vec<outcome_salary_band::Model>;
    type Error = AppError;

    async fn load(&self, keys: &[BandsOf]) -> Result<HashMap<BandsOf, Self::Value>> {
        use outcome_salary_band::Column;
        let rows = self.select(Column::ReportId, keys.iter().map(|key| key.0));
        let rows = rows.order_by_asc(Column::Position).all(&self.0).await?;
        Ok(grouped(rows.into_iter().map(|row| (BandsOf(row.report_id), row))))
    }
}
