//! Writes the catalogue.

use std::sync::Arc;

use entity::*;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DatabaseConnection, EntityTrait, Iterable, PaginatorTrait,
    QueryFilter, Value,
};

use super::course::{Courses, Taxonomy};
use super::plan::{Plan, id};
use super::provider::provider;
use super::review::reviews;
use crate::changelog::{Action, Entry, append};
use crate::clock::Clock;
use crate::error::{AppError, Result};
use crate::rating::Figures;
use crate::seed;
use crate::taxonomy;
use crate::write::{self, Insertable, Tx, Writer, in_transaction, insert};

/// Actor in the change log.
const ACTOR: &str = "demo";
/// Actors that may have written before: the starter catalogue may coexist with a synthetic one.
const ALLOWED_ACTORS: [&str; 2] = ["seed", ACTOR];
/// Number of courses, reviews or accounts in memory at a time.
const ROWS_PER_INSERT: usize = 2_000;

/// Report of what was written.
#[derive(Clone, Copy, Debug, Default)]
pub struct DemoReport {
    /// Number of providers.
    pub providers: u64,
    /// Number of courses.
    pub courses: u64,
    /// Number of reviews.
    pub reviews: u64,
    /// Number of rows in all tables.
    pub rows: u64,
}

impl DemoReport {
    fn add(&mut self, other: DemoReport) {
        self.providers += other.providers;
        self.courses += other.courses;
        self.reviews += other.reviews;
        self.rows += other.rows;
    }
}

/// Generates the catalogue, or what is missing of it, and reports progress after each provider.
pub async fn run(
    db: &DatabaseConnection,
    clock: Arc<dyn Clock>,
    plan: &Plan,
    mut progress: impl FnMut(&DemoReport),
) -> Result<DemoReport> {
    check(db, plan).await?;
    let writer = Writer::new(ACTOR, clock);
    let taxonomy = taxonomy(db, &writer).await?;
    let mut written = DemoReport { rows: accounts(db, plan).await?, ..DemoReport::default() };
    let ours = provider::Column::Id.between(id(0), id(plan.providers() - 1));
    let begun = provider::Entity::find().filter(ours).count(db).await?;
    for number in begun..plan.providers() {
        written.add(in_transaction(db, |tx| whole(tx, plan, &taxonomy, number)).await?);
        progress(&written);
    }
    Ok(written)
}

/// Rejects a catalogue that holds anyone's own listings, or was begun with another plan.
async fn check(db: &DatabaseConnection, plan: &Plan) -> Result<()> {
    let foreign = change::Entity::find().filter(change::Column::Actor.is_not_in(ALLOWED_ACTORS)).one(db).await?;
    if foreign.is_some() {
        let rule =
            "holds listings of its own; a synthetic catalogue goes into an empty one or beside the starter catalogue";
        return Err(AppError::input("database", rule));
    }
    let first = provider::Entity::find_by_id(id(0)).one(db).await?;
    match first.and_then(|row| row.note).filter(|note| *note != plan.note()) {
        Some(note) => Err(AppError::input("database", format!("holds another synthetic catalogue. {note}"))),
        None => Ok(()),
    }
}

/// Taxonomy of the starter catalogue, inserted if missing.
async fn taxonomy(db: &DatabaseConnection, writer: &Writer) -> Result<Taxonomy> {
    in_transaction(db, async |tx: Tx| {
        let report = taxonomy::import(&tx, writer, seed::TAXONOMY).await?;
        if report.errors.is_empty() { Ok(()) } else { Err(AppError::internal(format!("{:?}", report.errors))) }
    })
    .await?;
    // Sorted here: databases sort differently, and the IDs of the taxonomy differ between them.
    let mut taxonomy = Taxonomy {
        skills: skill::Entity::find().all(db).await?,
        subjects: subject::Entity::find().all(db).await?,
        careers: career::Entity::find().all(db).await?,
    };
    taxonomy.skills.sort_by(|a, b| a.slug.cmp(&b.slug));
    taxonomy.subjects.sort_by(|a, b| a.slug.cmp(&b.slug));
    taxonomy.careers.sort_by(|a, b| a.slug.cmp(&b.slug));
    Ok(taxonomy)
}

/// Creates the missing accounts and returns their number.
async fn accounts(db: &DatabaseConnection, plan: &Plan) -> Result<u64> {
    let ours = account::Column::Id.between(id(0), id(plan.accounts - 1));
    let begun = account::Entity::find().filter(ours).count(db).await?;
    let missing: Vec<u64> = (begun..plan.accounts).collect();
    for numbers in missing.chunks(ROWS_PER_INSERT) {
        insert::<account::Entity>(db, numbers.iter().map(|number| account(plan, *number)).collect()).await?;
    }
    Ok(missing.len() as u64)
}

/// Writes a provider with all its dependent rows.
async fn whole(tx: Tx, plan: &Plan, taxonomy: &Taxonomy, number: u64) -> Result<DemoReport> {
    let db = &*tx;
    let owner = provider(plan, number);
    let mut written = DemoReport { providers: 1, ..DemoReport::default() };
    let mut entries = vec![entry(ListingType::Provider, owner.row.id, &owner.row.slug, owner.row.id)];
    let (provider_id, slug) = (owner.row.id, owner.row.slug.clone());
    written.rows += put::<provider::Entity>(db, vec![owner.row]).await?;
    written.rows += put::<provider_slug::Entity>(db, vec![provider_slug::Model { slug, provider_id }]).await?;
    written.rows += put::<provider_location::Entity>(db, vec![owner.seat]).await?;
    let mut sum = Figures::default();
    let numbers: Vec<u64> = plan.courses_of(number).collect();
    for numbers in numbers.chunks(ROWS_PER_INSERT) {
        let mut courses = Courses::default();
        numbers.iter().for_each(|number| courses.add(plan, taxonomy, provider_id, *number));
        let rows: Vec<course::Model> = courses.courses.clone();
        written.courses += rows.len() as u64;
        written.rows += courses.write(db).await?;
        entries.extend(rows.iter().map(|row| entry(ListingType::Course, row.id, &row.slug, provider_id)));
        written.add(write_reviews(db, plan, &rows, numbers, &mut sum).await?);
    }
    if !sum.is_nothing() {
        let rating: provider_rating::ActiveModel = summary(provider_id, sum);
        written.rows += write::put(db, vec![rating], None).await?;
    }
    written.rows += entries.len() as u64;
    append(db, plan.now(), entries).await?;
    Ok(written)
}

async fn write_reviews(
    db: &impl ConnectionTrait,
    plan: &Plan,
    courses: &[course::Model],
    numbers: &[u64],
    sum: &mut Figures,
) -> Result<DemoReport> {
    let (mut written, mut rows, mut ratings) =
        (DemoReport::default(), Vec::new(), Vec::<course_rating::ActiveModel>::new());
    for (course, number) in courses.iter().zip(numbers) {
        let mut figures = Figures::default();
        for review in reviews(plan, course, *number) {
            figures = figures.and(Figures::of(&review));
            rows.push(review);
            if rows.len() == ROWS_PER_INSERT {
                written.reviews += put::<review::Entity>(db, std::mem::take(&mut rows)).await?;
            }
        }
        *sum = sum.and(figures);
        ratings.extend((!figures.is_nothing()).then(|| summary(course.id, figures)));
    }
    written.reviews += put::<review::Entity>(db, rows).await?;
    written.rows = written.reviews + write::put(db, ratings, None).await?;
    Ok(written)
}

impl Courses {
    async fn write(self, db: &impl ConnectionTrait) -> Result<u64> {
        Ok(put::<course::Entity>(db, self.courses).await?
            + put::<course_slug::Entity>(db, self.slugs).await?
            + put::<course_skill::Entity>(db, self.skills).await?
            + put::<course_prerequisite_skill::Entity>(db, self.required).await?
            + put::<course_subject::Entity>(db, self.subjects).await?
            + put::<course_career::Entity>(db, self.careers).await?
            + put::<financing_plan::Entity>(db, self.plans).await?
            + put::<offering::Entity>(db, self.offerings).await?)
    }
}

/// Inserts rows and returns their number.
async fn put<E: Insertable>(db: &impl ConnectionTrait, rows: Vec<E::Model>) -> Result<u64> {
    let count = rows.len() as u64;
    insert::<E>(db, rows).await?;
    Ok(count)
}

/// Rating summary of a course or provider: its ID, followed by the sums in the order of the table's columns.
fn summary<A: ActiveModelTrait>(owner: i64, figures: Figures) -> A {
    let values = std::iter::once(Value::from(owner)).chain(figures.columns().map(Value::from));
    let mut row = A::default();
    for (column, value) in <A::Entity as EntityTrait>::Column::iter().zip(values) {
        row.set(column, value);
    }
    row
}

/// Learner with this number: nobody can sign in, since there is no password and the address does not exist.
fn account(plan: &Plan, number: u64) -> account::Model {
    account::Model {
        id: id(number),
        // A domain reserved for names that do not exist.
        email: format!("demo-{number:09}@demo.invalid"),
        display_name: format!("Demo Learner {number:06}"),
        email_verified_at: Some(plan.now()),
        created_at: plan.now(),
        ..Default::default()
    }
}

fn entry(listing_type: ListingType, listing_id: i64, slug: &str, provider_id: i64) -> Entry {
    Entry {
        actor: ACTOR.to_owned(),
        action: Action::DemoCreate,
        listing_type,
        listing_id,
        slug: slug.to_owned(),
        provider_id: Some(provider_id),
        event: Some(ChangeKind::Published),
        fields: None,
    }
}
