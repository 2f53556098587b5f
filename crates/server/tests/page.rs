//! The page to try the service in a real browser, at the widths of a telephone
//! and of a desk, light and dark: nothing on it is wider than the window.
//!
//! Needs Chromium: the one that `CHROMIUM` names, or one that is installed.
//! `PAGE_PICTURES` names a folder for pictures of it.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    reason = "a test fails by panicking"
)]

mod harness;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use harness::Server;

const WIDTHS: [u32; 2] = [390, 1280];

/// How long the browser may take; it takes some seconds.
const LONGEST: Duration = Duration::from_secs(300);

/// Shows the page in a frame of each width, opens one of each kind of request and
/// the dialog of credentials, and writes down the first element that is wider.
const MEASURE: &str = r#"<!DOCTYPE html><html><body><pre id="told"></pre><script>
const widths = WIDTHS, told = [];
const pause = time => new Promise(done => setTimeout(done, time));
function wider(inner, when, width) {
  const seen = inner.documentElement.clientWidth, all = [...inner.body.querySelectorAll("*")];
  const scrolls = one => { for (let up = one.parentElement; up; up = up.parentElement) {
    if (["auto", "scroll", "hidden"].includes(inner.defaultView.getComputedStyle(up).overflowX)) return true; } };
  const too = all.find(one => one.getBoundingClientRect().right > seen + 0.5 && !scrolls(one));
  const what = too ? too.outerHTML.slice(0, 200).replace(/\s+/g, " ") : "";
  told.push([when, width, seen, inner.documentElement.scrollWidth, all.length, what].join("\t"));
}
async function look(width) {
  const frame = document.createElement("iframe");
  frame.style.cssText = `width:${width}px;height:900px;border:0`;
  frame.src = "/docs/";
  document.body.append(frame);
  for (let tries = 0; tries < 400; tries++) {
    await pause(50);
    if (frame.contentDocument?.querySelectorAll(".opblock").length > 20) break;
  }
  const inner = frame.contentDocument;
  wider(inner, "closed", width);
  for (const id of ["get_enrolled_targets", "post_book_many", "post_enrol_many", "put_change_group"]) {
    const one = inner.querySelector(`[id$="${id.slice(id.indexOf("_") + 1)}"] .opblock-summary-control`);
    if (!one) { told.push([id, width, 0, 0, 0, "is not there"].join("\t")); continue; }
    one.click();
    await pause(300);
  }
  wider(inner, "open", width);
  inner.querySelector(".btn.authorize").click();
  await pause(300);
  wider(inner, "dialog", width);
  frame.remove();
}
(async () => {
  for (const width of widths) await look(width);
  document.getElementById("told").textContent = "begin\n" + told.join("\n") + "\nend";
})();
</script></body></html>"#;

fn chromium() -> Option<PathBuf> {
    let named = std::env::var_os("CHROMIUM").map(PathBuf::from);
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    let names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
    let installed = names.iter().flat_map(|name| folders.iter().map(move |folder| folder.join(name)));
    named.into_iter().chain(installed).find(|path| path.is_file())
}

/// Passes connections on to the server, but for the page that measures: so both
/// are of one origin, and the one may look at the other.
fn beside(server: &str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let (address, server) = (listener.local_addr().unwrap().to_string(), server.to_owned());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let server = server.clone();
            std::thread::spawn(move || pass_on(stream.unwrap(), &server));
        }
    });
    address
}

fn pass_on(mut stream: TcpStream, server: &str) {
    let mut lines = Vec::new();
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).unwrap_or(0) == 0 || line == "\r\n" {
            break;
        }
        lines.push(line);
    }
    let Some(first) = lines.first() else { return };
    if first.starts_with("GET /measure.html") {
        let page = MEASURE.replace("WIDTHS", &format!("{WIDTHS:?}"));
        let head = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\nContent-Length:";
        let _ = write!(stream, "{head} {}\r\n\r\n{page}", page.len());
        return;
    }
    let mut behind = TcpStream::connect(server).unwrap();
    let _ = write!(behind, "{first}Host: x\r\nConnection: close\r\n\r\n");
    let mut answer = Vec::new();
    let _ = behind.read_to_end(&mut answer);
    let _ = stream.write_all(&answer);
}

/// What the browser prints of a page.
fn browse(chromium: &PathBuf, arguments: &[String]) -> String {
    let profile = tempfile::tempdir().unwrap();
    let mut browser = Command::new(chromium)
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run"])
        .args(["--disable-extensions", "--disable-background-networking", "--virtual-time-budget=60000"])
        .arg(format!("--user-data-dir={}", profile.path().display()))
        .args(arguments)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut output = browser.stdout.take().unwrap();
    let reads = std::thread::spawn(move || {
        let mut text = String::new();
        output.read_to_string(&mut text).unwrap();
        text
    });
    let started = Instant::now();
    while browser.try_wait().unwrap().is_none() {
        if started.elapsed() > LONGEST {
            browser.kill().unwrap();
            panic!("the browser does not end");
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    reads.join().unwrap()
}

#[test]
fn nothing_on_the_page_is_wider_than_the_window() {
    let Some(chromium) = chromium() else {
        eprintln!("\n!! there is no Chromium: THE PAGE OF THE SERVER IS NOT LOOKED AT\n");
        return;
    };
    let server = Server::start(&[]);
    let address = beside(&server.address);
    for scheme in ["light", "dark"] {
        let dark = if scheme == "dark" { "--force-dark-mode" } else { "--disable-features=none" };
        let arguments = ["--window-size=1400,1000", "--dump-dom", dark].map(str::to_owned);
        let told = browse(&chromium, &[&arguments[..], &[format!("http://{address}/measure.html")]].concat());
        let lines = told.split_once("begin\n").and_then(|(_, rest)| rest.split_once("\nend"));
        let lines: Vec<&str> = lines.unwrap_or_else(|| panic!("{told}")).0.lines().collect();
        assert_eq!(lines.len(), WIDTHS.len() * 3, "{lines:#?}");
        for line in lines {
            let fields: Vec<&str> = line.split('\t').collect();
            let [when, width, seen, whole, elements, wider] = fields[..] else { panic!("{line}") };
            assert!(elements.parse::<usize>().unwrap() > 200, "{scheme} {line}: the page is empty");
            assert!(wider.is_empty() && seen == whole, "{scheme}, {when} at {width}: {wider} {line}");
        }
        if let Some(folder) = std::env::var_os("PAGE_PICTURES").map(PathBuf::from) {
            for width in WIDTHS {
                let picture = folder.join(format!("{scheme}-{width}.png"));
                let arguments =
                    [format!("--window-size={width},1600"), format!("--screenshot={}", picture.display())];
                let page = format!("http://{address}/docs/");
                browse(&chromium, &[&arguments[..], &[dark.to_owned(), page]].concat());
            }
        }
    }
}
