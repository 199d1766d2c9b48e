//! A process that reads from a replica: it never claims more than its replica has, and a client reads its own writes
//! there.

use serde_json::{Value, json};

use crate::support::people::Person;
use crate::support::{App, Backend, People, Replica, Stage};

const REGISTER: &str = "mutation($name: String!) { payload: registerProvider(input: {name: $name, kind: PLATFORM}) \
                        { provider { id name } userErrors { code } } }";
const FIND: &str = "query($id: ID!) { node(id: $id) { ... on Provider { name } } }";

/// The answer to a request, and the log position that it reports.
async fn send(app: &App, person: &Person, position: i64, query: &str, variables: Value) -> (Value, i64) {
    let request = app.client.post(format!("{}/graphql", app.address)).bearer_auth(&person.token);
    let request = request.header("lectern-position", position).json(&json!({ "query": query, "variables": variables }));
    let answer = request.send().await.unwrap();
    let position = answer.headers()["lectern-position"].to_str().unwrap().parse().unwrap();
    (answer.json().await.unwrap(), position)
}

async fn register(app: &App, person: &Person, name: &str) -> (Value, i64) {
    let (answer, position) = send(app, person, 0, REGISTER, json!({ "name": name })).await;
    let provider = &answer["data"]["payload"]["provider"];
    assert_eq!(provider["name"], name, "{answer}");
    (json!({ "id": provider["id"] }), position)
}

#[test]
fn who_has_written_reads_it_from_a_replica_as_soon_as_it_is_there() {
    Stage::run(Backend::Replicated, "seed = 'none'", |stage| async move {
        stage.serve(async |_: App| {}).await;
        let replica = Replica::of(&stage.database);
        replica.caught_up().await;
        stage
            .with(&format!("replica_url = '{}'", replica.url))
            .serve(async |app: App| {
                let ann = People::of(&app).await.person("ann@example.org").await;
                let (one, position) = register(&app, &ann, "One").await;
                let (read, reached) = send(&app, &ann, 0, FIND, one.clone()).await;
                assert_eq!((&read["data"]["node"]["name"], reached), (&json!("One"), position), "{read}");

                replica.pause().await;
                let (two, later) = register(&app, &ann, "Two").await;
                let (read, reached) = send(&app, &ann, later, FIND, two.clone()).await;
                assert_eq!((&read["data"]["node"], reached), (&Value::Null, position), "{read}");
                let (read, _) = send(&app, &ann, 0, FIND, one).await;
                assert_eq!(read["data"]["node"]["name"], "One", "{read}");

                replica.resume().await;
                let (read, reached) = send(&app, &ann, later, FIND, two).await;
                assert_eq!((&read["data"]["node"]["name"], reached), (&json!("Two"), later), "{read}");
            })
            .await;
    });
}
