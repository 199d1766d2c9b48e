//! Sort orders of courses. Every key becomes a number, its rank: lower ranks come first. Does not belong here: where the
//! keys come from.

use tantivy::columnar::MonotonicallyMappableToU64;

/// Order of courses. Courses without a value come last in both directions, and ties are broken by ID.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Order {
    /// Sort key.
    pub by: SortKey,
    /// Whether the largest value comes first.
    pub descending: bool,
}

/// Sort key of courses.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum SortKey {
    /// Relevance to the search text.
    Relevance,
    /// Score of their reviews.
    Rating,
    /// Number of reviews.
    ReviewCount,
    /// Share of graduates employed in the field.
    Employment,
    /// Price in this currency. Courses in other currencies come last.
    Price(String),
    /// Hours of study.
    Duration,
    /// Number of mentoring sessions.
    MentoringSessions,
    /// First start that is open on this day, in days since 1970. On-demand courses have no start.
    NextStart(i64),
    /// Title.
    Title,
    /// Time of publication.
    PublishedAt,
    /// Time of the last change.
    UpdatedAt,
}

/// Rank of a course without a value.
pub(super) const ABSENT: u64 = u64::MAX;

impl Order {
    /// Name in cursors, which tells cursors of different orders apart. It omits the day, so that paging can continue
    /// after midnight.
    pub fn name(&self) -> String {
        let by = match &self.by {
            SortKey::Relevance => "Relevance",
            SortKey::Rating => "Rating",
            SortKey::ReviewCount => "ReviewCount",
            SortKey::Employment => "Employment",
            SortKey::Price(currency) => &format!("Price({currency:?})"),
            SortKey::Duration => "Duration",
            SortKey::MentoringSessions => "MentoringSessions",
            SortKey::NextStart(_) => "NextStart",
            SortKey::Title => "Title",
            SortKey::PublishedAt => "PublishedAt",
            SortKey::UpdatedAt => "UpdatedAt",
        };
        format!("{by}:{}", if self.descending { "DESC" } else { "ASC" })
    }

    /// Work units for reading the key of a course.
    pub(super) fn work(&self) -> u64 {
        if matches!(self.by, SortKey::NextStart(_)) { 10 } else { 4 }
    }

    /// Rank of a key.
    pub(super) fn rank(&self, key: Option<u64>) -> u64 {
        let directed = |key: u64| if self.descending { !key } else { key };
        // No key is so close to the maximum that it would collide with another one.
        key.map_or(ABSENT, |key| directed(key).min(ABSENT - 1))
    }

    /// Rank of a score.
    pub(super) fn rank_of_score(&self, score: f32) -> u64 {
        self.rank(Some(f64::from(score).to_u64()))
    }
}

#[cfg(test)]
mod tests {
    use super::{Order, SortKey::*};

    #[test]
    fn the_names_in_cursors_stay() {
        let keys = [Relevance, Rating, ReviewCount, Employment, Price("EUR".to_owned()), Duration, MentoringSessions];
        let keys = keys.into_iter().chain([NextStart(20_000), Title, PublishedAt, UpdatedAt]);
        let names: Vec<String> = keys.map(|by| Order { by, descending: true }.name()).collect();
        let expected = "Relevance:DESC Rating:DESC ReviewCount:DESC Employment:DESC Price(\"EUR\"):DESC Duration:DESC \
                        MentoringSessions:DESC NextStart:DESC Title:DESC PublishedAt:DESC UpdatedAt:DESC";
        assert_eq!(names.join(" "), expected);
        assert_eq!(Order { by: Title, descending: false }.name(), "Title:ASC");
    }
}
