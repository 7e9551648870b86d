//! A job's rows as they are stored, read from outside: what laws are checked against, instead of what a job says of
//! itself.

use std::collections::{BTreeMap, BTreeSet};

use scout_pipeline::job::{Dispatch, Found, Notice, ProfileState, Progress, Row, State, Table, Task};
use scout_pipeline::protocol::TaskId;
use serde::de::DeserializeOwned;

/// The stored rows of one job, and what they say.
#[derive(Debug, Clone, Default)]
pub struct Stored {
    /// The rows as text.
    pub rows: BTreeMap<(Table, u32), String>,
    /// What was asked for; `None` before the job exists.
    pub dispatch: Option<Dispatch>,
    /// How it stands.
    pub progress: Progress,
    /// Its tasks.
    pub tasks: Vec<Task>,
    /// Its creators, each with what became of the profile.
    pub creators: Vec<Found>,
    /// Who is among them.
    pub identities: BTreeSet<String>,
    /// What watchers were told.
    pub notices: Vec<Notice>,
    /// Profile rows so far.
    profile_rows: u32,
}

/// What one transaction changed.
#[derive(Debug, Clone, Default)]
pub struct Changed {
    /// How it stood before, if that changed.
    pub progress: Option<Progress>,
    /// Tasks that changed, with their state before; `None` for new ones.
    pub tasks: Vec<(TaskId, Option<Task>)>,
    /// The number of creators before.
    pub creators_before: usize,
    /// Profiles that changed: the creator's number and the state before.
    pub profiles: Vec<(u32, ProfileState)>,
    /// The number of notices before.
    pub notices_before: usize,
    /// What is wrong with the rows themselves.
    pub wrong: Option<String>,
}

impl Stored {
    /// Whether the job exists.
    #[must_use]
    pub fn exists(&self) -> bool {
        self.dispatch.is_some()
    }

    /// The rows as a job is put together from them.
    pub fn all_rows(&self) -> impl Iterator<Item = Row> + '_ {
        self.rows.iter().map(|((table, key), value)| Row { table: *table, key: *key, value: value.clone() })
    }

    /// A task's state.
    #[must_use]
    pub fn state(&self, task: TaskId) -> Option<&State> {
        self.tasks.get(task as usize).map(|task| &task.state)
    }

    /// Stores a transaction.
    pub fn take(&mut self, rows: &[Row]) -> Changed {
        let mut changed = Changed { creators_before: self.creators.len(), notices_before: self.notices.len(), ..Changed::default() };
        let mut sorted: Vec<&Row> = rows.iter().collect();
        sorted.sort_by_key(|row| (row.table, row.key));
        for row in sorted {
            if let Err(wrong) = self.take_row(row, &mut changed) {
                changed.wrong = changed.wrong.or(Some(format!("row {} {}: {wrong}", row.table.name(), row.key)));
            }
            self.rows.insert((row.table, row.key), row.value.clone());
        }
        changed
    }

    fn take_row(&mut self, row: &Row, changed: &mut Changed) -> Result<(), String> {
        let known = self.rows.contains_key(&(row.table, row.key));
        match row.table {
            Table::Request if known => return Err("a request is written twice".into()),
            Table::Request => self.dispatch = Some(read(row)?),
            Table::Progress => changed.progress = Some(std::mem::replace(&mut self.progress, read(row)?)),
            Table::Task => self.take_task(row, changed)?,
            Table::Creators => self.take_creators(row, known)?,
            Table::Profiles => self.take_profiles(row, known, changed)?,
            Table::Notices if row.key as usize != self.notices.len() => return Err("it does not follow on the notices before".into()),
            Table::Notices => self.notices.extend(read::<Vec<Notice>>(row)?),
        }
        Ok(())
    }

    fn take_task(&mut self, row: &Row, changed: &mut Changed) -> Result<(), String> {
        let task: Task = read(row)?;
        if task.id != row.key {
            return Err(format!("it holds task {}", task.id));
        }
        let next = self.tasks.len();
        let before = match self.tasks.get_mut(row.key as usize) {
            Some(known) => Some(std::mem::replace(known, task)),
            None if row.key as usize == next => {
                self.tasks.push(task);
                None
            }
            None => return Err("one before it is missing".into()),
        };
        changed.tasks.push((row.key, before));
        Ok(())
    }

    fn take_creators(&mut self, row: &Row, known: bool) -> Result<(), String> {
        if known || row.key as usize != self.creators.len() {
            return Err(format!("it does not follow on the {} creators before", self.creators.len()));
        }
        for found in read::<Vec<Found>>(row)? {
            if !self.identities.insert(found.creator.identity.clone()) {
                return Err(format!("{} is there already", found.creator.identity));
            }
            self.creators.push(found);
        }
        Ok(())
    }

    fn take_profiles(&mut self, row: &Row, known: bool, changed: &mut Changed) -> Result<(), String> {
        if known || row.key != self.profile_rows {
            return Err(format!("it does not follow on the {} rows before", self.profile_rows));
        }
        self.profile_rows += 1;
        for (seq, state) in read::<BTreeMap<u32, ProfileState>>(row)? {
            let found = self.creators.get_mut(seq as usize).ok_or("it is about nobody")?;
            changed.profiles.push((seq, std::mem::replace(&mut found.profile, state)));
        }
        Ok(())
    }
}

fn read<T: DeserializeOwned>(row: &Row) -> Result<T, String> {
    serde_json::from_str(&row.value).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn notices(key: u32) -> Row {
        Row { table: Table::Notices, key, value: r#"[{"seq":0,"at":1,"what":{"kind":"keyword","task":0}}]"#.into() }
    }

    #[test]
    fn a_gap_between_rows_is_noticed() {
        assert_eq!(Stored::default().take(&[notices(0)]).wrong, None);
        assert!(Stored::default().take(&[notices(1)]).wrong.is_some());
    }

    #[test]
    fn a_row_that_can_not_be_read_is_named() {
        let row = Row { table: Table::Progress, key: 0, value: "{".into() };
        assert!(Stored::default().take(&[row]).wrong.unwrap().starts_with("row progress 0"));
    }
}
