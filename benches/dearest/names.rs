//! Names in the catalogue, so that documents request what exists, and the most common values.

use fastrand::Rng;
use serde_json::Value;

use crate::client::{Connection, post};

/// Slugs, IDs and words.
#[derive(Default)]
pub struct Names {
    skills: Vec<String>,
    subjects: Vec<String>,
    careers: Vec<String>,
    certifications: Vec<String>,
    providers: Vec<String>,
    courses: Vec<String>,
    ids: Vec<String>,
    course_ids: Vec<String>,
}

const QUERY: &str = "{ courses(first: 20 orderBy: {field: REVIEW_COUNT}) { nodes { id slug }
    facets { skills(first: 30) { value { slug id } } careers(first: 10) { value { slug id } } subjects(first: 20) { value { slug id } }
        providers(first: 20) { value { slug id } } } }
    certifications(first: 20) { nodes { slug id } } }";

/// Words that are common, rare, misspelt, or in no text.
const WORDS: [&str; 16] = [
    "course",
    "the",
    "learn",
    "project",
    "python",
    "javascript",
    "bootcamp",
    "developement",
    "programing",
    "a",
    "data",
    "begining",
    "introducton",
    "projcts",
    "week",
    "profesional",
];

impl Names {
    /// Queries the server for them.
    pub async fn ask(address: &str) -> Self {
        let mut connection = Connection::open(address).await.unwrap();
        let request = post("/graphql", &serde_json::json!({ "query": QUERY }).to_string());
        let (status, body) = connection.ask(&request).await.unwrap();
        assert_eq!(status, 200, "{}", String::from_utf8_lossy(body));
        let answer: Value = serde_json::from_slice(body).unwrap();
        let courses = &answer["data"]["courses"];
        let facet = |name: &str| all(&courses["facets"][name], "/value/slug");
        let course_ids = all(&courses["nodes"], "/id");
        let ids = ["skills", "careers", "subjects", "providers"].into_iter();
        let ids = ids.flat_map(|name| all(&courses["facets"][name], "/value/id")).chain(course_ids.clone()).collect();
        Self {
            skills: facet("skills"),
            subjects: facet("subjects"),
            careers: facet("careers"),
            providers: facet("providers"),
            certifications: all(&answer["data"]["certifications"]["nodes"], "/slug"),
            courses: all(&courses["nodes"], "/slug"),
            ids,
            course_ids,
        }
    }

    /// Literal of a scalar type for an input with this name.
    pub fn plain(&self, rng: &mut Rng, name: &str, of: &str) -> String {
        match (of, name) {
            ("Int", "first") => (*rng.choice(&["1", "5", "20", "100"]).unwrap()).to_owned(),
            ("Int", "gte" | "rating") => rng.i32(0..=2).to_string(),
            ("Int", _) => rng.i32(3..=100).to_string(),
            ("Float", "gte") => "0".to_owned(),
            ("Float", "kilometres") => rng.i32(100..20_000).to_string(),
            ("Float", "latitude") => rng.i32(-80..80).to_string(),
            ("Float", _) => rng.i32(1..170).to_string(),
            ("Boolean", _) => rng.bool().to_string(),
            ("Decimal", "gte") => quoted("0"),
            ("Decimal", _) => quoted(&rng.i32(100..9_000).to_string()),
            ("Date", "gte") => quoted("2020-01-01"),
            ("Date", _) => quoted("2030-01-01"),
            ("DateTime", _) => quoted("2020-01-01T00:00:00Z"),
            ("CurrencyCode", _) => quoted("USD"),
            ("CountryCode", _) => quoted(rng.choice(&["US", "GB", "DE"]).unwrap()),
            ("LanguageCode", _) => quoted(rng.choice(&["en", "de", "es", "en-US"]).unwrap()),
            ("ID", "ids") => quoted(any(rng, &self.course_ids)),
            ("ID", _) => quoted(any(rng, &self.ids)),
            (_, "query" | "text") => quoted(&text(rng)),
            (_, "skill" | "skills" | "all" | "any" | "none") => quoted(any(rng, &self.skills)),
            (_, "subject") => quoted(any(rng, &self.subjects)),
            (_, "career") => quoted(any(rng, &self.careers)),
            (_, "prepares" | "certification") => quoted(any(rng, &self.certifications)),
            (_, "provider" | "partner" | "issuer") => quoted(any(rng, &self.providers)),
            (_, "city") => quoted(rng.choice(&["Berlin", "London", "New York"]).unwrap()),
            (_, "slug" | "course") => quoted(any(rng, &self.courses)),
            _ => quoted("x"),
        }
    }

    /// Course with the most reviews.
    pub fn course(&self) -> &str {
        &self.courses[0]
    }

    /// IDs of some courses, as a list.
    pub fn course_ids(&self, count: usize) -> String {
        self.course_ids.iter().take(count).map(|id| quoted(id)).collect::<Vec<_>>().join(" ")
    }

    /// The most common skills, as a list.
    pub fn skills(&self, count: usize) -> String {
        self.skills.iter().take(count).map(|slug| quoted(slug)).collect::<Vec<_>>().join(" ")
    }
}

fn all(items: &Value, pointer: &str) -> Vec<String> {
    let items = items.as_array().into_iter().flatten();
    items.filter_map(|item| Some(item.pointer(pointer)?.as_str()?.to_owned())).collect()
}

fn any<'a>(rng: &mut Rng, names: &'a [String]) -> &'a str {
    rng.choice(names).map_or("none", String::as_str)
}

fn text(rng: &mut Rng) -> String {
    let words = (0..rng.usize(1..=12)).map(|_| *rng.choice(&WORDS).unwrap());
    words.collect::<Vec<_>>().join(" ")
}

fn quoted(text: &str) -> String {
    format!("\"{text}\"")
}
