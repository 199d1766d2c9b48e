//! Rows written directly, as another process would write them: each with its change, in one transaction.

use std::sync::atomic::{AtomicI64, Ordering};

use catalog::changelog::{Action, Entry, append};
use chrono::{DateTime, Utc};
use entity::*;
use sea_orm::ActiveValue::Set;
use sea_orm::{DatabaseConnection, DatabaseTransaction, EntityTrait, TransactionTrait};

use super::{App, Stage};

/// A writer to the catalogue.
pub struct Catalogue {
    pub db: DatabaseConnection,
}

impl Catalogue {
    /// A writer to the catalogue that an application serves.
    pub async fn of(app: &App) -> Self {
        Self::at(&app.database_url).await
    }

    /// A writer to the catalogue of a stage; an application must have been started on it before.
    pub async fn on(stage: &Stage) -> Self {
        Self::at(&stage.database.url).await
    }

    async fn at(url: &str) -> Self {
        Self { db: sea_orm::Database::connect(url).await.unwrap() }
    }

    /// An active provider.
    pub async fn provider(&self, name: &str) -> i64 {
        self.provider_with(name, |_| {}).await
    }

    /// A provider, active unless `change` says otherwise.
    pub async fn provider_with(&self, name: &str, change: impl FnOnce(&mut provider::ActiveModel)) -> i64 {
        let id = next_id();
        let mut row = provider::ActiveModel {
            id: Set(id),
            slug: Set(slug(name, id)),
            name: Set(name.to_owned()),
            kind: Set(ProviderKind::Platform),
            status: Set(ProviderStatus::Active),
            created_at: Set(now()),
            updated_at: Set(now()),
            ..Default::default()
        };
        change(&mut row);
        let tx = self.db.begin().await.unwrap();
        let slug = row.slug.clone().unwrap();
        provider::Entity::insert(row).exec(&tx).await.unwrap();
        let slug = provider_slug::ActiveModel { slug: Set(slug), provider_id: Set(id) };
        provider_slug::Entity::insert(slug).exec_without_returning(&tx).await.unwrap();
        commit(tx, ListingType::Provider, id).await;
        id
    }

    /// A published course.
    pub async fn course(&self, provider: i64, title: &str) -> i64 {
        self.course_with(provider, title, &[], |_| {}).await
    }

    /// A course that teaches skills, published unless `change` says otherwise.
    pub async fn course_with(
        &self,
        provider: i64,
        title: &str,
        skills: &[i64],
        change: impl FnOnce(&mut course::ActiveModel),
    ) -> i64 {
        let id = next_id();
        let mut row = course::ActiveModel {
            id: Set(id),
            provider_id: Set(provider),
            slug: Set(slug(title, id)),
            title: Set(title.to_owned()),
            kind: Set(CourseKind::Course),
            status: Set(ListingStatus::Published),
            formats: Set(0),
            schedules: Set(0),
            languages: Set(String::new()),
            version: Set(1),
            created_at: Set(now()),
            updated_at: Set(now()),
            published_at: Set(Some(now())),
            ..Default::default()
        };
        change(&mut row);
        let tx = self.db.begin().await.unwrap();
        course::Entity::insert(row).exec(&tx).await.unwrap();
        for (skill, position) in skills.iter().zip(0..) {
            let link = course_skill::ActiveModel { course_id: Set(id), skill_id: Set(*skill), position: Set(position) };
            course_skill::Entity::insert(link).exec(&tx).await.unwrap();
        }
        commit(tx, ListingType::Course, id).await;
        id
    }

    /// Changes a course.
    pub async fn update_course(&self, id: i64, change: impl FnOnce(&mut course::ActiveModel)) -> i64 {
        let mut row = course::ActiveModel { id: Set(id), ..Default::default() };
        change(&mut row);
        let tx = self.db.begin().await.unwrap();
        course::Entity::update(row).exec(&tx).await.unwrap();
        commit(tx, ListingType::Course, id).await
    }

    /// Changes a provider.
    pub async fn update_provider(&self, id: i64, change: impl FnOnce(&mut provider::ActiveModel)) -> i64 {
        let mut row = provider::ActiveModel { id: Set(id), ..Default::default() };
        change(&mut row);
        let tx = self.db.begin().await.unwrap();
        provider::Entity::update(row).exec(&tx).await.unwrap();
        commit(tx, ListingType::Provider, id).await
    }

    /// A skill with other names.
    pub async fn skill(&self, name: &str, aliases: &[&str]) -> i64 {
        let id = next_id();
        let row = skill::ActiveModel {
            id: Set(id),
            slug: Set(slug(name, id)),
            name: Set(name.to_owned()),
            kind: Set(SkillKind::Language),
        };
        let tx = self.db.begin().await.unwrap();
        skill::Entity::insert(row).exec(&tx).await.unwrap();
        for alias in aliases {
            let alias = skill_alias::ActiveModel { skill_id: Set(id), alias: Set((*alias).to_owned()) };
            skill_alias::Entity::insert(alias).exec(&tx).await.unwrap();
        }
        commit(tx, ListingType::Taxonomy, id).await;
        id
    }

    /// A career.
    pub async fn career(&self, title: &str) -> i64 {
        let id = next_id();
        let (slug, title) = (slug(title, id), title.to_owned());
        let named = career_slug::ActiveModel { slug: Set(slug.clone()), career_id: Set(id) };
        let row = career::ActiveModel { id: Set(id), slug: Set(slug), title: Set(title), description: Set(None) };
        let tx = self.db.begin().await.unwrap();
        career::Entity::insert(row).exec(&tx).await.unwrap();
        career_slug::Entity::insert(named).exec(&tx).await.unwrap();
        commit(tx, ListingType::Career, id).await;
        id
    }

    /// A subject.
    pub async fn subject(&self, name: &str) -> i64 {
        let id = next_id();
        let row = subject::ActiveModel { id: Set(id), slug: Set(slug(name, id)), name: Set(name.to_owned()) };
        let tx = self.db.begin().await.unwrap();
        subject::Entity::insert(row).exec(&tx).await.unwrap();
        commit(tx, ListingType::Taxonomy, id).await;
        id
    }

    /// A certification.
    pub async fn certification(&self, issuer: i64, name: &str) -> i64 {
        let id = next_id();
        let row = certification::ActiveModel {
            id: Set(id),
            slug: Set(slug(name, id)),
            name: Set(name.to_owned()),
            kind: Set(CertificationKind::Industry),
            issuer_id: Set(issuer),
            version: Set(1),
            created_at: Set(now()),
            updated_at: Set(now()),
            ..Default::default()
        };
        let tx = self.db.begin().await.unwrap();
        certification::Entity::insert(row).exec(&tx).await.unwrap();
        commit(tx, ListingType::Certification, id).await;
        id
    }

    /// The position of the last change.
    pub async fn position(&self) -> i64 {
        catalog::changelog::head(&self.db).await.unwrap_or_else(|error| panic!("{}", error.cause())).position
    }
}

/// Appends the change of a listing, commits, and returns its position.
async fn commit(tx: DatabaseTransaction, listing_type: ListingType, id: i64) -> i64 {
    let position = append(&tx, now(), vec![entry(listing_type, id)]).await;
    tx.commit().await.unwrap();
    position.unwrap_or_else(|error| panic!("{}", error.cause()))
}

/// A change of a listing.
pub fn entry(listing_type: ListingType, id: i64) -> Entry {
    Entry {
        actor: "test".to_owned(),
        action: Action::DemoCreate,
        listing_type,
        listing_id: id,
        slug: format!("listing-{id}"),
        provider_id: None,
        event: Some(ChangeKind::Updated),
        fields: None,
    }
}

/// The global id of a row, as the API writes it.
pub fn global_id(kind: &str, id: i64) -> String {
    use base64::Engine;
    base64::prelude::BASE64_URL_SAFE_NO_PAD.encode(format!("{kind}:{id}"))
}

/// The time of everything that is written here.
pub fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_780_000_000, 0).unwrap()
}

/// An id that no other row of a test has.
pub fn next_id() -> i64 {
    static NEXT: AtomicI64 = AtomicI64::new(1_000);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

fn slug(name: &str, id: i64) -> String {
    let plain: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' }).collect();
    format!("{}-{id}", plain.chars().take(80).collect::<String>())
}
