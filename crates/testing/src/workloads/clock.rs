//! Time per call, for tasks that are compared with each other.

use std::hint::black_box;
use std::time::Duration;

/// The processor time of this thread: what neighbours on a busy machine use
/// is not in it, though they disturb its caches.
#[cfg(unix)]
pub fn processor_time() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec.unsigned_abs(), u32::try_from(time.tv_nsec).unwrap_or(0))
}

/// The time of day, where a thread has no clock of its own.
#[cfg(not(unix))]
pub fn processor_time() -> Duration {
    static START: std::sync::LazyLock<std::time::Instant> = std::sync::LazyLock::new(std::time::Instant::now);
    START.elapsed()
}

/// The processor time of all threads of this process.
#[cfg(unix)]
fn now_of_process() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    Duration::new(time.tv_sec.unsigned_abs(), u32::try_from(time.tv_nsec).unwrap_or(0))
}

#[cfg(not(unix))]
fn now_of_process() -> Duration {
    processor_time()
}

/// How long one round of one task takes.
const ROUND: Duration = Duration::from_millis(4);

/// What was measured of one task.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    /// The median over the rounds, per call.
    pub nanoseconds: f64,
    /// Half of what lies between the quartiles of the rounds, in percent.
    pub spread: f64,
    /// The median over the rounds of this task's time divided by the first
    /// task's in the same round: a slow moment of the machine hits both.
    pub ratio: f64,
}

/// A task that is called so many times, and tells how long that took.
pub type Task<'t> = Box<dyn FnMut(u64) -> Duration + 't>;

/// A task from one call of it. The loop is compiled together with the call.
pub fn task<'t, R>(mut call: impl FnMut() -> R + 't) -> Task<'t> {
    Box::new(move |times| {
        let start = processor_time();
        for _ in 0..times {
            black_box(call());
        }
        processor_time().saturating_sub(start)
    })
}

/// A task whose every call is given something new, which is made before the
/// clock starts and dropped after it stops.
pub fn task_on_new<'t, T, R>(
    mut make: impl FnMut() -> T + 't,
    mut call: impl FnMut(&T) -> R + 't,
) -> Task<'t> {
    Box::new(move |times| {
        let new: Vec<T> = (0..times).map(|_| make()).collect();
        let start = processor_time();
        for new in &new {
            black_box(call(new));
        }
        processor_time().saturating_sub(start)
    })
}

fn time(task: &mut Task<'_>, times: u64) -> f64 {
    task(times).as_nanos() as f64
}

/// A round of one task.
struct Round {
    calls: u64,
    /// Whether a call comes first that is not timed: what others left in the
    /// caches is no part of what a task takes. Where a call takes long, that
    /// is a small part of it anyway.
    warms_up: bool,
}

/// How many calls make a round: doubled until a round is long enough for the
/// clock, which also warms the caches.
fn round_of(task: &mut Task<'_>) -> Round {
    let (mut calls, round) = (1, ROUND.as_nanos() as f64);
    loop {
        let taken = time(task, calls);
        if taken * 4.0 >= round {
            let one = taken / calls as f64;
            return Round { calls: ((round / one) as u64).max(1), warms_up: one < 10.0 * round };
        }
        calls *= 2;
    }
}

/// How long one call takes in nanoseconds, and what it gives. For what takes
/// too long, or changes too much, to be called again and again.
pub fn once<R>(call: impl FnOnce() -> R) -> (f64, R) {
    let start = processor_time();
    let given = black_box(call());
    (processor_time().saturating_sub(start).as_nanos() as f64, given)
}

/// The same by the processor time of all threads, for what may use several.
pub fn of_process<R>(call: impl FnOnce() -> R) -> (f64, R) {
    let start = now_of_process();
    let given = black_box(call());
    (now_of_process().saturating_sub(start).as_nanos() as f64, given)
}

/// The median, and half of what lies between the quartiles in percent of it.
pub fn median_and_spread(taken: &[f64]) -> (f64, f64) {
    let median = quantile(taken, 0.5);
    (median, 50.0 * (quantile(taken, 0.75) - quantile(taken, 0.25)) / median)
}

fn quantile(values: &[f64], part: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted[((sorted.len() - 1) as f64 * part).round() as usize]
}

/// Measures tasks in turn, a round of each, so many times.
pub fn alternately(mut tasks: Vec<Task<'_>>, rounds: usize) -> Vec<Pace> {
    let turns: Vec<Round> = tasks.iter_mut().map(round_of).collect();
    let mut taken = vec![Vec::with_capacity(rounds); tasks.len()];
    for _ in 0..rounds {
        for ((task, round), taken) in tasks.iter_mut().zip(&turns).zip(&mut taken) {
            if round.warms_up {
                task(1);
            }
            taken.push(time(task, round.calls) / round.calls as f64);
        }
    }
    let first = taken[0].clone();
    let pace = |taken: &Vec<f64>| {
        let ratios: Vec<f64> = taken.iter().zip(&first).map(|(task, first)| task / first).collect();
        let (nanoseconds, spread) = median_and_spread(taken);
        Pace { nanoseconds, spread, ratio: quantile(&ratios, 0.5) }
    };
    taken.iter().map(pace).collect()
}

/// A figure with as many digits as mean something.
pub fn figure(value: f64) -> String {
    match value {
        _ if value < 9.95 => format!("{value:.2}"),
        _ if value < 99.5 => format!("{value:.1}"),
        _ => grouped(&format!("{value:.0}")),
    }
}

/// How many there are of something.
pub fn count(number: usize) -> String {
    grouped(&number.to_string())
}

/// Digits in groups of three.
fn grouped(digits: &str) -> String {
    let mut grouped = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(' ');
        }
        grouped.push(digit);
    }
    grouped
}
