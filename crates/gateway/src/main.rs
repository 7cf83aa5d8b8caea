//! The program `luhuan`.

use std::process::ExitCode;

fn main() -> ExitCode {
    luhuan_gateway::command::run()
}
