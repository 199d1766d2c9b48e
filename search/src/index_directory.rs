//! Directory of the index, locked while the process runs.

use std::fs::{self, File};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::error::{Error, Result};

/// Directory that no other process writes an index to.
#[derive(Clone)]
pub struct IndexDirectory {
    pub(super) path: PathBuf,
    /// Locked while it is open. It is beside the directory, which may have to be discarded.
    _lock: Arc<File>,
}

impl IndexDirectory {
    /// Locks the directory `index` in a data folder.
    pub fn lock(data: &Path) -> Result<Self> {
        let lock = File::create(data.join("index.lock")).map_err(|_| unwritable())?;
        lock.try_lock().map_err(|_| Error::input("data_dir", "another process uses the search index in it"))?;
        let directory = Self { path: data.join("index"), _lock: Arc::new(lock) };
        if fs::create_dir_all(&directory.path).is_err() {
            directory.clear()?;
        }
        // Tested by writing, since permissions alone say little.
        let probe = directory.path.join(".probe");
        File::create(&probe).and_then(|_| fs::remove_file(&probe)).map_err(|_| unwritable())?;
        Ok(directory)
    }

    /// Empties the directory.
    pub fn clear(&self) -> Result<()> {
        let removed = if self.path.is_dir() { fs::remove_dir_all(&self.path) } else { fs::remove_file(&self.path) };
        match removed {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(unwritable()),
            Ok(()) | Err(_) => fs::create_dir_all(&self.path).map_err(|_| unwritable()),
        }
    }
}

fn unwritable() -> Error {
    Error::input("data_dir", "the folder of the search index in it cannot be written to")
}
