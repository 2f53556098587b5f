//! The two streams that the command writes to, and nothing else does.
//!
//! What people read is [`Shown`], by whatever way it comes: `write!` makes it of
//! what it is given. So no input reaches a terminal but through that type. What
//! programs read goes another way: JSON by serde, which escapes it, and texts that
//! must be exact, such as a rule, as they are where no terminal would act on them.

use std::fmt::{Arguments, Write as _};
use std::io::{BufWriter, IsTerminal, StderrLock, StdoutLock, Write};

use clap::builder::StyledStr;
use serde::Serialize;
use target_rules::diagnostic::{Colour, Shown};

use super::outcome::{Outcome, write_json};

/// A stream that people read.
pub(crate) struct Screen<W> {
    to: W,
    at_a_terminal: bool,
}

/// How many bytes of results go out at once, at most: as many as a pipe holds.
const AT_ONCE: usize = 1 << 16;

/// Standard output, for results. It is buffered: `flush` writes it, and says
/// whether it could be written.
pub(crate) type Results = Screen<BufWriter<StdoutLock<'static>>>;

/// Standard error, for all that is told beside the results.
pub(crate) type Messages = Screen<StderrLock<'static>>;

/// Standard output, for results.
#[expect(clippy::disallowed_methods, reason = "the one place that writes to it")]
pub(crate) fn results() -> Results {
    Screen {
        to: BufWriter::with_capacity(AT_ONCE, std::io::stdout().lock()),
        at_a_terminal: results_at_a_terminal(),
    }
}

/// Standard error. Nothing depends on whether it could be written: where nobody
/// reads it any more, the exit status still tells.
#[expect(clippy::disallowed_methods, reason = "the one place that writes to it")]
pub(crate) fn messages() -> Messages {
    Screen { to: std::io::stderr().lock(), at_a_terminal: messages_at_a_terminal() }
}

/// Whether people read the results as they come.
#[expect(clippy::disallowed_methods, reason = "the one place that writes to it")]
pub(crate) fn results_at_a_terminal() -> bool {
    std::io::stdout().is_terminal()
}

/// Whether people read the messages as they come.
#[expect(clippy::disallowed_methods, reason = "the one place that writes to it")]
pub(crate) fn messages_at_a_terminal() -> bool {
    std::io::stderr().is_terminal()
}

impl<W: Write> Screen<W> {
    /// What `write!` and `writeln!` call: makes visible whatever it is given.
    pub(crate) fn write_fmt(&mut self, text: Arguments<'_>) -> std::io::Result<()> {
        let mut shown = Shown::default();
        shown.write_fmt(text).map_err(std::io::Error::other)?;
        self.show(&shown)
    }

    /// Writes what can be shown, with its colours.
    pub(crate) fn show(&mut self, text: &Shown) -> std::io::Result<()> {
        self.to.write_all(text.as_bytes())
    }

    /// Writes help, which the parser of arguments made of this program's texts.
    pub(crate) fn help(&mut self, text: &StyledStr, colour: Colour) -> std::io::Result<()> {
        match colour {
            Colour::On => self.to.write_all(text.ansi().to_string().as_bytes()),
            Colour::Off => self.exact(&text.to_string()),
        }
    }

    /// Writes a value as a line of JSON.
    pub(crate) fn json(&mut self, value: &impl Serialize) -> Outcome {
        write_json(&mut self.to, value)
    }

    /// Writes lines of JSON as [`write_json`] makes them.
    pub(crate) fn json_lines(&mut self, lines: &[u8]) -> std::io::Result<()> {
        self.to.write_all(lines)
    }

    /// Writes a result that must be exact, such as a rule or a file that was
    /// repaired: to the byte, but at a terminal as it can be shown.
    pub(crate) fn exact(&mut self, text: &str) -> std::io::Result<()> {
        if self.at_a_terminal {
            return self.show(&Shown::lines(text));
        }
        self.to.write_all(text.as_bytes())
    }

    /// Writes what is held back.
    pub(crate) fn flush(&mut self) -> std::io::Result<()> {
        self.to.flush()
    }
}

/// What messages are told to: standard error, or where they wait for their turn.
pub(crate) trait Tell {
    fn tell(&mut self, message: &Shown);
}

impl Tell for Messages {
    fn tell(&mut self, message: &Shown) {
        // Nobody reads standard error any more: there is nothing left to say.
        let _ = self.show(message);
    }
}

impl Tell for Shown {
    fn tell(&mut self, message: &Shown) {
        self.push(message);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn screen(at_a_terminal: bool) -> Screen<Vec<u8>> {
        Screen { to: Vec::new(), at_a_terminal }
    }

    fn written(screen: Screen<Vec<u8>>) -> String {
        String::from_utf8(screen.to).unwrap()
    }

    #[test]
    fn what_is_written_is_made_visible_whatever_it_is_made_of() {
        let mut screen = screen(false);
        let (name, other) = ("a\u{1b}[2J\u{9b}b", "c\u{202e}\td".to_owned());
        writeln!(screen, "target {name}: {other}").unwrap();
        assert_eq!(written(screen), "target a\u{fffd}[2J\u{fffd}b: c\u{fffd} d\n");
    }

    #[test]
    fn what_must_be_exact_is_so_but_at_a_terminal() {
        let text = "currentTxn.number==\"\u{1b}[2J\"\n";
        for (at_a_terminal, expected) in [(false, text), (true, "currentTxn.number==\"\u{fffd}[2J\"\n")] {
            let mut screen = screen(at_a_terminal);
            screen.exact(text).unwrap();
            assert_eq!(written(screen), expected);
        }
    }

    #[test]
    fn colours_stay() {
        let mut shown = Shown::default();
        shown.paint(Colour::On, target_rules::diagnostic::Style::Red, "no\u{1b}");
        let mut screen = screen(true);
        screen.show(&shown).unwrap();
        assert_eq!(written(screen), "\u{1b}[31mno\u{fffd}\u{1b}[0m");
    }
}
