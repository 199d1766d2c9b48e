//! The change log, and the row that counts its positions.

table! {
    /// Identity of the catalogue, and the position of its last change. One row.
    catalogue = "catalogue" {
        #[sea_orm(primary_key, auto_increment = false)] id: i32,
        uid: String, position: i64,
    }
}

table! {
    /// Change. `event` is its public effect, null if it has none. `mark` is a random number, which distinguishes the
    /// same position in different histories.
    change = "change" {
        #[sea_orm(primary_key, auto_increment = false)] position: i64,
        at: DateTimeUtc, actor: String, action: String,
        listing_type: ListingType, listing_id: i64, slug: String, provider_id: Option<i64>,
        event: Option<ChangeKind>, fields: Option<Json>, mark: Option<i64>,
    }
}
