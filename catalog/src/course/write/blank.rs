//! Initial state of a course.

use chrono::{DateTime, Utc};
use entity::{CourseKind, ListingStatus, course};

/// An empty draft. Its version is 0, so that the first write makes it 1.
pub(super) fn blank(id: i64, provider_id: i64, now: DateTime<Utc>) -> course::Model {
    course::Model {
        id,
        provider_id,
        external_key: None,
        slug: String::new(),
        title: String::new(),
        summary: None,
        description: None,
        kind: CourseKind::Course,
        level: None,
        status: ListingStatus::Draft,
        formats: 0,
        schedules: 0,
        languages: String::new(),
        duration_weeks: None,
        duration_days_min: None,
        duration_days_max: None,
        duration_hours: None,
        hours_per_week_min: None,
        hours_per_week_max: None,
        pricing_category: None,
        price: None,
        price_currency: None,
        price_per: None,
        certificate_price: None,
        certificate_price_currency: None,
        free_retake_within_months: None,
        certificate_of_completion: None,
        mentoring_sessions: None,
        max_class_size: None,
        job_preparation: None,
        job_guarantee: None,
        portfolio: None,
        no_prerequisites: None,
        prerequisite_note: None,
        url: None,
        retire_reason: None,
        version: 0,
        created_at: now,
        updated_at: now,
        published_at: None,
        scheduled_for: None,
    }
}
