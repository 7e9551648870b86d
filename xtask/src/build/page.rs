//! The page: an npm workspace of its own that builds itself into `web/dist/`, which the Worker serves.

use anyhow::Result;

use super::freshness::{Stamp, of_sources};
use crate::npm;
use crate::progress::Progress;
use crate::workspace::{Workspace, run};

/// Builds the page when its sources changed.
pub(super) fn build(workspace: &Workspace, progress: Progress) -> Result<()> {
    npm::install(workspace, progress)?;
    let inputs = of_sources(&[workspace.path("web"), workspace.path("package-lock.json")])?;
    let stamp = Stamp::new(workspace.build().join("page.stamp"), inputs);
    if stamp.holds(&[workspace.path("web/dist/index.html")]) {
        return Ok(());
    }
    let mut npm = workspace.command("npm");
    npm.args(["run", "--silent", "build", "--workspace", "web"]);
    progress.step("the page", || run(&mut npm, "`npm run build -w web` shows it alone"))?;
    stamp.set()
}
