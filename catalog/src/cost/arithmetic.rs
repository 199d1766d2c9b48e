//! Credit arithmetic in exact decimals of 28 digits. Amounts are in minor units and are rounded once, at the end. An
//! overflow yields `None`.

use rust_decimal::Decimal;

const MONTHS_PER_YEAR: u32 = 12;
/// Number of bisection steps when searching a rate. The remaining interval is far below the two decimals shown.
const BISECTION_STEPS: u32 = 64;

/// Converts a nominal yearly rate in percent to the monthly rate as a fraction.
pub fn monthly_rate(apr_percent: Decimal) -> Decimal {
    apr_percent / Decimal::from(100 * MONTHS_PER_YEAR)
}

/// Monthly payment that repays a price with interest over a number of months.
pub fn annuity(price: Decimal, monthly_rate: Decimal, months: u32) -> Option<Decimal> {
    if monthly_rate.is_zero() {
        return price.checked_div(Decimal::from(months));
    }
    // Uses the discount factor, which shrinks where the growth of a high rate over many months would overflow.
    let discount = power(Decimal::ONE.checked_div(Decimal::ONE + monthly_rate)?, months)?;
    price.checked_mul(monthly_rate)?.checked_div(Decimal::ONE - discount)
}

/// Debt after a number of months without payments.
pub fn grown(price: Decimal, monthly_rate: Decimal, months: u32) -> Option<Decimal> {
    price.checked_mul(power(Decimal::ONE + monthly_rate, months)?)
}

/// Effective yearly rate in percent, rounded to two decimals: (1 + monthly rate)^12 - 1.
pub fn effective_yearly(monthly_rate: Decimal) -> Option<Decimal> {
    yearly(Decimal::ONE + monthly_rate)
}

/// Converts a monthly growth factor to a yearly rate in percent, rounded to two decimals.
fn yearly(growth: Decimal) -> Option<Decimal> {
    let rate = power(growth, MONTHS_PER_YEAR)? - Decimal::ONE;
    Some(rate.checked_mul(Decimal::ONE_HUNDRED)?.round_dp(2).normalize())
}

/// Payments at the end of each month: a number of equal ones, and a last one of a different amount.
#[derive(Clone, Copy, Debug)]
pub struct Payments {
    /// Amount of each equal payment.
    pub each: Decimal,
    /// Number of equal payments.
    pub months: u32,
    /// Amount of a further payment after them, 0 if there is none.
    pub last: Decimal,
}

impl Payments {
    /// Equal payments for a number of months, or until a cap is reached.
    pub fn capped(each: Decimal, months: u32, cap: Option<Decimal>) -> Self {
        let all = Self { each, months, last: Decimal::ZERO };
        let Some(cap) = cap.filter(|cap| all.total().is_none_or(|total| total > *cap)) else { return all };
        // Here every payment is above zero, and fewer than `months` of them fit under the cap.
        let whole = (cap / each).trunc();
        let months = u32::try_from(whole).unwrap_or(months);
        // Rounding removes the remainder of an inexact division, which is no payment.
        Self { each, months, last: (cap - whole * each).round_dp(6) }
    }

    /// Total of all payments.
    pub fn total(&self) -> Option<Decimal> {
        self.each.checked_mul(Decimal::from(self.months))?.checked_add(self.last)
    }

    /// Number of months with a payment.
    pub fn duration(&self) -> u32 {
        if self.each.is_zero() { 0 } else { self.months + u32::from(!self.last.is_zero()) }
    }

    /// Internal rate of return as an effective yearly rate in percent, rounded to two decimals: the rate of a loan of
    /// this price that is repaid with these payments. `None` if it is outside -50 % to 100 % a month.
    pub fn rate_of_return(&self, price: Decimal) -> Option<Decimal> {
        // The present value rises with the discount factor. If it overflows, it is above any price.
        let is_above = |discount| self.worth(discount).is_none_or(|worth| worth > price);
        let (mut low, mut high) = (Decimal::new(5, 1), Decimal::TWO);
        if price.is_zero() || is_above(low) || !is_above(high) {
            return None;
        }
        for _ in 0..BISECTION_STEPS {
            let middle = (low + high) / Decimal::TWO;
            if is_above(middle) {
                high = middle;
            } else {
                low = middle;
            }
        }
        yearly(Decimal::ONE.checked_div(low)?)
    }

    /// Present value of the payments at a monthly discount factor.
    fn worth(&self, discount: Decimal) -> Option<Decimal> {
        let (sum, power) = series(discount, self.months)?;
        let last = power.checked_mul(discount)?.checked_mul(self.last)?;
        self.each.checked_mul(sum)?.checked_add(last)
    }
}

/// Computes x + x² + … + xⁿ, and xⁿ. It halves n recursively, because the closed form divides by zero if x is 1, and
/// loses digits near it.
fn series(x: Decimal, n: u32) -> Option<(Decimal, Decimal)> {
    if n == 0 {
        return Some((Decimal::ZERO, Decimal::ONE));
    }
    let (sum, power) = series(x, n / 2)?;
    let (sum, power) = (sum.checked_add(sum.checked_mul(power)?)?, power.checked_mul(power)?);
    if n.is_multiple_of(2) {
        return Some((sum, power));
    }
    let power = power.checked_mul(x)?;
    Some((sum.checked_add(power)?, power))
}

fn power(x: Decimal, n: u32) -> Option<Decimal> {
    series(x, n).map(|(_, power)| power)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Checks a property against pseudo-random values from a fixed seed.
    fn draws(mut property: impl FnMut(&mut fastrand::Rng)) {
        let mut random = fastrand::Rng::with_seed(8);
        (0..2_000).for_each(|_| property(&mut random));
    }

    fn price(random: &mut fastrand::Rng) -> Decimal {
        let digits = random.u32(1..=12);
        Decimal::from(random.i64(1..10_i64.pow(digits)))
    }

    fn apr(random: &mut fastrand::Rng) -> Decimal {
        Decimal::new(random.i64(1..=10_000_000), 4)
    }

    /// Total of a loan in minor units.
    fn total(price: Decimal, apr: Decimal, months: u32) -> Decimal {
        let each = annuity(price, monthly_rate(apr), months).unwrap();
        Payments::capped(each, months, None).total().unwrap().round_dp(0)
    }

    #[test]
    fn a_loan_with_interest_never_costs_less_than_the_price_and_rises_with_the_rate() {
        draws(|random| {
            let (price, low, months) = (price(random), apr(random), random.u32(1..=600));
            let high = low + apr(random);
            let (cheap, dear) = (total(price, low, months), total(price, high, months));
            assert!(
                price <= cheap && cheap <= dear,
                "{price} over {months} months: {cheap} at {low} %, {dear} at {high} %"
            );
            assert!(effective_yearly(monthly_rate(low)).unwrap() >= low.round_dp(2));
        });
    }

    #[test]
    fn without_interest_exactly_the_price_is_paid_and_the_rate_is_none() {
        draws(|random| {
            let (price, months) = (price(random), random.u32(1..=600));
            assert_eq!(total(price, Decimal::ZERO, months), price);
            let payments = Payments::capped(annuity(price, Decimal::ZERO, months).unwrap(), months, None);
            assert_eq!(payments.rate_of_return(price), Some(Decimal::ZERO), "{price} over {months} months");
        });
    }

    #[test]
    fn the_rate_of_return_of_a_loan_is_its_effective_rate() {
        draws(|random| {
            let (price, months) = (price(random), random.u32(1..=120));
            let monthly = monthly_rate(Decimal::new(random.i64(1..=1_000_000), 4));
            let payments = Payments::capped(annuity(price, monthly, months).unwrap(), months, None);
            assert_eq!(payments.rate_of_return(price), effective_yearly(monthly), "{price} at {monthly} for {months}");
        });
    }

    #[test]
    fn a_share_of_income_ends_at_its_cap_or_its_last_month() {
        draws(|random| {
            let (yearly, months, cap) = (price(random), random.u32(1..=600), price(random));
            let each = yearly / Decimal::from(12);
            let payments = Payments::capped(each, months, Some(cap));
            let total = cap.min(each * Decimal::from(months));
            assert_eq!(payments.total().unwrap().round_dp(6), total.round_dp(6), "{payments:?} of {cap}");
            let until_cap = (cap * Decimal::from(12) / yearly).ceil();
            assert_eq!(Decimal::from(payments.duration()), until_cap.min(months.into()), "{payments:?} of {cap}");
        });
    }
}
