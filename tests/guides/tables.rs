//! The tables of keys are those of the code. Those of the state are held to it
//! where its types are.

use std::collections::BTreeSet;

use loyalty_targets::{
    AggregateFunction, AggregateWindow, Aggregation, Answer, Attribution, CombinationType, DefaultValue,
    Enrolment, EnrolmentMethod, EvaluationType, ExtendedFieldInfo, Filter, FilterKind, FrequencyType, Period,
    PeriodStatus, Streak, Target, TargetEntity, TargetGroup, TargetType, TrackingType,
    UnifiedTargetExpression, User, Vocabulary, WindowType, WindowUnit,
};
use target_rules::Schema;

use super::DOCUMENTS;
use super::page::{Section, codes, sections};

/// The section of the guide to documents with a table of keys.
fn section(title: &str) -> Section<'static> {
    let found = sections(&DOCUMENTS).into_iter().find(|section| section.title == title);
    found.unwrap_or_else(|| panic!("no section `{title}`"))
}

fn keys(title: &str) -> Vec<&'static str> {
    section(title).rows.iter().map(|row| codes(row[0])[0]).collect()
}

#[test]
fn what_payloads_and_enrolments_hold() {
    for (title, known) in [
        ("The answer", Answer::KEYS),
        ("Target", Target::KEYS),
        ("Filter", Filter::KEYS),
        ("What is to be reached", DefaultValue::KEYS),
        ("The field that counts", ExtendedFieldInfo::KEYS),
        ("One figure a day", AggregateWindow::KEYS),
        ("Who made it", Attribution::KEYS),
        ("A user of the platform", User::KEYS),
        ("The target group", TargetGroup::KEYS),
        ("Period", Period::KEYS),
        ("Streak", Streak::KEYS),
        ("The unified expression", UnifiedTargetExpression::KEYS),
        ("Enrolments", Enrolment::KEYS),
    ] {
        assert_eq!(keys(title), known, "{title}");
    }
}

/// The words of a list stand in the row of its key, and no others do.
fn words<K: Vocabulary>(title: &str, key: &str) {
    let section = section(title);
    let row = section.rows.iter().find(|row| codes(row[0]) == [key]).unwrap();
    let told: BTreeSet<&str> = codes(row[1]).into_iter().collect();
    let known: BTreeSet<&str> = K::SPELLINGS.iter().map(|(spelling, _)| *spelling).collect();
    assert_eq!(told, known, "the words of `{key}`");
}

#[test]
fn the_words_of_targets() {
    words::<TargetType>("Target", "targetType");
    words::<TargetEntity>("Target", "targetEntity");
    words::<EnrolmentMethod>("Target", "enrolmentMethod");
    words::<FilterKind>("Filter", "entityType");
    words::<AggregateFunction>("The field that counts", "aggregateFunction");
    words::<WindowType>("One figure a day", "windowType");
    words::<WindowUnit>("One figure a day", "windowTimeUnit");
    words::<EvaluationType>("The target group", "targetEvaluationType");
    words::<FrequencyType>("The target group", "frequencyType");
    words::<TrackingType>("The target group", "trackingType");
    words::<CombinationType>("The target group", "combinationType");
    words::<PeriodStatus>("Period", "periodStatus");
    words::<Aggregation>("The unified expression", "aggregation");
    words::<CombinationType>("The unified expression", "combinationType");
}

#[test]
fn what_schema_files_hold() {
    let format: serde_json::Value = serde_json::from_str(Schema::FORMAT).unwrap();
    let definitions = &format["$defs"];
    for (title, object) in [
        ("The file", &format),
        ("A profile", &definitions["Profile"]),
        ("An attribute", &definitions["Attribute"]),
        ("Fields that are not listed", &definitions["Fields"]),
        ("A method", &definitions["Method"]),
        ("A parameter", &definitions["Param"]),
        ("Values of items", &definitions["Values"]),
    ] {
        let known: BTreeSet<&str> =
            object["properties"].as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(keys(title).into_iter().collect::<BTreeSet<_>>(), known, "{title}");
        let needed = object["required"].as_array().into_iter().flatten().filter_map(|key| key.as_str());
        let rows = section(title).rows;
        let told = rows.iter().filter(|row| row[2] == "no").map(|row| codes(row[0])[0]);
        assert_eq!(told.collect::<BTreeSet<_>>(), needed.collect::<BTreeSet<_>>(), "{title}");
    }
}

/// What transactions hold beside the attributes that the schema lists.
const BESIDE: [(&str, &str, &[&str]); 5] = [
    (
        "currentTxn",
        "currentTxn",
        &[
            "lineItems",
            "tenders",
            "extendedFields",
            "customFields",
            "promotionalPoints",
            "allPoints",
            "currencyAwarded",
            "currencyAwardedForUser",
            "tenderCombinationIncludes",
        ],
    ),
    ("A line item", "currentLineItem", &["amount", "attributes", "extendedFields"]),
    ("A payment", "tenderProfile", &["extendedFields"]),
    ("currentStore", "currentStore", &["id", "zoneIds", "conceptIds", "extendedFields"]),
    (
        "returnBill",
        "returnBill",
        &[
            "value",
            "grossAmount",
            "promotionalPoints",
            "allPoints",
            "currencyAwarded",
            "lineItems",
            "extendedFields",
            "customFields",
        ],
    ),
];

#[test]
fn what_transactions_hold() {
    let schema = Schema::standard();
    for (title, profile, beside) in BESIDE {
        let attributes = schema.profile(profile).unwrap().attributes();
        let known: BTreeSet<String> = attributes.map(|one| one.name().to_owned()).collect();
        let beside: BTreeSet<String> = beside.iter().map(|key| (*key).to_owned()).collect();
        let told: BTreeSet<String> = keys(title).into_iter().map(str::to_owned).collect();
        assert_eq!(told, &known | &beside, "{title}");
        for attribute in schema.profile(profile).unwrap().attributes() {
            let section = section(title);
            let row = section.rows.iter().find(|row| codes(row[0]) == [attribute.name()]).unwrap();
            let (name, unit) = (attribute.value_type().name(), attribute.unit());
            let told = unit.map_or(name.to_owned(), |unit| format!("{name}, {unit}"));
            assert_eq!(row[1], told, "`{}` of `{title}`", attribute.name());
        }
    }
}
