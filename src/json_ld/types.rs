//! The documents as the API shows them: fields of courses, providers and lists.

use async_graphql::{Context, Object, SimpleObject};
use serde_json::{Map, Value, json};

use super::facts::Facts;
use super::{course, provider, script};
use crate::course::Course;
use crate::error::Result;
use crate::graphql::loaders::Load;
use crate::provider::Provider;
use crate::rating::RatingOf;

/// A document.
pub struct Document(pub(super) Value);

impl Document {
    /// As a value of the API.
    pub fn value(self) -> Value {
        script::tame(self.0)
    }

    /// As text for a page.
    pub fn script(&self) -> String {
        script::script(&self.0)
    }
}

/// What search engines ask for and a listing does not state.
#[derive(SimpleObject)]
pub struct JsonLdFault {
    /// The property of schema.org, with dots between the levels, e.g. "offers.category".
    pub property: &'static str,
    /// What is missing in the listing.
    pub reason: &'static str,
}

/// What a course says to search engines.
pub struct CourseJsonLd<'a>(pub &'a Course);

#[Object]
impl CourseJsonLd<'_> {
    /// The course as schema.org has it: a Course with its next ten CourseInstances, in the properties that Google's course
    /// list and course info ask for. What the listing does not state is left out; `jsonLdFaults` says what of that search
    /// engines require. In its texts a space stands between `<` and what would begin a tag, so that a writer of JSON may
    /// put it into a page; `jsonLdScript` has the texts unchanged.
    async fn json_ld(&self, ctx: &Context<'_>) -> Result<Value> {
        Ok(document(ctx, self.0).await?.0.value())
    }

    /// The same as text to be put between `<script type="application/ld+json">` and `</script>` as it is: nothing in it can
    /// end the tag. Also at `/courses/SLUG.jsonld`.
    async fn json_ld_script(&self, ctx: &Context<'_>) -> Result<String> {
        Ok(document(ctx, self.0).await?.0.script())
    }

    /// What search engines require and the listing does not state, so that they may not show the course. Empty where
    /// nothing is missing.
    async fn json_ld_faults(&self, ctx: &Context<'_>) -> Result<Vec<JsonLdFault>> {
        let faults = document(ctx, self.0).await?.1.into_iter();
        Ok(faults.map(|fault| JsonLdFault { property: fault.property, reason: fault.reason }).collect())
    }
}

async fn document(ctx: &Context<'_>, course: &Course) -> Result<(Document, Vec<course::Fault>)> {
    let (document, faults) = course::document(&Facts::load(ctx, course).await?);
    let context = std::iter::once(("@context".to_owned(), json!("https://schema.org")));
    let whole = match document {
        Value::Object(fields) => Value::Object(context.chain(fields).collect::<Map<_, _>>()),
        other @ (Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_)) => other,
    };
    Ok((Document(whole), faults))
}

/// What a provider says to search engines.
pub struct ProviderJsonLd<'a>(pub &'a Provider);

#[Object]
impl ProviderJsonLd<'_> {
    /// The provider as schema.org has it: an EducationalOrganization, CollegeOrUniversity, Corporation or NGO. For texts
    /// see Course.jsonLd.
    async fn json_ld(&self, ctx: &Context<'_>) -> Result<Value> {
        Ok(self.document(ctx).await?.value())
    }

    /// The same as text for a page, see Course.jsonLdScript.
    async fn json_ld_script(&self, ctx: &Context<'_>) -> Result<String> {
        Ok(self.document(ctx).await?.script())
    }
}

impl ProviderJsonLd<'_> {
    async fn document(&self, ctx: &Context<'_>) -> Result<Document> {
        let provider = &self.0.0;
        let ratings = ctx.load(RatingOf::Provider(provider.row.id)).await?;
        Ok(Document(provider::document(provider, ratings.as_ref())))
    }
}
