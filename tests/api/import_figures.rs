//! `lectern import` of figures, languages, dates and texts that schools write in their own ways: each is read as what it
//! says, or its row is refused.

use serde_json::{Value, json};

use crate::support::{Program, Stage};

const PROVIDERS: &str = r#"{"providers": [{"slug": "school", "name": "School", "kind": "BOOTCAMP"}]}"#;
const FIELDS: &str =
    "[fields.externalKey]\nfrom = \"id\"\n[fields.title]\nfrom = \"id\"\n[fields.kind]\nconstant = \"COURSE\"\n";

fn prepared(stage: &Stage) -> Program<'_> {
    let program = Program::on(stage);
    assert_eq!(program.file("providers.json", PROVIDERS).run("import --taxonomy providers.json").code, Some(0));
    program
}

fn import(program: &Program<'_>, content: &str, mapping: &str) -> (Option<i32>, String) {
    program.file("file.csv", content).file("map.toml", format!("{FIELDS}{mapping}"));
    let ended = program.run("import --report rows --provider school --mapping map.toml file.csv");
    (ended.code, ended.rows_and_totals())
}

/// Imports each text as a column `is` of a course, and returns what each course shows at a path, or null if it is
/// refused, and the report.
async fn fates(stage: &Stage, mapping: &str, shown: &str, texts: &[&str]) -> (Vec<Value>, String) {
    let program = prepared(stage);
    let rows = texts.iter().enumerate().map(|(row, text)| format!("row {row:02},\"{text}\"\n"));
    let (_, report) = import(&program, &format!("id,is\n{}", rows.collect::<String>()), mapping);
    let data = stage.ask(&format!("{{ courses(first: 100) {{ nodes {{ title {shown} }} }} }}")).await;
    let nodes = data["courses"]["nodes"].as_array().unwrap();
    let course = |row: usize| nodes.iter().find(|node| node["title"] == format!("row {row:02}"));
    let field = shown.split_whitespace().next().unwrap();
    let fates = (0..texts.len()).map(|row| course(row).map_or(Value::Null, |node| node[field].clone()));
    (fates.collect(), report)
}

const MONEY: &str = "[fields.\"pricing.category\"]\nconstant = \"PAID\"\n\
    [fields.\"pricing.amount\"]\nfrom = \"is\"\nread = \"money\"\n";

on_both! {
    #![empty]

    async fn an_amount_of_money_is_read_as_what_it_says(stage: Stage) {
        let cases = [
            ("16 900 RUB", "16900.00", "RUB"), ("16\u{a0}900 ₽", "16900.00", "RUB"), ("CHF 1'299.00", "1299.00", "CHF"),
            ("1\u{202f}249,000 EUR", "", ""), ("4,990 EUR", "4990.00", "EUR"), ("1,23,456 INR", "123456.00", "INR"),
            ("€499", "499.00", "EUR"), ("$20", "20.00", "USD"), ("US$ 1,249.50", "1249.50", "USD"), ("499", "499.00", "USD"),
            ("1.500 KWD", "1.500", "KWD"), ("Certificate for $49 USD", "49.00", "USD"), ("Gebühr: 49 €", "49.00", "EUR"),
        ];
        let texts: Vec<&str> = cases.iter().map(|(text, _, _)| *text).collect();
        let (fates, report) = fates(&stage, &format!("{MONEY}currency = \"USD\"\n"), "price { amount currency }", &texts).await;
        for ((text, amount, currency), fate) in cases.iter().zip(&fates) {
            let wanted = if amount.is_empty() { Value::Null } else { json!({"amount": amount, "currency": currency}) };
            assert_eq!(fate, &wanted, "{text}: {report}");
        }
    }

    async fn an_amount_that_may_mean_another_is_refused_with_its_text_and_column(stage: Stage) {
        let texts = [
            "49,90 EUR", "1.000 EUR", "£1200", "€499 USD", "-49 USD", "$-49", "(49)", "12k", "$1.5 million", "20% of 99 USD",
            "499 USD (was 599)", "was 599 USD", "from $39", "2024 intake", "TOP 10", "ALL 499", "49,-", "USD", "１００ USD", "1 2 USD",
            "499+", "1e3 USD", "12.345.67 USD", "$49 €", ".99 USD", "minus 49 USD", "\u{2011}49 USD", "₹1.5 L", "USD 99 cents", "$1.2 mn",
            "dès 49 €", "zzgl. 49 €", "12,000円～", "as low as $49", "double $49", "$49 per month", "$49 monthly", "$49/year", "月額 12,000 円",
        ];
        let (fates, report) = fates(&stage, &format!("{MONEY}currency = \"USD\"\n"), "price { amount }", &texts).await;
        for (row, (text, fate)) in texts.iter().zip(&fates).enumerate() {
            assert_eq!(fate, &Value::Null, "{text}: {report}");
            let told = format!("line {}: pricing.amount: INVALID: \"{text}\" ", row + 2);
            assert!(report.lines().any(|line| line.starts_with(&told) && line.ends_with("(column is)")), "{told}\n{report}");
        }
        assert!(report.contains("\"49,90\" is no number like 1,249.50 with decimal = \".\""), "{report}");
    }

    async fn full_width_signs_are_those_of_the_currency(stage: Stage) {
        let (fates, report) = fates(&stage, &format!("{MONEY}currency = \"JPY\"\n"), "price { amount }", &["￥12,000（税込）", "¥12,000"]).await;
        assert_eq!(fates, [json!({"amount": "12000"}), json!({"amount": "12000"})], "{report}");
    }

    async fn an_amount_may_name_the_period_that_the_mapping_gives(stage: Stage) {
        let mapping = format!("{MONEY}currency = \"USD\"\n[fields.\"pricing.per\"]\nconstant = \"MONTH\"\n");
        let (fates, report) = fates(&stage, &mapping, "pricing { amount { amount } }", &["USD $49 per month", "$49/month", "月額 49 USD", "$49 per year"]).await;
        let taken = json!({"amount": {"amount": "49.00"}});
        assert_eq!(fates, [taken.clone(), taken.clone(), taken, Value::Null], "{report}");
        assert!(report.contains("is an amount per year: a constant pricing.per = \"YEAR\" takes it"), "{report}");
    }

    async fn the_decimal_sign_of_the_mapping_decides(stage: Stage) {
        let program = prepared(&stage);
        let mapping = format!("decimal = \",\"\n{FIELDS}{MONEY}");
        program.file("file.csv", "id,is\na,\"1.249,50 EUR\"\nb,49.90 EUR\nc,\"4.990 EUR\"\n").file("map.toml", mapping);
        let ended = program.run("import --provider school --mapping map.toml file.csv");
        assert!(ended.out.starts_with("line 3: pricing.amount: INVALID: \"49.90 EUR\" \"49.90\" is no number like"), "{}", ended.out);
        let data = stage.ask("{ courses(orderBy: {field: TITLE, direction: ASC}) { nodes { price { amount } } } }").await;
        assert_eq!(data["courses"]["nodes"], json!([{"price": {"amount": "1249.50"}}, {"price": {"amount": "4990.00"}}]));
    }

    async fn a_number_of_another_unit_is_refused(stage: Stage) {
        let texts = ["8 Weeks", "8-week course", "about 8 weeks", "8", "6 Months", "37 mins", "5 days", "1 Year", "4 meses", "12M",
            "8+ weeks", "up to 8 weeks", "más de 8 weeks", "half of 8 weeks", "-.5", "Week 8", "8 weeks, 5 days", "1.5", "½ week", "Weeks 8 of 2 months", "$8", "8 hours per week"];
        let mapping = "[fields.\"duration.weeks\"]\nfrom = \"is\"\nread = \"number\"\n";
        let (fates, report) = fates(&stage, mapping, "duration { weeks }", &texts).await;
        for (row, fate) in fates.iter().enumerate() {
            let wanted = if row < 4 { json!({"weeks": 8}) } else { Value::Null };
            assert_eq!(fate, &wanted, "{}: {report}", texts[row]);
        }
    }

    async fn a_range_has_two_ends_of_one_unit(stage: Stage) {
        let cases = [("2–4 hours per week", Some((2, 4))), ("2 to 4 h/week", Some((2, 4))), ("about 5 hours", Some((5, 5))),
            ("2 hours 30", None), ("2/4", None), ("10:30", None), ("2 hours - 4 days", None), ("5 hours a day", None), ("2-3-4", None)];
        let texts: Vec<&str> = cases.iter().map(|(text, _)| *text).collect();
        let mapping = "[fields.\"duration.hoursPerWeek\"]\nfrom = \"is\"\nread = \"range\"\n";
        let (fates, report) = fates(&stage, mapping, "duration { hoursPerWeek { min max } }", &texts).await;
        for ((text, ends), fate) in cases.iter().zip(&fates) {
            let wanted = ends.map_or(Value::Null, |(min, max)| json!({"hoursPerWeek": {"min": min, "max": max}}));
            assert_eq!(fate, &wanted, "{text}: {report}");
        }
    }

    async fn a_duration_is_read_with_its_units(stage: Stage) {
        let whole = |weeks: Value, days: Value, hours: Value, per_week: Value| {
            json!({"weeks": weeks, "days": days, "hours": hours, "hoursPerWeek": per_week})
        };
        let null = Value::Null;
        let cases = [
            ("6 Months", whole(json!(26), null.clone(), null.clone(), null.clone())),
            ("1 Year", whole(json!(52), null.clone(), null.clone(), null.clone())),
            ("3-5 days", whole(null.clone(), json!({"min": 3, "max": 5}), null.clone(), null.clone())),
            ("1 h 60 min", whole(null.clone(), null.clone(), json!(2), null.clone())),
            ("8 weeks, 5-6 hours per week", whole(json!(8), null.clone(), null.clone(), json!({"min": 5, "max": 6}))),
            ("P6W", whole(json!(6), null.clone(), null.clone(), null.clone())),
            ("PT120M", whole(null.clone(), null.clone(), json!(2), null.clone())),
            ("1 month", null.clone()), ("3-6 months", null.clone()), ("8", null.clone()),
            ("soon", null.clone()), ("P", null.clone()), ("P1H", null.clone()), ("2 weeks 2 hours per day", null.clone()),
            ("12 weeks, 3 months", null.clone()), ("10 hours, 600 minutes", null.clone()), ("8 weeks 8 weeks", null.clone()),
            ("1 day 4 hours", null.clone()), ("P1DT4H", null.clone()), ("2 weeks, 3 days", null.clone()),
        ];
        let texts: Vec<&str> = cases.iter().map(|(text, _)| *text).collect();
        let mapping = "[fields.duration]\nfrom = \"is\"\nread = \"duration\"\n";
        let shown = "duration { weeks days { min max } hours hoursPerWeek { min max } }";
        let (fates, report) = fates(&stage, mapping, shown, &texts).await;
        for ((text, wanted), fate) in cases.iter().zip(&fates) {
            assert_eq!(fate, wanted, "{text}: {report}");
        }
        assert!(report.contains("round = \"up\""), "{report}");
    }

    async fn a_total_that_is_not_whole_hours_is_kept_in_minutes(stage: Stage) {
        let total = |hours: Value, minutes: Value| json!({"hours": hours, "minutes": minutes});
        let cases = [
            ("1.5", total(Value::Null, json!(90))), ("0.75 hours", total(Value::Null, json!(45))), ("90 min", total(Value::Null, json!(90))),
            ("1 h 30 min", total(Value::Null, json!(90))), ("PT45M", total(Value::Null, json!(45))), ("PT1H30M", total(Value::Null, json!(90))),
            ("20 minutes", total(Value::Null, json!(20))), ("0.33", total(Value::Null, json!(20))), ("120 mins", total(json!(2), Value::Null)),
            ("about 2 hours", total(json!(2), Value::Null)), ("2", total(json!(2), Value::Null)), ("5.1 hours", total(Value::Null, json!(306))),
            ("0.001", Value::Null), ("2 days", Value::Null), ("90.5 min", Value::Null), ("1.500 hours", Value::Null), ("2-3 hours", Value::Null),
            ("90 min per week", Value::Null), ("1 week 30 min", Value::Null), ("100001", Value::Null), ("0 min", Value::Null), ("min 90", Value::Null),
        ];
        let texts: Vec<&str> = cases.iter().map(|(text, _)| *text).collect();
        let ways = [("\"duration.hours\"", "number"), ("\"duration.hours\"", "duration"), ("\"duration.minutes\"", "number"), ("duration", "duration")];
        for (field, read) in ways {
            // A bare number is in the unit of its field, and no duration; the field `duration` takes other units too.
            let is_bare = |text: &str| text.parse::<f64>().is_ok() || text.starts_with("about");
            let skips = |text: &str| {
                (field, read) != ways[0] && is_bare(text) || field == "duration" && ["2 days", "1 week 30 min"].contains(&text)
            };
            let mapping = format!("[fields.{field}]\nfrom = \"is\"\nread = \"{read}\"\n");
            let (fates, report) = fates(&stage, &mapping, "duration { hours minutes }", &texts).await;
            for ((text, wanted), fate) in cases.iter().zip(&fates).filter(|((text, _), _)| !skips(text)) {
                assert_eq!(fate, wanted, "{text} in {field} by {read}: {report}");
            }
        }
        let (code, said) = import(&prepared(&stage), "id,is\na,2\n",
            "[fields.\"duration.hours\"]\nfrom = \"is\"\nread = \"number\"\n[fields.\"duration.minutes\"]\nfrom = \"is\"\n");
        assert_eq!((code, said.trim()), (Some(1), "lectern: field duration: is stated in hours or in minutes: leave one of them out"));
    }

    async fn a_fraction_is_rounded_only_if_the_mapping_says_so(stage: Stage) {
        let mapping = "[fields.\"duration.hours\"]\nfrom = \"is\"\nread = \"number\"\nround = \"up\"\n";
        let (fates, report) = fates(&stage, mapping, "duration { hours }", &["1.5", "0.5", "2"]).await;
        assert_eq!(fates, [json!({"hours": 2}), json!({"hours": 1}), json!({"hours": 2})], "{report}");
    }

    async fn languages_are_registered_tags_or_names_where_the_mapping_says_so(stage: Stage) {
        let program = prepared(&stage);
        let rows = ["English", "zz", "en-UK", "en-gb", "Deutsch"].map(|tag| format!("{tag},{tag},COURSE,{tag}\n"));
        program.file("own.csv", format!("externalKey,title,kind,languages\n{}", rows.concat()));
        let ended = program.run("import --provider school own.csv");
        assert!(ended.out.contains("line 2: languages.0: INVALID: must be a registered language tag of BCP 47, e.g. en or pt-BR; \
            for English write en\n"), "{}", ended.out);
        assert!(ended.out.contains("5 rows: 1 created, 0 updated, 0 unchanged, 4 refused"), "{}", ended.out);
        let mapping = "[fields.languages]\nfrom = \"is\"\nread = \"language\"\nsplit = \",\"\n";
        let (_, report) = import(&program, "id,is\na,\"English, deutsch,pt-br\"\nb,Elvish\n", mapping);
        assert!(report.contains("line 3: languages: INVALID: \"Elvish\" is no language by name or registered tag"), "{report}");
        let data = stage.ask("{ courses(orderBy: {field: TITLE, direction: ASC}) { nodes { title languages } } }").await;
        assert_eq!(data["courses"]["nodes"], json!([{"title": "a", "languages": ["en", "de", "pt-BR"]}, {"title": "en-gb", "languages": ["en-GB"]}]));
    }

    async fn truth_values_are_those_of_spreadsheets_and_of_people(stage: Stage) {
        let mapping = "[fields.portfolio]\nfrom = \"is\"\nread = \"boolean\"\n";
        let (read, report) = fates(&stage, mapping, "portfolio", &["TRUE", "No", "y", "0", "maybe"]).await;
        assert_eq!(read, [json!(true), json!(false), json!(true), json!(false), Value::Null], "{report}");
        let program = prepared(&stage);
        program.file("own.csv", "externalKey,title,kind,portfolio\nrow 00,row 00,COURSE,FALSE\n");
        assert!(program.run("import --provider school own.csv").out.starts_with("1 rows: 0 created, 1 updated"));
    }

    async fn offerings_in_columns_are_gathered_by_course(stage: Stage) {
        let program = prepared(&stage);
        let mapping = "[fields.\"offerings.format\"]\nconstant = \"IN_PERSON\"\n\
            [fields.\"offerings.startsOn\"]\nfrom = \"start\"\nread = \"date\"\nformat = [\"%d.%m.%Y\", \"%Y-%m-%d\"]\n\
            [fields.\"offering.location.city\"]\nfrom = \"city\"\n[fields.summary]\nfrom = \"about\"\n";
        let file = "id,start,city,about\na,01.02.2027,Lisbon,S\na,2027-06-01,Porto,\nb,,,\nc,31.02.2027,Faro,\nd,2027-02-01,Faro,S\nd,soon,Faro,T\na,2027-09-01,Faro,\n";
        let (code, report) = import(&program, file, mapping);
        let wanted = "line 5: offerings.0.startsOn: INVALID: \"31.02.2027\" is no date in the format %d.%m.%Y or %Y-%m-%d (column start)\n\
            line 6: summary: INVALID: is another in line 7: all rows of a course must say the same of it\n\
            line 6: offerings.1.startsOn: INVALID: \"soon\" is no date in the format %d.%m.%Y or %Y-%m-%d (column start) (line 7)\n\
            line 8: externalKey: DUPLICATE: another row before it has this key (line 2)\n\
            5 rows: 2 created, 0 updated, 0 unchanged, 3 refused";
        assert_eq!((code, report.as_str()), (Some(3), wanted));
        let shown = "nodes { title offerings(upcoming: false) { nodes { startsOn location { city } } } }";
        let data = stage.ask(&format!("{{ courses(orderBy: {{field: TITLE, direction: ASC}}) {{ {shown} }} }}")).await;
        assert_eq!(data["courses"]["nodes"], json!([
            {"title": "a", "offerings": {"nodes": [{"startsOn": "2027-02-01", "location": {"city": "Lisbon"}},
                                                   {"startsOn": "2027-06-01", "location": {"city": "Porto"}}]}},
            {"title": "b", "offerings": {"nodes": []}},
        ]));
    }

    async fn html_becomes_text_where_the_mapping_says_so_and_is_noted_elsewhere(stage: Stage) {
        let program = prepared(&stage);
        let file = "id,name,text\na,Salt &amp; Pepper,\"<p>Taste <b>R&amp;D</b> &mdash; fast.<br>Don&#39;t <a href='https://example.org/x'>wait</a>.</p>\
            <script>alert(1)</script><ul><li>1 < 2</li></ul>\"\n";
        let fields = |read: &str| format!("[fields.title]\nfrom = \"name\"\n{read}[fields.description]\nfrom = \"text\"\n{read}");
        let mapping = |read: &str| format!("[fields.externalKey]\nfrom = \"id\"\n[fields.kind]\nconstant = \"COURSE\"\n{}", fields(read));
        program.file("file.csv", file).file("plain.toml", mapping("")).file("html.toml", mapping("read = \"html\"\n"));
        let ended = program.run("import --provider school --mapping plain.toml file.csv");
        assert!(ended.out.starts_with("title: HTML is taken as text in 1 rows, from line 2 on; read = \"html\""), "{}", ended.out);
        let ended = program.run("import --provider school --mapping html.toml file.csv");
        assert!(ended.out.starts_with("1 rows: 0 created, 1 updated"), "{}", ended.out);
        let data = stage.ask("{ courses { nodes { title description } } }").await;
        assert_eq!(data["courses"]["nodes"], json!([{"title": "Salt & Pepper",
            "description": "Taste **R&D** — fast.\nDon't [wait](https://example.org/x).\n\n- 1 \\< 2"}]));
    }

    async fn an_exact_value_comes_before_prefixes_and_the_longest_of_them_first(stage: Stage) {
        let mapping = "[fields.\"pricing.category\"]\nfrom = \"is\"\nprefix = true\nvalues = { Free = \"FREE\", \"Free trial\" = \"SUBSCRIPTION\" }\n";
        let (fates, report) = fates(&stage, mapping, "pricing { category }", &["Free", "Free trial", "Free trial of 9 days", "Free!"]).await;
        let wanted = ["FREE", "SUBSCRIPTION", "SUBSCRIPTION", "FREE"].map(|category| json!({"category": category}));
        assert_eq!(fates, wanted, "{report}");
    }

    async fn a_fault_of_the_mapping_is_told_once_before_any_row(stage: Stage) {
        let program = prepared(&stage);
        for (mapping, wanted) in [
            ("[fields.languages]\nconstant = \"en\"\n", "field languages: constant must be a list"),
            ("[fields.languages]\nconstant = [\"zz\"]\n", "field languages: constant must be a registered language tag"),
            ("[fields.level]\nfrom = \"is\"\nvalues = { Easy = \"EASY\" }\n", "field level: values: Easy becomes \"EASY\", which must be one of "),
            ("[fields.\"duration.wekks\"]\nfrom = \"is\"\n", "field duration.wekks: a course has no such field"),
            ("[fields.\"offerings.startOn\"]\nfrom = \"is\"\n", "field offerings.startOn: a course has no such field"),
            ("[fields.summary]\nfrom = \"is\"\ncurrency = \"USD\"\n", "field summary: has a currency, which needs read = \"money\""),
            ("[fields.\"pricing.amount\"]\nfrom = \"is\"\nread = \"money\"\ncurrency = \"dollar\"\n", "must have a currency of ISO 4217"),
            ("[fields.\"offerings.startsOn\"]\nfrom = \"is\"\nread = \"date\"\nformat = \"%d.%m.\"\n", "must have a format with day, month and year"),
            ("[fields.summary]\nfrom = \"is\"\nread = \"duration\"\n", "field summary: is not read as a duration"),
            ("[fields.duration]\nfrom = \"is\"\nread = \"duration\"\n[fields.\"duration.weeks\"]\nfrom = \"id\"\n",
                "fields duration and duration.weeks: one is a part of the other: give either the whole or its parts"),
            ("[fields.\"duration.days\"]\nfrom = \"is\"\n[fields.\"duration.days.min\"]\nfrom = \"id\"\n", "fields duration.days and duration.days.min: one is a part"),
            ("[fields.\"offering.startsOn\"]\nfrom = \"is\"\n[fields.offerings]\nfrom = \"id\"\nread = \"json\"\n", "fields offerings and offerings.startsOn: one is a part"),
            ("[fields.\"offering.startsOn\"]\nfrom = \"is\"\n[fields.\"offerings.startsOn\"]\nfrom = \"id\"\n", "field offerings.startsOn: is given twice: leave one of them out"),
        ] {
            let (code, report) = import(&program, "id,is\na,x\nb,y\nc,z\n", mapping);
            assert_eq!((code, report.lines().count()), (Some(1), 1), "{mapping}: {report}");
            assert!(report.contains(wanted), "{wanted}: {report}");
        }
    }

    async fn a_fault_that_many_rows_share_is_summed_up(stage: Stage) {
        let program = prepared(&stage);
        program.file("own.csv", "externalKey,title,kind\na,A,LESSON\nb,B,LESSON\nc,C,LESSON\nd,D,LESSON\n");
        let ended = program.run("import --provider school own.csv");
        let summary = ended.out.lines().nth(4).unwrap();
        assert!(summary.starts_with("4 rows, first in lines 2, 3, 4: kind: INVALID: must be one of "), "{}", ended.out);
    }
}
