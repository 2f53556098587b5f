//! Every suggestion that an input raises, applied.
#![allow(clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::path::Path;

use loyalty_targets::Payload;
use target_rules::check::fix;
use target_rules::diagnostic::{Artifact, Confidence, Form, SarifLog, Source, Span, Suggestion};
use target_rules::{Diagnostic, Limits, Schema};
use target_rules_testing::repairs::RuleCheck;

/// How many suggestions were tried, by code, safe ones and guesses.
pub(crate) type Tried = BTreeMap<String, [usize; 2]>;

/// Applies what is suggested for an input, alone and together, and tells what
/// does not hold.
pub(crate) fn broken_promises(form: Form, text: &str, limits: &Limits, tried: &mut Tried) -> Vec<String> {
    let before = RuleCheck::of(form, text, limits);
    let mut broken = Vec::new();
    for diagnostic in &before.found {
        for suggestion in &diagnostic.suggestions {
            let count = tried.entry(diagnostic.code.to_string()).or_default();
            count[usize::from(!suggestion.is_safe())] += 1;
            broken.extend(misplaced(text, suggestion));
            let mended = Suggestion::apply_all(text, [suggestion]);
            let after = RuleCheck::of(form, &mended, limits);
            // The same may be wrong at several places, of which one is mended.
            if after.times(diagnostic) >= before.times(diagnostic) {
                broken.push(format!("{}: {mended} still has it: {}", diagnostic.code, diagnostic.message));
            }
        }
        let safe = diagnostic.suggestions.iter().rposition(Suggestion::is_safe);
        if safe.is_some_and(|at| at > 0) {
            broken.push(format!("{}: a safe suggestion is not the first", diagnostic.code));
        }
    }
    broken.extend(together(form, text, limits, &before));
    broken.extend(fixed(text, limits, &before));
    broken
}

/// Applies safe suggestions until there is none.
fn fixed(text: &str, limits: &Limits, before: &RuleCheck) -> Vec<String> {
    let fixed = fix(text, &Schema::standard(), limits);
    let form = if text.trim_start().starts_with('{') { Form::Tree } else { Form::Dsl };
    let after = RuleCheck::of(form, &fixed.text, limits);
    let mut broken = Vec::new();
    let left = after.found.iter().find(|found| found.suggestions.iter().any(Suggestion::is_safe));
    if let Some(left) = left.filter(|_| before.accepted.is_none()) {
        broken.push(format!("{}: {} is left in {}", left.code, left.message, fixed.text));
    }
    if before.accepted.is_some() && after.accepted.is_none() {
        broken.push(format!("{} was accepted and is no more", fixed.text));
    }
    if (fixed.text == text) != (fixed.applied == 0) {
        broken.push(format!("{} repairs make {}", fixed.applied, fixed.text));
    }
    broken
}

/// Applies all safe suggestions at once.
fn together(form: Form, text: &str, limits: &Limits, before: &RuleCheck) -> Vec<String> {
    let safe = || before.found.iter().flat_map(|found| &found.suggestions).filter(|s| s.is_safe());
    if safe().next().is_none() || before.found.left_out() > 0 {
        return Vec::new();
    }
    let mut broken = Vec::new();
    let mut spans: Vec<Span> = safe().flat_map(|s| s.edits()).map(|edit| edit.span).collect();
    spans.sort();
    if spans.windows(2).any(|pair| pair[0].end() > pair[1].start()) {
        broken.push("safe suggestions overlap".to_owned());
    }
    let mended = Suggestion::apply_all(text, safe());
    let after = RuleCheck::of(form, &mended, limits);
    let is_safe = |found: &&Diagnostic| found.suggestions.iter().any(Suggestion::is_safe);
    for diagnostic in before.found.iter().filter(is_safe) {
        let (all, mended_ones) = (before.times(diagnostic), safe_ones(before, diagnostic));
        if after.times(diagnostic) > all - mended_ones {
            broken.push(format!("{}: after all safe ones {mended} still has it", diagnostic.code));
        }
    }
    // A safe repair of an accepted rule does not change what it says; `!x` and
    // `x==false` are two ways to say it.
    let rewritten = before.found.iter().any(|found| found.code.name() == "extension");
    if before.accepted.is_some() && !rewritten && after.accepted != before.accepted {
        broken.push(format!("{mended} says something else: {:?}", after.accepted));
    }
    if before.found.iter().filter(|found| found.is_error()).all(|found| is_safe(&found))
        && before.accepted.is_none()
        && after.accepted.is_none()
        && !after.found.has_errors()
    {
        broken.push(format!("{mended} is refused without a word"));
    }
    broken
}

/// How many of the diagnostics that say the same have a safe suggestion.
fn safe_ones(before: &RuleCheck, diagnostic: &Diagnostic) -> usize {
    let safe = before.found.iter().filter(|found| found.suggestions.iter().any(Suggestion::is_safe));
    safe.filter(|found| (found.code, &found.message) == (diagnostic.code, &diagnostic.message)).count()
}

/// What is wrong with the places of a suggestion.
fn misplaced(text: &str, suggestion: &Suggestion) -> Vec<String> {
    let mut broken = Vec::new();
    let edits = suggestion.edits();
    if edits.is_empty() || edits.iter().any(|edit| text.get(edit.span.range()).is_none()) {
        broken.push(format!("{edits:?} are not in the text"));
    }
    if edits.windows(2).any(|pair| pair[0].span.end() > pair[1].span.start()) {
        broken.push(format!("{edits:?} overlap"));
    }
    if edits.iter().all(|edit| text.get(edit.span.range()) == Some(&edit.with)) {
        broken.push(format!("{edits:?} change nothing"));
    }
    let whole = suggestion.as_one_edit();
    let mut as_one = text.to_owned();
    as_one.replace_range(whole.span.range(), &whole.with);
    if as_one != Suggestion::apply_all(text, [suggestion]) {
        broken.push(format!("{whole:?} does not do what {edits:?} do"));
    }
    assert_eq!(suggestion.is_safe(), suggestion.confidence() == Confidence::Safe);
    broken
}

/// What the suggestions of a text's first diagnostic that has some make of it,
/// and whether the first is safe.
fn ways(text: &str) -> (Vec<String>, bool) {
    let said = RuleCheck::of(Form::Dsl, text, &Limits::default());
    let found = said.found.iter().find(|found| !found.suggestions.is_empty());
    let suggestions = found.map(|found| found.suggestions.as_slice()).unwrap_or_default();
    let ways = suggestions.iter().map(|way| Suggestion::apply_all(text, [way])).collect();
    (ways, suggestions.first().is_some_and(Suggestion::is_safe))
}

#[test]
fn what_leaves_nothing_to_choose_is_safe() {
    let safe = [
        ("currentTxn.value=5", "currentTxn.value==5"),
        ("currentTxn.value\u{2212}1>5", "currentTxn.value-1>5"),
        ("currentTxn.value>1,000.50", "currentTxn.value>1000.50"),
        (
            "currentCustomer.lastname==\u{201c}O\u{2019}Brien\u{201d}",
            "currentCustomer.lastname==\"O\u{2019}Brien\"",
        ),
        ("currentTxn.value>5 and currentCustomer.isLoyal", "currentTxn.value>5 && currentCustomer.isLoyal"),
        ("!(currentTxn.value>5&&true)", "(currentTxn.value>5&&true)==false"),
        ("1-(-currentTxn.value)>5", "1-((0-currentTxn.value))>5"),
        ("currentTxn.notes . isnull()", "currentTxn.notes . isNull()"),
        ("currentCustomer.isGroupMember==\"yes\"", "currentCustomer.isGroupMember==\"Yes\""),
        (
            "currentTxn.number==\"a\"&&currentTxn.notes==007",
            "currentTxn.number==\"a\"&&currentTxn.notes==\"007\"",
        ),
        ("currentTxn.value(  )>5", "currentTxn.value>5"),
        // What begins with `=` was copied out of a spreadsheet.
        ("=currentTxn.value>5", "currentTxn.value>5"),
        // Who asks for `null` asks whether there is a value.
        ("currentCustomer.email==null", "currentCustomer.email.isNull()"),
        ("(currentTxn.value) != NULL", "(currentTxn.value).isNotNull()"),
        ("nil==currentTxn.date", "currentTxn.date.isNull()"),
        ("and(currentTxn.value>5,true)", "(currentTxn.value>5&&true)"),
        ("AND(true,currentTxn.value>5||false)", "(true&&(currentTxn.value>5||false))"),
        ("not currentCustomer.isLoyal", "currentCustomer.isLoyal==false"),
        ("currentTxn.value>currentTxn.discount*10%", "currentTxn.value>currentTxn.discount*10/100"),
        ("currentTxn.value/10%>5", "currentTxn.value/(10/100)>5"),
        ("currentTxn.date.day()==\"Sunday\"", "currentTxn.date.day()==1"),
        ("currentTxn.date.month()!=dec", "currentTxn.date.month()!=12"),
        ("currentCustomer.email =~ \"^a\"", "currentCustomer.email.matches(\"^a\")"),
        ("currentCustomer.email !~ /a/i", "currentCustomer.email.matches(\"(?i)a\")==false"),
        ("currentTxn.value>1 000", "currentTxn.value>1000"),
        ("currentTxn.value>5k", "currentTxn.value>5000"),
        (
            "currentCustomer.slabName==(\"A\",\"B\")",
            "(currentCustomer.slabName==\"A\"||currentCustomer.slabName==\"B\")",
        ),
        (
            "currentCustomer.slabName!=\"A\",\"B\"",
            "(currentCustomer.slabName!=\"A\"&&currentCustomer.slabName!=\"B\")",
        ),
        ("[currentTxn.value>5]", "currentTxn.value>5"),
        ("currentCustomer.slabName==\\\"A\\\"", "currentCustomer.slabName==\"A\""),
    ];
    for (text, mended) in safe {
        assert_eq!(ways(text), (vec![mended.to_owned()], true), "{text}");
    }
}

#[test]
fn what_leaves_something_to_choose_is_a_guess() {
    let guesses = [
        ("currentTxn.value>1,000", "currentTxn.value>1000"),
        ("currentTxn.value>5 and spend more", "currentTxn.value>5 && spend more"),
        ("not currentTxn.value>5", "(currentTxn.value>5)==false"),
        ("currentTxn.date<=\"2025-01-31\"", "currentTxn.date.isBefore(2025,2,1)"),
        ("currentTxn.date<\"2025-01-31T10:00:00\"", "currentTxn.date.isBefore(2025,1,31,10,0,0)"),
        ("(currentTxn.date)<\"2025-01-31\"", "(currentTxn.date).isBefore(2025,1,31)"),
        ("\"2025-01-31\">=currentTxn.date", "currentTxn.date.isBefore(2025,2,1)"),
        (
            "currentTxn.date!=\"2025-01-31\"",
            "(currentTxn.date.isBefore(2025,1,31)||currentTxn.date.isBefore(2025,2,1)==false)",
        ),
        ("currentTxn.notes==none", "currentTxn.notes.isNull()"),
        ("currentTxn.amount>5", "currentTxn.value>5"),
        ("currentLineItem.category!=\"a\"", "currentLineItem.doesItemMatch(\"category\",\"a\")==false"),
        ("currentLineItem.amount>5", "(currentLineItem.value-currentLineItem.discount)>5"),
        ("has(currentTxn.value)", "currentTxn.value.isNotNull()"),
        ("currentCustomer.name.equalsIgnoreCase(\"a.b\")", "currentCustomer.name.matches(\"(?i)^a\\.b$\")"),
        ("currentTxn.gross-amount>5", "currentTxn.grossAmount>5"),
        ("currentCustomer.name=='O'Brien'", "currentCustomer.name==\"O'Brien\""),
        ("currentTxn.date>=\"2025-01-31\"", "currentTxn.date.isBefore(2025,1,31)==false"),
        ("currentCustomer.isLoyal==0", "currentCustomer.isLoyal==false"),
        ("currentTxn.basketIncludes(\"brand\",\"Puma)", "currentTxn.basketIncludes(\"brand\",\"Puma\")"),
    ];
    for (text, mended) in guesses {
        assert_eq!(ways(text), (vec![mended.to_owned()], false), "{text}");
    }
}

#[test]
fn what_nobody_can_tell_is_not_suggested() {
    let nothing = [
        "currentTxn.value<=>5",
        "currentTxn.basketIncludes(\"brand\",None)",
        // A rule cannot hold an offset, or parts of a second.
        "currentTxn.date<\"2025-01-31T10:00:00Z\"",
        "currentTxn.date<\"2025-01-31T10:00:00.5\"",
        // The day may be the fifth of the tenth month, or the tenth of the fifth.
        "currentTxn.date<\"05/10/2025\"",
        // A part of what?
        "currentTxn.discount>10%",
        "currentTxn.value>null",
        // It would compare a text with a number.
        "currentCustomer.tier>5",
        "currentCustomer.email.length()>5",
        "currentTxn.date.isWeekend(false)",
        "currentCustomer.isLoyal(\"x\")",
        "currentCustomer.slabName==\"Gold&&currentTxn.value>500",
    ];
    for text in nothing {
        assert_eq!(ways(text), (vec![], false), "{text}");
    }
    // What is missing stands before the remark.
    let said = RuleCheck::of(Form::Dsl, "(currentTxn.value>5 // large", &Limits::default());
    let bracket = said.found.iter().find(|found| found.code.name() == "bracket").unwrap();
    let mended = Suggestion::apply_all("(currentTxn.value>5 // large", &bracket.suggestions);
    assert_eq!(mended, "(currentTxn.value>5) // large");
    assert_eq!(
        ways("discount>5").0,
        ["currentLineItem.discount>5", "currentTxn.discount>5", "returnBill.discount>5"]
    );
}

/// Until entities are mended nobody knows what stands in a string.
#[test]
fn words_of_a_string_in_damaged_quotes_are_no_operators() {
    let text = "currentTxn.notes==&quot;salt and currentTxn.pepper = 1&quot;";
    let said = RuleCheck::of(Form::Dsl, text, &Limits::default());
    let safe = said.found.iter().flat_map(|found| &found.suggestions).filter(|way| way.is_safe());
    assert_eq!(Suggestion::apply_all(text, safe), "currentTxn.notes==\"salt and currentTxn.pepper = 1\"");
    // A quote that is missing turns strings inside out.
    let torn =
        RuleCheck::of(Form::Dsl, "currentTxn.notes==\"a&&currentTxn.notes==\"b = c\"", &Limits::default());
    assert!(torn.found.iter().flat_map(|found| &found.suggestions).all(|way| !way.is_safe()));
}

/// All `&&` chains that stand bare beside an `||` get their brackets at once.
#[test]
fn mixed_operators_get_all_their_brackets() {
    let loyal = "currentCustomer.isLoyal";
    let text = format!("{loyal}&&({loyal}||{loyal}&&true)||true||false&&{loyal}");
    let mended = format!("({loyal}&&({loyal}||({loyal}&&true)))||true||(false&&{loyal})");
    assert_eq!(ways(&text), (vec![mended.clone()], false));
    assert!(RuleCheck::of(Form::Dsl, &mended, &Limits::default()).found.is_empty());
}

/// Edits of a file keep every other byte, and hold the escapes of its string.
#[test]
fn suggestions_reach_a_file_through_its_escapes() {
    let rule = r#"currentCustomer.slabName==\u201cG\u00f6ld\u201d&&currentTxn.notes==\"a\\\\b\" \u0026 true"#;
    let tree = r#"{\"arity\":\"binary_operation\",\"value\":\"=\",\"operands\":[]}"#;
    let file = |rule: &str, tree: &str| {
        format!(
            "{{\"data\": [\n {{\"id\": 1, \"expression\": \"{rule}\", \"expressionJson\": \"{tree}\"}}]}}"
        )
    };
    let text = file(rule, tree);
    let payload = Payload::read(text.as_str(), &Limits::default()).unwrap();
    let report = payload.targets().next().unwrap().check(&Schema::standard(), &Limits::default());
    let safe = report.diagnostics.iter().flat_map(|found| found.suggestions_in_file());
    let mended = Suggestion::apply_all(&text, safe.filter(|way| way.is_safe()));
    let rule = rule.replace("\\u201cG", "\\\"G").replace("ld\\u201d", "ld\\\"").replace("\\u0026", "&&");
    assert_eq!(mended, file(&rule, &tree.replace("=", "==")));
    let found = serde_json::to_value(&report.diagnostics).unwrap();
    let quotes = found.as_array().unwrap().iter().find(|found| found["code"] == "quotes").unwrap();
    assert_eq!(quotes["suggestions"][0]["with"], "\"G\u{f6}ld\"");
    assert_eq!(quotes["file"]["suggestions"][0]["with"], "\\\"G\u{f6}ld\\\"");
    assert_eq!(quotes["file"]["suggestions"][0]["safe"], true);
    assert_eq!(quotes["file"]["line"], 2);
    let span = &quotes["file"]["suggestions"][0]["span"];
    assert_eq!(span, &quotes["file"]["span"]);

    let mut log = SarifLog::new();
    let source = Source::new(Form::Payload, text.as_str());
    for found in &report.diagnostics {
        log.add_in_file(&Artifact::new("file.json", &source), found, Some("1"));
    }
    let log = serde_json::to_value(&log).unwrap();
    let result = &log["runs"][0]["results"][0];
    assert_eq!(result["ruleId"], "quotes");
    let change = &result["fixes"][0]["artifactChanges"][0];
    assert_eq!(change["artifactLocation"]["uri"], "file.json");
    // Two edits: the quotes, each by itself.
    assert_eq!(change["replacements"].as_array().unwrap().len(), 2);
    assert_eq!(change["replacements"][0]["insertedContent"]["text"], "\\\"");
    assert_eq!(change["replacements"][0]["deletedRegion"]["byteOffset"], text.find("\\u201c").unwrap());
    assert_eq!(change["replacements"][0]["deletedRegion"]["byteLength"], 6);
    assert_eq!(change["replacements"][0]["deletedRegion"]["startLine"], 2);
    assert_eq!(result["fixes"][0]["properties"]["safe"], true);
}

/// A rule that is the artifact itself has fixes; a text that only holds it has
/// none, for its bytes are others.
#[test]
fn sarif_has_fixes_where_its_bytes_are_those_of_the_rule() {
    let text = "currentTxn.value = 500";
    let said = RuleCheck::of(Form::Dsl, text, &Limits::default());
    let found = said.found.iter().next().unwrap();
    let fixes = |form, place: fn(Span) -> Span| {
        let source = Source::new(form, text);
        let mut log = SarifLog::new();
        log.add(&Artifact::new("rule", &source), found, place, None);
        serde_json::to_value(&log).unwrap()["runs"][0]["results"][0]["fixes"].clone()
    };
    let whole = |_| Span::new(0, 22);
    let replacement = &fixes(Form::Dsl, |span| span)[0]["artifactChanges"][0]["replacements"][0];
    assert_eq!(replacement["insertedContent"]["text"], "==");
    assert_eq!(replacement["deletedRegion"]["startColumn"], 18);
    assert!(fixes(Form::Dsl, whole).is_null());
    assert!(fixes(Form::Payload, |span| span).is_null());
}

/// Slips of a schema file are mended by their suggestions, one after the other.
#[test]
fn slips_of_a_schema_file_are_mended_by_what_is_suggested() {
    let slips = [
        ("\"currentTxn\"", "\"currentTxm\""),
        ("\"attributes\"", "\"atributes\""),
        ("\"number\"", "\"decimal\""),
        ("\"number\"", "\"numbr\""),
        ("\"returnBill\"]", "\"returnbil\"]"),
        ("\"string\"", "\"boolean\""),
    ];
    let right = "{\"profiles\": {\"currentTxn\": {\"attributes\": {\"storeId\": {\"type\": \"number\"}, \
        \"notes\": {\"type\": \"string\"}}}}, \"activities\": {\"return\": [\"returnBill\"]}}";
    let limits = Limits::default();
    assert!(Schema::standard().with(right, &limits).is_ok());
    for (part, slip) in slips {
        let wrong = right.replacen(part, slip, 1);
        let refused = Schema::standard().with(&wrong, &limits).unwrap_err();
        let found = refused.iter().next().unwrap();
        let [suggestion] = found.suggestions.as_slice() else { panic!("{slip}: {found:?}") };
        assert_eq!(Suggestion::apply_all(&wrong, [suggestion]), right, "{}", found.message);
        assert!(misplaced(&wrong, suggestion).is_empty());
    }
}

/// The documented rules, where they are.
#[test]
fn what_is_suggested_mends_documented_rules() {
    let Some(folder) = std::env::var_os("TARGET_RULES_SHARED") else {
        eprintln!("skipped: TARGET_RULES_SHARED names no folder with corpus/expressions.jsonl");
        return;
    };
    let lines = std::fs::read_to_string(Path::new(&folder).join("corpus/expressions.jsonl")).unwrap();
    let mut tried = Tried::new();
    let mut broken = Vec::new();
    for line in lines.lines() {
        let row: serde_json::Value = serde_json::from_str(line).unwrap();
        let text = row["dsl"].as_str().unwrap();
        let of = broken_promises(Form::Dsl, text, &Limits::default(), &mut tried);
        broken.extend(of.into_iter().map(|promise| format!("{}: {text}: {promise}", row["id"])));
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
    assert!(tried.len() >= 10, "{tried:?}");
}
