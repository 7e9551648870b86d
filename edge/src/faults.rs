//! What goes wrong on purpose, for the tests of what becomes of it. Nothing does unless `SCOUT_FAULTS` names it,
//! separated by commas:
//!
//! | fault | what goes wrong |
//! |---|---|
//! | `routes` | routes below `/api/v2/_fault/` panic in the place they name, or put an object out of memory |
//! | `send-twice` | every message of a job is sent twice |
//! | `panic-task=N` | consumers panic whenever a message names the task N of any job |

use scout_pipeline::protocol::TaskId;

/// What goes wrong on purpose.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Faults {
    /// Whether there are routes that make things go wrong.
    pub(crate) routes: bool,
    /// Whether every message is sent twice.
    pub(crate) send_twice: bool,
    /// The task whose messages no consumer survives.
    pub(crate) panic_task: Option<TaskId>,
}

impl Faults {
    /// Reads a list of faults.
    ///
    /// # Errors
    /// One of them is unknown; the sentence says which there are.
    pub(crate) fn read(list: &str) -> Result<Faults, String> {
        let mut faults = Faults::default();
        for name in list.split(',').map(str::trim).filter(|name| !name.is_empty()) {
            match (name, name.strip_prefix("panic-task=").map(str::parse)) {
                ("routes", _) => faults.routes = true,
                ("send-twice", _) => faults.send_twice = true,
                (_, Some(Ok(task))) => faults.panic_task = Some(task),
                _ => return Err("SCOUT_FAULTS names an unknown fault; there are routes, send-twice and panic-task=N".to_owned()),
            }
        }
        Ok(faults)
    }

    /// Panics if it is this task's turn.
    #[allow(clippy::panic, reason = "the test that a panic costs one task and no job needs one")]
    pub(crate) fn panic_at(&self, task: TaskId) {
        if self.panic_task == Some(task) {
            panic!("on purpose, at a task");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_goes_wrong_unless_it_is_named() {
        for list in ["", " ", ",", " , "] {
            assert_eq!(Faults::read(list), Ok(Faults::default()));
        }
        Faults::default().panic_at(0);
    }

    #[test]
    fn faults_are_read_in_any_order_with_white_space_between_them() {
        let all = Faults { routes: true, send_twice: true, panic_task: Some(3) };
        assert_eq!(Faults::read(" panic-task=3, send-twice ,routes"), Ok(all));
    }

    #[test]
    fn an_unknown_fault_is_refused_with_those_there_are() {
        for list in ["route", "routes send-twice", "panic-task", "panic-task=", "panic-task=-1", "panic-task=x"] {
            assert!(Faults::read(list).unwrap_err().contains("there are routes, send-twice and panic-task=N"), "{list}");
        }
    }
}
