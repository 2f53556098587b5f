//! Text that is safe to print, whatever input it came from.

use std::borrow::Cow;
use std::fmt::{self, Write};
use std::ops::Deref;
use std::sync::LazyLock;

use regex_syntax::hir::{Class, HirKind};
use unicode_width::UnicodeWidthChar;

use super::colour::{Colour, Style};
use super::phrases::cut;

/// Text that can be printed at a terminal, whatever input it came from: the only
/// control characters in it are line feeds, and the escape codes of a
/// [`Style`].
///
/// Nothing else can be put into one: what is written to it with `write!`, pushed
/// or painted is made visible on the way. A tab becomes a space, and each
/// character that would act on the terminal, that changes the order of those
/// around it, or that nobody would see becomes `U+FFFD`. So a program that
/// prints nothing but `Shown` is safe by its types. It costs one pass over the
/// text.
///
/// ```
/// use std::fmt::Write;
/// use target_rules::diagnostic::{Colour, Shown, Style};
/// let number = "B-1\u{1b}[2J"; // of a bill, as a document gives it
/// let mut shown = Shown::default();
/// shown.paint(Colour::On, Style::Bold, "bill");
/// writeln!(shown, ": {number}")?;
/// assert_eq!(shown, "\u{1b}[1mbill\u{1b}[0m: B-1\u{fffd}[2J\n");
/// # Ok::<(), std::fmt::Error>(())
/// ```
///
/// INVARIANT: made by this module alone, of text that was made visible.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Shown(String);

impl Shown {
    /// A text on one line: a line feed is no better than other control
    /// characters.
    ///
    /// ```
    /// use target_rules::diagnostic::Shown;
    /// assert_eq!(Shown::line("Gold\nerror: none"), "Gold\u{fffd}error: none");
    /// ```
    pub fn line(text: &str) -> Shown {
        Shown(made_visible(text, false).into_owned())
    }

    /// A text that may have several lines.
    ///
    /// ```
    /// use target_rules::diagnostic::Shown;
    /// assert_eq!(Shown::lines("one\r\ntwo\u{202e}"), "one\u{fffd}\ntwo\u{fffd}");
    /// ```
    pub fn lines(text: &str) -> Shown {
        Shown(made_visible(text, true).into_owned())
    }

    /// Adds what can be shown already, as it is.
    pub fn push(&mut self, other: &Shown) {
        self.0.push_str(&other.0);
    }

    /// Adds a text of any number of lines in a style, where there are colours.
    pub fn paint(&mut self, colour: Colour, style: Style, text: &str) {
        self.0.push_str(&colour.paint(style, &made_visible(text, true)));
    }

    /// As a string, for what takes no `Shown`.
    pub fn into_string(self) -> String {
        self.0
    }
}

/// What is written is made visible, and may have several lines. Never fails.
impl Write for Shown {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.push_str(&made_visible(text, true));
        Ok(())
    }
}

impl Deref for Shown {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl AsRef<str> for Shown {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Shown {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(&self.0)
    }
}

impl PartialEq<str> for Shown {
    fn eq(&self, other: &str) -> bool {
        self.0 == other
    }
}

impl PartialEq<&str> for Shown {
    fn eq(&self, other: &&str) -> bool {
        self.0 == *other
    }
}

/// [`Shown::line`] as a string, for a text that becomes part of another.
///
/// ```
/// use target_rules::diagnostic::visible;
/// assert_eq!(visible("Café\u{1b}[2J\tGold"), "Café\u{fffd}[2J Gold");
/// ```
pub fn visible(text: &str) -> String {
    made_visible(text, false).into_owned()
}

/// A text of an input as messages quote it: at most 60 characters of it, since
/// nobody reads a page in a message, and each of them [`visible`].
///
/// ```
/// use target_rules::diagnostic::excerpt;
/// assert_eq!(excerpt("Gold\tor\nSilver"), "Gold or\u{fffd}Silver");
/// assert_eq!(excerpt(&"é".repeat(61)), "é".repeat(60) + "...");
/// ```
pub fn excerpt(text: &str) -> String {
    const MOST: usize = 60;
    visible(&cut(text, MOST))
}

/// The one place where it is decided what of an input is printed.
fn made_visible(text: &str, several_lines: bool) -> Cow<'_, str> {
    let stays = |byte: &u8| matches!(byte, b' '..=b'~') || (several_lines && *byte == b'\n');
    // Nearly every text is like this.
    if text.as_bytes().iter().all(stays) {
        return Cow::Borrowed(text);
    }
    let shown = |character| match character {
        '\t' | '\u{a0}' => ' ',
        '\n' if several_lines => '\n',
        hidden if is_hidden(hidden) => char::REPLACEMENT_CHARACTER,
        other => other,
    };
    Cow::Owned(text.chars().map(shown).collect())
}

/// The columns that a character takes where it is shown on one line.
pub(crate) fn width(character: char) -> usize {
    match character {
        ' '..='~' | '\t' | '\u{a0}' => 1,
        hidden if is_hidden(hidden) => 1,
        other => other.width().unwrap_or(1),
    }
}

/// Whether a character would act on a terminal, changes the order of those
/// around it, or cannot be seen.
fn is_hidden(character: char) -> bool {
    if character.is_ascii() {
        return character.is_ascii_control();
    }
    let at = HIDDEN.partition_point(|(_, last)| *last < character);
    HIDDEN.get(at).is_some_and(|(first, _)| *first <= character)
}

/// Ranges of the characters beyond ASCII that are not shown, by the properties
/// that Unicode gives them: control and format characters, which have the marks
/// of direction among them; private and unassigned ones, which look as the
/// terminal likes; ends of lines and paragraphs; and what is drawn as nothing.
///
/// Format characters that are drawn stay, such as the sign of a number in
/// Arabic, and so do the two that choose how an emoji is drawn.
static HIDDEN: LazyLock<Vec<(char, char)>> = LazyLock::new(|| {
    const CLASS: &str = r"[[\p{Other}\p{Line_Separator}\p{Paragraph_Separator}\p{Default_Ignorable_Code_Point}]--[\p{Prepended_Concatenation_Mark}\x{fe0e}\x{fe0f}]]";
    match regex_syntax::parse(CLASS).map(|class| class.into_kind()) {
        Ok(HirKind::Class(Class::Unicode(class))) => {
            class.ranges().iter().map(|range| (range.start(), range.end())).collect()
        }
        // INVARIANT: a test parses it. Without it nothing beyond ASCII is shown.
        _ => vec![('\u{80}', char::MAX)],
    }
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_acts_on_a_terminal_or_cannot_be_seen_is_not_shown() {
        let hidden = [
            '\0',
            '\u{7}',
            '\u{8}',
            '\r',
            '\u{1b}',
            '\u{7f}',
            '\u{80}',
            '\u{85}',
            '\u{9b}',
            '\u{9f}',
            // Beyond ASCII: soft hyphen, joiners, marks of direction, tags, fillers, ends of lines.
            '\u{ad}',
            '\u{34f}',
            '\u{61c}',
            '\u{115f}',
            '\u{1160}',
            '\u{17b4}',
            '\u{180b}',
            '\u{180e}',
            '\u{200b}',
            '\u{200c}',
            '\u{200d}',
            '\u{200e}',
            '\u{200f}',
            '\u{2028}',
            '\u{2029}',
            '\u{202a}',
            '\u{202e}',
            '\u{2060}',
            '\u{2064}',
            '\u{2066}',
            '\u{2069}',
            '\u{206f}',
            '\u{3164}',
            '\u{feff}',
            '\u{ffa0}',
            '\u{fff0}',
            '\u{fff9}',
            '\u{fffa}',
            '\u{fffb}',
            '\u{e0001}',
            '\u{e007f}',
            '\u{e0100}',
            // Unassigned, private, and none at all.
            '\u{378}',
            '\u{e000}',
            '\u{fdd0}',
            '\u{ffff}',
            '\u{10ffff}',
        ];
        for character in hidden {
            assert_eq!(visible(&character.to_string()), "\u{fffd}", "{character:?}");
            assert_eq!(width(character), 1, "{character:?}");
        }
        assert_eq!(visible("\n"), "\u{fffd}");
        assert_eq!(Shown::lines("\n"), "\n");
        assert_eq!(Shown::lines("\t\u{a0}"), "  ");
    }

    #[test]
    fn what_people_write_is_shown_as_it_is() {
        let texts = [
            "Café",
            "e\u{301}",
            "मूल्य",
            "ราคา",
            "السعر",
            "\u{600}1",
            "価格",
            "🎁",
            "❤\u{fe0f}",
            "\u{2003}",
            "€",
            "\u{fffd}",
        ];
        for text in texts {
            assert_eq!(visible(text), text);
        }
    }

    /// Every character: what is shown of it has none that acts on a terminal.
    #[test]
    fn no_character_gets_through_that_acts_on_a_terminal() {
        for character in '\0'..=char::MAX {
            let shown = Shown::lines(&character.to_string());
            let [only] = shown.chars().collect::<Vec<_>>()[..] else { panic!("{character:?}: {shown:?}") };
            assert!(!only.is_control() || only == '\n', "{character:?}");
            assert_eq!(Shown::lines(&shown), shown, "{character:?} is shown, and not shown again");
            if only == character && character != '\n' {
                assert_eq!(width(character), character.width().unwrap(), "{character:?}");
            }
        }
    }
}
