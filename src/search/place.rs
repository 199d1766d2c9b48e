//! Places on the globe. What must not go in: where they are stored.

use std::ops::RangeInclusive;

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
