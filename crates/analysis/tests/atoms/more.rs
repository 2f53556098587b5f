//! Groups whose documents are made: every combination of some values, and lists of
//! up to two of some items.

use super::Group;

/// Questions, and what documents are made of: for each path the values that stand
/// there, `-` for none.
pub(crate) struct Made {
    pub(crate) atoms: &'static [&'static str],
    /// A profile, an attribute, and its values.
    grid: &'static [(&'static str, &'static str, &'static [&'static str])],
    /// Line items of the transaction: none, each, and each two of them.
    items: &'static [&'static str],
}

impl Made {
    /// All documents.
    pub(crate) fn documents(&self) -> Vec<String> {
        let mut documents: Vec<Vec<(&str, String)>> = vec![Vec::new()];
        for (profile, name, values) in self.grid {
            let with = |document: &Vec<(&'static str, String)>| -> Vec<Vec<(&'static str, String)>> {
                let beside = |value: &&str| {
                    let written = (*value != "-").then(|| (*profile, format!(r#""{name}":{value}"#)));
                    document.iter().cloned().chain(written).collect()
                };
                values.iter().map(beside).collect()
            };
            documents = documents.iter().flat_map(with).collect();
        }
        let lists = self.items.iter().flat_map(|first| {
            let two = self.items.iter().map(move |second| format!("{first},{second}"));
            [(*first).to_owned()].into_iter().chain(two)
        });
        let lists = lists.chain([String::new()]).map(|list| format!(r#""lineItems":[{list}]"#));
        if !self.items.is_empty() {
            documents.extend(lists.map(|list| vec![("currentTxn", list)]));
        }
        documents.iter().map(|document| written(document)).collect()
    }
}

fn written(document: &[(&str, String)]) -> String {
    let mut profiles: Vec<&str> = document.iter().map(|(profile, _)| *profile).collect();
    profiles.dedup();
    let of = |profile: &str| {
        let own = document.iter().filter(|(of, _)| *of == profile).map(|(_, value)| value.as_str());
        format!(r#""{profile}":{{{}}}"#, own.collect::<Vec<_>>().join(","))
    };
    format!("{{{}}}", profiles.into_iter().map(of).collect::<Vec<_>>().join(","))
}

const NUMBERS: &[&str] =
    &["-", "-5", "0", "0.000000001", "5", "10", "95.5", "100", "0.0000000001", "9e27", "-9e27"];
/// At both ends of time.
const ENDS: &[&str] = &[
    "-",
    r#""none""#,
    r#""0001-01-01T00:00:00Z""#,
    r#""0001-01-01T18:30:00Z""#,
    r#""2026-01-01T00:00:00Z""#,
    r#""9999-12-31T06:00:00Z""#,
    r#""9999-12-31T23:59:59Z""#,
];
const DATES: &[&str] = &[
    "-",
    r#""none""#,
    r#""0001-01-01T00:00:00Z""#,
    r#""2026-01-01T00:00:00Z""#,
    r#""2026-01-01T00:00:00.001Z""#,
    r#""2026-01-03T12:00:00Z""#,
    r#""2026-02-28T23:59:00Z""#,
    r#""9999-12-31T23:59:59Z""#,
];

pub(crate) const MORE: &[Made] = &[
    // Numbers that are compared with each other and added up.
    Made {
        atoms: &[
            "currentTxn.discount <= currentCustomer.currentPoints",
            "currentTxn.discount < currentCustomer.currentPoints",
            "currentCustomer.currentPoints == currentTxn.discount",
            "currentCustomer.currentPoints < currentCustomer.lifetimePoints",
            "currentCustomer.lifetimePoints <= currentTxn.discount",
            "currentTxn.discount > 10",
            "currentTxn.discount < 0",
            "currentCustomer.currentPoints >= 100",
            "currentCustomer.lifetimePoints == 5",
            "currentCustomer.currentPoints + currentTxn.discount > 100",
            "currentTxn.discount + currentCustomer.currentPoints <= 100",
            "currentCustomer.currentPoints + currentTxn.discount <= currentCustomer.currentPoints",
            "currentCustomer.currentPoints - currentTxn.discount == 0",
            "currentTxn.discount * 2 > currentCustomer.currentPoints + currentCustomer.lifetimePoints",
            "currentTxn.discount / 4 >= currentCustomer.lifetimePoints * 0.4",
            "currentTxn.discount / 3 > currentCustomer.lifetimePoints",
            "currentCustomer.currentPoints % 2 == 0",
            "-(currentTxn.discount) < currentCustomer.currentPoints",
            "currentTxn.discount * currentCustomer.currentPoints > 50",
            "currentCustomer.currentPoints.isNull()",
        ],
        grid: &[
            ("currentTxn", "discount", NUMBERS),
            ("currentCustomer", "currentPoints", NUMBERS),
            ("currentCustomer", "lifetimePoints", NUMBERS),
        ],
        items: &[],
    },
    // Dates that are compared with each other.
    Made {
        atoms: &[
            "currentCustomer.joinDate < currentCustomer.slabExpiryDate",
            "currentCustomer.slabExpiryDate <= currentCustomer.joinDate",
            "currentCustomer.joinDate == currentCustomer.slabExpiryDate",
            "currentCustomer.joinDate.isAfter(currentCustomer.slabExpiryDate)",
            "currentCustomer.joinDate.dateDiff(currentCustomer.slabExpiryDate) > 1",
            "currentCustomer.joinDate.minutesDiff(currentCustomer.slabExpiryDate) < 1",
            "currentCustomer.joinDate.daysDiff(currentCustomer.slabExpiryDate) == 0",
            "currentCustomer.joinDate.isAfter(2026, 1, 1)",
            "currentCustomer.slabExpiryDate.isBefore(2026, 1, 1, 0, 0, 1)",
            "currentCustomer.slabExpiryDate.month() == 1",
            "currentCustomer.joinDate.isValid()",
            "currentCustomer.slabExpiryDate.isNotNull()",
        ],
        grid: &[("currentCustomer", "joinDate", DATES), ("currentCustomer", "slabExpiryDate", DATES)],
        items: &[],
    },
    // Patterns, parts and values of one text.
    Made {
        atoms: &[
            r#"currentCustomer.firstname.matches("^A.*")"#,
            r#"currentCustomer.firstname.matches("^AB")"#,
            r#"currentCustomer.firstname.matches("B$")"#,
            r#"currentCustomer.firstname.matches("(?i)^ab$")"#,
            r#"currentCustomer.firstname.matches("^(AB|CD)$")"#,
            r#"currentCustomer.firstname.matches("^[A-C]{2}$")"#,
            r#"currentCustomer.firstname.matches("\d")"#,
            r#"currentCustomer.firstname.matches("[^A]")"#,
            r#"currentCustomer.firstname.matches("^$")"#,
            r#"currentCustomer.firstname.matches(".*")"#,
            r#"currentCustomer.firstname.matches("^.*$")"#,
            r#"currentCustomer.firstname.matches("\bAB\b")"#,
            r#"currentCustomer.firstname.matches("(?s)^A.B$")"#,
            r#"currentCustomer.firstname == "AB""#,
            r#"currentCustomer.firstname != "ab""#,
            r#"currentCustomer.firstname.contains("B")"#,
            r#"currentCustomer.firstname.exists("AB")"#,
            "currentCustomer.firstname.isEmpty()",
            "currentCustomer.firstname.isNull()",
        ],
        grid: &[(
            "currentCustomer",
            "firstname",
            &[
                "-",
                r#""""#,
                r#""A""#,
                r#""AB""#,
                r#""ab""#,
                r#""aB""#,
                r#""B""#,
                r#""CD""#,
                r#""AC""#,
                r#""xAB""#,
                r#""x AB x""#,
                r#""AxB""#,
                r#""A\nB""#,
                r#""\n""#,
                r#""ABx""#,
                r#""AB\n""#,
                r#""A1B""#,
                r#""AAB""#,
                r#""1""#,
                r#""\u00e9""#,
                r#""A\u00e9B""#,
                r#""AA""#,
            ],
        )],
        items: &[],
    },
    // What is counted and summed of line items, by attributes and by figures.
    Made {
        atoms: &[
            r#"currentTxn.basketIncludes("brand", "Puma")"#,
            r#"currentTxn.basketExcludes("brand", "Puma")"#,
            r#"currentTxn.basketIncludesRegex("brand", "^P")"#,
            r#"currentTxn.basketCount("brand", "Puma") >= 2"#,
            r#"currentTxn.basketCount("brand", "Puma") < 1"#,
            r#"currentTxn.basketCount("brand", "Puma") == 1.5"#,
            r#"currentTxn.basketSum("brand", "Puma") > 100"#,
            r#"currentTxn.basketSum("brand", "Puma") <= 0"#,
            r#"currentTxn.basketSum("brand", "Puma") + 1 > currentTxn.basketSum("brand", "Puma")"#,
            r#"currentTxn.basketQty("brand", "Puma") > 2"#,
            r#"currentTxn.basketIncludes("brand", "Nike")"#,
            r#"currentTxn.basketSum("brand", "Puma").isNull()"#,
            r#"currentTxn.basketCount("brand", "Puma").isNull()"#,
            r#"currentTxn.basketSumIf("AMOUNT", "GREATER_THAN", "50") > 100"#,
            r#"currentTxn.basketSumIf("AMOUNT", "GREATER_THAN", "50") <= 50"#,
            r#"currentTxn.basketCountIf("AMOUNT", "GREATER_THAN", "50") >= 1"#,
            r#"currentTxn.basketCountIf("AMOUNT", "LESS_THAN_EQUALS_TO", "50") == 0"#,
            r#"currentTxn.basketQtyIf("QUANTITY", "EQUALS_TO", "1") > 1"#,
            r#"currentTxn.basketQtyIf("QUANTITY", "EQUALS_TO", "1").isNull()"#,
            "currentTxn.basketSize >= 2",
            "currentTxn.totalQty > 2",
            "currentTxn.basketSize.isNull()",
            "currentTxn.grossAmount > 50",
        ],
        grid: &[("currentTxn", "basketSize", &["-", "5"])],
        items: &[
            "{}",
            r#"{"attributes":{"brand":"Puma"}}"#,
            r#"{"attributes":{"brand":"Puma"},"qty":3}"#,
            r#"{"attributes":{"brand":"Puma"},"qty":1,"amount":101}"#,
            r#"{"attributes":{"brand":"Puma"},"qty":1,"value":51,"discount":1}"#,
            r#"{"attributes":{"brand":"Puma"},"qty":-1,"amount":-5}"#,
            r#"{"attributes":{"brand":"Nike"},"qty":2,"rate":30,"discount":0}"#,
            r#"{"attributes":{"brand":"Nike"},"qty":1,"amount":9e27}"#,
            r#"{"brand":"Prada","amount":50}"#,
        ],
    },
    // Days that a zone skips, or that begin later than at midnight.
    Made {
        atoms: &[
            "currentCustomer.slabChangeDate.dayOfMonth() == 30",
            "currentCustomer.slabChangeDate.day() == 6",
            "currentCustomer.slabChangeDate.month() == 12",
            "currentCustomer.slabChangeDate.year() == 2011",
            "currentCustomer.slabChangeDate.isHourBetween(0, 1)",
            "currentCustomer.slabChangeDate.isHourBetween(2, 3)",
            "currentCustomer.slabChangeDate.isTimeBetween(0, 0, 0, 30)",
            "currentCustomer.slabChangeDate.isAfter(2011, 12, 29)",
            "currentCustomer.slabChangeDate.isBefore(2011, 12, 31)",
            "currentCustomer.slabChangeDate.isAfter(2018, 11, 4)",
            "currentCustomer.slabChangeDate.isBefore(2018, 11, 4, 1, 0, 0)",
            "currentCustomer.slabChangeDate.isBefore(2018, 11, 3, 23, 59, 59)",
            "currentCustomer.slabChangeDate.isAfter(2026, 4, 5, 1, 45, 0)",
            r#"currentCustomer.slabChangeDate.dateDiff("2011-12-30") == 0"#,
            r#"currentCustomer.slabChangeDate.dateDiff("2011-12-29") <= 1"#,
            r#"currentCustomer.slabChangeDate.minutesDiff("2018-11-04T00:30:00") < 30"#,
            r#"currentCustomer.slabChangeDate.daysDiffFromString("2011-12-30") == 0"#,
            "currentCustomer.slabChangeDate.isWeekend()",
        ],
        grid: &[(
            "currentCustomer",
            "slabChangeDate",
            &[
                "-",
                r#""none""#,
                r#""2011-12-29T23:59:59""#,
                r#""2011-12-30T00:00:00""#,
                r#""2011-12-30T09:59:59.999Z""#,
                r#""2011-12-30T10:00:00Z""#,
                r#""2011-12-30T12:00:00Z""#,
                r#""2011-12-31T00:00:00""#,
                r#""2018-11-03T23:59:59.999""#,
                r#""2018-11-04T00:00:00""#,
                r#""2018-11-04T00:30:00""#,
                r#""2018-11-04T02:59:59.999Z""#,
                r#""2018-11-04T03:00:00Z""#,
                r#""2018-11-04T03:00:00.001Z""#,
                r#""2026-04-04T14:59:59Z""#,
                r#""2026-04-04T15:00:00Z""#,
                r#""2026-04-04T15:15:00Z""#,
                r#""2026-04-05T01:30:00""#,
                r#""2026-04-05T01:45:00.001""#,
                r#""2026-12-30T12:00:00Z""#,
                r#""2026-12-31T12:00:00Z""#,
                r#""2024-12-29T12:00:00Z""#,
            ],
        )],
        items: &[],
    },
    // Dates of rules at both ends of time, each of which some zones lack, as they are
    // and in what is computed.
    Made {
        atoms: &[
            "groupPrimaryCustomer.joinDate.isValid()",
            "groupPrimaryCustomer.joinDate.isValid() && currentCustomer.numberOfVisits.isNotNull()",
            "groupPrimaryCustomer.joinDate.isAfter(1, 1, 1)",
            "groupPrimaryCustomer.joinDate.isBefore(9999, 12, 31, 23, 0, 0)",
            r#"groupPrimaryCustomer.joinDate.dateDiff("0001-01-01") > 5"#,
            r#"groupPrimaryCustomer.joinDate.dateDiff("9999-12-31T23:00:00").isNull()"#,
            r#"groupPrimaryCustomer.joinDate.dateDiff("0001-01-01") + 1 > 0"#,
            r#"groupPrimaryCustomer.joinDate.dateDiff("0001-01-01") + 1 <= 0"#,
            r#"groupPrimaryCustomer.joinDate.dateDiff("9999-12-31T23:00:00") - 1 > 0"#,
            r#"groupPrimaryCustomer.joinDate.dateDiff("9999-12-31T23:00:00") - 1 <= 0"#,
            r#"groupPrimaryCustomer.joinDate.dateDiff("0001-01-01") <= currentCustomer.numberOfVisits"#,
            r#"groupPrimaryCustomer.joinDate.dateDiff("0001-01-01") > currentCustomer.numberOfVisits"#,
            "groupPrimaryCustomer.joinDate.year() + 1 <= 10000",
            "currentCustomer.numberOfVisits > 1",
            "currentCustomer.numberOfVisits.isNotNull()",
        ],
        grid: &[
            ("groupPrimaryCustomer", "joinDate", ENDS),
            ("currentCustomer", "numberOfVisits", &["-", "-5", "0", "1", "2", "739616", "3652058"]),
        ],
        items: &[],
    },
    // Segments.
    Made {
        atoms: &[
            r#"groupPrimaryCustomer.clusterValueIncludes("Behaviour", "Eager")"#,
            r#"groupPrimaryCustomer.clusterValueExcludes("Behaviour", "Eager")"#,
            r#"groupPrimaryCustomer.clusterValueIncludes("Behaviour", "")"#,
            r#"groupPrimaryCustomer.clusterValueExcludes("Age", "Eager")"#,
            r#"groupPrimaryCustomer.clusterValueIncludes("Age", "Young") == groupPrimaryCustomer.clusterValueExcludes("Age", "Young")"#,
        ],
        grid: &[(
            "groupPrimaryCustomer",
            "clusters",
            &[
                "-",
                "null",
                "{}",
                r#"{"Behaviour":null}"#,
                r#"{"Behaviour":"Eager"}"#,
                r#"{"Behaviour":["Eager",""]}"#,
                r#"{"Behaviour":[]}"#,
                r#"{"Behaviour":""}"#,
                r#"{"Behaviour":"Calm","Age":"Young"}"#,
                r#"{"Age":["Eager","Young"]}"#,
                r#"{"Behaviour":"Eager","Age":"Eager"}"#,
            ],
        )],
        items: &[],
    },
];

/// Questions about the current tender, and its list in every state.
pub(crate) const TENDERS: Group = Group {
    atoms: &[
        r#"tenderProfile.code == "CASH""#,
        r#"tenderProfile.code != "CASH""#,
        r#"tenderProfile.code.matches("^C")"#,
        "tenderProfile.code.isNull()",
        "tenderProfile.code.exists()",
        "tenderProfile.amount > 100",
        "tenderProfile.amount <= 100",
        "tenderProfile.amount >= currentTxn.value",
        "currentTxn.value > 100",
        "currentTxn.value.isNull()",
    ],
    values: &[
        "{}",
        r#"{"currentTxn":{"value":101}}"#,
        r#"{"currentTxn":{"tenders":[]}}"#,
        r#"{"currentTxn":{"value":101,"tenders":[]}}"#,
        r#"{"currentTxn":{"tenders":[{}]}}"#,
        r#"{"currentTxn":{"value":101,"tenders":[{}]}}"#,
        r#"{"currentTxn":{"value":100,"tenders":[{"code":"CASH"}]}}"#,
        r#"{"currentTxn":{"value":101,"tenders":[{"code":"CARD","amount":101}]}}"#,
        r#"{"currentTxn":{"value":101,"tenders":[{"code":"CASH","amount":100},{"code":"x","amount":1}]}}"#,
        r#"{"currentTxn":{"value":300,"tenders":[{"code":"CASH","amount":200},{"code":"CARD","amount":100}]}}"#,
        r#"{"currentTxn":{"tenders":[{"code":"","amount":200},{"code":"CASH"}]}}"#,
        r#"{"currentTxn":{"value":5,"tenders":[{"amount":200},{"code":"CASH","amount":5}]}}"#,
    ],
};
