//! Loads the small tables, each completely with one statement, since they are small and rarely change.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::hash::Hash;
use std::sync::Arc;

use entity::*;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QueryTrait, Select};

use super::{Career, CareerLevel, Certification, Dictionary, Provider, Skill, Table};
use crate::error::Result;
use crate::resemblance::skeleton;

/// Small tables to reload.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Kinds {
    /// Providers.
    pub providers: bool,
    /// Certifications.
    pub certifications: bool,
    /// Careers.
    pub careers: bool,
    /// Skills, subjects, statistics and sources.
    pub taxonomy: bool,
    /// Rating summaries of providers.
    pub ratings: bool,
}

impl Kinds {
    /// All tables.
    pub const ALL: Kinds =
        Kinds { providers: true, certifications: true, careers: true, taxonomy: true, ratings: true };
}

/// Reloads what has changed and keeps the rest.
#[tracing::instrument(level = "debug", skip_all)]
pub async fn load(db: &impl ConnectionTrait, before: &Dictionary, changed: Kinds) -> Result<Dictionary> {
    let mut dictionary = before.clone();
    if changed.providers {
        dictionary.providers = providers(db).await?;
    } else if changed.ratings {
        dictionary.providers = rated(db, &dictionary.providers).await?;
    }
    if changed.certifications {
        dictionary.certifications = certifications(db).await?;
        let rows = dictionary.certifications.in_order().iter().map(|(_, row)| row);
        dictionary.certifications_of_issuer = grouped(rows.clone().map(|row| (row.row.issuer_id, row.row.id)));
        dictionary.certifications_of_name = grouped(rows.clone().map(|row| (row.skeleton.clone(), row.row.id)));
        dictionary.certifications_of_career =
            grouped(rows.flat_map(|row| row.careers.iter().map(|career| (*career, row.row.id))));
    }
    if changed.careers {
        dictionary.careers = careers(db).await?;
    }
    if changed.taxonomy {
        dictionary.skills = skills(db).await?;
        dictionary.subjects = Table::new(subject::Entity::find().all(db).await?, []);
        dictionary.statistics = statistics(db).await?;
        let sources = source::Entity::find().all(db).await?;
        dictionary.sources = sources.into_iter().map(|row| (row.id, row)).collect();
    }
    Ok(dictionary)
}

async fn providers(db: &impl ConnectionTrait) -> Result<Table<Provider>> {
    let slugs = provider_slug::Entity::find().all(db).await?;
    Ok(Table::new(provider_rows(db, None).await?, slugs.into_iter().map(|row| (row.slug, row.provider_id))))
}

/// Replaces the ratings of providers, which change far more often than everything else.
async fn rated(db: &impl ConnectionTrait, before: &Table<Provider>) -> Result<Table<Provider>> {
    let ratings = provider_rating::Entity::find().all(db).await?;
    let ratings: HashMap<i64, _> = ratings.into_iter().map(|row| (row.provider_id, row)).collect();
    Ok(before.with(|provider| {
        let rating = ratings.get(&provider.row.id);
        (rating != provider.rating.as_ref()).then(|| Provider { rating: rating.cloned(), ..provider.clone() })
    }))
}

/// Loads the current row of one provider, for a response that must reflect the latest write.
#[tracing::instrument(level = "debug", skip_all, fields(id))]
pub async fn provider(db: &impl ConnectionTrait, id: i64) -> Result<Option<Arc<Provider>>> {
    Ok(provider_rows(db, Some(id)).await?.pop().map(Arc::new))
}

/// Selects all rows of a table, or those of one owner.
fn select<E: EntityTrait>(owner: E::Column, only: Option<i64>) -> Select<E> {
    E::find().apply_if(only, |rows, id| rows.filter(owner.eq(id)))
}

/// Loads all providers, or one of them.
async fn provider_rows(db: &impl ConnectionTrait, only: Option<i64>) -> Result<Vec<Provider>> {
    use provider_location::Column as Location;
    let locations = select::<provider_location::Entity>(Location::ProviderId, only).order_by_asc(Location::Position);
    let mut locations = grouped(locations.all(db).await?.into_iter().map(|row| (row.provider_id, row)));
    use provider_licence::Column as Licence;
    let licences = select::<provider_licence::Entity>(Licence::ProviderId, only).order_by_asc(Licence::Position);
    let mut licences = grouped(licences.all(db).await?.into_iter().map(|row| (row.provider_id, row)));
    let ratings = select::<provider_rating::Entity>(provider_rating::Column::ProviderId, only).all(db).await?;
    let mut ratings: HashMap<i64, _> = ratings.into_iter().map(|row| (row.provider_id, row)).collect();
    use provider_name_request::Column as Request;
    let requests = select::<provider_name_request::Entity>(Request::ProviderId, only).all(db).await?;
    let mut requests: HashMap<i64, _> = requests.into_iter().map(|row| (row.provider_id, row)).collect();
    let rows = select::<provider::Entity>(provider::Column::Id, only);
    let rows = rows.all(db).await?.into_iter().map(|row| Provider {
        locations: locations.remove(&row.id).unwrap_or_default(),
        licences: licences.remove(&row.id).unwrap_or_default(),
        rating: ratings.remove(&row.id),
        name_request: requests.remove(&row.id),
        skeletons: [skeleton(&row.name), skeleton(&row.slug)],
        row,
    });
    Ok(rows.collect())
}

async fn certifications(db: &impl ConnectionTrait) -> Result<Table<Certification>> {
    let slugs = certification_slug::Entity::find().all(db).await?;
    let rows = certification_rows(db, None).await?;
    Ok(Table::new(rows, slugs.into_iter().map(|row| (row.slug, row.certification_id))))
}

/// Loads the current row of one certification.
#[tracing::instrument(level = "debug", skip_all, fields(id))]
pub async fn certification(db: &impl ConnectionTrait, id: i64) -> Result<Option<Arc<Certification>>> {
    Ok(certification_rows(db, Some(id)).await?.pop().map(Arc::new))
}

/// Loads all certifications, or one of them.
async fn certification_rows(db: &impl ConnectionTrait, only: Option<i64>) -> Result<Vec<Certification>> {
    use certification_skill::Column as Skills;
    let skills = select::<certification_skill::Entity>(Skills::CertificationId, only).order_by_asc(Skills::Position);
    let mut skills = grouped(skills.all(db).await?.into_iter().map(|row| (row.certification_id, row.skill_id)));
    use certification_career::Column as Careers;
    let careers =
        select::<certification_career::Entity>(Careers::CertificationId, only).order_by_asc(Careers::Position);
    let mut careers = grouped(careers.all(db).await?.into_iter().map(|row| (row.certification_id, row.career_id)));
    let rows = select::<certification::Entity>(certification::Column::Id, only);
    let rows = rows.all(db).await?.into_iter().map(|row| Certification {
        skills: skills.remove(&row.id).unwrap_or_default(),
        careers: careers.remove(&row.id).unwrap_or_default(),
        skeleton: skeleton(&row.name),
        row,
    });
    Ok(rows.collect())
}

async fn careers(db: &impl ConnectionTrait) -> Result<Table<Career>> {
    let mut levels = levels(db).await?;
    use career_skill::Column as Skills;
    let skills = career_skill::Entity::find().order_by_asc(Skills::Position).all(db).await?;
    let mut skills = grouped(skills.into_iter().map(|row| (row.career_id, row.skill_id)));
    use career_related::Column as Related;
    let related = career_related::Entity::find().order_by_asc(Related::Position).all(db).await?;
    let mut related = grouped(related.into_iter().map(|row| (row.career_id, row.related_id)));
    let rows = career::Entity::find().all(db).await?.into_iter().map(|row| Career {
        levels: levels.remove(&row.id).unwrap_or_default(),
        skills: skills.remove(&row.id).unwrap_or_default(),
        related: related.remove(&row.id).unwrap_or_default(),
        row,
    });
    let slugs = career_slug::Entity::find().all(db).await?;
    Ok(Table::new(rows.collect(), slugs.into_iter().map(|row| (row.slug, row.career_id))))
}

async fn levels(db: &impl ConnectionTrait) -> Result<HashMap<i64, Vec<CareerLevel>>> {
    let titles = career_level_title::Entity::find().order_by_asc(career_level_title::Column::Position).all(db).await?;
    let mut titles = grouped(titles.into_iter().map(|row| (row.career_level_id, row.title)));
    let mut rows = career_level::Entity::find().all(db).await?;
    rows.sort_by_key(|row| (row.career_id, row.level));
    Ok(grouped(rows.into_iter().map(|row| {
        let titles = titles.remove(&row.id).unwrap_or_default();
        (row.career_id, CareerLevel { row, titles })
    })))
}

async fn skills(db: &impl ConnectionTrait) -> Result<Table<Skill>> {
    let aliases = skill_alias::Entity::find().order_by_asc(skill_alias::Column::Alias).all(db).await?;
    let mut aliases = grouped(aliases.into_iter().map(|row| (row.skill_id, row.alias)));
    let rows = skill::Entity::find().all(db).await?;
    let rows = rows.into_iter().map(|row| Skill { aliases: aliases.remove(&row.id).unwrap_or_default(), row });
    Ok(Table::new(rows.collect(), []))
}

async fn statistics(db: &impl ConnectionTrait) -> Result<Vec<Arc<statistic::Model>>> {
    let mut rows = statistic::Entity::find().all(db).await?;
    rows.sort_by(|a, b| {
        let newest = |row: &statistic::Model| Reverse(row.as_of.clone().or_else(|| row.period_end.clone()));
        (a.metric, newest(a), a.id).cmp(&(b.metric, newest(b), b.id))
    });
    Ok(rows.into_iter().map(Arc::new).collect())
}

/// Groups values by key, preserving their order.
pub fn grouped<K: Eq + Hash, V>(pairs: impl IntoIterator<Item = (K, V)>) -> HashMap<K, Vec<V>> {
    let mut groups: HashMap<K, Vec<V>> = HashMap::new();
    for (key, value) in pairs {
        groups.entry(key).or_default().push(value);
    }
    groups
}
