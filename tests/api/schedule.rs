//! Scheduled publishing: on time, once, even with several processes, and never while the provider is not active.

use entity::{ListingStatus, ListingType, ProviderStatus, change, course};
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};

use crate::support::{App, Catalogue, Stage};

fn at(time: &str) -> chrono::DateTime<chrono::Utc> {
    time.parse().unwrap()
}

/// A draft that is scheduled for this time.
async fn scheduled(catalogue: &Catalogue, provider: i64, title: &str, time: &str) -> i64 {
    let change = |row: &mut course::ActiveModel| {
        row.status = Set(ListingStatus::Draft);
        row.published_at = Set(None);
        row.scheduled_for = Set(Some(at(time)));
    };
    catalogue.course_with(provider, title, &[], change).await
}

async fn found(catalogue: &Catalogue, id: i64) -> course::Model {
    course::Entity::find_by_id(id).one(&catalogue.db).await.unwrap().unwrap()
}

/// The log entries written by the schedule.
async fn entries(catalogue: &Catalogue) -> Vec<change::Model> {
    change::Entity::find().filter(change::Column::Actor.eq("schedule")).all(&catalogue.db).await.unwrap()
}

async fn listed(app: &App) -> Value {
    app.data("{ courses(orderBy: {field: TITLE, direction: ASC}) { nodes { title } } }").await["courses"]["nodes"]
        .clone()
}

on_both! {
    #![empty]

    async fn a_course_is_published_at_its_time(app: App) {
        let catalogue = Catalogue::of(&app).await;
        let provider = catalogue.provider("School").await;
        let first = scheduled(&catalogue, provider, "First", "2026-06-01T13:00:00Z").await;
        let second = scheduled(&catalogue, provider, "Second", "2026-06-01T14:00:00Z").await;
        let before = catalogue.position().await;
        app.reached(before).await;
        assert_eq!(listed(&app).await, json!([]));
        app.clock.set("2026-06-01T13:00:00Z");
        app.reached(before + 1).await;
        assert_eq!(listed(&app).await, json!([{"title": "First"}]));
        let row = found(&catalogue, first).await;
        assert_eq!((row.status, row.version, row.scheduled_for), (ListingStatus::Published, 2, None));
        assert_eq!((row.published_at, row.updated_at), (Some(at("2026-06-01T13:00:00Z")), at("2026-06-01T13:00:00Z")));
        let entry = entries(&catalogue).await.remove(0);
        assert_eq!((entry.action.as_str(), entry.listing_type, entry.listing_id), ("course.publish", ListingType::Course, first));
        assert_eq!(entry.event, Some(entity::ChangeKind::Published));
        app.clock.set("2026-06-02T00:00:00Z");
        app.reached(before + 2).await;
        assert_eq!(found(&catalogue, second).await.published_at, Some(at("2026-06-02T00:00:00Z")));
    }

    async fn one_that_is_scheduled_for_sooner_is_not_kept_waiting(app: App) {
        let catalogue = Catalogue::of(&app).await;
        let provider = catalogue.provider("School").await;
        scheduled(&catalogue, provider, "Later", "2026-06-01T15:00:00Z").await;
        let before = catalogue.position().await;
        app.reached(before).await;
        let sooner = scheduled(&catalogue, provider, "Sooner", "2026-06-01T13:00:00Z").await;
        let overdue = scheduled(&catalogue, provider, "Overdue", "2026-06-01T11:00:00Z").await;
        app.reached(before + 3).await;
        assert_eq!(found(&catalogue, overdue).await.status, ListingStatus::Published);
        assert_eq!(found(&catalogue, sooner).await.status, ListingStatus::Draft);
        app.clock.set("2026-06-01T13:30:00Z");
        app.reached(before + 4).await;
        assert_eq!(found(&catalogue, sooner).await.status, ListingStatus::Published);
    }

    async fn it_waits_for_its_provider_to_be_active(app: App) {
        let catalogue = Catalogue::of(&app).await;
        let open = catalogue.provider("Open").await;
        let paused = catalogue.provider_with("Paused", |row| row.status = Set(ProviderStatus::Paused)).await;
        let waiting = scheduled(&catalogue, paused, "Waiting", "2026-06-01T13:00:00Z").await;
        let other = scheduled(&catalogue, open, "Other", "2026-06-01T14:00:00Z").await;
        let before = catalogue.position().await;
        app.clock.set("2026-06-01T15:00:00Z");
        app.reached(before + 1).await;
        assert_eq!(found(&catalogue, other).await.status, ListingStatus::Published);
        let row = found(&catalogue, waiting).await;
        assert_eq!((row.status, row.scheduled_for), (ListingStatus::Draft, Some(at("2026-06-01T13:00:00Z"))));
        let active = catalogue.update_provider(paused, |row| row.status = Set(ProviderStatus::Active)).await;
        app.reached(active + 1).await;
        assert_eq!(found(&catalogue, waiting).await.status, ListingStatus::Published);
    }

    async fn what_came_due_while_nothing_ran_is_published_at_the_start(stage: Stage) {
        let catalogue = stage.serve(async |app: App| Catalogue::of(&app).await).await;
        let provider = catalogue.provider("School").await;
        let id = scheduled(&catalogue, provider, "Overdue", "2026-06-01T11:00:00Z").await;
        let before = catalogue.position().await;
        stage.serve(async |app: App| app.reached(before + 1).await).await;
        assert_eq!(found(&catalogue, id).await.status, ListingStatus::Published);
    }

    async fn two_processes_publish_once(stage: Stage) {
        let beside = stage.beside();
        stage.serve(async |one: App| {
            let catalogue = Catalogue::of(&one).await;
            beside.serve(async |other: App| {
                let mut ids = Vec::new();
                for name in 0..5 {
                    let provider = catalogue.provider(&format!("School {name}")).await;
                    for title in ["A", "B", "C", "D"] {
                        ids.push(scheduled(&catalogue, provider, title, "2026-06-01T13:00:00Z").await);
                    }
                }
                let before = catalogue.position().await;
                for app in [&one, &other] {
                    app.reached(before).await;
                }
                one.clock.set("2026-06-01T13:00:00Z");
                for app in [&one, &other] {
                    app.reached(before + ids.len() as i64).await;
                }
                for id in &ids {
                    let row = found(&catalogue, *id).await;
                    assert_eq!((row.status, row.version), (ListingStatus::Published, 2));
                }
            }).await;
            // Both processes have stopped publishing, or have nothing left to publish.
            let mut published: Vec<i64> = entries(&catalogue).await.iter().map(|entry| entry.listing_id).collect();
            published.sort_unstable();
            published.dedup();
            assert_eq!((published.len(), entries(&catalogue).await.len()), (20, 20));
        }).await;
    }
}
