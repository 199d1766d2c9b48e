//! One field of an object.

use std::ops::RangeInclusive;
use std::sync::Arc;

use entity::{mask, members};
use sea_orm::{ActiveEnum, Iterable};
use serde_json::Value;

use super::value_type::{ValueType, integer, name_of};
use super::{FieldShape, ObjectType, RowList, Shape};
use crate::changelog::fields;
use crate::input::value::{member, money};
use crate::input::{InputReader, Patch, ValidationCode};
use crate::values::Money;
use crate::write::LinkTable;

/// Column of a row of type `R`.
pub struct Column<R, T> {
    /// Borrows the value.
    pub get: fn(&R) -> &T,
    /// Borrows the value to change it.
    pub get_mut: fn(&mut R) -> &mut T,
}

impl<R, T> Clone for Column<R, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<R, T> Copy for Column<R, T> {}

impl<R, T: Clone> Column<R, T> {
    fn copy(self, from: &R, to: &mut R) {
        *(self.get_mut)(to) = (self.get)(from).clone();
    }
}

/// Reads a field into a row. The flag says that it must be given. Returns whether it is stated, be it as null.
type Read<R> = Box<dyn Fn(&mut InputReader<'_>, bool, &mut R) -> bool + Send + Sync>;
/// Copies the columns of a field from one row to another.
type CopyColumns<R> = Box<dyn Fn(&R, &mut R) + Send + Sync>;
/// The value of a field in the form of the input. Null if it is not stated.
type Show<R> = Box<dyn Fn(&R) -> Value + Send + Sync>;

/// What to say if a listing does not state a field.
pub struct Hint<R> {
    /// What to do about it, as a sentence to show to people.
    pub text: &'static str,
    /// Whether the field makes sense for a row.
    pub applies: fn(&R) -> bool,
}

/// Field of an input object whose values are stored in a row of type `R`.
pub struct Field<R: 'static> {
    pub(super) shape: FieldShape,
    pub(super) read: Read<R>,
    pub(super) copy: CopyColumns<R>,
    pub(super) show: Show<R>,
    pub(super) index: Option<fn(&search::Fields) -> search::Field>,
    pub(super) hint: Option<Hint<R>>,
}

impl<R: 'static> Field<R> {
    fn new(
        name: &'static str,
        shape: Shape,
        read: impl Fn(&mut InputReader<'_>, bool, &mut R) -> bool + Send + Sync + 'static,
        copy: impl Fn(&R, &mut R) + Send + Sync + 'static,
        show: impl Fn(&R) -> Value + Send + Sync + 'static,
    ) -> Self {
        let shape = FieldShape { name, description: "", shape, is_required: false };
        Self { shape, read: Box::new(read), copy: Box::new(copy), show: Box::new(show), index: None, hint: None }
    }

    /// A value that can be left unstated. Null clears it.
    pub fn optional<T: Clone + 'static>(name: &'static str, of: ValueType<T>, column: Column<R, Option<T>>) -> Self {
        let (shape, shown) = (Shape::Named(of.name), of.show);
        let read = move |reader: &mut InputReader<'_>, required: bool, row: &mut R| {
            let patch = if required {
                reader.required(name, &of.check).map_or(Patch::Absent, Patch::Value)
            } else {
                reader.nullable(name, &of.check)
            };
            store(patch, (column.get_mut)(row))
        };
        let show = move |row: &R| (column.get)(row).as_ref().map_or(Value::Null, shown);
        Self::new(name, shape, read, move |from, to| column.copy(from, to), show)
    }

    /// A value that every row has: it cannot be cleared.
    pub fn not_null<T: Clone + 'static>(name: &'static str, of: ValueType<T>, column: Column<R, T>) -> Self {
        Self::stored(name, of, column, |reader, name, of| reader.optional(name, &of.check))
    }

    /// A value that every row has: null keeps it, as if the field were absent.
    pub fn null_keeps<T: Clone + 'static>(name: &'static str, of: ValueType<T>, column: Column<R, T>) -> Self {
        Self::stored(name, of, column, |reader, name, of| reader.nullable(name, &of.check).value())
    }

    fn stored<T: Clone + 'static>(
        name: &'static str,
        of: ValueType<T>,
        column: Column<R, T>,
        optional: fn(&mut InputReader<'_>, &'static str, &ValueType<T>) -> Option<T>,
    ) -> Self {
        let (shape, shown) = (Shape::Named(of.name), of.show);
        let read = move |reader: &mut InputReader<'_>, required: bool, row: &mut R| {
            let value = if required { reader.required(name, &of.check) } else { optional(reader, name, &of) };
            let is_stated = value.is_some();
            if let Some(value) = value {
                *(column.get_mut)(row) = value;
            }
            is_stated
        };
        let show = move |row: &R| shown((column.get)(row));
        Self::new(name, shape, read, move |from, to| column.copy(from, to), show)
    }

    /// A set of enum members, stored as a bit mask. Null is the empty set.
    pub fn choices<T>(name: &'static str, column: Column<R, i32>) -> Self
    where
        T: ActiveEnum<Value = String> + Iterable + PartialEq + 'static,
    {
        let shape = Shape::List(Box::new(Shape::Named(name_of::<T>())));
        let read = move |reader: &mut InputReader<'_>, _: bool, row: &mut R| {
            store_list(reader.list(name, 10, member::<T>).map(|set| mask(&set)), (column.get_mut)(row))
        };
        let show =
            move |row: &R| members::<T>(*(column.get)(row)).iter().map(ActiveEnum::to_value).collect::<Vec<_>>().into();
        Self::new(name, shape, read, move |from, to| column.copy(from, to), show)
    }

    /// A set of at most `max` values, stored as text with commas. Null is the empty set.
    pub fn words(name: &'static str, max: usize, of: ValueType<String>, column: Column<R, String>) -> Self {
        let shape = Shape::List(Box::new(Shape::Named(of.name)));
        let read = move |reader: &mut InputReader<'_>, _: bool, row: &mut R| {
            store_list(reader.list(name, max, &of.check).map(distinct), (column.get_mut)(row))
        };
        let words = |text: &String| text.split(',').filter(|word| !word.is_empty()).collect::<Vec<_>>().into();
        Self::new(name, shape, read, move |from, to| column.copy(from, to), move |row| words((column.get)(row)))
    }

    /// An amount of money, stored as minor units and currency.
    pub fn money(name: &'static str, amount: Column<R, Option<i64>>, currency: Column<R, Option<String>>) -> Self {
        let read = move |reader: &mut InputReader<'_>, _: bool, row: &mut R| {
            let patch = reader.object(name, money);
            let code = patch.clone().map(|money: Money| money.currency.code().to_owned());
            store(patch.map(|money| money.minor), (amount.get_mut)(row)) | store(code, (currency.get_mut)(row))
        };
        let copy = move |from: &R, to: &mut R| {
            amount.copy(from, to);
            currency.copy(from, to);
        };
        let show = move |row: &R| fields::money(*(amount.get)(row), (currency.get)(row).as_deref());
        Self::new(name, Shape::Named("MoneyInput"), read, copy, show)
    }

    /// A nested object whose values are columns of the same row. It is sent whole: what it leaves out is cleared.
    pub fn object(name: &'static str, object: ObjectType<R>) -> Self {
        let object = Arc::new(object);
        let (copied, shown, shape) = (object.clone(), object.clone(), Shape::Object(object.shape()));
        let read = move |reader: &mut InputReader<'_>, _: bool, row: &mut R| {
            let patch = reader.object(name, |reader| {
                object.read_into(reader, row);
                Some(())
            });
            !matches!(patch, Patch::Absent)
        };
        let copy = move |from: &R, to: &mut R| copied.fields.iter().for_each(|field| (field.copy)(from, to));
        Self::new(name, shape, read, copy, move |row| shown.show(row))
    }

    /// A range of integers in these bounds: an object with `min` and `max`.
    pub fn range(
        name: &'static str,
        bounds: RangeInclusive<i32>,
        (min, max): (Column<R, Option<i32>>, Column<R, Option<i32>>),
    ) -> Self {
        let fields = vec![
            Self::optional("min", integer(bounds.clone()), min)
                .describe("Lower end, not above `max`. Null means no lower limit."),
            Self::optional("max", integer(bounds), max).describe("Upper end. Null means no upper limit."),
        ];
        let check = move |reader: &mut InputReader<'_>, row: &mut R| {
            if (min.get)(row).zip(*(max.get)(row)).is_some_and(|(min, max)| min > max) {
                reader.add_error("min", ValidationCode::OutOfRange, "must not be above max");
            }
        };
        let description = "A range of integers. Both ends are included.";
        Self::object(name, ObjectType::new("IntRangeInput", description, fields).with_check(check))
    }

    /// A list of objects, which are stored in a table of their own: this only declares it.
    pub fn rows<C: Default>(list: &RowList<C>) -> Self {
        Self::declared(list.name, Shape::Object(list.object.shape()))
    }

    /// Slugs of linked things, which are stored in a table of their own: this only declares them.
    pub fn links(table: &LinkTable) -> Self {
        Self::declared(table.field, Shape::Named("String"))
    }

    fn declared(name: &'static str, of: Shape) -> Self {
        Self::new(name, Shape::List(Box::new(of)), |_, _, _| false, |_, _| (), |_| Value::Null)
    }

    /// Describes the field in the schema.
    pub fn describe(mut self, description: &'static str) -> Self {
        self.shape.description = description;
        self
    }

    /// Requires the field whenever its object is given.
    pub fn required(mut self) -> Self {
        self.shape.is_required = true;
        self
    }

    /// Adds the number or truth value to the search index.
    pub fn indexed(self, index: fn(&search::Fields) -> search::Field) -> Self {
        Self { index: Some(index), ..self }
    }

    /// Makes a listing that states the field more complete, where the field makes sense.
    pub fn hint(self, text: &'static str, applies: fn(&R) -> bool) -> Self {
        Self { hint: Some(Hint { text, applies }), ..self }
    }
}

/// Stores an input field in a column. Returns whether it is stated.
fn store<T>(patch: Patch<T>, column: &mut Option<T>) -> bool {
    let is_stated = !matches!(patch, Patch::Absent);
    *column = patch.value();
    is_stated
}

fn store_list<T: Default>(patch: Patch<T>, column: &mut T) -> bool {
    let is_stated = !matches!(patch, Patch::Absent);
    *column = patch.value().unwrap_or_default();
    is_stated
}

/// Drops repeated values and joins the others with commas.
fn distinct(words: Vec<String>) -> String {
    let mut known = Vec::new();
    for word in words {
        if !known.contains(&word) {
            known.push(word);
        }
    }
    known.join(",")
}
