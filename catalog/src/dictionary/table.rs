//! One small table, indexed by ID and by every current and former slug, sorted by name.

use std::collections::HashMap;
use std::sync::Arc;

use entity::subject;
use search::folding::fold;

use super::{Career, Certification, Provider, Skill};

/// Entity with an ID, a slug and a name.
pub trait NamedEntity {
    /// ID.
    fn id(&self) -> i64;
    /// Current slug.
    fn slug(&self) -> &str;
    /// Name or title.
    fn name(&self) -> &str;
}

/// Rows of one table.
#[derive(Clone, Debug)]
pub struct Table<T> {
    by_id: HashMap<i64, Arc<T>>,
    by_slug: HashMap<String, i64>,
    by_name: Vec<(String, Arc<T>)>,
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self { by_id: HashMap::new(), by_slug: HashMap::new(), by_name: Vec::new() }
    }
}

impl<T: NamedEntity> Table<T> {
    /// Sorts and indexes the rows. `slugs` are the former and current slugs with the IDs of their rows.
    pub fn new(rows: Vec<T>, slugs: impl IntoIterator<Item = (String, i64)>) -> Self {
        let rows: Vec<Arc<T>> = rows.into_iter().map(Arc::new).collect();
        let mut by_slug: HashMap<String, i64> = slugs.into_iter().collect();
        by_slug.extend(rows.iter().map(|row| (row.slug().to_owned(), row.id())));
        let mut by_name: Vec<_> = rows.iter().map(|row| (fold(row.name()), row.clone())).collect();
        by_name.sort_by(|(a, x), (b, y)| a.cmp(b).then(x.id().cmp(&y.id())));
        Self { by_id: rows.into_iter().map(|row| (row.id(), row)).collect(), by_slug, by_name }
    }

    /// Copies the table with some rows replaced. IDs, slugs and names stay the same.
    pub fn with(&self, change: impl Fn(&T) -> Option<T>) -> Self
    where
        T: Clone,
    {
        let mut table = self.clone();
        for (_, row) in &mut table.by_name {
            if let Some(changed) = change(row) {
                *row = Arc::new(changed);
                table.by_id.insert(row.id(), row.clone());
            }
        }
        table
    }

    /// Returns the row with this ID.
    pub fn get(&self, id: i64) -> Option<&Arc<T>> {
        self.by_id.get(&id)
    }

    /// Returns the ID of the row that has or had this slug.
    pub fn id_of(&self, slug: &str) -> Option<i64> {
        self.by_slug.get(slug).copied()
    }

    /// Returns the row that has or had this slug.
    pub fn find(&self, slug: &str) -> Option<&Arc<T>> {
        self.get(self.id_of(slug)?)
    }

    /// Returns the rows with these IDs, in the same order. Skips unknown IDs.
    pub fn all(&self, ids: &[i64]) -> Vec<Arc<T>> {
        ids.iter().filter_map(|id| self.get(*id).cloned()).collect()
    }

    /// All rows with their folded names, sorted by folded name and ID.
    pub fn in_order(&self) -> &[(String, Arc<T>)] {
        &self.by_name
    }
}

/// Implements the trait for types with a path to their row, and the column of its name.
macro_rules! named {
    ($($type:ty: [$($path:ident)?] $name:ident;)+) => {$(
        impl NamedEntity for $type {
            fn id(&self) -> i64 { self$(.$path)?.id }
            fn slug(&self) -> &str { &self$(.$path)?.slug }
            fn name(&self) -> &str { &self$(.$path)?.$name }
        }
    )+};
}

named! {
    Provider: [row] name;
    Certification: [row] name;
    Career: [row] title;
    Skill: [row] name;
    subject::Model: [] name;
}
