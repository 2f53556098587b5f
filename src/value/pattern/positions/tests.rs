//! A pattern by its positions says what its automaton says.

use proptest::prelude::*;
use regex_automata::meta;

use super::{PositionMatcher, PositionSpace};
use crate::value::pattern::engine::{Engine, HELD};
use crate::value::pattern::{compiled_size, hir_of};

/// Asks of each text, in one space, what the automaton of `regex-automata` says
/// of it; the same of the pattern's engine, with an automaton and where none has
/// room. Whether the pattern is one.
fn agrees(pattern: &str, whole: bool, texts: &[&str]) -> bool {
    let Ok((hir, states)) = hir_of(pattern, whole, usize::MAX) else { return false };
    let Ok(regex) = meta::Builder::new().build_from_hir(&hir) else { return false };
    let matcher = PositionMatcher::of(&hir);
    let source = || (pattern.into(), whole);
    let engines = [HELD, 0].map(|most| Engine::within(&hir, states, compiled_size(&hir), source(), most).0);
    let mut space = PositionSpace::default();
    for text in texts {
        let expected = regex.is_match(text);
        assert_eq!(matcher.is_match(text, &mut space), expected, "{pattern} (whole: {whole}) in {text:?}");
        for engine in &engines {
            assert_eq!(engine.is_match(text), expected, "{pattern} (whole: {whole}) in {text:?}: {engine:?}");
        }
    }
    true
}

/// Every kind of node, in and out of lanes.
const PATTERNS: &[&str] = &[
    "",
    "a",
    "ab",
    "^",
    "$",
    "^$",
    "^ab$",
    "a|b",
    "a?",
    "a*b",
    "a+b",
    "(ab)*c",
    "(a|bc)+d",
    "a{3}",
    "a{3,}",
    "a{0,3}b",
    "a{2,4}b",
    "^a{70}$",
    "^a{64}b",
    "^a{63,65}$",
    "^a{64,}$",
    "^a{130,}b$",
    "[ab]*a[ab]{70}c",
    "(ab){70}",
    "^(ab?){70}$",
    "^(ab?){66,}$",
    "^(a?){70}$",
    "^(a?b?){3}$",
    "^(a*b){70}$",
    "^((a{3}b){4}c){2}$",
    "^((a?b{3}){40}c?){2,3}$",
    "^(a|){5}b",
    "(^a|b){3}",
    r"(\ba|b\b){3}",
    r"(\b|a){70}b",
    r"(a\B|\bb){70}",
    r"\bab\b",
    r"\Ba\B",
    "(?m)^a$",
    "(?m)(^a$\n){2}",
    "a.b",
    "a(?s:.)b",
    "[^a]b",
    r"\d{2}-\w+",
    r"\p{L}{3}",
    "(?i)k\u{df}",
    "[a&&b]",
    "a[a&&b]?b",
    "\u{e9}{2}\u{65e5}",
    r"\x{10FFFF}",
    "(x(y(z)))",
    // Lists of texts, of which one may begin another.
    "gold|silver",
    "ab|aab|b",
    "abcd|bc|ba b",
    "\u{e9}a|ab|\u{65e5}",
    // What stands loose at an edge.
    "a*",
    "a*b?",
    "(ab)+",
    "a+b",
    "ab+",
    "[ab]*a",
    "a[ab]*",
    "(ab){2,}c(ab)*",
    "(a*)+b",
    "(a|b?){3,}c",
    "a{2,5}b{2,5}",
    "^a*b",
    "b*$",
    "^a*$",
    r"a*\bb",
    r"(\ba)*b",
    r"a(b\b)*",
    r"(a*\b)?b",
    "(a*)*(b|c)(a?)*",
    "(aa|b)+",
    "(?:a{2}){3,}?b",
    "0123456789012345678901234567890123456789012345678901234567890123456789",
];

#[test]
fn every_kind_of_pattern() {
    let long: Vec<String> = [62, 63, 64, 65, 66, 70, 71, 129, 130, 131]
        .iter()
        .flat_map(|times| ["a", "ab", "b", "aab"].map(|part| part.repeat(*times)))
        .flat_map(|text| [format!("{text}b"), format!("{text}c"), format!("{text}a-"), text])
        .collect();
    let short = [
        "",
        "a",
        "b",
        "ab",
        "ba",
        "aab",
        "abab",
        "abcd",
        "bcd",
        "aaab",
        "a\nb",
        "\n",
        "a\na\n",
        "a b",
        "b a ab",
        "-ab-",
        "12-ab",
        "1-a",
        "\u{e9}\u{e9}\u{65e5}",
        "K\u{df}",
        "\u{212A}\u{1E9E}",
        "\u{10FFFF}",
        "xyz",
        "aaabaaabaaabaaabcaaabaaabaaabaaabc",
        "aaaaaab",
        "0123456789012345678901234567890123456789012345678901234567890123456789",
        "-012345678901234567890123456789012345678901234567890123456789012345678",
    ];
    let texts: Vec<&str> = short.into_iter().chain(long.iter().map(String::as_str)).collect();
    for pattern in PATTERNS {
        for whole in [false, true] {
            assert!(agrees(pattern, whole, &texts), "{pattern} is none");
        }
    }
}

/// More texts than an automaton of `regex-automata` has room for here.
#[test]
fn a_long_list_of_texts() {
    let texts: Vec<String> = (100..1_100).map(|number| format!("{number}ab")).collect();
    let found = ["-100a100ab", "1099ab", "99ab 1100ab", "", "555a"];
    assert!(agrees(&texts.join("|"), false, &found));
    assert!(agrees(&texts.join("|"), true, &found));
}

/// A pattern made at random: of any nesting, with repetitions that need more
/// than one word.
fn pattern() -> impl Strategy<Value = String> {
    let leaf = prop::sample::select(vec![
        "a", "b", "ab", "[ab]", "[^a]", ".", "\u{e9}", r"\b", r"\B", "^", "$", "(?m:^)", "(?m:$)", "(?i:a)",
        "", r"\w", "abba",
    ]);
    leaf.prop_map(str::to_owned).prop_recursive(4, 24, 4, |inner| {
        let times = prop::sample::select(vec![
            "?", "*", "+", "{2}", "{0,3}", "{1,3}", "{2,}", "{5}", "{63}", "{64,66}", "{65,}", "{0,70}",
        ]);
        prop_oneof![
            3 => (inner.clone(), times).prop_map(|(part, times)| format!("(?:{part}){times}")),
            2 => prop::collection::vec(inner.clone(), 1..4).prop_map(|parts| parts.concat()),
            2 => prop::collection::vec(inner, 1..4).prop_map(|parts| format!("({})", parts.join("|"))),
        ]
    })
}

/// A part again and again between two others.
fn text() -> impl Strategy<Value = String> {
    let part = || "[ab\n\u{e9} ]{0,4}";
    (part(), part(), 0..140_usize, part()).prop_map(|(start, part, times, end)| {
        format!("{start}{}{end}", part.repeat(if times > 70 { times } else { times / 20 }))
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn patterns_at_random(
        pattern in pattern(),
        whole in any::<bool>(),
        texts in prop::collection::vec(text(), 1..6),
    ) {
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        agrees(&pattern, whole, &texts);
    }
}

/// How many words one character takes, and how many bytes the tables.
#[test]
fn what_a_pattern_costs() {
    for (pattern, words, bytes) in [
        ("[ab]*a[ab]{900}c", 200, 4_096),
        ("(a{50}){40}", 200, 8_192),
        (".{1,1999}x", 200, 4_096),
        ("(ab?c){600}", 200, 8_192),
        ("((a{2}b){30}c){20}", 200, 32_768),
    ] {
        let (hir, _) = hir_of(pattern, false, usize::MAX).unwrap();
        let matcher = PositionMatcher::of(&hir);
        let step = matcher.words + matcher.place_words;
        assert!(step <= words, "{pattern}: {step} words");
        assert!(matcher.steps() <= 500, "{pattern}: {} steps", matcher.steps());
        assert!(matcher.bytes() <= bytes, "{pattern}: {} bytes", matcher.bytes());
    }
}
