//! Import of published statistics, never without their publisher. An item replaces the whole statistic, since half a
//! figure would mean something else.

use entity::{StatisticMetric, statistic};
use serde_json::Value;

use super::section::{Item, LoggedItem, Section};
use super::state::TaxonomyImport;
use crate::error::Result;
use crate::input::text::{MAX_NAME_CHARS, line, slug};
use crate::input::value::{country, currency, decimal, member, partial_date, range, whole};
use crate::input::{InputReader, ValidationCode, Violation};
use crate::values;
use crate::write::{LinkTable, Mentions, NamedLinks, References, Target};

const LINKS: [LinkTable; 1] = [LinkTable::citations("statistic_id")];

/// Fields that name what a statistic is about, with their targets. At most one of them may be given.
const SUBJECTS: [(&str, Target); 3] =
    [("career", Target::Career), ("course", Target::Course), ("provider", Target::Provider)];

/// Fields of a statistic. Only the IDs in its row are still missing.
pub(super) struct StatisticFields {
    row: statistic::Model,
    subject: Option<(&'static str, Target, String)>,
}

/// Reads one item of the section.
pub(super) fn read(reader: &mut InputReader<'_>) -> Option<Item<StatisticFields>> {
    let key = reader.required("key", slug);
    let metric = reader.required("metric", member::<StatisticMetric>);
    let label = reader.required("subjectLabel", line(MAX_NAME_CHARS));
    let subjects =
        SUBJECTS.map(|(field, target)| reader.nullable(field, slug).value().map(|name| (field, target, name)));
    let mut subjects = subjects.into_iter().flatten();
    let subject = subjects.next();
    if subjects.next().is_some() {
        reader.add_error("career", ValidationCode::Invalid, "at most one of career, course and provider may be given");
    }
    let links = NamedLinks::read(reader, &LINKS);
    let (range_min_e4, range_max_e4) =
        reader.object("range", |reader| range(reader, signed)).value().unwrap_or_default();
    let (experience_min, experience_max) =
        reader.object("experienceYears", |reader| range(reader, whole(0..=100))).value().unwrap_or_default();
    let row = statistic::Model {
        course_kind: reader.nullable("courseKind", member).value(),
        value_e4: reader.nullable("value", signed).value(),
        range_min_e4,
        range_max_e4,
        currency: reader.nullable("currency", currency).value().map(|currency| currency.code().to_owned()),
        level: reader.nullable("level", member).value(),
        experience_min,
        experience_max,
        region: reader.nullable("region", country).value(),
        period_start: reader.nullable("periodStart", partial_date).value(),
        period_end: reader.nullable("periodEnd", partial_date).value(),
        as_of: reader.nullable("asOf", partial_date).value(),
        sample_size: reader.nullable("sampleSize", whole(1..=i32::MAX)).value(),
        publisher: reader.nullable("publisher", line(MAX_NAME_CHARS)).value(),
        // Last because they may return early: a field that was never read would be reported as unknown.
        key: key?,
        metric: metric?,
        subject_label: label?,
        ..Default::default()
    };
    check(reader, &row, &links);
    Some(Item { at: reader.path(), slug: row.key.clone(), links, fields: StatisticFields { row, subject } })
}

fn signed(value: &Value) -> Result<i64, Violation> {
    let number = values::to_e4(decimal(value)?);
    number.ok_or_else(|| Violation::range("must have at most four decimals"))
}

fn check(reader: &mut InputReader<'_>, row: &statistic::Model, links: &NamedLinks) {
    if row.value_e4.is_none() && row.range_min_e4.is_none() && row.range_max_e4.is_none() {
        reader.add_error("value", ValidationCode::Required, "a value or a range must be given");
    }
    if row.publisher.is_none() && links.is_empty() {
        reader.add_error("publisher", ValidationCode::Required, "a publisher or a source must be given");
    }
    if is_money(row.metric) && row.currency.is_none() {
        reader.add_error("currency", ValidationCode::Required, "must be given, since the figure is an amount of money");
    }
    if let (Some(start), Some(end)) = (&row.period_start, &row.period_end)
        && is_after(start, end)
    {
        reader.add_error("periodStart", ValidationCode::OutOfRange, "must not be after periodEnd");
    }
}

/// Compares partial dates as far as both are stated.
fn is_after(start: &str, end: &str) -> bool {
    let stated = start.len().min(end.len());
    start.get(..stated) > end.get(..stated)
}

fn is_money(metric: StatisticMetric) -> bool {
    match metric {
        StatisticMetric::AverageSalary
        | StatisticMetric::MedianSalary
        | StatisticMetric::AveragePrice
        | StatisticMetric::SalaryIncrease => true,
        StatisticMetric::EmploymentGrowthPercent
        | StatisticMetric::NewJobs
        | StatisticMetric::BachelorDegreePercent
        | StatisticMetric::SalaryIncreasePercent
        | StatisticMetric::MonthsToQualify
        | StatisticMetric::GraduationPercent
        | StatisticMetric::PlacementPercent => false,
    }
}

/// Writes all items of the section.
pub(super) async fn write(import: &mut TaxonomyImport<'_>, items: Vec<Item<StatisticFields>>) -> Result<()> {
    let mut mentions = Mentions::default();
    let subjects = items.iter().filter_map(|item| item.fields.subject.as_ref());
    subjects.for_each(|(_, target, name)| mentions.add(*target, [name]));
    let mut section = Section::<statistic::Entity>::load(import, Target::Statistic, &LINKS, &items, mentions).await?;
    for mut item in items {
        let Some(id) = section.assign_id(import, &item) else { continue };
        item.resolve(import, &section.known);
        let cited = section.link(import, id, &item);
        let row = statistic::Model { id, ..item.fields.row };
        section.set(import, LoggedItem::internal(id, item.slug), row, cited);
    }
    section.write(import).await.map(drop)
}

impl Item<StatisticFields> {
    fn resolve(&mut self, import: &mut TaxonomyImport<'_>, known: &References) {
        let Some((field, target, name)) = &self.fields.subject else { return };
        let id = import.resolve_one(known, *target, name, &self.at, field);
        let of = |kind: Target| id.filter(|_| *target == kind);
        self.fields.row.career_id = of(Target::Career);
        self.fields.row.course_id = of(Target::Course);
        self.fields.row.provider_id = of(Target::Provider);
    }
}
