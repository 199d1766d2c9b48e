//! Tables of Lectern as SeaORM entities. Does not belong here: GraphQL, HTTP, and business rules.

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
