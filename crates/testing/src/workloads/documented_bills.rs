//! The bills of W7: about 1.1 KB each, and much of what rules name is absent.

use super::generator::{Dice, TIERS};

const BRANDS: [&str; 12] = [
    "Puma",
    "Reed",
    "Otto",
    "Lark",
    "Nike",
    "Purple Rain",
    "Hale",
    "Birch",
    "Corvo",
    "Mistral",
    "Dune",
    "Vega",
];
const CATEGORIES: [&str; 10] =
    ["Shirts", "Shoes", "Coats", "Hats", "Bags", "Socks", "Lifestyle", "Premium wear", "Scarves", "Shirting"];
const NAMES: [&str; 12] =
    ["John", "Joan", "Jonathan", "Maria", "Wei", "Asha", "Olu", "Jordan", "Kim", "Raj", "Santosh", "Hannah"];
const SURNAMES: [&str; 8] = ["Okafor", "Smith", "Kumar", "Park", "Verma", "Silva", "Weiss", "Badia"];
const HOSTS: [&str; 4] = ["companyX.com", "mail.test", "example.org", "post.example"];
const STORES: [&str; 5] = ["south.mall.02", "north.high.11", "6TM", "air.port.7", "nike.hyd.himayatnagar"];
const STYLES: [&str; 3] = ["Classic", "Sporty", "Adventure-seeker"];

/// So many bills, each one line of JSON.
pub fn bills(count: usize, seed: u64) -> Vec<String> {
    let mut dice = Dice::new(seed ^ 0xB111);
    (0..count).map(|number| bill(number, &mut dice)).collect()
}

/// An amount of at most so many cents, most of them small.
fn amount(dice: &mut Dice, most: i64) -> String {
    let cents = dice.between(100, most) * dice.between(10, 101) / 100;
    format!("{}.{:02}", cents / 100, cents % 100)
}

fn bill(number: usize, dice: &mut Dice) -> String {
    // Up to 12, and mostly few.
    let count = dice.between(1, 13).min(dice.between(1, 13));
    let items: Vec<String> = (0..count).map(|_| item(dice)).collect();
    let (day, hour, minute) = (dice.between(1, 29), dice.between(8, 22), dice.between(0, 60));
    let discount = match dice.between(0, 2) {
        0 => "0".to_owned(),
        _ => amount(dice, 9_000),
    };
    let (value, tender) = (amount(dice, 180_000), dice.of(&["CASH", "CARD", "WALLET"]));
    let (wallet, cashier) = (dice.of(&["PayFast", "Cash", "SBI"]), dice.of(&NAMES));
    let wrapped = dice.of(&["Yes", "No"]);
    let (points, store) = (dice.between(0, 150), dice.of(&STORES));
    format!(
        r#"{{"currentTxn":{{"number":"bill{:08}","date":"2026-03-{day:02}T{hour:02}:{minute:02}:20Z","value":{value},"discount":{discount},"points":{points},"lineItems":[{}],"tenders":[{{"code":"{tender}","amount":{value}}}],"customFields":{{"wallet":"{wallet}","cashier":"{cashier}"}},"extendedFields":{{"gift_wrapped":"{wrapped}"}}}},{},"currentStore":{{"id":{},"code":"{store}"}}}}"#,
        20_260_301 + number,
        items.join(","),
        customer(dice),
        dice.between(1, 500)
    )
}

fn item(dice: &mut Dice) -> String {
    let (code, qty, rate) = (dice.between(4_710_000, 4_719_999), dice.between(1, 4), amount(dice, 30_000));
    let discount = match dice.between(0, 4) {
        0 => amount(dice, 900),
        _ => "0".to_owned(),
    };
    let (brand, category) = (dice.of(&BRANDS), dice.of(&CATEGORIES));
    format!(
        r#"{{"code":"{code}","qty":{qty},"rate":{rate},"discount":{discount},"attributes":{{"brand":"{brand}","category":"{category}"}}}}"#
    )
}

fn customer(dice: &mut Dice) -> String {
    let (name, surname, host) = (dice.of(&NAMES), dice.of(&SURNAMES), dice.of(&HOSTS));
    let tier = dice.between(0, 4);
    let points = dice.between(0, 900);
    let (purchase, visits) = (amount(dice, 250_000), dice.between(1, 50));
    let (style, language) = (dice.of(&STYLES), dice.of(&["English", "German", "French"]));
    let year = dice.between(2015, 2026);
    // Of half of the customers only the tier and what they bought is known.
    let more = match dice.between(0, 2) {
        0 => String::new(),
        _ => format!(r#","clusters":{{"Style":["{style}"]}},"customFields":{{"language":"{language}"}}"#),
    };
    format!(
        r#""currentCustomer":{{"id":{},"firstname":"{name}","lastname":"{surname}","email":"{}.{}@{host}","slabName":"{}","slabNumber":{},"currentPoints":{points},"lifetimePurchase":{purchase},"numberOfVisits":{visits},"joinDate":"{year}-06-15"{more}}}"#,
        dice.between(900_000, 999_999),
        name.to_lowercase(),
        dice.between(0, 10_000),
        TIERS[tier.unsigned_abs() as usize],
        tier + 1
    )
}
