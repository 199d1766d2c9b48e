//! Asking the provider whether the author of a review was enrolled. The provider is told a name, a course and a period, and
//! nothing of the review: not its text, its stars or its id, nor whether it is shown.

use chrono::{DurationRound, NaiveDate, TimeDelta};
use entity::enrolment_check::{self, Column};
use entity::{ReviewVerification, ReviewerRelation, account, review};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, DatabaseConnection, DatabaseTransaction, EntityTrait, QueryFilter};
use serde_json::json;

use super::held::{Held, Place, is_author};
use super::log::note;
use super::verify::confirm;
use super::{Errand, Written};
use crate::auth::signed_in;
use crate::error::{AppError, Result};
use crate::form::text::{NAME, line};
use crate::form::{Fault, FaultCode};
use crate::provider::service::held_for;
use crate::write::{Saved, as_writer, insert_new};

/// What the provider is to be asked.
pub struct Asked<'a> {
    /// For which review.
    pub id: i64,
    /// The name that the provider knows the author by.
    pub name: &'a str,
    /// The first day of the time of which is asked.
    pub from: NaiveDate,
    /// The last day.
    pub to: NaiveDate,
    /// Whether the provider is told the author's address too.
    pub with_email: bool,
}

/// An answer of a provider.
pub struct Answered {
    /// To which question.
    pub id: i64,
    /// Whether the person was enrolled.
    pub enrolled: bool,
}

/// Asks the provider, once for each review.
pub async fn ask(db: &DatabaseConnection, errand: &Errand<'_>, asked: Asked<'_>) -> Written {
    as_writer(db, &errand.writer, async |tx| put_question(&tx, errand, &asked).await).await
}

async fn put_question(tx: &DatabaseTransaction, errand: &Errand<'_>, asked: &Asked<'_>) -> Written {
    let held = errand.own(tx, asked.id).await?;
    let (person_name, faults) = check(&held, asked, errand.writer.clock.today());
    if !faults.is_empty() {
        return Ok(Saved::refused(Some(held.row), faults));
    }
    let row = enrolment_check::Model {
        id: errand.writer.ids.blind(),
        review_id: asked.id,
        course_id: held.row.course_id,
        provider_id: held.place.provider.id,
        person_name,
        email: if asked.with_email { address(tx, &held).await? } else { None },
        from_date: asked.from,
        to_date: asked.to,
        // To the day, like the id: from the moment of asking one could tell the review, which says when it was written.
        asked_at: errand.writer.now().duration_trunc(TimeDelta::days(1)).map_err(AppError::internal)?,
        answered_at: None,
        answered_by: None,
        enrolled: None,
    };
    if !insert_new::<enrolment_check::Entity>(tx, row, [Column::ReviewId]).await? {
        let fault = Fault::of("id", FaultCode::Duplicate, "the provider has been asked already");
        return Ok(Saved::refused(Some(held.row), vec![fault]));
    }
    let position = note(tx, &errand.writer, &held.place).await?;
    Ok(Saved::done(held.row, position))
}

fn check(held: &Held, asked: &Asked<'_>, today: NaiveDate) -> (String, Vec<Fault>) {
    let rules = [
        (
            held.row.verification == ReviewVerification::Enrolment,
            "id",
            FaultCode::NotAllowed,
            "the enrolment is confirmed already",
        ),
        (
            held.row.relation == ReviewerRelation::Applicant,
            "id",
            FaultCode::NotAllowed,
            "an APPLICANT was not enrolled",
        ),
        (asked.from > asked.to, "from", FaultCode::OutOfRange, "must not be after to"),
        (asked.from > today, "from", FaultCode::OutOfRange, "must not be in the future"),
    ];
    let broken = rules.into_iter().filter(|rule| rule.0);
    let mut faults: Vec<Fault> = broken.map(|(_, path, code, rule)| Fault::of(path, code, rule)).collect();
    let name = line(NAME)(&json!(asked.name)).unwrap_or_else(|rule| {
        faults.push(rule.at("name"));
        String::new()
    });
    (name, faults)
}

async fn address(tx: &DatabaseTransaction, held: &Held) -> Result<Option<String>> {
    let Some(author) = held.caller.account() else { return Ok(None) };
    Ok(account::Entity::find_by_id(author).one(tx).await?.map(|account| account.email))
}

/// Takes the provider's answer. It is not undone.
pub async fn answer(
    db: &DatabaseConnection,
    errand: &Errand<'_>,
    answered: Answered,
) -> Result<Saved<enrolment_check::Model>> {
    as_writer(db, &errand.writer, async |tx| take_answer(&tx, errand, &answered).await).await
}

async fn take_answer(
    tx: &DatabaseTransaction,
    errand: &Errand<'_>,
    answered: &Answered,
) -> Result<Saved<enrolment_check::Model>> {
    const WHAT: &str = "enrolment check";
    signed_in(errand.caller)?;
    let row = || enrolment_check::Entity::find_by_id(answered.id).one(tx);
    let of = row().await?.ok_or(AppError::NotFound(WHAT))?;
    held_for(tx, errand.caller, errand.mutation, (WHAT, of.provider_id), |_| false).await?;
    let review = review::Entity::find_by_id(of.review_id).one(tx).await?;
    if review.as_ref().is_some_and(|review| is_author(review, errand.caller)) {
        let fault = Fault::of("id", FaultCode::NotAllowed, "it asks about you: somebody else of the provider answers");
        return Ok(Saved::refused(Some(of), vec![fault]));
    }
    let close = enrolment_check::Entity::update_many()
        .col_expr(Column::AnsweredAt, Expr::value(errand.writer.now()))
        .col_expr(Column::AnsweredBy, Expr::value(&errand.writer.actor))
        .col_expr(Column::Enrolled, Expr::value(answered.enrolled));
    let closed = close.filter(Column::Id.eq(of.id)).filter(Column::AnsweredAt.is_null()).exec(tx).await?;
    let row = row().await?.ok_or(AppError::NotFound(WHAT))?;
    if closed.rows_affected == 0 {
        let fault = Fault::of("id", FaultCode::NotAllowed, "it is answered, and an answer is not undone");
        return Ok(Saved::refused(Some(row), vec![fault]));
    }
    let place = Place::hold(tx, row.course_id, WHAT).await?;
    let position = match review {
        Some(review) if answered.enrolled => {
            confirm(tx, errand, &place, review, ReviewVerification::Enrolment).await?.position
        }
        Some(_) | None => note(tx, &errand.writer, &place).await?,
    };
    Ok(Saved::done(row, position))
}
