//! What to do about a fault, in words. The rule says what would be accepted; the remedy says how to get there: in the
//! file, or with which key of a mapping. `TEXT` stands for the first text with the fault.

use crate::input::ValidationCode;

/// Remedies for values of the wrong form: what their rule contains, what to do in the file, and what in the mapping.
const OF_RULES: &[(&str, &str, &str)] = &[
    ("there is no such field", "correct the name of the field, or leave it out", ""),
    ("must be one of", "write one of these names", "translate it: values = { \"TEXT\" = \"…\" }"),
    ("must be true or false", "write true or false", "set read = \"boolean\""),
    ("must be a whole number", "write digits only, e.g. 8", "set read = \"number\""),
    ("must be a decimal number", "write the number only, e.g. 499.00", "set read = \"money\" or \"number\""),
    ("language tag", "write the tag of the language, e.g. en", "set read = \"language\""),
    ("must be a date", "write year, month and day, e.g. 2026-05-01", "set read = \"date\" with a format"),
    ("must be a currency", "write the code of the currency, e.g. USD", "set read = \"money\" with a currency"),
    ("must be a list", "write a list, in JSON with brackets", "set split to the sign between the items"),
    ("must be an object", "write its fields in braces", "map the fields of the object, e.g. duration.weeks"),
    (
        "http",
        "write the whole address, beginning with https://",
        "leave out other texts: values = { \"TEXT\" = [] } with otherwise = \"keep\"",
    ),
    ("one line", "remove line breaks and control characters", "set read = \"html\", which makes it one line"),
    ("is another in line", "say the same in all rows of the course, or leave the cells of later rows empty", ""),
    ("fields, and the header has", "check the delimiter, and put cells that contain it in quotes", ""),
    ("has no heading", "give the column a heading, or empty the cell", ""),
    (
        "JSON",
        "correct the JSON",
        "correct the JSON, or leave out other texts: values = { \"TEXT\" = [] } with otherwise = \"keep\"",
    ),
    ("never closed", "close it, or check whether the file is complete", ""),
    (
        "none of the values",
        "",
        "add it: values = { \"TEXT\" = \"…\" }, or set otherwise = \"keep\" or \"drop\" for all others",
    ),
    ("no number like", "", "set decimal to the sign that the file has before decimals"),
    ("could be thousands", "", "write it without separator, or with both: 1,500.00"),
    ("several currencies share", "", "set currency, e.g. currency = \"USD\""),
    ("also a word", "", "set currency, if it is meant as the currency"),
    (
        "no amount with a currency",
        "",
        "set currency if all amounts are in the same one; a text without amount is left out by values = { \"TEXT\" = [] } with otherwise = \"keep\"",
    ),
    (
        "no currency beside",
        "",
        "set currency, and leave only the amount in the text, or translate it: values = { \"TEXT\" = \"499 USD\" } with otherwise = \"keep\"",
    ),
    ("is an amount of money", "", "map it to a field of money with read = \"money\""),
    ("holds more than a number", "", "set read = \"money\" for the field that amount and currency are in"),
    ("is no whole number", "", "set round = \"up\", \"down\" or \"nearest\""),
    (
        "several numbers",
        "",
        "translate it: values = { \"TEXT\" = \"…\" } with otherwise = \"keep\"; a field with min and max takes read = \"range\"",
    ),
    ("the field duration takes any unit", "", "map the field duration instead, with read = \"duration\""),
    ("is no date", "", "add its format, e.g. format = \"%d.%m.%Y\""),
    ("in each of the formats", "", "keep only the format that the file has"),
    ("must be one value", "", "let values give one value for each text"),
];

/// Remedy for any other text that a mapping cannot read.
const TRANSLATE: &str = "correct the text, or translate it: values = { \"TEXT\" = \"…\" } with otherwise = \"keep\"";

/// Fields whose items are defined by the operators.
const TAXONOMY_FIELDS: [&str; 7] =
    ["partners", "subjects", "skills", "careers", "certifications", "prerequisiteSkills", "sources"];

/// What to do about a fault of a field.
pub(super) fn remedy(field: &str, code: ValidationCode, rule: &str, is_mapped: bool) -> Option<&'static str> {
    let root = field.split('.').next().unwrap_or(field);
    let either = |own: &'static str, mapped: &'static str| Some(if is_mapped { mapped } else { own });
    match code {
        ValidationCode::Required if root == "externalKey" => either(
            "give each row the key of the course in your own system",
            "fill the column, or make externalKey of several columns that every row has",
        ),
        ValidationCode::Required => either(
            "fill it in; what belongs to an object is given with it, or the whole object is left out",
            "fill the column, or set constant if all rows have the same",
        ),
        ValidationCode::TooShort => either(
            "write a text, or leave the cell empty where the field is optional (null in JSON)",
            "write a text, or leave such texts out: values = { \"TEXT\" = [] } with otherwise = \"keep\"",
        ),
        ValidationCode::TooLong if root == "record" => Some("shorten the texts of the record"),
        ValidationCode::TooLong if rule.contains("items") => Some("leave out some items"),
        ValidationCode::TooLong => either("shorten the text", "set truncate = true, or shorten the text"),
        ValidationCode::OutOfRange => either(
            "correct the number, or leave it out",
            "correct the number, or leave it out: values = { \"TEXT\" = [] } with otherwise = \"keep\"",
        ),
        ValidationCode::NotFound if ["units", "prerequisiteCourses"].contains(&root) => {
            Some("put the course before those that refer to it, or correct its slug")
        }
        ValidationCode::NotFound if is_mapped => {
            Some("translate the name: values = { \"TEXT\" = \"…\" } with otherwise = \"keep\", or let create add it")
        }
        ValidationCode::NotFound if TAXONOMY_FIELDS.contains(&root) => {
            Some("correct the slug, or have the operators add it by lectern import --taxonomy")
        }
        ValidationCode::Taken if root == "slug" => Some("leave out the slug, which is then made from the title"),
        ValidationCode::Duplicate if root == "externalKey" => Some(
            "give each course a key of its own; several offerings of a course stand in consecutive rows, in columns \
             such as offerings.startsOn",
        ),
        ValidationCode::Duplicate => Some("leave out what stands twice"),
        ValidationCode::NotAllowed if root == "publish" => Some("leave publish empty"),
        ValidationCode::Invalid => of_rule(rule, is_mapped),
        ValidationCode::NotFound
        | ValidationCode::Taken
        | ValidationCode::NotAllowed
        | ValidationCode::Stale
        | ValidationCode::WrongCredentials
        | ValidationCode::Expired
        | ValidationCode::Limit => None,
    }
}

fn of_rule(rule: &str, is_mapped: bool) -> Option<&'static str> {
    let found = OF_RULES.iter().find(|(part, _, _)| rule.contains(part));
    let own = found.map(|(_, own, _)| *own).filter(|own| !own.is_empty());
    let mapped = found.map(|(_, _, mapped)| *mapped).filter(|mapped| is_mapped && !mapped.is_empty());
    mapped.or(own).or(Some(TRANSLATE).filter(|_| is_mapped))
}
