//! The codes of diagnostics: stable names that hosts and scripts rely on.

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Whether a rule is refused.
///
/// Serialises as `"error"` or `"warning"`.
///
/// ```
/// use target_rules::diagnostic::Severity;
/// use target_rules::{Ast, Limits, Schema};
/// let text = "currentTxn.value>500||currentTxn.points>5&&currentTxn.value>9";
/// let limits = Limits::default();
/// let checked = Ast::from_text(text, &limits)?.check(&Schema::standard(), &limits);
/// // `&&` binds tighter than `||`, which is warned of; the rule is a rule all the same.
/// let warned = checked.diagnostics().iter().next().ok_or("nothing is found")?;
/// assert_eq!((warned.code.name(), warned.severity), ("mixed-and-or", Severity::Warning));
/// assert!(checked.into_rule().is_ok());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The rule is refused.
    Error,
    /// The rule is accepted; its author should look.
    Warning,
}

macro_rules! codes {
    ($($(#[$doc:meta])* $variant:ident $severity:ident $name:literal;)*) => {
        /// Which kind of fault a diagnostic reports.
        ///
        /// One list for all: those that only targets and their documents raise
        /// stand here too, for a code means the same wherever it is met.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Code { $($(#[$doc])* $variant,)* }

        impl Code {
            /// Every code.
            pub const ALL: &'static [Code] = &[$(Code::$variant,)*];

            /// The stable name, such as `unknown-name`.
            pub fn name(self) -> &'static str {
                match self { $(Code::$variant => $name,)* }
            }

            /// Whether this kind of fault refuses the rule.
            pub fn severity(self) -> Severity {
                match self { $(Code::$variant => Severity::$severity,)* }
            }

            /// The page of this kind of fault, in Markdown: what it means, an
            /// example, why it is refused or warned of, and the repair.
            ///
            /// ```
            /// let page = target_rules::diagnostic::Code::SingleEquals.page();
            /// assert!(page.starts_with("# single-equals\n"));
            /// ```
            pub fn page(self) -> &'static str {
                match self { $(Code::$variant => include_str!(concat!("../diagnostic/pages/", $name, ".md")),)* }
            }
        }
    };
}

codes! {
    /// The text is not an expression, and no known slip explains it.
    Syntax Error "syntax";
    /// A single `=` where `==` is meant.
    SingleEquals Error "single-equals";
    /// A single `&` or `|`, or three of them.
    SingleLogic Error "single-logic";
    /// An operator written as a word, such as `and`, `between` or `in`.
    WordOperator Error "word-operator";
    /// An operator that the language does not have, such as `<>`, `><=` or `≥`.
    UnknownOperator Error "unknown-operator";
    /// A string in single or curly quotes, or in doubled ones.
    Quotes Error "quotes";
    /// A bracket that is never closed, or closes nothing.
    Bracket Error "bracket";
    /// A string that is never closed.
    UnclosedString Error "unclosed-string";
    /// `:` or `;` between arguments.
    ColonArgument Error "colon-argument";
    /// An argument that is not there.
    EmptyArgument Error "empty-argument";
    /// Text damaged by HTML, such as `&gt;`.
    HtmlDamage Error "html-damage";
    /// A template from a manual, such as `[Operator][Value]`.
    Template Error "template";
    /// A call without the profile it belongs to.
    MissingProfile Error "missing-profile";
    /// A name that is not known where it stands.
    UnknownName Error "unknown-name";
    /// A name that several known ones could be.
    AmbiguousName Error "ambiguous-name";
    /// A number with more digits than are allowed.
    NumberRange Error "number-range";
    /// A value of another type than is expected.
    TypeMismatch Error "type-mismatch";
    /// Orderings that are chained.
    ChainedComparison Error "chained-comparison";
    /// A chain on a literal or on arithmetic.
    ChainReceiver Error "chain-receiver";
    /// Something other than a literal where only a literal may stand.
    LiteralExpected Error "literal-expected";
    /// Too few or too many arguments.
    ArgumentCount Error "argument-count";
    /// A literal that is none of the listed values.
    EnumValue Error "enum-value";
    /// A constant that cannot be, such as hour 25.
    ImpossibleValue Error "impossible-value";
    /// A regular expression that is refused.
    Regex Error "regex";
    /// A rule whose value is not true or false.
    RootNotBoolean Error "root-not-boolean";
    /// Line item and tender in one rule.
    NestedUnrolling Error "nested-unrolling";
    /// Uses of a field that no schema lists disagree.
    FieldTypeConflict Error "field-type-conflict";
    /// A limit is exceeded.
    Limit Error "limit";
    /// The text is not JSON.
    JsonSyntax Error "json-syntax";
    /// A key that has no place there.
    UnknownKey Error "unknown-key";
    /// A key that stands twice in one object.
    DuplicateKey Error "duplicate-key";
    /// Keys that differ in case only, both of which could be meant.
    AmbiguousKey Error "ambiguous-key";
    /// A node of a tree that lacks what its arity asks for.
    TreeShape Error "tree-shape";
    /// A `group` of several operands: the text was no expression.
    NotAnExpression Error "not-an-expression";
    /// A type in a tree of another kind than the checker finds.
    TypeTag Error "type-tag";
    /// Text and tree of one rule say different things.
    FormsDisagree Error "forms-disagree";
    /// A rule without text and without tree.
    NoRule Error "no-rule";
    /// A value of a document of another type than is expected.
    WrongType Error "wrong-type";
    /// A payload of another shape than is expected.
    PayloadShape Error "payload-shape";
    /// A filter whose kind is not known.
    UnknownFilter Error "unknown-filter";
    /// A filter that admits nothing.
    EmptyFilter Error "empty-filter";
    /// A target's entity and its type do not go together.
    EntityAndType Error "entity-and-type";
    /// A target counts a field and does not say which.
    FieldNotNamed Error "field-not-named";
    /// A rule asks each line item, and its target does not count line items.
    LineItemRule Error "line-item-rule";
    /// The name of a target is too long.
    NameTooLong Error "name-too-long";
    /// An id that something else of its kind has too.
    DuplicateId Error "duplicate-id";
    /// A period that ends before it starts, or stands after a later one.
    PeriodOrder Error "period-order";
    /// Periods of one group that overlap.
    PeriodOverlap Error "period-overlap";
    /// A group whose windows are not such as there are.
    Window Error "window";
    /// A unified expression that is not understood.
    UnifiedExpression Error "unified-expression";
    /// A unified expression names a target that its group does not have.
    UnknownOperand Error "unknown-operand";
    /// A document that holds no targets.
    NoTargets Error "no-targets";
    /// An entry of a schema file that cannot stand as it is.
    SchemaEntry Error "schema-entry";
    /// An entry of a schema file that contradicts what is known.
    SchemaConflict Error "schema-conflict";
    /// A name in another spelling than the listed one.
    NameSpelling Warning "name-spelling";
    /// An argument that says nothing.
    DummyArgument Warning "dummy-argument";
    /// An operator that the platform does not have.
    Extension Warning "extension";
    /// `&&` and `||` mixed without brackets.
    MixedAndOr Warning "mixed-and-or";
    /// A value that is not among the known ones.
    UnknownValue Warning "unknown-value";
    /// A unified expression names a target that the document does not list.
    OperandNotListed Warning "operand-not-listed";
    /// A target, or enrolments, for which nothing can ever count.
    NeverCounts Warning "never-counts";
    /// A target has a value for a period that its group does not list.
    UnknownPeriod Warning "unknown-period";
    /// A comparison that is true of no value, or of every one.
    ImpossibleComparison Warning "impossible-comparison";
    /// A character of a text that cannot be seen or looks like another.
    OddCharacter Warning "odd-character";
    /// A pattern where none works, or as another language writes it.
    OddPattern Warning "odd-pattern";
    /// A type that was inferred from the uses of a field.
    AssumedType Warning "assumed-type";
    /// A key of a document that is no profile.
    UnknownProfile Warning "unknown-profile";
    /// A number that is a date in another unit than milliseconds.
    DateUnit Warning "date-unit";
    /// A text of a document that is no date where one is read.
    InvalidDate Warning "invalid-date";
    /// What is read and is in no document.
    NeverThere Warning "never-there";
    /// A line item that lacks a figure which is asked of items.
    MissingFigure Warning "missing-figure";
    /// A rule that is proved to be true for no transaction.
    NeverTrue Warning "never-true";
    /// A rule that is proved to be true for every transaction.
    AlwaysTrue Warning "always-true";
    /// A rule that is proved to be neither true nor false for any transaction.
    NeverDecided Warning "never-decided";
    /// A clause without which a rule is true for the same transactions.
    NoEffect Warning "no-effect";
    /// A clause that holds wherever what stands beside it does.
    Implied Warning "implied";
    /// Clauses that are never true together.
    Contradiction Warning "contradiction";
    /// A clause, or the rule of a target, that says what another one says.
    Duplicate Warning "duplicate";
    /// Ranges that meet at an edge which none of them takes.
    MissedEdge Warning "missed-edge";
    /// A pattern that one text matches, and no other.
    PlainPattern Warning "plain-pattern";
    /// A target that counts nothing but what another one counts too.
    Subsumed Warning "subsumed";
}

impl Code {
    /// The code of a stable name; `None` where no code has it.
    ///
    /// ```
    /// use target_rules::diagnostic::Code;
    /// assert_eq!(Code::named("unknown-name"), Some(Code::UnknownName));
    /// ```
    pub fn named(name: &str) -> Option<Code> {
        Code::ALL.iter().copied().find(|code| code.name() == name)
    }

    /// What this kind of fault is, in one sentence: the first of its page.
    pub fn summary(self) -> &'static str {
        self.page().lines().skip(1).find(|line| !line.is_empty()).unwrap_or("")
    }
}

impl std::fmt::Display for Code {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.name())
    }
}

impl Serialize for Code {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for Code {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Code, D::Error> {
        let name = String::deserialize(deserializer)?;
        Code::named(&name).ok_or_else(|| D::Error::custom(format!("no diagnostic has the code `{name}`")))
    }
}
