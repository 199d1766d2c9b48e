//! How a table is written down: its columns, and nothing else.

/// One table as a SeaORM entity in a module of its own. Joins are written where they are needed, so no entity
/// declares relations.
macro_rules! table {
    ($(#[$doc:meta])* $module:ident = $name:literal { $($(#[$attribute:meta])* $column:ident: $type:ty),+ $(,)? }) => {
        $(#[$doc])*
        #[allow(missing_docs, reason = "the columns are those of the migration, their meaning stands in the schema")]
        pub mod $module {
            #[allow(unused_imports, reason = "not every table has a column of each kind")]
            use crate::enums::*;
            use sea_orm::entity::prelude::*;

            #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
            #[sea_orm(table_name = $name)]
            pub struct Model { $($(#[$attribute])* pub $column: $type),+ }

            #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
            pub enum Relation {}

            impl ActiveModelBehavior for ActiveModel {}
        }
    };
}

/// A join table: whose link it is, what it leads to, and its place in the owner's order, from 0.
macro_rules! link {
    ($module:ident = $name:literal { $owner:ident, $target:ident }) => {
        table! {
            /// A join table: owner, target, place in the owner's order from 0.
            $module = $name {
                #[sea_orm(primary_key, auto_increment = false)] $owner: i64,
                #[sea_orm(primary_key, auto_increment = false)] $target: i64,
                position: i32,
            }
        }
    };
}

/// Every slug that a listing has or had.
macro_rules! slugs {
    ($module:ident = $name:literal { $owner:ident }) => {
        table! {
            /// Every slug that a listing of this type has or had.
            $module = $name {
                #[sea_orm(primary_key, auto_increment = false)] slug: String,
                $owner: i64,
            }
        }
    };
}

/// The figures of the reviews of one course or provider.
macro_rules! rating {
    ($module:ident = $name:literal { $owner:ident }) => {
        table! {
            /// The figures of all published reviews, written with each review.
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
