//! Threads that work on documents, group after group.

use std::ops::ControlFlow;
use std::panic::resume_unwind;
use std::sync::Arc;

use rayon::prelude::*;
use rayon::{ThreadPool, ThreadPoolBuilder};

use crate::diagnostic::{Diagnostics, Input};
use crate::limits::Limits;
use crate::program::Evaluation;
use crate::transaction::Layout;
use crate::value::Zone;

use super::cancellation::Cancellation;
use super::document::Document;
use super::gate::Gate;
use super::progress::{Progress, wide};
use super::queue::{Group, Next, Panic, Queue};
use super::workers::Workers;
use super::workspace::Workspace;

/// Documents that are held at most, where the caller does not say.
const MAX_DOCUMENTS: u64 = 2_048;

/// Bytes that are held at most, where the caller does not say.
const MAX_BYTES: u64 = 8 << 20;

/// Threads that work on documents, for one run after the other or for several
/// at once.
///
/// The module's page says [what is promised](crate::batch#what-is-promised).
///
/// ```
/// use std::ops::ControlFlow;
/// use target_rules::batch::{End, Runner};
///
/// let runner = Runner::new(4)?.max_documents(100).max_bytes(1 << 20);
/// let texts = ["one", "two", "three", "four"];
/// let mut lengths = Vec::new();
/// // Each worker has a number of its own, which counts its documents.
/// let end = runner.run(
///     texts,
///     || 0,
///     |seen, text| {
///         *seen += 1;
///         text.len()
///     },
///     |length| {
///         lengths.push(length);
///         match length {
///             0..=3 => ControlFlow::Continue(()),
///             _ => ControlFlow::Break("long enough"),
///         }
///     },
/// )?;
/// assert_eq!(end, End::Stopped("long enough"));
/// assert_eq!(lengths, [3, 3, 5]);
/// # Ok::<(), target_rules::batch::StartError>(())
/// ```
#[derive(Debug)]
pub struct Runner {
    threads: ThreadPool,
    most: Progress,
    cancellation: Cancellation,
}

/// What a run tells while it goes on.
///
/// ```
/// use std::io::Write;
/// use std::ops::ControlFlow;
/// use target_rules::batch::{End, Event, Runner};
///
/// let bills = [r#"{"currentTxn": {"value": 730.50}}"#, "{}"];
/// let mut out = std::io::BufWriter::new(Vec::new());
/// let runner = Runner::new(1)?;
/// let end = runner.run_with_progress(bills, || (), |(), bill| bill.len(), |event| {
///     let written = match event {
///         Event::Answer(length) => writeln!(out, "{length} bytes"),
///         Event::Progress(_) => out.flush(), // readers see all that was answered
///         _ => Ok(()),
///     };
///     written.map_or_else(ControlFlow::Break, ControlFlow::Continue)
/// })?;
/// assert!(matches!(end, End::Finished));
/// assert_eq!(out.get_ref(), b"33 bytes\n2 bytes\n");
/// # Ok::<(), target_rules::batch::StartError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Event<A> {
    /// The answer to the next document.
    Answer(A),
    /// All answers that are there were given: the time to flush what was
    /// written, or to draw a bar. It counts the documents that were answered
    /// since the run began.
    Progress(Progress),
}

/// How a run ended.
///
/// ```
/// use std::ops::ControlFlow;
/// use target_rules::batch::{End, Runner};
///
/// let numbers = ["n-1", "n-2", "n-2", "n-3"];
/// let mut seen = std::collections::BTreeSet::new();
/// // Stops at the first bill whose number came before.
/// let end = Runner::new(2)?.run(numbers, || (), |(), number| number, |number| {
///     if seen.insert(number) {
///         ControlFlow::Continue(())
///     } else {
///         ControlFlow::Break(number)
///     }
/// })?;
/// assert_eq!(end, End::Stopped("n-2"));
/// assert_eq!(seen.len(), 2, "the bill after it was not answered");
/// # Ok::<(), target_rules::batch::StartError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[must_use = "a run may have ended before its last document"]
pub enum End<B> {
    /// Every document of the source was answered.
    Finished,
    /// It was cancelled: documents may be left that were not answered.
    Cancelled,
    /// The callback stopped it with this.
    Stopped(B),
}

/// The system gives no thread.
///
/// ```
/// use target_rules::batch::{Runner, StartError};
/// // Where there are not so many threads, one will do.
/// let runner = Runner::new(4).or_else(|refused: StartError| {
///     eprintln!("{refused}"); // no threads can be started: ...
///     Runner::new(1)
/// })?;
/// assert!([1, 4].contains(&runner.threads()));
/// # Ok::<(), StartError>(())
/// ```
#[derive(Debug)]
pub struct StartError(Box<dyn std::error::Error + Send + Sync>);

impl std::fmt::Display for StartError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "no threads can be started: {}", self.0)
    }
}

impl std::error::Error for StartError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&*self.0)
    }
}

impl Runner {
    /// Starts so many threads. 0 are as many as there are cores, or as the
    /// environment variable `RAYON_NUM_THREADS` says.
    ///
    /// They sleep while no run goes on, and end with the runner.
    pub fn new(threads: usize) -> Result<Runner, StartError> {
        let threads = ThreadPoolBuilder::new()
            .num_threads(threads)
            .thread_name(|number| format!("batch-{number}"))
            .build()
            .map_err(|error| StartError(Box::new(error)))?;
        Ok(Runner {
            threads,
            most: Progress { documents: MAX_DOCUMENTS, bytes: MAX_BYTES },
            cancellation: Cancellation::new(),
        })
    }

    /// How many documents a run holds at most, from the source to the callback;
    /// 2 048 where it is not said. 0 is taken as 1.
    pub fn max_documents(mut self, documents: usize) -> Runner {
        self.most.documents = wide(documents.max(1));
        self
    }

    /// How many bytes of documents a run holds before it takes no more; 8 MiB
    /// where it is not said. The last document may exceed it. 0 is taken as 1.
    pub fn max_bytes(mut self, bytes: usize) -> Runner {
        self.most.bytes = wide(bytes.max(1));
        self
    }

    /// Lets a token stop the runs of this runner. It takes the place of the one
    /// given before.
    pub fn cancelled_by(mut self, cancellation: &Cancellation) -> Runner {
        self.cancellation = cancellation.clone();
        self
    }

    /// How many threads there are.
    pub fn threads(&self) -> usize {
        self.threads.current_num_threads()
    }

    /// Calls `work` for every document of `source` on all threads, and
    /// `answer` for every answer on this one, in the order of the documents.
    ///
    /// `source` is read on another thread. `state` makes the state of a worker,
    /// which `work` is given with every document; it is called at most once a
    /// thread, and once more after a panic or where `work` waits for work of the
    /// same threads. Fails where the system gives no thread.
    ///
    /// Where the run ends early, it waits for the call of `source` that goes on,
    /// and the document that it gives is dropped. See [`Runner::run_detached`]
    /// for a source that may block for long.
    pub fn run<D, S, A, B>(
        &self,
        source: impl IntoIterator<Item = D, IntoIter: Send>,
        state: impl Fn() -> S + Sync,
        work: impl Fn(&mut S, D) -> A + Sync,
        mut answer: impl FnMut(A) -> ControlFlow<B>,
    ) -> Result<End<B>, StartError>
    where
        D: Document + Send,
        S: Send,
        A: Send,
    {
        self.run_with_progress(source, state, work, |event| match event {
            Event::Answer(given) => answer(given),
            Event::Progress(_) => ControlFlow::Continue(()),
        })
    }

    /// The same as [`Runner::run`], told of progress too.
    ///
    /// ```
    /// use std::ops::ControlFlow;
    /// use target_rules::batch::{End, Event, Runner};
    ///
    /// let texts = vec!["one".to_owned(), "two".to_owned(), "three".to_owned()];
    /// let (mut longest, mut done) = (0, (0, 0));
    /// let end = Runner::new(2)?.run_with_progress(
    ///     texts,
    ///     || (),
    ///     |(), text| text.len(),
    ///     |event| {
    ///         match event {
    ///             Event::Answer(length) => longest = longest.max(length),
    ///             Event::Progress(progress) => done = (progress.documents, progress.bytes),
    ///             _ => {}
    ///         }
    ///         ControlFlow::<()>::Continue(())
    ///     },
    /// )?;
    /// assert_eq!((end, longest, done), (End::Finished, 5, (3, 11)));
    /// # Ok::<(), target_rules::batch::StartError>(())
    /// ```
    pub fn run_with_progress<D, S, A, B>(
        &self,
        source: impl IntoIterator<Item = D, IntoIter: Send>,
        state: impl Fn() -> S + Sync,
        work: impl Fn(&mut S, D) -> A + Sync,
        event: impl FnMut(Event<A>) -> ControlFlow<B>,
    ) -> Result<End<B>, StartError>
    where
        D: Document + Send,
        S: Send,
        A: Send,
    {
        let queue = self.queue();
        let source = source.into_iter();
        std::thread::scope(|scope| {
            let reader = reader_thread().spawn_scoped(scope, || queue.fill(source));
            reader.map_err(|error| StartError(Box::new(error)))?;
            Ok(self.drive(&queue, state, work, event))
        })
    }

    /// The same as [`Runner::run_with_progress`] for a source that may block for
    /// long, such as a connection: where the run ends early, it does not wait
    /// for the source.
    ///
    /// The call of the source that goes on then keeps its thread until it
    /// returns. What it gives is dropped, and the source with it; a panic of it
    /// is lost.
    ///
    /// ```
    /// use std::ops::ControlFlow;
    /// use std::sync::mpsc;
    /// use target_rules::batch::{End, Event, Runner};
    ///
    /// let (sender, receiver) = mpsc::channel();
    /// sender.send("{}".to_owned())?;
    /// // The sender stays, so the source waits for more.
    /// let runner = Runner::new(1)?;
    /// let length = |(): &mut (), text: String| text.len();
    /// let end = runner.run_detached(receiver, || (), length, |event| match event {
    ///     Event::Answer(length) => ControlFlow::Break(length),
    ///     _ => ControlFlow::Continue(()),
    /// })?;
    /// assert_eq!(end, End::Stopped(2));
    /// # drop(sender);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn run_detached<D, S, A, B>(
        &self,
        source: impl IntoIterator<Item = D, IntoIter: Send + 'static>,
        state: impl Fn() -> S + Sync,
        work: impl Fn(&mut S, D) -> A + Sync,
        event: impl FnMut(Event<A>) -> ControlFlow<B>,
    ) -> Result<End<B>, StartError>
    where
        D: Document + Send + 'static,
        S: Send,
        A: Send,
    {
        let queue = Arc::new(self.queue());
        let (source, filled) = (source.into_iter(), Arc::clone(&queue));
        let reader = reader_thread().spawn(move || filled.fill(source));
        reader.map_err(|error| StartError(Box::new(error)))?;
        Ok(self.drive(&queue, state, work, event))
    }

    /// Reads every document for `layout`, and calls `decide` for each on all
    /// threads; `answer` is given what it decided, or what is wrong with the
    /// document, in the order of the documents.
    ///
    /// The module's page has [an example](crate::batch) with a rule set. Fails, and
    /// ends, as [`Runner::run`] does.
    pub fn decide<D, A, B>(
        &self,
        source: impl IntoIterator<Item = D, IntoIter: Send>,
        layout: &Layout,
        limits: &Limits,
        zone: &Zone,
        decide: impl Fn(&mut Evaluation<'_>) -> A + Sync,
        answer: impl FnMut(Result<A, Diagnostics>) -> ControlFlow<B>,
    ) -> Result<End<B>, StartError>
    where
        D: Input + Send,
        A: Send,
    {
        let work = |workspace: &mut Workspace, document: D| {
            let mut evaluation = workspace.read(&document, limits, zone)?;
            Ok(decide(&mut evaluation))
        };
        self.run(source, || Workspace::new(layout), work, answer)
    }

    /// An empty queue, whose gate the token can close.
    fn queue<D: Document>(&self) -> Queue<D> {
        let gate = Arc::new(Gate::new(self.most));
        self.cancellation.watch(&gate);
        Queue::new(gate)
    }

    /// Works on what comes from the queue until it ends, and closes it.
    fn drive<D, S, A, B>(
        &self,
        queue: &Queue<D>,
        state: impl Fn() -> S + Sync,
        work: impl Fn(&mut S, D) -> A + Sync,
        mut event: impl FnMut(Event<A>) -> ControlFlow<B>,
    ) -> End<B>
    where
        D: Document + Send,
        S: Send,
        A: Send,
    {
        let _closing = queue.closing();
        let workers = Workers::new(state, work);
        // Half of what may be held, so that the source fills the other half
        // meanwhile.
        let Progress { documents, bytes } = self.most;
        let most = Progress { documents: documents.div_ceil(2), bytes: bytes.div_ceil(2) };
        let mut progress = Progress::default();
        loop {
            let Group { documents, sizes, whole } = match queue.next(&most) {
                Next::Group(group) => group,
                Next::Ended(Ok(())) => return End::Finished,
                Next::Ended(Err(panic)) => resume_unwind(panic),
                Next::Closed => return End::Cancelled,
            };
            // `None` where the run was cancelled before the document's turn.
            let answers: Vec<Option<Result<A, Panic>>> = self.threads.install(|| {
                let parts = documents.into_par_iter().map_init(
                    || workers.worker(),
                    |worker, document| {
                        let goes_on = !self.cancellation.is_cancelled();
                        goes_on.then(|| worker.answer(document))
                    },
                );
                parts.collect()
            });
            for (answer, size) in answers.into_iter().zip(sizes) {
                // Also while the answers are given.
                let answer = answer.filter(|_| !self.cancellation.is_cancelled());
                let given = match answer {
                    None => return End::Cancelled,
                    Some(Err(panic)) => resume_unwind(panic),
                    Some(Ok(answer)) => event(Event::Answer(answer)),
                };
                if let ControlFlow::Break(why) = given {
                    return End::Stopped(why);
                }
                progress.add(size);
            }
            queue.gate().answered(whole);
            if let ControlFlow::Break(why) = event(Event::Progress(progress)) {
                return End::Stopped(why);
            }
        }
    }
}

/// The thread that reads a source.
fn reader_thread() -> std::thread::Builder {
    std::thread::Builder::new().name("batch-source".to_owned())
}
