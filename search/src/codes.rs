//! Values of an integer column as small integers, to count them in an array: IDs are as large as a time, and few of them
//! occur. Does not belong here: what is counted.

use tantivy::DocId;
use tantivy::columnar::{Column, ColumnIndex};

/// Column with its distinct values numbered. Takes four bytes per value.
pub(super) struct Codes {
    index: ColumnIndex,
    /// Code of each value, in the order of the column.
    codes: Box<[u32]>,
    /// Value of each code, ascending.
    values: Box<[i64]>,
}

impl Codes {
    /// Numbers the values of a column.
    pub(super) fn new(column: &Column<i64>) -> Self {
        let all = || (0..column.values.num_vals()).map(|row| column.values.get_val(row));
        let mut values: Vec<i64> = all().collect();
        values.sort_unstable();
        values.dedup();
        let code = |value: i64| values.partition_point(|other| *other < value) as u32;
        Self { codes: all().map(code).collect(), index: column.index.clone(), values: values.into() }
    }

    /// Counts the values of some documents, each with the number of documents that have it.
    pub(super) fn count(&self, documents: impl Iterator<Item = DocId>) -> impl Iterator<Item = (i64, u64)> {
        let mut counts = vec![0_u32; self.values.len()];
        for document in documents {
            let rows = self.index.value_row_ids(document);
            let codes = self.codes.get(rows.start as usize..rows.end as usize).unwrap_or_default();
            for code in codes {
                if let Some(count) = counts.get_mut(*code as usize) {
                    *count += 1;
                }
            }
        }
        let counts = self.values.iter().copied().zip(counts).filter(|(_, count)| *count > 0);
        counts.map(|(value, count)| (value, u64::from(count))).collect::<Vec<_>>().into_iter()
    }
}
