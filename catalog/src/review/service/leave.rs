//! The reviews part of exporting and deleting an account. Reviews stay, without their author's name; votes, and what
//! providers were told for enrolment checks, are deleted.

use std::collections::BTreeMap;

use entity::{course, enrolment_check, review, review_link, review_report, review_vote};
use sea_orm::sea_query::{Expr, ExprTrait, Query, SelectStatement};
use sea_orm::{
    ActiveEnum, ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect, Select,
};
use serde_json::{Value, json};

use super::log::log_entry;
use crate::changelog::Entry;
use crate::error::Result;
use crate::write::rows;

const MAX_EXPORTED_ROWS: u64 = 10_000;

/// Detaches an account that is locked and about to be deleted. Returns the log entries that invalidate cached answers,
/// which may contain the author's name.
#[tracing::instrument(level = "debug", skip_all, fields(account))]
pub async fn remove_traces(tx: &DatabaseTransaction, account: i64) -> Result<Vec<Entry>> {
    use review::Column;
    let touched =
        Condition::any().add(Column::AccountId.eq(account)).add(Column::Id.in_subquery(reviews_voted_for(account)));
    let courses = review::Entity::find().filter(touched).select_only().column(Column::CourseId).distinct();
    let courses: Vec<i64> = courses.into_tuple().all(tx).await?;
    let courses: BTreeMap<i64, course::Model> = rows::<course::Entity>(tx, courses).await?.into_iter().collect();
    let decrement = review::Entity::update_many();
    let decrement = decrement.col_expr(Column::HelpfulCount, Expr::col(Column::HelpfulCount).sub(1));
    decrement.filter(Column::Id.in_subquery(reviews_voted_for(account))).exec(tx).await?;
    let checks = enrolment_check::Entity::delete_many();
    checks.filter(enrolment_check::Column::ReviewId.in_subquery(reviews_written_by(account))).exec(tx).await?;
    let links = review_link::Entity::delete_many();
    links.filter(review_link::Column::ReviewId.in_subquery(reviews_written_by(account))).exec(tx).await?;
    Ok(courses.values().map(log_entry).collect())
}

fn reviews_voted_for(account: i64) -> SelectStatement {
    use review_vote::Column;
    Query::select().column(Column::ReviewId).from(review_vote::Entity).and_where(Column::AccountId.eq(account)).take()
}

fn reviews_written_by(account: i64) -> SelectStatement {
    use review::Column;
    Query::select().column(Column::Id).from(review::Entity).and_where(Column::AccountId.eq(account)).take()
}

/// Exports everything about reviews that is stored for an account.
#[tracing::instrument(level = "debug", skip_all, fields(account))]
pub async fn export(db: &impl ConnectionTrait, account: i64) -> Result<Value> {
    let by_id = || review::Entity::find().order_by_asc(review::Column::Id);
    let reviews = exported(db, by_id().filter(review::Column::AccountId.eq(account))).await?;
    let votes = exported(db, by_id().filter(review::Column::Id.in_subquery(reviews_voted_for(account)))).await?;
    let reports = review_report::Entity::find().filter(review_report::Column::AccountId.eq(account));
    let reports = exported(db, reports.order_by_asc(review_report::Column::Id)).await?;
    let checks = enrolment_check::Column::ReviewId.in_subquery(reviews_written_by(account));
    let checks = exported(db, enrolment_check::Entity::find().filter(checks)).await?;
    let named = reviews.iter().chain(&votes).map(|row| row.course_id).chain(checks.iter().map(|row| row.course_id));
    let courses = rows::<course::Entity>(db, named).await?;
    let slug = |course: i64| courses.get(&course).map(|course| course.slug.as_str());
    Ok(json!({
        "written": reviews.iter().map(|row| shown(row, slug(row.course_id))).collect::<Value>(),
        "foundHelpful": votes.iter().map(|row| json!({ "course": slug(row.course_id), "title": row.title })).collect::<Value>(),
        "reports": reports.iter().map(|row| json!({
            "reason": row.reason.to_value(), "note": row.note, "createdAt": row.created_at,
        })).collect::<Value>(),
        "enrolmentChecks": checks.iter().map(|row| json!({
            "course": slug(row.course_id), "personName": row.person_name, "email": row.email, "from": row.from_date,
            "to": row.to_date, "askedAt": row.asked_at, "answeredAt": row.answered_at, "enrolled": row.enrolled,
        })).collect::<Value>(),
    }))
}

/// Loads rows for an export.
pub async fn exported<E: EntityTrait>(db: &impl ConnectionTrait, rows: Select<E>) -> Result<Vec<E::Model>> {
    Ok(rows.limit(MAX_EXPORTED_ROWS).all(db).await?)
}

fn shown(row: &review::Model, course: Option<&str>) -> Value {
    json!({
        "course": course, "rating": row.rating, "curriculum": row.curriculum, "instructors": row.instructors,
        "jobSupport": row.job_support, "title": row.title, "body": row.body, "relation": row.relation.to_value(),
        "incentive": row.incentive, "completedOn": row.completed_on, "verification": row.verification.to_value(),
        "status": row.status.to_value(), "helpfulCount": row.helpful_count, "createdAt": row.created_at,
        "updatedAt": row.updated_at,
    })
}
