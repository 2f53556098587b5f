//! W9: targets of every type, customers who take part in five of them, and
//! their bills of about 500 bytes.

use super::generator::{Dice, TIERS};

/// How many targets a group has.
const OF_A_GROUP: usize = 10;
/// In how many targets a customer takes part.
const ENROLMENTS: usize = 5;
const STORES: i64 = 40;
const ZONES: i64 = 8;
const BRANDS: [&str; 6] = ["Puma", "Reed", "Otto", "Lark", "Hale", "Vega"];
const TIME_OF_A_DAY: usize = 24 * 60 * 60;
/// Bills come in the first half of the year.
const DAYS: usize = 181;

/// What targets count: entity, type, and what else belongs to it.
const MEASURES: [(&str, &str, &str); 19] = [
    ("TRANSACTION", "SALES", ""),
    ("TRANSACTION", "GROSS_SALES", ""),
    ("TRANSACTION", "COUNT", ""),
    ("TRANSACTION", "VISIT", ""),
    ("TRANSACTION", "EXTENDED_FIELD", r#""extendedFieldInfo":{"name":"fee","aggregateFunction":"SUM"},"#),
    (
        "TRANSACTION",
        "EXTENDED_FIELD",
        r#""extendedFieldInfo":{"name":"steps","aggregateFunction":"SUM","aggregateWindow":{"windowType":"MAX","windowTimeUnit":"DAY"}},"#,
    ),
    ("LINEITEM", "SALES", ""),
    ("LINEITEM", "GROSS_SALES", ""),
    ("LINEITEM", "QUANTITY", ""),
    ("LINEITEM", "EXTENDED_FIELD", r#""extendedFieldInfo":{"name":"fee","aggregateFunction":"COUNT"},"#),
    ("EVENT", "COUNT", r#""eventName":"TransactionAdd","#),
    ("EVENT", "VISIT", r#""eventName":"TransactionAdd","#),
    (
        "EVENT",
        "EVENT_ATTRIBUTE",
        r#""eventName":"spinTheWheel","extendedFieldInfo":{"name":"minutes","aggregateFunction":"SUM"},"#,
    ),
    ("POINTS", "REGULAR_POINTS", ""),
    ("POINTS", "PROMOTIONAL_POINTS", ""),
    ("REWARDS", "ALL_POINTS", ""),
    ("ALTERNATE_CURRENCIES", "REGULAR", r#""extendedFieldInfo":{"name":"miles","aggregateFunction":"SUM"},"#),
    ("ALTERNATE_CURRENCIES", "PROMOTIONAL", ""),
    ("ALTERNATE_CURRENCIES", "ALL", ""),
];

/// So many of all that W9 is made of.
#[derive(Debug, Clone, Copy)]
pub struct Size {
    pub targets: usize,
    pub customers: usize,
    pub bills: usize,
}

/// How long the periods of a group are.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Periods {
    Months,
    Weeks,
    /// Cycles of thirty days from a customer's first activity on.
    Cycles,
    /// One that runs until its value is reached, and then starts anew.
    UntilReached,
}

/// Of ten groups four have months, three have weeks, and three no calendar.
fn periods(group: usize) -> Periods {
    match group % 10 {
        0..=3 => Periods::Months,
        4..=6 => Periods::Weeks,
        7 | 8 => Periods::Cycles,
        _ => Periods::UntilReached,
    }
}

impl Periods {
    fn window(self) -> &'static str {
        match self {
            Periods::Months => r#""targetEvaluationType":"FIXED_CALENDAR_WINDOW","frequencyType":"MONTHLY""#,
            Periods::Weeks => r#""targetEvaluationType":"FIXED_CALENDAR_WINDOW","frequencyType":"WEEKLY""#,
            Periods::Cycles => {
                r#""targetEvaluationType":"CYCLIC_WINDOW","frequencyType":"MONTHLY","recurringCycles":12"#
            }
            Periods::UntilReached => {
                r#""targetEvaluationType":"PERIOD_AGNOSTIC_WINDOW","recurringCycles":100"#
            }
        }
    }

    /// The first and the last day of each, in days of the year from 0.
    fn days(self) -> Vec<(usize, usize)> {
        match self {
            Periods::Months => {
                let first = |month: usize| MONTHS[..month].iter().sum::<usize>();
                (0..12).map(|month| (first(month), first(month + 1) - 1)).collect()
            }
            Periods::Weeks => (0..52).map(|week| (week * 7, week * 7 + 6)).collect(),
            Periods::Cycles | Periods::UntilReached => Vec::new(),
        }
    }
}

/// How many days the months of 2026 have.
const MONTHS: [usize; 12] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/// A day of 2026, from 0.
fn date(day: usize) -> String {
    let (mut month, mut day) = (0, day);
    while day >= MONTHS[month] {
        day -= MONTHS[month];
        month += 1;
    }
    format!("2026-{:02}-{:02}", month + 1, day + 1)
}

fn period_id(group: usize, number: usize) -> usize {
    group * 100 + number
}

/// Groups of ten targets each, as a payload.
pub fn payload(size: Size, seed: u64) -> String {
    let mut dice = Dice::new(seed ^ 0x7A26);
    let groups = (0..size.targets.div_ceil(OF_A_GROUP)).map(|group| {
        let first = group * OF_A_GROUP;
        let last = size.targets.min(first + OF_A_GROUP);
        let targets: Vec<String> = (first..last).map(|id| target(id, &mut dice)).collect();
        let periods = periods(group);
        let listed = periods.days().into_iter().enumerate().map(|(number, (first, last))| {
            let (id, first, last) = (period_id(group, number), date(first), date(last));
            format!(r#"{{"id":{id},"startDate":"{first}","endDate":"{last}"}}"#)
        });
        format!(
            r#"{{"id":{},"name":"Group {group}","active":true,{},"periods":[{}],"targets":[{}]}}"#,
            group + 1,
            periods.window(),
            listed.collect::<Vec<_>>().join(","),
            targets.join(",")
        )
    });
    format!(r#"{{"data":[{}]}}"#, groups.collect::<Vec<_>>().join(",\n"))
}

fn target(id: usize, dice: &mut Dice) -> String {
    let (entity, kind, more) = MEASURES[id % MEASURES.len()];
    let amount = dice.between(20, 400);
    let (tier, brand, visits) = (dice.of(&TIERS), dice.of(&BRANDS), dice.between(1, 20));
    let rule = match (entity, dice.between(0, 6)) {
        ("LINEITEM", 0 | 1) => format!(r#"currentLineItem.doesItemMatch("brand","{brand}")"#),
        ("LINEITEM", 2) => format!("currentLineItem.rate>={amount}"),
        ("LINEITEM", 3) => "currentLineItem.qty>=2".to_owned(),
        (_, 0) => format!("currentTxn.value>{amount}"),
        (_, 1) => format!(r#"currentTxn.value>{amount}&&currentCustomer.slabName=="{tier}""#),
        (_, 2) => format!(
            r#"currentTxn.basketSum("brand","{brand}")>{amount}||currentTxn.basketIncludesRegex("brand","^{}")"#,
            &brand[..2]
        ),
        (_, 3) => format!("currentCustomer.numberOfVisits>={visits}&&currentTxn.discount<{amount}"),
        (_, 4) => format!("currentTxn.date.isWeekend()||currentTxn.value>{amount}"),
        _ => "true".to_owned(),
    };
    let filters = match dice.between(0, 8) {
        0 | 1 => {
            let stores: Vec<String> = (0..20).map(|_| dice.between(1, STORES + 1).to_string()).collect();
            format!(r#"{{"entityType":"STORE","entityIds":[{}]}}"#, stores.join(","))
        }
        2 => format!(r#"{{"entityType":"ZONE","entityIds":[{}]}}"#, dice.between(1, ZONES + 1)),
        _ => String::new(),
    };
    format!(
        r#"{{"id":{},"name":"Target {id}","active":true,"targetEntity":"{entity}","targetType":"{kind}",{more}"expression":"{}","filters":[{filters}]}}"#,
        id + 1,
        rule.replace('"', "\\\"")
    )
}

/// Five enrolments for each customer, in different targets: where there are
/// periods, every third one for one period alone, the others for all of them.
pub fn enrolments(size: Size, seed: u64) -> String {
    let mut dice = Dice::new(seed ^ 0xE420);
    let mut lines = Vec::with_capacity(size.customers * ENROLMENTS);
    for customer in 1..=size.customers {
        let mut taken = Vec::with_capacity(ENROLMENTS);
        while taken.len() < ENROLMENTS.min(size.targets) {
            let target = dice.between(0, size.targets as i64).unsigned_abs() as usize;
            if !taken.contains(&target) {
                taken.push(target);
            }
        }
        for target in taken {
            let (group, value) = (target / OF_A_GROUP, dice.between(5, 1_000));
            let periods = periods(group).days().len() as i64;
            let period = match dice.between(0, 3) {
                0 if periods > 0 => {
                    // One in the half of the year that has bills.
                    let number = dice.between(0, periods / 2).unsigned_abs() as usize;
                    format!(r#""periodId":{},"#, period_id(group, number))
                }
                _ => String::new(),
            };
            lines.push(format!(
                r#"{{"userId":{customer},"targetId":{},{period}"value":{value}}}"#,
                target + 1
            ));
        }
    }
    format!("[{}]", lines.join(",\n"))
}

/// Bills by date, each one line of JSON.
pub fn bills(size: Size, seed: u64) -> Vec<String> {
    let mut dice = Dice::new(seed ^ 0x9B11);
    (0..size.bills).map(|number| bill(number, size, &mut dice)).collect()
}

fn bill(number: usize, size: Size, dice: &mut Dice) -> String {
    let moment = number * DAYS * TIME_OF_A_DAY / size.bills;
    let (day, second) = (moment / TIME_OF_A_DAY, moment % TIME_OF_A_DAY);
    let (hours, minutes, seconds) = (second / 3_600, second / 60 % 60, second % 60);
    let date = format!("{}T{hours:02}:{minutes:02}:{seconds:02}Z", date(day));
    let money = |dice: &mut Dice, most: i64| format!("{}.{:02}", dice.between(1, most), dice.between(0, 100));
    let items: Vec<String> = (0..2)
        .map(|_| {
            let (code, qty, rate) = (dice.between(22_000, 23_000), dice.between(1, 4), money(dice, 300));
            let brand = dice.of(&BRANDS);
            format!(r#"{{"code":"{code}","qty":{qty},"rate":{rate},"discount":0,"attributes":{{"brand":"{brand}"}}}}"#)
        })
        .collect();
    let (value, discount) = (money(dice, 600), dice.between(0, 40));
    let (fee, steps) = (money(dice, 9), dice.between(0, 9_000));
    let (points, promotional, miles) = (dice.between(0, 90), dice.between(0, 20), dice.between(0, 50));
    let (customer, tier) = (dice.between(1, size.customers as i64 + 1), dice.of(&TIERS));
    let (visits, store, zone) =
        (dice.between(1, 30), dice.between(1, STORES + 1), dice.between(1, ZONES + 1));
    format!(
        r#"{{"currentTxn":{{"number":"b{number:08}","date":"{date}","value":{value},"discount":{discount},"points":{points},"promotionalPoints":{promotional},"currencyAwarded":{{"miles":{miles}}},"lineItems":[{}],"extendedFields":{{"fee":{fee},"steps":{steps}}}}},"currentCustomer":{{"id":{customer},"slabName":"{tier}","numberOfVisits":{visits}}},"currentStore":{{"id":{store},"zoneIds":[{zone}]}}}}"#,
        items.join(",")
    )
}
