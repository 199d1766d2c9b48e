//! Compiles conditions on offerings, locations and financing plans.

use entity::provider_location;

use super::check;
use super::conditions::{Compiler, places};
use crate::course::inputs::{CourseFilter, DecimalFilter, FinancingFilter, LocationFilter, OfferingFilter};
use crate::error::Result;
use crate::graphql::enums::FinancingKind;
use crate::search::{Condition, FilterClause, FilterClauses, ON_DEMAND, Place, financing};
use crate::text::fold;

impl Compiler<'_> {
    /// Adds the conditions on offerings, locations and financing plans.
    pub(super) fn offers(&self, at: &str, filter: &CourseFilter, clauses: &mut FilterClauses) -> Result<()> {
        if let Some(filter) = &filter.offering {
            clauses.push((FilterClause::Other("offering"), self.offering(&format!("{at}.offering"), filter)?));
        }
        if let Some(filter) = &filter.location
            && let Some(place) = self.place(&format!("{at}.location"), filter)?
        {
            clauses.push((FilterClause::Other("location"), self.location(&place)));
        }
        if let Some(filter) = &filter.financing {
            clauses.push((FilterClause::Other("financing"), self.financing(&format!("{at}.financing"), filter)?));
        }
        Ok(())
    }

    fn upcoming(&self) -> Condition {
        Condition::Between(self.fields.starts, self.today..=ON_DEMAND)
    }

    fn offering(&self, at: &str, filter: &OfferingFilter) -> Result<Condition> {
        let fields = self.fields;
        let mut clauses = vec![self.upcoming()];
        if let Some(range) = &filter.starts_on {
            let range = check::dates(&format!("{at}.startsOn"), range)?;
            clauses.extend(range.map(|range| Condition::Between(fields.starts, range)));
        }
        let formats = places(&filter.format, |format| entity::Format::from(format) as i64);
        let schedules = places(&filter.schedule, |schedule| entity::Schedule::from(schedule) as i64);
        for (name, field, places) in [("format", fields.format, formats), ("schedule", fields.schedule, schedules)] {
            self.spend(&format!("{at}.{name}"), places.as_ref().map_or(0, Vec::len))?;
            clauses.extend(places.map(|places| Condition::Terms(field, places)));
        }
        if let Some(filter) = &filter.location {
            clauses.extend(self.place(&format!("{at}.location"), filter)?.map(|place| place.of_offering(fields)));
        }
        if let Some(tags) = &filter.language {
            clauses.push(self.languages(&format!("{at}.language"), tags)?);
        }
        Ok(Condition::Offering(Box::new(Condition::All(clauses))))
    }

    /// Returns two conditions: the course is held at the location, and the course states enough to tell. `None` if the
    /// filter is empty.
    pub fn wished_location(&self, at: &str, filter: &LocationFilter) -> Result<Option<(Condition, Condition)>> {
        let Some(place) = self.place(at, filter)? else { return Ok(None) };
        let stated = self.held(place.is_judged(self.fields), |location| place.judges(location));
        Ok(Some((self.location(&place), stated)))
    }

    /// Validates a location filter. `None` if it is empty.
    fn place(&self, at: &str, filter: &LocationFilter) -> Result<Option<Place>> {
        self.spend(at, PLACE)?;
        place(at, filter)
    }

    fn location(&self, place: &Place) -> Condition {
        self.held(place.of_offering(self.fields), |location| place.contains(location))
    }

    /// Matches courses with an upcoming offering that meets a condition. Of the courses without upcoming offerings,
    /// matches those whose provider has a suitable location.
    fn held(&self, offering: Condition, provider: impl Fn(&provider_location::Model) -> bool) -> Condition {
        let there = Condition::All(vec![self.upcoming(), offering]);
        let none = Condition::Not(Box::new(Condition::Offering(Box::new(self.upcoming()))));
        let providers = self.dictionary.providers.in_order().iter().map(|(_, provider)| provider);
        let providers = providers.filter(|row| row.is_listed() && row.locations.iter().any(&provider));
        let providers = Condition::Terms(self.fields.provider, providers.map(|row| row.row.id).collect());
        Condition::Any(vec![Condition::Offering(Box::new(there)), Condition::All(vec![none, providers])])
    }

    fn financing(&self, at: &str, filter: &FinancingFilter) -> Result<Condition> {
        let kinds = filter.kind.as_deref().unwrap_or(&ALL_KINDS);
        self.spend(&format!("{at}.kind"), kinds.len())?;
        let rate = filter.apr_percent.as_ref();
        let rate = rate.map(|bounds: &DecimalFilter| check::percent(&format!("{at}.aprPercent"), bounds));
        let rate = rate.transpose()?.flatten();
        let plan = |kind: &FinancingKind| {
            Condition::Between(self.fields.financing, financing::range((*kind).into(), rate.clone()))
        };
        Ok(Condition::Any(kinds.iter().map(plan).collect()))
    }
}

/// Number of list values that a location counts as, because it is compared with the locations of all providers.
const PLACE: usize = 50;

const ALL_KINDS: [FinancingKind; 7] = [
    FinancingKind::Upfront,
    FinancingKind::Installments,
    FinancingKind::Loan,
    FinancingKind::Deferred,
    FinancingKind::IncomeShare,
    FinancingKind::Scholarship,
    FinancingKind::Employer,
];

fn place(at: &str, filter: &LocationFilter) -> Result<Option<Place>> {
    let near = filter.near.as_ref().map(|near| check::circle(&format!("{at}.near"), near)).transpose()?;
    let place = Place {
        city: filter.city.as_deref().map(fold),
        region: filter.region.as_deref().map(fold),
        country: filter.country.as_ref().map(|country| country.0.clone()),
        near,
    };
    Ok((place != Place::default()).then_some(place))
}
