//! Lectern: a GraphQL API for a catalogue of courses and bootcamps.

pub mod app;
pub mod cli;
pub mod config;
mod export_lines;
pub mod graphql;
pub mod http;
pub mod metrics;
pub mod signals;
pub mod start;
pub mod state;
pub mod telemetry;
