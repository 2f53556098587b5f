//! What the command line takes.

use std::sync::LazyLock;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Parser, Subcommand};
use target_rules::diagnostic::Code;
use target_rules::value::zone_data_version;
use target_rules_sample::Share;
use target_rules_sql::Digits;

use super::choice::{ColorChoice, DialectChoice, FormChoice, Format, StyleChoice, UnknownChoice};
use super::over::Over;
use super::setting::{ColumnSetting, Setting, digits};

/// The version of the command, and of the zone data that dates are seen by.
static VERSION: LazyLock<String> =
    LazyLock::new(|| format!("{} (zone data {})", env!("CARGO_PKG_VERSION"), zone_data_version()));

/// Decide, exactly and fast, which loyalty targets a transaction counts for.
///
/// Exit status: 0 done; 1 the input has faults; 2 wrong usage or I/O.
#[derive(Parser)]
#[command(
    name = "target-rules",
    // Not as it was called: that may be any text.
    bin_name = "target-rules",
    version = VERSION.as_str(),
    next_help_heading = "Everywhere",
    disable_help_subcommand = true
)]
pub(crate) struct Arguments {
    /// How results and diagnostics are written; `sarif` goes with `check` only, `html` with `explain`, `backtest` and `compare` only, `junit` with `test` only.
    ///
    /// The default is `human`; `decide` and `progress` write JSON where nobody reads it at a terminal.
    #[arg(long, global = true, value_enum)]
    pub(crate) format: Option<Format>,
    /// Whether diagnostics and explanations are coloured.
    #[arg(long, global = true, value_enum, default_value_t = ColorChoice::Auto)]
    pub(crate) color: ColorChoice,
    /// The zone that dates are seen in: an IANA name, or an offset such as `+05:30`.
    #[arg(long, global = true, value_name = "ZONE", default_value = "UTC", allow_hyphen_values = true)]
    pub(crate) timezone: String,
    /// A schema file, which adds to the standard schema; may be given several times.
    #[arg(long = "schema", global = true, value_name = "FILE")]
    pub(crate) schemas: Vec<String>,
    /// Where documents of transactions have their values, if they are no standard ones: `shopify-order`, `woocommerce-order`, `bulk-bill`, or a file.
    ///
    /// It is for the documents of `--txn`, `--txns` and of files that cases name. `mapping infer` drafts one from a sample.
    #[arg(long, global = true, value_name = "NAME|FILE")]
    pub(crate) mapping: Option<String>,
    /// How large an input may be, such as `depth=40`; may be given several times. `help limits` lists them.
    #[arg(long = "limit", global = true, value_name = "NAME=VALUE", value_parser = Setting::read)]
    pub(crate) limits: Vec<Setting>,
    /// Warnings fail the command as errors do.
    #[arg(long, global = true)]
    pub(crate) deny_warnings: bool,
    /// No warnings, no notes and no progress; what `check` writes as JSON or SARIF stays whole.
    #[arg(short, long, global = true)]
    pub(crate) quiet: bool,
    #[command(subcommand)]
    pub(crate) command: Command,
}

const RULE: &str = "RULE";
const RULE_HELP: &str =
    "The rule: text, or an expression tree where it starts with `{`; `-` reads it from standard input";

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Parse and type-check a rule, or every rule of a file.
    #[command(group(clap::ArgGroup::new("input").required(true).multiple(true)))]
    Check {
        #[arg(
            value_name = RULE,
            help = RULE_HELP,
            allow_hyphen_values = true,
            group = "input",
            conflicts_with_all = ["ndjson", "explain", "targets", "txns"]
        )]
        rule: Option<String>,
        /// A file with one `{"id": ..., "dsl": "...", "tree": "..."}` a line; `-` is standard input.
        #[arg(
            long,
            value_name = "FILE",
            group = "input",
            conflicts_with_all = ["explain", "targets", "txns"]
        )]
        ndjson: Option<String>,
        /// Print the page of a diagnostic code, such as `unknown-name`.
        #[arg(
            long,
            value_name = "CODE",
            group = "input",
            value_parser = known_code(),
            hide_possible_values = true,
            conflicts_with_all = ["targets", "txns"]
        )]
        explain: Option<Code>,
        /// A payload of targets or target groups: every target is checked; `-` is standard input.
        #[arg(long, value_name = "FILE", group = "input")]
        targets: Option<String>,
        /// Repair what leaves nothing to choose, and print the rule or the file; what is left is reported.
        #[arg(long, conflicts_with = "explain")]
        fix: bool,
        /// Print the difference only, as `patch` takes it.
        #[arg(long, requires = "fix")]
        diff: bool,
        /// Write the file, in one step, and print nothing of it.
        #[arg(long, requires = "fix")]
        in_place: bool,
        /// Transaction documents, one a line or one in all, held against the schema; with `--targets` against what the targets read.
        #[arg(long, value_name = "FILE.ndjson", group = "input")]
        txns: Option<String>,
    },
    /// Print the canonical text of a rule.
    Fmt {
        #[arg(value_name = RULE, help = RULE_HELP, allow_hyphen_values = true)]
        rule: String,
    },
    /// Print a rule in the other form.
    Convert {
        /// The form to print.
        #[arg(long, value_enum)]
        to: FormChoice,
        /// The layout of a tree.
        #[arg(long, value_enum, default_value_t = StyleChoice::Pretty)]
        style: StyleChoice,
        #[arg(value_name = RULE, help = RULE_HELP, allow_hyphen_values = true)]
        rule: String,
    },
    /// Decide a rule for a transaction.
    Eval {
        #[arg(value_name = RULE, help = RULE_HELP, allow_hyphen_values = true)]
        rule: String,
        /// The transaction document; `-` is standard input.
        #[arg(long, value_name = "FILE")]
        txn: String,
    },
    /// Show every part of a rule with its value for a transaction, or why a target counts it or doesn't.
    ///
    /// With `--targets` and `--id`: whether the target is active, its period, filters, enrolment and rule, each with its outcome.
    #[command(group(clap::ArgGroup::new("explained").required(true)))]
    Explain {
        #[arg(value_name = RULE, help = RULE_HELP, allow_hyphen_values = true, group = "explained")]
        rule: Option<String>,
        /// A payload of targets, one of which is asked; `-` is standard input.
        #[arg(long, value_name = "FILE", group = "explained", requires = "id")]
        targets: Option<String>,
        /// The id of the target.
        #[arg(long, value_name = "N", requires = "targets", allow_hyphen_values = true)]
        id: Option<i64>,
        /// The transaction document, or a file with one a line of which `--number` chooses one; `-` is standard input.
        #[arg(long, value_name = "FILE")]
        txn: String,
        /// Of a file with a document a line: the `currentTxn.number` of the one that is meant.
        #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
        number: Option<String>,
        /// Who takes part, as `progress` takes it; without it, that is not known.
        #[arg(long, value_name = "FILE", requires = "targets")]
        enrolments: Option<String>,
        /// What was booked, as `progress` writes it.
        #[arg(long, value_name = "FILE", requires = "enrolments")]
        state: Option<String>,
    },
    /// Decide which targets transactions are eligible for: active, filters and rule.
    ///
    /// A transaction is eligible for a target that is active, whose filters admit the store and whose rule is true. Whether a period contains its date and whether the customer takes part is not looked at: `progress` and `explain --targets` do that.
    ///
    /// At a terminal, and with `--format human`, this is a table: the names of the targets that each transaction counts for, and at the end how often each target counted.
    ///
    /// Elsewhere, and with `--format json`, each transaction is answered by one line of JSON: its `line` in the file, its number as `transaction`, the ids of the `eligible` targets, the positions from 0 of the `items` that count, for those whose rule looks at single items, and which targets are `unknown`: they may or may not count, because the document lacks what they ask for, or has a fault there.
    ///
    /// Many transactions are decided on all cores, on fewer where RAYON_NUM_THREADS says so; the answers are the same and come in the order of the file.
    #[command(group(clap::ArgGroup::new("documents").required(true)))]
    Decide {
        /// A payload of targets; `-` is standard input.
        #[arg(long, value_name = "FILE")]
        targets: String,
        /// One transaction document.
        #[arg(long, value_name = "FILE", group = "documents")]
        txn: Option<String>,
        /// One transaction document a line.
        #[arg(long, value_name = "FILE.ndjson", group = "documents")]
        txns: Option<String>,
        /// How much is written, as `unknown`, of the targets that may or may not count; reasons cost the most.
        #[arg(long, value_name = "DETAIL", value_enum, default_value_t = UnknownChoice::Reasons)]
        unknown: UnknownChoice,
    },
    /// Print what customers have achieved of their targets after a batch of transactions.
    Progress {
        /// A payload of targets or target groups; `-` is standard input.
        #[arg(long, value_name = "FILE")]
        targets: String,
        /// Who takes part: a list of `{"userId": ..., "targetId": ..., "periodId": ..., "value": ..., "enrolledOn": "..."}`.
        #[arg(long, value_name = "FILE")]
        enrolments: String,
        /// One transaction document a line.
        #[arg(long, value_name = "FILE.ndjson")]
        txns: String,
        /// What was booked before: read if it is there, and replaced whole at the end.
        ///
        /// It names its zone and its targets: in another zone, or where a target counts something else, it is refused. A link is followed; permissions are kept, and a new state is readable by its owner only.
        #[arg(long, value_name = "FILE")]
        state: Option<String>,
        /// How long to wait while another run has the state; then nothing is booked, and the status is 2.
        #[arg(long, value_name = "SECONDS", default_value_t = 60, requires = "state")]
        state_wait: u64,
    },
    /// Say in plain English what a rule asks, or what each target of a payload counts, where, when and of whom.
    ///
    /// Of two rules that are described alike both count for the same transactions: nothing that matters is left out.
    #[command(
        after_help = "Example:\n  target-rules describe 'currentTxn.value>500&&currentTxn.date.isWeekend()'\n  The transaction value is more than 500 and the transaction took place on a weekend."
    )]
    Describe {
        #[command(flatten)]
        of: RuleOrTargets,
    },
    /// List what a rule reads of a transaction, or a payload: names, types, meanings.
    ///
    /// With `--format json`, one object for each name; of a payload also with the ids of the targets that read it.
    #[command(
        after_help = "Example:\n  target-rules references 'currentTxn.value>500'\n  name              type    unit      meaning\n  currentTxn.value  number  currency  Value of the transaction."
    )]
    References {
        #[command(flatten)]
        of: RuleOrTargets,
    },
    /// Prove how two rules differ, or the rules of two payloads, matched by id.
    ///
    /// Told is for which transactions the new rule is true: the same (`equivalent`), fewer (`narrower`), more (`wider`), none of those (`disjoint`) or others too (`different`), with a transaction for each way in which they differ; `unknown` comes with what stood in the way. It is said of transactions that both rules can read; why a rule is unknown for one may differ. A target that only one payload has is compared with a rule that is never true.
    #[command(
        after_help = "Example:\n  target-rules diff 'currentTxn.value>500' 'currentTxn.value>=500'\n  wider: the new rule is true wherever the old one is, and elsewhere too\n    old false, new true: {\"currentTxn\":{\"value\":500}}"
    )]
    Diff {
        /// The old rule: text, or an expression tree where it starts with `{`; `-` reads it from standard input.
        #[arg(
            value_name = "OLD",
            allow_hyphen_values = true,
            required_unless_present = "targets",
            requires = "new"
        )]
        old: Option<String>,
        /// The new rule, likewise.
        #[arg(value_name = "NEW", allow_hyphen_values = true)]
        new: Option<String>,
        /// Two payloads of targets or target groups; one of them may be `-`, standard input.
        #[arg(long, num_args = 2, value_names = ["OLD", "NEW"], conflicts_with = "old")]
        targets: Option<Vec<String>>,
        /// Files of recorded transactions, each of one transaction or of one a line: how many of them show a difference, and the first that does.
        #[arg(long, value_name = "PATH", num_args = 1..)]
        txns: Vec<String>,
        /// Tell false from unknown as well: equivalent rules then have the same result for every transaction.
        #[arg(long)]
        three_valued: bool,
    },
    /// Prove what is wrong in a rule, or in the rules of a payload: what never counts, always counts, or can't matter.
    ///
    /// What is not proved or shown by a transaction is left out; what rests on the digits of the schema says so. In a payload, targets that count what another one counts are found, too.
    #[command(
        after_help = "Example:\n  target-rules lint 'currentTxn.value>500&&currentTxn.value!=20'\n  warning[implied]: this clause holds wherever the one beside it does"
    )]
    Lint {
        #[command(flatten)]
        of: RuleOrTargets,
        /// Take out clauses that are proved to have no effect, where the rest reads the same values, so that every result stays as it was; print the rule or the file, and tell what is left.
        #[arg(long)]
        fix: bool,
        /// Print the difference only, as `patch` takes it.
        #[arg(long, requires = "fix")]
        diff: bool,
        /// Write the file, in one step, and print nothing of it.
        #[arg(long, requires = "fix")]
        in_place: bool,
    },
    /// List which targets can count together, and how often they did.
    ///
    /// Two targets count together where both are active, their filters admit the same store and both rules are true for the same transaction. That is no fault. Pairs that are proved never to count together are left out.
    Overlap {
        /// A payload of targets or target groups; `-` is standard input.
        #[arg(long, value_name = "FILE")]
        targets: String,
        /// Files of recorded transactions, each of one transaction or of one a line: how many counted for both targets, and for each.
        #[arg(long, value_name = "PATH", num_args = 1..)]
        txns: Vec<String>,
    },
    /// Tell what a rule or targets would have hit among recorded transactions, of which there may be millions.
    ///
    /// Of each: hits, what is unknown and what is absent then, customers, amounts, by day and store. Of those in focus also the funnel (of each clause how many transactions it rejects, rejects first, and would admit if it were dropped), how many another threshold would hit, what customers would have achieved, and which transactions others count too.
    ///
    /// Ctrl-C ends it with a report of what was read, which says so; the status is then 1, as it is where documents can't be read: these are counted, and the first are named.
    #[command(
        group(clap::ArgGroup::new("held").required(true)),
        after_help = "Example:\n  target-rules backtest 'currentTxn.value>500&&currentCustomer.slabName==\"Gold\"' --txns bills/"
    )]
    Backtest {
        #[arg(value_name = RULE, help = RULE_HELP, allow_hyphen_values = true, group = "held")]
        rule: Option<String>,
        /// A file with one `{"id": ..., "dsl": "..."}` a line; `-` is standard input.
        #[arg(long, value_name = "FILE", group = "held")]
        ndjson: Option<String>,
        /// A payload of targets or target groups; `-` is standard input.
        #[arg(long, value_name = "FILE", group = "held")]
        targets: Option<String>,
        #[command(flatten)]
        over: Over,
    },
    /// Tell what two versions of a rule, or of targets, would have hit among the same recorded transactions.
    ///
    /// Of each target: gained, lost, unchanged; customers and amounts; which clause of the other version decides it, and examples. Targets are matched by id.
    #[command(
        after_help = "Example:\n  target-rules compare 'currentTxn.value>500' 'currentTxn.value>400' --txns bills.ndjson"
    )]
    Compare {
        /// The old rule: text, or an expression tree where it starts with `{`; `-` reads it from standard input.
        #[arg(
            value_name = "OLD",
            allow_hyphen_values = true,
            required_unless_present = "targets",
            requires = "new"
        )]
        old: Option<String>,
        /// The new rule, likewise.
        #[arg(value_name = "NEW", allow_hyphen_values = true)]
        new: Option<String>,
        /// Two payloads of targets or target groups; one of them may be `-`, standard input.
        #[arg(long, num_args = 2, value_names = ["OLD", "NEW"], conflicts_with = "old")]
        targets: Option<Vec<String>>,
        #[command(flatten)]
        over: Over,
    },
    /// Find the smallest change of a transaction that makes a rule true, or a target count it.
    ///
    /// It changes one value, or two where one is not enough: amounts, quantities, dates and items of the bill, and what a schema file says `canChange`. Each change is confirmed by deciding the changed document; all other values stay as they are.
    ///
    /// `--format json` prints one object: the smallest change as `changes`, larger ones as `others`, or `why` there is none.
    #[command(
        group(clap::ArgGroup::new("asked").required(true)),
        after_help = "Example, of a bill of 454.99:\n  target-rules nearest 'currentTxn.value>500' --txn bill.json\n  currentTxn.value: 45.02 more, from 454.99 to 500.01"
    )]
    Nearest {
        #[arg(value_name = RULE, help = RULE_HELP, allow_hyphen_values = true, group = "asked")]
        rule: Option<String>,
        /// A payload of targets, one of which is asked; `-` is standard input.
        #[arg(long, value_name = "FILE", group = "asked", requires = "id")]
        targets: Option<String>,
        /// The id of the target.
        #[arg(long, value_name = "N", requires = "targets", allow_hyphen_values = true)]
        id: Option<i64>,
        /// The transaction document; `-` is standard input.
        #[arg(long, value_name = "FILE")]
        txn: String,
    },
    /// Print what is left of a rule when part of the transaction is known, as a rule.
    ///
    /// What the document lacks, or has as `null`, may still come; what it has stays as it is. For every document that completes it, the printed rule has the same result as RULE. A list of line items or tenders that is there is complete. A number that follows from line items and that a document may also state, such as `basketSize`, is open until it is stated.
    ///
    /// `--format json` prints an object with the `rule`.
    #[command(
        after_help = "Example, of a bill of 730:\n  target-rules residual 'currentTxn.value>500&&currentCustomer.slabName==\"Gold\"' --txn bill.json\n  currentCustomer.slabName==\"Gold\""
    )]
    Residual {
        #[arg(value_name = RULE, help = RULE_HELP, allow_hyphen_values = true)]
        rule: String,
        /// The transaction document; `-` is standard input.
        #[arg(long, value_name = "FILE")]
        txn: String,
    },
    /// Write a rule as a condition over the columns of a database, with the same meaning or not at all.
    ///
    /// The condition is true, false and `NULL` where the rule is true, false and unknown. A column holds what the rule reads: numbers, texts, truth values, and dates as timestamps with time zone; custom fields and segments are a `MAP(VARCHAR, VARCHAR[])` in DuckDB, a `MAP<STRING, ARRAY<STRING>>` in Spark and a `jsonb` object of lists in PostgreSQL. Dates are seen in `--timezone`. What the database cannot say the same is refused, with its part of the rule: rounded quotients, more digits than are exact, patterns in PostgreSQL and Spark, line items and tenders in PostgreSQL.
    ///
    /// `--format json` prints one object: the `condition` and its `columns`, each with its `path`, `sql`, `holds` and `digits`; or what is `refused`, each part with its `code`, `rule` and `message`.
    #[command(
        after_help = "Example:\n  target-rules sql 'currentTxn.value>500' --dialect duckdb --column currentTxn.value=bill.gross\n  (CAST(\"bill\".\"gross\" AS DECIMAL(14,4)) > 500.0)"
    )]
    Sql {
        #[command(flatten)]
        asked: SqlAsked,
    },
    /// Find the smallest rule that is true for some transactions and for none of some others.
    ///
    /// Rules are made of questions about what stands in the documents, joined by `&&`, `||` and `!`. These questions are asked: numbers, parts of dates and figures of the basket by a value of its items, each compared with those of the documents; texts that are equal or not; truth values, custom fields and segments; weekends, days before and after, hours; null tests. Arithmetic, comparisons of two values, patterns and rules of single items are not tried. The smallest rule that asks about other values is printed as well, and up to how many nodes all rules were tried: where no rule is printed, no rule of these questions up to that size tells the documents apart. Where a question was left out, as about a text of more than 200 bytes, the limit is `questions`. The same documents give the same rule.
    ///
    /// `--format json` prints one object: `best` and `second`, each with its `rule` and `nodes`, up to how many nodes the search was `complete`, and the `limit` that ended it, if one did.
    #[command(
        after_help = "Example:\n  target-rules synthesise --true large.ndjson --false small.json\n  currentTxn.value>=501\n    3 nodes; no smaller rule of the forms that are tried does it"
    )]
    Synthesise {
        /// Files of documents that the rule is to be true for, each of one document; an `.ndjson` file has one a line.
        #[arg(long = "true", value_name = "PATH", required = true, num_args = 1..)]
        counting: Vec<String>,
        /// Files of documents that it is not to be true for.
        #[arg(long = "false", value_name = "PATH", required = true, num_args = 1..)]
        others: Vec<String>,
        /// The largest rule that is looked for, in nodes; 31 at most.
        #[arg(long, value_name = "COUNT", default_value_t = 11, value_parser = clap::value_parser!(u8).range(1..=31))]
        nodes: u8,
    },
    /// Draft or check a mapping, which says where documents of another shape have their values.
    ///
    /// `docs/mappings.md` is the guide.
    Mapping {
        #[command(subcommand)]
        command: MappingCommand,
    },
    /// Run cases beside rules: documents, and what is expected of them.
    ///
    /// A file of cases is JSON: `rule`, `rules` or `targets`, and `cases`, each with a `document` and what is expected of it. Told is what differs, with why; the status is 1 where a case fails. `docs/cases.md` tells of every key.
    #[command(
        after_help = "Example, the file weekend.cases.json:\n  {\"rule\": \"currentTxn.value>500\",\n   \"cases\": [{\"name\": \"a large bill\", \"document\": {\"currentTxn\": {\"value\": 455}}, \"expect\": true}]}\n\n  target-rules test weekend.cases.json\n  FAIL weekend.cases.json:2:12: a large bill\n    the rule: expected true, came false\n      Not met: `currentTxn.value>500` (short by 45, must exceed 500).\n  1 case in 1 file: 0 passed, 1 failed"
    )]
    Test {
        /// Files of cases; one of them may be `-`, standard input.
        #[arg(value_name = "FILE", required = true)]
        files: Vec<String>,
        /// Write what comes into the files as what is expected; every other byte of them is kept.
        #[arg(long)]
        record: bool,
    },
    /// Write transactions that look real, one a line, to try everything without data of your own.
    ///
    /// A retailer of clothes and shoes: customers whose tier, visits and points follow from their earlier bills, stores in zones, baskets, tenders, returns, in the order of their dates from 1 January 2025 on. The same arguments give the same bytes, on every machine; a change of them would be a breaking change. Dates are those of `--timezone`, whichever it is.
    #[command(
        after_help = "Example:\n  target-rules sample --count 100000 > bills.ndjson\n  target-rules check --txns bills.ndjson"
    )]
    Sample {
        /// How many transactions, up to 10 000 000 000.
        #[arg(long, value_name = "N")]
        count: u64,
        /// Another seed gives other transactions of the same kind.
        #[arg(long, value_name = "S", default_value_t = 1)]
        seed: u64,
        /// How many customers, up to 1 000 000; without it one for 25 transactions, 100 000 at most.
        #[arg(long, value_name = "N")]
        customers: Option<u32>,
        /// Over how many days they buy, up to 3 653.
        #[arg(long, value_name = "N", default_value_t = 365)]
        days: u32,
        /// Which share of the values is missing, such as `0.05` or `5%`.
        #[arg(long, value_name = "SHARE", default_value = "0")]
        absent: Share,
    },
    /// Print the names that rules may use: the schema in force.
    Schema {
        /// Only this profile.
        #[arg(long, value_name = "P")]
        profile: Option<String>,
        /// Print the JSON Schema of schema files instead, for editors.
        #[arg(long, conflicts_with = "profile")]
        file_format: bool,
    },
    /// Print a script that completes this command's arguments in a shell.
    Completions {
        /// The shell that is to run it.
        #[arg(value_name = "SHELL", value_enum)]
        shell: clap_complete::Shell,
    },
    /// Print the manual page of this command, or of one of its commands.
    Man {
        /// The command to tell of, such as `check`.
        #[arg(value_name = "COMMAND")]
        command: Option<String>,
    },
    /// Tell of a command and its options, or of the limits of inputs.
    Help {
        /// The command to tell of, such as `check`, or `limits`.
        #[arg(value_name = "COMMAND|limits")]
        topic: Option<String>,
    },
}

#[derive(Subcommand)]
pub(crate) enum MappingCommand {
    /// Draft a mapping from a sample: documents one a line, a list, one alone, or the beginning of a CSV file.
    ///
    /// What was guessed, and what could not be, stands in its `notes` and on standard error.
    Infer {
        /// The sample; `-` is standard input.
        #[arg(value_name = "FILE")]
        file: String,
    },
    /// Check a mapping against the schema.
    Check {
        /// The mapping; `-` is standard input.
        #[arg(value_name = "FILE")]
        file: String,
    },
    /// Print a ready-made mapping, to be copied and changed.
    Show {
        /// Its name, such as `shopify-order`.
        #[arg(value_name = "NAME")]
        name: String,
    },
    /// Print the JSON Schema of mapping files, for editors.
    Format,
}

/// A rule, or a payload of targets.
#[derive(clap::Args)]
#[group(required = true, multiple = false)]
pub(crate) struct RuleOrTargets {
    #[arg(value_name = RULE, help = RULE_HELP, allow_hyphen_values = true)]
    rule: Option<String>,
    /// A payload of targets or target groups; `-` is standard input.
    #[arg(long, value_name = "FILE")]
    pub(crate) targets: Option<String>,
}

impl RuleOrTargets {
    /// The rule; where a payload is given, there is none.
    pub(crate) fn rule(&self) -> &str {
        self.rule.as_deref().unwrap_or_default()
    }
}

/// A rule, and the columns of a database.
#[derive(clap::Args)]
pub(crate) struct SqlAsked {
    #[arg(value_name = RULE, help = RULE_HELP, allow_hyphen_values = true)]
    pub(crate) rule: String,
    /// The database.
    #[arg(long, value_enum)]
    pub(crate) dialect: DialectChoice,
    /// The column of a value, its table or struct before it; may be given several times. All others are named by their path: `"currentTxn.value"`.
    #[arg(long = "column", value_name = "PATH=NAME", value_parser = ColumnSetting::read)]
    pub(crate) columns: Vec<ColumnSetting>,
    /// How many digits number columns have, and how many of them behind the point.
    #[arg(long, value_name = "ALL,FRACTION", value_parser = digits, default_value = "14,4")]
    pub(crate) digits: Digits,
    /// Columns that are not given have a name for each step: `"currentTxn"."value"`.
    #[arg(long)]
    pub(crate) steps: bool,
}

impl Command {
    /// Whether one of its own arguments is standard input.
    pub(crate) fn reads_standard_input(&self) -> bool {
        let is_dash = |path: &Option<String>| path.as_deref() == Some("-");
        match self {
            Command::Check { rule, ndjson, targets, txns, .. } => {
                [rule, ndjson, targets, txns].into_iter().any(is_dash)
            }
            Command::Decide { targets, txn, txns, .. } => {
                targets == "-" || [txn, txns].into_iter().any(is_dash)
            }
            Command::Progress { targets, enrolments, txns, .. } => {
                [targets, enrolments, txns].into_iter().any(|path| path == "-")
            }
            Command::Diff { old, new, targets, txns, .. } => {
                let files = targets.iter().flatten().chain(txns);
                [old, new].into_iter().any(is_dash) || files.into_iter().any(|path| path == "-")
            }
            Command::Backtest { rule, ndjson, targets, over } => {
                over.reads_standard_input() || [rule, ndjson, targets].into_iter().any(is_dash)
            }
            Command::Compare { old, new, targets, over } => {
                over.reads_standard_input()
                    || [old, new].into_iter().any(is_dash)
                    || targets.iter().flatten().any(|path| path == "-")
            }
            Command::Overlap { targets, txns } => targets == "-" || txns.iter().any(|path| path == "-"),
            Command::Describe { of } | Command::Lint { of, .. } | Command::References { of } => {
                [&of.rule, &of.targets].into_iter().any(is_dash)
            }
            Command::Fmt { rule } | Command::Convert { rule, .. } => rule == "-",
            Command::Sql { asked } => asked.rule == "-",
            Command::Eval { rule, txn } => rule == "-" || txn == "-",
            Command::Explain { rule, targets, txn, enrolments, .. } => {
                txn == "-" || [rule, targets, enrolments].into_iter().any(is_dash)
            }
            Command::Residual { rule, txn } => rule == "-" || txn == "-",
            Command::Synthesise { counting, others, .. } => {
                counting.iter().chain(others).any(|path| path == "-")
            }
            Command::Nearest { rule, targets, txn, .. } => {
                txn == "-" || [rule, targets].into_iter().any(is_dash)
            }
            Command::Mapping { command: MappingCommand::Infer { file } | MappingCommand::Check { file } } => {
                file == "-"
            }
            Command::Test { files, .. } => files.iter().any(|path| path == "-"),
            Command::Mapping { .. }
            | Command::Sample { .. }
            | Command::Schema { .. }
            | Command::Completions { .. }
            | Command::Man { .. }
            | Command::Help { .. } => false,
        }
    }
}

/// Every code is a possible value, so that completions offer them and a
/// misspelled one is answered with the nearest.
fn known_code() -> impl TypedValueParser<Value = Code> {
    PossibleValuesParser::new(Code::ALL.iter().map(|code| code.name()))
        .try_map(|name| Code::named(&name).ok_or("not a code"))
}
