//! The type `Offering` of the schema.

use std::sync::Arc;

use async_graphql::{Context, ID, Object};
use catalog::error::AppError;
use entity::offering;

use crate::graphql::connection::Listed;
use crate::graphql::course::Course;
use crate::graphql::enums::{Format, Schedule};
use crate::graphql::error::Result;
use crate::graphql::ids::{NodeKind, global_id};
use crate::graphql::scalars::{CountryCode, Date, LanguageCode, WebAddress};
use crate::graphql::shapes::{Location, Money};

/// A run of a course that learners can join: on fixed dates, or on demand.
#[derive(Clone)]
pub struct Offering(pub Arc<offering::Model>);

impl Listed for Offering {
    const NAME: &'static str = "Offering";
}

/// A run of a course that learners can join: on fixed dates, or on demand.
#[Object]
impl Offering {
    /// Global ID of the offering.
    pub(crate) async fn id(&self) -> ID {
        global_id(NodeKind::Offering, self.0.id)
    }

    /// Course that is offered.
    async fn course(&self, ctx: &Context<'_>) -> Result<Course> {
        let course = Course::load(ctx, self.0.course_id).await?;
        Ok(course.ok_or_else(|| AppError::internal("an offering whose course cannot be seen"))?)
    }

    /// Format of the offering.
    async fn format(&self) -> Format {
        self.0.format.into()
    }

    /// Schedule of the offering. Null if not stated.
    async fn schedule(&self) -> Option<Schedule> {
        self.0.schedule.map(Into::into)
    }

    /// First day. Null if the offering is on demand.
    async fn starts_on(&self) -> Option<Date> {
        self.0.starts_on.map(Date)
    }

    /// Last day. Null if not stated.
    async fn ends_on(&self) -> Option<Date> {
        self.0.ends_on.map(Date)
    }

    /// Application deadline. Null if not stated.
    async fn apply_by(&self) -> Option<Date> {
        self.0.apply_by.map(Date)
    }

    /// Time zone of the dates, as an IANA name, e.g. "Europe/Paris". Null if not stated.
    async fn time_zone(&self) -> Option<&str> {
        self.0.time_zone.as_deref()
    }

    /// Location of the offering. Null if not stated, or if it is held online.
    async fn location(&self) -> Option<Location> {
        let row = &self.0;
        let location = Location {
            city: row.city.clone(),
            region: row.region.clone(),
            country: row.country.clone().map(CountryCode),
            latitude: row.latitude,
            longitude: row.longitude,
        };
        location.says_something().then_some(location)
    }

    /// Language in which the offering is taught. Null if not stated.
    async fn language(&self) -> Option<LanguageCode> {
        self.0.language.clone().map(LanguageCode)
    }

    /// Price of the offering. Null if the price of the course applies.
    async fn price(&self) -> Option<Money> {
        Money::stored(self.0.price, self.0.price_currency.as_deref())
    }

    /// Number of places. Null if not stated.
    async fn capacity(&self) -> Option<i32> {
        self.0.capacity
    }

    /// Number of free places. Null if not stated.
    async fn seats_left(&self) -> Option<i32> {
        self.0.seats_left
    }

    /// Web page for booking the offering. Null if not stated.
    async fn url(&self) -> Option<WebAddress> {
        self.0.url.clone().map(WebAddress)
    }

    /// Version of the offering, incremented by every change. Pass it as `expectedVersion` when you save or remove it.
    async fn version(&self) -> i32 {
        self.0.version
    }
}
