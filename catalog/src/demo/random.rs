//! Random numbers that depend only on the seed, on every machine.

/// Random number generator (SplitMix64). Each object has its own, derived from the seed and its number, so that it does
/// not depend on what was generated before.
pub(super) struct Random(u64);

impl Random {
    /// Generator for the object of this kind and number.
    pub(super) fn of(seed: u64, kind: u64, number: u64) -> Self {
        let mut random = Self(seed ^ kind.rotate_left(32) ^ number.rotate_left(8));
        random.next();
        random
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Random number below a limit, which must not be 0.
    pub(super) fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit.max(1)
    }

    /// Random number between two bounds, inclusive.
    pub(super) fn between(&mut self, least: i32, most: i32) -> i32 {
        least + self.below(u64::from(most.abs_diff(least)) + 1) as i32
    }

    /// True in this percentage of cases.
    pub(super) fn percent(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    /// Value in this percentage of cases.
    pub(super) fn maybe<T>(&mut self, percent: u64, value: impl FnOnce(&mut Self) -> T) -> Option<T> {
        self.percent(percent).then(|| value(self))
    }

    /// Random item; `None` if there are none.
    pub(super) fn any<'a, T>(&mut self, of: &'a [T]) -> Option<&'a T> {
        of.get(self.below(of.len() as u64) as usize)
    }

    /// Random text.
    pub(super) fn word(&mut self, of: &[&'static str]) -> &'static str {
        self.any(of).copied().unwrap_or_default()
    }

    /// Random index, chosen in proportion to the weights.
    pub(super) fn weighed(&mut self, weights: &[u64]) -> usize {
        let mut left = self.below(weights.iter().sum());
        weights
            .iter()
            .position(|weight| {
                left < *weight || {
                    left -= weight;
                    false
                }
            })
            .unwrap_or_default()
    }

    /// Distinct random items, earlier ones being more common.
    pub(super) fn several<'a, T>(&mut self, count: usize, of: &'a [T]) -> Vec<&'a T> {
        let mut places = Vec::new();
        while places.len() < count.min(of.len()) {
            let index = self.below(of.len() as u64).min(self.below(of.len() as u64)) as usize;
            if !places.contains(&index) {
                places.push(index);
            }
        }
        places.into_iter().filter_map(|index| of.get(index)).collect()
    }
}
