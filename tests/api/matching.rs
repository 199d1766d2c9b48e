//! Courses that fit a goal, and why.

mod wishes;

use entity::*;
use sea_orm::ActiveValue::Set;
use serde_json::{Value, json};

use self::wishes::WISHES;
use crate::support::App;
use crate::support::row_writer::RowWriter;
use crate::support::small_catalogue::{ACME, DEVELOPER, ETH, PYTHON, RUST, SQL, seed_small_catalogue};

const MATCH: &str = "query($goal: LearnerGoal!, $first: Int = 10) {
    matchCourses(goal: $goal, first: $first) {
        totalCount
        matches { score course { slug } reasons { criterion weight score met explanation } }
        excluded { path totalCount }
    }
}";

async fn matched(app: &App, goal: Value) -> Value {
    let mut answer = app.ask(MATCH, json!({ "goal": goal })).await;
    assert!(answer.get("errors").is_none(), "{goal}\n{answer:#}");
    answer["data"]["matchCourses"].take()
}

fn matches(found: &Value) -> &Vec<Value> {
    found["matches"].as_array().unwrap()
}

/// The slugs in their order, separated by spaces.
fn slugs(found: &Value) -> String {
    let slugs: Vec<&str> = matches(found).iter().map(|found| found["course"]["slug"].as_str().unwrap()).collect();
    slugs.join(" ")
}

/// Score, met and explanation of one course for the only criterion of a goal besides the rating.
fn said<'a>(found: &'a Value, slug: &str) -> (f64, Option<bool>, &'a str) {
    let found = matches(found).iter().find(|found| found["course"]["slug"] == slug).unwrap();
    let reason = &found["reasons"][0];
    (reason["score"].as_f64().unwrap(), reason["met"].as_bool(), reason["explanation"].as_str().unwrap())
}

/// The stock, with a course that requires skills and states hours per week, and a career that no course leads to.
async fn stocked(app: &App) {
    seed_small_catalogue(app).await;
    let mut writer = RowWriter::open(app).await;
    writer
        .course(105, ACME, "epsilon", |row| {
            row.hours_per_week_min = Set(Some(9));
            row.hours_per_week_max = Set(Some(15));
        })
        .await;
    for (skill_id, level, position) in [(SQL, SkillLevel::Basic, 0), (PYTHON, SkillLevel::Familiar, 1)] {
        writer
            .row(course_prerequisite_skill::ActiveModel {
                course_id: Set(105),
                skill_id: Set(skill_id),
                level: Set(level),
                position: Set(position),
            })
            .await;
    }
    let (slug, title) = (Set("gardener".to_owned()), Set("Gardener".to_owned()));
    writer.row(career::ActiveModel { id: Set(32), slug, title, description: Set(None) }).await;
    for (skill, position) in [(PYTHON, 0), (RUST, 1)] {
        writer
            .row(career_skill::ActiveModel { career_id: Set(DEVELOPER), skill_id: Set(skill), position: Set(position) })
            .await;
    }
    writer.changed(ListingType::Career, 32);
    writer.done(app).await;
}

/// A goal with every kind of wish.
fn everything() -> Value {
    json!({
        "career": "developer", "certification": "badge", "skills": ["python", "sql"], "knows": [{"skill": "sql"}],
        "budget": {"lte": "600", "currency": "EUR"}, "hoursPerWeek": 10, "finishWithinWeeks": 10,
        "formats": ["LIVE_ONLINE"], "schedules": ["PART_TIME"], "location": {"country": "CH"}, "languages": ["en"],
    })
}

on_both! {
    #![empty]

    async fn each_wish_is_met_or_not_or_unknown_and_the_reason_says_what_the_listing_says(app: App) {
        stocked(&app).await;
        for (goal, slug, score, met, explanation) in WISHES {
            let found = matched(&app, serde_json::from_str(goal).unwrap()).await;
            assert_eq!(said(&found, slug), (*score, *met, *explanation), "{goal}");
            let fits = met.map_or(*score == 0.5, |met| met == (*score >= 0.5));
            assert!(fits, "a yes is no less than unknown, a no no more: {goal} {slug}");
        }
    }

    async fn the_score_is_the_weighted_mean_of_the_reasons(app: App) {
        stocked(&app).await;
        let found = matched(&app, everything()).await;
        assert_eq!(matches(&found).len(), 5);
        for found in matches(&found) {
            let reasons = found["reasons"].as_array().unwrap();
            let criteria: Vec<&str> = reasons.iter().map(|reason| reason["criterion"].as_str().unwrap()).collect();
            assert_eq!(criteria, ["CAREER", "CERTIFICATION", "SKILLS", "PREREQUISITES", "PRICE", "DURATION", "HOURS_PER_WEEK",
                "FORMAT", "SCHEDULE", "LOCATION", "LANGUAGE", "RATING"]);
            let number = |reason: &Value, name: &str| reason[name].as_f64().unwrap();
            let weights: f64 = reasons.iter().map(|reason| number(reason, "weight")).sum();
            assert!((weights - 1.0).abs() < 1e-3, "{weights}");
            let mean: f64 = reasons.iter().map(|reason| number(reason, "weight") * number(reason, "score")).sum();
            assert!((mean - number(found, "score")).abs() < 1e-3, "{mean} {found:#}");
        }
    }

    async fn better_scores_come_first_and_equal_ones_by_title(app: App) {
        stocked(&app).await;
        let found = matched(&app, json!({"schedules": ["PART_TIME"]})).await;
        // Delta's rating scores higher than none, gamma and epsilon have none, alpha states that it is full time.
        assert_eq!(slugs(&found), "beta delta epsilon gamma alpha");
        assert_eq!(found, matched(&app, json!({"schedules": ["PART_TIME"]})).await);
        let answer = app.ask(MATCH, json!({"goal": {"schedules": ["PART_TIME"]}, "first": 2})).await;
        assert_eq!(slugs(&answer["data"]["matchCourses"]), "beta delta");
    }

    async fn a_career_asks_for_its_skills_where_none_is_named_without_those_that_are_known(app: App) {
        stocked(&app).await;
        let skills = |found: &Value| found["matches"][0]["reasons"][1]["explanation"].as_str().unwrap().to_owned();
        let found = matched(&app, json!({"career": "developer"})).await;
        assert_eq!(skills(&found), "You lack 2 skills for Developer; it teaches PYTHON and RUST.");
        let found = matched(&app, json!({"career": "developer", "knows": [{"skill": "rust", "level": "FAMILIAR"}]})).await;
        assert_eq!(skills(&found), "You lack 1 skill for Developer; it teaches PYTHON.");
        let found = matched(&app, json!({"career": "developer", "knows": [{"skill": "rust", "level": "BASIC"}]})).await;
        assert_eq!(skills(&found), "You lack 2 skills for Developer; it teaches PYTHON and RUST.");
        let both = json!([{"skill": "rust", "level": "BASIC"}, {"skill": "rust", "level": "PROFICIENT"}]);
        let found = matched(&app, json!({"career": "developer", "knows": both})).await;
        assert_eq!(skills(&found), "You lack 1 skill for Developer; it teaches PYTHON.");
    }

    async fn adding_a_matching_skill_to_a_listing_never_lowers_its_score(app: App) {
        stocked(&app).await;
        let goal = json!({"skills": ["python", "rust", "sql"], "career": "developer"});
        let score = |found: &Value| {
            let found = matches(found).iter().find(|found| found["course"]["slug"] == "gamma").unwrap();
            found["score"].as_f64().unwrap()
        };
        let mut before = score(&matched(&app, goal.clone()).await);
        for (skill, position) in [(SQL, 0), (PYTHON, 1), (RUST, 2)] {
            let mut writer = RowWriter::open(&app).await;
            writer.row(course_skill::ActiveModel { course_id: Set(103), skill_id: Set(skill), position: Set(position) }).await;
            writer.changed(ListingType::Course, 103);
            writer.done(&app).await;
            let after = score(&matched(&app, goal.clone()).await);
            assert!(after > before, "{before} {after}");
            before = after;
        }
    }

    async fn a_stated_yes_is_no_less_than_unknown_and_that_no_less_than_a_no(app: App) {
        stocked(&app).await;
        let mut writer = RowWriter::open(&app).await;
        let state = |yes: bool| move |row: &mut course::ActiveModel| {
            row.title = Set("Equal".to_owned());
            row.schedules = Set(mask(&[if yes { Schedule::PartTime } else { Schedule::FullTime }]));
            row.languages = Set(if yes { "en" } else { "de" }.to_owned());
            row.formats = Set(mask(&[if yes { Format::LiveOnline } else { Format::Hybrid }]));
            row.duration_weeks = Set(Some(if yes { 10 } else { 11 }));
            row.hours_per_week_max = Set(Some(if yes { 10 } else { 11 }));
            row.price_currency = Set(Some("EUR".to_owned()));
            row.price = Set(Some(if yes { 60_000 } else { 60_001 }));
        };
        writer.course(111, ETH, "yes", state(true)).await;
        writer.course(112, ETH, "no", state(false)).await;
        writer.course(113, ETH, "unknown", |_| {}).await;
        writer.done(&app).await;
        for wish in ["budget", "hoursPerWeek", "finishWithinWeeks", "formats", "schedules", "languages"] {
            let goal = json!({ wish: everything()[wish] });
            let found = slugs(&matched(&app, goal).await);
            let place = |slug: &str| found.split(' ').position(|other| other == slug).unwrap();
            assert!(place("yes") < place("unknown") && place("unknown") < place("no"), "{wish}: {found}");
        }
    }

    async fn must_filters_and_what_it_leaves_out_alone_is_named(app: App) {
        stocked(&app).await;
        let found = matched(&app, json!({"career": "developer", "must": {"level": ["BEGINNER"], "price": {"lte": "600", "currency": "EUR"}}})).await;
        assert_eq!((slugs(&found).as_str(), &found["totalCount"]), ("delta", &json!(1)));
        assert_eq!(found["excluded"], json!([
            {"path": ["goal", "must", "level"], "totalCount": 2}, {"path": ["goal", "must", "price"], "totalCount": 2}]), "beta is free");
        let found = matched(&app, json!({"career": "developer", "must": {"level": ["ADVANCED"], "not": {"format": ["SELF_PACED"]}}})).await;
        assert_eq!(found["matches"], json!([]));
        assert_eq!(found["excluded"], json!([
            {"path": ["goal", "must", "level"], "totalCount": 4},
            {"path": ["goal", "must", "not"], "totalCount": 1},
        ]));
        let found = matched(&app, json!({"career": "developer"})).await;
        assert_eq!((&found["excluded"], &found["totalCount"]), (&json!([]), &json!(5)));
    }

    async fn goals_that_cannot_be_weighed_are_refused_by_name(app: App) {
        stocked(&app).await;
        let many = vec!["python"; 51];
        let refused = [
            (json!({}), "goal", "must name something"),
            (json!({"must": {"level": ["BEGINNER"]}}), "goal", "must name something"),
            (json!({"skills": [], "formats": [], "budget": {}, "location": {}}), "goal", "must name something"),
            (json!({"career": "pilot"}), "goal.career", "no career"),
            (json!({"certification": "licence"}), "goal.certification", "no certification"),
            (json!({"skills": ["python", "flying"]}), "goal.skills.1", "no skill"),
            (json!({"knows": [{"skill": "python"}, {"skill": "flying"}]}), "goal.knows.1.skill", "no skill"),
            (json!({"skills": ["python"], "knows": [{"skill": "python", "level": "FAMILIAR"}]}), "goal.skills", "not known"),
            (json!({"skills": many}), "goal.skills", "at most 50"),
            (json!({"hoursPerWeek": 0}), "goal.hoursPerWeek", "1 to 168"),
            (json!({"hoursPerWeek": 169}), "goal.hoursPerWeek", "1 to 168"),
            (json!({"finishWithinWeeks": 521}), "goal.finishWithinWeeks", "1 to 520"),
            (json!({"budget": {"lte": "1.001"}}), "goal.budget.lte", "no more decimals"),
            (json!({"location": {"near": {"latitude": 91, "longitude": 0, "kilometres": 1}}}), "goal.location.near.latitude", "-90 to 90"),
            (json!({"career": "developer", "must": {"weeks": {"gte": 3, "lte": 2}}}), "goal.must.weeks.gte", "not be above"),
        ];
        for (goal, argument, rule) in refused {
            let answer = app.ask(MATCH, json!({ "goal": goal })).await;
            let error = &answer["errors"][0];
            assert_eq!(error["extensions"]["code"], "BAD_USER_INPUT", "{goal} {answer}");
            assert_eq!(error["extensions"]["argument"], argument, "{goal} {answer}");
            assert!(error["message"].as_str().unwrap().contains(rule), "{goal} {answer}");
        }
        let answer = app.ask(MATCH, json!({"goal": {"career": "developer"}, "first": 101})).await;
        assert_eq!(answer["errors"][0]["extensions"]["argument"], "first", "{answer}");
    }

    async fn reasons_for_many_take_as_many_statements_as_for_one(app: App) {
        stocked(&app).await;
        let mut caused = Vec::new();
        for first in [1, 5] {
            let before = app.statements().await;
            app.ask(MATCH, json!({"goal": everything(), "first": first})).await;
            caused.push(app.statements().await - before);
        }
        // Courses, links, required skills, required courses, places, ratings.
        assert_eq!(caused, [6, 6]);
    }
}

on_sqlite! {
    settings("match_weights = { career = 0, schedule = 1, language = 3, rating = 0 }")
    async fn weights_are_a_matter_of_configuration(app: App) {
        let goal = json!({"career": "back-end-developer", "schedules": ["PART_TIME"], "languages": ["en"], "skills": ["php"]});
        let found = matched(&app, goal).await;
        let shares: Vec<(&str, f64)> = found["matches"][0]["reasons"].as_array().unwrap().iter()
            .map(|reason| (reason["criterion"].as_str().unwrap(), reason["weight"].as_f64().unwrap())).collect();
        assert_eq!(shares, [("SKILLS", 0.5), ("SCHEDULE", 0.125), ("LANGUAGE", 0.375)]);
        let answer = app.ask(MATCH, json!({"goal": {"career": "back-end-developer", "skills": []}})).await;
        assert!(answer.get("errors").is_none(), "the skills of the career are weighed: {answer}");
    }
}

#[test]
fn weights_that_cannot_be_are_refused_by_name() {
    let zeros = "career = 0, certification = 0, skills = 0, prerequisites = 0, price = 0, duration = 0, hours_per_week = 0, \
                 format = 0, schedule = 0, location = 0, language = 0, rating = 0";
    for (weights, named) in [
        ("career = -1", "match_weights.career"),
        ("price = nan", "match_weights.price"),
        ("format = inf", "match_weights.format"),
        ("rating = 'much'", "match_weights.rating"),
        ("beauty = 1", "match_weights.beauty"),
        (zeros, "match_weights"),
    ] {
        let refused = lectern::config::Settings::with(&format!("match_weights = {{ {weights} }}"));
        let error = refused.err().unwrap_or_else(|| panic!("{weights} is taken"));
        assert!(error.cause().starts_with(named), "{weights}: {}", error.cause());
    }
}
