//! Locations in search conditions.

use entity::provider_location;
use tantivy::schema::Field;

use super::condition::{Circle, Condition};
use super::fields::Fields;
use crate::folding::fold;

/// Location to search for. All given parts must match.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Location {
    /// City, folded.
    pub city: Option<String>,
    /// Region, folded.
    pub region: Option<String>,
    /// Country.
    pub country: Option<String>,
    /// Circle that contains the location.
    pub near: Option<Circle>,
}

impl Location {
    /// Condition that an offering is held there.
    pub fn of_offering(&self, fields: &Fields) -> Condition {
        let words = self.words(fields).map(|(field, word)| Condition::Word(field, word.clone()));
        Condition::All(words.chain(self.near.map(Condition::Near)).collect())
    }

    /// Given words with their fields.
    fn words(&self, fields: &Fields) -> impl Iterator<Item = (Field, &String)> {
        let words = [(fields.city, &self.city), (fields.region, &self.region), (fields.country, &self.country)];
        words.into_iter().filter_map(|(field, word)| Some((field, word.as_ref()?)))
    }

    /// Condition that an offering states everything needed to decide: all the given parts, or another country.
    pub fn offering_states(&self, fields: &Fields) -> Condition {
        let words = self.words(fields).map(|(field, _)| Condition::AnyWord(field));
        let near = self.near.map(|_| Condition::stated_fraction(fields.latitude));
        let other = self.country.as_ref().map(|country| {
            let same = Condition::Word(fields.country, country.clone());
            Condition::All(vec![Condition::AnyWord(fields.country), Condition::Not(Box::new(same))])
        });
        Condition::Any([Condition::All(words.chain(near).collect())].into_iter().chain(other).collect())
    }

    /// Like `offering_states`, for a location of a provider.
    pub fn is_stated_by(&self, row: &provider_location::Model) -> bool {
        let words = [(&self.city, &row.city), (&self.region, &row.region), (&self.country, &row.country)];
        let is_stated = words.iter().all(|(wanted, stated)| wanted.is_none() || stated.is_some())
            && (self.near.is_none() || row.latitude.is_some());
        is_stated || self.country.is_some() && row.country.is_some() && self.country != row.country
    }

    /// Whether a location of a provider matches.
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
