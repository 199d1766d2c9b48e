//! The parts of GraphQL that all slices share: the schema, IDs, connections, scalars and limits.

mod answer_meter;
pub mod connection;
pub mod context;
pub mod documents;
pub mod enums;
pub mod ids;
pub mod inputs;
pub mod limits;
pub mod loaders;
pub mod mutation_ext;
pub mod names;
pub mod payload;
pub mod reference;
pub mod scalars;
pub mod schema;
pub mod shapes;
pub mod untyped_input;
