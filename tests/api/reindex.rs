//! `lectern reindex`: rebuilds the search index from the database.

use crate::support::{App, Catalogue, Program, Stage};

on_both! {
    #![empty]
    async fn an_index_that_is_thrown_away_is_built_from_what_the_database_holds(stage: Stage) {
        stage.serve(async |app: App| {
            let catalogue = Catalogue::of(&app).await;
            let provider = catalogue.provider("School").await;
            catalogue.course(provider, "Weaving").await;
        }).await;
        let ended = Program::on(&stage).run("reindex");
        assert_eq!((ended.code, ended.out.as_str()), (Some(0), "the search index is built: 1 courses\n"), "{}", ended.error);
        let found = stage.ask("{ courses(query: \"weaving\") { nodes { title } } }").await;
        assert_eq!(found["courses"]["nodes"][0]["title"], "Weaving");
    }

    async fn an_index_that_a_process_serves_from_is_left_to_it(stage: Stage) {
        stage.serve(async |app: App| {
            let catalogue = Catalogue::of(&app).await;
            let provider = catalogue.provider("School").await;
            catalogue.course(provider, "Weaving").await;
            let app = app.caught_up().await;
            let ended = app.command("reindex").await;
            assert_eq!(ended.code, Some(1), "{}", ended.out);
            assert_eq!(ended.error.lines().count(), 1, "{}", ended.error);
            assert_eq!(app.data("{ courses { totalCount } }").await["courses"]["totalCount"], 1);
        }).await;
    }
}
