//! Index on disk: opens, writes and commits it. Each commit stores the catalogue it belongs to, its format version and
//! its log position, so that the index identifies itself. Does not belong here: the content of the documents, and when
//! the index is updated.

use std::fs::{self, File};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use serde::{Deserialize, Serialize};
use tantivy::indexer::{IndexWriterOptions, LogMergePolicy, UserOperation};
use tantivy::schema::{Field, Value};
use tantivy::{IndexReader, IndexSettings, IndexWriter, ReloadPolicy, TantivyDocument, Term};

use super::fields::{DocKind, Fields, VERSION};
use super::prepare::prepare;
use super::reader::Reader;
use super::stems::languages_of;
use super::text_query::name_key;
use super::tokenizer;
use super::unsynced_directory::UnsyncedDirectory;
use crate::error::{Error, Result};

/// Memory for documents that are not yet in a segment: the library's minimum.
const WRITER_MEMORY_BYTES: usize = 15_000_000;
/// Number of decompressed blocks of stored texts in memory, per segment.
const CACHED_BLOCKS: usize = 8;
/// A segment is rewritten once this fraction of it is deleted.
const MAX_DELETED_SHARE: f32 = 0.3;
/// Larger segments are not merged, so that no merge takes long enough to delay a stop.
const MAX_MERGED_DOCUMENTS: usize = 100_000;

/// A position in the log together with the history that led to it. After a database was restored from a backup and
/// written to again, the same position is a different point.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogPoint {
    /// Position in the log.
    pub position: i64,
    /// Mark of the change at the position; `None` at the start of the log and for changes older than marks.
    #[serde(default)]
    pub mark: Option<i64>,
}

/// Metadata of a commit.
#[derive(Serialize, Deserialize)]
struct CommitPayload {
    catalogue: String,
    version: u32,
    #[serde(flatten)]
    point: LogPoint,
}

/// Directory that no other process writes an index to.
#[derive(Clone)]
pub struct IndexDirectory {
    path: PathBuf,
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

/// Index of one process.
pub struct Index {
    catalogue: String,
    point: Option<LogPoint>,
    fields: Arc<Fields>,
    reader: IndexReader,
    /// Last commit that was served.
    served: Option<Reader>,
    /// Empty once the index is closed.
    writer: Arc<Mutex<Option<IndexWriter>>>,
}

impl Index {
    /// Opens the index of a catalogue whose log has reached `head`. If it is missing, damaged, of another catalogue or
    /// version, or ahead of the log, it is replaced by an empty one.
    pub async fn open(directory: &IndexDirectory, catalogue: &str, head: i64) -> Result<Self> {
        let (folder, name) = (directory.path.clone(), catalogue.to_owned());
        // A separate task, because it reads files, and because a damaged file may make the library panic.
        let found = tokio::task::spawn_blocking(move || open_usable(&folder, &name, head)).await;
        match found.unwrap_or(Err("damaged")) {
            Ok((index, point)) => Self::with(index, catalogue.to_owned(), Some(point)),
            Err(reason) => Self::create(directory, catalogue.to_owned(), reason),
        }
    }

    /// Replaces the index by an empty one.
    pub async fn discard(self, directory: &IndexDirectory, reason: RebuildReason) -> Result<Self> {
        let catalogue = self.catalogue.clone();
        self.close().await;
        Self::create(directory, catalogue, reason)
    }

    fn create(directory: &IndexDirectory, catalogue: String, reason: RebuildReason) -> Result<Self> {
        tracing::info!("the search index is {reason}: it is built now");
        directory.clear()?;
        let files = UnsyncedDirectory::open(&directory.path).map_err(Error::internal)?;
        let index = tantivy::Index::create(files, Fields::build().0, IndexSettings::default())?;
        Self::with(index, catalogue, None)
    }

    fn with(index: tantivy::Index, catalogue: String, point: Option<LogPoint>) -> Result<Self> {
        tokenizer::register(&index);
        let options = IndexWriterOptions::builder().num_worker_threads(1).num_merge_threads(1);
        let writer = index.writer_with_options(options.memory_budget_per_thread(WRITER_MEMORY_BYTES).build())?;
        let mut policy = LogMergePolicy::default();
        policy.set_del_docs_ratio_before_merge(MAX_DELETED_SHARE);
        policy.set_max_docs_before_merge(MAX_MERGED_DOCUMENTS);
        writer.set_merge_policy(Box::new(policy));
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual);
        let reader = reader.doc_store_cache_num_blocks(CACHED_BLOCKS).try_into()?;
        let writer = Arc::new(Mutex::new(Some(writer)));
        Ok(Self { catalogue, point, fields: Arc::new(Fields::build().1), reader, served: None, writer })
    }

    /// Catalogue that it belongs to.
    pub fn catalogue(&self) -> &str {
        &self.catalogue
    }

    /// Log position that it has reached; `None` if it has to be built.
    pub fn point(&self) -> Option<LogPoint> {
        self.point
    }

    /// Fields of its documents.
    pub fn fields(&self) -> &Fields {
        &self.fields
    }

    /// Opens the last commit for requests. It is prepared for them away from the threads that answer.
    pub async fn reader(&mut self) -> Result<Reader> {
        let (searcher, fields, earlier) = (self.reader.searcher(), self.fields.clone(), self.served.take());
        let opened = tokio::task::spawn_blocking(move || {
            let reader = Reader::open(searcher, fields, earlier.as_ref())?;
            prepare(&reader, earlier.as_ref())?;
            Ok::<_, Error>(reader)
        });
        let reader = opened.await.map_err(Error::internal)??;
        self.served = Some(reader.clone());
        Ok(reader)
    }

    /// Replaces the documents of courses.
    pub async fn put_courses(&self, courses: Vec<(i64, Vec<TantivyDocument>)>) -> Result<()> {
        let fields = self.fields.clone();
        let write = move |writer: &mut IndexWriter| {
            for (id, documents) in courses {
                let delete = UserOperation::Delete(Term::from_field_i64(fields.owner, id));
                let documents = documents.into_iter().map(|document| with_derived_fields(&fields, document));
                let adds = documents.map(UserOperation::Add);
                // In one operation, so that the documents of a course stay together.
                writer.run(std::iter::once(delete).chain(adds).collect::<Vec<_>>())?;
            }
            Ok(())
        };
        self.write(write).await
    }

    /// Replaces all documents of the small tables.
    pub async fn put_names(&self, documents: Vec<TantivyDocument>) -> Result<()> {
        use DocKind::*;
        let fields = self.fields.clone();
        let write = move |writer: &mut IndexWriter| {
            for kind in [Provider, Certification, Career, Skill, Subject] {
                writer.delete_term(Term::from_field_i64(fields.doc_kind, kind as i64));
            }
            let mut documents = documents.into_iter().map(|document| with_derived_fields(&fields, document));
            documents.try_for_each(|document| writer.add_document(document).map(drop))
        };
        self.write(write).await
    }

    /// Makes everything since the last commit visible at once. Does not wait for the disk.
    pub async fn commit(&mut self, point: LogPoint) -> Result<()> {
        let payload = CommitPayload { catalogue: self.catalogue.clone(), version: VERSION, point };
        let payload = serde_json::to_string(&payload).map_err(Error::internal)?;
        let reader = self.reader.clone();
        let write = move |writer: &mut IndexWriter| {
            let mut commit = writer.prepare_commit()?;
            commit.set_payload(&payload);
            commit.commit()?;
            reader.reload()
        };
        self.write(write).await?;
        self.point = Some(point);
        Ok(())
    }

    /// Waits for a running write or merge, and releases the directory.
    pub async fn close(self) {
        let close = move || {
            let writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner).take();
            writer.map_or(Ok(()), IndexWriter::wait_merging_threads)
        };
        if !matches!(tokio::task::spawn_blocking(close).await, Ok(Ok(()))) {
            tracing::warn!("the search index was not closed in order");
        }
    }

    /// Runs a write away from the threads that answer requests, because it may wait for the disk.
    async fn write<W>(&self, write: W) -> Result<()>
    where
        W: FnOnce(&mut IndexWriter) -> tantivy::Result<()> + Send + 'static,
    {
        let writer = self.writer.clone();
        let written = tokio::task::spawn_blocking(move || {
            let mut writer = writer.lock().map_err(Error::internal)?;
            let writer = writer.as_mut().ok_or_else(|| Error::internal("the search index is closed"))?;
            write(writer).map_err(Error::from)
        });
        written.await.map_err(Error::internal)?
    }
}

/// What is wrong with an index, as words that follow "the search index is".
type RebuildReason = &'static str;

/// Opens the index in a directory and returns it with its position, or what is wrong with it.
fn open_usable(folder: &Path, catalogue: &str, head: i64) -> Result<(tantivy::Index, LogPoint), RebuildReason> {
    if !folder.join("meta.json").exists() {
        return Err("not there yet");
    }
    let files = UnsyncedDirectory::open(folder).map_err(|_| "damaged")?;
    let index = tantivy::Index::open(files).map_err(|_| "damaged")?;
    let payload = index.load_metas().map_err(|_| "damaged")?.payload;
    let payload: CommitPayload = payload.and_then(|text| serde_json::from_str(&text).ok()).ok_or("unfinished")?;
    if payload.version != VERSION || index.schema() != Fields::build().0 {
        return Err("of another version");
    }
    if payload.catalogue != catalogue {
        return Err("of another catalogue");
    }
    if payload.point.position > head {
        return Err("ahead of the database");
    }
    let sound = index.validate_checksum().is_ok_and(|damaged| damaged.is_empty());
    sound.then_some((index, payload.point)).ok_or("damaged")
}

/// Adds the fields that are derived from others.
fn with_derived_fields(fields: &Fields, mut document: TantivyDocument) -> TantivyDocument {
    let texts = |field: Field| document.get_all(field).filter_map(|value| value.as_str()).map(str::to_owned);
    let parts = fields.prose().map(|field| texts(field).collect::<Vec<_>>());
    let prose = parts.concat();
    let [titles, skills, _, careers, summary, description] = parts;
    let others = [skills, careers, summary, description].concat();
    let languages = languages_of(&texts(fields.language).collect::<Vec<_>>(), &prose);
    let length = texts(fields.name_key).next().map(|name| name.chars().count() as i64);
    let kind = document.get_first(fields.doc_kind).and_then(|value| value.as_i64());
    let after = i64::from(kind == Some(DocKind::Course as i64));
    let name = texts(fields.shown_title).next().map(|name| name_key(&name)).filter(|name| !name.is_empty());
    for language in languages {
        for (field, texts) in [(fields.title_stems, &titles), (fields.prose_stems, &others)] {
            texts.iter().for_each(|text| document.add_pre_tokenized_text(field, language.index_tokens(text)));
        }
    }
    prose.iter().for_each(|text| document.add_text(fields.vocabulary, text));
    name.into_iter().for_each(|name| document.add_text(fields.whole_name, name));
    length.into_iter().for_each(|length| document.add_i64(fields.suggestion_order, length * 2 + after));
    document
}
