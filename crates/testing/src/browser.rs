//! Chromium, for tests that look at pages.
//!
//! It is the one that `CHROMIUM` names, or one that is installed. Nothing of the
//! machine's own is touched, and nothing is fetched.

use std::fs::File;
use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

/// How long a page may take; it takes some seconds.
const LONGEST: Duration = Duration::from_secs(300);

/// A function for scripts that measure: the beginning of the first element of a
/// document that is wider than its window; empty where there is none. What is in a
/// region that scrolls by itself may be wider.
pub const FIRST_WIDER: &str = r#"
function firstWider(inner) {
  const seen = inner.documentElement.clientWidth;
  const scrolls = one => { for (let up = one.parentElement; up; up = up.parentElement) {
    if (["auto", "scroll", "hidden"].includes(inner.defaultView.getComputedStyle(up).overflowX)) return true; } };
  const wider = [...inner.body.querySelectorAll("*")].find(one =>
    one.getBoundingClientRect().right > seen + 0.5 && !scrolls(one));
  return wider ? wider.outerHTML.slice(0, 200).replace(/\s+/g, " ") : "";
}
"#;

/// Chromium, without a window.
#[derive(Debug)]
pub struct Browser(PathBuf);

impl Browser {
    /// The one there is. Where there is none, says at the terminal what is not
    /// looked at.
    pub fn find(what: &str) -> Option<Browser> {
        let named = std::env::var_os("CHROMIUM").map(PathBuf::from);
        let path = std::env::var_os("PATH").unwrap_or_default();
        let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
        let names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
        let installed = names.iter().flat_map(|name| folders.iter().map(move |folder| folder.join(name)));
        let found = named.into_iter().chain(installed).find(|path| path.is_file());
        if found.is_none() {
            crate::skipped(&format!(
                "{what} was not looked at in a browser: there is no Chromium; `CHROMIUM` can name one"
            ));
        }
        found.map(Browser)
    }

    /// Opens a page with some flags, and gives what Chromium prints of it.
    pub fn open(&self, flags: &[&str], page: &str) -> String {
        let folder = tempfile::tempdir().unwrap();
        let (told, odd) = (folder.path().join("told"), folder.path().join("odd"));
        let mut browser = Command::new(&self.0)
            .args([
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--no-first-run",
            ])
            .args(["--disable-extensions", "--disable-background-networking", "--virtual-time-budget=60000"])
            .arg(format!("--user-data-dir={}", folder.path().join("profile").display()))
            .args(flags)
            .arg(page)
            .stdout(File::create(&told).unwrap())
            .stderr(File::create(&odd).unwrap())
            .spawn()
            .unwrap();
        let started = Instant::now();
        while browser.try_wait().unwrap().is_none() {
            if started.elapsed() > LONGEST {
                browser.kill().unwrap();
                panic!("the browser does not end: {}", std::fs::read_to_string(&odd).unwrap_or_default());
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        std::fs::read_to_string(&told).unwrap()
    }

    /// Opens a page that measures, and gives the table that it writes: lines between
    /// `begin` and `end`, with tabs between their cells.
    pub fn table(&self, flags: &[&str], page: &str) -> Vec<Vec<String>> {
        let dom = self.open(&[&["--window-size=1400,1000", "--dump-dom"], flags].concat(), page);
        let lines = dom.split_once(">begin\n").and_then(|(_, rest)| rest.split_once("\nend"));
        let Some((lines, _)) = lines else { panic!("the page measured nothing: {dom}") };
        lines.lines().map(|line| line.split('\t').map(str::to_owned).collect()).collect()
    }
}
