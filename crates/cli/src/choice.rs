//! Options that take one of a few words.

use clap::ValueEnum;
use loyalty_targets::UnknownDetail;
use target_rules::diagnostic::Colour;
use target_rules::rule::TreeStyle;

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    Human,
    Json,
    Sarif,
    Html,
    Junit,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ColorChoice {
    Auto,
    Always,
    Never,
}

impl ColorChoice {
    /// Whether what is written is coloured, at a terminal or elsewhere.
    pub(crate) fn on(self, at_a_terminal: bool) -> Colour {
        let colour = match self {
            ColorChoice::Always => true,
            ColorChoice::Never => false,
            ColorChoice::Auto => at_a_terminal && std::env::var_os("NO_COLOR").is_none(),
        };
        if colour { Colour::On } else { Colour::Off }
    }
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum FormChoice {
    Dsl,
    Tree,
}

/// The databases that `sql` writes for.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum DialectChoice {
    Duckdb,
    Postgres,
    Spark,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum StyleChoice {
    Pretty,
    Compact,
    Spaced,
}

/// How much `decide` writes of what is unknown.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum UnknownChoice {
    /// Which they are, and why: `[{"id": 52, "absent": ["currentTxn.value"], "faults": []}]`.
    Reasons,
    /// Which they are: `[52, 60]`.
    Ids,
    /// How many they are: `2`.
    Count,
    /// Nothing: the key is left out.
    None,
}

impl From<UnknownChoice> for UnknownDetail {
    fn from(choice: UnknownChoice) -> UnknownDetail {
        match choice {
            UnknownChoice::Reasons => UnknownDetail::Reasons,
            UnknownChoice::Ids => UnknownDetail::Ids,
            UnknownChoice::Count => UnknownDetail::Count,
            UnknownChoice::None => UnknownDetail::None,
        }
    }
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
