//! Locations in search conditions.

use std::ops::RangeInclusive;

use entity::provider_location;
use tantivy::schema::Field;

use super::{Condition, Fields};
use crate::text::fold;

/// Location to search for. All given parts must match.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Location {
    /// The city, folded.
    pub city: Option<String>,
    /// The region, folded.
    pub region: Option<String>,
    /// The country.
    pub country: Option<String>,
    /// Within this.
    pub near: Option<Circle>,
}

impl Location {
    /// That an offering is held there.
    pub fn of_offering(&self, fields: &Fields) -> Condition {
        let words = self.words(fields).map(|(field, word)| Condition::Word(field, word.clone()));
        Condition::All(words.chain(self.near.map(Condition::Near)).collect())
    }

    /// The words that are given, each with its field.
    fn words(&self, fields: &Fields) -> impl Iterator<Item = (Field, &String)> {
        let words = [(fields.city, &self.city), (fields.region, &self.region), (fields.country, &self.country)];
        words.into_iter().filter_map(|(field, word)| Some((field, word.as_ref()?)))
    }

    /// That an offering states all that is asked for, or another country: else nobody can tell whether it is held there.
    pub fn offering_states(&self, fields: &Fields) -> Condition {
        let words = self.words(fields).map(|(field, _)| Condition::AnyWord(field));
        let near = self.near.map(|_| Condition::stated_fraction(fields.latitude));
        let other = self.country.as_ref().map(|country| {
            let same = Condition::Word(fields.country, country.clone());
            Condition::All(vec![Condition::AnyWord(fields.country), Condition::Not(Box::new(same))])
        });
        Condition::Any([Condition::All(words.chain(near).collect())].into_iter().chain(other).collect())
    }

    /// The same of a location of a provider.
    pub fn is_stated_by(&self, row: &provider_location::Model) -> bool {
        let words = [(&self.city, &row.city), (&self.region, &row.region), (&self.country, &row.country)];
        let is_stated = words.iter().all(|(wanted, stated)| wanted.is_none() || stated.is_some())
            && (self.near.is_none() || row.latitude.is_some());
        is_stated || self.country.is_some() && row.country.is_some() && self.country != row.country
    }

    /// Whether a location of a provider is there.
    pub fn contains(&self, row: &provider_location::Model) -> bool {
        let city = row.city.as_deref().map(fold);
        let region = row.region.as_deref().map(fold);
        let words = [(&self.city, &city), (&self.region, &region), (&self.country, &row.country)];
        let near = |circle: Circle| {
            row.latitude.zip(row.longitude).is_some_and(|(latitude, longitude)| circle.contains(latitude, longitude))
        };
        words.iter().all(|(wanted, stated)| wanted.is_none() || wanted == stated) && self.near.is_none_or(near)
    }
}

/// The earth's mean radius.
const RADIUS_KM: f64 = 6_371.008_8;

/// Everything within a distance of a point, as the crow flies.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Circle {
    /// Of its middle, in degrees.
    pub latitude: f64,
    /// Of its middle, in degrees.
    pub longitude: f64,
    /// From its middle to its edge.
    pub kilometres: f64,
}

impl Circle {
    /// The latitudes that it lies between: what lies further north or south need not be measured.
    pub fn latitudes(&self) -> RangeInclusive<f64> {
        // A little more, so that rounding loses nothing at the edge.
        let degrees = (self.kilometres / RADIUS_KM).to_degrees() + 1e-9;
        self.latitude - degrees..=self.latitude + degrees
    }

    /// Whether a point lies in it.
    pub fn contains(&self, latitude: f64, longitude: f64) -> bool {
        let (north, other) = (self.latitude.to_radians(), latitude.to_radians());
        let half = |from: f64, to: f64| ((to - from) / 2.0).sin().powi(2);
        let east = half(self.longitude.to_radians(), longitude.to_radians());
        let haversine = half(north, other) + north.cos() * other.cos() * east;
        2.0 * RADIUS_KM * haversine.min(1.0).sqrt().asin() <= self.kilometres
    }
}
