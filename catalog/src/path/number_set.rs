//! Sets of small numbers, for facts and for courses.

/// Set of small numbers that grows with its largest member.
#[derive(Clone, Debug, Default)]
pub(super) struct NumberSet(Vec<bool>);

impl NumberSet {
    /// Whether the set contains a number.
    pub(super) fn has(&self, number: usize) -> bool {
        self.0.get(number).copied().unwrap_or_default()
    }

    /// Adds a number.
    pub(super) fn add(&mut self, number: usize) {
        self.put(number, true);
    }

    /// Removes a number.
    pub(super) fn remove(&mut self, number: usize) {
        self.put(number, false);
    }

    fn put(&mut self, number: usize, is_in: bool) {
        if self.0.len() <= number {
            self.0.resize(number + 1, false);
        }
        if let Some(index) = self.0.get_mut(number) {
            *index = is_in;
        }
    }
}

impl FromIterator<usize> for NumberSet {
    fn from_iter<I: IntoIterator<Item = usize>>(numbers: I) -> Self {
        let mut set = NumberSet::default();
        numbers.into_iter().for_each(|number| set.add(number));
        set
    }
}
