//! Keeps units and prerequisites free of cycles: nobody could complete such a course. Every new link is checked while
//! the links of all courses are locked; of two writers that add one half of a cycle each, the second sees the first
//! half. Readers do not rely on it: they follow links one step at a time.

use std::collections::{HashMap, HashSet};

use sea_orm::{ConnectionTrait, DatabaseTransaction, FromQueryResult, Statement};

use super::CourseWrite;
use crate::database::{ids_parameter, ids_value};
use crate::dictionary::NOT_PUBLIC;
use crate::error::Result;
use crate::input::{ValidationCode, ValidationError};
use crate::write::{LinkSet, Lock, References, ResolvedLinks, Target, lock};

/// Fields that link a course to other courses.
const FIELDS: [&str; 2] = ["units", "prerequisiteCourses"];
/// Maximum number of links to follow for one batch. The whole programme of a provider has hundreds.
const MAX_LINKS: usize = 20_000;
/// Maximum length of a chain of links.
const MAX_DEPTH: usize = 500;
/// Maximum number of courses that an error message names.
const MAX_NAMED: usize = 10;

/// Courses that the batch links to, directly or indirectly, with the links that the batch itself changes.
#[derive(Default)]
pub(super) struct CourseGraph {
    links: HashMap<(i64, &'static str), Vec<i64>>,
    /// All courses that links lead to: to no other is there a path.
    targets: HashSet<i64>,
    /// Slugs of the courses that the writer may know of.
    slugs: HashMap<i64, String>,
    is_too_large: bool,
}

#[derive(FromQueryResult)]
struct EdgeRow {
    source: i64,
    target: i64,
    kind: i32,
    slug: Option<String>,
}

impl CourseGraph {
    /// Loads the courses that the new links lead to. Without new links it loads nothing and takes no lock.
    pub(super) async fn load(
        tx: &DatabaseTransaction,
        provider: i64,
        writes: &[(Option<i64>, &CourseWrite)],
        known: &References,
        links: &LinkSet,
    ) -> Result<Self> {
        let mut targets = HashSet::new();
        let mut is_new = false;
        for (course, writes) in writes {
            for field in FIELDS {
                for name in writes.values.links.names(field) {
                    let target = known.id(Target::Course, name);
                    // A course that the batch itself will create has no ID yet.
                    is_new |= match (course, target) {
                        (Some(course), Some(target)) => !links.before(*course, field).contains(&target),
                        (None, _) | (_, None) => true,
                    };
                    targets.extend(target);
                }
            }
        }
        if !is_new {
            return Ok(Self::default());
        }
        lock(tx, Lock::CourseGraph).await?;
        Self::reached(tx, provider, targets.into_iter().collect()).await
    }

    /// Follows links level by level. Visits every course once, so an existing cycle ends too.
    async fn reached(tx: &DatabaseTransaction, provider: i64, from: Vec<i64>) -> Result<Self> {
        let mut graph = Self::default();
        let mut visited: HashSet<i64> = from.iter().copied().collect();
        let (mut level, mut count) = (from, 0);
        for _ in 0..MAX_DEPTH {
            let rows = rows(tx, provider, std::mem::take(&mut level)).await?;
            count += rows.len();
            for row in rows {
                if visited.insert(row.target) {
                    level.push(row.target);
                }
                graph.add(row);
            }
            if level.is_empty() || count > MAX_LINKS {
                break;
            }
        }
        graph.is_too_large = !level.is_empty();
        Ok(graph)
    }

    fn add(&mut self, row: EdgeRow) {
        let field = if row.kind == 0 { "units" } else { "prerequisiteCourses" };
        self.links.entry((row.source, field)).or_default().push(row.target);
        self.targets.insert(row.target);
        self.slugs.extend(row.slug.map(|slug| (row.source, slug)));
    }

    /// Returns the errors of a course: for each field, the first new link that leads back to the course.
    pub(super) fn errors(
        &self,
        course: i64,
        slug: &str,
        found: &ResolvedLinks,
        links: &LinkSet,
    ) -> Vec<ValidationError> {
        FIELDS.iter().filter_map(|field| self.error(course, slug, field, found, links)).collect()
    }

    fn error(
        &self,
        course: i64,
        slug: &str,
        field: &str,
        found: &ResolvedLinks,
        links: &LinkSet,
    ) -> Option<ValidationError> {
        let before = links.before(course, field);
        let new = found.get(field)?.iter().enumerate().filter(|(_, target)| !before.contains(target));
        let error =
            |place: usize, code, rule| ValidationError { path: vec![field.to_owned(), place.to_string()], code, rule };
        // One walk for all links of the course: where one target has been, another need not go.
        let mut came = HashMap::new();
        for (place, target) in new {
            if self.is_too_large {
                let rule = format!(
                    "leads to more than {MAX_LINKS} links, or over more than {MAX_DEPTH} courses: it cannot be checked"
                );
                return Some(error(place, ValidationCode::Limit, rule));
            }
            if let Some(way) = self.way(*target, course, &mut came) {
                let rule = format!("must not lead back to the listing itself: {}", self.shown(slug, &way));
                return Some(error(place, ValidationCode::Invalid, rule));
            }
        }
        None
    }

    /// Finds a path between two courses, both ends included, past those from which there is none: `came` has them, each
    /// with the course before it.
    fn way(&self, from: i64, to: i64, came: &mut HashMap<i64, i64>) -> Option<Vec<i64>> {
        if from != to && !self.targets.contains(&to) || came.insert(from, from).is_some() {
            return None;
        }
        let mut open = vec![from];
        while let Some(course) = open.pop() {
            if course == to {
                return Some(way_back(came, from, to));
            }
            for target in self.targets_of(course) {
                came.entry(target).or_insert_with(|| {
                    open.push(target);
                    course
                });
            }
        }
        None
    }

    fn targets_of(&self, course: i64) -> impl Iterator<Item = i64> {
        FIELDS.iter().filter_map(move |field| self.links.get(&(course, *field))).flatten().copied()
    }

    /// Formats the cycle as slugs. Does not name listings that the writer may not know of.
    fn shown(&self, slug: &str, way: &[i64]) -> String {
        let inner = &way[..way.len().saturating_sub(1)];
        let mut names: Vec<&str> = vec![slug];
        for course in inner.iter().take(MAX_NAMED) {
            names.push(self.slugs.get(course).map_or("a listing that is not public", String::as_str));
        }
        if inner.len() > MAX_NAMED {
            names.push("…");
        }
        names.push(slug);
        names.join(" → ")
    }

    /// Records the new links of a course.
    pub(super) fn set(&mut self, course: i64, slug: &str, found: &ResolvedLinks) {
        for field in FIELDS {
            if let Some(targets) = found.get(field) {
                self.links.insert((course, field), targets.to_vec());
                self.targets.extend(targets);
                self.slugs.insert(course, slug.to_owned());
            }
        }
    }
}

/// Loads the links of courses, each with the slug of its course if the writer may know it.
async fn rows(tx: &DatabaseTransaction, provider: i64, from: Vec<i64>) -> Result<Vec<EdgeRow>> {
    if from.is_empty() {
        return Ok(Vec::new());
    }
    let backend = tx.get_database_backend();
    let ids = ids_parameter(backend, 2);
    let links = |table: &str, target: &str, kind: i32| {
        format!(
            "select l.course_id as source, l.{target} as target, {kind} as kind, \
                 case when c.provider_id = $1 or (c.status <> 'DRAFT' and p.status not in {NOT_PUBLIC}) then c.slug end as slug \
             from {table} l join course c on c.id = l.course_id join provider p on p.id = c.provider_id \
             where l.course_id {ids}"
        )
    };
    let (units, required) = (links("course_unit", "unit_id", 0), links("course_prerequisite_course", "required_id", 1));
    let sql = format!("{units} union all {required}");
    let values = [provider.into(), ids_value(backend, from)];
    Ok(EdgeRow::find_by_statement(Statement::from_sql_and_values(backend, sql, values)).all(tx).await?)
}

fn way_back(came: &HashMap<i64, i64>, from: i64, to: i64) -> Vec<i64> {
    let mut way = vec![to];
    let mut at = to;
    while at != from {
        let Some(before) = came.get(&at) else { break };
        at = *before;
        way.push(at);
    }
    way.reverse();
    way
}
