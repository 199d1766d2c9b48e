//! Texts of the synthetic catalogue.

/// Course titles; {a} and {b} are skills.
pub(super) const TITLES: [&str; 12] = [
    "{a} for Beginners",
    "{a} and {b} in Practice",
    "Introduction to {a}",
    "Advanced {a}",
    "The {a} Bootcamp",
    "Applied {a} with {b}",
    "{a} Essentials",
    "From {a} to {b}",
    "Building Products with {a}",
    "Professional Certificate in {a}",
    "Mastering {a}",
    "{a} in Twelve Weeks",
];

/// Beginning of every summary and description.
pub(super) const MARK: &str = "Synthetic: no such course exists.";

/// Sentences of descriptions.
pub(super) const SENTENCES: [&str; 10] = [
    "You learn {a} from the ground up and write a first working program in the opening week.",
    "Every module ends with a project that is reviewed line by line.",
    "By the middle of the course {a} and {b} come together in a project of your own choice.",
    "Live sessions are recorded, so that a missed evening can be made up for at the weekend.",
    "Learners work in pairs, swap roles often, and explain to each other what they do.",
    "You measure before you optimise, and learn which figures of {b} are worth watching.",
    "Weekly reading is short: documentation, post-mortems and source code.",
    "A mentor meets you every week and adapts the pace to what you bring along.",
    "Small cohorts make sure that nobody disappears in the crowd.",
    "The course closes with a plan for what to learn next.",
];

/// Beginning of every review.
pub(super) const REVIEW_MARK: &str = "Synthetic review.";

/// Texts of reviews by number of stars, from one up.
pub(super) const OPINIONS: [[&str; 4]; 5] = [
    [
        "It was not what was promised.",
        "Half of the sessions were cancelled.",
        "I left after two weeks.",
        "Nobody answered questions.",
    ],
    [
        "The pace was far too slow.",
        "The material is out of date.",
        "There was little practice.",
        "Feedback came weeks late.",
    ],
    [
        "Some parts were good.",
        "It is fine for a start.",
        "The projects were better than the lectures.",
        "It depends on the instructor.",
    ],
    [
        "I learned what I came for.",
        "The projects were worth it.",
        "The instructors knew their field.",
        "Good value, long evenings.",
    ],
    ["I would take it again.", "It got me my first job.", "The mentors were outstanding.", "Every week was worth it."],
];

/// Cities with region, country, latitude and longitude.
pub(super) const CITIES: [(&str, &str, &str, f64, f64); 8] = [
    ("New York", "NY", "US", 40.71, -74.01),
    ("Austin", "TX", "US", 30.27, -97.74),
    ("Chicago", "IL", "US", 41.88, -87.63),
    ("Toronto", "ON", "CA", 43.65, -79.38),
    ("London", "England", "GB", 51.51, -0.13),
    ("Berlin", "Berlin", "DE", 52.52, 13.4),
    ("Madrid", "Madrid", "ES", 40.42, -3.7),
    ("Sydney", "NSW", "AU", -33.87, 151.21),
];
