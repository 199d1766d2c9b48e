//! The folder of the index: ours alone while the process runs.

use std::fs::{self, File};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::error::{AppError, Result};

/// A folder that no other process writes an index to.
#[derive(Clone)]
pub struct Home {
    pub(super) folder: PathBuf,
    /// Locked for as long as it is open. It lies beside the folder, which may have to be thrown away.
    _lock: Arc<File>,
}

impl Home {
    /// Takes the folder `index` in a data folder.
    pub fn take(data: &Path) -> Result<Self> {
        let lock = File::create(data.join("index.lock")).map_err(|_| unwritable())?;
        lock.try_lock().map_err(|_| AppError::input("data_dir", "another process uses the search index in it"))?;
        let home = Self { folder: data.join("index"), _lock: Arc::new(lock) };
        if fs::create_dir_all(&home.folder).is_err() {
            home.clear()?;
        }
        // Asked of the disk itself: permissions say little about it.
        let probe = home.folder.join(".probe");
        File::create(&probe).and_then(|_| fs::remove_file(&probe)).map_err(|_| unwritable())?;
        Ok(home)
    }

    /// Leaves nothing but an empty folder.
    pub fn clear(&self) -> Result<()> {
        let removed =
            if self.folder.is_dir() { fs::remove_dir_all(&self.folder) } else { fs::remove_file(&self.folder) };
        match removed {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(unwritable()),
            Ok(()) | Err(_) => fs::create_dir_all(&self.folder).map_err(|_| unwritable()),
        }
    }
}

fn unwritable() -> AppError {
    AppError::input("data_dir", "the folder of the search index in it cannot be written to")
}
