//! Providers whose own systems send feeds.

use entity::{ListingStatus, course};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

use super::people::People;
use super::{App, Catalogue};

/// The media type of JSON Lines.
pub const JSONL: &str = "application/x-ndjson";

/// A provider with a service token.
pub struct FeedProvider {
    pub catalogue: Catalogue,
    pub id: i64,
    pub slug: String,
    pub token: String,
}

impl FeedProvider {
    /// A new active provider.
    pub async fn of(app: &App) -> Self {
        let catalogue = Catalogue::of(app).await;
        let id = catalogue.provider("School").await;
        let token = People::of(app).await.service_token(id).await;
        Self { catalogue, id, slug: format!("school-{id}"), token }
    }

    /// The status of a feed, and the lines of its answer.
    pub async fn send(&self, app: &App, more: &str, media_type: &str, body: impl Into<String>) -> (u16, Vec<Value>) {
        send(app, &self.token, &format!("provider={}{more}", self.slug), media_type, body).await
    }

    /// The lines of the answer to a feed of JSON Lines.
    pub async fn feed(&self, app: &App, more: &str, rows: &[Value]) -> Vec<Value> {
        let (status, lines) = self.send(app, more, JSONL, lines(rows)).await;
        assert_eq!(status, 200, "{lines:?}");
        lines
    }

    /// The status of each course, by key.
    pub async fn courses(&self) -> Vec<(Option<String>, ListingStatus)> {
        let own = course::Entity::find().filter(course::Column::ProviderId.eq(self.id));
        let rows = own.order_by_asc(course::Column::Id).all(&self.catalogue.db).await.unwrap();
        rows.into_iter().map(|row| (row.external_key, row.status)).collect()
    }
}

/// Sends a feed with this token, and returns the status and the lines of its answer.
pub async fn send(app: &App, token: &str, query: &str, media_type: &str, body: impl Into<String>) -> (u16, Vec<Value>) {
    let request = app.client.post(format!("{}/import?{query}", app.address)).header("content-type", media_type);
    let request = if token.is_empty() { request } else { request.bearer_auth(token) };
    let answer = request.body(body.into()).send().await.unwrap();
    let status = answer.status().as_u16();
    let text = answer.text().await.unwrap();
    (status, text.lines().map(|line| serde_json::from_str(line).unwrap()).collect())
}

/// A course with this key.
pub fn row(key: impl ToString) -> Value {
    let key = key.to_string();
    json!({ "externalKey": key, "title": format!("Course {key}"), "kind": "COURSE" })
}

/// The same, to be published.
pub fn public(key: impl ToString) -> Value {
    let mut row = row(key);
    row["publish"] = true.into();
    row
}

/// Rows as JSON Lines.
pub fn lines(rows: &[Value]) -> String {
    rows.iter().map(|row| format!("{row}\n")).collect()
}

/// The counts of the last line: created, updated, unchanged, rejected, retired.
pub fn counts(last: &Value) -> [u64; 5] {
    ["created", "updated", "unchanged", "rejected", "retired"].map(|name| last[name].as_u64().unwrap_or(99))
}

/// A feed on a separate socket, which can be left half sent.
pub struct SlowUpload(pub BufReader<TcpStream>);

impl SlowUpload {
    /// Sends the head.
    pub async fn begin(app: &App, school: &FeedProvider) -> Self {
        let socket = TcpStream::connect(app.address.trim_start_matches("http://")).await.unwrap();
        let mut slow = Self(BufReader::new(socket));
        let head = format!(
            "POST /import?provider={} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\nContent-Type: {JSONL}\r\n\
             Transfer-Encoding: chunked\r\n\r\n",
            school.slug, school.token
        );
        slow.0.write_all(head.as_bytes()).await.unwrap();
        slow
    }

    /// Sends rows.
    pub async fn rows(&mut self, rows: &[Value]) {
        let text = lines(rows);
        self.0.write_all(format!("{:x}\r\n{text}\r\n", text.len()).as_bytes()).await.unwrap();
    }

    /// Ends the feed.
    pub async fn end(&mut self) {
        self.0.write_all(b"0\r\n\r\n").await.unwrap();
    }

    /// The first line of the head.
    pub async fn status(&mut self) -> String {
        let mut line = String::new();
        self.0.read_line(&mut line).await.unwrap();
        line.trim_end().to_owned()
    }

    /// The next line of the answer; everything else on the wire belongs to HTTP.
    pub async fn line(&mut self) -> Value {
        loop {
            let mut line = String::new();
            assert_ne!(self.0.read_line(&mut line).await.unwrap(), 0, "the answer ends");
            if line.starts_with('{') {
                return serde_json::from_str(&line).unwrap();
            }
        }
    }
}
