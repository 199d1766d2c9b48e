//! Creation of reviews.

use chrono::TimeDelta;
use entity::review::{self, Column};
use entity::{ListingStatus, ReviewVerification, account};
use sea_orm::{ColumnTrait, DatabaseConnection, DatabaseTransaction, EntityTrait, PaginatorTrait, QueryFilter};

use super::log::finish;
use super::{ReviewContext, ReviewResult};
use crate::auth::Caller;
use crate::course::LockedCourse;
use crate::error::{AppError, Result};
use crate::input::{Fields, ValidationCode, ValidationError};
use crate::review::validation::read;
use crate::write::daily_limit::{self, DailyCounter, LimitedAction};
use crate::write::{MutationOutcome, as_writer, insert_new};

/// Maximum number of reviews per account in 24 hours.
const MAX_REVIEWS_PER_DAY: u64 = 20;

/// Creates a review of a course.
#[tracing::instrument(level = "debug", skip_all, fields(course))]
pub async fn write(db: &DatabaseConnection, context: &ReviewContext<'_>, course: i64, input: &Fields) -> ReviewResult {
    as_writer(db, &context.writer, async |tx| {
        let (parent, caller) = context.authorize_and_lock_course(&tx, course).await?;
        let author = caller.account().ok_or(AppError::Forbidden)?;
        let mut errors: Vec<ValidationError> = refusal(&parent, &caller).into_iter().collect();
        errors.extend(check_daily_limit(&tx, context, author).await?);
        let row = match read(input, context.writer.clock.today(), blank(context, course, author), errors) {
            Ok(row) => review::Model { verification: verification_of_account(&tx, author).await?, ..row },
            Err(errors) => return Ok(MutationOutcome::failure(None, errors)),
        };
        let row = review::Model { status: context.initial_status(&*tx, &row).await?, ..row };
        if !insert_new::<review::Entity>(&*tx, row.clone(), [Column::CourseId, Column::AccountId]).await? {
            let there = review::Entity::find().filter(Column::CourseId.eq(course)).filter(Column::AccountId.eq(author));
            let rule = "you have reviewed it already; updateReview changes it";
            let error = ValidationError::of("course", ValidationCode::Duplicate, rule);
            return Ok(MutationOutcome::failure(there.one(&*tx).await?, vec![error]));
        }
        daily_limit::record(&*tx, &context.writer, &[counter(author)]).await?;
        let position = finish(&tx, &context.writer, &parent, (None, Some(&row))).await?;
        Ok(MutationOutcome::success(row, position))
    })
    .await
}

/// Why the caller cannot review a course.
fn refusal(parent: &LockedCourse, caller: &Caller) -> Option<ValidationError> {
    let error = |rule| Some(ValidationError::of("course", ValidationCode::NotAllowed, rule));
    match parent.course.status {
        ListingStatus::Draft => error("it is not published"),
        ListingStatus::Retired => error("it is retired"),
        ListingStatus::Published if caller.role(parent.provider.id).is_some() => {
            error("you are a member of its provider")
        }
        ListingStatus::Published => None,
    }
}

async fn check_daily_limit(
    tx: &DatabaseTransaction,
    context: &ReviewContext<'_>,
    author: i64,
) -> Result<Option<ValidationError>> {
    let today = review::Entity::find().filter(Column::AccountId.eq(author));
    let today = today.filter(Column::CreatedAt.gt(context.writer.now() - TimeDelta::days(1))).count(tx).await?;
    let today = counter(author).count(tx, context.writer.now(), today).await?;
    let rule = || format!("you have written {MAX_REVIEWS_PER_DAY} reviews within a day");
    Ok((today >= MAX_REVIEWS_PER_DAY).then(|| ValidationError::of("course", ValidationCode::Limit, rule())))
}

/// Counter for the daily limit of reviews, including deleted ones.
fn counter(author: i64) -> DailyCounter {
    DailyCounter::of(LimitedAction::Review, author)
}

/// Verification that follows from the author's account.
#[tracing::instrument(level = "debug", skip_all, fields(account))]
pub(super) async fn verification_of_account(tx: &DatabaseTransaction, account: i64) -> Result<ReviewVerification> {
    let account = account::Entity::find_by_id(account).one(tx).await?;
    let is_verified = account.is_some_and(|account| account.email_verified_at.is_some());
    Ok(if is_verified { ReviewVerification::Email } else { ReviewVerification::None })
}

/// Placeholder row that the input is applied to.
fn blank(context: &ReviewContext<'_>, course_id: i64, author: i64) -> review::Model {
    let now = context.writer.now();
    review::Model {
        id: context.writer.ids.next(),
        course_id,
        account_id: Some(author),
        version: 1,
        created_at: now,
        updated_at: now,
        ..Default::default()
    }
}
