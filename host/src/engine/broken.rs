//! Says what an adapter did when a call gave no answer.

use wasmtime::{Error, Trap};

use super::Limits;
use super::meter::Exhausted;

/// A sentence about what ended a call, and a line with what to do about it.
pub(super) fn reason(error: &Error, limits: &Limits) -> String {
    let (fact, hint) = parts(error, limits);
    format!("{fact}\nhint: {hint}")
}

/// Why a component can't even be entered. Its functions' types are compared with the contract's then; what is
/// neither a trap nor a limit is a difference between them.
pub(super) fn refusal(error: &Error, limits: &Limits) -> String {
    if error.downcast_ref::<Trap>().is_some() || error.downcast_ref::<Exhausted>().is_some() {
        return format!("it can't start: {}", reason(error, limits));
    }
    let difference = error.chain().map(ToString::to_string).collect::<Vec<_>>().join(": ");
    format!("it does not keep to the contract scout:adapter@1.0.0: {difference}\nhint: build it against the contract of this version")
}

fn parts(error: &Error, limits: &Limits) -> (String, &'static str) {
    if let Some(exhausted) = error.downcast_ref::<Exhausted>() {
        return match exhausted {
            Exhausted::Memory => (
                format!("it wanted more than {} of memory", size(limits.memory_bytes)),
                "read the answer piece by piece and keep less of it",
            ),
            Exhausted::Table => (
                format!("it wanted more than {} table entries", limits.table_entries),
                "tables hold functions; look for one that only grows",
            ),
        };
    }
    match error.downcast_ref::<Trap>() {
        Some(Trap::Interrupt) => {
            (format!("it computed for more than {} ms", limits.call_ms), "look for a loop that does not end on this input")
        }
        Some(Trap::OutOfFuel) => (
            format!("it computed more than {} units", limits.call_fuel.unwrap_or_default()),
            "look for work that grows faster than the answer",
        ),
        Some(Trap::StackOverflow) => {
            ("it called itself too deeply: its stack is full".into(), "bound the depth of what is read recursively")
        }
        Some(Trap::UnreachableCodeReached) => {
            ("it trapped: unreachable".into(), "in Rust that is a panic; run the adapter's own tests on the same answer to see its text")
        }
        Some(trap) => {
            (format!("it trapped: {}", plain(&trap.to_string())), "build it with debug assertions and run its tests on the same answer")
        }
        None => outside(&error.root_cause().to_string(), limits),
    }
}

/// Errors that arise where values cross the boundary; they carry no type, only a text.
fn outside(cause: &str, limits: &Limits) -> (String, &'static str) {
    if cause.contains("fuel allocated for hostcalls has been exhausted") {
        return (
            format!("it answered with more than {}", size(limits.answer_bytes)),
            "give back what the contract asks for and nothing else",
        );
    }
    (format!("it broke the contract: {}", plain(cause)), "export it through the author's kit, which keeps to the contract")
}

/// wasmtime's text without what every one of them begins with.
fn plain(text: &str) -> &str {
    text.strip_prefix("wasm trap: ").unwrap_or(text)
}

/// A number of bytes as people read it: whole MiB or KiB where it is whole, else one decimal.
pub fn size(bytes: usize) -> String {
    const KIB: usize = 1024;
    const MIB: usize = 1024 * KIB;
    match bytes {
        0..KIB => format!("{bytes} bytes"),
        _ if bytes.is_multiple_of(MIB) => format!("{} MiB", bytes / MIB),
        _ if bytes >= MIB => format!("{:.1} MiB", bytes as f64 / MIB as f64),
        _ if bytes.is_multiple_of(KIB) => format!("{} KiB", bytes / KIB),
        _ => format!("{:.1} KiB", bytes as f64 / KIB as f64),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_read_as_people_say_them() {
        let shown = [0, 1023, 1024, 1536, 65_536, 1 << 20, 3 << 19, 128 << 20].map(size);
        assert_eq!(shown, ["0 bytes", "1023 bytes", "1 KiB", "1.5 KiB", "64 KiB", "1 MiB", "1.5 MiB", "128 MiB"]);
    }
}
