//! Compiles conditions on offerings, locations and financing plans.

use catalog::error::Result;
use entity::provider_location;
use search::folding::fold;
use search::{Condition, FilterClause, FilterClauses, Location, ON_DEMAND, financing};

use super::check;
use super::conditions::{Compiler, enum_positions};
use crate::graphql::course::inputs::{CourseFilter, DecimalFilter, FinancingFilter, LocationFilter, OfferingFilter};
use crate::graphql::enums::FinancingKind;

impl Compiler<'_> {
    /// Adds the conditions on offerings, locations and financing plans.
    pub(super) fn offers(&self, at: &str, filter: &CourseFilter, clauses: &mut FilterClauses) -> Result<()> {
        if let Some(filter) = &filter.offering {
            clauses.push((FilterClause::Other("offering"), self.offering(&format!("{at}.offering"), filter)?));
        }
        if let Some(filter) = &filter.location
            && let Some(location) = self.read_location(&format!("{at}.location"), filter)?
        {
            clauses.push((FilterClause::Other("location"), self.at_location(&location)));
        }
        if let Some(filter) = &filter.financing {
            clauses.push((FilterClause::Other("financing"), self.financing(&format!("{at}.financing"), filter)?));
        }
        Ok(())
    }

    /// Matches offerings that one can still join.
    fn open(&self) -> Condition {
        Condition::Between(self.fields.open_until, self.today..=ON_DEMAND)
    }

    fn offering(&self, at: &str, filter: &OfferingFilter) -> Result<Condition> {
        let fields = self.fields;
        let mut clauses = vec![self.open()];
        if let Some(range) = &filter.starts_on {
            let range = check::dates(&format!("{at}.startsOn"), range)?;
            clauses.extend(range.map(|range| Condition::Between(fields.starts, range)));
        }
        let formats = enum_positions(&filter.format, |format| entity::Format::from(format) as i64);
        let schedules = enum_positions(&filter.schedule, |schedule| entity::Schedule::from(schedule) as i64);
        for (name, field, positions) in [("format", fields.format, formats), ("schedule", fields.schedule, schedules)] {
            self.count_values(&format!("{at}.{name}"), positions.as_ref().map_or(0, Vec::len))?;
            clauses.extend(positions.map(|positions| Condition::Terms(field, positions)));
        }
        if let Some(filter) = &filter.location {
            clauses.extend(
                self.read_location(&format!("{at}.location"), filter)?.map(|location| location.of_offering(fields)),
            );
        }
        if let Some(tags) = &filter.language {
            clauses.push(self.languages(&format!("{at}.language"), tags)?);
        }
        Ok(Condition::Offering(Box::new(Condition::All(clauses))))
    }

    /// Returns two conditions: the course is held at the location, and the course states enough to tell. `None` if the
    /// filter is empty.
    pub fn location_conditions(&self, at: &str, filter: &LocationFilter) -> Result<Option<(Condition, Condition)>> {
        let Some(location) = self.read_location(at, filter)? else { return Ok(None) };
        let stated = self.takes_place(location.offering_states(self.fields), |row| location.is_stated_by(row));
        Ok(Some((self.at_location(&location), stated)))
    }

    /// Validates a location filter. `None` if it is empty.
    fn read_location(&self, at: &str, filter: &LocationFilter) -> Result<Option<Location>> {
        self.count_values(at, LOCATION_VALUES)?;
        location_of(at, filter)
    }

    fn at_location(&self, location: &Location) -> Condition {
        self.takes_place(location.of_offering(self.fields), |row| location.contains(row))
    }

    /// Matches courses with an open offering that meets a condition. Of the courses without open offerings, matches
    /// those whose provider has a suitable location.
    fn takes_place(&self, offering: Condition, provider: impl Fn(&provider_location::Model) -> bool) -> Condition {
        let there = Condition::All(vec![self.open(), offering]);
        let none = Condition::Not(Box::new(Condition::Offering(Box::new(self.open()))));
        let providers = self.dictionary.providers.in_order().iter().map(|(_, provider)| provider);
        let providers = providers.filter(|row| row.is_listed() && row.locations.iter().any(&provider));
        let providers = Condition::Terms(self.fields.provider, providers.map(|row| row.row.id).collect());
        Condition::Any(vec![Condition::Offering(Box::new(there)), Condition::All(vec![none, providers])])
    }

    fn financing(&self, at: &str, filter: &FinancingFilter) -> Result<Condition> {
        let kinds = filter.kind.as_deref().unwrap_or(&ALL_KINDS);
        self.count_values(&format!("{at}.kind"), kinds.len())?;
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
const LOCATION_VALUES: usize = 50;

const ALL_KINDS: [FinancingKind; 7] = [
    FinancingKind::Upfront,
    FinancingKind::Installments,
    FinancingKind::Loan,
    FinancingKind::Deferred,
    FinancingKind::IncomeShare,
    FinancingKind::Scholarship,
    FinancingKind::Employer,
];

fn location_of(at: &str, filter: &LocationFilter) -> Result<Option<Location>> {
    let near = filter.near.as_ref().map(|near| check::circle(&format!("{at}.near"), near)).transpose()?;
    let location = Location {
        city: filter.city.as_deref().map(fold),
        region: filter.region.as_deref().map(fold),
        country: filter.country.as_ref().map(|country| country.0.clone()),
        near,
    };
    Ok((location != Location::default()).then_some(location))
}
