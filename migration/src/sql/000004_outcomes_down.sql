drop table outcome_salary_band;
drop table outcome_employment;
drop table outcome_report;
