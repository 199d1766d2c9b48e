//! The costs of a course, as fields of the course.

use async_graphql::{Context, Object};

use super::types::{PlanCost, costs};
use crate::course::Course;
use crate::error::Result;
use crate::graphql::inputs::MoneyInput;
use crate::graphql::raw::Raw;

/// What a course costs in truth.
pub struct CourseCosts(pub Course);

/// What a course costs in truth.
#[Object]
impl CourseCosts {
    /// What each way to pay for it comes to in all: paying at once where a price is stated, then the plans of `financing`
    /// in their order.
    async fn costs(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "The yearly salary before taxes to reckon with: income shares are paid of it, and raises in percent are \
                    raises of it. Without it, what depends on it is null."
        )]
        salary: Option<Raw<MoneyInput>>,
    ) -> Result<Vec<PlanCost>> {
        costs(ctx, &self.0, salary.as_ref().map(|salary| &salary.fields)).await
    }
}
