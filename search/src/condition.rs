//! Conditions of a filter, which a request evaluates once. Does not belong here: how they are evaluated.

use std::hash::{Hash, Hasher};
use std::ops::RangeInclusive;

use tantivy::schema::Field;

/// Condition on a course, or inside `Offering` on an offering.
#[derive(Clone, Debug, PartialEq)]
pub enum Condition {
    /// All of these match. Without any, everything matches.
    All(Vec<Condition>),
    /// Any of these matches. Without any, nothing matches.
    Any(Vec<Condition>),
    /// This does not match.
    Not(Box<Condition>),
    /// The field has any of these integers.
    Terms(Field, Vec<i64>),
    /// The field has this word.
    Word(Field, String),
    /// There is a price in this currency. Free courses have one in all currencies.
    PricedIn(String),
    /// The field has any word at all.
    AnyWord(Field),
    /// The field has this language or a variety of it, by BCP 47 range matching: "en" matches "en-GB" too.
    Language(Field, String),
    /// The field has an integer within these bounds.
    Between(Field, RangeInclusive<i64>),
    /// The field has a float within these bounds.
    Within(Field, RangeInclusive<f64>),
    /// The offering is held within this circle.
    Near(Circle),
    /// A single offering matches this.
    Offering(Box<Condition>),
}

impl Condition {
    /// Matches every course.
    pub const EVERYTHING: Condition = Condition::All(Vec::new());

    /// The field has any integer at all.
    pub fn stated(field: Field) -> Self {
        Condition::Between(field, i64::MIN..=i64::MAX)
    }

    /// The field has any float at all.
    pub fn stated_fraction(field: Field) -> Self {
        Condition::Within(field, f64::MIN..=f64::MAX)
    }

    /// Approximate size in bytes.
    pub(super) fn bytes(&self) -> usize {
        let inside = match self {
            Condition::All(parts) | Condition::Any(parts) => parts.iter().map(Condition::bytes).sum(),
            Condition::Not(part) | Condition::Offering(part) => part.bytes(),
            Condition::Terms(_, numbers) => size_of_val(numbers.as_slice()),
            Condition::Word(_, word) | Condition::PricedIn(word) | Condition::Language(_, word) => word.len(),
            Condition::AnyWord(_) | Condition::Between(..) | Condition::Within(..) | Condition::Near(_) => 0,
        };
        size_of::<Condition>() + inside
    }
}

/// Sound because no bound is NaN.
impl Eq for Condition {}

impl Hash for Condition {
    fn hash<H: Hasher>(&self, state: &mut H) {
        // Zero has two representations, which are equal.
        let bits = |fraction: f64| (fraction + 0.0).to_bits();
        std::mem::discriminant(self).hash(state);
        match self {
            Condition::All(parts) | Condition::Any(parts) => parts.hash(state),
            Condition::Not(part) | Condition::Offering(part) => part.hash(state),
            Condition::Terms(field, numbers) => (field, numbers).hash(state),
            Condition::Word(field, word) | Condition::Language(field, word) => (field, word).hash(state),
            Condition::PricedIn(currency) => currency.hash(state),
            Condition::AnyWord(field) => field.hash(state),
            Condition::Between(field, range) => (field, range).hash(state),
            Condition::Within(field, range) => (field, bits(*range.start()), bits(*range.end())).hash(state),
            Condition::Near(Circle { latitude, longitude, kilometres }) => {
                [latitude, longitude, kilometres].map(|number| bits(*number)).hash(state);
            }
        }
    }
}

/// Mean radius of the earth.
const RADIUS_KM: f64 = 6_371.008_8;

/// Circle on the surface of the earth.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Circle {
    /// Latitude of its centre, in degrees.
    pub latitude: f64,
    /// Longitude of its centre, in degrees.
    pub longitude: f64,
    /// Radius.
    pub kilometres: f64,
}

impl Circle {
    /// Latitudes that it spans. Points outside need not be measured.
    pub fn latitudes(&self) -> RangeInclusive<f64> {
        // Slightly wider, so that rounding loses nothing at the edge.
        let degrees = (self.kilometres / RADIUS_KM).to_degrees() + 1e-9;
        self.latitude - degrees..=self.latitude + degrees
    }

    /// Whether it contains a point.
    pub fn contains(&self, latitude: f64, longitude: f64) -> bool {
        let (north, other) = (self.latitude.to_radians(), latitude.to_radians());
        let half = |from: f64, to: f64| ((to - from) / 2.0).sin().powi(2);
        let east = half(self.longitude.to_radians(), longitude.to_radians());
        let haversine = half(north, other) + north.cos() * other.cos() * east;
        2.0 * RADIUS_KM * haversine.min(1.0).sqrt().asin() <= self.kilometres
    }
}
