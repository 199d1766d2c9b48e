//! Everything around courses: providers, skills, careers, certifications, subjects.

use entity::*;

use super::words::{CAREERS, CERTIFICATES, CITIES, NAMES, SCHOOLS, SKILLS, SUBJECTS};
use super::{Catalogue, Chance, list, slug};

const CERTIFICATIONS: usize = 40;

impl Catalogue {
    pub(super) fn add_surroundings(&mut self, chance: &mut Chance) {
        self.add_taxonomy();
        self.add_providers(chance);
        self.add_certifications(chance);
    }

    fn add_taxonomy(&mut self) {
        let named = |names: &'static str| (1..).zip(list(names)).map(|(id, name)| (id, slug(name), name.to_owned()));
        self.subjects = named(SUBJECTS).map(|(id, slug, name)| subject::Model { id, slug, name }).collect();
        let careers = named(CAREERS).map(|(id, slug, title)| career::Model { id, slug, title, description: None });
        self.careers = careers.collect();
        let slugs = self.careers.iter().map(|row| career_slug::Model { slug: row.slug.clone(), career_id: row.id });
        self.career_slugs = slugs.collect();
        let skills = SKILLS.iter().flat_map(|(kind, names)| list(names).into_iter().map(|name| (*kind, name)));
        let skill = |(id, (kind, name)): (i64, (SkillKind, &str))| skill::Model {
            id,
            slug: slug(name),
            name: name.to_owned(),
            kind,
        };
        self.skills = (1..).zip(skills).map(skill).collect();
    }

    fn add_providers(&mut self, chance: &mut Chance) {
        let kinds = [ProviderKind::Bootcamp, ProviderKind::Platform, ProviderKind::University, ProviderKind::NonProfit];
        for name in
            list(NAMES).iter().flat_map(|name| list(SCHOOLS).into_iter().map(move |school| format!("{name} {school}")))
        {
            let id = self.providers.len() as i64 + 1;
            let (slug, kind) = (slug(&name), *chance.any(&kinds));
            self.provider_slugs.push(provider_slug::Model { slug: slug.clone(), provider_id: id });
            self.locations.push(location(id, chance.any(&CITIES)));
            let text = format!("{name} teaches people who change careers, in small groups and with its own staff. ");
            self.providers.push(provider::Model {
                id,
                kind,
                status: ProviderStatus::Active,
                description: Some(text.repeat(3)),
                url: Some(format!("https://{slug}.example.org/")),
                slug,
                name,
                logo: None,
                note: None,
                certificate_of_completion: chance.maybe(50, |_| true),
                free_retake_within_months: None,
                formats: chance.0.i32(0..16),
                schedules: 0,
                version: 1,
                created_at: chance.moment(),
                updated_at: chance.moment(),
            });
        }
    }

    fn add_certifications(&mut self, chance: &mut Chance) {
        for id in 1..=CERTIFICATIONS {
            let skill = &self.skills[id * 3];
            let name = format!("Certified {} {}", skill.name, chance.any(&list(CERTIFICATES)));
            let (slug, issuer) = (slug(&name), chance.any(&self.providers).id);
            let id = id as i64;
            self.certification_slugs.push(certification_slug::Model { slug: slug.clone(), certification_id: id });
            self.certification_skills.push(certification_skill::Model {
                certification_id: id,
                skill_id: skill.id,
                position: 0,
            });
            self.certifications.push(certification::Model {
                id,
                slug,
                description: Some(format!("An examination of three hours with practical tasks in {}.", skill.name)),
                name,
                kind: CertificationKind::Industry,
                status: ListingStatus::Published,
                issuer_id: issuer,
                exam_fee: chance.maybe(80, |chance| chance.0.i64(50..400) * 100),
                exam_fee_currency: None,
                valid_for_months: chance.maybe(60, |_| 36),
                url: None,
                version: 1,
                created_at: chance.moment(),
                updated_at: chance.moment(),
            });
        }
        for row in &mut self.certifications {
            row.exam_fee_currency = row.exam_fee.map(|_| "USD".to_owned());
        }
    }
}

fn location(provider_id: i64, city: &(&str, &str, &str, f64, f64)) -> provider_location::Model {
    let (city, region, country, latitude, longitude) = *city;
    provider_location::Model {
        provider_id,
        position: 0,
        city: Some(city.to_owned()),
        region: Some(region.to_owned()),
        country: Some(country.to_owned()),
        latitude: Some(latitude),
        longitude: Some(longitude),
    }
}
