//! The file of `progress --state`: runs at once, runs that are killed, links,
//! permissions, and what is no file.
//!
//! `STATE_PAIRS` and `STATE_KILLS` say how many are tried; `tests/long` does so.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::hash::{BuildHasher, RandomState};
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

const STATE: &str = "state.json";

/// A folder for a state and its batches.
struct Shop(PathBuf);

impl Shop {
    fn new(name: &str) -> Shop {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("state-file").join(name);
        drop(fs::remove_dir_all(&folder));
        fs::create_dir_all(&folder).unwrap();
        Shop(folder)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    fn state(&self) -> String {
        fs::read_to_string(self.path(STATE)).unwrap()
    }

    /// A file of so many bills, whose numbers begin alike.
    fn bills(&self, name: &str, count: usize) -> PathBuf {
        let path = self.path(&format!("{name}.ndjson"));
        fs::write(&path, bills(name, count)).unwrap();
        path
    }

    /// The names of all that is there.
    fn names(&self) -> BTreeSet<String> {
        let entries = fs::read_dir(&self.0).unwrap();
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    }

    fn command(&self, state: &str, transactions: &Path) -> Command {
        command(&self.path(state), transactions)
    }

    fn run(&self, state: &str, transactions: &Path) -> Output {
        self.command(state, transactions).output().unwrap()
    }

    /// A run that has the state until it is told all of its transactions.
    fn holder(&self) -> Child {
        let mut command = self.command(STATE, Path::new("-"));
        let holder =
            command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let lock = self.path("state.json.lock");
        until(|| lock.exists());
        // It is made, and then locked.
        std::thread::sleep(Duration::from_millis(100));
        holder
    }
}

fn bills(name: &str, count: usize) -> String {
    (0..count).fold(String::new(), |mut lines, at| {
        let day = at % 28 + 1;
        let bill = format!(
            r#"{{"currentCustomer": {{"id": 19721}}, "currentTxn": {{"number": "{name}-{at}", "date": "2026-01-{day:02}", "value": 600}}}}"#
        );
        writeln!(lines, "{bill}").unwrap();
        lines
    })
}

fn command(state: &Path, transactions: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_target-rules"));
    command.args(["progress", "--enrolments", "files/enrolments.json"]);
    command.args(["--targets", "files/progress-targets.json", "--state"]);
    command.arg(state).arg("--txns").arg(transactions);
    command.current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli"));
    command
}

fn until(holds: impl Fn() -> bool) {
    let started = Instant::now();
    while !holds() {
        assert!(started.elapsed() < Duration::from_secs(60), "it does not come");
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// How many are tried: so many, or as many as a variable says.
fn count(variable: &str, otherwise: usize) -> usize {
    std::env::var(variable).map_or(otherwise, |count| count.parse().unwrap())
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn assert_booked(output: &Output) {
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
}

fn refusal(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(2), "{}", text(&output.stderr));
    assert!(output.stdout.is_empty());
    text(&output.stderr)
}

/// Whoever comes second waits, and goes on from what the first has written.
#[test]
fn of_two_runs_at_once_no_batch_is_lost() {
    let shop = Shop::new("pairs");
    let (one, other) = (shop.bills("one", 40), shop.bills("other", 40));
    assert_booked(&shop.run(STATE, &one));
    assert_booked(&shop.run(STATE, &other));
    let (both, pairs) = (shop.state(), count("STATE_PAIRS", 10));
    let mut lost = 0;
    for _ in 0..pairs {
        fs::remove_file(shop.path(STATE)).unwrap();
        let start = |batch: &Path| {
            let mut command = shop.command(STATE, batch);
            command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap()
        };
        let runs = [start(&one), start(&other)];
        runs.into_iter().for_each(|run| assert_booked(&run.wait_with_output().unwrap()));
        lost += usize::from(shop.state() != both);
    }
    println!("{pairs} pairs of runs at once: {lost} lost a batch");
    assert_eq!(lost, 0);
    assert_eq!(shop.names(), ["one.ndjson", "other.ndjson", STATE].map(str::to_owned).into());
}

/// A run that is killed leaves the old state or the new one, and the next run
/// clears what else it left.
#[test]
fn a_killed_run_leaves_a_whole_state_and_nothing_that_stays() {
    let shop = Shop::new("kills");
    let (first, second) = (shop.bills("first", 500), shop.bills("second", 500));
    assert_booked(&shop.run(STATE, &first));
    let old = shop.state();
    let started = Instant::now();
    assert_booked(&shop.run(STATE, &second));
    // The fastest run so far: most others are killed before their end then.
    let (new, mut took) = (shop.state(), started.elapsed());
    let whole: BTreeSet<String> = ["first.ndjson", "second.ndjson", STATE].map(str::to_owned).into();
    let kills = count("STATE_KILLS", 30);
    let (mut were_old, mut were_new, mut left) = (0, 0, 0);
    for kill in 0..kills {
        fs::write(shop.path(STATE), &old).unwrap();
        let mut command = shop.command(STATE, &second);
        let mut run = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        // Any moment of a run; every second is near its end, where it writes.
        let lot = u32::try_from(RandomState::new().hash_one(kill) % 1_000).unwrap();
        let part = if kill % 2 == 0 { lot } else { 800 + lot / 2 };
        std::thread::sleep(took * part / 1_000);
        run.kill().unwrap();
        run.wait().unwrap();
        let state = shop.state();
        were_old += usize::from(state == old);
        were_new += usize::from(state == new);
        assert!(state == old || state == new, "after {kill} kills the state is in parts");
        left += usize::from(shop.names() != whole);
        let started = Instant::now();
        assert_booked(&shop.run(STATE, &second));
        took = took.min(started.elapsed());
        assert!(shop.state() == new, "after {kill} kills a batch is lost");
        assert_eq!(shop.names(), whole);
    }
    println!("{kills} kills: {were_old} left the old state, {were_new} the new one; {left} left more files");
    assert!(were_old > 0, "no run was killed before its end");
}

#[test]
fn a_run_that_cannot_wait_longer_is_told_and_changes_nothing() {
    let shop = Shop::new("held");
    let bills = shop.bills("bills", 3);
    assert_booked(&shop.run(STATE, &bills));
    let (before, more) = (shop.state(), shop.bills("more", 3));
    let mut holder = shop.holder();
    let told = refusal(&shop.command(STATE, &more).args(["--state-wait", "0"]).output().unwrap());
    assert!(told.contains("another run of `progress` has this state still"), "{told}");
    assert!(told.contains("`--state-wait SECONDS`"), "{told}");
    assert_eq!(shop.state(), before);
    // One that waits says so, goes on once the other is killed, and is alone then.
    let mut waiting = shop.command(STATE, &more);
    let waiting = waiting.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    std::thread::sleep(Duration::from_millis(1_500));
    holder.kill().unwrap();
    holder.wait().unwrap();
    let waited = waiting.wait_with_output().unwrap();
    assert_booked(&waited);
    assert!(text(&waited.stderr).contains("waiting for another run"), "{}", text(&waited.stderr));
    assert!(shop.state().contains("more-2"));
    assert_eq!(shop.names(), ["bills.ndjson", "more.ndjson", STATE].map(str::to_owned).into());
}

#[test]
fn permissions_are_kept_and_a_new_state_is_for_its_owner() {
    let shop = Shop::new("modes");
    let bills = shop.bills("bills", 3);
    let mode = || fs::metadata(shop.path(STATE)).unwrap().permissions().mode() & 0o7777;
    assert_booked(&shop.run(STATE, &bills));
    assert_eq!(mode(), 0o600);
    for kept in [0o600, 0o640, 0o660, 0o666] {
        fs::set_permissions(shop.path(STATE), fs::Permissions::from_mode(kept)).unwrap();
        let before = fs::metadata(shop.path(STATE)).unwrap();
        assert_booked(&shop.run(STATE, &bills));
        let after = fs::metadata(shop.path(STATE)).unwrap();
        assert_eq!(mode(), kept);
        assert_ne!(before.ino(), after.ino(), "it is replaced, not written over");
        assert_eq!((before.uid(), before.gid()), (after.uid(), after.gid()));
    }
}

#[test]
fn links_are_followed_and_stay() {
    let (shop, behind) = (Shop::new("links"), Shop::new("behind-links"));
    let bills = shop.bills("bills", 3);
    symlink(behind.path("real.json"), shop.path("far.json")).unwrap();
    symlink("far.json", shop.path(STATE)).unwrap();
    // At first there is no file behind them, then there is one.
    for _ in 0..2 {
        assert_booked(&shop.run(STATE, &bills));
        assert_eq!(shop.names(), ["bills.ndjson", "far.json", STATE].map(str::to_owned).into());
        assert_eq!(behind.names(), ["real.json".to_owned()].into());
        assert_eq!(fs::read_link(shop.path(STATE)).unwrap(), Path::new("far.json"));
        assert!(shop.state().contains("bills-2"));
    }
    symlink("circle.json", shop.path("circle.json")).unwrap();
    assert!(refusal(&shop.run("circle.json", &bills)).contains("the state cannot be written"));
}

/// Each is told before anything else is looked at: there are no transactions.
#[test]
fn what_no_state_can_take_the_place_of_is_refused_before_the_work() {
    let shop = Shop::new("refused");
    let nothing = Path::new("no-such-file.ndjson");
    fs::write(shop.path("plain"), "{}").unwrap();
    fs::hard_link(shop.path("plain"), shop.path("hard.json")).unwrap();
    fs::create_dir(shop.path("folder")).unwrap();
    assert!(Command::new("mkfifo").arg(shop.path("pipe")).status().unwrap().success());
    let _socket = std::os::unix::net::UnixListener::bind(shop.path("s")).unwrap();
    symlink("pipe", shop.path("to-pipe")).unwrap();
    let long = "n".repeat(250);
    let before = shop.names();
    for (state, why) in [
        ("hard.json", "this file has 2 names (hard links)"),
        ("folder", "this is a folder"),
        ("pipe", "this is a pipe, not a file"),
        ("to-pipe", "this is a pipe, not a file"),
        ("s", "this is a socket, not a file"),
        ("/dev/null", "this is a device, not a file"),
        ("plain/state.json", "what should be its folder is a file"),
        ("no-such-folder/state.json", "there is no such folder"),
        (&long, "its name is too long"),
    ] {
        let told = refusal(&shop.run(state, nothing));
        assert!(told.contains("the state cannot be written: ") && told.contains(why), "{state}: {told}");
        assert_eq!(shop.names(), before, "{state}");
    }
    assert_eq!(fs::read_to_string(shop.path("plain")).unwrap(), "{}");
    // The administrator may write everywhere.
    let folder = shop.path("folder");
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o555)).unwrap();
    if fs::write(folder.join("probe"), "").is_ok() {
        println!("skipped: this user may write in a folder that nobody may write in");
    } else {
        assert!(refusal(&shop.run("folder/state.json", nothing)).contains("there is no permission"));
    }
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o755)).unwrap();
}

#[test]
fn leftovers_of_this_state_are_cleared_and_nothing_else() {
    let shop = Shop::new("leftovers");
    let bills = shop.bills("bills", 3);
    let others = [".other.json.abcdefABCDEF.new", ".state.json.abc.new", ".state.json.abcdefABCDEF.old"];
    let folder = ".state.json.aaaaaaAAAAAA.new";
    for name in [".state.json.abcdefABCDEF.new", ".state.json.012345678901.new", "state.json.lock"] {
        fs::write(shop.path(name), "").unwrap();
    }
    others.iter().for_each(|name| fs::write(shop.path(name), "").unwrap());
    fs::create_dir(shop.path(folder)).unwrap();
    assert_booked(&shop.run(STATE, &bills));
    let mut left: BTreeSet<String> = ["bills.ndjson", STATE, folder].map(str::to_owned).into();
    left.extend(others.map(str::to_owned));
    assert_eq!(shop.names(), left);
}

/// Nothing beside the state is opened through a link, which somebody else may
/// have put in a shared folder.
#[test]
fn a_lock_that_is_a_link_is_refused() {
    let shop = Shop::new("lock-link");
    let bills = shop.bills("bills", 3);
    for victim in ["there", "missing"] {
        fs::write(shop.path("there"), "kept").unwrap();
        symlink(victim, shop.path("state.json.lock")).unwrap();
        let told = refusal(&shop.run(STATE, &bills));
        assert!(told.contains("`state.json.lock` beside it is no lock"), "{told}");
        fs::remove_file(shop.path("state.json.lock")).unwrap();
        assert_eq!(shop.names(), ["bills.ndjson", "there"].map(str::to_owned).into());
        assert_eq!(fs::read_to_string(shop.path("there")).unwrap(), "kept");
    }
}

/// A disk that is full, as a bound on the size of files.
#[test]
fn without_space_the_old_state_stays() {
    let shop = Shop::new("full");
    let (bills, many) = (shop.bills("bills", 3), shop.bills("many", 2_000));
    assert_booked(&shop.run(STATE, &bills));
    let before = shop.state();
    let bounded = shop.command(STATE, &many);
    let mut shell = Command::new("sh");
    shell.args(["-c", r#"trap "" XFSZ; ulimit -f 8; exec "$0" "$@""#]).arg(bounded.get_program());
    shell.args(bounded.get_args()).current_dir(bounded.get_current_dir().unwrap());
    let told = refusal(&shell.output().unwrap());
    assert!(told.contains("it stays as it was before these transactions"), "{told}");
    assert_eq!(shop.state(), before);
    assert_eq!(shop.names(), ["bills.ndjson", "many.ndjson", STATE].map(str::to_owned).into());
}
