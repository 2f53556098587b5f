//! What the command line takes.

use std::io::IsTerminal;

use clap::{Parser, Subcommand, ValueEnum};
use target_rules::{Colour, TreeStyle};

/// Decide, exactly and fast, which loyalty targets a transaction counts for.
///
/// Exit status: 0 done; 1 the input has faults; 2 wrong usage or I/O.
#[derive(Parser)]
#[command(name = "target-rules", version)]
pub(crate) struct Arguments {
    /// How results and diagnostics are written.
    #[arg(long, global = true, value_enum, default_value_t = Format::Human)]
    pub(crate) format: Format,
    /// Whether diagnostics are coloured.
    #[arg(long, global = true, value_enum, default_value_t = ColorChoice::Auto)]
    pub(crate) color: ColorChoice,
    /// The zone that dates are seen in, an IANA name.
    #[arg(long, global = true, value_name = "ZONE", default_value = "UTC")]
    pub(crate) timezone: String,
    /// Warnings fail the command as errors do.
    #[arg(long, global = true)]
    pub(crate) deny_warnings: bool,
    #[command(subcommand)]
    pub(crate) command: Command,
}

const RULE: &str = "RULE";
const RULE_HELP: &str =
    "The rule: text, or an expression tree where it starts with `{`; `-` reads it from standard input";

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Parse and type-check a rule, or every rule of a file.
    #[command(group(clap::ArgGroup::new("input").required(true)))]
    Check {
        #[arg(value_name = RULE, help = RULE_HELP, allow_hyphen_values = true, group = "input")]
        rule: Option<String>,
        /// A file with one `{"id": ..., "dsl": "...", "tree": "..."}` a line; `-` is standard input.
        #[arg(long, value_name = "FILE", group = "input")]
        ndjson: Option<String>,
        /// A payload of targets or target groups: every target is checked; `-` is standard input.
        #[arg(long, value_name = "FILE", group = "input")]
        targets: Option<String>,
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
    /// Decide which targets transactions count for.
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
    },
    /// Print the names that rules may use.
    Schema {
        /// Only this profile.
        #[arg(long, value_name = "P")]
        profile: Option<String>,
    },
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    Human,
    Json,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ColorChoice {
    Auto,
    Always,
    Never,
}

impl ColorChoice {
    pub(crate) fn on(self) -> Colour {
        let colour = match self {
            ColorChoice::Always => true,
            ColorChoice::Never => false,
            ColorChoice::Auto => std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none(),
        };
        if colour { Colour::On } else { Colour::Off }
    }
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum FormChoice {
    Dsl,
    Tree,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum StyleChoice {
    Pretty,
    Compact,
    Spaced,
}

impl From<StyleChoice> for TreeStyle {
    fn from(style: StyleChoice) -> TreeStyle {
        match style {
            StyleChoice::Pretty => TreeStyle::Pretty,
            StyleChoice::Compact => TreeStyle::Compact,
            StyleChoice::Spaced => TreeStyle::Spaced,
        }
    }
}
