//! What the library promises of any input at all. Each promise takes the
//! bytes of one input and panics where it is broken.
//!
//! This file is a part of two crates: of the fuzz targets, which look for an
//! input that breaks a promise, and of `tests/regressions.rs`, which replays
//! those that once did. So it names nothing but the public interface.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use target_rules::{
    Ast, Checked, Colour, Decision, Diagnostic, Diagnostics, Edit, EnrolledTargets, Enrolments, Evaluation,
    Fault, Form, Layout, Ledger, Limits, Pattern, Payload, Rule, RuleSet, Schema, Scratch, Severity, Source,
    Suggestion, TargetDocument, Transaction, TreeStyle, Truth, Zone, check_forms_whole, render,
};

/// A promise, by the name of the fuzz target that looks for a breach of it.
pub type Promise = (&'static str, fn(&[u8]));

/// Every promise.
pub const ALL: &[Promise] = &[
    ("text_in", text_in),
    ("tree_in", tree_in),
    ("transaction_in", transaction_in),
    ("regex_in", regex_in),
    ("payload_in", payload_in),
    ("schema_in", schema_in),
    ("round_trip", round_trip),
    ("document_in", document_in),
    ("progress_in", progress_in),
    ("set_in", set_in),
];

/// A text is read and checked or refused for a reason; a rule that checks
/// survives the way through every form.
pub fn text_in(data: &[u8]) {
    let text = text_of(data);
    if let Some(rule) = rule_of(Form::Dsl, text) {
        survives_every_form(&rule);
    }
}

/// The same of a tree.
pub fn tree_in(data: &[u8]) {
    let tree = text_of(data);
    if let Some(rule) = rule_of(Form::Tree, tree) {
        survives_every_form(&rule);
    }
}

/// A text that is a rule by construction is accepted, and survives the way
/// through every form.
pub fn round_trip(data: &[u8]) {
    let text = text_of(data);
    match rule_of(Form::Dsl, text) {
        Some(rule) => survives_every_form(&rule),
        None => panic!("a rule that is right by construction is refused: {text}"),
    }
}

/// A transaction document is read or refused for a reason; rules of every
/// type, over one that is read, are true, false, or unknown with a reason.
pub fn transaction_in(data: &[u8]) {
    let document = text_of(data);
    let limits = Limits::default();
    match RULES.layout.read(document, &limits) {
        Ok(transaction) => {
            for rule in RULES.rules.values() {
                decides(rule, &transaction);
            }
            set_decides(&RULES.set, &RULES.rules, document);
        }
        Err(refused) => is_a_refusal(&refused, &[Source::new(Form::Payload, document)]),
    }
}

/// Rules, one a line, decide as one by one when they are a set, after changes
/// of it, and when it is compacted. A line that begins with a brace is a
/// transaction document.
pub fn set_in(data: &[u8]) {
    let input = text_of(data);
    let (documents, texts): (Vec<&str>, Vec<&str>) = input.lines().partition(|line| line.starts_with('{'));
    let read = |text: &&str| read_and_check(Form::Dsl, text).and_then(Checked::into_rule).ok();
    let all: Vec<Rule> = texts.iter().take(24).filter_map(read).collect();
    let mut rules: BTreeMap<usize, Rule> = all.iter().cloned().enumerate().collect();
    let early = rules.iter().filter(|(id, _)| *id % 3 != 2).map(|(id, rule)| (*id, rule.clone()));
    let mut set = must(RuleSet::new(early), "the rules are a set");
    for (id, rule) in all.iter().enumerate() {
        let other = all.get(all.len() - 1 - id).unwrap_or(rule);
        set = match id % 5 {
            _ if id % 3 == 2 => must(set.with(id, rule), "a rule is added"),
            1 => {
                rules.insert(id, other.clone());
                must(set.replacing(id, other), "a rule is replaced")
            }
            3 => {
                rules.remove(&id);
                must(set.without(&id), "a rule is removed")
            }
            _ => continue,
        };
    }
    for set in [&set, &set.compacted()] {
        assert_eq!(set.len(), rules.len());
        for document in SAMPLES.iter().chain(&documents) {
            set_decides(set, &rules, document);
        }
    }
}

/// A regular expression is compiled or refused for a reason, alone and in a
/// rule; what is compiled answers for any text. The text to search stands
/// after the last line feed.
pub fn regex_in(data: &[u8]) {
    let input = text_of(data);
    let (pattern, text) = input.rsplit_once('\n').unwrap_or((input, ""));
    let limits = Limits::default();
    if pattern.len() <= limits.regex {
        let somewhere = Pattern::compile(pattern, false, limits.regex_compiled);
        let whole = Pattern::compile(pattern, true, limits.regex_compiled);
        match (&somewhere, &whole) {
            (Ok(somewhere), Ok(whole)) => {
                assert!(
                    !whole.is_match(text) || somewhere.is_match(text),
                    "{pattern} is the whole of {text}, and not found in it"
                );
            }
            (Err(error), _) | (_, Err(error)) => {
                assert!(error.start <= error.end, "{pattern}: an error ends before it starts");
                assert!(pattern.get(error.start..error.end).is_some(), "{pattern}: an error is nowhere");
                is_for_people(&error.message, pattern);
            }
        }
    }
    let rule = format!("currentTxn.notes.matches(\"{}\")", escaped(pattern));
    if let Some(rule) = rule_of(Form::Dsl, &rule) {
        let again = rule_of(Form::Dsl, &rule.to_text());
        assert!(again == Some(rule), "the canonical text says something else: {pattern}");
    }
}

/// A payload is read or refused for a reason, and so is each of its targets.
pub fn payload_in(data: &[u8]) {
    let payload = text_of(data);
    let limits = Limits::default();
    let schema = Schema::standard();
    let source = Source::new(Form::Payload, payload);
    let answer = match EnrolledTargets::read(payload, &limits) {
        Ok(answer) => answer,
        Err(refused) => return is_a_refusal(&refused, &[source]),
    };
    let document: serde_json::Value = serde_json::from_str(payload).unwrap_or_default();
    for (position, target) in answer.data.iter().flatten().enumerate() {
        // Pointers of what is found in a target count from the target.
        let own = document.pointer(&format!("/data/{position}")).map(ToString::to_string);
        match target.check(&schema, &limits) {
            Ok(checked) => survives_every_form(checked.rule()),
            Err(refused) => {
                let text = target.expression.as_ref().map_or("", |expression| expression.text());
                let tree = target.expression_json.as_deref().unwrap_or("");
                let kinds = target.filters.iter().flatten().map(|filter| filter.entity_type.text());
                let mut sources =
                    vec![Source::new(Form::Tree, tree), Source::new(Form::Payload, own.unwrap_or_default())];
                sources.extend(kinds.chain([text]).map(|text| Source::new(Form::Dsl, text)));
                is_a_refusal(&refused, &sources);
            }
        }
    }
}

/// A document of targets is read and written back without loss, or refused for
/// a reason; and each of its targets is checked with places inside it.
pub fn document_in(data: &[u8]) {
    let text = text_of(data);
    let limits = Limits::default();
    let source = Source::new(Form::Payload, text);
    match TargetDocument::read(text, &limits) {
        Ok(document) => {
            let written = must(serde_json::to_string(&document), "a document is written as JSON");
            let again = must(TargetDocument::read(&written, &limits), "what was written is read");
            assert_eq!(again, document, "a document changes on its way through its text");
        }
        Err(refused) => is_a_refusal(&refused, std::slice::from_ref(&source)),
    }
    match Payload::read(text, &limits) {
        Ok(payload) => {
            for report in payload.targets().map(|target| target.check(&Schema::standard(), &limits)) {
                // A group that lists no targets and is only warned of is no target.
                let group = report.ok && report.id.is_none() && report.target.is_none();
                assert!(group || report.ok == report.target.is_some(), "a target is refused for no reason");
                for found in &report.diagnostics {
                    let span = found.file.span;
                    assert!(text.get(span.start..span.end).is_some(), "a place outside the document");
                }
            }
        }
        Err(refused) => is_a_refusal(&refused, &[source]),
    }
}

/// Activities, one a line, are booked in any order with the same state; the
/// state is written and read without loss; and any text is taken up as a state
/// or refused for a reason.
pub fn progress_in(data: &[u8]) {
    let input = text_of(data);
    let limits = Limits::default();
    let mut forth = LEDGER.clone();
    let mut batch = Vec::new();
    for line in input.lines() {
        match forth.read(line, &limits) {
            Ok(activity) => {
                for standing in forth.standings(&activity) {
                    assert!(standing.reason.is_none() || standing.result == Truth::False, "{standing:?}");
                }
                batch.extend(forth.weigh(&activity));
            }
            Err(refused) => is_a_refusal(&refused, &[Source::new(Form::Payload, line)]),
        }
    }
    let mut back = forth.clone();
    back.book(batch.iter().rev().cloned().collect());
    forth.book(batch.clone());
    assert_eq!(back.state(), forth.state(), "the order of a batch changes what is booked");
    must(back.resume(&forth.state(), &limits), "a state is read");
    assert_eq!(back.state(), forth.state(), "a state changes on its way through its text");
    // Once more: all of it is known, and so are the cycles that it is from.
    forth.book(batch);
    forth.progress().for_each(|line| assert_eq!(line.reached, line.achieved >= line.defined.into()));
    match back.resume(input, &limits) {
        Ok(()) => {
            let state = back.state();
            must(forth.resume(&state, &limits), "a state is read");
            assert_eq!(forth.state(), state, "a state changes on its way through its text");
        }
        Err(refused) => is_a_refusal(&refused, &[Source::new(Form::Payload, input)]),
    }
}

/// What must be there; the promise is broken where it is not.
fn must<T, E: std::fmt::Display>(result: Result<T, E>, what: &str) -> T {
    result.unwrap_or_else(|error| panic!("{what}: {error}"))
}

/// A ledger with windows of every kind.
static LEDGER: LazyLock<Ledger> = LazyLock::new(|| {
    let limits = Limits::default();
    let targets = r#""targets": [
        {"id": ID1, "expression": "true", "targetType": "SALES", "targetEntity": "TRANSACTION", "defaultValues": [{"defaultValue": 5}]},
        {"id": ID2, "expression": "currentLineItem.qty>1", "targetType": "QUANTITY", "targetEntity": "LINEITEM", "defaultValues": [{"defaultValue": 5}]},
        {"id": ID3, "expression": "true", "targetType": "EXTENDED_FIELD", "targetEntity": "TRANSACTION", "defaultValues": [{"defaultValue": 5}],
         "extendedFieldInfo": {"name": "f", "aggregateFunction": "SUM", "aggregateWindow": {"windowType": "MAX", "windowTimeUnit": "DAY"}}}]"#;
    let group = |id: &str, more: &str| format!(r#"{{"id": {id}, {more}, {}}}"#, targets.replace("ID", id));
    let payload = format!(
        r#"{{"data": [{}, {}, {}]}}"#,
        group("1", r#""periods": [{"id": 7, "startDate": "2026-01-01", "endDate": "2026-01-31"}]"#),
        group("2", r#""targetEvaluationType": "CYCLIC_WINDOW", "frequencyType": "DAILY", "offsetDays": 1"#),
        group("3", r#""targetEvaluationType": "PERIOD_AGNOSTIC_WINDOW", "offsetDays": 1"#),
    );
    let payload = must(Payload::read(payload, &limits), "a payload");
    let reports = payload.targets().map(|target| target.check(&Schema::standard(), &limits));
    let targets: Vec<_> =
        reports.map(|report| must(report.target.ok_or("it is refused"), "a target")).collect();
    let enrolments: Vec<String> =
        targets.iter().map(|target| format!(r#"{{"userId": 1, "targetId": {}}}"#, target.id())).collect();
    let enrolments = format!("[{}]", enrolments.join(","));
    let enrolments = must(Enrolments::read(&enrolments, &targets, &limits), "enrolments");
    must(Ledger::new(targets, enrolments, Zone::UTC), "a ledger")
});

/// A schema file is read or refused for a reason. What it makes of the standard
/// schema is all that is written of it, and rules can name what it adds; what
/// was known keeps its type.
pub fn schema_in(data: &[u8]) {
    let file = text_of(data);
    let limits = Limits::default();
    let standard = Schema::standard();
    let schema = match standard.with(file, &limits) {
        Ok(schema) => schema,
        Err(refused) => return is_a_refusal(&refused, &[Source::new(Form::Payload, file)]),
    };
    let written = serde_json::to_string(&schema).unwrap_or_default();
    for base in [&standard, &schema] {
        match base.with(&written, &limits) {
            Ok(again) => assert!(again == schema, "what is written is another schema: {file}"),
            Err(refused) => panic!("what is written is refused: {refused}: {file}"),
        }
    }
    assert!(schema.with(file, &limits).as_ref() == Ok(&schema), "a second time adds something: {file}");
    let table = schema.to_string();
    assert!(table.lines().all(|line| !line.contains(char::is_control)), "no row a line: {file}");
    let accepted = |rule: &str| {
        let ast = Ast::from_text(rule, &limits);
        let checked = ast.map(|ast| ast.check(&schema, &limits)).and_then(Checked::into_rule);
        checked.unwrap_or_else(|refused| panic!("{rule} is refused: {refused}: {file}"))
    };
    accepted("currentTxn.value>500&&currentCustomer.isLoyal&&currentTxn.date.isWeekend()");
    let written: serde_json::Value = serde_json::from_str(&written).unwrap_or_default();
    let members = |value: Option<&serde_json::Value>| value.and_then(|value| value.as_object()).cloned();
    for (profile, entry) in members(written.get("profiles")).into_iter().flatten() {
        let attributes = members(entry.get("attributes")).into_iter().flatten();
        for (attribute, _) in attributes.filter(|(name, _)| file.contains(name.as_str())).take(20) {
            let rule = accepted(&format!("{profile}.{attribute}.isNull()"));
            let layout = Layout::of([&rule]);
            if let Ok(transaction) = layout.read("{}", &limits) {
                decides(&rule, &transaction);
            }
        }
    }
}

/// The text of an input; of one that is not UTF-8, the part before it fails.
fn text_of(data: &[u8]) -> &str {
    match std::str::from_utf8(data) {
        Ok(text) => text,
        Err(error) => {
            data.get(..error.valid_up_to()).and_then(|text| str::from_utf8(text).ok()).unwrap_or("")
        }
    }
}

/// A text as it stands between the quotes of a string.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"")
}

fn read_and_check(form: Form, text: &str) -> Result<Checked, Diagnostics> {
    let limits = Limits::default();
    let ast = match form {
        Form::Tree => Ast::from_tree(text, &limits)?,
        _ => Ast::from_text(text, &limits)?,
    };
    Ok(ast.check(&Schema::standard(), &limits))
}

/// The rule of a form, or `None` where it is refused as it should be.
fn rule_of(form: Form, text: &str) -> Option<Rule> {
    let sources = [Source::new(form, text)];
    match read_and_check(form, text) {
        Err(refused) => {
            is_a_refusal(&refused, &sources);
            None
        }
        Ok(checked) => {
            is_well_said(checked.diagnostics(), &sources);
            assert_eq!(
                checked.rule().is_none(),
                checked.diagnostics().has_errors(),
                "accepted with an error, or refused without one: {text}"
            );
            checked.rule().cloned()
        }
    }
}

/// Text, tree, and back again say the same, and say it the same way.
fn survives_every_form(rule: &Rule) {
    let limits = Limits::default();
    let text = rule.to_text();
    let read = |form: Form, written: &str| -> Rule {
        let checked = read_and_check(form, written);
        let rule = checked.and_then(Checked::into_rule);
        rule.unwrap_or_else(|refused| panic!("what was written is refused: {refused}: {written}"))
    };
    let from_text = read(Form::Dsl, &text);
    assert!(from_text == *rule, "the canonical text says something else: {text}");
    assert_eq!(from_text.to_text(), text, "the canonical text has a canonical text of its own");
    let mut trees = Vec::new();
    for style in [TreeStyle::Compact, TreeStyle::Spaced, TreeStyle::Pretty] {
        let tree = match rule.to_tree(style, limits.rule_tree) {
            Ok(tree) => tree,
            Err(too_large) => {
                is_for_people(&too_large.to_string(), "");
                continue;
            }
        };
        let from_tree = read(Form::Tree, &tree);
        assert!(from_tree == *rule, "the tree says something else: {text}");
        assert_eq!(from_tree.to_text(), text, "the tree's text is another");
        assert_eq!(from_tree.to_tree(style, limits.rule_tree).as_deref(), Ok(tree.as_str()), "{text}");
        let ast_of_text = Ast::from_text(&text, &limits);
        let ast_of_tree = Ast::from_tree(&tree, &limits);
        assert!(ast_of_text.is_ok() && ast_of_text == ast_of_tree, "both doors read another tree: {text}");
        trees.push((tree, from_tree));
    }
    if let Some((tree, from_tree)) = trees.first() {
        let (both, said) = check_forms_whole(Some(&text), Some(tree), &Schema::standard(), &limits);
        assert!(both.is_some(), "both forms of one rule disagree: {said}: {text}");
        for transaction in &RULES.samples {
            let of_rule = decides(rule, transaction);
            for (form, other) in [("text", &from_text), ("tree", from_tree)] {
                let of_other = decides(other, transaction);
                let same = of_rule.result == of_other.result
                    && of_rule.absent == of_other.absent
                    && of_rule.items == of_other.items
                    && of_rule.faults.len() == of_other.faults.len();
                assert!(same, "the rule and its {form} decide otherwise: {text}");
            }
        }
    }
}

/// The decision in the first zone, after the promises on it in every zone.
fn decides(rule: &Rule, transaction: &Transaction) -> Decision {
    let text = rule.to_text();
    let mut first = None;
    for zone in &RULES.zones {
        let decision = rule.decide(transaction, zone);
        let reasons = decision.absent.len() + decision.faults.len();
        assert_eq!(decision.result == Truth::Unknown, reasons > 0, "unknown, and not why: {text}");
        assert!(decision.absent.is_sorted_by(|left, right| left < right), "unsorted: {text}");
        let in_order =
            |left: &Fault, right: &Fault| (left.span, left.code.name()) < (right.span, right.code.name());
        assert!(decision.faults.is_sorted_by(in_order), "unsorted: {text}");
        for name in &decision.absent {
            assert!(text.contains(name.as_str()), "`{name}` is not named so by {text}");
        }
        assert!(decision.items.is_sorted_by(|left, right| left < right), "unsorted items: {text}");
        let counts = decision.result == Truth::True && rule.unrolls();
        assert_eq!(!decision.items.is_empty(), counts, "items for nothing, or none for something: {text}");
        // Every engine decides as the plain walker does, reasons included.
        let mut scratch = Scratch::default();
        if let Ok(program) = transaction.layout().compile(rule) {
            let mut evaluation = Evaluation::new(transaction, zone, &mut scratch);
            assert_eq!(program.decision(&mut evaluation), decision, "the program dissents: {text}");
        }
        let explanation = rule.explain(transaction, zone);
        assert_eq!(explanation.decision, decision, "explained as it is not decided: {text}");
        assert!(explanation.to_html().ends_with("</html>\n") && !explanation.to_text(Colour::Off).is_empty());
        first.get_or_insert(decision);
    }
    first.unwrap_or_else(|| panic!("no zone is tried"))
}

/// Rules as a set decide as one by one, reasons included.
fn set_decides(set: &RuleSet<usize>, rules: &BTreeMap<usize, Rule>, document: &str) {
    let Ok(transaction) = set.layout().read(document, &Limits::default()) else { return };
    let mut scratch = Scratch::default();
    for zone in &RULES.zones {
        let mut evaluation = Evaluation::new(&transaction, zone, &mut scratch);
        let mut matching = Vec::new();
        let decided = set.decide(&mut evaluation, |id, items| matching.push((*id, items.to_vec())));
        assert!(decided.is_ok(), "the set does not decide for its own layout");
        let undecided = set.undecided(&mut evaluation).unwrap_or_default();
        assert!(matching.iter().all(|(id, _)| rules.contains_key(id)), "a rule that is not there is true");
        for (&id, rule) in rules {
            let decision = rule.decide(&transaction, zone);
            let items = matching.iter().find(|(matched, _)| *matched == id).map(|(_, items)| items);
            let expected = (decision.result == Truth::True).then_some(&decision.items);
            assert_eq!(items, expected, "the set dissents: {}", rule.to_text());
            let reasons = undecided.iter().find(|one| *one.id == id).map(|one| (&one.absent, &one.faults));
            let expected =
                (decision.result == Truth::Unknown).then_some((&decision.absent, &decision.faults));
            assert_eq!(reasons, expected, "the set's reasons dissent: {}", rule.to_text());
        }
    }
}

/// A refusal has at least one error, and all of it is well said.
fn is_a_refusal(refused: &Diagnostics, sources: &[Source]) {
    assert!(refused.has_errors(), "refused without an error");
    is_well_said(refused, sources);
}

/// Each diagnostic has its place in the input, and words for people.
fn is_well_said(diagnostics: &Diagnostics, sources: &[Source]) {
    let limits = Limits::default();
    let errors = diagnostics.iter().filter(|diagnostic| diagnostic.is_error()).count();
    assert!(errors <= limits.errors * sources.len(), "{errors} errors are reported");
    // Of two equal keys serde_json knows the last only.
    let twice = diagnostics.iter().any(|diagnostic| diagnostic.code.name() == "duplicate-key");
    for diagnostic in diagnostics {
        assert_eq!(diagnostic.severity == Severity::Error, diagnostic.is_error());
        assert_eq!(diagnostic.severity, diagnostic.code.severity(), "{}", diagnostic.code);
        assert!(!diagnostic.code.name().is_empty());
        // A fault may come before the second of two equal keys is met.
        let twice = twice || has_a_step_twice(diagnostic, sources);
        let home = sources.iter().find(|source| stands_in(diagnostic, source, twice));
        let Some(source) = home else {
            panic!("the place of {}: {} is not in the input", diagnostic.code, diagnostic.message);
        };
        // What is shortened may be so after a full stop of what is quoted.
        let message = &diagnostic.message;
        assert!(message.ends_with("...") || !message.ends_with('.'), "a full stop: {message}");
        is_for_people(&diagnostic.message, source.text());
        is_for_people_or_empty(&diagnostic.note, source.text());
        is_for_people_or_empty(diagnostic.help.as_deref().unwrap_or(""), source.text());
        for label in &diagnostic.labels {
            is_for_people(&label.message, source.text());
        }
        for suggestion in &diagnostic.suggestions {
            let edits = suggestion.edits();
            let outside = |edit: &Edit| source.text().get(edit.span.start..edit.span.end).is_none();
            assert!(!edits.is_empty() && !edits.iter().any(outside), "{edits:?} are not in the input");
            let overlap =
                edits.iter().zip(edits.iter().skip(1)).any(|(edit, next)| edit.span.end > next.span.start);
            assert!(!overlap, "{edits:?} overlap");
            Suggestion::apply_all(source.text(), [suggestion]);
        }
        for colour in [Colour::Off, Colour::On] {
            let shown = render(diagnostic, source, "rule", colour);
            assert!(shown.contains(diagnostic.code.name()) && shown.ends_with('\n'), "{shown}");
        }
        assert!(serde_json::to_string(diagnostic).is_ok());
    }
}

/// Whether a diagnostic and its labels have their places in a source, and line,
/// column and pointer are those of the place.
fn stands_in(diagnostic: &Diagnostic, source: &Source, twice: bool) -> bool {
    let text = source.text();
    let span = diagnostic.span;
    let inside = |start: usize, end: usize| start <= end && text.get(start..end).is_some();
    if diagnostic.form != source.form() || !inside(span.start, span.end) {
        return false;
    }
    let before = text.get(..span.start).unwrap_or("");
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    let column = before.get(line_start..).unwrap_or("").encode_utf16().count() + 1;
    diagnostic.line == before.matches('\n').count() + 1
        && diagnostic.column == column
        && diagnostic.labels.iter().all(|label| inside(label.span.start, label.span.end))
        && diagnostic.pointer.is_some() == (diagnostic.form != Form::Dsl)
        && (twice || points_at_something(diagnostic, text))
}

/// A pointer into a document that is JSON leads to a value of it.
fn points_at_something(diagnostic: &Diagnostic, text: &str) -> bool {
    let Some(pointer) = &diagnostic.pointer else { return true };
    match serde_json::from_str::<serde_json::Value>(text) {
        // The same of keys that are found out one by one.
        Ok(_) if matches!(diagnostic.code.name(), "ambiguous-key" | "limit") => true,
        Ok(document) => document.pointer(pointer).is_some(),
        Err(_) => true,
    }
}

/// Whether a key on the way to the fault stands in the text twice.
fn has_a_step_twice(diagnostic: &Diagnostic, sources: &[Source]) -> bool {
    let pointer = diagnostic.pointer.as_deref().unwrap_or("");
    let twice = |step: &str| {
        let key = format!("\"{step}\"");
        sources.iter().any(|source| source.text().matches(&key).count() > 1)
    };
    pointer.split('/').skip(1).any(twice)
}

fn is_for_people_or_empty(words: &str, input: &str) {
    if !words.is_empty() {
        is_for_people(words, input);
    }
}

/// No debug output and no names of this program: whatever looks like them
/// must be quoted from the input.
fn is_for_people(words: &str, input: &str) {
    const MARKS: [&str; 21] = [
        "Some(",
        "None",
        "Ok(",
        "Err(",
        "::",
        " { ",
        "Error",
        "Vec<",
        "Option",
        "String",
        "&str",
        "u8",
        "u32",
        "i64",
        "u64",
        "f64",
        "usize",
        "struct",
        "unknown variant",
        "\\u{",
        "Span",
    ];
    assert!(!words.trim().is_empty(), "nothing is said");
    assert_eq!(words.trim(), words, "white space around `{words}`");
    // A JSON escape may hide what is quoted.
    if input.contains("\\u") {
        return;
    }
    // What is quoted has a blank for each character that cannot be seen.
    let seen = input.replace(char::is_control, " ");
    for mark in MARKS {
        assert!(!has_word(words, mark) || seen.contains(mark), "`{mark}` in: {words}");
    }
}

/// Whether a mark stands there and is not a part of a longer word.
fn has_word(words: &str, mark: &str) -> bool {
    let is_letter = |letter: Option<char>| letter.is_some_and(char::is_alphanumeric);
    words.match_indices(mark).any(|(at, _)| {
        let before = words.get(..at).and_then(|before| before.chars().next_back());
        let after = words.get(at + mark.len()..).and_then(|after| after.chars().next());
        let continues = |outside, inside: Option<char>| is_letter(outside) && is_letter(inside);
        !continues(before, mark.chars().next()) && !continues(after, mark.chars().next_back())
    })
}

/// Rules of every type, the layout that they read, and what they are tried with.
struct Rules {
    rules: BTreeMap<usize, Rule>,
    layout: Layout,
    set: RuleSet<usize>,
    zones: Vec<Zone>,
    samples: Vec<Transaction>,
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

const SAMPLES: [&str; 3] = [
    "{}",
    r#"{"currentTxn":{"number":"num-1784","date":"2024-07-29T22:20:20.000+0000","value":2500.00,"discount":0,"points":1e13,
        "notes":"GIFT12","lineItems":[{"code":"221900","qty":2,"rate":100.0,"discount":10,
        "attributes":{"brand":"Puma","category":"sneakers/low"}},{"qty":1.5,"amount":3,"discount":0,"value":0}],
        "customFields":{"bank":["SBI","HDFC"]}},"currentCustomer":{"firstname":"Asha","name":"Asha Rao","isLoyal":true,
        "joinDate":1723193084000,"slabExpiryDate":"never","isGroupMember":"Yes"},"currentStore":{"code":"6TM"}}"#,
    r#"{"currentTxn":{"date":"9999-12-31T23:59:59Z","value":"-0.10","lineItems":[]},
        "currentCustomer":{"joinDate":"0001-01-01","isLoyal":false,"customFields":{}}}"#,
];

static RULES: LazyLock<Rules> = LazyLock::new(|| {
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
