//! Every call of targets and their ledger that benchmarks time, in one place: a
//! copy of this file is all that changes where the calls do, so that the same
//! measurements run on builds before and after a change.

use loyalty_targets::{CheckedTarget, Enrolments, Ledger, Payload, TargetSet, UnknownDetail, Workspace};
use target_rules::{Evaluation, Limits, Schema, Scratch, Transaction, Truth, Zone};

/// The checked targets of a payload.
pub fn targets(payload: &str, schema: &Schema, limits: &Limits) -> Vec<CheckedTarget> {
    let payload = Payload::read(payload, limits).unwrap();
    let reports = payload.targets().map(|target| target.check(schema, limits));
    reports.map(|report| report.target.unwrap()).collect()
}

/// All targets, and what deciding them needs.
pub struct Decider {
    set: TargetSet,
    transaction: Transaction,
    scratch: Scratch,
}

impl Decider {
    pub fn new(targets: Vec<CheckedTarget>) -> Decider {
        let set = TargetSet::new(targets).unwrap();
        let transaction = set.layout().blank();
        Decider { set, transaction, scratch: Scratch::default() }
    }

    /// Reads a bill and gives the ids of the targets that it counts for, in order.
    pub fn decide(&mut self, line: &str, zone: &Zone, limits: &Limits, mut found: impl FnMut(i64)) {
        self.set.layout().read_into(line, limits, &mut self.transaction).unwrap();
        let mut evaluation = Evaluation::new(&self.transaction, zone, &mut self.scratch);
        let decided =
            self.set.decide(&mut evaluation, UnknownDetail::None, |decision| found(decision.target.id()));
        decided.unwrap();
    }

    /// The same, one target after the other.
    pub fn one_by_one(&self, line: &str, zone: &Zone, limits: &Limits) -> Vec<i64> {
        let transaction = self.set.layout().read(line, limits).unwrap();
        let targets = self.set.targets();
        let eligible = targets.filter(|target| target.decide(&transaction, zone).result == Truth::True);
        eligible.map(CheckedTarget::id).collect()
    }
}

/// A ledger, and what its thread reads bills in.
#[derive(Clone)]
pub struct Books {
    ledger: Ledger,
    workspace: Workspace,
}

/// A ledger without a booking.
pub fn open(targets: Vec<CheckedTarget>, enrolments: &str, zone: &Zone) -> Books {
    // A benchmark has more enrolments than a file may have by default.
    let mut limits = Limits::default();
    limits.payload = usize::MAX;
    let enrolments = Enrolments::read(enrolments, &targets, &limits).unwrap();
    let ledger = Ledger::new(targets, enrolments, zone.clone()).unwrap();
    Books { workspace: ledger.workspace(), ledger }
}

/// Reads and books all bills as one batch, on one thread.
pub fn book(books: &mut Books, lines: &[String], limits: &Limits) {
    let Books { ledger, workspace } = books;
    let mut batch = Vec::new();
    for line in lines {
        batch.extend(workspace.weigh(ledger, line, limits).unwrap());
    }
    ledger.book(batch);
}

/// Reads and books one bill.
pub fn post(books: &mut Books, line: &str, limits: &Limits) {
    let Books { ledger, workspace } = books;
    let weighed = workspace.weigh(ledger, line, limits).unwrap();
    ledger.book(weighed);
}

/// The lines of progress; how many bytes of JSON they are.
pub fn report(books: &Books, mut line: impl FnMut(String)) {
    for progress in books.ledger.progress() {
        line(serde_json::to_string(&progress).unwrap());
    }
}
