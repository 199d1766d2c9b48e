//! Reviews of courses, and their moderation.

table! {
    /// Review. It has no account once its author has left, or if it is imported.
    review = "review" {
        #[sea_orm(primary_key, auto_increment = false)] id: i64,
        course_id: i64, account_id: Option<i64>,
        rating: i32, curriculum: Option<i32>, instructors: Option<i32>, job_support: Option<i32>,
        title: Option<String>, body: String, relation: ReviewerRelation, incentive: bool, completed_on: Option<Date>,
        verification: ReviewVerification, status: ReviewStatus, helpful_count: i32,
        source_name: Option<String>, source_url: Option<String>, source_key: Option<String>,
        source_author: Option<String>,
        version: i32, created_at: DateTimeUtc, updated_at: DateTimeUtc,
    }
}

table! {
    /// Reply of the provider to a review.
    review_reply = "review_reply" {
        #[sea_orm(primary_key, auto_increment = false)] review_id: i64,
        author: String, body: String, created_at: DateTimeUtc, updated_at: DateTimeUtc,
    }
}

table! {
    /// Vote for a review as helpful.
    review_vote = "review_vote" {
        #[sea_orm(primary_key, auto_increment = false)] review_id: i64,
        #[sea_orm(primary_key, auto_increment = false)] account_id: i64,
        created_at: DateTimeUtc,
    }
}

table! {
    /// Report of a review, open until staff decide on it.
    review_report = "review_report" {
        #[sea_orm(primary_key, auto_increment = false)] id: i64,
        review_id: i64, account_id: Option<i64>, reason: ReportReason, note: Option<String>,
        created_at: DateTimeUtc, closed_at: Option<DateTimeUtc>,
    }
}

table! {
    /// Decision of staff on a review. `account_id` is its author. The review may have been deleted since.
    review_moderation = "review_moderation" {
        #[sea_orm(primary_key, auto_increment = false)] id: i64,
        course_id: i64, review_id: Option<i64>, account_id: Option<i64>,
        from_status: ReviewStatus, to_status: ReviewStatus, reason: String, moderator: String, stands: bool,
        at: DateTimeUtc,
    }
}

table! {
    /// Link sent to the author of a review.
    review_link = "review_link" {
        #[sea_orm(primary_key, auto_increment = false)] hash: String,
        review_id: i64, email: String, created_at: DateTimeUtc, expires_at: DateTimeUtc,
    }
}

table! {
    /// Request to a provider to confirm an enrolment.
    enrolment_check = "enrolment_check" {
        #[sea_orm(primary_key, auto_increment = false)] id: i64,
        review_id: i64, course_id: i64, provider_id: i64, person_name: String, email: Option<String>,
        from_date: Date, to_date: Date, asked_at: DateTimeUtc,
        answered_at: Option<DateTimeUtc>, answered_by: Option<String>, enrolled: Option<bool>,
    }
}
