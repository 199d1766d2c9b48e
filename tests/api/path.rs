//! Learning paths: compared with every set of courses in small catalogues, and with the rules in large ones.

use std::collections::{HashMap, HashSet};

use entity::*;
use sea_orm::ActiveValue::Set;
use serde_json::{Value, json};

use crate::support::App;
use crate::support::row_writer::RowWriter;

const QUERY: &str = "query($from: [SkillKnown!]! = [], $to: PathTarget!, $minimise: PathAim! = HOURS) {
  learningPath(from: $from, to: $to, minimise: $minimise) {
    steps { course { slug } gains { slug } needs { slug } }
    covered { slug } missing { slug } gaps { skill { slug } reason }
    totalHours stepsWithoutHours totalPrice { amount currency } stepsWithoutPrice best
  }
}";

/// A course of the test; skills and courses are numbers within its world.
#[derive(Clone)]
struct Made {
    teaches: Vec<usize>,
    needs: Vec<(usize, SkillLevel)>,
    after: Option<usize>,
    advanced: bool,
    hours: Option<i32>,
}

/// Courses on skills that no other world contains.
struct World {
    number: i64,
    skills: usize,
    courses: Vec<Made>,
}

/// A learner: the level of each skill, 0 for none.
type Learner = Vec<usize>;

fn level(level: SkillLevel) -> usize {
    level as usize + 1
}

impl World {
    fn by_chance(number: i64, skills: usize, courses: usize) -> Self {
        let mut chance = fastrand::Rng::with_seed(number as u64);
        let levels = [SkillLevel::Basic, SkillLevel::Familiar, SkillLevel::Proficient];
        let course = |place: usize| {
            let few = |chance: &mut fastrand::Rng, most: usize| -> Vec<usize> {
                let mut found: Vec<usize> = (0..chance.usize(0..=most)).map(|_| chance.usize(0..skills)).collect();
                found.sort_unstable();
                found.dedup();
                found
            };
            Made {
                teaches: few(&mut chance, 3),
                needs: few(&mut chance, 2).into_iter().map(|skill| (skill, levels[chance.usize(0..3)])).collect(),
                after: Some(chance.usize(0..courses)).filter(|after| *after != place && chance.u8(0..4) == 0),
                advanced: chance.bool(),
                hours: (chance.u8(0..5) > 0).then(|| chance.i32(1..100)),
            }
        };
        Self { number, skills, courses: (0..courses).map(course).collect() }
    }

    fn skill(&self, skill: usize) -> String {
        format!("skill-{}-{skill}", self.number)
    }

    fn course(&self, course: usize) -> String {
        format!("course-{}-{course}", self.number)
    }

    fn id(&self, place: usize) -> i64 {
        self.number * 1_000 + place as i64 + 1
    }

    async fn put(&self, writer: &mut RowWriter, provider: i64) {
        for skill in 0..self.skills {
            let (slug, name) = (Set(self.skill(skill)), Set(self.skill(skill)));
            writer.row(skill::ActiveModel { id: Set(self.id(skill)), slug, name, kind: Set(SkillKind::Tool) }).await;
        }
        writer.changed(ListingType::Taxonomy, self.id(0));
        for (place, made) in self.courses.iter().enumerate() {
            let change = |row: &mut course::ActiveModel| {
                row.level = Set(made.advanced.then_some(Level::Advanced));
                row.duration_hours = Set(made.hours);
            };
            writer.course(self.id(place), provider, &self.course(place), change).await;
        }
        for (place, made) in self.courses.iter().enumerate() {
            self.link(writer, self.id(place), made).await;
        }
    }

    async fn link(&self, writer: &RowWriter, course: i64, made: &Made) {
        let course_id = Set(course);
        for (position, skill) in (0..).zip(&made.teaches) {
            let (course_id, skill_id) = (course_id.clone(), Set(self.id(*skill)));
            writer.row(course_skill::ActiveModel { course_id, skill_id, position: Set(position) }).await;
        }
        for (position, (skill, level)) in (0..).zip(&made.needs) {
            let (course_id, skill_id, level) = (course_id.clone(), Set(self.id(*skill)), Set(*level));
            let position = Set(position);
            writer.row(course_prerequisite_skill::ActiveModel { course_id, skill_id, level, position }).await;
        }
        if let Some(after) = made.after {
            let required_id = Set(self.id(after));
            writer.row(course_prerequisite_course::ActiveModel { course_id, required_id, position: Set(0) }).await;
        }
    }

    fn gives(&self, course: usize) -> usize {
        level(if self.courses[course].advanced { SkillLevel::Proficient } else { SkillLevel::Familiar })
    }

    /// Whether a learner with these skills at the start, and these skills and courses now, can take a course.
    fn is_open(&self, course: usize, start: &Learner, now: &Learner, taken: &[usize]) -> bool {
        let made = &self.courses[course];
        let mastered = |after: usize| {
            let taught = &self.courses[after].teaches;
            !taught.is_empty() && taught.iter().all(|skill| start[*skill] >= self.gives(after))
        };
        made.needs.iter().all(|(skill, least)| now[*skill] >= level(*least))
            && made.after.is_none_or(|after| taken.contains(&after) || mastered(after))
    }

    fn take(&self, course: usize, now: &mut Learner) {
        self.courses[course].teaches.iter().for_each(|skill| now[*skill] = now[*skill].max(self.gives(course)));
    }

    /// Takes all of these courses that can be taken, and returns them.
    fn run(&self, start: &Learner, courses: &[usize]) -> (Learner, Vec<usize>) {
        let (mut now, mut taken) = (start.clone(), Vec::new());
        while let Some(next) =
            courses.iter().find(|course| !taken.contains(*course) && self.is_open(**course, start, &now, &taken))
        {
            taken.push(*next);
            self.take(*next, &mut now);
        }
        (now, taken)
    }

    /// Fewest courses without hours, then fewest hours, then fewest courses.
    fn cost(&self, courses: &[usize]) -> (usize, i32, usize) {
        let hours: Vec<Option<i32>> = courses.iter().map(|course| self.courses[*course].hours).collect();
        (hours.iter().filter(|hours| hours.is_none()).count(), hours.iter().flatten().sum(), courses.len())
    }

    /// The cost of the best path to these skills, by trying every set of courses.
    fn best(&self, start: &Learner, goals: &[usize]) -> (usize, i32, usize) {
        let sets = (0_u32..1 << self.courses.len())
            .map(|set| (0..self.courses.len()).filter(|course| set & (1 << course) != 0).collect::<Vec<usize>>());
        let leads = |set: &Vec<usize>| {
            let (now, taken) = self.run(start, set);
            taken.len() == set.len() && goals.iter().all(|skill| now[*skill] > 0)
        };
        sets.filter(leads).map(|set| self.cost(&set)).min().unwrap()
    }

    /// Requests a path, checks it against the rules, and returns its courses.
    async fn check(&self, app: &App, start: &Learner, wanted: &[usize]) -> Vec<usize> {
        let names = ["BASIC", "FAMILIAR", "PROFICIENT"];
        let known = start.iter().enumerate().filter(|(_, level)| **level > 0);
        let from: Vec<Value> =
            known.map(|(skill, level)| json!({ "skill": self.skill(skill), "level": names[level - 1] })).collect();
        let to: Vec<String> = wanted.iter().map(|skill| self.skill(*skill)).collect();
        let variables = json!({ "from": from, "to": { "skills": to } });
        let answer = app.ask(QUERY, variables.clone()).await;
        assert!(answer.get("errors").is_none(), "{answer:#}");
        let path = &answer["data"]["learningPath"];
        let say = || format!("{variables:#}\n{path:#}");
        let skills: HashMap<String, usize> = (0..self.skills).map(|skill| (self.skill(skill), skill)).collect();
        let courses: HashMap<String, usize> = (0..self.courses.len()).map(|at| (self.course(at), at)).collect();
        let of = |list: &Value| -> Vec<usize> {
            list.as_array().unwrap().iter().map(|it| skills[it["slug"].as_str().unwrap()]).collect()
        };
        let (mut now, mut taken) = (start.clone(), Vec::new());
        for step in path["steps"].as_array().unwrap() {
            let course = courses[step["course"]["slug"].as_str().unwrap()];
            assert!(self.is_open(course, start, &now, &taken), "course {course} cannot be taken\n{}", say());
            let before = now.clone();
            self.take(course, &mut now);
            taken.push(course);
            let made = &self.courses[course];
            let gained: Vec<usize> = made.teaches.iter().copied().filter(|it| now[*it] > before[*it]).collect();
            assert_eq!(of(&step["gains"]), gained, "{}", say());
            assert_eq!(of(&step["needs"]), made.needs.iter().map(|(skill, _)| *skill).collect::<Vec<_>>(), "{}", say());
        }
        for (place, course) in taken.iter().enumerate() {
            let without: Vec<usize> = taken.iter().copied().filter(|it| it != course).collect();
            let (then, still) = self.run(start, &without);
            let needed = still.len() < without.len() || wanted.iter().any(|skill| then[*skill] == 0 && now[*skill] > 0);
            assert!(needed, "step {place} is not needed\n{}", say());
        }
        let (covered, missing): (Vec<usize>, Vec<usize>) = wanted.iter().copied().partition(|skill| now[*skill] > 0);
        assert_eq!((of(&path["covered"]), of(&path["missing"])), (covered, missing.clone()), "{}", say());
        let reachable = self.run(start, &(0..self.courses.len()).collect::<Vec<_>>()).0;
        let gaps = path["gaps"].as_array().unwrap();
        assert_eq!(gaps.len(), missing.len(), "{}", say());
        for (skill, gap) in missing.iter().zip(gaps) {
            assert_eq!(gap["skill"]["slug"], self.skill(*skill));
            let taught = self.courses.iter().any(|made| made.teaches.contains(skill));
            let reason = if !taught { "NOT_TAUGHT" } else { "OUT_OF_REACH" };
            assert_eq!((gap["reason"].as_str(), reachable[*skill]), (Some(reason), 0), "{}", say());
        }
        let (unstated, hours, _) = self.cost(&taken);
        assert_eq!(
            (path["stepsWithoutHours"].as_u64(), path["totalHours"].as_i64()),
            (Some(unstated as u64), (unstated == 0).then_some(i64::from(hours)),)
        );
        assert_eq!(path["best"], true, "{}", say());
        taken
    }
}

fn learner(chance: &mut fastrand::Rng, skills: usize) -> Learner {
    (0..skills).map(|_| if chance.u8(0..4) == 0 { chance.usize(1..=3) } else { 0 }).collect()
}

async fn put(app: &App, worlds: &[World]) {
    let mut writer = RowWriter::open(app).await;
    writer.provider(1, "school", |_| {}).await;
    for world in worlds {
        world.put(&mut writer, 1).await;
    }
    writer.done(app).await;
}

on_both! {
    #![empty]

    async fn of_few_courses_the_path_is_the_best_of_all_sets(app: App) {
        let worlds: Vec<World> = (1..=12).map(|number| World::by_chance(number, 6, 11)).collect();
        put(&app, &worlds).await;
        let mut chance = fastrand::Rng::with_seed(7);
        let mut lengths = HashSet::new();
        for world in &worlds {
            for _ in 0..5 {
                let start = learner(&mut chance, world.skills);
                let wanted: Vec<usize> = (0..world.skills).filter(|skill| *skill == 0 || chance.bool()).collect();
                let reachable = world.run(&start, &(0..world.courses.len()).collect::<Vec<_>>()).0;
                let path = world.check(&app, &start, &wanted).await;
                let goals: Vec<usize> = wanted.into_iter().filter(|skill| reachable[*skill] > 0).collect();
                assert_eq!(world.cost(&path), world.best(&start, &goals), "{path:?}");
                lengths.insert(path.len());
            }
        }
        assert!(lengths.len() > 3, "the worlds are too plain: {lengths:?}");
    }

    async fn of_many_courses_every_step_is_reachable_and_needed(app: App) {
        let world = World::by_chance(99, 30, 120);
        put(&app, std::slice::from_ref(&world)).await;
        let mut chance = fastrand::Rng::with_seed(8);
        for _ in 0..20 {
            let start = learner(&mut chance, world.skills);
            let first = chance.usize(0..26);
            let wanted = [first, first + 1, first + 4];
            let path = world.check(&app, &start, &wanted).await;
            assert_eq!(world.check(&app, &start, &wanted).await, path, "the same question has the same answer");
        }
    }
}

on_both! {
    async fn every_path_is_found_as_the_page_says(app: App) {
        crate::questions::ask(&app, include_str!("../../docs/paths.md"), 4).await;
    }
}

/// The argument named in the error.
async fn fault(app: &App, arguments: &str) -> Value {
    let answer = app.ask(&format!("{{ learningPath({arguments}) {{ best }} }}"), json!({})).await;
    assert_eq!(answer["errors"][0]["extensions"]["code"], "BAD_USER_INPUT", "{answer:#}");
    answer["errors"][0]["extensions"]["argument"].clone()
}

on_sqlite! {
    async fn what_is_not_known_is_named_by_its_place(app: App) {
        assert_eq!(fault(&app, "to: {skills: [\"html\", \"css\", \"x\"]}").await, "to.skills.2");
        assert_eq!(fault(&app, "to: {career: \"x\"}").await, "to.career");
        assert_eq!(fault(&app, "to: {certification: \"x\"}").await, "to.certification");
        let from = "from: [{skill: \"html\"}, {skill: \"x\"}]";
        assert_eq!(fault(&app, &format!("{from}, to: {{skills: [\"css\"]}}")).await, "from.1.skill");
    }

    async fn there_are_one_to_fifty_skills(app: App) {
        let many = |count: usize, text: &str| vec![text; count].join(", ");
        assert_eq!(fault(&app, "to: {skills: []}").await, "to.skills");
        assert_eq!(fault(&app, &format!("to: {{skills: [{}]}}", many(51, "\"css\""))).await, "to.skills");
        let from = format!("from: [{}]", many(51, "{skill: \"css\"}"));
        assert_eq!(fault(&app, &format!("{from}, to: {{skills: [\"css\"]}}")).await, "from");
        let known = many(25, "{skill: \"css\"}, {skill: \"css\", level: PROFICIENT}");
        let most = format!("from: [{known}], to: {{skills: [{}]}}", many(50, "\"css\""));
        let path = app.data(&format!("{{ learningPath({most}) {{ covered {{ slug }} steps {{ gains {{ slug }} }} }} }}")).await;
        assert_eq!(path["learningPath"], json!({ "covered": [{ "slug": "css" }], "steps": [] }));
    }
}

on_both! {
    #![empty]

    async fn prices_are_compared_in_one_currency_and_summed_up_in_each(app: App) {
        let world = World { number: 5, skills: 2, courses: Vec::new() };
        let mut writer = RowWriter::open(&app).await;
        writer.provider(1, "school", |_| {}).await;
        world.put(&mut writer, 1).await;
        let offers = [("cheap-eur", 0, 100, "EUR"), ("dear-usd", 0, 90_000, "USD"), ("only-eur", 1, 250, "EUR")];
        for (id, (slug, skill, price, currency)) in (1..).zip(offers) {
            let change = |row: &mut course::ActiveModel| {
                row.price = Set(Some(price));
                row.price_currency = Set(Some(currency.to_owned()));
            };
            writer.course(id, 1, slug, change).await;
            let made = Made { teaches: vec![skill], needs: Vec::new(), after: None, advanced: false, hours: None };
            world.link(&writer, id, &made).await;
        }
        writer.done(&app).await;
        let query = |currency: &str| format!("{{ learningPath(to: {{skills: [\"skill-5-0\", \"skill-5-1\"]}}, minimise: PRICE{currency}) {{
            steps {{ course {{ slug }} }} totalPrice {{ amount currency }} stepsWithoutPrice }} }}");
        let path = app.data(&query("")).await["learningPath"].take();
        assert_eq!(path["steps"], json!([{ "course": { "slug": "dear-usd" } }, { "course": { "slug": "only-eur" } }]));
        let sums = json!([{ "amount": "2.50", "currency": "EUR" }, { "amount": "900.00", "currency": "USD" }]);
        assert_eq!((&path["totalPrice"], &path["stepsWithoutPrice"]), (&sums, &json!(0)));
        let path = app.data(&query(", currency: \"EUR\"")).await["learningPath"].take();
        assert_eq!(path["steps"], json!([{ "course": { "slug": "cheap-eur" } }, { "course": { "slug": "only-eur" } }]));
    }

    async fn a_path_has_at_most_twenty_courses_and_says_what_does_not_fit(app: App) {
        let alone = |skill| Made { teaches: vec![skill], needs: Vec::new(), after: None, advanced: false, hours: Some(1) };
        let world = World { number: 6, skills: 25, courses: (0..25).map(alone).collect() };
        put(&app, std::slice::from_ref(&world)).await;
        let to: Vec<String> = (0..25).map(|skill| world.skill(skill)).collect();
        let answer = app.ask(QUERY, json!({ "to": { "skills": to } })).await;
        let path = &answer["data"]["learningPath"];
        let length = |field: &str| path[field].as_array().unwrap().len();
        assert_eq!((length("steps"), length("covered"), length("gaps"), &path["best"]), (20, 20, 5, &json!(false)));
        assert!(path["gaps"].as_array().unwrap().iter().all(|gap| gap["reason"] == "TOO_LONG"), "{path:#}");
    }

    async fn what_is_not_listed_is_no_step(app: App) {
        let alone = |skill, after| Made { teaches: vec![skill], needs: Vec::new(), after, advanced: false, hours: Some(1) };
        let world = World { number: 7, skills: 2, courses: vec![alone(0, None), alone(1, Some(0))] };
        put(&app, std::slice::from_ref(&world)).await;
        assert_eq!(world.check(&app, &vec![0, 0], &[1]).await, [0, 1]);
        let mut writer = RowWriter::open(&app).await;
        writer.update_course(world.id(0), |row| row.status = Set(ListingStatus::Retired)).await;
        writer.done(&app).await;
        let answer = app.ask(QUERY, json!({ "to": { "skills": [world.skill(0), world.skill(1)] } })).await;
        let reasons: Vec<&Value> = answer["data"]["learningPath"]["gaps"].as_array().unwrap().iter().map(|gap| &gap["reason"]).collect();
        assert_eq!(reasons, ["NOT_TAUGHT", "OUT_OF_REACH"]);
    }
}
