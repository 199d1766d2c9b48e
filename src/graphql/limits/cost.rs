//! Estimates the cost of a document: the work of its fields and of the values given to them, and the objects, values
//! and bytes of its response, with page sizes multiplied out. The prices are in `prices` and in docs/limits.md.

use std::cell::Cell;
use std::collections::HashMap;

use async_graphql::parser::types::{Field, Selection, SelectionSet};
use async_graphql::{ServerError, Value as ConstValue};
use async_graphql_value::Value;
use search::paging::page;
use search::word_count;

use super::index::{Count, FieldIndex, InputSlot, SchemaIndex, TypeIndex};
use super::prices::{BYTES_PER_UNIT, Price, REQUEST, ROW_VALUES_PER_UNIT, TEXT_CHARACTERS, VALUES_PER_UNIT, Work};
use super::{LIMITS, limit_exceeded, sizes};
use crate::graphql::document_view::{OperationView, SelectionView, ValueView, ViewValue, root_type};
use crate::graphql::error::extend;

/// Upper bound of all sums: far above every limit, far below an overflow.
const MAX_SUM: u64 = 1_000_000_000;
/// Bytes around a value and its name in a response.
const PUNCTUATION_BYTES: u64 = 4;

/// Cost of an operation.
#[derive(Clone, Debug, Default)]
pub struct Cost {
    /// Units of work.
    pub requested: u64,
    /// Whether the cost depends on the variables.
    pub varies: bool,
    total: CostTotal,
    /// Path of response keys to the field that causes most of the cost. Only set if the cost exceeds the limit.
    path: Vec<String>,
}

impl Cost {
    /// Fails if the cost exceeds a limit.
    pub fn check(&self) -> Result<(), ServerError> {
        let Some((what, figure, limit)) = self.excess() else { return Ok(()) };
        let mut error = limit_exceeded(what, figure, limit, None);
        error.message.push_str(&format!(" Most of it comes from {}.", self.path.join(".")));
        let path = self.path.iter().map(|key| ConstValue::from(key.as_str())).collect();
        Err(extend(error, "path", ConstValue::List(path)))
    }

    /// The exceeded limit: its name, the figure, and the limit.
    fn excess(&self) -> Option<(&'static str, u64, u64)> {
        let figures = [
            ("units of cost", self.requested, LIMITS.cost),
            ("values", self.total.values, LIMITS.values),
            ("values of introspection", self.total.introspection_values, LIMITS.introspection_values),
            ("bytes of an answer", self.total.bytes, LIMITS.bytes),
        ];
        figures.into_iter().find(|(_, figure, limit)| figure > limit)
    }
}

#[derive(Clone, Copy, Debug, Default)]
struct CostTotal {
    work: u64,
    /// Objects and their values.
    values: u64,
    /// Objects of introspection, and their values.
    introspection_values: u64,
    /// Expected bytes of the response.
    bytes: u64,
}

impl CostTotal {
    fn of(work: u64) -> CostTotal {
        CostTotal { work, ..CostTotal::default() }
    }

    fn plus(self, other: CostTotal) -> CostTotal {
        let plus = |a: u64, b: u64| a.saturating_add(b).min(MAX_SUM);
        CostTotal {
            work: plus(self.work, other.work),
            values: plus(self.values, other.values),
            introspection_values: plus(self.introspection_values, other.introspection_values),
            bytes: plus(self.bytes, other.bytes),
        }
    }

    fn times(self, count: u64) -> CostTotal {
        let times = |figure: u64| figure.saturating_mul(count).min(MAX_SUM);
        CostTotal {
            work: times(self.work),
            values: times(self.values),
            introspection_values: times(self.introspection_values),
            bytes: times(self.bytes),
        }
    }

    /// Total in units.
    fn units(self) -> u64 {
        let values = self.values + self.introspection_values;
        self.work + values.div_ceil(VALUES_PER_UNIT) + self.bytes / BYTES_PER_UNIT
    }
}

/// Context of a selection set: the type it selects from, and the page size and text price of the list it belongs to.
#[derive(Clone, Copy)]
struct SelectionContext<'a> {
    fields: Option<&'a TypeIndex>,
    page: u64,
    text: u64,
}

struct CostVisitor<'a> {
    schema: &'a SchemaIndex,
    operation: OperationView<'a>,
    varies: Cell<bool>,
    /// Totals of fragments, which depend on the context where they are spread.
    fragment_totals: HashMap<(&'a str, u64, u64), CostTotal>,
    /// Totals of variables by slot: one variable may be used in thousands of places.
    variable_totals: HashMap<(&'a str, *const InputSlot), u64>,
}

/// Sums up an operation. The document must have passed the shape limits, which bound the recursion.
pub(in crate::graphql) fn measure(schema: &SchemaIndex, operation: OperationView<'_>) -> Cost {
    let (varies, fragment_totals, variable_totals) = (Cell::new(false), HashMap::new(), HashMap::new());
    let mut visitor = CostVisitor { schema, operation, varies, fragment_totals, variable_totals };
    let fields = schema.of(root_type(operation.definition));
    let context = SelectionContext { fields, page: page::DEFAULT_SIZE as u64, text: 0 };
    let set = &operation.definition.selection_set.node;
    let total = visitor.set(context, set);
    let (requested, varies) = (REQUEST + total.units(), visitor.varies.get());
    let mut cost = Cost { requested, varies, total, path: Vec::new() };
    if cost.excess().is_some() {
        visitor.find_heaviest(context, set, &mut cost.path);
    }
    cost
}

impl<'a> CostVisitor<'a> {
    fn set(&mut self, context: SelectionContext<'a>, set: &'a SelectionSet) -> CostTotal {
        set.items.iter().fold(CostTotal::default(), |sum, selection| sum.plus(self.selection(context, &selection.node)))
    }

    fn selection(&mut self, context: SelectionContext<'a>, selection: &'a Selection) -> CostTotal {
        match SelectionView::of(self.operation.document, selection) {
            Some(SelectionView::Field(field)) => self.field(context, &field.node),
            Some(SelectionView::Fragment { name, on, set }) => {
                let key = name.map(|name| (name, context.page, context.text));
                if let Some(total) = key.and_then(|key| self.fragment_totals.get(&key)) {
                    return *total;
                }
                let total = self.set(self.narrowed(context, on), set);
                self.fragment_totals.extend(key.map(|key| (key, total)));
                total
            }
            None => CostTotal::default(),
        }
    }

    fn narrowed(&self, context: SelectionContext<'a>, on: Option<&str>) -> SelectionContext<'a> {
        on.map_or(context, |on| SelectionContext { fields: self.schema.of(on), ..context })
    }

    fn field(&mut self, context: SelectionContext<'a>, field: &'a Field) -> CostTotal {
        let total = self.counted(context, field);
        // The fields below `__schema` and `__type` are introspection too.
        if field.name.node.starts_with("__") {
            return CostTotal { values: 0, introspection_values: total.values, ..total };
        }
        total
    }

    fn counted(&mut self, context: SelectionContext<'a>, field: &'a Field) -> CostTotal {
        let bytes = field.response_key().node.len() as u64 + PUNCTUATION_BYTES;
        let own = CostTotal { values: 1, bytes, ..CostTotal::default() };
        let Some(index) = context.fields.and_then(|fields| fields.get(field.name.node.as_str())) else {
            return CostTotal { bytes: own.bytes + sizes::SHORT_BYTES, ..own };
        };
        let (values, text) = self.arguments(index, field);
        let work = CostTotal::of(values.saturating_add(work(index.work, context)).min(MAX_SUM));
        let Some((count, inner)) = self.below(context, index, field, text) else {
            let items = if matches!(index.work, Work::PerItem(_)) { context.page } else { 1 };
            return CostTotal { bytes: own.bytes + index.bytes * items, ..own }.plus(work);
        };
        let below = self.set(inner, &field.selection_set.node);
        own.plus(CostTotal::of(index.weight)).plus(below).times(count).plus(work)
    }

    /// Number of objects that a field returns, and the context of its selection set; `None` for a scalar.
    fn below(
        &self,
        context: SelectionContext<'a>,
        index: &'a FieldIndex,
        field: &Field,
        text: u64,
    ) -> Option<(u64, SelectionContext<'a>)> {
        let inner = SelectionContext { fields: self.schema.of(&index.type_name), page: self.page(index, field), text };
        Some(match index.count? {
            Count::Fixed(count) => (count, inner),
            Count::Page => (inner.page, inner),
            Count::PageOfParent => (context.page, SelectionContext { fields: inner.fields, ..context }),
            Count::Ids => (self.ids(field), inner),
        })
    }

    /// Price of the arguments of a field, and the part of it that is for a text.
    fn arguments(&mut self, index: &'a FieldIndex, field: &'a Field) -> (u64, u64) {
        let (mut all, mut text) = (0_u64, 0_u64);
        for (name, value) in &field.arguments {
            let Some(slot) = index.arguments.get(name.node.as_str()) else { continue };
            let price = self.value(slot, &value.node);
            all = all.saturating_add(price).min(MAX_SUM);
            if matches!(slot.price, Price::Words(_)) {
                text = text.saturating_add(price).min(MAX_SUM);
            }
        }
        (all, text)
    }

    /// Price of a value in a slot.
    fn value<V: ViewValue>(&mut self, slot: &'a InputSlot, value: &'a V) -> u64 {
        match value.view() {
            ValueView::Variable(name) => {
                let key = (name, std::ptr::from_ref(slot));
                if let Some(price) = self.variable_totals.get(&key) {
                    return *price;
                }
                let price = self.variable(name).map_or(0, |value| self.value(slot, value));
                self.variable_totals.insert(key, price);
                price
            }
            ValueView::List(items) => items.iter().map(|item| self.value(slot, item)).sum(),
            ValueView::Object(fields) => {
                let inner = self.schema.input(&slot.type_name);
                let inner = fields.iter().map(|(name, value)| {
                    let slot = inner.and_then(|slots| slots.get(name.as_str()));
                    slot.map_or(0, |slot| self.value(slot, value))
                });
                of_object(slot, inner.sum())
            }
            ValueView::Text(text) => of_text(slot, text),
            ValueView::Null => 0,
            ValueView::Number(_) | ValueView::Boolean | ValueView::Binary | ValueView::Member(_) => each(slot),
        }
    }

    /// `first` or `last`, clamped to what resolvers accept. They reject other sizes themselves, with a better message.
    fn page(&self, index: &FieldIndex, field: &Field) -> u64 {
        let number = |name| {
            let argument = &field.get_argument(name)?.node;
            let number = if let Value::Number(number) = argument {
                number
            } else if let Value::Variable(name) = argument
                && let Some(ConstValue::Number(number)) = self.variable(name)
            {
                number
            } else {
                return None;
            };
            Some(number.as_u64().unwrap_or(1))
        };
        let requested_size = ["first", "last"].into_iter().filter_map(number).max();
        requested_size.unwrap_or(index.page).clamp(1, page::MAX_SIZE as u64)
    }

    fn ids(&self, field: &Field) -> u64 {
        let count = match field.get_argument("ids").map(|ids| &ids.node) {
            Some(Value::List(ids)) => ids.len(),
            Some(Value::Variable(name)) => match self.variable(name) {
                Some(ConstValue::List(ids)) => ids.len(),
                _ => 1,
            },
            _ => 1,
        };
        count as u64
    }

    fn variable(&self, name: &str) -> Option<&'a ConstValue> {
        self.varies.set(true);
        self.operation.variable(name)
    }

    /// Follows the most expensive selection, until no single one accounts for half of its parent.
    fn find_heaviest(&mut self, context: SelectionContext<'a>, set: &'a SelectionSet, path: &mut Vec<String>) {
        let weighed = set.items.iter().map(|item| (self.selection(context, &item.node), &item.node));
        let weighed = weighed.max_by_key(|(total, _)| (total.units(), total.values + total.introspection_values));
        let Some((_, selection)) = weighed else { return };
        match SelectionView::of(self.operation.document, selection) {
            Some(SelectionView::Field(field)) => {
                path.push(field.node.response_key().node.to_string());
                let index = context.fields.and_then(|fields| fields.get(field.node.name.node.as_str()));
                let inner = index.and_then(|index| {
                    let (_, text) = self.arguments(index, &field.node);
                    Some(self.below(context, index, &field.node, text)?.1)
                });
                if let Some(inner) = inner {
                    self.find_heaviest(inner, &field.node.selection_set.node, path);
                }
            }
            Some(SelectionView::Fragment { on, set, .. }) => {
                self.find_heaviest(self.narrowed(context, on), set, path);
            }
            None => {}
        }
    }
}

/// Work of a field itself in a context.
fn work(work: Work, context: SelectionContext<'_>) -> u64 {
    match work {
        Work::Once(price) => price,
        Work::PerItem(price) => price.saturating_mul(context.page),
        Work::TextAgain(price, times) => price.saturating_add(context.text.saturating_mul(times)),
        Work::TextShared(price) => price.saturating_add(context.text.div_ceil(context.page.max(1))),
    }
}

fn each(slot: &InputSlot) -> u64 {
    match slot.price {
        Price::Each(price) => price,
        Price::Included | Price::Words(_) | Price::Row(_) => 0,
    }
}

/// Price of an object with this inner price.
fn of_object(slot: &InputSlot, inner: u64) -> u64 {
    match slot.price {
        Price::Row(price) => price.saturating_add(inner / ROW_VALUES_PER_UNIT),
        Price::Included | Price::Each(_) | Price::Words(_) => inner.saturating_add(each(slot)),
    }
}

/// Price of a text. A text that is too long is rejected before it is searched for, so it costs no words.
fn of_text(slot: &InputSlot, text: &str) -> u64 {
    match slot.price {
        Price::Words(price) if text.chars().nth(TEXT_CHARACTERS).is_none() => {
            price.saturating_mul(word_count(text) as u64)
        }
        Price::Words(_) | Price::Included | Price::Each(_) | Price::Row(_) => each(slot),
    }
}
