//! The page to try the service in a real browser, at the widths of a telephone
//! and of a desk, light and dark: nothing on it is wider than the window.
//!
//! Needs Chromium (`target_rules_testing::browser`).
//! `PAGE_PICTURES` names a folder for pictures of it.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    reason = "a test fails by panicking"
)]

use crate::harness;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;

use harness::Server;
use target_rules_testing::browser::{Browser, FIRST_WIDER};

const WIDTHS: [u32; 2] = [390, 1280];

/// Shows the page in a frame of each width, opens one of each kind of request and
/// the dialog of credentials, and writes down the first element that is wider.
const MEASURE: &str = r#"<!DOCTYPE html><html><body><pre id="told"></pre><script>WIDER
const widths = WIDTHS, told = [];
const pause = time => new Promise(done => setTimeout(done, time));
function wider(inner, when, width) {
  const seen = inner.documentElement.clientWidth, count = inner.body.querySelectorAll("*").length;
  told.push([when, width, seen, inner.documentElement.scrollWidth, count, firstWider(inner)].join("\t"));
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
        let page = MEASURE.replace("WIDTHS", &format!("{WIDTHS:?}")).replace("WIDER", FIRST_WIDER);
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

#[test]
fn nothing_on_the_page_is_wider_than_the_window() {
    let Some(browser) = Browser::find("the page of the server") else { return };
    let server = Server::start(&[]);
    let address = beside(&server.address);
    for scheme in ["light", "dark"] {
        let dark = if scheme == "dark" { "--force-dark-mode" } else { "--disable-features=none" };
        let lines = browser.table(&[dark], &format!("http://{address}/measure.html"));
        assert_eq!(lines.len(), WIDTHS.len() * 3, "{lines:#?}");
        for line in lines {
            let [when, width, seen, whole, elements, wider] = &line[..] else { panic!("{line:?}") };
            assert!(elements.parse::<usize>().unwrap() > 200, "{scheme} {line:?}: the page is empty");
            assert!(wider.is_empty() && seen == whole, "{scheme}, {when} at {width}: {wider} {line:?}");
        }
        if let Some(folder) = std::env::var_os("PAGE_PICTURES").map(PathBuf::from) {
            for width in WIDTHS {
                let picture = folder.join(format!("{scheme}-{width}.png"));
                let size = format!("--window-size={width},1600");
                let picture = format!("--screenshot={}", picture.display());
                browser.open(&[&size, &picture, dark], &format!("http://{address}/docs/"));
            }
        }
    }
}
