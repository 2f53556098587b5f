//! The fields of payloads whose values come from fixed lists.

use target_rules::schema::closest;

use super::written::Vocabulary;

macro_rules! vocabulary {
    ($(
        $(#[$meta:meta])*
        $name:ident $what:literal {
            $( $(#[$doc:meta])* $variant:ident $text:literal $(| $also:literal)*; )*
        }
    )*) => {$(
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum $name { $( $(#[$doc])* $variant, )* }

        impl Vocabulary for $name {
            const WHAT: &'static str = $what;
            const SPELLINGS: &'static [(&'static str, $name)] =
                &[$( ($text, $name::$variant), $( ($also, $name::$variant), )* )*];
        }
    )*};
}

vocabulary! {
    /// What the targets of a group are tracked for.
    TrackingType "tracking type" {
        /// Each target by itself.
        Default "DEFAULT";
        /// All targets together, by an expression over them.
        Unified "UNIFIED";
        /// Periods reached one after the other.
        Streaks "STREAKS" | "STREAK";
        /// No more than a value.
        Capping "CAPPING";
        /// Periods reached, with gaps between them.
        NonContinuousStreaks "NON_CONTINUOUS_STREAKS";
    }

    /// Of what a target counts.
    TargetEntity "target entity" {
        /// Of bills.
        Transaction "TRANSACTION";
        /// Of the line items of bills.
        LineItem "LINEITEM";
        /// Of events.
        Event "EVENT";
        /// Of points.
        Points "POINTS" | "REWARDS";
        /// Of the program's other currencies.
        AlternateCurrencies "ALTERNATE_CURRENCIES";
    }

    /// What counts.
    TargetType "target type" {
        /// The amount after discount.
        Sales "SALES";
        /// The amount before discount.
        GrossSales "GROSS_SALES";
        /// Activities.
        Count "COUNT";
        /// Days with an activity.
        Visit "VISIT";
        /// Pieces.
        Quantity "QUANTITY";
        /// Regular points.
        RegularPoints "REGULAR_POINTS";
        /// Promotional points.
        PromotionalPoints "PROMOTIONAL_POINTS";
        /// Points of all kinds.
        AllPoints "ALL_POINTS";
        /// An extended field of a bill or of a line item.
        ExtendedField "EXTENDED_FIELD";
        /// An attribute of an event.
        EventAttribute "EVENT_ATTRIBUTE";
        /// The regular amount of another currency.
        Regular "REGULAR";
        /// Its promotional amount.
        Promotional "PROMOTIONAL" | "PROMOTION";
        /// All of it.
        All "ALL";
        /// A word for sales, and of events for an attribute.
        Sum "SUM";
    }

    /// How customers come to a target.
    EnrolmentMethod "enrolment method" {
        /// By a transaction.
        Transaction "TRANSACTION";
        /// By a file.
        Import "IMPORT";
        /// By belonging to an audience.
        AudienceFilter "AUDIENCE_FILTER";
    }

    /// What the windows of a group are.
    EvaluationType "evaluation type" {
        /// The periods of the group, the same for everybody.
        FixedCalendarWindow "FIXED_CALENDAR_WINDOW";
        /// Cycles of one length from the customer's first activity.
        CyclicWindow "CYCLIC_WINDOW";
        /// From one time that the value is reached to the next.
        PeriodAgnosticWindow "PERIOD_AGNOSTIC_WINDOW";
    }

    /// How long a cycle is.
    FrequencyType "frequency type" {
        /// A day.
        Daily "DAILY";
        /// Seven days.
        Weekly "WEEKLY";
        /// A month.
        Monthly "MONTHLY";
        /// Three months.
        Quarterly "QUARTERLY";
        /// Six months.
        HalfYearly "HALF_YEARLY";
        /// A year.
        Yearly "YEARLY";
        /// As the group says.
        Custom "CUSTOM";
    }

    /// Where a period stands.
    PeriodStatus "period status" {
        /// It runs.
        Running "RUNNING";
        /// It has yet to begin.
        NotStarted "NOT_STARTED";
        /// It is over.
        Ended "ENDED";
        /// It is to come.
        Upcoming "UPCOMING";
        /// It is in force.
        Live "LIVE";
    }

    /// What a filter looks at.
    FilterKind "filter kind" {
        /// The store's id.
        Store "STORE";
        /// The store's zones.
        Zone "ZONE";
        /// The store's concepts.
        Concept "CONCEPT";
    }

    /// How the figures of an extended field become one.
    AggregateFunction "aggregate function" {
        /// How many there are.
        Count "COUNT";
        /// Their sum.
        Sum "SUM";
    }

    /// Which figure of a span of time counts.
    WindowType "window type" {
        /// The lowest.
        Min "MIN";
        /// The highest.
        Max "MAX";
    }

    /// The span of time that only one figure counts of.
    WindowUnit "window unit" {
        /// A local day.
        Day "DAY";
    }

    /// How the values of unified targets become one.
    Aggregation "aggregation" {
        /// Their sum.
        Sum "SUM";
        /// How many of them are achieved.
        Count "COUNT";
    }

    /// How unified targets are combined where no expression says it.
    CombinationType "combination type" {
        /// All must be achieved.
        All "ALL";
        /// One will do.
        Any "ANY";
    }
}

/// What people write for words of the lists, by what the list is of.
const OTHER_WORDS: [(&str, &[(&str, &str)]); 4] = [
    (
        TargetType::WHAT,
        &[
            ("SPEND", "SALES"),
            ("SPENT", "SALES"),
            ("SPENDING", "SALES"),
            ("AMOUNT", "SALES"),
            ("REVENUE", "SALES"),
            ("NET", "SALES"),
            ("VALUE", "SALES"),
            ("PURCHASE", "SALES"),
            ("GROSS", "GROSS_SALES"),
            ("BILLS", "COUNT"),
            ("ORDERS", "COUNT"),
            ("TRANSACTIONS", "COUNT"),
            ("NUMBER", "COUNT"),
            ("DAYS", "VISIT"),
            ("QTY", "QUANTITY"),
            ("UNITS", "QUANTITY"),
            ("PIECES", "QUANTITY"),
            ("ITEMS", "QUANTITY"),
            ("POINTS", "ALL_POINTS"),
            ("CUSTOM_FIELD", "EXTENDED_FIELD"),
        ],
    ),
    (
        TargetEntity::WHAT,
        &[
            ("BILL", "TRANSACTION"),
            ("ORDER", "TRANSACTION"),
            ("TXN", "TRANSACTION"),
            ("ITEM", "LINEITEM"),
            ("SKU", "LINEITEM"),
            ("PRODUCT", "LINEITEM"),
            ("CURRENCY", "ALTERNATE_CURRENCIES"),
        ],
    ),
    (
        EnrolmentMethod::WHAT,
        &[
            ("BILL", "TRANSACTION"),
            ("AUTO", "TRANSACTION"),
            ("AUTOMATIC", "TRANSACTION"),
            ("FILE", "IMPORT"),
            ("LIST", "IMPORT"),
            ("MANUAL", "IMPORT"),
            ("UPLOAD", "IMPORT"),
            ("AUDIENCE", "AUDIENCE_FILTER"),
            ("SEGMENT", "AUDIENCE_FILTER"),
        ],
    ),
    (FilterKind::WHAT, &[("SHOP", "STORE"), ("OUTLET", "STORE"), ("REGION", "ZONE"), ("BRAND", "CONCEPT")]),
];

/// The word of a list that is most likely meant by one that is not in it.
pub(crate) fn meant<K: Vocabulary>(word: &str) -> Option<&'static str> {
    let other = OTHER_WORDS.iter().find(|(what, _)| *what == K::WHAT).map(|(_, words)| *words);
    let other = other.into_iter().flatten().find(|(other, _)| other.eq_ignore_ascii_case(word));
    let spellings = K::SPELLINGS.iter().map(|(spelling, _)| *spelling);
    other.map(|(_, meant)| *meant).or_else(|| closest(word, spellings))
}

/// Whether what an activity adds, or when, depends on the words of a list.
pub(crate) fn is_counted_by<K: Vocabulary>() -> bool {
    let counted =
        [TargetType::WHAT, TargetEntity::WHAT, EvaluationType::WHAT, WindowType::WHAT, WindowUnit::WHAT];
    counted.contains(&K::WHAT)
}
