//! Providers: the way in which an operator puts one into the catalogue.

mod details;

use entity::{ProviderKind, ProviderStatus, provider, provider_rating, provider_slug};

use sea_orm::ActiveValue::Set;

use self::details::Details;
use super::work::{Done, Mark, Work};
use crate::error::Result;
use crate::form::text::{DESCRIPTION, NAME, NOTE, line, prose, slug};
use crate::form::value::{boolean, member, web_address, whole};
use crate::form::{FaultCode, Form, Said};
use crate::write::{LinkSet, LinkTable, Mentions, NamedLinks, References, Target, insert, put, rows, save};

const LINKS: [LinkTable; 1] = [LinkTable::citations("provider_id")];

/// A checked provider.
pub(crate) struct Draft {
    at: Vec<String>,
    slug: String,
    name: String,
    kind: ProviderKind,
    status: Option<ProviderStatus>,
    description: Said<String>,
    url: Said<String>,
    logo: Said<String>,
    note: Said<String>,
    policies: Said<Policies>,
    formats: Said<i32>,
    schedules: Said<i32>,
    details: details::Draft,
    links: NamedLinks,
}

#[derive(Default)]
struct Policies {
    certificate_of_completion: Option<bool>,
    free_retake_within_months: Option<i32>,
}

/// Reads one item.
pub(crate) fn read(form: &mut Form<'_>) -> Option<Draft> {
    let (name, title) = (form.required("slug", slug), form.required("name", line(NAME)));
    let kind = form.required("kind", member);
    // What may end the reading comes last: each field has to be asked for, or it would pass for an unknown one.
    Some(Draft {
        at: form.path(),
        status: form.kept("status", member),
        description: form.said("description", prose(DESCRIPTION)),
        url: form.said("url", web_address),
        logo: form.said("logo", web_address),
        note: form.said("note", line(NOTE)),
        policies: form.part("policies", policies),
        formats: form.list("formats", 10, member).map(|set| entity::mask::<entity::Format>(&set)),
        schedules: form.list("schedules", 10, member).map(|set| entity::mask::<entity::Schedule>(&set)),
        details: details::read(form),
        links: NamedLinks::read(form, &LINKS),
        slug: name?,
        name: title?,
        kind: kind?,
    })
}

fn policies(form: &mut Form<'_>) -> Option<Policies> {
    Some(Policies {
        certificate_of_completion: form.said("certificateOfCompletion", boolean).value(),
        free_retake_within_months: form.said("freeRetakeWithinMonths", whole(0..=1200)).value(),
    })
}

/// Writes the section.
pub(crate) async fn write(work: &mut Work<'_>, drafts: Vec<Draft>) -> Result<()> {
    let mut mentions = Mentions::of(Target::Provider, drafts.iter().map(|draft| &draft.slug));
    drafts.iter().for_each(|draft| draft.links.mention(&mut mentions));
    let mut known = References::load(work.db, mentions).await?;
    let own = known.ids(Target::Provider);
    let before = rows::<provider::Entity>(work.db, own.clone()).await?;
    let mut links = LinkSet::load(work.db, Target::Provider, &LINKS, &own).await?;
    let mut details = Details::load(work.db, &own).await?;
    let (mut changed, mut slugs, mut ratings) = (Vec::new(), Vec::new(), Vec::new());
    for mut draft in drafts {
        let Some(id) = work.place(&mut known, Target::Provider, &draft.at, &draft.slug) else { continue };
        let before = before.get(&id);
        draft.check_status(work, before);
        let found = links.resolve(id, &draft.links, &known, &draft.at, &mut work.faults);
        let linked = links.want(id, found);
        let detailed = details.want(id, std::mem::take(&mut draft.details));
        let row = draft.over(id, before, work, linked || detailed);
        let differs = before != Some(&row);
        if before.is_none() {
            slugs.push(provider_slug::Model { slug: row.slug.clone(), provider_id: id });
            ratings.push(provider_rating::ActiveModel { provider_id: Set(id), ..Default::default() });
        }
        let public = row.status == ProviderStatus::Active;
        work.listed(
            Done { target: Target::Provider, id, slug: &row.slug, mark: Mark::of(before, differs) },
            Some(id),
            public,
        );
        changed.extend(differs.then_some(row));
    }
    save::<provider::Entity>(work.db, changed).await?;
    insert::<provider_slug::Entity>(work.db, slugs).await?;
    put(work.db, ratings, None).await?;
    details.write(work.db).await?;
    links.write(work.db, &work.writer.ids).await
}

impl Draft {
    /// A provider's status decides what becomes of all its listings, so it is decided on its own and not in passing.
    fn check_status(&self, work: &mut Work<'_>, before: Option<&provider::Model>) {
        if let (Some(status), Some(before)) = (self.status, before)
            && status != before.status
        {
            let path: Vec<String> = self.at.iter().cloned().chain(["status".to_owned()]).collect();
            work.fault(
                &path,
                FaultCode::NotAllowed,
                "an import does not change the status of a provider that is there",
            );
        }
    }

    fn over(self, id: i64, before: Option<&provider::Model>, work: &Work<'_>, more: bool) -> provider::Model {
        let now = work.writer.now();
        let policies = before.map(|row| Policies {
            certificate_of_completion: row.certificate_of_completion,
            free_retake_within_months: row.free_retake_within_months,
        });
        let policies = self.policies.over(policies).unwrap_or_default();
        let row = provider::Model {
            id,
            slug: before.map_or(self.slug, |row| row.slug.clone()),
            name: self.name,
            kind: self.kind,
            status: before.map_or(self.status.unwrap_or(ProviderStatus::Active), |row| row.status),
            description: self.description.over(before.and_then(|row| row.description.clone())),
            url: self.url.over(before.and_then(|row| row.url.clone())),
            logo: self.logo.over(before.and_then(|row| row.logo.clone())),
            note: self.note.over(before.and_then(|row| row.note.clone())),
            certificate_of_completion: policies.certificate_of_completion,
            free_retake_within_months: policies.free_retake_within_months,
            formats: self.formats.over(before.map(|row| row.formats)).unwrap_or_default(),
            schedules: self.schedules.over(before.map(|row| row.schedules)).unwrap_or_default(),
            version: before.map_or(1, |row| row.version),
            created_at: before.map_or(now, |row| row.created_at),
            updated_at: before.map_or(now, |row| row.updated_at),
        };
        match before {
            Some(before) if more || before != &row => {
                provider::Model { version: before.version + 1, updated_at: now, ..row }
            }
            Some(_) | None => row,
        }
    }
}
