//! Creators as they are printed: for people, for programs and for spreadsheets.

use std::io::{self, ErrorKind, Write};
use std::path::Path;

use clap::ValueEnum;
use comfy_table::{CellAlignment, ContentArrangement, Table, presets};
use scout_pipeline::job::Job;
use scout_pipeline::record::Record;
use scout_pipeline::sheet;

use crate::failure::Failure;

/// How creators are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// A table for people.
    Table,
    /// One JSON object a line, one line a creator.
    Ndjson,
    /// Comma-separated values (RFC 4180) with a header; no cell can be taken for a formula.
    Csv,
    /// One JSON object with the job and all its creators.
    Json,
}

/// Prints a job's creators to a file, or to standard output.
///
/// # Errors
/// When it can't be written. A reader of standard output who has seen enough is no failure. A file is
/// replaced only once all of it is written.
pub(super) fn print(job: &Job, format: Format, to: Option<&Path>) -> Result<(), Failure> {
    let Some(file) = to else {
        return match write(job, format, &mut io::BufWriter::new(io::stdout().lock())) {
            Err(error) if error.kind() != ErrorKind::BrokenPipe => {
                Err(Failure::error(format_args!("standard output can't be written to: {}", error.kind())))
            }
            _ => Ok(()),
        };
    };
    let beside = file.with_extension("part");
    let written = std::fs::File::create(&beside)
        .and_then(|part| {
            let mut out = io::BufWriter::new(part);
            write(job, format, &mut out)?;
            out.into_inner()?.sync_all()
        })
        .and_then(|()| std::fs::rename(&beside, file));
    written.map_err(|error| {
        // What was written of it is of no use to anybody.
        let _ = std::fs::remove_file(&beside);
        Failure::error(format_args!("{} can't be written: {}", file.display(), error.kind()))
            .hint(format_args!("the search is kept: scout resume {} --output FILE", job.id()))
    })
}

/// Whether a file could be written, asked before a search that would be of no use without it.
///
/// # Errors
/// When its folder is not there.
pub(super) fn check(file: &Path) -> Result<(), Failure> {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    match (folder.is_dir(), file.is_dir()) {
        (true, false) => Ok(()),
        (false, _) => Err(Failure::input(format_args!("the folder {} of --output is not there", folder.display())).hint("make it first")),
        (true, true) => Err(Failure::input(format_args!("{} of --output is a folder", file.display())).hint("name a file in it")),
    }
}

fn write(job: &Job, format: Format, out: &mut impl Write) -> io::Result<()> {
    let records = (0..).map_while(|seq| job.record(seq));
    match format {
        Format::Table => writeln!(out, "{}", table(records))?,
        Format::Ndjson => {
            for record in records {
                serde_json::to_writer(&mut *out, &record)?;
                out.write_all(b"\n")?;
            }
        }
        Format::Csv => csv(records, out)?,
        Format::Json => {
            let at = job.progress().finished_at.unwrap_or_default();
            serde_json::to_writer_pretty(&mut *out, &job.status_view(0, u32::MAX, at))?;
            out.write_all(b"\n")?;
        }
    }
    out.flush()
}

fn csv(records: impl Iterator<Item = Record>, out: &mut impl Write) -> io::Result<()> {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(out);
    writer.write_record(sheet::COLUMNS)?;
    for record in records {
        writer.write_record(sheet::cells(&record))?;
    }
    writer.flush()
}

fn table(records: impl Iterator<Item = Record>) -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
    table.set_header(["creator", "name", "followers", "e-mail", "keyword", "profile"]);
    if let Some(column) = table.column_mut(2) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    for record in records {
        let creator = &record.creator;
        let profile = record.enrichment.reason.as_ref().unwrap_or(&record.enrichment.outcome);
        table.add_row([
            printable(&creator.username),
            printable(creator.name.as_deref().unwrap_or_default()),
            creator.followers.map(grouped).unwrap_or_default(),
            printable(&creator.emails.join(" ")),
            printable(&record.keyword),
            printable(profile),
        ]);
    }
    table
}

/// Text without anything that could steer a terminal: it comes from strangers.
pub(super) fn printable(text: &str) -> String {
    text.chars().map(|character| if character.is_control() { ' ' } else { character }).collect()
}

/// A number with its thousands apart.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            grouped.push(' ');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_stand_apart() {
        assert_eq!(["1", "1 000", "12 345 678"], [1, 1_000, 12_345_678].map(grouped)[..]);
    }

    #[test]
    fn a_name_can_not_steer_the_terminal() {
        assert_eq!(printable("a\u{1b}[31mb\nc"), "a [31mb c");
    }
}
