//! W7: rules as people write them, on bills on which much is absent; whole and
//! by kind.

use std::collections::BTreeSet;
use std::hint::black_box;

use target_rules::{Evaluation, Layout, Program, Rule, RuleSet, Scratch, Transaction, Truth};

use crate::Setting;
use target_rules_testing::workloads::clock::{Pace, alternately, count, figure, task};
use target_rules_testing::workloads::documented::{self, KINDS, Kind, Origin};
use target_rules_testing::workloads::documented_bills::bills;
use target_rules_testing::workloads::set_calls;

const ROUNDS: usize = 9;

/// Rules of a kind as a set and one by one, and bills.
struct Workload<'s> {
    setting: &'s Setting,
    set: RuleSet<usize>,
    programs: Vec<Program>,
    lines: Vec<String>,
    of_set: Vec<Transaction>,
    of_programs: Vec<Transaction>,
    /// How many rules differ.
    differing: usize,
    /// How many decisions are true, and how many unknown, in percent.
    holds: f64,
    unknown: f64,
}

impl<'s> Workload<'s> {
    fn new(setting: &'s Setting, kind: &Kind, rules: usize, bills_read: usize) -> Workload<'s> {
        let (schema, limits) = (&setting.schema, &setting.limits);
        let texts = documented::rules(Origin::best(), kind, rules, 0, schema, limits);
        let differing = texts.iter().map(|(text, _)| text).collect::<BTreeSet<_>>().len();
        let rules: Vec<Rule> = texts.into_iter().map(|(_, rule)| rule).collect();
        let set = RuleSet::new(rules.iter().cloned().enumerate()).unwrap();
        let layout = Layout::of(&rules);
        let programs: Vec<Program> = rules.iter().map(|rule| layout.compile(rule).unwrap()).collect();
        let lines = bills(bills_read, 0);
        let read = |layout: &Layout| -> Vec<Transaction> {
            lines.iter().map(|line| layout.read(line, limits).unwrap()).collect()
        };
        let (of_set, of_programs) = (read(set.layout()), read(&layout));
        let (holds, unknown) = (0.0, 0.0);
        let mut workload =
            Workload { setting, set, programs, lines, of_set, of_programs, differing, holds, unknown };
        workload.judge();
        workload
    }

    /// Asserts that the set decides as its rules do, and counts.
    fn judge(&mut self) {
        let zone = &self.setting.zone;
        let (mut scratch, mut holds, mut unknown) = (Scratch::default(), 0, 0);
        for (number, (of_set, of_programs)) in self.of_set.iter().zip(&self.of_programs).enumerate() {
            let (mut true_of_set, mut unknown_of_set) = (Vec::new(), Vec::new());
            let mut evaluation = Evaluation::new(of_set, zone, &mut scratch);
            set_calls::matching_and_unknown(
                &self.set,
                &mut evaluation,
                |id, items| true_of_set.push((*id, items.to_vec())),
                |id| unknown_of_set.push(*id),
            );
            let (mut true_of_rules, mut unknown_of_rules) = (Vec::new(), Vec::new());
            let mut evaluation = Evaluation::new(of_programs, zone, &mut scratch);
            for (id, program) in self.programs.iter().enumerate() {
                match program.decide(&mut evaluation) {
                    Truth::True => true_of_rules.push((id, evaluation.items().to_vec())),
                    Truth::Unknown => unknown_of_rules.push(id),
                    Truth::False => {}
                }
            }
            true_of_set.sort_unstable();
            unknown_of_set.sort_unstable();
            assert_eq!(true_of_set, true_of_rules, "the set holds otherwise on bill {number}");
            assert_eq!(unknown_of_set, unknown_of_rules, "the set knows otherwise on bill {number}");
            holds += true_of_rules.len();
            unknown += unknown_of_rules.len();
        }
        let all = (self.programs.len() * self.lines.len()) as f64;
        (self.holds, self.unknown) = (holds as f64 * 100.0 / all, unknown as f64 * 100.0 / all);
        self.judge_reasons();
    }

    /// The reasons of some bills are those of the interpreter.
    fn judge_reasons(&self) {
        let zone = &self.setting.zone;
        let mut scratch = Scratch::default();
        for of_set in self.of_set.iter().take(2) {
            let mut evaluation = Evaluation::new(of_set, zone, &mut scratch);
            let mut found = Vec::new();
            set_calls::reasons(&self.set, &mut evaluation, |id, absent, faults| {
                found.push((*id, absent.to_vec(), faults));
            });
            found.sort_unstable();
            let decisions = self.programs.iter().map(|program| program.rule().decide(of_set, zone));
            let unknown = decisions.enumerate().filter(|(_, decision)| decision.result.is_unknown());
            let expected = unknown.map(|(id, decision)| (id, decision.absent, decision.faults.len()));
            assert!(found == expected.collect::<Vec<_>>(), "the set has other reasons");
        }
    }

    /// The figures of tasks that take turns, each of which goes through all
    /// bills in a call; per bill.
    fn paces(&self, tasks: Vec<Box<dyn FnMut(usize) -> usize + '_>>, rounds: usize) -> Vec<Pace> {
        let tasks = tasks
            .into_iter()
            .map(|mut call| task(move || (0..self.lines.len()).map(&mut call).sum::<usize>()));
        let mut paces = alternately(tasks.collect(), self.setting.of(rounds, 3));
        for pace in &mut paces {
            pace.nanoseconds /= self.lines.len() as f64;
        }
        paces
    }

    fn reading(&self) -> Box<dyn FnMut(usize) -> usize + '_> {
        let mut transaction = self.set.layout().blank();
        Box::new(move |number| {
            let line = black_box(&self.lines[number]);
            self.set.layout().read_into(line, &self.setting.limits, &mut transaction).unwrap();
            line.len()
        })
    }

    fn one_by_one(&self) -> Box<dyn FnMut(usize) -> usize + '_> {
        let mut scratch = Scratch::default();
        Box::new(move |number| {
            let transaction = black_box(&self.of_programs[number]);
            let mut evaluation = Evaluation::new(transaction, &self.setting.zone, &mut scratch);
            self.programs.iter().filter(|program| program.decide(&mut evaluation) == Truth::True).count()
        })
    }

    fn deciding(&self) -> Box<dyn FnMut(usize) -> usize + '_> {
        let (mut scratch, mut found) = (Scratch::default(), Vec::new());
        Box::new(move |number| {
            let transaction = black_box(&self.of_set[number]);
            let mut evaluation = Evaluation::new(transaction, &self.setting.zone, &mut scratch);
            found.clear();
            set_calls::matching(&self.set, &mut evaluation, |id, _| found.push(*id));
            found.len()
        })
    }

    fn deciding_with_unknown(&self) -> Box<dyn FnMut(usize) -> usize + '_> {
        let (mut scratch, mut found, mut unknown) = (Scratch::default(), Vec::new(), Vec::new());
        Box::new(move |number| {
            let transaction = black_box(&self.of_set[number]);
            let mut evaluation = Evaluation::new(transaction, &self.setting.zone, &mut scratch);
            found.clear();
            unknown.clear();
            set_calls::matching_and_unknown(
                &self.set,
                &mut evaluation,
                |id, _| found.push(*id),
                |id| unknown.push(*id),
            );
            found.len() + unknown.len()
        })
    }

    fn reasoning(&self) -> Box<dyn FnMut(usize) -> usize + '_> {
        let mut scratch = Scratch::default();
        Box::new(move |number| {
            let transaction = black_box(&self.of_set[number]);
            let mut evaluation = Evaluation::new(transaction, &self.setting.zone, &mut scratch);
            let mut absences = 0;
            set_calls::reasons(&self.set, &mut evaluation, |_, absent, _| absences += absent.len());
            absences
        })
    }

    fn line_to_ids(&self) -> Box<dyn FnMut(usize) -> usize + '_> {
        let (mut scratch, mut found) = (Scratch::default(), Vec::new());
        let mut transaction = self.set.layout().blank();
        Box::new(move |number| {
            let line = black_box(&self.lines[number]);
            self.set.layout().read_into(line, &self.setting.limits, &mut transaction).unwrap();
            let mut evaluation = Evaluation::new(&transaction, &self.setting.zone, &mut scratch);
            found.clear();
            set_calls::matching(&self.set, &mut evaluation, |id, _| found.push(*id));
            found.len()
        })
    }
}

/// The whole, at two sizes.
pub(crate) fn documented(setting: &Setting) {
    println!(
        "| W7, rules of {} | reading a bill, µs | deciding, µs | one by one, µs | set to one by one | \
         ids of the unknown too | all reasons, µs | line to ids, µs | spread | true | unknown | bytes a bill |",
        Origin::best().name()
    );
    println!("|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|");
    for rules in setting.of([1_000, 10_000], [100, 300]) {
        let workload = Workload::new(setting, &KINDS[0], rules, setting.of(300, 10));
        let mut paces =
            workload.paces(vec![workload.one_by_one(), workload.deciding(), workload.reading()], ROUNDS);
        let ratio = paces[1].ratio;
        paces.extend(workload.paces(vec![workload.line_to_ids()], ROUNDS));
        let with_unknown = match set_calls::IDS_WITHOUT_REASONS {
            true => {
                let tasks = vec![workload.deciding(), workload.deciding_with_unknown()];
                format!("{:+.0} %", (workload.paces(tasks, ROUNDS)[1].ratio - 1.0) * 100.0)
            }
            false => "–".to_owned(),
        };
        // A round of these may take long.
        let reasons = workload.paces(vec![workload.reasoning()], 5)[0];
        let cell = |at: usize| figure(paces[at].nanoseconds / 1e3);
        println!(
            "| {} | {} | {} | {} | {ratio:.2} | {with_unknown} | {} | {} | {:.0} % | {:.1} % | {:.1} % | {} |",
            count(rules),
            cell(2),
            cell(1),
            cell(0),
            figure(reasons.nanoseconds / 1e3),
            cell(3),
            paces.iter().map(|pace| pace.spread).fold(reasons.spread, f64::max),
            workload.holds,
            workload.unknown,
            workload.lines.iter().map(String::len).sum::<usize>() / workload.lines.len(),
        );
    }
}

/// Each kind of them as a set of its own.
pub(crate) fn documented_kinds(setting: &Setting) {
    let rules = setting.of(10_000, 100);
    println!(
        "| W7, {} rules of a kind | that differ | set, µs | one by one, µs | set to one by one | spread | true | unknown |",
        count(rules)
    );
    println!("|---|---:|---:|---:|---:|---:|---:|---:|");
    for kind in &KINDS[1..] {
        let workload = Workload::new(setting, kind, rules, setting.of(40, 10));
        let paces = workload.paces(vec![workload.one_by_one(), workload.deciding()], 7);
        println!(
            "| {} | {} | {} | {} | {:.2} | {:.0} % | {:.1} % | {:.1} % |",
            kind.name,
            count(workload.differing),
            figure(paces[1].nanoseconds / 1e3),
            figure(paces[0].nanoseconds / 1e3),
            paces[1].ratio,
            paces[0].spread.max(paces[1].spread),
            workload.holds,
            workload.unknown
        );
    }
}
