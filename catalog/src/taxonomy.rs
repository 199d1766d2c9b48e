//! Skills, subjects and careers, by which listings are classified: import of the starter taxonomy.

pub mod import;
