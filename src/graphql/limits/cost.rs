//! What a document may be expected to cost: how many objects its answer holds, with page sizes multiplied out. The
//! formula stands in docs/limits.md.

use std::cell::Cell;
use std::collections::HashMap;

use async_graphql::parser::types::{
    ExecutableDocument, Field, OperationDefinition, OperationType, Selection, SelectionSet,
};
use async_graphql::{ErrorExtensionValues, ServerError, Value as ConstValue, Variables};

use super::index::{Count, FieldIndex, SchemaIndex, TypeIndex};
use super::{LIMITS, over};
use crate::paging::page;

/// Sums stop here: far above every limit, far below where they would wrap.
const CEILING: u64 = 1_000_000_000;

/// What an operation comes to.
#[derive(Clone, Debug, Default)]
pub struct Cost {
    /// Objects.
    pub requested: u64,
    /// Objects, and the values in them.
    pub values: u64,
    /// The field that the most of it comes from, as a path of response keys; only where it is over the limit.
    pub path: Vec<String>,
    /// Whether it holds for these variables only.
    pub varies: bool,
}

impl Cost {
    /// Fails where it is over the limit.
    pub fn check(&self) -> Result<(), ServerError> {
        let (what, figure, limit) = if self.requested > LIMITS.cost {
            ("objects (cost)", self.requested, LIMITS.cost)
        } else if self.values > LIMITS.values {
            ("values", self.values, LIMITS.values)
        } else {
            return Ok(());
        };
        let mut error = over(what, figure, limit, None);
        error.message.push_str(&format!(" Most of it comes from {}.", self.path.join(".")));
        let path = self.path.iter().map(|key| ConstValue::from(key.as_str())).collect();
        error.extensions.get_or_insert_with(ErrorExtensionValues::default).set("path", ConstValue::List(path));
        Err(error)
    }
}

#[derive(Clone, Copy, Debug, Default)]
struct Total {
    objects: u64,
    values: u64,
}

impl Total {
    fn plus(self, other: Total) -> Total {
        Total {
            objects: self.objects.saturating_add(other.objects).min(CEILING),
            values: self.values.saturating_add(other.values).min(CEILING),
        }
    }

    fn times(self, count: u64) -> Total {
        Total {
            objects: self.objects.saturating_mul(count).min(CEILING),
            values: self.values.saturating_mul(count).min(CEILING),
        }
    }
}

/// Where a selection set stands: the type it selects from, and the page size of the connection that it belongs to.
#[derive(Clone, Copy)]
struct Place<'a> {
    fields: Option<&'a TypeIndex>,
    page: u64,
}

struct Walk<'a> {
    schema: &'a SchemaIndex,
    document: &'a ExecutableDocument,
    operation: &'a OperationDefinition,
    variables: &'a Variables,
    varies: Cell<bool>,
    /// Fragments that have been added up; what they come to depends on the page size where they stand.
    known: HashMap<(&'a str, u64), Total>,
}

/// Adds up an operation. The document must have passed the limits on its shape: the recursion goes as deep as they let it.
pub(in crate::graphql) fn measure(
    schema: &SchemaIndex,
    document: &ExecutableDocument,
    operation: &OperationDefinition,
    variables: &Variables,
) -> Cost {
    let root = match operation.ty {
        OperationType::Query => "Query",
        OperationType::Mutation => "Mutation",
        OperationType::Subscription => "Subscription",
    };
    let known = HashMap::new();
    let mut walk = Walk { schema, document, operation, variables, varies: Cell::new(false), known };
    let place = Place { fields: schema.of(root), page: page::DEFAULT as u64 };
    let set = &operation.selection_set.node;
    let total = walk.set(place, set);
    let mut cost = Cost { requested: total.objects, values: total.values, path: Vec::new(), varies: walk.varies.get() };
    if total.objects > LIMITS.cost || total.values > LIMITS.values {
        walk.heaviest(place, set, &mut cost.path);
    }
    cost
}

impl<'a> Walk<'a> {
    fn set(&mut self, place: Place<'a>, set: &'a SelectionSet) -> Total {
        set.items.iter().fold(Total::default(), |sum, selection| sum.plus(self.selection(place, &selection.node)))
    }

    fn selection(&mut self, place: Place<'a>, selection: &'a Selection) -> Total {
        match selection {
            Selection::Field(field) => self.field(place, &field.node),
            Selection::InlineFragment(inline) => {
                let on = inline.node.type_condition.as_ref().map(|condition| condition.node.on.node.as_str());
                self.set(self.narrowed(place, on), &inline.node.selection_set.node)
            }
            Selection::FragmentSpread(spread) => {
                let name = spread.node.fragment_name.node.as_str();
                if let Some(total) = self.known.get(&(name, place.page)) {
                    return *total;
                }
                let Some(fragment) = self.document.fragments.get(name) else { return Total::default() };
                let on = fragment.node.type_condition.node.on.node.as_str();
                let total = self.set(self.narrowed(place, Some(on)), &fragment.node.selection_set.node);
                self.known.insert((name, place.page), total);
                total
            }
        }
    }

    fn narrowed(&self, place: Place<'a>, on: Option<&str>) -> Place<'a> {
        on.map_or(place, |on| Place { fields: self.schema.of(on), ..place })
    }

    fn field(&mut self, place: Place<'a>, field: &'a Field) -> Total {
        let Some((count, index, inner)) = self.below(place, field) else { return Total { objects: 0, values: 1 } };
        let below = self.set(inner, &field.selection_set.node);
        let work = Total { objects: index.work, values: 0 };
        Total { objects: index.weight, values: 1 }.plus(below).times(count).plus(work)
    }

    /// How many objects a field leads to, and the place of its selection set; `None` for a scalar, and for a field that
    /// there is not, which validation refuses.
    fn below(&self, place: Place<'a>, field: &Field) -> Option<(u64, &'a FieldIndex, Place<'a>)> {
        let index = place.fields?.get(field.name.node.as_str())?;
        let page = self.page(index, field);
        let count = match index.count {
            Count::Fixed(count) => count,
            Count::Page => page,
            Count::PageOfParent => place.page,
            Count::Ids => self.ids(field),
        };
        Some((count, index, Place { fields: self.schema.of(&index.type_name), page }))
    }

    /// `first` or `last`, between what resolvers accept: they refuse the rest themselves and say so better.
    fn page(&self, index: &FieldIndex, field: &Field) -> u64 {
        let number = |name| {
            let ConstValue::Number(number) = self.argument(field, name)? else { return None };
            Some(number.as_u64().unwrap_or(1))
        };
        let said = ["first", "last"].into_iter().filter_map(number).max();
        said.unwrap_or(index.page).clamp(1, page::MOST as u64)
    }

    fn ids(&self, field: &Field) -> u64 {
        match self.argument(field, "ids") {
            Some(ConstValue::List(ids)) => ids.len() as u64,
            _ => 1,
        }
    }

    /// The value of an argument, with variables put in.
    fn argument(&self, field: &Field, name: &str) -> Option<ConstValue> {
        let value = &field.get_argument(name)?.node;
        let missing = || ConstValue::Null;
        value.clone().into_const_with(|name| Ok::<_, ()>(self.variable(&name).cloned().unwrap_or_else(missing))).ok()
    }

    fn variable(&self, name: &str) -> Option<&ConstValue> {
        self.varies.set(true);
        let definition = self.operation.variable_definitions.iter().find(|it| it.node.name.node == name);
        let default = || definition.and_then(|it| it.node.default_value.as_ref()).map(|value| &value.node);
        self.variables.get(name).or_else(default)
    }

    /// Follows the selection that comes to most, down to where no single one comes to half of what it stands in.
    fn heaviest(&mut self, place: Place<'a>, set: &'a SelectionSet, path: &mut Vec<String>) {
        let weighed = set.items.iter().map(|item| (self.selection(place, &item.node).values, &item.node));
        let Some((_, selection)) = weighed.max_by_key(|(values, _)| *values) else { return };
        match selection {
            Selection::Field(field) => {
                path.push(field.node.response_key().node.to_string());
                if let Some((_, _, inner)) = self.below(place, &field.node) {
                    self.heaviest(inner, &field.node.selection_set.node, path);
                }
            }
            Selection::InlineFragment(inline) => {
                let on = inline.node.type_condition.as_ref().map(|condition| condition.node.on.node.as_str());
                self.heaviest(self.narrowed(place, on), &inline.node.selection_set.node, path);
            }
            Selection::FragmentSpread(spread) => {
                if let Some(fragment) = self.document.fragments.get(&spread.node.fragment_name.node) {
                    let on = fragment.node.type_condition.node.on.node.as_str();
                    self.heaviest(self.narrowed(place, Some(on)), &fragment.node.selection_set.node, path);
                }
            }
        }
    }
}
