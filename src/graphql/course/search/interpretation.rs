//! How a search text was understood: the words to search for, and the facts with the filters that they correspond to.

use async_graphql::{InputType, SimpleObject};
use catalog::dictionary::{Dictionary, NamedEntity};
use catalog::error::{AppError, Result};
use search::{Condition, FactMeaning, QueryFact, SearchText, StatedFact, find_facts, text_without_facts};
use serde_json::{Value, json};

use super::conditions::Compiler;
use crate::graphql::context::RequestContext;
use crate::graphql::course::inputs::CourseFilter;

/// How a search text was understood.
#[derive(Clone, Debug, SimpleObject)]
pub struct QueryInterpretation {
    /// Words, phrases and exclusions that are searched for in texts, as typed. Leaves out facts and function words.
    pub text: String,
    /// Facts that the text states, in its order. They raise the courses that state them, and hide none.
    pub facts: Vec<InterpretedFact>,
}

/// A fact in a search text, such as "beginner" or "under 500".
#[derive(Clone, Debug, SimpleObject)]
pub struct InterpretedFact {
    /// Words of the fact, as typed.
    pub text: String,
    /// Filter that the fact corresponds to: a `CourseFilter` as JSON, e.g. `{"level": ["BEGINNER"]}`. To show only
    /// courses that state the fact, pass it as `filter` of a search without these words.
    pub filter: Value,
}

/// Reads a search text.
pub(super) fn interpret(request: &RequestContext, text: String) -> Result<(SearchText, QueryInterpretation)> {
    let dictionary = &request.snapshot().dictionary;
    let found = find_facts(request.search(), &text, request.now.date_naive())?;
    let mut known = Vec::with_capacity(found.len());
    for fact in found {
        let filter = filter_of(dictionary, &fact)?;
        let condition = condition(request, &filter);
        if matches!(condition, Err(AppError::BadUserInput { .. })) {
            // A fact of the operator may name a skill or a subject that the catalogue no longer has: its words are words.
            continue;
        }
        known.push((fact, filter, condition?));
    }
    let rest = text_without_facts(&text, known.iter().map(|(fact, ..)| fact.clauses.clone()))?;
    let mut facts = Vec::with_capacity(known.len());
    let mut interpreted = Vec::with_capacity(known.len());
    for (fact, filter, condition) in known {
        facts.push(StatedFact {
            clauses: fact.clauses,
            condition,
            is_subject: fact.is_subject,
            is_searched: fact.is_searched,
        });
        interpreted.push(InterpretedFact { text: fact.text, filter });
    }
    Ok((SearchText { text, facts }, QueryInterpretation { text: rest, facts: interpreted }))
}

fn filter_of(dictionary: &Dictionary, fact: &QueryFact) -> Result<Value> {
    match &fact.meaning {
        FactMeaning::Filter(filter) => Ok(filter.clone()),
        FactMeaning::Provider(id) => {
            let provider = dictionary.providers.get(*id);
            let slug =
                provider.ok_or_else(|| AppError::internal("a provider of the index is not known"))?.slug().to_owned();
            Ok(json!({ "or": [{ "provider": [slug] }, { "partner": [slug] }] }))
        }
    }
}

fn condition(request: &RequestContext, filter: &Value) -> Result<Condition> {
    let clauses = Compiler::new(request, "query").clauses(&parse(filter)?)?;
    Ok(Condition::All(clauses.into_iter().map(|(_, condition)| condition).collect()))
}

fn parse(filter: &Value) -> Result<CourseFilter> {
    let value = async_graphql::Value::from_json(filter.clone()).map_err(AppError::internal)?;
    CourseFilter::parse(Some(value))
        .map_err(|error| AppError::internal(error.into_server_error(async_graphql::Pos::default()).message))
}

/// What is wrong with the filter of a fact; `None` if nothing is.
pub fn check_filter(filter: &Value) -> Option<String> {
    let known = parse(filter).ok().and_then(|parsed| parsed.to_value().into_json().ok());
    let fits = known.is_some_and(|known| has_only_known_fields(filter, &known));
    (!fits).then(|| "must be a CourseFilter as the API takes it".to_owned())
}

/// Whether a filter has only fields that were read. Parsing ignores others.
fn has_only_known_fields(filter: &Value, known: &Value) -> bool {
    match (filter, known) {
        (Value::Object(fields), Value::Object(known)) => {
            fields.iter().all(|(name, value)| known.get(name).is_some_and(|known| has_only_known_fields(value, known)))
        }
        (Value::Array(values), Value::Array(known)) => {
            values.iter().zip(known).all(|(value, known)| has_only_known_fields(value, known))
        }
        (filter, known) => filter.is_null() || !known.is_null(),
    }
}
