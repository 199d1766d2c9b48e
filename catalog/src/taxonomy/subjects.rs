//! Import of subjects.

use entity::subject;

use super::section::{Item, LoggedItem, Section};
use super::state::TaxonomyImport;
use crate::error::Result;
use crate::input::InputReader;
use crate::input::text::{MAX_NAME_CHARS, line};
use crate::write::{Mentions, Target};

/// Reads one item of the section: its name.
pub(super) fn read(reader: &mut InputReader<'_>) -> Option<Item<String>> {
    Item::read(reader, "slug", &[], |reader| reader.required("name", line(MAX_NAME_CHARS)))
}

/// Writes all items of the section.
pub(super) async fn write(import: &mut TaxonomyImport<'_>, items: Vec<Item<String>>) -> Result<()> {
    let mentions = Mentions::default();
    let mut section = Section::<subject::Entity>::load(import, Target::Subject, &[], &items, mentions).await?;
    for item in items {
        let Some(id) = section.assign_id(import, &item) else { continue };
        let row = subject::Model { id, slug: item.slug.clone(), name: item.fields };
        section.set(import, LoggedItem::internal(id, item.slug), row, false);
    }
    section.write(import).await.map(drop)
}
