//! Compiles filters into index conditions: looks up every slug and validates every value.

use std::cell::Cell;

use super::check;
use crate::course::inputs::{CourseFilter, FloatFilter, IntFilter, PriceFilter, TermsFilter};
use crate::dictionary::Dictionary;
use crate::error::{AppError, Result};
use crate::graphql::context::RequestContext;
use crate::graphql::scalars::LanguageCode;
use crate::search::{Condition, Fields, Part, Parts, days};

/// Maximum number of values in one list.
const MOST_VALUES: usize = 100;
/// Maximum number of values in a whole filter. Each filter inside `and`, `or` and `not` counts as one.
const MOST_IN_ALL: usize = 1_000;
/// Maximum nesting depth of `and`, `or` and `not`.
const MOST_LEVELS: usize = 5;

/// Finds the ID of a slug.
pub(super) type Lookup = fn(&Dictionary, &str) -> Option<i64>;

/// Compiles a filter into index conditions.
pub struct Compiler<'a> {
    pub(super) dictionary: &'a Dictionary,
    pub(super) fields: &'a Fields,
    /// Today in days since 1970, for finding upcoming offerings.
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
    pub fn parts(&self, filter: &CourseFilter) -> Result<Parts> {
        self.filter(self.root, filter, 0)
    }

    fn filter(&self, at: &str, filter: &CourseFilter, level: usize) -> Result<Parts> {
        let mut parts = Parts::new();
        self.logic(at, filter, level, &mut parts)?;
        self.links(at, filter, &mut parts)?;
        self.lists(at, filter, &mut parts)?;
        self.figures(at, filter, &mut parts)?;
        self.offers(at, filter, &mut parts)?;
        self.statements(filter, &mut parts);
        Ok(parts)
    }

    fn logic(&self, at: &str, filter: &CourseFilter, level: usize, parts: &mut Parts) -> Result<()> {
        if let Some(filters) = &filter.and {
            parts.push((Part::Other("and"), Condition::All(self.nested(&format!("{at}.and"), filters, level)?)));
        }
        if let Some(filters) = &filter.or {
            parts.push((Part::Other("or"), Condition::Any(self.nested(&format!("{at}.or"), filters, level)?)));
        }
        if let Some(filter) = &filter.not {
            let at = format!("{at}.not");
            self.spend(&at, 1)?;
            parts.push((Part::Other("not"), Condition::Not(Box::new(self.below(&at, filter, level)?))));
        }
        Ok(())
    }

    fn nested(&self, at: &str, filters: &[CourseFilter], level: usize) -> Result<Vec<Condition>> {
        self.spend(at, filters.len())?;
        let filters = filters.iter().enumerate();
        filters.map(|(place, filter)| self.below(&format!("{at}.{place}"), filter, level)).collect()
    }

    fn below(&self, at: &str, filter: &CourseFilter, level: usize) -> Result<Condition> {
        if level == MOST_LEVELS {
            return Err(AppError::input(at, format!("must not stand deeper than {MOST_LEVELS} levels")));
        }
        let parts = self.filter(at, filter, level + 1)?;
        Ok(Condition::All(parts.into_iter().map(|(_, condition)| condition).collect()))
    }

    fn links(&self, at: &str, filter: &CourseFilter, parts: &mut Parts) -> Result<()> {
        let provider: Lookup = |dictionary, slug| dictionary.providers.id_of(slug);
        let subject: Lookup = |dictionary, slug| dictionary.subjects.id_of(slug);
        let certification: Lookup = |dictionary, slug| dictionary.certifications.id_of(slug);
        let career: Lookup = |dictionary, slug| dictionary.careers.id_of(slug);
        let links = [
            (Part::Providers, "provider", &filter.provider, self.fields.provider, provider),
            (Part::Other("partner"), "partner", &filter.partner, self.fields.partner, provider),
            (Part::Subjects, "subject", &filter.subject, self.fields.subject, subject),
            (Part::Other("prepares"), "prepares", &filter.prepares, self.fields.certification, certification),
            (Part::Careers, "career", &filter.career, self.fields.career, career),
        ];
        for (part, name, slugs, field, lookup) in links {
            if let Some(slugs) = slugs {
                let ids = self.ids(&format!("{at}.{name}"), slugs, lookup)?;
                parts.push((part, Condition::Terms(field, ids)));
            }
        }
        if let Some(skills) = &filter.skills {
            parts.push((Part::Skills, self.skills(&format!("{at}.skills"), skills)?));
        }
        Ok(())
    }

    fn skills(&self, at: &str, filter: &TermsFilter) -> Result<Condition> {
        let field = self.fields.skill;
        let ids = |name: &str, slugs: &Option<Vec<String>>| {
            let lookup: Lookup = |dictionary, slug| dictionary.skills.id_of(slug);
            slugs.as_ref().map(|slugs| self.found(&format!("{at}.{name}"), slugs, lookup)).transpose()
        };
        let mut parts = Vec::new();
        if let Some(all) = ids("all", &filter.all)? {
            parts.extend(all.into_iter().map(|id| Condition::Terms(field, id.into_iter().collect())));
        }
        if let Some(any) = ids("any", &filter.any)? {
            parts.push(Condition::Terms(field, any.into_iter().flatten().collect()));
        }
        if let Some(none) = ids("none", &filter.none)? {
            let taught = Condition::Terms(field, none.into_iter().flatten().collect());
            parts.extend([Condition::stated(field), Condition::Not(Box::new(taught))]);
        }
        Ok(Condition::All(parts))
    }

    fn lists(&self, at: &str, filter: &CourseFilter, parts: &mut Parts) -> Result<()> {
        let fields = self.fields;
        let mut add = |part, name: &str, field, places: Option<Vec<i64>>| {
            let Some(places) = places else { return Ok(()) };
            self.spend(&format!("{at}.{name}"), places.len())?;
            parts.push((part, Condition::Terms(field, places)));
            Ok::<_, AppError>(())
        };
        add(Part::Kinds, "kind", fields.kind, places(&filter.kind, |kind| entity::CourseKind::from(kind) as i64))?;
        add(Part::Levels, "level", fields.level, places(&filter.level, |level| entity::Level::from(level) as i64))?;
        add(
            Part::Formats,
            "format",
            fields.format,
            places(&filter.format, |format| entity::Format::from(format) as i64),
        )?;
        let schedules = places(&filter.schedule, |schedule| entity::Schedule::from(schedule) as i64);
        add(Part::Schedules, "schedule", fields.schedule, schedules)?;
        let categories = places(&filter.pricing, |category| entity::PricingCategory::from(category) as i64);
        add(Part::Other("pricing"), "pricing", fields.pricing, categories)?;
        let kinds = places(&filter.partner_kind, |kind| entity::ProviderKind::from(kind) as i64);
        add(Part::Other("partnerKind"), "partnerKind", fields.partner_kind, kinds)?;
        if let Some(tags) = &filter.language {
            parts.push((Part::Languages, self.languages(&format!("{at}.language"), tags)?));
        }
        Ok(())
    }

    fn figures(&self, at: &str, filter: &CourseFilter, parts: &mut Parts) -> Result<()> {
        let fields = self.fields;
        let figures = [
            ("weeks", &filter.weeks, fields.weeks),
            ("hours", &filter.hours, fields.hours),
            ("mentoringSessions", &filter.mentoring_sessions, fields.mentoring_sessions),
            ("reviewCount", &filter.review_count, fields.review_count),
            ("freeRetakeWithinMonths", &filter.free_retake_within_months, fields.free_retake),
        ];
        for (name, bounds, field) in figures {
            let range = bounds.as_ref().map(|bounds: &IntFilter| check::whole(&format!("{at}.{name}"), bounds));
            let range = range.transpose()?.flatten();
            parts.extend(range.map(|range| (Part::Other(name), Condition::Between(field, range))));
        }
        let range = filter.rating.as_ref().map(|bounds: &FloatFilter| check::fraction(&format!("{at}.rating"), bounds));
        let range = range.transpose()?.flatten();
        parts.extend(range.map(|range| (Part::Ratings, Condition::Within(fields.rating, range))));
        let range = filter.employment_rate.as_ref().map(|it| check::percent(&format!("{at}.employmentRate"), it));
        let range = range.transpose()?.flatten();
        parts.extend(range.map(|range| (Part::Other("employmentRate"), Condition::Between(fields.employment, range))));
        let price = filter.price.as_ref().map(|bounds| self.price(&format!("{at}.price"), bounds)).transpose()?;
        parts.extend(price.flatten().map(|price| (Part::Price, price)));
        Ok(())
    }

    fn price(&self, at: &str, filter: &PriceFilter) -> Result<Option<Condition>> {
        let Some(range) = check::price(at, filter)? else { return Ok(None) };
        let currency = Condition::PricedIn(filter.currency.0.code().to_owned());
        Ok(Some(Condition::All(vec![currency, Condition::Between(self.fields.price, range)])))
    }

    fn statements(&self, filter: &CourseFilter, parts: &mut Parts) {
        let fields = self.fields;
        let statements = [
            ("certificateOfCompletion", filter.certificate_of_completion, fields.certificate_of_completion),
            ("jobPreparation", filter.job_preparation, fields.job_preparation),
            ("jobGuarantee", filter.job_guarantee, fields.job_guarantee),
            ("portfolio", filter.portfolio, fields.portfolio),
            ("award", filter.award, fields.award),
            ("noPrerequisites", filter.no_prerequisites, fields.no_prerequisites),
        ];
        for (name, wanted, field) in statements {
            parts.extend(wanted.map(|wanted| (Part::Other(name), Condition::Terms(field, vec![wanted.into()]))));
        }
        if let Some(wanted) = filter.free_retake {
            let months = if wanted { 1..=i64::MAX } else { 0..=0 };
            parts.push((Part::Other("freeRetake"), Condition::Between(fields.free_retake, months)));
        }
        if let Some(since) = &filter.updated_since {
            let since = since.0.timestamp_micros()..=i64::MAX;
            parts.push((Part::Other("updatedSince"), Condition::Between(fields.updated_at, since)));
        }
    }

    /// Matches courses taught in any of these languages, or in one of their regional variants.
    pub fn languages(&self, at: &str, tags: &[LanguageCode]) -> Result<Condition> {
        self.spend(at, tags.len())?;
        let language = |tag: &LanguageCode| Condition::Language(self.fields.language, tag.0.clone());
        Ok(Condition::Any(tags.iter().map(language).collect()))
    }

    /// Returns two conditions: the course is taught in one of these languages, and the course states enough to tell. A
    /// course that states en may well be taught in en-US.
    pub fn wished_languages(&self, at: &str, tags: &[LanguageCode]) -> Result<(Condition, Condition)> {
        let field = self.fields.language;
        let whole = tags.iter().filter_map(|tag| tag.0.split_once('-'));
        let open = Condition::Any(whole.map(|(whole, _)| Condition::Word(field, whole.to_owned())).collect());
        let stated = Condition::All(vec![Condition::AnyWord(field), Condition::Not(Box::new(open))]);
        Ok((self.languages(at, tags)?, stated))
    }

    /// Looks up slugs and drops unknown ones.
    fn ids(&self, at: &str, slugs: &[String], lookup: Lookup) -> Result<Vec<i64>> {
        Ok(self.found(at, slugs, lookup)?.into_iter().flatten().collect())
    }

    /// Looks up slugs. An unknown slug is `None`.
    fn found(&self, at: &str, slugs: &[String], lookup: Lookup) -> Result<Vec<Option<i64>>> {
        self.spend(at, slugs.len())?;
        Ok(slugs.iter().map(|slug| lookup(self.dictionary, slug)).collect())
    }

    /// Counts values towards the limits, because the cost of a filter grows with them.
    pub(super) fn spend(&self, at: &str, values: usize) -> Result<()> {
        if values > MOST_VALUES {
            return Err(AppError::input(at, format!("must hold at most {MOST_VALUES} values")));
        }
        self.values.set(self.values.get() + values);
        if self.values.get() > MOST_IN_ALL {
            return Err(AppError::input(self.root, format!("must hold at most {MOST_IN_ALL} values in all")));
        }
        Ok(())
    }
}

/// Converts enum members to their positions in the enum.
pub(super) fn places<T: Copy>(members: &Option<Vec<T>>, place: impl Fn(T) -> i64) -> Option<Vec<i64>> {
    members.as_ref().map(|members| members.iter().map(|member| place(*member)).collect())
}
