//! HTML in the texts of a feed: what becomes of it, and when a report notes it.

use serde_json::json;

use crate::support::{Program, Stage};

const PROVIDERS: &str = r#"{"providers": [{"slug": "school", "name": "School", "kind": "BOOTCAMP"}]}"#;
const FIELDS: &str =
    "[fields.externalKey]\nfrom = \"id\"\n[fields.title]\nfrom = \"title\"\n[fields.kind]\nconstant = \"COURSE\"\n";

fn prepared(stage: &Stage) -> Program<'_> {
    let program = Program::on(stage);
    assert_eq!(program.file("providers.json", PROVIDERS).run("import --taxonomy providers.json").code, Some(0));
    program
}

on_both! {
    #![empty]

    async fn code_and_numbered_lists_keep_their_lines(stage: Stage) {
        let program = prepared(&stage);
        let html = "<p>First:</p><pre>\nfn main() {\n    print(1 &lt; 2);\n}\n</pre><ol start='3'><li>Read<ol><li>this</li><li>that</li></ol></li><li>Write Vec<T></li></ol>";
        let row = json!({"id": "a", "title": "Rust", "text": html, "short": html});
        let mapping = format!("{FIELDS}[fields.description]\nfrom = \"text\"\nread = \"html\"\n[fields.summary]\nfrom = \"short\"\nread = \"html\"\n");
        program.file("feed.jsonl", format!("{row}\n")).file("map.toml", mapping);
        let ended = program.run("import --provider school --mapping map.toml feed.jsonl");
        assert!(ended.out.starts_with("1 rows: 1 created"), "{} {}", ended.out, ended.error);
        let data = stage.ask("{ courses { nodes { description summary } } }").await;
        let description = "First:\n\n```\nfn main() {\n    print(1 < 2);\n}\n```\n\n3. Read\n   1. this\n   2. that\n4. Write Vec\\<T>";
        let summary = "First:\n\nfn main() {\n    print(1 < 2);\n}\n\n3. Read\n   1. this\n   2. that\n4. Write Vec<T>";
        assert_eq!(data["courses"]["nodes"], json!([{"description": description, "summary": summary}]));
    }

    async fn a_text_that_names_a_tag_is_not_noted_as_html(stage: Stage) {
        let program = prepared(&stage);
        let file = "externalKey,title,kind,summary\na,The <b> tag,COURSE,Generics: Vec<T> and List<a> where a < b\nb,\"<p>, <div> and <br>\",COURSE,a <b and c> d\n";
        let ended = program.file("feed.csv", file).run("import --provider school feed.csv");
        assert!(ended.out.starts_with("2 rows: 2 created"), "{}", ended.out);
        let file = "externalKey,title,kind,summary\na,A <b>bold</b> move,COURSE,One<br>two\nb,R&amp;D,COURSE,Vec<T>\n";
        let ended = program.file("feed.csv", file).run("import --provider school feed.csv");
        let notes: Vec<&str> = ended.out.lines().filter(|line| line.contains("HTML is taken as text")).collect();
        assert!(notes[0].starts_with("title: HTML is taken as text in 2 rows, from line 2 on") && notes[1].starts_with("summary: HTML is taken as text in 1 rows"), "{}", ended.out);
    }
}
