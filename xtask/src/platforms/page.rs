//! The page: prose that people write around tables that this program writes.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail};

use crate::workspace::{Workspace, write};

/// Where the page stands.
const PATH: &str = "adapters/README.md";

/// The end of a table.
const END: &str = "<!-- end -->";

/// What to do when it is not as it should be.
const HINT: &str = "hint: cargo xtask platforms --write";

/// A table of the page; its comments there begin with its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Part {
    /// What each platform needs.
    Needs,
    /// What each platform gives.
    Gives,
    /// How many recordings were read.
    Read,
    /// Which fields were known in them.
    Known,
    /// What 1 000 creators cost.
    Costs,
}

impl Part {
    const ALL: [Part; 5] = [Part::Needs, Part::Gives, Part::Read, Part::Known, Part::Costs];

    fn begin(self) -> String {
        format!("<!-- {self:?}, written by `cargo xtask platforms --write` -->").to_lowercase()
    }
}

/// The page as it stands, and the tables as they should be.
#[derive(Debug)]
pub(super) struct Page {
    content: String,
    tables: BTreeMap<Part, String>,
}

impl Page {
    pub(super) fn read(workspace: &Workspace) -> Result<Page> {
        let content = std::fs::read_to_string(workspace.path(PATH)).with_context(|| format!("{PATH} can't be read"))?;
        Ok(Page { content, tables: BTreeMap::new() })
    }

    /// Says how a table should be.
    pub(super) fn put(&mut self, part: Part, table: &str) -> Result<()> {
        self.bounds(part)?;
        self.tables.insert(part, format!("\n{}\n\n", table.trim_end()));
        Ok(())
    }

    /// Fails when a table is not as it should be.
    pub(super) fn check(&self) -> Result<()> {
        for (part, table) in &self.tables {
            if self.now(*part)? != table {
                bail!("{PATH}: the table `{}` is not up to date\n{HINT}", format!("{part:?}").to_lowercase());
            }
        }
        Ok(())
    }

    /// Fails when a platform has no row in one of the tables.
    pub(super) fn check_rows(&self, platform: &str) -> Result<()> {
        let row = format!("| {} |", linked(platform));
        for part in Part::ALL {
            if !self.now(part)?.contains(&row) {
                bail!("{PATH}: the table `{}` says nothing of {platform}\n{HINT}", format!("{part:?}").to_lowercase());
            }
        }
        Ok(())
    }

    /// Writes the page with its tables as they should be.
    pub(super) fn write(&self, workspace: &Workspace) -> Result<()> {
        write(&workspace.path(PATH), self.written()?.as_bytes()).map(drop)
    }

    fn written(&self) -> Result<String> {
        let mut page = Page { content: self.content.clone(), tables: BTreeMap::new() };
        for (part, table) in &self.tables {
            let (begin, end) = page.bounds(*part)?;
            page.content.replace_range(begin..end, table);
        }
        Ok(page.content)
    }

    fn now(&self, part: Part) -> Result<&str> {
        let (begin, end) = self.bounds(part)?;
        Ok(&self.content[begin..end])
    }

    /// Where a table stands between its comments.
    fn bounds(&self, part: Part) -> Result<(usize, usize)> {
        let mark = format!("{}\n", part.begin());
        let begin = self.content.find(&mark).map(|place| place + mark.len());
        let end = begin.and_then(|begin| self.content[begin..].find(END).map(|place| begin + place));
        match (begin, end) {
            (Some(begin), Some(end)) => Ok((begin, end)),
            _ => bail!("{PATH} has no place for a table\nhint: it stands between the lines `{}` and `{END}`", part.begin()),
        }
    }
}

/// A platform's name with the way to what its folder says.
pub(super) fn linked(platform: &str) -> String {
    format!("[{platform}]({platform}/)")
}

/// A table as Markdown has it.
#[derive(Debug)]
pub(super) struct Table(String);

impl Table {
    pub(super) fn new(heads: &[&str]) -> Table {
        Table(format!("| {} |\n|{}\n", heads.join(" | "), "---|".repeat(heads.len())))
    }

    pub(super) fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        let cells: Vec<_> = cells.into_iter().collect();
        self.0.push_str(&format!("| {} |\n", cells.join(" | ")));
    }

    pub(super) fn text(self) -> String {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(table: &str) -> Page {
        let parts = Part::ALL.map(|part| format!("{}\n\n{table}\n\n{END}\n", part.begin()));
        Page { content: format!("# Title\n{}after\n", parts.concat()), tables: BTreeMap::new() }
    }

    #[test]
    fn a_page_with_the_same_tables_is_up_to_date() {
        let mut page = page("| x |");
        page.put(Part::Costs, "| x |\n").expect("it has a place");
        assert!(page.check().is_ok());
    }

    #[test]
    fn a_table_that_differs_is_named_and_written_while_everything_else_stays() {
        let mut page = page("| x |");
        page.put(Part::Read, "| y |\n").expect("it has a place");
        let error = page.check().expect_err("it differs").to_string();
        assert!(error.contains("the table `read` is not up to date\nhint: cargo xtask platforms --write"), "{error}");
        let written = page.written().expect("it has a place");
        assert_eq!((written.matches("| x |").count(), written.matches("| y |").count()), (4, 1));
        assert!(written.starts_with("# Title\n") && written.ends_with("after\n"));
    }

    #[test]
    fn a_page_without_the_comments_says_which_it_lacks() {
        let mut page = Page { content: "# Title\n".to_owned(), tables: BTreeMap::new() };
        let error = page.put(Part::Needs, "| x |").expect_err("there is no place").to_string();
        assert!(error.contains("<!-- needs, written by"), "{error}");
    }

    #[test]
    fn a_platform_has_to_stand_in_every_table() {
        let page = page("| [one](one/) | 1 |");
        assert!(page.check_rows("one").is_ok());
        assert!(page.check_rows("two").expect_err("it does not").to_string().contains("says nothing of two"));
    }
}
