//! The documents of cases: those of files are found in one pass over each file.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use target_rules::diagnostic::{Form, Source, excerpt};
use target_rules::{Diagnostics, Layout};

use crate::count::Count;
use crate::form::FileForm;
use crate::input::{self, Line};
use crate::invocation::Invocation;
use crate::outcome::Failure;
use crate::screen;

use super::model::{At, Case, Choice, Document, Documents};
use super::places::CaseText;
use super::report::CaseError;

/// What is told of a file of several documents that a case names whole.
const SEVERAL: Option<&str> =
    Some("choose one in the case: `{\"file\": \"PATH\", \"number\": \"n-1\"}`, or by its `line`");

/// The documents of files that cases name, by the path as it is opened.
#[derive(Default)]
pub(super) struct CaseDocuments {
    lines: Vec<Line>,
    /// Their positions; one line may be chosen in several ways.
    by_choice: HashMap<(String, Choice), usize>,
}

/// The file that a case names, and which document of it.
type Wish<'c> = (&'c At<String>, &'c Choice);

/// A document, and what can be said of where it stands.
pub(super) struct Text<'f> {
    pub(super) text: Cow<'f, str>,
    origin: Origin<'f>,
}

enum Origin<'f> {
    Inline(&'f Document),
    File { path: String, line: usize },
}

impl CaseDocuments {
    /// Reads what the cases name. All that is not there is an error with its
    /// place in the file of cases.
    pub(super) fn read(
        invocation: &Invocation,
        file: &CaseText<'_>,
        cases: &[Case],
    ) -> Result<CaseDocuments, Failure> {
        let mut by_path: HashMap<String, Vec<Wish<'_>>> = HashMap::new();
        // In the order of the file, so that the same is told each time.
        let mut paths = Vec::new();
        let documents = cases.iter().flat_map(|case| match &case.documents {
            Documents::One(one) => std::slice::from_ref(one),
            Documents::Several(several) => several.as_slice(),
            Documents::AllOf(_) => &[],
        });
        for document in documents {
            if let Document::File { path, choice } = document {
                let opened = file.beside(&path.value);
                let wanted = by_path.entry(opened.clone()).or_default();
                if wanted.is_empty() {
                    paths.push(opened);
                }
                wanted.push((path, choice));
            }
        }
        let mut found = CaseDocuments::default();
        for path in paths {
            let wanted = by_path.remove(&path).unwrap_or_default();
            found.read_file(invocation, file, &path, &wanted)?;
        }
        Ok(found)
    }

    fn read_file(
        &mut self,
        invocation: &Invocation,
        file: &CaseText<'_>,
        path: &str,
        wanted: &[Wish<'_>],
    ) -> Result<(), Failure> {
        let most = invocation.limits.transaction;
        let place = wanted.first().map(|(named, _)| named.at);
        let failed = |failure| match place {
            Some(at) => file.named_here(at)(failure),
            None => failure,
        };
        if wanted.iter().any(|(_, choice)| **choice == Choice::Only) {
            let line = Line::of_transaction(path, most, FileForm::One(SEVERAL), &invocation.shape)
                .map_err(failed)?;
            self.keep(path, vec![Choice::Only], line);
        }
        let chosen = wanted.iter().map(|(_, choice)| *choice).filter(|choice| **choice != Choice::Only);
        let mut left: HashSet<&Choice> = chosen.collect();
        if left.is_empty() {
            return Ok(());
        }
        let by_number = left.iter().any(|choice| matches!(choice, Choice::Number(_)));
        // The number is the label, which every layout reads.
        let label = Layout::builder().build();
        let (mut seen, mut unread) = (Count::default(), Count::default());
        for line in input::Documents::open(path, most, &invocation.shape).map_err(failed)? {
            let line = line?;
            seen.increase();
            let mut choices = vec![Choice::Line(line.number.in_memory())];
            if by_number {
                let text = Source::text_of(Form::Payload, &line.bytes, most).ok();
                match text.map(|text| label.read(text, &invocation.limits)) {
                    Some(Ok(read)) => {
                        choices.extend(read.number().map(|number| Choice::Number(number.to_owned())));
                    }
                    Some(Err(_)) | None => unread.increase(),
                }
            }
            choices.retain(|choice| left.remove(choice));
            if !choices.is_empty() {
                self.keep(path, choices, line);
            }
            if left.is_empty() {
                return Ok(());
            }
        }
        let missing = wanted.iter().find(|(_, choice)| left.contains(choice));
        match missing {
            None => Ok(()),
            Some((named, choice)) => {
                let message = not_there(path, choice, (seen, unread));
                let help = "lines count from 1, numbers are compared as texts";
                Err(file.refuse(invocation, named.at.span, message, help))
            }
        }
    }

    fn keep(&mut self, path: &str, choices: Vec<Choice>, line: Line) {
        let at = self.lines.len();
        self.lines.push(line);
        self.by_choice.extend(choices.into_iter().map(|choice| ((path.to_owned(), choice), at)));
    }

    /// A document of a case, or what is wrong with its bytes.
    pub(super) fn text<'f>(
        &'f self,
        invocation: &Invocation,
        file: &CaseText<'f>,
        document: &'f Document,
    ) -> Result<Text<'f>, (Text<'f>, Diagnostics)> {
        match document {
            Document::Inline { at, .. } => {
                Ok(Text { text: Cow::Borrowed(file.slice(*at)), origin: Origin::Inline(document) })
            }
            Document::File { path, choice } => {
                let path = file.beside(&path.value);
                // INVARIANT: what is not there was refused when the files were read.
                let at = self.by_choice.get(&(path.clone(), choice.clone()));
                let Some(line) = at.and_then(|at| self.lines.get(*at)) else {
                    let origin = Origin::File { path, line: 1 };
                    return Ok(Text { text: Cow::Borrowed(""), origin });
                };
                Text::of_line(invocation, &path, line)
            }
        }
    }
}

impl<'f> Text<'f> {
    /// The document of a line of a file.
    pub(super) fn of_line(
        invocation: &Invocation,
        path: &str,
        line: &'f Line,
    ) -> Result<Text<'f>, (Text<'f>, Diagnostics)> {
        let origin = Origin::File { path: path.to_owned(), line: line.number.in_memory() };
        match Source::text_of(Form::Payload, &line.bytes, invocation.limits.transaction) {
            Ok(text) => Ok(Text { text: Cow::Borrowed(text), origin }),
            Err((source, faults)) => {
                Err((Text { text: Cow::Owned(source.text().to_owned()), origin }, faults))
            }
        }
    }

    /// Shows what is wrong with it, at its place, and gives the first of it.
    pub(super) fn refuse(
        &self,
        invocation: &Invocation,
        file: &CaseText<'_>,
        found: &Diagnostics,
    ) -> CaseError {
        match &self.origin {
            Origin::Inline(Document::Inline { at, pointer }) => file.show(invocation, found, *at, pointer),
            Origin::Inline(Document::File { .. }) => {}
            Origin::File { path, line } => {
                let source = Source::new(Form::Payload, &*self.text);
                let err = &mut screen::messages();
                invocation.show_line(err, found, (&source, *line), path);
            }
        }
        let first = found.iter().next().map(|fault| fault.message.as_str());
        CaseError::shown(Some("the document cannot be read"), first)
    }
}

/// That a file, of which so many documents were seen and so many not read, does
/// not have the one that a case chooses.
fn not_there(path: &str, choice: &Choice, (seen, unread): (Count, Count)) -> String {
    let path = excerpt(path);
    match choice {
        Choice::Number(number) => {
            let unread = if unread.is_zero() { String::new() } else { format!("; {unread} cannot be read") };
            let number = excerpt(number);
            format!("none of the {seen} documents of {path} has the `currentTxn.number` `{number}`{unread}")
        }
        Choice::Line(line) => format!("there is no document in line {line} of {path}"),
        Choice::Only => format!("there is no document in {path}"),
    }
}
