//! Many documents on all cores: the order of the answers, what is in flight,
//! and every way in which a run ends.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use target_rules::batch::{Cancellation, End, Event, Progress, Runner};
use target_rules::{Ast, Limits, RuleSet, Schema, Zone};

const THREADS: [usize; 3] = [1, 2, 7];

/// Long enough for what must not happen to happen, were it to.
const A_WHILE: Duration = Duration::from_millis(50);

/// After this a test that hangs fails.
const AT_LAST: Duration = Duration::from_secs(60);

fn texts(count: usize) -> impl Iterator<Item = String> + Send {
    (0..count).map(|number| number.to_string())
}

fn go_on<A>(answers: &mut Vec<A>) -> impl FnMut(A) -> ControlFlow<()> + '_ {
    |answer| {
        answers.push(answer);
        ControlFlow::Continue(())
    }
}

#[test]
fn answers_come_in_the_order_of_the_documents() {
    for threads in THREADS {
        let runner = Runner::new(threads).unwrap();
        assert_eq!(runner.threads(), threads);
        let mut answers = Vec::new();
        // Some take longer than those after them.
        let work = |(): &mut (), text: String| {
            let number: usize = text.parse().unwrap();
            if number.is_multiple_of(97) {
                thread::sleep(Duration::from_millis(2));
            }
            number
        };
        let end = runner.run(texts(5_000), || (), work, go_on(&mut answers)).unwrap();
        assert_eq!(end, End::Finished);
        assert!(answers.iter().copied().eq(0..5_000), "{threads} threads: {} answers", answers.len());
        // The runner is ready for the next run.
        answers.clear();
        let end = runner.run(texts(3), || (), work, go_on(&mut answers)).unwrap();
        assert_eq!((end, answers.as_slice()), (End::Finished, [0, 1, 2].as_slice()));
    }
}

#[test]
fn no_documents_are_no_answers() {
    let mut events = 0;
    let end = Runner::new(2).unwrap().run_with_progress(
        Vec::<String>::new(),
        || (),
        |(), text| text.len(),
        |_| {
            events += 1;
            ControlFlow::<()>::Continue(())
        },
    );
    assert_eq!((end.unwrap(), events), (End::Finished, 0));
}

/// How many documents were taken from the source and not answered, at most;
/// and the same of their bytes.
fn most_in_flight(runner: &Runner, sizes: &[usize]) -> (usize, usize) {
    let (documents, bytes) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let (most_documents, most_bytes) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let source = sizes.iter().map(|size| {
        let held = documents.fetch_add(1, Ordering::SeqCst) + 1;
        most_documents.fetch_max(held, Ordering::SeqCst);
        let held = bytes.fetch_add(*size, Ordering::SeqCst) + size;
        most_bytes.fetch_max(held, Ordering::SeqCst);
        vec![b' '; *size]
    });
    let end = runner.run(
        source,
        || (),
        |(), document| document.len(),
        |size| {
            // The source is faster than this.
            thread::sleep(Duration::from_micros(200));
            documents.fetch_sub(1, Ordering::SeqCst);
            bytes.fetch_sub(size, Ordering::SeqCst);
            ControlFlow::<()>::Continue(())
        },
    );
    assert_eq!(end.unwrap(), End::Finished);
    assert_eq!(documents.into_inner(), 0, "a document was not answered");
    (most_documents.into_inner(), most_bytes.into_inner())
}

#[test]
fn what_is_in_flight_is_bounded_by_documents() {
    for threads in THREADS {
        for most in [1, 2, 5, 64] {
            let runner = Runner::new(threads).unwrap().max_documents(most);
            let (documents, _) = most_in_flight(&runner, &[3; 300]);
            assert_eq!(documents, most, "{threads} threads");
        }
    }
}

#[test]
fn what_is_in_flight_is_bounded_by_bytes() {
    for threads in THREADS {
        let runner = Runner::new(threads).unwrap().max_bytes(1_000);
        let (documents, bytes) = most_in_flight(&runner, &[300; 300]);
        // Three are less than the bound, so a fourth is taken.
        assert_eq!((documents, bytes), (4, 1_200), "{threads} threads");
        let mut sizes = vec![10; 300];
        sizes[150] = 50_000;
        let (_, bytes) = most_in_flight(&runner, &sizes);
        assert!((50_000..51_000).contains(&bytes), "{threads} threads: {bytes}");
    }
}

#[test]
fn every_worker_makes_its_state_once() {
    for threads in THREADS {
        let made = AtomicUsize::new(0);
        let mut answers = Vec::new();
        let state = || made.fetch_add(1, Ordering::SeqCst);
        let work = |worker: &mut usize, _: String| {
            thread::sleep(Duration::from_micros(20));
            *worker
        };
        let end = Runner::new(threads).unwrap().run(texts(3_000), state, work, go_on(&mut answers));
        assert_eq!(end.unwrap(), End::Finished);
        let made = made.into_inner();
        assert!((1..=threads).contains(&made), "{made} states for {threads} threads");
        assert!(answers.iter().all(|worker| *worker < made));
    }
}

#[test]
fn what_has_come_is_answered_while_the_source_blocks() {
    for threads in THREADS {
        let runner = Runner::new(threads).unwrap();
        let (sender, source) = mpsc::channel::<String>();
        let (answered, answers) = mpsc::channel();
        thread::scope(|scope| {
            scope.spawn(move || {
                // Each comes only when the one before was answered and told of.
                for number in 0..20_u64 {
                    sender.send(number.to_string()).unwrap();
                    assert_eq!(answers.recv_timeout(AT_LAST), Ok(Event::Answer(number)));
                    let Ok(Event::Progress(progress)) = answers.recv_timeout(AT_LAST) else {
                        panic!("there is no progress after {number}");
                    };
                    assert_eq!(progress.documents, number + 1);
                }
            });
            let work = |(): &mut (), text: String| text.parse::<u64>().unwrap();
            let end = runner.run_with_progress(
                source,
                || (),
                work,
                |event| {
                    answered.send(event).unwrap();
                    ControlFlow::<()>::Continue(())
                },
            );
            assert_eq!(end.unwrap(), End::Finished);
        });
    }
}

/// Answers each number with itself until something ends the run: the source has
/// no end.
fn numbers_without_end<B>(
    runner: &Runner,
    mut told: impl FnMut(usize) -> ControlFlow<B>,
) -> (End<B>, Vec<usize>) {
    let mut answers = Vec::new();
    let source = (0_usize..).map(|number| number.to_string());
    let work = |(): &mut (), text: String| text.parse::<usize>().unwrap();
    let end = runner.run(
        source,
        || (),
        work,
        |answer| {
            answers.push(answer);
            told(answer)
        },
    );
    (end.unwrap(), answers)
}

#[test]
fn the_callback_stops_a_run() {
    for threads in THREADS {
        let runner = Runner::new(threads).unwrap();
        let stop =
            |answer| if answer == 2_500 { ControlFlow::Break("enough") } else { ControlFlow::Continue(()) };
        let (end, answers) = numbers_without_end(&runner, stop);
        assert_eq!(end, End::Stopped("enough"));
        assert!(answers.into_iter().eq(0..=2_500));
    }
}

#[test]
fn a_token_stops_a_run_between_answers() {
    for threads in THREADS {
        let cancellation = Cancellation::new();
        let runner = Runner::new(threads).unwrap().cancelled_by(&cancellation);
        let cancel = |answer| {
            if answer == 700 {
                cancellation.clone().cancel();
            }
            ControlFlow::<()>::Continue(())
        };
        let (end, answers) = numbers_without_end(&runner, cancel);
        assert_eq!(end, End::Cancelled);
        assert!(answers.into_iter().eq(0..=700));
        // It stays cancelled.
        let (end, _) = numbers_without_end(&runner, |_| ControlFlow::Break("no answer is given"));
        assert_eq!(end, End::Cancelled);
    }
}

#[test]
fn a_token_stops_a_run_that_waits_for_its_source() {
    for threads in THREADS {
        let cancellation = Cancellation::new();
        let runner = Runner::new(threads).unwrap().cancelled_by(&cancellation);
        let (sender, source) = mpsc::channel::<String>();
        sender.send("first".to_owned()).unwrap();
        let (answered, answers) = mpsc::channel();
        let run = thread::spawn(move || {
            runner.run_detached(
                source,
                || (),
                |(), text| text,
                |event| {
                    answered.send(event).unwrap();
                    ControlFlow::<()>::Continue(())
                },
            )
        });
        assert_eq!(answers.recv_timeout(AT_LAST), Ok(Event::Answer("first".to_owned())));
        thread::sleep(A_WHILE);
        assert!(!run.is_finished(), "it waits for the source");
        cancellation.cancel();
        assert_eq!(run.join().unwrap().unwrap(), End::Cancelled);
        // The source is still held, by the thread that waits for it, until
        // something comes.
        sender.send("too late".to_owned()).unwrap();
        let dropped = (0..6_000).any(|_| {
            thread::sleep(Duration::from_millis(10));
            sender.send("nobody takes it".to_owned()).is_err()
        });
        assert!(dropped, "the thread of the source goes on for ever");
    }
}

#[test]
fn a_stopped_run_that_is_not_detached_waits_for_its_next_document() {
    let runner = &Runner::new(2).unwrap();
    let (sender, receiver) = mpsc::channel::<String>();
    let waits = &AtomicUsize::new(0);
    sender.send("first".to_owned()).unwrap();
    let source = std::iter::from_fn(move || {
        waits.fetch_add(1, Ordering::SeqCst);
        receiver.recv().ok()
    });
    // The first is answered when the second is asked for: a run that is stopped
    // before asks for nothing more.
    let work = |(): &mut (), text: String| {
        while waits.load(Ordering::SeqCst) < 2 {
            thread::yield_now();
        }
        text
    };
    thread::scope(|scope| {
        let run = scope.spawn(move || runner.run(source, || (), work, ControlFlow::Break));
        thread::sleep(A_WHILE);
        assert!(!run.is_finished());
        sender.send("second".to_owned()).unwrap();
        assert_eq!(run.join().unwrap().unwrap(), End::Stopped("first".to_owned()));
    });
}

/// The text that a run panicked with, and the answers given before.
fn panicked<A>(run: impl FnOnce(&mut Vec<A>)) -> (Option<String>, Vec<A>) {
    let mut answers = Vec::new();
    let payload = catch_unwind(AssertUnwindSafe(|| run(&mut answers))).err();
    (payload.and_then(|payload| payload.downcast::<String>().ok()).map(|text| *text), answers)
}

#[test]
fn a_panic_of_a_worker_is_passed_on_after_the_answers_before_it() {
    for threads in THREADS {
        let runner = Runner::new(threads).unwrap();
        let made = AtomicUsize::new(0);
        let work = |_: &mut usize, text: String| {
            let number = text.parse::<usize>().unwrap();
            assert!(number < 1_500, "{number} is too large");
            number
        };
        let (text, answers) = panicked(|answers| {
            let state = || made.fetch_add(1, Ordering::SeqCst);
            let _ = runner.run(texts(100_000), state, work, go_on(answers));
        });
        assert_eq!(text.as_deref(), Some("1500 is too large"), "{threads} threads");
        assert!(answers.into_iter().eq(0..1_500), "{threads} threads");
        // The threads are there for the next run.
        let mut answers = Vec::new();
        let end = runner.run(texts(1_000), || 0, work, go_on(&mut answers)).unwrap();
        assert_eq!((end, answers.len()), (End::Finished, 1_000));
    }
}

#[test]
fn a_panic_of_the_source_is_passed_on_after_all_answers() {
    for threads in THREADS {
        let runner = Runner::new(threads).unwrap();
        let source = (0_usize..).map(|number| {
            assert!(number < 1_500, "no document {number}");
            number.to_string()
        });
        let work = |(): &mut (), text: String| text.parse::<usize>().unwrap();
        let (text, answers) = panicked(|answers| {
            let _ = runner.run(source, || (), work, go_on(answers));
        });
        assert_eq!(text.as_deref(), Some("no document 1500"), "{threads} threads");
        assert!(answers.into_iter().eq(0..1_500), "{threads} threads");
    }
}

#[test]
fn a_panic_of_the_callback_ends_the_run() {
    for threads in THREADS {
        let runner = Runner::new(threads).unwrap();
        let source = (0_usize..).map(|number| number.to_string());
        let (text, answers) = panicked(|answers| {
            let _ = runner.run(
                source,
                || (),
                |(), text: String| text.len(),
                |answer| {
                    assert!(answers.len() < 10, "no more than {}", answers.len());
                    answers.push(answer);
                    ControlFlow::<()>::Continue(())
                },
            );
        });
        assert_eq!((text.as_deref(), answers.len()), (Some("no more than 10"), 10));
    }
}

#[test]
fn errors_of_the_source_are_answered_in_their_turn() {
    let source = (0..100).map(|number| if number == 60 { Err("broken") } else { Ok(number.to_string()) });
    let mut answers = 0;
    let work = |(): &mut (), text: Result<String, &'static str>| text.map(|text| text.len());
    let end = Runner::new(2).unwrap().run(
        source,
        || (),
        work,
        |answer| match answer {
            Ok(_) => {
                answers += 1;
                ControlFlow::Continue(())
            }
            Err(error) => ControlFlow::Break(error),
        },
    );
    assert_eq!((end.unwrap(), answers), (End::Stopped("broken"), 60));
}

#[test]
fn progress_counts_documents_and_bytes() {
    let mut seen: Vec<Progress> = Vec::new();
    let mut answers = 0;
    let end = Runner::new(2).unwrap().max_documents(10).run_with_progress(
        (0..1_000).map(|_| "four"),
        || (),
        |(), text| text.len(),
        |event| {
            match event {
                Event::Answer(_) => answers += 1,
                Event::Progress(progress) => {
                    assert_eq!(progress.documents, answers);
                    seen.push(progress);
                }
                _ => {}
            }
            ControlFlow::<()>::Continue(())
        },
    );
    assert_eq!(end.unwrap(), End::Finished);
    assert!(seen.len() >= 200, "only {} times", seen.len());
    assert!(seen.iter().all(|progress| progress.bytes == 4 * progress.documents));
    assert_eq!(seen.last().unwrap().documents, 1_000);
}

#[test]
fn a_set_decides_many_documents() {
    let (limits, zone, schema) = (Limits::default(), Zone::UTC, Schema::standard());
    let rules = (0_u64..10).map(|hundreds| {
        let text = format!("currentTxn.value > {hundreds}00");
        (hundreds, Ast::from_text(&text, &limits).unwrap().check(&schema, &limits).into_rule().unwrap())
    });
    let set = RuleSet::new(rules).unwrap();
    for threads in THREADS {
        let documents = (0..2_000_u64).map(|value| format!(r#"{{"currentTxn": {{"value": {value}}}}}"#));
        // In the middle, one that cannot be read.
        let documents = documents.enumerate().map(|(at, text)| if at == 999 { "[".to_owned() } else { text });
        let decide = |evaluation: &mut target_rules::Evaluation<'_>| {
            let mut matching = 0;
            set.decide(evaluation, |_, _| matching += 1).unwrap();
            matching
        };
        let mut answers = Vec::new();
        let runner = Runner::new(threads).unwrap();
        let end = runner.decide(documents, set.layout(), &limits, &zone, decide, go_on(&mut answers));
        assert_eq!((end.unwrap(), answers.len()), (End::Finished, 2_000));
        for (value, answer) in (0..).zip(answers) {
            match answer {
                Ok(matching) => assert_eq!(matching, u64::div_ceil(value, 100).min(10), "{value}"),
                Err(diagnostics) => assert_eq!((value, diagnostics.iter().count()), (999, 1)),
            }
        }
    }
}
