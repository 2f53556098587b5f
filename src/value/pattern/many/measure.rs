//! What a matcher takes beside its questions asked one by one.
//!
//! `cargo test --release --lib many::measure -- --ignored --nocapture` prints a
//! line for each kind: of both the least time of some rounds, in one process.
#![expect(clippy::arithmetic_side_effects, reason = "a measurement fails by panicking")]

use std::collections::BTreeSet;
use std::hint::black_box;
use std::time::{Duration, Instant};

use memchr::memmem::Finder;

use super::{MatcherScratch, TextMatcher, TextQuestion};
use crate::value::Pattern;

/// Numbers without a pattern to see, from a seed.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap() % end
    }

    fn of<'a>(&mut self, words: &[&'a str]) -> &'a str {
        words[self.below(words.len())]
    }

    fn letter(&mut self) -> char {
        char::from(b'a' + u8::try_from(self.below(26)).unwrap())
    }
}

/// Such as people wrote, with one of the kinds that has no literals.
const WRITTEN: [&str; 30] = [
    "PET.*",
    "SH.*",
    "FOOTWEAR|KIDS BOY|KIDS GIRL|LADIES ETHNIC|MENS ETHNIC|MENS LOWER",
    "TR.*?",
    "^purple",
    "KI_AC.*",
    "KI_AP.*",
    "LS",
    "^[Pp]remium",
    "[A-Za-z]+",
    "P.*um",
    "....",
    "Delay*",
    "SILVER",
    r"\s",
    "Gold",
    "^[A-Z]{5}[0-9]{4}[A-Z]$",
    "^[0-9]+$",
    "^(?i)sneakers/.*",
    "shoes|boots",
    "^P.*a$",
    ".*low$",
    "sneakers/(low|high)",
    r"\d{4}$",
    "John Smith",
    "^Brand-[0-9]{1,3}$",
    "(?i)puma",
    ".*",
    "^someone@example.com$",
    "nar",
];

const ITEMS: [&str; 8] =
    ["sneakers/low", "Puma", "LADIES WESTERN", "Brand-17", "KI_AC_001", "Premium wear", "tops", "1784"];

fn addresses() -> Vec<String> {
    let mut dice = Dice(99);
    let names = ["asha", "ravi", "john", "mary", "zoe", "omar", "lena", "kumar", "sofia", "piet"];
    let hosts = ["mail.com", "companyX.com", "example.org", "post.example.com"];
    (0..100).map(|_| format!("{}.{}@{}", dice.of(&names), dice.below(10_000), dice.of(&hosts))).collect()
}

/// Different texts of one kind.
fn distinct(count: usize, mut make: impl FnMut(&mut Dice) -> String) -> Vec<String> {
    let (mut dice, mut made) = (Dice(7), BTreeSet::new());
    while made.len() < count {
        made.insert(make(&mut dice));
    }
    made.into_iter().collect()
}

/// The least time of a text in some rounds.
fn time_of(texts: &[&str], mut ask: impl FnMut(&str)) -> Duration {
    let rounds = (0..9).map(|_| {
        let start = Instant::now();
        texts.iter().for_each(|text| ask(black_box(text)));
        start.elapsed() / u32::try_from(texts.len()).unwrap()
    });
    rounds.min().unwrap()
}

fn compare(kind: &str, questions: &[TextQuestion<'_>], texts: &[&str]) {
    let start = Instant::now();
    let matcher = TextMatcher::new((0..).zip(questions.iter().copied()));
    let built = start.elapsed();
    let alone = |question: &TextQuestion<'_>| -> Box<dyn Fn(&str) -> bool> {
        match *question {
            TextQuestion::Equals(_) => unreachable!("none is measured"),
            TextQuestion::Contains(part) => {
                let finder = Finder::new(part).into_owned();
                Box::new(move |text| finder.find(text.as_bytes()).is_some())
            }
            TextQuestion::Matches(pattern) => match pattern.affixes().cloned() {
                Some(affixes) => Box::new(move |text| affixes.fit(text)),
                None => {
                    let pattern = pattern.clone();
                    Box::new(move |text| pattern.is_match(text))
                }
            },
        }
    };
    let alone: Vec<_> = questions.iter().map(alone).collect();
    let (mut scratch, mut together_found, mut alone_found) = (MatcherScratch::default(), 0_usize, 0_usize);
    let together = time_of(texts, |text| matcher.find(text, &mut scratch, |_| together_found += 1));
    let one_by_one = time_of(texts, |text| alone_found += alone.iter().filter(|asks| asks(text)).count());
    assert_eq!(together_found, alone_found);
    println!(
        "{kind}, {}: together {together:?}, alone {one_by_one:?}, {:.3}; built in {built:?}, {} bytes each",
        questions.len(),
        together.as_secs_f64() / one_by_one.as_secs_f64(),
        matcher.bytes() / questions.len()
    );
}

fn compare_patterns<'p>(kind: &str, written: impl IntoIterator<Item = &'p str>, texts: &[&str]) {
    let patterns: Vec<Pattern> = written.into_iter().map(|text| text.parse().unwrap()).collect();
    compare(kind, &patterns.iter().map(TextQuestion::Matches).collect::<Vec<_>>(), texts);
}

#[test]
#[ignore = "measures"]
fn measure() {
    let addresses = addresses();
    let addresses: Vec<&str> = addresses.iter().map(String::as_str).collect();
    let patterns = distinct(10_000, |dice| {
        let (first, last, from, most) = (dice.letter(), dice.letter(), dice.below(5), 1 + dice.below(6));
        let to = 5 + dice.below(5);
        format!("{first}[a-z]*{last}[.][{from}-{to}]{{1,{most}}}@.*[.]com")
    });
    compare_patterns("patterns", patterns.iter().map(String::as_str), &addresses);
    let words = distinct(10_000, |dice| (0..5 + dice.below(7)).map(|_| dice.letter()).collect());
    let numbers = distinct(10_000, |dice| format!(".{}@", dice.below(100_000)));
    for (kind, parts) in [("words", words), ("numbers", numbers)] {
        for count in [1, 5, 30, 10_000] {
            let questions: Vec<_> =
                parts.iter().take(count).map(|part| TextQuestion::Contains(part)).collect();
            compare(kind, &questions, &addresses);
        }
    }
    for count in [1, 5, 30] {
        compare_patterns("written patterns", WRITTEN.into_iter().take(count), &ITEMS);
    }
}
