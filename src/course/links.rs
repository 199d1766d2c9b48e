//! What courses are linked to: all kinds of links that are asked for at once come by one statement.

use std::collections::{HashMap, HashSet};

use async_graphql::Context;
use async_graphql::dataloader::Loader;
use sea_orm::{ConnectionTrait, FromQueryResult, Statement};

use crate::auth::Caller;
use crate::database::{ids_parameter, ids_value};
use crate::dictionary::grouped;
use crate::error::{AppError, Result};
use crate::graphql::context::InRequest;
use crate::graphql::loaders::{Load, Rows};

/// A kind of link, from a course to something else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Link {
    /// Who else stands behind it and has agreed to be shown so.
    Partner,
    /// Who else stands behind it as the listing says, whether they have agreed or not.
    NamedPartner,
    /// What it is about.
    Subject,
    /// What it teaches.
    Skill,
    /// What must be taken before it.
    Required,
    /// What it is made of, as far as the providers of the units have agreed.
    Unit,
    /// What it is made of as the listing says.
    NamedUnit,
    /// What it is a part of, as far as its provider has agreed.
    PartOf,
    /// What other listings say that it is a part of.
    NamedPartOf,
    /// What it prepares for.
    Certification,
    /// What it leads to.
    Career,
}

/// Keeps the partners who have agreed.
const AGREED_PARTNERS: &str = " join partnership p on p.course_id = l.course_id and p.provider_id = l.provider_id \
     and p.status = 'ACCEPTED'";
/// Keeps the units of the course's own provider, and those whose provider has agreed.
const AGREED_UNITS: &str = " join course whole on whole.id = l.course_id join course part on part.id = l.unit_id \
     and (part.provider_id = whole.provider_id or exists (select 1 from partnership p where p.course_id = whole.id \
     and p.provider_id = part.provider_id and p.status = 'ACCEPTED'))";

impl Link {
    /// The table, the column of the course, the column of the target, and what keeps the rows that are meant.
    fn table(self) -> (&'static str, &'static str, &'static str, &'static str) {
        match self {
            Link::Partner => ("course_partner", "course_id", "provider_id", AGREED_PARTNERS),
            Link::NamedPartner => ("course_partner", "course_id", "provider_id", ""),
            Link::Subject => ("course_subject", "course_id", "subject_id", ""),
            Link::Skill => ("course_skill", "course_id", "skill_id", ""),
            Link::Required => ("course_prerequisite_course", "course_id", "required_id", ""),
            Link::Unit => ("course_unit", "course_id", "unit_id", AGREED_UNITS),
            Link::NamedUnit => ("course_unit", "course_id", "unit_id", ""),
            Link::PartOf => ("course_unit", "unit_id", "course_id", AGREED_UNITS),
            Link::NamedPartOf => ("course_unit", "unit_id", "course_id", ""),
            Link::Certification => ("course_certification", "course_id", "certification_id", ""),
            Link::Career => ("course_career", "course_id", "career_id", ""),
        }
    }
}

/// The ids that a course is linked to, in the listing's own order.
pub async fn linked(ctx: &Context<'_>, link: Link, course: i64) -> Result<Vec<i64>> {
    Ok(ctx.load((link, course)).await?.unwrap_or_default())
}

/// Links that another provider has to agree to: those that it has agreed to, and those that have only been named.
pub struct NamedLinks {
    named: Vec<i64>,
    agreed: HashSet<i64>,
}

impl NamedLinks {
    /// Loads them. Whoever has not signed in belongs to no side, so that nothing more is read for them.
    pub async fn load(ctx: &Context<'_>, (agreed, named): (Link, Link), course: i64) -> Result<Self> {
        if *ctx.caller() == Caller::Anonymous {
            return Ok(Self { named: linked(ctx, agreed, course).await?, agreed: HashSet::new() }.all_agreed());
        }
        let (agreed, named) = futures_util::try_join!(linked(ctx, agreed, course), linked(ctx, named, course))?;
        Ok(Self { named, agreed: agreed.into_iter().collect() })
    }

    fn all_agreed(self) -> Self {
        Self { agreed: self.named.iter().copied().collect(), ..self }
    }

    /// All that are named, in the listing's own order.
    pub fn ids(&self) -> &[i64] {
        &self.named
    }

    /// Whether everyone sees this one.
    pub fn is_agreed(&self, id: i64) -> bool {
        self.agreed.contains(&id)
    }
}

#[derive(FromQueryResult)]
struct Row {
    link: i32,
    course: i64,
    target: i64,
    position: i32,
}

impl Loader<(Link, i64)> for Rows {
    type Value = Vec<i64>;
    type Error = AppError;

    async fn load(&self, keys: &[(Link, i64)]) -> Result<HashMap<(Link, i64), Vec<i64>>> {
        let mut wanted: Vec<(Link, Vec<i64>)> = grouped(keys.iter().copied()).into_iter().collect();
        wanted.sort();
        let statement = statement(&self.0, &wanted);
        let mut rows = Row::find_by_statement(statement).all(&self.0).await?;
        rows.sort_by_key(|row| (row.position, row.target));
        let of = |row: &Row| wanted.get(usize::try_from(row.link).ok()?).map(|(link, _)| (*link, row.course));
        Ok(grouped(rows.iter().filter_map(|row| Some((of(row)?, row.target)))))
    }
}

/// One branch of a union for each kind of link; `link` is its place in `wanted`.
fn statement(db: &impl ConnectionTrait, wanted: &[(Link, Vec<i64>)]) -> Statement {
    let backend = db.get_database_backend();
    let branch = |(place, (link, _)): (usize, &(Link, Vec<i64>))| {
        let (table, course, target, kept) = link.table();
        let ids = ids_parameter(backend, place + 1);
        format!(
            "select {place} as link, l.{course} as course, l.{target} as target, l.position as position \
             from {table} l{kept} where l.{course} {ids}"
        )
    };
    let sql = wanted.iter().enumerate().map(branch).collect::<Vec<_>>().join(" union all ");
    Statement::from_sql_and_values(backend, sql, wanted.iter().map(|(_, ids)| ids_value(backend, ids.clone())))
}
