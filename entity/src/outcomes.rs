//! Outcome reports: what graduates of a course achieved.

table! {
    /// Results of one cohort of a course. A withdrawn report is kept.
    outcome_report = "outcome_report" {
        #[sea_orm(primary_key, auto_increment = false)] id: i64,
        course_id: i64, period_start: Date, period_end: Date,
        enrolled: i32, graduated_on_time: i32, graduated_late: i32,
        salary_currency: Option<String>, salary_median: Option<i64>, salaries_stated: Option<i32>,
        auditor: Option<String>, url: Option<String>,
        source_name: Option<String>, source_url: Option<String>, source_key: Option<String>,
        version: i32, published_at: DateTimeUtc, updated_at: DateTimeUtc,
        withdrawn_at: Option<DateTimeUtc>, withdrawn_because: Option<String>,
    }
}

table! {
    /// Employment of a report's graduates a number of days after graduation.
    outcome_employment = "outcome_employment" {
        #[sea_orm(primary_key, auto_increment = false)] report_id: i64,
        #[sea_orm(primary_key, auto_increment = false)] days: i32,
        full_time: i32, apprenticeship: i32, hired_by_school: i32, started_company: i32, short_term: i32,
        out_of_field: i32, continuing_education: i32, seeking: i32, not_seeking: i32, non_reporting: i32,
    }
}

table! {
    /// Number of graduates with a stated salary from `least` to less than `below`, in minor units a year.
    outcome_salary_band = "outcome_salary_band" {
        #[sea_orm(primary_key, auto_increment = false)] report_id: i64,
        #[sea_orm(primary_key, auto_increment = false)] position: i32,
        least: Option<i64>, below: Option<i64>, count: i32,
    }
}
