//! Paths to values in a record of JSON.

use serde_json::Value;

use super::FieldError;

/// Path to values in a record.
#[derive(Clone, Debug)]
pub(super) struct Path {
    text: String,
    steps: Vec<Step>,
}

#[derive(Clone, Debug)]
enum Step {
    /// Name of a field, position of an item, or `*` for every item.
    To(String),
    /// `[only]`: the only item of a list.
    Only,
    /// `[path]`: items that have a value at the path. `[path=text]`: those where it is one of these texts.
    Where(Path, Option<Vec<String>>),
}

impl Path {
    /// Parses a path.
    pub(super) fn parse(text: &str) -> Result<Self, FieldError> {
        let steps = split(text).ok_or_else(|| format!("the path {text} has a bracket without the other one"))?;
        let steps = steps.into_iter().map(Step::parse).collect::<Result<_, _>>()?;
        Ok(Self { text: text.to_owned(), steps })
    }

    /// Values at the path. What is absent or null is left out. A value that is no list counts as the only item of one,
    /// as in JSON-LD.
    pub(super) fn values<'a>(&self, record: &'a Value) -> Result<Vec<&'a Value>, FieldError> {
        let mut values = vec![record];
        for step in &self.steps {
            let mut next = Vec::new();
            for value in values {
                self.step(value, step, &mut next)?;
            }
            values = next;
        }
        values.retain(|value| !value.is_null());
        Ok(values)
    }

    /// The path as it is written.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Whether it leads to one of these texts.
    pub(super) fn leads_to(&self, texts: &[String], record: &Value) -> bool {
        let values = self.values(record).unwrap_or_default();
        let mut items = values.into_iter().flat_map(items);
        items.any(|item| item.as_str().is_some_and(|text| texts.iter().any(|wanted| wanted == text)))
    }

    fn step<'a>(&self, value: &'a Value, step: &Step, found: &mut Vec<&'a Value>) -> Result<(), FieldError> {
        match step {
            Step::To(name) => return self.go_to(value, name, found),
            Step::Only => found.extend(Some(items(value)).filter(|items| items.len() == 1).into_iter().flatten()),
            Step::Where(path, texts) => {
                let is_meant = |item: &&Value| match texts {
                    Some(texts) => path.leads_to(texts, item),
                    None => path.values(item).is_ok_and(|values| !values.is_empty()),
                };
                found.extend(items(value).iter().filter(is_meant));
            }
        }
        Ok(())
    }

    fn go_to<'a>(&self, value: &'a Value, step: &str, found: &mut Vec<&'a Value>) -> Result<(), FieldError> {
        let position = step.parse::<usize>().ok();
        // A value that is no list is its own first, last and every item.
        let is_item = step == "*" || step == "-1" || position == Some(0);
        match value {
            Value::Array(items) if step == "*" => found.extend(items),
            Value::Array(items) if step == "-1" => found.extend(items.last()),
            Value::Array(items) => match position {
                Some(position) => found.extend(items.get(position)),
                None => return Err(format!("{} leads through a list: * stands for its items", self.text)),
            },
            Value::Object(fields) if fields.contains_key(step) => found.extend(fields.get(step)),
            Value::Null => {}
            value if is_item => found.push(value),
            Value::Object(_) => {}
            Value::Bool(_) | Value::Number(_) | Value::String(_) if position.is_some() => {}
            Value::Bool(_) | Value::Number(_) | Value::String(_) => {
                return Err(format!("{} leads through a text or number", self.text));
            }
        }
        Ok(())
    }
}

impl Step {
    fn parse(text: &str) -> Result<Self, FieldError> {
        let Some(inner) = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) else {
            return Ok(Step::To(text.to_owned()));
        };
        if inner == "only" {
            return Ok(Step::Only);
        }
        let (path, texts) = inner.split_once('=').map_or((inner, None), |(path, texts)| (path, Some(texts)));
        if path.is_empty() {
            return Err(format!("{text} is no step of a path: write, e.g., [only], [price] or [type=verified]"));
        }
        Ok(Step::Where(Path::parse(path)?, texts.map(|texts| texts.split('|').map(str::to_owned).collect())))
    }
}

/// Steps of a path, between the dots that are outside of brackets. `None` if a bracket has no other one.
fn split(text: &str) -> Option<Vec<&str>> {
    let (mut depth, mut from, mut steps) = (0_u32, 0, Vec::new());
    for (at, c) in text.char_indices() {
        match c {
            '[' => depth += 1,
            ']' => depth = depth.checked_sub(1)?,
            '.' if depth == 0 => {
                steps.push(text.get(from..at)?);
                from = at + 1;
            }
            _ => {}
        }
    }
    steps.push(text.get(from..)?);
    (depth == 0).then_some(steps)
}

/// Items of a list, or the value itself.
fn items(value: &Value) -> &[Value] {
    value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn steps_lead_to_values() {
        let record = json!({"runs": [{"seats": [{"type": "audit", "price": 0}]}, {"seats": [{"type": "verified", "price": 49}, {"type": "x.y", "price": 5}]}],
            "cost": {"kind": [{"node": "all"}], "price": 7}});
        for (path, values) in [
            ("runs.0.seats.0.price", json!([0])),
            ("runs.-1.seats.*.price", json!([49, 5])),
            ("runs.-1.seats.[type=verified].price", json!([49])),
            ("runs.*.seats.[type=audit|verified].price", json!([0, 49])),
            ("runs.-1.seats.[type=x.y].price", json!([5])),
            ("runs.-1.seats.[only].price", json!([])),
            ("runs.0.seats.[only].[type=audit].price", json!([0])),
            ("runs.0.seats.[only].[type=verified].price", json!([])),
            ("runs.[seats.*.type=audit].seats.*.price", json!([0])),
            ("cost.[kind.0.node=all].price", json!([7])),
            ("cost.[only].price", json!([7])),
            ("runs.0.seats.[price].type", json!(["audit"])),
            ("cost.[kind.0.none].price", json!([])),
            ("absent.[only].[type=audit].price", json!([])),
        ] {
            assert_eq!(json!(Path::parse(path).unwrap().values(&record).unwrap()), values, "{path}");
        }
        for path in ["a.[b", "a.b]", "a.]b[", "a.[=b].c", "[]"] {
            assert!(Path::parse(path).is_err(), "{path}");
        }
    }
}
