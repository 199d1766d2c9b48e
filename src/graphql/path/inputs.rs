//! Input types of learning paths.

use async_graphql::{Enum, OneofObject};

/// Target of a learning path.
#[derive(Debug, OneofObject)]
pub enum PathTarget {
    /// Slug of a career. The path covers the skills that it requires.
    Career(String),
    /// Slug of a certification. The path covers the skills that it attests.
    Certification(String),
    /// Slugs of skills, 1 to 50.
    Skills(Vec<String>),
}

/// Quantity that a path minimises. Among equal paths, the one with fewer courses wins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum PathAim {
    /// Sum of `duration.estimatedHours`. A course that states none is taken only if no others lead to the goal.
    Hours,
    /// Sum of `price` in the requested currency. A course without a price in it, or with a subscription, is taken only
    /// if no others lead to the goal.
    Price,
    /// Number of courses.
    Courses,
}
