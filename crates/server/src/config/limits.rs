//! What a request may cost at most.

use std::time::Duration;

use clap::Args;

/// Bounds on requests. Whatever goes beyond one is answered by a status of its
/// own, and nothing of it is done.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Limits")]
pub(crate) struct RequestLimits {
    /// How large the body of a request may be, in bytes; larger ones are answered by 413
    #[arg(long, value_name = "BYTES", default_value_t = 1024 * 1024, env = "TARGET_RULES_MAX_BODY")]
    pub(crate) max_body: usize,

    /// How large the body of a batch or a list may be, in bytes
    #[arg(long, value_name = "BYTES", default_value_t = 16 * 1024 * 1024, env = "TARGET_RULES_MAX_BATCH_BODY")]
    pub(crate) max_batch_body: usize,

    /// How many transactions or enrolments a batch may have
    #[arg(long, value_name = "COUNT", default_value_t = 10_000, env = "TARGET_RULES_MAX_BATCH")]
    pub(crate) max_batch: usize,

    /// How large the line and the headers of a request may be, in bytes
    #[arg(long, value_name = "BYTES", default_value_t = 16 * 1024, env = "TARGET_RULES_MAX_HEADERS",
          value_parser = clap::value_parser!(u32).range(8192..=1_048_576))]
    pub(crate) max_headers: u32,

    /// How long a client may take to send headers, also the next ones on a connection that stays
    /// open, in seconds; then it is closed
    #[arg(long, value_name = "SECONDS", default_value_t = 10, env = "TARGET_RULES_HEADER_TIME",
          value_parser = clap::value_parser!(u64).range(1..=3600))]
    pub(crate) header_time: u64,

    /// How long a request may take, its body included, in seconds; then it is answered by 408
    #[arg(long, value_name = "SECONDS", default_value_t = 30, env = "TARGET_RULES_REQUEST_TIME",
          value_parser = clap::value_parser!(u64).range(1..=3600))]
    pub(crate) request_time: u64,

    /// How long a client may take to read an answer, in seconds; then the connection is closed
    #[arg(long, value_name = "SECONDS", default_value_t = 30, env = "TARGET_RULES_ANSWER_TIME",
          value_parser = clap::value_parser!(u64).range(1..=3600))]
    pub(crate) answer_time: u64,

    /// How many bytes of bodies are held at once, those that are worked on among them; a body that
    /// finds no room in a second is answered by 503
    #[arg(long, value_name = "BYTES", default_value_t = 32 * 1024 * 1024, env = "TARGET_RULES_MAX_BODIES")]
    pub(crate) max_bodies: usize,

    /// How many bytes the answers of more than 16 KiB take together until their clients have read
    /// them. A GET that finds no room in a second is answered by 503; another answer waits for room
    /// as long as --answer-time, and is then sent without it
    #[arg(long, value_name = "BYTES", default_value_t = 64 * 1024 * 1024, env = "TARGET_RULES_MAX_ANSWERS")]
    pub(crate) max_answers: usize,

    /// How many requests are worked on at once; further ones are answered by 503
    #[arg(long, value_name = "COUNT", default_value_t = 256, env = "TARGET_RULES_MAX_REQUESTS",
          value_parser = clap::value_parser!(u32).range(1..=65_536))]
    pub(crate) max_requests: u32,

    /// How many connections are open at once; further ones wait
    #[arg(long, value_name = "COUNT", default_value_t = 1024, env = "TARGET_RULES_MAX_CONNECTIONS",
          value_parser = clap::value_parser!(u32).range(1..=65_536))]
    pub(crate) max_connections: u32,

    /// How many requests a user may send in a second, on average over ten of them; 0 for any
    /// number. Further ones are answered by 429
    #[arg(long, value_name = "COUNT", default_value_t = 0, env = "TARGET_RULES_RATE")]
    pub(crate) rate: u32,

    /// How long requests that were accepted may still take when the server is stopped, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 30, env = "TARGET_RULES_STOP_TIME",
          value_parser = clap::value_parser!(u64).range(1..=3600))]
    pub(crate) stop_time: u64,
}

impl RequestLimits {
    /// How long a client may take to send headers.
    pub(crate) fn header_time(&self) -> Duration {
        Duration::from_secs(self.header_time)
    }

    /// How long a request may take.
    pub(crate) fn request_time(&self) -> Duration {
        Duration::from_secs(self.request_time)
    }

    /// How long a client may take to read an answer.
    pub(crate) fn answer_time(&self) -> Duration {
        Duration::from_secs(self.answer_time)
    }

    /// How long requests may take once the server is stopped.
    pub(crate) fn stop_time(&self) -> Duration {
        Duration::from_secs(self.stop_time)
    }
}
