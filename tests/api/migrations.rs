//! The database schema migrates up, down and up again, and the entities agree with it.

use migration::{Migrator, MigratorTrait};
use sea_orm::{ConnectionTrait, EntityTrait, QueryOrder, QuerySelect};

use crate::support::{Backend, TestDatabase};

fn on_a_database<F: Future<Output = ()>>(backend: Backend, test: impl FnOnce(sea_orm::DatabaseConnection) -> F) {
    actix_web::rt::System::new().block_on(async {
        let folder = tempfile::tempdir().unwrap();
        let database = TestDatabase::create(backend, folder.path()).await;
        let url = database.url.replace(".sqlite", ".sqlite?mode=rwc");
        let connection = sea_orm::Database::connect(url).await.unwrap();
        test(connection.clone()).await;
        connection.close().await.unwrap();
        database.drop_now().await;
    });
}

async fn goes_up_down_and_up(db: sea_orm::DatabaseConnection) {
    let tables = async || {
        let postgres = db.get_database_backend() == sea_orm::DbBackend::Postgres;
        let sql = if postgres {
            "select count(*) from information_schema.tables where table_schema = 'public'"
        } else {
            "select count(*) from sqlite_master where type = 'table' and name not like 'sqlite_%'"
        };
        let statement = sea_orm::Statement::from_string(db.get_database_backend(), sql);
        let row = db.query_one_raw(statement).await.unwrap().unwrap();
        row.try_get_by_index::<i64>(0).unwrap()
    };
    Migrator::up(&db, None).await.unwrap();
    let all = tables().await;
    assert!(all > 30, "{all} tables");
    Migrator::down(&db, None).await.unwrap();
    assert_eq!(tables().await, 1, "only the list of migrations is left");
    Migrator::up(&db, None).await.unwrap();
    assert_eq!(tables().await, all);
}

/// What the down script leaves behind makes the up script fail.
async fn each_undoes_itself(db: sea_orm::DatabaseConnection) {
    for migration in Migrator::migrations() {
        let failed = |error| panic!("{}: {error}", migration.name());
        Migrator::up(&db, Some(1)).await.unwrap_or_else(failed);
        Migrator::down(&db, Some(1)).await.unwrap_or_else(failed);
        Migrator::up(&db, Some(1)).await.unwrap_or_else(failed);
    }
}

/// Reads every column of every table, in the types of the entity.
async fn entities_agree(db: sea_orm::DatabaseConnection) {
    Migrator::up(&db, None).await.unwrap();
    macro_rules! read {
        ($($table:ident),+ $(,)?) => {$(
            entity::$table::Entity::find().limit(1).all(&db).await
                .unwrap_or_else(|error| panic!("{}: {error}", stringify!($table)));
        )+};
    }
    read!(
        account,
        identity,
        identity_tombstone,
        limited_action,
        session,
        refresh_token,
        mail_token,
        membership,
        invitation,
        service_token,
        signing_key,
        idempotency,
        award,
        career,
        career_level,
        career_level_title,
        career_related,
        career_skill,
        career_slug,
        catalogue,
        certification,
        certification_career,
        certification_skill,
        certification_slug,
        change,
        citation,
        course,
        course_career,
        course_certification,
        course_partner,
        course_prerequisite_course,
        course_prerequisite_skill,
        course_rating,
        course_skill,
        course_slug,
        course_subject,
        course_unit,
        enrolment_check,
        financing_plan,
        letter_limit,
        offering,
        outcome_employment,
        outcome_report,
        outcome_salary_band,
        partnership,
        provider,
        provider_licence,
        provider_location,
        provider_mapping,
        provider_name_request,
        provider_rating,
        provider_slug,
        review,
        review_link,
        review_moderation,
        review_reply,
        review_report,
        review_vote,
        skill,
        skill_alias,
        source,
        statistic,
        subject,
    );
}

#[test]
fn migrations_go_up_down_and_up_again_on_sqlite() {
    on_a_database(Backend::Sqlite, goes_up_down_and_up);
}

#[test]
fn migrations_go_up_down_and_up_again_on_postgres() {
    on_a_database(Backend::Postgres, goes_up_down_and_up);
}

#[test]
fn each_migration_undoes_itself_on_sqlite() {
    on_a_database(Backend::Sqlite, each_undoes_itself);
}

#[test]
fn each_migration_undoes_itself_on_postgres() {
    on_a_database(Backend::Postgres, each_undoes_itself);
}

#[test]
fn entities_agree_with_the_tables_on_sqlite() {
    on_a_database(Backend::Sqlite, entities_agree);
}

#[test]
fn entities_agree_with_the_tables_on_postgres() {
    on_a_database(Backend::Postgres, entities_agree);
}

const BEFORE_IDENTITY: &str = "
    insert into account (id, email, display_name, created_at) values
        (1, 'ann@example.org', 'Ann', '2026-01-01 00:00:00+00:00'), (2, 'bob@example.org', 'Bob', '2026-01-01 00:00:00+00:00');
    insert into identity (issuer, subject, account_id, created_at) values
        ('one', 'later', 1, '2026-01-03 00:00:00+00:00'), ('one', 'first', 1, '2026-01-02 00:00:00+00:00'),
        ('two', 'later', 1, '2026-01-03 00:00:00+00:00'), ('one', 'bob', 2, '2026-01-03 00:00:00+00:00');
    insert into provider (id, slug, name, kind, status, created_at, updated_at) values
        (7, 'school', 'School', 'BOOTCAMP', 'ACTIVE', '2026-01-01 00:00:00+00:00', '2026-01-01 00:00:00+00:00');
    insert into service_token (id, provider_id, name, hash, created_at, expires_at) values
        (12, 7, 'Sync', 'HASH1', '2026-01-01 00:00:00+00:00', '2027-01-01 00:00:00+00:00'),
        (1, 7, 'Unknown', 'HASH2', '2026-01-01 00:00:00+00:00', '2027-01-01 00:00:00+00:00');
    insert into change (position, at, actor, action, listing_type, listing_id, slug, provider_id, fields) values
        (1, '2026-01-01 00:00:00+00:00', 'account:2', 'member.create-token', 'PROVIDER', 7, 'school', 7,
            '{\"serviceToken\":{\"before\":null,\"after\":{\"id\":\"12\",\"name\":\"Sync\"}}}'),
        (2, '2026-01-02 00:00:00+00:00', 'account:1', 'member.revoke-token', 'PROVIDER', 7, 'school', 7,
            '{\"serviceToken\":{\"before\":{\"id\":\"12\",\"name\":\"Sync\"},\"after\":null}}')";

/// An older database: the first link of an issuer is kept, and tokens get their makers from the log.
async fn links_and_makers_are_put_right(db: sea_orm::DatabaseConnection) {
    let before = Migrator::migrations().iter().position(|one| one.name() == "m000007_identity").unwrap();
    Migrator::up(&db, Some(before.try_into().unwrap())).await.unwrap();
    let sql = BEFORE_IDENTITY.replace("HASH1", &"a".repeat(64)).replace("HASH2", &"b".repeat(64));
    db.execute_unprepared(&sql).await.unwrap();
    Migrator::up(&db, None).await.unwrap();
    let links: Vec<(String, String)> = entity::identity::Entity::find()
        .select_only()
        .columns([entity::identity::Column::Issuer, entity::identity::Column::Subject])
        .order_by_asc(entity::identity::Column::Issuer)
        .order_by_asc(entity::identity::Column::Subject)
        .into_tuple()
        .all(&db)
        .await
        .unwrap();
    let links: Vec<(&str, &str)> = links.iter().map(|(one, two)| (one.as_str(), two.as_str())).collect();
    assert_eq!(links, [("one", "bob"), ("one", "first"), ("two", "later")]);
    let tokens = entity::service_token::Entity::find();
    let tokens = tokens.order_by_asc(entity::service_token::Column::Id).all(&db).await.unwrap();
    assert_eq!(tokens.iter().map(|token| token.created_by).collect::<Vec<_>>(), [None, Some(2)]);
}

#[test]
fn an_older_database_gets_its_links_and_makers_put_right_on_sqlite() {
    on_a_database(Backend::Sqlite, links_and_makers_are_put_right);
}

#[test]
fn an_older_database_gets_its_links_and_makers_put_right_on_postgres() {
    on_a_database(Backend::Postgres, links_and_makers_are_put_right);
}

const BEFORE_PARTNERSHIPS: &str = "
    insert into provider (id, slug, name, kind, status, created_at, updated_at) values
        (1, 'one', 'One', 'BOOTCAMP', 'ACTIVE', '2026-01-01 00:00:00+00:00', '2026-01-01 00:00:00+00:00'),
        (2, 'two', 'Two', 'BOOTCAMP', 'ACTIVE', '2026-01-01 00:00:00+00:00', '2026-01-01 00:00:00+00:00'),
        (3, 'three', 'Three', 'BOOTCAMP', 'ACTIVE', '2026-01-01 00:00:00+00:00', '2026-01-01 00:00:00+00:00');
    insert into course (id, provider_id, slug, title, kind, status, formats, schedules, languages, version, created_at, updated_at) values
        (11, 1, 'whole', 'Whole', 'COURSE', 'DRAFT', 0, 0, '', 1, '2026-01-01 00:00:00+00:00', '2026-01-01 00:00:00+00:00'),
        (12, 1, 'own', 'Own', 'COURSE', 'DRAFT', 0, 0, '', 1, '2026-01-01 00:00:00+00:00', '2026-01-01 00:00:00+00:00'),
        (13, 2, 'unit', 'Unit', 'COURSE', 'DRAFT', 0, 0, '', 1, '2026-01-01 00:00:00+00:00', '2026-01-01 00:00:00+00:00');
    insert into course_partner (course_id, provider_id, position) values (11, 3, 0), (11, 2, 1);
    insert into course_unit (course_id, unit_id, position) values (11, 12, 0), (11, 13, 1);
    insert into certification (id, slug, name, kind, issuer_id, version, created_at, updated_at) values
        (21, 'seal', 'Seal', 'INDUSTRY', 1, 1, '2026-01-01 00:00:00+00:00', '2026-01-01 00:00:00+00:00')";

/// An older database: what was public stays public.
async fn links_count_as_accepted(db: sea_orm::DatabaseConnection) {
    let before = Migrator::migrations().iter().position(|one| one.name() == "m000008_partnerships").unwrap();
    Migrator::up(&db, Some(before.try_into().unwrap())).await.unwrap();
    db.execute_unprepared(BEFORE_PARTNERSHIPS).await.unwrap();
    Migrator::up(&db, None).await.unwrap();
    let rows = entity::partnership::Entity::find().order_by_asc(entity::partnership::Column::ProviderId);
    let rows = rows.all(&db).await.unwrap();
    let accepted = entity::PartnershipStatus::Accepted;
    let rows: Vec<_> = rows.iter().map(|row| (row.course_id, row.provider_id, row.status)).collect();
    assert_eq!(rows, [(11, 2, accepted), (11, 3, accepted)], "one for each course and other provider");
    let seal = entity::certification::Entity::find_by_id(21).one(&db).await.unwrap().unwrap();
    assert_eq!(seal.status, entity::ListingStatus::Published);
}

#[test]
fn the_links_of_an_older_database_count_as_accepted_on_sqlite() {
    on_a_database(Backend::Sqlite, links_count_as_accepted);
}

#[test]
fn the_links_of_an_older_database_count_as_accepted_on_postgres() {
    on_a_database(Backend::Postgres, links_count_as_accepted);
}
