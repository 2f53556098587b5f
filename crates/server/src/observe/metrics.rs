//! Figures, as Prometheus reads them.

use std::sync::atomic::AtomicU64;
use std::time::Duration;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

/// What is told apart of requests: the route as it is declared, never a path
/// with a customer in it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(crate) struct RequestLabels {
    /// The route, such as `/v3/users/{userId}/enrolledTargets`.
    pub(crate) route: String,
    /// The status that was answered.
    pub(crate) status: u16,
}

/// What requests wait for, of which only so many of one organisation may wait at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Queue {
    /// A call of the store.
    Store,
    /// A call of the store that changes something, and a batch.
    Changes,
    /// Work that needs no store.
    Computing,
    /// The turn to change targets.
    Targets,
    /// The turn to read targets that others have changed.
    Reloading,
}

impl Queue {
    fn name(self) -> &'static str {
        match self {
            Queue::Store => "store",
            Queue::Changes => "changes",
            Queue::Computing => "computing",
            Queue::Targets => "targets",
            Queue::Reloading => "reloading",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct QueueLabels {
    queue: &'static str,
}

/// Upper ends of the classes of how long requests take, in seconds.
const SECONDS: [f64; 11] = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 1.0, 5.0, 30.0];

/// The figures of a server.
#[derive(Debug)]
pub(crate) struct Metrics {
    registry: Registry,
    requests: Family<RequestLabels, Counter>,
    durations: Histogram,
    queues_full: Family<QueueLabels, Counter>,
    /// How many requests are worked on.
    pub(crate) in_flight: Gauge,
    /// How many credentials were wrong.
    pub(crate) wrong_credentials: Counter,
    /// How many organisations are served by an older set of targets, since the
    /// newest does not build.
    pub(crate) rosters_kept: Gauge,
    /// How many transactions were booked, repetitions among them.
    pub(crate) transactions: Counter,
    /// How many transactions were refused.
    pub(crate) transactions_refused: Counter,
    /// How many enrolments were made.
    pub(crate) enrolments: Counter,
    /// How many calls of the store failed.
    pub(crate) store_failures: Counter<u64, AtomicU64>,
}

impl Default for Metrics {
    fn default() -> Metrics {
        let mut metrics = Metrics {
            registry: Registry::with_prefix("target_rules"),
            requests: Family::default(),
            durations: Histogram::new(SECONDS),
            queues_full: Family::default(),
            in_flight: Gauge::default(),
            wrong_credentials: Counter::default(),
            rosters_kept: Gauge::default(),
            transactions: Counter::default(),
            transactions_refused: Counter::default(),
            enrolments: Counter::default(),
            store_failures: Counter::default(),
        };
        let registry = &mut metrics.registry;
        registry.register("requests", "Requests that were answered", metrics.requests.clone());
        registry.register("request_seconds", "How long requests took", metrics.durations.clone());
        registry.register("requests_in_flight", "Requests that are worked on", metrics.in_flight.clone());
        registry.register(
            "queue_full",
            "Requests that were refused, for too many of their organisation waited",
            metrics.queues_full.clone(),
        );
        let wrong = metrics.wrong_credentials.clone();
        registry.register("wrong_credentials", "Requests with wrong credentials", wrong);
        let kept = metrics.rosters_kept.clone();
        registry.register(
            "rosters_kept",
            "Organisations that are served by an older set of targets, since the newest does not build",
            kept,
        );
        registry.register("transactions", "Transactions that were booked", metrics.transactions.clone());
        let refused = metrics.transactions_refused.clone();
        registry.register("transactions_refused", "Transactions that were refused", refused);
        registry.register("enrolments", "Enrolments that were made", metrics.enrolments.clone());
        registry.register("store_failures", "Calls of the store that failed", metrics.store_failures.clone());
        metrics
    }
}

impl Metrics {
    /// Counts a request that was answered.
    pub(crate) fn answered(&self, labels: &RequestLabels, took: Duration) {
        self.requests.get_or_create(labels).inc();
        self.durations.observe(took.as_secs_f64());
    }

    /// Counts a request that was refused, for too many of its organisation wait.
    pub(crate) fn full(&self, queue: Queue) {
        self.queues_full.get_or_create(&QueueLabels { queue: queue.name() }).inc();
    }

    /// All figures, in the text format of OpenMetrics.
    ///
    /// Fails where a figure can't be written, which no figure here does.
    pub(crate) fn text(&self) -> Result<String, std::fmt::Error> {
        let mut text = String::new();
        encode(&mut text, &self.registry)?;
        Ok(text)
    }
}
