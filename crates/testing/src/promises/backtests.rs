//! Promises of a backtest: files that hold anything, cut anywhere.

use std::sync::atomic::AtomicBool;

use target_rules::{Ast, Limits, Rule, Schema};
use target_rules_backtest::{Files, Options, PlainReading, Plan, Report, Subject, run};

use super::inputs::must;

const RULES: [&str; 3] = [
    "currentTxn.value>5&&currentCustomer.slabName==\"Gold\"",
    "currentLineItem.qty>=2&&currentLineItem.rate>1",
    "currentTxn.basketSum(\"brand\",\"Puma\")>20||currentTxn.date.isWeekend()",
];

fn rule(text: &str) -> Rule {
    let limits = Limits::default();
    let ast = must(Ast::from_text(text, &limits), "it is a rule");
    must(ast.check(&Schema::standard(), &limits).into_rule(), "it checks")
}

/// What is told of a file; or why nothing is.
fn told(path: &str, change: impl FnOnce(&mut Options)) -> Result<Report, String> {
    let mut options = Options::default();
    change(&mut options);
    let subjects = RULES.map(|text| Subject::rule(text, rule(text))).into();
    let plan = must(Plan::new(subjects, None, options), "it is a plan");
    let files = Files::of(&[path.to_owned()]).map_err(|error| error.to_string())?;
    let finished = run(&plan, &files, &PlainReading, &AtomicBool::new(false), &mut |_| {});
    finished.map(|finished| finished.report).map_err(|error| error.to_string())
}

/// A file of anything, of which the first byte says how it is cut: it is counted the same in
/// one part as in many, or refused the same; each document is in one count.
pub fn backtest_in(data: &[u8]) {
    let Some((cut, content)) = data.split_first() else { return };
    let file = must(tempfile::NamedTempFile::new(), "there is room");
    must(std::fs::write(file.path(), content), "there is room");
    let path = file.path().display().to_string();
    let whole = told(&path, |options| (options.threads, options.split_bytes) = (Some(1), u64::MAX));
    let cut = told(&path, |options| {
        (options.threads, options.memory) = (Some(2), 0);
        options.split_bytes = u64::from(*cut).saturating_add(1);
    });
    assert_eq!(whole, cut);
    let Ok(report) = whole else { return };
    let input = &report.input;
    let documents: u64 = input.files.iter().map(|file| file.documents).sum();
    assert_eq!(input.transactions + input.unreadable, documents);
    for target in &report.targets {
        assert_eq!(target.eligible + target.not_eligible + target.unknown, input.transactions);
        let in_bands: u64 = target.hits_by_customer.iter().map(|band| band.customers).sum();
        assert_eq!(in_bands, target.customers);
    }
    for focus in &report.focus {
        let rejected: u64 = focus.clauses.iter().map(|clause| clause.rejects_first).sum();
        let hits = report.targets.iter().find(|target| target.id == focus.id).map(|target| target.eligible);
        assert_eq!(Some(input.transactions - rejected), hits, "the funnel ends with the hits");
    }
    let json = must(serde_json::to_string(&report), "it is JSON");
    assert_eq!(must(serde_json::from_str::<Report>(&json), "it is read again"), report);
}

/// A Parquet file of anything, of which the first byte says on how many threads it is read: its
/// rows are counted the same as on one, or it is refused on both; each row is in one count. In
/// a build that doesn't read such files it is refused.
pub fn columns_in(data: &[u8]) {
    let Some((threads, content)) = data.split_first() else { return };
    let file = must(tempfile::NamedTempFile::new(), "there is room");
    must(std::fs::write(file.path(), content), "there is room");
    let path = file.path().display().to_string();
    let whole = told(&path, |options| options.threads = Some(1));
    let shared = told(&path, |options| {
        (options.threads, options.memory) = (Some(usize::from(threads % 7) + 1), 0);
    });
    // Of several faults the one is told that a thread meets first.
    let (Ok(report), Ok(shared)) = (&whole, &shared) else {
        assert_eq!(whole.is_err(), shared.is_err());
        return;
    };
    assert_eq!(report, shared);
    let input = &report.input;
    let rows: u64 = input.files.iter().map(|file| file.documents).sum();
    assert_eq!(input.transactions + input.unreadable, rows);
    for target in &report.targets {
        assert_eq!(target.eligible + target.not_eligible + target.unknown, input.transactions);
    }
}
