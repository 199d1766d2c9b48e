//! Links of courses to other rows. All kinds of links that are requested together are loaded by one statement.

use std::collections::{HashMap, HashSet};

use async_graphql::Context;
use async_graphql::dataloader::Loader;
use catalog::auth::Caller;
use catalog::database::{ids_parameter, ids_value};
use catalog::dictionary::grouped;
use catalog::error::{AppError, Result};
use sea_orm::{ConnectionTrait, FromQueryResult, Statement};

use crate::graphql::context::ContextExt;
use crate::graphql::loaders::{Load, Rows};

/// A kind of link from a course.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Link {
    /// Partner providers that have accepted the partnership.
    Partner,
    /// Partner providers that the listing names, whether they have accepted or not.
    NamedPartner,
    /// Subjects of the course.
    Subject,
    /// Skills that the course teaches.
    Skill,
    /// Courses to take first.
    Required,
    /// Units of the course, as far as their providers have accepted the partnership.
    Unit,
    /// Units that the listing names.
    NamedUnit,
    /// Courses that this one is a unit of, as far as its provider has accepted the partnership.
    PartOf,
    /// Courses that name this one as a unit.
    NamedPartOf,
    /// Certifications that the course prepares for or ends with.
    Certification,
    /// Careers that the course leads to.
    Career,
}

/// Join that keeps only partners that have accepted.
const ACCEPTED_PARTNERS_JOIN: &str = " join partnership p on p.course_id = l.course_id and p.provider_id = l.provider_id \
     and p.status = 'ACCEPTED'";
/// Join that keeps only units of the course's own provider, and units whose provider has accepted.
const ACCEPTED_UNITS_JOIN: &str = " join course whole on whole.id = l.course_id join course part on part.id = l.unit_id \
     and (part.provider_id = whole.provider_id or exists (select 1 from partnership p where p.course_id = whole.id \
     and p.provider_id = part.provider_id and p.status = 'ACCEPTED'))";

/// Maximum number of courses that a course is shown as a unit of: how many name it is up to others.
const MAX_PART_OF: usize = 100;

impl Link {
    /// Whether the course itself states the links, so that the rules of a listing bound them.
    fn is_bounded(self) -> bool {
        !matches!(self, Link::PartOf | Link::NamedPartOf)
    }

    /// Table, column of the course, column of the target, and a join that filters the rows.
    fn table(self) -> (&'static str, &'static str, &'static str, &'static str) {
        match self {
            Link::Partner => ("course_partner", "course_id", "provider_id", ACCEPTED_PARTNERS_JOIN),
            Link::NamedPartner => ("course_partner", "course_id", "provider_id", ""),
            Link::Subject => ("course_subject", "course_id", "subject_id", ""),
            Link::Skill => ("course_skill", "course_id", "skill_id", ""),
            Link::Required => ("course_prerequisite_course", "course_id", "required_id", ""),
            Link::Unit => ("course_unit", "course_id", "unit_id", ACCEPTED_UNITS_JOIN),
            Link::NamedUnit => ("course_unit", "course_id", "unit_id", ""),
            Link::PartOf => ("course_unit", "unit_id", "course_id", ACCEPTED_UNITS_JOIN),
            Link::NamedPartOf => ("course_unit", "unit_id", "course_id", ""),
            Link::Certification => ("course_certification", "course_id", "certification_id", ""),
            Link::Career => ("course_career", "course_id", "career_id", ""),
        }
    }
}

/// IDs that a course links to, in the order of the listing.
pub async fn linked(ctx: &Context<'_>, link: Link, course: i64) -> Result<Vec<i64>> {
    Ok(ctx.load((link, course)).await?.unwrap_or_default())
}

/// Links that need the consent of another provider: those it has accepted, and those that are only named.
pub struct ConsentLinks {
    named: Vec<i64>,
    accepted: HashSet<i64>,
}

impl ConsentLinks {
    /// Loads the links. An anonymous caller belongs to neither provider, so only accepted links are read.
    pub async fn load(ctx: &Context<'_>, (accepted, named): (Link, Link), course: i64) -> Result<Self> {
        if *ctx.caller() == Caller::Anonymous {
            return Ok(Self { named: linked(ctx, accepted, course).await?, accepted: HashSet::new() }.all_accepted());
        }
        let (accepted, named) = futures_util::try_join!(linked(ctx, accepted, course), linked(ctx, named, course))?;
        // Where only the first ones are read, an accepted one may not be among those that are named.
        let known: HashSet<i64> = named.iter().copied().collect();
        let mut named = named;
        named.extend(accepted.iter().filter(|id| !known.contains(id)));
        Ok(Self { named, accepted: accepted.into_iter().collect() })
    }

    fn all_accepted(self) -> Self {
        Self { accepted: self.named.iter().copied().collect(), ..self }
    }

    /// IDs of all named targets, in the order of the listing.
    pub fn ids(&self) -> &[i64] {
        &self.named
    }

    /// Whether the link is accepted, and so visible to everyone.
    pub fn is_accepted(&self, id: i64) -> bool {
        self.accepted.contains(&id)
    }
}

#[derive(FromQueryResult)]
struct LinkRow {
    link: i32,
    course: i64,
    target: i64,
    position: i32,
}

#[async_graphql::async_trait::async_trait]
impl Loader<(Link, i64)> for Rows {
    type Value = Vec<i64>;
    type Error = AppError;

    async fn load(&self, keys: &[(Link, i64)]) -> Result<HashMap<(Link, i64), Vec<i64>>> {
        let mut requested: Vec<(Link, Vec<i64>)> = grouped(keys.iter().copied()).into_iter().collect();
        requested.sort();
        let statement = statement(&self.0, &requested);
        let mut rows = LinkRow::find_by_statement(statement).all(&self.0).await?;
        rows.sort_by_key(|row| (row.position, row.target));
        let of = |row: &LinkRow| requested.get(usize::try_from(row.link).ok()?).map(|(link, _)| (*link, row.course));
        Ok(grouped(rows.iter().filter_map(|row| Some((of(row)?, row.target)))))
    }
}

/// Builds a union with one branch for each kind of link. The column `link` is the index of the kind in `requested`.
fn statement(db: &impl ConnectionTrait, requested: &[(Link, Vec<i64>)]) -> Statement {
    let backend = db.get_database_backend();
    let branch = |(index, (link, _)): (usize, &(Link, Vec<i64>))| {
        let (table, course, target, join) = link.table();
        let ids = ids_parameter(backend, index + 1);
        let columns = format!("{index} as link, l.{course} as course, l.{target} as target");
        if link.is_bounded() {
            format!("select {columns}, l.position as position from {table} l{join} where l.{course} {ids}")
        } else {
            let place =
                format!("cast(row_number() over (partition by l.{course} order by l.{target}) as integer) as position");
            let rows = format!("select {columns}, {place} from {table} l{join} where l.{course} {ids}");
            format!("select * from ({rows}) as r where position <= {MAX_PART_OF}")
        }
    };
    let sql = requested.iter().enumerate().map(branch).collect::<Vec<_>>().join(" union all ");
    Statement::from_sql_and_values(backend, sql, requested.iter().map(|(_, ids)| ids_value(backend, ids.clone())))
}
