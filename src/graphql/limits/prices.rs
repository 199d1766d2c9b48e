//! Prices of everything that a query can request, in one place. A unit is about 50 microseconds of one core at
//! 50,000 courses; `scripts/dearest` measures that. docs/limits.md explains the table.
//!
//! Every argument and input field of the schema needs a price here, or a unit test of the index (`index.rs`) fails.

use catalog::auth::Mutation;

use super::find_entry;

/// Fixed cost of a request: parsing, validating and sending the response.
pub(super) const REQUEST: u64 = 5;
/// Number of values in a response per unit.
pub(super) const VALUES_PER_UNIT: u64 = 40;
/// Number of bytes in a response per unit.
pub(super) const BYTES_PER_UNIT: u64 = 5_000;
/// Maximum length of a search text in characters. Longer texts are rejected before they are parsed.
pub(super) const TEXT_CHARACTERS: usize = 200;

/// Price of an input value. The prices of nested values are added to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Price {
    /// Free beyond the field itself: the value is only compared or looked up.
    Included,
    /// Price of the value, or of each item of a list.
    Each(u64),
    /// Price of each word.
    Words(u64),
    /// Price of each row of a batch, to which a fraction of the price of its contents is added.
    Row(u64),
}

use Price::{Each, Included, Row, Words};

/// Units of a row's contents that count as one unit: rows are written many at a time, so a value in one costs little
/// more than parsing it.
pub(super) const ROW_VALUES_PER_UNIT: u64 = 20;
/// Value in the arguments of a mutation: it is validated and written.
const INPUT_VALUE: Price = Each(1);
/// Value without a price: expensive enough to be noticed.
pub(super) const UNPRICED: Price = Each(1_000);

/// Documents with one value: a posting list of up to all courses.
const TERM: Price = Each(10);
/// Documents with one of thousands of skills, providers and the like, each of which covers only a part of the courses.
const SLUG: Price = Each(5);
/// Documents whose value lies in a range: a scan of a column.
const RANGE: Price = Each(25);
/// Row of the dictionary: there are few providers, careers, skills and the like.
const ROW: Price = Each(2);
/// Word of a text that searches courses: its forms and misspellings, in six fields, in up to four attempts.
const COURSE_WORD: Price = Words(100);
/// Word of a text that searches names.
const NAME_WORD: Price = Words(60);

/// Arguments of fields, except those of mutations, and except `first`, `last`, `after` and `before`, which the page
/// accounts for.
pub(super) const ARGUMENTS: &[(&str, &str, &str, Price)] = &[
    ("Career", "courses", "orderBy", Included),
    ("Career", "gaps", "knows", Each(1)),
    ("Certification", "courses", "orderBy", Included),
    ("Certification", "gaps", "knows", Each(1)),
    ("Course", "costs", "salary", Included),
    ("Course", "offerings", "upcoming", Included),
    ("Course", "outcomeReports", "origin", Each(1)),
    ("Course", "reviews", "filter", Included),
    ("Course", "reviews", "orderBy", Included),
    ("CourseFacets", "price", "currency", Included),
    // Each row writes a course with all its dependent rows.
    ("Mutation", "importCourses", "rows", Row(8)),
    ("Provider", "courses", "orderBy", Included),
    ("Provider", "listings", "status", Each(1)),
    ("Provider", "outcomeReports", "origin", Each(1)),
    ("Provider", "partnerships", "status", Each(1)),
    ("Query", "career", "by", Included),
    ("Query", "careers", "query", NAME_WORD),
    ("Query", "certification", "by", Included),
    ("Query", "certifications", "filter", Included),
    ("Query", "certifications", "query", NAME_WORD),
    ("Query", "changes", "provider", Included),
    ("Query", "changes", "types", Each(1)),
    ("Query", "compareCourses", "ids", Each(5)),
    ("Query", "course", "by", Included),
    ("Query", "courses", "filter", Included),
    ("Query", "courses", "orderBy", Included),
    ("Query", "courses", "query", COURSE_WORD),
    ("Query", "learningPath", "currency", Included),
    ("Query", "learningPath", "from", Each(1)),
    ("Query", "learningPath", "minimise", Included),
    ("Query", "learningPath", "to", Included),
    ("Query", "matchCourses", "goal", Included),
    ("Query", "node", "id", Included),
    ("Query", "nodes", "ids", Included),
    ("Query", "provider", "by", Included),
    ("Query", "providers", "filter", Included),
    ("Query", "providers", "orderBy", Included),
    ("Query", "providers", "query", NAME_WORD),
    ("Query", "reviews", "reported", Included),
    ("Query", "reviews", "status", Each(1)),
    ("Query", "skills", "kind", Each(1)),
    ("Query", "skills", "query", NAME_WORD),
    ("Query", "statistics", "filter", Included),
    ("Query", "subjects", "query", NAME_WORD),
    ("Query", "suggestions", "text", NAME_WORD),
    ("SkillGap", "courses", "orderBy", Included),
    ("Subscription", "catalogueChanged", "provider", Included),
    ("Subscription", "catalogueChanged", "types", Each(1)),
];

/// Fields of input objects, except those used by mutations only.
pub(super) const INPUTS: &[(&str, &[(&str, Price)])] = &[
    ("CareerBy", &[("id", Included), ("slug", Included)]),
    ("CertificationBy", &[("id", Included), ("slug", Included)]),
    ("CertificationFilter", &[("career", ROW), ("issuer", ROW), ("kind", ROW), ("skill", ROW), ("status", ROW)]),
    ("CourseBy", &[("id", Included), ("slug", Included)]),
    (
        "CourseFilter",
        &[
            ("and", Each(3)),
            ("career", SLUG),
            // Each financing kind is a separate range. Omitting `kind` means all seven.
            ("financing", Each(150)),
            ("format", TERM),
            ("freeRetake", RANGE),
            ("kind", TERM),
            ("language", Each(15)),
            ("level", TERM),
            // Upcoming offerings twice, and the locations of all providers.
            ("location", Each(400)),
            ("not", Each(5)),
            ("offering", Each(180)),
            ("or", Each(3)),
            ("partner", SLUG),
            ("partnerKind", TERM),
            ("prepares", SLUG),
            ("price", Each(40)),
            ("pricing", TERM),
            ("provider", SLUG),
            ("schedule", TERM),
            ("skills", Each(25)),
            ("subject", SLUG),
            ("updatedSince", RANGE),
        ],
    ),
    ("CourseOrder", &[("currency", Included), ("direction", Included), ("field", Included)]),
    ("DateFilter", &[("gte", Included), ("lte", Included)]),
    ("DecimalFilter", &[("gte", Included), ("lte", Included)]),
    ("FinancingFilter", &[("aprPercent", Included), ("kind", Included)]),
    ("FloatFilter", &[("gte", Included), ("lte", Included)]),
    ("IntFilter", &[("gte", Included), ("lte", Included)]),
    (
        "LearnerGoal",
        &[
            ("budget", Each(40)),
            ("career", Each(40)),
            ("certification", Each(40)),
            ("finishWithinWeeks", Each(20)),
            ("formats", Each(15)),
            ("hoursPerWeek", Each(20)),
            ("knows", Each(10)),
            ("languages", Each(30)),
            ("location", Each(800)),
            ("must", Included),
            ("schedules", Each(15)),
            ("skills", Each(10)),
        ],
    ),
    ("LocationFilter", &[("city", TERM), ("country", TERM), ("near", Each(100)), ("region", TERM)]),
    ("MoneyInput", &[("amount", Included), ("currency", Included)]),
    ("NearFilter", &[("kilometres", Included), ("latitude", Included), ("longitude", Included)]),
    (
        "OfferingFilter",
        &[("format", TERM), ("language", Each(15)), ("location", Each(20)), ("schedule", TERM), ("startsOn", RANGE)],
    ),
    ("PathTarget", &[("career", Included), ("certification", Included), ("skills", Each(20))]),
    ("PriceFilter", &[("currency", Included), ("gte", Included), ("lte", Included)]),
    ("ProviderBy", &[("id", Included), ("slug", Included)]),
    (
        "ProviderFilter",
        &[("country", ROW), ("format", ROW), ("kind", ROW), ("nameRequested", ROW), ("skill", ROW), ("status", ROW)],
    ),
    ("ProviderOrder", &[("direction", Included), ("field", Included)]),
    ("ReviewFilter", &[("origin", Each(1)), ("rating", Each(1)), ("relation", Each(1)), ("verification", Each(1))]),
    ("SkillKnown", &[("level", Included), ("skill", Included)]),
    (
        "StatisticFilter",
        &[
            ("career", ROW),
            ("course", ROW),
            ("courseKind", ROW),
            ("metric", ROW),
            ("provider", ROW),
            ("publisher", ROW),
        ],
    ),
    ("TermsFilter", &[("all", SLUG), ("any", SLUG), ("none", Each(10))]),
];

/// Work of a field itself, besides returning objects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Work {
    /// Work each time it runs.
    Once(u64),
    /// Work for each item of the page beside it.
    PerItem(u64),
    /// Fixed work, plus this multiple of the price of the page's text.
    TextAgain(u64, u64),
    /// Fixed work, plus a share of the price of the page's text, which one of the items pays for all.
    TextShared(u64),
}

use Work::{Once, PerItem, TextAgain, TextShared};

/// Finding the courses of a list and selecting a page.
const SEARCH: Work = Once(30);
/// Finding the courses of one provider, career or skill, which are few.
const COURSES_OF: Work = Once(15);

/// Fields with work of their own. A field not listed here costs only its objects and values.
pub(super) const FIELDS: &[(&str, &str, Work)] = &[
    ("Career", "courses", COURSES_OF),
    ("Certification", "courses", COURSES_OF),
    ("Course", "completeness", Once(10)),
    ("Course", "costs", Once(5)),
    ("Course", "description", Once(1)),
    ("Course", "jsonLd", Once(20)),
    ("Course", "jsonLdFaults", Once(20)),
    ("Course", "jsonLdScript", Once(20)),
    ("Course", "reviews", Once(10)),
    ("Course", "similar", Once(200)),
    ("CourseFacets", "careers", Once(50)),
    ("CourseFacets", "formats", Once(50)),
    ("CourseFacets", "kinds", Once(50)),
    ("CourseFacets", "languages", Once(50)),
    ("CourseFacets", "levels", Once(50)),
    ("CourseFacets", "price", Once(50)),
    ("CourseFacets", "providers", Once(50)),
    ("CourseFacets", "ratings", Once(50)),
    ("CourseFacets", "schedules", Once(50)),
    ("CourseFacets", "skills", Once(150)),
    ("CourseFacets", "subjects", Once(50)),
    ("CourseMatches", "excluded", Once(20)),
    ("CourseSearchConnection", "jsonLd", PerItem(20)),
    ("CourseSearchConnection", "jsonLdScript", PerItem(20)),
    ("CourseSearchConnection", "relaxations", TextAgain(50, 8)),
    ("CourseSearchEdge", "highlights", TextShared(10)),
    ("Provider", "courses", COURSES_OF),
    ("Provider", "jsonLd", Once(20)),
    ("Provider", "jsonLdScript", Once(20)),
    ("Provider", "partnerCourses", COURSES_OF),
    ("Query", "careers", Once(10)),
    ("Query", "certifications", Once(10)),
    ("Query", "changes", Once(20)),
    ("Query", "compareCourses", Once(20)),
    ("Query", "courses", SEARCH),
    ("Query", "exportAccount", Once(100)),
    ("Query", "learningPath", Once(1_000)),
    ("Query", "matchCourses", Once(200)),
    ("Query", "providers", Once(20)),
    ("Query", "reviews", Once(20)),
    ("Query", "skills", Once(10)),
    ("Query", "statistics", Once(10)),
    ("Query", "subjects", Once(10)),
    ("Query", "suggestions", Once(50)),
    ("SkillGap", "courses", COURSES_OF),
];

/// Work of a mutation: a transaction.
const WRITE: u64 = 50;
/// Hashing or comparing a password.
const PASSWORD: u64 = 750;

/// Work of a field itself.
pub(super) fn work(of: &str, field: &str) -> Work {
    if of == "Mutation" {
        use Mutation::{ChangePassword, DeleteAccount, ResetPassword, SignIn, SignUp};
        let hashes = match Mutation::named(field) {
            Some(ChangePassword) => 2,
            Some(DeleteAccount | ResetPassword | SignIn | SignUp) => 1,
            Some(_) | None => 0,
        };
        return Once(WRITE + hashes * PASSWORD);
    }
    find_entry(FIELDS, of, field).unwrap_or(Once(0))
}

/// Price of an argument of a field.
pub(super) fn argument(of: &str, field: &str, name: &str) -> Price {
    if matches!(name, "first" | "last" | "after" | "before") {
        return Included;
    }
    let found = ARGUMENTS.iter().find(|it| (it.0, it.1, it.2) == (of, field, name));
    let otherwise = if of == "Mutation" { INPUT_VALUE } else { UNPRICED };
    found.map_or(otherwise, |(_, _, _, price)| *price)
}

/// Price of a field of an input object.
pub(super) fn input(of: &str, field: &str, type_name: &str) -> Price {
    let Some((_, fields)) = INPUTS.iter().find(|(name, _)| *name == of) else { return INPUT_VALUE };
    let listed = fields.iter().find(|(name, _)| *name == field).map(|(_, price)| *price);
    listed.unwrap_or(match (of, type_name) {
        // Conditions on plain facts of a course.
        ("CourseFilter", "Boolean") => TERM,
        ("CourseFilter", "IntFilter" | "FloatFilter" | "DecimalFilter") => RANGE,
        (_, _) => UNPRICED,
    })
}
