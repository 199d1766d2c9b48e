//! The starter catalogue as it is served, compared with starter.json: every fact of its documents, written down
//! independently of data/, and nothing else. Facts that are not stated are left out there, so an invented one fails the
//! test.

use serde_json::{Map, Value};

use crate::support::process::{ServerProcess, rest};
use crate::support::{App, Backend, Program, Stage, end};

const FACTS: &str = include_str!("starter.json");

const QUERY: &str = "{
  courses(first: 30) { totalCount nodes {
    slug title summary description kind level status provider { slug } partners { slug } formats schedules languages
    duration { weeks days { min max } hours hoursPerWeek { min max } } price { amount } pricing { category }
    financing { kind aprPercent months incomePercent note } freeRetakeWithinMonths certificateOfCompletion
    mentoringSessions maxClassSize jobPreparation jobGuarantee portfolio subjects { slug } skills { slug }
    prerequisites { none note courses { slug } skills { level skill { slug } } }
    units { slug } partOf { slug } certifications { slug } careers { slug } awards { title awardedBy year }
    nextOffering { id } statistics { id } url sources { publisher subject year url retrievedOn }
  } }
  providers(first: 30) { totalCount nodes {
    slug name kind status description url logo note formats schedules
    locations { city region country latitude longitude } licences { authority number validUntil }
    policies { certificateOfCompletion freeRetakeWithinMonths } sources { publisher subject year url retrievedOn }
  } }
  certifications(first: 30) { totalCount nodes {
    slug name kind issuer { slug } description examFee { amount } validForMonths skills { slug } careers { slug } url
    sources { publisher subject year url retrievedOn }
  } }
  careers(first: 30) { totalCount nodes {
    slug title description skills { slug } related { slug } certifications { slug }
    levels { level titles typicalYears { min max } sources { publisher subject year } }
    sources { publisher subject year url retrievedOn }
  } }
  skills(first: 100) { totalCount nodes { slug name kind } }
  statistics(first: 30) { totalCount nodes {
    metric subject { ... on Career { slug } ... on Course { slug } ... on Provider { slug } } subjectLabel courseKind
    value range { min max } currency level experienceYears { min max } region periodStart periodEnd asOf sampleSize
    publisher sources { publisher subject year url retrievedOn }
  } }
}";

/// A value without nulls and empty parts, with slugs in place of the objects that have one.
fn stated(value: &Value) -> Option<Value> {
    match value {
        Value::Null => None,
        Value::Bool(_) | Value::Number(_) | Value::String(_) => Some(value.clone()),
        Value::Array(items) => {
            let items: Vec<Value> = items.iter().filter_map(stated).collect();
            (!items.is_empty()).then(|| items.into())
        }
        Value::Object(fields) => {
            let said = fields.iter().filter_map(|(name, value)| Some((name.clone(), stated(value)?)));
            let said: Map<String, Value> = said.collect();
            match said.get("slug") {
                Some(slug) if said.len() == 1 => Some(slug.clone()),
                Some(_) | None => (!said.is_empty()).then(|| said.into()),
            }
        }
    }
}

/// Objects in a fixed order, since the test does not check the order of lists.
fn sorted(list: &Value) -> Vec<Value> {
    let mut items = list.as_array().unwrap().clone();
    items.sort_by_cached_key(|item| {
        let name = |field: &str| item[field].as_str().unwrap_or_default().to_owned();
        (name("slug"), name("metric"), name("publisher"), item["value"].to_string(), item["range"].to_string())
    });
    items
}

on_both! {
    async fn the_starter_catalogue_is_what_its_documents_state_and_nothing_else(app: App) {
        let facts: Map<String, Value> = serde_json::from_str(FACTS).unwrap();
        let served = app.data(QUERY).await;
        for (kind, facts) in &facts {
            let list = &served[kind];
            let nodes = Value::Array(list["nodes"].as_array().unwrap().iter().filter_map(stated).collect());
            assert_eq!(list["totalCount"], facts.as_array().unwrap().len(), "{kind}");
            for (served, fact) in sorted(&nodes).iter().zip(sorted(facts)) {
                assert_eq!(*served, fact, "{kind}");
            }
        }
    }
}

on_both! {
    async fn a_catalogue_is_seeded_once_and_never_again(stage: Stage) {
        let cursor = async |app: App| app.data("{ catalogueCursor }").await["catalogueCursor"].clone();
        let first = stage.serve(cursor).await;
        assert_eq!(stage.serve(cursor).await, first);
    }

    async fn of_two_processes_that_start_on_one_empty_database_one_seeds_it(stage: Stage) {
        let program = Program::on(&stage);
        let mut codes = [program.start("seed"), program.start("seed")].map(|child| end(child).code);
        codes.sort_unstable();
        assert_eq!(codes, [Some(0), Some(1)]);
        let count = stage.serve(async |app: App| app.data("{ courses { totalCount } }").await).await;
        assert_eq!(count["courses"]["totalCount"], 16);
    }

    async fn seeding_by_hand_refuses_a_catalogue_that_holds_something(stage: Stage) {
        let program = Program::on(&stage);
        assert_eq!(program.run("seed").code, Some(0));
        let again = program.run("seed");
        assert_eq!(again.code, Some(1));
        assert!(again.error.contains("is not empty"), "{}", again.error);
    }
}

on_both! {
    #![empty]
    async fn an_operator_may_want_no_starter_catalogue(app: App) {
        let data = app.data("{ courses { totalCount } providers { totalCount } skills { totalCount } }").await;
        assert_eq!(data["courses"]["totalCount"], 0);
        assert_eq!(data["providers"]["totalCount"], 0);
        assert_eq!(data["skills"]["totalCount"], 0);
    }
}

#[test]
fn two_processes_that_start_at_the_same_moment_serve_one_catalogue() {
    Stage::run(Backend::Postgres, "", |stage| async move {
        let other = stage.beside();
        let settings = [("DATABASE_URL", stage.database.url.as_str()), ("LECTERN_SEED", "starter")];
        let served = std::thread::scope(|scope| {
            let start = |stage: &Stage| ServerProcess::start(stage.folder.path(), &settings);
            [&stage, &other].map(|stage| scope.spawn(move || start(stage))).map(|thread| thread.join().unwrap())
        });
        for one in served {
            let head =
                "GET /graphql?query={courses{totalCount}} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
            let answer = rest(one.send(head));
            assert!(answer.contains(r#""totalCount":16"#), "{answer}");
            one.signal("-TERM");
            assert_eq!(one.ended().0.code(), Some(0));
        }
    });
}
