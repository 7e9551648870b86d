//! How a command prints.

use std::io::{ErrorKind, Write as _};

use crate::failure::Failure;

/// Writes to standard output. A reader who has seen enough and closed the pipe is no failure.
///
/// # Errors
/// When standard output can't be written to for another reason, such as a full disk.
pub fn print(text: &str) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(Failure::error(format_args!("standard output can't be written to: {}", error.kind())))
        }
        _ => Ok(()),
    }
}
