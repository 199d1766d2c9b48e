//! The index on disk.

use std::path::Path;
use std::sync::Arc;

use entity::change;
use sea_orm::DatabaseConnection;

use super::{Fields, Reader, analyse};
use crate::dictionary::Dictionary;
use crate::error::{AppError, Result};

/// The index of one process.
pub struct Index {
    inner: tantivy::Index,
    fields: Arc<Fields>,
    position: Option<i64>,
}

impl Index {
    /// Opens the index in a folder, or makes an empty one where there is none that fits.
    pub fn open(_folder: &Path, _uid: &str) -> Result<Self> {
        let (schema, fields) = Fields::build();
        let inner = tantivy::Index::create_in_ram(schema);
        analyse::register(&inner);
        Ok(Self { inner, fields: Arc::new(fields), position: None })
    }

    /// The position of the log that it has reached; `None` where it has to be built.
    pub fn position(&self) -> Option<i64> {
        self.position
    }

    /// Builds it from the database.
    pub async fn rebuild(self, _db: &DatabaseConnection, _dictionary: &Dictionary, _position: i64) -> Result<Self> {
        Ok(self)
    }

    /// Brings it up to these changes.
    pub async fn apply(
        &mut self,
        _db: &DatabaseConnection,
        _dictionary: &Dictionary,
        _changes: &[change::Model],
    ) -> Result<()> {
        Ok(())
    }

    /// What is in it now.
    pub fn reader(&self) -> Result<Reader> {
        let reader = self.inner.reader().map_err(AppError::internal)?;
        Ok(Reader::new(reader.searcher(), self.fields.clone()))
    }
}
