//! Small questions about the published courses that stand under a term: how many, how they are held, by whom.

use std::collections::HashSet;

use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocSet, SegmentReader, TERMINATED, Term};

use super::{Fields, Reader};

impl Reader {
    /// How many courses have this id in a field of ids.
    pub fn course_count(&self, field: fn(&Fields) -> Field, id: i64) -> u64 {
        let term = Term::from_field_i64(field(&self.fields), id);
        self.segments().map(|segment| courses(segment, &term).count() as u64).sum()
    }

    /// The formats of a provider's courses, as a stored set.
    pub fn formats_of(&self, provider: i64) -> i32 {
        self.set_of(provider, "format")
    }

    /// The schedules of a provider's courses, as a stored set.
    pub fn schedules_of(&self, provider: i64) -> i32 {
        self.set_of(provider, "schedule")
    }

    /// The providers whose courses teach one of these skills.
    pub fn providers_teaching(&self, skills: &[i64]) -> HashSet<i64> {
        let terms = skills.iter().map(|skill| Term::from_field_i64(self.fields.skill, *skill));
        terms.flat_map(|term| self.values(term, "provider")).collect()
    }

    fn set_of(&self, provider: i64, column: &'static str) -> i32 {
        let places = self.values(Term::from_field_i64(self.fields.provider, provider), column);
        places.into_iter().fold(0, |set, place| set | (1 << place))
    }

    /// What the courses under a term have in a column.
    fn values(&self, term: Term, column: &'static str) -> HashSet<i64> {
        let mut values = HashSet::new();
        for segment in self.segments() {
            if let Ok(column) = segment.fast_fields().i64(column) {
                courses(segment, &term).for_each(|doc| values.extend(column.values_for_doc(doc)));
            }
        }
        values
    }

    fn segments(&self) -> impl Iterator<Item = &SegmentReader> {
        self.searcher.segment_readers().iter()
    }
}

/// The documents under a term that have not been replaced.
fn courses<'a>(segment: &'a SegmentReader, term: &Term) -> impl Iterator<Item = u32> + 'a {
    let list = segment.inverted_index(term.field()).ok();
    let mut postings = list.and_then(|list| list.read_postings(term, IndexRecordOption::Basic).ok().flatten());
    let all = std::iter::from_fn(move || {
        let postings = postings.as_mut()?;
        let doc = postings.doc();
        postings.advance();
        (doc != TERMINATED).then_some(doc)
    });
    all.filter(|doc| segment.alive_bitset().is_none_or(|alive| alive.is_alive(*doc)))
}
