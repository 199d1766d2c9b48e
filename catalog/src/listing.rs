//! Declares what a provider can state, one field at a time: its name, description and type in the schema, its rule, and
//! the column that stores it. The input objects of the schema, the readers with their validation errors, the meaning of
//! absent and null, the columns of an import, the numbers in the search index, and the changes that the log shows all
//! come from the declaration. Does not belong here: the fields of a particular kind of listing.

mod field;
mod location;
mod value_type;

use std::sync::LazyLock;

use serde_json::{Map, Value};

pub use self::field::{Column, Field};
pub use self::location::{LocationColumns, location};
pub use self::value_type::{
    ValueType, boolean, choice, date, integer, language, line, percent, prose, slug, web_address,
};
use crate::changelog::fields::Difference;
use crate::input::{InputReader, Patch};

/// Column of a row, for a field: `column!(title)`.
macro_rules! column {
    ($column:ident) => {
        $crate::listing::Column { get: |row| &row.$column, get_mut: |row| &mut row.$column }
    };
}
pub(crate) use column;

/// Type of an input field in the schema.
#[derive(Clone, Debug)]
pub enum Shape {
    /// Scalar, enum or input object that the schema declares under this name.
    Named(&'static str),
    /// Input object that is declared here.
    Object(ObjectShape),
    /// List of these. No item is null.
    List(Box<Shape>),
}

/// Input object in the schema.
#[derive(Clone, Debug)]
pub struct ObjectShape {
    /// Name of the type.
    pub name: &'static str,
    /// Description of the type.
    pub description: &'static str,
    /// Fields that the schema describes.
    pub fields: Vec<FieldShape>,
}

/// Field of an input object in the schema.
#[derive(Clone, Debug)]
pub struct FieldShape {
    /// Name of the field.
    pub name: &'static str,
    /// Description of the field.
    pub description: &'static str,
    /// Type of the field.
    pub shape: Shape,
    /// Whether the field must be given.
    pub is_required: bool,
}

/// Rule that concerns several fields of an object, and the form in which they are stored.
type Check<R> = Box<dyn Fn(&mut InputReader<'_>, &mut R) + Send + Sync>;

/// Input object whose values are stored in a row of type `R`.
pub struct ObjectType<R: 'static> {
    name: &'static str,
    description: &'static str,
    fields: Vec<Field<R>>,
    check: Option<Check<R>>,
}

impl<R: 'static> ObjectType<R> {
    /// Declares an object.
    pub fn new(name: &'static str, description: &'static str, fields: Vec<Field<R>>) -> Self {
        Self { name, description, fields, check: None }
    }

    /// Adds a rule that concerns several fields. It runs after all of them have been read, and may bring them into the
    /// form in which they are stored.
    pub fn with_check(self, check: impl Fn(&mut InputReader<'_>, &mut R) + Send + Sync + 'static) -> Self {
        Self { check: Some(Box::new(check)), ..self }
    }

    /// The object in the schema. A field without a description is left out: the schema declares it by hand, because its
    /// description depends on the mutation.
    pub fn shape(&self) -> ObjectShape {
        let described = self.fields.iter().filter(|field| !field.shape.description.is_empty());
        let fields = described.map(|field| field.shape.clone()).collect();
        ObjectShape { name: self.name, description: self.description, fields }
    }

    /// Types of all fields, also of those that the schema declares by hand.
    pub fn fields(&self) -> impl Iterator<Item = &FieldShape> {
        self.fields.iter().map(|field| &field.shape)
    }

    /// Reads an object that is always sent whole: what it leaves out is not stated.
    pub fn read(&self, reader: &mut InputReader<'_>) -> R
    where
        R: Default,
    {
        let mut row = R::default();
        self.read_into(reader, &mut row);
        row
    }

    fn read_into(&self, reader: &mut InputReader<'_>, row: &mut R) {
        for field in &self.fields {
            (field.read)(reader, field.shape.is_required, row);
        }
        if let Some(check) = &self.check {
            check(reader, row);
        }
    }

    /// Reads a change: what it leaves out keeps its value. The fields in `required` must be given.
    pub fn read_patch(&'static self, reader: &mut InputReader<'_>, required: &[&str]) -> RowPatch<R>
    where
        R: Default,
    {
        let mut values = R::default();
        let read = |field: &&Field<R>| (field.read)(reader, required.contains(&field.shape.name), &mut values);
        let stated = self.fields.iter().filter(read).collect();
        RowPatch { values, stated }
    }

    /// The stated values of a row in the form of the input. Null if none is stated.
    pub fn show(&self, row: &R) -> Value {
        let shown = self.fields.iter().map(|field| (field.shape.name.to_owned(), (field.show)(row)));
        let stated: Map<String, Value> = shown.filter(|(_, value)| !value.is_null()).collect();
        if stated.is_empty() { Value::Null } else { stated.into() }
    }

    /// Records the fields that differ between two rows.
    pub fn compare(&self, before: &R, after: &R, difference: &mut Difference) {
        for field in &self.fields {
            difference.record(field.shape.name, (field.show)(before), (field.show)(after));
        }
    }

    /// Numbers and truth values of a row that the search index contains, with their fields in the index.
    pub fn indexed<'a>(&'a self, row: &'a R, fields: &'a search::Fields) -> impl Iterator<Item = (search::Field, i64)> {
        self.fields.iter().filter_map(|field| {
            let number = match (field.show)(row) {
                Value::Number(number) => number.as_i64(),
                Value::Bool(value) => Some(value.into()),
                Value::Null | Value::String(_) | Value::Array(_) | Value::Object(_) => None,
            };
            Some((field.index.map(|index| index(fields))?, number?))
        })
    }

    /// Fields that make a listing more complete: name, what to do about it if it is missing, and whether a row states it,
    /// or it makes no sense for the row.
    pub fn hints(&self, row: &R) -> impl Iterator<Item = (&'static str, &'static str, bool)> {
        self.fields.iter().filter_map(|field| {
            let hint = field.hint.as_ref()?;
            Some((field.shape.name, hint.text, !(hint.applies)(row) || !(field.show)(row).is_null()))
        })
    }
}

/// Field of an input that holds a list of objects, each stored as a row of its own.
pub struct RowList<R: 'static> {
    /// Name of the field.
    pub name: &'static str,
    max: usize,
    object: &'static LazyLock<ObjectType<R>>,
}

impl<R: Default> RowList<R> {
    /// Declares a list of at most `max` objects.
    pub const fn new(name: &'static str, max: usize, object: &'static LazyLock<ObjectType<R>>) -> Self {
        Self { name, max, object }
    }

    /// Reads the list. Null is the empty list.
    pub fn read(&self, reader: &mut InputReader<'_>) -> Patch<Vec<R>> {
        reader.objects(self.name, self.max, |reader| Some(self.object.read(reader)))
    }

    /// The rows in the form of the input.
    pub fn show(&self, rows: &[R]) -> Value {
        rows.iter().map(|row| self.object.show(row)).collect::<Vec<_>>().into()
    }

    /// Records a change of the rows.
    pub fn compare(&self, before: &[R], after: &[R], difference: &mut Difference) {
        difference.record(self.name, self.show(before), self.show(after));
    }
}

/// A change to the columns of a row, as an input states it.
pub struct RowPatch<R: 'static> {
    values: R,
    stated: Vec<&'static Field<R>>,
}

impl<R: Clone> Clone for RowPatch<R> {
    fn clone(&self) -> Self {
        Self { values: self.values.clone(), stated: self.stated.clone() }
    }
}

impl<R> RowPatch<R> {
    /// Applies the change to a row.
    pub fn apply_to(&self, row: R) -> R {
        let mut row = row;
        for field in &self.stated {
            (field.copy)(&self.values, &mut row);
        }
        row
    }

    /// Values that the input states. A column that it does not state is empty.
    pub fn values(&self) -> &R {
        &self.values
    }

    /// Leaves a field as it is stored, although the input states it.
    pub fn leave(&mut self, name: &str) {
        self.stated.retain(|field| field.shape.name != name);
    }

    /// Whether the input states a field, be it as null.
    pub fn states(&self, name: &str) -> bool {
        self.stated.iter().any(|field| field.shape.name == name)
    }
}
