//! How far a run over a file is, for those who wait for it.

use indicatif::{ProgressBar, ProgressStyle};

use super::count::Count;
use super::invocation::Invocation;
use super::screen;

/// A bar on standard error: bytes of all bytes, how many a second, and the time
/// that is left; of what has no end yet, the first two.
pub(crate) struct Bar(ProgressBar);

/// Of a file, whose length is known.
const OF_A_FILE: &str =
    "{bar:24} {decimal_bytes} of {decimal_total_bytes}, {decimal_bytes_per_sec}, {eta} left";

/// Of standard input, or of a pipe.
const OF_A_STREAM: &str = "{spinner} {decimal_bytes}, {decimal_bytes_per_sec}";

impl Bar {
    /// The bar of a FILE: hidden where standard error is no terminal, and where
    /// nobody wants to see it.
    pub(crate) fn of(path: &str, invocation: &Invocation) -> Bar {
        if invocation.quiet || !screen::messages_at_a_terminal() {
            return Bar(ProgressBar::hidden());
        }
        let file = std::fs::metadata(path).ok().filter(|file| path != "-" && file.is_file());
        Bar::over(file.map(|file| file.len()))
    }

    /// The bar of several files, which have so many bytes where that is known.
    pub(crate) fn over_bytes(bytes: Option<u64>, invocation: &Invocation) -> Bar {
        match invocation.quiet || !screen::messages_at_a_terminal() {
            true => Bar(ProgressBar::hidden()),
            false => Bar::over(bytes),
        }
    }

    /// The bar of so many bytes, where they are known.
    fn over(bytes: Option<u64>) -> Bar {
        let (bar, template) = match bytes {
            Some(bytes) => (ProgressBar::new(bytes), OF_A_FILE),
            None => (ProgressBar::no_length(), OF_A_STREAM),
        };
        // INVARIANT: the templates are right; a test draws them.
        let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
        Bar(bar.with_style(style.progress_chars("=> ")))
    }

    /// Says up to which byte of the file there are answers.
    pub(crate) fn reach(&self, byte: Count) {
        self.0.set_position(byte.into());
    }

    /// The same, of several files.
    pub(crate) fn reach_byte(&self, byte: u64) {
        self.0.set_position(byte);
    }

    /// Writes to the terminal while the bar is away.
    pub(crate) fn aside<T>(&self, write: impl FnOnce() -> T) -> T {
        self.0.suspend(write)
    }

    /// Takes the bar away.
    pub(crate) fn finish(&self) {
        self.0.finish_and_clear();
    }
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::sync::{Arc, Mutex};

    use indicatif::{ProgressDrawTarget, TermLike};

    use super::*;

    /// A terminal that keeps what is written.
    #[derive(Debug, Clone, Default)]
    struct Written(Arc<Mutex<String>>);

    impl TermLike for Written {
        fn width(&self) -> u16 {
            100
        }
        fn move_cursor_up(&self, _: usize) -> io::Result<()> {
            Ok(())
        }
        fn move_cursor_down(&self, _: usize) -> io::Result<()> {
            Ok(())
        }
        fn move_cursor_right(&self, _: usize) -> io::Result<()> {
            Ok(())
        }
        fn move_cursor_left(&self, _: usize) -> io::Result<()> {
            Ok(())
        }
        fn write_line(&self, text: &str) -> io::Result<()> {
            self.write_str(text)
        }
        fn write_str(&self, text: &str) -> io::Result<()> {
            self.0.lock().unwrap().push_str(text);
            Ok(())
        }
        fn clear_line(&self) -> io::Result<()> {
            Ok(())
        }
        fn flush(&self) -> io::Result<()> {
            Ok(())
        }
    }

    fn drawn(bytes: Option<u64>, reached: usize) -> String {
        let terminal = Written::default();
        let bar = Bar::over(bytes);
        bar.0.set_draw_target(ProgressDrawTarget::term_like(Box::new(terminal.clone())));
        let mut at = Count::default();
        at.add(reached);
        bar.reach(at);
        bar.0.force_draw();
        terminal.0.lock().unwrap().clone()
    }

    #[test]
    fn the_bar_tells_bytes_of_all_bytes_rate_and_the_time_left() {
        let drawn = drawn(Some(2_000_000), 500_000);
        assert!(drawn.contains("=====> "), "{drawn}");
        assert!(drawn.contains("500.00 kB of 2.00 MB, "), "{drawn}");
        assert!(drawn.contains("B/s, ") && drawn.contains(" left"), "{drawn}");
    }

    #[test]
    fn what_has_no_end_yet_tells_bytes_and_rate() {
        let drawn = drawn(None, 500_000);
        assert!(drawn.contains("500.00 kB, ") && drawn.contains("B/s"), "{drawn}");
        assert!(!drawn.contains("left"), "{drawn}");
    }
}
