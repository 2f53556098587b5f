//! A page as its sections, each with its fenced blocks and the keys of its tables.

/// What stands between two headings.
#[derive(Default)]
pub(crate) struct Section<'p> {
    pub(crate) title: &'p str,
    /// The text without its examples.
    pub(crate) text: String,
    pub(crate) blocks: Vec<Block<'p>>,
    /// The rows of its tables that begin with code, as their cells.
    pub(crate) rows: Vec<Vec<&'p str>>,
}

/// One example, or a part of one.
#[derive(Clone, Copy)]
pub(crate) struct Block<'p> {
    pub(crate) kind: &'p str,
    pub(crate) body: &'p str,
}

impl Section<'_> {
    /// What links call it.
    pub(crate) fn anchor(&self) -> String {
        let kept = self.title.chars().filter(|one| one.is_alphanumeric() || " -_".contains(*one));
        kept.flat_map(char::to_lowercase).collect::<String>().replace(' ', "-")
    }
}

/// The sections of a page, in order.
pub(crate) fn sections(page: &str) -> Vec<Section<'_>> {
    let (mut all, mut section) = (Vec::new(), Section::default());
    let (mut open, mut at) = (None, 0);
    for line in page.split_inclusive('\n') {
        let start = at;
        at += line.len();
        match (open, line.strip_prefix("```")) {
            (Some((kind, from)), Some(_)) => {
                section.blocks.push(Block { kind, body: page[from..start].trim_end() });
                open = None;
            }
            (Some(_), None) => {}
            (None, Some(kind)) => open = Some((kind.trim(), at)),
            (None, None) if line.starts_with('#') => {
                let title = line.trim_start_matches('#').trim();
                all.push(std::mem::replace(&mut section, Section { title, ..Section::default() }));
            }
            (None, None) => {
                if line.starts_with("| `") {
                    let row = line.trim_end().trim_start_matches("| ").trim_end_matches(" |");
                    section.rows.push(row.split(" | ").collect());
                }
                section.text.push_str(line);
            }
        }
    }
    assert!(open.is_none(), "an example of `{}` has no end", section.title);
    all.push(section);
    all
}

/// The parts of a block: a line, and the lines below it that are indented; there
/// may be empty lines between.
pub(crate) fn parts(body: &str) -> Vec<&str> {
    let mut starts: Vec<usize> = Vec::new();
    let mut at = 0;
    for line in body.split_inclusive('\n') {
        if !line.starts_with([' ', '\n']) {
            starts.push(at);
        }
        at += line.len();
    }
    let ends = starts.iter().skip(1).copied().chain([body.len()]);
    starts.iter().zip(ends).map(|(start, end)| body[*start..end].trim_end()).collect()
}

/// What stands as code in a text.
pub(crate) fn codes(text: &str) -> Vec<&str> {
    text.split('`').skip(1).step_by(2).collect()
}
