//! The index on disk: opened, written and committed. Each commit carries which catalogue it is of, in which form, and
//! the position of the log that it has reached, so that what is on disk always says itself what it is. What must not
//! go in: what the documents say, and when the index is brought up.

use std::sync::{Arc, Mutex, PoisonError};

use serde::{Deserialize, Serialize};
use tantivy::indexer::{IndexWriterOptions, LogMergePolicy, UserOperation};
use tantivy::schema::{Field, Value};
use tantivy::{IndexReader, IndexWriter, ReloadPolicy, TantivyDocument, Term};

use super::index_directory::IndexDirectory;
use super::{DocKind, Fields, Reader, VERSION, tokenizer};
use crate::changelog::LogPoint;
use crate::error::{AppError, Result};

/// Memory for documents that are not yet in a segment: the least that the library takes.
const WRITER_MEMORY_BYTES: usize = 15_000_000;
/// Blocks of stored texts that are kept unpacked in memory, of each segment.
const CACHED_BLOCKS: usize = 8;
/// A segment is written anew once this part of it is deleted.
const MAX_DELETED_SHARE: f32 = 0.3;

/// Segments of more documents are left alone, so that no merge takes long enough to hold up a stop.
const MAX_MERGED_DOCUMENTS: usize = 100_000;

/// What a commit says of itself.
#[derive(Serialize, Deserialize)]
struct CommitPayload {
    catalogue: String,
    version: u32,
    #[serde(flatten)]
    point: LogPoint,
}

/// The index of one process.
pub struct Index {
    catalogue: String,
    point: Option<LogPoint>,
    fields: Arc<Fields>,
    reader: IndexReader,
    /// Empty once the index is closed.
    writer: Arc<Mutex<Option<IndexWriter>>>,
}

impl Index {
    /// Opens the index of a catalogue whose log has got to `head`. One that is missing, damaged, of another catalogue
    /// or version, or ahead of the log, is thrown away, and an empty one made.
    pub async fn open(directory: &IndexDirectory, catalogue: &str, head: i64) -> Result<Self> {
        let (directory, catalogue) = (directory.clone(), catalogue.to_owned());
        // A task of its own, for the reading of files and because a damaged one may make the library panic.
        let (folder, name) = (directory.path.clone(), catalogue.clone());
        let found = tokio::task::spawn_blocking(move || open_usable(&folder, &name, head)).await;
        match found.unwrap_or(Err("damaged")) {
            Ok((index, point)) => Self::with(index, catalogue, Some(point)),
            Err(reason) => Self::create(&directory, catalogue, reason),
        }
    }

    /// Throws the index away, and makes an empty one in its place.
    pub async fn discard(self, directory: &IndexDirectory, reason: RebuildReason) -> Result<Self> {
        let catalogue = self.catalogue.clone();
        self.close().await;
        Self::create(directory, catalogue, reason)
    }

    fn create(directory: &IndexDirectory, catalogue: String, reason: RebuildReason) -> Result<Self> {
        tracing::info!("the search index is {reason}: it is built now");
        directory.clear()?;
        let index = tantivy::Index::create_in_dir(&directory.path, Fields::build().0)?;
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
        Ok(Self { catalogue, point, fields: Arc::new(Fields::build().1), reader, writer })
    }

    /// The catalogue that it is of.
    pub fn catalogue(&self) -> &str {
        &self.catalogue
    }

    /// The point of the log that it has reached; `None` where it has to be built.
    pub fn point(&self) -> Option<LogPoint> {
        self.point
    }

    /// The fields of its documents.
    pub fn fields(&self) -> &Fields {
        &self.fields
    }

    /// What was in it at the last commit.
    pub fn reader(&self) -> Reader {
        Reader::new(self.reader.searcher(), self.fields.clone())
    }

    /// Puts the documents of courses in the place of those that were there before.
    pub async fn put_courses(&self, courses: Vec<(i64, Vec<TantivyDocument>)>) -> Result<()> {
        let fields = self.fields.clone();
        let write = move |writer: &mut IndexWriter| {
            for (id, documents) in courses {
                let delete = UserOperation::Delete(Term::from_field_i64(fields.owner, id));
                let adds =
                    documents.into_iter().map(|document| UserOperation::Add(with_derived_fields(&fields, document)));
                // In one go: the documents of a course are neighbours.
                writer.run(std::iter::once(delete).chain(adds).collect::<Vec<_>>())?;
            }
            Ok(())
        };
        self.write(write).await
    }

    /// Puts all documents of the small tables in the place of those that were there before.
    pub async fn put_names(&self, documents: Vec<TantivyDocument>) -> Result<()> {
        use DocKind::*;
        let fields = self.fields.clone();
        let write = move |writer: &mut IndexWriter| {
            for kind in [Provider, Certification, Career, Skill, Subject] {
                writer.delete_term(Term::from_field_i64(fields.doc_kind, kind as i64));
            }
            documents
                .into_iter()
                .try_for_each(|document| writer.add_document(with_derived_fields(&fields, document)).map(drop))
        };
        self.write(write).await
    }

    /// Makes everything that was put in since the last commit visible and lasting, all at once.
    pub async fn commit(&mut self, point: LogPoint) -> Result<()> {
        let payload = CommitPayload { catalogue: self.catalogue.clone(), version: VERSION, point };
        let payload = serde_json::to_string(&payload).map_err(AppError::internal)?;
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

    /// Waits for a write or a merge that is under way and gives the folder back.
    pub async fn close(self) {
        let close = move || {
            let writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner).take();
            writer.map_or(Ok(()), IndexWriter::wait_merging_threads)
        };
        if !matches!(tokio::task::spawn_blocking(close).await, Ok(Ok(()))) {
            tracing::warn!("the search index was not closed in order");
        }
    }

    /// Runs a write away from the threads that answer requests: it may wait for the disk.
    async fn write<W>(&self, write: W) -> Result<()>
    where
        W: FnOnce(&mut IndexWriter) -> tantivy::Result<()> + Send + 'static,
    {
        let writer = self.writer.clone();
        let written = tokio::task::spawn_blocking(move || {
            let mut writer = writer.lock().map_err(AppError::internal)?;
            let writer = writer.as_mut().ok_or_else(|| AppError::internal("the search index is closed"))?;
            write(writer).map_err(AppError::from)
        });
        written.await.map_err(AppError::internal)?
    }
}

/// What is wrong with an index, in words that follow "the search index is".
pub(super) type RebuildReason = &'static str;

/// The index in a folder with the point that it has reached, or what is wrong with it.
fn open_usable(
    folder: &std::path::Path,
    catalogue: &str,
    head: i64,
) -> Result<(tantivy::Index, LogPoint), RebuildReason> {
    if !folder.join("meta.json").exists() {
        return Err("not there yet");
    }
    let index = tantivy::Index::open_in_dir(folder).map_err(|_| "damaged")?;
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

/// A document with the fields that follow from its others.
fn with_derived_fields(fields: &Fields, mut document: TantivyDocument) -> TantivyDocument {
    let texts = |field: Field| document.get_all(field).filter_map(|value| value.as_str()).map(str::to_owned);
    let prose: Vec<String> = fields.prose().into_iter().flat_map(texts).collect();
    let length = texts(fields.name_key).next().map(|name| name.chars().count() as i64);
    let kind = document.get_first(fields.doc_kind).and_then(|value| value.as_i64());
    let after = i64::from(kind == Some(DocKind::Course as i64));
    prose.iter().for_each(|text| document.add_text(fields.vocabulary, text));
    length.into_iter().for_each(|length| document.add_i64(fields.suggestion_order, length * 2 + after));
    document
}
