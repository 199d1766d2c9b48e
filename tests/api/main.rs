//! Black-box tests: everything comes in through HTTP, against the application that `main` starts, on SQLite and on
//! PostgreSQL. `scripts/test` runs them; PostgreSQL is found by TEST_POSTGRES_URL.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that meets the unexpected is to fail")]
#![recursion_limit = "256"]
#![allow(dead_code, reason = "not every helper is used by every test")]

#[macro_use]
mod support;

mod answers;
mod auth_commands;
mod auth_external;
mod auth_keys;
mod auth_leaving;
mod auth_limits;
mod auth_mail;
mod auth_sign_in;
mod auth_tokens;
mod certifications_write;
mod changelog;
mod changes;
mod choosing;
mod compare;
mod completeness;
mod copy;
mod costs;
mod courses_facets;
mod courses_filter;
mod courses_order;
mod courses_publish;
mod courses_ranges;
mod courses_write;
mod demo;
mod drafts;
mod follower;
mod graph;
mod health;
mod history;
mod http_accept;
mod http_body;
mod http_cache;
mod http_graphiql;
mod http_raw;
mod http_values;
mod idempotency;
mod import;
mod import_courses;
mod import_csv;
mod import_http;
mod import_retire;
mod import_taxonomy;
mod json_ld;
mod killed;
mod layout;
mod limits_cost;
mod limits_documents;
mod log;
mod lookups;
mod matching;
mod members;
mod metrics;
mod migrations;
mod offerings;
mod offerings_write;
mod outcomes;
mod pages;
mod path;
mod permissions;
mod providers_guide;
mod providers_write;
mod questions;
mod ratings;
mod readme;
mod reindex;
mod relaxations;
mod replica;
mod reviews_guide;
mod reviews_list;
mod reviews_moderation;
mod reviews_verify;
mod reviews_write;
mod schedule;
mod schema;
mod search_forgiving;
mod search_text;
mod searching;
mod service_tokens;
mod similar;
mod start;
mod starter;
mod statements;
mod stop;
mod stuck;
mod subscriptions;
mod suggestions;
mod unstated;
mod visibility;
