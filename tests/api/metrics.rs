//! Metrics for monitoring: the state of a process, and its counters.

use serde_json::json;

use crate::support::{App, Backend, Catalogue, Stage};

/// The value of a metric, by its name with its labels; `None` if it is missing.
async fn metric(app: &App, name: &str) -> Option<i64> {
    let text = app.get("/metrics").await.text().await.unwrap();
    let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    line.map(|value| value.parse().unwrap())
}

on_both! {
    async fn where_a_process_stands_can_be_read(app: App) {
        for name in ["lectern_ready", "lectern_database_up"] {
            assert_eq!(metric(&app, name).await, Some(1), "{name}");
        }
        let version = format!("lectern_build_info{{version=\"{}\"}}", env!("CARGO_PKG_VERSION"));
        assert_eq!(metric(&app, &version).await, Some(1));
        let catalogue = Catalogue::of(&app).await;
        catalogue.provider("School").await;
        let position = catalogue.position().await;
        assert_eq!(metric(&app, "lectern_log_position").await, Some(position));
        app.reached(position).await;
        assert_eq!(metric(&app, "lectern_served_position").await, Some(position));
    }

    async fn sign_ins_that_are_refused_are_counted(app: App) {
        app.sign_up("ann@example.org").await;
        let query = "mutation($input: SignInInput!) { signIn(input: $input) { userErrors { code } } }";
        for (password, refused) in [(crate::support::people::PASSWORD, 0), ("nonsense", 1), ("more nonsense", 2)] {
            app.ask(query, json!({ "input": { "email": "ann@example.org", "password": password } })).await;
            assert_eq!(metric(&app, "lectern_refused_sign_ins_total").await, Some(refused));
        }
    }
}

on_sqlite! {
    settings("cache_mb = 1")
    async fn answers_that_are_kept_are_counted(app: App) {
        let before = metric(&app, "lectern_cache_misses_total").await.unwrap();
        for (hits, misses) in [(0, 1), (1, 1), (2, 1)] {
            app.data("{ courses(first: 1) { totalCount } }").await;
            assert_eq!(metric(&app, "lectern_cache_hits_total").await, Some(hits));
            assert_eq!(metric(&app, "lectern_cache_misses_total").await, Some(before + misses));
        }
    }
}

#[test]
fn a_database_that_is_away_shows() {
    Stage::run(Backend::Postgres, "", async |stage: Stage| {
        stage
            .clone()
            .serve(async |app: App| {
                let served = metric(&app, "lectern_served_position").await;
                stage.database.drop_now().await;
                assert_eq!(metric(&app, "lectern_database_up").await, Some(0));
                assert_eq!(metric(&app, "lectern_ready").await, Some(0));
                assert_eq!(metric(&app, "lectern_log_position").await, None, "it is not known");
                assert_eq!(metric(&app, "lectern_served_position").await, served);
            })
            .await;
    });
}
