//! The one table of named cases: a rule, a document, and the rule by hand.

use std::cell::RefCell;

use jiff::civil::Weekday;
use jiff::tz::TimeZone;
use regex_automata::meta::Regex;
use rust_decimal::Decimal;
use target_rules::{
    Ast, Evaluation, Layout, Limits, Program, Rule, Schema, Scratch, Transaction, Truth, Zone,
};

use super::bill::Bill;
use super::by_hand::ByHand;

/// What the rules name beyond the standard schema.
const SCHEMA: &str = include_str!("schema.json");

/// Where dates are seen.
pub const ZONE: &str = "Asia/Kolkata";

pub const THRESHOLD: &str = "currentTxn.basketAmountSumNonDiscounted>25";
pub const TIERS: &str = r#"currentTxn.value>=100&&currentTxn.discount==0&&(currentCustomer.slabName=="Gold"||currentCustomer.slabName=="Platinum")&&currentCustomer.numberOfVisits>=5"#;
pub const CAMPAIGN: &str = r#"currentTxn.discount<=(((currentTxn.value+currentTxn.discount)*40)/100)&&currentCustomer.email.contains("@companyX.com")&&currentCustomer.name.matches("^Jo.*n$")&&(currentTxn.storeId==1||currentTxn.storeId==2||currentTxn.storeId==3||currentTxn.storeId==4||currentTxn.storeId==5||currentTxn.storeId==6||currentTxn.storeId==7||currentTxn.storeId==8||currentTxn.storeId==9||currentTxn.storeId==10||currentTxn.storeId==11||currentTxn.storeId==12)"#;

/// One rule on one document. It holds there, so that nothing is left out.
pub struct Case {
    pub name: &'static str,
    pub rule: String,
    pub document: String,
    pub by_hand: ByHand,
}

/// A case on its way through the stages.
pub struct Prepared {
    pub ast: Ast,
    pub rule: Rule,
    pub layout: Layout,
    pub program: Program,
    pub transaction: Transaction,
    pub bill: Bill,
}

/// The standard schema and the file of the benchmarks.
pub fn schema(limits: &Limits) -> Schema {
    Schema::standard().with(SCHEMA, limits).unwrap()
}

impl Case {
    /// Everything that is measured; asserts that both ways decide the same.
    pub fn prepare(&self, schema: &Schema, limits: &Limits) -> Prepared {
        let ast = Ast::from_text(&self.rule, limits).unwrap();
        let rule = ast.check(schema, limits).into_rule().unwrap();
        let layout = Layout::of([&rule]);
        let program = layout.compile(&rule).unwrap();
        let transaction = layout.read(&self.document, limits).unwrap();
        let bill = Bill::read(&self.document);
        let (mut scratch, zone) = (Scratch::default(), Zone::named(ZONE).unwrap());
        let decided = program.decide(&mut Evaluation::new(&transaction, &zone, &mut scratch));
        assert_eq!(decided, Truth::True, "{} must hold", self.name);
        assert!((self.by_hand)(&bill), "{} must hold by hand", self.name);
        Prepared { ast, rule, layout, program, transaction, bill }
    }
}

/// A document on which every case holds, with so many fields that no rule
/// reads. The line items come last, so that the fields are on the way to them.
pub fn document(unrelated: usize) -> String {
    let fields: String = (0..unrelated).map(|at| format!(r#""unrelated{at}": {at}.5, "#)).collect();
    let item = |at: usize| {
        let hundreds = at + 1;
        let brand = if at.is_multiple_of(3) { "Puma" } else { "Reed" };
        format!(
            r#"{{"code": "22190{at}", "qty": 1, "value": {hundreds}99.95, "amount": {hundreds}99.95, "discount": 0, "attributes": {{"brand": "{brand}"}}}}"#
        )
    };
    let items = (0..12).map(item).collect::<Vec<_>>().join(", ");
    format!(
        r#"{{"currentTxn": {{"number": "b1", "date": "2026-03-07T12:20:20.000+0530", "value": 250.00, "discount": 0, "basketAmountSumNonDiscounted": 42.50, "storeId": 7, {fields}"lineItems": [{items}]}}, "currentCustomer": {{"id": 19721, "name": "John", "email": "john.1@companyX.com", "slabName": "Gold", "numberOfVisits": 12}}}}"#
    )
}

fn case(name: &'static str, rule: impl Into<String>, by_hand: impl Fn(&Bill) -> bool + 'static) -> Case {
    Case { name, rule: rule.into(), document: document(0), by_hand: Box::new(by_hand) }
}

fn threshold_by_hand() -> impl Fn(&Bill) -> bool {
    let least = Decimal::from(25);
    move |bill| bill.non_discounted > least
}

fn tiers_by_hand() -> impl Fn(&Bill) -> bool {
    let least = Decimal::from(100);
    move |bill| {
        bill.value >= least
            && bill.discount == Decimal::ZERO
            && (bill.tier == "Gold" || bill.tier == "Platinum")
            && bill.visits >= 5
    }
}

fn campaign_by_hand() -> impl Fn(&Bill) -> bool {
    let (percent, hundred) = (Decimal::from(40), Decimal::from(100));
    let names = Regex::new("^Jo.*n$").unwrap();
    move |bill| {
        bill.discount <= (bill.value + bill.discount) * percent / hundred
            && bill.email.contains("@companyX.com")
            && names.is_match(&bill.name)
            && (1..=12).contains(&bill.store)
    }
}

/// A rule on one of so many stores, every seventh. The one that the document
/// names is written last: who asks one after the other asks all.
fn stores(name: &'static str, count: i64) -> Case {
    let stores: Vec<i64> = (1..=count).map(|at| at * 7).collect();
    let rule = stores
        .iter()
        .rev()
        .map(|store| format!("currentTxn.storeId=={store}"))
        .collect::<Vec<_>>()
        .join("||");
    case(name, rule, move |bill| stores.binary_search(&bill.store).is_ok())
}

/// W1, W2 and W3.
pub fn workloads() -> [Case; 3] {
    [
        case("W1 threshold", THRESHOLD, threshold_by_hand()),
        case("W2 tiers", TIERS, tiers_by_hand()),
        case("W3 campaign", CAMPAIGN, campaign_by_hand()),
    ]
}

/// Every case.
pub fn all() -> Vec<Case> {
    let mut cases = Vec::from(workloads());
    cases.push(case("date", "currentTxn.date.isWeekend()&&currentTxn.date.isHourBetween(9,18)", {
        let zone = TimeZone::get(ZONE).unwrap();
        move |bill: &Bill| {
            let local = bill.date.to_zoned(zone.clone());
            matches!(local.weekday(), Weekday::Saturday | Weekday::Sunday) && (9..18).contains(&local.hour())
        }
    }));
    cases.push(case("basket", r#"currentTxn.basketSum("brand","Puma")>2000"#, {
        let least = Decimal::from(2000);
        move |bill: &Bill| {
            let wanted = bill.items.iter().filter(|item| item.brand == "Puma");
            wanted.map(|item| item.amount).sum::<Decimal>() > least
        }
    }));
    cases.push(case("line item", r#"currentLineItem.value>100&&currentLineItem.code=="221905""#, {
        let (least, found) = (Decimal::from(100), RefCell::new(Vec::new()));
        move |bill: &Bill| {
            // The positions are part of the answer.
            let mut found = found.borrow_mut();
            found.clear();
            for (at, item) in bill.items.iter().enumerate() {
                if item.value > least && item.code == "221905" {
                    found.push(at);
                }
            }
            !found.is_empty()
        }
    }));
    cases.push(stores("10 stores", 10));
    cases.push(stores("10 000 stores", 10_000));
    for (name, unrelated) in [("W2, 10 fields beside it", 10), ("W2, 1 000 fields beside it", 1_000)] {
        cases.push(Case { document: document(unrelated), ..case(name, TIERS, tiers_by_hand()) });
    }
    cases
}
