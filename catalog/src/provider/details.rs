//! Locations and licences of a provider, which are stored in tables of their own.

use entity::{provider_licence, provider_location};
use sea_orm::DatabaseTransaction;

use super::listing::{LICENCES, LOCATIONS, ValidatedProvider};
use crate::changelog::fields::Difference;
use crate::error::Result;
use crate::write::{Child, Children};

impl Child for provider_location::Entity {
    const OWNER: provider_location::Column = provider_location::Column::ProviderId;

    fn owner(row: &provider_location::Model) -> i64 {
        row.provider_id
    }
}

impl Child for provider_licence::Entity {
    const OWNER: provider_licence::Column = provider_licence::Column::ProviderId;

    fn owner(row: &provider_licence::Model) -> i64 {
        row.provider_id
    }
}

/// Locations and licences of some providers: the stored rows, and the rows that replace them.
pub struct Details {
    locations: Children<provider_location::Entity>,
    licences: Children<provider_licence::Entity>,
}

impl Details {
    /// Loads the stored rows of these providers.
    pub async fn load(db: &DatabaseTransaction, providers: &[i64]) -> Result<Self> {
        Ok(Self { locations: Children::load(db, providers).await?, licences: Children::load(db, providers).await? })
    }

    /// Sets what a provider's rows should be. Returns whether that is a change.
    pub fn set(&mut self, provider_id: i64, values: &ValidatedProvider) -> bool {
        let locations = values.locations.clone().value().is_some_and(|rows| {
            let place = |(row, position)| provider_location::Model { provider_id, position, ..row };
            self.locations.set(provider_id, rows.into_iter().zip(0..).map(place).collect())
        });
        let licences = values.licences.clone().value().is_some_and(|rows| {
            let place = |(row, position)| provider_licence::Model { provider_id, position, ..row };
            self.licences.set(provider_id, rows.into_iter().zip(0..).map(place).collect())
        });
        locations || licences
    }

    /// Adds the changes to a change log entry.
    pub(super) fn compare(&self, provider: i64, difference: &mut Difference) {
        if let Some((before, after)) = self.locations.change(provider) {
            LOCATIONS.compare(before, after, difference);
        }
        if let Some((before, after)) = self.licences.change(provider) {
            LICENCES.compare(before, after, difference);
        }
    }

    /// Writes the changed rows.
    pub async fn write(self, db: &DatabaseTransaction) -> Result<()> {
        self.locations.write(db).await?;
        self.licences.write(db).await
    }
}
