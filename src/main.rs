//! `clickday`: exit status, nothing else.

use std::process::ExitCode;

fn main() -> ExitCode {
    clickday::cli::main()
}
