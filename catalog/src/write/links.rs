//! Join tables: ordered links from one thing to others. They are all alike, so they are described as data rather than
//! in code.

use std::collections::{BTreeMap, HashMap};

use sea_orm::sea_query::{Alias, InsertStatement, Order, Query};
use sea_orm::{ConnectionTrait, QueryResult, Statement};

use super::references::{Mentions, References, Target, select};
use crate::clock::Ids;
use crate::database::{ids_parameter, ids_value, in_ids, tuples};
use crate::dictionary::grouped;
use crate::error::Result;
use crate::input::{InputReader, Patch, ValidationCode, ValidationError, text};

/// Rows per insert.
const ROWS_PER_INSERT: usize = 5_000;
/// Maximum number of links of one thing in one table.
const MAX_LINKS: usize = 200;

/// Join table.
#[derive(Debug)]
pub struct LinkTable {
    /// Input field that the table stands for.
    pub field: &'static str,
    /// Name of the table.
    table: &'static str,
    /// Column of the owner of the link.
    owner: &'static str,
    /// Column of the link's target.
    target: &'static str,
    /// Kind of the targets.
    pub to: Target,
    /// Whether the rows have an ID of their own.
    has_id: bool,
}

impl LinkTable {
    /// Join table with an owner, a target and a position.
    pub const fn new(
        field: &'static str,
        table: &'static str,
        owner: &'static str,
        target: &'static str,
        to: Target,
    ) -> Self {
        Self { field, table, owner, target, to, has_id: false }
    }

    /// Sources of the thing that this column of `citation` refers to.
    pub const fn citations(owner: &'static str) -> Self {
        Self { field: "sources", table: "citation", owner, target: "source_id", to: Target::Source, has_id: true }
    }

    /// Names of what these owners link to, in the order of the links: of all targets, or of those that meet a condition
    /// in SQL, in which `l` is the link and `t` the target.
    pub async fn names(
        &self,
        db: &impl ConnectionTrait,
        owners: &[i64],
        condition: &str,
    ) -> Result<HashMap<i64, Vec<String>>> {
        let Self { table, owner, target, .. } = self;
        let ((targets, name, _), backend) = (self.to.tables(), db.get_database_backend());
        let among = ids_parameter(backend, 1);
        let sql = format!(
            "select l.{owner}, t.{name} from {table} l join {targets} t on t.id = l.{target} \
             where l.{owner} {among} and {condition} order by l.{owner}, l.position"
        );
        let owners = ids_value(backend, owners.to_vec());
        let rows = db.query_all_raw(Statement::from_sql_and_values(backend, sql, [owners])).await?;
        let names: Vec<(i64, String)> =
            rows.iter().map(QueryResult::try_get_many_by_index).collect::<Result<_, _>>()?;
        Ok(grouped(names))
    }

    fn insert(&self, rows: &[(i64, i64, i32)], ids: &Ids) -> InsertStatement {
        let columns = [self.owner, self.target, "position"].into_iter().chain(self.has_id.then_some("id"));
        let mut insert = Query::insert().into_table(Alias::new(self.table)).columns(columns.map(Alias::new)).take();
        for (owner, target, position) in rows {
            let values = [(*owner).into(), (*target).into(), (*position).into()];
            insert.values_panic(values.into_iter().chain(self.has_id.then(|| ids.next().into())));
        }
        insert
    }
}

/// Links of an input by name: for each table whose field is present, the names listed.
#[derive(Clone, Debug, Default)]
pub struct NamedLinks(Vec<(&'static LinkTable, Vec<String>)>);

impl NamedLinks {
    /// Reads the field of every table.
    pub fn read(reader: &mut InputReader<'_>, tables: &'static [LinkTable]) -> Self {
        let mut links = Vec::new();
        for table in tables {
            match reader.list(table.field, MAX_LINKS, text::slug) {
                Patch::Value(names) => links.push((table, names)),
                Patch::Null => links.push((table, Vec::new())),
                Patch::Absent => {}
            }
        }
        Self(links)
    }

    /// Whether no name is given at all.
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(|(_, names)| names.is_empty())
    }

    /// Whether a field is present.
    pub fn is_given(&self, field: &str) -> bool {
        self.0.iter().any(|(table, _)| table.field == field)
    }

    /// Names listed in a field; empty if the field is absent.
    pub fn names(&self, field: &str) -> &[String] {
        self.0.iter().find(|(table, _)| table.field == field).map_or(&[], |(_, names)| names)
    }

    /// Collects all names for the lookup.
    pub fn mention(&self, mentions: &mut Mentions) {
        self.0.iter().for_each(|(table, names)| mentions.add(table.to, names));
    }
}

/// Resolved links of an input.
pub struct ResolvedLinks(Vec<(&'static str, Vec<i64>)>);

impl ResolvedLinks {
    /// Targets of a field; `None` if the field is absent from the input.
    pub fn get(&self, field: &str) -> Option<&[i64]> {
        self.0.iter().find(|(name, _)| *name == field).map(|(_, ids)| ids.as_slice())
    }

    /// Whether a field links to a row.
    pub fn contains(&self, field: &str, id: i64) -> bool {
        self.get(field).is_some_and(|ids| ids.contains(&id))
    }
}

/// Links of some owners of one kind: the current and the wanted ones.
pub struct LinkSet {
    kind: Target,
    tables: Vec<TableLinks>,
}

impl LinkSet {
    /// Loads the links of owners that may have some, with one statement per table.
    pub async fn load(
        db: &impl ConnectionTrait,
        kind: Target,
        tables: &'static [LinkTable],
        owners: &[i64],
    ) -> Result<Self> {
        Self::load_each(db, kind, tables, |_| owners.to_vec()).await
    }

    /// Like `load`, with owners of its own for each table. A table without owners takes no statement.
    pub async fn load_each(
        db: &impl ConnectionTrait,
        kind: Target,
        tables: &'static [LinkTable],
        owners: impl Fn(&LinkTable) -> Vec<i64>,
    ) -> Result<Self> {
        let mut loaded = Vec::with_capacity(tables.len());
        for table in tables {
            loaded.push(TableLinks::load(db, table, &owners(table)).await?);
        }
        Ok(Self { kind, tables: loaded })
    }

    /// Resolves the wanted links of an owner. A name that does not exist, is a duplicate or refers to the owner itself
    /// is a validation error.
    pub fn resolve(
        &self,
        owner: i64,
        named: &NamedLinks,
        known: &References,
        at: &[String],
        errors: &mut Vec<ValidationError>,
    ) -> ResolvedLinks {
        let mut found = Vec::with_capacity(named.0.len());
        for (table, names) in &named.0 {
            let path: Vec<&str> = at.iter().map(String::as_str).chain([table.field]).collect();
            let mut targets = known.resolve(table.to, (names, self.before(owner, table.field)), &path, errors);
            if table.to == self.kind && targets.contains(&owner) {
                targets.retain(|id| *id != owner);
                let path = path.into_iter().map(str::to_owned).collect();
                let rule = "must not name the listing itself".into();
                errors.push(ValidationError { path, code: ValidationCode::Invalid, rule });
            }
            found.push((table.field, targets));
        }
        ResolvedLinks(found)
    }

    /// Sets the wanted links of an owner. Returns whether that is a change.
    pub fn set(&mut self, owner: i64, found: ResolvedLinks) -> bool {
        let mut changed = false;
        for (field, targets) in found.0 {
            if let Some(links) = self.of_mut(field) {
                changed |= links.set(owner, targets);
            }
        }
        changed
    }

    /// Removes one link.
    pub fn remove(&mut self, owner: i64, field: &str, target: i64) {
        if let Some(links) = self.of_mut(field) {
            let left = links.before(owner).iter().copied().filter(|id| *id != target).collect();
            links.set(owner, left);
        }
    }

    /// Current links of an owner in a field.
    pub fn before(&self, owner: i64, field: &str) -> &[i64] {
        self.of(field).map_or(&[], |links| links.before(owner))
    }

    /// Wanted links of an owner in a field.
    pub fn after(&self, owner: i64, field: &str) -> &[i64] {
        self.of(field).map_or(&[], |links| links.after.get(&owner).map_or_else(|| links.before(owner), Vec::as_slice))
    }

    /// Whether the links of an owner in a field change.
    pub fn is_changed(&self, owner: i64, field: &str) -> bool {
        self.of(field).is_some_and(|links| links.after.contains_key(&owner))
    }

    fn of(&self, field: &str) -> Option<&TableLinks> {
        self.tables.iter().find(|links| links.table.field == field)
    }

    fn of_mut(&mut self, field: &str) -> Option<&mut TableLinks> {
        self.tables.iter_mut().find(|links| links.table.field == field)
    }

    /// Changes of one owner: table, current targets, wanted targets.
    pub fn changes(&self, owner: i64) -> impl Iterator<Item = (&'static LinkTable, &[i64], &[i64])> {
        self.tables.iter().filter_map(move |links| {
            links.after.get(&owner).map(|after| (links.table, links.before(owner), after.as_slice()))
        })
    }

    /// Writes the changes, with few statements per table.
    pub async fn write(&self, db: &impl ConnectionTrait, ids: &Ids) -> Result<()> {
        for links in &self.tables {
            links.write(db, ids).await?;
        }
        Ok(())
    }
}

struct TableLinks {
    table: &'static LinkTable,
    before: HashMap<i64, Vec<i64>>,
    after: BTreeMap<i64, Vec<i64>>,
}

impl TableLinks {
    async fn load(db: &impl ConnectionTrait, table: &'static LinkTable, owners: &[i64]) -> Result<Self> {
        let mut before = HashMap::new();
        if !owners.is_empty() {
            let query = select(table.table, [table.owner, table.target])
                .and_where(in_ids(db, Alias::new(table.owner), owners.iter().copied()))
                .order_by(Alias::new("position"), Order::Asc)
                .take();
            before = grouped(tuples(db, &query).await?);
        }
        Ok(Self { table, before, after: BTreeMap::new() })
    }

    fn before(&self, owner: i64) -> &[i64] {
        self.before.get(&owner).map_or(&[], Vec::as_slice)
    }

    fn set(&mut self, owner: i64, targets: Vec<i64>) -> bool {
        let changed = self.before(owner) != targets;
        if changed {
            self.after.insert(owner, targets);
        }
        changed
    }

    /// Deletes the links of the changed owners and inserts the wanted ones.
    async fn write(&self, db: &impl ConnectionTrait, ids: &Ids) -> Result<()> {
        let owners: Vec<i64> = self.after.keys().copied().filter(|owner| self.before.contains_key(owner)).collect();
        if !owners.is_empty() {
            let delete = Query::delete()
                .from_table(Alias::new(self.table.table))
                .and_where(in_ids(db, Alias::new(self.table.owner), owners))
                .take();
            db.execute(&delete).await?;
        }
        let rows: Vec<(i64, i64, i32)> = self.rows().collect();
        for rows in rows.chunks(ROWS_PER_INSERT) {
            db.execute(&self.table.insert(rows, ids)).await?;
        }
        Ok(())
    }

    fn rows(&self) -> impl Iterator<Item = (i64, i64, i32)> {
        self.after.iter().flat_map(|(owner, targets)| {
            targets.iter().zip(0_i32..).map(|(target, position)| (*owner, *target, position))
        })
    }
}
