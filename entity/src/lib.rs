//! The tables of Lectern as SeaORM entities. What must not go in: anything of GraphQL or HTTP, and business rules.

#[macro_use]
mod table;

mod accounts;
mod courses;
mod enums;
mod log;
mod outcomes;
mod providers;
mod reviews;
mod taxonomy;

pub use accounts::*;
pub use courses::*;
pub use enums::*;
pub use log::*;
pub use outcomes::*;
pub use providers::*;
pub use reviews::*;
pub use taxonomy::*;
