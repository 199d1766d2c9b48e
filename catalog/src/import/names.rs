//! Names in a foreign file, which refers to partners, subjects and the like by name. Does not belong here: Lectern's
//! own formats, which use slugs.

use std::collections::HashMap;

use entity::{career, certification, provider, provider_slug, skill, skill_alias, subject};
use sea_orm::{DatabaseConnection, DatabaseTransaction, EntityTrait};
use search::folding::fold;
use serde_json::{Value, json};

use super::mapping::{Create, Mapping};
use crate::course::write::ImportRow;
use crate::error::{AppError, Result};
use crate::input::text::{MAX_NAME_CHARS, line, truncate};
use crate::input::{Fields, ValidationCode, ValidationError};
use crate::taxonomy::import_fields;
use crate::write::{Target, Writer, slugs};

/// Fields whose items are names, with the section of a taxonomy document that creates them.
const FIELDS: [(&str, Target, &str); 5] = [
    ("partners", Target::Provider, "providers"),
    ("subjects", Target::Subject, "subjects"),
    ("skills", Target::Skill, "skills"),
    ("careers", Target::Career, "careers"),
    ("certifications", Target::Certification, "certifications"),
];

/// Whether the items of a field are names, which are looked up.
pub(super) fn is_name(field: &str) -> bool {
    FIELDS.iter().any(|(name, _, _)| *name == field)
}

/// What may be created for names that nothing has.
#[derive(Clone, Copy, Debug)]
pub(super) struct NameCreation {
    /// Whether partners are created.
    pub partners: bool,
    /// Whether subjects, skills and the like are created.
    pub others: bool,
}

/// Slugs by name.
pub(super) struct NameIndex {
    mapping: Option<Mapping>,
    slugs: HashMap<(Target, String), String>,
}

/// Things that a batch must create first.
#[derive(Debug, Default)]
pub(super) struct MissingNames(Vec<MissingName>);

#[derive(Debug)]
struct MissingName {
    target: Target,
    section: &'static str,
    name: String,
    slug: String,
    kind: Option<String>,
}

impl NameIndex {
    /// Loads the names that a mapping may refer to.
    pub(super) async fn load(db: &DatabaseConnection, mapping: Option<&Mapping>) -> Result<Self> {
        let mut names = Self { mapping: mapping.cloned(), slugs: HashMap::new() };
        if mapping.is_none() {
            return Ok(names);
        }
        let skills = skill::Entity::find().all(db).await?;
        let by_id: HashMap<i64, String> = skills.iter().map(|row| (row.id, row.slug.clone())).collect();
        for alias in skill_alias::Entity::find().all(db).await? {
            names.learn(Target::Skill, &alias.alias, by_id.get(&alias.skill_id).map_or("", String::as_str));
        }
        skills.iter().for_each(|row| names.learn(Target::Skill, &row.name, &row.slug));
        let providers = provider::Entity::find().all(db).await?;
        let by_id: HashMap<i64, &str> = providers.iter().map(|row| (row.id, row.slug.as_str())).collect();
        for old in provider_slug::Entity::find().all(db).await? {
            names.learn(Target::Provider, &old.slug, by_id.get(&old.provider_id).copied().unwrap_or_default());
        }
        providers.iter().for_each(|row| names.learn(Target::Provider, &row.name, &row.slug));
        for row in subject::Entity::find().all(db).await? {
            names.learn(Target::Subject, &row.name, &row.slug);
        }
        for row in career::Entity::find().all(db).await? {
            names.learn(Target::Career, &row.title, &row.slug);
        }
        for row in certification::Entity::find().all(db).await? {
            names.learn(Target::Certification, &row.name, &row.slug);
        }
        Ok(names)
    }

    fn learn(&mut self, target: Target, name: &str, slug: &str) {
        self.slugs.insert((target, slug.to_owned()), slug.to_owned());
        self.slugs.insert((target, fold(name)), slug.to_owned());
    }

    /// Replaces names by slugs. An unknown name is an error, unless the mapping says how to create it. Nothing is
    /// created for a row that is rejected anyway.
    pub(super) fn resolve(&self, rows: &mut [ImportRow], creation: NameCreation) -> MissingNames {
        let mut new = MissingNames::default();
        if let Some(mapping) = &self.mapping {
            for row in rows {
                self.resolve_row(mapping, row, creation, &mut new);
            }
        }
        new
    }

    /// Looks up a name by itself, by alias, by slug, and by the slug it would get: nothing that exists is created
    /// again.
    fn slug(&self, target: Target, name: &str) -> Option<String> {
        let known = |key: String| self.slugs.get(&(target, key)).cloned();
        known(fold(name)).or_else(|| known(slug_of(name)))
    }

    fn resolve_row(&self, mapping: &Mapping, row: &mut ImportRow, creation: NameCreation, new: &mut MissingNames) {
        let mut missing = Vec::new();
        for (field, target, section) in FIELDS {
            let Some(Value::Array(items)) = row.fields.get_mut(field) else { continue };
            let may_create = if target == Target::Provider { creation.partners } else { creation.others };
            let create = mapping.create(field).filter(|_| may_create);
            let drop_unknown = mapping.drops_unknown(field);
            for (index, item) in items.iter_mut().enumerate() {
                let Some(name) = item.as_str().map(str::to_owned) else { continue };
                let in_batch = || {
                    missing.iter().map(|(_, missing)| missing).chain(&new.0).find(|missing| missing.is(target, &name))
                };
                let known = self.slug(target, &name).or_else(|| in_batch().map(|missing| missing.slug.clone()));
                let create = create.filter(|_| known.is_none());
                if let (Some(_), Err(error)) = (create, line(MAX_NAME_CHARS)(item)) {
                    let path = vec![field.to_owned(), index.to_string()];
                    row.errors.push(ValidationError { path, code: error.code, rule: error.text });
                    continue;
                }
                let created = create.and_then(|create| MissingName::of(target, section, &name, create));
                match known.or_else(|| created.as_ref().map(|created| created.slug.clone())) {
                    Some(slug) => *item = slug.into(),
                    None if drop_unknown => *item = Value::Null,
                    None => row.errors.push(unknown(field, index, target, &name)),
                }
                missing.extend(created.map(|created| (field, created)));
            }
            items.retain(|item| !item.is_null());
        }
        if row.is_faulty() {
            missing.iter().for_each(|(field, _)| drop(row.fields.remove(*field)));
        } else {
            new.0.extend(missing.into_iter().map(|(_, missing)| missing));
        }
    }

    /// Adds the names that a batch has created.
    pub(super) fn add(&mut self, new: MissingNames) {
        new.0.into_iter().for_each(|missing| self.learn(missing.target, &missing.name, &missing.slug));
    }
}

/// Slug of a name. Signs that distinguish names are spelt out, because C# and C++ are not C.
fn slug_of(name: &str) -> String {
    slugs::of_title(&name.replace('#', " sharp ").replace('+', " plus "), "")
}

fn unknown(field: &str, index: usize, target: Target, name: &str) -> ValidationError {
    let path = vec![field.to_owned(), index.to_string()];
    let hint = if target == Target::Provider { "; --create-partners makes it where the mapping says how" } else { "" };
    let rule = format!("there is no {} called {}{hint}", target.word(), truncate(name, 60));
    ValidationError { path, code: ValidationCode::NotFound, rule }
}

impl MissingNames {
    /// Whether there is nothing to create.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Creates them through the import of a taxonomy.
    pub(super) async fn write(&self, db: &DatabaseTransaction, writer: &Writer) -> Result<()> {
        let mut sections = Fields::new();
        for missing in &self.0 {
            let section = sections.entry(missing.section).or_insert_with(|| Value::Array(Vec::new()));
            if let Value::Array(items) = section {
                items.push(missing.item());
            }
        }
        let report = import_fields(db, writer, &sections).await?;
        match report.errors.first() {
            Some(error) => Err(AppError::input("mapping", format!("create: {error}"))),
            None => Ok(()),
        }
    }
}

impl MissingName {
    /// Returns `None` if no slug can be made from the name.
    fn of(target: Target, section: &'static str, name: &str, create: &Create) -> Option<Self> {
        let slug = slug_of(name);
        let kind = create.kinds.get(name).or(create.kind.as_ref()).cloned();
        (!slug.is_empty()).then(|| Self { target, section, name: name.to_owned(), slug, kind })
    }

    /// Whether a name refers to this.
    fn is(&self, target: Target, name: &str) -> bool {
        self.target == target && (fold(&self.name) == fold(name) || self.slug == slug_of(name))
    }

    fn item(&self) -> Value {
        let mut item = json!({ "slug": self.slug, "name": self.name });
        if let (Some(kind), Value::Object(fields)) = (&self.kind, &mut item) {
            fields.insert("kind".to_owned(), kind.clone().into());
        }
        item
    }
}
