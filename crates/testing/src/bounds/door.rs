//! A door, what it may cost, and the shapes of what comes in there.

/// What a door may cost for an input of some bytes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Budget {
    /// Bytes of memory that it may hold at once however small the input is.
    pub at_least: u64,
    /// Bytes of memory that it may hold at once for each byte of the input.
    pub a_byte: u64,
    /// How many times as many instructions an input twice as large may take.
    pub growth: f64,
}

impl Budget {
    /// Seconds of processor time that no input within the default limits takes.
    pub const SECONDS: f64 = 5.0;
    /// Bytes of memory that no input within the default limits takes.
    pub const BYTES: u64 = 512 * 1024 * 1024;
    /// So many bytes for each byte, and 64 KiB.
    pub const fn a_byte(a_byte: u64) -> Budget {
        Budget { at_least: 64 * 1024, a_byte, growth: 2.3 }
    }

    /// The same beside what is made whatever comes in.
    pub const fn beside(self, at_least: u64) -> Budget {
        Budget { at_least, ..self }
    }

    /// The same where what comes out is as large as the square, until a limit
    /// ends it.
    pub const fn until_a_limit(self) -> Budget {
        Budget { growth: 4.6, ..self }
    }

    /// Bytes of memory for an input of some bytes.
    pub fn bytes(self, input: usize) -> u64 {
        (self.at_least + self.a_byte * input as u64).min(Budget::BYTES)
    }
}

/// What comes in at a door: one text, or two of which one stands beside the other,
/// as a rule beside a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// The text that the door is about.
    pub text: String,
    /// What is needed beside it; may be empty.
    pub beside: String,
}

impl Input {
    /// The bytes of both.
    pub fn size(&self) -> usize {
        self.text.len() + self.beside.len()
    }
}

/// What is measured of a door: all that is not, such as the check of a rule
/// that is to be described, is done before.
pub type Task = Box<dyn FnOnce()>;

/// Where input comes in, or what is made of it there.
pub struct Door {
    /// Its name in tables.
    pub name: &'static str,
    /// The public functions behind it.
    pub calls: &'static [&'static str],
    /// What an input of size n has n bytes of.
    pub size: &'static str,
    /// What it may cost.
    pub budget: Budget,
    /// Does all that comes before, and gives what is measured.
    pub prepare: fn(Input) -> Task,
}

/// How an input of so many repetitions is made.
#[derive(Clone, Copy)]
enum Make {
    One(fn(usize) -> String),
    Two(fn(usize) -> (String, String)),
}

/// A way to make inputs of any size for a door.
pub struct Shape {
    /// Its name; with that of its door there is no second one.
    pub name: &'static str,
    /// Where it comes in.
    pub door: &'static Door,
    /// How many repetitions reach a default limit, or what is measured where
    /// none bounds them.
    pub most: usize,
    /// From how many repetitions on it grows as its input does: below, each is
    /// compared with all others, of which so many are looked at.
    pub least: usize,
    make: Make,
}

impl Shape {
    /// A shape whose inputs are one text.
    pub(super) const fn one(
        door: &'static Door,
        name: &'static str,
        most: usize,
        make: fn(usize) -> String,
    ) -> Shape {
        Shape { name, door, most, least: 2, make: Make::One(make) }
    }

    /// A shape whose inputs are two texts.
    pub(super) const fn two(
        door: &'static Door,
        name: &'static str,
        most: usize,
        make: fn(usize) -> (String, String),
    ) -> Shape {
        Shape { name, door, most, least: 2, make: Make::Two(make) }
    }

    /// The same, which grows as its input from so many repetitions on.
    pub(super) const fn from(self, least: usize) -> Shape {
        Shape { least, ..self }
    }

    /// So many repetitions of which twice as many still are within the limits: a
    /// part of them, or what shows how it grows.
    pub fn part(&self, part: usize) -> usize {
        (self.most / part).max(self.least).min(self.most)
    }

    /// An input of so many repetitions.
    pub fn input(&self, repetitions: usize) -> Input {
        match self.make {
            Make::One(make) => Input { text: make(repetitions), beside: String::new() },
            Make::Two(make) => {
                let (text, beside) = make(repetitions);
                Input { text, beside }
            }
        }
    }

    /// What is measured of an input of so many repetitions, and its bytes.
    pub fn task(&self, repetitions: usize) -> (usize, Task) {
        let input = self.input(repetitions);
        (input.size(), (self.door.prepare)(input))
    }
}
