//! Rating summaries as rows: many are inserted at once, where every other writer updates those of one course.

use entity::{course_rating, provider_rating};

use crate::rating::Figures;

macro_rules! rows {
    ($($(#[$doc:meta])* $name:ident: $table:ident.$owner:ident;)+) => {$(
        $(#[$doc])*
        pub(super) fn $name($owner: i64, figures: Figures) -> $table::Model {
            let [count, stars1, stars2, stars3, stars4, stars5, parts @ .., verified_count] = figures.columns();
            let [curriculum_count, curriculum_sum, instructors_count, instructors_sum, job_support_count, job_support_sum] =
                parts;
            $table::Model {
                $owner,
                count,
                stars1,
                stars2,
                stars3,
                stars4,
                stars5,
                curriculum_count,
                curriculum_sum,
                instructors_count,
                instructors_sum,
                job_support_count,
                job_support_sum,
                verified_count,
            }
        }
    )+};
}

rows! {
    /// Summary of a course.
    of_course: course_rating.course_id;
    /// Summary of a provider.
    of_provider: provider_rating.provider_id;
}
