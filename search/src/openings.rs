//! Offerings of a course as single integers, so that one column tells when the next open one starts. Does not belong
//! here: offerings as documents of their own.

use super::fields::ON_DEMAND;

/// Bits of the last day on which one can join. A day up to `ON_DEMAND` fits.
const OPEN_UNTIL_BITS: u32 = 23;

/// Encodes the start of an offering and the last day on which one can join it, in days since 1970. Codes sort by start.
pub fn encode(start: i64, open_until: i64) -> i64 {
    start << OPEN_UNTIL_BITS | open_until.clamp(0, ON_DEMAND)
}

/// Start of an offering if it has one and can still be joined on this day.
pub(super) fn open_start(code: i64, today: i64) -> Option<i64> {
    let (start, open_until) = (code >> OPEN_UNTIL_BITS, code & ((1 << OPEN_UNTIL_BITS) - 1));
    (start < ON_DEMAND && open_until >= today).then_some(start)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_offering_is_open_up_to_its_last_day() {
        let code = encode(20_000, 19_000);
        assert_eq!([18_999, 19_000, 19_001].map(|today| open_start(code, today)), [Some(20_000), Some(20_000), None]);
        assert_eq!(open_start(encode(ON_DEMAND, ON_DEMAND), 20_000), None);
        assert_eq!(open_start(encode(-5, -5), 1), None);
        assert!(encode(-5, -5) < encode(1, 1) && encode(1, ON_DEMAND) < encode(2, 1));
    }
}
