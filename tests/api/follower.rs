//! The follower: derived data catches up with the log after any damage.

use std::fs;
use std::path::{Path, PathBuf};

use catalog::error::AppError;
use sea_orm::ActiveValue::Set;
use sea_orm::sqlx::{self, Connection, PgConnection};
use sea_orm::{ConnectionTrait, TransactionTrait};
use serde_json::json;

use crate::support::{App, Backend, Catalogue, Stage};

/// The names suggested for a text.
pub async fn suggested(app: &App, text: &str) -> Vec<String> {
    let answer = app.ask("query ($text: String!) { suggestions(text: $text) { text } }", json!({ "text": text })).await;
    let found = answer["data"]["suggestions"].as_array().unwrap_or_else(|| panic!("{answer}"));
    found.iter().map(|found| found["text"].as_str().unwrap().to_owned()).collect()
}

/// Starts the application, writes a provider with one course, and stops it once both are in the index.
async fn written(stage: &Stage) -> i64 {
    stage
        .serve(|app| async move {
            let catalogue = Catalogue::of(&app).await;
            let provider = catalogue.provider("Testbed").await;
            catalogue.course(provider, "Weaving").await;
            app.reached(catalogue.position().await).await;
            assert_eq!(suggested(&app, "we").await, ["Weaving"]);
            provider
        })
        .await
}

/// Whether the whole index was built since the start.
fn was_built(app: &App) -> bool {
    app.snapshots.progress.get() != (0, 0)
}

/// The files of the index.
fn files(folder: &Path) -> Vec<PathBuf> {
    fs::read_dir(folder.join("index")).unwrap().map(|entry| entry.unwrap().path()).collect()
}

/// Restarts the application after damaging its index: it must rebuild the index and find everything.
async fn is_built_again(stage: &Stage, harm: impl FnOnce(&Path)) {
    written(stage).await;
    harm(stage.folder.path());
    let check = |app: App| async move {
        assert_eq!(suggested(&app, "we").await, ["Weaving"]);
        assert!(was_built(&app));
    };
    stage.serve(check).await;
}

on_both! {
    #![empty]

    async fn it_goes_on_after_a_restart_where_it_stopped(stage: Stage) {
        let provider = written(&stage).await;
        Catalogue::on(&stage).await.course(provider, "Wending").await;
        stage
            .serve(|app| async move {
                // Ready means up to date with the log, so there is nothing to wait for.
                assert_eq!(suggested(&app, "we").await, ["Weaving", "Wending"]);
                assert!(!was_built(&app));
            })
            .await;
    }

    async fn a_missing_index_is_built(stage: Stage) {
        is_built_again(&stage, |folder| fs::remove_dir_all(folder.join("index")).unwrap()).await;
    }

    async fn an_index_of_garbage_is_built_anew(stage: Stage) {
        is_built_again(&stage, |folder| files(folder).iter().for_each(|file| fs::write(file, "garbage").unwrap())).await;
    }

    async fn an_index_with_one_flipped_byte_is_built_anew(stage: Stage) {
        let flip = |folder: &Path| {
            let postings = files(folder).into_iter().find(|file| file.extension().is_some_and(|end| end == "fast"));
            let postings = postings.unwrap();
            let mut bytes = fs::read(&postings).unwrap();
            bytes[0] ^= 1;
            fs::write(&postings, bytes).unwrap();
        };
        is_built_again(&stage, flip).await;
    }

    async fn a_file_in_the_place_of_the_index_gives_way_to_it(stage: Stage) {
        let replace = |folder: &Path| {
            fs::remove_dir_all(folder.join("index")).unwrap();
            fs::write(folder.join("index"), "").unwrap();
        };
        is_built_again(&stage, replace).await;
    }

    async fn an_index_of_another_catalogue_is_built_anew(stage: Stage) {
        written(&stage).await;
        let catalogue = Catalogue::on(&stage).await;
        let other = "update course set title = 'Weeding'; update catalogue set uid = 'another'";
        catalogue.db.execute_unprepared(other).await.unwrap();
        stage.serve(|app| async move { assert_eq!(suggested(&app, "we").await, ["Weeding"]) }).await;
    }

    async fn an_index_that_is_ahead_of_an_older_copy_of_the_database_is_built_anew(stage: Stage) {
        written(&stage).await;
        let catalogue = Catalogue::on(&stage).await;
        let older = "delete from course; delete from change where position = 2; update catalogue set position = 1";
        catalogue.db.execute_unprepared(older).await.unwrap();
        stage.serve(|app| async move { assert_eq!(suggested(&app, "we").await, [""; 0]) }).await;
    }

    async fn an_index_beside_a_restored_database_that_has_gone_on_is_built_anew(stage: Stage) {
        // The database goes on to the position of the index, and beyond it.
        for more in [0, 3] {
            let provider = written(&stage).await;
            let catalogue = Catalogue::on(&stage).await;
            let head = catalogue.position().await;
            let restored = format!("delete from offering; delete from course_slug; delete from course_rating; delete from course; \
                delete from change where position = {head}; update catalogue set position = {}", head - 1);
            catalogue.db.execute_unprepared(&restored).await.unwrap();
            catalogue.course(provider, "Weeding").await;
            for _ in 0..more {
                catalogue.provider("Other").await;
            }
            stage.serve(|app| async move {
                assert_eq!(suggested(&app, "we").await, ["Weeding"]);
                assert!(was_built(&app));
            }).await;
            catalogue.db.execute_unprepared("delete from course_slug; delete from course_rating; delete from course").await.unwrap();
            fs::remove_dir_all(stage.folder.path().join("index")).unwrap();
        }
    }

    async fn a_history_that_takes_the_place_of_another_while_it_runs_is_noticed(app: App) {
        let catalogue = Catalogue::of(&app).await;
        let provider = catalogue.provider("Testbed").await;
        catalogue.course(provider, "Weaving").await;
        let head = catalogue.position().await;
        app.reached(head).await;
        let mut published = app.snapshots.watch();
        let cursor = app.data("{ catalogueCursor }").await["catalogueCursor"].take();
        let tx = catalogue.db.begin().await.unwrap();
        tx.execute_unprepared("update course set title = 'Weeding'").await.unwrap();
        tx.execute_unprepared(&format!("update change set mark = 1 where position = {head}")).await.unwrap();
        tx.commit().await.unwrap();
        published.changed().await.unwrap();
        assert_eq!(suggested(&app, "we").await, ["Weeding"]);
        let answer = app.ask(&format!("{{ changes(after: {cursor}) {{ nodes {{ slug }} }} }}"), json!({})).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "BAD_USER_INPUT", "{answer}");
        let message = answer["errors"][0]["message"].as_str().unwrap();
        assert_eq!(message, "after: is of a history of the catalogue that was undone: read everything anew");
    }

    async fn another_catalogue_put_in_its_place_while_it_runs_is_noticed(app: App) {
        let catalogue = Catalogue::of(&app).await;
        let provider = catalogue.provider("Testbed").await;
        catalogue.db.execute_unprepared("update catalogue set uid = 'another'").await.unwrap();
        catalogue.course(provider, "Weaving").await;
        app.reached(catalogue.position().await).await;
        assert_eq!(suggested(&app, "we").await, ["Weaving"]);
    }

    async fn an_index_that_is_thrown_away_while_it_runs_is_built_again(app: App) {
        fs::remove_dir_all(app.folder.join("index")).unwrap();
        let catalogue = Catalogue::of(&app).await;
        catalogue.provider("Testbed").await;
        app.reached(catalogue.position().await).await;
        assert_eq!(suggested(&app, "te").await, ["Testbed"]);
    }

    async fn a_backlog_of_many_batches_is_caught_up_with(stage: Stage) {
        let provider = written(&stage).await;
        let catalogue = Catalogue::on(&stage).await;
        for _ in 0..5 {
            let entries = (0..1_000).map(|id| crate::support::entry(entity::ListingType::Course, id)).collect();
            let appended = catalog::changelog::append(&catalogue.db, crate::support::now(), entries).await;
            appended.unwrap_or_else(|error| panic!("{}", error.cause()));
        }
        catalogue.course(provider, "Wending").await;
        stage
            .serve(|app| async move {
                app.reached(catalogue.position().await).await;
                assert_eq!(suggested(&app, "we").await, ["Weaving", "Wending"]);
            })
            .await;
    }

    async fn what_is_no_longer_public_leaves(app: App) {
        let catalogue = Catalogue::of(&app).await;
        let provider = catalogue.provider("Testbed").await;
        let course = catalogue.course(provider, "Teasing").await;
        app.reached(catalogue.position().await).await;
        assert_eq!(suggested(&app, "te").await, ["Testbed", "Teasing"]);
        app.reached(catalogue.update_course(course, |row| row.status = Set(entity::ListingStatus::Draft)).await).await;
        assert_eq!(suggested(&app, "te").await, ["Testbed"]);
        app.reached(catalogue.update_course(course, |row| row.status = Set(entity::ListingStatus::Published)).await).await;
        app.reached(catalogue.update_provider(provider, |row| row.status = Set(entity::ProviderStatus::Paused)).await).await;
        assert_eq!(suggested(&app, "te").await, [""; 0]);
        app.reached(catalogue.update_provider(provider, |row| row.status = Set(entity::ProviderStatus::Active)).await).await;
        assert_eq!(suggested(&app, "te").await, ["Testbed", "Teasing"]);
    }

    async fn an_index_that_cannot_be_written_stops_the_start_and_says_so(stage: Stage) {
        fs::create_dir(stage.folder.path().join("index.lock")).unwrap();
        refuses_to_start(&stage, "data_dir: the folder of the search index in it cannot be written to").await;
    }

    async fn a_second_process_in_the_same_folder_does_not_start(stage: Stage) {
        let second = stage.clone();
        let rule = "data_dir: another process uses the search index in it";
        stage.serve(|_| async move { refuses_to_start(&second, rule).await }).await;
    }
}

async fn refuses_to_start(stage: &Stage, message: &str) {
    match stage.build().await {
        Err(error @ AppError::BadUserInput { .. }) => assert_eq!(error.message(), message),
        Err(error) => panic!("{}", error.cause()),
        Ok(_) => panic!("it starts"),
    }
}

#[test]
fn it_goes_on_when_the_database_comes_back() {
    App::run(Backend::Postgres, "seed = 'none'", |app: App| async move {
        let mut other = PgConnection::connect(&app.database_url).await.unwrap();
        let end = "select pg_terminate_backend(pid, 10000) from pg_stat_activity
                   where datname = current_database() and pid <> pg_backend_pid()";
        sqlx::query(end).execute(&mut other).await.unwrap();
        let catalogue = Catalogue::of(&app).await;
        catalogue.provider("Testbed").await;
        app.reached(catalogue.position().await).await;
        assert_eq!(suggested(&app, "te").await, ["Testbed"]);
    });
}
