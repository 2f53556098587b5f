//! Slips of the command line that its parser would take for something else: a
//! RULE may begin with a hyphen, so a misspelled option looks like a rule, and so
//! does the name of a file.

use std::ffi::OsString;
use std::ops::RangeInclusive;
use std::path::Path;

use clap::CommandFactory;
use clap::error::ErrorKind;
use target_rules::diagnostic::listed;
use target_rules::schema::closest;

use super::arguments::Arguments;

/// A command line as it was typed, beside the command that it was typed for.
pub(crate) struct Typed {
    /// The command with everything that its commands inherit from it.
    root: clap::Command,
    /// The name of the command that was called.
    called: Option<String>,
    words: Vec<String>,
    /// The positions of words that stand by themselves, before `--`: neither
    /// options nor their values.
    alone: Vec<usize>,
    /// The positions of words that look like options, and are none.
    unknown: Vec<usize>,
}

impl Typed {
    /// The command line of this process.
    pub(crate) fn here() -> Typed {
        Typed::read(std::env::args_os().skip(1))
    }

    /// Reads the words after the name of the program.
    fn read(words: impl Iterator<Item = OsString>) -> Typed {
        let mut root = Arguments::command();
        root.build();
        let words = words.map(|word| word.to_string_lossy().into_owned()).collect();
        let mut typed = Typed { root, called: None, words, alone: Vec::new(), unknown: Vec::new() };
        let mut values: RangeInclusive<usize> = 0..=0;
        for (at, word) in typed.words.iter().enumerate().take_while(|(_, word)| *word != "--") {
            let (needed, most) = (*values.start(), *values.end());
            if needed > 0 || (most > 0 && !looks_like_an_option(word)) {
                values = needed.saturating_sub(1)..=most.saturating_sub(1);
                continue;
            }
            values = 0..=0;
            if looks_like_an_option(word) {
                match typed.option(word) {
                    Some(taken) => values = taken,
                    None => typed.unknown.push(at),
                }
            } else if typed.called.is_none() && typed.root.find_subcommand(word).is_some() {
                typed.called = Some(word.clone());
            } else {
                typed.alone.push(at);
            }
        }
        typed
    }

    fn command(&self) -> &clap::Command {
        let called = self.called.as_ref().and_then(|name| self.root.find_subcommand(name));
        called.unwrap_or(&self.root)
    }

    /// How many of the words that follow an option takes as its values, at least and
    /// at most; `None` where there is no such option.
    fn option(&self, word: &str) -> Option<RangeInclusive<usize>> {
        let Some(long) = word.strip_prefix("--") else {
            let shorts: Vec<char> = self.command().get_arguments().filter_map(clap::Arg::get_short).collect();
            return word.chars().skip(1).all(|letter| shorts.contains(&letter)).then_some(0..=0);
        };
        let (name, value) = long.split_once('=').map_or((long, None), |(name, value)| (name, Some(value)));
        let option = self.command().get_arguments().find(|argument| argument.get_long() == Some(name))?;
        if !option.get_action().takes_values() || value.is_some() {
            return Some(0..=0);
        }
        let taken = option.get_num_args().map_or(1..=1, |taken| taken.min_values()..=taken.max_values());
        Some(taken)
    }

    /// What is said of the first option that is none.
    pub(crate) fn unknown_option(&self) -> Option<String> {
        let word = self.words.get(*self.unknown.first()?)?;
        let written = word.split('=').next().unwrap_or(word);
        let name = written.trim_start_matches('-');
        let longs = self.command().get_arguments().filter_map(clap::Arg::get_long);
        let mut message = match &self.called {
            Some(command) => format!("`{command}` has no option `{written}`"),
            None => format!("there is no option `{written}`"),
        };
        if let Some(close) = closest(name, longs) {
            return Some(format!("{message}; did you mean `--{close}`?"));
        }
        let has = |command: &&clap::Command| {
            command.get_arguments().any(|argument| argument.get_long() == Some(name))
        };
        let others =
            self.root.get_subcommands().filter(has).map(|command| format!("`{}`", command.get_name()));
        let others: Vec<String> = others.collect();
        if !others.is_empty() {
            let verb = if others.len() == 1 { "has" } else { "have" };
            message.push_str(&format!("; {} {verb} one", listed(&others, "and")));
        }
        let command = self.called.as_ref().map(|name| format!(" {name}")).unwrap_or_default();
        let takes_a_rule = self.command().get_positionals().any(|argument| argument.get_id() == "rule");
        message.push_str(&format!("; `target-rules help{command}` lists the options"));
        if takes_a_rule {
            message.push_str(", and a rule that looks like one goes after `--`");
        }
        Some(message)
    }

    /// What is said of a word that is the name of a file where no file is taken:
    /// where the parser refused the line, or the word as a rule.
    pub(crate) fn file_as_a_word(&self) -> Option<String> {
        let command = self.called.as_ref()?;
        let word = self.alone.iter().filter_map(|at| self.words.get(*at)).find(|word| names_a_file(word))?;
        let there = Path::new(word).is_file();
        let lines = word.ends_with(".ndjson") || word.ends_with(".jsonl");
        let free = |name: &str| {
            let given = format!("--{name}");
            self.command().get_arguments().any(|argument| argument.get_long() == Some(name))
                && !self.words.iter().any(|word| word.split('=').next() == Some(&given))
        };
        let of_lines = FILES.iter().filter(|(name, of_lines)| *of_lines && free(name));
        let others = FILES.iter().filter(|(name, of_lines)| !of_lines && free(name));
        let mut options: Vec<&(&str, bool)> = others.chain(of_lines).collect();
        if lines && options.iter().any(|(_, of_lines)| *of_lines) {
            options.retain(|(_, of_lines)| *of_lines);
        }
        let what = if there { "is a file" } else { "looks like a file, and there is none of this name" };
        let meant: Vec<String> = options.iter().map(|(name, _)| format!("`--{name} {word}`")).collect();
        Some(match meant.as_slice() {
            [] => format!("`{word}` {what}; where it holds a rule: `target-rules {command} - < {word}`"),
            meant => format!("`{word}` {what}; did you mean {}?", listed(meant, "or")),
        })
    }

    /// What is said of a line that begins with a rule or a file in the place of a
    /// command.
    fn without_a_command(&self) -> Option<String> {
        let word = self.words.get(*self.alone.first()?)?;
        let no_name = |character: char| !character.is_ascii_alphanumeric() && character != '-';
        if names_a_file(word) {
            let does = format!("`target-rules check --targets {word}` checks its targets");
            return Some(format!("`{word}` stands in the place of a command; {does}"));
        }
        let does = "`target-rules check RULE` checks a rule; `target-rules help` lists the commands";
        word.contains(no_name).then(|| format!("a rule stands in the place of a command; {does}"))
    }

    /// The same, where the parser refused the line for a reason that this explains.
    pub(crate) fn explained(&self, error: &clap::Error) -> Option<String> {
        if error.kind() == ErrorKind::InvalidSubcommand {
            return self.without_a_command();
        }
        let explains = matches!(
            error.kind(),
            ErrorKind::UnknownArgument | ErrorKind::MissingRequiredArgument | ErrorKind::ArgumentConflict
        );
        let there = |at: &usize| self.words.get(*at).is_some_and(|word| Path::new(word).is_file());
        if explains && self.alone.iter().any(there) { self.file_as_a_word() } else { None }
    }
}

/// The options that take an input, in the order in which they are offered, and
/// whether theirs has a document a line.
const FILES: [(&str, bool); 5] =
    [("targets", false), ("txn", false), ("enrolments", false), ("ndjson", true), ("txns", true)];

/// No rule is a bare name with hyphens in front of it.
fn looks_like_an_option(word: &str) -> bool {
    let name = word.strip_prefix("--").or_else(|| word.strip_prefix('-')).unwrap_or_default();
    let name = name.split('=').next().unwrap_or_default();
    name.starts_with(|letter: char| letter.is_ascii_alphabetic())
        && name.chars().all(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_'))
}

/// Whether a word is a file, or is written as if it were one.
pub(crate) fn names_a_file(word: &str) -> bool {
    let endings = [".json", ".ndjson", ".jsonl", ".csv", ".txt"];
    let bare =
        !word.contains(|character: char| character.is_whitespace() || "(){}<>=&|\"".contains(character));
    Path::new(word).is_file() || (bare && endings.iter().any(|ending| word.ends_with(ending)))
}
