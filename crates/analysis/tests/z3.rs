//! Generated rules of the part of the language that is decided completely, as
//! SMT-LIB: what Z3 says of them is what the analysis says. Z3 comes from PyPI, as
//! `z3-solver`, into the Python that `PYTHON` names; `ANALYSIS_Z3_PAIRS` says how
//! many pairs are drawn.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    reason = "a test fails by panicking"
)]

use std::collections::BTreeMap;
use std::io::Write;
use std::process::{Command, Stdio};

use crate::plain::is_plain;
use target_rules::{Ast, Limits, Rule, Schema};
use target_rules_analysis::{Difference, Options, Verdict, diff};

/// What values are: those of numbers are all numbers, for their sums are plain.
const VALUES: &str = r#"
(declare-const value Real) (declare-const has-value Bool)
(declare-const discount Real) (declare-const has-discount Bool)
(declare-const points Real) (declare-const has-points Bool)
(declare-const slab String) (declare-const has-slab Bool)
(declare-const loyal Bool) (declare-const has-loyal Bool)
(declare-const time Int) (declare-const has-date Bool) (declare-const valid Bool)
(define-fun day () Int (div time 86400000))
(define-fun weekday () Int (+ 1 (mod (+ day 4) 7)))
(define-fun minute () Int (div (mod time 86400000) 60000))
(define-fun dated () Bool (and has-date valid))
(declare-const pumas Int) (declare-const has-items Bool)
(declare-const fields Bool) (declare-const golf Bool) (declare-const chess Bool) (declare-const other Bool)
(assert (and (>= time (- 62135596800000)) (<= time 253402300799999)))
(assert (>= pumas 0))
"#;

/// A question in the language; when it is known; and when it holds, then.
const ATOMS: &[(&str, &str, &str)] = &[
    ("currentTxn.value > 500", "has-value", "(> value 500)"),
    ("currentTxn.value >= 500.5", "has-value", "(>= value 500.5)"),
    ("currentTxn.value == 0", "has-value", "(= value 0)"),
    ("currentTxn.value.interval(\"0,500,900\") == 2", "has-value", "(and (< 0 value) (<= value 500))"),
    ("currentTxn.value.isNull()", "true", "(not has-value)"),
    ("currentTxn.discount < 0.000000001", "has-discount", "(< discount 0.000000001)"),
    ("currentTxn.discount != 10", "has-discount", "(not (= discount 10))"),
    ("currentTxn.points <= 3", "has-points", "(<= points 3)"),
    ("currentTxn.value > currentTxn.discount", "(and has-value has-discount)", "(> value discount)"),
    ("currentTxn.discount >= currentTxn.points", "(and has-points has-discount)", "(>= discount points)"),
    ("currentTxn.points == currentTxn.value", "(and has-points has-value)", "(= points value)"),
    (
        "currentTxn.value + currentTxn.discount > 510",
        "(and has-value has-discount)",
        "(> (+ value discount) 510)",
    ),
    (
        "currentTxn.value - currentTxn.points <= 0.5",
        "(and has-value has-points)",
        "(<= (- value points) 0.5)",
    ),
    (
        "currentTxn.discount * 2 < currentTxn.points + 4",
        "(and has-discount has-points)",
        "(< (* discount 2) (+ points 4))",
    ),
    (
        "currentTxn.value / 4 > currentTxn.discount",
        "(and has-discount has-value)",
        "(> (/ value 4) discount)",
    ),
    (r#"currentCustomer.slabName == "Gold""#, "has-slab", r#"(= slab "Gold")"#),
    (r#"currentCustomer.slabName != """#, "has-slab", r#"(not (= slab ""))"#),
    (r#"currentCustomer.slabName.contains("ol")"#, "has-slab", r#"(str.contains slab "ol")"#),
    (r#"currentCustomer.slabName.matches("^Go")"#, "has-slab", r#"(str.prefixof "Go" slab)"#),
    (r#"currentCustomer.slabName.matches("d$")"#, "has-slab", r#"(str.suffixof "d" slab)"#),
    (
        r#"currentCustomer.slabName.matches("^[A-G][a-z]*$")"#,
        "has-slab",
        r#"(str.in_re slab (re.++ (re.range "A" "G") (re.* (re.range "a" "z"))))"#,
    ),
    (
        r#"currentCustomer.slabName.matches("Gold|Silver")"#,
        "has-slab",
        r#"(or (str.contains slab "Gold") (str.contains slab "Silver"))"#,
    ),
    ("currentCustomer.slabName.isEmpty()", "true", r#"(or (not has-slab) (= slab ""))"#),
    (r#"currentCustomer.slabName.exists("G")"#, "true", r#"(and has-slab (str.contains slab "G"))"#),
    ("currentCustomer.isLoyal", "has-loyal", "loyal"),
    ("currentCustomer.isLoyal == false", "has-loyal", "(not loyal)"),
    ("currentTxn.date.isWeekend()", "dated", "(or (= weekday 1) (= weekday 7))"),
    ("currentTxn.date.day() > 4", "dated", "(> weekday 4)"),
    ("currentTxn.date.isHourBetween(22, 2)", "dated", "(or (>= minute 1320) (< minute 120))"),
    ("currentTxn.date.isTimeBetween(1, 30, 9, 0)", "dated", "(and (>= minute 90) (< minute 540))"),
    ("currentTxn.date.isAfter(2026, 3, 29)", "dated", "(> time 1774742400000)"),
    ("currentTxn.date.isBefore(2026, 3, 29, 9, 0, 0)", "dated", "(< time 1774774800000)"),
    ("currentTxn.date.year() >= 2026", "dated", "(>= time 1767225600000)"),
    (r#"currentTxn.date.dateDiff("2026-03-29") <= 1"#, "dated", "(<= (abs (- day 20541)) 1)"),
    (
        r#"currentTxn.date.minutesDiff("2026-03-29") < 90"#,
        "dated",
        "(< (div (abs (- time 1774742400000)) 60000) 90)",
    ),
    ("currentTxn.date.isNotNull()", "true", "has-date"),
    ("currentTxn.date.isValid()", "true", "dated"),
    (r#"currentTxn.basketIncludes("brand", "Puma")"#, "has-items", "(> pumas 0)"),
    (r#"currentTxn.basketCount("brand", "Puma") >= 2"#, "has-items", "(>= pumas 2)"),
    (r#"currentTxn.basketCount("brand", "Puma") < 2.5"#, "has-items", "(< pumas 2.5)"),
    (r#"currentCustomer.customFieldValueIncludes("hobby", "golf")"#, "fields", "golf"),
    (r#"currentCustomer.customFieldValueExcludes("hobby", "chess")"#, "fields", "(not chess)"),
    (r#"currentCustomer.customFieldValueExists("hobby")"#, "true", "(and fields (or golf chess other))"),
];

struct Draw(u64);

impl Draw {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % most
    }
}

/// A rule as text, and when it is true and when false, as SMT-LIB.
#[derive(Clone)]
struct Both {
    text: String,
    is_true: String,
    is_false: String,
}

fn rule(draw: &mut Draw, atoms: &[usize], depth: usize) -> Both {
    let shape = draw.below(if depth == 0 { 3 } else { 8 });
    if shape < 3 {
        let (text, known, holds) = ATOMS[atoms[draw.below(atoms.len())]];
        let is_true = format!("(and {known} {holds})");
        return Both { text: text.to_owned(), is_true, is_false: format!("(and {known} (not {holds}))") };
    }
    if shape == 3 {
        let Both { text, is_true, is_false } = rule(draw, atoms, depth - 1);
        return Both { text: format!("!({text})"), is_true: is_false, is_false: is_true };
    }
    let parts: Vec<Both> = (0..2 + draw.below(2)).map(|_| rule(draw, atoms, depth - 1)).collect();
    let joined = |of: fn(&Both) -> &str, by: &str| parts.iter().map(of).collect::<Vec<_>>().join(by);
    let (all, by) = if shape.is_multiple_of(2) { (true, " && ") } else { (false, " || ") };
    let (and, or) = if all { ("and", "or") } else { ("or", "and") };
    Both {
        text: format!("({})", joined(|part| &part.text, by)),
        is_true: format!("({and} {})", joined(|part| &part.is_true, " ")),
        is_false: format!("({or} {})", joined(|part| &part.is_false, " ")),
    }
}

fn checked(text: &str) -> Rule {
    let limits = Limits::default();
    Ast::from_text(text, &limits).unwrap().check(&Schema::standard(), &limits).into_rule().unwrap()
}

/// What Z3 answers to a script, line by line; `None` where Python has no Z3.
fn asked(script: &str) -> Option<Vec<String>> {
    let python = std::env::var("PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let code = "import sys, z3; print(z3.Z3_eval_smtlib2_string(z3.main_ctx().ref(), sys.stdin.read()))";
    let spawned = Command::new(python)
        .args(["-c", code])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn();
    let mut process = spawned.ok()?;
    // It ends early where there is no Z3.
    let written = process.stdin.take()?.write_all(script.as_bytes());
    let output = process.wait_with_output().ok()?;
    let answered = written.is_ok() && output.status.success();
    answered.then(|| String::from_utf8_lossy(&output.stdout).split_whitespace().map(str::to_owned).collect())
}

/// Whether only the old rule may be true, only the new one, and both, where the
/// verdict says so.
fn said(difference: &Difference) -> Option<[Option<bool>; 3]> {
    Some(match difference.verdict {
        Verdict::Equivalent => [Some(false), Some(false), None],
        Verdict::Narrower => [Some(true), Some(false), None],
        Verdict::Wider => [Some(false), Some(true), None],
        Verdict::Disjoint => [Some(true), Some(true), Some(false)],
        Verdict::Different => [Some(true), Some(true), Some(true)],
        _ => return None,
    })
}

#[test]
fn z3_says_the_same() {
    if asked("(check-sat)").is_none_or(|answers| answers != ["sat"]) {
        eprintln!("\n!! SKIPPED: PYTHON HAS NO z3 (pip install z3-solver): NO PROOF IS COMPARED WITH Z3'S\n");
        return;
    }
    let pairs = std::env::var("ANALYSIS_Z3_PAIRS").ok().and_then(|pairs| pairs.parse().ok()).unwrap_or(400);
    let seed = std::env::var("ANALYSIS_SEED").ok().and_then(|seed| seed.parse().ok());
    let mut draw = Draw(seed.unwrap_or(20));
    let mut script = format!("(set-option :timeout 5000)\n{VALUES}");
    let mut drawn = Vec::new();
    for _ in 0..pairs {
        let start = draw.below(ATOMS.len());
        // Neighbours are about the same values.
        let atoms: Vec<usize> = (0..6).map(|_| (start + draw.below(8)) % ATOMS.len()).collect();
        let old = rule(&mut draw, &atoms, 2);
        let new = rule(&mut draw, &atoms, 2);
        let is_true = |rule: &Both| rule.is_true.clone();
        let is_not = |rule: &Both| format!("(not {})", rule.is_true);
        for (first, second) in
            [(is_true(&old), is_not(&new)), (is_not(&old), is_true(&new)), (is_true(&old), is_true(&new))]
        {
            script.push_str(&format!("(push) (assert {first}) (assert {second}) (check-sat) (pop)\n"));
        }
        drawn.push((old.text, new.text));
    }
    let answers = asked(&script).unwrap();
    assert_eq!(answers.len(), 3 * drawn.len(), "{answers:?}");
    let mut told: BTreeMap<String, usize> = BTreeMap::new();
    for ((old, new), answers) in drawn.iter().zip(answers.chunks(3)) {
        let difference = diff(&checked(old), &checked(new), &Options::default());
        *told.entry(format!("{:?}", difference.verdict)).or_default() += 1;
        let Some(said) = said(&difference) else { continue };
        for (said, answer) in said.into_iter().zip(answers) {
            let large = difference.witnesses.iter().any(|witness| !is_plain(&witness.transaction));
            let same = match (said, answer.as_str()) {
                (Some(possible), "sat") => possible,
                // Z3 doesn't round: what only large numbers show it doesn't see.
                (Some(possible), "unsat") => !possible || large,
                _ => true,
            };
            assert!(same, "{old}\n{new}\n{difference:?}\n{answers:?}");
        }
    }
    println!("{told:?}");
    let unknown = told.get("Unknown").copied().unwrap_or(0);
    assert!(unknown * 20 <= pairs && told.len() >= 5, "{told:?}");
}
