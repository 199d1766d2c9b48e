//! `lectern import` of files as they are torn and written in practice: nothing is lost or joined in silence, and a faulty
//! row does not stop the others.

use serde_json::json;

use crate::support::{Program, Stage};

const PROVIDERS: &str = r#"{"providers": [{"slug": "school", "name": "School", "kind": "BOOTCAMP"}]}"#;

/// Program on a catalogue with a school.
fn prepared(stage: &Stage) -> Program<'_> {
    let program = Program::on(stage);
    assert_eq!(program.file("providers.json", PROVIDERS).run("import --taxonomy providers.json").code, Some(0));
    program
}

/// Imports a file with these options, and returns the report.
fn import(program: &Program<'_>, content: impl AsRef<[u8]>, options: &str) -> String {
    let ended = program.file("file.csv", content).run(&format!("import --provider school {options} file.csv"));
    ended.out.rsplit_once(';').map_or(ended.error, |(report, _)| report.to_owned())
}

on_both! {
    #![empty]

    async fn a_quote_that_closes_inside_a_cell_is_a_fault_of_its_record(stage: Stage) {
        let program = prepared(&stage);
        let published = import(&program, "externalKey,title,kind\nk1,A,COURSE\nk2,B,COURSE\nk3,C,COURSE\n", "");
        assert_eq!(published, "3 rows: 3 created, 0 updated, 0 unchanged, 0 refused");
        let torn = "externalKey,title,kind,summary\nk1,A,COURSE,\"Great course\nk2,B,COURSE,plain\nk3,C,COURSE,\"ok\"\n\
            k4,\"Say \\\"hi, you\\\"\",COURSE,\nk5,5\" disks,COURSE,\"both \"\"quoted\"\" and, split\"\n";
        let report = import(&program, torn, "--missing-retire --retire-at-most 1");
        let fault = |line: u32, from: u32, to: u32| {
            format!("line {line}: record: INVALID: the quote that opens in line {from} closes in line {to} before the end of its cell: \
                write a quote inside a cell twice\n")
        };
        assert!(report.contains(&fault(2, 2, 4)), "{report}");
        assert!(report.contains(&fault(5, 5, 5)), "{report}");
        assert!(report.ends_with("3 rows: 1 created, 0 updated, 0 unchanged, 2 refused"), "{report}");
        let data = stage.ask("{ courses(orderBy: {field: TITLE, direction: ASC}) { nodes { title summary } } }").await;
        assert_eq!(data["courses"]["nodes"], json!([
            {"title": "5\" disks", "summary": "both \"quoted\" and, split"}, {"title": "A", "summary": null},
            {"title": "B", "summary": null}, {"title": "C", "summary": null},
        ]));
    }

    async fn a_name_that_nothing_can_have_is_a_fault_of_its_row(stage: Stage) {
        let program = prepared(&stage);
        let mapping = "[fields.externalKey]\nfrom = \"id\"\n[fields.title]\nfrom = \"id\"\n[fields.kind]\nconstant = \"COURSE\"\n\
            [fields.subjects]\nfrom = \"field\"\ncreate = {}\n";
        program.file("map.toml", mapping);
        let file = format!("id,field\na,{}\nb,Maths\nc,\"two\nlines\"\n", "x".repeat(300));
        let report = import(&program, file, "--mapping map.toml");
        assert!(report.contains("line 2: subjects.0: TOO_LONG: must have at most 200 characters, and has 300\n"), "{report}");
        assert!(report.contains("line 4: subjects.0: INVALID: must be one line without control characters\n"), "{report}");
        assert!(report.ends_with("3 rows: 1 created, 0 updated, 0 unchanged, 2 refused"), "{report}");
        assert_eq!(stage.ask("{ subjects { nodes { name } } }").await["subjects"]["nodes"], json!([{"name": "Maths"}]));
    }

    async fn letters_and_accents_apart_are_the_same_as_together(stage: Stage) {
        let program = prepared(&stage);
        let mapping = "[fields.externalKey]\nfrom = \"Cl\u{e9}\"\n[fields.title]\nfrom = \"Cl\u{e9}\"\n[fields.kind]\nconstant = \"COURSE\"\n\
            [fields.level]\nfrom = \"Le niveau\"\nvalues = { \"D\u{e9}butant\" = \"BEGINNER\" }\n\
            [fields.\"offerings.format\"]\nconstant = \"IN_PERSON\"\n[fields.\"offerings.startsOn\"]\nfrom = \"start\"\n";
        program.file("map.toml", mapping);
        let file = "Cle\u{301},Le\u{a0} niveau,start\nCafe\u{301},De\u{301}butant,2030-01-01\nCaf\u{e9},D\u{e9}butant,2030-02-01\n";
        assert_eq!(import(&program, file, "--mapping map.toml"), "1 rows: 1 created, 0 updated, 0 unchanged, 0 refused");
        let data = stage.ask("{ courses { nodes { title level offerings { totalCount } } } }").await;
        assert_eq!(data["courses"]["nodes"], json!([{"title": "Caf\u{e9}", "level": "BEGINNER", "offerings": {"totalCount": 2}}]));
    }

    async fn json_in_a_cell_is_read_as_strictly_as_any(stage: Stage) {
        let program = prepared(&stage);
        let file = "externalKey,title,kind,awards\na,A,COURSE,\"[{\"\"title\"\":\"\"X\"\",\"\"title\"\":\"\"Y\"\",\"\"awardedBy\"\":\"\"Z\"\"}]\"\nb,B,COURSE,{}\n";
        let report = import(&program, file, "");
        assert!(report.contains("line 2: awards: INVALID: ") && report.contains("names title twice"), "{report}");
        assert!(report.contains("line 3: awards: INVALID: \"{}\" must be a list"), "{report}");
    }

    async fn tables_write_whole_numbers_with_a_fraction_of_zeros(stage: Stage) {
        let program = prepared(&stage);
        let report = import(&program, "externalKey,title,kind,maxClassSize\na,A,COURSE,12.0\nb,B,COURSE,12.5\nc,C,COURSE,12.\n", "");
        assert!(report.ends_with("3 rows: 1 created, 0 updated, 0 unchanged, 2 refused"), "{report}");
        assert_eq!(stage.ask("{ courses { nodes { maxClassSize } } }").await["courses"]["nodes"], json!([{"maxClassSize": 12}]));
    }

    async fn lines_end_as_any_program_ends_them(stage: Stage) {
        let program = prepared(&stage);
        let file = "List of courses\rexternalKey,title,kind\ra,A,COURSE\rb,B,COURSE\r";
        assert_eq!(import(&program, file, "--skip-lines 1"), "2 rows: 2 created, 0 updated, 0 unchanged, 0 refused");
        program.file("FEED.CSV", "externalKey,title,kind\nc,C,COURSE\n");
        let ended = program.run("import --provider school FEED.CSV");
        assert!(ended.out.starts_with("1 rows: 1 created"), "{} {}", ended.out, ended.error);
    }

    async fn a_byte_of_another_encoding_is_shown_with_its_column_and_remedy(stage: Stage) {
        let program = prepared(&stage);
        let report = import(&program, b"externalKey,title,kind\na,Caf\xe9,COURSE\n", "");
        assert!(report.starts_with("line 2: record: INVALID: title has a byte of another encoding after \"Caf\": save the file as UTF-8, or declare its encoding\n"),
            "{report}");
    }
}
