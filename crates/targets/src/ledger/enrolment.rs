//! Who takes part in which target, from when, and what they are to reach.

use hashbrown::{HashMap, HashSet};
use target_rules::diagnostic::{Code, Diagnostic, Diagnostics, Form, Input, Source, Span};
use target_rules::json::Kind;
use target_rules::value::DateText;
use target_rules::{Limits, Number};

use crate::eligibility::{CheckedTarget, Window};
use crate::json::{Node, ReadJson, parsed_within};
use crate::model::record::record;
use crate::model::{KnownKeys, WrittenDate, WrittenNumber, unknown_keys};

use super::participation::{Participation, Terms};

record! {
    /// That a customer takes part in a target, as a file of enrolments says it.
    pub struct Enrolment, "an enrolment, an object" {
        /// The customer.
        user_id "userId": i64,
        /// The target.
        target_id "targetId": i64,
        /// The period; without one, every period of the target's group.
        period_id "periodId": Option<i64>,
        /// What is to be reached; without it, what the target says.
        value "value": Option<WrittenNumber>,
        /// From when activities count; without it, all of them do.
        enrolled_on "enrolledOn": Option<WrittenDate>,
        /// From when activities don't count any more; what counted before stays.
        withdrawn_on "withdrawnOn": Option<WrittenDate>,
    }
}

/// Enrolments that fit the targets.
///
/// ```
/// use loyalty_targets::{Enrolments, Payload};
/// use target_rules::{Limits, Schema};
/// let limits = Limits::default();
/// let text = r#"{"data": {"id": 7, "targets": [{"id": 50, "expression": "true"}],
///     "periods": [{"id": 3, "startDate": "2026-01-01", "endDate": "2026-03-31"},
///                 {"id": 4, "startDate": "2026-04-01", "endDate": "2026-06-30"}]}}"#;
/// let payload = Payload::read(text, &limits)?;
/// let schema = Schema::standard();
/// let targets = payload.targets().filter_map(|one| one.check(&schema, &limits).target);
/// let targets: Vec<_> = targets.collect();
/// let text = r#"[{"userId": 19721, "targetId": 50, "value": 5000},
///               {"userId": 19722, "targetId": 50, "periodId": 3, "value": 900}]"#;
/// let enrolments = Enrolments::read(text, &targets, &limits)?;
/// assert_eq!(enrolments.len(), 3); // the first customer takes part in both periods
/// # Ok::<(), target_rules::Diagnostics>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct Enrolments {
    /// By customer; those of a customer by the position of the target.
    pub(super) by_customer: HashMap<i64, Vec<Participation>>,
    /// Customers, targets and periods.
    count: usize,
    warnings: Diagnostics,
}

static KEYS: KnownKeys = KnownKeys::plain(Enrolment::KEYS).with(&[
    ("customerId", "userId"),
    ("customer", "userId"),
    ("user", "userId"),
    ("target", "targetId"),
    ("period", "periodId"),
    ("goal", "value"),
    ("defined", "value"),
    ("defaultValue", "value"),
    ("from", "enrolledOn"),
    ("since", "enrolledOn"),
    ("startDate", "enrolledOn"),
    ("until", "withdrawnOn"),
    ("endDate", "withdrawnOn"),
]);

impl Enrolments {
    /// Reads a file of enrolments, from text or bytes: a list of objects. Cost
    /// is linear in the file.
    ///
    /// Fails where one of them has another shape, names a target or a period
    /// that is not there, stands twice, or does not say what is to be reached
    /// where the target does not say it either. Every fault has its place.
    ///
    /// ```
    /// use loyalty_targets::{Enrolments, Payload};
    /// use target_rules::{Limits, Schema};
    /// let limits = Limits::default();
    /// let text = r#"{"data": [{"id": 50, "expression": "true"}]}"#;
    /// let payload = Payload::read(text, &limits)?;
    /// let schema = Schema::standard();
    /// let checked = payload.targets().filter_map(|one| one.check(&schema, &limits).target);
    /// let targets: Vec<_> = checked.collect();
    /// let text = r#"[
    ///     {"userId": 19721, "targetId": 50, "value": 5000, "enrolledOn": "2024-04-02"},
    ///     {"userId": 19722, "targetId": 51}]"#;
    /// let refused = Enrolments::read(text, &targets, &limits).unwrap_err();
    /// assert!(refused.to_string().contains("no target 51"));
    /// # Ok::<(), target_rules::Diagnostics>(())
    /// ```
    pub fn read(
        file: &(impl Input + ?Sized),
        targets: &[CheckedTarget],
        limits: &Limits,
    ) -> Result<Enrolments, Diagnostics> {
        let parsed = parsed_within(file, "the enrolments have", limits)?;
        let mut reader = EnrolmentReader {
            targets: targets.iter().enumerate().map(|(at, target)| (target.id(), (at, target))).collect(),
            periods: HashMap::new(),
            read: Enrolments::default(),
            seen: HashMap::new(),
            warnings: Vec::new(),
        };
        let faults = reader.all(parsed.root(), limits.errors);
        if faults.is_empty() {
            let enrols = targets.iter().any(CheckedTarget::enrols);
            reader.warnings.extend(nobody(parsed.root()).filter(|_| !targets.is_empty() && !enrols));
            let mut read = reader.read;
            let source = Source::new(Form::Payload, parsed.text());
            read.warnings = Diagnostics::gather(&source, reader.warnings, limits.errors);
            for of_customer in read.by_customer.values_mut() {
                of_customer.sort_by_key(|one| one.target);
                of_customer.iter_mut().for_each(Participation::sort);
            }
            return Ok(read);
        }
        // A field that is missing may stand there under another name.
        let found = faults.into_iter().chain(reader.warnings).collect();
        Err(Diagnostics::gather(&Source::new(Form::Payload, parsed.text()), found, limits.errors))
    }

    /// How many customers, targets and periods there are.
    pub fn len(&self) -> usize {
        self.count
    }

    /// What is dubious: keys that nothing reads and that are nearly known ones.
    ///
    /// ```
    /// use loyalty_targets::{Enrolments, Payload};
    /// use target_rules::{Limits, Schema};
    /// let limits = Limits::default();
    /// let payload = r#"{"data": [{"id": 50, "expression": "true"}]}"#;
    /// let payload = Payload::read(payload, &limits)?;
    /// let schema = Schema::standard();
    /// let checked = payload.targets().filter_map(|one| one.check(&schema, &limits).target);
    /// let targets: Vec<_> = checked.collect();
    /// let text = r#"[{"userId": 1, "targetId": 50, "value": 9, "enroledOn": "2026-01-02"}]"#;
    /// let enrolments = Enrolments::read(text, &targets, &limits)?;
    /// let warning = enrolments.warnings().iter().next().and_then(|one| one.help.as_deref());
    /// assert_eq!(warning, Some("did you mean `enrolledOn`?"));
    /// # Ok::<(), target_rules::Diagnostics>(())
    /// ```
    pub fn warnings(&self) -> &Diagnostics {
        &self.warnings
    }

    /// Whether nobody takes part in anything.
    pub fn is_empty(&self) -> bool {
        self.by_customer.is_empty()
    }
}

struct EnrolmentReader<'a> {
    targets: HashMap<i64, (usize, &'a CheckedTarget)>,
    /// What is known of the periods of targets, by their position.
    periods: HashMap<usize, Periods>,
    read: Enrolments,
    /// Where each enrolment stands, by customer and target.
    seen: HashMap<(i64, usize), Seen>,
    warnings: Vec<Diagnostic>,
}

/// The periods that the group of a target lists.
struct Periods {
    listed: HashSet<i64>,
    /// How many of them the target has a value for.
    with_default: usize,
}

/// The enrolments of a customer in a target.
#[derive(Default)]
struct Seen {
    /// The one in every period, and whether it says what is to be reached.
    all: Option<(Span, bool)>,
    periods: HashMap<Option<i64>, Span>,
}

/// The periods that an enrolment is for.
enum Which {
    /// All that the group lists.
    All,
    /// A period, or none, that no date is compared with.
    Open(Option<i64>),
    /// A period of the group.
    Listed(i64),
}

impl Periods {
    fn of(target: &CheckedTarget) -> Periods {
        let periods = target.group().map(|group| group.periods.as_slice()).unwrap_or_default();
        let with_default =
            periods.iter().filter(|period| target.counting().default_in(Some(period.id)).is_some()).count();
        Periods { listed: periods.iter().map(|period| period.id).collect(), with_default }
    }

    /// The periods that an enrolment is for.
    ///
    /// Cycles begin with the customer's activities and not with a period; there
    /// a period only says which of the target's values is to be reached.
    fn which(&self, target: &CheckedTarget, stated: Option<i64>) -> Result<Which, String> {
        let Some(group) = target.group().filter(|group| !group.periods.is_empty()) else {
            return Ok(Which::Open(stated));
        };
        let fixed = group.window == Window::Fixed;
        match stated {
            Some(id) if self.listed.contains(&id) && fixed => Ok(Which::Listed(id)),
            Some(id) if self.listed.contains(&id) || !group.complete => Ok(Which::Open(Some(id))),
            Some(id) => Err(format!("the group of target {} has no period {id}", target.id())),
            None if fixed => Ok(Which::All),
            None => Ok(Which::Open(group.periods.first().map(|period| period.id))),
        }
    }
}

impl EnrolmentReader<'_> {
    /// Reads the list, up to so many faults.
    fn all(&mut self, list: Node<'_>, most: usize) -> Vec<Diagnostic> {
        if list.kind() != Kind::Array {
            let message = format!("enrolments are a list, not {}", list.kind().name());
            return vec![Diagnostic::new(Code::PayloadShape, list.head(), message).help(EXAMPLE)];
        }
        let mut faults = Vec::new();
        for entry in list.entries() {
            let left = most.saturating_sub(self.warnings.len());
            let warnings = unknown_keys(entry, &KEYS, left);
            self.warnings.extend(warnings.into_iter().map(|(_, warning)| warning));
            faults.extend(self.enrolment(entry).err());
            if faults.len() >= most {
                break;
            }
        }
        faults
    }

    fn enrolment(&mut self, entry: Node<'_>) -> Result<(), Diagnostic> {
        let enrolment = Enrolment::read(entry).map_err(|fault| fault.diagnostic(None).help(EXAMPLE))?;
        let Some((at, target)) = self.targets.get(&enrolment.target_id).copied() else {
            let message = format!("there is no target {} in the payload", enrolment.target_id);
            return Err(at_key(entry, "targetId", message));
        };
        let periods = self.periods.entry(at).or_insert_with(|| Periods::of(target));
        let which = periods.which(target, enrolment.period_id);
        let terms = Terms::new(
            value(entry, &enrolment)?,
            date(entry, "enrolledOn", enrolment.enrolled_on.as_ref())?,
            date(entry, "withdrawnOn", enrolment.withdrawn_on.as_ref())?,
        );
        let which = which.map_err(|message| at_key(entry, "periodId", message))?;
        let default_in = |period| target.counting().default_in(period);
        let count = match which {
            Which::All if terms.value.is_some() => periods.listed.len(),
            Which::All => periods.with_default,
            Which::Open(period) => usize::from(terms.value.or_else(|| default_in(period)).is_some()),
            Which::Listed(period) => usize::from(terms.value.or_else(|| default_in(Some(period))).is_some()),
        };
        if count == 0 {
            let message = "neither the enrolment nor the target says what is to be reached".to_owned();
            return Err(at_key(entry, "targetId", message).help("give the enrolment a `value`"));
        }
        let seen = self.seen.entry((enrolment.user_id, at)).or_default();
        let has_default = |period| default_in(Some(period)).is_some();
        if let Some((first, period)) = seen.add(&which, terms.value.is_some(), has_default, entry.head()) {
            let message = format!(
                "customer {} is already enrolled in target {}{}",
                enrolment.user_id,
                enrolment.target_id,
                period.map(|period| format!(" and its period {period}")).unwrap_or_default()
            );
            return Err(Diagnostic::new(Code::PayloadShape, entry.head(), message)
                .note("the second time")
                .label(first, "the first time")
                .help("remove one of the two"));
        }
        self.read.count = self.read.count.saturating_add(count);
        let of_customer = self.read.by_customer.entry(enrolment.user_id).or_default();
        let participation = match of_customer.iter().position(|one| one.target == at) {
            Some(position) => of_customer.get_mut(position),
            None => {
                of_customer.push(Participation::new(at));
                of_customer.last_mut()
            }
        };
        if let Some(participation) = participation {
            match which {
                Which::All => participation.all = Some(terms),
                Which::Open(period) => participation.open.push((period, terms)),
                Which::Listed(period) => participation.listed.push((period, terms)),
            }
        }
        Ok(())
    }
}

impl Seen {
    /// Adds an enrolment; where there is one for the same period already, its
    /// place, and the period where both name one.
    ///
    /// One in every period is only in those that something is to be reached in.
    fn add(
        &mut self,
        which: &Which,
        stated: bool,
        has_default: impl Fn(i64) -> bool,
        place: Span,
    ) -> Option<(Span, Option<i64>)> {
        let period = match which {
            Which::All => {
                let before = self.all.replace((place, stated)).map(|(before, _)| before);
                let named = self.periods.iter().filter_map(|(period, place)| Some(((*period)?, *place)));
                let named = named.filter(|(period, _)| stated || has_default(*period));
                return before.or(named.map(|(_, place)| place).min()).map(|before| (before, None));
            }
            Which::Open(period) => *period,
            Which::Listed(period) => {
                let all = self.all.filter(|(_, stated)| *stated || has_default(*period));
                if let Some((before, _)) = all {
                    return Some((before, Some(*period)));
                }
                Some(*period)
            }
        };
        self.periods.insert(period, place).map(|before| (before, period))
    }
}

/// That a list enrols nobody.
fn nobody(list: Node<'_>) -> Option<Diagnostic> {
    let message = "this list enrols nobody, and no target enrols by transaction, so nothing counts";
    list.entries().next().is_none().then(|| {
        Diagnostic::new(Code::NeverCounts, list.head(), message).note("nobody takes part").help(EXAMPLE)
    })
}

fn at_key(entry: Node<'_>, key: &str, message: String) -> Diagnostic {
    Diagnostic::new(Code::PayloadShape, entry.member(key).unwrap_or(entry).head(), message)
}

fn date(
    entry: Node<'_>,
    key: &'static str,
    written: Option<&WrittenDate>,
) -> Result<Option<DateText>, Diagnostic> {
    let date = written.map(WrittenDate::date);
    if date == Some(DateText::Invalid) {
        let verb = if key == "enrolledOn" { "be enrolled on" } else { "withdraw on" };
        let message = format!("this is no date that somebody can {verb}");
        return Err(at_key(entry, key, message).help("write a date as `2026-01-31`"));
    }
    Ok(date)
}

fn value(entry: Node<'_>, enrolment: &Enrolment) -> Result<Option<Number>, Diagnostic> {
    match enrolment.value.as_ref().map(WrittenNumber::value) {
        None => Ok(None),
        Some(Ok(value)) => Ok(Some(value)),
        Some(Err(_)) => {
            let message = "this number has more digits than can be held".to_owned();
            Err(at_key(entry, "value", message))
        }
    }
}

const EXAMPLE: &str = "an enrolment looks like `{\"userId\": 19721, \"targetId\": 50, \"periodId\": 7, \"value\": 5000, \"enrolledOn\": \"2024-04-02\"}`";
