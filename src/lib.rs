//! Lectern: a GraphQL API for a catalogue of courses and bootcamps.

pub mod app;
pub mod changelog;
pub mod cli;
pub mod clock;
pub mod config;
pub mod course;
pub mod database;
pub mod dictionary;
pub mod error;
pub mod follower;
pub mod graphql;
pub mod http;
pub mod live;
pub mod metrics;
pub mod rating;
pub mod search;
pub mod start;
pub mod text;
pub mod values;
