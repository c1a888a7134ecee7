-- How often the cache files were written: a commit that tells open readers to look at them again.
ALTER TABLE catalog ADD COLUMN files_written INTEGER NOT NULL DEFAULT 0;

-- AUTOINCREMENT never reuses a revision, not even one that was deleted. The triggers do not use INSERT OR REPLACE: the
-- conflict clause of the statement that fires them would override it.
CREATE TABLE changes (
    revision INTEGER PRIMARY KEY AUTOINCREMENT,
    track    INTEGER NOT NULL UNIQUE
) STRICT;

CREATE TRIGGER changes_track_deleted AFTER DELETE ON tracks BEGIN
    DELETE FROM changes WHERE track = old.row;
    INSERT INTO changes (track) VALUES (old.row);
END;
CREATE TRIGGER changes_file_inserted AFTER INSERT ON files BEGIN
    DELETE FROM changes WHERE track = new.track;
    INSERT INTO changes (track) VALUES (new.track);
END;
CREATE TRIGGER changes_file_updated AFTER UPDATE ON files BEGIN
    DELETE FROM changes WHERE track IN (old.track, new.track);
    INSERT INTO changes (track) VALUES (new.track);
    INSERT INTO changes (track) SELECT old.track WHERE old.track <> new.track;
END;
CREATE TRIGGER changes_file_deleted AFTER DELETE ON files BEGIN
    DELETE FROM changes WHERE track = old.track;
    INSERT INTO changes (track) VALUES (old.track);
END;
CREATE TRIGGER changes_recording_inserted AFTER INSERT ON recordings BEGIN
    DELETE FROM changes WHERE track = new.track;
    INSERT INTO changes (track) VALUES (new.track);
END;
CREATE TRIGGER changes_recording_updated AFTER UPDATE ON recordings BEGIN
    DELETE FROM changes WHERE track = new.track;
    INSERT INTO changes (track) VALUES (new.track);
END;
CREATE TRIGGER changes_recording_deleted AFTER DELETE ON recordings BEGIN
    DELETE FROM changes WHERE track IN (SELECT track FROM recordings WHERE recording = old.recording);
    INSERT INTO changes (track) SELECT track FROM recordings WHERE recording = old.recording;
END;
