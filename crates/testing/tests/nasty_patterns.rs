//! Patterns that are slow where they can be, written and made at random, and
//! texts that make them so: no accepted one takes more than 50 ms for 100 KB,
//! and each says what the engine of `regex-automata` says.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::time::Duration;

use regex_automata::meta;
use target_rules::Limits;
use target_rules::value::Pattern;
use target_rules_testing::workloads::clock::processor_time;

/// Patterns that need many states, branches, looks or lanes at once.
const NASTY: &[&str] = &[
    "[ab]*a[ab]{900}c",
    "[ab]*a[ab]{1900}c",
    "(a{50}){39}b",
    "a.{46}c",
    ".{1,300}c",
    "(ab?c?){600}Q",
    "(a|b|ab|ba){128}Q",
    "((a{2}b){30}c){20}",
    "(a+b+|b+a+|aa+|bb+){40}Q",
    "((ab?){3}b?){180}Q",
    r"(\b[ab]\B?){400}Q",
    "((a?b?){30}a?){16}Q",
    "(((a?b?){3}a?){10}b?){6}Q",
    "(a?){1999}Q",
    "((a?){40}b?){40}Q",
    "((a?){2}b?){380}Q",
    "((a?){300}b?){6}Q",
    "(a{0,1990})*Q",
    "((ab){0,900})+Q",
    "(((((((ab?){2}b?){2}b?){2}b?){2}b?){2}b?){2}b?)Q",
    r"\p{L}{8}c",
    r"(\p{L}\p{N}?){3}c",
    r"(?i)(\p{L}\p{N}?k){5}Q",
    "^(a|b?a|ab?)*a(a|b){14}$",
];

/// The same part again and again.
const REPEATED: &[(&str, usize, &str)] = &[
    ("a?b?", 60, ""),
    ("a?b?", 24, "{19}"),
    ("a?b?", 11, "{30}"),
    ("(ab)?", 20, "{20}"),
    ("(ab)?", 9, "{40}"),
    ("(a|bb)", 4, "{40}"),
    ("(a|bb)?", 15, "{19}"),
    (r"\B?a?", 40, "{20}"),
    (r"\ba?\Bb?", 7, "{40}"),
    ("a{2}b?", 33, ""),
    ("a{2}b?", 4, "{40}"),
    ("(a{9}b?)+", 25, ""),
    ("[ab]{0,65}", 20, ""),
    ("a{0,30}b?", 20, ""),
    ("(a{20}|b)", 21, ""),
    ("(.{9}b)*", 30, ""),
];

fn written() -> Vec<String> {
    let repeated = REPEATED.iter().map(|(part, times, after)| format!("({}){after}Q", part.repeat(*times)));
    NASTY.iter().map(|pattern| (*pattern).to_owned()).chain(repeated).collect()
}

/// Numbers that look random, the same ones each time.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from((self.0 >> 11) % most as u64).unwrap()
    }

    fn one_of<'a>(&mut self, all: &[&'a str]) -> &'a str {
        all.get(self.below(all.len())).copied().unwrap_or_default()
    }

    /// A part of a pattern, nested so deep at most.
    fn part(&mut self, depth: usize) -> String {
        const LEAVES: &[&str] = &[
            "a",
            "b",
            "ab",
            "[ab]",
            "c",
            "[^a]",
            ".",
            "(?:a|bc)",
            r"\b",
            r"\B",
            "a?",
            "b*",
            "aab",
            "(?m:^)",
            "$",
            "(?:ab)?",
            "[^c]+",
            r"\w",
            r"\d?",
            "(?i:A)",
            r"\p{Greek}",
        ];
        if depth == 0 || self.below(6) == 0 {
            return self.one_of(LEAVES).to_owned();
        }
        match self.below(7) {
            0 | 1 => {
                let times = self.one_of(&["2", "3", "5", "7", "10", "20", "30", "60", "100", "300"]);
                let part = self.part(depth - 1);
                match self.below(4) {
                    0 => format!("(?:{part}){{{times}}}"),
                    1 => format!("(?:{part}){{0,{times}}}"),
                    2 => format!("(?:{part}){{2,{times}}}"),
                    _ => format!("(?:{part}){{{times},}}"),
                }
            }
            2 => format!("(?:{}){}", self.part(depth - 1), self.one_of(&["?", "*", "+"])),
            3..=5 => self.parts(depth, 5).concat(),
            _ => format!("(?:{})", self.parts(depth, 4).join("|")),
        }
    }

    fn parts(&mut self, depth: usize, most: usize) -> Vec<String> {
        let count = 2 + self.below(most);
        (0..count).map(|_| self.part(depth - 1)).collect()
    }

    /// A pattern that the default limits allow, with where it is looked for.
    fn pattern(&mut self) -> (String, bool) {
        loop {
            let depth = 2 + self.below(5);
            let pattern = format!("{}{}", self.part(depth), self.one_of(&["Q", "", "$"]));
            let whole = self.below(4) == 0;
            if pattern.len() <= Limits::default().regex && compiled(&pattern, whole).is_some() {
                return (pattern, whole);
            }
        }
    }

    fn letters(&mut self, letters: &[&str], count: usize) -> String {
        (0..count).map(|_| self.one_of(letters)).collect()
    }
}

fn compiled(pattern: &str, whole: bool) -> Option<Pattern> {
    Pattern::compile(pattern, whole, Pattern::COMPILED_SIZE, Pattern::STATES).ok()
}

/// Every sequence of so many letters of two, each once (de Bruijn).
fn every_sequence(length: u32) -> String {
    let (mut state, most) = (0_usize, (1_usize << length) - 1);
    let mut seen = std::collections::HashSet::new();
    let mut text = String::new();
    loop {
        seen.insert(state);
        let with = |letter: usize| (state << 1 | letter) & most;
        let Some(letter) = [1, 0].into_iter().find(|letter| !seen.contains(&with(*letter))) else {
            return text;
        };
        text.push(if letter == 1 { 'a' } else { 'b' });
        state = with(letter);
    }
}

/// Texts of so many bytes, about.
fn texts(bytes: usize) -> Vec<String> {
    let mut numbers = Numbers(0x2545_F491_4F6C_DD1D);
    let sequences = every_sequence(14);
    vec![
        "a".repeat(bytes),
        "ab".repeat(bytes / 2),
        "aab".repeat(bytes / 3),
        numbers.letters(&["a", "b"], bytes),
        numbers.letters(&["a", "a", "a", "b", "c", " ", "\n"], bytes),
        numbers.letters(&["a", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaab"], bytes / 15),
        sequences.repeat(bytes / sequences.len() + 1).split_at(bytes).0.to_owned(),
    ]
}

/// Holds a pattern to what the engine of `regex-automata` says.
fn agrees(text: &str, whole: bool, texts: &[&str]) {
    let Some(pattern) = compiled(text, whole) else { panic!("{text} is refused") };
    // The texts are of ASCII, where all word boundaries are the same.
    let source = if whole { format!(r"\A(?:{text})\z") } else { text.to_owned() };
    let source = source.replace(r"\w", "[0-9A-Za-z_]").replace(r"\d", "[0-9]");
    let unlimited = meta::Config::new().nfa_size_limit(None);
    let reference = meta::Builder::new().configure(unlimited).build(&source).unwrap();
    for asked in texts {
        assert_eq!(
            pattern.is_match(asked),
            reference.is_match(asked),
            "{text} (whole: {whole}) of {asked:?}"
        );
    }
}

/// Beginnings of texts, as they are and with what may end a match.
fn short_texts() -> Vec<String> {
    let beginnings = texts(400).into_iter().flat_map(|text| {
        [0, 1, 2, 5, 64, 130, 400]
            .map(|bytes| text.get(..bytes.min(text.len())).unwrap_or_default().to_owned())
    });
    beginnings.flat_map(|text| [format!("{text}Q"), format!("{text}-Qc"), text]).collect()
}

fn agree(count: usize, seed: u64) {
    let texts = short_texts();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    for pattern in written() {
        agrees(&pattern, false, &texts);
        // Of the whole text nothing is left out at the edges, so some need more steps than
        // they may.
        if compiled(&pattern, true).is_some() {
            agrees(&pattern, true, &texts);
        }
    }
    let mut numbers = Numbers(seed);
    for _ in 0..count {
        let (pattern, whole) = numbers.pattern();
        agrees(&pattern, whole, &texts);
    }
}

#[test]
fn patterns_say_what_the_library_says() {
    agree(60, 88_172_645_463_325_252);
}

#[test]
#[ignore = "takes a while where nothing is optimised; the long form runs it"]
fn thousands_of_patterns_say_what_the_library_says() {
    agree(3_000, 1_181_783_497_276_652_981);
}

/// What a search takes at least, of some.
fn taken(pattern: &Pattern, text: &str, most: Duration) -> Duration {
    let mut least = Duration::MAX;
    // On a machine that does other things too, one of them is undisturbed.
    for _ in 0..12 {
        let before = processor_time();
        pattern.is_match(text);
        least = least.min(processor_time().saturating_sub(before));
        if least < most {
            break;
        }
    }
    least
}

/// Holds all patterns to a time for texts of so many bytes; those that were slow.
fn slow(count: usize, bytes: usize, most: Duration) -> Vec<(String, Duration)> {
    let texts = texts(bytes);
    let mut numbers = Numbers(7_046_029_254_386_353_131);
    let made = (0..count).map(|_| numbers.pattern());
    let patterns: Vec<(String, bool)> = written().into_iter().map(|text| (text, false)).chain(made).collect();
    let mut slow = Vec::new();
    let mut worst = (Duration::ZERO, String::new());
    for (text, whole) in patterns {
        let pattern = compiled(&text, whole).unwrap_or_else(|| panic!("{text} is refused"));
        let longest = texts.iter().map(|asked| taken(&pattern, asked, most)).max().unwrap_or_default();
        if longest > worst.0 {
            worst = (longest, text.clone());
        }
        if longest >= most {
            slow.push((text, longest));
        }
    }
    println!("{:?}: {}", worst.0, worst.1);
    slow
}

/// At a fraction of the size, and in a build that is not optimised.
#[test]
fn no_pattern_is_slow() {
    let slow = slow(20, 500, Duration::from_secs(2));
    assert!(slow.is_empty(), "{slow:#?}");
}

/// For an optimised build.
#[test]
#[ignore = "measures time; the long form runs it"]
fn no_pattern_of_thousands_takes_more_than_50_ms_for_100_kb() {
    let slow = slow(3_000, 100_000, Duration::from_millis(50));
    assert!(slow.is_empty(), "{slow:#?}");
}

/// Branches and looks within each other, all of them repeated: what no machine
/// word holds is refused, and named.
#[test]
fn what_would_be_slow_is_refused() {
    let nested = |open: &str, close: &str, times: usize, after: &str| {
        format!("({}a{}){after}", open.repeat(times), close.repeat(times))
    };
    for pattern in [nested(r"(\b|(\B", "))", 12, "{1990}"), nested(r"(\B", ")+", 18, "{1990}")] {
        let refused = Pattern::compile(&pattern, false, usize::MAX, Pattern::STATES).unwrap_err();
        assert_eq!(refused.limit, Some("regex-steps"), "{pattern}");
        assert!(refused.help.is_some());
    }
}
