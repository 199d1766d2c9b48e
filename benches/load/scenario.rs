//! What is asked: a page in GraphQL, and the same page of the yardstick.

use std::rc::Rc;

use serde_json::{Value, json};

use crate::client;
use crate::fill::Catalogue;

/// One page, asked in many ways, so that no cache makes its figures a lie.
pub struct Scenario {
    /// Its name in the report.
    pub name: &'static str,
    /// The query.
    pub document: &'static str,
    /// The many ways.
    pub variants: Vec<Variant>,
}

/// One way to ask for a page.
pub struct Variant {
    /// The query's variables.
    pub variables: Value,
    /// Where the yardstick has it.
    pub path: String,
}

impl Scenario {
    /// The requests to Lectern.
    pub fn graphql(&self, path: &str) -> Rc<Vec<Vec<u8>>> {
        Rc::new(self.variants.iter().map(|variant| client::post(path, &self.body(variant))).collect())
    }

    /// The body of a request to Lectern.
    pub fn body(&self, variant: &Variant) -> String {
        json!({ "query": self.document, "variables": variant.variables }).to_string()
    }

    /// The requests to the yardstick.
    pub fn by_hand(&self) -> Rc<Vec<Vec<u8>>> {
        Rc::new(self.variants.iter().map(|variant| client::get(&variant.path)).collect())
    }
}

const COURSE: &str = "query Course($slug: String!) { course(by: {slug: $slug}) { id slug title summary description kind \
    level formats languages duration { weeks hours } price { amount currency } jobGuarantee url updatedAt \
    provider { id slug name kind url } skills { slug name kind } certifications { slug name kind } \
    ratings { count average } } }";

/// The course page.
pub fn course(catalogue: &Catalogue) -> Scenario {
    let variant = |slug: &String| Variant { variables: json!({ "slug": slug }), path: format!("/course/{slug}") };
    let variants = catalogue.courses.iter().map(|row| variant(&row.slug)).collect();
    Scenario { name: "course page", document: COURSE, variants }
}

const PROVIDER: &str = "query Provider($slug: String!) { provider(by: {slug: $slug}) { id slug name kind description url \
    ratings { count average } courses(first: 20) { nodes { slug title kind level price { amount currency } \
    ratings { count average } } pageInfo { hasNextPage } } } }";

/// The provider's page.
pub fn provider(catalogue: &Catalogue) -> Scenario {
    let variant = |slug: &String| Variant { variables: json!({ "slug": slug }), path: format!("/provider/{slug}") };
    let variants = catalogue.providers.iter().map(|row| variant(&row.slug)).collect();
    Scenario { name: "provider's page, 20 courses", document: PROVIDER, variants }
}
