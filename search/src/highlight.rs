//! Highlights of a search in the texts of a course. Hits are marked with two private-use characters, never with HTML:
//! the frontend decides what is safe to show.

use std::collections::BTreeMap;
use std::sync::Arc;

use tantivy::snippet::{Snippet, SnippetGenerator, collapse_overlapped_ranges};
use tantivy::tokenizer::{PreTokenizedStream, PreTokenizedString, TextAnalyzer, Tokenizer};

use super::fields::DocKind;
use super::matches::SearchText;
use super::reader::Reader;
use super::stems::StemLanguage;
use super::stop_words::is_stop_word;
use super::text::QueryBuilder;
use super::text_query::Strictness;
use super::tokenizer::Word;
use crate::error::{Error, Result};
use crate::work::WorkMeter;

/// Marks the start of a hit.
const HIT_START: char = '\u{E000}';
/// Marks the end of a hit.
const HIT_END: char = '\u{E001}';
/// Maximum bytes of a description around its hits.
const MAX_FRAGMENT_BYTES: usize = 240;

/// Work units per byte of a text.
const BYTE_WORK: u64 = 4;

/// Part of a course with hits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Highlight {
    /// Field of the course.
    pub field: &'static str,
    /// Text with marked hits. Of a long text, the piece with the most hits.
    pub fragment: String,
}

/// Tokenizer for the words of a listing with their stems in several languages.
#[derive(Clone)]
struct HitTokenizer {
    words: TextAnalyzer,
    languages: Vec<StemLanguage>,
}

impl Tokenizer for HitTokenizer {
    type TokenStream<'a> = PreTokenizedStream;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> PreTokenizedStream {
        let mut tokens = Vec::new();
        self.words.token_stream(text).process(&mut |token| tokens.push(token.clone()));
        tokens.extend(self.languages.iter().flat_map(|language| language.index_tokens(text).tokens));
        tokens.sort_by_key(|token| token.offset_from);
        PreTokenizedString { text: String::new(), tokens }.into()
    }
}

/// Marks the hits of one search.
pub struct Highlighter {
    meter: Arc<WorkMeter>,
    whole: SnippetGenerator,
    piece: SnippetGenerator,
}

impl Highlighter {
    /// Creates a highlighter for the words of a text as matched with this strictness, and for their variants; `None` if
    /// nothing can be a hit.
    pub fn new(reader: &Reader, text: &SearchText, strictness: Strictness) -> Result<Option<Self>> {
        let Some(text_query) = text.parse()? else { return Ok(None) };
        let builder = QueryBuilder { reader, kind: DocKind::Course, last_word_prefix: false };
        let known = reader.languages()?;
        let mut languages: Vec<StemLanguage> = Vec::new();
        let mut stems = BTreeMap::new();
        let mut add = |word: Word, weight: f32| {
            for language in known.of_word(reader, &word)? {
                stems.extend(language.stems(&word).into_iter().map(|stem| (stem, weight)));
                if !languages.contains(&language) {
                    languages.push(language);
                }
            }
            stems.insert(word.stem, weight);
            Ok::<_, Error>(())
        };
        for index in 0..text_query.included.len() {
            for (variant, weight) in builder.variants(&text_query, index, strictness)? {
                variant.into_iter().try_for_each(|word| add(word, weight))?;
            }
            let parts = text_query.included.get(index).map(|clause| builder.compound_parts(clause)).transpose()?;
            parts.into_iter().flatten().flatten().flatten().try_for_each(|word| add(word, 1.0))?;
        }
        let written = text_query.included.into_iter().flat_map(|clause| clause.words);
        let facts = text_query.facts.into_iter().flatten().filter(|word| !is_stop_word(&word.folded));
        written.chain(facts).try_for_each(|word| add(word, 1.0))?;
        let title = reader.fields.title;
        let words = reader.searcher.index().tokenizer_for_field(title)?;
        let analyser = TextAnalyzer::from(HitTokenizer { words, languages });
        let within = |size| SnippetGenerator::new(stems.clone(), analyser.clone(), title, size);
        Ok((!stems.is_empty()).then(|| Self {
            meter: reader.evaluation.meter.clone(),
            whole: within(usize::MAX),
            piece: within(MAX_FRAGMENT_BYTES),
        }))
    }

    /// Parts of a course with hits.
    pub fn highlights(&self, title: &str, summary: Option<&str>, description: Option<&str>) -> Result<Vec<Highlight>> {
        let bytes = [Some(title), summary, description].into_iter().flatten().map(str::len).sum();
        self.meter.charge_each(bytes, BYTE_WORK)?;
        let whole = |text: &str| {
            let snippet = self.whole.snippet(text);
            // The library stops at the last word; a title may end with a question mark.
            Some(marked(&snippet)? + text.get(snippet.fragment_range().end..)?)
        };
        let piece = |text: &str| marked(&self.piece.snippet(text));
        let plain = |text: &str| text.replace([HIT_START, HIT_END], "");
        let fragments = [
            ("title", whole(&plain(title))),
            ("summary", summary.and_then(|text| whole(&plain(text)))),
            ("description", description.and_then(|text| piece(&plain(text)))),
        ];
        let highlight = |(field, fragment): (_, Option<String>)| Some(Highlight { field, fragment: fragment? });
        Ok(fragments.into_iter().filter_map(highlight).collect())
    }
}

fn marked(snippet: &Snippet) -> Option<String> {
    let mut hits = collapse_overlapped_ranges(snippet.highlighted());
    // Words of a script without spaces may touch.
    hits.dedup_by(|next, hit| {
        hit.end == next.start && {
            hit.end = next.end;
            true
        }
    });
    let mut marked = String::new();
    let mut done = 0;
    for hit in &hits {
        marked.push_str(snippet.fragment().get(done..hit.start)?);
        marked.push(HIT_START);
        marked.push_str(snippet.fragment().get(hit.clone())?);
        marked.push(HIT_END);
        done = hit.end;
    }
    marked.push_str(snippet.fragment().get(done..)?);
    (!hits.is_empty()).then_some(marked)
}
