//! Promises of documents that are held against what rules read.

use std::sync::LazyLock;

use target_rules::audit::{Audit, Finding};
use target_rules::diagnostic::{Colour, Severity};
use target_rules::{Ast, Layout, Limits, Rule, Schema};

use super::inputs::{must, text_of};

/// Documents, one a line, are held against the schema and against what rules
/// read: an error is found exactly in those that are refused, every finding has
/// its places in the input, and as many are kept as may be.
pub fn audit_in(data: &[u8]) {
    let input = text_of(data);
    let schema = Schema::standard();
    let mut limits = Limits::default();
    (limits.findings, limits.places) = (20, 2);
    let layout = Layout::of(RULES.iter());
    for line in input.lines() {
        let mut audit = Audit::new(&schema, &limits).rules(RULES.iter());
        audit.add(line, 1);
        // Findings that are left out may have been errors.
        let errors = audit.findings().iter().filter(|found| found.severity == Severity::Error).count();
        let refused = layout.read(line, &limits).is_err();
        assert!(errors == 0 || refused, "an error in a document that is read: {line}");
        assert!(errors > 0 || !refused || audit.left_out() > 0, "a refusal is not found: {line}");
    }
    for rules in [&[][..], &RULES[..]] {
        let mut audit = Audit::new(&schema, &limits).rules(rules);
        for (number, line) in (1..).zip(input.lines()) {
            audit.add(line, number);
        }
        let findings = audit.findings();
        let placed = findings.iter().filter(|found| !found.places.is_empty());
        assert!(placed.clone().count() <= limits.findings, "too many findings are kept");
        for found in placed {
            assert!(found.places.len() <= limits.places.min(found.count), "too many places are kept");
            for place in &found.places {
                let line = input.lines().nth(place.line.wrapping_sub(1));
                let width = line.map(|line| line.encode_utf16().count());
                assert!(
                    width.is_some_and(|width| (1..=width.saturating_add(1)).contains(&place.column)),
                    "a place outside the input: {place:?}"
                );
            }
        }
        for found in &findings {
            let shown = found.to_text("documents", Colour::Off);
            let acts = |character: char| character.is_control() && character != '\n';
            assert!(!shown.contains(acts), "what is shown acts on a terminal");
            let json = must(serde_json::to_string(found), "a finding is written");
            let read: Finding = must(serde_json::from_str(&json), "a finding is read");
            assert_eq!(read, *found, "a finding changes on its way");
        }
    }
}

/// Rules that read something of every kind.
static RULES: LazyLock<Vec<Rule>> = LazyLock::new(|| {
    let texts = [
        "currentTxn.value>500&&currentTxn.notes==\"a\"&&currentTxn.date.year()==2026",
        "currentTxn.basketSum(\"brand\",\"a\")>1||currentTxn.grossAmount>5",
        "currentTxn.basketIncludes(\"sku_code\",\"a\")",
        "currentLineItem.code==\"a\"&&currentLineItem.extField_channel==\"b\"",
        "tenderProfile.amount>5",
        "currentTxn.extField_channel==\"a\"&&currentCustomer.joinDate.isWeekend()",
        "currentTxn.customFieldValueIncludes(\"bank\",\"a\")",
        "currentCustomer.clusterValueIncludes(\"Style\",\"a\")",
        "currentEvent.targetAchieved(\"X\")>3&&currentCustomer.isLoyal",
    ];
    let (limits, schema) = (Limits::default(), Schema::standard());
    let rule = |text: &str| {
        let ast = must(Ast::from_text(text, &limits), text);
        must(ast.check(&schema, &limits).into_rule(), text)
    };
    texts.into_iter().map(rule).collect()
});
