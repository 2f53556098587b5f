//! Work on all buckets of customers, on several threads.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use crate::error::Error;

/// Works on buckets, each by one thread; what each thread has come to.
pub(super) fn on_buckets<T: Send>(
    buckets: usize,
    threads: usize,
    start: impl Fn() -> T + Sync,
    work: impl Fn(usize, &mut T) -> Result<(), Error> + Sync,
) -> Result<Vec<T>, Error> {
    let next = AtomicUsize::new(0);
    let worker = || {
        let mut own = start();
        loop {
            let bucket = next.fetch_add(1, Ordering::Relaxed);
            if bucket >= buckets {
                return Ok(own);
            }
            work(bucket, &mut own)?;
        }
    };
    thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(worker)).collect();
        let done = workers.into_iter().map(|worker| match worker.join() {
            Ok(done) => done,
            Err(panic) => std::panic::resume_unwind(panic),
        });
        done.collect()
    })
}
