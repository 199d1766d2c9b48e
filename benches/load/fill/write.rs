//! Writes the catalogue with few statements, in one transaction, with the same change log as every other writer.

use catalog::changelog::{Action, Entry, append};
use chrono::{DateTime, Utc};
use entity::*;
use sea_orm::{
    ActiveModelTrait, ConnectionTrait, DatabaseConnection, EntityTrait, IntoActiveModel, Iterable, TransactionTrait,
};

use super::{Catalogue, NOW};

/// Maximum parameters per statement. SQLite allows 32,766, PostgreSQL twice as many.
const PARAMETERS: usize = 32_000;

/// Writes all rows and their changes into an empty, migrated database.
pub async fn write(db: &DatabaseConnection, catalogue: &Catalogue) {
    let transaction = db.begin().await.unwrap();
    rows(&transaction, catalogue).await;
    let at = DateTime::from_timestamp(NOW, 0).unwrap();
    changes(&transaction, at, catalogue).await;
    transaction.commit().await.unwrap();
}

async fn rows(db: &impl ConnectionTrait, all: &Catalogue) {
    insert::<provider::Entity>(db, &all.providers).await;
    insert::<provider_slug::Entity>(db, &all.provider_slugs).await;
    insert::<provider_rating::Entity>(db, &all.provider_ratings).await;
    insert::<provider_location::Entity>(db, &all.locations).await;
    insert::<subject::Entity>(db, &all.subjects).await;
    insert::<skill::Entity>(db, &all.skills).await;
    insert::<career::Entity>(db, &all.careers).await;
    insert::<career_slug::Entity>(db, &all.career_slugs).await;
    insert::<certification::Entity>(db, &all.certifications).await;
    insert::<certification_slug::Entity>(db, &all.certification_slugs).await;
    insert::<certification_skill::Entity>(db, &all.certification_skills).await;
    insert::<course::Entity>(db, &all.courses).await;
    insert::<course_slug::Entity>(db, &all.course_slugs).await;
    insert::<course_rating::Entity>(db, &all.course_ratings).await;
    insert::<course_subject::Entity>(db, &all.course_subjects).await;
    insert::<course_skill::Entity>(db, &all.course_skills).await;
    insert::<course_certification::Entity>(db, &all.course_certifications).await;
    insert::<course_career::Entity>(db, &all.course_careers).await;
    insert::<offering::Entity>(db, &all.offerings).await;
}

async fn insert<E: EntityTrait>(db: &impl ConnectionTrait, rows: &[E::Model])
where
    E::Model: IntoActiveModel<E::ActiveModel>,
    E::ActiveModel: ActiveModelTrait<Entity = E>,
{
    for rows in rows.chunks(PARAMETERS / E::Column::iter().count()) {
        let rows = rows.iter().map(|row| row.clone().into_active_model());
        E::insert_many(rows).exec_without_returning(db).await.unwrap();
    }
}

async fn changes(db: &impl ConnectionTrait, at: DateTime<Utc>, all: &Catalogue) {
    let entry = |listing_type, listing_id, slug: &str, provider_id, event| Entry {
        actor: "bench".to_owned(),
        action: Action::DemoCreate,
        listing_type,
        listing_id,
        slug: slug.to_owned(),
        provider_id,
        event,
        fields: None,
    };
    let public = Some(ChangeKind::Published);
    let skills = all.skills.iter().map(|row| entry(ListingType::Taxonomy, row.id, &row.slug, None, None));
    let careers = all.careers.iter().map(|row| entry(ListingType::Career, row.id, &row.slug, None, public));
    let providers =
        all.providers.iter().map(|row| entry(ListingType::Provider, row.id, &row.slug, Some(row.id), public));
    let certifications = all
        .certifications
        .iter()
        .map(|row| entry(ListingType::Certification, row.id, &row.slug, Some(row.issuer_id), public));
    let courses =
        all.courses.iter().map(|row| entry(ListingType::Course, row.id, &row.slug, Some(row.provider_id), public));
    let entries = skills.chain(careers).chain(providers).chain(certifications).chain(courses).collect();
    append(db, at, entries).await.unwrap();
}
