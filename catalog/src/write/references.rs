//! Resolves slugs to rows: everything a batch refers to, with one statement per kind, inside the transaction that
//! writes.

use std::collections::{BTreeSet, HashMap, HashSet};

use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Alias, Query, SelectStatement};

use crate::database::{in_ids, in_list, tuples};
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
    /// Table of the rows with its name column, and the table of current and former names, if there is one, with its ID
    /// column.
    pub(super) fn tables(self) -> (&'static str, &'static str, Option<(&'static str, &'static str)>) {
        match self {
            Target::Provider => ("provider", "slug", Some(("provider_slug", "provider_id"))),
            Target::Subject => ("subject", "slug", None),
            Target::Skill => ("skill", "slug", None),
            Target::Course => ("course", "slug", Some(("course_slug", "course_id"))),
            Target::Certification => ("certification", "slug", Some(("certification_slug", "certification_id"))),
            Target::Career => ("career", "slug", Some(("career_slug", "career_id"))),
            Target::Source => ("source", "key", None),
            Target::Statistic => ("statistic", "key", None),
        }
    }

    /// Word for the kind in messages.
    pub fn word(self) -> &'static str {
        self.tables().0
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

impl References {
    /// Resolves names. Names that do not exist are missing in the result.
    pub async fn load(db: &impl ConnectionTrait, mentions: Mentions) -> Result<Self> {
        let mut found = Self::default();
        for (target, names) in mentions.0.into_iter().filter(|(_, names)| !names.is_empty()) {
            let (table, name, former) = target.tables();
            let (table, id) = former.unwrap_or((table, "id"));
            let condition = in_list(db, Alias::new(name), names);
            let query = select(table, [name, id]).and_where(condition).take();
            found.found.entry(target).or_default().extend(tuples::<(String, i64)>(db, &query).await?);
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
    let (table, name, _) = target.tables();
    let query = select(table, ["id", name]).and_where(in_ids(db, Alias::new("id"), ids)).take();
    Ok(tuples(db, &query).await?.into_iter().collect())
}

/// Query for two columns of a table.
pub(super) fn select(table: &'static str, columns: [&'static str; 2]) -> SelectStatement {
    Query::select().columns(columns.map(Alias::new)).from(Alias::new(table)).take()
}
