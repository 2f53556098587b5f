//! Starts the binary on a free port, and asks it by plain HTTP.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test fails by panicking"
)]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;

use data_encoding::BASE64;
use serde_json::Value;
use tempfile::TempDir;

pub(crate) fn binary() -> Command {
    // Another build of it may be named.
    let built = std::env::var("SERVER_BINARY");
    let built = built.as_deref().unwrap_or(env!("CARGO_BIN_EXE_target-rules-server"));
    let mut command = Command::new(built);
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("TARGET_RULES_")) {
        command.env_remove(name);
    }
    command
}

/// A server that runs, with a user for each role in the organisation `shop`, and
/// one in `other`.
pub(crate) struct Server {
    child: Child,
    pub(crate) address: String,
    pub(crate) folder: TempDir,
    /// Name and password, with a colon between.
    pub(crate) reader: String,
    pub(crate) writer: String,
    pub(crate) admin: String,
    pub(crate) stranger: String,
    logs: Option<std::thread::JoinHandle<String>>,
}

pub(crate) struct Answer {
    pub(crate) status: u16,
    headers: Vec<(String, String)>,
    pub(crate) text: String,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The envelope.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("{} {}", self.status, self.text))
    }

    /// What was asked for; the request is not refused.
    pub(crate) fn data(&self) -> Value {
        let mut value = self.json();
        let is_given = (200..300).contains(&self.status) && value["errors"].is_null();
        assert!(is_given, "{} {}", self.status, self.text);
        value["data"].take()
    }

    /// The codes of its faults; it gives nothing.
    pub(crate) fn codes(&self) -> Vec<i64> {
        let value = self.json();
        assert!(value["data"].is_null() && value["warnings"].is_null(), "{}", self.text);
        value["errors"].as_array().unwrap().iter().map(|fault| fault["code"].as_i64().unwrap()).collect()
    }
}

fn add_user(folder: &TempDir, name: &str, organisation: &str, role: &str) -> String {
    let output = binary()
        .args(["user", "add", "--data", folder.path().to_str().unwrap(), name])
        .args(["--organisation", organisation, "--role", role])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    format!("{name}:{}", text.split_once("password: ").unwrap().1.trim())
}

impl Server {
    pub(crate) fn start(arguments: &[&str]) -> Server {
        let folder = tempfile::tempdir().unwrap();
        let user = |name, organisation, role| add_user(&folder, name, organisation, role);
        let (reader, writer) = (user("reader", "shop", "read"), user("writer", "shop", "write"));
        let (admin, stranger) = (user("admin", "shop", "admin"), user("stranger", "other", "admin"));
        let (child, address, logs) = spawn(&folder, arguments);
        Server { child, address, folder, reader, writer, admin, stranger, logs: Some(logs) }
    }

    /// Ends the server by force, and starts it again on the same data.
    pub(crate) fn kill_and_restart(&mut self, arguments: &[&str]) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        let (child, address, logs) = spawn(&self.folder, arguments);
        (self.child, self.address, self.logs) = (child, address, Some(logs));
    }

    pub(crate) fn as_user(&self, name_and_password: &str) -> String {
        format!("Basic {}", BASE64.encode(name_and_password.as_bytes()))
    }

    pub(crate) fn connect(&self) -> TcpStream {
        TcpStream::connect(&self.address).unwrap()
    }

    pub(crate) fn get(&self, path: &str) -> Answer {
        self.send("GET", path, None, &[], b"")
    }

    /// A request of the user of a role, with a JSON body where there is one.
    pub(crate) fn ask(&self, user: &str, method: &str, path: &str, body: &str) -> Answer {
        self.send(
            method,
            path,
            Some(&self.as_user(user)),
            &[("Content-Type", "application/json")],
            body.as_bytes(),
        )
    }

    pub(crate) fn send(
        &self,
        method: &str,
        path: &str,
        authorization: Option<&str>,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Answer {
        let mut request = format!("{method} {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n");
        if let Some(authorization) = authorization {
            request.push_str(&format!("Authorization: {authorization}\r\n"));
        }
        for (name, value) in headers {
            request.push_str(&format!("{name}: {value}\r\n"));
        }
        request.push_str(&format!("Content-Length: {}\r\n\r\n", body.len()));
        let mut stream = self.connect();
        stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        // A server that refuses a body may close before it is all sent.
        let _ = stream.write_all(body);
        let mut text = Vec::new();
        let _ = stream.read_to_end(&mut text);
        answer(&String::from_utf8(text).unwrap())
    }

    /// Kills the server after a while, from another thread.
    pub(crate) fn killer_after(&self, pause: Duration) -> std::thread::JoinHandle<()> {
        let id = self.child.id().to_string();
        std::thread::spawn(move || {
            std::thread::sleep(pause);
            assert!(Command::new("kill").args(["-KILL", &id]).status().unwrap().success());
        })
    }

    /// How much memory the server has taken at most since its start, in bytes.
    pub(crate) fn most_memory(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
        line.split_whitespace().next().unwrap().parse::<u64>().unwrap() * 1024
    }

    /// Has the server take its users anew.
    pub(crate) fn hang_up(&self) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-HUP", &id]).status().unwrap().success());
    }

    pub(crate) fn terminate(&mut self) -> ExitStatus {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
        self.child.wait().unwrap()
    }

    /// What was logged, once the server has ended.
    pub(crate) fn logs(&mut self) -> String {
        self.logs.take().unwrap().join().unwrap()
    }
}

/// Sends lines of JSON; the status of the answer, or nothing where none came.
pub(crate) fn try_send(address: &str, authorization: &str, path: &str, lines: &str) -> Option<u16> {
    try_send_as("application/x-ndjson", address, authorization, path, lines)
}

/// The same for a body of another content type.
pub(crate) fn try_send_as(
    content_type: &str,
    address: &str,
    authorization: &str,
    path: &str,
    body: &str,
) -> Option<u16> {
    let mut stream = TcpStream::connect(address).ok()?;
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: {authorization}\r\n\
         Content-Type: {content_type}\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).ok()?;
    stream.write_all(body.as_bytes()).ok()?;
    let mut text = String::new();
    stream.read_to_string(&mut text).ok()?;
    text.split(' ').nth(1)?.parse().ok()
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn spawn(folder: &TempDir, arguments: &[&str]) -> (Child, String, std::thread::JoinHandle<String>) {
    let mut child = binary()
        .args(["--data", folder.path().to_str().unwrap(), "--listen", "127.0.0.1:0"])
        .args(arguments)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    let mut output = BufReader::new(child.stdout.take().unwrap());
    output.read_line(&mut line).unwrap();
    let mut errors = child.stderr.take().unwrap();
    let logs = std::thread::spawn(move || {
        let mut text = String::new();
        let _ = errors.read_to_string(&mut text);
        text
    });
    let Some((_, address)) = line.trim().split_once("://") else {
        panic!("the server does not start: {line}{}", logs.join().unwrap());
    };
    (child, address.to_owned(), logs)
}

fn answer(text: &str) -> Answer {
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or_else(|| panic!("no answer: {text:?}"));
    let mut lines = head.lines();
    let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
    let pair = |line: &str| {
        let (name, value) = line.split_once(": ").unwrap();
        (name.to_ascii_lowercase(), value.to_owned())
    };
    let headers: Vec<(String, String)> = lines.map(pair).collect();
    let chunked = headers.iter().any(|(name, value)| name == "transfer-encoding" && value == "chunked");
    Answer { status, headers, text: if chunked { dechunked(body) } else { body.to_owned() } }
}

fn dechunked(mut body: &str) -> String {
    let mut text = String::new();
    while let Some((size, rest)) = body.split_once("\r\n") {
        let size = usize::from_str_radix(size, 16).unwrap();
        if size == 0 {
            break;
        }
        text.push_str(&rest[..size]);
        body = &rest[size + 2..];
    }
    text
}
