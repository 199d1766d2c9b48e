//! Compiles filters into index conditions: looks up every slug and validates every value.

use std::cell::Cell;

use catalog::dictionary::Dictionary;
use catalog::error::{AppError, Result};
use search::{Condition, Fields, FilterClause, FilterClauses, days};

use super::check;
use crate::graphql::context::RequestContext;
use crate::graphql::course::inputs::{CourseFilter, FloatFilter, IntFilter, PriceFilter, TermsFilter};
use crate::graphql::scalars::LanguageCode;

/// Maximum number of values in one list.
const MAX_LIST_VALUES: usize = 100;
/// Maximum number of values in a whole filter. Each filter inside `and`, `or` and `not` counts as one.
const MAX_FILTER_VALUES: usize = 1_000;
/// Maximum nesting depth of `and`, `or` and `not`.
const MAX_NESTING: usize = 5;

/// Finds the ID of a slug.
pub(super) type Lookup = fn(&Dictionary, &str) -> Option<i64>;

/// Compiles a filter into index conditions.
pub struct Compiler<'a> {
    pub(super) dictionary: &'a Dictionary,
    pub(super) fields: &'a Fields,
    /// Today in days since 1970, for finding open offerings.
    pub(super) today: i64,
    /// Path of the filter in the arguments.
    root: &'static str,
    values: Cell<usize>,
}

impl<'a> Compiler<'a> {
    /// Creates a compiler for the filter at the path `root` of the request's arguments.
    pub fn new(request: &'a RequestContext, root: &'static str) -> Self {
        let (dictionary, search) = (&request.snapshot().dictionary, request.search());
        let today = days(request.now.date_naive());
        Self { dictionary, fields: &search.fields, today, root, values: Cell::new(0) }
    }

    /// Compiles a filter. A course must meet all of the conditions.
    pub fn clauses(&self, filter: &CourseFilter) -> Result<FilterClauses> {
        self.filter(self.root, filter, 0)
    }

    fn filter(&self, at: &str, filter: &CourseFilter, level: usize) -> Result<FilterClauses> {
        let mut clauses = FilterClauses::new();
        self.logic(at, filter, level, &mut clauses)?;
        self.links(at, filter, &mut clauses)?;
        self.lists(at, filter, &mut clauses)?;
        self.figures(at, filter, &mut clauses)?;
        self.offers(at, filter, &mut clauses)?;
        self.statements(filter, &mut clauses);
        Ok(clauses)
    }

    fn logic(&self, at: &str, filter: &CourseFilter, level: usize, clauses: &mut FilterClauses) -> Result<()> {
        if let Some(filters) = &filter.and {
            clauses
                .push((FilterClause::Other("and"), Condition::All(self.nested(&format!("{at}.and"), filters, level)?)));
        }
        if let Some(filters) = &filter.or {
            clauses
                .push((FilterClause::Other("or"), Condition::Any(self.nested(&format!("{at}.or"), filters, level)?)));
        }
        if let Some(filter) = &filter.not {
            let at = format!("{at}.not");
            self.count_values(&at, 1)?;
            clauses.push((
                FilterClause::Other("not"),
                Condition::Not(Box::new(self.nested_condition(&at, filter, level)?)),
            ));
        }
        Ok(())
    }

    fn nested(&self, at: &str, filters: &[CourseFilter], level: usize) -> Result<Vec<Condition>> {
        self.count_values(at, filters.len())?;
        let filters = filters.iter().enumerate();
        filters.map(|(index, filter)| self.nested_condition(&format!("{at}.{index}"), filter, level)).collect()
    }

    fn nested_condition(&self, at: &str, filter: &CourseFilter, level: usize) -> Result<Condition> {
        if level == MAX_NESTING {
            return Err(AppError::input(at, format!("must not stand deeper than {MAX_NESTING} levels")));
        }
        let clauses = self.filter(at, filter, level + 1)?;
        Ok(Condition::All(clauses.into_iter().map(|(_, condition)| condition).collect()))
    }

    fn links(&self, at: &str, filter: &CourseFilter, clauses: &mut FilterClauses) -> Result<()> {
        let provider: Lookup = |dictionary, slug| dictionary.providers.id_of(slug);
        let subject: Lookup = |dictionary, slug| dictionary.subjects.id_of(slug);
        let certification: Lookup = |dictionary, slug| dictionary.certifications.id_of(slug);
        let career: Lookup = |dictionary, slug| dictionary.careers.id_of(slug);
        let links = [
            (FilterClause::Providers, "provider", &filter.provider, self.fields.provider, provider),
            (FilterClause::Other("partner"), "partner", &filter.partner, self.fields.partner, provider),
            (FilterClause::Subjects, "subject", &filter.subject, self.fields.subject, subject),
            (FilterClause::Other("prepares"), "prepares", &filter.prepares, self.fields.certification, certification),
            (FilterClause::Careers, "career", &filter.career, self.fields.career, career),
        ];
        for (clause, name, slugs, field, lookup) in links {
            if let Some(slugs) = slugs {
                let ids = self.ids(&format!("{at}.{name}"), slugs, lookup)?;
                clauses.push((clause, Condition::Terms(field, ids)));
            }
        }
        if let Some(skills) = &filter.skills {
            let (all, others) = self.skills(&format!("{at}.skills"), skills)?;
            clauses.push((FilterClause::AllSkills, all));
            clauses.push((FilterClause::Skills, others));
        }
        Ok(())
    }

    /// Returns two conditions: on `all`, within which the facet counts, and on the rest.
    fn skills(&self, at: &str, filter: &TermsFilter) -> Result<(Condition, Condition)> {
        let field = self.fields.skill;
        let ids = |name: &str, slugs: &Option<Vec<String>>| {
            let lookup: Lookup = |dictionary, slug| dictionary.skills.id_of(slug);
            slugs.as_ref().map(|slugs| self.look_up(&format!("{at}.{name}"), slugs, lookup)).transpose()
        };
        let all = ids("all", &filter.all)?.into_iter().flatten();
        let all = all.map(|id| Condition::Terms(field, id.into_iter().collect())).collect();
        let mut clauses = Vec::new();
        if let Some(any) = ids("any", &filter.any)? {
            clauses.push(Condition::Terms(field, any.into_iter().flatten().collect()));
        }
        if let Some(none) = ids("none", &filter.none)? {
            let taught = Condition::Terms(field, none.into_iter().flatten().collect());
            clauses.extend([Condition::stated(field), Condition::Not(Box::new(taught))]);
        }
        Ok((Condition::All(all), Condition::All(clauses)))
    }

    fn lists(&self, at: &str, filter: &CourseFilter, clauses: &mut FilterClauses) -> Result<()> {
        let fields = self.fields;
        let mut add = |clause, name: &str, field, positions: Option<Vec<i64>>| {
            let Some(positions) = positions else { return Ok(()) };
            self.count_values(&format!("{at}.{name}"), positions.len())?;
            clauses.push((clause, Condition::Terms(field, positions)));
            Ok::<_, AppError>(())
        };
        add(
            FilterClause::Kinds,
            "kind",
            fields.kind,
            enum_positions(&filter.kind, |kind| entity::CourseKind::from(kind) as i64),
        )?;
        add(
            FilterClause::Levels,
            "level",
            fields.level,
            enum_positions(&filter.level, |level| entity::Level::from(level) as i64),
        )?;
        add(
            FilterClause::Formats,
            "format",
            fields.format,
            enum_positions(&filter.format, |format| entity::Format::from(format) as i64),
        )?;
        let schedules = enum_positions(&filter.schedule, |schedule| entity::Schedule::from(schedule) as i64);
        add(FilterClause::Schedules, "schedule", fields.schedule, schedules)?;
        let categories = enum_positions(&filter.pricing, |category| entity::PricingCategory::from(category) as i64);
        add(FilterClause::Other("pricing"), "pricing", fields.pricing, categories)?;
        let kinds = enum_positions(&filter.partner_kind, |kind| entity::ProviderKind::from(kind) as i64);
        add(FilterClause::Other("partnerKind"), "partnerKind", fields.partner_kind, kinds)?;
        if let Some(tags) = &filter.language {
            clauses.push((FilterClause::Languages, self.languages(&format!("{at}.language"), tags)?));
        }
        Ok(())
    }

    fn figures(&self, at: &str, filter: &CourseFilter, clauses: &mut FilterClauses) -> Result<()> {
        let fields = self.fields;
        for (name, bounds, field) in filter.numbers(fields) {
            let range = bounds.as_ref().map(|bounds: &IntFilter| check::whole(&format!("{at}.{name}"), bounds));
            let range = range.transpose()?.flatten();
            clauses.extend(range.map(|range| (FilterClause::Other(name), Condition::Between(field, range))));
        }
        let range = filter.rating.as_ref().map(|bounds: &FloatFilter| check::fraction(&format!("{at}.rating"), bounds));
        let range = range.transpose()?.flatten();
        clauses.extend(range.map(|range| (FilterClause::Ratings, Condition::Within(fields.rating, range))));
        let range = filter.employment_rate.as_ref().map(|it| check::percent(&format!("{at}.employmentRate"), it));
        let range = range.transpose()?.flatten();
        clauses.extend(
            range.map(|range| (FilterClause::Other("employmentRate"), Condition::Between(fields.employment, range))),
        );
        let price = filter.price.as_ref().map(|bounds| self.price(&format!("{at}.price"), bounds)).transpose()?;
        clauses.extend(price.flatten().map(|price| (FilterClause::Price, price)));
        Ok(())
    }

    fn price(&self, at: &str, filter: &PriceFilter) -> Result<Option<Condition>> {
        let Some(range) = check::price(at, filter)? else { return Ok(None) };
        let currency = Condition::PricedIn(filter.currency.0.code().to_owned());
        Ok(Some(Condition::All(vec![currency, Condition::Between(self.fields.price, range)])))
    }

    fn statements(&self, filter: &CourseFilter, clauses: &mut FilterClauses) {
        let fields = self.fields;
        for (name, wanted, field) in filter.statements(fields) {
            clauses
                .extend(wanted.map(|wanted| (FilterClause::Other(name), Condition::Terms(field, vec![wanted.into()]))));
        }
        if let Some(wanted) = filter.free_retake {
            let months = if wanted { 1..=i64::MAX } else { 0..=0 };
            clauses.push((FilterClause::Other("freeRetake"), Condition::Between(fields.free_retake, months)));
        }
        if let Some(since) = &filter.updated_since {
            let since = since.0.timestamp_micros()..=i64::MAX;
            clauses.push((FilterClause::Other("updatedSince"), Condition::Between(fields.updated_at, since)));
        }
    }

    /// Matches courses taught in any of these languages, or in one of their regional variants.
    pub fn languages(&self, at: &str, tags: &[LanguageCode]) -> Result<Condition> {
        self.count_values(at, tags.len())?;
        let language = |tag: &LanguageCode| Condition::Language(self.fields.language, tag.0.clone());
        Ok(Condition::Any(tags.iter().map(language).collect()))
    }

    /// Returns two conditions: the course is taught in one of these languages, and the course states enough to tell. A
    /// course that states en may well be taught in en-US.
    pub fn language_conditions(&self, at: &str, tags: &[LanguageCode]) -> Result<(Condition, Condition)> {
        let field = self.fields.language;
        let whole = tags.iter().filter_map(|tag| tag.0.split_once('-'));
        let open = Condition::Any(whole.map(|(whole, _)| Condition::Word(field, whole.to_owned())).collect());
        let stated = Condition::All(vec![Condition::AnyWord(field), Condition::Not(Box::new(open))]);
        Ok((self.languages(at, tags)?, stated))
    }

    /// Looks up slugs and drops unknown ones.
    fn ids(&self, at: &str, slugs: &[String], lookup: Lookup) -> Result<Vec<i64>> {
        Ok(self.look_up(at, slugs, lookup)?.into_iter().flatten().collect())
    }

    /// Looks up slugs. An unknown slug is `None`.
    fn look_up(&self, at: &str, slugs: &[String], lookup: Lookup) -> Result<Vec<Option<i64>>> {
        self.count_values(at, slugs.len())?;
        Ok(slugs.iter().map(|slug| lookup(self.dictionary, slug)).collect())
    }

    /// Counts values towards the limits, because the cost of a filter grows with them.
    pub(super) fn count_values(&self, at: &str, values: usize) -> Result<()> {
        if values > MAX_LIST_VALUES {
            return Err(AppError::input(at, format!("must hold at most {MAX_LIST_VALUES} values")));
        }
        self.values.set(self.values.get() + values);
        if self.values.get() > MAX_FILTER_VALUES {
            return Err(AppError::input(self.root, format!("must hold at most {MAX_FILTER_VALUES} values in all")));
        }
        Ok(())
    }
}

/// Converts enum members to their positions in the enum.
pub(super) fn enum_positions<T: Copy>(members: &Option<Vec<T>>, position: impl Fn(T) -> i64) -> Option<Vec<i64>> {
    members.as_ref().map(|members| members.iter().map(|member| position(*member)).collect())
}
