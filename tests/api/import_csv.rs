//! `lectern import` of CSV: our own columns, foreign columns through a mapping, and broken files.

use serde_json::json;

use crate::support::{Program, Stage};

const PROVIDERS: &str = r#"{"providers": [{"slug": "platform", "name": "Platform", "kind": "PLATFORM"},
                                          {"slug": "lab", "name": "The Lab", "kind": "COMPANY"}]}"#;

const MAPPING: &str = r#"
ignore = ["Enrolled"]
[fields.externalKey]
from = ["By", "Name"]
join = "/"
[fields.title]
from = "Name"
[fields.kind]
constant = "COURSE"
[fields.summary]
from = "About"
truncate = true
[fields.level]
from = "Level"
values = { Intro = "BEGINNER", Hard = "ADVANCED" }
[fields.languages]
from = "Language"
split = ","
values = { English = "en", Deutsch = "de" }
[fields."duration.weeks"]
from = "Length"
read = "number"
[fields."duration.hoursPerWeek"]
from = "Effort"
read = "range"
[fields."pricing.category"]
from = "Price"
prefix = true
values = { FREE = "FREE" }
[fields."pricing.certificate"]
from = "Price"
read = "money"
[fields.subjects]
from = "Field"
create = {}
[fields.partners]
from = "By"
otherwise = "keep"
values = { "A-B" = ["Alpha", "Beta"] }
create = { kind = "UNIVERSITY", kinds = { Beta = "COMPANY" } }
"#;

const HEADER: &str = "Name,By,About,Level,Language,Length,Effort,Price,Field,Enrolled\n";

fn prepared(stage: &Stage) -> Program<'_> {
    let program = Program::on(stage);
    program.file("providers.json", PROVIDERS).file("map.toml", MAPPING);
    assert_eq!(program.run("import --taxonomy providers.json").code, Some(0));
    program
}

fn import(program: &Program<'_>, content: impl AsRef<[u8]>, arguments: &str) -> (Option<i32>, String) {
    program.file("file.csv", content);
    let ended = program.run(&format!("import --provider platform {arguments} file.csv"));
    (ended.code, ended.rows_and_totals())
}

fn foreign(program: &Program<'_>, rows: &str) -> (Option<i32>, String) {
    import(program, format!("{HEADER}{rows}"), "--mapping map.toml --create-partners")
}

on_both! {
    #![empty]
    async fn our_own_columns_are_the_fields_with_dots_and_bars(stage: Stage) {
        let program = prepared(&stage);
        let file = "\u{feff}externalKey,title,kind,formats,duration.weeks,pricing.category,pricing.amount.amount,pricing.amount.currency,portfolio,awards,summary\r\n\
            a,\"A, \"\"quoted\"\"\",COURSE,SELF_PACED|HYBRID,3,PAID,\"12.00\",USD,true,\"[{\"\"title\"\": \"\"T\"\", \"\"awardedBy\"\": \"\"B\"\"}]\",\"two\r\nlines\"\r\n\
            b,B,COURSE,,,,,,,,\r\n";
        let (code, report) = import(&program, file, "");
        assert_eq!((code, report.as_str()), (Some(0), "2 rows: 2 created, 0 updated, 0 unchanged, 0 refused"));
        let data = stage.ask("{ courses(orderBy: {field: TITLE, direction: ASC}) { nodes { title formats duration { weeks }
            price { amount currency } pricing { category } portfolio awards { title } summary } } }").await;
        assert_eq!(data["courses"]["nodes"], json!([
            {"title": "A, \"quoted\"", "formats": ["SELF_PACED", "HYBRID"], "duration": {"weeks": 3},
             "price": {"amount": "12.00", "currency": "USD"}, "pricing": {"category": "PAID"}, "portfolio": true,
             "awards": [{"title": "T"}], "summary": "two\nlines"},
            {"title": "B", "formats": [], "duration": null, "price": null, "pricing": null, "portfolio": null,
             "awards": [], "summary": null},
        ]));
        let (_, report) = import(&program, "externalKey,title\na,\n", "");
        assert!(report.starts_with("line 2: title: REQUIRED: must not be null"), "an empty cell clears: {report}");
    }

    async fn a_class_size_is_a_whole_number_from_1_to_10_000_or_not_stated(stage: Stage) {
        let program = prepared(&stage);
        let file = "externalKey,title,kind,maxClassSize\na,A,COURSE,1\nb,B,COURSE,10000\nc,C,COURSE,\nd,D,COURSE,0\ne,E,COURSE,10001\nf,F,COURSE,few\n";
        let (code, report) = import(&program, file, "");
        let wanted = "line 5: maxClassSize: OUT_OF_RANGE: must be 1 to 10000\n\
            line 6: maxClassSize: OUT_OF_RANGE: must be 1 to 10000\n\
            line 7: maxClassSize: INVALID: must be a whole number\n\
            6 rows: 3 created, 0 updated, 0 unchanged, 3 refused";
        assert_eq!((code, report.as_str()), (Some(3), wanted));
        let (_, report) = import(&program, "externalKey,maxClassSize\na,\nb,10000\n", "");
        assert_eq!(report, "2 rows: 0 created, 1 updated, 1 unchanged, 0 refused");
        let data = stage.ask("{ courses(orderBy: {field: TITLE, direction: ASC}) { nodes { title maxClassSize } } }").await;
        assert_eq!(data["courses"]["nodes"], json!([
            {"title": "A", "maxClassSize": null}, {"title": "B", "maxClassSize": 10_000}, {"title": "C", "maxClassSize": null},
        ]));
    }

    async fn a_mapping_reads_numbers_ranges_money_and_names_out_of_prose(stage: Stage) {
        let program = prepared(&stage);
        let long = "word ".repeat(200);
        let rows = format!(
            "One,The Lab,{long},Intro,\"English, Deutsch\",7 Weeks,2–4 hours per week,FREE-Add a Certificate for $49.99 USD,Maths & Logic,\"124,980\"\n\
             Two,A-B,,Hard,English,\"1,000 Weeks\",about 5 hours,\"FREE-Certificate for $1,249 USD\",Maths & Logic,1\n"
        );
        let (code, report) = foreign(&program, &rows);
        assert_eq!((code, report.as_str()), (Some(0), "2 rows: 2 created, 0 updated, 0 unchanged, 0 refused"));
        let (code, report) = foreign(&program, &rows);
        assert_eq!((code, report.as_str()), (Some(0), "2 rows: 0 created, 0 updated, 2 unchanged, 0 refused"));
        let data = stage.ask("{ courses(orderBy: {field: TITLE, direction: ASC}) { nodes { title summary level languages
            duration { weeks hoursPerWeek { min max } } pricing { category certificate { amount currency } }
            subjects { slug name } partners { slug name kind status } } } }").await;
        let courses = &data["courses"]["nodes"];
        let summary = courses[0]["summary"].as_str().unwrap();
        assert!(summary.chars().count() <= 500 && summary.ends_with("word…"), "{summary}");
        assert_eq!(courses[0]["languages"], json!(["en", "de"]));
        assert_eq!(courses[0]["duration"], json!({"weeks": 7, "hoursPerWeek": {"min": 2, "max": 4}}));
        assert_eq!(courses[0]["pricing"], json!({"category": "FREE", "certificate": {"amount": "49.99", "currency": "USD"}}));
        assert_eq!(courses[0]["partners"], json!([{"slug": "lab", "name": "The Lab", "kind": "COMPANY", "status": "ACTIVE"}]));
        assert_eq!(courses[1]["duration"], json!({"weeks": 1000, "hoursPerWeek": {"min": 5, "max": 5}}));
        assert_eq!(courses[1]["pricing"]["certificate"]["amount"], "1249.00");
        assert_eq!(courses[1]["subjects"], json!([{"slug": "maths-logic", "name": "Maths & Logic"}]));
        assert_eq!(courses[1]["partners"], json!([
            {"slug": "alpha", "name": "Alpha", "kind": "UNIVERSITY", "status": "ACTIVE"},
            {"slug": "beta", "name": "Beta", "kind": "COMPANY", "status": "ACTIVE"},
        ]));
    }

    async fn signs_tell_names_apart_and_spellings_do_not(stage: Stage) {
        let program = prepared(&stage);
        let rows = ["One,C", "Two,C#", "Three,C++", "Four,A B", "Five,A-B"].map(|row| {
            let (title, subject) = row.split_once(',').unwrap();
            format!("{title},The Lab,,,,,,,{subject},\n")
        });
        let (code, report) = foreign(&program, &rows.concat());
        assert_eq!((code, report.as_str()), (Some(0), "5 rows: 5 created, 0 updated, 0 unchanged, 0 refused"));
        let data = stage.ask("{ courses(orderBy: {field: TITLE, direction: ASC}) { nodes { title subjects { slug name } } } }").await;
        assert_eq!(data["courses"]["nodes"], json!([
            {"title": "Five", "subjects": [{"slug": "a-b", "name": "A B"}]},
            {"title": "Four", "subjects": [{"slug": "a-b", "name": "A B"}]},
            {"title": "One", "subjects": [{"slug": "c", "name": "C"}]},
            {"title": "Three", "subjects": [{"slug": "c-plus-plus", "name": "C++"}]},
            {"title": "Two", "subjects": [{"slug": "c-sharp", "name": "C#"}]},
        ]));
    }

    async fn nothing_is_made_for_a_row_that_is_refused(stage: Stage) {
        let program = prepared(&stage);
        let (code, report) = foreign(&program, "Torn, out of the middle of,a text,which,goes,on,and,on,Chemistry,\n");
        assert_eq!(code, Some(3));
        for fault in [
            "line 2: level: INVALID: \"which\" is none of the values in the mapping",
            "line 2: languages: INVALID: ",
            "line 2: duration.weeks: INVALID: \"on\" holds no number",
            "line 2: pricing.certificate: INVALID: \"on\" holds no amount with a currency",
        ] {
            assert!(report.contains(fault), "{fault}\n{report}");
        }
        let data = stage.ask("{ providers { totalCount } subjects { totalCount } }").await;
        assert_eq!(data, json!({"providers": {"totalCount": 2}, "subjects": {"totalCount": 0}}));
    }

    async fn a_partner_that_is_not_known_is_refused_unless_it_may_be_made(stage: Stage) {
        let program = prepared(&stage);
        let file = format!("{HEADER}One,Gamma,,,,,,,,\nTwo,the lab,,,,,,,,\n");
        let (code, report) = import(&program, file, "--mapping map.toml");
        assert_eq!(code, Some(3));
        assert!(report.starts_with("line 2: partners.0: NOT_FOUND: there is no provider called Gamma; --create-partners"));
        assert!(report.ends_with("2 rows: 1 created, 0 updated, 0 unchanged, 1 refused"), "{report}");
    }

    async fn broken_records_are_refused_with_the_lines_on_which_they_start(stage: Stage) {
        let program = prepared(&stage);
        let mut file = b"externalKey,title,kind,summary\n\n\"a\",A,COURSE,\"a\nb\nc\"\nb,B\nc,\"\xff\",COURSE,\n".to_vec();
        file.extend(b"d,D,COURSE,ok\ne,E,COURSE,\"never closed\nf,F,COURSE,\n");
        let (code, report) = import(&program, file, "");
        assert_eq!(code, Some(3));
        let wanted = "line 6: record: INVALID: has 2 fields, and the header has 4\n\
            line 7: record: INVALID: title has a byte of another encoding after \"\": save the file as UTF-8, or declare its encoding\n\
            line 9: file: INVALID: a quote that is opened in line 9 is never closed\n\
            5 rows: 2 created, 0 updated, 0 unchanged, 3 refused";
        assert_eq!(report, wanted);
    }

    async fn a_record_over_the_limit_is_refused_and_the_next_is_read(stage: Stage) {
        let program = prepared(&stage);
        let long = format!("externalKey,title,kind,summary\na,A,COURSE,\nb,B,COURSE,\"{}\n\"\nc,C,COURSE,\n", "x".repeat(5 << 20));
        let (code, report) = import(&program, long, "");
        let wanted = "line 3: record: TOO_LONG: has too many bytes\n3 rows: 2 created, 0 updated, 0 unchanged, 1 refused";
        assert_eq!((code, report.as_str()), (Some(3), wanted));
    }

    async fn a_quote_that_is_never_closed_is_named_with_the_line_in_which_it_opens(stage: Stage) {
        let program = prepared(&stage);
        let (code, report) = import(&program, "externalKey,title,kind\na,A,COURSE\nb,B \"is\" \"\"B,\nc,C,\"\"\"CO\n\nURSE\n", "");
        let wanted = "line 3: kind: REQUIRED: must not be null\n\
            line 4: file: INVALID: a quote that is opened in line 4 is never closed\n\
            3 rows: 1 created, 0 updated, 0 unchanged, 2 refused";
        assert_eq!((code, report.as_str()), (Some(3), wanted));
        let (code, report) = import(&program, "externalKey,\"title\n", "");
        assert_eq!(code, Some(1));
        assert!(report.contains("line 1: a quote that is opened in line 1 is never closed"), "{report}");
    }

    async fn a_file_without_a_byte_has_no_header(stage: Stage) {
        let program = prepared(&stage);
        for empty in ["", "\u{feff}", "\r\n\n"] {
            let (code, report) = import(&program, empty, "");
            assert_eq!(code, Some(1));
            assert!(report.contains("line 1: there is no header"), "{report}");
        }
    }

    async fn records_end_as_in_any_csv(stage: Stage) {
        let program = prepared(&stage);
        let file = "\u{feff}\"externalKey\",title,kind\r\n\"a\"\"\nb\",\"A, \"\"A\"\"\",COURSE\r\n\r\nc,\" C \"x,COURSE\rd,D,COURSE";
        let (code, report) = import(&program, file, "");
        assert!(report.starts_with("line 2: externalKey: INVALID: "), "{report}");
        assert!(report.contains("\nline 5: record: INVALID: the quote that opens in line 5 closes in line 5 before the end"), "{report}");
        assert!(report.ends_with("3 rows: 1 created, 0 updated, 0 unchanged, 2 refused"), "{report}");
        assert_eq!(code, Some(3));
    }

    async fn a_mapping_that_does_not_fit_the_file_is_refused_before_anything_is_read(stage: Stage) {
        let program = prepared(&stage);
        let fails = |header: &str, mapping: &str, wanted: &str| {
            program.file("other.toml", mapping);
            let (code, report) = import(&program, header, "--mapping other.toml");
            assert_eq!(code, Some(1), "{mapping}");
            assert!(report.contains(wanted), "{report}");
        };
        let key = "[fields.externalKey]\nfrom = \"K\"\n";
        fails("K,T\n", key, "column T: is in no field of the mapping");
        fails("T\n", key, "field externalKey: the file has no column K");
        fails("K,K\n", key, "column K: stands twice in the header");
        fails("K\n", "[fields.title]\nfrom = \"K\"\n", "mapping: must say what externalKey is made of");
        fails("K\n", &format!("{key}[fields.colour]\nconstant = 1\n"), "field colour: a course has no such field");
        fails("K\n", &format!("{key}[fields.title]\n"), "field title: must have either from or constant");
        fails("K\n", &format!("{key}[fields.level]\nfrom = \"K\"\ntruncate = true\n"), "field level: cannot be truncated");
        fails("K\n", &format!("{key}[fields.title]\nfrom = \"K\"\nread = \"colour\"\n"), "unknown variant");
    }
}
