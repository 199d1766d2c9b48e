//! Macros that declare tables by their columns.

/// Declares a table as a SeaORM entity in a module of its own. Joins are written where they are needed, so entities
/// declare no relations.
macro_rules! table {
    ($(#[$doc:meta])* $module:ident = $name:literal { $($(#[$attribute:meta])* $column:ident: $type:ty),+ $(,)? }) => {
        $(#[$doc])*
        #[allow(missing_docs, reason = "the columns are those of the migration, their meaning stands in the schema")]
        pub mod $module {
            #[allow(unused_imports, reason = "not every table has a column of each kind")]
            use crate::enums::*;
            use sea_orm::entity::prelude::*;

            #[derive(Clone, Debug, Default, PartialEq, DeriveEntityModel)]
            #[sea_orm(table_name = $name)]
            pub struct Model { $($(#[$attribute])* pub $column: $type),+ }

            #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
            pub enum Relation {}

            impl ActiveModelBehavior for ActiveModel {}
        }
    };
}

/// Declares a join table: owner, target, and position in the owner's order, from 0.
macro_rules! link {
    ($module:ident = $name:literal { $owner:ident, $target:ident }) => {
        table! {
            /// Join table: owner, target, position in the owner's order from 0.
            $module = $name {
                #[sea_orm(primary_key, auto_increment = false)] $owner: i64,
                #[sea_orm(primary_key, auto_increment = false)] $target: i64,
                position: i32,
            }
        }
    };
}

/// Declares a table of all current and former slugs of a kind of listing.
macro_rules! slugs {
    ($module:ident = $name:literal { $owner:ident }) => {
        table! {
            /// All current and former slugs of this kind of listing.
            $module = $name {
                #[sea_orm(primary_key, auto_increment = false)] slug: String,
                $owner: i64,
            }
        }
    };
}

/// Declares a table of rating summaries of courses or providers.
macro_rules! rating {
    ($module:ident = $name:literal { $owner:ident }) => {
        table! {
            /// Summary of all published reviews, updated with each review.
            $module = $name {
                #[sea_orm(primary_key, auto_increment = false)] $owner: i64,
                count: i32,
                stars1: i32, stars2: i32, stars3: i32, stars4: i32, stars5: i32,
                curriculum_count: i32, curriculum_sum: i32,
                instructors_count: i32, instructors_sum: i32,
                job_support_count: i32, job_support_sum: i32,
                verified_count: i32,
            }
        }
    };
}
