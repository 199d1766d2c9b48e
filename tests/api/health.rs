//! Health checks for load balancers.

use crate::support::App;

on_both! {
    async fn a_started_server_is_live_and_ready(app: App) {
        assert_eq!(app.get("/health/live").await.status(), 200);
        let ready = app.get("/health/ready").await;
        assert_eq!(ready.status(), 200);
    }
}
