//! `lectern demo`.

use entity::*;
use sea_orm::{EntityTrait, QueryOrder};
use serde_json::{Value, json};

use crate::support::{App, Catalogue, Program, Stage};

const SMALL: &str = "demo --courses 120 --reviews 900 --seed 7 --on 2026-05-01";

/// The fields that must be marked as synthetic.
const QUERY: &str = "{
  providers(first: 100) { totalCount nodes { slug name note } }
  courses(first: 100) { totalCount nodes { slug summary } }
}";

/// A second database in the same folder.
fn second(stage: &Stage) -> String {
    format!("sqlite://{}", stage.folder.path().join("second.sqlite").display())
}

/// All rows of a table, by their primary key.
macro_rules! rows {
    ($db:expr, $table:ident.$key:ident) => {
        $table::Entity::find().order_by_asc($table::Column::$key).all($db).await.unwrap()
    };
}

on_both! {
    #![empty]

    async fn a_synthetic_catalogue_is_marked_and_found(stage: Stage) {
        let done = Program::on(&stage).run(SMALL);
        assert_eq!(done.code, Some(0), "{}", done.error);
        assert!(done.out.contains("2 providers, 120 courses, 900 reviews"), "{}", done.out);
        stage.serve(async |app: App| {
            let data = app.data(QUERY).await;
            assert_eq!((&data["providers"]["totalCount"], &data["courses"]["totalCount"]), (&json!(2), &json!(120)));
            for provider in data["providers"]["nodes"].as_array().unwrap() {
                assert!(provider["slug"].as_str().unwrap().starts_with("demo-school-"), "{provider}");
                assert!(provider["name"].as_str().unwrap().starts_with("Demo School "), "{provider}");
                assert!(provider["note"].as_str().unwrap().starts_with("Synthetic: made by lectern demo"), "{provider}");
            }
            for course in data["courses"]["nodes"].as_array().unwrap() {
                assert!(course["slug"].as_str().unwrap().starts_with("demo-course-"), "{course}");
                assert!(course["summary"].as_str().unwrap().starts_with("Synthetic: no such course exists."), "{course}");
            }
            let found = app.data("{ courses(query: \"python\") { totalCount facets { levels { count } skills { count } providers { count } } } }").await;
            assert!(found["courses"]["totalCount"].as_u64().unwrap() > 5, "{found:#}");
            for facet in ["levels", "skills", "providers"] {
                assert!(found["courses"]["facets"][facet].as_array().unwrap().len() > 1, "{facet}: {found:#}");
            }
        }).await;
    }

    async fn the_same_seed_makes_the_same_catalogue(stage: Stage) {
        let other = second(&stage);
        for program in [Program::on(&stage), Program::at(&stage, &other)] {
            assert_eq!(program.run(SMALL).code, Some(0));
        }
        let (one, other) = (Catalogue::on(&stage).await.db, sea_orm::Database::connect(&other).await.unwrap());
        assert_eq!(rows!(&one, course.Id), rows!(&other, course.Id));
        assert_eq!(rows!(&one, provider.Id), rows!(&other, provider.Id));
        assert_eq!(rows!(&one, review.Id), rows!(&other, review.Id));
        assert_eq!(rows!(&one, offering.Id), rows!(&other, offering.Id));
        assert_eq!(rows!(&one, account.Id), rows!(&other, account.Id));
    }

    async fn made_again_nothing_is_added_and_another_one_is_refused(stage: Stage) {
        let program = Program::on(&stage);
        assert_eq!(program.run(SMALL).code, Some(0));
        let again = program.run(SMALL);
        assert_eq!((again.code, again.out.contains("0 providers, 0 courses, 0 reviews")), (Some(0), true), "{}", again.out);
        let other = program.run(&SMALL.replace("--seed 7", "--seed 8"));
        assert_eq!((other.code, other.error.contains("holds another synthetic catalogue")), (Some(1), true), "{}", other.error);
    }

    async fn figures_are_what_the_reviews_come_to(stage: Stage) {
        let program = Program::on(&stage);
        assert_eq!(program.run(SMALL).code, Some(0));
        let db = Catalogue::on(&stage).await.db;
        let reviews = rows!(&db, review.Id);
        let shown = reviews.iter().filter(|review| review.status == ReviewStatus::Published).count();
        assert!(shown < reviews.len() && reviews.len() == 900, "{shown} of {} are shown", reviews.len());
        let counted = rows!(&db, provider_rating.ProviderId).iter().map(|row| row.count as usize).sum::<usize>();
        assert_eq!(counted, shown);
        let counted_again = program.run("ratings");
        assert_eq!(counted_again.code, Some(0), "{}", counted_again.out);
    }

    async fn a_catalogue_of_somebodys_own_is_left_alone(stage: Stage) {
        stage.serve(async |app: App| Catalogue::of(&app).await.provider("School").await).await;
        let refused = Program::on(&stage).run(SMALL);
        assert_eq!((refused.code, refused.error.contains("holds listings of its own")), (Some(1), true), "{}", refused.error);
    }

    async fn nobody_reviews_a_course_twice(stage: Stage) {
        let refused = Program::on(&stage).run("demo --courses 10 --reviews 1000 --accounts 20");
        assert_eq!((refused.code, refused.error.contains("--accounts")), (Some(1), true), "{}", refused.error);
        assert_eq!(Program::on(&stage).run("demo --courses 10 --reviews 1000").code, Some(0));
    }
}

on_both! {
    async fn it_may_stand_beside_the_starter_catalogue(stage: Stage) {
        let count = async |app: App| app.data("{ courses { totalCount } skills { totalCount } }").await;
        let starter = stage.serve(count).await;
        assert_eq!(Program::on(&stage).run(SMALL).code, Some(0));
        let both = stage.serve(count).await;
        let courses = |data: &Value| data["courses"]["totalCount"].as_u64().unwrap();
        assert_eq!((courses(&both) - courses(&starter), &both["skills"]), (120, &starter["skills"]));
    }
}
