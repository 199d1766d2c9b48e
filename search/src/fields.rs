//! Fields of the documents in the index. Everything that is filtered, sorted or counted is a column ("fast"). IDs and
//! enum members are also indexed as terms, so that a condition on them is one posting list.
//!
//! Courses and offerings are separate documents, so that a condition on a single offering can be matched exactly. Both
//! have the ID of the course in `owner`, by which they are replaced.

use chrono::NaiveDate;
use entity::SkillLevel;
use tantivy::schema::{
    FAST, Field, INDEXED, IndexRecordOption, NumericOptions, STORED, STRING, Schema, SchemaBuilder, TextFieldIndexing,
    TextOptions,
};

/// Version of the format. Increment it whenever the fields or the meaning of their values change: an index of another
/// version is rebuilt.
pub const VERSION: u32 = 8;
/// Pseudo-currency of free courses, which are free in every currency.
pub const FREE: &str = "FREE";

/// Kind of a document, in field `doc_kind`.
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
        /// All fields of the index.
        #[derive(Clone, Copy, Debug)]
        pub struct Fields { $($(#[$doc])* pub $name: Field),+ }

        impl Fields {
            /// Builds the schema, and returns it with its fields.
            pub fn build() -> (Schema, Fields) {
                let mut schema = Schema::builder();
                let fields = Fields { $($name: FieldKind::add($how, &mut schema, stringify!($name))),+ };
                (schema.build(), fields)
            }
        }
    };
}

/// How a field is stored.
enum FieldKind {
    /// Integer that is searched as a term and read as a column.
    Term,
    /// Integer that is only read as a column.
    Column,
    /// Float that is only read as a column.
    Float,
    /// Short text that is not tokenized: a term and a column.
    Word,
    /// Text that is not tokenized, for lookup only.
    Key,
    /// Prose, tokenized by the analyser with this name.
    Prose(&'static str),
    /// Words of prose, for lookup only, without frequencies and positions.
    Vocabulary(&'static str),
    /// Text that is stored for display and not searched.
    Stored,
}

impl FieldKind {
    fn add(self, schema: &mut SchemaBuilder, name: &str) -> Field {
        match self {
            FieldKind::Term => schema.add_i64_field(name, INDEXED | FAST),
            FieldKind::Column => schema.add_i64_field(name, NumericOptions::default().set_fast()),
            FieldKind::Float => schema.add_f64_field(name, NumericOptions::default().set_fast()),
            FieldKind::Word => schema.add_text_field(name, STRING | FAST),
            FieldKind::Key => schema.add_text_field(name, STRING),
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
    /// Kind of the document: a `DocKind`.
    doc_kind: FieldKind::Term;
    /// ID of the row.
    id: FieldKind::Term;
    /// ID of the course that the document is replaced with. For a course, its own ID. Absent from all other documents,
    /// which are replaced all at once by kind.
    owner: FieldKind::Term;

    /// Words of the name of a listing, stemmed.
    title: FieldKind::Prose("stemmed");
    /// Summary of a course, stemmed.
    summary: FieldKind::Prose("stemmed");
    /// Description, stemmed.
    description: FieldKind::Prose("stemmed");
    /// Names, aliases and slugs of the skills of a listing, stemmed.
    skill_names: FieldKind::Prose("stemmed");
    /// Names of the provider and the partners of a course, stemmed.
    provider_names: FieldKind::Prose("stemmed");
    /// Titles of the course's careers, and names of its subjects and certifications, stemmed.
    career_names: FieldKind::Prose("stemmed");
    /// Stems of the title of a course in its other languages than English and Russian. Filled in when a document is
    /// added to the index.
    title_stems: FieldKind::Prose("folded");
    /// The same for the rest of its prose, without the names of providers.
    prose_stems: FieldKind::Prose("folded");
    /// Every prefix of the words of a name (and of a skill's aliases and slug), folded but not stemmed, for
    /// suggestions.
    prefixes: FieldKind::Prose("prefixes");
    /// Full name as folded by `text::fold`, to sort by.
    name_key: FieldKind::Word;
    /// All words of the name, folded and joined by spaces: punctuation makes no difference. Filled in when a document
    /// is added to the index.
    whole_name: FieldKind::Key;
    /// The provider's own key of a course, in the form of `code_key`.
    code: FieldKind::Key;
    /// Every word of the prose above, folded but not stemmed: candidates for corrections of a mistyped word. Filled in
    /// when a document is added to the index.
    vocabulary: FieldKind::Vocabulary("folded");
    /// Rank among suggestions, lowest first: short names before long ones, then other listings before courses. Filled
    /// in when a document is added to the index.
    suggestion_order: FieldKind::Column;

    /// Required skills. There is one field for each required level.
    needs_basic: FieldKind::Column;
    /// See `needs_basic`.
    needs_familiar: FieldKind::Column;
    /// See `needs_basic`.
    needs_proficient: FieldKind::Column;

    /// ID of its provider.
    provider: FieldKind::Term;
    /// IDs of its partners.
    partner: FieldKind::Term;
    /// Kinds of its partners, by index in `ProviderKind`.
    partner_kind: FieldKind::Term;
    /// IDs of its subjects.
    subject: FieldKind::Term;
    /// IDs of its skills.
    skill: FieldKind::Term;
    /// IDs of the courses that must be taken first.
    required_course: FieldKind::Column;
    /// IDs of the certifications that it prepares for.
    certification: FieldKind::Term;
    /// IDs of its careers.
    career: FieldKind::Term;
    /// `CourseKind`, by index.
    kind: FieldKind::Term;
    /// `Level`, by index. Absent if not stated.
    level: FieldKind::Term;
    /// `Format`s, by index. For an offering, its own.
    format: FieldKind::Term;
    /// `Schedule`s, by index. For an offering, its own.
    schedule: FieldKind::Term;
    /// BCP 47 tags in their canonical form. For an offering, its own.
    language: FieldKind::Word;

    /// Price of taking it, in minor units. Absent if not stated or a subscription.
    price: FieldKind::Column;
    /// Currency of `price`.
    price_currency: FieldKind::Word;
    /// `PricingCategory`, by index.
    pricing: FieldKind::Term;
    /// Length in weeks.
    weeks: FieldKind::Column;
    /// `Duration.estimatedHours`.
    hours: FieldKind::Column;
    /// Hours per week, the middle of their range. Absent if not stated.
    hours_per_week: FieldKind::Float;
    /// Number of mentoring sessions.
    mentoring_sessions: FieldKind::Column;
    /// Maximum number of learners in a class.
    max_class_size: FieldKind::Column;
    /// Months within which it may be retaken for free.
    free_retake: FieldKind::Column;
    /// 1 or 0. Absent if not stated.
    certificate_of_completion: FieldKind::Term;
    /// 1 or 0. Absent if not stated.
    job_preparation: FieldKind::Term;
    /// 1 or 0. Absent if not stated.
    job_guarantee: FieldKind::Term;
    /// 1 or 0. Absent if not stated.
    portfolio: FieldKind::Term;
    /// 1 or 0. Absent if not stated.
    no_prerequisites: FieldKind::Term;
    /// 1 if it requires courses, or states requirements in free text; absent otherwise.
    asks_more: FieldKind::Column;
    /// 1 if it has won an award; absent otherwise.
    award: FieldKind::Term;
    /// Financing plans, each encoded by `financing::key`.
    financing: FieldKind::Column;
    /// Average of its reviews. Absent without reviews.
    rating: FieldKind::Float;
    /// `RatingSummary.score`. Absent without reviews.
    score: FieldKind::Float;
    /// Share of graduates employed in the field after 180 days, in ten-thousandths of a percent. Absent if the course
    /// is not ranked by one.
    employment: FieldKind::Column;
    /// Number of reviews. Always present.
    review_count: FieldKind::Column;
    /// Microseconds since 1970.
    published_at: FieldKind::Column;
    /// Microseconds since 1970.
    updated_at: FieldKind::Column;

    /// Start day of an offering, in days since 1970; `ON_DEMAND` for one without a date.
    starts: FieldKind::Column;
    /// Last day on which one can still join an offering: that of its start, or its application deadline.
    open_until: FieldKind::Column;
    /// Offerings of a course as encoded by `openings::encode`, ascending.
    openings: FieldKind::Column;
    /// Latitude of an offering.
    latitude: FieldKind::Float;
    /// Longitude of an offering.
    longitude: FieldKind::Float;
    /// City of an offering, or of a location of a provider, folded by `text::fold`.
    city: FieldKind::Word;
    /// Region of an offering, folded by `text::fold`.
    region: FieldKind::Word;
    /// Country of an offering, ISO 3166-1 alpha-2.
    country: FieldKind::Word;

    /// Names of a skill: its own first, then its aliases and its slug.
    names: FieldKind::Stored;
    /// Title as displayed, for highlights and suggestions.
    shown_title: FieldKind::Stored;
    /// Summary as displayed, for highlights.
    shown_summary: FieldKind::Stored;
}

impl Fields {
    /// Fields of required skills with their levels, lowest first.
    pub fn needs(&self) -> [(SkillLevel, Field); 3] {
        [
            (SkillLevel::Basic, self.needs_basic),
            (SkillLevel::Familiar, self.needs_familiar),
            (SkillLevel::Proficient, self.needs_proficient),
        ]
    }

    /// Stemmed fields that say what a listing is called and belongs to.
    pub fn naming(&self) -> [Field; 4] {
        [self.title, self.skill_names, self.provider_names, self.career_names]
    }

    /// Fields of stems in other languages than English and Russian.
    pub(super) fn stems(&self) -> [Field; 2] {
        [self.title_stems, self.prose_stems]
    }

    /// Fields whose length the words of a field are compared with. Fields of stems are empty in most listings, so their
    /// own length says nothing.
    pub(super) fn measures(&self, field: Field) -> Vec<Field> {
        if field == self.title_stems {
            vec![self.title]
        } else if field == self.prose_stems {
            vec![self.summary, self.description, self.skill_names, self.career_names]
        } else {
            vec![field]
        }
    }

    /// Prose fields that a text is searched in.
    pub fn prose(&self) -> [Field; 6] {
        let [title, skills, providers, careers] = self.naming();
        [title, skills, providers, careers, self.summary, self.description]
    }
}

/// Start of an offering without a date: after the last day of the year 9999, so that it always counts as upcoming, but
/// no later, so that the column stays dense.
pub const ON_DEMAND: i64 = 4_000_000;

/// Days since 1970.
pub fn days(date: NaiveDate) -> i64 {
    date.signed_duration_since(NaiveDate::default()).num_days()
}
