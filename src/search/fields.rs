//! The fields of the documents in the index. Whatever is filtered, sorted or counted is a column ("fast"); ids and
//! the members of closed lists are indexed as terms too, so that a condition on them is one list of documents.
//!
//! Two kinds of documents matter beside each other: a course, and each of its offerings, so that a condition on "one
//! and the same offering" can be met exactly. Both carry the course's id in `owner`, by which they are replaced.

use entity::SkillLevel;
use tantivy::schema::{
    FAST, Field, INDEXED, IndexRecordOption, NumericOptions, STORED, STRING, Schema, SchemaBuilder, TextFieldIndexing,
    TextOptions,
};

/// Raised whenever the fields or the meaning of their values change: an index of another version is built anew.
pub const VERSION: u32 = 6;
/// What stands in the place of a currency where a course is free: nothing is nothing in every one of them.
pub(super) const FREE: &str = "FREE";

/// What a document stands for, in field `doc_kind`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum DocKind {
    Course = 0,
    Offering = 1,
    Provider = 2,
    Certification = 3,
    Career = 4,
    Skill = 5,
    Subject = 6,
}

macro_rules! fields {
    ($($(#[$doc:meta])* $name:ident: $how:expr;)+) => {
        /// Every field of the index.
        #[derive(Clone, Copy, Debug)]
        pub struct Fields { $($(#[$doc])* pub $name: Field),+ }

        impl Fields {
            /// The schema, and where its fields are.
            pub fn build() -> (Schema, Fields) {
                let mut schema = Schema::builder();
                let fields = Fields { $($name: FieldKind::add($how, &mut schema, stringify!($name))),+ };
                (schema.build(), fields)
            }
        }
    };
}

/// How a field is kept.
enum FieldKind {
    /// A whole number that is looked up as a term and read as a column.
    Term,
    /// A whole number that is only read as a column.
    Column,
    /// A fraction that is only read as a column.
    Float,
    /// A short text taken whole: a term and a column.
    Word,
    /// Prose, taken apart by the analyser of this name.
    Prose(&'static str),
    /// The words of prose, to look up which there are: without how often and where they stand.
    Vocabulary(&'static str),
    /// A text that is kept to be shown again and not searched.
    Stored,
}

impl FieldKind {
    fn add(self, schema: &mut SchemaBuilder, name: &str) -> Field {
        match self {
            FieldKind::Term => schema.add_i64_field(name, INDEXED | FAST),
            FieldKind::Column => schema.add_i64_field(name, NumericOptions::default().set_fast()),
            FieldKind::Float => schema.add_f64_field(name, NumericOptions::default().set_fast()),
            FieldKind::Word => schema.add_text_field(name, STRING | FAST),
            FieldKind::Prose(analyser) => {
                schema.add_text_field(name, prose(analyser, IndexRecordOption::WithFreqsAndPositions))
            }
            FieldKind::Vocabulary(analyser) => schema.add_text_field(name, prose(analyser, IndexRecordOption::Basic)),
            FieldKind::Stored => schema.add_text_field(name, STORED),
        }
    }
}

fn prose(analyser: &str, detail: IndexRecordOption) -> TextOptions {
    let indexing = TextFieldIndexing::default().set_tokenizer(analyser).set_index_option(detail);
    TextOptions::default().set_indexing_options(indexing)
}

fields! {
    /// What the document stands for: a `DocKind`.
    doc_kind: FieldKind::Term;
    /// The id of the row.
    id: FieldKind::Term;
    /// The id of the course that the document is replaced with: of a course its own. Absent from all other documents,
    /// which are replaced all at once by their kind.
    owner: FieldKind::Term;

    /// The words of a listing's name, stemmed.
    title: FieldKind::Prose("stemmed");
    /// A course's summary, stemmed.
    summary: FieldKind::Prose("stemmed");
    /// A description, stemmed.
    description: FieldKind::Prose("stemmed");
    /// The names, aliases and slugs of a listing's skills, stemmed.
    skill_names: FieldKind::Prose("stemmed");
    /// The names of a course's provider and partners, stemmed.
    provider_names: FieldKind::Prose("stemmed");
    /// The titles of the careers that it leads to, and the names of its subjects and certifications, stemmed.
    career_names: FieldKind::Prose("stemmed");
    /// Every beginning of the words of a name (and of a skill's aliases and slug), folded but not stemmed, for suggestions.
    prefixes: FieldKind::Prose("prefixes");
    /// The name in full as `text::fold` writes it, to sort by.
    name_key: FieldKind::Word;
    /// Every word of the prose above, folded but not stemmed: what a mistyped word is compared with. Filled in when a
    /// document goes into the index.
    vocabulary: FieldKind::Vocabulary("folded");
    /// Where it stands among suggestions, the smallest first: short names before long ones, and then anything else
    /// before a course. Filled in when a document goes into the index.
    suggestion_order: FieldKind::Column;

    /// The skills that it asks a learner to bring, each in the field of the level that it asks for.
    needs_basic: FieldKind::Column;
    /// See `needs_basic`.
    needs_familiar: FieldKind::Column;
    /// See `needs_basic`.
    needs_proficient: FieldKind::Column;

    /// The id of its provider.
    provider: FieldKind::Term;
    /// The ids of its partners.
    partner: FieldKind::Term;
    /// The kinds of its partners, by place in `ProviderKind`.
    partner_kind: FieldKind::Term;
    /// The ids of its subjects.
    subject: FieldKind::Term;
    /// The ids of its skills.
    skill: FieldKind::Term;
    /// The ids of the courses that must be taken before.
    required_course: FieldKind::Column;
    /// The ids of the certifications that it prepares for.
    certification: FieldKind::Term;
    /// The ids of its careers.
    career: FieldKind::Term;
    /// `CourseKind`, by place.
    kind: FieldKind::Term;
    /// `Level`, by place; absent where not stated.
    level: FieldKind::Term;
    /// `Format`s, by place; of an offering: its own.
    format: FieldKind::Term;
    /// `Schedule`s, by place; of an offering: its own.
    schedule: FieldKind::Term;
    /// BCP 47 tags in their canonical form; of an offering: its own.
    language: FieldKind::Word;

    /// What taking it costs, in minor units; absent where not stated or a subscription.
    price: FieldKind::Column;
    /// The currency of `price`.
    price_currency: FieldKind::Word;
    /// `PricingCategory`, by place.
    pricing: FieldKind::Term;
    /// Its length in weeks.
    weeks: FieldKind::Column;
    /// `Duration.estimatedHours`.
    hours: FieldKind::Column;
    /// Hours a week, the middle of their range; absent where not stated.
    hours_per_week: FieldKind::Float;
    /// Mentoring sessions.
    mentoring_sessions: FieldKind::Column;
    /// The maximum number of learners in a class.
    max_class_size: FieldKind::Column;
    /// Months within which it may be taken again for free.
    free_retake: FieldKind::Column;
    /// 1 or 0; absent where not stated.
    certificate_of_completion: FieldKind::Term;
    /// 1 or 0; absent where not stated.
    job_preparation: FieldKind::Term;
    /// 1 or 0; absent where not stated.
    job_guarantee: FieldKind::Term;
    /// 1 or 0; absent where not stated.
    portfolio: FieldKind::Term;
    /// 1 or 0; absent where not stated.
    no_prerequisites: FieldKind::Term;
    /// 1 where it asks for courses, or says in words what it asks for; absent else.
    asks_more: FieldKind::Column;
    /// 1 where it has won an award; absent else.
    award: FieldKind::Term;
    /// A financing plan each, as `financing::key` writes it.
    financing: FieldKind::Column;
    /// The average of its reviews; absent without one.
    rating: FieldKind::Float;
    /// `RatingSummary.score`; absent without a review.
    score: FieldKind::Float;
    /// The share of graduates who are employed in the field after 180 days, in ten-thousandths of a percent; absent where it
    /// is not ranked by one.
    employment: FieldKind::Column;
    /// How many reviews it has; always stated.
    review_count: FieldKind::Column;
    /// Microseconds since 1970.
    published_at: FieldKind::Column;
    /// Microseconds since 1970.
    updated_at: FieldKind::Column;

    /// Days since 1970 on which its offerings start, rising, `ON_DEMAND` for one without a date; of an offering: its
    /// own.
    starts: FieldKind::Column;
    /// Where an offering is held.
    latitude: FieldKind::Float;
    /// Where an offering is held.
    longitude: FieldKind::Float;
    /// Where an offering is held, as `text::fold` writes it.
    city: FieldKind::Word;
    /// Where an offering is held, as `text::fold` writes it.
    region: FieldKind::Word;
    /// Where an offering is held, ISO 3166-1 alpha-2.
    country: FieldKind::Word;

    /// The names of a skill, its own first, then aliases and slug.
    names: FieldKind::Stored;
    /// The title as it is shown, for highlights and suggestions.
    shown_title: FieldKind::Stored;
    /// The summary as it is shown, for highlights.
    shown_summary: FieldKind::Stored;
}

impl Fields {
    /// The fields of the skills to bring, with the level of each, the lowest first.
    pub fn needs(&self) -> [(SkillLevel, Field); 3] {
        [
            (SkillLevel::Basic, self.needs_basic),
            (SkillLevel::Familiar, self.needs_familiar),
            (SkillLevel::Proficient, self.needs_proficient),
        ]
    }

    /// The fields of stems that say what a listing is called and belongs to.
    pub fn naming(&self) -> [Field; 4] {
        [self.title, self.skill_names, self.provider_names, self.career_names]
    }

    /// The fields of prose that a search text is looked for in.
    pub fn prose(&self) -> [Field; 6] {
        let [title, skills, providers, careers] = self.naming();
        [title, skills, providers, careers, self.summary, self.description]
    }
}

/// The start of an offering that has no date: after the last day of the year 9999, so that it always counts as upcoming,
/// and no further, so that the column stays dense.
pub const ON_DEMAND: i64 = 4_000_000;
