//! Usual sizes of unpaged lists and texts: estimates for the cost of a document, not limits on the lists and texts
//! themselves. Larger ones are counted while the response is built.

use super::find_entry;

/// Size of a list that is not named below.
const DEFAULT_SIZE: u64 = 3;

/// Lists of another usual size.
const SIZES: &[(&str, &str, u64)] = &[
    ("Course", "partners", 1),
    ("Course", "financing", 2),
    ("Course", "subjects", 2),
    ("Course", "skills", 6),
    ("Course", "partOf", 1),
    ("Course", "certifications", 1),
    ("Course", "careers", 2),
    ("Course", "awards", 2),
    ("Course", "statistics", 2),
    ("Course", "costs", 3),
    ("PlanCost", "breakEven", 1),
    ("Course", "sources", 2),
    ("Completeness", "missing", 10),
    ("Prerequisites", "courses", 1),
    ("Provider", "locations", 2),
    ("Provider", "licences", 1),
    ("Provider", "sources", 2),
    ("Provider", "lookAlikes", 1),
    ("Provider", "members", 5),
    ("Certification", "namesakes", 1),
    ("Provider", "invitations", 2),
    ("Provider", "serviceTokens", 2),
    ("Statistic", "sources", 1),
    ("RatingSummary", "distribution", 5),
    ("CourseComparison", "rows", 25),
    ("CourseMatch", "reasons", 7),
    ("Review", "moderation", 1),
    ("Review", "reports", 1),
    ("CourseFacets", "kinds", 7),
    ("CourseFacets", "ratings", 5),
    ("PriceFacet", "buckets", 6),
    ("Career", "skills", 10),
    ("LearningPath", "steps", 5),
    ("LearningPath", "covered", 10),
    ("LearningPath", "missing", 10),
    ("LearningPath", "gaps", 10),
    ("LearningPath", "totalPrice", 1),
    ("Career", "gaps", 10),
    ("OutcomeSalaries", "bands", 6),
    ("ImportPayload", "rows", 500),
    ("ImportPayload", "userErrors", 20),
    ("ImportRowResult", "userErrors", 1),
    ("__Schema", "types", 200),
    ("__Schema", "directives", 5),
    ("__Type", "fields", 8),
    ("__Type", "interfaces", 1),
    ("__Type", "possibleTypes", 1),
    ("__Field", "args", 1),
];

/// Usual size of a list.
pub(super) fn usual(type_name: &str, field: &str) -> u64 {
    find_entry(SIZES, type_name, field).unwrap_or(DEFAULT_SIZE)
}

/// Usual bytes of a value that is not named below.
pub(super) const SHORT_BYTES: u64 = 30;

/// Longer values: the usual bytes of one value. For a list, of all its items; for a value that describes a whole page,
/// of each item.
pub(super) const BYTES: &[(&str, &str, u64)] = &[
    ("Career", "description", 500),
    ("Certification", "description", 500),
    ("Course", "description", 4_000),
    ("Course", "jsonLd", 6_000),
    ("Course", "jsonLdScript", 6_000),
    ("Course", "summary", 200),
    ("CourseSearchConnection", "jsonLd", 6_000),
    ("CourseSearchConnection", "jsonLdScript", 6_000),
    ("FieldChange", "after", 500),
    ("FieldChange", "before", 500),
    ("FinancingPlan", "note", 200),
    ("Highlight", "fragment", 300),
    ("MatchReason", "explanation", 150),
    ("MissingFact", "hint", 100),
    ("PlanCost", "assumptions", 300),
    ("Prerequisites", "note", 200),
    ("Provider", "description", 1_000),
    ("Provider", "jsonLd", 3_000),
    ("Provider", "jsonLdScript", 3_000),
    ("Provider", "note", 500),
    ("Query", "exportAccount", 100_000),
    ("Review", "body", 1_000),
    ("ReviewDecision", "reason", 200),
    ("ReviewReply", "body", 1_000),
    ("ReviewReport", "note", 200),
];

/// Usual bytes of a value, without its name.
pub(super) fn bytes(type_name: &str, field: &str) -> u64 {
    find_entry(BYTES, type_name, field).unwrap_or(SHORT_BYTES)
}
