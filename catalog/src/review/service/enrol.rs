//! Enrolment checks. The provider learns a name, a course and a period, and nothing of the review: not its text, rating
//! or ID, nor whether it is published.

use chrono::{DurationRound, NaiveDate, TimeDelta};
use entity::enrolment_check::{self, Column};
use entity::{ReviewVerification, ReviewerRelation, account, review};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, DatabaseConnection, DatabaseTransaction, EntityTrait, QueryFilter};
use serde_json::json;

use super::authorization::{LockedReview, is_author};
use super::log::{finish, note};
use super::verify::confirm;
use super::{ReviewContext, ReviewResult, broken, checked, refused};
use crate::auth::require_sign_in;
use crate::course::LockedCourse;
use crate::error::{AppError, Result};
use crate::input::ValidationCode::{Duplicate, NotAllowed, OutOfRange};
use crate::input::ValidationError;
use crate::input::text::{MAX_NAME_CHARS, line};
use crate::provider::service::authorize_and_lock_owner;
use crate::write::{MutationOutcome, as_writer, insert_new};

/// Enrolment check to create.
pub struct EnrolmentQuestion<'a> {
    /// Row ID of the review.
    pub id: i64,
    /// Name by which the provider knows the author.
    pub name: &'a str,
    /// First day of the period of enrolment.
    pub from: NaiveDate,
    /// Last day of the period of enrolment.
    pub to: NaiveDate,
    /// Whether to share the author's email address.
    pub with_email: bool,
}

/// Asks the provider about the author of a review, once per review.
#[tracing::instrument(level = "debug", skip_all)]
pub async fn ask(
    db: &DatabaseConnection,
    context: &ReviewContext<'_>,
    question: EnrolmentQuestion<'_>,
) -> ReviewResult {
    as_writer(db, &context.writer, async |tx| {
        let locked = context.authorize_and_lock_own_review(&tx, question.id).await?;
        let (person_name, errors) = check(&locked, &question, context.writer.clock.today());
        if !errors.is_empty() {
            return Ok(MutationOutcome::failure(Some(locked.row), errors));
        }
        let row = enrolment_check::Model {
            id: context.writer.ids.next_random(),
            review_id: question.id,
            course_id: locked.row.course_id,
            provider_id: locked.parent.provider.id,
            person_name,
            email: if question.with_email { address(&tx, &locked).await? } else { None },
            from_date: question.from,
            to_date: question.to,
            // Truncated to the day, and the ID is random: the exact time could identify the review, which shows when it
            // was written.
            asked_at: context.writer.now().duration_trunc(TimeDelta::days(1)).map_err(AppError::internal)?,
            answered_at: None,
            answered_by: None,
            enrolled: None,
        };
        if !insert_new::<enrolment_check::Entity>(&*tx, row, [Column::ReviewId]).await? {
            return Ok(refused(locked.row, Duplicate, "the provider has been asked already"));
        }
        note(&tx, &context.writer, locked).await
    })
    .await
}

fn check(locked: &LockedReview, question: &EnrolmentQuestion<'_>, today: NaiveDate) -> (String, Vec<ValidationError>) {
    let is_confirmed = locked.row.verification == ReviewVerification::Enrolment;
    let is_applicant = locked.row.relation == ReviewerRelation::Applicant;
    let mut errors = broken([
        (is_confirmed, "id", NotAllowed, "the enrolment is confirmed already"),
        (is_applicant, "id", NotAllowed, "an APPLICANT was not enrolled"),
        (question.from > question.to, "from", OutOfRange, "must not be after to"),
        (question.from > today, "from", OutOfRange, "must not be in the future"),
    ]);
    let name = checked(&mut errors, "name", line(MAX_NAME_CHARS)(&json!(question.name)));
    (name, errors)
}

async fn address(tx: &DatabaseTransaction, locked: &LockedReview) -> Result<Option<String>> {
    let Some(author) = locked.caller.account() else { return Ok(None) };
    Ok(account::Entity::find_by_id(author).one(tx).await?.map(|account| account.email))
}

/// Records the provider's answer to an enrolment check, which is final.
#[tracing::instrument(level = "debug", skip_all)]
pub async fn answer(
    db: &DatabaseConnection,
    context: &ReviewContext<'_>,
    id: i64,
    enrolled: bool,
) -> Result<MutationOutcome<enrolment_check::Model>> {
    const WHAT: &str = "enrolment check";
    as_writer(db, &context.writer, async |tx| {
        require_sign_in(context.caller)?;
        let row = || enrolment_check::Entity::find_by_id(id).one(&*tx);
        let of = row().await?.ok_or(AppError::NotFound(WHAT))?;
        authorize_and_lock_owner(&tx, context.caller, context.mutation, (WHAT, of.provider_id), |_| false).await?;
        let review = review::Entity::find_by_id(of.review_id).one(&*tx).await?;
        if review.as_ref().is_some_and(|review| is_author(review, context.caller)) {
            return Ok(refused(of, NotAllowed, "it asks about you: somebody else of the provider answers"));
        }
        let close = enrolment_check::Entity::update_many()
            .col_expr(Column::AnsweredAt, Expr::value(context.writer.now()))
            .col_expr(Column::AnsweredBy, Expr::value(&context.writer.actor))
            .col_expr(Column::Enrolled, Expr::value(enrolled));
        let closed = close.filter(Column::Id.eq(of.id)).filter(Column::AnsweredAt.is_null()).exec(&*tx).await?;
        let row = row().await?.ok_or(AppError::NotFound(WHAT))?;
        if closed.rows_affected == 0 {
            return Ok(refused(row, NotAllowed, "it is answered, and an answer is not undone"));
        }
        let parent = LockedCourse::lock(&tx, row.course_id, WHAT).await?;
        let position = match review {
            Some(review) if enrolled => {
                confirm(&tx, context, &parent, review, ReviewVerification::Enrolment).await?.position
            }
            Some(_) | None => finish(&tx, &context.writer, &parent, (None, None)).await?,
        };
        Ok(MutationOutcome::success(row, position))
    })
    .await
}
