//! Colours of what people read at a terminal.

/// Whether text for a terminal is coloured.
///
/// ```
/// use std::io::IsTerminal;
/// use target_rules::diagnostic::{Colour, Form, Source, render};
/// use target_rules::{Ast, Limits};
/// let text = "currentTxn.value = 500";
/// let source = Source::new(Form::Dsl, text);
/// let terminal = std::io::stderr().is_terminal();
/// let colour = if terminal { Colour::On } else { Colour::Off };
/// for fault in &Ast::from_text(text, &Limits::default()).unwrap_err() {
///     eprint!("{}", render(fault, &source, "rule", colour));
///     let plain = render(fault, &source, "rule", Colour::Off);
///     assert!(plain.starts_with("error[single-equals]: "));
/// }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Colour {
    /// Plain text.
    Off,
    /// ANSI escape codes.
    On,
}

/// How a part of a text stands out, where there are colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[allow(missing_docs, reason = "each says what it is")]
pub enum Style {
    Bold,
    Dim,
    Red,
    Green,
    Yellow,
    Cyan,
    BoldRed,
    BoldYellow,
    BoldBlue,
}

impl Style {
    /// The parameters of its escape code.
    fn parameters(self) -> &'static str {
        match self {
            Style::Bold => "1",
            Style::Dim => "2",
            Style::Red => "31",
            Style::Green => "32",
            Style::Yellow => "33",
            Style::Cyan => "36",
            Style::BoldRed => "1;31",
            Style::BoldYellow => "1;33",
            Style::BoldBlue => "1;34",
        }
    }
}

impl Colour {
    /// The text in a style; as it is where there are no colours.
    ///
    /// ```
    /// use target_rules::diagnostic::{Colour, Style};
    /// assert_eq!(Colour::On.paint(Style::Red, "no"), "\u{1b}[31mno\u{1b}[0m");
    /// assert_eq!(Colour::Off.paint(Style::Red, "no"), "no");
    /// ```
    pub fn paint(self, style: Style, text: &str) -> String {
        match self {
            Colour::Off => text.to_owned(),
            Colour::On => format!("\u{1b}[{}m{text}\u{1b}[0m", style.parameters()),
        }
    }
}
