//! What recordings were read as, written down, so that the built component can be asked the same on every runtime.

use std::fs::File;
use std::io::Write as _;
use std::path::Path;

use serde_json::{Value, json};

use crate::contract::{CreatorRef, Query};

/// The variable that names the folder for what was read; nothing is written without it.
const FOLDER: &str = "SCOUT_READINGS";

/// A file of calls, a line of JSON each: adapter, function, what is handed over, and where the answer stands.
pub(super) struct Readings {
    platform: String,
    recordings: String,
    file: Option<File>,
}

/// The answer that a call is about.
#[derive(Debug, Clone, Copy)]
pub(super) struct Recorded<'a> {
    /// The recording's name.
    pub(super) name: &'a str,
    /// The status that it is read with.
    pub(super) status: u16,
    /// Whether it is an answer to this function, so that its rows count.
    pub(super) counts: bool,
}

impl Readings {
    /// Begins the file of a platform, `<platform>.jsonl` in the folder that the environment names.
    pub(super) fn of(platform: &str, recordings: &str) -> Readings {
        Readings::in_folder(std::env::var_os(FOLDER).as_deref().map(Path::new), platform, recordings)
    }

    fn in_folder(folder: Option<&Path>, platform: &str, recordings: &str) -> Readings {
        let open = |folder: &Path| File::create(folder.join(format!("{platform}.jsonl"))).expect("SCOUT_READINGS names a folder");
        Readings { platform: platform.to_owned(), recordings: recordings.to_owned(), file: folder.map(open) }
    }

    /// A search's answer was read.
    pub(super) fn search(&mut self, query: &Query, recorded: Recorded<'_>) {
        let query = json!({ "keyword": query.keyword, "settings": query.settings, "extra": query.extra });
        self.note("readSearch", &json!([query, null]), recorded);
    }

    /// An answer about these creators was read.
    pub(super) fn profiles(&mut self, creators: &[CreatorRef], recorded: Recorded<'_>) {
        let creator = |creator: &CreatorRef| json!({ "identity": creator.identity, "username": creator.username, "ids": creator.ids });
        let creators: Vec<Value> = creators.iter().map(creator).collect();
        self.note("readProfiles", &json!([creators]), recorded);
    }

    fn note(&mut self, function: &str, given: &Value, recorded: Recorded<'_>) {
        let Some(file) = &mut self.file else { return };
        let path = format!("../shared/samples/{}/{}", self.recordings, recorded.name);
        let response = json!({ "status": recorded.status, "file": path });
        let call =
            json!({ "adapter": self.platform, "function": function, "given": given, "response": response, "counts": recorded.counts });
        writeln!(file, "{call}").expect("the folder of readings takes more");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{query, typed};

    #[test]
    fn a_call_is_a_line_with_all_that_is_handed_over() {
        let folder = std::env::temp_dir().join(format!("scout-readings-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder");
        let mut readings = Readings::in_folder(Some(&folder), "directory", "entries");
        readings.search(&query("yoga"), Recorded { name: "page.json", status: 200, counts: true });
        readings.profiles(&[typed("ana")], Recorded { name: "error.json", status: 404, counts: false });
        let written = std::fs::read_to_string(folder.join("directory.jsonl")).expect("it was written");
        std::fs::remove_dir_all(&folder).expect("it was there");
        let calls: Vec<Value> = written.lines().map(|line| serde_json::from_str(line).expect("it is JSON")).collect();
        assert_eq!(calls.len(), 2);
        assert_eq!(calls[0]["given"], json!([{ "keyword": "yoga", "settings": [], "extra": [] }, null]));
        assert_eq!(calls[0]["response"], json!({ "status": 200, "file": "../shared/samples/entries/page.json" }));
        assert_eq!(calls[1]["given"], json!([[{ "identity": "ana", "username": "ana", "ids": [] }]]));
        assert_eq!((&calls[1]["function"], &calls[1]["counts"]), (&json!("readProfiles"), &json!(false)));
    }

    #[test]
    fn without_a_folder_nothing_is_written() {
        let mut readings = Readings::in_folder(None, "directory", "entries");
        readings.search(&query("yoga"), Recorded { name: "page.json", status: 200, counts: true });
        assert!(readings.file.is_none());
    }
}
