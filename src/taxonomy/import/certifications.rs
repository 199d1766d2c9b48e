//! Certifications.

use entity::{CertificationKind, ProviderStatus, certification, certification_slug, provider};

use super::work::{Done, Mark, Work};
use crate::error::Result;
use crate::form::text::{DESCRIPTION, NAME, line, prose, slug};
use crate::form::value::{member, money, web_address, whole};
use crate::form::{Form, Said};
use crate::values::Money;
use crate::write::{LinkSet, LinkTable, Mentions, NamedLinks, References, Target, insert, rows, save};

const LINKS: [LinkTable; 3] = [
    LinkTable::new("skills", "certification_skill", "certification_id", "skill_id", Target::Skill),
    LinkTable::new("careers", "certification_career", "certification_id", "career_id", Target::Career),
    LinkTable::citations("certification_id"),
];

/// A checked certification.
pub(super) struct Draft {
    at: Vec<String>,
    slug: String,
    name: String,
    kind: CertificationKind,
    issuer: String,
    description: Said<String>,
    exam_fee: Said<Money>,
    valid_for_months: Said<i32>,
    url: Said<String>,
    links: NamedLinks,
}

/// Reads one item.
pub(super) fn read(form: &mut Form<'_>) -> Option<Draft> {
    let (name, title) = (form.required("slug", slug), form.required("name", line(NAME)));
    let (kind, issuer) = (form.required("kind", member), form.required("issuer", slug));
    let description = form.said("description", prose(DESCRIPTION));
    let exam_fee = form.part("examFee", money);
    let valid_for_months = form.said("validForMonths", whole(1..=1200));
    let url = form.said("url", web_address);
    let links = NamedLinks::read(form, &LINKS);
    let (at, slug, name, kind, issuer) = (form.path(), name?, title?, kind?, issuer?);
    Some(Draft { at, slug, name, kind, issuer, description, exam_fee, valid_for_months, url, links })
}

/// Writes the section.
pub(super) async fn write(work: &mut Work<'_>, drafts: Vec<Draft>) -> Result<()> {
    let mut known = References::load(work.db, mentions(&drafts)).await?;
    let own = known.ids(Target::Certification);
    let before = rows::<certification::Entity>(work.db, own.clone()).await?;
    let issuers = rows::<provider::Entity>(work.db, known.ids(Target::Provider)).await?;
    let mut links = LinkSet::load(work.db, Target::Certification, &LINKS, &own).await?;
    let (mut changed, mut slugs) = (Vec::new(), Vec::new());
    for draft in drafts {
        let issuer = work.resolve_one(&known, Target::Provider, &draft.issuer, &draft.at, "issuer");
        let id = work.place(&mut known, Target::Certification, &draft.at, &draft.slug);
        let (Some(issuer), Some(id)) = (issuer, id) else { continue };
        let before = before.get(&id);
        let found = links.resolve(id, &draft.links, &known, &draft.at, &mut work.faults);
        let linked = links.want(id, found);
        let row = draft.over(id, issuer, before, work, linked);
        let differs = before != Some(&row);
        if before.is_none() {
            slugs.push(certification_slug::Model { slug: row.slug.clone(), certification_id: id });
        }
        let public = issuers.get(&issuer).is_some_and(|row| row.status == ProviderStatus::Active);
        work.listed(
            Done { target: Target::Certification, id, slug: &row.slug, mark: Mark::of(before, differs) },
            Some(issuer),
            public,
        );
        changed.extend(differs.then_some(row));
    }
    save::<certification::Entity>(work.db, changed).await?;
    insert::<certification_slug::Entity>(work.db, slugs).await?;
    links.write(work.db, &work.writer.ids).await
}

fn mentions(drafts: &[Draft]) -> Mentions {
    let mut mentions = Mentions::of(Target::Certification, drafts.iter().map(|draft| &draft.slug));
    mentions.add(Target::Provider, drafts.iter().map(|draft| &draft.issuer));
    drafts.iter().for_each(|draft| draft.links.mention(&mut mentions));
    mentions
}

impl Draft {
    fn over(
        self,
        id: i64,
        issuer_id: i64,
        before: Option<&certification::Model>,
        work: &Work<'_>,
        linked: bool,
    ) -> certification::Model {
        let now = work.writer.now();
        let exam_fee = before.and_then(|row| Money::stored(row.exam_fee, row.exam_fee_currency.as_deref()));
        let exam_fee = self.exam_fee.over(exam_fee);
        let row = certification::Model {
            id,
            slug: before.map_or(self.slug, |row| row.slug.clone()),
            name: self.name,
            kind: self.kind,
            issuer_id,
            description: self.description.over(before.and_then(|row| row.description.clone())),
            exam_fee: exam_fee.map(|fee| fee.minor),
            exam_fee_currency: exam_fee.map(|fee| fee.currency.code().to_owned()),
            valid_for_months: self.valid_for_months.over(before.and_then(|row| row.valid_for_months)),
            url: self.url.over(before.and_then(|row| row.url.clone())),
            version: before.map_or(1, |row| row.version),
            created_at: before.map_or(now, |row| row.created_at),
            updated_at: before.map_or(now, |row| row.updated_at),
        };
        match before {
            Some(before) if linked || before != &row => {
                certification::Model { version: before.version + 1, updated_at: now, ..row }
            }
            Some(_) | None => row,
        }
    }
}
