//! What a learner wants, and which courses fit it best, each with its reasons. What must not go in: how conditions are
//! looked up in the index.

pub mod inputs;
