//! Who takes part in which target, from when, and what they are to reach.

use hashbrown::HashMap;
use target_rules::diagnostic::{Code, Diagnostic, Diagnostics, Form, Input, Offset, Source, Span};
use target_rules::json::Kind;
use target_rules::value::DateText;
use target_rules::{Limits, Number};

use crate::eligibility::CheckedTarget;
use crate::json::{Node, ReadJson, parsed_within};
use crate::model::record::record;
use crate::model::{KnownKeys, WrittenDate, WrittenNumber, unknown_keys};

use super::participation::{Participation, Terms, Which};

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
            count: 0,
            rows: Vec::with_capacity(parsed.root().entries().count()),
            warnings: Vec::new(),
        };
        let mut faults = reader.all(parsed.root(), limits.errors);
        let enrols = targets.iter().any(CheckedTarget::enrols);
        let to_nobody = nobody(parsed.root()).filter(|_| !targets.is_empty() && !enrols);
        let EnrolmentReader { count, mut rows, warnings, .. } = reader;
        let by_customer = by_customer(&mut rows, targets, &mut faults, limits);
        if !faults.is_empty() {
            // A field that is missing may stand there under another name.
            let found = faults.into_iter().chain(warnings).collect();
            return Err(Diagnostics::gather(
                &Source::new(Form::Payload, parsed.text()),
                found,
                limits.errors,
            ));
        }
        let warnings: Vec<Diagnostic> = warnings.into_iter().chain(to_nobody).collect();
        let warnings = match warnings.is_empty() {
            true => Diagnostics::default(),
            false => Diagnostics::gather(&Source::new(Form::Payload, parsed.text()), warnings, limits.errors),
        };
        Ok(Enrolments { by_customer, count, warnings })
    }

    /// Those in some of the targets, by their positions in the list that this was read
    /// for; in the new ones they stand in the order in which they are named.
    ///
    /// ```
    /// use loyalty_targets::{Enrolments, Payload};
    /// use target_rules::{Limits, Schema};
    /// let limits = Limits::default();
    /// let text = r#"{"data": [{"id": 50, "expression": "true"},
    ///                         {"id": 51, "expression": "true"}]}"#;
    /// let payload = Payload::read(text, &limits)?;
    /// let schema = Schema::standard();
    /// let checked = payload.targets().filter_map(|one| one.check(&schema, &limits).target);
    /// let targets: Vec<_> = checked.collect();
    /// let text = r#"[{"userId": 1, "targetId": 50, "value": 9},
    ///               {"userId": 2, "targetId": 51, "value": 9}]"#;
    /// let enrolments = Enrolments::read(text, &targets, &limits)?;
    /// assert_eq!(enrolments.among(&[1]).len(), 1);
    /// # Ok::<(), target_rules::Diagnostics>(())
    /// ```
    pub fn among(&self, positions: &[usize]) -> Enrolments {
        let place: HashMap<usize, usize> =
            positions.iter().enumerate().map(|(place, position)| (*position, place)).collect();
        let of_customer = |(customer, all): (&i64, &Vec<Participation>)| {
            let kept = all
                .iter()
                .filter_map(|one| Some(Participation { target: *place.get(&one.target)?, ..one.clone() }));
            let mut kept: Vec<Participation> = kept.collect();
            kept.sort_by_key(|one| one.target);
            (!kept.is_empty()).then_some((*customer, kept))
        };
        let by_customer: HashMap<i64, Vec<Participation>> =
            self.by_customer.iter().filter_map(of_customer).collect();
        let terms = |one: &Participation| {
            usize::from(one.all.is_some()).saturating_add(one.listed.len()).saturating_add(one.open.len())
        };
        let count = by_customer.values().flatten().map(terms).fold(0, usize::saturating_add);
        Enrolments { by_customer, count, warnings: Diagnostics::default() }
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
    /// Customers, targets and periods.
    count: usize,
    rows: Vec<Row>,
    warnings: Vec<Diagnostic>,
}

/// One enrolment of a file. What is found of a customer is put together once all
/// are read, so that no room is kept for what may come.
struct Row {
    user: i64,
    /// The position of the target.
    target: usize,
    which: Which,
    terms: Terms,
    place: Offset,
}

/// The periods that the group of a target lists.
struct Periods {
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

impl Periods {
    fn of(target: &CheckedTarget) -> Periods {
        let with_default = target.group().map_or(0, |group| match target.counting().default_in(None) {
            Some(_) => group.period_ids.len(),
            None => target.counting().periods().filter(|id| group.period_ids.contains(id)).count(),
        });
        Periods { with_default }
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
        let which = Which::of(target, enrolment.period_id);
        let stated = value(entry, &enrolment)?;
        let terms = Terms::new(
            stated,
            date(entry, "enrolledOn", enrolment.enrolled_on.as_ref())?,
            date(entry, "withdrawnOn", enrolment.withdrawn_on.as_ref())?,
        );
        let which = which.ok_or_else(|| {
            let period = enrolment.period_id.unwrap_or_default();
            at_key(entry, "periodId", format!("the group of target {} has no period {period}", target.id()))
        })?;
        let default_in = |period| target.counting().default_in(period);
        let count = match which {
            Which::All if stated.is_some() => target.group().map_or(0, |group| group.period_ids.len()),
            Which::All => periods.with_default,
            Which::Open(period) => usize::from(stated.or_else(|| default_in(period)).is_some()),
            Which::Listed(period) => usize::from(stated.or_else(|| default_in(Some(period))).is_some()),
        };
        if count == 0 {
            let message = "neither the enrolment nor the target says what is to be reached".to_owned();
            return Err(at_key(entry, "targetId", message).help("give the enrolment a `value`"));
        }
        self.count = self.count.saturating_add(count);
        let place = entry.head().start();
        self.rows.push(Row { user: enrolment.user_id, target: at, which, terms, place });
        Ok(())
    }
}

/// What was read, by customer and target. Adds the faults of what stands twice.
fn by_customer(
    rows: &mut [Row],
    targets: &[CheckedTarget],
    faults: &mut Vec<Diagnostic>,
    limits: &Limits,
) -> HashMap<i64, Vec<Participation>> {
    let most = limits.errors;
    rows.sort_unstable_by_key(|row| (row.user, row.target, row.place));
    let customers = rows.chunk_by(|a, b| a.user == b.user).count();
    let mut all = HashMap::with_capacity(customers);
    for of_customer in rows.chunk_by_mut(|a, b| a.user == b.user) {
        let Some(user) = of_customer.first().map(|row| row.user) else { continue };
        let count = of_customer.chunk_by(|a, b| a.target == b.target).count();
        let mut participations = Vec::with_capacity(count);
        for of_target in of_customer.chunk_by_mut(|a, b| a.target == b.target) {
            let Some(target) = of_target.first().map(|row| row.target) else { continue };
            twice(of_target, targets.get(target), faults, most);
            faults.extend(too_many(of_target, targets.get(target), limits.periods_at_once));
            participations.push(participation(target, of_target));
        }
        all.insert(user, participations);
        // Only so many are told: those that stand first.
        if faults.len() > most.saturating_mul(2) {
            faults.sort_by_key(|fault| fault.span);
            faults.truncate(most);
        }
    }
    all
}

/// The faults of enrolments of a customer in a target for a period that another
/// one is for, at most so many.
fn twice(rows: &[Row], target: Option<&CheckedTarget>, faults: &mut Vec<Diagnostic>, most: usize) {
    let Some(target) = target.filter(|_| rows.len() > 1) else { return };
    let has_default = |period| target.counting().default_in(Some(period)).is_some();
    let mut seen = Seen::default();
    let found = rows.iter().filter_map(|Row { user, which, terms, place, .. }| {
        let place = Span::byte(*place);
        let (first, period) = seen.add(which, terms.value().is_some(), has_default, place)?;
        let message = format!(
            "customer {user} is already enrolled in target {}{}",
            target.id(),
            period.map(|period| format!(" and its period {period}")).unwrap_or_default()
        );
        let fault = Diagnostic::new(Code::PayloadShape, place, message);
        Some(fault.note("the second time").label(first, "the first time").help("remove one of the two"))
    });
    faults.extend(found.take(most));
}

/// The fault of enrolments of a customer in a target that no date is compared with,
/// where there are more than so many: a bill is booked in all of their periods.
fn too_many(rows: &[Row], target: Option<&CheckedTarget>, most: usize) -> Option<Diagnostic> {
    let mut open = rows.iter().filter(|row| matches!(row.which, Which::Open(_)));
    let row = open.nth(most)?;
    let (user, id) = (row.user, target?.id());
    let message = format!("customer {user} has more than {most} periods in target {id} that are not listed");
    let fault = Diagnostic::new(Code::Limit, Span::byte(row.place), message);
    Some(fault.note("one too many").help("ask for the target's group with its `periods`"))
}

/// How a customer takes part in a target, by what was read of both.
fn participation(target: usize, rows: &mut [Row]) -> Participation {
    let none = || Terms::new(None, None, None);
    Participation::of(
        target,
        rows.iter_mut().map(|row| (row.which, std::mem::replace(&mut row.terms, none()))),
    )
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
                let first = before.or_else(|| named.map(|(_, place)| place).min());
                return first.map(|before| (before, None));
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
