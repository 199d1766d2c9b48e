//! Lookup of objects by their global ID.

use async_graphql::{Context, ID, Interface, Object};
use catalog::error::AppError;

use crate::graphql::account::Account;
use crate::graphql::career::Career;
use crate::graphql::certification::Certification;
use crate::graphql::context::ContextExt;
use crate::graphql::course::Course;
use crate::graphql::error::Result;
use crate::graphql::ids::{NodeKind, parse_id};
use crate::graphql::member;
use crate::graphql::member::{Invitation, ServiceToken};
use crate::graphql::offering::{Offering, load_offering};
use crate::graphql::outcome::OutcomeReport;
use crate::graphql::partnership::Partnership;
use crate::graphql::provider::Provider;
use crate::graphql::review::{EnrolmentCheck, Review};
use crate::graphql::statistic::Statistic;
use crate::graphql::taxonomy::{Skill, Subject};

/// Maximum number of IDs per request.
const MAX_NODES: usize = 100;

/// Object with a global ID.
#[derive(Interface)]
#[graphql(field(
    name = "id",
    ty = "ID",
    desc = "Global ID of the object: opaque and permanent. Pass it to `node(id:)` at any time."
))]
pub enum Node {
    /// Course.
    Course(Course),
    /// Provider.
    Provider(Provider),
    /// Certification.
    Certification(Certification),
    /// Career.
    Career(Career),
    /// Subject.
    Subject(Subject),
    /// Skill.
    Skill(Skill),
    /// Offering.
    Offering(Offering),
    /// Statistic.
    Statistic(Statistic),
    /// Review.
    Review(Review),
    /// Enrolment check: the question to a provider whether a person was enrolled in a course.
    EnrolmentCheck(EnrolmentCheck),
    /// Invitation.
    Invitation(Invitation),
    /// Service token.
    ServiceToken(ServiceToken),
    /// Account.
    Account(Account),
    /// Outcome report.
    OutcomeReport(OutcomeReport),
    /// Partnership.
    Partnership(Partnership),
}

/// Queries by global ID.
#[derive(Default)]
pub struct NodeQuery;

#[Object]
impl NodeQuery {
    /// Returns the object with this ID. Null if there is none, or none that the caller may see.
    async fn node(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Global ID of the object.")] id: ID,
    ) -> Option<Result<Node>> {
        match parse_id("id", &id) {
            Ok((kind, row)) => load(ctx, kind, row).await.transpose(),
            Err(error) => Some(Err(error.into())),
        }
    }

    /// Returns the objects with these IDs, in the same order. An entry is null if there is no such object, or none that
    /// the caller may see.
    async fn nodes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Global IDs of the objects, at most 100.")] ids: Vec<ID>,
    ) -> Result<Vec<Option<Node>>> {
        if ids.len() > MAX_NODES {
            return Err(AppError::input("ids", format!("must be at most {MAX_NODES}")).into());
        }
        let parse = |(index, id)| parse_id(&format!("ids.{index}"), id);
        let rows: Vec<(NodeKind, i64)> = ids.iter().enumerate().map(parse).collect::<Result<_, AppError>>()?;
        let loads = rows.into_iter().map(|(kind, row)| load(ctx, kind, row));
        futures_util::future::try_join_all(loads).await
    }
}

/// Loads the object of a row if the caller may see it.
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
