//! The pages: each as a GraphQL query, and as a page of the yardstick.

use std::rc::Rc;

use serde_json::{Value, json};

use crate::client;
use crate::fill::Catalogue;

/// A page in many variants, so that no cache distorts its figures.
pub struct Scenario {
    /// Name in the report.
    pub name: &'static str,
    /// Query.
    pub document: &'static str,
    /// Variants.
    pub variants: Vec<Variant>,
    /// Whether the two responses must have the same bytes, or only the same shape.
    pub same_bytes: bool,
    /// Maximum processor time of Lectern, as a multiple of the yardstick's.
    pub mark: Option<f64>,
}

/// Variant of a page.
pub struct Variant {
    /// Variables of the query.
    pub variables: Value,
    /// Path on the yardstick.
    pub path: String,
}

impl Scenario {
    /// Requests to Lectern.
    pub fn graphql(&self, path: &str) -> Rc<Vec<Vec<u8>>> {
        Rc::new(self.variants.iter().map(|variant| client::post(path, &self.body(variant))).collect())
    }

    /// Body of a request to Lectern.
    pub fn body(&self, variant: &Variant) -> String {
        json!({ "query": self.document, "variables": variant.variables }).to_string()
    }

    /// Requests to the yardstick.
    pub fn by_hand(&self) -> Rc<Vec<Vec<u8>>> {
        Rc::new(self.variants.iter().map(|variant| client::get(&variant.path)).collect())
    }
}

const COURSE: &str = "query Course($slug: String!) { course(by: {slug: $slug}) { id slug title summary description kind \
    level formats languages duration { weeks hours } price { amount currency } jobGuarantee url updatedAt \
    provider { id slug name kind url } skills { slug name kind } certifications { slug name kind } \
    ratings { count average } } }";

/// Course page.
pub fn course(catalogue: &Catalogue) -> Scenario {
    let variant = |slug: &String| Variant { variables: json!({ "slug": slug }), path: format!("/course/{slug}") };
    let variants = catalogue.courses.iter().map(|row| variant(&row.slug)).collect();
    Scenario { name: "course page", document: COURSE, variants, same_bytes: true, mark: Some(4.0) }
}

const PROVIDER: &str = "query Provider($slug: String!) { provider(by: {slug: $slug}) { id slug name kind description url \
    ratings { count average } courses(first: 20, orderBy: {field: TITLE, direction: ASC}) { nodes { slug title kind level price { amount currency } \
    ratings { count average } } pageInfo { hasNextPage } } } }";

/// Provider's page.
pub fn provider(catalogue: &Catalogue) -> Scenario {
    let variant = |slug: &String| Variant { variables: json!({ "slug": slug }), path: format!("/provider/{slug}") };
    let variants = catalogue.providers.iter().map(|row| variant(&row.slug)).collect();
    Scenario { name: "provider's page, 20 courses", document: PROVIDER, variants, same_bytes: true, mark: None }
}

const LIST: &str = "query List($filter: CourseFilter, $orderBy: CourseOrder, $after: String) { \
    courses(filter: $filter, orderBy: $orderBy, first: 20, after: $after) { \
    nodes { id slug title summary kind level price { amount currency } provider { slug name } skills { slug name } \
    ratings { count average } } pageInfo { hasNextPage endCursor } } }";
/// Orders, with their names in Lectern and in the yardstick.
const ORDERS: [(&str, &str, &str); 3] =
    [("RATING", "DESC", "Rating"), ("PRICE", "ASC", "Price"), ("TITLE", "ASC", "Title")];
const LEVELS: [&str; 4] = ["BEGINNER", "INTERMEDIATE", "ADVANCED", "ALL_LEVELS"];

/// List page: either of two skills, and a level, half of the time with a maximum price.
pub fn list(catalogue: &Catalogue) -> Scenario {
    let pairs = catalogue.skills.iter().zip(catalogue.skills.iter().skip(7));
    let mut variants = Vec::new();
    for (number, (one, other)) in pairs.enumerate() {
        for (place, level) in LEVELS.iter().enumerate() {
            let mut filter = json!({ "skills": { "any": [one.slug, other.slug] }, "level": [level] });
            let mut path = format!("/courses?skill={},{}&level={level}", one.slug, other.slug);
            if (number + place) % 2 == 0 {
                let dollars = 200 + 100 * (number % 15);
                filter["price"] = json!({ "lte": dollars.to_string() });
                path += &format!("&most={}", dollars * 100);
            }
            variants.push(ordered(filter, path, ORDERS[(number + place) % 3], None));
        }
    }
    Scenario { name: "list page, 20 courses", document: LIST, variants, same_bytes: true, mark: Some(4.0) }
}

/// Widest list, after a cursor: a filter that every course meets.
pub fn widest(name: &'static str, cursors: &[(usize, String)]) -> Scenario {
    let variant = |(order, cursor): &(usize, String)| {
        let path = format!("/courses?level={}", LEVELS.join(","));
        ordered(json!({ "level": LEVELS }), path, ORDERS[*order], Some(cursor))
    };
    Scenario { name, document: LIST, variants: cursors.iter().map(variant).collect(), same_bytes: true, mark: None }
}

/// Request for the widest list in an order, 100 courses per page with their cursors only.
pub fn walk(order: usize, after: Option<&str>) -> String {
    let (field, direction, _) = ORDERS[order];
    let query = "query Walk($filter: CourseFilter, $orderBy: CourseOrder, $after: String) { \
        courses(filter: $filter, orderBy: $orderBy, first: 100, after: $after) { edges { cursor } } }";
    let order = json!({ "field": field, "direction": direction });
    let variables = json!({ "filter": { "level": LEVELS }, "orderBy": order, "after": after });
    json!({ "query": query, "variables": variables }).to_string()
}

fn ordered(filter: Value, path: String, order: (&str, &str, &str), after: Option<&str>) -> Variant {
    let (field, direction, by_hand) = order;
    let after_by_hand = after.map(|cursor| format!("&after={cursor}")).unwrap_or_default();
    let order = json!({ "field": field, "direction": direction });
    Variant {
        variables: json!({ "filter": filter, "orderBy": order, "after": after }),
        path: format!("{path}&order={by_hand}{after_by_hand}"),
    }
}

const SEARCH: &str = "query Search($text: String!, $filter: CourseFilter) { courses(query: $text, filter: $filter, \
    first: 20) { totalCount pageInfo { hasNextPage } facets { kinds { value count } levels { value count } \
    formats { value count } skills(first: 20) { value { slug name } count } } \
    nodes { id slug title summary kind level price { amount currency } provider { slug name } skills { slug name } \
    ratings { count average } } } }";
/// Words in many texts, to search beside the skills.
const WORDS: [&str; 8] = ["", "beginners", "bootcamp", "portfolio", "project", "deployed", "mentor", "production"];

/// Search with facets: a skill, usually with another word, half of the time with a level.
pub fn search(catalogue: &Catalogue) -> Scenario {
    let mut variants = Vec::new();
    for (number, skill) in catalogue.skills.iter().enumerate() {
        let name = skill.name.replace(|c: char| !c.is_ascii_alphanumeric(), " ");
        for (place, word) in WORDS.iter().enumerate() {
            let text = format!("{name} {word}").trim().to_owned();
            let encoded = text.replace(' ', "+");
            let level = ((number + place) % 2 == 0).then(|| LEVELS[(number + place / 2) % 4]);
            let filter = level.map(|level| json!({ "level": [level] }));
            let level = level.map(|level| format!("&level={level}")).unwrap_or_default();
            let variables = json!({ "text": text, "filter": filter });
            variants.push(Variant { variables, path: format!("/search?text={encoded}{level}") });
        }
    }
    Scenario { name: "search with facets, 20 courses", document: SEARCH, variants, same_bytes: false, mark: Some(1.0) }
}
