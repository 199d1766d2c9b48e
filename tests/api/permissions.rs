//! Permissions: every mutation of the schema is sent by every kind of caller, and the outcome is compared with the
//! table in the code. A mutation without a row in the table, or without an example here, fails.

use catalog::auth::{Mutation, Requirement};
use entity::{MemberRole, ProviderKind, ProviderStatus};
use sea_orm::ActiveValue::Set;
use sea_orm::Iterable;
use serde_json::{Value, json};

use crate::support::people::{PASSWORD, Person};
use crate::support::{App, Catalogue, People, global_id};

/// Every kind of caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Asker {
    Anonymous,
    Stranger,
    Editor,
    Owner,
    OtherOwner,
    System,
    OtherSystem,
    Staff,
}

use Asker::*;

/// Callers that are refused more often come first, so that the writes of others do not get in their way.
const ASKERS: [Asker; 8] = [Anonymous, Stranger, OtherOwner, OtherSystem, System, Editor, Owner, Staff];

/// The expected outcome of a mutation: the code of its error, or `None` if it succeeds.
fn expected(who: Requirement, asker: Asker, hidden: bool) -> Option<&'static str> {
    let outside = matches!(asker, Stranger | OtherOwner | OtherSystem);
    let passes = match who {
        Requirement::Anyone => true,
        Requirement::SignedIn => matches!(asker, Stranger | OtherOwner | Editor | Owner | Staff),
        Requirement::Editor => matches!(asker, System | Editor | Owner | Staff),
        Requirement::Owner => matches!(asker, Owner | Staff),
        Requirement::Staff => asker == Staff,
        Requirement::Member => matches!(asker, System | Editor | Owner),
        // None of the callers is the author in the examples.
        Requirement::Author => false,
    };
    match asker {
        _ if passes => None,
        Anonymous => Some("UNAUTHENTICATED"),
        _ if hidden && outside => Some("NOT_FOUND"),
        Stranger | Editor | Owner | OtherOwner | System | OtherSystem | Staff => Some("FORBIDDEN"),
    }
}

/// An outcome report as input.
const OUTCOMES: &str =
    "{periodStart: \"2025-01-01\", periodEnd: \"2025-06-30\", enrolled: 1, graduatedOnTime: 1, graduatedLate: 0}";

/// A catalogue with a provider, every kind of caller, and another provider.
struct World<'a> {
    app: &'a App,
    people: People<'a>,
    id: i64,
    provider: String,
    tokens: Vec<(Asker, String)>,
    reviewed: tokio::sync::OnceCell<Reviewed>,
}

/// A review, its course, and the provider's enrolment check for it.
struct Reviewed {
    course: String,
    review: String,
    check: String,
}

const REVIEW: &str = "input: {rating: 4, body: \"I have learnt a lot in it.\", relation: STUDENT, incentive: false}";
const ENROLLED: &str = "name: \"Ann\", from: \"2026-01-01\", to: \"2026-02-01\"";

/// A mutation on new objects, and whether only insiders see these.
struct Example {
    call: String,
    hidden: bool,
}

fn seen(call: String) -> Option<Example> {
    Some(Example { call, hidden: false })
}

fn hidden(call: String) -> Option<Example> {
    Some(Example { call, hidden: true })
}

impl<'a> World<'a> {
    async fn new(app: &'a App) -> Self {
        let (catalogue, people) = (Catalogue::of(app).await, People::of(app).await);
        let (id, other) = (catalogue.provider("School").await, catalogue.provider("Rival").await);
        let tokens = vec![
            (Stranger, people.person("stranger@example.org").await.token),
            (Editor, people.member(id, MemberRole::Editor).await.token),
            (Owner, people.member(id, MemberRole::Owner).await.token),
            (OtherOwner, people.member(other, MemberRole::Owner).await.token),
            (System, people.service_token(id).await),
            (OtherSystem, people.service_token(other).await),
            (Staff, people.staff().await.token),
        ];
        app.reached(catalogue.position().await).await;
        Self { app, people, id, provider: global_id("Provider", id), tokens, reviewed: Default::default() }
    }

    fn token(&self, asker: Asker) -> Option<&str> {
        self.tokens.iter().find(|(who, _)| *who == asker).map(|(_, token)| token.as_str())
    }

    async fn ask(&self, asker: Asker, query: &str) -> Value {
        match self.token(asker) {
            Some(token) => self.app.ask_as(token, query, json!({})).await,
            None => self.app.ask(query, json!({})).await,
        }
    }

    /// The id that a mutation of the owner returns at this pointer of the payload.
    async fn made(&self, call: &str, pointer: &str) -> String {
        self.made_by(self.token(Owner).unwrap(), call, pointer).await
    }

    async fn made_by(&self, token: &str, call: &str, pointer: &str) -> String {
        let selection = pointer.trim_start_matches('/').split('/').rev().fold(String::new(), |inner, name| {
            if inner.is_empty() { name.to_owned() } else { format!("{name} {{ {inner} }}") }
        });
        let query = format!("mutation {{ payload: {call} {{ {selection} userErrors {{ code path }} }} }}");
        let answer = self.app.ask_as(token, &query, json!({})).await;
        let made = answer["data"]["payload"].pointer(pointer).and_then(Value::as_str);
        made.unwrap_or_else(|| panic!("{query}\n{answer:#}")).to_owned()
    }

    async fn draft(&self) -> String {
        let call = format!("createCourse(provider: \"{}\", input: {{title: \"Course\", kind: COURSE}})", self.provider);
        self.made(&call, "/course/id").await
    }

    async fn course(&self) -> String {
        let draft = self.draft().await;
        self.made(&format!("publishCourse(id: \"{draft}\", expectedVersion: 1)"), "/course/id").await
    }

    async fn offering(&self) -> String {
        let call = format!("saveOffering(course: \"{}\", input: {{format: SELF_PACED}})", self.course().await);
        self.made(&call, "/offering/id").await
    }

    async fn outcome_report(&self) -> String {
        self.made(&self.new_outcome_report().await, "/outcomeReport/id").await
    }

    async fn new_outcome_report(&self) -> String {
        format!("publishOutcomeReport(course: \"{}\", input: {OUTCOMES})", self.course().await)
    }

    /// A partnership proposed by a provider of none of the callers.
    async fn proposal(&self) -> String {
        let catalogue = Catalogue::of(self.app).await;
        let third = catalogue.provider("Third").await;
        self.app.reached(catalogue.position().await).await;
        let editor = self.people.member(third, MemberRole::Editor).await.token;
        let slug = format!("{{ provider(by: {{id: \"{}\"}}) {{ slug }} }}", self.provider);
        let slug = self.app.data(&slug).await["provider"]["slug"].as_str().unwrap().to_owned();
        let third = global_id("Provider", third);
        let input = format!("{{title: \"Course\", kind: COURSE, partners: [\"{slug}\"]}}");
        let create = format!("createCourse(provider: \"{third}\", input: {input})");
        let draft = self.made_by(&editor, &create, "/course/id").await;
        self.made_by(&editor, &format!("publishCourse(id: \"{draft}\", expectedVersion: 1)"), "/course/id").await;
        let listed =
            format!("{{ provider(by: {{id: \"{third}\"}}) {{ partnerships(first: 1) {{ nodes {{ id }} }} }} }}");
        let listed = self.app.ask_as(&editor, &listed, json!({})).await;
        listed["data"]["provider"]["partnerships"]["nodes"][0]["id"].as_str().unwrap().to_owned()
    }

    async fn certification(&self) -> String {
        let input = "{name: \"Falconer\", kind: INDUSTRY}";
        let call = format!("createCertification(issuer: \"{}\", input: {input})", self.provider);
        self.made(&call, "/certification/id").await
    }

    /// A published review by none of the callers, with an enrolment check. One serves all, since what they may do
    /// leaves it in place.
    async fn reviewed(&self) -> &Reviewed {
        self.reviewed.get_or_init(|| self.review()).await
    }

    async fn review(&self) -> Reviewed {
        let author = self.people.person("author@example.org").await.token;
        let course = self.course().await;
        let review = self.made_by(&author, &format!("writeReview(course: \"{course}\", {REVIEW})"), "/review/id").await;
        let publish = format!("moderateReview(id: \"{review}\", status: PUBLISHED, reason: \"Read.\")");
        self.made_by(self.token(Staff).unwrap(), &publish, "/review/id").await;
        let ask = format!("requestEnrolmentCheck(id: \"{review}\", {ENROLLED})");
        let check = self.made_by(&author, &ask, "/review/enrolmentCheck/id").await;
        Reviewed { course, review, check }
    }

    async fn invitation(&self) -> String {
        let email = format!("invited{}@example.org", crate::support::next_id());
        let call = format!("inviteMember(provider: \"{}\", email: \"{email}\", role: EDITOR)", self.provider);
        self.made(&call, "/id").await
    }

    async fn service_token(&self) -> String {
        self.made(&self.new_token(), "/id").await
    }

    fn new_token(&self) -> String {
        let input = format!("provider: \"{}\", name: \"Sync\", expiresAt: \"2027-01-01T00:00:00Z\"", self.provider);
        format!("createServiceToken(input: {{{input}}})")
    }

    async fn on_review(&self, mutation: &str, more: &str) -> Option<Example> {
        seen(format!("{mutation}(id: \"{}\", {more})", self.reviewed().await.review))
    }

    async fn example(&self, mutation: &str) -> Option<Example> {
        let provider = &self.provider;
        let version = "expectedVersion: 1";
        match mutation {
            "signUp" => {
                seen("signUp(input: {email: \"no address\", password: \"short\", displayName: \"Ann\"})".to_owned())
            }
            "signIn" => seen(format!("signIn(input: {{email: \"nobody@example.org\", password: \"{PASSWORD}\"}})")),
            "refreshSession" => seen("refreshSession(refreshToken: \"none\")".to_owned()),
            "signOut" => seen("signOut(refreshToken: \"none\")".to_owned()),
            "changePassword" => {
                seen(format!("changePassword(currentPassword: \"wrong\", newPassword: \"{PASSWORD}\")"))
            }
            "deleteAccount" => seen("deleteAccount(password: \"wrong\")".to_owned()),
            "requestEmailVerification" => seen("requestEmailVerification".to_owned()),
            "requestPasswordReset" => seen("requestPasswordReset(email: \"nobody@example.org\")".to_owned()),
            "resetPassword" => seen(format!("resetPassword(token: \"none\", password: \"{PASSWORD}\")")),
            "verifyEmail" => seen("verifyEmail(token: \"none\")".to_owned()),
            "registerProvider" => seen("registerProvider(input: {name: \"New\", kind: COMPANY})".to_owned()),
            "updateProvider" => {
                seen(format!("updateProvider(id: \"{provider}\", {version}, input: {{note: \"New\"}})"))
            }
            "decideProvider" => seen(format!("decideProvider(id: \"{provider}\", status: ACTIVE)")),
            "decideProviderName" => seen(format!("decideProviderName(id: \"{provider}\", {version}, accept: true)")),
            "publishCertification" => {
                seen(format!("publishCertification(id: \"{}\", {version})", self.certification().await))
            }
            "retireCertification" => {
                seen(format!("retireCertification(id: \"{}\", {version})", self.certification().await))
            }
            "createCertification" => {
                let input = "{name: \"Falconer\", kind: INDUSTRY}";
                seen(format!("createCertification(issuer: \"{provider}\", input: {input})"))
            }
            "updateCertification" => {
                let id = self.certification().await;
                seen(format!("updateCertification(id: \"{id}\", {version}, input: {{name: \"New\"}})"))
            }
            "inviteMember" => {
                let email = format!("invited{}@example.org", crate::support::next_id());
                seen(format!("inviteMember(provider: \"{provider}\", email: \"{email}\", role: EDITOR)"))
            }
            "revokeInvitation" => hidden(format!("revokeInvitation(id: \"{}\")", self.invitation().await)),
            "acceptInvitation" => seen("acceptInvitation(token: \"none\")".to_owned()),
            "removeMember" => {
                let member = self.people.member(self.id, MemberRole::Editor).await.id;
                seen(format!("removeMember(provider: \"{provider}\", account: \"{member}\")"))
            }
            "createServiceToken" => seen(self.new_token()),
            "revokeServiceToken" => hidden(format!("revokeServiceToken(id: \"{}\")", self.service_token().await)),
            "createCourse" => {
                seen(format!("createCourse(provider: \"{provider}\", input: {{title: \"New\", kind: COURSE}})"))
            }
            "updateCourse" => {
                let id = self.course().await;
                seen(format!("updateCourse(id: \"{id}\", expectedVersion: 2, input: {{title: \"New\"}})"))
            }
            "deleteCourse" => hidden(format!("deleteCourse(id: \"{}\", {version})", self.draft().await)),
            "decidePartnership" => {
                hidden(format!("decidePartnership(id: \"{}\", accept: true)", self.proposal().await))
            }
            "publishCourse" => hidden(format!("publishCourse(id: \"{}\", {version})", self.draft().await)),
            "unpublishCourse" => seen(format!("unpublishCourse(id: \"{}\", expectedVersion: 2)", self.course().await)),
            "retireCourse" => seen(format!("retireCourse(id: \"{}\", expectedVersion: 2)", self.course().await)),
            "saveOffering" => {
                seen(format!("saveOffering(course: \"{}\", input: {{format: SELF_PACED}})", self.course().await))
            }
            "removeOffering" => seen(format!("removeOffering(id: \"{}\", {version})", self.offering().await)),
            "publishOutcomeReport" => seen(self.new_outcome_report().await),
            "updateOutcomeReport" => {
                let id = self.outcome_report().await;
                seen(format!("updateOutcomeReport(id: \"{id}\", {version}, input: {OUTCOMES})"))
            }
            "withdrawOutcomeReport" => {
                let id = self.outcome_report().await;
                seen(format!("withdrawOutcomeReport(id: \"{id}\", {version}, reason: \"Wrong.\")"))
            }
            "importCourses" => {
                let row = "{externalKey: \"one\", title: \"New\", kind: COURSE}";
                seen(format!("importCourses(provider: \"{provider}\", rows: [{row}])"))
            }
            "writeReview" => seen(format!("writeReview(course: \"{}\", {REVIEW})", self.reviewed().await.course)),
            "updateReview" => self.on_review("updateReview", &format!("expectedVersion: 2, {REVIEW}")).await,
            "deleteReview" => self.on_review("deleteReview", "").await,
            "markReviewHelpful" => self.on_review("markReviewHelpful", "helpful: true").await,
            "replyToReview" => self.on_review("replyToReview", "body: \"Thank you.\"").await,
            "reportReview" => self.on_review("reportReview", "reason: SPAM").await,
            "moderateReview" => self.on_review("moderateReview", "status: PUBLISHED, reason: \"Read.\"").await,
            "requestReviewVerification" => self.on_review("requestReviewVerification", "").await,
            "verifyReview" => seen("verifyReview(token: \"none\")".to_owned()),
            "requestEnrolmentCheck" => self.on_review("requestEnrolmentCheck", ENROLLED).await,
            "answerEnrolmentCheck" => {
                hidden(format!("answerEnrolmentCheck(id: \"{}\", enrolled: true)", self.reviewed().await.check))
            }
            _ => None,
        }
    }
}

/// The mutations of the schema.
async fn mutations(app: &App) -> Vec<String> {
    let data = app.data("{ __type(name: \"Mutation\") { fields { name } } }").await;
    let fields = data["__type"]["fields"].as_array().unwrap().clone();
    fields.iter().map(|field| field["name"].as_str().unwrap().to_owned()).collect()
}

/// The code of the error of an answer; `None` if it succeeds.
fn outcome(answer: &Value) -> Option<&str> {
    let error = answer["errors"].as_array()?.first().unwrap();
    Some(error["extensions"]["code"].as_str().unwrap_or_else(|| panic!("{answer:#}")))
}

on_both! {
    #![empty]

    async fn everybody_may_use_each_mutation_as_the_table_says(app: App) {
        let (world, catalogue) = (World::new(&app).await, Catalogue::of(&app).await);
        let mutations = mutations(&app).await;
        assert_eq!(mutations.len(), Mutation::iter().count(), "the table has a row for each mutation and for nothing else");
        let mut wrong = Vec::new();
        for mutation in mutations {
            let row = Mutation::named(&mutation);
            let who = row.unwrap_or_else(|| panic!("{mutation} has no row in the table")).requirement();
            for asker in ASKERS {
                let example = world.example(&mutation).await.unwrap_or_else(|| panic!("{mutation} has no example"));
                let before = catalogue.position().await;
                let query = format!("mutation {{ {} {{ userErrors {{ code }} }} }}", example.call);
                let answer = world.ask(asker, &query).await;
                let expected = expected(who, asker, example.hidden);
                if outcome(&answer) != expected {
                    wrong.push(format!("{mutation} by {asker:?}: {expected:?}, and is {answer}"));
                }
                if expected.is_some() && catalogue.position().await != before {
                    wrong.push(format!("{mutation} by {asker:?} is refused and has written"));
                }
            }
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
    }

    async fn what_is_hidden_is_answered_like_what_is_not_there(app: App) {
        let (world, catalogue) = (World::new(&app).await, Catalogue::of(&app).await);
        let pending = |row: &mut entity::provider::ActiveModel| {
            row.status = Set(ProviderStatus::Pending);
            row.kind = Set(ProviderKind::Company);
        };
        let pending = catalogue.provider_with("Secret", pending).await;
        app.reached(catalogue.position().await).await;
        let (secret, nowhere) = (global_id("Provider", pending), global_id("Provider", 7));
        for call in [
            "updateProvider(id: \"ID\", expectedVersion: 1, input: {})",
            "decideProvider(id: \"ID\", status: ACTIVE)",
            "inviteMember(provider: \"ID\", email: \"a@example.org\", role: OWNER)",
            "createCertification(issuer: \"ID\", input: {name: \"A\", kind: INDUSTRY})",
            "createCourse(provider: \"ID\", input: {title: \"A\", kind: COURSE})",
        ] {
            let send = async |id: &str| {
                let query = format!("mutation {{ {} {{ userErrors {{ code }} }} }}", call.replace("ID", id));
                let mut answer = world.ask(OtherOwner, &query).await;
                // What is left of the caller's budget is not about the provider.
                answer["extensions"]["cost"].as_object_mut().unwrap().remove("budget");
                answer
            };
            let (one, other) = (send(&secret).await, send(&nowhere).await);
            assert_eq!(one, other, "{call}");
            assert_eq!(outcome(&one), Some("NOT_FOUND"), "{call}");
        }
    }

    async fn each_mutation_of_a_document_is_allowed_or_refused_by_itself(app: App) {
        let world = World::new(&app).await;
        let rival = world.people.service_token(world.id).await;
        let other: Person = world.people.person("ann@example.org").await;
        let query = format!(
            "mutation {{ own: registerProvider(input: {{name: \"Own\", kind: COMPANY}}) {{ provider {{ slug }} }} \
             foreign: updateProvider(id: \"{}\", expectedVersion: 1, input: {{}}) {{ provider {{ slug }} }} }}",
            world.provider
        );
        let answer = app.ask_as(&other.token, &query, json!({})).await;
        assert_eq!(answer["data"], json!({ "own": { "provider": { "slug": "own" } }, "foreign": null }));
        assert_eq!((outcome(&answer), &answer["errors"][0]["path"]), (Some("FORBIDDEN"), &json!(["foreign"])));
        let answer = app.ask_as(&rival, &query, json!({})).await;
        assert_eq!((outcome(&answer), &answer["data"]["own"]), (Some("FORBIDDEN"), &Value::Null));
        assert!(answer["data"]["foreign"]["provider"].is_object(), "a system writes for its provider");
    }
}
