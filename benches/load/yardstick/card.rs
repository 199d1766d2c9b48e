//! Course as shown in a list.

use super::json::{Json, Price};

/// Appended to the statement that selects the IDs and positions of the page. Runs for 21 courses at most.
pub const CARDS: &str = "
select c.id, c.slug, c.title, c.summary, c.kind, c.level, c.pricing_category, c.price, c.price_currency, c.price_per,
       p.slug as provider_slug, p.name as provider_name, coalesce(r.count, 0) as reviews,
       coalesce(r.stars1 + 2 * r.stars2 + 3 * r.stars3 + 4 * r.stars4 + 5 * r.stars5, 0) as stars,
       (select string_agg(s.slug || '\u{1f}' || s.name, '\u{1e}' order by l.position)
        from course_skill l join skill s on s.id = l.skill_id where l.course_id = c.id) as skills
from page join course c on c.id = page.id join provider p on p.id = c.provider_id
left join course_rating r on r.course_id = c.id order by page.place, page.id";

row! {
    pub struct Card<'r> {
        pub id: i64,
        slug: &'r str,
        pub title: &'r str,
        summary: Option<&'r str>,
        kind: &'r str,
        level: Option<&'r str>,
        pricing_category: Option<&'r str>,
        price: Option<i64>,
        price_currency: Option<&'r str>,
        price_per: Option<&'r str>,
        provider_slug: &'r str,
        provider_name: &'r str,
        pub reviews: i32,
        pub stars: i32,
        skills: Option<&'r str>,
    }
}

impl Card<'_> {
    /// Columns that determine the price.
    pub fn price(&self) -> Price<'_> {
        let (category, per) = (self.pricing_category, self.price_per);
        Price { category, per, minor: self.price, currency: self.price_currency }
    }
}

pub fn write(json: &mut Json, card: &Card<'_>) {
    json.raw("{\"id\":").id("Course", card.id).raw(",\"slug\":").word(card.slug);
    json.raw(",\"title\":").value(card.title).raw(",\"summary\":").value(&card.summary);
    json.raw(",\"kind\":").word(card.kind).raw(",\"level\":").word_or_null(card.level);
    json.raw(",\"price\":").price(&card.price());
    json.raw(",\"provider\":{\"slug\":").word(card.provider_slug).raw(",\"name\":").value(card.provider_name);
    json.raw("},\"skills\":").objects(card.skills, &["slug", "name"]);
    json.raw(",\"ratings\":").ratings(card.reviews, card.stars).raw("}");
}
