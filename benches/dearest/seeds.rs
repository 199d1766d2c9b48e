//! Documents written by hand, one for each kind of work known to be expensive. The search continues from them.

use std::fmt::Write;

use crate::names::Names;

/// Texts of the documents.
pub fn texts(names: &Names) -> Vec<String> {
    let (slug, skills, six) = (names.course(), names.skills(20), names.course_ids(6));
    let list = |filter: &str| format!("{{ courses(filter: {filter}) {{ totalCount }} }}");
    // # stands for a number that differs each time: equal conditions are evaluated once.
    let any = |leaf: &str, count: usize| {
        let leaves =
            (1..=count).map(|number| leaf.replace("##", &format!("{number:02}")).replace('#', &number.to_string()));
        list(&format!("{{or: [{}]}}", leaves.collect::<Vec<_>>().join(" ")))
    };
    let text = "developement programing projcts profesional introducton begining practise javascrpt";
    let mut seeds = vec![
        "{ __typename }".to_owned(),
        "{ courses { nodes { title } } }".to_owned(),
        "{ courses(first: 100) { nodes { id title description summary } } }".to_owned(),
        "{ courses(first: 100 orderBy: {field: TITLE}) { edges { cursor node { title } } } }".to_owned(),
        any("{offering: {startsOn: {gte: \"19##-01-01\"}}}", 40),
        any("{offering: {format: [SELF_PACED] startsOn: {gte: \"19##-01-01\"}}}", 30),
        any("{location: {near: {latitude: #, longitude: -74, kilometres: 20000}}}", 10),
        any("{location: {country: \"US\" city: \"Berlin #\"}}", 10),
        any("{updatedSince: \"19##-01-01T00:00:00Z\"}", 60),
        any("{price: {gte: \"#\"}}", 60),
        any("{not: {level: [BEGINNER] weeks: {lte: #}}}", 60),
        any("{kind: [COURSE, BOOTCAMP], format: [SELF_PACED, LIVE_ONLINE] hours: {gte: #}}", 60),
        any("{language: [\"en\"] hours: {lte: #}}", 60),
        any("{financing: {aprPercent: {gte: \"0.#\"}}}", 20),
        any("{rating: {gte: 1.##}, reviewCount: {gte: #}}", 60),
        list(&format!("{{skills: {{all: [{skills}]}}}}")),
        list(&format!("{{skills: {{none: [{skills}]}}}}")),
        list(&format!("{{skills: {{any: [{skills}]}}}}")),
        format!("{{ courses(query: \"{text}\") {{ totalCount }} }}"),
        format!("{{ courses(query: \"{text}\") {{ relaxations {{ path totalCount }} }} }}"),
        "{ courses(query: \"learn the course project\" first: 100) { edges { highlights { field fragment } } } }".to_owned(),
        "{ courses(query: \"a b c d e f g h i j k l m n o p q r s t u v w x y z\") { totalCount } }".to_owned(),
        "{ courses(query: \"the project with the course in the week\") { totalCount } }".to_owned(),
        format!("{{ suggestions(text: \"{text}\" first: 100) {{ text }} }}"),
        "{ suggestions(text: \"a b c d e f g h\" first: 100) { text } }".to_owned(),
        "{ suggestions(text: \"p\" first: 100) { text node { __typename } } }".to_owned(),
        "{ providers(query: \"school\" first: 100) { nodes { name ratings { average } } } }".to_owned(),
        "{ providers(first: 100) { nodes { courses(first: 1) { totalCount } } } }".to_owned(),
        "{ providers(first: 20) { nodes { courses(first: 20) { nodes { title } } } } }".to_owned(),
        "{ providers(first: 100) { nodes { jsonLd } } }".to_owned(),
        "{ providers(filter: {format: [SELF_PACED] country: [\"US\"]}) { totalCount } }".to_owned(),
        "{ careers(first: 100) { nodes { courses(first: 20) { nodes { title } } } } }".to_owned(),
        "{ careers(first: 100) { nodes { gaps { courses(first: 1) { totalCount } } } } }".to_owned(),
        "{ skills(first: 100) { nodes { name courseCount } } }".to_owned(),
        "{ courses(first: 100) { nodes { reviews(first: 5) { nodes { body author } } } } }".to_owned(),
        "{ courses(first: 20 orderBy: {field: REVIEW_COUNT}) { nodes { reviews(first: 20 orderBy: MOST_HELPFUL) { nodes { body } } } } }"
            .to_owned(),
        "{ courses(first: 20 orderBy: {field: REVIEW_COUNT}) { nodes { reviews(first: 1 filter: {rating: [1 2]}) { totalCount } } } }"
            .to_owned(),
        "{ courses(first: 100) { nodes { offerings(first: 20) { nodes { id startsOn location { city } price { amount } } } } } }"
            .to_owned(),
        "{ courses(first: 100) { nodes { skills { name } careers { title } subjects { name } units { title } partOf { title } } } }"
            .to_owned(),
        "{ courses(first: 100) { nodes { ratings { average distribution { stars count } } provider { name ratings { average } } } } }"
            .to_owned(),
        "{ courses(first: 100) { nodes { jsonLd } } }".to_owned(),
        "{ courses(first: 100) { jsonLdScript } }".to_owned(),
        "{ courses(first: 100) { nodes { jsonLdFaults { reason } } } }".to_owned(),
        "{ courses(first: 100) { nodes { costs { total { amount } assumptions breakEven { months } } } } }".to_owned(),
        "{ courses(first: 100) { nodes { history { nodes { at } } outcomeReports { nodes { id } } statistics { metric } } } }"
            .to_owned(),
        "{ courses(first: 20) { nodes { similar { title } } } }".to_owned(),
        "{ courses(first: 5) { nodes { similar(first: 20) { similar(first: 20) { title } } } } }".to_owned(),
        format!("{{ course(by: {{slug: \"{slug}\"}}) {{ reviews(first: 100 orderBy: MOST_HELPFUL) {{ nodes {{ body }} }} }} }}"),
        format!("{{ course(by: {{slug: \"{slug}\"}}) {{ title description similar {{ title }} ratings {{ average }} }} }}"),
        format!("{{ compareCourses(ids: [{six}]) {{ courses {{ title }} rows {{ criterion values best unit }} }} }}"),
        format!("{{ nodes(ids: [{six}]) {{ id ... on Course {{ title description }} }} }}"),
        format!("{{ learningPath(to: {{skills: [{skills}]}}) {{ steps {{ course {{ title }} }} }} }}"),
        format!("{{ learningPath(to: {{skills: [{skills}]}} minimise: PRICE) {{ steps {{ course {{ title }} }} gaps {{ reason }} }} }}"),
        format!(
            "{{ matchCourses(first: 100 goal: {{skills: [{skills}] budget: {{lte: \"5000\"}} location: {{country: \"US\"}} languages: [\"en\"] \
             hoursPerWeek: 10 finishWithinWeeks: 20 knows: [] formats: [SELF_PACED] schedules: [WEEKENDS]}}) \
             {{ totalCount matches {{ score reasons {{ explanation }} course {{ title }} }} excluded {{ path }} }} }}"
        ),
        "{ matchCourses(goal: {hoursPerWeek: 10}) { totalCount } }".to_owned(),
        "{ statistics(first: 100) { nodes { metric value subjectLabel sources { url } } } }".to_owned(),
        "{ changes(first: 100) { nodes { at kind node { id ... on Course { title description } } } } }".to_owned(),
        "{ certifications(first: 100) { nodes { name courses(first: 5) { nodes { title } } } } }".to_owned(),
        "{ __schema { types { name description fields { name description args { name } } inputFields { name } enumValues { name } } } }"
            .to_owned(),
    ];
    for facet in ["kinds", "levels", "formats", "schedules", "languages", "ratings"] {
        let value = if facet == "ratings" { "atLeast" } else { "value" };
        seeds.push(format!("{{ courses {{ facets {{ {facet} {{ {value} count }} }} }} }}"));
    }
    for facet in ["careers", "providers", "skills", "subjects"] {
        seeds.push(format!("{{ courses {{ facets {{ {facet}(first: 100) {{ count value {{ id }} }} }} }} }}"));
    }
    seeds.push("{ courses { facets { price { buckets { count } } } } }".to_owned());
    for field in ["RATING", "REVIEW_COUNT", "PRICE", "DURATION", "NEXT_START", "TITLE", "UPDATED_AT"] {
        seeds.push(format!("{{ courses(orderBy: {{field: {field}}} first: 1) {{ totalCount }} }}"));
    }
    let mut aliases = "{ courses(first: 100) { nodes {".to_owned();
    (0..29).for_each(|number| write!(aliases, " d{number}: description").unwrap());
    seeds.push(aliases + " } } }");
    let many = (0..20).map(|number| {
        format!(
            "r{number}: courses(filter: {{hours: {{gte: {number}}} format: [SELF_PACED]}} first: 1) {{ totalCount }} "
        )
    });
    seeds.push(format!("{{ {} }}", many.collect::<String>()));
    seeds
}
