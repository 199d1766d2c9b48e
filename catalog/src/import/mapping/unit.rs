//! Units of time, by the words that name them in the languages of many catalogues.

use super::figure::lists;

/// Unit of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    Minute,
    Hour,
    Day,
    Week,
    Month,
    Year,
}

impl Unit {
    /// Name for messages.
    pub(super) fn plural(self) -> &'static str {
        match self {
            Unit::Minute => "minutes",
            Unit::Hour => "hours",
            Unit::Day => "days",
            Unit::Week => "weeks",
            Unit::Month => "months",
            Unit::Year => "years",
        }
    }
}

/// Names of units. `m` is none: it is minutes to some and months to others.
const NAMES: [(Unit, &str); 6] = [
    (
        Unit::Minute,
        "min mins minute minutes minuten minuto minutos minuti мин минута минуты минут 分 分間 分钟 分鐘 분",
    ),
    (
        Unit::Hour,
        "h hr hrs hour hours std stunde stunden heure heures hora horas ora ore час часа часов ч 時間 小时 小時 시간",
    ),
    (Unit::Day, "d day days tag tage tagen jour jours día días dia dias giorno giorni день дня дней 日 日間 天 일"),
    (
        Unit::Week,
        "w wk wks week weeks woche wochen semaine semaines semana semanas settimana settimane неделя недели недель нед \
         週 週間 周 주",
    ),
    (
        Unit::Month,
        "mo mos month months monat monate monaten mois mes meses mês mese mesi месяц месяца месяцев мес か月 ヶ月 カ月 \
         个月 個月 개월",
    ),
    (
        Unit::Year,
        "y yr yrs year years jahr jahre jahren an ans année années año años ano anos anno anni год года лет 年 年間 년",
    ),
];

/// Adverbs that tell per which unit something happens.
const ADVERBS: [(Unit, &str); 5] = [
    (Unit::Hour, "hourly stündlich"),
    (Unit::Day, "daily täglich"),
    (Unit::Week, "weekly wöchentlich еженедельно"),
    (Unit::Month, "monthly monatlich mensuel ежемесячно 月額 月额"),
    (Unit::Year, "yearly annually jährlich annuel 年額 年额"),
];

/// Unit with this name in lower case.
pub(super) fn unit_of(word: &str) -> Option<Unit> {
    find(&NAMES, word)
}

/// Unit of an adverb such as "weekly".
pub(super) fn unit_of_adverb(word: &str) -> Option<Unit> {
    find(&ADVERBS, word)
}

fn find(table: &[(Unit, &str)], word: &str) -> Option<Unit> {
    table.iter().find(|(_, names)| lists(names, word)).map(|(unit, _)| *unit)
}
