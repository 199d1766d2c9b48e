//! What providers state about a course, one declaration per field. See [`crate::listing`] for what comes from it.

use std::sync::LazyLock;

use entity::{
    Format, Level, PricePeriod, PricingCategory, Schedule, SkillLevel, award, course, financing_plan, mask, offering,
};

use super::offering::{MAX_OFFERINGS, OFFERING};
use crate::input::text::{MAX_DESCRIPTION_CHARS, MAX_NAME_CHARS, MAX_NOTE_CHARS, MAX_SUMMARY_CHARS};
use crate::input::{InputReader, ValidationCode};
use crate::listing::{
    Field, ObjectType, RowList, boolean, choice, column, integer, language, line, percent, prose, slug, web_address,
};
use crate::write::{LinkTable, Target};

/// Link tables of a course.
pub(super) const LINKS: [LinkTable; 8] = [
    PARTNERS,
    SUBJECTS,
    SKILLS,
    PREREQUISITE_COURSES,
    UNITS,
    CERTIFICATIONS,
    CAREERS,
    LinkTable::citations("course_id"),
];
const PARTNERS: LinkTable = LinkTable::new("partners", "course_partner", "course_id", "provider_id", Target::Provider);
const SUBJECTS: LinkTable = LinkTable::new("subjects", "course_subject", "course_id", "subject_id", Target::Subject);
const SKILLS: LinkTable = LinkTable::new("skills", "course_skill", "course_id", "skill_id", Target::Skill);
const PREREQUISITE_COURSES: LinkTable =
    LinkTable::new("prerequisiteCourses", "course_prerequisite_course", "course_id", "required_id", Target::Course);
const UNITS: LinkTable = LinkTable::new("units", "course_unit", "course_id", "unit_id", Target::Course);
const CERTIFICATIONS: LinkTable =
    LinkTable::new("certifications", "course_certification", "course_id", "certification_id", Target::Certification);
const CAREERS: LinkTable = LinkTable::new("careers", "course_career", "course_id", "career_id", Target::Career);

/// Required skills of a course.
pub(super) const REQUIREMENTS: RowList<SkillRequirement> = RowList::new("prerequisiteSkills", 50, &REQUIREMENT);
/// Ways to pay for a course.
pub(super) const FINANCING_PLANS: RowList<financing_plan::Model> = RowList::new("financing", 20, &FINANCING);
/// Awards of a course.
pub(super) const AWARDS: RowList<award::Model> = RowList::new("awards", 50, &AWARD);
/// Offerings of a course.
pub(super) const OFFERINGS: RowList<offering::Model> = RowList::new("offerings", MAX_OFFERINGS, &OFFERING);

/// A course. The schema describes the first three fields by itself, because the mutations treat them differently.
pub static COURSE: LazyLock<ObjectType<course::Model>> = LazyLock::new(|| {
    type F = Field<course::Model>;
    let fields = vec![
        F::not_null("title", line(MAX_NAME_CHARS), column!(title)),
        F::not_null("kind", choice(), column!(kind)),
        F::optional("externalKey", line(MAX_NAME_CHARS), column!(external_key)),
        F::null_keeps("slug", slug(), column!(slug)).describe(
            "Slug of the course: lower-case ASCII letters and digits, separated by single hyphens, at most 120 \
             characters, unique among courses. Earlier slugs keep resolving. If absent or null, the course keeps its \
             slug; a new course gets one made from its title.",
        ),
        F::optional("summary", prose(MAX_SUMMARY_CHARS), column!(summary))
            .describe("Short description: plain text of at most 500 characters."),
        F::optional("description", prose(MAX_DESCRIPTION_CHARS), column!(description))
            .describe("Full description: Markdown of at most 20,000 characters. HTML in it is kept as text."),
        F::optional("level", choice::<Level>(), column!(level)).describe("Level of the intended audience."),
        F::links(&PARTNERS).describe(
            "Slugs of the partner providers, at most 200. A partner is shown publicly once it has accepted the \
             partnership.",
        ),
        F::links(&SUBJECTS).describe("Slugs of the subjects, at most 200."),
        F::choices::<Format>("formats", column!(formats)).describe("Formats in which the course is taught."),
        F::choices::<Schedule>("schedules", column!(schedules)).describe("Schedules on which the course is taught."),
        F::words("languages", 20, language(), column!(languages))
            .describe("Languages in which the course is taught, at most 20."),
        F::object("duration", duration()).describe("Length of the course."),
        F::object("pricing", pricing()).describe("Pricing of the course."),
        F::rows(&FINANCING_PLANS).describe("Ways to pay for the course, at most 20."),
        F::optional("freeRetakeWithinMonths", integer(0..=1200), column!(free_retake_within_months))
            .describe(
                "Number of months within which learners can retake the course for free, 0 to 1200. 0 means that there \
                 is no free retake.",
            )
            .indexed(|index| index.free_retake)
            .hint("Say within how many months it may be taken again for nothing; 0 is an answer.", is_any),
        F::optional("certificateOfCompletion", boolean(), column!(certificate_of_completion))
            .describe("Whether learners get a certificate of completion.")
            .indexed(|index| index.certificate_of_completion),
        F::optional("mentoringSessions", integer(0..=10_000), column!(mentoring_sessions))
            .describe("Number of one-to-one mentoring sessions included, 0 to 10,000.")
            .indexed(|index| index.mentoring_sessions)
            .hint("Say how many mentoring sessions it includes; 0 is an answer.", is_any),
        F::optional("maxClassSize", integer(1..=10_000), column!(max_class_size))
            .describe("Maximum number of learners in a class, 1 to 10,000.")
            .indexed(|index| index.max_class_size)
            .hint("Say how many learners a class has at most.", has_classes),
        F::optional("jobPreparation", boolean(), column!(job_preparation))
            .describe("Whether the course prepares learners for a job search.")
            .indexed(|index| index.job_preparation)
            .hint("Say whether it prepares for looking for a job.", is_any),
        F::optional("jobGuarantee", boolean(), column!(job_guarantee))
            .describe("Whether the provider guarantees a job or a refund.")
            .indexed(|index| index.job_guarantee)
            .hint("Say whether a job is guaranteed.", is_any),
        F::optional("portfolio", boolean(), column!(portfolio))
            .describe("Whether learners leave with a portfolio of their own work.")
            .indexed(|index| index.portfolio)
            .hint("Say whether learners leave with a portfolio.", is_any),
        F::links(&SKILLS).describe("Slugs of the skills taught, at most 200."),
        F::optional("noPrerequisites", boolean(), column!(no_prerequisites))
            .describe("True if the course has no prerequisites, false if it has some.")
            .indexed(|index| index.no_prerequisites),
        F::rows(&REQUIREMENTS).describe("Required skills, at most 50."),
        F::links(&PREREQUISITE_COURSES).describe("Slugs of the courses to take first, at most 200."),
        F::optional("prerequisiteNote", prose(MAX_NOTE_CHARS), column!(prerequisite_note))
            .describe("Additional prerequisites: text of at most 2,000 characters."),
        F::links(&UNITS).describe("Slugs of the courses that make up this one, in order, at most 200."),
        F::links(&CERTIFICATIONS)
            .describe("Slugs of the certifications that the course prepares for or ends with, at most 200."),
        F::links(&CAREERS).describe("Slugs of the careers that the course leads to, at most 200."),
        F::rows(&AWARDS).describe("Awards that the course has won, at most 50."),
        F::optional("url", web_address(), column!(url))
            .describe("Web page that describes the course and takes bookings."),
    ];
    ObjectType::new("CourseDetails", "Fields that all course inputs have in common.", fields)
});

/// The field makes sense for every course.
fn is_any(_: &course::Model) -> bool {
    true
}

/// Whether the course is taught in classes, as far as it says.
fn has_classes(row: &course::Model) -> bool {
    row.formats != mask(&[Format::SelfPaced])
}

fn duration() -> ObjectType<course::Model> {
    type F = Field<course::Model>;
    let fields = vec![
        F::optional("weeks", integer(1..=1000), column!(duration_weeks))
            .describe("Weeks from start to end, 1 to 1000."),
        F::range("days", 1..=7000, (column!(duration_days_min), column!(duration_days_max)))
            .describe("Number of teaching days, 1 to 7000."),
        F::optional("hours", integer(1..=100_000), column!(duration_hours))
            .describe("Total number of hours, 1 to 100,000."),
        F::optional("minutes", integer(1..=6_000_000), column!(duration_minutes)).describe(
            "Total number of minutes, 1 to 6,000,000, instead of `hours`, for a total that is not whole hours.",
        ),
        F::range("hoursPerWeek", 1..=168, (column!(hours_per_week_min), column!(hours_per_week_max)))
            .describe("Hours per week, 1 to 168."),
    ];
    let description = "Length of a course. It is always sent whole: a field that is left out or null is not stated.";
    ObjectType::new("DurationInput", description, fields).with_check(check_total)
}

/// Whole hours are stored as hours and any other total as minutes, so that each total has one form.
fn check_total(reader: &mut InputReader<'_>, row: &mut course::Model) {
    let Some(minutes) = row.duration_minutes else { return };
    if row.duration_hours.is_some() {
        reader.add_error("hours", ValidationCode::Invalid, "must be left out where the total is stated in minutes");
    }
    (row.duration_hours, row.duration_minutes) =
        if minutes % 60 == 0 { (Some(minutes / 60), None) } else { (None, Some(minutes)) };
}

fn pricing() -> ObjectType<course::Model> {
    type F = Field<course::Model>;
    let fields = vec![
        F::optional("category", choice::<PricingCategory>(), column!(pricing_category))
            .required()
            .describe("Pricing category, e.g. FREE or SUBSCRIPTION."),
        F::money("amount", column!(price), column!(price_currency))
            .describe("Price of the course. Must be 0 or left out if the category is FREE."),
        F::optional("per", choice::<PricePeriod>(), column!(price_per))
            .describe("Period that `amount` pays for. Must not be ONCE if the category is SUBSCRIPTION."),
        F::money("certificate", column!(certificate_price), column!(certificate_price_currency))
            .describe("Additional price of the certificate."),
    ];
    let description = "Pricing of a course. It is always sent whole: a field that is left out or null is not stated.";
    ObjectType::new("PricingInput", description, fields).with_check(check_pricing)
}

fn check_pricing(reader: &mut InputReader<'_>, row: &mut course::Model) {
    if row.pricing_category == Some(PricingCategory::Free) && row.price.is_some_and(|price| price > 0) {
        reader.add_error("amount", ValidationCode::OutOfRange, "must be 0 or left out where the category is FREE");
    }
    if row.pricing_category == Some(PricingCategory::Subscription) && row.price_per == Some(PricePeriod::Once) {
        reader.add_error("per", ValidationCode::Invalid, "must be MONTH or YEAR where the category is SUBSCRIPTION");
    }
}

/// A way to pay. The writer fills in course and position.
pub(super) static FINANCING: LazyLock<ObjectType<financing_plan::Model>> = LazyLock::new(|| {
    type F = Field<financing_plan::Model>;
    let fields = vec![
        F::not_null("kind", choice(), column!(kind)).required().describe("Kind of the plan."),
        F::optional("aprPercent", percent(1000), column!(apr_percent_e4)).describe(
            "Nominal yearly interest rate in percent, 0 to 1000 with at most four decimals. 0 means interest-free.",
        ),
        F::optional("months", integer(1..=600), column!(months))
            .describe("Number of months over which the plan runs, 1 to 600."),
        F::optional("incomePercent", percent(100), column!(income_percent_e4))
            .describe("Share of income to pay, in percent, 0 to 100 with at most four decimals."),
        F::money("incomeFloor", column!(income_floor), column!(income_floor_currency))
            .describe("Yearly income below which nothing has to be paid."),
        F::money("cap", column!(cap), column!(cap_currency)).describe("Maximum amount to pay in total."),
        F::optional("note", prose(MAX_NOTE_CHARS), column!(note))
            .describe("Additional information: text of at most 2,000 characters."),
    ];
    let description = "A way to pay for a course. A field that is left out or null is not stated.";
    ObjectType::new("FinancingInput", description, fields)
});

/// An award. The writer fills in course and position.
pub(super) static AWARD: LazyLock<ObjectType<award::Model>> = LazyLock::new(|| {
    type F = Field<award::Model>;
    let fields = vec![
        F::not_null("title", line(MAX_NAME_CHARS), column!(title))
            .required()
            .describe("Title of the award: one line of at most 200 characters."),
        F::not_null("awardedBy", line(MAX_NAME_CHARS), column!(awarded_by))
            .required()
            .describe("Organisation that gave the award: one line of at most 200 characters."),
        F::optional("year", integer(1900..=2200), column!(year))
            .describe("Year of the award, 1900 to 2200. Null if not stated."),
    ];
    ObjectType::new("AwardInput", "An award that a course has won.", fields)
});

/// Skill that a course requires, by its slug.
#[derive(Clone, Debug, Default)]
pub(super) struct SkillRequirement {
    pub skill: String,
    pub level: SkillLevel,
}

static REQUIREMENT: LazyLock<ObjectType<SkillRequirement>> = LazyLock::new(|| {
    type F = Field<SkillRequirement>;
    let fields = vec![
        F::not_null("skill", slug(), column!(skill)).required().describe("Slug of the skill."),
        F::not_null("level", choice::<SkillLevel>(), column!(level)).required().describe("Minimum level of the skill."),
    ];
    ObjectType::new("SkillRequirementInput", "A skill that a course requires.", fields)
});
