//! Finding anything again by its global id.

use async_graphql::{Context, ID, Interface, Object};

use crate::account::Account;
use crate::career::Career;
use crate::certification::Certification;
use crate::course::Course;
use crate::error::{AppError, Result};
use crate::graphql::context::InRequest;
use crate::graphql::ids::{NodeKind, parse_id};
use crate::member::{self, Invitation, ServiceToken};
use crate::offering::{Offering, load_offering};
use crate::outcome::OutcomeReport;
use crate::partnership::Partnership;
use crate::provider::Provider;
use crate::review::{EnrolmentCheck, Review};
use crate::statistic::Statistic;
use crate::taxonomy::{Skill, Subject};

/// Ids of one request at most.
const MOST: usize = 100;

/// What has a global id.
#[derive(Interface)]
#[graphql(field(name = "id", ty = "ID", desc = "Its global id: opaque, and good for node(id) at any time."))]
pub enum Node {
    /// A course.
    Course(Course),
    /// A provider.
    Provider(Provider),
    /// A certification.
    Certification(Certification),
    /// A career.
    Career(Career),
    /// A subject.
    Subject(Subject),
    /// A skill.
    Skill(Skill),
    /// An offering.
    Offering(Offering),
    /// A statistic.
    Statistic(Statistic),
    /// A review.
    Review(Review),
    /// The question to a provider whether somebody was enrolled.
    EnrolmentCheck(EnrolmentCheck),
    /// An invitation.
    Invitation(Invitation),
    /// A service token.
    ServiceToken(ServiceToken),
    /// An account.
    Account(Account),
    /// An outcome report.
    OutcomeReport(OutcomeReport),
    /// A partnership.
    Partnership(Partnership),
}

/// Queries by global id.
#[derive(Default)]
pub struct NodeQuery;

/// Queries by global id.
#[Object]
impl NodeQuery {
    /// Whatever has this id; null where there is nothing, or nothing that the caller may see.
    async fn node(&self, ctx: &Context<'_>, #[graphql(desc = "Its global id.")] id: ID) -> Option<Result<Node>> {
        match parse_id("id", &id) {
            Ok((kind, row)) => load(ctx, kind, row).await.transpose(),
            Err(error) => Some(Err(error)),
        }
    }

    /// Whatever has these ids, in the same order, null where there is nothing.
    async fn nodes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Global ids, at most 100.")] ids: Vec<ID>,
    ) -> Result<Vec<Option<Node>>> {
        if ids.len() > MOST {
            return Err(AppError::input("ids", format!("must be at most {MOST}")));
        }
        let parse = |(place, id)| parse_id(&format!("ids.{place}"), id);
        let rows: Vec<(NodeKind, i64)> = ids.iter().enumerate().map(parse).collect::<Result<_>>()?;
        let loads = rows.into_iter().map(|(kind, row)| load(ctx, kind, row));
        futures_util::future::try_join_all(loads).await
    }
}

/// Whatever this row is, where the caller may see it.
pub async fn load(ctx: &Context<'_>, kind: NodeKind, row: i64) -> Result<Option<Node>> {
    let dictionary = ctx.dictionary();
    Ok(match kind {
        NodeKind::Course => Course::load(ctx, row).await?.map(Node::Course),
        NodeKind::Offering => load_offering(ctx, row).await?.map(Node::Offering),
        NodeKind::Certification => Certification::visible(ctx, row).map(Node::Certification),
        NodeKind::Provider => Provider::visible(ctx, row).map(Node::Provider),
        NodeKind::Career => dictionary.careers.get(row).cloned().map(Career).map(Node::Career),
        NodeKind::Subject => dictionary.subjects.get(row).cloned().map(Subject).map(Node::Subject),
        NodeKind::Skill => dictionary.skills.get(row).cloned().map(Skill).map(Node::Skill),
        NodeKind::Review => Review::visible(ctx, row).await?.map(Node::Review),
        NodeKind::EnrolmentCheck => EnrolmentCheck::visible(ctx, row).await?.map(Node::EnrolmentCheck),
        NodeKind::Invitation => member::invitation(ctx, row).await?.map(Node::Invitation),
        NodeKind::ServiceToken => member::service_token(ctx, row).await?.map(Node::ServiceToken),
        NodeKind::Statistic => {
            let found = dictionary.statistics.iter().find(|statistic| statistic.id == row);
            found.cloned().map(Statistic).map(Node::Statistic)
        }
        NodeKind::Account => Account::visible(ctx, row).await?.map(Node::Account),
        NodeKind::Partnership => Partnership::visible(ctx, row).await?.map(Node::Partnership),
        NodeKind::OutcomeReport => OutcomeReport::load(ctx, row).await?.map(Node::OutcomeReport),
    })
}
