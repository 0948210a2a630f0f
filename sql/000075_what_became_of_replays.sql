-- What became of a bad event that was replayed: stored, saved, duplicate or dropped; null while it waits, and of those that were replayed
-- before this was noted. A job that dies behind its commit counts by it what it has done.
alter table quarantine add column replayed_as text;
