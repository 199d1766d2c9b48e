//! Passwords, hashed with Argon2id. A hash takes a full core for some hundredths of a second, so hashing runs on its
//! own threads, one per core, and not on those that serve requests. The runtime has hundreds of threads for blocking
//! work, each of which would keep the 19 MB that a hash needs.

use std::cell::RefCell;
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::time::Duration;

use argon2::password_hash::phc::{Output, ParamsString, Salt};
use argon2::{Algorithm, Argon2, Block, Params, PasswordHash, Version};
use tokio::sync::{Semaphore, oneshot};

use crate::error::{AppError, Result};
use crate::secret::random;

/// Maximum time to wait for a free thread.
const MAX_WAIT: Duration = Duration::from_secs(3);

/// Hash to verify against if there is no account or password. It takes the same work, so that timing reveals nothing.
const DUMMY_HASH: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5IGlzIGhlcmU$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

const SALT_BYTES: usize = 16;

type HashingTask = Box<dyn FnOnce() + Send>;

/// Hashes and verifies passwords, as many at a time as there are cores.
pub struct Passwords {
    places: Arc<Semaphore>,
    jobs: mpsc::Sender<HashingTask>,
}

impl Default for Passwords {
    fn default() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let (jobs, taken) = mpsc::channel::<HashingTask>();
        let taken = Arc::new(Mutex::new(taken));
        for _ in 0..cores {
            let taken = taken.clone();
            std::thread::spawn(move || while next(&taken).map(|task| task()).is_some() {});
        }
        Self { places: Arc::new(Semaphore::new(cores)), jobs }
    }
}

/// Waits for the next job. Returns `None` once there can be no more.
fn next(jobs: &Mutex<mpsc::Receiver<HashingTask>>) -> Option<HashingTask> {
    jobs.lock().unwrap_or_else(PoisonError::into_inner).recv().ok()
}

thread_local! {
    /// The 19 MB that a hash takes, stored_hash by each hashing thread: freed memory of that size would not go back to the system.
    static MEMORY: RefCell<Vec<Block>> = const { RefCell::new(Vec::new()) };
}

/// Derives the output of a password.
fn derive(argon2: &Argon2<'_>, password: &[u8], salt: &Salt, length: usize) -> Result<Output> {
    let mut buffer = [0; Output::MAX_LENGTH];
    let output = buffer.get_mut(..length).ok_or_else(|| AppError::internal("the stored hash is too long"))?;
    MEMORY.with_borrow_mut(|memory| {
        memory.resize(argon2.params().block_count(), Block::default());
        argon2.hash_password_into_with_memory(password, salt, output, memory.as_mut_slice()).map_err(AppError::internal)
    })?;
    Output::new(output).map_err(AppError::internal)
}

impl Passwords {
    /// Returns the hash to store for a password.
    pub async fn hash(&self, password: String) -> Result<String> {
        self.run_in_background(move || {
            let argon2 = Argon2::default();
            let mut salt = [0; SALT_BYTES];
            random(&mut salt)?;
            let salt = Salt::new(&salt).map_err(AppError::internal)?;
            let hash = PasswordHash {
                algorithm: Algorithm::default().ident(),
                version: Some(Version::default().into()),
                params: ParamsString::try_from(argon2.params()).map_err(AppError::internal)?,
                hash: Some(derive(&argon2, password.as_bytes(), &salt, Params::DEFAULT_OUTPUT_LEN)?),
                salt: Some(salt),
            };
            Ok(hash.to_string())
        })
        .await
    }

    /// Whether a password matches the stored hash. Without a hash, does the same work and returns false.
    pub async fn verify(&self, password: String, stored_hash: Option<String>) -> Result<bool> {
        self.run_in_background(move || {
            let hash = PasswordHash::new(stored_hash.as_deref().unwrap_or(DUMMY_HASH)).map_err(AppError::internal)?;
            let (Some(salt), Some(expected)) = (&hash.salt, &hash.hash) else { return Ok(false) };
            let params = Params::try_from(&hash).map_err(AppError::internal)?;
            let algorithm = Algorithm::try_from(hash.algorithm.as_str()).map_err(AppError::internal)?;
            let version = hash.version.map(Version::try_from).transpose().map_err(AppError::internal)?;
            let argon2 = Argon2::new(algorithm, version.unwrap_or_default(), params);
            // Outputs are compared in constant time.
            let same = derive(&argon2, password.as_bytes(), salt, expected.len())? == *expected;
            Ok(same && stored_hash.is_some())
        })
        .await
    }

    async fn run_in_background<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let place = tokio::time::timeout(MAX_WAIT, self.places.clone().acquire_owned()).await;
        let place = place.map_err(|_| AppError::RateLimited { seconds: 1 })?.map_err(AppError::internal)?;
        let (done, result) = oneshot::channel();
        // The permit moves into the job: it uses a core even if the client has disconnected.
        let task = move || _ = done.send((work(), place).0);
        self.jobs.send(Box::new(task)).map_err(AppError::internal)?;
        result.await.map_err(AppError::internal)?
    }
}
