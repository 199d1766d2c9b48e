//! Generates random documents from the schema, and changes to them. Equal seeds generate equal documents.

use async_graphql::parser::types::{BaseType, Type};
use fastrand::Rng;

use crate::document::{Field, Value};
use crate::names::Names;
use crate::schema::{Member, Schema, Slot};

/// Source of random documents.
pub struct Source {
    /// Types.
    pub schema: Schema,
    /// Names in the catalogue.
    pub names: Names,
}

/// Maximum depth of fields. A document may have 15.
const DEPTH: usize = 8;
/// Maximum characters of a document.
const CHARACTERS: usize = 30_000;

impl Source {
    /// Generates a document with a few root fields.
    pub fn document(&self, rng: &mut Rng) -> Field {
        let mut root = Field {
            of: "Query".to_owned(),
            name: String::new(),
            leads_to: "Query".to_owned(),
            arguments: Vec::new(),
            fields: Vec::new(),
        };
        for _ in 0..rng.usize(1..4) {
            root.fields.push(self.field(rng, "Query", 0));
        }
        root
    }

    /// Generates a field of a type with its selection.
    fn field(&self, rng: &mut Rng, of: &str, depth: usize) -> Field {
        let of = match self.schema.possible.get(of) {
            Some(possible) if !possible.is_empty() => rng.choice(possible).unwrap().as_str(),
            _ => of,
        };
        let members = &self.schema.objects[of];
        let is_leaf = |member: &&Member| !self.schema.is_composite(&member.leads_to);
        let leaves: Vec<&Member> = members.iter().filter(is_leaf).collect();
        let all: Vec<&Member> = members.iter().collect();
        let from = if depth >= DEPTH && !leaves.is_empty() { leaves } else { all };
        let member = from[rng.usize(0..from.len())];
        self.of_member(rng, of, member, depth)
    }

    fn of_member(&self, rng: &mut Rng, of: &str, member: &Member, depth: usize) -> Field {
        let mut field = Field {
            of: of.to_owned(),
            name: member.name.clone(),
            leads_to: member.leads_to.clone(),
            arguments: self.arguments(rng, &member.arguments),
            fields: Vec::new(),
        };
        if self.schema.is_composite(&member.leads_to) {
            for _ in 0..rng.usize(1..4) {
                field.fields.push(self.field(rng, &member.leads_to, depth + 1));
            }
        }
        field
    }

    fn arguments(&self, rng: &mut Rng, slots: &[Slot]) -> Vec<(String, Value)> {
        let given = slots.iter().filter(|slot| !matches!(slot.name.as_str(), "after" | "before" | "last"));
        let given: Vec<&Slot> = given.filter(|slot| slot.required || rng.f32() < 0.5).collect();
        given.into_iter().map(|slot| (slot.name.clone(), self.value(rng, &slot.name, &slot.ty, 0))).collect()
    }

    fn value(&self, rng: &mut Rng, name: &str, ty: &Type, depth: usize) -> Value {
        match &ty.base {
            BaseType::List(of) => {
                let most = if depth > 2 { 2 } else { 6 };
                Value::List((0..rng.usize(1..=most)).map(|_| self.value(rng, name, of, depth + 1)).collect())
            }
            BaseType::Named(of) => self.named(rng, name, of.as_str(), depth),
        }
    }

    fn named(&self, rng: &mut Rng, name: &str, of: &str, depth: usize) -> Value {
        if let Some((slots, one_of)) = self.schema.inputs.get(of) {
            let given: Vec<&Slot> = if *one_of {
                vec![rng.choice(slots).unwrap()]
            } else {
                let is_deep = depth >= 4;
                let wanted = |slot: &&Slot| {
                    slot.required || (!is_deep || !self.is_nested(slot)) && rng.usize(0..slots.len()) < 2
                };
                slots.iter().filter(wanted).collect()
            };
            let fields = given.into_iter();
            return Value::Object(
                fields.map(|slot| (slot.name.clone(), self.value(rng, &slot.name, &slot.ty, depth + 1))).collect(),
            );
        }
        if let Some(members) = self.schema.enums.get(of) {
            return Value::Plain(rng.choice(members).unwrap().clone());
        }
        Value::Plain(self.names.plain(rng, name, of))
    }

    fn is_nested(&self, slot: &Slot) -> bool {
        matches!(slot.name.as_str(), "and" | "or" | "not")
    }

    /// Copies a document with one or two changes.
    pub fn changed(&self, rng: &mut Rng, document: &Field) -> Field {
        let mut changed = document.clone();
        for _ in 0..rng.usize(1..4) {
            self.change(rng, &mut changed);
        }
        if changed.fields.is_empty() || changed.text().len() > CHARACTERS { document.clone() } else { changed }
    }

    fn change(&self, rng: &mut Rng, root: &mut Field) {
        let place = rng.usize(0..root.size());
        let Some(field) = root.at(place) else { return };
        match rng.usize(0..8) {
            0 if self.schema.is_composite(&field.leads_to) => {
                let leads_to = field.leads_to.clone();
                field.fields.push(self.field(rng, &leads_to, DEPTH / 2));
            }
            1 if field.fields.len() > 1 => {
                let out = rng.usize(0..field.fields.len());
                field.fields.remove(out);
            }
            // Repeats a field, up to as often as the limits allow.
            2 | 3 if !field.fields.is_empty() => {
                let again = rng.choice(&field.fields).unwrap().clone();
                let is_varied = rng.bool();
                for number in 0..rng.usize(1..20) {
                    let mut again = again.clone();
                    for (_, value) in again.arguments.iter_mut().filter(|(name, _)| is_varied && name != "first") {
                        *value = value.varied(number);
                    }
                    field.fields.push(again);
                }
            }
            4 => {
                if let Some((_, value)) = field.arguments.iter_mut().find(|(name, _)| name == "first") {
                    *value = Value::Plain((*rng.choice(&["1", "5", "20", "50", "100"]).unwrap()).to_owned());
                }
            }
            5 => {
                let slots = self.schema.member(&field.of, &field.name).map(|member| &member.arguments);
                field.arguments = slots.map(|slots| self.arguments(rng, slots)).unwrap_or_default();
            }
            _ => {
                if let Some((_, value)) = rng.choice(&mut field.arguments) {
                    multiply(rng, value);
                }
            }
        }
    }
}

/// Repeats an item of a list somewhere in a value, each time slightly different.
fn multiply(rng: &mut Rng, value: &mut Value) {
    match value {
        Value::Plain(_) => {}
        Value::Object(fields) => {
            if let Some((_, value)) = rng.choice(fields) {
                multiply(rng, value);
            }
        }
        Value::List(items) => {
            if rng.bool()
                && let Some(item) = rng.choice(&mut *items)
            {
                multiply(rng, item);
            } else if let Some(item) = rng.choice(&*items).cloned() {
                let room = 100_usize.saturating_sub(items.len());
                // Each one differs: equal conditions are evaluated once.
                let first = rng.usize(0..300);
                items.extend((first..first + rng.usize(0..=room.min(60))).map(|number| item.varied(number)));
            }
        }
    }
}
