//! Mail about pending decisions: to staff about providers, to owners about partnerships. Changes that can lead to such a
//! decision queue it. It contains counts and a link, and no text that a stranger chose. Its frequency is limited in the
//! database, so that several processes send no more than one.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use entity::{MemberRole, ProviderStatus, account, letter_limit, membership, provider, provider_name_request};
use sea_orm::sea_query::{Alias, Expr, ExprTrait, OnConflict};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseConnection, DbErr, EntityTrait, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select, Statement,
};

use crate::clock::Clock;
use crate::dictionary::NOT_PUBLIC;
use crate::error::Result;
use crate::mail::{Mail, Outbox};
use crate::write::put;

/// Maximum number of recipients of one mail.
const MAX_RECIPIENTS: u64 = 20;
/// Maximum number of providers to notify at once. The others are notified after the next change.
const MAX_PROVIDERS: u64 = 50;
/// Minimum interval between two mails to staff, and between two mails to the owners of a provider.
const STAFF_INTERVAL: TimeDelta = TimeDelta::hours(1);
const PARTNER_INTERVAL: TimeDelta = TimeDelta::days(1);
const STAFF_LETTER: &str = "staff queue";
const PARTNER_LETTER: &str = "partnerships";

/// Sends mail about pending decisions.
#[derive(Clone)]
pub struct Notices {
    db: DatabaseConnection,
    outbox: Outbox,
    clock: Arc<dyn Clock>,
    link_url: String,
}

impl Notices {
    /// Creates the sender. Links lead to pages at `link_url`.
    pub fn new(db: DatabaseConnection, outbox: Outbox, clock: Arc<dyn Clock>, link_url: &str) -> Self {
        Self { db, outbox, clock, link_url: link_url.trim_end_matches('/').to_owned() }
    }

    /// Queues a mail to staff about pending providers and names, unless they got one within the hour.
    pub fn staff_queue(&self) {
        let notices = self.clone();
        self.outbox.later(async move {
            if let Err(error) = notices.write_to_staff().await {
                tracing::error!(cause = error.cause(), "staff get no letter about what waits for them");
            }
        });
    }

    /// Queues mails to owners about pending partnerships, to each provider at most once a day.
    pub fn partnerships(&self) {
        let notices = self.clone();
        self.outbox.later(async move {
            if let Err(error) = notices.write_to_partners().await {
                tracing::error!(cause = error.cause(), "partners get no letter about what waits for them");
            }
        });
    }

    async fn write_to_staff(&self) -> Result<()> {
        let pending = provider::Entity::find().filter(provider::Column::Status.eq(ProviderStatus::Pending));
        let pending = pending.count(&self.db).await?;
        let names = provider_name_request::Entity::find().count(&self.db).await?;
        if pending + names == 0 || !self.claim(STAFF_LETTER, 0, STAFF_INTERVAL).await? {
            return Ok(());
        }
        let staff = verified().filter(account::Column::Staff.eq(true));
        for to in addresses(&self.db, staff).await? {
            self.outbox.send_now(staff_letter(to, pending, names, &self.link_url)).await;
        }
        Ok(())
    }

    async fn write_to_partners(&self) -> Result<()> {
        for provider in self.partners().await? {
            if !self.claim(PARTNER_LETTER, provider, PARTNER_INTERVAL).await? {
                continue;
            }
            let owners = membership::Entity::find().select_only().column(membership::Column::AccountId);
            let owners = owners.filter(membership::Column::ProviderId.eq(provider));
            let owners = owners.filter(membership::Column::Role.eq(MemberRole::Owner)).into_query();
            let owners = verified().filter(account::Column::Id.in_subquery(owners));
            for to in addresses(&self.db, owners).await? {
                self.outbox.send_now(partner_letter(to, &self.link_url)).await;
            }
        }
        Ok(())
    }

    /// Providers with a proposal that they can see and that is newer than their last mail.
    async fn partners(&self) -> Result<Vec<i64>> {
        let sql = format!(
            "select p.provider_id as provider from partnership p \
             join course c on c.id = p.course_id join provider o on o.id = c.provider_id \
             left join letter_limit l on l.kind = $1 and l.subject = p.provider_id \
             where p.status = 'PROPOSED' and c.status <> 'DRAFT' and o.status not in {NOT_PUBLIC} \
             and (l.sent_at is null or l.sent_at <= $2 and (p.created_at > l.sent_at or c.published_at > l.sent_at)) \
             group by p.provider_id order by p.provider_id limit {MAX_PROVIDERS}"
        );
        let cutoff = self.clock.now() - PARTNER_INTERVAL;
        let values = [PARTNER_LETTER.into(), cutoff.into()];
        let statement = Statement::from_sql_and_values(self.db.get_database_backend(), sql, values);
        let rows = self.db.query_all_raw(statement).await?;
        Ok(rows.iter().map(|row| row.try_get("", "provider")).collect::<Result<_, DbErr>>()?)
    }

    /// Claims the right to send a mail now, which blocks others for the interval.
    async fn claim(&self, kind: &str, subject: i64, interval: TimeDelta) -> Result<bool> {
        let now: DateTime<Utc> = self.clock.now();
        use letter_limit::Column;
        let sent = Expr::col((letter_limit::Entity, Column::SentAt));
        let once = OnConflict::columns([Column::Kind, Column::Subject])
            .value(Column::SentAt, Expr::col((Alias::new("excluded"), Column::SentAt)))
            .action_and_where(sent.lte(now - interval))
            .to_owned();
        let row = letter_limit::ActiveModel { kind: Set(kind.to_owned()), subject: Set(subject), sent_at: Set(now) };
        Ok(put(&self.db, vec![row], Some(once)).await? > 0)
    }
}

/// Accounts with a verified email address.
fn verified() -> Select<account::Entity> {
    account::Entity::find().filter(account::Column::EmailVerifiedAt.is_not_null()).order_by_asc(account::Column::Id)
}

async fn addresses(db: &DatabaseConnection, accounts: Select<account::Entity>) -> Result<Vec<String>> {
    let emails = accounts.select_only().column(account::Column::Email).limit(MAX_RECIPIENTS);
    Ok(emails.into_tuple().all(db).await?)
}

fn staff_letter(to: String, pending: u64, names: u64, link_url: &str) -> Mail {
    let text = format!(
        "Hello,\n\nthis waits for staff in the catalogue of courses:\n\nnew providers: {pending}\nnew names of providers: \
         {names}\n\n{link_url}/staff-queue\n"
    );
    Mail { to, subject: "Providers wait for a decision".to_owned(), text }
}

fn partner_letter(to: String, link_url: &str) -> Mail {
    let text = format!(
        "Hello,\n\na course of another provider names yours as its partner, or has a course of yours as a unit. It is shown \
         so only if you agree:\n\n{link_url}/partnerships\n"
    );
    Mail { to, subject: "A partnership waits for your decision".to_owned(), text }
}
