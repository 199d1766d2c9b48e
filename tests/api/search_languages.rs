//! Listings are searched in their own languages: endings, compounds, letters and words without spaces.

use entity::{CourseKind, Level, PricingCategory, course};
use sea_orm::ActiveValue::Set;
use serde_json::{Value, json};

use super::search_text::found;
use crate::support::process::{ServerProcess, refused};
use crate::support::{App, Catalogue};

const COURSES: &[(&str, &str)] = &[
    ("de", "Datenbanken für Einsteiger"),
    ("de", "Töpfern am Abend"),
    ("de-CH", "Nähkurs"),
    ("de", "Gesundheit und Management"),
    ("fr", "Introduction à l’apprentissage automatique"),
    ("fr", "Devenez développeur"),
    ("es", "Las caras de la escultura"),
    ("es", "Programación en Java"),
    ("pt", "Gestão de projetos ágeis"),
    ("it", "Lingue antiche"),
    ("nl", "Ontwikkelaars in de praktijk"),
    ("sv", "Nordiska språk"),
    ("el", "Ξένες γλώσσες"),
    ("tr", "Yabancı diller"),
    ("en", "Child Care"),
    ("en", "Docker in Practice"),
    ("fr", "Docker pour débutants"),
    ("ja", "ウェブデザイン入門"),
    ("ja", "サーバー構築"),
    ("ja", "データの分析"),
    ("zh", "商务英语"),
    ("zh", "机器学习基础"),
    ("ko", "데이터 분석과 시각화"),
    ("ko", "사진 촬영"),
];

async fn filled(app: &App) {
    let catalogue = Catalogue::of(app).await;
    let provider = catalogue.provider("Babel School").await;
    for (language, title) in COURSES {
        let stated = |row: &mut course::ActiveModel| row.languages = Set((*language).to_owned());
        catalogue.course_with(provider, title, &[], stated).await;
    }
    app.reached(catalogue.position().await).await;
}

async fn interpretation(app: &App, query: &str) -> Value {
    let document =
        "query ($query: String) { courses(query: $query) { interpretation { text facts { text filter } } } }";
    app.ask(document, json!({ "query": query })).await["data"]["courses"]["interpretation"].take()
}

on_both! {
    #![empty]

    async fn endings_are_those_of_the_language_of_the_listing(app: App) {
        filled(&app).await;
        for (text, title) in [
            ("Datenbank", "Datenbanken für Einsteiger"),
            ("datenbank einsteiger", "Datenbanken für Einsteiger"),
            ("développeurs", "Devenez développeur"),
            ("developpeurs", "Devenez développeur"),
            ("apprentissages automatiques", "Introduction à l’apprentissage automatique"),
            ("l'apprentissage", "Introduction à l’apprentissage automatique"),
            ("programar", "Programación en Java"),
            ("gestão de projeto", "Gestão de projetos ágeis"),
            ("lingua antica", "Lingue antiche"),
            ("ontwikkelaar", "Ontwikkelaars in de praktijk"),
            ("nordisk", "Nordiska språk"),
            ("γλώσσα", "Ξένες γλώσσες"),
            ("yabancı dili", "Yabancı diller"),
        ] {
            assert_eq!(found(&app, text).await, [title], "{text}");
        }
        assert_eq!(found(&app, "care").await, ["Child Care"], "not the Spanish word for faces");
        assert_eq!(found(&app, "einsteiger -datenbank").await, [""; 0], "an exclusion ignores endings too");
        assert_eq!(found(&app, "\"gestão de projeto\"").await, ["Gestão de projetos ágeis"], "and so does a phrase");
    }

    async fn a_compound_is_found_by_its_parts(app: App) {
        filled(&app).await;
        for (text, title) in [
            ("Töpferkurs", "Töpfern am Abend"),
            ("Nähen", "Nähkurs"),
            ("Gesundheitsmanagement", "Gesundheit und Management"),
            ("데이터분석", "데이터 분석과 시각화"),
            ("データ分析", "データの分析"),
        ] {
            assert_eq!(found(&app, text).await, [title], "{text}");
        }
    }

    async fn letters_of_all_widths_are_the_same_and_words_need_no_spaces(app: App) {
        filled(&app).await;
        for (text, title) in [
            ("ｳｪﾌﾞﾃﾞｻﾞｲﾝ", "ウェブデザイン入門"),
            ("サーバ", "サーバー構築"),
            ("サーバー", "サーバー構築"),
            ("学习商务英语", "商务英语"),
            ("机器学习课程", "机器学习基础"),
            ("사진 강의", "사진 촬영"),
            ("사진강의", "사진 촬영"),
            ("ウェブデザインを学びたい", "ウェブデザイン入門"),
        ] {
            assert_eq!(found(&app, text).await, [title], "{text}");
        }
    }

    async fn the_language_of_the_query_comes_first(app: App) {
        filled(&app).await;
        assert_eq!(found(&app, "docker course").await, ["Docker in Practice", "Docker pour débutants"]);
        assert_eq!(found(&app, "apprendre docker").await, ["Docker pour débutants", "Docker in Practice"]);
    }

    async fn hits_of_other_forms_are_marked(app: App) {
        filled(&app).await;
        let document = "query ($query: String) { courses(query: $query) { edges { highlights { fragment } } } }";
        for (text, marked) in [("Datenbank", "[Datenbanken] für Einsteiger"), ("Nähen", "[Nähkurs]")] {
            let answer = app.ask(document, json!({ "query": text })).await;
            let fragment = answer["data"]["courses"]["edges"][0]["highlights"][0]["fragment"].as_str().unwrap();
            assert_eq!(fragment.replace('\u{E000}', "[").replace('\u{E001}', "]"), marked, "{text}");
        }
    }

    async fn facts_are_known_in_texts_without_spaces(app: App) {
        let catalogue = Catalogue::of(&app).await;
        let provider = catalogue.provider("青空アカデミー").await;
        let stated = |row: &mut course::ActiveModel| {
            row.languages = Set("ja".to_owned());
            (row.kind, row.level) = (Set(CourseKind::Bootcamp), Set(Some(Level::Beginner)));
            row.pricing_category = Set(Some(PricingCategory::Free));
        };
        catalogue.course_with(provider, "長い題名のPython講座", &[], stated).await;
        catalogue.course(provider, "Python").await;
        app.reached(catalogue.position().await).await;
        assert_eq!(interpretation(&app, "無料の初心者向けPython講座").await, json!({
            "text": "Python",
            "facts": [
                {"text": "無料", "filter": {"pricing": ["FREE"]}},
                {"text": "初心者向け", "filter": {"level": ["BEGINNER"]}},
            ],
        }));
        assert_eq!(interpretation(&app, "免费在线编程课程，500元以下").await, json!({
            "text": "编程",
            "facts": [
                {"text": "免费", "filter": {"pricing": ["FREE"]}},
                {"text": "在线", "filter": {"format": ["LIVE_ONLINE", "SELF_PACED"]}},
                {"text": "500元以下", "filter": {"price": {"lte": "500", "currency": "CNY"}}},
            ],
        }));
        let provider = interpretation(&app, "青空アカデミーの講座").await;
        assert_eq!(provider["facts"][0]["text"], "青空アカデミー", "{provider}");
        assert_eq!(found(&app, "無料の初心者向けPython講座").await, ["長い題名のPython講座", "Python"]);
        assert_eq!(found(&app, "cursos gratis de Python para principiantes").await, ["長い題名のPython講座", "Python"]);
    }
}

#[test]
fn operators_add_facts_and_synonyms() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    let settings = [
        ("LECTERN_SEED", "starter"),
        ("LECTERN_SEARCH_FACTS", "facts.jsonl"),
        ("LECTERN_SEARCH_SYNONYMS", "synonyms.txt"),
    ];
    for (facts, synonyms, fault) in [
        ("{\"filter\": {}}", "", "search_facts: line 1: must be a JSON object"),
        (
            "\n{\"filter\": {\"nosuch\": 1}, \"phrases\": {\"en\": [\"x\"]}}",
            "",
            "search_facts: line 2: filter: must be a",
        ),
        ("", "# names\nnothing", "search_synonyms: line 2: must be a name, = and its other names"),
    ] {
        write("facts.jsonl", facts);
        write("synonyms.txt", synonyms);
        let (code, said) = refused(folder.path(), &settings);
        assert_eq!((code, said.lines().count()), (Some(1), 1), "{said}");
        assert!(said.starts_with(&format!("lectern: {fault}")), "{said}");
    }
    let missing = [("LECTERN_SEARCH_FACTS", "nosuch.jsonl")];
    assert!(refused(folder.path(), &missing).1.starts_with("lectern: search_facts: must name a readable"));
    write("facts.jsonl", "{\"filter\": {\"kind\": [\"BOOTCAMP\"]}, \"phrases\": {\"en\": [\"sprint school\"]}}\n");
    write("synonyms.txt", "Django = snake web\n");
    let served = ServerProcess::start(folder.path(), &settings);
    let answer = served.ask("{ courses(query: \"sprint school\") { interpretation { facts { filter } } } }");
    assert!(answer.contains("\"facts\":[{\"filter\":{\"kind\":[\"BOOTCAMP\"]}}]"), "{answer}");
    let answer = served.ask("{ courses(query: \"snake web\", first: 1) { nodes { title } } }");
    assert!(answer.contains("Python Web Development with Django"), "{answer}");
}
