//! Cost fields of a course.

use async_graphql::{Context, Object};

use super::types::{PlanCost, costs};
use crate::graphql::course::Course;
use crate::graphql::error::Result;
use crate::graphql::inputs::MoneyInput;
use crate::graphql::untyped_input::UntypedInput;

/// Cost fields of a course.
pub struct CourseCosts(pub Course);

/// Cost fields of a course.
#[Object]
impl CourseCosts {
    /// Total cost of each way to pay: first paying at once, if a price is stated, then the plans of `financing` in
    /// their order.
    async fn costs(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "Yearly salary before tax, used for income shares and for raises in percent. Without it, the \
                    figures that depend on it are null."
        )]
        salary: Option<UntypedInput<MoneyInput>>,
    ) -> Result<Vec<PlanCost>> {
        Ok(costs(ctx, &self.0, salary.as_ref().map(|salary| &salary.fields)).await?)
    }
}
