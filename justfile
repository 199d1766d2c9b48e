# The commands people type. `just` lists them.

_default:
    @just --list

# Serve the starter catalogue with GraphiQL
run *arguments:
    cargo run --release -- {{ arguments }}

# Format, lint and check without running tests
check:
    cargo fmt --all
    cargo clippy --workspace --all-targets --locked -- -D warnings

# Run the tests whose names contain FILTER, on SQLite and PostgreSQL; all without one
test *filter:
    scripts/test --locked {{ filter }}

# Write schema.graphql and docs/schema.md anew
schema:
    cargo run --quiet --locked -- schema > schema.graphql
    cargo run --quiet --locked -- schema --markdown > docs/schema.md

# Everything that a change must pass
ci:
    .ci/run
