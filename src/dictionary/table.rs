//! One small table: by id, by any slug it ever had, and in the order of its names.

use std::collections::HashMap;
use std::sync::Arc;

use entity::subject;

use super::{Career, Certification, Provider, Skill};
use crate::text::fold;

/// What has an id, a slug and a name.
pub trait NamedEntity {
    /// Its id.
    fn id(&self) -> i64;
    /// Its slug now.
    fn slug(&self) -> &str;
    /// Its name or title.
    fn name(&self) -> &str;
}

/// The rows of one table.
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
    /// Puts rows in order; `slugs` are those that they had before.
    pub fn new(rows: Vec<T>, slugs: impl IntoIterator<Item = (String, i64)>) -> Self {
        let rows: Vec<Arc<T>> = rows.into_iter().map(Arc::new).collect();
        let mut by_slug: HashMap<String, i64> = slugs.into_iter().collect();
        by_slug.extend(rows.iter().map(|row| (row.slug().to_owned(), row.id())));
        let mut by_name: Vec<_> = rows.iter().map(|row| (fold(row.name()), row.clone())).collect();
        by_name.sort_by(|(a, x), (b, y)| a.cmp(b).then(x.id().cmp(&y.id())));
        Self { by_id: rows.into_iter().map(|row| (row.id(), row)).collect(), by_slug, by_name }
    }

    /// The same rows under the same names, some of them with something else in their place.
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

    /// The row of this id.
    pub fn get(&self, id: i64) -> Option<&Arc<T>> {
        self.by_id.get(&id)
    }

    /// The id of the row that has or had this slug.
    pub fn id_of(&self, slug: &str) -> Option<i64> {
        self.by_slug.get(slug).copied()
    }

    /// The row that has or had this slug.
    pub fn find(&self, slug: &str) -> Option<&Arc<T>> {
        self.get(self.id_of(slug)?)
    }

    /// The rows of these ids, in their order; unknown ones are left out.
    pub fn all(&self, ids: &[i64]) -> Vec<Arc<T>> {
        ids.iter().filter_map(|id| self.get(*id).cloned()).collect()
    }

    /// Every row with its folded name, in the order of folded name and id.
    pub fn in_order(&self) -> &[(String, Arc<T>)] {
        &self.by_name
    }
}

macro_rules! named {
    ($($type:ty: $($path:ident).+, $name:ident;)+) => {$(
        impl NamedEntity for $type {
            fn id(&self) -> i64 { self.$($path).+.id }
            fn slug(&self) -> &str { &self.$($path).+.slug }
            fn name(&self) -> &str { &self.$($path).+.$name }
        }
    )+};
}

named! {
    Provider: row, name;
    Certification: row, name;
    Career: row, title;
    Skill: row, name;
}

impl NamedEntity for subject::Model {
    fn id(&self) -> i64 {
        self.id
    }
    fn slug(&self) -> &str {
        &self.slug
    }
    fn name(&self) -> &str {
        &self.name
    }
}
