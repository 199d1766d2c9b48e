//! Locations and licences of a provider.

use chrono::NaiveDate;
use entity::{provider_licence, provider_location};
use sea_orm::DatabaseTransaction;
use serde_json::{Value, json};

use crate::changelog::fields::{Difference, each, location as shown, object};
use crate::error::Result;
use crate::input::location::{Location, location};
use crate::input::text::{MAX_NAME_CHARS, line};
use crate::input::value::date;
use crate::input::{InputReader, Patch};
use crate::write::{Child, Children};

/// Checked locations and licences from an input.
#[derive(Default)]
pub struct ValidatedDetails {
    locations: Patch<Vec<Location>>,
    licences: Patch<Vec<ValidatedLicence>>,
}

struct ValidatedLicence {
    authority: String,
    number: Option<String>,
    valid_until: Option<NaiveDate>,
}

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

/// Reads both fields.
pub fn read(reader: &mut InputReader<'_>) -> ValidatedDetails {
    ValidatedDetails {
        locations: reader.objects("locations", 200, location),
        licences: reader.objects("licences", 50, licence),
    }
}

fn licence(reader: &mut InputReader<'_>) -> Option<ValidatedLicence> {
    let authority = reader.required("authority", line(MAX_NAME_CHARS));
    let number = reader.nullable("number", line(MAX_NAME_CHARS)).value();
    let valid_until = reader.nullable("validUntil", date).value();
    Some(ValidatedLicence { authority: authority?, number, valid_until })
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
    pub fn set(&mut self, provider_id: i64, values: ValidatedDetails) -> bool {
        let places = values.locations.value().map(|places| {
            let rows = places.into_iter().zip(0..).map(|(location, position)| provider_location::Model {
                provider_id,
                position,
                city: location.city,
                region: location.region,
                country: location.country,
                latitude: location.latitude,
                longitude: location.longitude,
            });
            self.locations.set(provider_id, rows.collect())
        });
        let papers = values.licences.value().map(|licences| {
            let rows = licences.into_iter().zip(0..).map(|(licence, position)| provider_licence::Model {
                provider_id,
                position,
                authority: licence.authority,
                number: licence.number,
                valid_until: licence.valid_until,
            });
            self.licences.set(provider_id, rows.collect())
        });
        places == Some(true) || papers == Some(true)
    }

    /// Adds the changes to a change log entry.
    pub fn note(&self, provider: i64, difference: &mut Difference) {
        if let Some((before, after)) = self.locations.change(provider) {
            difference.record("locations", each(before, shown_location), each(after, shown_location));
        }
        if let Some((before, after)) = self.licences.change(provider) {
            difference.record("licences", each(before, shown_licence), each(after, shown_licence));
        }
    }

    /// Writes the changed rows.
    pub async fn write(self, db: &DatabaseTransaction) -> Result<()> {
        self.locations.write(db).await?;
        self.licences.write(db).await
    }
}

fn shown_location(row: &provider_location::Model) -> Value {
    let (city, region, country) = (row.city.as_deref(), row.region.as_deref(), row.country.as_deref());
    shown(city, region, country, row.latitude, row.longitude)
}

fn shown_licence(row: &provider_licence::Model) -> Value {
    object([
        ("authority", json!(row.authority)),
        ("number", json!(row.number)),
        ("validUntil", json!(row.valid_until.map(|day| day.to_string()))),
    ])
}
