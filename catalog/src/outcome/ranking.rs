//! Figures by which courses are ranked: the share of graduates employed in the field after 180 days, from the latest
//! report with enough graduates that was published here. The search index reads them here; ordering is its business.

use std::collections::HashMap;

use sea_orm::{ConnectionTrait, FromQueryResult, Statement};

use super::figures::{MIN_RANKED_GRADUATES, percent};
use crate::database::{ids_parameter, ids_value};
use crate::error::Result;
use crate::values::to_e4;

/// Reports in order of their period, so that the latest report of a course wins.
const REPORTS: &str = "select r.course_id, r.graduated_on_time + r.graduated_late as graduates, \
    e.full_time + e.apprenticeship + e.hired_by_school + e.started_company + e.short_term as employed \
    from outcome_report r join outcome_employment e on e.report_id = r.id and e.days = 180 \
    where r.withdrawn_at is null and r.source_key is null and r.graduated_on_time + r.graduated_late >= $1 and r.course_id";

#[derive(FromQueryResult)]
struct EmploymentRow {
    course_id: i64,
    graduates: i32,
    employed: i32,
}

/// Returns the rates of those of these courses that are ranked, in ten-thousandths of a percent.
pub async fn rates(db: &impl ConnectionTrait, courses: Vec<i64>) -> Result<HashMap<i64, i64>> {
    if courses.is_empty() {
        return Ok(HashMap::new());
    }
    let backend = db.get_database_backend();
    let sql = format!("{REPORTS} {} order by r.period_end, r.id", ids_parameter(backend, 2));
    let values = [MIN_RANKED_GRADUATES.into(), ids_value(backend, courses)];
    let rows = EmploymentRow::find_by_statement(Statement::from_sql_and_values(backend, sql, values)).all(db).await?;
    let rate = |row: EmploymentRow| Some((row.course_id, to_e4(percent(row.employed, row.graduates)?)?));
    Ok(rows.into_iter().filter_map(rate).collect())
}
