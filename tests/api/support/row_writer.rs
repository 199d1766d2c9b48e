//! Rows written directly in one transaction, with ids and slugs that the test chooses.

use catalog::changelog::append;
use chrono::{DateTime, NaiveDate, Utc};
use entity::*;
use sea_orm::ActiveValue::Set;
use sea_orm::{
    ActiveModelBehavior, ActiveModelTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, TransactionTrait,
};

use super::{App, Catalogue, entry};

/// Rows to be added to the catalogue, in one transaction.
pub struct RowWriter {
    tx: DatabaseTransaction,
    changed: Vec<(ListingType, i64)>,
}

impl RowWriter {
    /// Begins to write to the catalogue that an application serves.
    pub async fn open(app: &App) -> Self {
        Self { tx: Catalogue::of(app).await.db.begin().await.unwrap(), changed: Vec::new() }
    }

    /// Inserts a row.
    pub async fn row<A>(&self, row: A)
    where
        A: ActiveModelTrait + ActiveModelBehavior + Send,
        <A::Entity as EntityTrait>::Model: IntoActiveModel<A> + Sync,
    {
        A::Entity::insert(row).exec_without_returning(&self.tx).await.unwrap();
    }

    /// An active provider.
    pub async fn provider(&mut self, id: i64, slug: &str, change: impl FnOnce(&mut provider::ActiveModel)) {
        let mut row = provider::ActiveModel {
            id: Set(id),
            slug: Set(slug.to_owned()),
            name: Set(slug.to_owned()),
            kind: Set(ProviderKind::Platform),
            status: Set(ProviderStatus::Active),
            created_at: Set(day("2026-01-01")),
            updated_at: Set(day("2026-01-01")),
            ..Default::default()
        };
        change(&mut row);
        self.row(row).await;
        self.changed.push((ListingType::Provider, id));
    }

    /// A published course.
    pub async fn course(&mut self, id: i64, provider: i64, slug: &str, change: impl FnOnce(&mut course::ActiveModel)) {
        let mut row = course::ActiveModel {
            id: Set(id),
            provider_id: Set(provider),
            slug: Set(slug.to_owned()),
            title: Set(slug.to_owned()),
            kind: Set(CourseKind::Course),
            status: Set(ListingStatus::Published),
            created_at: Set(day("2026-01-01")),
            updated_at: Set(day("2026-01-01")),
            published_at: Set(Some(day("2026-01-01"))),
            ..Default::default()
        };
        change(&mut row);
        self.row(row).await;
        self.changed.push((ListingType::Course, id));
    }

    /// Changes a course.
    pub async fn update_course(&mut self, id: i64, change: impl FnOnce(&mut course::ActiveModel)) {
        let mut row = course::ActiveModel { id: Set(id), ..Default::default() };
        change(&mut row);
        course::Entity::update(row).exec(&self.tx).await.unwrap();
        self.changed.push((ListingType::Course, id));
    }

    /// An on-demand offering without other facts.
    pub async fn offering(&mut self, id: i64, course: i64, change: impl FnOnce(&mut offering::ActiveModel)) {
        let mut row = offering::ActiveModel {
            id: Set(id),
            course_id: Set(course),
            format: Set(Format::LiveOnline),
            version: Set(1),
            ..Default::default()
        };
        change(&mut row);
        self.row(row).await;
        self.changed.push((ListingType::Course, course));
    }

    /// The reviews of a course: how many gave each number of stars, from one up.
    pub async fn stars(&mut self, course: i64, stars: [i32; 5]) {
        let [stars1, stars2, stars3, stars4, stars5] = stars.map(Set);
        let count = Set(stars.iter().sum());
        let course_id = Set(course);
        let row = course_rating::ActiveModel {
            course_id,
            count,
            stars1,
            stars2,
            stars3,
            stars4,
            stars5,
            ..Default::default()
        };
        self.row(row).await;
        self.changed.push((ListingType::Course, course));
    }

    /// Deletes a course.
    pub async fn remove(&mut self, course: i64) {
        course::Entity::delete_by_id(course).exec(&self.tx).await.unwrap();
        self.changed.push((ListingType::Course, course));
    }

    /// Notes that a listing has changed.
    pub fn changed(&mut self, listing: ListingType, id: i64) {
        self.changed.push((listing, id));
    }

    /// Appends the changes, commits, and waits until the application serves them.
    pub async fn done(self, app: &App) {
        let entries = self.changed.into_iter().map(|(listing, id)| entry(listing, id)).collect();
        let position = append(&self.tx, day("2026-06-01"), entries).await;
        self.tx.commit().await.unwrap();
        app.reached(position.unwrap_or_else(|error| panic!("{}", error.cause()))).await;
    }
}

/// Midnight of a day in UTC.
pub fn day(text: &str) -> DateTime<Utc> {
    date(text).and_hms_opt(0, 0, 0).unwrap().and_utc()
}

/// A day.
pub fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}
