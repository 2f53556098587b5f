//! Diagnostics as a SARIF 2.1.0 log, which code-review tools read.

use std::borrow::Cow;

use serde::Serialize;

use crate::report::{Code, Diagnostic, Form, Severity, Span, Suggestion};

use super::file::FileDiagnostic;
use super::source::Source;

/// A text that diagnostics are reported in: a whole file, or a part of one.
///
/// ```
/// use target_rules::diagnostic::{Artifact, Form, SarifLog, Source};
/// use target_rules::{Ast, Limits};
///
/// // The second line of the file is a rule, and starts at byte 12.
/// let file = "# Gold tier\ncurrentTxn.value = 500\n";
/// let rule = file.lines().nth(1).ok_or("no rule")?;
/// let source = Source::new(Form::Dsl, rule);
/// let artifact = Artifact::part("rules.txt", &source, 2, 12);
/// let mut log = SarifLog::new();
/// for fault in &Ast::from_text(rule, &Limits::default()).unwrap_err() {
///     log.add(&artifact, fault, |span| span, None);
/// }
/// let json = serde_json::to_value(&log)?;
/// let location = &json["runs"][0]["results"][0]["locations"][0]["physicalLocation"];
/// assert_eq!(location["region"]["startLine"], 2);
/// assert_eq!(location["region"]["byteOffset"], 12 + 17);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Artifact<'a> {
    /// The path of the file, or another name for where the text came from.
    pub name: &'a str,
    /// The text.
    pub source: &'a Source,
    /// The line of the file that the text starts on, from 1.
    pub first_line: usize,
    /// The byte of the file that the text starts at, which begins a line.
    pub first_byte: usize,
}

impl<'a> Artifact<'a> {
    /// A whole file.
    pub fn new(name: &'a str, source: &'a Source) -> Artifact<'a> {
        Artifact { name, source, first_line: 1, first_byte: 0 }
    }

    /// A part of a file that starts on a line and at a byte of it.
    pub fn part(name: &'a str, source: &'a Source, first_line: usize, first_byte: usize) -> Artifact<'a> {
        Artifact { name, source, first_line, first_byte }
    }

    fn location(&self, span: Span) -> PhysicalLocation {
        PhysicalLocation {
            artifact_location: ArtifactLocation { uri: uri(self.name) },
            region: self.region(span),
        }
    }

    fn region(&self, span: Span) -> Region {
        let start = self.source.position(span);
        let end = self.source.position(Span::empty(start.span.end()));
        // SARIF has lines of the file, the source those of its own text.
        let before = self.first_line.checked_sub(1);
        let line = |line: usize| before.and_then(|before| before.checked_add(line)).unwrap_or(line);
        let from = start.span.start().get();
        Region {
            start_line: line(start.line),
            start_column: start.column,
            end_line: line(end.line),
            end_column: end.column,
            byte_offset: self.first_byte.checked_add(from).unwrap_or(from),
            byte_length: start.span.len(),
        }
    }
}

/// A SARIF log that is being written. Serializes as the log.
///
/// ```
/// use target_rules::diagnostic::{Artifact, Form, SarifLog, Source};
/// use target_rules::{Ast, Limits};
/// let text = "currentTxn.value = 500";
/// let mut log = SarifLog::new();
/// if let Err(diagnostics) = Ast::from_text(text, &Limits::default()) {
///     let source = Source::new(Form::Dsl, text);
///     for diagnostic in &diagnostics {
///         log.add(&Artifact::new("rule", &source), diagnostic, |span| span, None);
///     }
/// }
/// let json = serde_json::to_value(&log)?;
/// assert_eq!(json["runs"][0]["results"][0]["ruleId"], "single-equals");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Serialize)]
pub struct SarifLog {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [SarifRun; 1],
}

impl Default for SarifLog {
    fn default() -> SarifLog {
        let driver =
            Driver { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION"), rules: Vec::new() };
        SarifLog {
            schema: "https://json.schemastore.org/sarif-2.1.0.json",
            version: "2.1.0",
            runs: [SarifRun { tool: Tool { driver }, column_kind: "utf16CodeUnits", results: Vec::new() }],
        }
    }
}

impl SarifLog {
    /// A log without results.
    pub fn new() -> SarifLog {
        SarifLog::default()
    }

    /// Adds a diagnostic.
    ///
    /// `locate` gives the place in the artifact of a span that the diagnostic
    /// has in the decoded form of its rule; `name` says which rule of the
    /// artifact it is, where there are several. Its suggestions become fixes
    /// where the artifact is that form itself; of a rule in a file,
    /// [`SarifLog::add_in_file`] knows what to write there.
    ///
    /// Cost is linear in the source.
    pub fn add(
        &mut self,
        artifact: &Artifact<'_>,
        diagnostic: &Diagnostic,
        locate: impl Fn(Span) -> Span,
        name: Option<&str>,
    ) {
        // An edit of the decoded form is none of a text that only holds it.
        let same = |suggestion: &&Suggestion| {
            suggestion.edits().iter().all(|edit| locate(edit.span) == edit.span)
                && artifact.source.form() == diagnostic.form
        };
        let found = PlacedDiagnostic {
            diagnostic,
            span: locate(diagnostic.span),
            labels: diagnostic.labels.iter().map(|label| locate(label.span)).collect(),
            fixes: diagnostic.suggestions.iter().filter(same).collect(),
        };
        self.result(artifact, found, name);
    }

    /// Adds a diagnostic of a rule that stands in a file, the artifact: places
    /// and fixes are those of the file.
    pub fn add_in_file(&mut self, artifact: &Artifact<'_>, found: &FileDiagnostic, name: Option<&str>) {
        let found = PlacedDiagnostic {
            diagnostic: &found.diagnostic,
            span: found.file.span,
            labels: found.labels.iter().map(|place| place.span).collect(),
            fixes: found.suggestions_in_file().iter().collect(),
        };
        self.result(artifact, found, name);
    }

    fn result(&mut self, artifact: &Artifact<'_>, found: PlacedDiagnostic<'_>, name: Option<&str>) {
        let PlacedDiagnostic { diagnostic, span, labels, fixes } = found;
        let [run] = &mut self.runs;
        let rules = &mut run.tool.driver.rules;
        let index = rules.len();
        let rule_index = match rules.iter().position(|rule| rule.id == diagnostic.code) {
            Some(index) => index,
            None => {
                rules.push(ReportingDescriptor::of(diagnostic.code));
                index
            }
        };
        let text = match &diagnostic.help {
            Some(help) => format!("{}\nhelp: {help}", diagnostic.message),
            None => diagnostic.message.clone(),
        };
        let labels = diagnostic.labels.iter().zip(labels);
        let related_locations = labels.map(|(label, span)| RelatedLocation {
            physical_location: artifact.location(span),
            message: Message { text: label.message.clone() },
        });
        run.results.push(SarifResult {
            rule_id: diagnostic.code,
            rule_index,
            level: level(diagnostic.severity),
            message: Message { text },
            locations: [SarifLocation {
                physical_location: artifact.location(span),
                logical_locations: name.map(|name| [LogicalLocation { name: name.to_owned() }]),
            }],
            related_locations: related_locations.collect(),
            fixes: fixes.into_iter().map(|suggestion| Fix::of(artifact, suggestion)).collect(),
            properties: Properties {
                form: diagnostic.form,
                line: diagnostic.line,
                column: diagnostic.column,
                pointer: diagnostic.pointer.clone(),
            },
        });
    }
}

/// A diagnostic with its places in the artifact.
struct PlacedDiagnostic<'d> {
    diagnostic: &'d Diagnostic,
    span: Span,
    labels: Vec<Span>,
    fixes: Vec<&'d Suggestion>,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
struct SarifRun {
    tool: Tool,
    column_kind: &'static str,
    results: Vec<SarifResult>,
}

#[derive(Debug, Clone, Serialize)]
struct Tool {
    driver: Driver,
}

#[derive(Debug, Clone, Serialize)]
struct Driver {
    name: &'static str,
    version: &'static str,
    rules: Vec<ReportingDescriptor>,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
struct ReportingDescriptor {
    id: Code,
    short_description: Message,
    help: Help,
    default_configuration: Configuration,
}

impl ReportingDescriptor {
    fn of(code: Code) -> ReportingDescriptor {
        ReportingDescriptor {
            id: code,
            short_description: Message { text: code.summary().to_owned() },
            help: Help { text: code.page(), markdown: code.page() },
            default_configuration: Configuration { level: level(code.severity()) },
        }
    }
}

#[derive(Debug, Clone, Serialize)]
struct Help {
    text: &'static str,
    markdown: &'static str,
}

#[derive(Debug, Clone, Serialize)]
struct Configuration {
    level: &'static str,
}

#[derive(Debug, Clone, Serialize)]
struct Message {
    text: String,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
struct SarifResult {
    rule_id: Code,
    rule_index: usize,
    level: &'static str,
    message: Message,
    locations: [SarifLocation; 1],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<RelatedLocation>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fixes: Vec<Fix>,
    properties: Properties,
}

/// A suggestion. SARIF has no word for how sure it is: its properties say so.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
struct Fix {
    artifact_changes: [ArtifactChange; 1],
    properties: FixProperties,
}

impl Fix {
    fn of(artifact: &Artifact<'_>, suggestion: &Suggestion) -> Fix {
        let replacements = suggestion.edits().iter().map(|edit| Replacement {
            deleted_region: artifact.region(edit.span),
            inserted_content: Message { text: edit.with.clone() },
        });
        let change = ArtifactChange {
            artifact_location: ArtifactLocation { uri: uri(artifact.name) },
            replacements: replacements.collect(),
        };
        Fix { artifact_changes: [change], properties: FixProperties { safe: suggestion.is_safe() } }
    }
}

#[derive(Debug, Clone, Serialize)]
struct FixProperties {
    safe: bool,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
struct ArtifactChange {
    artifact_location: ArtifactLocation,
    replacements: Vec<Replacement>,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
struct Replacement {
    deleted_region: Region,
    inserted_content: Message,
}

/// The place in the decoded form, as `check --format json` gives it.
#[derive(Debug, Clone, Serialize)]
struct Properties {
    form: Form,
    line: usize,
    column: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    pointer: Option<String>,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
struct SarifLocation {
    physical_location: PhysicalLocation,
    #[serde(skip_serializing_if = "Option::is_none")]
    logical_locations: Option<[LogicalLocation; 1]>,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
struct RelatedLocation {
    physical_location: PhysicalLocation,
    message: Message,
}

#[derive(Debug, Clone, Serialize)]
struct LogicalLocation {
    name: String,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
struct PhysicalLocation {
    artifact_location: ArtifactLocation,
    region: Region,
}

#[derive(Debug, Clone, Serialize)]
struct ArtifactLocation {
    uri: String,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: usize,
    start_column: usize,
    end_line: usize,
    end_column: usize,
    byte_offset: usize,
    byte_length: usize,
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}

/// A path as a URI reference: what has a meaning of its own in one is escaped.
fn uri(path: &str) -> String {
    let path = if cfg!(windows) { Cow::Owned(path.replace('\\', "/")) } else { Cow::Borrowed(path) };
    let mut uri = String::with_capacity(path.len());
    if path.starts_with('/') {
        uri.push_str("file://");
    }
    for byte in path.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                uri.push(char::from(byte));
            }
            _ => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::uri;

    #[test]
    fn paths_become_references_that_a_tool_can_follow() {
        assert_eq!(uri("rules/spring sale.ndjson"), "rules/spring%20sale.ndjson");
        assert_eq!(uri("/data/é#1.json"), "file:///data/%C3%A9%231.json");
        // A colon in the first step would make it a scheme.
        assert_eq!(uri("a:b"), "a%3Ab");
    }
}
