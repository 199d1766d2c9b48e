//! Mail: sent through an SMTP server, or written to a folder if none is set. Does not belong here: the texts of mails.

mod outbox;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use lettre::message::header::{ContentTransferEncoding, ContentType};
use lettre::message::{Body, Mailbox};
use lettre::transport::file::AsyncFileTransport;
use lettre::transport::smtp::AsyncSmtpTransport;
use lettre::{Address, AsyncTransport, Message, Tokio1Executor};

use crate::clock::Clock;
use crate::database::create_private_folder;
use crate::error::{AppError, Result};

pub use outbox::Outbox;

/// Timeout of one step of the SMTP protocol.
const STEP_TIMEOUT: Duration = Duration::from_secs(10);

/// Settings of mail.
#[derive(Clone, Debug)]
pub struct MailSettings {
    /// Sender.
    pub from: String,
    /// URL of the SMTP server; empty to write mail to the folder.
    pub smtp_url: String,
    /// Folder that mail is written to if there is no server.
    pub folder: PathBuf,
}

/// Mail message.
pub struct Mail {
    /// Recipient, validated.
    pub to: String,
    /// Subject, in one line.
    pub subject: String,
    /// Body as plain text.
    pub text: String,
}

/// Delivers mail.
pub struct Mailer {
    from: Mailbox,
    transport: Transport,
    clock: Arc<dyn Clock>,
}

enum Transport {
    Folder(AsyncFileTransport<Tokio1Executor>),
    Smtp(Box<AsyncSmtpTransport<Tokio1Executor>>),
}

impl Mailer {
    /// Creates the mailer that the settings configure.
    pub fn new(settings: &MailSettings, clock: Arc<dyn Clock>) -> Result<Self> {
        let from = settings.from.parse();
        let from =
            from.map_err(|_| AppError::input("mail_from", "must be an address such as Lectern <mail@example.org>"))?;
        let transport = if settings.smtp_url.is_empty() { folder(&settings.folder) } else { smtp(&settings.smtp_url) }?;
        Ok(Self { from, transport, clock })
    }

    /// Delivers a mail. The error is meant for the log.
    pub async fn deliver(&self, mail: &Mail) -> Result<()> {
        let to: Address = mail.to.parse().map_err(AppError::internal)?;
        let letter = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .subject(mail.subject.as_str())
            .date(SystemTime::from(self.clock.now()))
            .message_id(None)
            .header(ContentType::TEXT_PLAIN)
            .body(body(&mail.text))
            .map_err(AppError::internal)?;
        match &self.transport {
            Transport::Folder(folder) => folder.send(letter).await.map(drop).map_err(AppError::internal),
            Transport::Smtp(server) => server.send(letter).await.map(drop).map_err(AppError::internal),
        }
    }
}

/// Sends ASCII text unencoded: the library would break lines over 76 characters, and links with them, although lines
/// may have a thousand.
fn body(text: &str) -> Body {
    if !text.is_ascii() {
        return Body::new(text.to_owned());
    }
    Body::dangerous_pre_encoded(text.replace('\n', "\r\n").into_bytes(), ContentTransferEncoding::SevenBit)
}

fn folder(path: &Path) -> Result<Transport> {
    create_private_folder(path).map_err(|_| AppError::input("data_dir", "the folder mail cannot be made in it"))?;
    Ok(Transport::Folder(AsyncFileTransport::new(path)))
}

fn smtp(url: &str) -> Result<Transport> {
    let server = AsyncSmtpTransport::<Tokio1Executor>::from_url(url);
    let rule = "must be smtps://USER:PASSWORD@HOST, or smtp://HOST?tls=required";
    let server = server.map_err(|_| AppError::input("smtp_url", rule))?;
    Ok(Transport::Smtp(Box::new(server.timeout(Some(STEP_TIMEOUT)).build())))
}
