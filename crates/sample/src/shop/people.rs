//! The customers, each with what stays as it is: her name, her store, her taste.

use super::stores::{Store, Stores};
use crate::dice::{Dice, Topic};

const WOMEN: [&str; 16] = [
    "Asha", "Shreya", "Maria", "Hannah", "Priya", "Wei", "Joan", "Lakshmi", "Fatima", "Olu", "Kavya",
    "Meera", "Nisha", "Sunita", "Divya", "Ananya",
];
const MEN: [&str; 16] = [
    "Raj", "Santosh", "Rohan", "John", "Arjun", "Karthik", "Imran", "Jonathan", "Vikram", "Kumar", "Kim",
    "Sandeep", "Narayan", "Dev", "Farhan", "Manoj",
];
const SURNAMES: [&str; 20] = [
    "Verma", "Kumar", "Smith", "Badia", "Okafor", "Park", "Silva", "Weiss", "Iyer", "Reddy", "Khan", "Shah",
    "Das", "Nair", "Singh", "Patel", "Joshi", "Menon", "Gupta", "Rao",
];
const HOSTS: [&str; 4] = ["companyx.com", "mail.example", "example.org", "post.example.com"];
const LANGUAGES: [&str; 5] = ["English", "Hindi", "Tamil", "Bengali", "Arabic"];
const CITIES: [&str; 6] = ["Delhi", "Bangalore", "Mumbai", "Chennai", "Kolkata", "Hyderabad"];
const BANKS: [&str; 4] = ["SBI", "HDFC", "ICICI", "AXIS"];
const STYLES: [&str; 4] = ["Classic", "Sporty", "Adventure-seeker", "Home Lovers"];

/// A customer, but for what she has bought.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Person {
    pub(crate) first: &'static str,
    pub(crate) last: &'static str,
    pub(crate) gender: &'static str,
    pub(crate) host: &'static str,
    pub(crate) language: &'static str,
    pub(crate) city: &'static str,
    pub(crate) bank: &'static str,
    pub(crate) style: &'static str,
    pub(crate) home: &'static Store,
    pub(crate) birth: (u32, u32, u32),
    /// Her favourites, as a number.
    pub(crate) taste: u32,
    /// How many days before her first bill she registered.
    pub(crate) registered: u32,
    pub(crate) has_we_chat: bool,
    pub(crate) has_app: bool,
    pub(crate) wants_mail: bool,
    pub(crate) was_referred: bool,
}

impl Person {
    pub(crate) fn new(seed: u64, number: u32) -> Person {
        let mut dice = Dice::new(seed, Topic::Person, number.into());
        let is_woman = dice.percent(58);
        Person {
            first: dice.of(if is_woman { &WOMEN } else { &MEN }),
            last: dice.of(&SURNAMES),
            gender: if is_woman { "Female" } else { "Male" },
            host: dice.of(&HOSTS),
            language: dice.of(&LANGUAGES),
            city: dice.of(&CITIES),
            bank: dice.of(&BANKS),
            style: dice.of(&STYLES),
            home: Stores::home(&mut dice),
            birth: (dice.between(1950, 2006), dice.between(1, 12), dice.between(1, 28)),
            taste: dice.bits(),
            // Most register at the till when they first buy.
            registered: if dice.percent(70) { 0 } else { dice.between(1, 90) },
            has_we_chat: dice.percent(8),
            has_app: dice.percent(55),
            wants_mail: dice.percent(62),
            was_referred: dice.percent(12),
        }
    }
}

/// Customers who share their points: those whose numbers follow on each other.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Household {
    /// Its number.
    pub(crate) number: u32,
    /// The number of its first member.
    pub(crate) first: u32,
    pub(crate) members: u32,
    /// How many days before the first day of the sample it was made.
    pub(crate) age: u32,
    pub(crate) is_company: bool,
}

/// So many numbers in a row may be a household.
const BLOCK: u32 = 12;

/// The household of a customer, if she has one.
pub(crate) fn household(seed: u64, number: u32, customers: u32) -> Option<Household> {
    let block = number / BLOCK;
    let mut dice = Dice::new(seed, Topic::Household, block.into());
    let is_company = dice.percent(6);
    let members = match is_company {
        true => BLOCK,
        false => dice.between(2, 6),
    };
    let first = block * BLOCK;
    let members = members.min(customers.saturating_sub(first));
    let age = dice.between(20, 500);
    let has_one = dice.percent(30) && members > 1 && number < first + members;
    has_one.then_some(Household { number: block, first, members, age, is_company })
}
