//! What a path is asked for with.

use async_graphql::{Enum, OneofObject};

/// What a path leads to.
#[derive(Debug, OneofObject)]
pub enum PathTarget {
    /// The slug of a career: the skills that it asks for.
    Career(String),
    /// The slug of a certification: the skills that it attests.
    Certification(String),
    /// Slugs of skills, 1 to 50.
    Skills(Vec<String>),
}

/// What a path is to keep small. Of paths that are equal in it, the one of fewer courses is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum PathAim {
    /// The sum of `duration.estimatedHours`. A course that states none is taken only where no others lead to the goal.
    Hours,
    /// The sum of `price` in the currency asked for. A course that states no price in it, or is a subscription, is taken
    /// only where no others lead to the goal.
    Price,
    /// The number of courses.
    Courses,
}
