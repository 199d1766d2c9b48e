//! Offerings as the API shows them.

use std::sync::Arc;

use async_graphql::{Context, ID, Object};
use entity::offering;

use crate::course::Course;
use crate::error::{AppError, Result};
use crate::graphql::enums::{Format, Schedule};
use crate::graphql::ids::{NodeKind, global_id};
use crate::graphql::scalars::{CountryCode, Date, LanguageCode, WebAddress};
use crate::graphql::shapes::{Location, Money};

/// One chance to take a course: dated, or on demand.
#[derive(Clone)]
pub struct Offering(pub Arc<offering::Model>);

/// One chance to take a course: dated, or on demand.
#[Object]
impl Offering {
    /// Its global id.
    pub(crate) async fn id(&self) -> ID {
        global_id(NodeKind::Offering, self.0.id)
    }

    /// The course.
    async fn course(&self, ctx: &Context<'_>) -> Result<Course> {
        let course = Course::load(ctx, self.0.course_id).await?;
        course.ok_or_else(|| AppError::internal("an offering whose course cannot be seen"))
    }

    /// How it is held.
    async fn format(&self) -> Format {
        self.0.format.into()
    }

    /// When it is held; null where not stated.
    async fn schedule(&self) -> Option<Schedule> {
        self.0.schedule.map(Into::into)
    }

    /// The day it starts; null: on demand.
    async fn starts_on(&self) -> Option<Date> {
        self.0.starts_on.map(Date)
    }

    /// The day it ends; null where not stated.
    async fn ends_on(&self) -> Option<Date> {
        self.0.ends_on.map(Date)
    }

    /// The last day to apply; null where not stated.
    async fn apply_by(&self) -> Option<Date> {
        self.0.apply_by.map(Date)
    }

    /// The time zone of its dates, an IANA name; null where not stated.
    async fn time_zone(&self) -> Option<&str> {
        self.0.time_zone.as_deref()
    }

    /// Where it is held; null where not stated or online.
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

    /// The language it is taught in; null where not stated.
    async fn language(&self) -> Option<LanguageCode> {
        self.0.language.clone().map(LanguageCode)
    }

    /// What this offering costs; null: as the course.
    async fn price(&self) -> Option<Money> {
        Money::stored(self.0.price, self.0.price_currency.as_deref())
    }

    /// How many learners it takes; null where not stated.
    async fn capacity(&self) -> Option<i32> {
        self.0.capacity
    }

    /// How many seats are left; null where not stated.
    async fn seats_left(&self) -> Option<i32> {
        self.0.seats_left
    }

    /// Where it is booked; null where not stated.
    async fn url(&self) -> Option<WebAddress> {
        self.0.url.clone().map(WebAddress)
    }

    /// Raised with every change of the offering, from 1.
    async fn version(&self) -> i32 {
        self.0.version
    }
}
