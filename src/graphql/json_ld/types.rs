//! JSON-LD fields of courses and providers.

use async_graphql::{Context, Object, SimpleObject};
use serde_json::{Map, Value, json};

use super::course_data::CourseData;
use super::{course, provider, script};
use crate::graphql::course::Course;
use crate::graphql::error::Result;
use crate::graphql::loaders::Load;
use crate::graphql::provider::Provider;
use crate::graphql::rating::RatingOf;

/// A JSON-LD document.
pub struct Document(pub(super) Value);

impl Document {
    /// Converts the document to a value of the API.
    pub fn value(self) -> Value {
        script::escape_tags(self.0)
    }

    /// Serializes the document as text for a page.
    pub fn script(&self) -> String {
        script::script(&self.0)
    }
}

/// A property that search engines require and the listing does not state.
#[derive(SimpleObject)]
pub struct JsonLdFault {
    /// Name of the schema.org property, with dots between the levels, e.g. "offers.category".
    pub property: &'static str,
    /// What the listing is missing, as a sentence.
    pub reason: &'static str,
}

/// JSON-LD fields of a course.
pub struct CourseJsonLd<'a>(pub &'a Course);

#[Object]
impl CourseJsonLd<'_> {
    /// Structured data for search engines: a schema.org Course with its next ten CourseInstances, with the properties
    /// that Google's course list and course info require. Facts that the listing does not state are left out;
    /// `jsonLdFaults` lists those that search engines require. In strings, a space is inserted between `<` and what
    /// would begin a tag, so that the value can be written into a page with any JSON serializer; `jsonLdScript` keeps
    /// the strings unchanged.
    async fn json_ld(&self, ctx: &Context<'_>) -> Result<Value> {
        Ok(document(ctx, self.0).await?.0.value())
    }

    /// The same document as text, ready to place between `<script type="application/ld+json">` and `</script>`: nothing
    /// in it can end the tag. Also served at `/courses/SLUG.jsonld`.
    async fn json_ld_script(&self, ctx: &Context<'_>) -> Result<String> {
        Ok(document(ctx, self.0).await?.0.script())
    }

    /// Properties that search engines require and the listing does not state. With any of them missing, search engines
    /// may not show the course. Empty if nothing is missing.
    async fn json_ld_faults(&self, ctx: &Context<'_>) -> Result<Vec<JsonLdFault>> {
        let faults = document(ctx, self.0).await?.1.into_iter();
        Ok(faults.map(|fault| JsonLdFault { property: fault.property, reason: fault.reason }).collect())
    }
}

async fn document(ctx: &Context<'_>, course: &Course) -> Result<(Document, Vec<course::MissingProperty>)> {
    let (document, faults) = course::document(&Box::pin(CourseData::load(ctx, course)).await?);
    let context = std::iter::once(("@context".to_owned(), json!("https://schema.org")));
    let whole = match document {
        Value::Object(fields) => Value::Object(context.chain(fields).collect::<Map<_, _>>()),
        other @ (Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_)) => other,
    };
    Ok((Document(whole), faults))
}

/// JSON-LD fields of a provider.
pub struct ProviderJsonLd<'a>(pub &'a Provider);

#[Object]
impl ProviderJsonLd<'_> {
    /// Structured data for search engines: a schema.org EducationalOrganization, CollegeOrUniversity, Corporation or
    /// NGO. Strings are escaped as described at `Course.jsonLd`.
    async fn json_ld(&self, ctx: &Context<'_>) -> Result<Value> {
        Ok(self.document(ctx).await?.value())
    }

    /// The same document as text for an HTML page; see `Course.jsonLdScript`.
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
