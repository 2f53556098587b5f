//! A matcher says what each question says by itself.

use proptest::prelude::*;

use super::index::ALL_NEEDLES_BYTES;
use super::{MatcherScratch, TextMatcher, TextQuestion};
use crate::value::Pattern;

/// A question with what it needs.
#[derive(Debug, Clone)]
enum Owned {
    Equals(String),
    Contains(String),
    Matches(Pattern),
}

impl Owned {
    fn pattern(text: &str, whole: bool) -> Owned {
        Owned::Matches(Pattern::compile(text, whole, Pattern::COMPILED_SIZE, Pattern::STATES).unwrap())
    }

    fn question(&self) -> TextQuestion<'_> {
        match self {
            Owned::Equals(text) => TextQuestion::Equals(text),
            Owned::Contains(part) => TextQuestion::Contains(part),
            Owned::Matches(pattern) => TextQuestion::Matches(pattern),
        }
    }

    fn alone(&self, text: &str) -> bool {
        match self {
            Owned::Equals(other) => text == other,
            Owned::Contains(part) => text.contains(part.as_str()),
            Owned::Matches(pattern) => pattern.is_match(text),
        }
    }
}

fn matcher(questions: &[Owned]) -> TextMatcher {
    within(questions, ALL_NEEDLES_BYTES)
}

fn within(questions: &[Owned], most: usize) -> TextMatcher {
    TextMatcher::within((0..).zip(questions.iter().map(Owned::question)), most)
}

fn found(matcher: &TextMatcher, text: &str, scratch: &mut MatcherScratch) -> Vec<u32> {
    let mut found = Vec::new();
    matcher.find(text, scratch, |number| found.push(number));
    found.sort_unstable();
    found
}

/// Holds a matcher of questions to what each says by itself.
fn agrees(questions: &[Owned], texts: &[&str]) {
    agrees_with(&matcher(questions), questions, texts);
}

fn agrees_with(matcher: &TextMatcher, questions: &[Owned], texts: &[&str]) {
    let mut scratch = MatcherScratch::default();
    for text in texts {
        let expected: Vec<u32> = (0..)
            .zip(questions)
            .filter(|(_, question)| question.alone(text))
            .map(|(number, _)| number)
            .collect();
        assert_eq!(found(matcher, text, &mut scratch), expected, "{text:?} of {questions:?}");
    }
}

/// Words that are parts of each other, and what repeats or folds.
const WORDS: &[&str] = &[
    "",
    "a",
    "ab",
    "b",
    "ba",
    "aba",
    "abab",
    "A",
    "AB",
    "aB",
    "Gold",
    "gold",
    "GOLD",
    "old",
    "Go",
    "k",
    "K",
    "\u{212A}",
    "s",
    "ſ",
    "ß",
    "ü",
    "Ü",
    "é",
    "日本",
    "本",
    "\n",
    " ",
    "12",
    "3",
    "123",
    "_",
    ".",
    "0123456789",
    "a word that is longer than any needle may be, so it is cut",
];

/// Pieces of patterns, joined at random.
const PIECES: &[&str] = &[
    "a",
    "ab",
    "b",
    "ba",
    "Gold",
    "gold",
    "old",
    "k",
    "s",
    "ü",
    "日",
    "12",
    "3",
    ".",
    ".*",
    ".+",
    "a*",
    "b+",
    "(ab)+",
    "(?:ab){2}",
    "b{2,3}",
    "a?",
    "[ab]",
    "[a-z]",
    "[A-Z]{2}",
    "[^a]",
    "[0-9]",
    r"\d",
    r"\d+",
    r"\w+",
    r"\s",
    r"\b",
    r"\B",
    "^",
    "$",
    "(?i)",
    "(?i:go)",
    "(?s:.)",
    "(?m:^)",
    "(?m:$)",
    "(a|b)",
    "(Gold|old|ab)",
    "(a|^b)",
    "(ab|)",
    "(a.*b|gold)",
    "[Gg]old",
    "[a-e]b",
    "[a&&b]",
    r"\x41",
    r"\.",
    "\n",
    "[üß]",
    "[k-s]",
    r"\p{L}",
    "(?:^ab|old$)",
];

fn word() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(WORDS), 0..4).prop_map(|words| words.concat())
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => prop::collection::vec(prop::sample::select(WORDS), 0..8).prop_map(|words| words.concat()),
        1 => "[abAB]{0,12}",
        1 => any::<String>(),
    ]
}

fn pattern() -> impl Strategy<Value = Owned> {
    let piece =
        prop_oneof![6 => prop::sample::select(PIECES).prop_map(str::to_owned), 1 => "[abGold12]{1,6}"];
    let joined = prop::collection::vec(piece, 0..6).prop_map(|pieces| pieces.concat());
    let branches = prop::collection::vec(joined, 1..4).prop_map(|branches| branches.join("|"));
    (branches, any::<bool>()).prop_filter_map("a pattern is refused", |(text, whole)| {
        Pattern::compile(&text, whole, Pattern::COMPILED_SIZE, Pattern::STATES).ok().map(Owned::Matches)
    })
}

fn question() -> impl Strategy<Value = Owned> {
    prop_oneof![
        1 => word().prop_map(Owned::Equals),
        2 => word().prop_map(Owned::Contains),
        5 => pattern(),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_matcher_says_what_each_question_says(
        questions in prop::collection::vec(question(), 0..12),
        texts in prop::collection::vec(text(), 1..12),
    ) {
        agrees(&questions, &texts.iter().map(String::as_str).collect::<Vec<_>>());
    }

    /// Questions beyond the bound are asked by themselves.
    #[test]
    fn so_does_one_without_space_for_all_needles(
        questions in prop::collection::vec(question(), 0..12),
        texts in prop::collection::vec(text(), 1..8),
        most in 0_usize..20,
    ) {
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        agrees_with(&within(&questions, most), &questions, &texts);
    }

    /// One question meets no other's needles, so that none hides its fault.
    #[test]
    fn so_does_one_question_alone(question in question(), texts in prop::collection::vec(text(), 1..8)) {
        agrees(&[question], &texts.iter().map(String::as_str).collect::<Vec<_>>());
    }
}

/// Patterns that a text is never asked, and how many needles each has.
const ANSWERED_BY_NEEDLES: &[(&str, usize)] = &[
    ("PET.*", 1),
    ("TR.*?", 1),
    ("Delay*", 1),
    ("^purple", 1),
    ("^[Pp]remium", 2),
    (".*low$", 1),
    ("FOOTWEAR|KIDS BOY|MENS LOWER", 3),
    ("sneakers/(low|high)", 2),
    ("nar|^x.*|y$", 3),
    ("(?i)puma", 1),
    ("(?i)^brand", 1),
    ("^ab{2,3}", 1),
    ("x?a+(bc)+", 1),
    ("^(Gold|Silver)$", 0),
    ("", 0),
    (".*", 0),
    (r"\s", 0),
    ("[A-Za-z]+", 0),
    ("^[0-9]{2,}$", 0),
    ("^[A-Z]", 0),
    (r"\d$", 0),
];

/// Patterns that are asked of texts with one of so many needles; with none, of
/// texts that pass a filter.
const ASKED: &[(&str, usize)] = &[
    ("^P.*um$", 1),
    ("^Jo.*n$", 1),
    (r"\bGold\b", 1),
    ("(?m)^ab", 1),
    ("ab{2,3}$", 1),
    ("[a-d]x[.][0-2]+@mail", 1),
    ("(ab.*c|de[0-9]|fg.)", 12),
    ("(?i)gold [0-9a-z]+!", 1),
    ("....", 0),
    ("a.b", 0),
    ("^[A-Z]{5}[0-9]{4}[A-Z]$", 0),
];

#[test]
fn patterns_are_asked_where_their_literals_are_found_and_no_more() {
    for (asked, table) in [(false, ANSWERED_BY_NEEDLES), (true, ASKED)] {
        for (text, needles) in table {
            let matcher = matcher(&[Owned::pattern(text, false)]);
            let is_asked = matcher.asked.iter().any(Option::is_some);
            assert_eq!((is_asked, matcher.index.needles()), (asked, *needles), "{text}");
            let filters = matcher.index.filtered.iter().filter(|filtered| !filtered.ask.is_empty()).count();
            assert_eq!(filters, usize::from(asked && *needles == 0), "{text}");
        }
    }
    let of_all = ANSWERED_BY_NEEDLES.iter().chain(ASKED).map(|(text, _)| *text);
    let questions: Vec<Owned> =
        of_all.flat_map(|text| [false, true].map(|whole| Owned::pattern(text, whole))).collect();
    let texts = [
        "",
        "Gold",
        "premium PETER",
        "12",
        "1",
        "sneakers/low",
        "LADIES",
        "Premium\nab",
        "MENS LOWER",
        "ABCDE1234F",
    ];
    agrees(&questions, &texts);
}

#[test]
fn what_many_patterns_share_is_not_looked_for() {
    let letters = || b'a'..=b'z';
    let text = |first, last| format!("{}[a-z]*{}[.][0-2]@.*[.]com", char::from(first), char::from(last));
    let texts = letters().flat_map(|first| letters().map(move |last| text(first, last)));
    let questions: Vec<Owned> = texts.map(|text| Owned::pattern(&text, false)).collect();
    let matcher = matcher(&questions);
    let mut hits = 0;
    matcher.index.automaton.as_ref().unwrap().find(b"@mail.com", |_, _| hits += 1);
    assert_eq!(hits, 0, "all patterns are asked of every address");
    agrees(&questions, &["rosa.1@mail.com", "Rosa.1@mail.com", "rosa.3@mail.com"]);
}

#[test]
fn a_filter_lets_only_texts_pass_that_may_match() {
    let passing = |pattern: &str, texts: &[&str]| -> Vec<String> {
        let matcher = matcher(&[Owned::pattern(pattern, false)]);
        let filter = matcher.index.filtered[0].filter;
        let passes = |text: &&&str| filter.passes(text.as_bytes(), &super::ByteSet::of(text.as_bytes()));
        texts.iter().filter(passes).map(|text| (*text).to_owned()).collect()
    };
    let texts = ["ABCDE1234F", "ABCDE1234", "aBCDE1234F", "ABCDE1234f", "ABCDE-234F", "ABCDE12345F"];
    assert_eq!(passing("^[A-Z]{5}[0-9]{4}[A-Z]$", &texts), ["ABCDE1234F"]);
    assert_eq!(passing("....", &["abc", "abcd", "é"]), ["abcd"]);
    assert_eq!(passing("[0-9][a-z]", &["abc", "1", "a1"]), ["a1"]);
    assert_eq!(passing("a.b", &["a-c", "a-b"]), ["a-c", "a-b"], "one byte is looked for, not two");
}

#[test]
fn ten_thousand_needles_are_found_and_take_little_space() {
    let words = (0..10_000_u32).map(|number| format!("{:x}", number.wrapping_mul(2_654_435_761)));
    let questions: Vec<Owned> = words.map(Owned::Contains).collect();
    let matcher = matcher(&questions);
    let each = matcher.bytes() / questions.len();
    assert!(each < 200, "{each} bytes a needle");
    let long = "9e3779b1 and 3c6ef362, ".repeat(2_000);
    agrees_with(&matcher, &questions, &["", "9e3779b1", "x3c6ef362y", &long]);
}

#[test]
fn needles_that_are_parts_of_each_other_stay_few() {
    let lengths = (1..600).chain(1..600);
    let questions: Vec<Owned> = lengths.map(|length| Owned::Contains("a".repeat(length))).collect();
    let matcher = matcher(&questions);
    assert_eq!(matcher.index.needles(), super::literals::NEEDLE_BYTES);
    assert!(matcher.bytes() < 128 * 1024, "{} bytes", matcher.bytes());
    let text = "a".repeat(590);
    agrees_with(&matcher, &questions, &["a", "aaaaa", "b", &text]);
}

#[test]
fn large_patterns_have_few_needles() {
    let classes = "[ab]".repeat(60);
    let words: Vec<String> = (0..60).map(|number| format!("w{number}")).collect();
    for text in [classes, words.join("|"), words.join("[0-9]+"), format!("({})+!", words.join(".*|"))] {
        let matcher = matcher(&[Owned::pattern(&text, false)]);
        let lengths: usize = (0..matcher.index.needles()).map(|needle| matcher.index.length_of(needle)).sum();
        assert!((1..=super::literals::SET_BYTES).contains(&lengths), "{lengths} bytes of {text}");
    }
}

#[test]
fn a_search_allocates_nothing() {
    let mut questions: Vec<Owned> =
        ANSWERED_BY_NEEDLES.iter().chain(ASKED).map(|(text, _)| Owned::pattern(text, false)).collect();
    questions.push(Owned::Equals("Gold".to_owned()));
    questions.push(Owned::Contains("long ".repeat(20)));
    let matcher = matcher(&questions);
    let texts = ["Gold", "a gold 12", "sneakers/low", "ABCDE1234F", "x.1@mail", ""];
    let (mut scratch, mut answers) = (MatcherScratch::default(), 0);
    let mut search = || texts.iter().for_each(|text| matcher.find(text, &mut scratch, |_| answers += 1));
    search();
    assert_eq!(allocation_counter::measure(search).count_total, 0);
    assert!(answers > 20);
}

#[test]
fn the_scratch_serves_any_matcher_for_ever() {
    let small = [Owned::Contains("a".to_owned())];
    let large: Vec<Owned> = ["b", "a", "c"].map(|part| Owned::Contains(part.to_owned())).into();
    let (small, large) = (matcher(&small), matcher(&large));
    let mut scratch = MatcherScratch { now: u32::MAX - 3, ..MatcherScratch::default() };
    for _ in 0..4 {
        assert_eq!(found(&small, "abba", &mut scratch), [0]);
        assert_eq!(found(&large, "abba", &mut scratch), [0, 1]);
    }
}

#[test]
fn a_number_is_found_once_for_each_question_that_has_it() {
    let pattern: Pattern = "a|b+".parse().unwrap();
    let questions = [
        (7, TextQuestion::Contains("a")),
        (9, TextQuestion::Contains("a")),
        (4, TextQuestion::Matches(&pattern)),
        (3, TextQuestion::Equals("ab")),
        (1, TextQuestion::Equals("abab")),
    ];
    let matcher = TextMatcher::new(questions);
    assert_eq!(found(&matcher, "abab", &mut MatcherScratch::default()), [1, 4, 7, 9]);
    assert!(found(&TextMatcher::new([]), "abab", &mut MatcherScratch::default()).is_empty());
}

#[test]
fn a_matcher_is_shared_between_threads() {
    fn is_shared<T: Send + Sync>() {}
    is_shared::<TextMatcher>();
}
