//! Rules of every type, and what the promises try them with.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use target_rules::diagnostic::Form;
use target_rules::{Checked, Layout, Limits, Rule, RuleSet, Transaction, Zone};

use super::inputs::read_and_check;

/// Rules of every type, the layout that they read, and what they are tried with.
pub(super) struct Rules {
    pub(super) rules: BTreeMap<usize, Rule>,
    pub(super) layout: Layout,
    pub(super) set: RuleSet<usize>,
    pub(super) zones: Vec<Zone>,
    pub(super) samples: Vec<Transaction>,
}

/// One rule a line; between them every type, method and operator, computed
/// attributes, line items and each kind of fault.
const RULE_TEXTS: &str = r#"
currentTxn.value>500&&currentTxn.discount<=10.5
currentTxn.value/currentTxn.discount>=2||currentTxn.value%currentTxn.discount==1
currentTxn.value*currentTxn.value*currentTxn.points*currentTxn.points-1<currentTxn.points+0.1
-currentTxn.value!=5&&!currentTxn.value.isNull()
currentTxn.number=="num-1784"||currentTxn.notes.contains("gift")
currentTxn.notes.matches("^[A-Z]+\d{2,3}$")&&currentTxn.number.isNotNull()
currentTxn.notes.isEmpty()||currentTxn.notes.exists()&&currentTxn.notes.notExists()
currentTxn.date.day()==7||currentTxn.date.isWeekend()&&!currentTxn.date.isWeekday()
currentTxn.date.isHourBetween(22,4)
currentTxn.date.dateDiff(currentCustomer.joinDate)>30
currentCustomer.slabExpiryDate.dateDiff("2024-02-29")<400
currentCustomer.joinDate<currentTxn.date
currentCustomer.joinDate.isNull()||currentTxn.date.isNotNull()
currentCustomer.isLoyal==true&&currentCustomer.isGroupMember==Yes
currentCustomer.isGroupMember.isNull()
currentCustomer.name.contains(currentCustomer.firstname)
currentTxn.basketSum("brand","Puma")>=1000
currentTxn.basketQty("category","sneakers/low")>1&&currentTxn.basketCount("sku_code","221900")<3
currentTxn.basketIncludes("color","red")||currentTxn.basketExcludes("size","xl")
currentTxn.basketSize>2&&currentTxn.totalQty<10
currentTxn.basketAmountSumNonDiscounted>25||currentTxn.grossAmount/currentTxn.basketSize>7
currentTxn.customFieldValueIncludes("bank","SBI")||currentCustomer.customFieldValueIncludes("gender","F")
currentLineItem.value>100&&currentLineItem.discountPercentage<50
currentLineItem.doesItemMatch("brand","Puma")||currentLineItem.code=="221900"
currentLineItem.qty*currentLineItem.rate>currentTxn.value
currentLineItem.description.isNull()
currentStore.code=="6TM"&&currentStore.name!=""
"#;

pub(super) const SAMPLES: [&str; 3] = [
    "{}",
    r#"{"currentTxn":{"number":"num-1784","date":"2024-07-29T22:20:20.000+0000","value":2500.00,"discount":0,"points":1e13,
        "notes":"GIFT12","lineItems":[{"code":"221900","qty":2,"rate":100.0,"discount":10,
        "attributes":{"brand":"Puma","category":"sneakers/low"}},{"qty":1.5,"amount":3,"discount":0,"value":0}],
        "customFields":{"bank":["SBI","HDFC"]}},"currentCustomer":{"firstname":"Asha","name":"Asha Rao","isLoyal":true,
        "joinDate":1723193084000,"slabExpiryDate":"never","isGroupMember":"Yes"},"currentStore":{"code":"6TM"}}"#,
    r#"{"currentTxn":{"date":"9999-12-31T23:59:59Z","value":"-0.10","lineItems":[]},
        "currentCustomer":{"joinDate":"0001-01-01","isLoyal":false,"customFields":{}}}"#,
];

pub(super) static RULES: LazyLock<Rules> = LazyLock::new(|| {
    let limits = Limits::default();
    let read = |text: &str| -> Rule {
        let checked = read_and_check(Form::Dsl, text);
        let rule = checked.and_then(Checked::into_rule);
        rule.unwrap_or_else(|refused| panic!("a rule of this file is refused: {refused}: {text}"))
    };
    let texts = RULE_TEXTS.lines().filter(|line| !line.is_empty());
    let rules: BTreeMap<usize, Rule> = texts.map(read).enumerate().collect();
    let layout = Layout::of(rules.values());
    let sample = |document: &&str| -> Transaction {
        layout.read(document, &limits).unwrap_or_else(|refused| panic!("a sample is refused: {refused}"))
    };
    let samples = SAMPLES.iter().map(sample).collect();
    let zone = |name: &str| Zone::named(name).unwrap_or_else(|unknown| panic!("{unknown}"));
    let zones = ["UTC", "America/Sao_Paulo", "Pacific/Apia"].map(zone).into();
    let set = RuleSet::new(rules.clone());
    let set = set.unwrap_or_else(|refused| panic!("the rules make no set: {refused}"));
    Rules { rules, layout, set, zones, samples }
});
