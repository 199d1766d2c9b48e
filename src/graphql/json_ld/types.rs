//! JSON-LD fields of courses and providers.

use async_graphql::{Context, Object};
use futures_util::future::try_join_all;
use serde_json::{Value, json};

use super::course::JsonLdFault;
use super::course_data::CourseData;
use super::document::Document;
use super::provider::SCHEMA_ORG;
use super::{course, provider};
use crate::graphql::course::Course;
use crate::graphql::error::Result;
use crate::graphql::loaders::Load;
use crate::graphql::provider::Provider;
use crate::graphql::rating::RatingOf;

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
        Ok(document(ctx, self.0).await?.1)
    }
}

async fn document(ctx: &Context<'_>, course: &Course) -> Result<(Document, Vec<JsonLdFault>)> {
    let data = Box::pin(CourseData::load(ctx, course)).await?;
    let (document, faults) = course::document(&data, Some(SCHEMA_ORG));
    Ok((Document(document), faults))
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

/// Builds the schema.org document of a list of courses, in order. It contains every course in full, because a site that
/// lists courses seldom has a page for each of them.
pub async fn list(ctx: &Context<'_>, courses: impl Iterator<Item = &Course>) -> Result<Document> {
    let data = try_join_all(courses.map(|course| CourseData::load(ctx, course))).await?;
    let item = |(position, data): (usize, &CourseData)| json!({ "@type": "ListItem", "position": position, "item": course::document(data, None).0 });
    let items: Vec<Value> = (1..).zip(&data).map(item).collect();
    Ok(Document(json!({ "@context": SCHEMA_ORG, "@type": "ItemList", "itemListElement": items })))
}
