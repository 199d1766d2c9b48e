//! How tests start the application and talk to it.

mod app;
mod catalogue;
mod clock;
mod command;
mod database;
pub mod feed;
pub mod page;
pub mod people;
pub mod process;
pub mod provider;
mod raw;
pub mod reviewed_course;
pub mod row_writer;
pub mod small_catalogue;
pub mod socket;
pub mod workbook;

pub use app::{App, Stage, client, settings_of};
pub use catalogue::{Catalogue, entry, global_id, next_id, now};
pub use command::{Program, end};
pub use database::{Backend, Replica, TestDatabase, waiting};
pub use people::People;
pub use raw::raw;

/// Runs each test twice, on SQLite and on PostgreSQL, each time on a separate catalogue. A test takes the running
/// application, or a stage to start it on; `#![empty]` before the tests starts it with an empty catalogue.
#[macro_export]
macro_rules! on_both {
    (#![empty] $($rest:tt)+) => { $crate::on_both! { @with "seed = 'none'"; $($rest)+ } };
    (@with $settings:literal; $($(#[$meta:meta])* async fn $name:ident($given:ident: $kind:ty) $body:block)+) => {$(
        mod $name {
            #[allow(unused_imports, reason = "a test may use none of its module's imports")]
            use super::*;

            async fn test($given: $kind) $body

            $(#[$meta])*
            #[test]
            fn sqlite() {
                <$kind>::run($crate::support::Backend::Sqlite, $settings, test);
            }

            $(#[$meta])*
            #[test]
            fn postgres() {
                <$kind>::run($crate::support::Backend::Postgres, $settings, test);
            }
        }
    )+};
    ($($rest:tt)+) => { $crate::on_both! { @with ""; $($rest)+ } };
}

/// Like `on_both!`, on SQLite only: for behaviour that does not depend on the database. Settings, in the form of
/// lectern.toml, may precede a test.
#[macro_export]
macro_rules! on_sqlite {
    ($($(settings($settings:literal))? async fn $name:ident($app:ident: App) $body:block)+) => {$(
        #[test]
        fn $name() {
            async fn test($app: App) $body
            $crate::support::App::run($crate::support::Backend::Sqlite, concat!($($settings)?), test);
        }
    )+};
}
