//! Texts of the synthetic catalogue.

use entity::SkillKind;

/// Skills by kind, separated by commas.
pub const SKILLS: [(SkillKind, &str); 8] = [
    (
        SkillKind::Language,
        "Python,JavaScript,TypeScript,Java,Rust,Go,Kotlin,Swift,Ruby,PHP,C++,C#,Scala,R,SQL,HTML,CSS,Bash,Dart,Elixir,\
         Haskell,Julia,Perl,Lua,Solidity,MATLAB",
    ),
    (
        SkillKind::Framework,
        "React,Angular,Vue,Svelte,Django,Flask,FastAPI,Rails,Laravel,Spring Boot,Express,Next.js,Flutter,React Native,\
         NumPy,pandas,PyTorch,TensorFlow,scikit-learn,Spark,Hadoop,jQuery,Bootstrap,Tailwind,GraphQL,Qt,Unity,Godot",
    ),
    (
        SkillKind::Database,
        "PostgreSQL,MySQL,SQLite,MongoDB,Redis,Cassandra,Elasticsearch,Neo4j,Snowflake,BigQuery,Oracle Database,DynamoDB",
    ),
    (SkillKind::Server, "NGINX,Apache,Tomcat,RabbitMQ,Kafka,HAProxy,Linux Administration,Windows Server"),
    (
        SkillKind::Tool,
        "Git,Docker,Kubernetes,Terraform,Ansible,Jenkins,Figma,Photoshop,Illustrator,Blender,Excel,Tableau,Power BI,\
         Jupyter,Jira,Postman,Selenium,Wireshark,Burp Suite,Metasploit,AutoCAD,Looker,dbt,Airflow",
    ),
    (
        SkillKind::Platform,
        "AWS,Azure,Google Cloud,Salesforce,WordPress,Shopify,Android,iOS,Heroku,SAP,ServiceNow,Databricks",
    ),
    (
        SkillKind::Practice,
        "Machine Learning,Deep Learning,Data Analysis,Data Visualisation,Statistics,User Research,Interaction Design,\
         Accessibility,Testing,Continuous Delivery,Site Reliability,Penetration Testing,Cryptography,Threat Modelling,\
         Computer Vision,Natural Language Processing,Game Design,Embedded Systems,Robotics,Blockchain,\
         Digital Marketing,Search Engine Optimisation,Copywriting,Product Management,Agile,Financial Modelling,\
         Database Design,Algorithms,Web Design,Requirements Engineering",
    ),
    (
        SkillKind::SoftSkill,
        "Communication,Teamwork,Negotiation,Leadership,Time Management,Presentation,Mentoring,Critical Thinking,\
         Problem Solving,Conflict Resolution",
    ),
];

/// Subjects.
pub const SUBJECTS: &str = "Web Development,Data Science,Cybersecurity,Cloud Computing,Mobile Development,Design,\
    Product Management,Marketing,Game Development,Finance,Hardware,Languages and Communication";

/// Careers.
pub const CAREERS: &str = "Web Developer,Data Analyst,Data Scientist,Security Analyst,Cloud Engineer,Mobile Developer,\
    UX Designer,Product Manager,Digital Marketer,Game Developer,Database Administrator,Machine Learning Engineer";

/// Suffixes of certification names, which begin with a skill.
pub const CERTIFICATES: &str = "Associate,Professional,Expert,Practitioner";

/// First parts of provider names.
pub const NAMES: &str = "Harbour,Northgate,Riverside,Lumen,Keystone,Meridian,Copper,Aspen,Foundry,Summit,Juniper,Beacon,\
    Cedar,Atlas,Quarry,Willow,Orchard,Granite,Lantern,Anchor,Compass,Prairie,Falcon,Ember,Mosaic";
/// Second parts of provider names.
pub const SCHOOLS: &str = "Code Academy,University,Institute of Technology,Learning,Bootcamp,Data School,Design School,\
    Community College";

/// Cities with region, country, latitude and longitude.
pub const CITIES: [(&str, &str, &str, f64, f64); 12] = [
    ("New York", "NY", "US", 40.71, -74.01),
    ("Austin", "TX", "US", 30.27, -97.74),
    ("Chicago", "IL", "US", 41.88, -87.63),
    ("Seattle", "WA", "US", 47.61, -122.33),
    ("Toronto", "ON", "CA", 43.65, -79.38),
    ("London", "England", "GB", 51.51, -0.13),
    ("Berlin", "Berlin", "DE", 52.52, 13.4),
    ("Madrid", "Madrid", "ES", 40.42, -3.7),
    ("Paris", "Île-de-France", "FR", 48.86, 2.35),
    ("Lisbon", "Lisboa", "PT", 38.72, -9.14),
    ("Amsterdam", "North Holland", "NL", 52.37, 4.9),
    ("Sydney", "NSW", "AU", -33.87, 151.21),
];

/// Titles; `{a}` and `{b}` are skills.
pub const TITLES: &str = "{a} for Beginners,{a} and {b} in Practice,Introduction to {a},Advanced {a},The {a} Bootcamp,\
    Applied {a} with {b},{a} Essentials,From {a} to {b},{a} Masterclass,Building Products with {a},{a} for Teams,\
    Professional Certificate in {a},{a} and {b} Foundations,Mastering {a},{a} Capstone Project,{a} in Twelve Weeks";

/// Sentences; `{a}`, `{b}` and `{c}` are skills, `{career}` is a career.
pub const SENTENCES: [&str; 32] = [
    "You start with {a} from the ground up and write your first working program in the opening week.",
    "Every module ends with a project that is reviewed line by line by a practising {career}.",
    "We assume no earlier contact with {a}, but you should be comfortable with a keyboard and a search engine.",
    "By the middle of the course {a} and {b} come together in a project of your own choice.",
    "Live sessions are recorded, so a missed evening can be made up for at the weekend.",
    "Instructors have worked in industry for at least five years, most of them as a {career}.",
    "The curriculum is revised twice a year together with companies that hire from our cohorts.",
    "Learners work in pairs, swap roles often, and learn to explain what they do.",
    "You will measure before you optimise, and learn which figures in {b} are worth watching.",
    "A dedicated week on {c} closes the gap between exercises and production.",
    "Graduates leave with a portfolio of four projects, each of them deployed and documented.",
    "Weekly reading is short and practical: documentation, post-mortems and real source code.",
    "There is an optional track on {c} for those who want to go deeper.",
    "Exams are open book, since nobody works with closed books either.",
    "We teach {a} the way it is used: with tests, reviews and small steps.",
    "Office hours are held three times a week, in the morning and in the evening.",
    "Career coaching starts in week six with a review of your profile and mock interviews.",
    "The capstone is judged by a panel of hiring managers from partner companies.",
    "Expect to spend about two thirds of your time writing and one third reading and discussing.",
    "You learn to read error messages calmly, to search well, and to ask good questions.",
    "Security is not an afterthought: threat models and sensible defaults accompany each unit.",
    "The second half moves from {a} to {b} and shows where each of them is the better choice.",
    "Small cohorts of at most twenty learners make sure that nobody disappears in the crowd.",
    "Accessibility, performance and maintainability are graded along with correctness.",
    "Data sets come from public transport, weather and health, with all the noise that real data has.",
    "A mentor meets you every week and adapts the pace to what you bring along.",
    "The final exam prepares for the industry certification in {c}.",
    "Part of every assignment is a short text that justifies your decisions to a colleague.",
    "Topics include version control, debugging, profiling, deployment and observability.",
    "Those who fall behind may repeat a cohort once without paying again.",
    "Guest lectures show how a {career} spends an ordinary day, meetings included.",
    "The course closes with a retrospective, and with a plan for what to learn next.",
];
