//! The cost of each way to pay for a course. The examples of docs/costs.md are run here, so the page cannot differ from
//! what is served.

use entity::{CourseKind, FinancingKind, ListingType, StatisticMetric, financing_plan, statistic};
use sea_orm::ActiveValue::Set;
use serde_json::{Value, json};

use crate::support::page::{blocks, check};
use crate::support::provider::{ProviderWithEditor, user_errors};
use crate::support::row_writer::RowWriter;
use crate::support::{App, next_id};

const PAGE: &str = include_str!("../../docs/costs.md");

fn usd(amount: &str) -> Value {
    json!({ "amount": amount, "currency": "USD" })
}

/// Publishes a course, and returns the costs of its ways to pay.
async fn costs(school: &ProviderWithEditor<'_>, input: Value, salary: Value) -> Vec<Value> {
    let mut course = school.create(input).await;
    assert_eq!(user_errors(&course), [""; 0]);
    let course = school.turn("publishCourse", &course["course"].take(), "").await["course"].take();
    costs_of(school.app, &course["slug"], salary).await
}

async fn costs_of(app: &App, slug: &Value, salary: Value) -> Vec<Value> {
    let query = "query($slug: String!, $salary: MoneyInput) { course(by: {slug: $slug}) { costs(salary: $salary) { \
        plan { kind } total { amount currency } months monthlyPayment { amount } effectiveYearlyRate \
        breakEven { months statistic { publisher metric } } assumptions missing } } }";
    let mut answer = app.ask(query, json!({ "slug": slug, "salary": salary })).await;
    assert!(answer.get("errors").is_none(), "{answer:#}");
    serde_json::from_value(answer["data"]["course"]["costs"].take()).unwrap()
}

/// A bootcamp of 1,000 USD with this plan, in addition to paying at once.
fn with_plan(plan: Value) -> Value {
    let pricing = json!({ "category": "PAID", "amount": usd("1000") });
    json!({ "title": "Falconry", "kind": "BOOTCAMP", "pricing": pricing, "financing": [plan] })
}

/// Total, months, monthly payment, effective rate and what is missing.
fn figures(cost: &Value) -> Value {
    let amount = |name: &str| cost[name]["amount"].clone();
    json!([amount("total"), cost["months"], amount("monthlyPayment"), cost["effectiveYearlyRate"], cost["missing"]])
}

/// A published figure about the raise after bootcamps.
async fn raise(writer: &mut RowWriter, publisher: &str, metric: StatisticMetric, value: i64, currency: Option<&str>) {
    let row = statistic::ActiveModel {
        id: Set(next_id()),
        key: Set(format!("raise-{}", next_id())),
        metric: Set(metric),
        subject_label: Set("Bootcamps".to_owned()),
        course_kind: Set(Some(CourseKind::Bootcamp)),
        value_e4: Set(Some(value * 10_000)),
        currency: Set(currency.map(str::to_owned)),
        publisher: Set(Some(publisher.to_owned())),
        ..Default::default()
    };
    writer.row(row).await;
    writer.changed(ListingType::Taxonomy, 1);
}

on_both! {
    async fn every_example_is_answered_as_the_page_says(app: App) {
        let (queries, mut answers) = (blocks(PAGE, "graphql"), blocks(PAGE, "json"));
        let course = serde_json::from_str(answers.remove(1)).unwrap();
        costs(&ProviderWithEditor::open(&app).await, course, Value::Null).await;
        assert_eq!(queries.len(), 2);
        check(&app, queries, answers).await;
    }
}

on_both! {
    #![empty]

    async fn each_plan_costs_what_its_terms_say(app: App) {
        let school = ProviderWithEditor::open(&app).await;
        let share = |more: Value| {
            let mut plan = json!({ "kind": "INCOME_SHARE", "incomePercent": "10", "months": 12 });
            plan.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            plan
        };
        for (plan, expected) in [
            (json!({ "kind": "UPFRONT" }), json!(["1000.00", 0, null, null, ["SALARY_INCREASE"]])),
            // A third of a cent is left over; the last payment absorbs it.
            (json!({ "kind": "INSTALLMENTS", "months": 3 }), json!(["1000.00", 3, "333.33", "0", ["SALARY_INCREASE"]])),
            (json!({ "kind": "INSTALLMENTS" }), json!(["1000.00", null, null, "0", ["MONTHS", "SALARY_INCREASE"]])),
            (json!({ "kind": "INSTALLMENTS", "aprPercent": "12", "months": 12 }), json!(["1066.19", 12, "88.85", "12.68", ["SALARY_INCREASE"]])),
            (json!({ "kind": "LOAN", "months": 12 }), json!([null, 12, null, null, ["APR_PERCENT"]])),
            (json!({ "kind": "LOAN", "aprPercent": "12" }), json!([null, null, null, "12.68", ["MONTHS"]])),
            (json!({ "kind": "LOAN", "aprPercent": "0", "months": 10 }), json!(["1000.00", 10, "100.00", "0", ["SALARY_INCREASE"]])),
            (json!({ "kind": "DEFERRED", "months": 6 }), json!(["1000.00", 6, null, "0", ["SALARY_INCREASE"]])),
            (json!({ "kind": "DEFERRED", "aprPercent": "12", "months": 12 }), json!(["1126.83", 12, null, "12.68", ["SALARY_INCREASE"]])),
            (json!({ "kind": "SCHOLARSHIP" }), json!([null, null, null, null, ["GRANT"]])),
            // 12 payments of 100 for 1,000.
            (share(json!({})), json!(["1200.00", 12, "100.00", "41.3", ["SALARY_INCREASE"]])),
            (share(json!({ "cap": usd("1000") })), json!(["1000.00", 10, "100.00", "0", ["SALARY_INCREASE"]])),
            (share(json!({ "cap": usd("950") })), json!(["950.00", 10, "100.00", "-10.97", ["SALARY_INCREASE"]])),
            (share(json!({ "incomeFloor": usd("12000") })), json!(["1200.00", 12, "100.00", "41.3", ["SALARY_INCREASE"]])),
            (share(json!({ "incomeFloor": usd("12000.01") })), json!(["0.00", 0, "0.00", null, ["SALARY_INCREASE"]])),
            (share(json!({ "cap": { "amount": "900", "currency": "EUR" } })), json!([null, null, null, null, ["CAP"]])),
            (json!({ "kind": "INCOME_SHARE", "months": 12 }), json!([null, null, null, null, ["INCOME_PERCENT"]])),
        ] {
            let rows = costs(&school, with_plan(plan.clone()), usd("12000")).await;
            assert_eq!(figures(&rows[0]), json!(["1000.00", 0, null, null, ["SALARY_INCREASE"]]), "paying at once");
            assert_eq!((rows.len(), figures(&rows[1])), (2, expected), "{plan}");
            assert!(!rows[1]["assumptions"].as_array().unwrap().is_empty());
        }
    }

    async fn an_income_share_needs_a_salary_in_the_currency_of_the_price(app: App) {
        let school = ProviderWithEditor::open(&app).await;
        let plan = json!({ "kind": "INCOME_SHARE", "incomePercent": "10", "months": 12 });
        for salary in [Value::Null, json!({ "amount": "12000", "currency": "EUR" })] {
            let rows = costs(&school, with_plan(plan.clone()), salary).await;
            assert_eq!(figures(&rows[1]), json!([null, null, null, null, ["SALARY"]]));
        }
        // Without a price the payments are the same, but their rate is unknown.
        let input = json!({ "title": "Falconry", "kind": "BOOTCAMP", "financing": [plan] });
        let rows = costs(&school, input, json!({ "amount": "12000", "currency": "EUR" })).await;
        assert_eq!(figures(&rows[0]), json!(["1200.00", 12, "100.00", null, ["PRICE", "SALARY_INCREASE"]]));
    }

    async fn a_subscription_is_paid_for_every_month_or_year_begun(app: App) {
        let school = ProviderWithEditor::open(&app).await;
        let course = |per: &str, duration: Value| {
            let pricing = json!({ "category": "SUBSCRIPTION", "amount": usd("50"), "per": per, "certificate": usd("9") });
            json!({ "title": "Falconry", "kind": "COURSE", "pricing": pricing, "duration": duration, "financing": [{ "kind": "LOAN", "aprPercent": "0" }] })
        };
        for (per, duration, expected) in [
            ("MONTH", json!({ "weeks": 13 }), json!(["150.00", 3, "50.00", null, ["SALARY_INCREASE"]])),
            ("MONTH", json!({ "weeks": 14 }), json!(["200.00", 4, "50.00", null, ["SALARY_INCREASE"]])),
            ("MONTH", json!({ "days": { "min": 1, "max": 2 } }), json!(["50.00", 1, "50.00", null, ["SALARY_INCREASE"]])),
            ("MONTH", json!({ "hours": 9 }), json!([null, null, "50.00", null, ["DURATION"]])),
            ("YEAR", json!({ "weeks": 53 }), json!(["100.00", 24, null, null, ["SALARY_INCREASE"]])),
        ] {
            let rows = costs(&school, course(per, duration.clone()), Value::Null).await;
            assert_eq!(figures(&rows[0]), expected, "{per} {duration}");
            assert_eq!(rows[1]["total"], rows[0]["total"], "a loan without interest is one of all of it");
            assert!(rows[0]["assumptions"].as_array().unwrap().contains(&json!("The certificate is left out; it costs 9.00 USD on top.")));
        }
        let free = json!({ "title": "Falconry", "kind": "COURSE", "pricing": { "category": "FREE" } });
        assert_eq!(figures(&costs(&school, free, Value::Null).await[0]), json!(["0.00", 0, null, null, ["SALARY_INCREASE"]]));
        let silent = json!({ "title": "Falconry", "kind": "COURSE" });
        assert_eq!(costs(&school, silent, Value::Null).await, [Value::Null; 0]);
    }

    async fn figures_that_contradict_each_other_give_a_time_each(app: App) {
        let school = ProviderWithEditor::open(&app).await;
        let mut writer = RowWriter::open(&app).await;
        raise(&mut writer, "Optimists", StatisticMetric::SalaryIncrease, 12_000, Some("USD")).await;
        raise(&mut writer, "Optimists", StatisticMetric::SalaryIncreasePercent, 100, None).await;
        raise(&mut writer, "Pessimists", StatisticMetric::SalaryIncrease, 1_200, Some("USD")).await;
        raise(&mut writer, "Europeans", StatisticMetric::SalaryIncrease, 12_000, Some("EUR")).await;
        raise(&mut writer, "Percenters", StatisticMetric::SalaryIncreasePercent, 50, None).await;
        writer.done(&app).await;
        let times = |cost: &Value| {
            let returns = cost["breakEven"].as_array().unwrap().iter();
            let mut times: Vec<String> = returns.map(|it| format!("{} {}", it["statistic"]["publisher"].as_str().unwrap(), it["months"])).collect();
            times.sort();
            times
        };
        let course = with_plan(json!({ "kind": "UPFRONT" }));
        let rows = costs(&school, course.clone(), usd("4000")).await;
        // A publisher of an amount is not counted again with a percentage.
        assert_eq!(times(&rows[0]), ["Optimists 1", "Percenters 6", "Pessimists 10"]);
        assert_eq!(rows[0]["missing"], json!([]));
        let rows = costs(&school, course, Value::Null).await;
        assert_eq!(times(&rows[0]), ["Optimists 1", "Pessimists 10"]);
        assert_eq!(rows[0]["missing"], json!(["SALARY"]));
    }

    async fn a_bad_salary_is_named(app: App) {
        let school = ProviderWithEditor::open(&app).await;
        let course = school.published("Falconry").await;
        let query = "query($slug: String!, $salary: MoneyInput) { course(by: {slug: $slug}) { costs(salary: $salary) { months } } }";
        for (salary, argument) in [
            (json!({ "amount": "-1", "currency": "USD" }), "salary.amount"),
            (json!({ "amount": "1.001", "currency": "USD" }), "salary.amount"),
            (json!({ "amount": "1", "currency": "XXY" }), "salary.currency"),
            (json!({ "amount": "many", "currency": "USD" }), "salary.amount"),
        ] {
            let answer = app.ask(query, json!({ "slug": course["slug"], "salary": salary })).await;
            let error = &answer["errors"][0]["extensions"];
            assert_eq!((&error["code"], &error["argument"]), (&json!("BAD_USER_INPUT"), &json!(argument)), "{answer:#}");
        }
    }

    async fn the_costs_of_a_hundred_courses_are_one_statement(app: App) {
        let mut writer = RowWriter::open(&app).await;
        writer.provider(1, "school", |_| {}).await;
        for id in 1..=100 {
            writer.course(id, 1, &format!("course-{id}"), |_| {}).await;
            let plan = financing_plan::ActiveModel { course_id: Set(id), position: Set(0), kind: Set(FinancingKind::Loan), ..Default::default() };
            writer.row(plan).await;
        }
        writer.done(&app).await;
        for first in [1, 100] {
            let before = app.statements().await;
            let data = app.data(&format!("{{ courses(first: {first}) {{ nodes {{ title costs {{ missing }} financing {{ kind }} }} }} }}")).await;
            assert_eq!(data["courses"]["nodes"][0]["costs"], json!([{ "missing": ["PRICE", "APR_PERCENT", "MONTHS"] }]));
            assert_eq!(app.statements().await - before, 2, "courses and their plans");
        }
    }
}
