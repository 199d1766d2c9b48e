//! Courses with their dependent rows.

table! {
    /// Course. `languages` holds BCP 47 tags separated by commas.
    course = "course" {
        #[sea_orm(primary_key, auto_increment = false)] id: i64,
        provider_id: i64, external_key: Option<String>,
        slug: String, title: String, summary: Option<String>, description: Option<String>,
        kind: CourseKind, level: Option<Level>, status: ListingStatus,
        formats: i32, schedules: i32, languages: String,
        duration_weeks: Option<i32>, duration_days_min: Option<i32>, duration_days_max: Option<i32>,
        duration_hours: Option<i32>, duration_minutes: Option<i32>,
        hours_per_week_min: Option<i32>, hours_per_week_max: Option<i32>,
        pricing_category: Option<PricingCategory>, price: Option<i64>, price_currency: Option<String>,
        price_per: Option<PricePeriod>, certificate_price: Option<i64>, certificate_price_currency: Option<String>,
        free_retake_within_months: Option<i32>, certificate_of_completion: Option<bool>,
        mentoring_sessions: Option<i32>, max_class_size: Option<i32>, job_preparation: Option<bool>,
        job_guarantee: Option<bool>, portfolio: Option<bool>, no_prerequisites: Option<bool>,
        prerequisite_note: Option<String>, url: Option<String>, retire_reason: Option<String>,
        version: i32, created_at: DateTimeUtc, updated_at: DateTimeUtc,
        published_at: Option<DateTimeUtc>, scheduled_for: Option<DateTimeUtc>,
    }
}

link! { course_partner = "course_partner" { course_id, provider_id } }
link! { course_subject = "course_subject" { course_id, subject_id } }
link! { course_skill = "course_skill" { course_id, skill_id } }
link! { course_prerequisite_course = "course_prerequisite_course" { course_id, required_id } }
link! { course_unit = "course_unit" { course_id, unit_id } }
link! { course_certification = "course_certification" { course_id, certification_id } }
link! { course_career = "course_career" { course_id, career_id } }

table! {
    /// Skill that a course requires, with its level.
    course_prerequisite_skill = "course_prerequisite_skill" {
        #[sea_orm(primary_key, auto_increment = false)] course_id: i64,
        #[sea_orm(primary_key, auto_increment = false)] skill_id: i64,
        level: SkillLevel, position: i32,
    }
}

table! {
    /// Award that a course has won.
    award = "award" {
        #[sea_orm(primary_key, auto_increment = false)] course_id: i64,
        #[sea_orm(primary_key, auto_increment = false)] position: i32,
        title: String, awarded_by: String, year: Option<i32>,
    }
}

table! {
    /// Way to pay for a course.
    financing_plan = "financing_plan" {
        #[sea_orm(primary_key, auto_increment = false)] course_id: i64,
        #[sea_orm(primary_key, auto_increment = false)] position: i32,
        kind: FinancingKind, apr_percent_e4: Option<i64>, months: Option<i32>,
        income_percent_e4: Option<i64>, income_floor: Option<i64>, income_floor_currency: Option<String>,
        cap: Option<i64>, cap_currency: Option<String>, note: Option<String>,
    }
}

table! {
    /// Opportunity to take a course. Without a start, it is on demand.
    offering = "offering" {
        #[sea_orm(primary_key, auto_increment = false)] id: i64,
        course_id: i64, format: Format, schedule: Option<Schedule>,
        starts_on: Option<Date>, ends_on: Option<Date>, apply_by: Option<Date>, time_zone: Option<String>,
        city: Option<String>, region: Option<String>, country: Option<String>,
        latitude: Option<f64>, longitude: Option<f64>, language: Option<String>,
        price: Option<i64>, price_currency: Option<String>,
        capacity: Option<i32>, seats_left: Option<i32>, url: Option<String>, version: i32,
    }
}

slugs! { course_slug = "course_slug" { course_id } }
rating! { course_rating = "course_rating" { course_id } }

table! {
    /// Consent of a provider to be shown as the partner of a course, or as the provider of one of its units.
    partnership = "partnership" {
        #[sea_orm(primary_key, auto_increment = false)] id: i64,
        course_id: i64, provider_id: i64, status: PartnershipStatus,
        created_at: DateTimeUtc, decided_at: Option<DateTimeUtc>,
    }
}
