//! True cost of a course: for each way to pay, the total, the duration, the effective rate, and when a raise has paid
//! it back. Nothing is stored; everything is computed from the listing. Facts of listings do not belong here.

pub mod arithmetic;
pub mod bill;
pub mod break_even;
pub mod income;
pub mod price;
