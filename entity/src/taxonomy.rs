//! What listings refer to: subjects, skills, careers, certifications, statistics, sources.

table! {
    /// Field of study.
    subject = "subject" {
        #[sea_orm(primary_key, auto_increment = false)] id: i64,
        slug: String, name: String,
    }
}

table! {
    /// Skill.
    skill = "skill" {
        #[sea_orm(primary_key, auto_increment = false)] id: i64,
        slug: String, name: String, kind: SkillKind,
    }
}

table! {
    /// Alias that a skill is searched by.
    skill_alias = "skill_alias" {
        #[sea_orm(primary_key, auto_increment = false)] skill_id: i64,
        #[sea_orm(primary_key, auto_increment = false)] alias: String,
    }
}

table! {
    /// Career that courses lead to.
    career = "career" {
        #[sea_orm(primary_key, auto_increment = false)] id: i64,
        slug: String, title: String, description: Option<String>,
    }
}

table! {
    /// Level of a career.
    career_level = "career_level" {
        #[sea_orm(primary_key, auto_increment = false)] id: i64,
        career_id: i64, level: CareerLevelName, years_min: Option<i32>, years_max: Option<i32>,
    }
}

table! {
    /// Job title at a level of a career.
    career_level_title = "career_level_title" {
        #[sea_orm(primary_key, auto_increment = false)] career_level_id: i64,
        #[sea_orm(primary_key, auto_increment = false)] position: i32,
        title: String,
    }
}

link! { career_skill = "career_skill" { career_id, skill_id } }
link! { career_related = "career_related" { career_id, related_id } }
slugs! { career_slug = "career_slug" { career_id } }

table! {
    /// Certification by an issuer.
    certification = "certification" {
        #[sea_orm(primary_key, auto_increment = false)] id: i64,
        slug: String, name: String, kind: CertificationKind, status: ListingStatus, issuer_id: i64,
        description: Option<String>,
        exam_fee: Option<i64>, exam_fee_currency: Option<String>, valid_for_months: Option<i32>,
        url: Option<String>, version: i32, created_at: DateTimeUtc, updated_at: DateTimeUtc,
    }
}

link! { certification_skill = "certification_skill" { certification_id, skill_id } }
link! { certification_career = "certification_career" { certification_id, career_id } }
slugs! { certification_slug = "certification_slug" { certification_id } }

table! {
    /// Published statistic. The `_e4` columns are in ten-thousandths.
    statistic = "statistic" {
        #[sea_orm(primary_key, auto_increment = false)] id: i64,
        key: String, metric: StatisticMetric,
        career_id: Option<i64>, course_id: Option<i64>, provider_id: Option<i64>,
        subject_label: String, course_kind: Option<CourseKind>,
        value_e4: Option<i64>, range_min_e4: Option<i64>, range_max_e4: Option<i64>, currency: Option<String>,
        level: Option<CareerLevelName>, experience_min: Option<i32>, experience_max: Option<i32>,
        region: Option<String>, period_start: Option<String>, period_end: Option<String>, as_of: Option<String>,
        sample_size: Option<i32>, publisher: Option<String>,
    }
}

table! {
    /// Source document of facts.
    source = "source" {
        #[sea_orm(primary_key, auto_increment = false)] id: i64,
        key: String, publisher: Option<String>, subject: String, url: Option<String>, year: Option<i32>,
        retrieved_on: Option<Date>,
    }
}

table! {
    /// Citation of a source: exactly one of the last six columns is set.
    citation = "citation" {
        #[sea_orm(primary_key, auto_increment = false)] id: i64,
        source_id: i64, position: i32,
        provider_id: Option<i64>, course_id: Option<i64>, certification_id: Option<i64>,
        career_id: Option<i64>, career_level_id: Option<i64>, statistic_id: Option<i64>,
    }
}
