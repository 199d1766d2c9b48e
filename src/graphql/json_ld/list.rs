//! Builds the schema.org document of a course list. It contains every course in full, because a site that lists courses
//! seldom has a page for each of them.

use async_graphql::Context;
use catalog::error::Result;
use futures_util::future::try_join_all;
use serde_json::{Value, json};

use super::course::document;
use super::course_data::CourseData;
use super::types::Document;
use crate::graphql::course::Course;

/// Builds the list of the courses of a page, in order.
pub async fn list(ctx: &Context<'_>, courses: impl Iterator<Item = &Course>) -> Result<Document> {
    let data = try_join_all(courses.map(|course| CourseData::load(ctx, course))).await?;
    let item = |(position, data): (usize, &CourseData)| json!({ "@type": "ListItem", "position": position, "item": document(data).0 });
    let items: Vec<Value> = (1..).zip(&data).map(item).collect();
    Ok(Document(json!({ "@context": "https://schema.org", "@type": "ItemList", "itemListElement": items })))
}
