//! The binary `target-rules-server`.

use std::process::ExitCode;

fn main() -> ExitCode {
    target_rules_server::run()
}
