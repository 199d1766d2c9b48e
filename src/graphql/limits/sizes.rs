//! How long the lists are that have no paging, as a rule. The figures are estimates for the sum that a document may
//! come to, not limits on the lists themselves.

/// The size of a list that is not named below.
pub(super) const OTHERWISE: u64 = 3;

/// Lists whose usual size is another one.
pub(super) const SIZES: &[(&str, &str, u64)] = &[
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

/// The usual size of a list.
pub(super) fn usual(type_name: &str, field: &str) -> u64 {
    let listed = SIZES.iter().find(|(of, name, _)| *of == type_name && *name == field);
    listed.map_or(OTHERWISE, |(_, _, size)| *size)
}

/// What fields cost by themselves, beside the objects that they lead to: those that go through much of the index.
const WORK: &[(&str, &str, u64)] = &[
    ("Course", "similar", 10),
    ("CourseSearchConnection", "relaxations", 50),
    ("Query", "compareCourses", 20),
    ("Query", "learningPath", 1_000),
    ("Query", "matchCourses", 200),
];

/// What a field costs by itself.
pub(super) fn work(type_name: &str, field: &str) -> u64 {
    WORK.iter().find(|(of, name, _)| *of == type_name && *name == field).map_or(0, |(_, _, work)| *work)
}
