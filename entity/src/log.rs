//! The change log and the one row that its positions are counted in.

table! {
    /// The catalogue itself: which one it is, and the position of its last change. One row.
    catalogue = "catalogue" {
        #[sea_orm(primary_key, auto_increment = false)] id: i32,
        uid: String, position: i64,
    }
}

table! {
    /// One change. `event` is what the public sees of it, null where it sees nothing. `mark` is a
    /// random number: the same position of another history has another one.
    change = "change" {
        #[sea_orm(primary_key, auto_increment = false)] position: i64,
        at: DateTimeUtc, actor: String, action: String,
        listing_type: ListingType, listing_id: i64, slug: String, provider_id: Option<i64>,
        event: Option<ChangeKind>, fields: Option<Json>, mark: Option<i64>,
    }
}
