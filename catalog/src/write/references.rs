//! Resolves slugs to rows: everything a batch refers to, with one statement per kind, inside the transaction that
//! writes.

use std::collections::{BTreeSet, HashMap, HashSet};

use sea_orm::sea_query::{Alias, Expr, Query};
use sea_orm::{ConnectionTrait, FromQueryResult};

use crate::database::in_texts;
use crate::error::Result;
use crate::input::{ValidationCode, ValidationError};

/// Kind of thing that inputs refer to: by slug, or by key for sources and statistics.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs, reason = "the names are those of the tables")]
pub enum Target {
    Provider,
    Subject,
    Skill,
    Course,
    Certification,
    Career,
    Source,
    Statistic,
}

impl Target {
    /// Table that resolves current and former names, with its name column and its ID column.
    fn lookup(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Target::Provider => ("provider_slug", "slug", "provider_id"),
            Target::Subject => ("subject", "slug", "id"),
            Target::Skill => ("skill", "slug", "id"),
            Target::Course => ("course_slug", "slug", "course_id"),
            Target::Certification => ("certification_slug", "slug", "certification_id"),
            Target::Career => ("career_slug", "slug", "career_id"),
            Target::Source => ("source", "key", "id"),
            Target::Statistic => ("statistic", "key", "id"),
        }
    }

    /// Table of the rows themselves, with its name column.
    fn table(self) -> (&'static str, &'static str) {
        match self {
            Target::Provider => ("provider", "slug"),
            Target::Subject => ("subject", "slug"),
            Target::Skill => ("skill", "slug"),
            Target::Course => ("course", "slug"),
            Target::Certification => ("certification", "slug"),
            Target::Career => ("career", "slug"),
            Target::Source => ("source", "key"),
            Target::Statistic => ("statistic", "key"),
        }
    }

    /// Word for the kind in messages.
    pub fn word(self) -> &'static str {
        self.table().0
    }
}

/// Names that a batch refers to, by kind.
#[derive(Debug, Default)]
pub struct Mentions(HashMap<Target, BTreeSet<String>>);

impl Mentions {
    /// Names of one kind.
    pub fn of<'a>(target: Target, names: impl IntoIterator<Item = &'a String>) -> Self {
        let mut mentions = Self::default();
        mentions.add(target, names);
        mentions
    }

    /// Adds names.
    pub fn add<'a>(&mut self, target: Target, names: impl IntoIterator<Item = &'a String>) {
        self.0.entry(target).or_default().extend(names.into_iter().cloned());
    }
}

/// Resolved names.
#[derive(Debug, Default)]
pub struct References {
    found: HashMap<Target, HashMap<String, i64>>,
    hidden: HashSet<(Target, i64)>,
}

#[derive(FromQueryResult)]
struct NameRow {
    name: String,
    id: i64,
}

impl References {
    /// Resolves names. Names that do not exist are missing in the result.
    pub async fn load(db: &impl ConnectionTrait, mentions: Mentions) -> Result<Self> {
        let mut found = Self::default();
        for (target, names) in mentions.0.into_iter().filter(|(_, names)| !names.is_empty()) {
            let (table, name, id) = target.lookup();
            let condition = in_texts(db, Alias::new(name), names);
            let rows = rows(db, table, name, id, condition).await?;
            found.found.entry(target).or_default().extend(rows.into_iter().map(|row| (row.name, row.id)));
        }
        Ok(found)
    }

    /// Row ID of a name.
    pub fn id(&self, target: Target, name: &str) -> Option<i64> {
        self.found.get(&target)?.get(name).copied()
    }

    /// Treats rows as missing, because the caller may not know of them. Their names stay taken.
    pub fn hide(&mut self, target: Target, ids: Vec<i64>) {
        self.hidden.extend(ids.into_iter().map(|id| (target, id)));
    }

    /// Row IDs of all resolved names of a kind.
    pub fn ids(&self, target: Target) -> Vec<i64> {
        self.found.get(&target).into_iter().flat_map(HashMap::values).copied().collect()
    }

    /// Resolves a list of names. A name that does not exist or is a duplicate is a validation error. Hidden rows count as
    /// missing, unless they are among those that are linked `already`: whoever sends back what is stored changes nothing.
    pub fn resolve(
        &self,
        target: Target,
        (names, already): (&[String], &[i64]),
        field: &[&str],
        errors: &mut Vec<ValidationError>,
    ) -> Vec<i64> {
        let mut ids = Vec::with_capacity(names.len());
        for (index, name) in names.iter().enumerate() {
            let index = index.to_string();
            let mut error = |code, rule| {
                let path = field.iter().copied().chain([index.as_str()]).map(str::to_owned).collect();
                errors.push(ValidationError { path, code, rule });
            };
            match self.id(target, name).filter(|id| already.contains(id) || !self.hidden.contains(&(target, *id))) {
                None => error(ValidationCode::NotFound, format!("there is no {} {name}", target.word())),
                Some(id) if ids.contains(&id) => error(ValidationCode::Duplicate, format!("{name} stands there twice")),
                Some(id) => ids.push(id),
            }
        }
        ids
    }

    /// Adds a row that the batch itself is about to write.
    pub fn add(&mut self, target: Target, name: &str, id: i64) {
        self.found.entry(target).or_default().insert(name.to_owned(), id);
    }
}

/// Current names of rows.
pub async fn names(
    db: &impl ConnectionTrait,
    target: Target,
    ids: impl IntoIterator<Item = i64>,
) -> Result<HashMap<i64, String>> {
    let (table, name) = target.table();
    let condition = crate::database::in_ids(db, Alias::new("id"), ids);
    let rows = rows(db, table, name, "id", condition).await?;
    Ok(rows.into_iter().map(|row| (row.id, row.name)).collect())
}

async fn rows(
    db: &impl ConnectionTrait,
    table: &'static str,
    name: &'static str,
    id: &'static str,
    condition: sea_orm::sea_query::SimpleExpr,
) -> Result<Vec<NameRow>> {
    let query = Query::select()
        .expr_as(Expr::col(Alias::new(name)), Alias::new("name"))
        .expr_as(Expr::col(Alias::new(id)), Alias::new("id"))
        .from(Alias::new(table))
        .and_where(condition)
        .take();
    Ok(NameRow::find_by_statement(db.get_database_backend().build(&query)).all(db).await?)
}
