//! The figures of reviews, counted while they are made.

use entity::{ReviewStatus, ReviewVerification, course_rating, provider_rating, review};

/// A sum and how many it is of.
#[derive(Clone, Copy, Debug, Default)]
struct Part {
    count: i32,
    sum: i32,
}

impl Part {
    fn add(&mut self, rating: Option<i32>) {
        if let Some(rating) = rating {
            self.merge(Part { count: 1, sum: rating });
        }
    }

    fn merge(&mut self, other: Part) {
        self.count += other.count;
        self.sum += other.sum;
    }
}

/// The figures of some reviews.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Figures {
    pub(super) count: i32,
    stars: [i32; 5],
    curriculum: Part,
    instructors: Part,
    job_support: Part,
    verified: i32,
}

impl Figures {
    /// Counts a review, if it is shown.
    pub(super) fn add(&mut self, review: &review::Model) {
        if review.status != ReviewStatus::Published {
            return;
        }
        self.count += 1;
        if let Some(stars) = usize::try_from(review.rating - 1).ok().and_then(|place| self.stars.get_mut(place)) {
            *stars += 1;
        }
        self.curriculum.add(review.curriculum);
        self.instructors.add(review.instructors);
        self.job_support.add(review.job_support);
        self.verified += i32::from(review.verification != ReviewVerification::None);
    }

    /// Counts the reviews of another one too.
    pub(super) fn merge(&mut self, other: &Figures) {
        self.count += other.count;
        self.stars.iter_mut().zip(other.stars).for_each(|(stars, more)| *stars += more);
        self.curriculum.merge(other.curriculum);
        self.instructors.merge(other.instructors);
        self.job_support.merge(other.job_support);
        self.verified += other.verified;
    }
}

macro_rules! rows {
    ($($name:ident: $row:ident.$owner:ident;)+) => {
        impl Figures {
            $(/// As they are kept.
            pub(super) fn $name(&self, $owner: i64) -> $row::Model {
                let [stars1, stars2, stars3, stars4, stars5] = self.stars;
                $row::Model {
                    $owner,
                    count: self.count,
                    stars1,
                    stars2,
                    stars3,
                    stars4,
                    stars5,
                    curriculum_count: self.curriculum.count,
                    curriculum_sum: self.curriculum.sum,
                    instructors_count: self.instructors.count,
                    instructors_sum: self.instructors.sum,
                    job_support_count: self.job_support.count,
                    job_support_sum: self.job_support.sum,
                    verified_count: self.verified,
                }
            })+
        }
    };
}

rows! {
    of_course: course_rating.course_id;
    of_provider: provider_rating.provider_id;
}
